//! The README's picture: the desk as it is drawn, cell by cell, as SVG. Written anew with `HOTLINE_WRITE_PICTURE=1`;
//! otherwise held against the one that is there, so that it never shows a desk that is not.
use super::fixtures::speak;
use super::screens::busy;
use crate::words::Language;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// A cell in units of the picture.
const CELL: (u16, u16) = (9, 20);

fn hex(colour: Color, otherwise: &str) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        _ => otherwise.to_owned(),
    }
}

fn svg(buffer: &Buffer) -> String {
    let (width, height) = (buffer.area.width * CELL.0, buffer.area.height * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"DejaVu Sans Mono, Noto Sans Mono CJK SC, monospace\" font-size=\"15\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#14181d\"/>\n"
    );
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let (back, fore) = (hex(cell.bg, "#14181d"), hex(cell.fg, "#cfd5dc"));
            let cells = u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
            let (left, top, wide) = (x * CELL.0, y * CELL.1, cells * CELL.0);
            if back != "#14181d" {
                let _ = writeln!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{}\" fill=\"{back}\"/>", CELL.1);
            }
            if !cell.symbol().trim().is_empty() {
                let bold = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
                let line = if cell.modifier.contains(Modifier::UNDERLINED) { " text-decoration=\"underline\"" } else { "" };
                let text = cell.symbol().replace('&', "&amp;").replace('<', "&lt;");
                let _ = writeln!(out, "<text x=\"{left}\" y=\"{}\" fill=\"{fore}\" textLength=\"{wide}\"{bold}{line}>{text}</text>", top + 15);
            }
            x += cells;
        }
    }
    out.push_str("</svg>\n");
    out
}

#[test]
fn the_readmes_picture_is_the_desk() {
    let _words = speak(Language::Chinese);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/desk.svg");
    let picture = svg(busy((160, 45)).draw().backend().buffer());
    if std::env::var_os("HOTLINE_WRITE_PICTURE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots")).unwrap();
        std::fs::write(path, &picture).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap_or_default() == picture, "run this test once with HOTLINE_WRITE_PICTURE=1");
}
