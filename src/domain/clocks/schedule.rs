//! The legal limit laid out in time: which stretches count, where they end, where the warning falls.
//! Not here: whether the ticket met it (`legal`).
use super::facts::{ClockFacts, Extension, Round, Stamp};
use super::pauses::{Pauses, Touch};
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, Day, Reason, city_date, end_of_day, start_of_day};
use crate::domain::limits::{CountFrom, LimitRow, LimitUnit, Span};
use chrono::{NaiveDate, TimeDelta};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a city day does to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayEffect {
    /// 计入: it is the nth day counted.
    Counted(u32),
    /// 不计: not a day that counts.
    Skipped,
    /// 挂起: would count, but a pause touches it.
    Paused,
}

/// One line of the derivation of a day limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScheduleDay {
    /// The city date.
    pub date: NaiveDate,
    /// Why the calendar counts it or not.
    pub reason: Reason,
    /// False in an unpublished year: 暂定.
    pub settled: bool,
    /// What it did.
    pub effect: DayEffect,
}

/// A limit laid out: the event that set its end, and the end itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    pub(super) set_by: Stamp,
    pub(super) start: Timestamp,
    pub(super) due: Timestamp,
    pub(super) warn_at: Timestamp,
    pub(super) provisional: bool,
}

/// A round's limit before it is laid out.
pub(super) struct Plan<'a> {
    row: &'a LimitRow,
    calendar: &'a Calendar,
    /// What set it, and the moment it counts from.
    set_by: Stamp,
    start: Timestamp,
    /// The city day of `start`; a start at 24:00 belongs to the day it ends.
    start_day: NaiveDate,
    green: bool,
}

impl<'a> Plan<'a> {
    /// The limit of a round. The first round of a green-channel ticket counts from acceptance.
    pub(super) fn of_round(facts: &ClockFacts, round: &Round, first: bool, row: &'a LimitRow, calendar: &'a Calendar) -> Self {
        let mut plan = Self { row, calendar, set_by: round.opened, start: round.opened.at, start_day: city_date(round.opened.at), green: facts.green_channel };
        if plan.green {
            if let (true, Some(accepted)) = (first, facts.accepted) {
                plan = Self::of_acceptance(accepted, row, calendar);
            }
        } else if row.count_from == CountFrom::Signing {
            let latest = row.sign_limit.map(|span| plan.after(span, round.opened.at));
            match (round.signed, latest) {
                (Some(signed), latest) if latest.is_none_or(|latest| signed.at < latest) => {
                    (plan.set_by, plan.start, plan.start_day) = (signed, signed.at, city_date(signed.at));
                }
                (_, Some(latest)) => (plan.start, plan.start_day) = (latest, day_ended_by(latest)),
                _ => {}
            }
        }
        plan
    }

    /// A green-channel ticket that is accepted and not yet dispatched.
    pub(super) fn of_acceptance(accepted: Stamp, row: &'a LimitRow, calendar: &'a Calendar) -> Self {
        Self { row, calendar, set_by: accepted, start: accepted.at, start_day: city_date(accepted.at), green: true }
    }

    fn after(&self, span: Span, from: Timestamp) -> Timestamp {
        match span.unit {
            LimitUnit::NaturalHours => from.checked_add_signed(TimeDelta::hours(i64::from(span.amount))).unwrap_or(Timestamp::MAX_UTC),
            LimitUnit::WorkingDays => self.calendar.due_after_working_days(from, span.amount).at,
            LimitUnit::CalendarDays => self.calendar.due_after_calendar_days(from, span.amount).at,
        }
    }

