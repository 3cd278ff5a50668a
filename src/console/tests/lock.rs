//! 离席锁屏 (idle lock): it comes by itself, never in a call, covers everything, and costs nothing.
use super::fixtures::*;
use super::flow::on_a_call;
use crate::api::session::{SeatState, Session};
use crate::console::effect::Effect;
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::words::Language;
use std::time::Duration;

fn left_alone() -> Desk {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.app.lock_after = Some(Duration::from_secs(300));
    desk.keys("alt-i").types("3").keys("tab").types("写了一半");
    desk
}

#[test]
fn after_five_minutes_the_screen_is_covered_and_the_password_brings_everything_back() {
    let _words = speak(Language::Chinese);
    let mut desk = left_alone();
    desk.wait(299);
    assert!(desk.shows("写了一半"));
    desk.keys("left").wait(299);
    assert!(desk.shows("写了一半"), "a key begins the minutes anew");
    desk.wait(1);
    assert!(desk.shows("已锁屏") && !desk.shows("写了一半") && !desk.shows("小区电梯停运五天"), "{}", desk.text());
    desk.keys("tab up").types("demo");
    assert!(desk.shows("op01"), "who locked it stands there and is not typed over");
    desk.keys("enter");
    let asked = desk.taken(|effect| if let Effect::LogIn { login, .. } = effect { Some(login.clone()) } else { None });
    assert_eq!(asked, ["op01"]);
    desk.answer(Answer::LoggedIn(Ok(Session { token: "t".into(), expires_at: now(), me: me("operator", None) })));
    assert!(desk.shows("写了一半") && !desk.shows("已锁屏"));
}

#[test]
fn a_wrong_password_leaves_it_locked() {
    let _words = speak(Language::Chinese);
    let mut desk = left_alone();
    desk.wait(300);
    desk.types("guess").keys("enter");
    let problem = crate::api::Problem::new(401, "login_failed", "no");
    desk.answer(Answer::LoggedIn(Err(crate::client::ClientError::Problem(Box::new(problem)))));
    assert!(desk.shows("已锁屏") && !desk.shows("写了一半"));
}

#[test]
fn nothing_is_locked_in_a_call_neither_by_time_nor_by_the_key() {
    let _words = speak(Language::Chinese);
    let mut desk = on_a_call();
    desk.app.lock_after = Some(Duration::from_secs(300));
    desk.wait(3600);
    assert!(desk.app.model.login.is_none());
    desk.keys("alt-t , l");
    assert!(desk.app.model.login.is_none() && desk.shows("通话或整理中"));
}

#[test]
fn a_call_rings_over_the_lock_and_waiting_intakes_still_go_out() {
    let _words = speak(Language::Chinese);
    let mut desk = left_alone();
    desk.keys("alt-x");
    desk.answer(Answer::Seat(SeatState::Ready, Ok(())));
    desk.wait(300);
    assert!(desk.shows("已锁屏") && !desk.app.model.is_logged_out());
    desk.app.bell = false;
    desk.frame(300, crate::api::events::Change::Call { row: Box::new(call(7, CallState::Ringing)) });
    assert!(desk.shows("来电振铃") && desk.app.bell && desk.shows("已锁屏"));
}

#[test]
fn where_nobody_has_a_password_a_key_unlocks_and_finding_the_backend_again_does_not() {
    let _words = speak(Language::English);
    let mut desk = left_alone();
    desk.app.reattaches = true;
    desk.keys("alt-t , l");
    assert!(desk.shows("Locked") && desk.shows("enter") && !desk.shows("Password"), "{}", desk.text());
    desk.answer(Answer::Reattached(Ok(me("operator", None))));
    assert!(desk.shows("Locked"));
    desk.keys("enter");
    assert!(desk.shows("写了一半") && desk.app.model.login.is_none());
}
