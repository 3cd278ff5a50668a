//! 统一社会信用代码 (unified social credit code), GB 32100-2015: eighteen characters, the last of which checks the others.
//! Says what is wrong with a code, and where; knows no enterprise.

/// The characters, each worth its place: no I, O, S, V, Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// How many characters a code has.
pub const LENGTH: usize = 18;

/// What is wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// So many characters instead of eighteen.
    Length(usize),
    /// A character that no code has, and its place from 1.
    Character(usize, char),
    /// 校验码: the last character would have to be this one, or another one is mistyped.
    Check(char),
}

/// The code as it is kept: without spaces and dashes, in capitals of half width.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(typed: &str) -> Result<String, Wrong> {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let code: Vec<char> = typed.chars().map(half).filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    if code.len() != LENGTH {
        return Err(Wrong::Length(code.len()));
    }
    let (mut sum, mut weight, mut last) = (0, 1, 0);
    for (at, character) in code.iter().enumerate() {
        let Some(worth) = ALPHABET.iter().position(|known| char::from(*known) == *character) else {
            return Err(Wrong::Character(at + 1, *character));
        };
        if at + 1 < LENGTH {
            sum += worth * weight;
            weight = weight * 3 % 31;
        }
        last = worth;
    }
    let wanted = (31 - sum % 31) % 31;
    if wanted == last { Ok(code.into_iter().collect()) } else { Err(Wrong::Check(char::from(ALPHABET[wanted]))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made up, not anybody's: all zeros and letters, their last character reckoned by hand from the standard's weights.
    #[test]
    fn the_last_character_checks_the_others() {
        // Only the seventeenth counts: weight 3^16 mod 31 = 28; 31 − 28 = 3.
        assert_eq!(check("000000000000000013"), Ok("000000000000000013".into()));
        // Only the first counts: weight 1; 31 − 1 = 30, which is Y.
        assert_eq!(check("10000000000000000Y"), Ok("10000000000000000Y".into()));
        // Y (30) at the second place, weight 3: 90 mod 31 = 28; 31 − 28 = 3.
        assert_eq!(check("0Y0000000000000003"), Ok("0Y0000000000000003".into()));
        // Nothing counts: 31 mod 31 = 0.
        assert_eq!(check("000000000000000000"), Ok("000000000000000000".into()));
    }

    #[test]
    fn every_single_mistyped_character_is_found() {
        let code = "91MA0000000000000";
        let right = ALPHABET.iter().filter_map(|last| check(&format!("{code}{}", char::from(*last))).ok()).collect::<Vec<_>>();
        assert_eq!(right.len(), 1, "one check character for each code");
        for at in 0..LENGTH {
            for other in ALPHABET.iter().filter(|other| **other != right[0].as_bytes()[at]) {
                let mut wrong = right[0].clone().into_bytes();
                wrong[at] = *other;
                assert!(matches!(check(std::str::from_utf8(&wrong).unwrap()), Err(Wrong::Check(_))), "place {}", at + 1);
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(check("0000"), Err(Wrong::Length(4)));
        assert_eq!(check("00000000I000000000"), Err(Wrong::Character(9, 'I')));
        assert_eq!(check("000000000000000010"), Err(Wrong::Check('3')));
        assert_eq!(check(" １0000000-000000000y "), Ok("10000000000000000Y".into()), "as people write it");
    }
}
