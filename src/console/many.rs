//! 批量 (bulk): marking, judging what an act would change on each marked ticket, sending it to each under a key of its own,
//! and saying what came of all of them together. Over a lost link each waits and goes out again as a single act does.
use super::app::App;
use super::command_line;
use super::model::Pending;
use super::model::choices::{Choices, named};
use super::model::many::{Batch, LeftOut, Plan, Planned};
use super::model::prompt::{Prompt, Purpose};
use super::model::Pane;
use super::msg::Outcome;
use super::offer::act_at;
use super::panes::terms;
use super::times;
use crate::api::tickets::{ActRequest, TicketRow};
use crate::domain::ticket::{Act, arc};
use crate::words;
use std::collections::{HashSet, VecDeque};

/// How many are on their way at once: others use the server too.
const AT_ONCE: usize = 8;
/// Acts that are one ticket's business: a caller's own answer, another ticket's number, the last ten seconds.
const ONE_BY_ONE: &[Act] = &[Act::CallBack, Act::Merge, Act::Undo, Act::Edit, Act::Accept, Act::Turn];
/// How many failures are named; of the others it is said how many.
const NAMED: usize = 3;

impl App {
    fn list_in_focus(&self) -> bool {
        matches!(self.model.focus(), Pane::Board | Pane::List)
    }

    /// Does an act go to the marked tickets?
    pub(super) fn acts_on_marked(&self) -> bool {
        self.list_in_focus() && self.model.many.count() > 0
    }

    /// The marked tickets as they stand now.
    pub(super) fn marked(&self) -> Vec<&TicketRow> {
        self.model.many.rows().map(|row| self.model.list.find(row.id).or_else(|| self.model.board.find(row.id)).filter(|fresh| fresh.version >= row.version).unwrap_or(row)).collect()
    }

    /// Marks the selected row, or takes its mark away, and goes on to the next.
    pub(super) fn mark(&mut self) {
        if !self.list_in_focus() {
            return;
        }
        let Some(row) = self.subject().cloned() else { return self.warn(words!("refusal-nothing-selected")) };
        if !self.model.many.unmark(row.id.0) {
            self.model.many.mark(&row);
        }
        self.step(1);
    }

    /// Marks every row that is on the screen; where all of them are, takes those marks away.
    pub(super) fn mark_shown(&mut self) {
        if !self.list_in_focus() {
            return;
        }
        let height = self.list_height();
        let window = if self.model.focus() == Pane::Board { &self.model.board } else { &self.model.list };
        let shown: Vec<TicketRow> = window.rows.iter().skip(window.top).take(height).map(|listed| (*listed.row).clone()).collect();
        let all = shown.iter().all(|row| self.model.many.has(row.id));
        for row in &shown {
            if all {
                self.model.many.unmark(row.id.0);
            } else {
                self.model.many.mark(row);
            }
        }
    }

    /// Takes every mark away; false where there was none.
    pub(super) fn unmark_all(&mut self) -> bool {
        let any = self.acts_on_marked();
        if any {
            self.model.many.unmark_all();
        }
        any
    }

    /// Every act that at least one of the marked tickets takes.
    pub(super) fn acts_on_some(&self) -> Vec<Act> {
        let rows = self.marked();
        let some = |act: &Act| rows.iter().any(|row| act_at(*act, row.step) == *act && self.refusal_of(row, *act).is_none());
        Act::ALL.iter().copied().filter(|act| !ONE_BY_ONE.contains(act) && some(act)).collect()
    }

    /// An act on the marked tickets: what it needs is asked for once, unless it can go to none of them.
    pub(super) fn act_on_marked(&mut self, act: Act) {
        if ONE_BY_ONE.contains(&act) {
            return self.warn(words!("many-one-by-one", act = terms::act(act)));
        }
        if self.model.many.batch.as_ref().is_some_and(|batch| !batch.rests()) {
            return self.warn(words!("refusal-in-flight"));
        }
        if self.plan(act, &ActRequest::default()).planned.is_empty() {
            return self.preview(act, ActRequest::default());
        }
        self.ask_for(act, None);
    }

    fn plan(&self, act: Act, request: &ActRequest) -> Plan {
        let mut plan = Plan { act, request: request.clone(), planned: Vec::new(), left: Vec::new() };
        for row in self.marked() {
            let (number, title) = (row.number.clone(), row.title.clone());
            match self.refusal_of(row, act) {
                Some(why) => plan.left.push(LeftOut { number, title, why }),
                None => {
                    let act = act_at(act, row.step);
                    let (now, then) = self.change_of(row, act, request);
                    plan.planned.push(Planned { ticket: row.id, number, title, act, now, then });
                }
            }
        }
        plan
    }

    /// What an act changes on a ticket: what stands, and what will.
    fn change_of(&self, row: &TicketRow, act: Act, request: &ActRequest) -> (String, String) {
        let names = &self.model.names;
        let step = terms::step(row.step);
        match act {
            Act::Dispatch | Act::Redispatch => {
                let old = row.unit_name.as_deref().or(row.unit.as_deref());
                let new = request.unit.as_deref().and_then(|unit| names.units.of(unit)).map_or_else(|| request.unit.clone().unwrap_or_default(), |item| item.label.clone());
                let then = arc(act).to.after(row.step).map(terms::step).unwrap_or_default();
                (old.map_or(step.clone(), |old| format!("{step} {old}")), format!("{then} {new}"))
            }
            Act::Claim => (words!("many-unclaimed"), self.model.me.as_ref().map(|me| me.name.clone()).unwrap_or_default()),
            Act::Urge => {
                let urged = |count: i64| words!("many-urged", count = count);
                (urged(row.urges), urged(row.urges + 1))
            }
            Act::Flag => {
                let class = |code: Option<&str>| code.and_then(|code| names.view.urgent.iter().find(|row| row.code == code)).map_or_else(|| words!("urgent-none"), |row| named(&row.name, &row.name_en).to_owned());
                (class(row.urgent_class.as_deref()), class(request.urgent_class.as_deref()))
            }
            Act::Prioritise => {
                let tag = |tag| Option::map_or_else(tag, || words!("tag-none"), terms::tag);
                (tag(row.tag), tag(request.tag))
            }
            act => match arc(act).to.after(row.step) {
                None => (step, words!("many-step-before")),
                Some(after) if after == row.step => (step.clone(), format!("{step} +{}", terms::act(act))),
                Some(after) => (step, terms::step(after)),
            },
        }
    }

