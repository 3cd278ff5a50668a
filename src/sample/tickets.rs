//! A past for the sample city: tickets accepted over the last days, each with the acts of its life up to now. The order
//! and the moments are here; the types are in `past`, what happens to one ordinary ticket is in `life`, the scripted open ones in `staged`.
use super::city::City;
use super::matters::{Intent, Kind, Line, Matter};
use super::past::{Channel, Outcome, PastTicket};
use super::places::{self, Caller};
use super::random::Random;
use super::{life, people, rhythm, staged};
use crate::domain::Timestamp;
use crate::domain::ids::TicketId;

/// Of 1,000 requests, how many are consultations; with 917 of 1,000 of those answered at once, about 62 % of all are.
const CONSULTATIONS: u64 = 660;
/// Of 1,000 requests, how many come on the companies' line.
const COMPANIES: u64 = 170;
/// An ordinary template comes this many times as often as one of an urgent class.
const ORDINARY_WEIGHT: u32 = 8;

/// `count` tickets accepted in the `days` days before `end`, oldest first. Deterministic: the same arguments give the
/// same tickets. They are made one at a time, so that a history of any length costs 16 bytes a ticket in memory.
pub fn history(seed: u64, end: Timestamp, days: u32, count: usize) -> impl Iterator<Item = PastTicket> {
    let city = City::shared();
    let plan = plan(seed, end, days, count);
    let order = plan.order;
    order.into_iter().map(move |(at_ms, index)| {
        let mut random = Random::stream(seed, 1_000 + index as u64);
        match plan.scripted.get(index) {
            Some(row) => staged::ticket(city, seed, row, &plan.scripted, end, &mut random),
            None => ordinary(city, seed, index, at_ms, end, &mut random),
        }
    })
}

struct Plan {
    scripted: Vec<staged::Row>,
    order: Vec<(i64, usize)>,
}

fn plan(seed: u64, end: Timestamp, days: u32, count: usize) -> Plan {
    let end_ms = end.timestamp_millis();
    let days = i64::from(days.max(1));
    let scripted = staged::rows(days, count);
    let mut random = Random::stream(seed, 1);
    let mut order: Vec<(i64, usize)> = Vec::with_capacity(count);
    for index in 0..count {
        let at_ms = match scripted.get(index) {
            Some(row) => row.accepted_ms(end_ms),
            None => rhythm::past_moment(end_ms, days, &mut random),
        };
        order.push((at_ms, index));
    }
    order.sort_unstable();
    Plan { scripted, order }
}

/// The identity of the history's ticket number `index`: a version 7 UUID of its moment and seeded bits.
pub(super) fn identity(seed: u64, index: usize, at_ms: i64) -> TicketId {
    let mut random = Random::stream(seed, 0x7C_0000_0000 + index as u64);
    let mut bytes = [0u8; 10];
    for (byte, bits) in bytes.iter_mut().zip([random.bits(), random.bits()].into_iter().flat_map(u64::to_be_bytes)) {
        *byte = bits;
    }
    TicketId(uuid::Builder::from_unix_timestamp_millis(at_ms.max(0).unsigned_abs(), &bytes).into_uuid())
}

fn ordinary(city: &City, seed: u64, index: usize, at_ms: i64, end: Timestamp, random: &mut Random) -> PastTicket {
    let line = if random.chance(COMPANIES, 1_000) { Line::Enterprise } else { Line::Citizen };
    let matter = draw_matter(city, line, random.chance(CONSULTATIONS, 1_000), random);
    let place = matter.place(&city.districts, random);
    let caller = places::caller(&city.names, line == Line::Enterprise, random);
    // A thousand on: the numbers below belong to the scripted rows.
    let id = identity(seed, 1_000 + index, at_ms);
    let mut ticket = begin(id, matter, matter.fill(&place, random), caller, at_ms, random);
    let life = life::live(city, &ticket, random);
    ticket.outcome = life.outcome;
    ticket.acts = life.acts.into_iter().filter(|act| act.at <= end).collect();
    ticket
}

/// A ticket at the moment of its acceptance.
pub(super) fn begin(
    id: TicketId,
    matter: &Matter,
    intent: Intent,
    caller: Caller,
    at_ms: i64,
    random: &mut Random,
) -> PastTicket {
    let company = matter.line == Line::Enterprise;
    let (prefix, seats) = if company { ("eop", people::ENTERPRISE_OPERATORS) } else { ("op", people::OPERATORS) };
    let channel = match random.weighted(&[90, 8, 2]) {
        0 => Channel::Phone,
        1 => Channel::Web,
        _ => Channel::Outpost,
    };
    let talk_s = if channel == Channel::Phone { rhythm::talk_s(random) } else { 0 };
    PastTicket {
        id,
        line: matter.line,
        channel,
        priority: matter.green_channel || (company && random.chance(1, 12)),
        intent,
        caller,
        accepted_by: format!("{prefix}{:02}", random.between(1, i64::from(seats))),
        accepted_at: moment(at_ms),
        talk_s,
        outcome: Outcome::Dispatched,
        acts: Vec::new(),
    }
}

/// A template of this line, a consultation or not; the urgent ones are rare.
pub(super) fn draw_matter<'city>(
    city: &'city City,
    line: Line,
    consultation: bool,
    random: &mut Random,
) -> &'city Matter {
    let weights: Vec<u32> = city
        .matters
        .iter()
        .map(|matter| {
            match (matter.line == line && (matter.kind == Kind::Consultation) == consultation, &matter.urgent_class) {
                (false, _) => 0,
                (true, Some(_)) => 1,
                (true, None) => ORDINARY_WEIGHT,
            }
        })
        .collect();
    // invariant: `weighted` returns an index of the weights, and there is one weight for every template.
    &city.matters[random.weighted(&weights)]
}

/// A point in time from milliseconds since 1970.
pub(super) fn moment(ms: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(ms).unwrap_or_default()
}

#[cfg(test)]
#[path = "tickets_tests.rs"]
mod tests;
