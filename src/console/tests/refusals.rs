//! What the console will not do, and says so: two callers at one ear, words that would be lost, an act that was not meant.
use super::fixtures::*;
use super::flow::{acted, created, handler, on_a_call};
use crate::api::events::Change;
use crate::api::session::{SeatState, Session};
use crate::console::ExitReason;
use crate::console::effect::{Ask, Effect};
use crate::console::model::draft::Field;
use crate::console::msg::{Answer, Msg};
use crate::domain::call::CallState;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::{Act, Step};
use crate::words::Language;

#[test]
fn an_intake_on_its_way_takes_no_more_words_and_says_so() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("标题");
    desk.app.model.draft.unit_code = Some("city.rsj".into());
    desk.keys("alt-d");
    let (_, _, key) = created(&mut desk).unwrap();
    desk.msg(Msg::Paste("孩子还在屋里".into()));
    assert!(desk.shows("正在提交，暂不能改") && !desk.shows("孩子还在屋里"));
    desk.app.model.toast = None;
    desk.types("字").keys("alt-c tab");
    assert!(desk.shows("正在提交，暂不能改") && desk.app.model.draft.urgent.is_none() && desk.app.model.draft.title.text() == "标题");
    desk.answer(Answer::Created { key, answered: false, given: given(), result: Ok(row(171, "标题", 2880)) });
    desk.msg(Msg::Paste("3".into()));
    desk.keys("tab");
    desk.msg(Msg::Paste("孩子还在屋里".into()));
    assert!(desk.shows("孩子还在屋里"), "afterwards it is written into the next");
}

#[test]
fn with_a_call_in_hand_no_second_one_is_taken() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing), call(8, CallState::Ringing)]);
    let takes = |desk: &mut Desk| desk.taken(|effect| matches!(effect, Effect::Call { act: "take", .. }).then_some(())).len();
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    desk.keys("alt-a alt-a");
    assert_eq!(takes(&mut desk), 1, "held down, the key takes one");
    desk.answer(Answer::Call { call: call(7, CallState::Talking).id, act: "take", result: Ok(call(7, CallState::Talking)) });
    desk.keys("alt-a");
    assert!(takes(&mut desk) == 0 && desk.shows("先按 alt-e 挂机"));
    let mut held = call(7, CallState::Held);
    held.version = 3;
    desk.frame(300, Change::Call { row: Box::new(held) });
    desk.keys("alt-q enter");
    assert_eq!(takes(&mut desk), 0, "one that is held is in hand as well");
    let mut over = call(7, CallState::WrapUp);
    over.version = 4;
    desk.frame(301, Change::Call { row: Box::new(over) });
    desk.keys("alt-a");
    assert_eq!(takes(&mut desk), 1, "while one is wrapped up the next may be taken");
}

#[test]
fn a_take_that_was_refused_does_not_bar_the_next() {
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    for _ in 0..2 {
        desk.asked.clear();
        desk.keys("alt-a");
        let id = desk.taken(|effect| if let Effect::Call { call, act: "take", .. } = effect { Some(*call) } else { None })[0];
        desk.answer(Answer::Call { call: id, act: "take", result: Err(refused(Refusal::AlreadyClaimed { by: "op09".into() })) });
    }
}

#[test]
fn logging_in_confirms_nothing_that_lies_under_the_login() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("m").types("备注一半");
    desk.live(crate::client::Live::Unauthorized);
    desk.types("secret-words").keys("enter");
    assert!(acted(&mut desk).is_empty() && desk.app.model.prompt.is_some());
    let session = Session { token: "t".into(), expires_at: now(), me: me("handler_clerk", Some("city.rsj")) };
    desk.answer(Answer::LoggedIn(Ok(session)));
    assert!(desk.shows("备注一半"));
}

#[test]
fn words_in_the_matter_that_stand_for_nothing_are_said_and_never_dropped() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-i").types("3").keys("tab").types("标题").keys("tab").types("㐀㐁㐂");
    let filled = desk.app.model.draft.filled();
    desk.keys("tab");
    assert!(desk.shows("事项目录里没有「㐀㐁㐂」"), "at once, in the field");
    assert_eq!((filled, desk.app.model.draft.filled()), (2, 2), "what would not be sent is not counted");
    desk.app.model.draft.unit_code = Some("city.rsj".into());
    desk.keys("alt-d");
    assert!(created(&mut desk).is_none() && desk.shows("事项目录里没有「㐀㐁㐂」"));
    assert_eq!(desk.app.model.draft.focus, Field::Matter);
    desk.keys("ctrl-u alt-d");
    assert!(created(&mut desk).is_some());
}

#[test]
fn a_late_card_of_an_earlier_caller_is_not_shown_for_this_one() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    let first = call(7, CallState::Talking).id;
    desk.frame(300, Change::Call { row: Box::new(call(7, CallState::Talking)) });
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.frame(301, Change::Call { row: Box::new(over) });
    let second = call(8, CallState::Talking);
    desk.frame(302, Change::Call { row: Box::new(second.clone()) });
    desk.answer(Answer::Card(second.id, Ok(card())));
    desk.answer(Answer::Card(first, Ok(card())));
    assert_eq!(desk.app.model.card.as_ref().map(|(call, _)| *call), Some(second.id));
}

#[test]
fn a_call_in_hand_is_not_left_by_one_key() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    assert!(desk.shows("alt-e 挂机"), "the key says what it does while somebody is on the line");
    desk.keys("ctrl-q");
    assert!(desk.app.exit.is_none() && desk.shows("手上还有通话"));
    desk.types("3").keys("ctrl-q");
    assert!(desk.app.exit.is_none(), "another key in between takes the question back");
    desk.keys("ctrl-q");
    assert_eq!(desk.app.exit, Some(ExitReason::Quit));
}

