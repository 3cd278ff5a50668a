//! 明文查看: on record before it shows, once for a key, for whoever has the matter in hand; seen too often it alarms; who saw
//! a ticket is told on the ticket.
use super::{no, on_both};
use crate::api::matrix::new_ticket;
use crate::api::people::{OTHER, OWN};
use crate::store::raw::Raw;
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use futures_util::StreamExt;
use hotline::api::audit::{AuditQuery, RevealRequest};
use hotline::api::calls::Ring;
use hotline::api::tickets::{ActRequest, NewTicket, TicketRow};
use hotline::client::{Client, new_key};
use hotline::domain::access::{RevealReason, USUAL};
use hotline::domain::ticket::Act;
use hotline::server::Running;

const NUMBER: &str = "10000088517";
const NAME: &str = "孙明文";

fn why(reason: RevealReason) -> RevealRequest {
    RevealRequest { reason, note: None }
}

/// A call of the sentinel taken by this person, and the ticket they made of it.
async fn taken_in(backend: &Backend, by: &Client, unit: Option<&str>) -> TicketRow {
    let ring = Ring { exchange: "test".into(), exchange_call: new_key(), line: Default::default(), number: NUMBER.into(), name: Some(NAME.into()), district: None };
    let call = backend.admin.ring(&ring, &new_key()).await.unwrap();
    by.act_on_call(call.id, "take", &new_key()).await.unwrap();
    let ticket = by.create_ticket(&NewTicket { call: Some(call.id), ..new_ticket(unit) }, &new_key()).await.unwrap();
    by.act_on_call(call.id, "wrap_up", &new_key()).await.unwrap();
    ticket
}

async fn a_number_shows_to_whoever_has_the_matter_in_hand(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let admin = &backend.admin;
    let one = backend.with_roles("t.one", &["operator"], None).await;
    let other = backend.with_roles("t.other", &["operator"], None).await;
    let dispatcher = backend.with_roles("t.dispatcher", &["dispatcher"], None).await;
    let handler = backend.with_roles("t.handler", &["handler_clerk"], Some(OWN)).await;
    let stranger = backend.with_roles("t.stranger", &["handler_clerk"], Some(OTHER)).await;
    let caller_back = backend.with_roles("t.back", &["call_back_agent"], None).await;
    let supervisor = backend.with_roles("t.supervisor", &["supervisor"], None).await;
    let ticket = taken_in(&backend, &one, Some(OWN)).await;
    let reveal = |by: &Client| {
        let by = by.clone();
        async move { by.reveal_ticket(ticket.id, &why(RevealReason::Verify), &new_key()).await }
    };
    let shown = reveal(&one).await.unwrap();
    assert_eq!((shown.number.as_deref(), shown.name.as_deref(), shown.by.as_str()), (Some(NUMBER), Some(NAME), "t.one"));
    assert!(!format!("{shown:?}").contains(NUMBER), "no log shows it by accident");
    assert_eq!(no(reveal(&other).await), (403, "not_in_hand".into()));
    assert_eq!(no(reveal(&dispatcher).await), (403, "forbidden".into()));
    assert_eq!(no(reveal(&stranger).await), (404, "not_found".into()));
    assert_eq!(no(reveal(&handler).await), (403, "not_in_hand".into()), "before it is signed");
    assert_eq!(no(reveal(&caller_back).await), (403, "not_in_hand".into()), "before it is reviewed");
    assert_eq!(reveal(&supervisor).await.unwrap().number.as_deref(), Some(NUMBER));
    handler.act(ticket.id, Act::Sign, &ActRequest::default(), &new_key()).await.unwrap();
    assert_eq!(reveal(&handler).await.unwrap().number.as_deref(), Some(NUMBER));
    handler.act(ticket.id, Act::Reply, &ActRequest { text: Some("已办".into()), ..ActRequest::default() }, &new_key()).await.unwrap();
    admin.act(ticket.id, Act::Review, &ActRequest::default(), &new_key()).await.unwrap();
    assert_eq!(reveal(&caller_back).await.unwrap().number.as_deref(), Some(NUMBER));
    // Why in words where it is none of the list; a ticket nobody called about has no number.
    let words = |note: &str| RevealRequest { reason: RevealReason::Other, note: Some(note.into()) };
    assert_eq!(no(one.reveal_ticket(ticket.id, &words("  "), &new_key()).await), (422, "missing".into()));
    assert_eq!(no(one.reveal_ticket(ticket.id, &words(&"长".repeat(501)), &new_key()).await), (422, "unknown".into()));
    one.reveal_ticket(ticket.id, &words("来电 13800000000 占线\u{202e}"), &new_key()).await.unwrap();
    let without = admin.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    assert_eq!(no(supervisor.reveal_ticket(without.id, &why(RevealReason::Verify), &new_key()).await), (422, "missing".into()));
    // Who looked, newest first; a number in the words is masked; the version of the ticket is not touched by looks.
    let looks = handler.looks(ticket.id).await.unwrap().items;
    let told: Vec<_> = looks.iter().map(|look| look.by.as_str()).collect();
    assert_eq!(told, ["t.one", "t.back", "t.handler", "t.supervisor", "t.one"]);
    assert!(looks[0].note.as_deref().is_some_and(|note| note.contains("占线") && note.contains("138****0000")), "{:?}", looks[0]);
    assert_eq!(admin.ticket(ticket.id).await.unwrap().row.version, 5 + ticket.version - 2);
    assert_eq!(Running::beside(&backend.settings).await.unwrap().rebuild_check().await.unwrap(), Vec::<serde_json::Value>::new());
}

