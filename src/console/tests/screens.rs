//! The screens as people see them, at the sizes they are drawn for, in both languages.
use super::fixtures::*;
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::ids::ArticleId;
use crate::domain::ticket::Act;
use crate::words::Language;

pub fn busy(size: (u16, u16)) -> Desk {
    let mut desk = Desk::loaded(size, vec![call(7, CallState::Talking), call(8, CallState::Ringing), call(9, CallState::Ringing)]);
    desk.answer(Answer::Card(call(7, CallState::Talking).id, Ok(card())));
    desk.answer(Answer::Seat(crate::api::session::SeatState::Ready, Ok(())));
    desk.keys("alt-s").types("wgfh");
    let serial = desk.app.model.knowledge.serial;
    let hits = vec![hit(519, "稳岗返还怎么申请", &[0, 1, 2, 3], false), hit(104, "外国人返回居留登记", &[2, 5], true)];
    desk.answer(Answer::Found { serial, query: "wgfh".into(), hits: Some(hits), total: 2, micros: 3000 });
    desk.keys("enter");
    desk.answer(Answer::Article(ArticleId(id(519)), Ok(article(519, "稳岗返还怎么申请", false))));
    desk.keys("alt-i").types("3").keys("tab").types("拖欠工资三个月").keys("tab").types("tqgz").keys("enter");
    desk.types("东城区示例路").keys("tab").types("市民反映 11 月 1 日在某网店购买电动车，约定 7 日内发货，至今未发。");
    desk
}

pub fn opened(size: (u16, u16)) -> Desk {
    let mut desk = busy(size);
    let one = row(163, "拖欠农民工工资，涉及十一人", 38);
    desk.app.open_ticket(one.id);
    desk.page(crate::console::effect::Ask::List, vec![overdue(93, "小区电梯停运五天"), one.clone()]);
    desk.answer(Answer::Detail(one.id, Ok(detail(one, vec![Act::Urge, Act::Flag, Act::Note]))));
    desk
}

#[test]
fn every_size_is_drawn_without_a_fault_and_small_ones_say_what_they_need() {
    let _words = speak(Language::Chinese);
    let mut desk = busy((160, 45));
    for columns in [1, 20, 40, 75, 76, 80, 99, 100, 119, 120, 139, 140, 160, 200] {
        for rows in [1, 5, 12, 21, 22, 24, 29, 30, 33, 34, 45, 60] {
            for keys in ["alt-i", "alt-s", "alt-t", "alt-q", "alt-k", "f4", "f5", "f10", "esc", "f1 ctrl-p", "esc"] {
                desk.keys(keys);
                desk.msg(crate::console::msg::Msg::Resize(columns, rows));
                let text = desk.text();
                if columns == 40 && rows == 12 {
                    assert!(text.contains("76×22"), "{text}");
                }
            }
        }
    }
}

#[test]
fn the_cursor_stands_at_the_caret() {
    let _words = speak(Language::Chinese);
    let mut desk = Desk::loaded((160, 45), Vec::new());
    desk.types("3").keys("tab").types("拖欠");
    let mut terminal = desk.draw();
    let position = terminal.get_cursor_position().unwrap();
    // The title's well begins at column 56; two wide characters are four cells.
    assert_eq!((position.x, position.y), (44 + 13 + 4, 6));
}
