//! 实时事件流 (live stream): frames as they come, one a line, resumed by itself. Not here: what a frame means (`api::events`).
use super::{Exit, Failure, Session, city_time};
use crate::api::events::Change;
use crate::client::{Live, live};
use crate::words;
use clap::Args;

/// 跟随实时事件流 (follow the stream).
#[derive(Debug, Args)]
pub struct Events {
    /// 从这个位置之后，默认从现在 after this position of the log; from now on where none is given
    #[arg(long, value_name = "N")]
    after: Option<i64>,
    /// 到这么多帧为止 end after so many frames
    #[arg(long, value_name = "N")]
    count: Option<u64>,
}

pub(super) async fn run(session: &Session, events: Events) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    // Beyond the end: the server says where the end is, and goes on from there.
    let mut at_the_end = events.after.is_none();
    let mut stream = live(client, events.after.unwrap_or(i64::MAX));
    let mut left = events.count.unwrap_or(u64::MAX);
    while left > 0
        && let Some(told) = stream.recv().await
    {
        match told {
            Live::Frame(frame) => {
                left -= 1;
                if session.out.json {
                    session.out.value(&frame)?;
                } else {
                    for change in &frame.changes {
                        session.out.line(&format!("{}  {}  {}", frame.position, city_time(frame.at), said(change)))?;
                    }
                }
            }
            Live::Reset(_) if std::mem::take(&mut at_the_end) => {}
            Live::Reset(reset) => session.out.error(&words!("cli-events-reset", position = reset.position.to_string())),
            Live::Lost(why) => session.out.error(&words!("cli-events-lost", why = why)),
            Live::Unauthorized => return Err(Failure::Refused(words!("cli-not-logged-in"))),
            Live::Connected(_) | Live::Heartbeat(_) => {}
        }
    }
    Ok(Exit::Ok)
}

fn said(change: &Change) -> String {
    match change {
        Change::Ticket { row } => format!("{}  {}  {}", row.number, super::ticket::step_words(row.step), row.title),
        Change::Call { row } => format!("{}  {}", row.id, row.number),
        Change::Article { row } => format!("{}  {}", row.code, row.title),
        Change::Leave { id } => format!("{id}  -"),
        Change::Overused { by, count, .. } => format!("{by}  {count}"),
        Change::Tables { version } => format!("tables  {version}"),
        Change::Unknown => String::new(),
    }
}
