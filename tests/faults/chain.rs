//! P30: the log is only appended to, and whatever is done to it behind the server's back is found, with its position: a
//! thousand changes, deletions, reorderings and truncations, each in a log that was whole before. What a database's owner
//! chains anew is whole in itself; a head kept elsewhere shows it.
use crate::api::matrix::new_ticket;
use crate::rules::{on_both, ring};
use crate::store::raw::{Cell, Raw};
use crate::support::backend::{Backend, Kind};
use crate::support::dice::Dice;
use crate::support::served::hotline;
use crate::support::until;
use hotline::api::audit::ChainQuery;
use hotline::client::{Client, new_key};
use hotline::server::Database;
use ring::digest::{Context, SHA256};
use tempfile::TempDir;

const SAVED: [&str; 3] = ["event", "event_position", "seq_state"];

/// A log with something of everything in it, every event at its position, and who reads it.
async fn city(kind: Kind) -> Option<(Backend, Client, Raw, i64)> {
    let backend = Backend::start(kind).await?;
    let auditor = backend.with_roles("t.auditor", &["auditor"], None).await;
    for call in 0..4 {
        let call = backend.admin.ring(&ring(&call.to_string(), None), &new_key()).await.unwrap();
        backend.admin.act_on_call(call.id, "take", &new_key()).await.unwrap();
        let wanted = hotline::api::tickets::NewTicket { call: Some(call.id), ..new_ticket(Some("city.dc.zjj")) };
        backend.admin.create_ticket(&wanted, &new_key()).await.unwrap();
        backend.admin.act_on_call(call.id, "wrap_up", &new_key()).await.unwrap();
    }
    let raw = Raw::open(&backend.settings.database).await;
    until("every event has its position", 60, || async {
        let count = |table: &'static str| raw.rows(table);
        (count("SELECT count(*) FROM event").await == count("SELECT count(*) FROM event_position").await).then_some(())
    })
    .await;
    let last = auditor.audit_head().await.unwrap().position;
    Some((backend, auditor, raw, last))
}

/// As `hotline audit verify` walks.
async fn first_break(auditor: &Client, limit: Option<u32>) -> Option<i64> {
    let mut after = 0;
    loop {
        let stretch = auditor.audit_chain(&ChainQuery { after, limit }).await.unwrap();
        if stretch.broken_at.is_some() || stretch.ended || stretch.head.position == after {
            return stretch.broken_at;
        }
        after = stretch.head.position;
    }
}

