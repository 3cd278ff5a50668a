//! Tickets put on the stage for the present moment: one open in every step of life, urgent ones about to turn orange or
//! red within the hour, overdue ones, a burst on one matter. Ages are counted back from the history's end, to the second.
use super::city::City;
use super::matters::Intent;
use super::notes::{self, note};
use super::past::{Outcome, PastAct, PastStep, PastTicket};
use super::people;
use super::places;
use super::random::Random;
use super::rhythm::{DAY, HOUR, MINUTE, SECOND};
use super::tickets::{begin, identity, moment};
use crate::domain::Timestamp;

/// How far a staged ticket has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Accepted, not yet dispatched.
    Accepted,
    /// Dispatched, nobody has signed.
    Dispatched,
    /// Signed, nobody has contacted the caller.
    Signed,
    /// Signed and urged as often as said.
    Urged(u32),
    /// Contacted: in progress.
    Contacted,
    /// Replied, waiting for review.
    Replied,
    /// Reviewed, waiting for call-back.
    Reviewed,
    /// Called back: not solved, waiting for a decision.
    NotSolved,
    /// In its second round, unsigned.
    Reworked,
    /// 退单 waiting for a decision.
    ReturnRequested,
    /// Asked to return twice, refused once: on its way to ping-pong.
    ReturnedTwice,
    /// 延期 waiting for a decision.
    ExtensionRequested,
    /// 挂起.
    Suspended,
    /// 并单 into the row with this index.
    Merged(usize),
}

/// One scripted ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    index: usize,
    matter: &'static str,
    /// Dispatched that long before the end, in milliseconds.
    age_ms: i64,
    stage: Stage,
    /// Rows with the same mark are at the same place.
    place: u64,
}

/// From acceptance to dispatch.
const INTAKE: i64 = 4 * MINUTE;

impl Row {
    /// When it was accepted; for one not yet dispatched, its age is that of the acceptance.
    pub(super) fn accepted_ms(&self, end_ms: i64) -> i64 {
        let intake = if self.stage == Stage::Accepted { 0 } else { INTAKE };
        end_ms - self.age_ms - intake
    }
}

const fn ago(days: i64, hours: i64, minutes: i64, seconds: i64) -> i64 {
    days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
}

/// Less than 24 (or 48) hours by this much: what a countdown to the turn shows.
const fn before(hours: i64, minutes: i64, seconds: i64) -> i64 {
    hours * HOUR - minutes * MINUTE - seconds * SECOND
}

/// The script. The first rows matter most: a small history has only those.
const SCRIPT: &[(&str, i64, Stage, u64)] = &[
    // Urgent and unhandled: turning within the hour.
    ("M042", before(48, 18, 42), Stage::Urged(2), 1),
    ("M043", before(24, 38, 5), Stage::Dispatched, 2),
    ("M046", before(48, 44, 19), Stage::ReturnRequested, 3),
    ("M044", before(24, 52, 10), Stage::Dispatched, 4),
    ("M045", before(24, 57, 2), Stage::Signed, 5),
    // Orange and red already.
    ("M047", ago(0, 52, 10, 0), Stage::Urged(1), 6),
    ("M048", ago(0, 39, 26, 0), Stage::Signed, 7),
    ("M078", ago(0, 45, 40, 0), Stage::Signed, 8),
    ("M041", ago(0, 29, 20, 0), Stage::Signed, 9),
    ("M038", ago(0, 49, 5, 0), Stage::Dispatched, 10),
    // Later today.
    ("M074", ago(0, 21, 15, 0), Stage::Dispatched, 11),
    ("M042", ago(0, 20, 10, 0), Stage::Signed, 12),
    // 绿色通道: due today.
    ("M033", ago(0, 2, 5, 0), Stage::Signed, 13),
    ("M034", ago(0, 0, 40, 0), Stage::Dispatched, 14),
    // One in every step.
    ("M065", ago(0, 0, 3, 0), Stage::Accepted, 15),
    ("M062", ago(0, 0, 25, 0), Stage::Dispatched, 16),
    ("M054", ago(0, 5, 12, 0), Stage::Signed, 17),
    ("M057", ago(1, 4, 0, 0), Stage::Contacted, 18),
    ("M077", ago(1, 9, 30, 0), Stage::Replied, 19),
    ("M063", ago(2, 6, 0, 0), Stage::Reviewed, 20),
    ("M061", ago(4, 3, 0, 0), Stage::NotSolved, 21),
    ("M056", ago(5, 2, 0, 0), Stage::Reworked, 22),
    ("M079", ago(1, 2, 0, 0), Stage::ReturnRequested, 23),
    ("M064", ago(3, 5, 0, 0), Stage::ReturnedTwice, 24),
    ("M060", ago(9, 4, 0, 0), Stage::ExtensionRequested, 25),
    ("M083", ago(6, 1, 0, 0), Stage::Suspended, 26),
    // Past every limit.
    ("M075", ago(15, 3, 0, 0), Stage::Contacted, 27),
    ("M036", ago(8, 2, 0, 0), Stage::Signed, 28),
    ("M055", ago(26, 3, 0, 0), Stage::Contacted, 29),
    // 多人一诉: one burst, merged into its first ticket (row 29).
    ("M049", ago(0, 1, 10, 0), Stage::Signed, 30),
    ("M049", ago(0, 1, 8, 20), Stage::Merged(29), 30),
    ("M049", ago(0, 1, 7, 5), Stage::Merged(29), 30),
    ("M049", ago(0, 1, 4, 40), Stage::Merged(29), 30),
    ("M049", ago(0, 1, 1, 15), Stage::Dispatched, 30),
    ("M049", ago(0, 0, 58, 30), Stage::Dispatched, 30),
];

