//! The calendar against the vectors of the rule text, the real files, and a counter written apart from it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn date(text: &str) -> NaiveDate { NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap() }

fn city(text: &str) -> Timestamp { format!("{}+08:00", text.replace(' ', "T")).parse().unwrap() }

/// 3 wd from Fri 2026-02-13 and the rest of the vectors: (from, n, last day, provisional).
const VECTORS: [(&str, u32, &str, bool); 5] = [
    ("2026-02-13", 3, "2026-02-25", false),
    ("2026-09-30", 3, "2026-10-10", false),
    ("2026-05-08", 3, "2026-05-12", false),
    ("2026-01-03", 1, "2026-01-04", false),
    ("2026-11-22", 15, "2026-12-11", false),
];

#[test]
fn vectors() {
    let calendar = Calendar::shipped();
    for (from, n, last, provisional) in VECTORS {
        for time in ["00:00:00", "00:30:00", "12:00:00", "23:59:59"] {
            let due = calendar.due_after_working_days(city(&format!("{from} {time}")), n);
            assert_eq!((due.last_day, due.provisional), (date(last), provisional), "{n} from {from} {time}");
            assert_eq!(due.at, city(&format!("{} 00:00:00", date(last).succ_opt().unwrap())));
        }
    }
    assert!(calendar.due_after_working_days(city("2026-12-14 09:00:00"), 15).provisional);
}

/// The same vectors in a process of their own under other host zones.
#[test]
fn the_host_zone_is_irrelevant() {
    for zone in ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"] {
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .env("TZ", zone)
            .args(["--exact", "domain::calendar::tests::vectors"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && said.contains("1 passed"), "{zone}: {said}");
    }
}

#[test]
fn a_due_is_settled_only_while_every_day_on_the_way_is() {
    let calendar = Calendar::shipped();
    let to_new_year = calendar.due_after_working_days(city("2026-12-14 09:00:00"), 13);
    assert_eq!((to_new_year.last_day, to_new_year.provisional), (date("2026-12-31"), false));
    let after = calendar.due_after_working_days(city("2026-12-14 09:00:00"), 14);
    assert_eq!((after.last_day, after.provisional), (date("2027-01-04"), true), "1 January is off even unpublished");
    assert!(calendar.due_after_working_days(city("2023-12-29 09:00:00"), 1).provisional, "30 and 31 December 2023 are unpublished");
}

#[test]
fn reasons_are_told() {
    let calendar = Calendar::shipped();
    for (day, expected) in [
        ("2026-02-14", (true, Reason::MakeUp)),
        ("2026-02-15", (false, Reason::Holiday)),
        ("2026-02-24", (true, Reason::Weekday)),
        ("2026-03-01", (false, Reason::Weekend)),
        ("2027-05-02", (false, Reason::Statutory)),
        ("2027-10-04", (true, Reason::Weekday)),
    ] {
        assert_eq!(calendar.is_working_day(date(day)), expected, "{day}");
    }
    assert_eq!(calendar.festival(date("2026-02-14")).unwrap().0, "春节");
    assert_eq!(calendar.festival(date("2027-10-01")), Some(("国庆节", None)));
    assert_eq!(calendar.festival(date("2026-10-08")), None);
}

#[test]
fn no_days_and_far_ends_do_no_harm() {
    let calendar = Calendar::shipped();
    assert_eq!(calendar.due_after_working_days(city("2026-02-13 10:00:00"), 0).at, city("2026-02-14 00:00:00"));
    assert_eq!(calendar.due_after_calendar_days(city("2026-02-13 10:00:00"), 7).last_day, date("2026-02-20"));
    assert_eq!(calendar.due_after_calendar_days(Timestamp::MAX_UTC, u32::MAX).at, Timestamp::MAX_UTC);
    assert_eq!(calendar.due_after_working_days(Timestamp::MAX_UTC, 3).at, Timestamp::MAX_UTC);
    assert!(calendar.due_after_working_days(Timestamp::MIN_UTC, 3).provisional);
}

#[test]
fn a_year_that_says_the_same_changes_nothing() {
    let mut calendar = Calendar::shipped();
    let mut year = calendar.year(2026).unwrap().clone();
    assert_eq!(calendar.adopt(year.clone()), Adoption::Unchanged);
    year.days.remove(&date("2026-10-07"));
    assert_eq!(calendar.adopt(year.clone()), Adoption::Replaced);
    assert_eq!(calendar.year(2026).unwrap().version, 2);
    year.year = 2027;
    year.days.clear();
    assert_eq!(calendar.adopt(year), Adoption::Added);
    assert!(!calendar.due_after_working_days(city("2026-12-14 09:00:00"), 15).provisional, "published now");
    assert_eq!(serde_json::from_str::<Calendar>(&serde_json::to_string(&calendar).unwrap()).unwrap(), calendar);
}

