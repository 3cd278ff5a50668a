//! 查看详情 (views): who has read which ticket. A read stays cheap: it is noted here and put on record a moment later, many
//! at once. What a kill within that moment loses is a view, never a reveal: those are on record before they show.
use super::node::Node;
use super::work;
use crate::domain::Timestamp;
use crate::domain::ids::{TicketId, UserId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a view waits for company.
const PAUSE: Duration = Duration::from_secs(1);
/// Looked at again within this, it is the same look: a screen that follows a ticket asks for it with every change.
const SAME_LOOK: Duration = Duration::from_secs(600);

/// One view.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// What was read.
    pub ticket: TicketId,
    /// When.
    pub at: Timestamp,
}

/// Views not yet on record, and those of late.
#[derive(Default)]
pub struct Views {
    waiting: Mutex<HashMap<UserId, Vec<View>>>,
    lately: Mutex<HashMap<(UserId, TicketId), Instant>>,
}

impl Views {
    /// Notes that somebody has read a ticket.
    pub fn note(&self, user: UserId, ticket: TicketId, at: Timestamp) {
        let now = Instant::now();
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.get(&(user, ticket)).is_some_and(|seen| now - *seen < SAME_LOOK) {
            return;
        }
        if lately.len() > 50_000 {
            lately.retain(|_, seen| now - *seen < SAME_LOOK);
        }
        lately.insert((user, ticket), now);
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).entry(user).or_default().push(View { ticket, at });
    }
}

/// Puts on record what waits.
pub async fn record(node: &Arc<Node>) {
    let waiting = std::mem::take(&mut *node.views.waiting.lock().unwrap_or_else(PoisonError::into_inner));
    for (user, views) in waiting {
        if let Err(fault) = work::record_views(node, user, views.clone()).await {
            tracing::warn!(?fault, "views were not put on record; tried again");
            node.views.waiting.lock().unwrap_or_else(PoisonError::into_inner).entry(user).or_default().extend(views);
        }
    }
}

/// Records until the node stops.
pub async fn run(node: Arc<Node>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        record(&node).await;
    }
}
