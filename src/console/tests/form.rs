//! The form whole: what can be undone for ten seconds, the marks, the enterprise profile, promises and standard texts.
use super::fixtures::*;
use super::flow::on_a_call;
use crate::api::tickets::NewTicket;
use crate::console::effect::Effect;
use crate::console::model::draft::{Draft, Field};
use crate::console::msg::{Answer, Msg};
use crate::domain::call::CallState;
use crate::domain::limits::{Line, Tag};
use crate::domain::refusal::Refusal;
use crate::domain::ticket::{Act, Pin, PromiseKind, Step};
use crate::words::Language;

fn created(desk: &mut Desk) -> Option<(NewTicket, String)> {
    desk.taken(|effect| if let Effect::Create { ticket, key, .. } = effect { Some(((**ticket).clone(), key.clone())) } else { None }).pop()
}

fn acted(desk: &mut Desk) -> Option<(Act, String)> {
    desk.taken(|effect| if let Effect::Act { act, key, .. } = effect { Some((*act, key.clone())) } else { None }).pop()
}

/// An operator on a call, everything filled in, and the caret in the middle of the words.
fn written() -> Desk {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let mut talking = call(7, CallState::Talking);
    talking.line = Line::Citizen;
    desk.answer(Answer::Calls(Ok(calls(vec![talking]))));
    desk.keys("alt-i").types("3").keys("tab").types("路面积水").keys("tab tab").types("示例路").keys("tab").types("下雨就积水").keys("left left");
    desk.keys("tab").types("rsj").keys("enter alt-c alt-p alt-g alt-i");
    desk
}

fn look(draft: &Draft) -> (crate::console::model::draft::KeptDraft, Field, usize) {
    let mut kept = draft.kept(uuid::Uuid::nil());
    (kept.key, kept.number, kept.outgoing) = (None, None, None);
    (kept, draft.focus, draft.body.caret())
}

fn dispatched(desk: &mut Desk) -> crate::api::tickets::TicketRow {
    desk.keys("alt-d");
    let (_, key) = created(desk).unwrap();
    let mut filed = row(999, "路面积水", 5000);
    filed.step = Step::Dispatched;
    desk.answer(Answer::Created { key, answered: false, given: given(), result: Ok(filed.clone()) });
    filed
}

#[test]
fn what_was_dispatched_comes_back_exactly_as_it_was_within_ten_seconds() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    let before = look(&desk.app.model.draft);
    dispatched(&mut desk);
    assert!(desk.app.model.draft.is_blank());
    assert!(desk.shows("alt-u 撤销 10 秒") && desk.shows("1120-0999 已派单 · 市人社局 · "), "{}", desk.text());
    desk.wait(4);
    assert!(desk.shows("alt-u 撤销 6 秒"));
    // What is written meanwhile is not lost for it, and the call may end.
    desk.keys("alt-i").types("1").keys("tab").types("另一件");
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.answer(Answer::Call { call: over.id, act: "wrap_up", result: Ok(over) });
    desk.keys("alt-u");
    let (act, key) = acted(&mut desk).unwrap();
    assert_eq!(act, Act::Undo);
    assert!(!desk.shows("撤销 6 秒"), "it is under way");
    desk.answer(Answer::Acted { key, result: Ok(row(999, "路面积水", 5000)) });
    assert_eq!(look(&desk.app.model.draft), before);
    assert_eq!(desk.app.model.parked.iter().map(|draft| draft.title.text()).collect::<Vec<_>>(), ["另一件"]);
    assert!(desk.shows("1120-0999 已撤销"));
    // Sent again it is another act, under another number.
    desk.keys("alt-d");
    assert!(created(&mut desk).is_some());
}

#[test]
fn after_ten_seconds_it_stands_and_so_it_does_once_the_unit_has_signed() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    dispatched(&mut desk);
    desk.wait(10);
    desk.keys("alt-u");
    assert!(acted(&mut desk).is_none() && desk.shows("没有可撤销的"));
    let mut desk = written();
    dispatched(&mut desk);
    desk.keys("alt-u");
    let (_, key) = acted(&mut desk).unwrap();
    let refusal = Refusal::IllegalStep { act: Act::Undo, step: Step::Signed, legal: vec![Act::Urge] };
    desk.answer(Answer::Acted { key, result: Err(refused(refusal)) });
    assert!(desk.app.model.draft.is_blank() && desk.app.model.undo.is_none() && desk.shows("1120-0999 不能撤销"));
}

