//! 工作日历 (working calendar): which days count, and due dates counted over them.
//!
//! Not here: which limit a ticket runs under (`limits`) and what pauses do to it (`clocks`). A city day is a day at
//! +08:00 whatever the host's zone says; no function here reads a clock.
mod fault;
mod holiday_cn;
mod shipped;
#[cfg(test)]
mod tests;
mod year;

pub use fault::{Fault, Problem};
pub use holiday_cn::import_holiday_cn;
pub use year::{CalendarDay, CalendarYear};

use super::{Timestamp, city_offset};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 法定节日 (statutory festivals) whose date in the sun's year never moves, as (month, day, name). They are the floor
/// for a year whose arrangement is not yet published; festivals of the lunar year cannot be known here.
const FIXED_FESTIVALS: [(u32, u32, &str); 6] =
    [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节")];

/// Why a day counts or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// 工作日: Monday to Friday, named by no arrangement.
    Weekday,
    /// 周末: Saturday or Sunday, named by no arrangement.
    Weekend,
    /// 放假: off by a published arrangement.
    Holiday,
    /// 调休上班 (make-up working day): worked by a published arrangement.
    MakeUp,
    /// 法定节日: a fixed statutory day of a year whose arrangement is not published.
    Statutory,
}

/// One city day as the calendar sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Day {
    /// The city date.
    pub date: NaiveDate,
    /// Whether it is a working day.
    pub working: bool,
    /// Why.
    pub reason: Reason,
    /// False when the day's year is unpublished, so that the answer may change: 暂定.
    pub settled: bool,
}

/// 到期 (due): the end of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Due {
    /// The moment the limit ends; 24:00 of `last_day` is 00:00 of the day after.
    pub at: Timestamp,
    /// 暂定 (provisional): a day on the way lies in an unpublished year.
    pub provisional: bool,
    /// The last city day inside the limit.
    pub last_day: NaiveDate,
}

/// What taking in a year changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Adoption {
    /// The year was unpublished until now.
    Added,
    /// The year was known and says something else now.
    Replaced,
    /// The year says what it said before: nothing was changed, not even its version.
    Unchanged,
}

/// 工作日历: the published years. Answers for every date; for unpublished years, provisionally.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Calendar {
    years: BTreeMap<i32, CalendarYear>,
}

impl Calendar {
    /// The calendar that ships with the product: 2024, 2025 and 2026.
    pub fn shipped() -> Self { shipped::calendar().clone() }

    /// A calendar with no published year: weekends and fixed festivals only, all of it provisional.
    pub fn empty() -> Self { Self::default() }

    /// Takes in a year. A year that says something new gets the version after the one it replaces.
    pub fn adopt(&mut self, mut year: CalendarYear) -> Adoption {
        match self.years.get(&year.year) {
            Some(old) if old.source == year.source && old.days == year.days => Adoption::Unchanged,
            Some(old) => {
                year.version = old.version.saturating_add(1);
                self.years.insert(year.year, year);
                Adoption::Replaced
            }
            None => {
                self.years.insert(year.year, year);
                Adoption::Added
            }
        }
    }

    /// The published years, oldest first.
    pub fn years(&self) -> impl Iterator<Item = &CalendarYear> { self.years.values() }

    /// The published arrangement of a year.
    pub fn year(&self, year: i32) -> Option<&CalendarYear> { self.years.get(&year) }

    /// Whether the date is a working day (工作日), and why.
    pub fn is_working_day(&self, date: NaiveDate) -> (bool, Reason) {
        let day = self.day(date);
        (day.working, day.reason)
    }

