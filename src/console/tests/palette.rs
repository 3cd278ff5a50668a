//! The palette, the lines for what was done, and counts: by keys.
use super::fixtures::*;
use super::flow::{acted, handler};
use crate::client::ClientError;
use crate::console::effect::{Ask, Effect};
use crate::console::keymap::{Action, Context, Keymap};
use crate::console::look::Role;
use crate::console::model::Pane;
use crate::console::msg::{Answer, Msg};
use crate::domain::ticket::{Act, Step};
use crate::words::Language;
use ratatui::style::Style;

/// Somebody at a list of tickets with thirty rows; the first is at an earlier step than the others.
fn list() -> Desk {
    let mut desk = Desk::new("supervisor", None, (160, 45));
    let mut rows: Vec<_> = (1..=30).map(|number| row(number, &format!("示例路第{number}件"), 300 + i64::try_from(number).unwrap())).collect();
    rows[0].step = Step::Accepted;
    desk.page(Ask::Board, rows.clone());
    desk.keys("f4");
    desk.page(Ask::List, rows);
    desk.asked.clear();
    desk
}

fn line(desk: &Desk, wanted: &str) -> String {
    let text = desk.text();
    text.lines().find(|line| line.contains(wanted)).unwrap_or_else(|| panic!("no line with {wanted}:\n{text}")).to_owned()
}

fn chosen(desk: &Desk) -> Action {
    Action::from_name(&desk.app.model.prompt.as_ref().unwrap().chosen().unwrap().code).unwrap()
}

/// The style in which a text stands on the screen.
fn style_of(desk: &Desk, wanted: &str) -> Style {
    let terminal = desk.draw();
    let buffer = terminal.backend().buffer();
    let first = wanted.chars().next().unwrap().to_string();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let text: String = (x..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
            if buffer[(x, y)].symbol() == first && text.replace(' ', "").starts_with(&wanted.replace(' ', "")) {
                return buffer[(x, y)].style();
            }
        }
    }
    panic!("{wanted} is not on the screen");
}

#[test]
fn every_action_is_found_by_hanzi_english_initials_and_name() {
    for language in [Language::Chinese, Language::English] {
        let _words = speak(language);
        for typed in ["催办", "urge the", "cbsxgd", "ticket urge", "ticket.urge"] {
            let mut desk = list();
            desk.keys("ctrl-p").types(typed);
            assert_eq!(chosen(&desk), Action::TicketUrge, "{typed} in {language:?}:\n{}", desk.text());
        }
    }
}

#[test]
fn the_palette_holds_every_action_with_its_key_and_verb() {
    let _words = speak(Language::Chinese);
    let mut desk = list();
    desk.keys("ctrl-p");
    let items = &desk.app.model.prompt.as_ref().unwrap().choices.items;
    for action in Action::ALL.iter().filter(|action| !matches!(action, Action::Submit | Action::Cancel | Action::AppPalette) && action.pin_place().is_none_or(|place| place == 1)) {
        assert!(items.iter().any(|item| item.code == action.name()), "{}", action.name());
    }
    desk.types("催办");
    let shown = line(&desk, "催办所选工单");
    assert!(shown.contains("ticket urge") && shown.trim_end_matches(['│', ' ']).ends_with(" u"), "{shown}");
}

#[test]
fn a_key_looks_live_only_where_it_works() {
    let _words = speak(Language::Chinese);
    let raised = |desk: &Desk, role| desk.app.look.style_on(role, Role::Raised).fg;
    let mut desk = list();
    desk.keys("ctrl-p").types("shuaxin");
    desk.keys("ctrl-u").types("f4");
    desk.keys("ctrl-u").types("分").keys("ctrl-u").types("gongdan");
    // Not selected, so that the ground is the box's own.
    assert_eq!(style_of(&desk, "f4").fg, raised(&desk, Role::Key), "works from anywhere");
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-k ctrl-p").types("备注");
    desk.keys("ctrl-u").types("tjbz");
    assert!(desk.shows("工单列表 m"), "{}", desk.text());
    let style = style_of(&desk, "工单列表 m");
    assert!(style.fg != raised(&desk, Role::Key) && style.fg != desk.app.look.style_on(Role::Key, Role::Selected).fg, "{style:?}");
}

