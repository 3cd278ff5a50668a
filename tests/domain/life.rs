//! 工单全流程: every step × every act × with and without the right, held against the account in `life_words`; then what
//! an arc does besides moving; then random walks.
use super::life_words::{ACCOUNT, STATES, STEPS, State};
use hotline::domain::Timestamp;
use hotline::domain::event::{Actor, AggregateKind, Cause, ContentRef, Envelope, Payload};
use hotline::domain::ids::{ContentId, EventId, TicketId, UserId};
use hotline::domain::limits::{HandlerLevel, Tag, TicketKind};
use hotline::domain::refusal::Refusal;
use hotline::domain::rights::{Capability, Scope, Viewer};
use hotline::domain::tables::{ReasonRow, TableEvent, Tables, UnitRow, UrgentRow};
use hotline::domain::ticket::{Accept, Act, Command, Edit, Given, Step, Ticket, TicketEvent, decide, fold, legal_for};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// One row of the account.
struct Row {
    act: Act,
    steps: BTreeMap<&'static str, bool>,
    to: &'static str,
    event: String,
    capability: Capability,
    brings: Vec<&'static str>,
}

fn account() -> Vec<Row> {
    let capability = |code: &str| *Capability::ALL.iter().find(|capability| capability.code() == code).unwrap();
    ACCOUNT
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let words = if cells[1] == "*" { STEPS } else { cells[1] };
            Row {
                act: Act::from_code(cells[0]).unwrap(),
                steps: words.split_whitespace().map(|step| (step.trim_end_matches('?'), step.ends_with('?'))).collect(),
                to: cells[2],
                event: format!("ticket.{}", cells[3]),
                capability: capability(cells[4]),
                brings: cells[5].split_whitespace().collect(),
            }
        })
        .collect()
}

fn at(minute: i64) -> Timestamp {
    // A Monday, 09:00 city time.
    "2026-11-16T01:00:00Z".parse::<Timestamp>().unwrap() + chrono::TimeDelta::minutes(minute)
}

fn tables() -> Tables {
    let mut tables = Tables::default();
    for code in ["city.a", "city.b"] {
        let row = UnitRow { code: code.into(), name: code.into(), name_en: code.into(), kind: "township".into(), level: HandlerLevel::Township, duty_phone: None, office_close: None };
        tables.apply(&TableEvent::UnitPut(row));
    }
    for table in ["return", "not_accepted", "cancel", "suspend", "extension"] {
        let row = ReasonRow { table: table.into(), code: "why".into(), name: "示例".into(), name_en: "sample".into() };
        tables.apply(&TableEvent::ReasonPut(row));
    }
    tables.apply(&TableEvent::UrgentPut(UrgentRow { code: "U1".into(), name: "示例".into(), name_en: "sample".into() }));
    tables
}

fn text() -> ContentRef {
    ContentRef { id: ContentId(Uuid::from_u128(7)), digest: "digest".into() }
}

/// Somebody who holds these everywhere.
fn viewer(user: u128, held: impl IntoIterator<Item = Capability>) -> Viewer {
    Viewer { user: UserId(Uuid::from_u128(user)), login: "who".into(), unit: None, grants: held.into_iter().map(|held| (held, Scope::Centre)).collect() }
}

/// Everything that any act could ask for.
fn everything() -> Given {
    Given {
        unit: Some("city.b".into()),
        reason: Some("why".into()),
        text: Some(text()),
        solved: Some(true),
        target: Some(TicketId(Uuid::from_u128(99))),
        service: Some("110".into()),
        urgent_class: Some("U1".into()),
        tag: Some(Tag::SpeedUp),
        days: Some(5),
        due: Some(at(10_000_000)),
        ..Given::default()
    }
}