/// One thing done to the log, and the position it must be found at.
fn harm(dice: &Dice, raw: &Raw, last: i64) -> (String, i64) {
    let bytes = |count: usize| raw.literal(&(0..count).map(|_| dice.below(256) as u8).collect::<Vec<u8>>());
    let at = 1 + dice.below(last as u64) as i64;
    let other = 1 + dice.below(last as u64) as i64;
    let (one, two) = (at.min(other), at.max(other));
    let event = |at: i64| format!("centre = 1 AND id = (SELECT event_id FROM event_position WHERE centre = 1 AND position = {at})");
    let place = |at: i64| format!("centre = 1 AND position = {at}");
    let behind = |at: i64| if at < last { at + 1 } else { at };
    match dice.below(10) {
        0..4 => {
            let changes = [
                "aggregate = aggregate || 'x'".to_owned(),
                format!("aggregate_id = {}", bytes(16)),
                "version = version + 1000".into(),
                "kind = kind || 's'".into(),
                "schema = schema + 1".into(),
                "occurred_at = occurred_at - 1".into(),
                "recorded_at = recorded_at - 1".into(),
                "recorded_at = recorded_at + 1".into(),
                "actor = actor || '0'".into(),
                "command_key = coalesce(command_key, '') || '0'".into(),
                "command_key = CASE WHEN command_key IS NULL THEN '' END".into(),
                format!("call_id = CASE WHEN call_id IS NULL THEN {} END", raw.literal(&[])),
                format!("call_id = {}", bytes(16)),
                "round = round + 1".into(),
                "payload = payload || ' '".into(),
                format!("digest = {}", bytes(32)),
                format!("id = {}", bytes(16)),
                "centre = centre + 1".into(),
            ];
            (format!("UPDATE event SET {} WHERE {}", changes[dice.below(changes.len() as u64) as usize], event(at)), at)
        }
        4 => {
            let changes = [format!("hash = {}", bytes(32)), "recorded_at = recorded_at + 1".into(), "recorded_at = recorded_at - 1".into(), format!("event_id = {}", bytes(16))];
            (format!("UPDATE event_position SET {} WHERE {}", changes[dice.below(4) as usize], place(at)), at)
        }
        // A row that is gone: the next one follows on nothing; of the last one only the head knows.
        5 => match dice.below(2) {
            0 => (format!("DELETE FROM event WHERE {}", event(at)), at),
            _ => (format!("DELETE FROM event_position WHERE {}", place(at)), behind(at)),
        },
        6 => match dice.below(2) {
            0 => (format!("DELETE FROM event_position WHERE centre = 1 AND position >= {at}"), at),
            _ => (
                format!(
                    "DELETE FROM event WHERE centre = 1 AND id IN (SELECT event_id FROM event_position WHERE position >= {at}); DELETE FROM event_position WHERE centre = 1 AND position >= {at}"
                ),
                at,
            ),
        },
        // Two in each other's place, whole or the event alone. One and the same: it is gone.
        7 if one == two => (format!("DELETE FROM event_position WHERE {}", place(at)), behind(at)),
        7 => match dice.below(2) {
            0 => (
                format!(
                    "UPDATE event_position SET position = -1 WHERE {}; UPDATE event_position SET position = {one} WHERE {}; UPDATE event_position SET position = {two} WHERE centre = 1 AND position = -1",
                    place(one),
                    place(two)
                ),
                one,
            ),
            _ => (
                format!(
                    "CREATE TABLE two AS SELECT position, event_id FROM event_position WHERE centre = 1 AND position IN ({one}, {two}); UPDATE event_position SET event_id = {} WHERE {}; \
                     UPDATE event_position SET event_id = (SELECT event_id FROM two WHERE position = {one}) WHERE {}; UPDATE event_position SET event_id = (SELECT event_id FROM two WHERE position = {two}) WHERE {}; DROP TABLE two",
                    bytes(16),
                    place(one),
                    place(two),
                    place(one)
                ),
                one,
            ),
        },
        // Taken out, and everything behind it moved up; or moved to the end.
        8 => match dice.below(2) {
            0 => (
                format!(
                    "DELETE FROM event_position WHERE {}; UPDATE event_position SET position = -position WHERE centre = 1 AND position > {at}; UPDATE event_position SET position = -position - 1 WHERE centre = 1 AND position < 0",
                    place(at)
                ),
                at,
            ),
            _ => (format!("UPDATE event_position SET position = {} WHERE {}", last + 1, place(at)), at + 1),
        },
        _ => {
            let changes =
                [format!("UPDATE seq_state SET hash = {}", bytes(32)), "UPDATE seq_state SET recorded_at = recorded_at + 1".into(), "UPDATE seq_state SET position = position + 1".into(), "UPDATE seq_state SET position = position - 1".into(), "DELETE FROM seq_state".into()];
            (changes[dice.below(5) as usize].clone(), last + 1)
        }
    }
}

async fn save(raw: &Raw) {
    raw.unguard().await;
    if let Raw::Sqlite(connection) = raw {
        connection.execute_batch("PRAGMA synchronous = OFF").unwrap();
    }
    for table in SAVED {
        raw.run(&format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
    }
}

async fn put_back(raw: &Raw) {
    let again = SAVED.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table}"));
    raw.batch(&again.join("; ")).await;
}

async fn whatever_is_done_to_the_log_is_found(kind: Kind) {
    let Some((backend, auditor, raw, last)) = city(kind).await else { return };
    let dice = Dice::of_the_run("harm to the log");
    save(&raw).await;
    assert_eq!(first_break(&auditor, None).await, None);
    let trials = if kind == Kind::Sqlite { 1_000 } else { 150 };
    for trial in 0..trials {
        let (sql, wanted) = harm(&dice, &raw, last);
        raw.batch(&sql).await;
        // Every tenth in short stretches: what lies at a seam is found as well.
        let limit = (trial % 10 == 0).then(|| 20 + dice.below(60) as u32);
        assert_eq!(first_break(&auditor, limit).await, Some(wanted), "trial {trial}, stretches of {limit:?}: {sql}");
        if trial % 125 == 0 {
            let (code, out, errors) = verify(&backend, &auditor, &[]);
            assert!(code == 1 && out.contains(&format!("第 {wanted} 条")), "{code} {out} {errors}");
        }
        put_back(&raw).await;
    }
    assert_eq!(first_break(&auditor, None).await, None, "put back, it is whole");
    println!("{trials} of {trials} found at their position");
}

