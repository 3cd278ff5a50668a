//! The mouse: it focuses, selects and scrolls, and does nothing that cannot be undone by doing nothing.
use super::fixtures::*;
use super::screens::busy;
use crate::console::effect::{Ask, Effect};
use crate::console::layout;
use crate::console::model::{Pane, ScreenName};
use crate::console::mouse::{Kind, Press};
use crate::console::msg::{Answer, Msg};
use crate::words::Language;
use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

fn press(desk: &mut Desk, x: u16, y: u16) {
    desk.msg(Msg::Mouse(Press { kind: Kind::Press, at: (x, y) }));
}

fn wheel(desk: &mut Desk, x: u16, y: u16, by: isize) {
    desk.msg(Msg::Mouse(Press { kind: Kind::Wheel(by), at: (x, y) }));
}

/// The cell a text begins at.
fn place(desk: &Desk, wanted: &str) -> (u16, u16) {
    for (y, line) in desk.text().lines().enumerate() {
        if let Some(at) = line.find(wanted) {
            let x = unicode_width::UnicodeWidthStr::width(&line[..at]);
            return (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
        }
    }
    panic!("no {wanted}:\n{}", desk.text());
}

#[test]
fn a_press_focuses_the_pane_and_selects_the_row_under_it() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((160, 45));
    let (x, y) = place(&desk, "拖欠农民工工资");
    press(&mut desk, x, y);
    assert_eq!((desk.app.model.focus(), desk.app.model.board.current().unwrap().title.as_str()), (Pane::Board, "拖欠农民工工资，涉及十一人"));
    let (x, y) = place(&desk, "外国人");
    press(&mut desk, x + 1, y);
    assert_eq!((desk.app.model.focus(), desk.app.model.knowledge.selected), (Pane::Query, 1));
    let (x, y) = place(&desk, "念给来电人");
    press(&mut desk, x, y);
    assert_eq!(desk.app.model.focus(), Pane::Article);
    let (x, y) = place(&desk, "100****0009");
    press(&mut desk, x, y);
    assert_eq!((desk.app.model.focus(), desk.app.model.call_selected), (Pane::Queue, 1));
    let (x, y) = place(&desk, "受理登记");
    press(&mut desk, x, y);
    assert_eq!(desk.app.model.focus(), Pane::Form);
}

#[test]
fn a_press_on_a_screens_name_goes_there() {
    for language in [Language::Chinese, Language::English] {
        let _words = speak(language);
        for size in [(80, 24), (160, 45)] {
            let mut desk = busy(size);
            for (name, screen) in [("F5", ScreenName::Knowledge), ("F4", ScreenName::Tickets), ("F1", ScreenName::Desk)] {
                let (x, y) = place(&desk, name);
                assert_eq!(y, 0);
                press(&mut desk, x + 3, y);
                assert_eq!(desk.app.model.screen, screen, "{name} at {size:?} in {language:?}");
            }
        }
    }
}

#[test]
fn the_wheel_scrolls_what_is_under_it_and_leaves_the_focus() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((160, 45));
    let (x, y) = place(&desk, "念给来电人");
    wheel(&mut desk, x, y, 3);
    assert_eq!((desk.app.model.focus(), desk.app.model.knowledge.scroll), (Pane::Form, 3));
    wheel(&mut desk, x, y, -3);
    assert_eq!(desk.app.model.knowledge.scroll, 0);
    desk.keys("f10");
    wheel(&mut desk, x, y, 3);
    assert_eq!((desk.app.model.help, desk.app.model.knowledge.scroll), (Some(3), 0), "what lies on top is what is scrolled");
}

#[test]
fn the_mouse_never_types_opens_sends_or_confirms_wherever_it_is_pressed() {
    let _words = speak(Language::Chinese);
    for size in [(80, 24), (120, 35), (160, 45), (40, 12)] {
        for keys in ["alt-i", "alt-s", "alt-t", "alt-q", "f4", "f5", "ctrl-p", "f10", "alt-l", "f4 u"] {
            let mut desk = busy(size);
            desk.keys(keys);
            desk.asked.clear();
            let typed = desk.app.model.draft.title.text().to_owned();
            let prompt = desk.app.model.prompt.is_some();
            for y in 0..size.1 {
                for x in (0..size.0).step_by(3) {
                    press(&mut desk, x, y);
                    wheel(&mut desk, x, y, if y % 2 == 0 { 3 } else { -3 });
                }
            }
            let harmless = |effect: &Effect| matches!(effect, Effect::LoadTickets { .. } | Effect::KeepDrafts { .. });
            assert!(desk.asked.iter().all(harmless), "{size:?} {keys}: {:?}", desk.asked);
            assert_eq!((desk.app.model.draft.title.text(), desk.app.model.prompt.is_some()), (typed.as_str(), prompt), "{size:?} {keys}");
        }
    }
}

#[test]
fn a_key_gives_the_mouse_to_the_terminal_and_back() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((160, 45));
    desk.app.mouse = true;
    desk.keys("alt-m");
    assert!(!desk.app.mouse && desk.shows("可以拖选文字"));
    desk.keys("alt-m");
    assert!(desk.app.mouse);
}

#[test]
fn only_presses_of_the_left_button_and_the_wheel_mean_anything() {
    let of = |kind| Press::of(MouseEvent { kind, column: 3, row: 4, modifiers: KeyModifiers::NONE });
    assert_eq!(of(MouseEventKind::Down(MouseButton::Left)), Some(Press { kind: Kind::Press, at: (3, 4) }));
    assert!(matches!(of(MouseEventKind::ScrollDown), Some(Press { kind: Kind::Wheel(by), .. }) if by > 0));
    for kind in [MouseEventKind::Down(MouseButton::Right), MouseEventKind::Up(MouseButton::Left), MouseEventKind::Drag(MouseButton::Left), MouseEventKind::Moved] {
        assert_eq!(of(kind), None, "{kind:?}");
    }
}

#[test]
fn a_press_beyond_the_last_row_selects_nothing_else() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("supervisor", None, (160, 45));
    let rows = vec![row(1, "甲", 300), row(2, "乙", 301)];
    desk.page(Ask::Board, rows.clone());
    desk.keys("f4");
    desk.page(Ask::List, rows);
    desk.answer(Answer::Calls(Ok(calls(Vec::new()))));
    let area = layout::of((160, 45), ScreenName::Tickets, Pane::List, false).of(Pane::List).unwrap();
    press(&mut desk, 10, area.bottom() - 1);
    assert_eq!(desk.app.model.list.selected, 0);
    press(&mut desk, 10, area.y + 3);
    assert_eq!(desk.app.model.list.selected, 1);
}
