//! 说定的时间 (by when): a moment as people say it: `明天10点`, `11-25 16:00`, `+2h`, `周三前`, `tomorrow 4pm`. What names a day
//! alone means the end of that day's office. Not here: whether the moment may be promised (`ticket::promise`).
use super::calendar::start_of_day;
use super::{Timestamp, city_offset};
use chrono::{Datelike, NaiveDate, TimeDelta};

/// The farthest day a promise is made for, days from today: beyond it somebody mistyped a year.
const FARTHEST: i64 = 366;

/// The moment `text` says at `now`; `close`: when the office closes, minutes after 00:00. None where it says none, or one
/// more than a year ahead. A moment that is over is given as it was said: whoever asks tells people so.
pub fn parse(text: &str, now: Timestamp, close: u16) -> Option<Timestamp> {
    let plain = plain(text);
    let plain = ["之前", "以前", "前"].iter().find_map(|end| plain.strip_suffix(end)).unwrap_or(&plain);
    let plain = plain.strip_prefix("by").unwrap_or(plain);
    let found = ahead(plain, now).or_else(|| on_a_day(plain, now, close))?;
    (found - now < TimeDelta::days(FARTHEST)).then_some(found)
}

/// Without spaces, in half width, small letters and Arabic digits.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    // Only between two numbers does a space say anything: `11-25 16:00`.
    for piece in text.split_whitespace() {
        if plain.ends_with(|c: char| c.is_ascii_digit()) && piece.starts_with(|c: char| c.is_ascii_digit()) {
            plain.push(' ');
        }
        for character in piece.chars() {
            plain.push(match character {
                '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character).to_ascii_lowercase(),
                other => other.to_ascii_lowercase(),
            });
        }
    }
    in_digits(&plain.replace("星期", "周").replace("礼拜", "周").replace('號', "号").replace('两', "二").replace('時', "时"))
}

/// 十 二十五 三 as 10 25 3. The day of a week keeps its word: 周三 is no number.
fn in_digits(text: &str) -> String {
    const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| DIGITS.iter().position(|one| *one == c);
    let characters: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(c) = characters.get(at).copied() {
        let of_week = at > 0 && characters[at - 1] == '周';
        if of_week || (digit(c).is_none() && c != '十') {
            out.push(c);
            at += 1;
            continue;
        }
        let tens = if c == '十' { 1 } else { digit(c).unwrap_or(0) };
        let after = characters.get(at + 1).copied();
        let (number, used) = match (c, after) {
            ('十', next) => next.and_then(digit).map_or((10, 1), |one| (10 + one, 2)),
            (_, Some('十')) => characters.get(at + 2).copied().and_then(digit).map_or((tens * 10, 2), |one| (tens * 10 + one, 3)),
            _ => (tens, 1),
        };
        out.push_str(&number.to_string());
        at += used;
    }
    out
}

/// A number at the beginning, and what follows it.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let value = text.get(..end).filter(|digits| (1..=4).contains(&digits.len()))?.parse().ok()?;
    Some((value, &text[end..]))
}

/// Units of time and their minutes; `min` stands before `m`.
const UNITS: [(&str, i64); 10] =
    [("个小时", 60), ("小时", 60), ("个钟头", 60), ("分钟", 1), ("min", 1), ("h", 60), ("m", 1), ("分", 1), ("d", 24 * 60), ("天", 24 * 60)];

/// `+2h`, `+1h30m`, `2小时内`, `半小时后`, `3天内`.
fn ahead(text: &str, now: Timestamp) -> Option<Timestamp> {
    let mut rest = match text.strip_prefix('+') {
        Some(rest) => rest,
        None => text.strip_suffix('后').or_else(|| text.strip_suffix('内'))?.trim_end_matches(['以', '之']),
    };
    let mut total = TimeDelta::zero();
    let mut any = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("半小时").or_else(|| rest.strip_prefix("半个小时")) {
            (total, rest, any) = (total + TimeDelta::minutes(30), after, true);
            continue;
        }
        let (value, after) = number(rest)?;
        let (unit, minutes) = UNITS.iter().find(|(unit, _)| after.starts_with(unit))?;
        (total, rest, any) = (total + TimeDelta::minutes(i64::from(value) * minutes), &after[unit.len()..], true);
    }
    any.then(|| now.checked_add_signed(total)).flatten()
}

