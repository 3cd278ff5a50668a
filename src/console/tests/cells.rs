//! The screens cell by cell: as text at every size in both languages, and the looks of each theme, held against what is
//! stored beside this file; and what no screen may do at any size, in any language, theme or width of ambiguous characters.
use super::admin::{audited, limit_form, units};
use super::fixtures::*;
use super::screens::{busy, opened};
use crate::console::layout;
use crate::console::look::{Ambiguous, Depth, Look};
use crate::console::msg::Msg;
use crate::words::{Language, switch_to};
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

const SIZES: [(u16, u16); 5] = [(40, 12), (80, 24), (120, 35), (160, 45), (200, 60)];

fn knowledge(size: (u16, u16)) -> Desk {
    let mut desk = busy(size);
    desk.keys("f5");
    desk
}

fn help(size: (u16, u16)) -> Desk {
    let mut desk = busy(size);
    desk.keys("f10");
    desk
}

fn palette(size: (u16, u16)) -> Desk {
    let mut desk = opened(size);
    desk.keys("ctrl-p");
    desk
}

fn idle(size: (u16, u16)) -> Desk {
    Desk::loaded(size, Vec::new())
}

/// Makes a console of a size that shows a screen.
type Make = fn((u16, u16)) -> Desk;

/// THE list of what is looked at: a new screen is a row here.
const SCREENS: [(&str, Make); 9] = [
    ("idle", idle),
    ("desk", busy),
    ("tickets", opened),
    ("knowledge", knowledge),
    ("help", help),
    ("palette", palette),
    ("admin", units),
    ("admin_form", limit_form),
    ("audit", audited),
];

const fn name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "chinese",
        Language::English => "english",
    }
}

#[test]
fn every_screen_stands_as_it_is_stored_at_every_size_in_both_languages() {
    for language in Language::ALL {
        let _words = speak(language);
        for (screen, make) in SCREENS {
            for size in SIZES {
                // Too small a window says the same whatever would be on it.
                if size.0 == 40 && screen != "desk" {
                    continue;
                }
                insta::assert_snapshot!(format!("{screen}_{}x{}_{}", size.0, size.1, name(language)), make(size).text());
            }
        }
    }
}

/// The styles of every cell, row by row, as runs: `43a 1b`; what the letters are stands first.
fn styles(buffer: &Buffer) -> String {
    let mut known: Vec<String> = Vec::new();
    let mut rows = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let style = format!("{} on {} {:?}", colour(cell.fg), colour(cell.bg), cell.modifier);
            let at = known.iter().position(|one| *one == style).unwrap_or_else(|| {
                known.push(style);
                known.len() - 1
            });
            match runs.last_mut() {
                Some((last, count)) if *last == at => *count += 1,
                _ => runs.push((at, 1)),
            }
        }
        let runs: Vec<String> = runs.iter().map(|(at, count)| format!("{count}{}", letter(*at))).collect();
        rows.push_str(&runs.join(" "));
        rows.push('\n');
    }
    let legend: Vec<String> = known.iter().enumerate().map(|(at, style)| format!("{} {style}", letter(at))).collect();
    format!("{}\n\n{rows}", legend.join("\n"))
}

fn letter(at: usize) -> char {
    (b'a'..=b'z').chain(b'A'..=b'Z').nth(at).map_or('?', char::from)
}

fn colour(colour: Color) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        other => other.to_string(),
    }
}

fn dressed(make: fn((u16, u16)) -> Desk, size: (u16, u16), theme: &str, ambiguous: Ambiguous) -> Desk {
    let mut desk = make(size);
    desk.app.look = Look::shipped(theme, if theme == "sixteen" { Depth::Sixteen } else { Depth::Full }, ambiguous).unwrap();
    desk
}

#[test]
fn every_theme_dresses_the_desk_as_it_is_stored_at_every_size_in_both_languages() {
    for language in Language::ALL {
        let _words = speak(language);
        for theme in Look::theme_names() {
            for size in &SIZES[1..] {
                let desk = dressed(busy, *size, theme, Ambiguous::One);
                insta::assert_snapshot!(format!("look_{theme}_{}x{}_{}", size.0, size.1, name(language)), styles(desk.draw().backend().buffer()));
            }
        }
    }
}

/// A wide character whose second half is another's, or beyond the edge.
fn cut_characters(buffer: &Buffer) -> Vec<(u16, u16, String)> {
    let mut cut = Vec::new();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            let halved = symbol.width() > 1 && (x + 1 >= buffer.area.width || !buffer[(x + 1, y)].symbol().trim().is_empty());
            if halved {
                cut.push((x, y, symbol.to_owned()));
            }
        }
    }
    cut
}

#[test]
fn no_character_is_cut_and_no_pane_writes_over_the_line_to_its_neighbour() {
    for language in Language::ALL {
        let _words = speak(language);
        for ambiguous in [Ambiguous::One, Ambiguous::Two] {
            for (screen, make) in SCREENS {
                let mut desk = dressed(make, (160, 45), "dark", ambiguous);
                for columns in (76..=200).step_by(3) {
                    for rows in [22, 24, 29, 30, 34, 35, 45, 60] {
                        desk.msg(Msg::Resize(columns, rows));
                        let buffer = desk.cells();
                        let cut = cut_characters(&buffer);
                        assert!(cut.is_empty(), "{screen} {columns}x{rows} {language:?}: {cut:?}\n{}", desk.text());
                        if matches!(screen, "help" | "palette") {
                            continue;
                        }
                        let areas = layout::of((columns, rows), desk.app.model.screen, desk.app.model.focus(), false);
                        for (x, from, to) in areas.rules {
                            for y in from..to {
                                let symbol = buffer[(x, y)].symbol();
                                assert!("│┬┴├┤┼|+".contains(symbol), "{screen} {columns}x{rows} {language:?} at {x},{y}: {symbol:?}\n{}", desk.text());
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn every_theme_says_the_same_and_mono_says_it_without_colour() {
    for language in Language::ALL {
        let _words = speak(language);
        for (screen, make) in SCREENS {
            for size in SIZES {
                let wanted = make(size).text();
                for theme in Look::theme_names() {
                    let desk = dressed(make, size, theme, Ambiguous::One);
                    assert_eq!(desk.text(), wanted, "{screen} {theme}");
                    let drawn = desk.draw();
                    let cells = drawn.backend().buffer().content();
                    assert!(theme != "mono" || cells.iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset), "{screen}");
                    assert!(cells.iter().all(|cell| !cell.modifier.intersects(Modifier::SLOW_BLINK | Modifier::RAPID_BLINK | Modifier::ITALIC)), "{screen} {theme}");
                }
            }
        }
    }
}

#[test]
fn the_language_is_switched_without_losing_a_word_or_the_place() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((160, 45));
    let (before, focus) = (desk.text(), desk.app.model.focus());
    desk.keys("f12");
    assert!(desk.shows("Intake") && desk.shows("拖欠工资三个月") && desk.shows("至今未发"));
    desk.keys("f12");
    desk.app.model.toast = None;
    assert!(desk.app.model.focus() == focus && desk.text() == before);
    switch_to(Language::Chinese);
}