    /// Shows what will change, before anything does.
    pub(super) fn preview(&mut self, act: Act, request: ActRequest) {
        let plan = self.plan(act, &request);
        let mut prompt = Prompt::new(Purpose::Preview, Choices::default()).for_many(act);
        prompt.plan = Some((Box::new(plan), 0));
        self.model.prompt = Some(prompt);
    }

    /// The preview is confirmed. What has changed since it was drawn is shown first.
    pub(super) fn send_many(&mut self) {
        let Some((plan, _)) = self.model.prompt.as_ref().and_then(|prompt| prompt.plan.clone()) else { return };
        let fresh = self.plan(plan.act, &plan.request);
        let Some(prompt) = &mut self.model.prompt else { return };
        if fresh != *plan {
            prompt.plan = Some((Box::new(fresh), 0));
            prompt.fault = Some(words!("many-changed"));
            return;
        }
        if plan.planned.is_empty() {
            prompt.fault = Some(words!("many-none"));
            return;
        }
        self.model.prompt = None;
        let Plan { act, request, planned, .. } = *plan;
        self.model.many.batch = Some(Batch { act, request, waiting: VecDeque::from(planned), flying: HashSet::new(), unsure: HashSet::new(), done: Vec::new(), failed: Vec::new() });
        self.send_some();
    }

    fn send_some(&mut self) {
        while let Some(batch) = self.model.many.batch.as_mut().filter(|batch| batch.flying.len() < AT_ONCE) {
            let Some(next) = batch.waiting.pop_front() else { return };
            let request = batch.request.clone();
            let key = self.send_one((next.ticket, next.number), next.act, request);
            if let Some(batch) = &mut self.model.many.batch {
                batch.flying.insert(key);
            }
        }
    }

    /// What came of one of several; none of them speaks for itself.
    pub(super) fn one_of_many(&mut self, pending: Pending, result: Outcome<TicketRow>) {
        let Some(mut batch) = self.model.many.batch.take() else { return };
        batch.flying.remove(&pending.key);
        batch.unsure.remove(&pending.key);
        let about = (pending.ticket, pending.act);
        let mut ended = false;
        match result {
            Ok(mut row) => {
                self.ticket_came(&mut row);
                self.model.unsure.remove(&about);
                self.model.many.unmark(row.id.0);
                self.touch_detail(row.id.0);
                batch.done.push((row.number.clone(), pending.act));
            }
            Err(error) if error.is_unknown() || error.is_unauthorized() => {
                ended = error.is_unauthorized();
                batch.unsure.insert(pending.key.clone());
                self.model.unsure.insert(about, (pending.request, pending.key));
            }
            Err(error) => {
                self.model.unsure.remove(&about);
                self.touch_detail(pending.ticket.0);
                batch.failed.push((pending.number, self.words_of(&error)));
            }
        }
        self.model.many.batch = Some(batch);
        if ended {
            self.logged_out();
        }
        self.send_some();
        self.tell_many();
    }

    /// All together, once none of them is on its way.
    fn tell_many(&mut self) {
        let Some(batch) = self.model.many.batch.take_if(|batch| batch.rests() && batch.unsure.is_empty()) else {
            return self.tell_waiting();
        };
        self.tell_done(&batch);
        if batch.failed.is_empty() {
            self.model.many.words.remove(&batch.act);
        }
        for act in Act::ALL {
            let numbers: Vec<&str> = batch.done.iter().filter(|(_, done)| done == act).map(|(number, _)| number.as_str()).collect();
            if !numbers.is_empty() {
                let line = command_line::act(&self.program, &numbers, *act, &batch.request);
                self.did(words!("many-done", act = terms::act(*act), count = numbers.len()), line);
            }
        }
    }

    fn tell_waiting(&mut self) {
        let Some(batch) = self.model.many.batch.take_if(|batch| batch.rests()) else { return };
        self.tell_done(&batch);
        self.model.many.batch = Some(batch);
    }

    fn tell_done(&mut self, batch: &Batch) {
        let now = self.now();
        let mut parts = vec![words!("many-done", act = terms::act(batch.act), count = batch.done.len())];
        if !batch.unsure.is_empty() {
            parts.push(words!("many-waits", count = batch.unsure.len()));
        }
        if batch.failed.is_empty() {
            return self.say(parts.join(" · "));
        }
        let mut why: Vec<String> = batch.failed.iter().take(NAMED).map(|(number, why)| format!("{} {why}", times::number(number, now))).collect();
        let more = batch.failed.len().saturating_sub(NAMED);
        if more > 0 {
            why.push(words!("many-more", count = more));
        }
        parts.push(words!("many-failed", count = batch.failed.len(), why = why.join(&words!("many-between"))));
        self.warn(parts.join(" · "));
    }
}
