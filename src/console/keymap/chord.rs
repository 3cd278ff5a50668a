//! Chords and their text: `ctrl-x`, `G`, `f5`, `alt-1`, `space`, and sequences of them: `g g`.
//!
//! Only what a plain terminal can send is a chord; the rest is refused with the reason.
//! Not here: what a chord does.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::hint::did_you_mean;
use crate::words;

/// A key without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A character; upper case is its own key (`G`), never shift and a letter.
    Char(char),
    /// `f1` … `f24`.
    Function(u8),
    /// A key with a name, by its place in the table of names.
    Named(Named),
}

macro_rules! named_keys {
    ($($variant:ident $name:literal $code:ident;)+) => {
        /// Keys that have names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Named { $($variant,)+ }

        impl Named {
            const NAMES: &'static [&'static str] = &[$($name,)+];

            fn name(self) -> &'static str {
                match self { $(Named::$variant => $name,)+ }
            }

            fn from_name(name: &str) -> Option<Named> {
                match name { $($name => Some(Named::$variant),)+ _ => None }
            }

            fn from_code(code: KeyCode) -> Option<Named> {
                match code { $(KeyCode::$code => Some(Named::$variant),)+ _ => None }
            }
        }
    };
}

named_keys! {
    Enter "enter" Enter;
    Esc "esc" Esc;
    Tab "tab" Tab;
    Backspace "backspace" Backspace;
    Delete "delete" Delete;
    Insert "insert" Insert;
    Home "home" Home;
    End "end" End;
    PageUp "pgup" PageUp;
    PageDown "pgdn" PageDown;
    Up "up" Up;
    Down "down" Down;
    Left "left" Left;
    Right "right" Right;
}

/// Other spellings people use; printing gives the first column of the table above.
const ALIASES: &[(&str, &str)] = &[
    ("return", "enter"),
    ("escape", "esc"),
    ("del", "delete"),
    ("ins", "insert"),
    ("pageup", "pgup"),
    ("pagedown", "pgdn"),
];

/// One press: a key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift; only for named and function keys.
    pub shift: bool,
}

impl Chord {
    /// Reads one chord. The error is the reason in words, without the place.
    pub fn parse(text: &str) -> Result<Chord, String> {
        let mut chord = Chord {
            key: Key::Char(' '),
            ctrl: false,
            alt: false,
            shift: false,
        };
        let mut rest = text;
        // A dash in the first place is the key itself: "-", "alt--".
        while let Some((modifier, after)) = split_modifier(rest) {
            let slot = match modifier {
                "ctrl" => &mut chord.ctrl,
                "alt" => &mut chord.alt,
                "shift" => &mut chord.shift,
                unknown => {
                    let hint = did_you_mean(unknown, ["ctrl", "alt", "shift"]);
                    return Err(words!("fault-modifier", value = unknown, hint = hint));
                }
            };
            if std::mem::replace(slot, true) {
                return Err(words!("fault-modifier-twice", value = modifier));
            }
            rest = after;
        }
        chord.key = parse_key(rest)?;
        chord.sendable()?;
        Ok(chord)
    }

    /// Refuses what a plain terminal cannot send, or sends as another key.
    fn sendable(self) -> Result<(), String> {
        let same_as =
            |other: &str| Err(words!("fault-same-key", key = other));
        match self.key {
            Key::Char(character) if self.ctrl => match character {
                'i' | 'I' => same_as("tab"),
                'm' | 'M' => same_as("enter"),
                '[' => same_as("esc"),
                'h' | 'H' => same_as("backspace"),
                'A'..='Z' => same_as(
                    &Chord {
                        key: Key::Char(character.to_ascii_lowercase()),
                        ..self
                    }
                    .to_string(),
                ),
                'a'..='z' if self.shift => same_as(
                    &Chord {
                        shift: false,
                        ..self
                    }
                    .to_string(),
                ),
                'a'..='z' | ' ' => Ok(()),
                _ => Err(words!("fault-no-ctrl")),
            },
            Key::Char(character) if self.shift => Err(match character.is_lowercase() {
                true => words!("fault-shift-letter", key = character.to_uppercase().to_string()),
                false => words!("fault-shift-gives"),
            }),
            // ESC [ and ESC O begin the sequences of the arrow and function keys.
            Key::Char('[' | 'O') if self.alt => {
                Err(words!("fault-begins-others"))
            }
            Key::Named(Named::Esc) if self.alt => same_as("esc esc"),
            Key::Named(Named::Enter | Named::Esc | Named::Backspace) if self.ctrl || self.shift => {
                same_as(
                    &Chord {
                        ctrl: false,
                        shift: false,
                        ..self
                    }
                    .to_string(),
                )
            }
            Key::Named(Named::Tab) if self.ctrl => same_as(
                &Chord {
                    ctrl: false,
                    ..self
                }
                .to_string(),
            ),
            _ => Ok(()),
        }
    }

