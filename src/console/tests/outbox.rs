//! Intake without a link: what is given then waits, goes out once when the link is back, and comes back when it is refused.
use super::fixtures::*;
use crate::api::tickets::{LeasedNumbers, NewTicket};
use crate::client::{ClientError, Live};
use crate::console::effect::Effect;
use crate::console::model::outbox::Moment;
use crate::console::msg::{Answer, Msg};
use crate::domain::refusal::Refusal;
use crate::words::Language;
use std::time::Duration;

fn numbers(from: u32) -> Answer {
    Answer::Numbers(Ok(LeasedNumbers { numbers: (from..from + 12).map(|number| format!("20261122-{number:04}")).collect() }))
}

/// A desk with numbers, then without a link.
fn cut_off() -> Desk {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.answer(numbers(100));
    desk.live(Live::Lost("gone".into()));
    desk.asked.clear();
    desk
}

fn file(desk: &mut Desk, title: &str) {
    desk.types("3").keys("tab").types(title).keys("tab tab tab tab").types("rsj").keys("enter alt-d");
}

fn sent(desk: &mut Desk) -> Vec<(NewTicket, String, Option<Moment>)> {
    desk.taken(|effect| match effect {
        Effect::Create { ticket, key, given, .. } => Some(((**ticket).clone(), key.clone(), given.clone())),
        _ => None,
    })
}

fn unreachable(key: &str, given: Moment) -> Answer {
    Answer::Created { key: key.into(), answered: false, given, result: Err(ClientError::Unreachable("gone".into())) }
}

fn moment(uptime: u64) -> Moment {
    Moment { uptime, ..given() }
}

#[test]
fn five_taken_without_a_link_go_out_once_each_in_order_with_their_numbers_and_moments() {
    let _words = speak(Language::Chinese);
    let mut desk = cut_off();
    let mut tried = Vec::new();
    for number in 0..5 {
        file(&mut desk, &format!("示例路积水{number}"));
        let told = format!("暂存 20261122-{:04}", 100 + number);
        assert!(desk.shows(&told) && desk.app.model.draft.is_blank(), "the caller is told a number and the form is free");
        let (ticket, key, given) = sent(&mut desk).pop().unwrap();
        assert_eq!((ticket.number.clone(), given), (Some(format!("20261122-{:04}", 100 + number)), None));
        desk.answer(unreachable(&key, moment(number * 1000)));
        tried.push((ticket, key, Some(moment(number * 1000))));
    }
    assert!(desk.shows("待送 5"));
    // Nothing goes out while there is no link, however long that is.
    for _ in 0..10 {
        desk.wait(6);
    }
    assert!(sent(&mut desk).is_empty());
    desk.live(Live::Connected(120));
    for (at, one) in tried.iter().enumerate() {
        let now = sent(&mut desk);
        assert_eq!(now, std::slice::from_ref(one), "one at a time, the same request under the same key");
        let mut row = row(500 + at as u128, "示例路积水", 2880);
        row.number = format!("1122-010{at}");
        desk.answer(Answer::Created { key: one.1.clone(), answered: false, given: moment(at as u64 * 1000), result: Ok(row) });
    }
    assert!(sent(&mut desk).is_empty() && desk.shows("已补交 1122-0104") && !desk.shows("待送"));
    assert_eq!(desk.app.model.board.rows.iter().filter(|listed| listed.row.number.starts_with("1122-010")).count(), 5);
}

#[test]
fn a_try_that_is_not_answered_is_tried_again_and_one_key_is_one_act() {
    let mut desk = cut_off();
    file(&mut desk, "示例路积水");
    let (_, key, _) = sent(&mut desk).pop().unwrap();
    desk.answer(unreachable(&key, moment(1)));
    desk.live(Live::Connected(120));
    assert_eq!(sent(&mut desk).len(), 1);
    desk.answer(unreachable(&key, moment(1)));
    assert!(sent(&mut desk).is_empty());
    desk.clock += Duration::from_millis(5100);
    desk.msg(Msg::Tick);
    let (_, again, given) = sent(&mut desk).pop().unwrap();
    assert_eq!((again, given), (key, Some(moment(1))), "its first moment stays its moment");
}

