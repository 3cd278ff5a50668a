//! A day of calls for the sample city: who rings when, what they want, how long they wait and talk. Acts come out in order
//! of virtual time; somebody else does them, through the same call commands an exchange uses. What the operators do is
//! not here: the same seed brings the same callers however the calls are taken.
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::Serialize;

use super::city::City;
use super::matters::{Intent, Line, Matter};
use super::places::{self, Caller, Place};
use super::random::Random;
use super::rhythm::{self, HOUR, MINUTE, SECOND};
use super::tickets::draw_matter;

/// One act of the outside world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrafficAct {
    /// Virtual milliseconds since the start; never smaller than the act's before.
    pub at_ms: u64,
    /// The same moment in real milliseconds since the start, at the chosen speed.
    pub due_ms: u64,
    /// What happens.
    pub act: Act,
}

/// What the outside world can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "act")]
pub enum Act {
    /// 来电 (a call comes in and waits).
    Ring(Box<Ring>),
    /// 放弃 (the caller has waited long enough). Comes for every call: it means nothing once the call was answered.
    Abandon {
        /// Number of the call.
        call: u64,
    },
}

/// 来电 (an incoming call).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ring {
    /// Number of the call, from 1.
    pub call: u64,
    /// The line it comes in on.
    pub line: Line,
    /// Who calls.
    pub caller: Caller,
    /// What the caller wants; `intent.district` is where.
    pub intent: Intent,
    /// How long the caller talks once answered, in virtual seconds.
    pub talk_s: u32,
    /// How long the caller waits before giving up, in virtual milliseconds.
    pub patience_ms: u64,
    /// The storm it belongs to (one matter at one place), from 1.
    pub storm: Option<u32>,
}

/// Calls on an ordinary working day, storms apart.
const CALLS_PER_DAY: u32 = 2_000;
/// The demo's day begins at nine in the morning, city time.
const START: i64 = 9 * HOUR;
/// What the very first caller wants, so that the first call always has an answer to find.
const OPENING_MATTER: &str = "M001";
/// Mean patience beyond the first seconds, in milliseconds.
const PATIENCE_MEAN: u64 = 150_000;
/// A storm: this many calls …
const STORM_CALLS: (i64, i64) = (36, 46);
/// … within this time.
const STORM_LENGTH: i64 = 5 * MINUTE;
/// Mean time from one storm to the next, in virtual milliseconds, beyond half an hour.
const STORM_MEAN: u64 = (5 * HOUR) as u64;

/// A call that will come or end, in order of time, then of making.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Pending {
    at_ms: i64,
    order: u64,
    what: Planned,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Planned {
    Abandon {
        call: u64,
    },
    /// A caller of a burst: any matter.
    Burst,
    /// A caller of the storm with this number: its matter, its place.
    Storm {
        storm: u32,
    },
}

/// The endless stream of acts.
#[derive(Debug, Clone)]
pub struct Traffic {
    random: Random,
    speed: f64,
    start_of_day_ms: i64,
    calls_per_day: u32,
    calls: u64,
    made: u64,
    arrival_ms: i64,
    storm_ms: i64,
    storms: Vec<(&'static Matter, Place)>,
    pending: BinaryHeap<Reverse<Pending>>,
}

impl Traffic {
    /// Traffic from nine in the morning. `speed` is virtual seconds in a real one; what is not a positive number is 1.
    pub fn new(seed: u64, speed: f64) -> Self {
        let mut random = Random::stream(seed, 2);
        let arrival_ms = random.between(3 * SECOND, 7 * SECOND);
        let storm_ms = random.between(25 * MINUTE, 55 * MINUTE);
        Self {
            random,
            speed: if speed.is_finite() && speed > 0.0 { speed } else { 1.0 },
            start_of_day_ms: START,
            calls_per_day: CALLS_PER_DAY,
            calls: 0,
            made: 0,
            arrival_ms,
            storm_ms,
            storms: Vec::new(),
            pending: BinaryHeap::new(),
        }
    }

    /// The same, from another time of day (milliseconds since city midnight).
    #[must_use]
    pub fn starting_at(mut self, since_midnight_ms: u32) -> Self {
        self.start_of_day_ms = i64::from(since_midnight_ms);
        self
    }

    /// The same, with so many calls on an ordinary day; 0 counts as 1.
    #[must_use]
    pub fn with_calls_per_day(mut self, calls: u32) -> Self {
        self.calls_per_day = calls.max(1);
        self
    }

    /// The next act. There is always one.
    pub fn next_act(&mut self) -> TrafficAct {
        loop {
            let pending_ms = self.pending.peek().map_or(i64::MAX, |Reverse(pending)| pending.at_ms);
            if pending_ms <= self.arrival_ms && pending_ms <= self.storm_ms {
                if let Some(Reverse(pending)) = self.pending.pop() {
                    return self.due(pending);
                }
            } else if self.storm_ms <= self.arrival_ms {
                self.begin_storm();
            } else {
                let at_ms = self.arrival_ms;
                self.arrival_ms = self.next_arrival(at_ms);
                if self.random.chance(1, 45) {
                    self.begin_burst(at_ms);
                }
                return self.ring(at_ms, None);
            }
        }
    }