    /// What the limit runs to without an extension. `None`: a pause without end comes first.
    pub(super) fn base(&self, pauses: &Pauses) -> Option<Schedule> {
        if self.green {
            let windows = [(self.start, end_of_day(self.start_day))];
            return Some(self.schedule(self.set_by, windows[0].1, &windows, false));
        }
        let mut provisional = false;
        let windows = if self.row.unit == LimitUnit::NaturalHours {
            consume(pauses, self.first_hour(), TimeDelta::hours(i64::from(self.row.amount)))?
        } else {
            self.day_windows(pauses, Some(self.row.amount), None, |day| provisional |= !day.settled)?
        };
        let due = windows.last().map_or(self.start, |window| window.1);
        Some(self.schedule(self.set_by, due, &windows, provisional))
    }

    /// What the limit runs to under an extension. `None`: a pause without end comes first.
    pub(super) fn extended(&self, extension: &Extension, pauses: &Pauses) -> Option<Schedule> {
        if self.green {
            return self.base(pauses);
        }
        let mut provisional = false;
        let (due, windows) = if self.row.unit == LimitUnit::NaturalHours {
            let left = extension.due.signed_duration_since(extension.granted.at).max(TimeDelta::zero());
            let due = consume(pauses, extension.granted.at, left)?.last().map_or(extension.due, |window| window.1);
            let windows = pauses.gaps(self.first_hour()).into_iter().map(|(from, to)| (from, to.map_or(due, |to| to.min(due))));
            (due, windows.filter(|(from, to)| from < to).collect())
        } else {
            let due = self.pushed(extension, pauses, |day| provisional |= !day.settled)?;
            (due, self.day_windows(pauses, None, Some(due), |_| {}).unwrap_or_default())
        };
        Some(self.schedule(extension.granted, due, &windows, provisional))
    }

    fn schedule(&self, set_by: Stamp, due: Timestamp, windows: &[(Timestamp, Timestamp)], provisional: bool) -> Schedule {
        Schedule { set_by, start: self.start, due, warn_at: share_of(windows, self.row.warning_share).unwrap_or(due), provisional }
    }

    /// Where an hour limit begins.
    fn first_hour(&self) -> Timestamp {
        match self.row.count_from {
            CountFrom::Dispatch | CountFrom::Signing => self.start,
            CountFrom::NextDay => end_of_day(self.start_day),
        }
    }

    /// Where the city day ends for this row.
    fn close(&self, date: NaiveDate) -> Timestamp { on_day(date, TimeDelta::minutes(i64::from(self.row.day_end.minutes()))) }

    fn counts(&self, day: &Day) -> bool { self.row.unit == LimitUnit::CalendarDays || day.working }

    /// The stretches that count, day by day, until `amount` days are counted or `end` is reached; tells of every day
    /// looked at. `None` when a pause without end is met first.
    fn day_windows(
        &self,
        pauses: &Pauses,
        amount: Option<u32>,
        end: Option<Timestamp>,
        mut tell: impl FnMut(ScheduleDay),
    ) -> Option<Vec<(Timestamp, Timestamp)>> {
        let mut windows = Vec::new();
        let mut counted = 0;
        let skip = usize::from(self.row.count_from != CountFrom::Dispatch);
        for day in self.calendar.days_from(self.start_day).skip(skip) {
            if amount.is_some_and(|amount| counted >= amount) || end.is_some_and(|end| start_of_day(day.date) >= end) {
                return Some(windows);
            }
            let from = start_of_day(day.date).max(self.start);
            let close = self.close(day.date);
            let to = end.map_or(close, |end| close.min(end));
            let effect = if !self.counts(&day) || from >= to {
                DayEffect::Skipped
            } else {
                match pauses.touch(from, to) {
                    Touch::No => {
                        counted += 1;
                        windows.push((from, to));
                        DayEffect::Counted(counted)
                    }
                    Touch::Yes => DayEffect::Paused,
                    Touch::Forever => {
                        tell(ScheduleDay { date: day.date, reason: day.reason, settled: self.settled(&day), effect: DayEffect::Paused });
                        return None;
                    }
                }
            };
            tell(ScheduleDay { date: day.date, reason: day.reason, settled: self.settled(&day), effect });
        }
        Some(windows)
    }

