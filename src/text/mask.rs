//! 脱敏 (masking): numbers and names shown in part. Who may see the whole is decided elsewhere; a revealed value
//! never passes through here.
use unicode_normalization::UnicodeNormalization;

/// Words that announce a number without area code, which by its length alone could be an amount.
const PHONE_WORDS: [&str; 7] = ["电话", "手机", "座机", "号码", "联系方式", "tel", "phone"];

/// A digit number kept at both ends: 11 and more digits keep the first 3 and the last 4 (`138****0000`), 7–10 the
/// first 2 and the last 2, shorter ones only the first. Characters that are no digits stay in place; full-width digits
/// come out as ASCII. A closing `X` counts as a digit (identity card, 身份证).
pub fn mask_number(number: &str) -> String {
    let characters: Vec<char> = number.chars().map(|c| digit(c).unwrap_or(c)).collect();
    mask_digits(&characters)
}

/// A person's name kept by its surname: `张*`, `欧阳*`, other scripts by the first letter. One star, so that the
/// length is not told. A name that was masked before comes out the same.
pub fn mask_name(name: &str) -> String {
    let characters: Vec<char> = name.trim().chars().collect();
    let kept = if characters.len() > 2 && COMPOUND_SURNAMES.iter().any(|s| name.trim().starts_with(s)) { 2 } else { 1 };
    if characters.len() <= 1 {
        return characters.iter().map(|_| '*').collect();
    }
    characters[..kept].iter().copied().chain(['*']).collect()
}

/// 复姓 in common use.
const COMPOUND_SURNAMES: [&str; 14] =
    ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "长孙"];

/// Free text with phone-like and identity-card-like runs of digits masked. Digits are recognised in any width and
/// across single spaces or hyphens. In doubt it masks: a run of 15 and more digits always; 10–14 digits when they
/// begin like a mobile or an area code; 7 or 8 digits when a word such as 电话 stands close before them.
pub fn mask_text(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let folded: Vec<char> = characters.iter().map(|c| digit(*c).unwrap_or(*c)).collect();
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while at < folded.len() {
        if !folded[at].is_ascii_digit() {
            masked.push(characters[at]);
            at += 1;
            continue;
        }
        let end = run_end(&folded, at);
        if is_personal(&folded, at, end) {
            masked.push_str(&mask_digits(&folded[at..end]));
        } else {
            masked.extend(&characters[at..end]);
        }
        at = end;
    }
    masked
}