/// A day, a time of day, or both.
fn on_a_day(text: &str, now: Timestamp, close: u16) -> Option<Timestamp> {
    let today = now.with_timezone(&city_offset()).date_naive();
    let (date, rest) = day(text, today);
    let minutes = match (rest, date) {
        ("", Some(_)) => close,
        ("", None) => return None,
        (rest, _) => time(rest, close)?,
    };
    let moment = |date: NaiveDate| start_of_day(date) + TimeDelta::minutes(i64::from(minutes));
    let Some((date, weekly)) = date else { return Some(moment(today)) };
    // 周三 said on a Wednesday evening is the next one.
    let found = moment(date);
    Some(if weekly && found <= now { moment(date + TimeDelta::days(7)) } else { found })
}

const WEEK: [(&str, &str); 7] = [("一", "mon"), ("二", "tue"), ("三", "wed"), ("四", "thu"), ("五", "fri"), ("六", "sat"), ("日", "sun")];

/// The day at the beginning, whether it comes every week, and what follows it.
fn day(text: &str, today: NaiveDate) -> (Option<(NaiveDate, bool)>, &str) {
    let words = [("大后天", 3), ("今天", 0), ("今日", 0), ("明天", 1), ("明日", 1), ("后天", 2), ("today", 0), ("tomorrow", 1)];
    for (word, ahead) in words {
        if let Some(rest) = text.strip_prefix(word) {
            return (Some((today + TimeDelta::days(ahead), false)), rest);
        }
    }
    // 今晚8点, 明早9点: the part of the day stays with the time.
    for (word, ahead) in [("今", 0), ("明", 1)] {
        if let Some(rest) = text.strip_prefix(word).filter(|rest| rest.starts_with(['早', '晚'])) {
            return (Some((today + TimeDelta::days(ahead), false)), rest);
        }
    }
    let (next, bare) = match text.strip_prefix("下周").or_else(|| text.strip_prefix("next")) {
        Some(bare) => (true, bare),
        None => (false, text.strip_prefix("本周").or_else(|| text.strip_prefix("这周")).or_else(|| text.strip_prefix('周')).unwrap_or(text)),
    };
    let chinese = bare.len() != text.len();
    for (index, (hanzi, letters)) in WEEK.iter().enumerate() {
        let rest = if chinese { bare.strip_prefix(hanzi).or_else(|| bare.strip_prefix('天').filter(|_| index == 6)) } else { None };
        if let Some(rest) = rest.or_else(|| bare.strip_prefix(letters)) {
            let here = i64::from(today.weekday().num_days_from_monday());
            let wanted = i64::try_from(index).unwrap_or(0);
            let ahead = if next { 7 - here + wanted } else { (wanted - here).rem_euclid(7) };
            return (Some((today + TimeDelta::days(ahead), !next)), rest);
        }
    }
    match dated(text, today) {
        Some((date, rest)) => (Some((date, false)), rest),
        None => (None, text),
    }
}

/// `2026-11-25`, `11-25`, `11/25`, `11月25日`, `25日`.
fn dated(text: &str, today: NaiveDate) -> Option<(NaiveDate, &str)> {
    let (first, rest) = number(text)?;
    if let Some(rest) = rest.strip_prefix(['日', '号']) {
        let this = today.with_day(first)?;
        let date = if this < today { this.checked_add_months(chrono::Months::new(1))?.with_day(first)? } else { this };
        return Some((date, rest));
    }
    let (second, rest) = number(rest.strip_prefix(['-', '/', '月', '年'])?)?;
    let (year, month, day, rest) = if first >= 1000 {
        let (third, rest) = number(rest.strip_prefix(['-', '/', '月'])?)?;
        (i32::try_from(first).ok()?, second, third, rest)
    } else {
        (today.year(), first, second, rest)
    };
    let mut date = NaiveDate::from_ymd_opt(year, month, day)?;
    // Without a year the next such day is meant.
    if first < 1000 && date < today {
        date = NaiveDate::from_ymd_opt(year + 1, month, day)?;
    }
    Some((date, rest.trim_start_matches(['日', '号', ' ', 't'])))
}