fn verify(backend: &Backend, auditor: &Client, more: &[&str]) -> (i32, String, String) {
    let home = TempDir::new().unwrap();
    let mut arguments = vec!["audit", "verify", "--server", &backend.url];
    arguments.extend(more);
    hotline(home.path(), &arguments, &[("HOTLINE_TOKEN", auditor.token().unwrap())])
}

/// The stored form of an event's digest, made here from the row alone.
async fn digest_of(raw: &Raw, at: i64) -> Vec<u8> {
    let columns = "e.centre, e.id, e.aggregate, e.aggregate_id, e.version, e.kind, e.schema, e.occurred_at, e.recorded_at, e.actor, e.command_key, e.call_id, e.round, e.payload";
    let row = raw.rows(&format!("SELECT {columns} FROM event e JOIN event_position p ON p.event_id = e.id WHERE p.position = {at}")).await.remove(0);
    let mut sha = Context::new(&SHA256);
    for cell in &row {
        let length = if *cell == Cell::Null { u64::MAX } else { cell.bytes().len() as u64 };
        sha.update(&length.to_be_bytes());
        sha.update(&cell.bytes());
    }
    sha.finish().as_ref().to_vec()
}

/// Chains everything from a position on anew, as one can who owns the database.
async fn chain_anew(raw: &Raw, from: i64) {
    let digest = raw.literal(&digest_of(raw, from).await);
    raw.run(&format!("UPDATE event SET digest = {digest} WHERE id = (SELECT event_id FROM event_position WHERE position = {from})")).await;
    let mut hash = if from == 1 { vec![0; 32] } else { raw.rows(&format!("SELECT hash FROM event_position WHERE position = {}", from - 1)).await[0][0].bytes() };
    let rows = raw.rows(&format!("SELECT p.position, p.event_id, p.recorded_at, e.digest FROM event_position p JOIN event e ON e.id = p.event_id WHERE p.position >= {from} ORDER BY p.position")).await;
    let mut all = Vec::new();
    for row in rows {
        let mut sha = Context::new(&SHA256);
        [hash, row[0].bytes(), row[1].bytes(), row[2].bytes(), row[3].bytes()].iter().for_each(|part| sha.update(part));
        hash = sha.finish().as_ref().to_vec();
        all.push(format!("UPDATE event_position SET hash = {} WHERE position = {}", raw.literal(&hash), row[0].int()));
    }
    all.push(format!("UPDATE seq_state SET hash = {}", raw.literal(&hash)));
    raw.batch(&all.join("; ")).await;
}

async fn what_was_chained_anew_is_shown_by_a_head_kept_elsewhere(kind: Kind) {
    let Some((backend, auditor, raw, last)) = city(kind).await else { return };
    let dice = Dice::of_the_run("a log chained anew");
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("head.json").display().to_string();
    std::fs::write(&file, serde_json::to_vec(&auditor.audit_head().await.unwrap()).unwrap()).unwrap();
    save(&raw).await;
    for trial in 0..6 {
        let at = 1 + dice.below(last as u64 - 1) as i64;
        if trial % 2 == 0 {
            raw.run(&format!("UPDATE event SET actor = 'system' WHERE id = (SELECT event_id FROM event_position WHERE position = {at})")).await;
            raw.run(&format!("UPDATE event SET actor = 'exchange:x' WHERE actor = 'system' AND id = (SELECT event_id FROM event_position WHERE position = {at})")).await;
            chain_anew(&raw, at).await;
        } else {
            // Cut off, and the head set back to where it ends now.
            let end = "(SELECT max(position) FROM event_position)";
            raw.batch(&format!("DELETE FROM event_position WHERE position > {at}; UPDATE seq_state SET position = {at}, recorded_at = (SELECT recorded_at FROM event_position WHERE position = {end}), hash = (SELECT hash FROM event_position WHERE position = {end})")).await;
        }
        assert_eq!(first_break(&auditor, None).await, None, "whole in itself");
        let (code, out, errors) = verify(&backend, &auditor, &["--head", &file]);
        assert!(code == 1 && out.contains(&last.to_string()), "{code} {out} {errors}");
        put_back(&raw).await;
        assert_eq!(verify(&backend, &auditor, &["--head", &file]).0, 0);
    }
}