/// The rows of a history of so many days and tickets: those older than the history are left out, and their number is at
/// most the history's.
pub(super) fn rows(days: i64, count: usize) -> Vec<Row> {
    SCRIPT
        .iter()
        .enumerate()
        // A row keeps its index, also when older ones before it are missing, so that merged rows find their parent.
        .map(|(index, (matter, age_ms, stage, place))| Row {
            index,
            matter,
            age_ms: *age_ms,
            stage: *stage,
            place: *place,
        })
        .filter(|row| row.age_ms + INTAKE < days * DAY)
        .take(count)
        .collect()
}

/// The ticket of a row.
pub(super) fn ticket(
    city: &City,
    seed: u64,
    row: &Row,
    rows: &[Row],
    end: Timestamp,
    random: &mut Random,
) -> PastTicket {
    let end_ms = end.timestamp_millis();
    let at_ms = row.accepted_ms(end_ms);
    // invariant: `every_scripted_matter_exists` reads the whole script; the fallback keeps a mistake from a panic.
    let matter = city.matter(row.matter).unwrap_or(&city.matters[0]);
    let place = matter.place(&city.districts, &mut Random::stream(seed, 500_000 + row.place));
    let caller = places::caller(&city.names, matter.enterprise_class.is_some(), random);
    let mut ticket =
        begin(identity(seed, row.index, at_ms), matter, matter.fill(&place, random), caller, at_ms, random);
    ticket.talk_s = ticket.talk_s.min(170);
    if let Stage::Merged(parent) = row.stage {
        ticket.outcome = Outcome::Merged;
        if let Some(parent) = rows.iter().find(|other| other.index == parent) {
            let parent = identity(seed, parent.index, parent.accepted_ms(end_ms));
            let step = PastStep::Merged { parent };
            ticket.acts.push(PastAct { at: moment(at_ms + INTAKE), actor: ticket.accepted_by.clone(), step });
        }
        return ticket;
    }
    ticket.acts = acts(city, &ticket, row, at_ms, end_ms, random);
    ticket
}

