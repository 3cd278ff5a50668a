//! The clocks: each rule by a case from the desk, then against a counter that steps hour by hour.
#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::domain::calendar::{Reason, city_date, end_of_day, start_of_day};
use crate::domain::ids::EventId;
use crate::domain::limits::{ColourLimit, CountFrom, DayEnd, LimitTable, LimitUnit};
use chrono::TimeDelta;
use proptest::prelude::*;

fn city(text: &str) -> Timestamp { format!("{}:00+08:00", text.replace(' ', "T")).parse().unwrap() }

fn event(number: u128) -> EventId { EventId(uuid::Uuid::from_u128(number)) }

fn stamp(number: u128, at: &str) -> Stamp { Stamp { event: event(number), at: city(at) } }

fn row(code: &str) -> LimitRow { LimitTable::shipped("sichuan").unwrap().row(code, 1).unwrap().clone() }

/// An urgent consultation (3 working days) dispatched on Monday 2026-03-02 at 10:00: due Thursday 24:00.
fn facts() -> ClockFacts {
    ClockFacts { accepted: Some(stamp(1, "2026-03-02 09:50")), rounds: vec![Round::open(stamp(2, "2026-03-02 10:00"))], urgent: true, ..ClockFacts::default() }
}

fn at(facts: &ClockFacts, now: &str) -> Clocks { evaluate(facts, &row("consultation"), &Calendar::shipped(), city(now)) }

fn legal(facts: &ClockFacts, now: &str) -> LegalClock { at(facts, now).legal.unwrap() }

fn pause(from: &str, until: Option<&str>) -> Suspension { Suspension { from: city(from), until: until.map(city) } }

#[test]
fn flags_turn_at_their_moment_and_the_next_turn_is_told() {
    let facts = facts();
    for (now, flag, next) in [
        ("2026-03-02 10:00", Flag::None, Some(("2026-03-03 10:00", Turn::ToOrange))),
        ("2026-03-03 09:59", Flag::None, Some(("2026-03-03 10:00", Turn::ToOrange))),
        ("2026-03-03 10:00", Flag::Orange, Some(("2026-03-04 10:00", Turn::ToRed))),
        ("2026-03-04 10:00", Flag::Red, Some(("2026-03-05 09:36", Turn::ToYellow))),
        ("2026-03-05 09:36", Flag::Red, Some(("2026-03-06 00:00", Turn::Due))),
        ("2026-03-06 00:00", Flag::Overdue, None),
    ] {
        let clocks = at(&facts, now);
        assert_eq!(clocks.flag, flag, "{now}");
        assert_eq!(clocks.next_change, next.map(|(at, turn)| NextChange { at: city(at), turn }), "{now}");
    }
}

#[test]
fn a_ticket_without_dispatch_has_no_clocks_and_a_calm_one_no_colour() {
    let mut facts = facts();
    facts.urgent = false;
    assert_eq!(at(&facts, "2026-03-05 12:00").flag, Flag::Yellow);
    assert!(at(&facts, "2026-03-05 12:00").colour.is_none());
    let mut everyone = row("consultation");
    everyone.colour = Some(ColourLimit { orange_hours: 1, red_hours: 2, every_ticket: true });
    assert_eq!(evaluate(&facts, &everyone, &Calendar::shipped(), city("2026-03-02 11:00")).flag, Flag::Orange);
    facts.rounds.clear();
    assert_eq!(at(&facts, "2026-03-30 12:00"), Clocks { colour: None, legal: None, flag: Flag::None, reached: Flag::None, next_change: None });
}

#[test]
fn first_handling_stops_the_colour_but_not_the_limit() {
    let mut facts = facts();
    facts.first_handled = Some(stamp(3, "2026-03-03 10:00"));
    let clocks = at(&facts, "2026-03-04 12:00");
    assert_eq!((clocks.flag, clocks.reached, clocks.colour.unwrap().level), (Flag::None, Flag::None, ColourLevel::None), "handled at the turn is in time");
    assert_eq!(clocks.next_change.unwrap().turn, Turn::ToYellow);
    facts.first_handled = Some(stamp(3, "2026-03-03 10:01"));
    let clocks = at(&facts, "2026-03-04 12:00");
    assert_eq!((clocks.flag, clocks.reached, clocks.colour.unwrap().level), (Flag::None, Flag::Orange, ColourLevel::Orange), "what it came to stays known");
}

