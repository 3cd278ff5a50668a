//! Dates, ages and countdowns as the screen writes them (city time). Their words come from the locale files.
use crate::domain::{Timestamp, city_offset};
use crate::words;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta};

/// City time of a moment.
pub fn city(at: Timestamp) -> DateTime<FixedOffset> {
    at.with_timezone(&city_offset())
}

/// A ticket's number as it is spoken: `1122-0188` for one of this year, with the year otherwise.
pub fn number(number: &str, now: Timestamp) -> &str {
    let year = city(now).year().to_string();
    match number.strip_prefix(&year) {
        Some(rest) if rest.len() >= 9 && rest.as_bytes().get(4) == Some(&b'-') => rest,
        _ => number,
    }
}

/// `18:42` within the hour, `6h51m` within the day, `1d04h` beyond; the sign is the caller's to say.
pub fn countdown(left: TimeDelta) -> String {
    let seconds = left.num_seconds().abs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    if hours < 1 {
        format!("{:02}:{:02}", minutes, seconds % 60)
    } else if hours < 24 {
        format!("{hours}h{:02}m", minutes % 60)
    } else {
        format!("{}d{:02}h", hours / 24, hours % 24)
    }
}

/// `47h`, from 72 hours on `3d`.
pub fn age(passed: TimeDelta) -> String {
    let hours = passed.num_hours().max(0);
    if hours < 72 { format!("{hours}h") } else { format!("{}d", hours / 24) }
}

/// `0:21`, `04:12`, `1:04:12`.
pub fn timer(seconds: i64) -> String {
    let seconds = seconds.max(0);
    if seconds >= 3600 {
        format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    } else {
        format!("{:02}:{:02}", seconds / 60, seconds % 60)
    }
}

pub fn weekday(date: NaiveDate) -> String {
    words::find(&format!("weekday-{}", date.weekday().number_from_monday())).unwrap_or_default()
}

/// `14:05` today, `昨 14:05` yesterday, else `11-22`.
pub fn brief(at: Timestamp, now: Timestamp) -> String {
    let (at, today) = (city(at), city(now).date_naive());
    match (today - at.date_naive()).num_days() {
        0 => at.format("%H:%M").to_string(),
        1 => format!("{} {}", words!("yesterday"), at.format("%H:%M")),
        _ => day(at.date_naive(), now),
    }
}

/// `11-22`; with the year where it is not this one.
pub fn day(date: NaiveDate, now: Timestamp) -> String {
    if date.year() == city(now).year() { date.format("%m-%d").to_string() } else { date.format("%Y-%m-%d").to_string() }
}

/// `11-22 周日 14:05`; the end of a day is its 24:00.
pub fn full(at: Timestamp, now: Timestamp) -> String {
    let local = city(at);
    if local.format("%H:%M:%S").to_string() == "00:00:00" {
        let before = local.date_naive().pred_opt().unwrap_or(local.date_naive());
        return format!("{} {} 24:00", day(before, now), weekday(before));
    }
    format!("{} {} {}", day(local.date_naive(), now), weekday(local.date_naive()), local.format("%H:%M"))
}

/// A ticket's number from what people type: `20261122-0188` as it is, `1122-0188` of this year, `0188` of today. None where
/// it is no number.
pub fn full_number(typed: &str, now: Timestamp) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (date, serial) = typed.rsplit_once('-').unwrap_or(("", typed));
    if !digits(serial) || serial.len() < 2 || !(date.is_empty() || digits(date)) {
        return None;
    }
    let today = city(now);
    match date.len() {
        8 => Some(typed.to_owned()),
        4 => Some(format!("{}{date}-{serial}", today.year())),
        0 if !typed.contains('-') && serial.len() <= 6 => Some(format!("{}-{serial:0>4}", today.format("%Y%m%d"))),
        _ => None,
    }
}

/// `0:21`: how long somebody waits.
pub fn waited(seconds: i64) -> String {
    let seconds = seconds.max(0);
    if seconds >= 3600 { timer(seconds) } else { format!("{}:{:02}", seconds / 60, seconds % 60) }
}

/// The clock in the status line, with or without date and seconds.
pub fn clock(now: Timestamp, wide: bool) -> String {
    let local = city(now);
    let weekday = weekday(local.date_naive());
    if wide { format!("{} {weekday} {}", local.format("%m-%d"), local.format("%H:%M:%S")) } else { format!("{weekday} {}", local.format("%H:%M")) }
}

/// `184 202`: thousands apart.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countdowns_are_as_wide_as_they_are_near() {
        for (seconds, text) in [(1122, "18:42"), (3599, "59:59"), (3600, "1h00m"), (24_660, "6h51m"), (100_800, "1d04h"), (-2840, "47:20")] {
            assert_eq!(countdown(TimeDelta::seconds(seconds)), text);
        }
        assert_eq!((age(TimeDelta::hours(47)), age(TimeDelta::hours(72))), ("47h".into(), "3d".into()));
        assert_eq!(thousands(184_202), "184 202");
    }

    #[test]
    fn a_ticket_is_found_by_what_is_printed_of_its_number() {
        let now: Timestamp = "2026-11-22T06:05:31Z".parse().unwrap();
        let cases = [("20251102-0188", Some("20251102-0188")), ("1120-0163", Some("20261120-0163")), ("0163", Some("20261122-0163")), ("37", Some("20261122-0037"))];
        for (typed, found) in cases {
            assert_eq!(full_number(typed, now).as_deref(), found, "{typed}");
        }
        for typed in ["老人", "1120-", "-0163", "112-0163", "x-0163", "1120-01a3", ""] {
            assert_eq!(full_number(typed, now), None, "{typed}");
        }
    }

    #[test]
    fn the_end_of_a_day_is_its_24_00() {
        let at: Timestamp = "2026-12-11T16:00:00Z".parse().unwrap();
        let now: Timestamp = "2026-11-22T06:05:31Z".parse().unwrap();
        assert!(full(at, now).starts_with("12-11 ") && full(at, now).ends_with(" 24:00"));
        assert_eq!(brief(now, now), "14:05");
    }
}
