//! The window under random changes: what is selected stays selected, and the order holds.
use super::*;
use crate::api::tickets::RowClocks;
use crate::domain::limits::{Line, TicketKind};
use crate::domain::ticket::Step;
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

fn at(minutes: i64) -> Timestamp {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(1_000_000 + minutes)
}

fn row(id: u128, version: i64, turns: i64) -> TicketRow {
    TicketRow {
        id: TicketId(Uuid::from_u128(id)),
        number: format!("20260302-{id:04}"),
        version,
        step: Step::Dispatched,
        round: 1,
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: None,
        tag: None,
        green: false,
        line: Line::Citizen,
        title: "示例".into(),
        unit: None,
        unit_name: None,
        assignee: None,
        accepted_at: at(0),
        dispatched_at: None,
        clocks: RowClocks {
            orange_at: Some(at(turns)),
            red_at: None,
            due: None,
            provisional: false,
            warn_at: None,
            extended: false,
            paused: false,
            closed_at: None,
            reached: Flag::None,
            promise_due: None,
        },
        flag: Flag::None,
        hops: 0,
        urges: 0,
        supervised: false,
        solved: None,
    }
}

proptest! {
    #[test]
    fn the_selection_stays_with_its_ticket(changes in proptest::collection::vec((0u128..12, 1i64..1000, 0u8..5), 1..40), picks in proptest::collection::vec(0usize..12, 40)) {
        let mut window = Window { loaded: true, ..Window::default() };
        for (version, ((id, turns, way), pick)) in (1..).zip(changes.into_iter().zip(picks)) {
            (window.selected, window.adrift) = (pick, false);
            window.clamp();
            let before = window.current().map(|row| row.id);
            let id = TicketId(Uuid::from_u128(id));
            let leaves = way == 0;
            if leaves {
                prop_assert_eq!(window.find(id).is_some(), window.leave(id.0));
                prop_assert!(window.find(id).is_none() && window.rows.iter().all(|listed| listed.row.id != id));
            } else {
                window.apply(&row(id.0.as_u128(), version, turns), at(0));
                prop_assert_eq!(window.find(id).map(|row| row.version), Some(version));
            }
            if let Some(before) = before.filter(|before| !leaves || *before != id) {
                prop_assert_eq!(window.current().map(|row| row.id), Some(before));
            }
            prop_assert!(window.rows.iter().is_sorted_by_key(|listed| (listed.sort, listed.row.id.0)));
            prop_assert_eq!(window.rows.len(), window.ids.len());
        }
    }
}
