//! Is it alive, is it ready, how is it doing. No personal data, no names: anybody may ask.
use crate::api::Problem;
use crate::server::export::{Export, State};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::log;
use crate::server::work::Answer;
use axum::extract::State as Held;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A sweep that has not finished for this long has stopped, milliseconds.
const SWEEP_STOPPED: u64 = 20_000;

/// What a node that is about to end answers to whatever comes too late, `/readyz` among it.
pub(super) fn stopping() -> Fault {
    Problem::new(503, "stopping", "本节点正在停机，请稍后重试。 This node is stopping; please try again.").retry_after(1).into()
}

fn sweep_age(node: &Node) -> u64 {
    u64::try_from(node.started.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_sub(node.swept.load(Ordering::Relaxed))
}

pub(super) async fn healthz(Held(node): Held<Arc<Node>>) -> Result<Answer, Fault> {
    let age = sweep_age(&node);
    if age > SWEEP_STOPPED {
        return Err(Problem::new(503, "sweep_stopped", "巡检已停止，标识不再变化。 The sweep has stopped; flags no longer turn.").into());
    }
    let mut told = json!({ "status": "ok", "sweep_age_ms": age });
    // Work goes on without it: it is told, and no reason to send people elsewhere.
    if let Some((state, _)) = node.export.as_ref().map(Export::state) {
        told["audit_export"] = state.code().into();
    }
    Answer::json(200, &told)
}

pub(super) async fn readyz(Held(node): Held<Arc<Node>>) -> Result<Answer, Fault> {
    let position = log::head(&mut node.store.reader().await?.tx(), node.centre).await?;
    Answer::json(200, &json!({ "status": "ready", "position": position, "store": node.store.kind() }))
}

pub(super) async fn metrics(Held(node): Held<Arc<Node>>) -> Result<String, Fault> {
    let position = log::head(&mut node.store.reader().await?.tx(), node.centre).await?;
    let export = node.export.as_ref().map(Export::state).map_or_else(String::new, |(state, age)| {
        format!(
            "# TYPE hotline_audit_export_failed gauge\nhotline_audit_export_failed {}\n# TYPE hotline_audit_export_age_seconds gauge\nhotline_audit_export_age_seconds {:.0}\n",
            u8::from(state != State::Good),
            age.as_secs_f64(),
        )
    });
    Ok(format!(
        "# TYPE hotline_requests_total counter\nhotline_requests_total {}\n\
         # TYPE hotline_position gauge\nhotline_position {position}\n\
         # TYPE hotline_feed_lag gauge\nhotline_feed_lag {}\n\
         # TYPE hotline_listeners gauge\nhotline_listeners {}\n\
         # TYPE hotline_sweep_age_seconds gauge\nhotline_sweep_age_seconds {:.3}\n{export}",
        node.requests.load(Ordering::Relaxed),
        position - node.feed.position(),
        node.listeners.load(Ordering::Relaxed),
        sweep_age(&node) as f64 / 1000.0,
    ))
}