    fn due(&mut self, pending: Pending) -> TrafficAct {
        match pending.what {
            Planned::Abandon { call } => self.act(pending.at_ms, Act::Abandon { call }),
            Planned::Burst => self.ring(pending.at_ms, None),
            Planned::Storm { storm } => self.ring(pending.at_ms, Some(storm)),
        }
    }

    fn act(&self, at_ms: i64, act: Act) -> TrafficAct {
        let at_ms = at_ms.unsigned_abs();
        // One correctly rounded division: the same on every machine.
        TrafficAct { at_ms, due_ms: (at_ms as f64 / self.speed) as u64, act }
    }

    fn plan(&mut self, at_ms: i64, what: Planned) {
        self.made += 1;
        self.pending.push(Reverse(Pending { at_ms, order: self.made, what }));
    }

    /// An inhomogeneous Poisson process, thinned: candidates at the rate of the day's peak, each kept as often as its
    /// moment is busy compared with the peak.
    fn next_arrival(&mut self, after_ms: i64) -> i64 {
        let whole_day: u64 = rhythm::HOURLY.iter().map(|hour| u64::from(*hour)).sum();
        let gap_at_peak = HOUR.unsigned_abs() * whole_day / (u64::from(self.calls_per_day) * u64::from(rhythm::PEAK));
        let mut at_ms = after_ms;
        loop {
            at_ms += self.random.exponential(gap_at_peak).max(1) as i64;
            let busy = u64::from(rhythm::busy(self.start_of_day_ms + at_ms));
            if self.random.chance(busy, u64::from(rhythm::PEAK)) {
                return at_ms;
            }
        }
    }

    /// A handful of calls at once, about anything: what a queue must bear every hour.
    fn begin_burst(&mut self, at_ms: i64) {
        for _ in 0..self.random.between(3, 7) {
            let later = self.random.between(SECOND, 45 * SECOND);
            self.plan(at_ms + later, Planned::Burst);
        }
    }

    /// One cause, one place, dozens of calls in five minutes: 停水, 停电, 断网.
    fn begin_storm(&mut self) {
        let at_ms = self.storm_ms;
        self.storm_ms += 30 * MINUTE + self.random.exponential(STORM_MEAN) as i64;
        let city = City::shared();
        let matters: Vec<&Matter> = city.matters.iter().filter(|matter| matter.storm).collect();
        let Some(matter) = self.random.pick(&matters).copied() else { return };
        let place = matter.place(&city.districts, &mut self.random);
        self.storms.push((matter, place));
        let storm = self.storms.len() as u32;
        for _ in 0..self.random.between(STORM_CALLS.0, STORM_CALLS.1) {
            // The smaller of two draws: most call early, the last ones trickle in.
            let later = self.random.between(0, STORM_LENGTH).min(self.random.between(0, STORM_LENGTH));
            self.plan(at_ms + later, Planned::Storm { storm });
        }
    }

    fn ring(&mut self, at_ms: i64, storm: Option<u32>) -> TrafficAct {
        self.calls += 1;
        let call = self.calls;
        let city = City::shared();
        // Each call has dice of its own: what one caller says never shifts the times of the next ones.
        let mut random = Random::stream(self.random.bits(), call);
        let of_storm = storm.and_then(|number| self.storms.get(number as usize - 1));
        let (matter, place) = match of_storm {
            Some((matter, place)) => (*matter, place.clone()),
            None => {
                let opening = if call == 1 { city.matter(OPENING_MATTER) } else { None };
                let line = if random.chance(17, 100) { Line::Enterprise } else { Line::Citizen };
                let consultation = random.chance(66, 100);
                let matter = opening.unwrap_or_else(|| draw_matter(city, line, consultation, &mut random));
                (matter, matter.place(&city.districts, &mut random))
            }
        };
        let talk_s = rhythm::talk_s(&mut random);
        // One in thirty hangs up within seconds; the others wait, some long.
        let patience_ms = match random.chance(1, 30) {
            true => random.between(2 * SECOND, 9 * SECOND).unsigned_abs(),
            false => 20_000 + random.exponential(PATIENCE_MEAN),
        };
        // The very first caller waits for whoever is just finding the keys.
        let patience_ms = if call == 1 { patience_ms.max(180_000) } else { patience_ms };
        let ring = Ring {
            call,
            line: matter.line,
            caller: places::caller(&city.names, matter.line == Line::Enterprise, &mut random),
            intent: matter.fill(&place, &mut random),
            talk_s,
            patience_ms,
            storm,
        };
        self.plan(at_ms + patience_ms as i64, Planned::Abandon { call });
        self.act(at_ms, Act::Ring(Box::new(ring)))
    }
}

impl Iterator for Traffic {
    type Item = TrafficAct;

    fn next(&mut self) -> Option<TrafficAct> {
        Some(self.next_act())
    }
}

#[cfg(test)]
#[path = "traffic_tests.rs"]
mod tests;