async fn a_reveal_is_on_record_before_it_shows(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.with_roles("t.one", &["operator"], None).await;
    let ticket = taken_in(&backend, &operator, Some(OWN)).await;
    let raw = Raw::open(&backend.settings.database).await;
    let recorded = || raw.rows("SELECT count(*) FROM event WHERE kind = 'access.revealed'");
    let asked = || {
        let (http, token) = (reqwest::Client::new(), operator.token().unwrap().to_owned());
        let request = http.post(format!("{}/api/v1/tickets/{}/reveal", backend.url, ticket.id)).bearer_auth(token).header("idempotency-key", new_key());
        async move {
            let reply = request.json(&why(RevealReason::CallBack)).send().await.unwrap();
            (reply.status().as_u16(), reply.text().await.unwrap())
        }
    };
    // A log that takes nothing: nobody is shown anything.
    match kind {
        Kind::Sqlite => raw.run("CREATE TRIGGER shut BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'shut'); END").await,
        Kind::Postgres => {
            raw.run("CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''shut''; END'").await;
            raw.run("CREATE TRIGGER shut BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION shut()").await
        }
    };
    let (status, body) = asked().await;
    assert!(status >= 500 && !body.contains(NUMBER) && !body.contains(NAME), "{status} {body}");
    assert_eq!(recorded().await[0][0].int(), 0);
    raw.run(if kind == Kind::Sqlite { "DROP TRIGGER shut" } else { "DROP TRIGGER shut ON event" }).await;
    for count in 1..=20 {
        let (status, body) = asked().await;
        assert!(status == 201 && body.contains(NUMBER), "{status}");
        assert_eq!(recorded().await[0][0].int(), count, "there is a row for every look");
    }
}

async fn a_key_shows_a_number_once_and_no_answer_keeps_it(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.with_roles("t.one", &["operator"], None).await;
    let ticket = taken_in(&backend, &operator, Some(OWN)).await;
    let key = new_key();
    let first = operator.reveal_ticket(ticket.id, &why(RevealReason::Contact), &key).await.unwrap();
    assert_eq!(first.number.as_deref(), Some(NUMBER));
    let again = operator.reveal_ticket(ticket.id, &why(RevealReason::Contact), &key).await.unwrap();
    assert_eq!((again.event, again.number.clone(), again.name.clone()), (first.event, None, None), "the same look, and nothing to see");
    assert_eq!(no(operator.reveal_ticket(ticket.id, &why(RevealReason::Verify), &key).await), (422, "key_reused".into()));
    assert_eq!(operator.looks(ticket.id).await.unwrap().items.len(), 1);
    let raw = Raw::open(&backend.settings.database).await;
    for table in raw.tables().await {
        for text in raw.texts(&table).await {
            let hex: String = NUMBER.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(NUMBER) && !text.contains(NAME) && !text.contains(&hex), "in clear in {table}");
        }
    }
}

