//! 明文查看 by keys: asked why, shown with who looks, gone by itself, by a key and with its call; nothing of it stays behind,
//! nothing waits for a link. The answers are made up here.
use super::fixtures::*;
use crate::api::audit::{Look, RevealRequest, Revealed};
use crate::api::events::Change;
use crate::api::Page;
use crate::client::{ClientError, Live};
use crate::console::effect::{Ask, Effect};
use crate::console::msg::Answer;
use crate::domain::access::{RevealReason, SHOWN_SECONDS, Subject};
use crate::domain::call::CallState;
use crate::domain::ids::{CallId, CallerId, EventId, TicketId};
use crate::domain::refusal::Refusal;
use crate::words::Language;

const NUMBER: &str = "10000088517";
const NAME: &str = "孙明文";

fn plain() -> Revealed {
    Revealed { event: EventId(id(1)), caller: CallerId(id(900)), by: "op01".into(), at: now(), seconds: SHOWN_SECONDS, number: Some(NUMBER.into()), name: Some(NAME.into()) }
}

fn asked(desk: &mut Desk) -> Option<(Subject, RevealRequest, String)> {
    desk.taken(|effect| match effect {
        Effect::Reveal { of, request, key } => Some((*of, request.clone(), key.clone())),
        _ => None,
    })
    .pop()
}

/// A desk in a call whose caller was asked for and came.
fn shown() -> (Desk, String) {
    let mut desk = Desk::loaded((120, 35), vec![call(7, CallState::Talking)]);
    desk.keys("alt-v");
    assert!(desk.shows("查看明文 · 事由") && desk.shows("回拨来电人"));
    desk.keys("down down enter");
    let (of, request, key) = asked(&mut desk).unwrap();
    assert_eq!((of, request), (Subject::Call(CallId(id(7))), RevealRequest { reason: RevealReason::Verify, note: None }));
    assert!(desk.shows("正在登记查看记录") && !desk.shows(NUMBER), "nothing before it is on record");
    desk.answer(Answer::Revealed { key: key.clone(), result: Ok(plain()) });
    (desk, key)
}

fn nowhere(desk: &Desk) -> bool {
    let text = format!("{:?}", desk.app.model);
    !desk.shows(NUMBER) && !desk.shows(NAME) && desk.app.model.reveal.is_none() && !text.contains(NUMBER) && !text.contains(NAME)
}

#[test]
fn a_number_shows_with_who_looks_and_hides_by_itself() {
    let _words = speak(Language::Chinese);
    let (mut desk, _) = shown();
    assert!(desk.shows(NUMBER) && desk.shows(NAME), "{}", desk.text());
    assert!(desk.shows("查看人 op01 · 11-22 周日 14:05:31 起") && desk.shows("30 秒后自动收起"), "{}", desk.text());
    // The time runs on the screen, and typing goes on in the form below.
    desk.wait(7);
    assert!(desk.shows("23 秒后自动收起"));
    desk.types("3").keys("tab").types("示例路积水");
    assert!(desk.shows("示例路积水") && desk.shows(NUMBER));
    desk.wait(SHOWN_SECONDS - 8);
    assert!(desk.shows(NUMBER));
    let due = desk.app.wake_at();
    assert!(due <= desk.clock + std::time::Duration::from_secs(1), "the end of it is waited for");
    desk.wait(1);
    assert!(nowhere(&desk), "{}", desk.text());
}

#[test]
fn it_hides_by_a_key_with_its_call_and_behind_a_login() {
    let _words = speak(Language::Chinese);
    let (mut desk, _) = shown();
    desk.keys("esc");
    assert!(nowhere(&desk));
    // The call ends, here or at the exchange.
    let (mut desk, _) = shown();
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.frame(300, Change::Call { row: Box::new(over) });
    assert!(nowhere(&desk), "{}", desk.text());
    let (mut desk, _) = shown();
    desk.live(Live::Unauthorized);
    assert!(nowhere(&desk));
    let (mut desk, _) = shown();
    desk.keys("ctrl-z");
    assert!(nowhere(&desk), "what stays in the terminal while it is suspended");
    // A ticket's, when another is looked at, and when one goes elsewhere.
    for away in ["j", "f1"] {
        let mut desk = Desk::new("supervisor", None, (120, 35));
        desk.page(Ask::List, vec![row(147, "夜间工地施工扰民", 18), row(163, "拖欠农民工工资", 40)]);
        desk.keys("f4 alt-v enter");
        let (_, _, key) = asked(&mut desk).unwrap();
        desk.answer(Answer::Revealed { key, result: Ok(plain()) });
        assert!(desk.shows(NUMBER), "{}", desk.text());
        desk.keys(away);
        assert!(nowhere(&desk), "{away}");
    }
    // Given up before it came: what comes then is not shown, and neither is the answer to another key.
    let mut desk = Desk::loaded((120, 35), vec![call(7, CallState::Talking)]);
    desk.keys("alt-v enter");
    let (_, _, key) = asked(&mut desk).unwrap();
    desk.answer(Answer::Revealed { key: "another".into(), result: Ok(plain()) });
    assert!(!desk.shows(NUMBER));
    desk.keys("esc");
    desk.answer(Answer::Revealed { key, result: Ok(plain()) });
    assert!(nowhere(&desk));
}

