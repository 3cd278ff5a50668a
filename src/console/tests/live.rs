//! What the stream does to what is shown.
use super::fixtures::*;
use crate::api::articles::ArticleHead;
use crate::api::events::{Change, Reset};
use crate::client::Live;
use crate::console::effect::{Ask, Effect};
use crate::console::model::link::LinkState;
use crate::console::model::window::{PAGE, Want, Window};
use crate::console::msg::Answer;
use crate::domain::clocks::Flag;
use crate::words::Language;
use chrono::TimeDelta;

#[test]
fn the_stream_is_followed_from_the_smallest_position() {
    let mut desk = Desk::new("operator", None, (160, 45));
    desk.answer(Answer::Calls(Ok(calls(Vec::new()))));
    assert!(!desk.asked.iter().any(|effect| matches!(effect, Effect::Follow { .. })));
    desk.page(Ask::Board, vec![row(1, "一", 300)]);
    assert_eq!(desk.taken(|effect| if let Effect::Follow { after } = effect { Some(*after) } else { None }), [100]);
}

#[test]
fn rows_are_taken_by_version_and_keep_their_order() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let titles = |desk: &Desk| desk.app.model.board.rows.iter().map(|listed| listed.row.number.clone()).collect::<Vec<_>>();
    let before = titles(&desk);
    let mut old = row(147, "旧的", 18);
    old.version = 2;
    desk.frame(200, Change::Ticket { row: Box::new(old) });
    assert!(!desk.text().contains("旧的"));
    let mut new = row(147, "新的", 600);
    new.version = 4;
    desk.frame(201, Change::Ticket { row: Box::new(new.clone()) });
    desk.frame(202, Change::Ticket { row: Box::new(new) });
    assert_eq!(titles(&desk).len(), before.len(), "twice is once");
    assert_eq!(titles(&desk).iter().position(|number| number == "1120-0147"), Some(3), "after 1120-0288, which turns sooner");
    desk.frame(203, Change::Leave { id: id(147) });
    assert!(!titles(&desk).contains(&"1120-0147".to_owned()));
    let mut closed = row(288, "办完的", 411);
    (closed.version, closed.step) = (9, crate::domain::ticket::Step::Archived);
    desk.frame(204, Change::Ticket { row: Box::new(closed) });
    assert!(!titles(&desk).contains(&"1120-0288".to_owned()), "what is closed leaves the board");
}

#[test]
fn counts_are_asked_for_once_a_second_however_many_frames_come() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    for version in 4..40 {
        let mut one = row(147, "x", 18);
        one.version = version;
        desk.frame(200 + version, Change::Ticket { row: Box::new(one) });
    }
    assert!(desk.taken(|effect| matches!(effect, Effect::LoadCounts).then_some(())).is_empty());
    desk.wait(1);
    desk.wait(1);
    assert_eq!(desk.taken(|effect| matches!(effect, Effect::LoadCounts).then_some(())).len(), 1);
}

#[test]
fn a_lost_link_is_said_and_heals() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.types("3").keys("tab").types("正在写");
    desk.live(Live::Lost("closed".into()));
    desk.wait(43);
    assert!(desk.shows("断线 00:43") && desk.shows("正在写") && desk.shows("夜间工地施工扰民"));
    desk.live(Live::Connected(184_202));
    assert!(!desk.shows("断线") && desk.shows("连接正常"));
}

#[test]
fn after_a_reset_everything_is_loaded_again_and_frames_in_between_are_not_lost() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.live(Live::Reset(Reset { position: 150, reason: "gap".into() }));
    assert!(desk.shows("补齐中") && desk.app.model.link.state == LinkState::CatchingUp);
    assert!(desk.asked.iter().any(|effect| matches!(effect, Effect::LoadTickets { ask: Ask::Board, want: Want::First, .. })));
    let mut newer = row(500, "断线后来的", 30);
    newer.version = 7;
    desk.frame(151, Change::Ticket { row: Box::new(newer) });
    desk.page(Ask::Board, vec![row(1, "快照里的", 300)]);
    desk.answer(Answer::Calls(Ok(calls(Vec::new()))));
    assert!(desk.shows("断线后来的") && desk.shows("快照里的") && !desk.shows("补齐中"));
    assert!(desk.taken(|effect| matches!(effect, Effect::Follow { .. }).then_some(())).is_empty(), "the stream goes on by itself");
}

#[test]
fn flags_turn_with_the_stores_clock_alone() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    assert!(desk.shows("转◆红   18:00"));
    desk.live(Live::Heartbeat(crate::api::events::Heartbeat { now: now() + TimeDelta::minutes(19), rate: 1.0, position: 184_203 }));
    desk.wait(0);
    let row = desk.app.model.board.find(crate::domain::ids::TicketId(id(147))).unwrap();
    assert_eq!((flag_of(row), row.clocks.flag(desk.app.now())), (Flag::Orange, Flag::Red));
    assert!(desk.shows("◆红 48h"));
}

