//! No text from outside drives the terminal: whatever comes in, no drawn cell holds what a terminal would obey or hide.
use super::fixtures::*;
use crate::api::events::Change;
use crate::console::effect::Ask;
use crate::console::model::{Pane, ScreenName};
use crate::console::msg::Answer;
use crate::domain::call::CallState;
use crate::domain::ids::ArticleId;
use crate::domain::ticket::Act;
use crate::words::Language;

fn evil() -> String {
    let mut text = "\x1b[2J\x1b]52;c;AAAA\x07\x1b]0;t\x07\u{9b}31m\u{202e}反\u{200b}\u{feff}\u{ad}\u{2066}\r\n\u{7f}\u{85}\u{2028}".to_owned();
    text.push_str(&"e\u{301}".repeat(3));
    text.push_str(&"\u{300}".repeat(1000));
    text.push_str(&"长".repeat(9000));
    text
}

fn assert_safe(desk: &Desk, place: &str) {
    let terminal = desk.draw();
    for cell in terminal.backend().buffer().content() {
        let bad = |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}');
        assert!(!cell.symbol().contains(bad), "{place}: {:?}", cell.symbol());
        assert!(cell.symbol().chars().count() <= 12, "{place}: {:?}", cell.symbol());
    }
}

#[test]
fn hostile_text_in_every_field_never_reaches_a_cell() {
    let _words = speak(Language::Chinese);
    let evil = evil();
    for size in [(160, 45), (120, 35), (80, 24)] {
        let mut desk = Desk::new("operator", None, size);
        let mut view = tables();
        view.units[1].name.clone_from(&evil);
        view.urgent[0].name.clone_from(&evil);
        view.classes[0].name.clone_from(&evil);
        view.reasons[0].name.clone_from(&evil);
        desk.answer(Answer::Tables(Ok(view)));
        let mut one = row(1, &evil, 10);
        (one.number, one.unit_name, one.assignee) = (evil.clone(), Some(evil.clone()), Some(evil.clone()));
        desk.page(Ask::Board, vec![one.clone()]);
        let mut talk = call(7, CallState::Talking);
        (talk.number, talk.name, talk.district) = (evil.clone(), evil.clone(), Some(evil.clone()));
        let mut ring = call(8, CallState::Ringing);
        (ring.number, ring.name, ring.district) = (evil.clone(), evil.clone(), Some(evil.clone()));
        desk.answer(Answer::Calls(Ok(calls(vec![ring, talk.clone()]))));
        let mut theirs = card();
        (theirs.name, theirs.number) = (evil.clone(), evil.clone());
        theirs.last[0].title.clone_from(&evil);
        desk.answer(Answer::Card(talk.id, Ok(theirs)));
        let mut shown = article(519, &evil, true);
        shown.text.plain_answer.clone_from(&evil);
        shown.text.clause.clone_from(&evil);
        shown.text.steps[0].what.clone_from(&evil);
        shown.text.steps[0].who.clone_from(&evil);
        (shown.owner, shown.successor, shown.code) = (Some(evil.clone()), Some(evil.clone()), evil.clone());
        desk.app.model.knowledge.opening = Some(ArticleId(id(519)));
        desk.answer(Answer::Article(ArticleId(id(519)), Ok(shown)));
        for pane in [Pane::Queue, Pane::Caller, Pane::Form, Pane::Query, Pane::Article, Pane::Board] {
            desk.app.model.focuses[0] = pane;
            assert_safe(&desk, &format!("{pane:?} {size:?}"));
        }
        desk.msg(crate::console::msg::Msg::Paste(evil.clone()));
        desk.app.model.focuses[0] = Pane::Form;
        desk.app.model.draft.focus = crate::console::model::draft::Field::Body;
        desk.msg(crate::console::msg::Msg::Paste(evil.clone()));
        assert_safe(&desk, "pasted");
        let mut newer = one.clone();
        newer.version = 9;
        desk.frame(300, Change::Ticket { row: Box::new(newer.clone()) });
        desk.page(Ask::List, vec![newer.clone()]);
        desk.app.open_ticket(newer.id);
        let mut whole = detail(newer, vec![Act::Note]);
        whole.body.clone_from(&evil);
        (whole.place, whole.caller, whole.limit) = (Some(evil.clone()), Some(evil.clone()), Some(evil.clone()));
        whole.timeline[0].note = Some(evil.clone());
        whole.timeline[0].actor.clone_from(&evil);
        whole.timeline[0].kind = format!("ticket.{evil}");
        whole.timeline[0].fields = serde_json::json!({ "unit": evil, "reason": evil, "level": evil });
        desk.answer(Answer::Detail(one.id, Ok(whole)));
        for pane in [Pane::List, Pane::Detail] {
            desk.app.model.focuses[ScreenName::Tickets as usize] = pane;
            assert_safe(&desk, &format!("{pane:?} {size:?}"));
        }
        let mut problem = crate::api::Problem::new(500, &evil, evil.clone());
        problem.detail = Some(evil.clone());
        desk.answer(Answer::Detail(one.id, Err(crate::client::ClientError::Problem(Box::new(problem)))));
        desk.answer(Answer::Call { call: talk.id, act: "hold", result: Err(refused(crate::domain::refusal::Refusal::AlreadyClaimed { by: evil.clone() })) });
        assert_safe(&desk, "refusals");
    }
}