#[test]
fn the_link_is_lost_in_the_very_moment_of_sending() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.answer(numbers(7));
    file(&mut desk, "示例路积水");
    assert!(!desk.app.model.draft.is_blank(), "with a link it stays in the form until the server has said yes");
    let (_, key, _) = sent(&mut desk).pop().unwrap();
    desk.answer(unreachable(&key, moment(3)));
    assert!(desk.shows("暂存 20261122-0007") && desk.app.model.draft.is_blank());
}

#[test]
fn without_a_number_it_stays_in_the_form() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.live(Live::Lost("gone".into()));
    file(&mut desk, "示例路积水");
    let (_, key, _) = sent(&mut desk).pop().unwrap();
    desk.answer(unreachable(&key, moment(3)));
    assert!(!desk.app.model.draft.is_blank() && desk.app.model.outbox.is_empty());
}

/// One key is one act with one body: changed since, the first try is asked about as it was, and a second ticket is filed by
/// nothing but another press after its outcome is known.
#[test]
fn words_changed_after_a_try_without_an_answer_make_no_second_ticket_and_reuse_no_key() {
    let _words = speak(Language::Chinese);
    let tried = |refuse: Option<ClientError>| {
        let mut desk = Desk::loaded((160, 45), Vec::new());
        desk.types("3").keys("tab").types("示例路积水").keys("tab tab tab").types("水很深").keys("tab").types("rsj").keys("enter alt-d");
        let (first, key, _) = sent(&mut desk).pop().unwrap();
        assert_eq!(first.number, None, "no number was leased: it stays in the form");
        desk.answer(unreachable(&key, moment(3)));
        // Unchanged, the same act goes out again.
        desk.keys("alt-d");
        assert_eq!(sent(&mut desk), [(first.clone(), key.clone(), None)]);
        desk.answer(unreachable(&key, moment(3)));
        // Numbers have come meanwhile; the first try had none, and is asked about as it was.
        desk.answer(numbers(7));
        desk.app.model.draft.body.insert("，已封路");
        desk.keys("alt-d");
        assert_eq!(sent(&mut desk), [(first.clone(), key.clone(), None)], "the first body under the first key");
        desk.keys("alt-d");
        assert!(sent(&mut desk).is_empty() && desk.shows("还在处理"));
        // Not even now is it known: then it is asked again, and no other key appears.
        desk.answer(unreachable(&key, moment(3)));
        desk.keys("alt-d");
        assert_eq!(sent(&mut desk), [(first.clone(), key.clone(), None)]);
        let mut stands = row(300, "示例路积水", 2880);
        stands.number = "1122-0300".into();
        let outcome = Answer::Created { key: key.clone(), answered: false, given: given(), result: refuse.map_or(Ok(stands), Err) };
        desk.answer(outcome);
        assert!(sent(&mut desk).is_empty(), "nothing is filed by itself");
        assert!(desk.app.model.draft.body.text().contains("已封路"), "and nothing typed is lost");
        (desk, first, key)
    };
    let (mut desk, first, key) = tried(None);
    assert!(desk.shows("已登记为 1122-0300"));
    desk.keys("alt-d");
    let (second, another, _) = sent(&mut desk).pop().unwrap();
    assert!(another != key && second.body != first.body && second.number.as_deref() == Some("20261122-0007"));
    let (mut desk, first, key) = tried(Some(refused(Refusal::Missing { field: "unit".into() })));
    assert!(desk.shows("先前那次没有登记成"));
    desk.keys("alt-d");
    let (second, another, _) = sent(&mut desk).pop().unwrap();
    assert!(another != key && second.body != first.body);
    desk.answer(Answer::Created { key: another, answered: false, given: given(), result: Ok(row(301, "示例路积水", 2880)) });
    assert!(desk.app.model.draft.is_blank(), "that one is done");
}

