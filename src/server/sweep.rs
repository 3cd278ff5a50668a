//! 巡检 (sweep): turns flags at their moment. Its cost grows with what is due, not with what is open.
use super::node::Node;
use super::store::{idempotency, turns, users};
use super::work::{self, Answer};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often it looks.
const TICK: Duration = Duration::from_millis(500);
/// How many tickets one look takes.
const TAKE: i64 = 500;

/// Sweeps until the node stops.
pub async fn run(node: Arc<Node>) {
    let mut hourly = 0u32;
    loop {
        match once(&node).await {
            Ok(turned) => {
                node.swept.store(u64::try_from(node.started.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
                if turned as i64 == TAKE {
                    continue;
                }
            }
            Err(fault) => tracing::warn!(?fault, "the sweep failed; it tries again"),
        }
        if hourly.is_multiple_of(7200) {
            forget(&node).await;
        }
        hourly = hourly.wrapping_add(1);
        tokio::time::sleep(TICK).await;
    }
}

/// One look: how many tickets it turned.
///
/// # Errors
/// The store's.
pub async fn once(node: &Arc<Node>) -> Result<usize, super::fault::Fault> {
    let now = node.clock.now();
    let due = turns::due(&mut node.store.reader().await?.tx(), node.centre, now, TAKE).await?;
    let count = due.len();
    let turns = due.into_iter().map(|id| node.by_itself(move |work| work::turn(work, id)));
    for turned in futures_util::future::join_all(turns).await {
        turned?;
    }
    Ok(count)
}

async fn forget(node: &Arc<Node>) {
    let (centre, now, world) = (node.centre, node.clock.now(), node.clock.world());
    let forgot = node
        .store
        .write(Arc::new(move |tx| {
            Box::pin(async move {
                users::forget_sessions(tx, centre, world).await?;
                Answer::json(200, &idempotency::forget(tx, centre, now).await?)
            })
        }))
        .await;
    if let Err(fault) = forgot {
        tracing::warn!(?fault, "old answers and sessions were not forgotten; tried again later");
    }
}
