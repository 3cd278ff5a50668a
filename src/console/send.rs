//! Sending: intakes and acts on tickets, with the small boxes that ask for what an act must bring. Nothing that was typed
//! is given up before the server has said yes, and what may have been carried out is sent again under its own key.
use super::app::App;
use super::effect::Effect;
use super::keymap::Action;
use super::model::choices::{Choices, Item, named};
use super::model::draft::{Field, Lacking};
use super::model::prompt::{Next, Prompt, Purpose};
use super::model::{Detail, Pane, Pending, ScreenName};
use super::offer::act_at;
use super::panes::terms;
use super::times;
use crate::api::tickets::{ActRequest, TicketRow};
use crate::domain::access::RevealReason;
use crate::domain::ids::TicketId;
use crate::domain::limits::Tag;
use crate::domain::ticket::life::Need;
use crate::domain::ticket::{Act, arc};
use crate::words;

/// How many working days an extension may ask for or grant.
const EXTENSION: std::ops::RangeInclusive<u32> = 1..=60;

/// What is asked for after the reason of an act.
fn next_of(act: Act) -> Option<Next> {
    match act {
        Act::RequestReturn => Some(Next::Text),
        Act::RequestExtension => Some(Next::Days),
        _ => None,
    }
}

impl App {
    /// The ticket an act is for: the open one, or the selected row.
    pub(super) fn subject(&self) -> Option<&TicketRow> {
        match (self.model.screen, self.model.focus()) {
            (ScreenName::Tickets, Pane::Detail) => match self.model.detail.as_ref()? {
                Detail { data: Some(data), .. } => Some(&data.row),
                detail => self.model.list.find(detail.id),
            },
            (ScreenName::Tickets, _) => self.model.list.current(),
            (ScreenName::Desk, Pane::Board) => self.model.board.current(),
            _ => None,
        }
    }

    /// An act on the ticket in view, or on those that are marked: at once where it needs nothing, else through a box.
    pub(super) fn act(&mut self, act: Act) {
        if self.acts_on_marked() {
            return self.act_on_marked(act);
        }
        let Some((id, number, step)) = self.subject().map(|row| (row.id, row.number.clone(), row.step)) else {
            return self.warn(words!("refusal-nothing-selected"));
        };
        if act == Act::KeepPromise {
            return self.keep_promise();
        }
        self.ask_for(act_at(act, step), Some((id, number)));
    }

    /// What an act must bring is asked for; of one ticket, or once for all that are marked.
    pub(super) fn ask_for(&mut self, act: Act, subject: Option<(TicketId, String)>) {
        let purpose = match (arc(act).need, act) {
            (_, Act::Flag) => Purpose::Urgent,
            (_, Act::Prioritise) => Purpose::Tag,
            (_, Act::GrantExtension) => Purpose::Days,
            (Need::Unit, _) => Purpose::Unit,
            (Need::Service, _) => Purpose::Service,
            (Need::Due, _) => Purpose::Promise { visit: false },
            (Need::Reason(_), _) => Purpose::Reason { then: next_of(act) },
            (Need::Text, _) | (_, Act::Urge) => Purpose::Text,
            (Need::Solved, _) => Purpose::CallBack,
            (Need::Target, _) => return self.warn(words!("refusal-by-command", act = terms::act(act))),
            (Need::Nothing, _) => {
                return match subject {
                    Some(subject) => self.send_act(subject, act, ActRequest::default()),
                    None => self.preview(act, ActRequest::default()),
                };
            }
        };
        let names = &self.model.names;
        let choices = match purpose {
            Purpose::Unit => Choices::new(names.units.items.iter().map(|item| (item.clone(), String::new())).collect()),
            Purpose::Reason { .. } => match arc(act).need {
                Need::Reason(table) => names.reasons(table),
                _ => Choices::default(),
            },
            Purpose::Urgent => {
                let rows = names.view.urgent.iter();
                let none = Item { code: String::new(), label: words!("urgent-none"), hint: String::new() };
                let items = rows.map(|row| Item { code: row.code.clone(), label: named(&row.name, &row.name_en).to_owned(), hint: String::new() });
                Choices::new(items.chain([none]).map(|item| (item, String::new())).collect())
            }
            Purpose::Tag => {
                let item = |tag: &Tag| Item { code: tag.code().to_owned(), label: terms::tag(*tag), hint: String::new() };
                let none = Item { code: String::new(), label: words!("tag-none"), hint: String::new() };
                Choices::new(Tag::ALL.iter().map(item).chain([none]).map(|item| (item, String::new())).collect())
            }
            Purpose::Promise { visit } => {
                let unit = subject.as_ref().and_then(|_| self.subject()).and_then(|row| row.unit.clone());
                self.promises(unit.as_deref(), visit)
            }
            Purpose::Service => {
                let item = |code: &str| Item { code: code.to_owned(), label: code.to_owned(), hint: String::new() };
                Choices::new(["110", "119", "120", "122"].map(|code| (item(code), String::new())).into())
            }
            _ => Choices::default(),
        };
        let id = subject.as_ref().map(|(id, _)| *id);
        let remembered = id.map_or_else(|| self.model.many.words.get(&act), |id| self.model.remembered.get(&(id, act)));
        let mut prompt = match subject {
            Some(subject) => Prompt::new(purpose, choices).about(subject, act),
            None => Prompt::new(purpose, choices).for_many(act),
        };
        if let Some(words) = remembered.filter(|_| prompt.purpose == Purpose::Text) {
            prompt.field.set(words);
        }
        if act == Act::GrantExtension
            && let Some(days) = id.and_then(|id| self.days_asked(id))
        {
            prompt.field.set(&days.to_string());
        }
        self.model.prompt = Some(prompt);
    }