#[test]
fn below_the_rule_stands_what_it_would_do_and_a_refused_act_says_why() {
    let _words = speak(Language::Chinese);
    let mut desk = list();
    desk.keys("down ctrl-p").types("催办");
    assert!(line(&desk, "hotline ticket").contains("hotline ticket urge 1120-0002"), "{}", desk.text());
    assert!(line(&desk, "示例路第2件").contains("1120-0002"));
    desk.keys("esc").keys("k ctrl-p").types("催办");
    assert!(desk.shows("现为「待派单」，不能催办"), "{}", desk.text());
    desk.keys("enter");
    assert!(acted(&mut desk).is_empty() && desk.app.model.prompt.is_some(), "it stays listed, and nothing is sent");
    desk.keys("ctrl-u").types("归档").keys("esc j ctrl-p").types("催办").keys("enter");
    desk.keys("enter");
    assert_eq!(acted(&mut desk).pop().unwrap().0, Act::Urge);
}

#[test]
fn an_act_beyond_ones_rights_says_so() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("ctrl-p").types("督办");
    desk.keys("ctrl-u").types("cbsxgd");
    assert_eq!(chosen(&desk), Action::TicketUrge);
    assert!(desk.shows("您没有催办的权限"), "{}", desk.text());
}

#[test]
fn the_palette_is_eighty_four_by_eighteen_where_it_fits_and_usable_in_a_small_window() {
    for language in [Language::Chinese, Language::English] {
        let _words = speak(language);
        for (size, left, top, bottom) in [((160, 45), 38, 6, 23), ((120, 35), 18, 6, 23), ((80, 24), 1, 5, 22)] {
            let mut desk = list();
            desk.msg(Msg::Resize(size.0, size.1));
            desk.keys("ctrl-p").types("ticket urge");
            let terminal = desk.draw();
            let buffer = terminal.backend().buffer();
            assert_eq!((buffer[(left, top)].symbol(), buffer[(left, bottom)].symbol()), ("┌", "└"), "{size:?}\n{}", desk.text());
            assert!(desk.shows("hotline ticket urge"), "{size:?}\n{}", desk.text());
            assert!(desk.text().lines().next().unwrap().contains("F4"), "the screens stay in sight");
        }
    }
}

#[test]
fn what_was_done_is_told_newest_first_and_only_what_the_server_took() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("alt-l");
    assert!(desk.shows("还没有做过操作"));
    desk.keys("esc s");
    let key = acted(&mut desk).pop().unwrap().2;
    desk.answer(Answer::Acted { key, result: Err(ClientError::Unreachable("down".into())) });
    assert!(desk.app.model.own.done.is_empty());
    desk.keys("s");
    let key = acted(&mut desk).pop().unwrap().2;
    desk.answer(Answer::Acted { key, result: Ok(row(163, "拖欠农民工工资", 300)) });
    desk.keys("m").types("两次 未接").keys("enter");
    let key = acted(&mut desk).pop().unwrap().2;
    desk.answer(Answer::Acted { key, result: Ok(row(163, "拖欠农民工工资", 300)) });
    desk.keys("alt-l");
    let text = desk.text();
    let (note, sign) = (text.find("hotline ticket act 1120-0163 note --text '两次 未接'"), text.find("hotline ticket act 1120-0163 sign"));
    assert!(note.is_some() && note < sign, "{text}");
    desk.keys("esc");
    assert!(!desk.shows("hotline ticket"));
}

#[test]
fn a_long_line_is_broken_as_a_shell_takes_it() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.msg(Msg::Resize(80, 24));
    let said = "联系来电人，告知进展。".repeat(3);
    desk.keys("m").types(&said).keys("enter");
    let key = acted(&mut desk).pop().unwrap().2;
    desk.answer(Answer::Acted { key, result: Ok(row(163, "拖欠农民工工资", 300)) });
    desk.keys("alt-l");
    assert!(desk.shows("note --text \\"), "{}", desk.text());
}

#[test]
fn a_count_moves_so_many_rows_goes_to_a_row_and_opens_one() {
    let _words = speak(Language::Chinese);
    let mut desk = list();
    desk.keys("5");
    assert!(desk.shows("5… 后接移动键"), "{}", desk.text());
    desk.keys("j");
    assert_eq!(desk.app.model.list.selected, 5);
    assert!(!desk.shows("后接移动键"));
    desk.keys("1 2 G");
    assert_eq!(desk.app.model.list.selected, 11, "rows count from one");
    desk.keys("3 k 1 0 down");
    assert_eq!(desk.app.model.list.selected, 18);
    desk.keys("7");
    desk.keys("g");
    assert!(desk.shows("7 g 之后"), "{}", desk.text());
    desk.keys("g");
    assert_eq!(desk.app.model.list.selected, 6);
    desk.keys("9 9 9 j");
    assert_eq!(desk.app.model.list.selected, 29, "the last there is");
    desk.keys("4 esc j");
    assert_eq!(desk.app.model.list.selected, 29, "dropped, and so one row");
    desk.keys("4 enter");
    assert_eq!(desk.taken(|effect| if let Effect::LoadDetail(id) = effect { Some(*id) } else { None }), [row(4, "", 1).id]);
}