async fn looking_too_often_alarms_a_supervisor_once(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.with_roles("t.busy", &["operator"], None).await;
    let supervisor = backend.with_roles("t.supervisor", &["supervisor"], None).await;
    let ticket = taken_in(&backend, &operator, Some(OWN)).await;
    let streams: Vec<_> = [&supervisor, &operator]
        .into_iter()
        .map(|who| reqwest::Client::new().get(format!("{}/api/v1/events", backend.url)).bearer_auth(who.token().unwrap()).send())
        .collect();
    let mut heard = Vec::new();
    for stream in streams {
        let (told, mut bytes) = (std::sync::Arc::new(std::sync::Mutex::new(String::new())), stream.await.unwrap().bytes_stream());
        let into = std::sync::Arc::clone(&told);
        let task = tokio::spawn(async move {
            while let Some(Ok(chunk)) = bytes.next().await {
                into.lock().unwrap().push_str(&String::from_utf8_lossy(&chunk));
            }
        });
        heard.push((told, task));
    }
    let alarms = || async {
        let query = AuditQuery { kind: Some("access.overused".into()), ..AuditQuery::default() };
        supervisor.audit(&query).await.unwrap().items
    };
    let looks = |count: i64| {
        let operator = operator.clone();
        async move {
            for _ in 0..count {
                operator.reveal_ticket(ticket.id, &why(RevealReason::Contact), &new_key()).await.unwrap();
            }
        }
    };
    looks(USUAL).await;
    assert_eq!(alarms().await.len(), 0, "as many as are usual");
    looks(3).await;
    let told = until("the alarm has its position", 20, || async { Some(alarms().await).filter(|told| !told.is_empty()) }).await;
    assert_eq!((told.len(), told[0].by.as_str(), told[0].fields["count"].as_i64()), (1, "t.busy", Some(USUAL + 1)));
    let line = r#""op":"overused","by":"t.busy""#;
    until("the supervisor hears of it", 20, || async { heard[0].0.lock().unwrap().contains(line).then_some(()) }).await;
    assert!(!heard[1].0.lock().unwrap().contains("overused"), "who is meant does not");
    // The hour goes by: what was before it counts no more.
    backend.admin.advance_clock(3_700).await.unwrap();
    looks(1).await;
    assert_eq!(alarms().await.len(), 1);
    looks(USUAL).await;
    until("a second alarm for a second hour", 20, || async { (alarms().await.len() == 2).then_some(()) }).await;
    heard.iter().for_each(|(_, task)| task.abort());
}

async fn who_read_a_ticket_is_on_record(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let ticket = backend.admin.create_ticket(&new_ticket(Some(OWN)), &new_key()).await.unwrap();
    let reader = backend.with_roles("t.reader", &["reviewer"], None).await;
    let owner = backend.with_roles("t.owner", &["handler_clerk"], Some(OWN)).await;
    owner.act(ticket.id, Act::Claim, &ActRequest::default(), &new_key()).await.unwrap();
    for _ in 0..5 {
        reader.ticket(ticket.id).await.unwrap();
        owner.ticket(ticket.id).await.unwrap();
    }
    let looks = until("the look is on record", 20, || async { Some(backend.admin.looks(ticket.id).await.unwrap().items).filter(|looks| !looks.is_empty()) }).await;
    assert_eq!(looks.iter().map(|look| (look.by.as_str(), look.kind.as_str())).collect::<Vec<_>>(), [("t.reader", "access.viewed")], "once, and not whose ticket it is");
}

async fn a_centre_made_before_there_were_reveals_has_them(kind: Kind) {
    let Some(mut backend) = Backend::start(kind).await else { return };
    let raw = Raw::open(&backend.settings.database).await;
    let stripped = r#"replace(replace(replace(payload, ',"caller.reveal_any"', ''), ',"caller.reveal"', ''), ',"audit.read"', '')"#;
    raw.unguard().await;
    assert_eq!(raw.run(&format!("UPDATE event SET payload = {stripped} WHERE payload LIKE '%ticket.read%' AND aggregate = 'table'")).await, 14);
    let grants = |who: Client| async move { who.me().await.unwrap().grants.into_iter().map(|(capability, _)| capability.code()).collect::<Vec<_>>() };
    // Started again, it is as a new one, and a third start changes nothing.
    for _ in 0..2 {
        backend = backend.again().await;
        let supervisor = backend.with_roles(&format!("t.{}", &new_key()[..13]), &["supervisor"], None).await;
        let held = grants(supervisor).await;
        assert_eq!(held.iter().filter(|code| ["caller.reveal", "caller.reveal_any", "audit.read"].contains(code)).count(), 3, "{held:?}");
    }
    assert_eq!(raw.rows("SELECT count(*) FROM event WHERE aggregate = 'table' AND version = 2").await[0][0].int(), 8);
}

on_both! {
    a_centre_made_before_there_were_reveals_has_them => a_centre_made_before_there_were_reveals_has_them_on_sqlite, a_centre_made_before_there_were_reveals_has_them_on_postgres;
    a_number_shows_to_whoever_has_the_matter_in_hand => a_number_shows_to_whoever_has_the_matter_in_hand_on_sqlite, a_number_shows_to_whoever_has_the_matter_in_hand_on_postgres;
    a_reveal_is_on_record_before_it_shows => a_reveal_is_on_record_before_it_shows_on_sqlite, a_reveal_is_on_record_before_it_shows_on_postgres;
    a_key_shows_a_number_once_and_no_answer_keeps_it => a_key_shows_a_number_once_and_no_answer_keeps_it_on_sqlite, a_key_shows_a_number_once_and_no_answer_keeps_it_on_postgres;
    looking_too_often_alarms_a_supervisor_once => looking_too_often_alarms_a_supervisor_once_on_sqlite, looking_too_often_alarms_a_supervisor_once_on_postgres;
    who_read_a_ticket_is_on_record => who_read_a_ticket_is_on_record_on_sqlite, who_read_a_ticket_is_on_record_on_postgres;
}