    /// 回访: the box, with the answer this key stands for; it can still be changed, and nothing is sent before it is confirmed.
    pub(super) fn call_back(&mut self, solved: bool) {
        self.act(Act::CallBack);
        if let Some(prompt) = self.model.prompt.as_mut().filter(|prompt| prompt.purpose == Purpose::CallBack) {
            prompt.request.solved = Some(solved);
        }
    }

    /// How many days the pending 申请延期 of the open ticket asks for.
    fn days_asked(&self, id: TicketId) -> Option<u64> {
        let data = self.model.detail.as_ref().filter(|detail| detail.id == id)?.data.as_ref()?;
        let asked = data.timeline.iter().rev().find(|entry| entry.kind == "ticket.extension_requested")?;
        asked.fields.get("days")?.as_u64()
    }

    /// Every act that is legal now, to choose from.
    pub(super) fn offer_acts(&mut self) {
        if self.acts_on_marked() {
            let acts = self.acts_on_some();
            return self.choose_act(acts, None);
        }
        let Some((id, number, step, unit)) = self.subject().map(|row| (row.id, row.number.clone(), row.step, row.unit.clone())) else {
            return self.warn(words!("refusal-nothing-selected"));
        };
        let known = self.model.detail.as_ref().filter(|detail| detail.id == id).and_then(|detail| detail.data.as_ref());
        let acts = match known {
            Some(data) => data.acts.clone(),
            None => self.viewer().map(|viewer| crate::domain::ticket::legal_acts(step, unit.as_deref(), false, &viewer)).unwrap_or_default(),
        };
        self.choose_act(acts, Some((id, number)));
    }

    fn choose_act(&mut self, acts: Vec<Act>, ticket: Option<(TicketId, String)>) {
        let item = |act: &Act| Item { code: act.code().to_owned(), label: terms::act(*act), hint: self.key_of_act(*act) };
        let items: Vec<_> = acts.iter().filter(|act| !matches!(act, Act::Edit | Act::Merge)).map(|act| (item(act), act.code().replace('_', " "))).collect();
        if items.is_empty() {
            return self.warn(words!("refusal-no-act"));
        }
        let mut prompt = Prompt::new(Purpose::Acts, Choices::new(items));
        (prompt.many, prompt.ticket) = (ticket.is_none(), ticket);
        self.model.prompt = Some(prompt);
    }

    pub(super) fn viewer(&self) -> Option<crate::domain::rights::Viewer> {
        let me = self.model.me.as_ref()?;
        Some(crate::domain::rights::Viewer { user: me.user, login: me.login.clone(), unit: me.unit.clone(), grants: me.grants.clone() })
    }

    pub(super) fn send_act(&mut self, (ticket, number): (TicketId, String), act: Act, request: ActRequest) {
        if self.model.pending.iter().any(|pending| pending.ticket == ticket && pending.act == act) {
            return self.warn(words!("refusal-in-flight"));
        }
        self.send_one((ticket, number), act, request);
    }