fn without(field: &str) -> Given {
    let mut given = everything();
    match field {
        "unit" => given.unit = None,
        "reason" => given.reason = None,
        "text" => given.text = None,
        "solved" => given.solved = None,
        "target" => given.target = None,
        "service" => given.service = None,
        "days" => given.days = None,
        "due" => given.due = None,
        other => panic!("{other}"),
    }
    given
}

fn command(act: Act, given: Given) -> Command {
    match act {
        Act::Accept => Command::Accept(Box::new(accept())),
        Act::Edit => Command::Edit(Box::new(Edit { place: Some(text()), ..Edit::default() })),
        Act::Turn => Command::Turn,
        act => Command::Do(act, Box::new(given)),
    }
}

fn accept() -> Accept {
    Accept {
        id: TicketId(Uuid::from_u128(1)),
        number: "20261116-0001".into(),
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: Some("U1".into()),
        tag: None,
        green: false,
        line: Default::default(),
        channel: Default::default(),
        title: text(),
        body: text(),
        place: None,
        caller: None,
        call: None,
        pins: vec![],
        enterprise: None,
    }
}

fn envelope(ticket: Option<&Ticket>, event: &TicketEvent, user: UserId, at: Timestamp) -> Envelope {
    let (kind, payload) = event.pack().unwrap();
    let version = ticket.map_or(0, |ticket| ticket.version) + 1;
    Envelope {
        id: EventId(Uuid::from_u128(1000 + version as u128)),
        centre: 1,
        aggregate: AggregateKind::Ticket,
        aggregate_id: Uuid::from_u128(1),
        version,
        kind,
        schema: 1,
        occurred_at: at,
        recorded_at: at,
        actor: Actor::User(user),
        cause: Cause::default(),
        round: ticket.map_or(1, |ticket| ticket.round),
        payload,
    }
}

/// Decides and folds; the events go through their stored form on the way, as they do in the log.
fn done(ticket: Option<Ticket>, command: &Command, who: &Viewer, tables: &Tables, now: Timestamp) -> Result<(Option<Ticket>, Vec<TicketEvent>), Refusal> {
    let events = decide(ticket.as_ref(), command, Some(who), tables, now)?;
    let mut ticket = ticket;
    for event in &events {
        let envelope = envelope(ticket.as_ref(), event, who.user, now);
        let stored = TicketEvent::unpack(&envelope.kind, &envelope.payload).unwrap().unwrap();
        assert_eq!(&stored, event, "an event is what its stored form says");
        ticket = fold(ticket, &stored, &envelope);
    }
    Ok((ticket, events))
}

/// A ticket brought somewhere by commands; each happens a minute after the last.
fn brought(way: &str) -> Ticket {
    let (tables, all) = (tables(), viewer(1, Capability::ALL.iter().copied()));
    let mut ticket = done(None, &command(Act::Accept, Given::default()), &all, &tables, at(0)).unwrap().0;
    for (minute, word) in way.split_whitespace().enumerate() {
        let mut given = everything();
        let act = match word {
            "call_back+" => "call_back",
            "call_back-" => {
                given.solved = Some(false);
                "call_back"
            }
            "call_back2" => {
                given.rating = Some(2);
                "call_back"
            }
            act => act,
        };
        let command = command(Act::from_code(act).unwrap(), given);
        ticket = done(ticket, &command, &all, &tables, at(minute as i64 + 1)).unwrap_or_else(|refusal| panic!("{way}: {word}: {refusal:?}")).0;
    }
    ticket.unwrap()
}

/// When it is asked in this state.
fn asked_at(state: &State) -> Timestamp {
    if state.fresh { at(1) + chrono::TimeDelta::seconds(9) } else { at(60) }
}

/// Does the account allow the act here?
fn allows(row: &Row, state: &State) -> bool {
    match row.steps.get(state.step) {
        None => false,
        Some(false) => true,
        Some(true) => state.holds.split_whitespace().any(|act| act == row.act.code()),
    }
}