#[test]
fn an_unchanged_screen_is_not_drawn() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.app.no_clock = true;
    desk.app.dirty = false;
    desk.app.model.board.rows.clear();
    desk.msg(crate::console::msg::Msg::Tick);
    desk.app.dirty = false;
    desk.clock += std::time::Duration::from_secs(10);
    desk.msg(crate::console::msg::Msg::Tick);
    desk.live(Live::Heartbeat(crate::api::events::Heartbeat { now: now() + TimeDelta::seconds(10), rate: 1.0, position: 184_202 }));
    assert!(!desk.app.dirty);
}

#[test]
fn a_published_article_goes_to_the_index() {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.frame(210, Change::Article { row: Box::new(head(700, "新政策\x1b[2J", false)) });
    let heads: Vec<ArticleHead> = desk.taken(|effect| if let Effect::AddHead(head) = effect { Some((**head).clone()) } else { None });
    assert!(heads.len() == 1 && !heads[0].title.contains('\x1b'));
}

/// A hundred thousand tickets behind the window: scrolled from top to bottom and back, it stays small and loses none.
#[test]
fn a_long_list_is_held_in_a_small_window() {
    const ALL: usize = 20_000;
    let made = |at: usize| row(10_000 + at as u128, "x", 3000 + at as i64);
    let page = |cursor: Option<&str>| {
        let from: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
        let to = (from + PAGE as usize).min(ALL);
        let mut page = page((from..to).map(made).collect(), None);
        page.next = (to < ALL).then(|| to.to_string());
        page
    };
    let mut window = Window::default();
    let mut seen = 0;
    let feed = |window: &mut Window| {
        while let Some(want) = window.want() {
            let cursor = window.page_query(&want).cursor;
            window.take(&want, page(cursor.as_deref()), now());
        }
        window.show(40);
        assert!(window.rows.len() <= 1200, "{}", window.rows.len());
    };
    feed(&mut window);
    for at in 0..ALL {
        assert_eq!(window.current().unwrap().id.0, id(10_000 + at as u128), "down at {at}");
        seen = at;
        window.step(1);
        feed(&mut window);
    }
    for at in (0..=seen).rev() {
        assert_eq!(window.current().unwrap().id.0, id(10_000 + at as u128), "up at {at}");
        window.step(-1);
        feed(&mut window);
    }
    assert_eq!(window.dropped, 0);
}

#[test]
fn a_server_that_is_not_there_yet_is_asked_again_and_then_all_is_well() {
    let _words = speak(Language::Chinese);
    let down = || crate::client::ClientError::Unreachable("refused".into());
    let mut desk = Desk::new("operator", None, (160, 45));
    let generation = desk.app.model.board.generation;
    desk.answer(Answer::Tickets { ask: Ask::Board, want: Want::First, generation, result: Err(down()) });
    desk.answer(Answer::Calls(Err(down())));
    assert!(desk.shows("断线"));
    desk.asked.clear();
    desk.wait(1);
    assert!(desk.asked.is_empty(), "not at once");
    desk.wait(2);
    let asked = desk.taken(|effect| matches!(effect, Effect::LoadTickets { ask: Ask::Board, .. } | Effect::LoadCalls).then_some(()));
    assert_eq!(asked.len(), 2);
    desk.page(Ask::Board, vec![row(1, "终于", 300)]);
    desk.answer(Answer::Calls(Ok(calls(Vec::new()))));
    desk.live(Live::Connected(100));
    assert!(desk.shows("终于") && !desk.shows("断线"));
}

/// What would be acted on at the list, by number.
fn chosen(desk: &Desk) -> Option<String> {
    desk.app.model.list.current().map(|row| row.number.clone())
}

#[test]
fn a_row_that_leaves_takes_the_selection_with_it_until_a_key_chooses_again() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("handler_clerk", Some("city.rsj"), (100, 30));
    desk.page(Ask::Board, Vec::new());
    desk.page(Ask::List, vec![row(1, "一", 300), row(2, "二", 400), row(3, "三", 500)]);
    desk.keys("down");
    assert_eq!(chosen(&desk).as_deref(), Some("1120-0002"));
    desk.asked.clear();
    desk.frame(200, Change::Leave { id: id(2) });
    assert!(desk.shows("所选工单已不在列表里"));
    desk.keys("s");
    assert!(chosen(&desk).is_none() && desk.shows("先选一行") && desk.taken(|effect| matches!(effect, Effect::Act { .. }).then_some(())).is_empty());
    desk.keys("down");
    assert_eq!(chosen(&desk).as_deref(), Some("1120-0003"), "the one that has come to its place");
    // Loaded anew without it, as after R or a gap in the stream.
    desk.keys("R");
    desk.page(Ask::List, vec![row(1, "一", 300), row(4, "四", 400)]);
    assert!(chosen(&desk).is_none() && desk.shows("所选工单已不在列表里"));
    desk.keys("up");
    assert_eq!(chosen(&desk).as_deref(), Some("1120-0001"));
    desk.keys("R");
    desk.page(Ask::List, vec![row(5, "五", 200), row(1, "一", 300)]);
    assert_eq!(chosen(&desk).as_deref(), Some("1120-0001"), "it stays with its ticket");
}

