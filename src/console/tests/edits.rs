//! 修改登记内容: what is registered in the form, only what changed sent, and field by field where two have changed it.
use super::fixtures::*;
use crate::api::tickets::{EditRequest, TicketDetail};
use crate::console::effect::Effect;
use crate::console::model::draft::{Draft, Field};
use crate::console::model::{Pane, ScreenName};
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::Act;
use crate::words::Language;

fn open_ticket(version: i64) -> TicketDetail {
    let mut data = detail(overdue(93, "小区电梯停运五天"), vec![Act::Edit]);
    data.row.version = version;
    data.row.class = Some("labour.wages".into());
    data
}

/// The open ticket's content in the form.
fn editing() -> Desk {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-t enter");
    let data = open_ticket(3);
    desk.answer(Answer::Detail(data.row.id, Ok(data)));
    desk.keys("E");
    desk.asked.clear();
    desk
}

fn sent(desk: &mut Desk) -> Option<(EditRequest, i64, String)> {
    desk.taken(|effect| if let Effect::Edit { request, from, key, .. } = effect { Some(((**request).clone(), *from, key.clone())) } else { None }).pop()
}

fn stale(desk: &mut Desk, key: &str, theirs: TicketDetail) {
    let ticket = theirs.row.id;
    desk.answer(Answer::Edited { ticket, key: key.into(), result: Err(refused(Refusal::Stale { current: theirs.row.version })) });
    assert_eq!(desk.taken(|effect| matches!(effect, Effect::LoadTheirs(id) if *id == ticket).then_some(())).len(), 1);
    desk.answer(Answer::Theirs(ticket, Ok(theirs)));
}

#[test]
fn what_is_registered_opens_in_the_form_and_only_what_changed_is_sent() {
    let _words = speak(Language::Chinese);
    let mut desk = editing();
    assert_eq!((desk.app.model.screen, desk.app.model.focus()), (ScreenName::Desk, Pane::Form));
    for words in ["修改 1120-0093", "小区电梯停运五天", "拖欠工资", "东城区示例路", "来电人称在示例大道工地务工", "alt-d 保存修改", "5/5 项"] {
        assert!(desk.shows(words), "{words}\n{}", desk.text());
    }
    assert!(!desk.shows("直接解答\n") && !desk.shows("信用代码"));
    desk.types("，住户多为老人").keys("alt-c alt-g alt-d");
    assert!(desk.app.model.draft.urgent.is_none() && !desk.app.model.draft.green, "marks are no part of it");
    let (request, from, key) = sent(&mut desk).unwrap();
    assert_eq!((request, from), (EditRequest { title: Some("小区电梯停运五天，住户多为老人".into()), ..EditRequest::default() }, 3));
    let mut after = open_ticket(4).row;
    after.title = "小区电梯停运五天，住户多为老人".into();
    desk.answer(Answer::Edited { ticket: after.id, key, result: Ok(after) });
    assert!(desk.app.model.draft.is_blank() && desk.shows("1120-0093 登记内容已修改"), "{}", desk.text());
    assert_eq!((desk.app.model.screen, desk.app.model.focus()), (ScreenName::Tickets, Pane::Detail));
}

#[test]
fn fields_only_the_other_changed_go_together_by_themselves() {
    let _words = speak(Language::Chinese);
    let mut desk = editing();
    desk.types("（改）").keys("alt-d");
    let (_, _, key) = sent(&mut desk).unwrap();
    let mut theirs = open_ticket(5);
    theirs.place = Some("西城区示例街".into());
    desk.answer(Answer::Edited { ticket: theirs.row.id, key: key.clone(), result: Err(refused(Refusal::Stale { current: 5 })) });
    desk.answer(Answer::Theirs(theirs.row.id, Ok(theirs)));
    let (request, from, again) = sent(&mut desk).unwrap();
    assert_eq!((request.title.as_deref(), request.place, from), (Some("小区电梯停运五天（改）"), None, 5));
    assert_ne!(again, key, "another act");
    assert_eq!(desk.app.model.draft.place.text(), "西城区示例街");
}