#[test]
fn quitting_while_it_is_taken_back_loses_neither_the_words_nor_the_act() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    let text = desk.app.model.draft.body.text().to_owned();
    dispatched(&mut desk);
    assert!(desk.app.leaving().iter().all(|effect| !matches!(effect, Effect::KeepDrafts { keep, .. } if !keep.is_empty())), "the server has it");
    desk.keys("alt-u");
    let kept: Vec<String> = desk.asked.iter().chain(&desk.app.leaving()).flat_map(|effect| if let Effect::KeepDrafts { keep, .. } = effect { keep.clone() } else { Vec::new() }).map(|draft| draft.body).collect();
    assert!(kept.contains(&text), "{kept:?}");
    // The link goes: it is asked for again under its own key.
    let (_, key) = acted(&mut desk).unwrap();
    desk.answer(Answer::Acted { key: key.clone(), result: Err(crate::client::ClientError::Unreachable("gone".into())) });
    desk.wait(30);
    assert!(desk.app.model.undo.is_some(), "nobody knows yet");
    desk.app.send_waiting();
    desk.msg(crate::console::msg::Msg::Tick);
    assert_eq!(acted(&mut desk), Some((Act::Undo, key)));
}

#[test]
fn marks_and_promises_go_out_and_lie_on_the_disk() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    desk.keys("alt-o").types("zhousan").keys("enter");
    let promise = desk.app.model.draft.promise.clone().unwrap();
    assert_eq!((promise.kind, promise.due), (PromiseKind::CallBack, Some(at("2026-11-25T16:00:00Z"))), "Wednesday, as long as no office says when it closes");
    assert!(desk.shows("周三 11-25 24:00 前回电"), "{}", desk.text());
    let again = Draft::from(desk.app.model.draft.kept(uuid::Uuid::now_v7()));
    assert_eq!((again.tag, again.green, again.promise.as_ref()), (Some(Tag::ALL[0]), true, Some(&promise)));
    desk.keys("alt-d");
    let (ticket, _) = created(&mut desk).unwrap();
    assert_eq!((ticket.tag, ticket.green, ticket.promise), (Some(Tag::ALL[0]), true, Some(promise)));
}

#[test]
fn the_green_channel_says_what_is_left_of_the_day_before_it_is_saved() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    let mut view = tables();
    // A Sunday in the fixtures: nobody is there.
    assert!(desk.shows("今日办结 · 今天休息"), "{}", desk.text());
    view.units[1].office_close = Some("18:00".into());
    view.units[1].duty_phone = Some("0000-0002".into());
    desk.answer(Answer::Tables(Ok(view)));
    desk.live(crate::client::Live::Heartbeat(crate::api::events::Heartbeat { now: at("2026-11-23T09:18:20Z"), rate: 1.0, position: 184_203 }));
    assert!(desk.shows("今日办结 · 距下班 41 分 · 值班 0000-0002"), "{}", desk.text());
    desk.live(crate::client::Live::Heartbeat(crate::api::events::Heartbeat { now: at("2026-11-23T10:00:00Z"), rate: 1.0, position: 184_204 }));
    assert!(desk.shows("已下班"));
}