#[test]
fn another_list_begins_at_its_top_and_nothing_is_said() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::new("handler_clerk", Some("city.rsj"), (100, 30));
    desk.page(Ask::Board, Vec::new());
    desk.page(Ask::List, vec![row(1, "一", 300), row(2, "二", 400)]);
    desk.keys("down f");
    assert!(chosen(&desk).is_none(), "not yet the new list");
    desk.page(Ask::List, vec![row(7, "七", 300), row(8, "八", 400)]);
    assert_eq!(chosen(&desk).as_deref(), Some("1120-0007"));
    assert!(!desk.shows("已不在列表里"));
    // Within its red: 24 hours ago it turned orange, and the list is that of what is orange.
    let only = row(9, "九", 10);
    desk.keys("f f");
    desk.page(Ask::List, Vec::new());
    desk.frame(201, Change::Ticket { row: Box::new(only) });
    assert_eq!(chosen(&desk).as_deref(), Some("1120-0009"), "the first of all is selected as it comes");
}

#[test]
fn nothing_is_said_of_a_row_nobody_looks_at() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    let first = desk.app.model.board.current().unwrap().id;
    desk.frame(201, Change::Leave { id: first.0 });
    assert!(!desk.shows("已不在列表里"));
    desk.keys("alt-t");
    assert!(desk.app.model.board.current().is_some(), "coming there shows which row is meant");
}

fn reattaching() -> Desk {
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.app.reattaches = true;
    desk.types("3").keys("tab").types("写了一半");
    desk.asked.clear();
    desk
}

fn reattachments(desk: &mut Desk) -> usize {
    desk.taken(|effect| matches!(effect, Effect::Reattach).then_some(())).len()
}

#[test]
fn a_backend_of_ones_own_is_found_again_without_a_login() {
    let _words = speak(Language::Chinese);
    for told in [Live::Unauthorized, Live::Lost("closed".into())] {
        let mut desk = reattaching();
        desk.live(told.clone());
        desk.live(told);
        assert_eq!(reattachments(&mut desk), 1, "one at a time");
        assert!(desk.app.model.login.is_none() && desk.shows("写了一半"));
        desk.answer(Answer::Reattached(Err("起不来".into())));
        assert!(desk.shows("起不来") && reattachments(&mut desk) == 0);
        desk.wait(2);
        assert_eq!(reattachments(&mut desk), 1, "and again until it is there");
        desk.answer(Answer::Reattached(Ok(me("operator", None))));
        assert!(desk.asked.iter().any(|effect| matches!(effect, Effect::LoadTickets { ask: Ask::Board, .. })));
        desk.page(Ask::Board, vec![row(1, "又来了", 300)]);
        desk.answer(Answer::Calls(Ok(calls(Vec::new()))));
        assert_eq!(desk.taken(|effect| matches!(effect, Effect::Follow { .. }).then_some(())).len(), 1, "the stream of the new one");
        desk.live(Live::Connected(184_202));
        assert!(desk.shows("写了一半") && desk.shows("又来了") && desk.shows("连接正常"));
    }
}

#[test]
fn what_did_not_arrive_at_a_backend_of_ones_own_is_said() {
    let _words = speak(Language::Chinese);
    let mut desk = reattaching();
    let ended = crate::client::ClientError::Problem(Box::new(crate::api::Problem::new(401, "unauthorized", "no")));
    desk.answer(Answer::Seat(crate::api::session::SeatState::Ready, Err(ended)));
    assert!(reattachments(&mut desk) == 1 && desk.shows("刚才的操作没有送达"));
}

#[test]
fn a_backend_of_ones_own_that_dies_while_the_first_rows_are_read_is_found_again() {
    let mut desk = Desk::new("operator", None, (160, 45));
    desk.app.reattaches = true;
    desk.answer(Answer::Calls(Err(crate::client::ClientError::Unreachable("refused".into()))));
    desk.asked.clear();
    desk.wait(3);
    assert_eq!(reattachments(&mut desk), 1);
}