/// What a person must hold for an act here.
fn held_for(row: &Row, state: &State) -> Vec<Capability> {
    let mut held = vec![row.capability];
    if row.act == Act::Redispatch && state.adjudicated {
        held.push(Capability::ReturnAdjudicate);
    }
    held
}

fn legal(rows: &[Row], state: &State, who: &Viewer) -> BTreeSet<Act> {
    rows.iter().filter(|row| allows(row, state)).filter(|row| held_for(row, state).iter().all(|held| who.can(*held))).map(|row| row.act).collect()
}

/// One cell: what is decided, against what the account says.
fn cell(rows: &[Row], row: &Row, state: &State, ticket: &Ticket, who: &Viewer) {
    let tables = tables();
    let cell = format!("{} ({}): {} by {:?}", state.name, state.step, row.act.code(), who.grants.len());
    let asked = done(Some(ticket.clone()), &command(row.act, everything()), who, &tables, asked_at(state));
    let lacking = held_for(row, state).into_iter().find(|held| !who.can(*held));
    let somebody_has_it = row.act == Act::Claim && row.steps.contains_key(state.step);
    match (asked, allows(row, state)) {
        (Err(Refusal::Forbidden { capability }), _) => assert_eq!(Some(capability), lacking, "{cell}"),
        (Err(Refusal::AlreadyClaimed { by }), false) if somebody_has_it => assert_eq!(by, ticket.assignee.unwrap().to_string(), "{cell}"),
        (Err(Refusal::IllegalStep { act, step, legal: named }), false) => {
            assert!(lacking.is_none() || lacking != Some(row.capability), "{cell}: the right is looked at first");
            assert_eq!((act, step.code()), (row.act, state.step), "{cell}");
            assert_eq!(named.len(), named.iter().collect::<BTreeSet<_>>().len(), "{cell}: each once");
            assert_eq!(named.into_iter().collect::<BTreeSet<_>>(), legal(rows, state, who), "{cell}: the legal acts");
        }
        (Ok((Some(after), events)), true) => {
            assert_eq!(lacking, None, "{cell}");
            let kinds: Vec<String> = events.iter().map(|event| event.pack().unwrap().0).collect();
            assert_eq!(kinds, std::slice::from_ref(&row.event), "{cell}");
            let to = match row.to {
                "=" => state.step,
                "<" => state.back,
                to => to,
            };
            assert_eq!(after.step.code(), to, "{cell}");
            assert_eq!(after.version, ticket.version + 1, "{cell}");
        }
        (asked, _) => panic!("{cell}: {asked:?}"),
    }
}

#[test]
fn the_account_names_every_act_and_every_step() {
    let rows = account();
    let acts: BTreeSet<Act> = rows.iter().map(|row| row.act).chain([Act::Accept, Act::Turn]).collect();
    assert_eq!(acts.len(), rows.len() + 2);
    assert_eq!(acts, Act::ALL.iter().copied().collect());
    assert_eq!(STEPS.split_whitespace().collect::<Vec<_>>(), Step::ALL.iter().map(|step| step.code()).collect::<Vec<_>>());
    let reached: BTreeSet<&str> = STATES.iter().map(|state| state.step).collect();
    assert_eq!(reached, STEPS.split_whitespace().collect());
}

