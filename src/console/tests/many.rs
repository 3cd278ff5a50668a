//! Marks and bulk by keys: what is marked, what is shown before anything changes, what goes out, what is said of it.
use super::fixtures::*;
use crate::api::events::Change;
use crate::api::tickets::{ActRequest, TicketRow};
use crate::client::{ClientError, Live};
use crate::console::effect::{Ask, Effect};
use crate::console::msg::{Answer, Msg};
use crate::domain::ids::TicketId;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::{Act, Step};
use crate::words::Language;
use std::collections::HashSet;

/// A supervisor at five tickets: the first waits to be dispatched, the last is archived.
fn list(size: (u16, u16)) -> Desk {
    let mut desk = Desk::new("supervisor", None, size);
    let mut rows: Vec<TicketRow> = (1..=5).map(|number| row(number, &format!("示例路第{number}件"), 300 + i64::try_from(number).unwrap())).collect();
    rows[0].step = Step::Accepted;
    (rows[0].unit, rows[0].unit_name) = (None, None);
    rows[2].urges = 2;
    rows[4].step = Step::Replied;
    desk.page(Ask::Board, rows.clone());
    desk.keys("f4");
    desk.page(Ask::List, rows);
    desk.live(Live::Connected(100));
    desk.asked.clear();
    desk
}

fn sent(desk: &mut Desk) -> Vec<(TicketId, Act, ActRequest, String)> {
    desk.taken(|effect| if let Effect::Act { ticket, act, request, key } = effect { Some((*ticket, *act, (**request).clone(), key.clone())) } else { None })
}

fn done(desk: &mut Desk, ticket: TicketId, key: &str) {
    let mut row = desk.app.model.list.find(ticket).unwrap().clone();
    row.version += 1;
    desk.answer(Answer::Acted { key: key.into(), result: Ok(row) });
}

fn line(desk: &Desk, wanted: &str) -> String {
    let text = desk.text();
    text.lines().find(|line| line.contains(wanted)).unwrap_or_else(|| panic!("no line with {wanted}:\n{text}")).to_owned()
}

fn marked(desk: &Desk) -> Vec<u128> {
    desk.app.model.many.rows().map(|row| row.id.0.as_u128()).collect()
}

#[test]
fn a_mark_stands_in_its_column_and_goes_by_its_key_and_by_escape() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("space space");
    assert_eq!((marked(&desk), desk.app.model.list.selected), (vec![1, 2], 2), "each key goes on to the next row");
    assert!(line(&desk, "示例路第1件").starts_with(" +") && line(&desk, "示例路第2件").starts_with(" +"), "a sign, not only a colour");
    assert!(line(&desk, "示例路第3件").starts_with("› ") && desk.shows("已标 2"));
    desk.keys("k space");
    assert_eq!(marked(&desk), [1]);
    desk.keys("a");
    assert_eq!(marked(&desk).len(), 5, "all that are shown");
    desk.keys("a");
    assert!(marked(&desk).is_empty());
    desk.keys("a esc");
    assert!(marked(&desk).is_empty() && !desk.shows("已标"));
    desk.keys("f1 alt-t space");
    assert!(line(&desk, "示例路第1件").starts_with(" +"), "on the desk as well");
}

#[test]
fn nothing_is_sent_before_the_preview_that_names_every_ticket_and_what_it_will_be() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("a u").types("请今日内联系").keys("enter");
    assert!(sent(&mut desk).is_empty());
    assert!(desk.shows("催办 3 件") && desk.shows("不办的 2 件") && desk.shows("内容：请今日内联系"), "{}", desk.text());
    let box_line = |wanted: &str| desk.text().lines().filter(|line| line.contains(wanted)).find(|line| line.contains("催办")).unwrap_or_default().to_owned();
    assert!(box_line("示例路第3件").contains("1120-0003") && box_line("示例路第3件").contains("催办 2 次 → 催办 3 次"), "{}", desk.text());
    assert!(box_line("示例路第1件").contains("现为「待派单」，不能催办") && box_line("示例路第5件").contains("现为「待审核」，不能催办"), "{}", desk.text());
    desk.keys("esc");
    assert!(sent(&mut desk).is_empty() && marked(&desk).len() == 5, "esc leaves the marks");
    desk.keys("u");
    assert!(desk.shows("请今日内联系"), "and the words");
    desk.keys("enter enter");
    let went = sent(&mut desk);
    let keys: HashSet<&String> = went.iter().map(|(.., key)| key).collect();
    assert_eq!((went.len(), keys.len()), (3, 3), "each under its own key");
    assert!(went.iter().all(|(_, act, request, _)| *act == Act::Urge && request.text.as_deref() == Some("请今日内联系")));
}

#[test]
fn what_came_of_it_is_said_once_and_what_failed_stays_marked() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("j space space space u enter enter");
    let went = sent(&mut desk);
    assert_eq!(went.len(), 3);
    done(&mut desk, went[0].0, &went[0].3);
    assert!(!desk.shows("已催办"), "not before all are known");
    desk.answer(Answer::Acted { key: went[1].3.clone(), result: Err(refused(Refusal::IllegalStep { act: Act::Urge, step: Step::Replied, legal: vec![Act::Review] })) });
    done(&mut desk, went[2].0, &went[2].3);
    assert!(desk.shows("已催办 2 · 1 件未成：1120-0003 工单现为「待审核」，不能催办"), "{}", desk.text());
    assert_eq!(marked(&desk), [3]);
    desk.keys("alt-l");
    assert!(desk.shows("hotline ticket act 1120-0002 1120-0004 urge"), "{}", desk.text());
}

