//! The past is the same for the same seed, is a legal past, and leaves the present with something open in every step.
use std::collections::{HashMap, HashSet};

use super::super::past::PastStep;
use super::*;
use chrono::TimeDelta;

fn end() -> Timestamp {
    // A Friday afternoon.
    chrono::DateTime::parse_from_rfc3339("2026-11-20T15:00:00+08:00").unwrap().to_utc()
}

fn month(count: usize) -> Vec<PastTicket> {
    history(42, end(), 30, count).collect()
}

#[test]
fn the_same_arguments_give_the_same_past_to_the_byte() {
    let text = |seed| -> String {
        history(seed, end(), 30, 300).map(|ticket| serde_json::to_string(&ticket).unwrap()).collect()
    };
    assert_eq!(text(42), text(42));
    assert_ne!(text(42), text(43));
}

#[test]
fn tickets_come_oldest_first_within_the_days_and_nothing_is_in_the_future() {
    let tickets = month(3_000);
    assert_eq!(tickets.len(), 3_000);
    assert!(tickets.windows(2).all(|pair| pair[0].accepted_at <= pair[1].accepted_at));
    let start = end() - TimeDelta::days(30);
    for ticket in &tickets {
        assert!((start..=end()).contains(&ticket.accepted_at));
        let times: Vec<Timestamp> =
            std::iter::once(ticket.accepted_at).chain(ticket.acts.iter().map(|act| act.at)).collect();
        assert!(times.is_sorted() && times[times.len() - 1] <= end(), "{times:?}");
    }
    let ids: HashSet<_> = tickets.iter().map(|ticket| ticket.id).collect();
    assert_eq!(ids.len(), tickets.len());
    assert!(tickets.iter().all(|ticket| ticket.id.0.get_version_num() == 7));
}

#[test]
fn about_62_percent_are_answered_at_once_and_the_outcomes_add_up() {
    let tickets = month(6_000);
    let mut outcomes: HashMap<Outcome, usize> = HashMap::new();
    for ticket in &tickets {
        *outcomes.entry(ticket.outcome).or_default() += 1;
        let done = |step: &PastStep| {
            matches!(
                step,
                PastStep::Answered { .. }
                    | PastStep::NotAccepted { .. }
                    | PastStep::Cancelled { .. }
                    | PastStep::PassedOn { .. }
                    | PastStep::Merged { .. }
            )
        };
        let ended_at_intake = ticket.acts.first().is_some_and(|act| done(&act.step));
        let younger_than_intake = end() - ticket.accepted_at < TimeDelta::hours(2) && ticket.acts.is_empty();
        assert!(ended_at_intake == (ticket.outcome != Outcome::Dispatched) || younger_than_intake, "{ticket:?}");
    }
    let direct = outcomes[&Outcome::DirectAnswer] as f64 / 6_000.0;
    assert!((0.595..=0.645).contains(&direct), "direct {direct}");
    assert_eq!(outcomes.len(), 6, "{outcomes:?}");
}

/// The arcs of the ticket's life as the domain draws them: (state, act) → state. None: illegal.
fn after(state: &str, step: &PastStep) -> Option<&'static str> {
    Some(match (state, step) {
        ("accepted", PastStep::Answered { .. }) => "answered",
        (
            "accepted",
            PastStep::NotAccepted { .. }
            | PastStep::Cancelled { .. }
            | PastStep::PassedOn { .. }
            | PastStep::Merged { .. },
        ) => "ended",
        ("accepted", PastStep::Dispatched { .. }) => "dispatched",
        ("dispatched", PastStep::Signed) => "signed",
        ("dispatched" | "signed" | "in_progress", PastStep::ReturnRequested { .. }) => "return_requested",
        ("return_requested", PastStep::ReturnGranted { .. } | PastStep::ReturnRefused { .. }) => "dispatched",
        ("signed" | "in_progress", PastStep::Contacted { .. }) => "in_progress",
        ("in_progress", PastStep::Urged { .. }) => "in_progress",
        ("signed", PastStep::Urged { .. }) => "signed",
        ("in_progress", PastStep::ExtensionRequested { .. }) => "extension_requested",
        ("extension_requested", PastStep::ExtensionGranted) => "in_progress",
        ("in_progress", PastStep::Suspended { .. }) => "suspended",
        ("suspended", PastStep::Resumed) => "in_progress",
        ("signed" | "in_progress", PastStep::Replied { .. }) => "replied",
        ("replied", PastStep::Reviewed) => "reviewed",
        ("reviewed", PastStep::CalledBack { solved: true, .. }) => "solved",
        ("reviewed", PastStep::CalledBack { solved: false, .. }) => "not_solved",
        ("not_solved", PastStep::Reworked { .. }) => "dispatched",
        ("solved" | "not_solved", PastStep::Archived) => "archived",
        _ => return None,
    })
}