    /// Sends it; gives its key.
    pub(super) fn send_one(&mut self, (ticket, number): (TicketId, String), act: Act, request: ActRequest) -> String {
        let key = match self.model.unsure.get(&(ticket, act)) {
            Some((same, key)) if *same == request => key.clone(),
            _ => self.fresh_key(),
        };
        let pending = Pending { key: key.clone(), ticket, number, act, request: request.clone(), at: self.now() };
        self.model.pending.push(pending);
        self.effects.push(Effect::Act { ticket, act, request: Box::new(request), key: key.clone() });
        key
    }

    /// The box is confirmed.
    pub(super) fn submit_prompt(&mut self) {
        let now = self.now();
        let Some(prompt) = &mut self.model.prompt else { return };
        let text = prompt.field.text().trim().to_owned();
        let chosen = prompt.chosen().map(|item| item.code.clone());
        let mut request = prompt.request.clone();
        match (&prompt.purpose, chosen) {
            (Purpose::Number, _) => {
                let number = times::full_number(&text, now);
                if number.is_none() && !text.is_empty() {
                    prompt.fault = Some(words!("refusal-number"));
                    return;
                }
                self.model.prompt = None;
                return self.narrow(self.model.filter, number);
            }
            (Purpose::Palette, chosen) => {
                let action = chosen.and_then(|name| Action::from_name(&name));
                // It stays where it is, with its reason under it.
                if let Some(why) = action.and_then(|action| self.refusal_now(action)) {
                    if let Some(prompt) = &mut self.model.prompt {
                        prompt.fault = Some(why);
                    }
                    return;
                }
                self.model.prompt = None;
                if let Some(action) = action {
                    self.run(action);
                }
                return;
            }
            (Purpose::Reveal { of, about }, Some(code)) => {
                if let Some(reason) = RevealReason::from_code(&code) {
                    let (of, about) = (*of, about.clone());
                    self.reveal_for(of, about, reason, None);
                }
                return;
            }
            (Purpose::RevealNote { of, about }, _) => {
                if text.is_empty() {
                    prompt.fault = Some(words!("refusal-text-needed"));
                    return;
                }
                let (of, about) = (*of, about.clone());
                return self.reveal_for(of, about, RevealReason::Other, Some(text));
            }
            (Purpose::Preview, _) => return self.send_many(),
            (Purpose::Theme, _) => return self.keep_theme(),
            (Purpose::Acts, chosen) => {
                self.model.prompt = None;
                match chosen.and_then(|code| Act::from_code(&code)) {
                    Some(act) => self.act(act),
                    None => self.warn(words!("refusal-nothing-selected")),
                }
                return;
            }
            (Purpose::Phrase, chosen) => {
                self.model.prompt = None;
                if let Some(code) = chosen {
                    self.put_phrase(&code);
                }
                return;
            }
            (Purpose::Conflict(_), _) => return self.settle_conflict(),
            (Purpose::Promise { .. }, Some(code)) => return self.promise_chosen(&code),
            (Purpose::VisitPlace | Purpose::VisitNote, _) => return self.visit_answered(text, None),
            (Purpose::VisitUnit, Some(code)) => return self.visit_answered(String::new(), Some(code)),
            (Purpose::Language, Some(code)) => return self.note_chosen(false, &code),
            (Purpose::Tone, Some(code)) => return self.note_chosen(true, &code),
            (Purpose::Text, _) => {
                if text.is_empty() && prompt.act != Some(Act::Urge) {
                    prompt.fault = Some(words!("refusal-text-needed"));
                    return;
                }
                request.text = (!text.is_empty()).then_some(text);
            }
            // Whether it was solved is the whole point of calling back: nobody's answer is made up.
            (Purpose::CallBack, _) if request.solved.is_none() => {
                prompt.fault = Some(words!("refusal-solved-needed"));
                return;
            }
            (Purpose::CallBack, _) => {}
            (Purpose::Days, _) => match text.parse().ok().filter(|days| EXTENSION.contains(days)) {
                Some(days) => request.days = Some(days),
                None => {
                    prompt.fault = Some(words!("refusal-days", most = EXTENSION.end()));
                    return;
                }
            },
            (_, None) => {
                prompt.fault = Some(words!("refusal-choose"));
                return;
            }
            (Purpose::Kept, Some(code)) => request.promise_no = code.parse().ok(),
            (Purpose::Unit, Some(code)) => request.unit = Some(code),
            (Purpose::Service, Some(code)) => request.service = Some(code),
            (Purpose::Urgent, Some(code)) => request.urgent_class = (!code.is_empty()).then_some(code),
            (Purpose::Tag, Some(code)) => request.tag = Tag::from_code(&code),
            (Purpose::Reason { then }, Some(code)) => {
                request.reason = Some(code);
                if let Some(then) = *then {
                    let (ticket, act) = (prompt.ticket.clone(), prompt.act);
                    if let Some(act) = act {
                        let purpose = if then == Next::Days { Purpose::Days } else { Purpose::Text };
                        let id = ticket.as_ref().map(|(id, _)| *id);
                        let next = Prompt::new(purpose, Choices::default());
                        let mut next = match ticket {
                            Some(ticket) => next.about(ticket, act),
                            None => next.for_many(act),
                        };
                        next.request = request;
                        if let Some(words) = id.map_or_else(|| self.model.many.words.get(&act), |id| self.model.remembered.get(&(id, act))) {
                            next.field.set(words);
                        }
                        self.model.prompt = Some(next);
                    }
                    return;
                }
            }
        }
        let prompt = self.model.prompt.take();
        if let Some(Prompt { many: true, act: Some(act), field, purpose, .. }) = prompt {
            if purpose == Purpose::Text {
                self.model.many.words.insert(act, field.text().to_owned());
            }
            return self.preview(act, request);
        }
        if let Some(Prompt { ticket: Some(ticket), act: Some(act), field, purpose, .. }) = prompt {
            // Kept until the server has said yes.
            if purpose == Purpose::Text {
                self.model.remembered.insert((ticket.0, act), field.text().to_owned());
            }
            self.send_act(ticket, act, request);
        }
    }

