//! The live stream as the client keeps it: connected again with full jitter, resumed from the last frame, silent lines
//! noticed, gaps certain.
use super::{Client, ClientError};
use crate::api::events::{Frame, Heartbeat, Reset};
use backon::{BackoffBuilder, ExponentialBuilder};
use futures_util::StreamExt;
use sse_stream::SseStream;
use std::time::Duration;
use tokio::sync::mpsc;

/// What the stream tells.
#[derive(Debug, Clone)]
pub enum Live {
    /// Connected, resuming after this position.
    Connected(i64),
    /// Rows changed.
    Frame(Frame),
    /// Store time and high-water position; the line is alive.
    Heartbeat(Heartbeat),
    /// Start again from a snapshot; the stream goes on from this position.
    Reset(Reset),
    /// The line is down; it is tried again by itself.
    Lost(String),
    /// The login has ended; nothing is tried until there is a new one.
    Unauthorized,
}

/// Follows the stream from `after` until the receiver is dropped or the login ends.
pub fn live(client: Client, after: i64) -> mpsc::Receiver<Live> {
    let (sender, receiver) = mpsc::channel(256);
    tokio::spawn(async move {
        let mut position = after;
        let delays = || ExponentialBuilder::default().with_min_delay(Duration::from_millis(250)).with_max_delay(Duration::from_secs(15)).without_max_times().with_jitter().build();
        let mut backoff = delays();
        loop {
            let ended = follow(&client, &mut position, &sender, &mut || backoff = delays()).await;
            let said = match ended {
                Ended::Closed => return,
                Ended::Unauthorized => {
                    let _ = sender.send(Live::Unauthorized).await;
                    return;
                }
                Ended::Lost(why) => sender.send(Live::Lost(why)).await,
            };
            if said.is_err() {
                return;
            }
            let delay = backoff.next().unwrap_or(Duration::from_secs(15));
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = sender.closed() => return,
            }
        }
    });
    receiver
}

enum Ended {
    Closed,
    Unauthorized,
    Lost(String),
}

async fn follow(client: &Client, position: &mut i64, sender: &mpsc::Sender<Live>, connected: &mut impl FnMut()) -> Ended {
    let mut request = client.http.get(format!("{}/api/v1/events", client.server)).header("last-event-id", position.to_string());
    if let Some(token) = &client.token {
        request = request.bearer_auth(token);
    }
    let response = match request.send().await {
        Ok(response) if response.status().as_u16() == 401 => return Ended::Unauthorized,
        Ok(response) if response.status().is_success() => response,
        Ok(response) => return Ended::Lost(format!("HTTP {}", response.status().as_u16())),
        Err(error) => return Ended::Lost(ClientError::from(error).to_string()),
    };
    if sender.send(Live::Connected(*position)).await.is_err() {
        return Ended::Closed;
    }
    let mut stream = SseStream::from_bytes_stream(response.bytes_stream());
    loop {
        let item = tokio::select! {
            item = stream.next() => item,
            () = sender.closed() => return Ended::Closed,
        };
        let event = match item {
            Some(Ok(event)) => event,
            Some(Err(error)) => return Ended::Lost(error.to_string()),
            None => return Ended::Lost("closed".into()),
        };
        connected();
        let data = event.data.as_deref().unwrap_or_default();
        let told = match event.event.as_deref() {
            Some("frame") => match serde_json::from_str::<Frame>(data) {
                // What came before is known already: a frame is applied once.
                Ok(frame) if frame.position <= *position => continue,
                Ok(frame) if frame.prev > *position => {
                    // Something between was missed: only a snapshot is sure.
                    let reset = Reset { position: frame.position, reason: "gap".into() };
                    *position = frame.position;
                    Live::Reset(reset)
                }
                Ok(frame) => {
                    *position = frame.position;
                    Live::Frame(frame)
                }
                Err(error) => return Ended::Lost(error.to_string()),
            },
            Some("heartbeat") => match serde_json::from_str(data) {
                Ok(heartbeat) => Live::Heartbeat(heartbeat),
                Err(_) => continue,
            },
            Some("reset") => match serde_json::from_str::<Reset>(data) {
                Ok(reset) => {
                    *position = reset.position;
                    Live::Reset(reset)
                }
                Err(error) => return Ended::Lost(error.to_string()),
            },
            Some("unauthorized") => return Ended::Unauthorized,
            _ => continue,
        };
        if sender.send(told).await.is_err() {
            return Ended::Closed;
        }
    }
}