fn state(ticket: &PastTicket) -> &'static str {
    ticket
        .acts
        .iter()
        .fold("accepted", |state, act| after(state, &act.step).unwrap_or_else(|| panic!("{state} then {:?}", act.step)))
}

#[test]
fn every_past_is_legal_and_something_is_open_in_every_step() {
    let mut open: HashMap<&str, usize> = HashMap::new();
    for ticket in month(3_000) {
        *open.entry(state(&ticket)).or_default() += 1;
    }
    for step in [
        "accepted",
        "dispatched",
        "signed",
        "in_progress",
        "replied",
        "reviewed",
        "not_solved",
        "return_requested",
        "extension_requested",
        "suspended",
        "archived",
        "answered",
    ] {
        assert!(open.contains_key(step), "nothing is {step}: {open:?}");
    }
}

#[test]
fn acts_are_done_by_people_who_exist_and_by_the_unit_that_has_the_ticket() {
    let city = City::shared();
    let logins: HashSet<String> = people::people(city).into_iter().map(|person| person.login).collect();
    for ticket in month(3_000) {
        assert!(logins.contains(&ticket.accepted_by), "{}", ticket.accepted_by);
        let mut handler = String::new();
        for act in &ticket.acts {
            assert!(logins.contains(&act.actor), "{}", act.actor);
            match &act.step {
                PastStep::Dispatched { unit } | PastStep::ReturnGranted { unit } | PastStep::Reworked { unit, .. } => {
                    assert!(city.unit(unit).is_some());
                    handler = people::handler_of(unit);
                }
                PastStep::Signed
                | PastStep::Contacted { .. }
                | PastStep::Replied { .. }
                | PastStep::ReturnRequested { .. } => assert_eq!(act.actor, handler),
                _ => {}
            }
        }
    }
}

#[test]
fn urgent_tickets_stand_unhandled_on_both_sides_of_orange_and_red_even_in_a_small_history() {
    for count in [12, 40, 2_000] {
        let ages: Vec<i64> = history(42, end(), 30, count)
            .filter(|ticket| ticket.intent.urgent_class.is_some())
            .filter(|ticket| {
                !ticket.acts.iter().any(|act| matches!(act.step, PastStep::Contacted { .. } | PastStep::Replied { .. }))
            })
            .filter_map(|ticket| ticket.acts.first().map(|act| (end() - act.at).num_seconds()))
            .collect();
        let between =
            |low: i64, high: i64| ages.iter().filter(|age| (low * 3_600..high * 3_600).contains(*age)).count();
        let turning = |turn: i64| ages.iter().filter(|age| (turn * 3_600 - 3_600..turn * 3_600).contains(*age)).count();
        assert!(turning(24) >= 3 && turning(48) >= 2, "{count}: {ages:?}");
        assert!(between(24, 48) >= 4 && between(48, 60) >= 2, "{count}: {ages:?}");
        assert!(ages.contains(&(48 * 3_600 - 18 * 60 - 42)), "{count}: to the second");
    }
}

#[test]
fn a_short_history_leaves_out_what_would_be_older_and_merged_tickets_name_a_ticket_of_the_history() {
    let tickets: Vec<PastTicket> = history(42, end(), 2, 60).collect();
    assert_eq!(tickets.len(), 60);
    assert!(tickets.iter().all(|ticket| end() - ticket.accepted_at <= TimeDelta::days(2)));
    let parents: Vec<TicketId> = tickets
        .iter()
        .flat_map(|ticket| &ticket.acts)
        .filter_map(|act| match act.step {
            PastStep::Merged { parent } => Some(parent),
            _ => None,
        })
        .collect();
    assert_eq!(parents.len(), 3);
    let parent = tickets.iter().find(|ticket| ticket.id == parents[0]).expect("the parent is in the history");
    assert!(parents.iter().all(|id| *id == parent.id) && parent.outcome == Outcome::Dispatched);
}
