//! What an action would do here and now, before it is done: which tickets it is for, the command line that does the same,
//! and why it would be refused. For the palette. Not here: doing it (`command`, `send`), and the server's own no.
use super::app::App;
use super::command_line;
use super::keymap::{Action, Context, Row};
use super::model::choices::{Choices, Item};
use super::model::prompt::{Prompt, Purpose};
use super::model::{Pane, SeatView};
use super::panes::terms;
use crate::api::tickets::TicketRow;
use crate::domain::rights::Capability;
use crate::domain::ticket::{Act, Step, arc};
use crate::words;

/// The actions that act on a ticket.
const ACTS: &[(Action, Act)] = &[
    (Action::TicketClaim, Act::Claim),
    (Action::TicketSign, Act::Sign),
    (Action::TicketContact, Act::Contact),
    (Action::TicketProgress, Act::Progress),
    (Action::TicketReply, Act::Reply),
    (Action::TicketReview, Act::Review),
    (Action::TicketSendBack, Act::SendBack),
    (Action::TicketCallBackSolved, Act::CallBack),
    (Action::TicketCallBackUnsolved, Act::CallBack),
    (Action::TicketRework, Act::Rework),
    (Action::TicketArchive, Act::Archive),
    (Action::TicketUrge, Act::Urge),
    (Action::TicketNote, Act::Note),
    (Action::TicketDispatch, Act::Dispatch),
    (Action::TicketFlag, Act::Flag),
    (Action::TicketEdit, Act::Edit),
    (Action::TicketPromise, Act::Promise),
    (Action::TicketVisit, Act::Promise),
    (Action::TicketKeepPromise, Act::KeepPromise),
    (Action::TicketRequestReturn, Act::RequestReturn),
    (Action::TicketRefuseReturn, Act::RefuseReturn),
    (Action::TicketRequestExtension, Act::RequestExtension),
    (Action::TicketGrantExtension, Act::GrantExtension),
    (Action::TicketRefuseExtension, Act::RefuseExtension),
    (Action::TicketSuspend, Act::Suspend),
    (Action::TicketResume, Act::Resume),
    (Action::TicketSupervise, Act::Supervise),
    (Action::TicketLift, Act::Lift),
    (Action::TicketCancel, Act::Cancel),
    (Action::TicketPrioritise, Act::Prioritise),
    (Action::TicketNotAccept, Act::NotAccept),
    (Action::TicketPassOn, Act::PassOn),
    (Action::AppUndo, Act::Undo),
];

/// What one chooses in the palette, told before it is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// The tickets it is for: number, title.
    pub tickets: Vec<(String, String)>,
    /// The line that does the same in a shell.
    pub line: Option<String>,
    /// Why it would be refused now.
    pub refusal: Option<String>,
}

/// 派单 of one that is with a unit already is a 改派.
pub(super) fn act_at(act: Act, step: Step) -> Act {
    if act == Act::Dispatch && step != Step::Accepted { Act::Redispatch } else { act }
}

impl App {
    /// Opens the palette.
    pub(super) fn palette(&mut self) {
        (self.model.help, self.model.own.shown) = (None, None);
        let contexts = self.place();
        // Found by what it is called in either language, by its name, and by its verb.
        let other = words::loader_of(words::current().other());
        let item = |action: &Action| {
            let key = self.keymap.keys_of(&contexts, *action).map(|row| row.keys()).unwrap_or_default();
            let keywords = format!("{} {}", action.name().replace(['.', '_'], " "), action.command_line_verb().unwrap_or_default());
            (Item { code: action.name().to_owned(), label: action.help(), hint: key }, keywords, other.get(&action.words_id()))
        };
        let hidden = [Action::Submit, Action::Cancel, Action::AppPalette];
        let mut actions: Vec<&Action> = Action::ALL.iter().filter(|action| !hidden.contains(action) && action.pin_place().is_none_or(|place| place == 1)).collect();
        // What the place one is in is for comes first, then what works everywhere, then what needs another place; moves
        // and ways out last, so that nobody quits by pressing enter here.
        let inner = self.keymap.live_rows(&contexts);
        let rank = |action: &Action| match inner.iter().find(|(_, row)| row.action == *action) {
            Some((Context::Global, _)) => 1,
            Some(_) => 0,
            None => 2,
        };
        actions.sort_by_key(|action| (action.is_plain(), rank(action)));
        self.model.prompt = Some(Prompt::new(Purpose::Palette, Choices::also_called(actions.into_iter().map(item).collect())));
    }

    /// The act on a ticket that an action stands for.
    pub fn act_of(action: Action) -> Option<Act> {
        ACTS.iter().find(|(known, _)| *known == action).map(|(_, act)| *act)
    }

    /// The key that gives this act where tickets are shown; empty where only the list of acts does.
    pub fn key_of_act(&self, act: Act) -> String {
        let act = if act == Act::Redispatch { Act::Dispatch } else { act };
        let Some((action, _)) = ACTS.iter().find(|(_, known)| *known == act) else { return String::new() };
        self.keymap.keys_of(&[Context::Global, Context::Tickets, Context::TicketDetail], *action).map(|row| row.keys()).unwrap_or_default()
    }

