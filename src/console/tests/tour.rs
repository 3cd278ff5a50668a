//! 导览 (tour): ten steps done by keys alone, and what it never does.
use super::fixtures::*;
use super::flow::created;
use crate::api::session::SeatState;
use crate::console::effect::Effect;
use crate::console::model::ScreenName;
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::ids::ArticleId;
use crate::domain::ticket::{Act, Pin};
use crate::words::Language;

fn step(desk: &Desk) -> Option<usize> {
    desk.app.model.tour.as_ref().map(|tour| tour.at + 1)
}

#[test]
fn the_ten_steps_are_done_by_keys_and_each_is_seen_to_be_done() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.app.model.tour_offered = true;
    assert!(desk.shows("第一次来？按 alt-0"));
    desk.keys("alt-0");
    assert!(desk.shows("导览 1/10") && desk.shows("按 alt-x 示闲"));
    desk.keys("alt-s alt-i");
    assert_eq!(step(&desk), Some(1), "another key is just that key");
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    assert!(desk.shows("✓ 示闲") && desk.shows("导览 2/10"));
    desk.frame(300, crate::api::events::Change::Call { row: Box::new(call(7, CallState::Ringing)) });
    assert!(desk.shows("来电振铃"), "a ringing call has the line to itself");
    desk.keys("alt-a");
    desk.answer(Answer::Call { call: call(7, CallState::Talking).id, act: "take", result: Ok(call(7, CallState::Talking)) });
    assert!(desk.shows("导览 3/10"));
    desk.keys("alt-s").types("wgfh");
    let (serial, query) = desk.taken(|effect| if let Effect::Search { serial, query } = effect { Some((*serial, query.clone())) } else { None }).pop().unwrap();
    desk.answer(Answer::Found { serial, query, hits: Some(vec![hit(519, "稳岗返还怎么申请", &[0, 1, 2, 3], false)]), total: 1, micros: 900 });
    assert!(desk.shows("导览 4/10") && desk.shows("按 alt-1 钉住第一条"));
    desk.keys("alt-1");
    let mut pinned = call(7, CallState::Talking);
    (pinned.version, pinned.pins) = (3, vec![Pin { article: ArticleId(id(519)), revision: 4 }]);
    desk.answer(Answer::Pinned { code: "K0519".into(), result: Ok(pinned) });
    assert!(desk.shows("导览 5/10"));
    desk.keys("alt-r");
    let (_, answered, key) = created(&mut desk).unwrap();
    desk.answer(Answer::Created { key, answered, given: given(), result: Ok(row(999, "稳岗返还怎么申请", 5000)) });
    assert!(desk.shows("导览 6/10"));
    let mut over = call(7, CallState::Ended);
    over.version = 9;
    desk.frame(301, crate::api::events::Change::Call { row: Box::new(over) });
    let mut next = call(8, CallState::Talking);
    next.version = 2;
    desk.frame(302, crate::api::events::Change::Call { row: Box::new(next) });
    assert!(desk.shows("导览 7/10"));
    desk.keys("alt-i").types("3").keys("tab").types("拖欠工资三个月");
    desk.app.model.draft.unit_code = Some("city.rsj".into());
    desk.keys("left");
    assert!(desk.shows("导览 8/10"));
    desk.keys("alt-d");
    let (_, answered, key) = created(&mut desk).unwrap();
    desk.answer(Answer::Created { key, answered, given: given(), result: Ok(row(171, "拖欠工资三个月", 2880)) });
    assert!(desk.shows("导览 9/10") && desk.shows("十秒内按 alt-u 撤销"));
    desk.keys("alt-u");
    let key = desk.taken(|effect| if let Effect::Act { act: Act::Undo, key, .. } = effect { Some(key.clone()) } else { None }).pop().unwrap();
    desk.answer(Answer::Acted { key, result: Ok(row(171, "拖欠工资三个月", 2880)) });
    assert!(desk.shows("导览 10/10"));
    let one = row(163, "拖欠农民工工资，涉及十一人", 38);
    desk.app.open_ticket(one.id);
    desk.answer(Answer::Detail(one.id, Ok(detail(one.clone(), vec![Act::Urge]))));
    assert_eq!(desk.app.model.screen, ScreenName::Tickets);
    desk.page(crate::console::effect::Ask::List, vec![one]);
    desk.keys("w");
    assert!(step(&desk).is_none() && desk.shows("十步都走过了：? 看全部按键"));
}

#[test]
fn a_step_may_be_passed_over_and_the_tour_left_at_any_time() {
    let _words = speak(Language::English);
    let mut desk = Desk::loaded((80, 24), Vec::new());
    desk.keys("alt-0");
    assert!(desk.shows("Tour 1/10"));
    desk.keys("alt-.");
    assert!(step(&desk) == Some(2) && !desk.shows("✓"), "what was passed over is not praised");
    desk.keys("alt-0");
    assert!(step(&desk).is_none() && desk.shows("The tour has ended"));
    desk.keys("alt-0");
    for _ in 0..10 {
        desk.keys("alt-.");
    }
    assert!(step(&desk).is_none());
}

#[test]
fn every_step_fits_the_smallest_window_in_both_languages() {
    for language in Language::ALL {
        let _words = speak(language);
        let mut desk = Desk::loaded((80, 24), Vec::new());
        desk.keys("alt-0");
        for (at, step) in crate::console::tour::STEPS.iter().enumerate() {
            desk.app.model.tour = Some(crate::console::model::tour::Tour { at, praised: true, ..Default::default() });
            let words = (step.words)(&desk.app);
            assert!(desk.shows(&words), "{} {words}\n{}", at + 1, desk.text());
        }
    }
}

#[test]
fn whoever_takes_no_calls_is_told_who_it_is_for() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("handler_clerk", Some("city.rsj"), (160, 45));
    desk.app.model.tour_offered = true;
    assert!(!desk.shows("第一次来"));
    desk.keys("alt-0");
    assert!(step(&desk).is_none() && desk.shows("以话务员登录"));
}
