//! Checkpoints: what the log beside the SQLite file holds is brought back into the file by a thread of its own, so that no
//! commit waits for it. Durability is not its business: a commit is flushed in the log before anybody is answered.
use super::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// So many pages of the log make a checkpoint worth its flush.
const WORTH: i64 = 1000;
/// So many pages, and the log is to start again from its beginning: 32 MiB.
const LONG: i64 = 8000;
/// The least time between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// What the writer knows of the checkpoints.
pub(super) struct Checkpoints {
    bell: SyncSender<()>,
    long: Arc<AtomicBool>,
}

impl Checkpoints {
    /// A commit is through and answered. Under steady writes there is always a page in the log that the thread has not seen,
    /// and the log would never start again: where it is long, the writer brings in the little that is left itself.
    pub(super) fn committed(&self, writer: &Connection) {
        if self.long.swap(false, Ordering::Relaxed) {
            let _ = look(writer, "PRAGMA wal_checkpoint(PASSIVE)");
        }
        let _ = self.bell.try_send(());
    }
}

/// Starts the thread; it ends with the [`Checkpoints`].
///
/// # Errors
/// When there can be no second connection, or no thread.
pub(super) fn start(path: &Path) -> Result<Checkpoints, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -256")?;
    let (bell, rung) = sync_channel(1);
    let long = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&long);
    std::thread::Builder::new()
        .name("store-checkpoint".into())
        .spawn(move || run(&connection, &rung, &told))
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok(Checkpoints { bell, long })
}

fn run(connection: &Connection, rung: &Receiver<()>, long: &AtomicBool) {
    while rung.recv().is_ok() {
        let pages = match look(connection, "PRAGMA wal_checkpoint(NOOP)") {
            Ok((pages, done)) if pages - done >= WORTH => look(connection, "PRAGMA wal_checkpoint(PASSIVE)").map(|(pages, _)| pages),
            other => other.map(|(pages, _)| pages),
        };
        match pages {
            Ok(pages) => long.store(pages >= LONG, Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "a checkpoint failed; it is tried again"),
        }
        std::thread::sleep(PAUSE);
    }
}

/// How many pages the log holds, and how many of them are in the file.
fn look(connection: &Connection, sql: &str) -> rusqlite::Result<(i64, i64)> {
    connection.prepare_cached(sql)?.query_row([], |row| Ok((row.get(1)?, row.get(2)?)))
}