async fn the_log_refuses_to_be_changed(kind: Kind) {
    let Some((backend, auditor, raw, _)) = city(kind).await else { return };
    let mut acts = vec!["UPDATE seq_state SET position = position - 1".to_owned(), "DELETE FROM seq_state".into()];
    for table in ["event", "event_position"] {
        acts.extend([format!("UPDATE {table} SET recorded_at = 0"), format!("UPDATE {table} SET centre = centre WHERE centre = 1"), format!("DELETE FROM {table}"), format!("DELETE FROM {table} WHERE centre = 1")]);
        if kind == Kind::Postgres {
            acts.push(format!("TRUNCATE {table}"));
        }
    }
    for act in acts {
        let refused = raw.attempt(&act).await.expect_err(&act);
        assert!(refused.contains("the log is only appended to"), "{act}: {refused}");
    }
    backend.admin.ring(&ring("after", None), &new_key()).await.unwrap();
    assert_eq!(first_break(&auditor, None).await, None);
}

/// The role the README speaks of: it serves, and can do nothing to the log but add to it.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_serves_as_a_role_that_can_only_add_to_the_log() {
    let Some((backend, auditor, owner, _)) = city(Kind::Postgres).await else { return };
    let Database::Postgres(url) = backend.settings.database.clone() else { panic!("PostgreSQL was asked for") };
    let role = format!("app_{}", url.rsplit('/').next().unwrap());
    owner.run(&format!("CREATE ROLE {role} LOGIN")).await;
    let grants: Vec<String> = include_str!("../../README.md").lines().filter(|line| line.starts_with("GRANT ") || line.starts_with("REVOKE ")).map(|line| line.replace("hotline_app", &role)).collect();
    assert_eq!(grants.len(), 4);
    owner.batch(&grants.join(" ")).await;
    let mut settings = backend.settings.clone();
    settings.database = Database::Postgres(url.replace("//postgres@", &format!("//{role}@")));
    let raw = Raw::open(&settings.database).await;
    let served = Backend::over(settings, TempDir::new().unwrap()).await;
    let call = served.admin.ring(&ring("as a role", None), &new_key()).await.unwrap();
    served.admin.act_on_call(call.id, "take", &new_key()).await.unwrap();
    let ticket = served.admin.create_ticket(&new_ticket(Some("city.dc.zjj")), &new_key()).await.unwrap();
    served.admin.act(ticket.id, hotline::domain::ticket::Act::Sign, &Default::default(), &new_key()).await.unwrap();
    assert_eq!(first_break(&auditor, None).await, None);
    for act in ["UPDATE event SET round = 1", "DELETE FROM event", "TRUNCATE event", "UPDATE event_position SET recorded_at = 0", "DELETE FROM event_position", "TRUNCATE event_position", "DELETE FROM seq_state"] {
        let refused = raw.attempt(act).await.expect_err(act);
        assert!(refused.contains("permission denied"), "{act}: {refused}");
    }
    for act in ["ALTER TABLE event DISABLE TRIGGER USER", "DROP TRIGGER event_append_only ON event", "DROP TABLE event", "DROP FUNCTION append_only() CASCADE"] {
        let refused = raw.attempt(act).await.expect_err(act);
        assert!(refused.contains("must be owner"), "{act}: {refused}");
    }
    raw.attempt("SET session_replication_role = replica").await.unwrap_err();
}

on_both! {
    whatever_is_done_to_the_log_is_found => whatever_is_done_to_the_log_is_found_on_sqlite, whatever_is_done_to_the_log_is_found_on_postgres;
    what_was_chained_anew_is_shown_by_a_head_kept_elsewhere => what_was_chained_anew_is_shown_on_sqlite, what_was_chained_anew_is_shown_on_postgres;
    the_log_refuses_to_be_changed => the_log_refuses_to_be_changed_on_sqlite, the_log_refuses_to_be_changed_on_postgres;
}