    /// The box is left; what was typed is remembered.
    pub(super) fn leave_prompt(&mut self) {
        let Some(Prompt { ticket, act: Some(act), field, purpose: Purpose::Text, many, .. }) = self.model.prompt.take() else { return };
        match ticket {
            Some((id, _)) if !field.is_blank() => drop(self.model.remembered.insert((id, act), field.text().to_owned())),
            Some((id, _)) => drop(self.model.remembered.remove(&(id, act))),
            None if many && !field.is_blank() => drop(self.model.many.words.insert(act, field.text().to_owned())),
            _ => {}
        }
    }

    /// Sends the intake: answered directly with what is pinned, or to the unit.
    pub(super) fn send_draft(&mut self, answered: bool) {
        if self.model.draft.edits.is_some() {
            return if answered { self.warn(words!("edit-only-registered")) } else { self.send_edit() };
        }
        if self.model.draft.sending {
            return self.warn(words!("refusal-in-flight"));
        }
        self.model.draft.adopt(&self.model.names);
        let pins = self.model.current_call().map(|call| call.pins.clone()).unwrap_or_default();
        if answered && pins.is_empty() {
            return self.warn(words!("refusal-nothing-pinned"));
        }
        let pinned = &self.model.knowledge.pinned;
        let title = pins.last().and_then(|pin| pinned.iter().find(|head| head.id == pin.article)).map(|head| head.title.clone()).unwrap_or_default();
        // Sent without one, it is the same act only without one.
        if self.model.draft.number.is_none() && self.model.draft.outgoing.is_none() {
            self.model.draft.number = self.take_number();
        }
        match self.model.draft.request(answered.then_some((&pins, &title))) {
            Err(Lacking(field)) => {
                let text = terms::lacking(&self.model.draft, &self.model.names, field);
                self.model.draft.focus = field;
                self.model.draft.fault = Some((Some(field), text));
                self.focus_on(Pane::Form);
            }
            Ok(ticket) => {
                let key = self.model.draft.key.clone().unwrap_or_else(|| self.fresh_key());
                self.model.draft.key = Some(key.clone());
                self.model.draft.sending = true;
                self.model.draft.fault = None;
                // What was sent and not answered may stand already: it is asked about as it was, before another is filed.
                if let Some(first) = self.model.draft.outgoing.clone().filter(|first| first.ticket != ticket || first.answered != answered) {
                    self.model.draft.asking = true;
                    self.effects.push(Effect::Create { ticket: Box::new(first.ticket), answered: first.answered, key, given: first.given });
                    return;
                }
                self.effects.push(Effect::Create { ticket: Box::new(ticket.clone()), answered, key, given: None });
                self.going_out(ticket, answered);
            }
        }
    }
}

/// The field a problem of the server names.
pub(super) fn field_named(name: &str) -> Option<Field> {
    Some(match name {
        "title" => Field::Title,
        "class" => Field::Matter,
        "place" => Field::Place,
        "body" => Field::Body,
        "unit" => Field::Unit,
        "credit_code" => Field::CreditCode,
        _ => return None,
    })
}