#[test]
fn fields_both_changed_are_shown_one_by_one_and_nothing_typed_is_lost() {
    let _words = speak(Language::Chinese);
    let mut desk = editing();
    desk.types("（我的）");
    desk.app.model.draft.body.set("我的诉求");
    desk.keys("alt-d");
    let (_, _, key) = sent(&mut desk).unwrap();
    let mut theirs = open_ticket(5);
    theirs.row.title = "电梯停运（对方）".into();
    theirs.body = "对方的诉求".into();
    stale(&mut desk, &key, theirs.clone());
    for words in ["其他人也改了这几项", "标题", "诉求", "小区电梯停运五天", "电梯停运（对方）", "小区电梯停运五天（我的）", "未选定"] {
        assert!(desk.shows(words), "{words}\n{}", desk.text());
    }
    desk.keys("enter");
    assert!(sent(&mut desk).is_none() && desk.shows("还有没选定的项"));
    // Left: the form is as it was, and it is asked again when it is saved.
    desk.keys("esc");
    assert_eq!((desk.app.model.draft.title.text(), desk.app.model.draft.body.text()), ("小区电梯停运五天（我的）", "我的诉求"));
    desk.keys("alt-d");
    let (_, from, key) = sent(&mut desk).unwrap();
    assert_eq!(from, 3, "the version it was made from");
    stale(&mut desk, &key, theirs);
    desk.types("1");
    assert!(desk.shows("对方的诉求"), "on to the next\n{}", desk.text());
    desk.types("2").keys("enter");
    let (request, from, _) = sent(&mut desk).unwrap();
    assert_eq!((request, from), (EditRequest { body: Some("我的诉求".into()), ..EditRequest::default() }, 5));
    assert_eq!(desk.app.model.draft.title.text(), "电梯停运（对方）");
}

#[test]
fn an_edit_outlives_a_call_a_lost_link_and_the_console() {
    let _words = speak(Language::Chinese);
    let mut desk = editing();
    desk.types("（改）");
    // It lies on the disk with the version it was made from.
    let kept = desk.app.model.draft.kept(uuid::Uuid::nil());
    let again = Draft::from(serde_json::from_str::<crate::console::model::draft::KeptDraft>(&serde_json::to_string(&kept).unwrap()).unwrap());
    assert_eq!((again.title.text(), again.edits.as_ref().map(|edits| edits.version)), ("小区电梯停运五天（改）", Some(3)));
    // A call has a form of its own; the edit waits beside it.
    desk.answer(Answer::Calls(Ok(calls(vec![call(7, CallState::Talking)]))));
    assert!(desk.app.model.draft.edits.is_none() && desk.app.model.draft.call.is_some());
    desk.keys("alt-i alt-n");
    assert_eq!(desk.app.model.draft.title.text(), "小区电梯停运五天（改）");
    // No answer: the same words go out again under the same key.
    desk.keys("alt-d");
    let (first, _, key) = sent(&mut desk).unwrap();
    let ticket = open_ticket(3).row.id;
    desk.answer(Answer::Edited { ticket, key: key.clone(), result: Err(crate::client::ClientError::Unreachable("gone".into())) });
    desk.keys("alt-d");
    let (second, _, same) = sent(&mut desk).unwrap();
    assert_eq!((second, same), (first, key));
}

#[test]
fn a_field_that_is_emptied_or_refused_is_named_at_its_place() {
    let _words = speak(Language::Chinese);
    let mut desk = editing();
    desk.app.model.draft.focus = Field::Place;
    desk.keys("ctrl-u alt-d");
    assert!(sent(&mut desk).is_none() && desk.shows("地点原来有内容，可以改，不能清空"), "{}", desk.text());
    desk.types("别处").keys("alt-d");
    let (_, _, key) = sent(&mut desk).unwrap();
    let ticket = open_ticket(3).row.id;
    let refusal = Refusal::Unknown { field: "place".into(), value: "70000 bytes".into() };
    desk.answer(Answer::Edited { ticket, key, result: Err(refused(refusal)) });
    assert_eq!((desk.app.model.draft.focus, desk.app.model.draft.place.text()), (Field::Place, "别处"));
    assert!(desk.app.model.draft.fault.is_some());
}