#[test]
fn signing_and_redispatch_stop_and_restart_nothing() {
    let mut moved = facts();
    moved.rounds[0].redispatched.push(stamp(4, "2026-03-03 16:00"));
    moved.rounds[0].signed = Some(stamp(5, "2026-03-03 17:00"));
    for now in ["2026-03-03 18:00", "2026-03-04 10:00", "2026-03-06 00:00"] {
        assert_eq!(at(&moved, now), at(&facts(), now));
    }
}

#[test]
fn a_pause_stops_the_limit_by_whole_days_and_not_the_colour() {
    let mut facts = facts();
    facts.suspensions.push(pause("2026-03-03 15:00", None));
    let paused = at(&facts, "2026-03-04 12:00");
    assert_eq!((paused.flag, paused.legal.unwrap().state), (Flag::Red, LegalState::Paused));
    assert_eq!(paused.legal.unwrap().due, city("2026-03-10 00:00"), "if resumed now, Thursday, Friday and Monday are the three");
    assert_eq!(paused.next_change, None);
    facts.suspensions[0].until = Some(city("2026-03-03 15:01"));
    // One minute on Tuesday: Tuesday does not count; Wednesday, Thursday, Friday do.
    assert_eq!(legal(&facts, "2026-03-04 12:00").due, city("2026-03-07 00:00"));
    facts.suspensions.push(pause("2026-03-03 16:00", Some("2026-03-03 17:00")));
    assert_eq!(legal(&facts, "2026-03-04 12:00").due, city("2026-03-07 00:00"), "two pauses of one day take it once");
    facts.suspensions = vec![pause("2026-03-02 11:00", Some("2026-03-02 18:00")), pause("2026-03-07 09:00", Some("2026-03-08 09:00"))];
    assert_eq!(legal(&facts, "2026-03-04 12:00").due, city("2026-03-06 00:00"), "the day of dispatch and days after the due take nothing");
    facts.suspensions = vec![pause("2026-03-06 00:00", None)];
    assert_eq!(legal(&facts, "2026-03-09 12:00").state, LegalState::Overdue, "what was overdue stays so");
    facts.suspensions = vec![pause("2026-03-05 23:59", None)];
    assert_eq!(legal(&facts, "2026-03-09 12:00").state, LegalState::Paused);
}

#[test]
fn after_the_days_end_a_pause_no_longer_touches_the_day() {
    let mut office = row("consultation");
    office.day_end = DayEnd::parse("17:30").unwrap();
    let mut facts = facts();
    facts.suspensions.push(pause("2026-03-05 17:30", Some("2026-03-05 20:00")));
    let clock = |facts: &ClockFacts| evaluate(facts, &office, &Calendar::shipped(), city("2026-03-05 20:00")).legal.unwrap();
    assert_eq!((clock(&facts).due, clock(&facts).state), (city("2026-03-05 17:30"), LegalState::Overdue));
    facts.suspensions[0].from = city("2026-03-05 17:29");
    assert_eq!((clock(&facts).due, clock(&facts).state), (city("2026-03-06 17:30"), LegalState::Running));
}