    /// True when this press would put a character into a text, or take one out.
    pub fn types_text(self) -> bool {
        let plain = !self.ctrl && !self.alt;
        match self.key {
            Key::Char(_) => plain,
            Key::Named(Named::Backspace | Named::Delete) => plain,
            _ => false,
        }
    }

    /// The chord of a key event; `None` for releases and keys that have no name here.
    pub fn from_event(event: KeyEvent) -> Option<Chord> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let mut shift = event.modifiers.contains(KeyModifiers::SHIFT);
        let key = match event.code {
            KeyCode::Char(character) => {
                shift = false;
                Key::Char(character)
            }
            KeyCode::F(number) => Key::Function(number),
            KeyCode::BackTab => {
                shift = true;
                Key::Named(Named::Tab)
            }
            code => Key::Named(Named::from_code(code)?),
        };
        let modifiers = event.modifiers;
        let mut chord = Chord {
            key,
            ctrl: modifiers.contains(KeyModifiers::CONTROL),
            alt: modifiers.contains(KeyModifiers::ALT),
            shift,
        };
        // Some terminals send the backspace key as byte 8, which reads as ctrl-h.
        if chord.ctrl && chord.key == Key::Char('h') {
            chord.ctrl = false;
            chord.key = Key::Named(Named::Backspace);
        }
        Some(chord)
    }
}

fn split_modifier(text: &str) -> Option<(&str, &str)> {
    let (modifier, rest) = text.split_once('-')?;
    (!modifier.is_empty() && !rest.is_empty()).then_some((modifier, rest))
}

fn parse_key(text: &str) -> Result<Key, String> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (None, _) => return Err(words!("fault-no-key")),
        (Some(one), None) if one.is_control() || one.is_whitespace() => {
            return Err(words!("fault-space"));
        }
        (Some(one), None) => return Ok(Key::Char(one)),
        _ => {}
    }
    if text == "space" {
        return Ok(Key::Char(' '));
    }
    if let Some(number) = text
        .strip_prefix('f')
        .and_then(|digits| digits.parse::<u8>().ok())
    {
        return match number {
            1..=24 => Ok(Key::Function(number)),
            _ => Err(words!("fault-function-key", value = text)),
        };
    }
    let canonical = ALIASES
        .iter()
        .find(|(alias, _)| *alias == text)
        .map_or(text, |(_, name)| name);
    Named::from_name(canonical).map(Key::Named).ok_or_else(|| {
        let hint = did_you_mean(text, Named::NAMES.iter().copied().chain(["space"]));
        words!("fault-key", value = text, hint = hint)
    })
}

impl fmt::Display for Chord {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.ctrl, "ctrl-"),
            (self.alt, "alt-"),
            (self.shift, "shift-"),
        ] {
            if held {
                out.write_str(name)?;
            }
        }
        match self.key {
            Key::Char(' ') => out.write_str("space"),
            Key::Char(character) => write!(out, "{character}"),
            Key::Function(number) => write!(out, "f{number}"),
            Key::Named(named) => out.write_str(named.name()),
        }
    }
}

/// Reads a sequence, chords with spaces between: `g g`.
pub fn parse_sequence(text: &str) -> Result<Vec<Chord>, String> {
    let chords: Vec<Chord> = text
        .split_whitespace()
        .map(Chord::parse)
        .collect::<Result<_, _>>()?;
    if chords.is_empty() {
        return Err(words!("fault-no-key"));
    }
    Ok(chords)
}

