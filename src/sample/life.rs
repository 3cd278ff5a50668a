//! What becomes of one ordinary ticket: from acceptance to the archive, with the side arcs that a month brings. It may
//! run past the present: `tickets` cuts it there, which is how open tickets come about. No rule is enforced here; the
//! arcs follow the ticket's life as the domain draws it.
use super::city::City;
use super::matters::{Intent, Kind};
use super::notes::{self, note};
use super::past::{Outcome, PastAct, PastStep, PastTicket};
use super::people;
use super::random::Random;
use super::rhythm::{HOUR, MINUTE, SECOND, in_office};
use super::tickets::moment;

/// Of 1,000 consultations, how many are answered at once.
const ANSWERED_CONSULTATIONS: u64 = 917;
/// Of 1,000 other requests, how many are answered at once.
const ANSWERED_OTHERS: u64 = 30;
/// Of 1,000 call-backs, how many find the matter solved.
const SOLVED: u64 = 922;

/// A whole life.
pub(super) struct Life {
    /// What acceptance came to.
    pub outcome: Outcome,
    /// Its acts, in order of time.
    pub acts: Vec<PastAct>,
}

/// Writes acts down in order; `now_ms` never goes back.
struct Writer<'dice> {
    now_ms: i64,
    /// Urgent matters are handled round the clock, the others in office hours.
    round_the_clock: bool,
    acts: Vec<PastAct>,
    random: &'dice mut Random,
}

impl Writer<'_> {
    fn wait(&mut self, low: i64, high: i64) {
        self.now_ms += self.random.between(low, high) / SECOND * SECOND;
    }

    fn wait_for_office(&mut self, low: i64, high: i64) {
        self.wait(low, high);
        if !self.round_the_clock {
            self.now_ms = in_office(self.now_ms, self.random);
        }
    }

    fn act(&mut self, actor: &str, step: PastStep) {
        self.acts.push(PastAct { at: moment(self.now_ms), actor: actor.to_owned(), step });
    }

    fn reason(&mut self, city: &City, table: &str) -> (String, String) {
        let reasons: Vec<_> = city.reasons_of(table).collect();
        self.random.pick(&reasons).map_or_else(Default::default, |reason| (reason.code.clone(), reason.basis.clone()))
    }
}

/// Draws the life of a ticket just accepted.
pub(super) fn live(city: &City, ticket: &PastTicket, random: &mut Random) -> Life {
    let mut writer = Writer {
        now_ms: ticket.accepted_at.timestamp_millis() + i64::from(ticket.talk_s) * SECOND,
        round_the_clock: ticket.intent.urgent_class.is_some(),
        acts: Vec::new(),
        random,
    };
    let outcome = intake(city, ticket, &mut writer);
    if outcome == Outcome::Dispatched {
        handling(city, ticket, &mut writer);
    }
    Life { outcome, acts: writer.acts }
}

fn intake(city: &City, ticket: &PastTicket, writer: &mut Writer<'_>) -> Outcome {
    let operator = &ticket.accepted_by;
    let answered = match ticket.intent.kind {
        Kind::Consultation => ANSWERED_CONSULTATIONS,
        // Nobody is told "done" on the call about something urgent.
        _ if ticket.intent.urgent_class.is_some() => 0,
        _ => ANSWERED_OTHERS,
    };
    writer.wait(5 * SECOND, 70 * SECOND);
    if writer.random.chance(answered, 1_000) {
        // An article that no longer holds that day was not read out, so it is not cited.
        let day = ticket.accepted_at.with_timezone(&crate::domain::city_offset()).date_naive();
        let article = ticket.intent.article.as_deref().and_then(|code| city.article(code));
        let article = article.filter(|article| article.holds_on(day)).map(|article| article.code.clone());
        writer.act(operator, PastStep::Answered { article });
        return Outcome::DirectAnswer;
    }
    if ticket.intent.urgent_class.is_none() && ticket.intent.kind != Kind::Consultation {
        match writer.random.below(1_000) {
            0..15 => {
                let (reason, _) = writer.reason(city, "not_accepted");
                writer.act(operator, PastStep::NotAccepted { reason });
                return Outcome::NotAccepted;
            }
            15..25 => {
                let (reason, _) = writer.reason(city, "cancel");
                writer.act(operator, PastStep::Cancelled { reason });
                return Outcome::Cancelled;
            }
            25..33 => {
                let number = writer.random.pick(&["110", "119", "120", "122"]).copied().unwrap_or("110");
                writer.act(operator, PastStep::PassedOn { number });
                return Outcome::PassedOn;
            }
            _ => {}
        }
    }
    Outcome::Dispatched
}