#[test]
fn a_reason_in_words_is_asked_for_and_survives_a_refusal() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("handler_clerk", Some("city.rsj"), (120, 35));
    desk.page(Ask::Board, vec![row(147, "夜间工地施工扰民", 18)]);
    desk.page(Ask::List, vec![row(147, "夜间工地施工扰民", 18)]);
    desk.keys("alt-v up down down down down enter enter");
    assert!(desk.shows("请填写内容") && asked(&mut desk).is_none(), "{}", desk.text());
    desk.types("核对\u{1b}[31m门牌").keys("enter");
    let (of, request, key) = asked(&mut desk).unwrap();
    assert_eq!((of, request.reason), (Subject::Ticket(TicketId(id(147))), RevealReason::Other));
    assert!(request.note.as_deref().is_some_and(|note| note.contains("门牌")));
    desk.answer(Answer::Revealed { key, result: Err(refused(Refusal::NotInHand)) });
    assert!(desk.shows("本单位已签收") && nowhere(&desk), "{}", desk.text());
    desk.keys("alt-v down down down down enter");
    assert!(desk.shows("门牌"), "what was typed is there again");
}

#[test]
fn without_a_link_it_is_refused_and_nothing_is_sent_later() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((120, 35), vec![call(7, CallState::Talking)]);
    desk.live(Live::Lost("gone".into()));
    desk.keys("alt-v");
    assert!(desk.shows("断线时不能查看明文") && desk.app.model.prompt.is_none());
    desk.live(Live::Connected(200));
    // The link goes while the reason is chosen, or while the answer is awaited.
    desk.keys("alt-v");
    desk.live(Live::Lost("gone".into()));
    desk.keys("enter");
    assert!(asked(&mut desk).is_none() && desk.shows("断线时不能查看明文"));
    desk.live(Live::Connected(201));
    desk.keys("alt-v enter");
    let (_, _, key) = asked(&mut desk).unwrap();
    desk.answer(Answer::Revealed { key, result: Err(ClientError::Unreachable("gone".into())) });
    assert!(desk.shows("没有收到回音"));
    for _ in 0..10 {
        desk.wait(6);
        desk.live(Live::Connected(202));
    }
    assert!(asked(&mut desk).is_none(), "it is never queued");
    // A key that was answered before shows nothing.
    desk.keys("alt-v enter");
    let (_, _, key) = asked(&mut desk).unwrap();
    let mut spent = plain();
    (spent.number, spent.name) = (None, None);
    desk.answer(Answer::Revealed { key, result: Ok(spent) });
    assert!(desk.shows("已显示过") && desk.app.model.reveal.is_none());
}

#[test]
fn who_saw_a_ticket_is_listed_and_an_alarm_stays_until_it_is_noted() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("supervisor", None, (120, 35));
    desk.page(Ask::Board, vec![row(147, "夜间工地施工扰民", 18)]);
    desk.page(Ask::List, vec![row(147, "夜间工地施工扰民", 18)]);
    assert!(desk.asked.iter().any(|effect| matches!(effect, Effect::LoadAlarm { .. })), "what was before one came is asked for");
    desk.keys("f4 V");
    assert_eq!(desk.taken(|effect| if let Effect::LoadLooks(ticket) = effect { Some(*ticket) } else { None }), [TicketId(id(147))]);
    let look = |by: &str, kind: &str, reason, note: Option<&str>| Look { at: now(), by: by.into(), name: "李*".into(), kind: kind.into(), reason, note: note.map(str::to_owned) };
    let items = vec![look("op07", "access.revealed", Some(RevealReason::Other), Some("核对\u{202e}门牌")), look("op08", "access.viewed", None, None)];
    desk.answer(Answer::Looks(TicketId(id(147)), Ok(Page { items, next: None })));
    let text = desk.text();
    assert!(text.contains("李* op07") && text.contains("看明文") && text.contains("其他（写明事由）") && text.contains("门牌") && text.contains("看详情"), "{text}");
    assert!(!text.contains('\u{202e}'));
    desk.keys("esc");
    assert!(!desk.shows("op07"));
    desk.frame(300, Change::Overused { by: "op07".into(), count: 31, at: now() });
    assert!(desk.shows("明文查看过频：op07 一小时内 31 次") && desk.app.bell, "{}", desk.text());
    desk.wait(3600);
    assert!(desk.shows("明文查看过频"));
    desk.keys("alt-y");
    assert!(!desk.shows("明文查看过频"));
}