    /// The key of an action: whether it works in the place one is in, the place it works in, the key.
    pub fn place_of_key(&self, action: Action) -> Option<(bool, Context, &Row)> {
        let place = self.place();
        if let Some(row) = self.keymap.keys_of(&place, action) {
            return Some((true, Context::Global, row));
        }
        Context::ALL.iter().find_map(|context| self.keymap.rows(*context).iter().find(|row| row.action == action).map(|row| (false, *context, row)))
    }

    /// What this action would do now.
    pub fn offer(&self, action: Action) -> Offer {
        let undo = self.model.undo.as_ref().filter(|_| action == Action::AppUndo);
        let tickets: Vec<(String, String)> = match undo {
            Some(undo) => vec![(undo.number.clone(), String::new())],
            None if self.is_about_tickets(action) => self.subjects().into_iter().map(|row| (row.number.clone(), row.title.clone())).collect(),
            None => Vec::new(),
        };
        let numbers: Vec<&str> = tickets.iter().map(|(number, _)| number.as_str()).collect();
        let line = action.command_line_verb().map(|pattern| command_line::of_pattern(&self.program, pattern, &numbers));
        Offer { refusal: self.refusal_now(action), tickets, line }
    }

    fn is_about_tickets(&self, action: Action) -> bool {
        let shows = matches!(action, Action::TicketLooks | Action::TicketActs | Action::CallerReveal | Action::ClockExplain);
        // What is open in the list of calls, or found, is no ticket.
        let opens = action == Action::Open && matches!(self.model.focus(), Pane::Board | Pane::List | Pane::Detail);
        action != Action::AppUndo && (Self::act_of(action).is_some() || shows || opens)
    }

    /// The rows an act would go to: those that are marked where a list is in focus, else the one in view.
    pub(super) fn subjects(&self) -> Vec<&TicketRow> {
        if self.acts_on_marked() { self.marked() } else { self.subject().into_iter().collect() }
    }

    /// Why an action would be refused now, as far as it is known here.
    pub fn refusal_now(&self, action: Action) -> Option<String> {
        let model = &self.model;
        let key = |action| self.keymap.keys_of(&self.place(), action).map(|row| row.keys()).unwrap_or_default();
        match action {
            Action::AppUndo if self.undo_seconds().is_none() => Some(words!("undo-nothing")),
            Action::AppUndo => None,
            Action::SeatReady | Action::SeatPause if model.me.is_some() && !model.can(Capability::CallTake) => Some(words!("refusal-forbidden", act = words!("seat-ready"))),
            Action::CallTake if model.in_hand().is_some() => Some(words!("refusal-call-in-hand", key = key(Action::CallWrapUp))),
            Action::CallTake if model.queue().next().is_none() => Some(words!("refusal-no-ringing-call")),
            Action::CallTake if model.seat != SeatView::Ready => Some(words!("empty-not-ready", key = key(Action::SeatReady))),
            Action::CallHold if model.in_hand().is_none() => Some(words!("refusal-not-on-a-call")),
            Action::CallWrapUp if model.current_call().is_none() => Some(words!("refusal-not-on-a-call")),
            Action::FormAnswerDirectly if model.current_call().is_none_or(|call| call.pins.is_empty()) => Some(words!("refusal-nothing-pinned")),
            action if action.pin_place().is_some() && model.current_call().is_none() => Some(words!("refusal-not-on-a-call")),
            action if self.is_about_tickets(action) => {
                let rows = self.subjects();
                if rows.is_empty() {
                    return Some(words!("refusal-nothing-selected"));
                }
                let act = Self::act_of(action)?;
                let refusals: Vec<String> = rows.iter().map_while(|row| self.refusal_of(row, act)).collect();
                // Of several it is enough that one takes it.
                if refusals.len() == rows.len() { refusals.into_iter().next() } else { None }
            }
            _ => None,
        }
    }

    /// Why this act on this ticket would be refused, as far as the table of a ticket's life and one's own rights say; the
    /// server may have more to say.
    pub(super) fn refusal_of(&self, row: &TicketRow, act: Act) -> Option<String> {
        let act = act_at(act, row.step);
        let arc = arc(act);
        if !arc.from.contains(&row.step) {
            return Some(words!("many-not-here", step = terms::step(row.step), act = terms::act(act)));
        }
        let viewer = self.viewer()?;
        let capability = arc.capability?;
        if !viewer.can_at(capability, row.unit.as_deref()) {
            return Some(words!("refusal-forbidden", act = terms::capability(capability)));
        }
        let known = self.model.detail.as_ref().filter(|detail| detail.id == row.id).and_then(|detail| detail.data.as_ref());
        if known.is_some_and(|data| data.row.version == row.version && !data.acts.contains(&act)) {
            return Some(words!("many-not-now", act = terms::act(act)));
        }
        let sent = self.model.pending.iter().any(|pending| pending.ticket == row.id && pending.act == act);
        sent.then(|| words!("refusal-in-flight"))
    }
}
