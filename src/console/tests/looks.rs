//! What was once drawn wrong: words over words, two places in focus, hints that lie, lists that hide their end.
use super::fixtures::*;
use super::screens::busy;
use crate::console::effect::Ask;
use crate::console::keymap::{Action, Keymap};
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::ticket::Act;
use crate::words::Language;

fn line_with(desk: &Desk, wanted: &str) -> String {
    let text = desk.text();
    text.lines().find(|line| line.contains(wanted)).unwrap_or_else(|| panic!("no line with {wanted}:\n{text}")).to_owned()
}

#[test]
fn the_help_names_the_nine_pins_once_and_says_that_there_is_more() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((80, 24));
    desk.keys("f10");
    assert!(line_with(&desk, "alt-1…9").contains("钉到本通电话") && !desk.shows("alt-2"));
    let first = line_with(&desk, "更多");
    assert!(first.contains(" 1–18/"), "{first}");
    desk.keys("pgdn pgdn pgdn pgdn");
    let last = line_with(&desk, "└─");
    assert!(!last.contains("更多"), "{last}");
    let (shown, all) = last.split_once('–').unwrap().1.split_once('/').unwrap();
    assert_eq!(Some(shown), all.split(' ').next(), "the end can be seen: {last}");
}

#[test]
fn the_palette_begins_with_what_the_place_is_for_and_ends_with_the_ways_out() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((160, 45));
    desk.keys("ctrl-p");
    let items = &desk.app.model.prompt.as_ref().unwrap().choices.items;
    let place = |action: Action| items.iter().position(|item| item.code == action.name()).unwrap();
    assert!(place(Action::FormDispatch) < place(Action::ScreenTickets), "the place before everywhere");
    assert!(place(Action::ScreenTickets) < place(Action::TicketSign), "everywhere before other places");
    assert!(place(Action::AppQuit) > place(Action::TicketSign), "nobody quits by enter");
    assert!(desk.shows(&format!(" 1/{} ", items.len())), "it says how many there are");
}

#[test]
fn only_one_pane_is_in_focus() {
    let _words = speak(Language::Chinese);
    for size in [(80, 24), (120, 35), (160, 45)] {
        let mut desk = busy(size);
        for keys in ["alt-i", "alt-s", "enter", "alt-t", "alt-q", "alt-k", "f5", "enter", "f4"] {
            desk.keys(keys);
            assert_eq!(desk.text().matches('▌').count(), 1, "{size:?} after {keys}:\n{}", desk.text());
        }
    }
}

#[test]
fn a_narrow_detail_writes_nothing_over_anything_and_names_the_rule_of_its_limit() {
    let _words = speak(Language::English);
    let mut desk = busy((120, 35));
    let one = overdue(93, "小区电梯停运五天");
    desk.app.open_ticket(one.id);
    desk.page(Ask::List, vec![one.clone()]);
    let mut whole = detail(one.clone(), vec![Act::Urge]);
    whole.limit = Some("speed_up/1".into());
    desk.answer(Answer::Detail(one.id, Ok(whole)));
    assert!(line_with(&desk, "round 1").contains(" late "), "{}", desk.text());
    assert!(desk.shows("limit by rule “fast track”, edition 1") && !desk.shows("speed_up"), "{}", desk.text());
}

#[test]
fn while_one_wraps_up_the_first_hint_and_the_tab_say_so() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((80, 24), vec![call(7, CallState::WrapUp)]);
    desk.keys("alt-i");
    assert!(line_with(&desk, "alt-s").starts_with("▌ 整理"), "{}", desk.text());
    let status = desk.text().lines().last().unwrap().to_owned();
    assert!(status.contains("alt-e 结束整理") && !status.contains("alt-h"), "{status}");
}

#[test]
fn every_tab_of_a_small_desk_is_there_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let _words = speak(language);
        let desk = busy((80, 24));
        // In a call the caller's chord may stand with the caller, two rows below.
        let tabs = desk.text().lines().skip(2).take(4).collect::<String>();
        for action in [Action::FocusKnowledge, Action::FocusTickets, Action::FocusQueue, Action::FocusCaller] {
            let key = Keymap::built_in().keys_of(&desk.app.contexts(), action).unwrap().keys();
            assert!(tabs.contains(&key), "{key} is missing: {tabs}");
        }
    }
}

#[test]
fn a_quiet_line_is_not_counted_and_an_old_one_is() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.wait(9);
    assert!(desk.shows("连接正常 · 10 秒内"), "{}", desk.text());
    desk.msg(crate::console::msg::Msg::Resize(80, 24));
    assert!(desk.shows("连接正常  "), "{}", desk.text());
    desk.wait(3);
    assert!(desk.shows("连接正常 · 12 秒前"), "{}", desk.text());
}