#[test]
fn the_enterprise_line_asks_for_the_enterprise_and_says_which_character_is_wrong() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    assert!(!desk.shows("信用代码"), "a citizen has none");
    desk.app.model.draft.line = Line::Enterprise;
    for size in [(160, 45), (80, 24)] {
        desk.msg(crate::console::msg::Msg::Resize(size.0, size.1));
        for label in ["信用代码", "行业", "园区", "诉求", "承办"] {
            assert!(desk.shows(label), "{label} at {size:?}\n{}", desk.text());
        }
    }
    desk.app.model.draft.focus = Field::CreditCode;
    desk.types("00000000I000000000").keys("alt-d");
    assert!(created(&mut desk).is_none() && desk.shows("第 9 位不能是「I」"), "{}", desk.text());
    desk.keys("ctrl-u").types("10000000000000000x").keys("alt-d");
    assert!(created(&mut desk).is_none() && desk.shows("第 18 位应为 Y"), "{}", desk.text());
    desk.keys("backspace").types("y").keys("tab").types("软件").keys("tab").types("高新园").keys("alt-d");
    let (ticket, _) = created(&mut desk).unwrap();
    let profile = ticket.enterprise.unwrap();
    assert_eq!((profile.credit_code.as_deref(), profile.industry.as_deref(), profile.park.as_deref()), (Some("10000000000000000Y"), Some("软件"), Some("高新园")));
}

#[test]
fn a_standard_text_stands_where_the_caret_was_and_is_one_step_back() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    desk.app.model.draft.focus = Field::Body;
    desk.keys("alt-w").types("baomi").keys("enter");
    assert_eq!(desk.app.model.draft.body.text(), "下雨就来电人要求保密。积水");
    desk.keys("alt-z");
    assert_eq!(desk.app.model.draft.body.text(), "下雨就积水");
    desk.keys("alt-Z");
    assert_eq!(desk.app.model.draft.body.text(), "下雨就来电人要求保密。积水");
}

#[test]
fn a_unit_that_is_none_is_told_from_one_that_is_missing() {
    let _words = speak(Language::Chinese);
    let mut desk = written();
    desk.app.model.draft.unit_code = None;
    desk.app.model.draft.unit.set("市人社局zs");
    desk.keys("alt-d");
    assert!(created(&mut desk).is_none() && desk.shows("没有这个单位。相近的：市人社局"), "{}", desk.text());
}

#[test]
fn a_refusal_that_is_longer_than_its_row_is_told_whole() {
    let _words = speak(Language::Chinese);
    for size in [(160, 45), (80, 24)] {
        let mut desk = written();
        desk.msg(crate::console::msg::Msg::Resize(size.0, size.1));
        desk.app.model.draft.matter_code = None;
        desk.app.model.draft.matter.set("示例小区里的路灯都不亮了");
        desk.keys("alt-d");
        assert!(created(&mut desk).is_none(), "{size:?}");
        let text: String = desk.text().chars().filter(|c| !c.is_whitespace() && *c != '│').collect();
        assert!(text.contains("写进诉求"), "{size:?}\n{}", desk.text());
    }
}

#[test]
fn one_more_answer_with_the_same_pins_needs_a_matter_of_its_own() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let mut pinned = call(7, CallState::Talking);
    pinned.pins = vec![Pin { article: crate::domain::ids::ArticleId(id(519)), revision: 4 }];
    desk.app.model.knowledge.pinned = vec![head(519, "稳岗返还", false).into()];
    desk.answer(Answer::Calls(Ok(calls(vec![pinned]))));
    desk.keys("alt-r");
    let (_, key) = created(&mut desk).unwrap();
    desk.answer(Answer::Created { key, answered: true, given: given(), result: Ok(row(999, "稳岗返还", 5000)) });
    desk.keys("alt-i").types("1").keys("alt-r");
    assert!(created(&mut desk).is_none(), "a kind alone is no other matter");
    // Taken back, it may be given again.
    desk.keys("alt-u");
    let (_, key) = acted(&mut desk).unwrap();
    desk.answer(Answer::Acted { key, result: Ok(row(999, "稳岗返还", 5000)) });
    desk.keys("alt-r");
    assert!(created(&mut desk).is_some());
}

