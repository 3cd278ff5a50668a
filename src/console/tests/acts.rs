//! What acts on tickets ask for before they are sent: the call-back's answer, the days of an extension.
use super::fixtures::*;
use crate::api::tickets::ActRequest;
use crate::console::effect::{Ask, Effect};
use crate::console::model::ScreenName;
use crate::console::msg::Answer;
use crate::domain::ticket::{Act, Step};
use crate::words::Language;

/// Somebody at the list of tickets, with one row on it.
fn at_the_list(role: &str, unit: Option<&str>, step: Step) -> Desk {
    let mut desk = Desk::new(role, unit, (100, 30));
    let mut one = row(163, "拖欠农民工工资", 300);
    one.step = step;
    desk.page(Ask::Board, vec![one.clone()]);
    if desk.app.model.screen == ScreenName::Desk {
        desk.keys("f4");
    }
    desk.page(Ask::List, vec![one]);
    desk.asked.clear();
    desk
}

fn open(desk: &mut Desk, acts: Vec<Act>) {
    let row = desk.app.model.list.current().unwrap().clone();
    desk.keys("enter");
    desk.answer(Answer::Detail(row.id, Ok(detail(row, acts))));
    desk.asked.clear();
}

fn acted(desk: &mut Desk) -> Vec<(Act, ActRequest)> {
    desk.taken(|effect| if let Effect::Act { act, request, .. } = effect { Some((*act, (**request).clone())) } else { None })
}

#[test]
fn a_call_back_is_sent_only_with_the_callers_own_answer() {
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("call_back_agent", None, Step::Reviewed);
    open(&mut desk, vec![Act::CallBack, Act::Note]);
    desk.keys(".").types("huifang").keys("enter");
    assert!(desk.shows("是否解决") && desk.shows("满意度") && desk.shows("5 非常满意") && desk.shows("[0 未评价]"));
    desk.keys("enter");
    assert!(acted(&mut desk).is_empty() && desk.shows("请先选是否解决"), "nobody has answered");
    desk.types("n2").keys("enter");
    assert_eq!(acted(&mut desk), [(Act::CallBack, ActRequest { solved: Some(false), rating: Some(2), ..ActRequest::default() })]);
}

#[test]
fn the_keys_of_a_call_back_open_the_same_box_with_their_answer() {
    let _words = speak(Language::Chinese);
    for (key, solved, shown) in [("y", true, "[y 已解决]"), ("n", false, "[n 未解决]")] {
        let mut desk = at_the_list("call_back_agent", None, Step::Reviewed);
        open(&mut desk, vec![Act::CallBack]);
        desk.keys(key);
        assert!(acted(&mut desk).is_empty() && desk.shows(shown), "{key}: nothing is sent before it is confirmed");
        desk.types("5x").keys("enter");
        assert_eq!(acted(&mut desk), [(Act::CallBack, ActRequest { solved: Some(solved), rating: Some(5), ..ActRequest::default() })]);
        desk.keys(key).types("40").keys("esc");
        assert!(acted(&mut desk).is_empty());
    }
}

#[test]
fn an_extension_asks_for_reason_and_days() {
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("handler_clerk", Some("city.rsj"), Step::Signed);
    open(&mut desk, vec![Act::RequestExtension]);
    desk.keys(".").types("yanqi").keys("enter enter");
    assert!(desk.shows("延长几个工作日"));
    for wrong in ["", "0", "61", "x"] {
        desk.types(wrong).keys("enter");
        assert!(acted(&mut desk).is_empty() && desk.shows("请填 1 到 60 的整数"), "{wrong}");
        desk.keys("ctrl-u");
    }
    desk.types("5").keys("enter");
    assert_eq!(acted(&mut desk), [(Act::RequestExtension, ActRequest { reason: Some("outside".into()), days: Some(5), ..ActRequest::default() })]);
}

#[test]
fn granting_an_extension_offers_the_days_that_were_asked_for() {
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("supervisor", None, Step::Signed);
    let row = desk.app.model.list.current().unwrap().clone();
    desk.keys("enter");
    let mut data = detail(row.clone(), vec![Act::GrantExtension]);
    data.timeline[0].kind = "ticket.extension_requested".into();
    data.timeline[0].fields = serde_json::json!({ "reason": "outside", "days": 7 });
    desk.answer(Answer::Detail(row.id, Ok(data)));
    desk.asked.clear();
    desk.keys(".").keys("enter enter");
    assert_eq!(acted(&mut desk), [(Act::GrantExtension, ActRequest { days: Some(7), ..ActRequest::default() })]);
}

#[test]
fn every_act_of_ones_own_unit_is_offered_on_a_row_that_was_never_opened() {
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("handler_clerk", Some("city.rsj"), Step::Dispatched);
    desk.keys(".");
    assert!(desk.shows("签收") && desk.shows("申请退单") && !desk.shows("没有找到"));
    desk.types("qianshou").keys("enter");
    assert_eq!(acted(&mut desk).pop().unwrap().0, Act::Sign);
}

#[test]
fn where_nothing_can_be_done_it_is_said() {
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("handler_clerk", Some("city.scj"), Step::Dispatched);
    desk.keys(".");
    assert!(desk.app.model.prompt.is_none() && desk.shows("没有您可做的操作"));
}

#[test]
fn the_due_date_is_explained_day_by_day() {
    use crate::domain::calendar::Reason;
    use crate::domain::clocks::{DayEffect, ScheduleDay};
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("handler_clerk", Some("city.rsj"), Step::Signed);
    let row = desk.app.model.list.current().unwrap().clone();
    desk.keys("w");
    let day = |date: &str, reason, settled, effect| ScheduleDay { date: date.parse().unwrap(), reason, settled, effect };
    let mut data = detail(row.clone(), vec![Act::Note]);
    data.days = vec![day("2026-11-20", Reason::Weekday, true, DayEffect::Counted(1)), day("2026-11-21", Reason::Weekend, true, DayEffect::Skipped), day("2027-01-01", Reason::Statutory, false, DayEffect::Skipped)];
    desk.answer(Answer::Detail(row.id, Ok(data)));
    assert!(desk.shows("11-20 周五  工作日 · 第 1 天") && desk.shows("11-21 周六  周末 · 不计") && desk.shows("2027-01-01 周五  法定节日 · 不计 · 暂定"));
    desk.keys("w");
    assert!(!desk.shows("第 1 天"));
}

#[test]
fn the_timeline_says_what_was_chosen_beside_what_was_written() {
    let _words = speak(Language::Chinese);
    let mut desk = at_the_list("handler_clerk", Some("city.rsj"), Step::Signed);
    let row = desk.app.model.list.current().unwrap().clone();
    desk.keys("enter");
    let mut data = detail(row.clone(), vec![Act::Note]);
    let entry = |kind: &str, note: &str, fields: serde_json::Value| crate::api::tickets::TimelineEntry { at: now(), kind: format!("ticket.{kind}"), actor: "h01".into(), note: Some(note.into()), fields, round: 1 };
    data.timeline = vec![
        entry("called_back", "来电人补充一句", serde_json::json!({ "solved": true, "rating": 2 })),
        entry("extension_requested", "等待检测", serde_json::json!({ "reason": "complex", "days": 5 })),
        entry("contacted", "无人接听", serde_json::json!({ "reached": false })),
    ];
    desk.answer(Answer::Detail(row.id, Ok(data)));
    for words in ["已解决 · 不满意 · 来电人补充一句", "5 个工作日 · 等待检测", "未联系上 · 无人接听"] {
        assert!(desk.shows(words), "{words}\n{}", desk.text());
    }
}
