//! 承诺 at the seat: said in one's own words, reminded of in time, kept by a key; and what is noted of a caller.
use super::fixtures::*;
use crate::api::Page;
use crate::api::calls::{CallerNotesView, NoteRequest, OpenPromise};
use crate::api::tickets::{ActRequest, PromiseRow};
use crate::client::Live;
use crate::console::effect::Effect;
use crate::console::look::Role;
use crate::console::model::draft::Field;
use crate::console::model::{Pane, ScreenName};
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::caller::{CallerLanguage, Tone, ToneMark};
use crate::domain::ids::TicketId;
use crate::domain::limits::Line;
use crate::domain::ticket::{Act, PromiseKind};
use crate::words::Language;
use chrono::TimeDelta;

fn promise(no: u32, due: &str) -> PromiseRow {
    PromiseRow { no, kind: PromiseKind::CallBack, due: at(due), text: None, kept_at: None, place: None, visitor: None }
}

fn open(number: u128, due: &str) -> OpenPromise {
    OpenPromise { ticket: TicketId(id(number)), number: format!("20261120-{number:04}"), unit_name: Some("市人社局".into()), promise: promise(1, due) }
}

fn come(desk: &mut Desk, items: Vec<OpenPromise>) {
    desk.answer(Answer::Promises(Ok(Page { items, next: None })));
}

fn acted(desk: &mut Desk) -> Option<(Act, ActRequest)> {
    desk.taken(|effect| if let Effect::Act { act, request, .. } = effect { Some((*act, (**request).clone())) } else { None }).pop()
}

/// The open ticket in its detail.
fn on_detail(promises: Vec<PromiseRow>) -> Desk {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-t enter");
    let mut data = detail(overdue(93, "小区电梯停运五天，住户多为老人"), vec![Act::Promise, Act::KeepPromise]);
    data.promises = promises;
    desk.answer(Answer::Detail(data.row.id, Ok(data)));
    desk
}

#[test]
fn a_promise_is_reminded_of_ten_minutes_before_and_once_more_when_it_is_late() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-i").types("3").keys("tab").types("写了一半");
    desk.app.bell = false;
    // Eleven minutes: nothing yet.
    come(&mut desk, vec![open(93, "2026-11-22T06:16:31Z")]);
    assert!(!desk.app.bell && !desk.shows("答应回电"), "{}", desk.text());
    desk.wait(61);
    assert!(std::mem::take(&mut desk.app.bell) && desk.shows("△1120-0093 市人社局答应回电，还有 09:59"), "{}", desk.text());
    desk.wait(30);
    assert!(!desk.app.bell, "once");
    desk.wait(600);
    assert!(std::mem::take(&mut desk.app.bell) && desk.shows("✖1120-0093 市人社局答应回电，已超 00:31"), "{}", desk.text());
    // It takes neither the focus nor a letter.
    desk.types("接着写");
    assert_eq!((desk.app.model.focus(), desk.app.model.draft.title.text()), (Pane::Form, "写了一半接着写"));
    // Kept by somebody else: gone, and not reminded of again.
    desk.app.bell = false;
    come(&mut desk, Vec::new());
    desk.wait(9);
    assert!(!desk.shows("答应回电，已超") && !desk.app.bell);
}

#[test]
fn after_the_login_what_is_due_shows_first_and_a_key_opens_it() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("operator", None, (160, 45));
    assert_eq!(desk.taken(|effect| matches!(effect, Effect::LoadPromises).then_some(())).len(), 1);
    come(&mut desk, vec![open(93, "2026-11-22T05:05:31Z"), open(94, "2026-11-22T06:10:00Z"), open(95, "2026-11-25T06:10:00Z")]);
    assert!(desk.shows("✖1120-0093 市人社局答应回电，已超 1h00m") && desk.shows("另有 1 件"), "{}", desk.text());
    desk.keys("alt-j");
    assert_eq!(desk.app.model.screen, ScreenName::Tickets);
    assert!(desk.asked.contains(&Effect::LoadDetail(TicketId(id(93)))));
    assert!(desk.shows("✖承诺 1") && desk.shows("△承诺 1") && desk.shows("未办结"), "{}", desk.text());
}

