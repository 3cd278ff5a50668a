//! Audit: who did, saw and revealed what; the chain that holds it together, walked; its head, to be kept elsewhere.
use super::{Exit, Failure, Paging, Session, city_time};
use crate::api::MAX_LIMIT;
use crate::api::audit::{AuditQuery, AuditRow, ChainHead, ChainQuery};
use crate::config::Fault;
use crate::domain::Timestamp;
use crate::domain::city_offset;
use crate::words;
use chrono::{NaiveDate, NaiveTime, TimeZone, Utc};
use clap::Subcommand;
use std::path::PathBuf;

/// 审计 (audit).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 审计记录，最新的在前 What everybody did, newest first
    List {
        /// 谁 who: login
        #[arg(long)]
        person: Option<String>,
        /// 事件或对象 kind: access.revealed, access.viewed, access.overused, or access, ticket, call, user, table, article, import
        #[arg(long)]
        kind: Option<String>,
        /// 哪件工单 about which ticket: number or id
        #[arg(long)]
        ticket: Option<String>,
        /// 起，含 from: 2026-11-22 or a full time
        #[arg(long, value_parser = moment)]
        from: Option<Timestamp>,
        /// 止，不含 to, not included
        #[arg(long, value_parser = moment)]
        to: Option<Timestamp>,
        /// How much.
        #[command(flatten)]
        paging: Paging,
    },
    /// 核验审计链，断开时退出码为 1 Walk the audit chain; exits 1 where it breaks, naming the first break
    Verify {
        /// 以前存下的链首 a head kept earlier (the JSON of `audit head`): what the log held then it must still hold
        #[arg(long, value_name = "FILE")]
        head: Option<PathBuf>,
    },
    /// 导出链首，存到别处 The head of the chain, to be kept elsewhere
    Head,
}

/// A day of the city, or a moment.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let day: NaiveDate = text.parse().map_err(|_| "2026-11-22 | 2026-11-22T08:00:00+08:00".to_owned())?;
    city_offset().from_local_datetime(&day.and_time(NaiveTime::MIN)).single().map(|at| at.with_timezone(&Utc)).ok_or_else(|| "2026-11-22".to_owned())
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::List { person, kind, ticket, from, to, paging } => {
            let query = AuditQuery { person, kind, ticket: ticket.as_deref().map(super::ticket::named), from, to, cursor: paging.after, limit: None };
            list(session, query, paging.limit).await
        }
        Verb::Verify { head } => verify(session, head).await,
        Verb::Head => {
            let head = session.connect().await?.audit_head().await?;
            if session.out.json {
                session.out.value(&head)?;
            } else {
                session.out.line(&format!("{} {} {}", head.position, city_time(head.recorded_at), head.hash))?;
            }
            Ok(Exit::Ok)
        }
    }
}

async fn list(session: &Session, mut query: AuditQuery, wanted: u32) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let mut items: Vec<AuditRow> = Vec::new();
    loop {
        query.limit = Some((wanted - items.len() as u32).min(MAX_LIMIT));
        let page = client.audit(&query).await?;
        items.extend(page.items);
        query.cursor = page.next;
        // A page may be empty and yet not the last: the server goes over a stretch of the log at a time.
        if query.cursor.is_none() || items.len() >= wanted as usize {
            break;
        }
    }
    let rows = items.iter().map(columns).collect();
    super::ticket::listed(session, &items, rows, query.cursor)
}

fn columns(row: &AuditRow) -> Vec<String> {
    let text = |field: &str| row.fields.get(field).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    let reason = if row.kind == "access.revealed" { super::ticket::reveal_words(&text("reason")) } else { String::new() };
    let note = row.note.as_ref().map_or_else(|| reason.clone(), |note| format!("{reason} · {note}"));
    let about = row.number.clone().unwrap_or_else(|| row.id.to_string());
    vec![row.position.to_string(), city_time(row.at), row.by.clone(), super::ticket::event_words(&row.kind), about, note]
}

async fn verify(session: &Session, kept: Option<PathBuf>) -> Result<Exit, Failure> {
    let kept: Option<ChainHead> = match kept {
        Some(path) => {
            let fault = |text: String| Failure::Faults(vec![Fault::of(path.display().to_string(), text)]);
            let bytes = std::fs::read(&path).map_err(|error| fault(error.to_string()))?;
            Some(serde_json::from_slice(&bytes).map_err(|error| fault(error.to_string()))?)
        }
        None => None,
    };
    let client = session.connect().await?;
    // The kept head first: whoever can write the database can chain it anew, and only what was kept elsewhere shows that.
    if let Some(kept) = kept.as_ref().filter(|kept| kept.position > 0) {
        let there = client.audit_chain(&ChainQuery { after: kept.position - 1, limit: Some(1) }).await?.head;
        if (there.position, &there.hash) != (kept.position, &kept.hash) {
            return told(session, Some(kept.position), None, words!("cli-audit-other-head", position = kept.position.to_string()));
        }
    }
    let mut after = 0;
    loop {
        let stretch = client.audit_chain(&ChainQuery { after, limit: None }).await?;
        if let Some(position) = stretch.broken_at {
            return told(session, Some(position), None, words!("cli-audit-broken", position = position.to_string()));
        }
        if stretch.ended || stretch.head.position == after {
            let words = words!("cli-audit-whole", position = stretch.head.position.to_string(), hash = stretch.head.hash.as_str());
            return told(session, None, Some(&stretch.head), words);
        }
        after = stretch.head.position;
    }
}

fn told(session: &Session, broken_at: Option<i64>, head: Option<&ChainHead>, words: String) -> Result<Exit, Failure> {
    if session.out.json {
        session.out.value(&serde_json::json!({ "broken_at": broken_at, "head": head }))?;
    } else {
        session.out.line(&words)?;
    }
    Ok(if broken_at.is_some() { Exit::Refused } else { Exit::Ok })
}
