//! `ticket promises`: what was promised and is still to be kept, and the words for one promise.
use super::listed;
use crate::api::calls::OpenPromise;
use crate::api::tickets::PromiseRow;
use crate::cli::{Exit, Failure, Session, city_due, city_time};
use crate::words;
use chrono::Utc;

/// A promise in one line: what, by when, where, in whose words, whether it was kept.
pub(in crate::cli) fn promise_words(promise: &PromiseRow) -> String {
    let kept = promise.kept_at.map(|at| words!("promise-kept", at = city_time(at)));
    let kind = words::find(&format!("promise-{}", promise.kind.code().replace('_', "-"))).unwrap_or_default();
    let facts = [Some(format!("{kind} {}", city_due(promise.due))), promise.place.clone(), promise.visitor.clone(), promise.text.clone(), kept];
    facts.into_iter().flatten().collect::<Vec<_>>().join("  ")
}

pub(super) async fn run(session: &Session) -> Result<Exit, Failure> {
    let page = session.connect().await?.promises().await?;
    let now = Utc::now();
    let row = |open: &OpenPromise| {
        let late = if open.promise.due <= now { format!("✖{}", words!("promise-late")) } else { "-".to_owned() };
        vec![open.number.clone(), late, promise_words(&open.promise), open.unit_name.clone().unwrap_or_default()]
    };
    let rows = page.items.iter().map(row).collect();
    listed(session, &page.items, rows, page.next)
}