#[test]
fn every_step_act_and_right_is_decided_as_the_account_has_it() {
    let rows = account();
    let mut cells = 0;
    for state in STATES {
        let ticket = brought(state.way);
        assert_eq!(ticket.step.code(), state.step, "{}", state.name);
        let user = if state.fresh { 1 } else { 2 };
        for row in &rows {
            let everybody = Capability::ALL.iter().copied();
            let held = held_for(row, state);
            let mut askers = vec![viewer(user, everybody.clone()), viewer(user, held.clone()), viewer(user, [])];
            askers.extend(held.iter().map(|lost| viewer(user, everybody.clone().filter(|held| held != lost))));
            for who in &askers {
                cell(&rows, row, state, &ticket, who);
                assert_eq!(legal_for(&ticket, &tables(), who, asked_at(state)).into_iter().collect::<BTreeSet<_>>(), legal(&rows, state, who), "{}: offered", state.name);
                cells += 1;
            }
        }
        let all = viewer(2, Capability::ALL.iter().copied());
        let again = decide(Some(&ticket), &command(Act::Accept, Given::default()), Some(&all), &tables(), at(60));
        assert_eq!(again, Err(Refusal::Exists { what: "ticket".into() }), "{}", state.name);
        assert_eq!(decide(Some(&ticket), &Command::Turn, None, &tables(), at(60)), Ok(vec![]), "{}: nothing is due yet", state.name);
    }
    assert!(cells > 4000, "{cells} cells");
}

#[test]
fn an_act_that_brings_too_little_is_told_what_is_missing() {
    for row in account() {
        let state = STATES.iter().find(|state| allows(&row, state)).unwrap();
        let all = viewer(2, Capability::ALL.iter().copied());
        for field in &row.brings {
            let asked = decide(Some(&brought(state.way)), &command(row.act, without(field)), Some(&all), &tables(), at(60));
            assert_eq!(asked, Err(Refusal::Missing { field: (*field).into() }), "{} without {field}", row.act.code());
        }
    }
}

#[test]
fn what_does_not_exist_yet_can_only_be_accepted() {
    let all = viewer(2, Capability::ALL.iter().copied());
    for act in Act::ALL {
        let asked = decide(None, &command(*act, everything()), Some(&all), &tables(), at(0));
        match act {
            Act::Accept => assert!(matches!(asked.as_deref(), Ok([TicketEvent::Accepted { .. }])), "{asked:?}"),
            _ => assert_eq!(asked, Err(Refusal::NotFound), "{act:?}"),
        }
    }
}

#[test]
fn a_unit_acts_on_its_own_tickets_only() {
    let ticket = brought("dispatch");
    let of = |unit: &str| Viewer { unit: Some(unit.into()), grants: vec![(Capability::TicketHandle, Scope::Unit)], ..viewer(2, []) };
    let sign = command(Act::Sign, Given::default());
    assert_eq!(decide(Some(&ticket), &sign, Some(&of("city.b")), &tables(), at(60)), Ok(vec![TicketEvent::Signed]));
    for other in ["city.a", "city.bb", "city.b.x", "cit"] {
        let asked = decide(Some(&ticket), &sign, Some(&of(other)), &tables(), at(60));
        assert_eq!(asked, Err(Refusal::Forbidden { capability: Capability::TicketHandle }), "{other}");
    }
}

#[test]
fn the_third_return_is_an_adjudicators_and_what_is_decided_binds() {
    let mut tables = tables();
    let all = viewer(2, Capability::ALL.iter().copied());
    let third = brought("dispatch request_return refuse_return request_return refuse_return request_return");
    let refused = done(Some(third.clone()), &command(Act::RefuseReturn, everything()), &all, &tables, at(60)).unwrap();
    assert!(matches!(refused.1[..], [TicketEvent::ReturnRefused { binding: true, .. }]), "the log says that it binds: {:?}", refused.1);
    // A lift, a sign, a note: nothing opens it again within the round.
    let signed = done(refused.0, &command(Act::Sign, everything()), &all, &tables, at(61)).unwrap().0;
    let asked = done(signed, &command(Act::RequestReturn, everything()), &all, &tables, at(62));
    assert!(matches!(asked, Err(Refusal::IllegalStep { act: Act::RequestReturn, .. })), "{asked:?}");
    // How many is the table's: what binds is what was decided, not what the table says later.
    tables.returns_to_adjudication = 9;
    let plain = done(Some(third), &command(Act::RefuseReturn, everything()), &all, &tables, at(60)).unwrap();
    assert!(matches!(plain.1[..], [TicketEvent::ReturnRefused { binding: false, .. }]), "{:?}", plain.1);
}