/// The text of a sequence, as [`parse_sequence`] reads it.
pub fn print_sequence(chords: &[Chord]) -> String {
    chords
        .iter()
        .map(Chord::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::tests::fixtures::speak;
    use crate::words::Language;
    use proptest::prelude::*;

    #[test]
    fn chords_read_and_print_the_same() {
        for text in [
            "ctrl-x",
            "g g",
            "G",
            "f5",
            "alt-1",
            "enter",
            "esc",
            "tab",
            "shift-tab",
            "up",
            "pgdn",
            "space",
            "-",
            "alt--",
            "ctrl-space",
            "?",
            "alt-G",
            "alt-enter",
            "ctrl-alt-x",
            "。",
            "shift-f5",
            "alt-d alt-e",
        ] {
            assert_eq!(print_sequence(&parse_sequence(text).expect(text)), text);
        }
        assert_eq!(Chord::parse("return"), Chord::parse("enter"));
    }

    #[test]
    fn faults_say_what_is_wrong() {
        let _words = speak(Language::English);
        let fault = |text: &str| parse_sequence(text).unwrap_err();
        assert_eq!(
            fault("ctrl-shft-x"),
            "unknown modifier \"shft\" (did you mean \"shift\"?)"
        );
        assert_eq!(
            fault("ctrl-i"),
            "a plain terminal cannot tell it from \"tab\""
        );
        assert_eq!(
            fault("ctrl-m"),
            "a plain terminal cannot tell it from \"enter\""
        );
        assert_eq!(
            fault("ctrl-["),
            "a plain terminal cannot tell it from \"esc\""
        );
        assert_eq!(
            fault("ctrl-h"),
            "a plain terminal cannot tell it from \"backspace\""
        );
        assert_eq!(
            fault("ctrl-shift-x"),
            "a plain terminal cannot tell it from \"ctrl-x\""
        );
        assert_eq!(
            fault("ctrl-X"),
            "a plain terminal cannot tell it from \"ctrl-x\""
        );
        assert_eq!(
            fault("shift-enter"),
            "a plain terminal cannot tell it from \"enter\""
        );
        assert_eq!(fault("shift-g"), "write \"G\", not shift and a letter");
        assert_eq!(
            fault("entr"),
            "unknown key \"entr\" (did you mean \"enter\"?)"
        );
        assert_eq!(
            fault("f99"),
            "there is no key \"f99\": function keys are f1 to f24"
        );
        assert_eq!(fault("ctrl-ctrl-x"), "modifier \"ctrl\" twice");
        assert_eq!(fault(" "), "no key");
        assert!(fault("ctrl-1").contains("cannot send"));
    }

    #[test]
    fn events_become_chords() {
        let chord = |code, modifiers| {
            Chord::from_event(KeyEvent::new(code, modifiers)).map(|chord| chord.to_string())
        };
        assert_eq!(
            chord(KeyCode::Char('G'), KeyModifiers::SHIFT).as_deref(),
            Some("G")
        );
        assert_eq!(
            chord(KeyCode::BackTab, KeyModifiers::SHIFT).as_deref(),
            Some("shift-tab")
        );
        assert_eq!(
            chord(KeyCode::Char('1'), KeyModifiers::ALT).as_deref(),
            Some("alt-1")
        );
        assert_eq!(
            chord(KeyCode::Char('h'), KeyModifiers::CONTROL).as_deref(),
            Some("backspace")
        );
        assert_eq!(chord(KeyCode::CapsLock, KeyModifiers::NONE), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_prints_back(text in "\\PC{0,12}") {
            if let Ok(chords) = parse_sequence(&text) {
                prop_assert_eq!(parse_sequence(&print_sequence(&chords)), Ok(chords));
            }
        }

        #[test]
        fn words_near_chords_never_panic(text in "(ctrl-|alt-|shift-|f|-| ){0,4}[a-zA-Z0-9\\[é汉]{0,2}") {
            if let Ok(chords) = parse_sequence(&text) {
                prop_assert_eq!(parse_sequence(&print_sequence(&chords)), Ok(chords));
            }
        }
    }
}