#[test]
fn a_dispatch_of_several_is_a_new_one_or_another_one_by_each_tickets_step() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("space space d").types("scj").keys("enter");
    let text = desk.text();
    assert!(text.contains("待派单 → 待签收 市市场监管局") && text.contains("待办理 市人社局 → 待签收 市市场监管局"), "{text}");
    desk.keys("enter");
    let acts: Vec<(Act, Option<String>)> = sent(&mut desk).into_iter().map(|(_, act, request, _)| (act, request.unit)).collect();
    assert_eq!(acts, [(Act::Dispatch, Some("city.scj".into())), (Act::Redispatch, Some("city.scj".into()))]);
}

#[test]
fn what_changed_under_the_preview_is_shown_before_it_is_sent() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("j space space u enter");
    let mut changed = row(2, "示例路第2件", 302);
    (changed.version, changed.step) = (9, Step::Replied);
    desk.frame(300, Change::Ticket { row: Box::new(changed) });
    desk.keys("enter");
    assert!(sent(&mut desk).is_empty() && desk.shows("有工单刚刚变了") && desk.shows("不办的 1 件"), "{}", desk.text());
    desk.keys("enter");
    assert_eq!(sent(&mut desk).iter().map(|(ticket, ..)| ticket.0.as_u128()).collect::<Vec<_>>(), [3]);
}

#[test]
fn one_that_has_left_ones_sight_is_marked_no_more() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("space space");
    desk.frame(300, Change::Leave { id: id(1) });
    assert_eq!(marked(&desk), [2]);
}

#[test]
fn over_a_lost_link_each_waits_under_its_key_and_goes_out_once() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("j space space u enter enter");
    let went = sent(&mut desk);
    desk.live(Live::Lost("gone".into()));
    for (.., key) in &went {
        desk.answer(Answer::Acted { key: key.clone(), result: Err(ClientError::Unreachable("gone".into())) });
    }
    assert!(desk.shows("已催办 0 · 2 件待送") && marked(&desk).len() == 2, "{}", desk.text());
    desk.live(Live::Connected(101));
    let again = sent(&mut desk);
    let keys = |sent: &[(TicketId, Act, ActRequest, String)]| sent.iter().map(|(.., key)| key.clone()).collect::<HashSet<_>>();
    assert_eq!(keys(&again), keys(&went), "the same acts");
    for (ticket, .., key) in &again {
        done(&mut desk, *ticket, key);
    }
    assert!(desk.shows("已催办 2") && marked(&desk).is_empty(), "{}", desk.text());
}

#[test]
fn a_callers_own_answer_is_no_matter_of_bulk() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    desk.keys("space space y");
    assert!(desk.app.model.prompt.is_none() && desk.shows("回访要逐件办"), "{}", desk.text());
    desk.keys(".");
    assert!(!desk.app.model.prompt.as_ref().unwrap().choices.items.iter().any(|item| item.code == "call_back"));
}

#[test]
fn many_go_out_a_few_at_a_time_and_the_open_ticket_is_acted_on_alone() {
    let _words = speak(Language::Chinese);
    let mut desk = list((160, 45));
    let rows: Vec<TicketRow> = (1..=30).map(|number| row(number, "示例路", 300 + i64::try_from(number).unwrap())).collect();
    desk.page(Ask::List, rows);
    desk.asked.clear();
    desk.keys("a u enter enter");
    let mut flying = sent(&mut desk);
    assert_eq!(flying.len(), 8);
    let mut all = 0;
    while let Some((ticket, .., key)) = flying.pop() {
        all += 1;
        done(&mut desk, ticket, &key);
        flying.extend(sent(&mut desk));
    }
    assert_eq!((all, marked(&desk).len()), (30, 0));
    desk.keys("space space k enter");
    let one = desk.app.model.detail.as_ref().unwrap().id;
    desk.answer(Answer::Detail(one, Ok(detail(row(one.0.as_u128(), "示例路", 302), vec![Act::Urge]))));
    desk.asked.clear();
    desk.keys("u").types("看一下").keys("enter");
    assert_eq!(sent(&mut desk).iter().map(|(ticket, ..)| *ticket).collect::<Vec<_>>(), [one]);
}

#[test]
fn a_long_preview_scrolls_and_is_read_in_a_small_window_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let _words = speak(language);
        let mut desk = list((160, 45));
        let rows: Vec<TicketRow> = (1..=40).map(|number| row(number, &format!("示例路第{number}件，夜间施工扰民反复投诉"), 300 + i64::try_from(number).unwrap())).collect();
        desk.page(Ask::List, rows);
        desk.keys("a").msg(Msg::Resize(80, 24));
        desk.keys("u enter");
        assert!(desk.shows("1120-0001") && !desk.shows("1120-0036"));
        desk.keys("pgdn pgdn pgdn pgdn pgdn");
        assert!(!desk.shows("1120-0001") && desk.shows("1120-0036"), "{}", desk.text());
        assert!(desk.shows(if language == Language::Chinese { "催办 0 次 → 催办 1 次" } else { "urged 0× → urged 1×" }), "{}", desk.text());
    }
}