#[test]
fn a_notice_that_a_key_called_for_goes_with_the_next_key_and_an_answer_stays() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    desk.keys("alt-a");
    assert!(desk.shows("还未示闲"));
    desk.keys("alt-x");
    assert!(!desk.shows("还未示闲"));
    desk.answer(Answer::Seat(SeatState::Ready, Err(crate::client::ClientError::Unreachable("down".into()))));
    desk.types("3");
    assert!(desk.shows("服务器没有回应"), "what the server said is read before it goes");
}

#[test]
fn a_long_refusal_is_read_to_its_end() {
    let _words = speak(Language::Chinese);
    for size in [(160, 45), (80, 24)] {
        let mut desk = handler();
        desk.app.size = size;
        desk.keys("s");
        let key = acted(&mut desk).pop().unwrap().2;
        let legal = vec![Act::Claim, Act::Contact, Act::Progress, Act::Reply, Act::RequestReturn, Act::RequestExtension, Act::Suspend, Act::Urge, Act::Supervise, Act::Lift, Act::Cancel];
        desk.answer(Answer::Acted { key, result: Err(refused(Refusal::IllegalStep { act: Act::Sign, step: Step::Signed, legal })) });
        assert!(desk.text().replace('\n', "").contains("撤单"), "{}", desk.text());
    }
}

#[test]
fn a_ticket_is_searched_by_the_number_that_is_printed() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("/").types("老人").keys("enter");
    assert!(desk.shows("工单号写作"));
    desk.keys("ctrl-u").types("1120-0163").keys("enter");
    let asked = desk.taken(|effect| if let Effect::LoadTickets { ask: Ask::List, query, .. } = effect { query.number.clone() } else { None });
    assert_eq!(asked, ["20261120-0163"]);
}

#[test]
fn a_search_begins_anew_where_one_comes_back_to_it_and_closes_what_it_does_not_find() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.keys("alt-s").types("gjj");
    let serial = desk.app.model.knowledge.serial;
    desk.answer(Answer::Found { serial, query: "gjj".into(), hits: Some(vec![hit(3, "甲", &[], false), hit(4, "公积金", &[], false)]), total: 2, micros: 1 });
    desk.keys("down");
    assert!(desk.shows("alt-2 钉 2"), "the key of the hit one would open");
    desk.keys("enter");
    desk.answer(Answer::Article(crate::domain::ids::ArticleId(id(4)), Ok(article(4, "公积金", false))));
    assert!(desk.shows("alt-2 钉 2"), "the key of the article one reads");
    desk.keys("esc").types("x");
    assert_eq!(desk.app.model.knowledge.query.text(), "gjjx", "back from the article one goes on typing");
    desk.keys("alt-i alt-s").types("sbk");
    assert_eq!(desk.app.model.knowledge.query.text(), "sbk");
    desk.keys("alt-i alt-s backspace").types("q");
    assert_eq!(desk.app.model.knowledge.query.text(), "sbq", "one may also mend it");
    let serial = desk.app.model.knowledge.serial;
    desk.answer(Answer::Found { serial, query: "sbq".into(), hits: Some(vec![hit(5, "社保卡", &[], false)]), total: 1, micros: 1 });
    assert!(desk.app.model.knowledge.article.is_none(), "another policy is not left open to be read aloud");
}

#[test]
fn the_same_answer_is_not_filed_twice_by_one_more_key() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    let mut pinned = call(7, CallState::Talking);
    pinned.version = 3;
    pinned.pins = vec![crate::domain::ticket::Pin { article: crate::domain::ids::ArticleId(id(519)), revision: 4 }];
    desk.app.model.knowledge.pinned = vec![head(519, "稳岗返还", false).into()];
    desk.answer(Answer::Pinned { code: "K0519".into(), result: Ok(pinned) });
    desk.keys("alt-r");
    let (_, answered, key) = created(&mut desk).unwrap();
    desk.answer(Answer::Created { key, answered, given: given(), result: Ok(row(999, "稳岗返还", 5000)) });
    desk.keys("alt-r");
    assert!(created(&mut desk).is_none() && desk.shows("已按这些知识直接解答"));
    desk.keys("alt-i tab").types("另一件").keys("alt-r");
    assert!(created(&mut desk).is_some(), "another matter of the same caller");
}

#[test]
fn an_unknown_unit_and_a_fault_in_a_small_window_are_said_beside_what_is_typed() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.app.size = (80, 24);
    desk.keys("alt-i alt-d");
    assert!(desk.shows("请填写类型") && desk.shows("1 咨询"), "{}", desk.text());
    desk.types("3").keys("tab").types("标题");
    desk.app.model.draft.focus = Field::Unit;
    desk.types("㐀㐁").keys("alt-d");
    assert!(created(&mut desk).is_none() && desk.shows("没有承办单位「㐀㐁」"), "{}", desk.text());
}

#[test]
fn the_figures_of_the_day_follow_the_calls() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let mut over = call(7, CallState::Ended);
    for version in 2..6 {
        over.version = version;
        desk.frame(300 + version, Change::Call { row: Box::new(over.clone()) });
    }
    for _ in 0..11 {
        desk.wait(1);
    }
    assert_eq!(desk.taken(|effect| matches!(effect, Effect::LoadFigures).then_some(())).len(), 1, "once, however many calls");
    desk.answer(Answer::Figures(Ok(crate::api::calls::CallPage { figures: crate::api::calls::CallFigures { offered: 10, answered: 5, within_15s: 1 }, ..calls(Vec::new()) })));
    assert!(desk.shows("50.0%"));
}
