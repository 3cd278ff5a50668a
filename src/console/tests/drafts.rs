//! Drafts on this machine's disk, as the fold sees them: what is given to it when, and what comes back from it.
use super::fixtures::*;
use super::flow::{acted, handler};
use crate::console::effect::Effect;
use crate::console::keep::Found;
use crate::console::model::draft::KeptDraft;
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::limits::TicketKind;
use crate::domain::ticket::Act;
use crate::words::Language;
use std::time::Duration;
use uuid::Uuid;

/// What the disk was told since the last look: texts kept, drafts forgotten.
fn told(desk: &mut Desk) -> (Vec<KeptDraft>, Vec<Uuid>) {
    let jobs = desk.taken(|effect| match effect {
        Effect::KeepDrafts { owner, keep, forget } => {
            assert_eq!(owner, "op01");
            Some((keep.clone(), forget.clone()))
        }
        _ => None,
    });
    (jobs.iter().flat_map(|(keep, _)| keep.clone()).collect(), jobs.iter().flat_map(|(_, forget)| forget.clone()).collect())
}

fn later(desk: &mut Desk, milliseconds: u64) {
    desk.clock += Duration::from_millis(milliseconds);
    desk.msg(crate::console::msg::Msg::Tick);
}

fn kept(body: &str) -> KeptDraft {
    KeptDraft { id: Uuid::now_v7(), kind: Some(TicketKind::Complaint), body: body.into(), ..KeptDraft::default() }
}

#[test]
fn what_is_typed_reaches_the_disk_within_half_a_second_and_only_when_it_changed() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.types("3");
    desk.keys("tab");
    assert!(told(&mut desk).0.is_empty());
    assert!(desk.app.wake_at() <= desk.clock + Duration::from_millis(500), "the loop wakes for it");
    later(&mut desk, 450);
    let (first, _) = told(&mut desk);
    assert_eq!(first.iter().map(|draft| draft.kind).collect::<Vec<_>>(), [Some(TicketKind::Complaint)]);
    // Typing on and on is kept on the way, not only when the hands rest.
    let mut times = 0;
    for _ in 0..40 {
        desk.types("路");
        later(&mut desk, 50);
        times += told(&mut desk).0.len();
    }
    assert!((4..=6).contains(&times), "{times} times in two seconds");
    later(&mut desk, 450);
    told(&mut desk);
    later(&mut desk, 5000);
    desk.keys("alt-k alt-i");
    later(&mut desk, 450);
    assert_eq!(told(&mut desk), (vec![], vec![]));
}

#[test]
fn it_goes_from_the_disk_when_the_server_has_it_and_not_before() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.types("3").keys("tab").types("示例路积水").keys("tab tab tab tab").types("").keys("tab");
    desk.types("rsj").keys("enter");
    later(&mut desk, 450);
    let id = told(&mut desk).0.pop().unwrap().id;
    desk.keys("alt-d");
    let key = desk
        .asked
        .iter()
        .find_map(|effect| match effect {
            Effect::Create { key, .. } => Some(key.clone()),
            _ => None,
        })
        .unwrap();
    // Under way: kept at once and with its key, so that sent again after a crash it is still the same act.
    let (keep, forget) = told(&mut desk);
    assert_eq!((keep.len(), keep[0].key.as_ref(), forget.len()), (1, Some(&key), 0));
    desk.answer(Answer::Created { key: key.clone(), answered: false, given: given(), result: Err(crate::client::ClientError::Unreachable("gone".into())) });
    later(&mut desk, 450);
    assert!(told(&mut desk).1.is_empty(), "an unknown outcome keeps it");
    desk.answer(Answer::Created { key, answered: false, given: given(), result: Ok(row(9, "示例路积水", 500)) });
    later(&mut desk, 450);
    assert_eq!(told(&mut desk).1, [id]);
}

#[test]
fn what_was_found_comes_back_and_the_key_goes_round() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.answer(Answer::Drafts(Ok(Found { drafts: vec![kept("旧的一份"), kept("新的一份")], aside: vec![] })));
    assert!(desk.shows("已找回未提交的登记 2 份") && desk.shows("新的一份") && desk.shows("另有草稿 1 份 alt-n"));
    later(&mut desk, 450);
    assert_eq!(told(&mut desk), (vec![], vec![]), "they are there already");
    desk.keys("alt-n");
    assert!(desk.shows("旧的一份") && !desk.shows("新的一份"));
    desk.keys("alt-n");
    assert!(desk.shows("新的一份"));
    // Emptied by hand: nothing is left of it to keep.
    let id = desk.app.model.draft.id.unwrap();
    desk.app.model.draft.body.set("");
    desk.app.model.draft.kind = None;
    desk.keys("tab");
    later(&mut desk, 450);
    assert_eq!(told(&mut desk).1, [id]);
}