#[test]
fn import_tells_all_faults_at_once() {
    let faults = import_holiday_cn(
        r#"{"year": 2026, "papers": [7], "days": [
            {"name": "元旦", "date": "2026-01-01", "isOffDay": true},
            {"name": "元旦", "date": "2026-01-01", "isOffDay": true},
            {"name": "元旦", "date": "2025-11-30", "isOffDay": true},
            {"name": "元旦", "date": "2026-02-30", "isOffDay": true},
            {"name": "元旦", "date": "2026-2-3", "isOffDay": true},
            {"name": 3, "date": "2025-12-31", "isOffDay": "yes"},
            {"date": 20260101},
            "2026-01-02"]}"#,
    )
    .unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.place.as_str(), fault.problem)).collect();
    assert_eq!(
        told,
        [
            ("papers[0]", Problem::Shape),
            ("days[1].date", Problem::Duplicate),
            ("days[2].date", Problem::WrongYear),
            ("days[3].date", Problem::BadDate),
            ("days[4].date", Problem::BadDate),
            ("days[5].name", Problem::Shape),
            ("days[5].isOffDay", Problem::Shape),
            ("days[6].name", Problem::Missing),
            ("days[6].isOffDay", Problem::Missing),
            ("days[6].date", Problem::Shape),
            ("days[7]", Problem::Shape),
        ]
    );
    let problem = |json: &str| import_holiday_cn(json).unwrap_err()[0].problem;
    assert_eq!(problem("[]"), Problem::Shape);
    assert_eq!(problem("{\"year\": 2026,"), Problem::Syntax);
    assert_eq!(problem(r#"{"days": []}"#), Problem::Missing);
    assert_eq!(problem(r#"{"year": 20260, "days": [1]}"#), Problem::OutOfRange);
    assert_eq!(problem(r#"{"year": 2027, "papers": [], "days": []}"#), Problem::Empty, "published empty before the notice");
}

#[test]
fn days_of_neighbouring_years_hold() {
    let year = import_holiday_cn(
        r#"{"year": 2019, "days": [{"name": "元旦", "date": "2018-12-29", "isOffDay": false},
            {"name": "元旦", "date": "2018-12-31", "isOffDay": true}]}"#,
    )
    .unwrap();
    let mut calendar = Calendar::empty();
    calendar.adopt(year);
    assert_eq!(calendar.is_working_day(date("2018-12-29")), (true, Reason::MakeUp));
    assert_eq!(calendar.is_working_day(date("2018-12-31")), (false, Reason::Holiday));
    assert!(!calendar.day(date("2018-12-30")).settled && calendar.day(date("2018-12-31")).settled);
    // The later paper holds over the earlier one.
    let earlier = import_holiday_cn(r#"{"year": 2018, "days": [{"name": "x", "date": "2018-12-31", "isOffDay": false}]}"#).unwrap();
    calendar.adopt(earlier);
    assert_eq!(calendar.is_working_day(date("2018-12-31")), (false, Reason::Holiday));
}

/// Every real file reads unmodified, and what we ship of 2024 and 2025 says exactly what they say.
#[test]
fn real_files_read_and_agree_with_what_ships() {
    let Some(folder) = std::env::var_os("HOTLINE_TEST_DATA").map(|root| std::path::PathBuf::from(root).join("holidays")) else {
        println!("SKIPPED: HOTLINE_TEST_DATA is not set");
        return;
    };
    let shipped = Calendar::shipped();
    let mut agreed = 0;
    for year in 2019..=2025 {
        let text = std::fs::read_to_string(folder.join(format!("holiday-cn-{year}.json"))).unwrap();
        let real = import_holiday_cn(&text).unwrap_or_else(|faults| panic!("{year}: {faults:?}"));
        assert_eq!(real.year, year);
        if let Some(ours) = shipped.year(year) {
            assert_eq!(ours.days_off().collect::<Vec<_>>(), real.days_off().collect::<Vec<_>>(), "{year}");
            assert_eq!(ours.make_up_days().collect::<Vec<_>>(), real.make_up_days().collect::<Vec<_>>(), "{year}");
            agreed += 1;
        }
    }
    assert_eq!(agreed, 2);
}

/// A counter written apart from the engine: days since 1970 and a flat list of the rule text's days.
struct Plain {
    off: BTreeSet<i64>,
    work: BTreeSet<i64>,
}

/// Days since 1970-01-01 of a civil date, by adding months up.
fn plain_day(year: i64, month: i64, day: i64) -> i64 {
    let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let years: i64 = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let months = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    years + months[..(month - 1) as usize].iter().sum::<i64>() + day - 1
}

impl Plain {
    fn rule_text() -> Self {
        let (mut off, mut work) = (BTreeSet::new(), BTreeSet::new());
        for (year, month, first, last) in [
            (2024, 1, 1, 1), (2024, 2, 10, 17), (2024, 4, 4, 6), (2024, 5, 1, 5), (2024, 6, 8, 10), (2024, 9, 15, 17), (2024, 10, 1, 7),
            (2025, 1, 1, 1), (2025, 1, 28, 31), (2025, 2, 1, 4), (2025, 4, 4, 6), (2025, 5, 1, 5), (2025, 5, 31, 31), (2025, 6, 1, 2), (2025, 10, 1, 8),
            (2026, 1, 1, 3), (2026, 2, 15, 23), (2026, 4, 4, 6), (2026, 5, 1, 5), (2026, 6, 19, 21), (2026, 9, 25, 27), (2026, 10, 1, 7),
        ] {
            off.extend((first..=last).map(|day| plain_day(year, month, day)));
        }
        for (year, month, day) in [
            (2024, 2, 4), (2024, 2, 18), (2024, 4, 7), (2024, 4, 28), (2024, 5, 11), (2024, 9, 14), (2024, 9, 29), (2024, 10, 12),
            (2025, 1, 26), (2025, 2, 8), (2025, 4, 27), (2025, 9, 28), (2025, 10, 11),
            (2026, 1, 4), (2026, 2, 14), (2026, 2, 28), (2026, 5, 9), (2026, 9, 20), (2026, 10, 10),
        ] {
            work.insert(plain_day(year, month, day));
        }
        for year in 2027..2029 {
            off.extend([(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)].map(|(month, day)| plain_day(year, month, day)));
        }
        Self { off, work }
    }

    /// Second of the due, counting from the second `from`; and whether a day from 2027 on was looked at.
    fn due(&self, from: i64, n: u32) -> (i64, bool) {
        let mut day = (from + 8 * 3600).div_euclid(86_400);
        let (mut left, mut provisional) = (n, false);
        while left > 0 {
            day += 1;
            provisional |= day >= plain_day(2027, 1, 1);
            // 1970-01-01 was a Thursday.
            let weekend = (day + 3).rem_euclid(7) >= 5;
            if self.work.contains(&day) || (!weekend && !self.off.contains(&day)) {
                left -= 1;
            }
        }
        ((day + 1) * 86_400 - 8 * 3600, provisional)
    }
}

#[test]
fn a_plain_counter_agrees_on_forty_thousand_cases() {
    let (calendar, plain) = (Calendar::shipped(), Plain::rule_text());
    let (low, high) = (city("2024-01-01 00:00:00").timestamp(), city("2027-06-30 00:00:00").timestamp());
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64
    };
    for case in 0..40_000 {
        let mut from = low + next() % (high - low);
        if case % 4 == 0 {
            // Midnight, and the second on either side of it, where days are lost.
            from = (from + 8 * 3600) / 86_400 * 86_400 - 8 * 3600 + case % 3 - 1;
        }
        let n = u32::try_from(1 + next() % 40).unwrap();
        let due = calendar.due_after_working_days(Timestamp::from_timestamp(from, 0).unwrap(), n);
        assert_eq!((due.at.timestamp(), due.provisional), plain.due(from, n), "{n} from {from}");
    }
}

proptest! {
    #[test]
    fn due_grows_with_n_and_ends_a_working_day(seconds in 1_700_000_000_i64..1_830_000_000, n in 1_u32..60) {
        let calendar = Calendar::shipped();
        let from = Timestamp::from_timestamp(seconds, 0).unwrap();
        let (due, more) = (calendar.due_after_working_days(from, n), calendar.due_after_working_days(from, n + 1));
        prop_assert!(from < due.at && due.at < more.at && (!due.provisional || more.provisional));
        prop_assert!(calendar.is_working_day(due.last_day).0);
        prop_assert_eq!(due.at, end_of_day(due.last_day));
        prop_assert!(calendar.due_after_calendar_days(from, n).at <= due.at || calendar.days_from(city_date(from)).skip(1).take(n as usize).all(|day| day.working));
        let later = calendar.due_after_working_days(from + TimeDelta::hours(7), n);
        prop_assert!(later.at >= due.at, "a later start is never due earlier");
    }

    #[test]
    fn import_never_panics(text in "\\PC*") { let _ = import_holiday_cn(&text); }
}
