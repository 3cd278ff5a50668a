//! What a caller may send and what a terminal may receive.
use super::*;
use crate::text::width::{Ambiguous, width};
use proptest::prelude::*;

/// Width as a terminal adds it up, character by character.
fn drawn(text: &str) -> usize {
    text.chars().map(|c| UnicodeWidthChar::width(c).unwrap_or(99)).sum()
}

fn assert_safe(raw: &str) {
    for (safe, lines) in [(scrub(raw).into_owned(), false), (scrub_multiline(raw).into_owned(), true)] {
        let again = if lines { scrub_multiline(&safe) } else { scrub(&safe) };
        assert_eq!(again, safe, "twice is not once: {raw:?}");
        for line in safe.split('\n') {
            assert!(line.len() <= MAX_LINE_BYTES);
            assert!(!line.chars().any(|c| c.is_control() || is_hidden(c) && !matches!(c as u32, 0x180B..=0x180F)), "{raw:?} -> {line:?}");
            assert_eq!(width(line, Ambiguous::One), drawn(line), "{raw:?} -> {line:?}");
        }
        assert!(lines || !safe.contains('\n'));
    }
}

#[test]
fn hostile_text_becomes_visible() {
    for (raw, shown) in [
        ("\x1b]52;c;Zm9v\x07", "␛]52;c;Zm9v␇"),
        ("\x1b[2J", "␛[2J"),
        ("a\tb\r\nc", "a␉b␍␊c"),
        ("\x7f\u{85}\u{9b}31m", "␡⟨U+0085⟩⟨U+009B⟩31m"),
        ("a\u{202e}b", "a⟨U+202E⟩b"),
        ("1\u{200b}3\u{200d}8", "1⟨U+200B⟩3⟨U+200D⟩8"),
        ("\u{feff}好\u{ad}", "⟨U+FEFF⟩好⟨U+00AD⟩"),
        ("x\u{e0041}\u{e007f}", "x⟨U+E0041⟩⟨U+E007F⟩"),
        ("\u{2028}\u{2029}", "⟨U+2028⟩⟨U+2029⟩"),
        ("\u{115f}\u{1160}\u{3164}\u{ffa0}", "⟨U+115F⟩⟨U+1160⟩⟨U+3164⟩⟨U+FFA0⟩"),
        ("\u{fffe}\u{fdd0}\u{e000}\u{10ffff}", "⟨U+FFFE⟩⟨U+FDD0⟩⟨U+E000⟩⟨U+10FFFF⟩"),
        ("a\u{fe0f}", "a⟨U+FE0F⟩"),
        ("☎\u{fe0f}好", "☎好"),
        ("☎\u{fe0f}\u{fe0f}", "☎⟨U+FE0F⟩"),
        ("葛\u{e0100}", "葛"),
        ("👍\u{1f3fd}", "👍"),
        ("🇨🇳", "⟨CN⟩"),
        ("👨\u{200d}👩", "👨⟨U+200D⟩👩"),
        ("\u{301}a", "⟨U+0301⟩a"),
    ] {
        assert_eq!(scrub(raw), shown, "{raw:?}");
        assert_safe(raw);
    }
    assert_eq!(scrub_multiline("a\tb\r\nc\rd"), "a    b\nc␍d");
}

#[test]
fn all_twelve_bidirectional_controls_are_caught() {
    for code in [0x61C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069] {
        let c = char::from_u32(code).unwrap();
        assert_eq!(scrub(&format!("甲{c}乙")), format!("甲⟨U+{code:04X}⟩乙"));
    }
}

#[test]
fn honest_text_is_untouched() {
    for text in ["稳岗返还怎么申请？", "𠮷𡃁𪚥", "ئۇيغۇر تىلى", "می\u{200c}خواهم", "བོད་སྐད།", "क्ष", "😀👍", "Ünïcödé", "한국어", "e\u{301}"] {
        assert!(matches!(scrub(text), Cow::Borrowed(_)), "{text} -> {}", scrub(text));
        assert_safe(text);
    }
    assert!(matches!(scrub_multiline("一\n二"), Cow::Borrowed(_)));
}

#[test]
fn marks_and_lines_are_capped() {
    let piled = format!("a{}b", "\u{301}".repeat(1000));
    assert_eq!(scrub(&piled), format!("a{}⟨+992⟩b", "\u{301}".repeat(8)));
    let long = "稳".repeat(64 * 1024);
    let safe = scrub(&long);
    assert!(safe.len() <= MAX_LINE_BYTES);
    let shown = safe.chars().filter(|c| *c == '稳').count();
    assert!(safe.ends_with(&format!("…⟨+{}⟩", 64 * 1024 - shown)));
    for raw in [piled, long, "\x1b".repeat(64 * 1024), "ا\u{200d}".repeat(20_000), "\u{1161}".repeat(100), format!("\u{1100}{}", "\u{1161}".repeat(50))] {
        assert_safe(&raw);
    }
}

#[test]
fn every_character_alone_and_between_letters() {
    for c in '\0'..=char::MAX {
        let raw = format!("甲{c}a");
        let safe = scrub(&raw);
        assert_eq!(scrub(&safe), safe);
        assert_eq!(width(&safe, Ambiguous::One), drawn(&safe), "{raw:?} -> {safe:?}");
        assert!(!safe.chars().any(char::is_control));
    }
}

#[test]
fn the_list_of_naughty_strings() {
    let Some(folder) = std::env::var_os("HOTLINE_TEST_DATA") else {
        eprintln!("SKIPPED: HOTLINE_TEST_DATA is not set");
        return;
    };
    let file = std::fs::read_to_string(std::path::Path::new(&folder).join("terminal/blns.json")).unwrap();
    let list: Vec<String> = serde_json::from_str(&file).unwrap();
    assert!(list.len() > 100);
    list.iter().for_each(|raw| assert_safe(raw));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn anything_at_all(raw in any::<String>()) {
        assert_safe(&raw);
    }

    #[test]
    fn joiners_marks_and_selectors_in_any_order(
        raw in proptest::collection::vec(proptest::sample::select(vec![
            'a', '1', '葛', '☎', '😀', '\u{1F3FB}', '\u{1F1E8}', '\u{200D}', '\u{200C}', '\u{FE0F}', '\u{FE0E}', '\u{E0100}', '\u{301}',
            '\u{20E3}', 'ا', 'ل', '\u{644}', '\u{627}', '\u{94D}', 'क', '\u{17D2}', 'ក', '\u{1100}', '\u{1161}', '\u{11A8}', '가', '각',
            'ᠠ', '\u{180B}', '\u{180E}', '\u{2D7F}', 'ⵣ', '\u{A4FC}', '\u{A4F8}', '\u{338}', '<', '\n', '\r', '\t', ' ', '\u{10C0C}', '\u{10C32}', 'א',
        ]), 0..24)
    ) {
        assert_safe(&raw.into_iter().collect::<String>());
    }
}