#[test]
fn a_number_before_an_act_is_no_number_of_tickets() {
    let _words = speak(Language::Chinese);
    let mut desk = list();
    desk.keys("j 3 u");
    assert!(acted(&mut desk).is_empty() && desk.app.model.prompt.is_none() && desk.shows("数字只用在移动和打开之前"), "{}", desk.text());
    desk.keys("u");
    assert!(desk.app.model.prompt.is_some(), "the number is spent");
}

#[test]
fn digits_stay_picks_and_text_where_they_are() {
    let _words = speak(Language::Chinese);
    let mut desk = super::screens::busy((160, 45));
    desk.keys("alt-s enter 2");
    assert!(desk.app.count.is_none() && desk.app.model.knowledge.selected == 1, "a hit is picked");
    desk.keys("alt-s").types("12");
    assert!(desk.app.count.is_none() && desk.app.model.knowledge.query.text().ends_with("12"));
    desk.keys("alt-i").types("34");
    assert!(desk.app.count.is_none());
    assert_eq!(desk.app.model.focus(), Pane::Form);
    // A keymap that gives a digit to something has it so.
    let own = Keymap::read("my.toml", "inherits = \"default\"\ntickets = [ { on = \"5\", run = \"zoom\" } ]").unwrap();
    let mut desk = list();
    desk.app.keymap = own;
    desk.keys("5");
    assert!(desk.app.count.is_none() && desk.app.model.zoom);
    assert_eq!(desk.app.place().last(), Some(&Context::Tickets));
}

#[test]
fn what_was_done_is_covered_by_the_login_as_everything_is() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("m").types("两次未接").keys("enter");
    let key = acted(&mut desk).pop().unwrap().2;
    desk.answer(Answer::Acted { key, result: Ok(row(163, "拖欠农民工工资", 300)) });
    desk.keys("alt-l");
    assert!(desk.shows("两次未接"));
    desk.live(crate::client::Live::Unauthorized);
    assert!(!desk.shows("两次未接") && desk.shows("密码"), "{}", desk.text());
    desk.types("quiet").keys("enter");
    let sent = desk.taken(|effect| if let Effect::LogIn { password, .. } = effect { Some(password.0.clone()) } else { None });
    assert_eq!(sent, ["quiet"], "the keys are the login's");
    let mut other = me("handler_clerk", Some("city.rsj"));
    other.login = "op02".into();
    desk.answer(Answer::LoggedIn(Ok(crate::api::session::Session { token: "t".into(), expires_at: now(), me: other })));
    assert!(desk.app.model.own.done.is_empty() && !desk.shows("两次未接"), "another person has done nothing yet");
}

#[test]
fn every_act_the_console_can_do_is_in_the_palette_by_its_name() {
    let _words = speak(Language::Chinese);
    for (typed, act) in [("督办", Act::Supervise), ("提级办理", Act::Lift), ("申请退单", Act::RequestReturn), ("gq", Act::Suspend)] {
        let mut desk = Desk::new("supervisor", None, (160, 45));
        let one = row(163, "拖欠农民工工资", 300);
        desk.page(crate::console::effect::Ask::Board, vec![one.clone()]);
        desk.keys("f4");
        desk.page(crate::console::effect::Ask::List, vec![one.clone()]);
        desk.keys("enter");
        desk.answer(Answer::Detail(one.id, Ok(detail(one, vec![act]))));
        desk.keys("ctrl-p").types(typed);
        let wanted = crate::console::panes::terms::act(act);
        assert!(desk.shows(&wanted), "{typed}: {}", desk.text());
        let item = desk.app.model.prompt.as_ref().unwrap().chosen().unwrap().code.clone();
        assert_eq!(item, format!("ticket.{}", act.code()), "{typed}");
    }
    let offered: Vec<Act> = crate::console::keymap::Action::ALL.iter().filter_map(|action| crate::console::app::App::act_of(*action)).collect();
    // What the exchange, the form, the sweep or another place does.
    let elsewhere = [Act::Accept, Act::Answer, Act::Redispatch, Act::Merge, Act::Turn];
    let missing: Vec<&Act> = Act::ALL.iter().filter(|act| !offered.contains(act) && !elsewhere.contains(act)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