#[test]
fn the_first_substantive_handling_is_a_contact_a_progress_entry_or_a_reply() {
    assert_eq!(brought("dispatch sign claim urge lift note suspend resume").facts.first_handled, None, "signing is not handling");
    for (way, minute) in [("dispatch sign contact progress reply", 3), ("dispatch sign progress contact", 3), ("dispatch sign reply send_back reply", 3)] {
        assert_eq!(brought(way).facts.first_handled.unwrap().at, at(minute), "{way}");
    }
    let nobody = command(Act::Contact, Given { reached: Some(false), ..everything() });
    let all = viewer(1, Capability::ALL.iter().copied());
    let ticket = done(Some(brought("dispatch sign")), &nobody, &all, &tables(), at(9)).unwrap().0.unwrap();
    assert_eq!((ticket.step, ticket.facts.first_handled), (Step::InProgress, None), "nobody was reached: the colour clock runs on");
}

#[test]
fn closed_and_solved_are_separate_facts_and_closure_is_at_the_reply() {
    let ticket = brought("dispatch sign reply send_back reply review call_back- archive");
    let round = ticket.facts.current_round().unwrap();
    assert_eq!((round.closed.unwrap().at, ticket.solved, ticket.step), (at(5), Some(false), Step::Archived));
    let ticket = brought("dispatch sign reply review call_back- rework");
    assert_eq!((ticket.round, ticket.solved, ticket.assignee, ticket.facts.rounds.len()), (2, None, None, 2));
    assert!(ticket.facts.rounds[0].closed.is_some() && ticket.facts.rounds[1].closed.is_none());
}

#[test]
fn a_redispatch_counts_a_hop_and_starts_the_new_units_signing_and_not_the_clocks() {
    let ticket = brought("dispatch sign request_return redispatch");
    let round = ticket.facts.current_round().unwrap();
    assert_eq!((ticket.hops, ticket.returns, ticket.unit.as_deref(), ticket.assignee), (1, 1, Some("city.b"), None));
    assert_eq!((round.opened.at, round.signed, round.redispatched.len()), (at(1), None, 1));
    let (tables, ticket) = (tables(), brought("dispatch"));
    let before = ticket.clocks(&tables, at(60));
    let all = viewer(1, Capability::ALL.iter().copied());
    let after = done(Some(ticket), &command(Act::Redispatch, everything()), &all, &tables, at(60)).unwrap().0.unwrap();
    assert_eq!(after.clocks(&tables, at(60)).colour, before.colour);
    assert_eq!(after.clocks(&tables, at(60)).legal.map(|legal| legal.due), before.legal.map(|legal| legal.due));
}

#[test]
fn an_extension_is_granted_as_often_and_as_far_as_the_row_allows() {
    let (tables, all) = (tables(), viewer(1, Capability::ALL.iter().copied()));
    let grant = |ticket: Ticket, days| done(Some(ticket), &command(Act::GrantExtension, Given { days: Some(days), ..everything() }), &all, &tables, at(60));
    let asked = brought("dispatch sign request_extension");
    let row = tables.limit_of(&asked).clone();
    let cap = row.extension_cap.unwrap().amount;
    assert_eq!(row.extensions_allowed, 1);
    let beyond = grant(asked.clone(), cap + 1);
    assert!(matches!(&beyond, Err(Refusal::Unknown { field, .. }) if field == "days"), "{beyond:?}");
    let granted = grant(asked.clone(), cap).unwrap().0.unwrap();
    assert!(granted.clocks(&tables, at(61)).legal.unwrap().due > asked.clocks(&tables, at(61)).legal.unwrap().due);
    let again = done(Some(granted), &command(Act::RequestExtension, everything()), &all, &tables, at(62)).unwrap().0.unwrap();
    let second = grant(again, 1);
    assert!(matches!(&second, Err(Refusal::Unknown { field, .. }) if field == "extensions"), "{second:?}");
}