#[test]
fn an_extension_moves_the_due_and_stays_visible() {
    let mut facts = facts();
    facts.extensions.push(Extension { granted: stamp(6, "2026-03-05 15:00"), due: city("2026-03-12 00:00") });
    let clock = legal(&facts, "2026-03-06 08:00");
    assert_eq!((clock.due, clock.extended, clock.state), (city("2026-03-12 00:00"), true, LegalState::Running));
    // Tue to Fri and Mon to Wed are seven days; 80 % of them is 5.6: Tuesday at 14:24.
    assert_eq!(clock.warn_at, city("2026-03-10 14:24"));
    facts.suspensions.push(pause("2026-03-09 10:00", Some("2026-03-10 10:00")));
    assert_eq!(legal(&facts, "2026-03-10 12:00").due, city("2026-03-14 00:00"), "two days touched, two days on");
    facts.suspensions[0] = pause("2026-03-03 10:00", Some("2026-03-04 10:00"));
    assert_eq!(legal(&facts, "2026-03-10 12:00").due, city("2026-03-12 00:00"), "the grant knew of pauses before it");
    facts.suspensions[0] = pause("2026-03-05 10:00", Some("2026-03-06 10:00"));
    assert_eq!(legal(&facts, "2026-03-10 12:00").due, city("2026-03-13 00:00"), "of a pause around the grant, what comes after it");
    let mut hours = row("consultation");
    (hours.unit, hours.count_from) = (LimitUnit::NaturalHours, CountFrom::Dispatch);
    let clock = evaluate(&facts, &hours, &Calendar::shipped(), city("2026-03-10 12:00")).legal.unwrap();
    assert_eq!(clock.due, city("2026-03-12 19:00"), "in hours: 15:00 on the 5th to 10:00 on the 6th");
    facts.suspensions[0] = pause("2026-03-09 10:00", None);
    assert_eq!(legal(&facts, "2026-03-10 12:00").state, LegalState::Paused);
    facts.suspensions[0] = pause("2026-03-12 10:00", None);
    assert_eq!(legal(&facts, "2026-03-13 12:00").state, LegalState::Overdue);
}

#[test]
fn closing_ends_the_round_and_rework_opens_the_next() {
    let mut facts = facts();
    facts.first_handled = Some(stamp(3, "2026-03-02 11:00"));
    facts.rounds[0].closed = Some(stamp(7, "2026-03-06 00:00"));
    assert_eq!(legal(&facts, "2026-03-20 00:00").state, LegalState::Met, "at the due is in time");
    facts.rounds[0].closed = Some(stamp(7, "2026-03-06 00:01"));
    let late = at(&facts, "2026-03-20 00:00");
    assert_eq!((late.legal.unwrap().state, late.flag, late.reached, late.next_change), (LegalState::Missed, Flag::None, Flag::Overdue, None));
    facts.rounds.push(Round::open(stamp(8, "2026-03-09 09:00")));
    let clock = legal(&facts, "2026-03-09 10:00");
    assert_eq!((clock.started_at, clock.due, clock.state), (city("2026-03-09 09:00"), city("2026-03-13 00:00"), LegalState::Running));
    facts.extensions.push(Extension { granted: stamp(6, "2026-03-05 15:00"), due: city("2026-03-20 00:00") });
    assert_eq!(legal(&facts, "2026-03-09 10:00").due, city("2026-03-13 00:00"), "an extension of the first round is not one of the second");
    facts.withdrawn = Some(stamp(9, "2026-03-10 00:00"));
    let gone = at(&facts, "2026-03-20 00:00");
    assert_eq!((gone.legal.unwrap().state, gone.flag), (LegalState::Ended, Flag::None));
}

#[test]
fn where_a_limit_counts_from() {
    let calendar = Calendar::shipped();
    let mut facts = facts();
    let due = |facts: &ClockFacts, change: fn(&mut LimitRow)| {
        let mut row = row("consultation");
        change(&mut row);
        evaluate(facts, &row, &calendar, city("2026-03-02 12:00")).legal.unwrap().due
    };
    assert_eq!(due(&facts, |row| row.count_from = CountFrom::Dispatch), city("2026-03-05 00:00"), "the day of dispatch is day 1");
    assert_eq!(due(&facts, |row| row.count_from = CountFrom::Signing), city("2026-03-07 00:00"), "unsigned: the sign limit's end stands in");
    assert_eq!(due(&facts, |row| row.unit = LimitUnit::CalendarDays), city("2026-03-06 00:00"));
    assert_eq!(due(&facts, |row| (row.unit, row.count_from) = (LimitUnit::NaturalHours, CountFrom::Dispatch)), city("2026-03-02 13:00"));
    assert_eq!(due(&facts, |row| row.unit = LimitUnit::NaturalHours), city("2026-03-03 03:00"));
    facts.rounds[0].signed = Some(stamp(5, "2026-03-02 18:00"));
    assert_eq!(due(&facts, |row| row.count_from = CountFrom::Signing), city("2026-03-06 00:00"));
    facts.rounds[0].signed = Some(stamp(5, "2026-03-04 18:00"));
    assert_eq!(due(&facts, |row| row.count_from = CountFrom::Signing), city("2026-03-07 00:00"), "signing late gains nothing");
}

