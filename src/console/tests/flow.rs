//! The operator's and the handler's day, by keys alone.
use super::fixtures::*;
use crate::api::articles::ArticleRow;
use crate::api::session::SeatState;
use crate::api::tickets::Then;
use crate::client::ClientError;
use crate::console::ExitReason;
use crate::console::effect::{Ask, Effect};
use crate::console::model::{Pane, ScreenName};
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::ids::ArticleId;
use crate::domain::limits::TicketKind;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::{Act, Pin, Step};
use crate::words::Language;

pub fn on_a_call() -> Desk {
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    desk.keys("alt-a");
    desk.answer(Answer::Call { call: call(7, CallState::Talking).id, act: "take", result: Ok(call(7, CallState::Talking)) });
    desk.answer(Answer::Card(call(7, CallState::Talking).id, Ok(card())));
    desk.asked.clear();
    desk
}

pub fn created(desk: &mut Desk) -> Option<(crate::api::tickets::NewTicket, bool, String)> {
    desk.taken(|effect| match effect {
        Effect::Create { ticket, answered, key, .. } => Some(((**ticket).clone(), *answered, key.clone())),
        _ => None,
    })
    .pop()
}

#[test]
fn a_call_rings_in_the_strip_once_and_the_focus_stays() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-x");
    assert_eq!(desk.taken(|effect| matches!(effect, Effect::SetSeat(SeatState::Ready)).then_some(())).len(), 1);
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    assert!(!desk.shows("来电振铃"));
    desk.app.bell = false;
    desk.types("3");
    desk.frame(201, crate::api::events::Change::Call { row: Box::new(call(7, CallState::Ringing)) });
    assert!(desk.shows("来电振铃") && desk.shows("alt-a 接听"));
    assert!(std::mem::take(&mut desk.app.bell));
    assert_eq!(desk.app.model.focus(), Pane::Form);
    assert_eq!(desk.app.model.draft.kind, Some(TicketKind::Complaint));
    desk.wait(1);
    assert!(!desk.app.bell, "once for each call");
}

#[test]
fn nothing_rings_for_a_seat_that_is_not_ready() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    assert!(!desk.shows("来电振铃") && !desk.app.bell);
    desk.keys("alt-a");
    assert!(desk.taken(|effect| matches!(effect, Effect::Call { .. }).then_some(())).is_empty());
}

#[test]
fn a_call_that_somebody_else_took_names_the_winner() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    desk.keys("alt-a");
    let id = desk.taken(|effect| if let Effect::Call { call, act: "take", .. } = effect { Some(*call) } else { None })[0];
    desk.answer(Answer::Call { call: id, act: "take", result: Err(refused(Refusal::AlreadyClaimed { by: "op09".into() })) });
    assert!(desk.shows("已由 op09 接听"));
}

#[test]
fn taking_a_call_brings_the_card_and_binds_the_form() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    desk.keys("alt-a");
    desk.answer(Answer::Call { call: call(7, CallState::Talking).id, act: "take", result: Ok(call(7, CallState::Talking)) });
    assert_eq!(desk.taken(|effect| if let Effect::LoadCard(id) = effect { Some(*id) } else { None }), [call(7, CallState::Talking).id]);
    assert_eq!(desk.app.model.draft.call, Some(call(7, CallState::Talking).id));
    desk.answer(Answer::Card(call(7, CallState::Talking).id, Ok(card())));
    assert!(desk.shows("一人多诉 3") && desk.shows("未解决") && desk.shows("通话中 00:02"));
}

#[test]
fn search_open_pin_and_answer_directly() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-s").types("wgfh");
    let searches = desk.taken(|effect| if let Effect::Search { serial, query } = effect { Some((*serial, query.clone())) } else { None });
    assert_eq!(searches.last().unwrap().1, "wgfh");
    let (serial, query) = searches.last().unwrap().clone();
    let hits = vec![hit(519, "稳岗返还怎么申请", &[0, 1, 2, 3], false), hit(104, "外国人返回居留登记", &[2, 5], true)];
    desk.answer(Answer::Found { serial: serial - 1, query: "wgf".into(), hits: Some(Vec::new()), total: 0, micros: 1 });
    assert!(desk.app.model.knowledge.hits.is_empty(), "an older answer is not taken");
    desk.answer(Answer::Found { serial, query, hits: Some(hits), total: 2, micros: 900 });
    desk.keys("enter");
    assert_eq!(desk.taken(|effect| if let Effect::LoadArticle(id) = effect { Some(*id) } else { None }), [ArticleId(id(519))]);
    desk.answer(Answer::Article(ArticleId(id(519)), Ok(article(519, "稳岗返还怎么申请", false))));
    assert!(desk.shows("念给来电人") && desk.shows("示人社〔2025〕17 号") && desk.shows("第 4 版"));
    desk.keys("alt-r");
    assert!(created(&mut desk).is_none(), "nothing is pinned yet");
    desk.keys("alt-1");
    let pins = desk.taken(|effect| if let Effect::Pin { pin, code, .. } = effect { Some((*pin, code.clone())) } else { None });
    assert_eq!((pins[0].0.article, pins[0].0.revision, pins[0].1.as_str()), (ArticleId(id(519)), 4, "K0519"));
    let mut pinned = call(7, CallState::Talking);
    pinned.version = 3;
    pinned.pins = vec![Pin { article: ArticleId(id(519)), revision: 4 }];
    desk.answer(Answer::Pinned { code: "K0519".into(), result: Ok(pinned.clone()) });
    assert!(desk.shows("已钉 K0519"));
    desk.keys("alt-r");
    let (ticket, answered, key) = created(&mut desk).unwrap();
    assert!(answered && ticket.then == Then::Answer && ticket.pins == pinned.pins && ticket.call == Some(pinned.id));
    assert_eq!((ticket.kind, ticket.title.as_str()), (TicketKind::Consultation, "稳岗返还怎么申请"));
    desk.answer(Answer::Created { key, answered, given: given(), result: Ok(row(999, "稳岗返还怎么申请", 5000)) });
    assert!(desk.shows("1120-0999 已直接解答") && desk.app.model.draft.is_blank());
}