    /// The date with everything known about it.
    pub fn day(&self, date: NaiveDate) -> Day {
        let (working, reason, settled) = match self.named(date) {
            Some((_, CalendarDay { off: true, .. })) => (false, Reason::Holiday, true),
            Some((_, CalendarDay { off: false, .. })) => (true, Reason::MakeUp, true),
            None => {
                let settled = self.years.contains_key(&date.year());
                if !settled && fixed_festival(date).is_some() {
                    (false, Reason::Statutory, false)
                } else if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
                    (false, Reason::Weekend, settled)
                } else {
                    (true, Reason::Weekday, settled)
                }
            }
        };
        Day { date, working, reason, settled }
    }

    /// The festival a date belongs to, for a person to read, and the year whose arrangement says so
    /// (`None` for the fixed festivals of an unpublished year).
    pub fn festival(&self, date: NaiveDate) -> Option<(&str, Option<&CalendarYear>)> {
        if let Some((year, day)) = self.named(date) {
            return Some((day.name.as_str(), Some(year)));
        }
        if self.years.contains_key(&date.year()) { None } else { fixed_festival(date).map(|name| (name, None)) }
    }

    /// Every day from `first` on, in order, worked or not.
    pub fn days_from(&self, first: NaiveDate) -> impl Iterator<Item = Day> + '_ {
        first.iter_days().map(|date| self.day(date))
    }

    /// The end (24:00) of the nth working day, counting from the day after `from`'s city day; for 0, the end of
    /// `from`'s own day. Costs time in proportion to `n`: a caller that takes `n` from outside refuses absurd values
    /// first (`limits::MOST_DAYS` is the bound for limit rows).
    pub fn due_after_working_days(&self, from: Timestamp, n: u32) -> Due {
        let mut last_day = city_date(from);
        let (mut counted, mut provisional) = (0, false);
        if n > 0 {
            for day in self.days_from(last_day).skip(1) {
                provisional |= !day.settled;
                if day.working {
                    counted += 1;
                    last_day = day.date;
                    if counted == n {
                        break;
                    }
                }
            }
        }
        Due { at: end_of_day(last_day), provisional, last_day }
    }

    /// The end (24:00) of the nth calendar day after `from`'s city day. Never provisional: every day counts.
    pub fn due_after_calendar_days(&self, from: Timestamp, n: u32) -> Due {
        let last_day = city_date(from).checked_add_days(chrono::Days::new(u64::from(n))).unwrap_or(NaiveDate::MAX);
        Due { at: end_of_day(last_day), provisional: false, last_day }
    }

    /// What an arrangement says about a date. A December day may be named by the next year's paper and a January day
    /// by the last one's; where two papers name a day the later one holds, as a later notice amends an earlier one.
    fn named(&self, date: NaiveDate) -> Option<(&CalendarYear, &CalendarDay)> {
        let year = date.year();
        let neighbour = match date.month() {
            12 => year + 1,
            1 => year - 1,
            _ => year,
        };
        [year.max(neighbour), year.min(neighbour)]
            .into_iter()
            .find_map(|candidate| self.years.get(&candidate).and_then(|found| found.days.get(&date).map(|day| (found, day))))
    }
}

/// The city date (+08:00) of a moment.
pub fn city_date(at: Timestamp) -> NaiveDate {
    let offset = TimeDelta::seconds(i64::from(city_offset().local_minus_utc()));
    at.naive_utc().checked_add_signed(offset).map_or(NaiveDate::MAX, |local| local.date())
}

/// 00:00 city time of a date; saturates at the ends of chrono's range.
pub fn start_of_day(date: NaiveDate) -> Timestamp {
    let offset = TimeDelta::seconds(i64::from(city_offset().local_minus_utc()));
    date.and_time(NaiveTime::MIN).checked_sub_signed(offset).map_or(DateTime::<Utc>::MIN_UTC, |utc| utc.and_utc())
}

/// 24:00 city time of a date, which is 00:00 of the next; saturates at the end of chrono's range.
pub fn end_of_day(date: NaiveDate) -> Timestamp {
    date.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, start_of_day)
}

fn fixed_festival(date: NaiveDate) -> Option<&'static str> {
    FIXED_FESTIVALS.iter().find(|(month, day, _)| (*month, *day) == (date.month(), date.day())).map(|(_, _, name)| *name)
}