#[test]
fn words_changed_after_a_try_and_found_after_a_crash_are_a_draft_of_their_own() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    file(&mut desk, "示例路积水");
    let (ticket, key, _) = sent(&mut desk).pop().unwrap();
    desk.answer(unreachable(&key, moment(3)));
    let kept = |desk: &Desk, id: u128| desk.app.model.draft.kept(uuid::Uuid::from_u128(id));
    let same = kept(&desk, 1);
    desk.app.model.draft.body.insert("后来补的");
    let changed = kept(&desk, 2);
    for (draft, parked) in [(same, false), (changed, true)] {
        let mut again = Desk::loaded((160, 45), Vec::new());
        again.answer(Answer::Drafts(Ok(crate::console::keep::Found { drafts: vec![draft], aside: vec![] })));
        again.live(Live::Connected(120));
        assert_eq!(sent(&mut again), [(ticket.clone(), key.clone(), None)], "what was sent goes out as it was");
        again.answer(Answer::Created { key: key.clone(), answered: false, given: given(), result: Ok(row(302, "示例路积水", 2880)) });
        assert_eq!(again.app.model.draft.body.text().contains("后来补的"), parked);
        assert_eq!(again.app.model.draft.key, None);
    }
}

#[test]
fn what_the_server_refuses_comes_back_whole_and_the_others_go_on() {
    let _words = speak(Language::Chinese);
    let mut desk = cut_off();
    file(&mut desk, "单位已撤销的一件");
    file(&mut desk, "第二件");
    let keys: Vec<String> = sent(&mut desk).into_iter().map(|(_, key, _)| key).collect();
    for key in &keys {
        desk.answer(unreachable(key, moment(3)));
    }
    desk.types("3").keys("tab").types("正在写的");
    desk.live(Live::Connected(120));
    sent(&mut desk);
    let refusal = Err(refused(Refusal::Unknown { field: "unit".into(), value: "city.rsj".into() }));
    desk.answer(Answer::Created { key: keys[0].clone(), answered: false, given: moment(3), result: refusal });
    assert!(desk.shows("补交未通过") && desk.shows("正在写的"), "it is told, and what is being written stays");
    assert_eq!(sent(&mut desk).len(), 1, "the second one goes out");
    desk.keys("alt-n");
    assert!(desk.shows("单位已撤销的一件"));
    assert_eq!(desk.app.model.draft.number.as_deref(), Some("20261122-0100"), "the number its caller was told stays its number");
    assert!(desk.app.model.draft.fault.is_some());
}

#[test]
fn numbers_are_asked_for_while_there_is_a_link_and_before_they_run_out() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let asked = |desk: &mut Desk| desk.taken(|effect| matches!(effect, Effect::LeaseNumbers { .. }).then_some(())).len();
    desk.live(Live::Connected(101));
    assert!(asked(&mut desk) <= 1);
    desk.answer(numbers(1));
    desk.live(Live::Connected(102));
    assert_eq!(asked(&mut desk), 0, "it has enough");
    for title in ["一", "二", "三"] {
        file(&mut desk, title);
        let key = desk.app.model.draft.key.clone().unwrap();
        desk.answer(Answer::Created { key, answered: false, given: given(), result: Ok(row(60, title, 2880)) });
    }
    assert_eq!(asked(&mut desk), 1, "nine are left");
}

#[test]
fn an_act_whose_outcome_is_not_known_goes_out_again_by_itself_under_its_key() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.keys("alt-t u enter");
    let acts = |desk: &mut Desk| {
        desk.taken(|effect| match effect {
            Effect::Act { key, .. } => Some(key.clone()),
            _ => None,
        })
    };
    let first = acts(&mut desk);
    desk.answer(Answer::Acted { key: first[0].clone(), result: Err(ClientError::Unreachable("gone".into())) });
    desk.live(Live::Lost("gone".into()));
    desk.live(Live::Connected(130));
    assert_eq!(acts(&mut desk), first);
}