#[test]
fn an_expired_article_is_never_shown_as_current() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.app.model.knowledge.opening = Some(ArticleId(id(104)));
    desk.answer(Answer::Article(ArticleId(id(104)), Ok::<ArticleRow, ClientError>(article(104, "外国人返回居留登记", true))));
    assert!(desk.shows("已失效，现行条目 K0600") && desk.shows("2025-01-01 已失效"));
}

#[test]
fn a_short_form_is_filled_and_dispatched_by_keys() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("拖欠工资三个月").keys("tab");
    desk.types("tqgz").keys("enter").types("东城区示例路").keys("tab").types("涉及十一人。").keys("enter").types("要求发放。").keys("tab alt-c");
    assert_eq!(desk.app.model.draft.unit_code.as_deref(), Some("city.rsj"), "the catalogue proposes the unit");
    desk.keys("alt-d");
    let (ticket, answered, key) = created(&mut desk).unwrap();
    assert!(!answered);
    assert_eq!(ticket.then, Then::Dispatch { unit: "city.rsj".into() });
    assert_eq!((ticket.class.as_deref(), ticket.urgent_class.as_deref(), ticket.body.as_str()), (Some("labour.wages"), Some("U1"), "涉及十一人。\n要求发放。"));
    assert!(desk.shows("正在提交"));
    desk.answer(Answer::Created { key, answered: false, given: given(), result: Ok(row(171, "拖欠工资三个月", 2880)) });
    assert!(desk.shows("1120-0171 已派单") && desk.shows("拖欠工资三个月"));
}

#[test]
fn initials_in_the_unit_field_find_the_bureau() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.app.model.draft.focus = crate::console::model::draft::Field::Unit;
    desk.types("rsj");
    assert!(desk.shows("市人社局"));
    desk.keys("enter");
    assert_eq!(desk.app.model.draft.unit_code.as_deref(), Some("city.rsj"));
}

#[test]
fn a_failed_send_keeps_every_word_and_goes_again_under_the_same_key() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("标题在这里");
    desk.app.model.draft.unit_code = Some("city.rsj".into());
    desk.keys("alt-d");
    let (_, _, key) = created(&mut desk).unwrap();
    desk.keys("alt-d");
    assert!(created(&mut desk).is_none(), "one at a time");
    desk.answer(Answer::Created { key: key.clone(), answered: false, given: given(), result: Err(ClientError::Unreachable("down".into())) });
    assert!(desk.shows("标题在这里") && desk.shows("所填内容都在") && desk.shows("待送 1"));
    desk.keys("alt-d");
    assert_eq!(created(&mut desk).unwrap().2, key);
    desk.answer(Answer::Created { key: key.clone(), answered: false, given: given(), result: Err(refused(Refusal::Unknown { field: "unit".into(), value: "x".into() })) });
    assert!(desk.shows("标题在这里") && desk.shows("承办单位不对"));
    desk.keys("alt-d");
    assert_ne!(created(&mut desk).unwrap().2, key, "a plain no ends the act");
}

#[test]
fn a_form_stays_when_its_call_ends_and_the_next_call_gets_its_own() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("写了一半");
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.frame(300, crate::api::events::Change::Call { row: Box::new(over) });
    assert!(desk.shows("写了一半"));
    let mut next = call(8, CallState::Talking);
    next.version = 2;
    desk.frame(301, crate::api::events::Change::Call { row: Box::new(next) });
    assert!(!desk.shows("写了一半") && desk.shows("另有草稿 1"));
    assert_eq!(desk.app.model.parked[0].title.text(), "写了一半");
    desk.keys("ctrl-q");
    assert!(desk.app.exit.is_none() && desk.shows("再按一次退出"));
    desk.keys("ctrl-q");
    assert_eq!(desk.app.exit, Some(ExitReason::Quit));
}