/// Minutes after 00:00: `10点`, `3点半`, `16:00`, `下午3点一刻`, `4pm`, `下班`, `上午`.
fn time(text: &str, close: u16) -> Option<u16> {
    let text = text.trim();
    if matches!(text, "下班" | "下午" | "班") {
        return Some(close);
    }
    if matches!(text, "上午" | "早上" | "中午" | "noon") {
        return Some(12 * 60);
    }
    let parts = [("凌晨", 0), ("早上", 0), ("上午", 0), ("早", 0), ("中午", 12), ("下午", 12), ("傍晚", 12), ("晚上", 12), ("晚", 12)];
    let (shift, rest) = parts.iter().find_map(|(word, shift)| text.strip_prefix(word).map(|rest| (Some(*shift), rest))).unwrap_or((None, text));
    let (hour, rest) = number(rest)?;
    let (minute, rest) = match rest {
        "" | "点" | "点钟" | "时" | "am" | "pm" => (0, rest.trim_start_matches(['点', '钟', '时'])),
        "点半" | "时半" => (30, ""),
        "点1刻" => (15, ""),
        "点3刻" => (45, ""),
        other => {
            let (minute, rest) = number(other.strip_prefix([':', '点', '时'])?)?;
            (minute, rest.trim_start_matches('分'))
        }
    };
    // A bare number is no time: it may be the first digit of a date that is still being typed.
    if shift.is_none() && rest.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let shift = match rest {
        "" => shift.unwrap_or(0),
        "am" => 0,
        "pm" => 12,
        _ => return None,
    };
    let hour = if shift == 12 && hour < 12 { hour + 12 } else { hour };
    let minutes = hour * 60 + minute;
    (minute < 60 && minutes <= 24 * 60).then(|| u16::try_from(minutes).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Sunday, 14:05 in the city; the office closes at 17:30.
    fn said(text: &str) -> Option<String> {
        let now: Timestamp = "2026-11-22T06:05:00Z".parse().unwrap();
        parse(text, now, 17 * 60 + 30).map(|at| at.with_timezone(&city_offset()).format("%Y-%m-%d %H:%M").to_string())
    }

    #[test]
    fn a_moment_is_read_as_people_say_it() {
        let table = [
            ("明天10点", "2026-11-23 10:00"),
            ("明天 10 点前", "2026-11-23 10:00"),
            ("明天十点半", "2026-11-23 10:30"),
            ("明天下午3点", "2026-11-23 15:00"),
            ("明早9点", "2026-11-23 09:00"),
            ("今晚8点", "2026-11-22 20:00"),
            ("后天", "2026-11-24 17:30"),
            ("大后天上午", "2026-11-25 12:00"),
            ("今天下班前", "2026-11-22 17:30"),
            ("16:00", "2026-11-22 16:00"),
            ("１６：００", "2026-11-22 16:00"),
            ("下午4点一刻", "2026-11-22 16:15"),
            ("10点", "2026-11-22 10:00"),
            ("11-25 16:00", "2026-11-25 16:00"),
            ("11-25", "2026-11-25 17:30"),
            ("11/25 24:00", "2026-11-26 00:00"),
            ("11月25日下午四点", "2026-11-25 16:00"),
            ("2026-12-01 09:15", "2026-12-01 09:15"),
            ("25号", "2026-11-25 17:30"),
            ("3号", "2026-12-03 17:30"),
            ("1-05", "2027-01-05 17:30"),
            ("周三前", "2026-11-25 17:30"),
            ("星期三之前", "2026-11-25 17:30"),
            ("周三10点", "2026-11-25 10:00"),
            ("周日10点", "2026-11-29 10:00"),
            ("周日下午3点", "2026-11-22 15:00"),
            ("礼拜天", "2026-11-22 17:30"),
            ("下周三", "2026-11-25 17:30"),
            ("本周五", "2026-11-27 17:30"),
            ("+2h", "2026-11-22 16:05"),
            ("+1h30m", "2026-11-22 15:35"),
            ("+45min", "2026-11-22 14:50"),
            ("+3d", "2026-11-25 14:05"),
            ("两小时内", "2026-11-22 16:05"),
            ("半小时后", "2026-11-22 14:35"),
            ("20分钟以内", "2026-11-22 14:25"),
            ("二十五分钟后", "2026-11-22 14:30"),
            ("tomorrow 4pm", "2026-11-23 16:00"),
            ("by wed", "2026-11-25 17:30"),
            ("next Mon 9am", "2026-11-23 09:00"),
        ];
        for (text, expected) in table {
            assert_eq!(said(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_says_no_moment_is_none() {
        for text in ["", "回电", "huidian", "zhousan", "1", "12", "11-", "11-32", "2月30日", "25:00", "10:61", "+", "+2", "明天回电", "2030-01-01", "周", "后", "+9999d"] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