/// What a walk may try: an act, with what, after how many minutes.
fn walk() -> impl Strategy<Value = Vec<(usize, bool, Option<i64>, bool, i64)>> {
    prop::collection::vec((0..Act::ALL.len(), any::<bool>(), prop::option::of(1..6i64), any::<bool>(), 0..3000i64), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// apply ∘ decide, wherever a walk leads.
    #[test]
    fn whatever_is_decided_folds_into_what_the_account_says(walk in walk()) {
        let (rows, tables) = (account(), tables());
        let mut ticket = done(None, &command(Act::Accept, Given::default()), &viewer(1, Capability::ALL.iter().copied()), &tables, at(0)).unwrap().0.unwrap();
        let (mut minute, mut counts) = (0, BTreeMap::<String, i64>::new());
        let mut set_aside = Vec::new();
        for (act, solved, rating, reached, minutes) in walk {
            minute += minutes;
            let act = Act::ALL[act];
            let who = viewer(1 + u128::from(reached), Capability::ALL.iter().copied());
            let given = Given { solved: Some(solved), rating, reached: Some(reached), ..everything() };
            let Ok((after, events)) = done(Some(ticket.clone()), &command(act, given), &who, &tables, at(minute)) else { continue };
            let after = after.unwrap();
            prop_assert_eq!(after.version, ticket.version + events.len() as i64);
            if let [TicketEvent::Undone { .. }] = events[..] {
                // It is as if that had not happened, but for the log.
                let what = if ticket.step == Step::Dispatched { "dispatched" } else { "answered" };
                *counts.get_mut(&format!("ticket.{what}")).unwrap() -= 1;
                prop_assert_eq!((after.step, after.unit.as_deref(), after.undoable.is_none()), (Step::Accepted, None, true));
                ticket = after;
                continue;
            }
            for event in &events {
                *counts.entry(event.pack().unwrap().0).or_default() += 1;
            }
            if let (Some(row), false) = (rows.iter().find(|row| row.act == act), events.is_empty()) {
                prop_assert!(row.steps.contains_key(ticket.step.code()), "{:?} at {:?}", act, ticket.step);
                let to = match row.to { "=" => ticket.step.code(), "<" => set_aside.pop().unwrap(), to => to };
                prop_assert_eq!(after.step.code(), to);
                if matches!(row.to, "return_requested" | "suspended") {
                    set_aside.push(ticket.step.code());
                }
            }
            ticket = after;
            let count = |kind: &str| counts.get(&format!("ticket.{kind}")).copied().unwrap_or_default();
            let facts = &ticket.facts;
            prop_assert_eq!((ticket.hops, ticket.returns, ticket.urges), (count("redispatched"), count("return_requested"), count("urged")));
            prop_assert_eq!(ticket.promises.len() as i64, count("promised"));
            prop_assert_eq!(ticket.promises.iter().filter(|promise| promise.kept_at.is_some()).count() as i64, count("promise_kept"));
            prop_assert_eq!(ticket.round, 1 + count("reworked"));
            prop_assert_eq!(facts.rounds.len() as i64, count("dispatched") + count("reworked"));
            prop_assert_eq!(facts.suspensions.len() as i64, count("suspended"));
            prop_assert_eq!(facts.suspensions.iter().filter(|pause| pause.until.is_some()).count() as i64, count("resumed"));
            prop_assert_eq!(facts.extensions.len() as i64, count("extension_granted"));
            prop_assert_eq!(facts.rounds.iter().filter(|round| round.closed.is_some()).count() as i64, count("reviewed"));
            let left = matches!(ticket.step, Step::Answered | Step::Merged | Step::Cancelled | Step::NotAccepted | Step::PassedOn)
                || (ticket.step == Step::Archived && count("answered") == 1);
            prop_assert_eq!(facts.withdrawn.is_some(), left);
            prop_assert!(ticket.return_bound <= (ticket.returns >= 3));
            if count("progressed") + count("replied") > 0 {
                prop_assert!(facts.first_handled.is_some());
            }
            if count("contacted") + count("progressed") + count("replied") == 0 {
                prop_assert!(facts.first_handled.is_none());
            }
            // Flags are raised once each, and only for what was due.
            let mut raised = ticket.raised.clone();
            raised.dedup();
            prop_assert_eq!(raised.len() as i64, count("flag_raised"));
            if act == Act::Turn {
                prop_assert_eq!(decide(Some(&ticket), &Command::Turn, None, &tables, at(minute)), Ok(vec![]));
            }
        }
    }
}

#[test]
fn an_intake_that_was_dispatched_at_once_is_undone_whole_and_only_within_ten_seconds_by_whoever_did_it() {
    let (tables, all) = (tables(), viewer(1, Capability::ALL.iter().copied()));
    let mut ticket: Option<Ticket> = None;
    let at_once = |ticket: Option<Ticket>, asked: &Command, now| {
        let mut ticket = ticket;
        for event in decide(ticket.as_ref(), asked, Some(&all), &tables, now).unwrap() {
            let mut envelope = envelope(ticket.as_ref(), &event, all.user, now);
            envelope.cause.command_key = Some("one command".into());
            ticket = fold(ticket, &event, &envelope);
        }
        ticket
    };
    for asked in [command(Act::Accept, Given::default()), command(Act::Dispatch, everything())] {
        ticket = at_once(ticket, &asked, at(0));
    }
    let undo = |user, seconds| done(ticket.clone(), &command(Act::Undo, Given::default()), &viewer(user, Capability::ALL.iter().copied()), &tables, at(0) + chrono::TimeDelta::seconds(seconds));
    let undone = undo(1, 10).unwrap().0.unwrap();
    assert_eq!((undone.step, undone.unit.as_deref(), undone.facts.rounds.len()), (Step::Cancelled, None, 0));
    assert!(undone.facts.withdrawn.is_some(), "no clock runs on it");
    for (user, seconds, why) in [(2, 3, "another's"), (1, 13, "too late")] {
        assert!(matches!(undo(user, seconds), Err(Refusal::IllegalStep { act: Act::Undo, .. })), "{why}");
    }
}

#[test]
fn a_promise_lies_ahead_and_a_policy_answer_is_due_within_the_hour() {
    use hotline::domain::ticket::PromiseKind;
    let (tables, all) = (tables(), viewer(1, Capability::ALL.iter().copied()));
    let promise = |given: Given| done(Some(brought("dispatch")), &command(Act::Promise, given), &all, &tables, at(60));
    let made = promise(Given { promise: Some(PromiseKind::PolicyAnswer), ..Given::default() }).unwrap().0.unwrap();
    assert_eq!((made.promises[0].no, made.promises[0].due), (1, at(120)));
    let past = promise(Given { due: Some(at(60)), ..Given::default() });
    assert!(matches!(&past, Err(Refusal::Unknown { field, .. }) if field == "due"), "{past:?}");
    let second = done(Some(made), &command(Act::Promise, Given { due: Some(at(90)), ..Given::default() }), &all, &tables, at(61)).unwrap().0;
    // The one that is due first is kept first, where none is named.
    let kept = done(second, &command(Act::KeepPromise, Given::default()), &all, &tables, at(62)).unwrap().0.unwrap();
    assert_eq!(kept.promises.iter().map(|promise| promise.kept_at).collect::<Vec<_>>(), [None, Some(at(62))]);
    let named = |no| done(Some(kept.clone()), &command(Act::KeepPromise, Given { promise_no: Some(no), ..Given::default() }), &all, &tables, at(63));
    assert!(named(1).is_ok() && named(2).is_err() && named(3).is_err());
}