#[test]
fn green_channel_is_due_the_day_it_is_accepted() {
    let mut facts = facts();
    (facts.green_channel, facts.urgent) = (true, false);
    facts.suspensions.push(pause("2026-03-02 12:00", None));
    assert_eq!(legal(&facts, "2026-03-02 13:00").due, city("2026-03-03 00:00"));
    assert_eq!(legal(&facts, "2026-03-03 00:00").state, LegalState::Overdue);
    facts.rounds.clear();
    assert_eq!(at(&facts, "2026-03-03 00:00").flag, Flag::Overdue, "also when nobody dispatched it");
    assert_eq!(deadlines(&facts, &row("consultation"), &Calendar::shipped()).last().unwrap().id, DeadlineId(event(1), Leg::Legal));
}

fn told(facts: &ClockFacts) -> Vec<(Timestamp, Flag, DeadlineId)> {
    deadlines(facts, &row("consultation"), &Calendar::shipped()).into_iter().map(|deadline| (deadline.at, deadline.level, deadline.id)).collect()
}

#[test]
fn each_deadline_is_known_by_the_event_that_set_it() {
    let mut facts = facts();
    let (colour, limit) = (DeadlineId(event(2), Leg::Colour), DeadlineId(event(2), Leg::Legal));
    let first = vec![
        (city("2026-03-03 10:00"), Flag::Orange, colour),
        (city("2026-03-04 10:00"), Flag::Red, colour),
        (city("2026-03-05 09:36"), Flag::Yellow, limit),
        (city("2026-03-06 00:00"), Flag::Overdue, limit),
    ];
    assert_eq!(told(&facts), first);
    let mut in_time = facts.clone();
    in_time.first_handled = Some(stamp(3, "2026-03-03 10:00"));
    in_time.rounds[0].closed = Some(stamp(7, "2026-03-06 00:00"));
    assert_eq!(told(&in_time), first[2..3], "stopped exactly at the turn raises nothing");
    facts.extensions.push(Extension { granted: stamp(6, "2026-03-05 15:00"), due: city("2026-03-12 00:00") });
    let extended = DeadlineId(event(6), Leg::Legal);
    assert_eq!(told(&facts)[2..], [first[2], (city("2026-03-10 14:24"), Flag::Yellow, extended), (city("2026-03-12 00:00"), Flag::Overdue, extended)]);
    facts.first_handled = Some(stamp(3, "2026-03-03 12:00"));
    facts.rounds[0].closed = Some(stamp(7, "2026-03-11 12:00"));
    facts.rounds.push(Round::open(stamp(8, "2026-03-16 09:00")));
    let reworked = DeadlineId(event(8), Leg::Legal);
    assert_eq!(
        told(&facts),
        [first[0], first[2], (city("2026-03-10 14:24"), Flag::Yellow, extended), (city("2026-03-19 09:36"), Flag::Yellow, reworked), (city("2026-03-20 00:00"), Flag::Overdue, reworked)]
    );
}