/// A masked text that was edited, with every number that still stands masked in it put back from `original`, of which it was
/// masked. Where two numbers look the same masked, they are taken in their order.
pub fn unmasked(edited: &str, original: &str) -> String {
    let characters: Vec<char> = original.chars().collect();
    let folded: Vec<char> = characters.iter().map(|c| digit(*c).unwrap_or(*c)).collect();
    let mut whole = edited.to_owned();
    let (mut at, mut from) = (0, 0);
    while at < folded.len() {
        if !folded[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = run_end(&folded, at);
        if is_personal(&folded, at, end) {
            let (plain, masked): (String, String) = (characters[at..end].iter().collect(), mask_digits(&folded[at..end]));
            // Numbers that were moved about are found before the last one that was put back as well.
            let found = whole[from..].find(&masked).map(|place| place + from).or_else(|| whole.find(&masked));
            if let Some(place) = found {
                whole.replace_range(place..place + masked.len(), &plain);
                from = place + plain.len();
            }
        }
        at = end;
    }
    whole
}

/// One past the last character of the run of digits that begins at `start`.
fn run_end(folded: &[char], start: usize) -> usize {
    let mut end = start;
    loop {
        while folded.get(end).is_some_and(char::is_ascii_digit) {
            end += 1;
        }
        let separated = matches!(folded.get(end), Some(' ' | '-' | '－' | '\u{3000}'));
        if separated && folded.get(end + 1).is_some_and(char::is_ascii_digit) {
            end += 1;
            continue;
        }
        let digits = folded[start..end].iter().filter(|c| c.is_ascii_digit()).count();
        let ends_in_x = digits == 17 && matches!(folded.get(end), Some('x' | 'X' | 'Ｘ' | 'ｘ'));
        return end + usize::from(ends_in_x);
    }
}

fn is_personal(folded: &[char], start: usize, end: usize) -> bool {
    let digits: Vec<char> = folded[start..end].iter().copied().filter(char::is_ascii_digit).collect();
    let mobile = |d: &[char]| d.len() >= 2 && d[0] == '1' && ('3'..='9').contains(&d[1]);
    match digits.len() {
        15.. => true,
        10..=14 => {
            (digits.len() >= 11 && mobile(&digits)) || digits[0] == '0' || (digits.len() >= 13 && digits[..2] == ['8', '6'] && mobile(&digits[2..]))
        }
        7 | 8 => {
            let before: String = folded[start.saturating_sub(8)..start].iter().collect::<String>().to_lowercase();
            PHONE_WORDS.iter().any(|word| before.contains(word))
        }
        _ => false,
    }
}

fn mask_digits(characters: &[char]) -> String {
    let counts = |c: &char| c.is_ascii_digit() || matches!(c, 'x' | 'X' | 'Ｘ' | 'ｘ');
    let digits = characters.iter().filter(|c| counts(c)).count();
    let (head, tail) = match digits {
        11.. => (3, 4),
        7..=10 => (2, 2),
        _ => (1, 0),
    };
    let mut seen = 0;
    let mut masked = String::with_capacity(characters.len());
    for c in characters {
        if !counts(c) {
            masked.push(*c);
            continue;
        }
        seen += 1;
        masked.push(if seen <= head || seen > digits - tail { *c } else { '*' });
    }
    masked
}

/// The ASCII digit a character stands for: full-width, mathematical, superscript.
fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    // What a Chinese text is made of: no digit is among them, and asking the tables for each would cost the most.
    if matches!(c, '\u{3000}'..='\u{303F}' | '\u{4E00}'..='\u{9FFF}') {
        return None;
    }
    let mut plain = std::iter::once(c).nfkc();
    match (plain.next(), plain.next()) {
        (Some(d), None) if d.is_ascii_digit() => Some(d),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Every number here is zeros behind a prefix: no one's.
    #[test]
    fn free_text() {
        for (raw, masked) in [
            ("请打13800000000，谢谢", "请打138****0000，谢谢"),
            ("１３８００００００００", "138****0000"),
            ("138 0000-0000", "138 ****-0000"),
            ("+8613800000000", "+861******0000"),
            ("028-00000000 转人工", "028-****0000 转人工"),
            ("身份证00000019900101000X。", "身份证000***********000X。"),
            ("证号000000199001010000", "证号000***********0000"),
            ("补贴1000000元，2024年12月", "补贴1000000元，2024年12月"),
            ("工单 20241122000001", "工单 20241122000001"),
            ("电话：80000000", "电话：80****00"),
            ("拨打12345", "拨打12345"),
            ("", ""),
        ] {
            assert_eq!(mask_text(raw), masked, "{raw}");
        }
    }

    #[test]
    fn what_was_edited_masked_keeps_its_numbers() {
        let stands = "张三13800000000，李四13900000001，座机028-00000000";
        let shown = mask_text(stands);
        assert_eq!(unmasked(&shown, stands), stands);
        assert_eq!(unmasked(&shown.replace("，座机", "。改约 座机"), stands), "张三13800000000，李四13900000001。改约 座机028-00000000");
        assert_eq!(unmasked("只留李四139****0001", stands), "只留李四13900000001");
        assert_eq!(unmasked("李四139****0001、张三138****0000", stands), "李四13900000001、张三13800000000");
        assert_eq!(unmasked("另一人137****0000", stands), "另一人137****0000", "a number that never stood there is nobody's");
        assert_eq!(unmasked("", stands), "");
    }

    #[test]
    fn names_and_numbers() {
        for (raw, masked) in [("张三", "张*"), ("张三丰", "张*"), ("欧阳某某", "欧阳*"), ("某", "*"), ("", ""), ("Someone Else", "S*")] {
            assert_eq!(mask_name(raw), masked);
        }
        assert_eq!(mask_number("13800000000"), "138****0000");
        assert_eq!(mask_number("8000000"), "80***00");
        assert_eq!(mask_number("12345"), "1****");
    }
}
