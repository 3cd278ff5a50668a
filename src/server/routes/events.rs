//! The live stream over SSE: frames with resume, a heartbeat event with store time every ten seconds, an explicit reset.
use super::request::{Who, token};
use crate::api::events::{Heartbeat, Reset};
use crate::domain::rights::Viewer;
use crate::server::auth;
use crate::server::fault::Fault;
use crate::server::feed::{self, RESUMABLE};
use crate::server::node::Node;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How often the line shows that it is alive, and the token is looked at again.
const BEAT: Duration = Duration::from_secs(10);
const RECHECK: Duration = Duration::from_secs(5);
/// A listener that takes nothing for this long is cut: the deadline stands outside the stream, which is polled only when
/// the socket drains.
const STALLED: Duration = Duration::from_secs(45);

pub(super) async fn stream(State(node): State<Arc<Node>>, who: Who, headers: HeaderMap) -> Result<Response, Fault> {
    let last = headers.get("last-event-id").map(|value| value.to_str().ok().and_then(|text| text.parse::<i64>().ok()));
    let token = token(&headers).unwrap_or_default().to_owned();
    let (sender, receiver) = mpsc::channel::<Bytes>(64);
    tokio::spawn(async move {
        node.listeners.fetch_add(1, Ordering::Relaxed);
        let _ = listen(&node, who.0.viewer.clone(), &token, last, &sender).await;
        node.listeners.fetch_sub(1, Ordering::Relaxed);
    });
    let body = futures_util::stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|bytes| (Ok::<_, Infallible>(bytes), receiver))
    });
    let mut response = Response::new(Body::from_stream(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The listener is gone, or takes nothing.
struct Gone;

async fn say(sender: &mpsc::Sender<Bytes>, event: &str, id: Option<i64>, data: &str) -> Result<(), Gone> {
    let text = match id {
        Some(id) => format!("event: {event}\nid: {id}\ndata: {data}\n\n"),
        None => format!("event: {event}\ndata: {data}\n\n"),
    };
    match timeout(STALLED, sender.send(text.into())).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(Gone),
    }
}

async fn reset(sender: &mpsc::Sender<Bytes>, position: i64, reason: &str) -> Result<(), Gone> {
    let reset = Reset { position, reason: reason.into() };
    say(sender, "reset", Some(position), &serde_json::to_string(&reset).unwrap_or_default()).await
}

async fn beat(node: &Node, sender: &mpsc::Sender<Bytes>) -> Result<(), Gone> {
    let heartbeat = Heartbeat { now: node.clock.now(), rate: node.clock.rate, position: node.feed.position() };
    say(sender, "heartbeat", None, &serde_json::to_string(&heartbeat).unwrap_or_default()).await
}

async fn listen(node: &Node, viewer: Arc<Viewer>, token: &str, last: Option<Option<i64>>, sender: &mpsc::Sender<Bytes>) -> Result<(), Gone> {
    let mut viewer = viewer;
    let mut batches = node.feed.listen();
    let head = node.feed.position();
    // `read`: up to where this listener's log was read; `sent`: the position of the last frame they have.
    let mut read = match last {
        None => head,
        Some(None) => {
            reset(sender, head, "garbage").await?;
            head
        }
        Some(Some(position)) if position > head && position > current_head(node).await => {
            reset(sender, head, "ahead").await?;
            head
        }
        Some(Some(position)) if position < 0 || head - position > RESUMABLE => {
            reset(sender, head, "too_old").await?;
            head
        }
        Some(Some(position)) => position,
    };
    let mut sent = read;
    beat(node, sender).await?;
    let mut beats = interval(BEAT);
    let mut checks = interval(RECHECK);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats.tick().await;
    checks.tick().await;
    // What happened while this listener was away, from the log itself.
    catch_up(node, &viewer, sender, &mut read, &mut sent, head).await?;
    loop {
        tokio::select! {
            batch = batches.recv() => match batch {
                Ok(batch) if batch.position <= read => {}
                Ok(batch) => {
                    if batch.prev > read {
                        catch_up(node, &viewer, sender, &mut read, &mut sent, batch.prev).await?;
                    }
                    if let Some(frame) = batch.frame(&viewer, sent) {
                        say(sender, "frame", Some(batch.position), &frame).await?;
                        sent = batch.position;
                    }
                    read = batch.position;
                }
                Err(RecvError::Lagged(_)) => {
                    let to = node.feed.position();
                    if to - read > RESUMABLE {
                        reset(sender, to, "too_old").await?;
                        (read, sent) = (to, to);
                    } else {
                        catch_up(node, &viewer, sender, &mut read, &mut sent, to).await?;
                    }
                }
                Err(RecvError::Closed) => return Ok(()),
            },
            _ = beats.tick() => beat(node, sender).await?,
            _ = checks.tick() => match auth::asking(node, Some(token)).await {
                Ok(asking) => viewer = Arc::clone(&asking.viewer),
                Err(Fault::Problem(_)) => return say(sender, "unauthorized", None, "{}").await,
                Err(_) => {}
            },
            () = node.drain.begun() => return say(sender, "goodbye", None, "{}").await,
            () = sender.closed() => return Ok(()),
        }
    }
}

/// On several nodes this one's feed may be a moment behind another's: only the table knows what is ahead.
async fn current_head(node: &Node) -> i64 {
    match node.store.reader().await {
        Ok(mut reader) => crate::server::store::log::head(&mut reader.tx(), node.centre).await.unwrap_or(0),
        Err(_) => 0,
    }
}

async fn catch_up(node: &Node, viewer: &Viewer, sender: &mpsc::Sender<Bytes>, read: &mut i64, sent: &mut i64, to: i64) -> Result<(), Gone> {
    while *read < to {
        let batch = match feed::read(node, *read, to).await {
            Ok(Some(batch)) => batch,
            Ok(None) => break,
            Err(fault) => {
                tracing::warn!(?fault, "a listener could not be caught up");
                return Err(Gone);
            }
        };
        if let Some(frame) = batch.frame(viewer, *sent) {
            say(sender, "frame", Some(batch.position), &frame).await?;
            *sent = batch.position;
        }
        *read = batch.position;
    }
    Ok(())
}