#[test]
fn a_lasting_pause_keeps_what_was_raised_and_promises_nothing() {
    let mut facts = facts();
    facts.urgent = false;
    facts.suspensions.push(pause("2026-03-05 15:00", None));
    assert_eq!(told(&facts).iter().map(|told| told.1).collect::<Vec<_>>(), [Flag::Yellow]);
    facts.suspensions[0].from = city("2026-03-04 15:00");
    assert_eq!(told(&facts), []);
    facts.suspensions[0].until = Some(city("2026-03-04 16:00"));
    assert_eq!(told(&facts).last().unwrap().0, city("2026-03-07 00:00"));
}

#[test]
fn every_day_is_explained() {
    let mut facts = facts();
    facts.rounds[0].opened.at = city("2026-02-12 10:00");
    facts.suspensions.push(pause("2026-02-13 10:00", Some("2026-02-13 11:00")));
    let days = explain_days(&facts, &row("consultation"), &Calendar::shipped());
    assert_eq!((days[0].effect, days[1].effect, days[1].reason), (DayEffect::Paused, DayEffect::Counted(1), Reason::MakeUp));
    assert!(days[2..11].iter().all(|day| (day.effect, day.reason) == (DayEffect::Skipped, Reason::Holiday)));
    assert_eq!(days.last().map(|day| (day.date.to_string(), day.effect)), Some(("2026-02-25".into(), DayEffect::Counted(3))));
    assert_eq!(end_of_day(days.last().unwrap().date), legal(&facts, "2026-02-20 10:00").due);
}

/// Steps hour by hour from the dispatch: the due of a limit whose pauses begin and end on the hour.
fn stepped(start: Timestamp, pauses: &[(Timestamp, Timestamp)], row: &LimitRow, calendar: &Calendar) -> Timestamp {
    let hour = TimeDelta::hours(1);
    let paused = |at: Timestamp| pauses.iter().any(|(from, until)| *from < at + hour && at < *until);
    let mut at = start;
    if row.unit == LimitUnit::NaturalHours {
        let mut left = row.amount;
        while left > 0 {
            left -= u32::from(!paused(at));
            at += hour;
        }
        return at;
    }
    let mut midnight = start_of_day(city_date(start)) + hour * 24;
    let mut counted = 0;
    loop {
        let works = row.unit == LimitUnit::CalendarDays || calendar.is_working_day(city_date(midnight)).0;
        counted += u32::from(works && !(0..24).any(|step| paused(midnight + hour * step)));
        midnight += hour * 24;
        if counted == row.amount {
            return midnight;
        }
    }
}

#[test]
fn an_hour_by_hour_counter_agrees_on_twenty_thousand_cases() {
    let calendar = Calendar::shipped();
    let mut state = 7_u64;
    let mut next = |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % below
    };
    let mut row = row("consultation");
    for case in 0..21_000 {
        let start = city("2024-01-01 00:00") + TimeDelta::hours(next(24 * 1_150));
        row.unit = LimitUnit::ALL[case % 3];
        row.count_from = if row.unit == LimitUnit::NaturalHours { CountFrom::Dispatch } else { CountFrom::NextDay };
        row.amount = u32::try_from(1 + next(if row.unit == LimitUnit::NaturalHours { 120 } else { 20 })).unwrap();
        let pauses: Vec<_> = (0..next(4))
            .map(|_| {
                let from = start + TimeDelta::hours(next(24 * 20) - 24);
                (from, from + TimeDelta::hours(1 + next(80)))
            })
            .collect();
        let mut facts = ClockFacts { rounds: vec![Round::open(Stamp { event: event(2), at: start })], ..ClockFacts::default() };
        facts.suspensions = pauses.iter().map(|(from, until)| Suspension { from: *from, until: Some(*until) }).collect();
        let clock = evaluate(&facts, &row, &calendar, start).legal.unwrap();
        assert_eq!(clock.due, stepped(start, &pauses, &row, &calendar), "case {case}: {start} {row:?} {pauses:?}");
        assert!(clock.started_at < clock.warn_at && clock.warn_at <= clock.due);
    }
}