#[test]
fn what_is_being_written_stays_in_front_of_what_was_found() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.types("3").keys("tab").types("正在写的");
    desk.answer(Answer::Drafts(Ok(Found { drafts: vec![kept("旧的一份")], aside: vec!["damaged-1".into()] })));
    assert!(desk.shows("正在写的") && desk.shows("1 个草稿文件已损坏"));
}

#[test]
fn another_person_at_this_seat_sees_none_of_it() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), vec![call(7, CallState::Ringing)]);
    desk.types("3").keys("tab").types("李某写的");
    desk.live(crate::client::Live::Unauthorized);
    let mut other = me("operator", None);
    other.login = "op02".into();
    desk.answer(Answer::Me(Ok(other)));
    assert!(!desk.shows("李某写的") && desk.app.model.draft.is_blank());
    let owners = desk.taken(|effect| match effect {
        Effect::KeepDrafts { owner, keep, forget } => Some((owner.clone(), keep.len(), forget.len())),
        _ => None,
    });
    assert_eq!(owners, [("op01".to_owned(), 1, 0)], "it is kept for the one who wrote it");
}

#[test]
fn a_disk_that_says_no_is_told_once_and_tried_again() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.types("3");
    later(&mut desk, 450);
    told(&mut desk);
    desk.answer(Answer::Kept(Err("No space left on device".into())));
    assert!(desk.shows("草稿未能存到本机"));
    desk.app.model.toast = None;
    later(&mut desk, 5100);
    assert_eq!(told(&mut desk).0.len(), 1, "all of it again");
    desk.answer(Answer::Kept(Err("No space left on device".into())));
    assert!(!desk.shows("草稿未能存到本机"));
    desk.answer(Answer::Kept(Ok(())));
}

#[test]
fn words_in_a_box_are_kept_until_the_server_has_them_and_come_back_to_their_act() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("t").types("已联系来电人").keys("ctrl-j").types("约定明天上门");
    later(&mut desk, 450);
    let kept = told(&mut desk).0.pop().unwrap();
    let words = kept.in_box.clone().unwrap();
    assert_eq!((words.act, words.text.as_str()), (Act::Contact, "已联系来电人\n约定明天上门"));
    // Left and opened again, it is the same draft; a console that was killed finds it.
    desk.keys("esc");
    later(&mut desk, 450);
    assert_eq!(told(&mut desk), (vec![], vec![]));
    let mut next = handler();
    next.answer(Answer::Drafts(Ok(Found { drafts: vec![kept.clone()], aside: vec![] })));
    assert!(next.shows("1 处未发出的内容") && next.app.model.draft.is_blank() && next.app.model.parked.is_empty());
    next.asked.clear();
    next.keys("t");
    assert!(next.shows("已联系来电人") && next.shows("约定明天上门"));
    next.keys("enter");
    later(&mut next, 450);
    assert!(told(&mut next).1.is_empty(), "on its way it is still kept");
    let mut again = handler();
    again.keys("t").types("已联系").keys("enter");
    let key = acted(&mut again).pop().unwrap().2;
    later(&mut again, 450);
    let id = told(&mut again).0.pop().unwrap().id;
    let mut row = row(163, "拖欠农民工工资", 300);
    row.version = 9;
    again.answer(Answer::Acted { key, result: Ok(row) });
    later(&mut again, 450);
    assert_eq!(told(&mut again).1, [id]);
}

#[test]
fn a_plain_letter_asks_before_the_console_is_left_and_so_do_unsent_words() {
    let _words = speak(Language::Chinese);
    let mut desk = handler();
    desk.keys("q");
    assert!(desk.app.exit.is_none() && desk.shows("再按一次"));
    desk.keys("q");
    assert!(desk.app.exit.is_some());
    let mut desk = handler();
    desk.keys("t").types("写了一半").keys("esc ctrl-q");
    assert!(desk.app.exit.is_none() && desk.shows("未发出的内容"));
    let mut desk = handler();
    desk.keys("ctrl-q");
    assert!(desk.app.exit.is_some());
}