    /// Calendar days count whatever a later arrangement says.
    fn settled(&self, day: &Day) -> bool { day.settled || self.row.unit == LimitUnit::CalendarDays }

    /// The granted due, moved on by one counted day for each counted day after the grant that a pause touches.
    fn pushed(&self, extension: &Extension, pauses: &Pauses, mut tell: impl FnMut(Day)) -> Option<Timestamp> {
        let due = extension.due;
        let last_day = day_ended_by(due);
        let time_of_day = due.signed_duration_since(start_of_day(last_day));
        let mut owed = 0_u32;
        for day in self.calendar.days_from(city_date(extension.granted.at)).skip(1) {
            let inside = day.date <= last_day;
            if !inside && owed == 0 {
                return Some(due);
            }
            let to = if day.date == last_day { self.close(day.date).min(due) } else { self.close(day.date) };
            let touch = if self.counts(&day) { pauses.touch(start_of_day(day.date), to) } else { Touch::No };
            if !inside {
                tell(Day { settled: day.settled || self.row.unit == LimitUnit::CalendarDays, ..day });
            }
            match touch {
                Touch::Forever => return None,
                Touch::Yes if inside => owed += 1,
                Touch::No if !inside && self.counts(&day) => {
                    owed -= 1;
                    if owed == 0 {
                        return Some(on_day(day.date, time_of_day));
                    }
                }
                _ => {}
            }
        }
        Some(due)
    }
}

/// The city day that a moment lies in or ends: 00:00 is 24:00 of the day before.
fn day_ended_by(at: Timestamp) -> NaiveDate { city_date(at.checked_sub_signed(TimeDelta::nanoseconds(1)).unwrap_or(at)) }

/// A time of the city day; saturates at the end of chrono's range.
fn on_day(date: NaiveDate, time: TimeDelta) -> Timestamp {
    start_of_day(date).checked_add_signed(time).unwrap_or(Timestamp::MAX_UTC)
}

/// The stretches from `from` on that are not paused, until `amount` is used up. `None`: never.
fn consume(pauses: &Pauses, from: Timestamp, amount: TimeDelta) -> Option<Vec<(Timestamp, Timestamp)>> {
    let mut left = amount;
    let mut windows = Vec::new();
    for (from, to) in pauses.gaps(from) {
        let end = from.checked_add_signed(left).unwrap_or(Timestamp::MAX_UTC);
        match to {
            Some(to) if to < end => {
                left -= to.signed_duration_since(from);
                windows.push((from, to));
            }
            _ => {
                windows.push((from, end));
                return Some(windows);
            }
        }
    }
    None
}

/// The moment at which a share (percent) of the stretches is used up.
fn share_of(windows: &[(Timestamp, Timestamp)], percent: u8) -> Option<Timestamp> {
    let length = |window: &(Timestamp, Timestamp)| window.1.signed_duration_since(window.0).num_milliseconds();
    let total: i64 = windows.iter().map(length).sum();
    let mut left = i64::try_from(i128::from(total) * i128::from(percent) / 100).ok()?;
    for window in windows {
        if left <= length(window) {
            return Some(window.0 + TimeDelta::milliseconds(left));
        }
        left -= length(window);
    }
    None
}

/// Every city day that the present round's day limit counted or passed over, in order, before any extension; empty
/// for hour limits and the green channel. Under a pause that still lasts it ends with the day the pause began to touch.
pub fn explain_days(facts: &ClockFacts, row: &LimitRow, calendar: &Calendar) -> Vec<ScheduleDay> {
    let mut days = Vec::new();
    if let Some(round) = facts.current_round()
        && !facts.green_channel
        && row.unit != LimitUnit::NaturalHours
    {
        let plan = Plan::of_round(facts, round, facts.rounds.len() == 1, row, calendar);
        let end = round.closed.or(facts.withdrawn).map(|stamp| stamp.at);
        plan.day_windows(&Pauses::new(&facts.suspensions, end), Some(row.amount), None, |day| days.push(day));
    }
    days
}
