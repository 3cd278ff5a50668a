//! One published year of the calendar.
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A day named by the year's arrangement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarDay {
    /// True: 放假 (off). False: 调休上班 (make-up working day).
    pub off: bool,
    /// The festival it belongs to, for people: 春节.
    pub name: String,
}

/// 年度安排: the published arrangement of one year. It may name days of the December before and the January after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CalendarYear {
    /// The year it arranges.
    pub year: i32,
    /// 1 for the first text we had of this year, one more for each that replaced it.
    pub version: u32,
    /// The paper or file it came from, for a person to check.
    pub source: String,
    /// The days it names; every other day is an ordinary weekday or weekend.
    pub days: BTreeMap<NaiveDate, CalendarDay>,
}

impl CalendarYear {
    /// Days off, in order.
    pub fn days_off(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.days.iter().filter(|(_, day)| day.off).map(|(date, _)| *date)
    }

    /// 调休 make-up working days, in order.
    pub fn make_up_days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.days.iter().filter(|(_, day)| !day.off).map(|(date, _)| *date)
    }
}