#[test]
fn a_promise_is_given_later_in_ones_own_words() {
    let _words = speak(Language::Chinese);
    let mut desk = on_detail(Vec::new());
    desk.keys("o").types("明天10点");
    assert!(desk.shows("周一 11-23 10:00 前回电") && desk.shows("周一 11-23 10:00 上门"), "{}", desk.text());
    desk.keys("enter");
    let (act, request) = acted(&mut desk).unwrap();
    assert_eq!((act, request.promise, request.due), (Act::Promise, Some(PromiseKind::CallBack), Some(at("2026-11-23T02:00:00Z"))));
    // One that is over is told, and stays to be mended.
    let mut desk = on_detail(Vec::new());
    desk.keys("o").types("今天10点").keys("enter");
    assert!(acted(&mut desk).is_none() && desk.shows("这个时间已经过了"), "{}", desk.text());
}

#[test]
fn an_appointment_asks_where_and_who_and_for_a_word() {
    let _words = speak(Language::Chinese);
    let mut desk = on_detail(Vec::new());
    desk.keys("O");
    assert!(desk.shows("预约上门") && !desk.shows("前回电"), "{}", desk.text());
    desk.types("11-25 16:00").keys("enter");
    assert!(desk.shows("东城区示例路"), "the ticket's place is the first thought\n{}", desk.text());
    desk.keys("ctrl-u").types("示例小区3栋").keys("enter").types("zfgjj").keys("backspace backspace backspace backspace backspace").types("gjj").keys("enter");
    desk.types("带好安全帽").keys("enter");
    let (act, request) = acted(&mut desk).unwrap();
    assert_eq!((act, request.promise, request.due), (Act::Promise, Some(PromiseKind::SiteVisit), Some(at("2026-11-25T08:00:00Z"))));
    assert_eq!((request.place.as_deref(), request.unit.as_deref(), request.text.as_deref()), (Some("示例小区3栋"), Some("city.gjj"), Some("带好安全帽")));
    // On the form the same, and it goes out with the intake.
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-i").types("3").keys("tab tab tab").types("示例路").keys("tab").types("路灯不亮").keys("tab").types("rsj").keys("enter");
    desk.keys("alt-o").types("周三10点").keys("down enter enter enter").types("先电话").keys("enter");
    assert!(desk.shows("周三 11-25 10:00 上门 · 示例路 · 先电话"), "{}", desk.text());
    desk.keys("alt-d");
    let sent = desk.taken(|effect| if let Effect::Create { ticket, .. } = effect { ticket.promise.clone() } else { None }).pop().unwrap();
    assert_eq!((sent.kind, sent.place.as_deref(), sent.unit, sent.text.as_deref()), (PromiseKind::SiteVisit, Some("示例路"), None, Some("先电话")));
}

#[test]
fn a_promise_is_kept_by_a_key_and_of_several_one_is_chosen() {
    let _words = speak(Language::Chinese);
    let mut desk = on_detail(vec![promise(1, "2026-11-22T05:05:31Z")]);
    assert!(desk.shows("✖已超 1h00m"), "{}", desk.text());
    desk.keys("K");
    assert_eq!(acted(&mut desk).unwrap(), (Act::KeepPromise, ActRequest::default()));
    let mut desk = on_detail(vec![promise(1, "2026-11-22T05:05:31Z"), promise(2, "2026-11-23T05:05:31Z")]);
    desk.keys("K down enter");
    assert_eq!(acted(&mut desk).unwrap().1.promise_no, Some(2));
}

#[test]
fn a_list_says_a_promise_by_glyph_and_word_and_a_late_one_before_the_tables_clocks() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let mut late = row(147, "夜间工地施工扰民，第三次来电", 18);
    (late.version, late.clocks.promise_due) = (9, Some(now() - TimeDelta::minutes(3)));
    let mut soon = row(163, "拖欠农民工工资，涉及十一人", 24 * 60 + 38);
    (soon.version, soon.clocks.promise_due) = (9, Some(now() + TimeDelta::minutes(20)));
    for (position, row) in [(201, late), (202, soon)] {
        desk.frame(position, crate::api::events::Change::Ticket { row: Box::new(row) });
    }
    assert!(desk.shows("✖承诺超 03:00") && desk.shows("△承诺   20:00"), "{}", desk.text());
}

