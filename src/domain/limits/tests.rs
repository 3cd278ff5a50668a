//! The shipped tables, the choice of a row, and what a faulty table is told.
#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn key(line: Line, kind: TicketKind) -> LimitKey {
    LimitKey { line, kind, classes: BTreeSet::new(), tags: BTreeSet::new(), level: HandlerLevel::County }
}

#[test]
fn sichuan_gives_what_the_rules_say() {
    let table = LimitTable::shipped("sichuan").unwrap();
    for (kind, days) in [
        (TicketKind::Consultation, 3),
        (TicketKind::HelpRequest, 7),
        (TicketKind::Suggestion, 7),
        (TicketKind::Complaint, 15),
        (TicketKind::Report, 15),
    ] {
        let row = table.select(&key(Line::Citizen, kind));
        assert_eq!((row.amount, row.unit, row.count_from, row.day_end), (days, LimitUnit::WorkingDays, CountFrom::NextDay, DayEnd::MIDNIGHT));
        assert_eq!(row.colour, Some(ColourLimit { orange_hours: 24, red_hours: 48, every_ticket: false }));
        assert_eq!(table.select(&key(Line::Enterprise, kind)).amount, 3, "enterprise {kind}");
    }
    assert!(LimitTable::shipped("atlantis").is_none());
}

#[test]
fn beijing_has_its_four_steps() {
    let table = LimitTable::shipped("beijing").unwrap();
    let limit = |key: &LimitKey| table.select(key).limit();
    let mut outage = key(Line::Citizen, TicketKind::Complaint);
    assert_eq!(limit(&outage), Span { amount: 15, unit: LimitUnit::CalendarDays });
    outage.classes.insert("utility_outage".into());
    assert_eq!(limit(&outage), Span { amount: 2, unit: LimitUnit::NaturalHours });
    assert_eq!(limit(&key(Line::Citizen, TicketKind::Consultation)), Span { amount: 24, unit: LimitUnit::NaturalHours });
    assert_eq!(limit(&key(Line::Citizen, TicketKind::HelpRequest)), Span { amount: 7, unit: LimitUnit::CalendarDays });
}

fn bare(code: &str) -> LimitRow {
    let mut row = LimitTable::shipped("sichuan").unwrap().row("general", 1).unwrap().clone();
    row.code = code.into();
    row
}

#[test]
fn the_most_specific_row_wins_and_order_does_not_matter() {
    let mut class = bare("class");
    class.class = Some("chain".into());
    let mut other = bare("other_class");
    (other.class, other.amount) = (Some("energy".into()), 2);
    let mut tag = bare("tag");
    tag.tag = Some(Tag::SpeedUp);
    let mut line = bare("line");
    line.line = Some(Line::Enterprise);
    let mut level = bare("level");
    level.level = Some(HandlerLevel::City);
    let mut kind = bare("kind");
    kind.kind = Some(TicketKind::Report);
    let mut line_and_kind = bare("line_and_kind");
    (line_and_kind.line, line_and_kind.kind) = (Some(Line::Enterprise), Some(TicketKind::Report));
    let rows = vec![bare("all"), class, other, tag, line, level, kind, line_and_kind];
    let mut reversed = rows.clone();
    reversed.reverse();
    for rows in [rows, reversed] {
        let table = LimitTable::from_rows("t", rows).unwrap();
        let mut ticket = key(Line::Citizen, TicketKind::Complaint);
        let mut expect = |code: &str, change: fn(&mut LimitKey)| {
            change(&mut ticket);
            assert_eq!(table.select(&ticket).code, code);
        };
        expect("all", |_| {});
        expect("kind", |ticket| ticket.kind = TicketKind::Report);
        expect("level", |ticket| ticket.level = HandlerLevel::City);
        expect("line_and_kind", |ticket| ticket.line = Line::Enterprise);
        expect("line", |ticket| ticket.kind = TicketKind::Complaint);
        expect("tag", |ticket| assert!(ticket.tags.insert(Tag::SpeedUp)));
        expect("class", |ticket| assert!(ticket.classes.insert("chain".into())));
        expect("other_class", |ticket| assert!(ticket.classes.insert("energy".into())));
    }
}

#[test]
fn old_versions_stay_and_new_tickets_take_the_latest() {
    let (old, mut new) = (bare("general"), bare("general"));
    (new.version, new.amount) = (2, 5);
    let mut gone = bare("gone");
    (gone.retired, gone.kind) = (true, Some(TicketKind::Report));
    let table = LimitTable::from_rows("t", vec![new, old, gone]).unwrap();
    assert_eq!(table.select(&key(Line::Citizen, TicketKind::Report)).reference(), LimitRef { code: "general".into(), version: 2 });
    assert_eq!(table.row("general", 1).unwrap().amount, 7);
    assert!(table.row("gone", 1).is_some() && table.row("general", 3).is_none());
}