fn any_facts() -> impl Strategy<Value = (ClockFacts, LimitRow)> {
    let minutes = 0_i64..60 * 24 * 30;
    let pauses = proptest::collection::vec((minutes.clone(), 1_i64..6_000), 0..3);
    let extensions = proptest::collection::vec((minutes.clone(), minutes.clone()), 0..2);
    let limit = (proptest::sample::select(LimitUnit::ALL), proptest::sample::select(CountFrom::ALL), 1_u32..16, proptest::sample::select(&["24:00", "17:30"][..]));
    (0_i64..60 * 24 * 1_000, pauses, extensions, any::<bool>(), proptest::option::of(minutes), limit).prop_map(
        |(start, pauses, extensions, urgent, handled, (unit, count_from, amount, day_end))| {
            let start = city("2024-01-01 00:00") + TimeDelta::minutes(start);
            let after = |minutes: i64| start + TimeDelta::minutes(minutes);
            let mut facts = ClockFacts { rounds: vec![Round::open(Stamp { event: event(2), at: start })], urgent, ..ClockFacts::default() };
            facts.first_handled = handled.map(|minutes| Stamp { event: event(3), at: after(minutes) });
            facts.suspensions = pauses.iter().map(|(from, length)| Suspension { from: after(*from), until: Some(after(from + length)) }).collect();
            facts.extensions = extensions
                .iter()
                .map(|(granted, more)| Extension { granted: Stamp { event: event(10), at: after(*granted) }, due: after(granted + more) })
                .collect();
            let mut row = row("report");
            (row.unit, row.count_from, row.amount, row.day_end) = (unit, count_from, amount, DayEnd::parse(day_end).unwrap());
            (facts, row)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Between now and the next turn nothing changes; at the turn something does; after the last one nothing more.
    #[test]
    fn the_next_change_is_the_next_change((facts, row) in any_facts(), now in 0_i64..60 * 24 * 60, share in 1_i64..100) {
        let calendar = Calendar::shipped();
        let now = facts.rounds[0].opened.at + TimeDelta::minutes(now);
        prop_assume!(facts.first_handled.is_none_or(|handled| handled.at <= now));
        let states = |at: Timestamp| {
            let clocks = evaluate(&facts, &row, &calendar, at);
            (clocks.flag, clocks.colour.map(|clock| clock.level), clocks.legal.map(|clock| clock.state))
        };
        match evaluate(&facts, &row, &calendar, now).next_change {
            Some(next) => {
                prop_assert!(next.at > now);
                let between = now + (next.at - now - TimeDelta::milliseconds(1)) * i32::try_from(share).unwrap() / 100;
                prop_assert_eq!(states(between), states(now));
                prop_assert_eq!(states(next.at - TimeDelta::milliseconds(1)), states(now));
                prop_assert_ne!(states(next.at), states(now));
            }
            None => prop_assert_eq!(states(now + TimeDelta::days(2_000)), states(now)),
        }
    }

    /// What is shown at a moment is exactly what the deadlines in force have raised by then.
    #[test]
    fn deadlines_and_clocks_tell_the_same((facts, row) in any_facts(), now in 0_i64..60 * 24 * 60) {
        let calendar = Calendar::shipped();
        let clocks = evaluate(&facts, &row, &calendar, facts.rounds[0].opened.at + TimeDelta::minutes(now));
        let now = facts.rounds[0].opened.at + TimeDelta::minutes(now);
        let all = deadlines(&facts, &row, &calendar);
        let set_by = facts.extensions.last().map_or(event(2), |extension| extension.granted.event);
        // A grant in the future already holds in these facts, so the check starts at the grant.
        prop_assume!(facts.first_handled.is_none_or(|handled| handled.at <= now));
        prop_assume!(facts.extensions.iter().all(|extension| extension.granted.at <= now));
        let raised = all.iter().filter(|deadline| deadline.at <= now && (deadline.leg == Leg::Colour || deadline.id.0 == set_by));
        prop_assert_eq!(clocks.reached, raised.map(|deadline| deadline.level).max().unwrap_or_default());
        let mut keys: Vec<_> = all.iter().map(|deadline| (deadline.id, deadline.level)).collect();
        let count = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), count, "no flag is named twice");
    }
}