#[test]
fn the_callers_own_late_promise_is_the_solid_block() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let talking = call(7, CallState::Talking);
    desk.answer(Answer::Calls(Ok(calls(vec![talking.clone()]))));
    let mut card = card();
    card.promises = vec![open(901, "2026-11-21T05:05:31Z")];
    card.tone = Some(ToneMark { tone: Tone::Agitated, until: now() + TimeDelta::days(3) });
    card.language = Some(CallerLanguage::Yi);
    desk.answer(Answer::Card(talking.id, Ok(card)));
    assert!(desk.shows(" ✖超期 1d01h  市人社局答应周六 11-21") && desk.shows("今天周日"), "{}", desk.text());
    assert!(desk.shows("△情绪激动（至 11-25）  彝语") && desk.shows("90天一人多诉 3"), "{}", desk.text());
    assert!(desk.shows("11-09 1109-0901 网购电动车"), "number, date, title and state\n{}", desk.text());
    let block = desk.app.look.style(Role::OverdueBlock).bg;
    let terminal = desk.draw();
    let buffer = terminal.backend().buffer();
    let solid = (0..buffer.area.height).any(|y| (0..43).any(|x| buffer[(x, y)].symbol() == "超" && Some(buffer[(x, y)].bg) == block));
    assert!(solid, "a block, not only red words");
    // Three days on the tone is gone by itself.
    desk.live(Live::Heartbeat(crate::api::events::Heartbeat { now: now() + TimeDelta::days(3), rate: 1.0, position: 184_203 }));
    assert!(!desk.shows("情绪激动") && desk.shows("彝语"));
}

#[test]
fn language_and_tone_are_noted_by_a_key_of_the_callers_pane() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let talking = call(7, CallState::Talking);
    desk.answer(Answer::Calls(Ok(calls(vec![talking.clone()]))));
    desk.answer(Answer::Card(talking.id, Ok(card())));
    desk.asked.clear();
    desk.keys("alt-k t").types("saorao").keys("enter");
    let asked = |desk: &mut Desk| desk.taken(|effect| if let Effect::NoteCaller { call, request, .. } = effect { Some((*call, request.clone())) } else { None }).pop().unwrap();
    assert_eq!(asked(&mut desk), (talking.id, NoteRequest { tone: Some(Tone::Harassing), ..NoteRequest::default() }));
    desk.keys("e").types("fangyan").keys("enter");
    assert_eq!(asked(&mut desk).1, NoteRequest { language: Some(CallerLanguage::Dialect), ..NoteRequest::default() });
    desk.answer(Answer::Noted(talking.id, Ok(CallerNotesView { language: Some(CallerLanguage::Dialect), tone: None })));
    assert!(desk.shows("本地方言") && desk.shows("已标注"));
    desk.keys("e").types("quxiao").keys("enter");
    assert_eq!(asked(&mut desk).1, NoteRequest { no_language: true, ..NoteRequest::default() });
}

#[test]
fn the_kind_stays_until_one_leaves_it_and_the_form_counts_its_own_fields() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-i").types("3");
    assert_eq!(desk.app.model.draft.focus, Field::Kind);
    desk.types("2").keys("tab").types("标题");
    let draft = &mut desk.app.model.draft;
    assert_eq!((draft.title.text(), draft.filled(), draft.items()), ("标题", 2, 7));
    draft.line = Line::Enterprise;
    draft.park.set("高新园");
    assert_eq!((draft.filled(), draft.items()), (3, 10));
    assert!(desk.shows("3/10"), "{}", desk.text());
    // What the star asks for is said where it stands.
    assert!(desk.shows("派单时与标题至少填一项，直接解答可不填"), "{}", desk.text());
}

#[test]
fn what_is_refused_late_comes_back_with_the_caret_at_its_field() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.answer(Answer::Numbers(Ok(crate::api::tickets::LeasedNumbers { numbers: vec!["20261122-0777".into()] })));
    desk.live(Live::Lost("gone".into()));
    desk.keys("alt-i").types("3").keys("tab").types("路灯不亮").keys("tab tab").types("示例路").keys("tab tab").types("rsj").keys("enter alt-d");
    assert_eq!(desk.app.model.outbox.len(), 1, "{}", desk.text());
    let key = desk.app.model.outbox[0].key.clone().unwrap();
    let refusal = crate::domain::refusal::Refusal::Unknown { field: "place".into(), value: "70000 bytes".into() };
    desk.answer(Answer::Created { key, answered: false, given: given(), result: Err(refused(refusal)) });
    let draft = &desk.app.model.draft;
    assert_eq!((draft.focus, draft.title.text(), draft.place.text()), (Field::Place, "路灯不亮", "示例路"));
    assert!(draft.fault.as_ref().is_some_and(|(field, _)| *field == Some(Field::Place)) && draft.number.is_some());
}