/// The acts up to the row's stage, spread evenly over the time since dispatch.
fn acts(city: &City, ticket: &PastTicket, row: &Row, at_ms: i64, end_ms: i64, random: &mut Random) -> Vec<PastAct> {
    let unit = city.route(&ticket.intent.class, &ticket.intent.district).to_owned();
    let handler = people::handler_of(&unit);
    let steps = steps(row.stage, &unit, &ticket.intent, random);
    let dispatched = at_ms + INTAKE;
    let gap = (end_ms - dispatched) / (steps.len() as i64).max(1);
    let actor = |step: &PastStep| match step {
        PastStep::Dispatched { .. } => ticket.accepted_by.clone(),
        PastStep::Urged { .. } => people::SUPERVISOR.to_owned(),
        PastStep::Reviewed => people::REVIEWER.to_owned(),
        PastStep::ReturnRefused { .. } => people::DISPATCHER.to_owned(),
        PastStep::CalledBack { .. } | PastStep::Reworked { .. } => people::CALL_BACK_AGENT.to_owned(),
        _ => handler.clone(),
    };
    // Whoever signs does so within the hour; everything later keeps its share of the time.
    let moments = (0..).map(|ordinal| {
        let after = if ordinal == 1 { gap.min(47 * MINUTE) } else { ordinal * gap };
        moment(dispatched + after / SECOND * SECOND)
    });
    steps.into_iter().zip(moments).map(|(step, at)| PastAct { at, actor: actor(&step), step }).collect()
}

fn steps(stage: Stage, unit: &str, intent: &Intent, random: &mut Random) -> Vec<PastStep> {
    let dispatched = PastStep::Dispatched { unit: unit.to_owned() };
    let contacted = PastStep::Contacted { note: note(random, notes::contacts(intent)) };
    let replied = PastStep::Replied { text: note(random, notes::replies(intent)) };
    let asked = |reason: &str, note: &str| PastStep::ReturnRequested { reason: reason.into(), note: note.into() };
    let ownership = asked("unclear_ownership", "设施管护单位尚未明确，需要核对移交手续。");
    let mut steps = vec![dispatched, PastStep::Signed, contacted, replied, PastStep::Reviewed];
    let (keep, more) = match stage {
        Stage::Accepted | Stage::Merged(_) => (0, vec![]),
        Stage::Dispatched => (1, vec![]),
        Stage::Signed => (2, vec![]),
        Stage::Urged(times) => {
            let urged = PastStep::Urged { note: "来电人再次来电，请立即联系。".into() };
            (2, vec![urged; times as usize])
        }
        Stage::Contacted => (3, vec![]),
        Stage::Replied => (4, vec![]),
        Stage::Reviewed => (5, vec![]),
        Stage::NotSolved => (5, vec![PastStep::CalledBack { solved: false, rating: Some(2) }]),
        Stage::Reworked => {
            let called_back = PastStep::CalledBack { solved: false, rating: Some(1) };
            (5, vec![called_back, PastStep::Reworked { reason: "not_solved".into(), unit: unit.to_owned() }])
        }
        Stage::ReturnRequested => (1, vec![ownership]),
        Stage::ReturnedTwice => {
            let refused = PastStep::ReturnRefused { note: "属地清楚，请先行处置。".into() };
            (1, vec![asked("wrong_place", "现场位于交界路段，不在本辖区。"), refused, ownership])
        }
        Stage::ExtensionRequested => {
            (3, vec![PastStep::ExtensionRequested { reason: "construction".into(), working_days: 5 }])
        }
        Stage::Suspended => (3, vec![PastStep::Suspended { reason: "season".into() }]),
    };
    steps.truncate(keep);
    steps.extend(more);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scripted_matter_exists_and_the_first_twelve_are_urgent() {
        let city = City::shared();
        for (index, (code, ..)) in SCRIPT.iter().enumerate() {
            let matter = city.matter(code).unwrap_or_else(|| panic!("{code}"));
            assert!(index >= 12 || matter.urgent_class.is_some(), "{code}");
        }
        assert!(["M033", "M034"].iter().all(|code| city.matter(code).unwrap().green_channel));
    }

    #[test]
    fn the_parent_of_the_merged_rows_is_the_first_of_its_burst() {
        for (index, (code, _, stage, place)) in SCRIPT.iter().enumerate() {
            let Stage::Merged(parent) = stage else { continue };
            let (parent_code, _, parent_stage, parent_place) = &SCRIPT[*parent];
            assert!(*parent < index && *parent_stage == Stage::Signed, "row {index}");
            assert_eq!((parent_code, parent_place), (code, place), "row {index}");
        }
    }
}
