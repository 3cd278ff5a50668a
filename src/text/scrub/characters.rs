//! The classes of characters that scrubbing tells apart. Judgements only; what is written instead is in `scrub`.
use unicode_normalization::char::is_combining_mark;

/// Characters that need no second look: one cell or two on every terminal, never joined to a neighbour of this class.
pub(super) const fn is_plain(c: char) -> bool {
    matches!(c as u32,
        0x20..=0x7E | 0xA0..=0xAC | 0xAE..=0x2FF
        | 0x370..=0x377 | 0x391..=0x3C9 | 0x400..=0x481
        | 0x2010..=0x2027 | 0x2030..=0x205E | 0x20A0..=0x20BF
        | 0x2100..=0x218B | 0x2190..=0x23FF | 0x2401..=0x2426 | 0x2460..=0x26FF | 0x2701..=0x27FF | 0x2900..=0x2B73
        | 0x3000..=0x3029 | 0x3030..=0x303E | 0x3041..=0x3096 | 0x309B..=0x30FF | 0x3105..=0x312F
        | 0x3190..=0x31E3 | 0x3200..=0x321E | 0x3220..=0x4DBF | 0x4E00..=0x9FFF
        | 0xAC00..=0xD7A3 | 0xF900..=0xFA6D | 0xFE10..=0xFE19 | 0xFE30..=0xFE52 | 0xFF01..=0xFF60 | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F3FA | 0x1F400..=0x1F64F | 0x1F680..=0x1F6C5
        | 0x20000..=0x2A6DF | 0x2A700..=0x2EBE0 | 0x2F800..=0x2FA1D | 0x30000..=0x323AF)
}

/// Characters a person cannot see, or that steer the drawing of others: shown as markers.
pub(super) const fn is_hidden(c: char) -> bool {
    matches!(c as u32,
        0x80..=0x9F | 0xAD | 0x34F
        // Arabic and other number signs that wrap around what follows, and the Arabic letter mark.
        | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2
        // Fillers that draw as nothing.
        | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x2800 | 0x3164 | 0xFFA0
        | 0x180B..=0x180F
        // Zero width, bidirectional controls, line and paragraph separators, invisible operators.
        | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F
        | 0xFEFF | 0xFFF0..=0xFFFC
        | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
        // Private use, tags and the rest of their plane, noncharacters.
        | 0xE000..=0xF8FF | 0xE0000..=0xE00FF | 0xE01F0..=0x10FFFF | 0xFDD0..=0xFDEF)
        || (c as u32) & 0xFFFE == 0xFFFE
}

/// Variation selectors of both blocks.
pub(super) const fn is_variation_selector(c: char) -> bool {
    matches!(c as u32, 0xFE00..=0xFE0F | 0xE0100..=0xE01EF)
}

/// Bases that a variation selector or a skin tone may follow.
pub(super) const fn is_emoji(c: char) -> bool {
    matches!(c as u32,
        0x23 | 0x2A | 0x30..=0x39 | 0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x24C2
        | 0x25A0..=0x27BF | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0x1F000..=0x1F1E5
        | 0x1F200..=0x1F3FA | 0x1F400..=0x1FAFF)
}

/// 汉字, every block with rare ones.
pub(super) const fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// Letters of scripts in which a joiner changes spelling (Arabic, Syriac, Mongolian, Indic); with `or_mark` also the
/// marks of those scripts.
pub(super) fn is_letter_of_joining_script(c: char, or_mark: bool) -> bool {
    let script = matches!(c as u32, 0x600..=0x77F | 0x870..=0x8FF | 0x900..=0xDFF | 0x1820..=0x18AA | 0xFB50..=0xFDCF | 0xFE70..=0xFEFC);
    script && !is_hidden(c) && if is_combining_mark(c) { or_mark } else { c.is_alphabetic() }
}

pub(super) const fn is_mongolian_letter(c: char) -> bool {
    matches!(c as u32, 0x1820..=0x1878 | 0x1887..=0x18A8 | 0x18AA)
}

/// Vowels and finals that are drawn inside the Korean syllable before them.
pub(super) const fn is_conjoining_jamo(c: char) -> bool {
    matches!(c as u32, 0x1161..=0x11FF | 0xD7B0..=0xD7C6 | 0xD7CB..=0xD7FB)
}

/// Whether `jamo` may join `before`: vowels after leading consonants and vowels, finals after vowels, finals and
/// syllables.
pub(super) const fn conjoins(before: char, jamo: char) -> bool {
    if is_vowel(jamo as u32) {
        return matches!(before as u32, 0x1100..=0x115E | 0xA960..=0xA97C) || is_vowel(before as u32) || is_open_syllable(before);
    }
    is_conjoining_jamo(before) || matches!(before as u32, 0xAC00..=0xD7A3)
}

const fn is_vowel(code: u32) -> bool {
    matches!(code, 0x1161..=0x11A7 | 0xD7B0..=0xD7C6)
}

const fn is_open_syllable(c: char) -> bool {
    let code = c as u32;
    matches!(code, 0xAC00..=0xD7A3) && (code - 0xAC00).is_multiple_of(28)
}