#[test]
fn the_same_key_takes_a_pinned_article_off() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let mut pinned = call(7, CallState::Talking);
    pinned.pins = vec![Pin { article: crate::domain::ids::ArticleId(id(519)), revision: 3 }];
    desk.answer(Answer::Calls(Ok(calls(vec![pinned.clone()]))));
    desk.app.model.knowledge.hits = vec![hit(519, "稳岗返还", &[], false), hit(104, "居留登记", &[], false)];
    desk.asked.clear();
    desk.keys("alt-1");
    let off = desk.taken(|effect| if let Effect::Unpin { pin, .. } = effect { Some(pin.article) } else { None });
    assert_eq!(off, [crate::domain::ids::ArticleId(id(519))]);
    (pinned.pins, pinned.version) = (Vec::new(), 9);
    desk.answer(Answer::Unpinned { code: "K0519".into(), result: Ok(pinned) });
    assert!(desk.shows("已取下 K0519"));
    desk.keys("alt-1");
    assert_eq!(desk.taken(|effect| if let Effect::Pin { pin, .. } = effect { Some(pin.article) } else { None }).len(), 1);
}

#[test]
fn an_open_promise_stands_on_the_callers_card() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let talking = call(7, CallState::Talking);
    desk.answer(Answer::Calls(Ok(calls(vec![talking.clone()]))));
    let mut card = card();
    let promise = crate::api::tickets::PromiseRow { no: 1, kind: PromiseKind::CallBack, due: at("2026-11-25T09:30:00Z"), text: None, kept_at: None, place: None, visitor: None };
    card.promises = vec![crate::api::calls::OpenPromise { ticket: crate::domain::ids::TicketId(id(901)), number: "1109-0901".into(), unit_name: Some("市人社局".into()), promise }];
    desk.answer(Answer::Card(talking.id, Ok(card)));
    assert!(desk.shows("市人社局答应周三 11-25 17:30"), "{}", desk.text());
}

#[test]
fn a_unit_the_catalogue_put_there_goes_with_its_matter() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.app.model.draft.focus = Field::Matter;
    desk.types("tqgz").keys("enter");
    assert_eq!(desk.app.model.draft.unit_code.as_deref(), Some("city.rsj"));
    desk.app.model.draft.focus = Field::Matter;
    desk.keys("backspace");
    assert!(desk.app.model.draft.unit_code.is_none() && desk.app.model.draft.unit.is_blank(), "another matter is not sent to the old one's unit");
    // One that was chosen by hand stays.
    desk.app.model.draft.focus = Field::Unit;
    desk.types("rsj").keys("enter");
    desk.app.model.draft.focus = Field::Matter;
    desk.types("x").keys("backspace");
    assert_eq!(desk.app.model.draft.unit_code.as_deref(), Some("city.rsj"));
}

#[test]
fn a_matter_that_is_none_is_told_where_it_stands_and_once() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.app.model.draft.focus = Field::Matter;
    desk.types("没有这样的事项").keys("enter");
    assert_eq!(desk.app.model.draft.focus, Field::Matter);
    desk.keys("enter");
    assert_eq!(desk.app.model.draft.focus, Field::Place, "whoever goes on all the same may");
}

#[test]
fn an_empty_form_of_the_enterprise_line_ends_with_its_call() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    assert!(desk.shows("信用代码"));
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.frame(300, crate::api::events::Change::Call { row: Box::new(over) });
    assert!(!desk.shows("信用代码") && desk.app.model.draft.line == Line::Citizen);
}

#[test]
fn words_of_another_call_are_told_from_those_of_this_one() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("前一位说的");
    assert!(!desk.shows("非本通来电"));
    let mut next = call(8, CallState::Talking);
    next.version = 2;
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.frame(300, crate::api::events::Change::Call { row: Box::new(over) });
    desk.frame(301, crate::api::events::Change::Call { row: Box::new(next) });
    desk.keys("alt-n");
    assert!(desk.shows("前一位说的") && desk.shows("非本通来电"));
}

#[test]
fn nothing_is_changed_on_a_screen_too_small_to_show_it() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i tab").types("路灯");
    let draft = format!("{:?}", desk.app.model.draft);
    desk.msg(Msg::Resize(40, 12));
    desk.asked.clear();
    desk.types("不亮").keys("alt-d alt-e f4 alt-c");
    desk.msg(Msg::Paste("乱贴".into()));
    assert!(desk.asked.is_empty() && format!("{:?}", desk.app.model.draft) == draft);
    desk.msg(Msg::Resize(160, 45));
    desk.types("不亮");
    assert!(desk.shows("路灯不亮"));
}
