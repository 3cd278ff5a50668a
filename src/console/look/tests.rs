//! Themes: each one shipped is whole, and each fault in one is told.
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::*;

fn look(name: &str) -> Look {
    Look::shipped(name, Depth::Full, Ambiguous::One).expect(name)
}

fn luminance(colour: Color) -> f64 {
    let Color::Rgb(r, g, b) = colour else {
        panic!("{colour:?} is not a full colour");
    };
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// WCAG 2 contrast ratio.
fn contrast(style: Style) -> f64 {
    let (one, other) = (
        luminance(style.fg.expect("fg")),
        luminance(style.bg.expect("bg")),
    );
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Roles that are grounds or lines, not text.
const NOT_TEXT: &[Role] = &[
    Role::Page,
    Role::Raised,
    Role::Selected,
    Role::SelectedUnfocused,
    Role::Well,
    Role::Tint,
    Role::Rule,
    Role::RuleFocused,
    Role::Border,
    Role::Seat,
];

#[test]
fn every_shipped_theme_loads_and_styles_every_role() {
    for (name, text) in SHIPPED {
        let look = Look::read(name, text, Depth::Full, Ambiguous::One)
            .unwrap_or_else(|faults| panic!("{faults:?}"));
        assert_eq!(look.styles.len(), Role::ALL.len());
    }
    for name in Look::theme_names() {
        for depth in [
            Depth::Full,
            Depth::TwoHundredFiftySix,
            Depth::Sixteen,
            Depth::None,
        ] {
            assert!(Look::shipped(name, depth, Ambiguous::Two).is_some());
        }
    }
}

#[test]
fn fallbacks_of_roles_go_in_no_circle() {
    for role in Role::ALL {
        let steps = std::iter::successors(Some(*role), |role| role.fallback())
            .take(20)
            .count();
        assert!(steps < 20, "{}", role.name());
    }
}

#[test]
fn text_can_be_read_on_the_page_and_on_a_selection() {
    for (name, least) in [("dark", 4.5), ("light", 4.5), ("high-contrast", 7.0)] {
        let look = look(name);
        for role in Role::ALL.iter().filter(|role| !NOT_TEXT.contains(role)) {
            let on_page = contrast(look.style_on(*role, Role::Page));
            assert!(
                on_page >= least,
                "{name} {} on the page: {on_page:.2}",
                role.name()
            );
            // The design computes 4.5 for red on a selection; rounding is its own.
            let on_selection = contrast(look.style_on(*role, Role::Selected));
            assert!(
                on_selection >= least - 0.05,
                "{name} {} on a selection: {on_selection:.2}",
                role.name()
            );
        }
        for ground in [
            Role::Page,
            Role::Raised,
            Role::Selected,
            Role::SelectedUnfocused,
            Role::Well,
            Role::Tint,
            Role::Seat,
        ] {
            let text = contrast(look.style_on(Role::Text, ground));
            assert!(text >= least, "{name} text on {}: {text:.2}", ground.name());
        }
    }
}

#[test]
fn mono_has_no_colour_and_still_tells_roles_apart() {
    let look = look("mono");
    for role in Role::ALL {
        let style = look.style(*role);
        assert!(style.fg.is_none() && style.bg.is_none(), "{}", role.name());
    }
    assert!(
        look.style(Role::Selected)
            .add_modifier
            .contains(Modifier::REVERSED)
    );
    assert!(
        look.style(Role::Match)
            .add_modifier
            .contains(Modifier::UNDERLINED)
    );
    assert!(
        look.style(Role::Strong)
            .add_modifier
            .contains(Modifier::BOLD)
    );
    assert_ne!(look.style(Role::HeadingFocused), look.style(Role::Heading));
}

#[test]
fn no_colour_gives_mono_and_sixteen_gives_named_colours() {
    assert_eq!(
        Look::shipped("dark", Depth::None, Ambiguous::One),
        Some(look("mono"))
    );
    let sixteen = Look::shipped("light", Depth::Sixteen, Ambiguous::One).unwrap();
    for role in Role::ALL {
        let style = sixteen.style(*role);
        for colour in [style.fg, style.bg].into_iter().flatten() {
            assert!(
                !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                "{}",
                role.name()
            );
        }
    }
    let indexed = Look::shipped("dark", Depth::TwoHundredFiftySix, Ambiguous::One).unwrap();
    assert!(matches!(
        indexed.style(Role::Orange).fg,
        Some(Color::Indexed(_))
    ));
    assert_eq!(Look::shipped("drak", Depth::Full, Ambiguous::One), None);
}

#[test]
fn glyphs_take_one_cell_and_one_switch_takes_the_ascii_column() {
    let (one, two) = (
        look("dark"),
        Look::shipped("dark", Depth::Full, Ambiguous::Two).unwrap(),
    );
    for glyph in Glyph::ALL {
        assert_eq!(one.glyph(*glyph).width(), 1, "{}", glyph.name());
        assert!(two.glyph(*glyph).is_ascii(), "{}", glyph.name());
    }
    assert_eq!(
        (one.glyph(Glyph::Orange), two.glyph(Glyph::Orange)),
        ("▲", "^")
    );
}

#[test]
fn flags_differ_by_more_than_hue() {
    let flags = [
        Glyph::Orange,
        Glyph::Red,
        Glyph::Overdue,
        Glyph::Yellow,
        Glyph::Priority,
    ];
    for (index, flag) in flags.iter().enumerate() {
        for other in &flags[index + 1..] {
            assert_ne!(flag.drawn(), other.drawn());
            assert_ne!(flag.ascii(), other.ascii());
        }
    }
}

#[test]
fn all_faults_of_a_theme_come_at_once_each_with_its_line() {
    let _words = crate::console::tests::fixtures::speak(crate::words::Language::English);
    let text = r##"inherits = "drak"
[palette]
accent = "#12345"
fg = 7
[roles]
orang = { fg = "accent" }
red = { fg = "acent", blod = true }
green = { bold = "yes" }
warn = "yellow"
[pallete]
"##;
    let faults = Look::read("my.toml", text, Depth::Full, Ambiguous::One).unwrap_err();
    let faults: Vec<String> = faults.iter().map(Fault::to_string).collect();
    assert_eq!(
        faults,
        [
            r##"my.toml:1: inherits: unknown theme "drak" (did you mean "dark"?)"##,
            r##"my.toml:3: [palette] accent: "#12345" is not a colour: write six digits, #rrggbb"##,
            r##"my.toml:4: [palette] fg: must be a colour in quotes"##,
            r##"my.toml:6: [roles] orang: unknown role (did you mean "orange"?)"##,
            r##"my.toml:7: [roles] red: unknown field "blod" (did you mean "bold"?)"##,
            r##"my.toml:7: [roles] red: unknown colour "acent" (did you mean "accent"?)"##,
            r##"my.toml:8: [roles] green: "bold" must be true or false"##,
            r##"my.toml:9: [roles] warn: must be { fg = …, bg = …, bold = … }"##,
            r##"my.toml:10: unknown table [pallete] (did you mean "palette"?)"##,
        ]
    );
}

#[test]
fn a_theme_of_ones_own_changes_only_what_it_says() {
    let text = "inherits = \"dark\"\n[palette]\naccent = \"#ffffff\"\n";
    let own = Look::read("my.toml", text, Depth::Full, Ambiguous::One).unwrap();
    assert_eq!(
        own.style(Role::Cursor).fg,
        Some(Color::Rgb(255, 255, 255)),
        "inherited roles follow the palette"
    );
    assert_eq!(own.style(Role::Orange), look("dark").style(Role::Orange));
}

#[test]
fn a_bad_theme_leaves_a_shipped_one() {
    let (look_used, faults) =
        Look::read_or_shipped("my.toml", "[roles", Depth::Full, Ambiguous::One);
    assert_eq!(look_used, look("dark"));
    assert_eq!(faults[0].line, Some(1));
}

#[test]
fn three_thousand_damaged_themes_still_open_a_console_and_are_told() {
    let whole = "inherits = \"light\"\n\n[roles]\ntext = { fg = \"#202020\" }\nflag_red = { fg = \"#b00020\", bold = true }\n";
    let mut told = 0;
    for wrong in crate::private::damage::of(whole.as_bytes(), 3_000, 9) {
        let Ok(text) = std::str::from_utf8(&wrong) else { continue };
        let (_, faults) = Look::read_or_shipped("my.toml", text, Depth::Full, Ambiguous::One);
        assert!(faults.iter().all(|fault| fault.to_string().starts_with("my.toml")), "{faults:?}");
        told += usize::from(!faults.is_empty());
    }
    assert!(told > 300, "{told}");
}
