//! Names, closing, pins: what is decided before anything is sent.
use super::args::{kind, pin};
use super::*;

#[test]
fn short_numbers_are_of_this_year_and_full_ones_stay() {
    assert_eq!(full_number("1122-0188", 2026).as_deref(), Some("20261122-0188"));
    assert_eq!(full_number("20251122-0188", 2026).as_deref(), Some("20251122-0188"));
    for bad in ["", "1122", "1122-", "-0188", "112-1", "1122-01x", "1122 0188", "1122-0188; drop"] {
        assert_eq!(full_number(bad, 2026), None, "{bad}");
    }
}

#[test]
fn closing_calls_back_before_it_archives_and_answers_only_what_waits() {
    assert_eq!(closing(&[Act::CallBack, Act::Note], Some(true), false), Closing::Do(Act::CallBack));
    assert_eq!(closing(&[Act::CallBack], None, false), Closing::SolvedNeeded);
    assert_eq!(closing(&[Act::Rework, Act::Archive], Some(true), false), Closing::Do(Act::Archive));
    assert_eq!(closing(&[Act::Answer, Act::Dispatch], None, false), Closing::Do(Act::Answer));
    assert_eq!(closing(&[Act::Sign], None, false), Closing::CannotYet);
    assert_eq!(closing(&[Act::Note], None, true), Closing::Done);
}

#[test]
fn pins_name_an_article_and_its_edition() {
    assert!(pin("0190a5b0-0000-7000-8000-000000000000@3").is_ok());
    assert!(pin("0190a5b0-0000-7000-8000-000000000000").is_err());
    assert!(pin("x@1").is_err());
}

#[test]
fn a_limit_that_ends_with_a_day_reads_as_that_days_end() {
    let at = |text: &str| text.parse().unwrap();
    assert_eq!(city_due(at("2026-12-11T16:00:00Z")), "2026-12-11 24:00");
    assert_eq!(city_due(at("2026-12-11T09:30:00Z")), "2026-12-11 17:30");
}

#[test]
fn a_timeline_says_what_happened_in_words() {
    assert_ne!(event_words("ticket.accepted"), "ticket.accepted");
    assert_ne!(event_words("ticket.reckoned"), "ticket.reckoned");
    assert_eq!(event_words("ticket.of_a_later_version"), "ticket.of_a_later_version");
}

#[test]
fn a_kind_is_known_by_its_code_and_by_what_it_is_called() {
    use crate::domain::limits::TicketKind as K;
    for (text, wanted) in [("complaint", K::Complaint), ("投诉", K::Complaint), ("求助", K::HelpRequest), ("help_request", K::HelpRequest), ("Help", K::HelpRequest), ("建议", K::Suggestion)] {
        assert_eq!(kind(text), Ok(wanted), "{text}");
    }
    assert!(kind("投").unwrap_err().contains("complaint"));
    use clap::CommandFactory;
    let mut command = crate::cli::Cli::command();
    let create = command.find_subcommand_mut("ticket").unwrap().find_subcommand_mut("create").unwrap();
    let help = create.render_help().to_string();
    for kind in K::ALL {
        assert!(help.contains(kind.code()), "{help}");
    }
}
