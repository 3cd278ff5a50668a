//! Colours as people write them, read by characters; and what a poorer terminal makes of them.

use ratatui::style::Color;

use crate::console::keymap::hint::did_you_mean;
use crate::words;

/// The sixteen colours every terminal has, and its own default.
const NAMED: &[(&str, Color)] = &[
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// Reads `#rrggbb` or one of the sixteen names. The error is the reason in words.
pub fn parse_colour(text: &str) -> Result<Color, String> {
    if let Some(digits) = text.strip_prefix('#') {
        let values: Option<Vec<u8>> = digits
            .chars()
            .map(|digit| {
                digit
                    .to_digit(16)
                    .and_then(|value| u8::try_from(value).ok())
            })
            .collect();
        return match values.as_deref() {
            Some([r1, r2, g1, g2, b1, b2]) => {
                Ok(Color::Rgb(r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2))
            }
            Some(_) => Err(words!("fault-colour-digits", value = text)),
            None => Err(words!("fault-colour-hex", value = text)),
        };
    }
    let found = NAMED.iter().find(|(name, _)| *name == text);
    found.map(|(_, colour)| *colour).ok_or_else(|| {
        let hint = did_you_mean(text, NAMED.iter().map(|(name, _)| *name));
        words!("fault-colour-name", value = text, hint = hint)
    })
}

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 24 bits.
    Full,
    /// The 256 of xterm.
    TwoHundredFiftySix,
    /// The sixteen named ones.
    Sixteen,
    /// None: NO_COLOR, or a terminal without colours.
    None,
}

impl Depth {
    /// What the environment says; `variable` looks up one variable. An empty NO_COLOR says nothing.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Depth {
        let value = |name: &str| variable(name).unwrap_or_default();
        if !value("NO_COLOR").is_empty() {
            return Depth::None;
        }
        let (colour, term) = (value("COLORTERM"), value("TERM"));
        if colour == "truecolor" || colour == "24bit" || term.ends_with("-direct") {
            Depth::Full
        } else if term.contains("256color") {
            Depth::TwoHundredFiftySix
        } else if term.starts_with("vt1")
            || term.starts_with("vt2")
            || term.ends_with("-m")
            || term == "dumb"
        {
            Depth::None
        } else {
            Depth::Sixteen
        }
    }

    /// The colour this depth can show; named colours stay.
    pub fn reduce(self, colour: Color) -> Color {
        match (self, colour) {
            (Depth::TwoHundredFiftySix, Color::Rgb(r, g, b)) => {
                Color::Indexed(nearest_indexed(r, g, b))
            }
            _ => colour,
        }
    }
}

/// The nearest of xterm's colour cube (16–231) and greys (232–255).
fn nearest_indexed(r: u8, g: u8, b: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let mut best = (u32::MAX, 16);
    let mut offer = |index: u8, red: u8, green: u8, blue: u8| {
        let square = |from: u8, to: u8| u32::from(from.abs_diff(to)).pow(2);
        let distance = square(r, red) + square(g, green) + square(b, blue);
        best = best.min((distance, index));
    };
    for index in 0..216u8 {
        let step = |place: u8| STEPS[usize::from(place % 6)];
        offer(16 + index, step(index / 36), step(index / 6), step(index));
    }
    for index in 0..24u8 {
        let grey = 8 + 10 * index;
        offer(232 + index, grey, grey, grey);
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colours_are_read_by_characters() {
        assert_eq!(parse_colour("#7fb8ee"), Ok(Color::Rgb(0x7f, 0xb8, 0xee)));
        assert_eq!(parse_colour("bright-blue"), Ok(Color::LightBlue));
        for bad in [
            "#7fb8e",
            "#红红",
            "#7fb8eé",
            "#",
            "",
            "#7fb8ee0",
            "bright-blu",
        ] {
            assert!(parse_colour(bad).is_err(), "{bad}");
        }
        let _words = crate::console::tests::fixtures::speak(crate::words::Language::English);
        assert!(
            parse_colour("bright-blu")
                .unwrap_err()
                .contains("did you mean \"bright-blue\"?")
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "#?\\PC{0,8}") {
            let _ = parse_colour(&text);
        }
    }

    #[test]
    fn the_environment_decides_the_depth() {
        let depth = |pairs: &[(&str, &str)]| {
            Depth::detect(|name| {
                pairs
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(
            depth(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]),
            Depth::None
        );
        assert_eq!(
            depth(&[("NO_COLOR", ""), ("COLORTERM", "truecolor")]),
            Depth::Full
        );
        assert_eq!(
            depth(&[("TERM", "xterm-256color")]),
            Depth::TwoHundredFiftySix
        );
        assert_eq!(depth(&[("TERM", "linux")]), Depth::Sixteen);
        assert_eq!(depth(&[("TERM", "vt100")]), Depth::None);
    }

    #[test]
    fn the_nearest_of_256_is_near() {
        assert_eq!(nearest_indexed(255, 255, 255), 231);
        assert_eq!(nearest_indexed(0, 0, 0), 16);
        assert_eq!(nearest_indexed(0x14, 0x18, 0x1d), 234);
    }
}