#[test]
fn a_faulty_table_is_told_everything_at_once() {
    let text = "\
[defaults]
version = 1
source = \"示例\"
unit = \"working_days\"
count_from = \"next_day\"
day_end = \"25:00\"
extensions_allowed = 0
warning_share = 80
warming = 3

[[row]]
code = \"a\"
kind = \"complain\"
amount = -3

[[row]]
code = \"b\"
day_end = \"17:30\"
amount = 3
sign = { amount = \"1\", hours = 2 }
colour = 7

[[row]]
code = \"c\"
day_end = \"17:30\"
kind = \"report\"
amount = 4000
colour = { orange_hours = 48, red_hours = 24 }

[[row]]
code = \"c\"
day_end = \"17:30\"
kind = \"report\"
amount = 4

[[rows]]
";
    let faults = LimitTable::read("t", "t.toml", text).unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.place.as_str(), fault.problem, fault.found.as_str())).collect();
    assert_eq!(
        told,
        [
            ("t.toml:6", Problem::BadCode, "day_end = 25:00"),
            ("t.toml:9", Problem::Unknown, "warming"),
            ("t.toml:13", Problem::BadCode, "kind = complain"),
            ("t.toml:14", Problem::OutOfRange, "amount = -3"),
            ("t.toml:20", Problem::Unknown, "hours"),
            ("t.toml:20", Problem::Shape, "amount: string"),
            ("t.toml:20", Problem::Missing, "unit"),
            ("t.toml:21", Problem::Shape, "colour: integer"),
            ("t.toml:23", Problem::OutOfRange, "limit.amount = 4000"),
            ("t.toml:23", Problem::OutOfRange, "colour = 48 / 24"),
            ("t.toml:30", Problem::Duplicate, "c v1"),
            ("t.toml:36", Problem::Unknown, "rows"),
            ("t.toml", Problem::NoFallback, ""),
        ]
    );
    let broken = LimitTable::read("t", "t.toml", "[[row]]\ncode = \nkind = [\n").unwrap_err();
    assert!(broken.iter().any(|fault| fault.problem == Problem::Syntax && fault.place == "t.toml:2"), "{broken:?}");
}

#[test]
fn rows_that_answer_for_the_same_tickets_are_refused() {
    let faults = LimitTable::from_rows("t", vec![bare("one"), bare("two")]).unwrap_err();
    assert_eq!((faults[0].problem, faults[0].found.as_str()), (Problem::SameKey, "one = two"));
    let mut signing = bare("signing");
    (signing.count_from, signing.sign_limit) = (CountFrom::Signing, None);
    assert_eq!(LimitTable::from_rows("t", vec![signing]).unwrap_err()[0].problem, Problem::Missing);
}

#[test]
fn codes_and_day_ends_read_back() {
    assert_eq!(serde_json::to_string(&TicketKind::HelpRequest).unwrap(), "\"help_request\"");
    assert_eq!(serde_json::from_str::<Tag>("\"lift_level\"").unwrap(), Tag::LiftLevel);
    assert!(HandlerLevel::Township < HandlerLevel::City);
    for (text, minutes) in [("24:00", Some(1440)), ("17:30", Some(1050)), ("00:00", None), ("24:01", None), ("9:00", None), ("12:60", None)] {
        assert_eq!(DayEnd::parse(text).map(DayEnd::minutes), minutes, "{text}");
    }
    let row = bare("general");
    assert_eq!(serde_json::from_str::<LimitRow>(&serde_json::to_string(&row).unwrap()).unwrap(), row);
}

proptest! {
    #[test]
    fn every_key_finds_a_row(
        line in proptest::sample::select(Line::ALL), kind in proptest::sample::select(TicketKind::ALL),
        level in proptest::sample::select(HandlerLevel::ALL), tags in proptest::collection::btree_set(proptest::sample::select(Tag::ALL), 0..3),
        classes in proptest::collection::btree_set("[a-z]{0,4}|utility_outage", 0..3),
    ) {
        let key = LimitKey { line, kind, classes, tags, level };
        for name in ["sichuan", "beijing"] {
            let table = LimitTable::shipped(name).unwrap();
            prop_assert!(holds_by_hand(table.select(&key), &key));
        }
    }

    #[test]
    fn reading_never_panics(text in "\\PC*|(\\[\\[row\\]\\]\\n|[a-z_]{1,8} = [0-9\"{}]{0,6}\\n){0,12}") { let _ = LimitTable::read("t", "t", &text); }
}

fn holds_by_hand(row: &LimitRow, key: &LimitKey) -> bool {
    (row.line.is_none() || row.line == Some(key.line))
        && (row.kind.is_none() || row.kind == Some(key.kind))
        && (row.tag.is_none() || key.tags.iter().any(|tag| row.tag == Some(*tag)))
        && (row.class.is_none() || key.classes.iter().any(|class| row.class.as_deref() == Some(class)))
}