fn handling(city: &City, ticket: &PastTicket, writer: &mut Writer<'_>) {
    let intent = &ticket.intent;
    let mut unit = city.route(&intent.class, &intent.district).to_owned();
    writer.wait(2 * MINUTE, 14 * MINUTE);
    writer.act(&ticket.accepted_by, PastStep::Dispatched { unit: unit.clone() });
    if writer.random.chance(35, 1_000) {
        unit = returning(city, ticket, unit, writer);
    }
    let handler = people::handler_of(&unit);
    signing_and_contact(&handler, intent, writer);
    if writer.random.chance(40, 1_000) {
        writer.wait_for_office(HOUR, 20 * HOUR);
        writer.act(people::SUPERVISOR, PastStep::Urged { note: "请尽快处理并联系来电人。".into() });
    }
    if matches!(intent.kind, Kind::Complaint | Kind::Report) && writer.random.chance(45, 1_000) {
        let (reason, _) = writer.reason(city, "extension");
        writer.wait_for_office(4 * HOUR, 30 * HOUR);
        writer.act(&handler, PastStep::ExtensionRequested { reason, working_days: 5 });
        writer.wait_for_office(HOUR, 8 * HOUR);
        writer.act(people::REVIEWER, PastStep::ExtensionGranted);
    } else if writer.random.chance(20, 1_000) {
        let (reason, _) = writer.reason(city, "suspend");
        writer.wait_for_office(2 * HOUR, 10 * HOUR);
        writer.act(&handler, PastStep::Suspended { reason });
        writer.wait_for_office(20 * HOUR, 72 * HOUR);
        writer.act(&handler, PastStep::Resumed);
    }
    let (low, high) = match intent.kind {
        _ if intent.green_channel => (HOUR, 4 * HOUR),
        Kind::Consultation => (2 * HOUR, 20 * HOUR),
        Kind::Help | Kind::Suggestion => (6 * HOUR, 72 * HOUR),
        Kind::Complaint | Kind::Report => (20 * HOUR, 190 * HOUR),
    };
    writer.wait_for_office(low, high);
    if !closing(&handler, intent, SOLVED, writer) && writer.random.chance(1, 2) {
        writer.wait(MINUTE, 30 * MINUTE);
        let reason = "not_solved".to_owned();
        writer.act(people::CALL_BACK_AGENT, PastStep::Reworked { reason, unit: unit.clone() });
        signing_and_contact(&handler, intent, writer);
        writer.wait_for_office(8 * HOUR, 60 * HOUR);
        closing(&handler, intent, 1_000, writer);
    }
    writer.wait(MINUTE, 5 * MINUTE);
    writer.act(people::CALL_BACK_AGENT, PastStep::Archived);
}

/// 退单: asked for instead of signing; granted to the class's own lead, or refused. Says who has the ticket then.
fn returning(city: &City, ticket: &PastTicket, unit: String, writer: &mut Writer<'_>) -> String {
    let (reason, note) = writer.reason(city, "return");
    writer.wait_for_office(20 * MINUTE, 5 * HOUR);
    writer.act(&people::handler_of(&unit), PastStep::ReturnRequested { reason, note });
    writer.wait_for_office(20 * MINUTE, 3 * HOUR);
    let other = city.class(&ticket.intent.class).and_then(|class| class.units.first());
    match other.filter(|other| **other != unit) {
        Some(other) => {
            writer.act(people::DISPATCHER, PastStep::ReturnGranted { unit: other.clone() });
            other.clone()
        }
        None => {
            writer.act(people::DISPATCHER, PastStep::ReturnRefused { note: "经核对属本单位职责，请按期办理。".into() });
            unit
        }
    }
}

fn signing_and_contact(handler: &str, intent: &Intent, writer: &mut Writer<'_>) {
    writer.wait_for_office(8 * MINUTE, 4 * HOUR);
    writer.act(handler, PastStep::Signed);
    // A few urgent ones were left until they had turned orange.
    let (low, high) = match (writer.round_the_clock, writer.random.chance(3, 100)) {
        (true, true) => (22 * HOUR, 34 * HOUR),
        (true, false) => (20 * MINUTE, 12 * HOUR),
        (false, _) => (30 * MINUTE, 22 * HOUR),
    };
    writer.wait_for_office(low, high);
    let note = note(writer.random, notes::contacts(intent));
    writer.act(handler, PastStep::Contacted { note });
}

/// From reply to call-back; says whether it was solved.
fn closing(handler: &str, intent: &Intent, solved: u64, writer: &mut Writer<'_>) -> bool {
    let text = note(writer.random, notes::replies(intent));
    writer.act(handler, PastStep::Replied { text });
    writer.wait_for_office(20 * MINUTE, 6 * HOUR);
    writer.act(people::REVIEWER, PastStep::Reviewed);
    writer.wait_for_office(HOUR, 24 * HOUR);
    let solved = writer.random.chance(solved, 1_000);
    let rating = match (writer.random.chance(12, 100), solved) {
        (true, _) => None,
        (false, true) => Some([5, 4, 3][writer.random.weighted(&[74, 19, 7]).min(2)]),
        (false, false) => Some([3, 2, 1][writer.random.weighted(&[30, 45, 25]).min(2)]),
    };
    writer.act(people::CALL_BACK_AGENT, PastStep::CalledBack { solved, rating });
    solved
}