pub fn handler() -> Desk {
    let mut desk = Desk::new("handler_clerk", Some("city.rsj"), (160, 45));
    assert_eq!(desk.app.model.screen, ScreenName::Tickets, "a handler begins at the tickets");
    let mut one = row(163, "拖欠农民工工资", 300);
    one.step = Step::Dispatched;
    desk.page(Ask::Board, vec![one.clone()]);
    desk.page(Ask::List, vec![one.clone()]);
    desk.keys("enter");
    assert_eq!(desk.taken(|effect| if let Effect::LoadDetail(id) = effect { Some(*id) } else { None }), [one.id]);
    desk.answer(Answer::Detail(one.id, Ok(detail(one, vec![Act::Claim, Act::Sign, Act::RequestReturn, Act::Note]))));
    desk
}

pub fn acted(desk: &mut Desk) -> Vec<(Act, crate::api::tickets::ActRequest, String)> {
    desk.taken(|effect| if let Effect::Act { act, request, key, .. } = effect { Some((*act, (**request).clone(), key.clone())) } else { None })
}

#[test]
fn a_handler_signs_and_logs_a_contact_and_both_look_pending_until_the_server_agrees() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    assert!(desk.shows("s 签收") && desk.shows("c 领取"));
    desk.keys("s");
    let (act, _, key) = acted(&mut desk).pop().unwrap();
    assert_eq!(act, Act::Sign);
    assert!(desk.shows("签收…") && desk.shows("等待服务器确认"));
    let mut signed = row(163, "拖欠农民工工资", 300);
    signed.version = 4;
    desk.answer(Answer::Acted { key, result: Ok(signed) });
    assert!(desk.shows("1120-0163 已签收") && !desk.shows("等待服务器确认"));
    desk.keys("t enter");
    assert!(acted(&mut desk).is_empty() && desk.shows("请填写内容"), "a contact without words is none");
    desk.types("已与来电人电话联系").keys("enter");
    let (act, request, _) = acted(&mut desk).pop().unwrap();
    assert_eq!((act, request.text.as_deref()), (Act::Contact, Some("已与来电人电话联系")));
}

#[test]
fn words_left_in_a_box_are_there_again() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("m").types("备注一半").keys("esc");
    assert!(acted(&mut desk).is_empty() && !desk.shows("备注一半"));
    desk.keys("m");
    assert!(desk.shows("备注一半"));
    desk.keys("alt-enter");
    let (_, request, key) = acted(&mut desk).pop().unwrap();
    assert_eq!(request.text.as_deref(), Some("备注一半"));
    desk.answer(Answer::Acted { key: key.clone(), result: Err(ClientError::Unreachable("down".into())) });
    desk.keys("m alt-enter");
    assert_eq!(acted(&mut desk).pop().unwrap().2, key, "the same act, sent again, has the same key");
}

#[test]
fn every_legal_act_is_offered_and_a_return_asks_for_reason_and_basis() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys(".").types("tuidan");
    assert!(desk.shows("申请退单"));
    desk.keys("enter");
    assert!(desk.shows("职责不符"));
    desk.keys("enter").types("不属本单位职责").keys("alt-enter");
    let (act, request, _) = acted(&mut desk).pop().unwrap();
    assert_eq!((act, request.reason.as_deref(), request.text.as_deref()), (Act::RequestReturn, Some("not_ours"), Some("不属本单位职责")));
}

#[test]
fn a_refused_act_says_what_is_possible() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("s");
    let key = acted(&mut desk).pop().unwrap().2;
    desk.answer(Answer::Acted { key, result: Err(refused(Refusal::IllegalStep { act: Act::Sign, step: Step::Signed, legal: vec![Act::Contact, Act::Reply] })) });
    assert!(desk.shows("不能签收。现在可以：联系、反馈"));
    assert!(desk.app.model.pending.is_empty());
}

#[test]
fn an_ended_login_covers_everything_and_loses_nothing() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("写了一半");
    desk.live(crate::client::Live::Unauthorized);
    assert!(desk.shows("登录已过期") || desk.shows("密码"));
    assert!(!desk.shows("写了一半"));
    desk.types("secret-words").keys("enter");
    assert!(!desk.text().contains("secret-words"));
    let sent = desk.taken(|effect| if let Effect::LogIn { login, .. } = effect { Some((login.clone(), format!("{effect:?}"))) } else { None });
    assert!(sent[0].0 == "op01" && !sent[0].1.contains("secret-words"), "a password is never printed");
    let session = crate::api::session::Session { token: "t".into(), expires_at: now(), me: me("operator", None) };
    desk.answer(Answer::LoggedIn(Ok(session)));
    assert!(desk.shows("写了一半"));
}

#[test]
fn prefix_keys_show_what_may_follow_and_the_help_is_the_live_keymap() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-t g");
    assert!(desk.shows("g 之后") && desk.shows("转到知识库"));
    desk.keys("k");
    assert_eq!(desk.app.model.screen, ScreenName::Knowledge);
    desk.keys("f1 f10");
    assert!(desk.shows("接听振铃来电") && desk.shows("alt-a"));
    desk.keys("esc f12");
    assert!(desk.shows("Intake"), "the language changes at once");
    desk.keys("f12");
}
