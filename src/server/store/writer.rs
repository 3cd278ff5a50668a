//! The one thread that writes SQLite: it takes what has queued, runs each command, commits once, and answers only after the
//! commit is durable. It never waits for company (measured: a linger only costs).
use super::checkpoint::Checkpoints;
use super::error::StoreError;
use super::heads::{Head, Heads};
use super::{Body, Tx};
use crate::server::fault::Fault;
use crate::server::work::Answer;
use futures_util::FutureExt;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::AssertUnwindSafe;
use tokio::sync::{mpsc, oneshot, watch};

/// Most commands one commit carries.
const BATCH: usize = 64;

/// A command in the queue, and where its answer goes.
pub(super) struct Job {
    pub body: Body,
    pub reply: oneshot::Sender<Result<Answer, Fault>>,
}

type Answered = Result<Answer, Fault>;

/// Starts the thread; it ends when nobody can send it commands any more, and only then lets go of the file it holds.
///
/// # Errors
/// When the heads cannot be read, or there can be no thread.
pub(super) fn start(queue: mpsc::Receiver<Job>, connection: Connection, grown: watch::Sender<u64>, checkpoints: Checkpoints, hold: Option<File>) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(256);
    let heads = heads(&connection)?;
    let writer = Writer { connection, heads, seen: -1 };
    std::thread::Builder::new()
        .name("store-writer".into())
        .spawn(move || {
            run(writer, queue, &grown, &checkpoints);
            drop(hold);
        })
        .map(drop)
        .map_err(|error| StoreError::Broken(error.to_string()))
}

struct Writer {
    connection: Connection,
    heads: Heads,
    /// The data version at the last commit: another means that another process wrote.
    seen: i64,
}

fn run(mut writer: Writer, mut queue: mpsc::Receiver<Job>, grown: &watch::Sender<u64>, checkpoints: &Checkpoints) {
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(first) = queue.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        // Hardly any command has to take back what it wrote; where one has, the whole batch is run again with savepoints.
        let ended = match writer.together(&batch, false) {
            Ok(None) => writer.together(&batch, true),
            other => other,
        };
        match ended {
            Ok(done) => {
                let (answers, new) = done.unwrap_or_default();
                for (job, answer) in batch.drain(..).zip(answers) {
                    let _ = job.reply.send(answer);
                }
                if new {
                    grown.send_modify(|count| *count += 1);
                }
                checkpoints.committed(&writer.connection);
            }
            Err(error) => {
                for job in batch.drain(..) {
                    let _ = job.reply.send(Err(Fault::Store(copy(&error))));
                }
            }
        }
    }
}

/// A statement of the writer's own, prepared once.
fn control(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

impl Writer {
    /// All commands in one transaction: their answers, and whether the log has grown. `None`: one has to take back what it
    /// wrote without a savepoint, and nothing was kept.
    fn together(&mut self, batch: &[Job], careful: bool) -> Result<Option<(Vec<Answered>, bool)>, StoreError> {
        let done = self.attempt(batch, careful);
        if !matches!(done, Ok(Some(_))) && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        done
    }

    fn attempt(&mut self, batch: &[Job], careful: bool) -> Result<Option<(Vec<Answered>, bool)>, StoreError> {
        let elsewhere = self.begin()?;
        let before = self.heads.clone();
        match self.all(batch, careful, &before) {
            Ok(Some(answers)) => Ok(Some((answers, elsewhere || self.heads.all() != before.all()))),
            other => {
                self.heads = before;
                other.map(|_| None)
            }
        }
    }

    fn all(&mut self, batch: &[Job], careful: bool, before: &Heads) -> Result<Option<Vec<Answered>>, StoreError> {
        let mut answers = Vec::with_capacity(batch.len());
        for job in batch {
            // SQLITE_FULL, IOERR and NOMEM roll the whole transaction back: nobody in it was kept.
            match self.one(&job.body, careful)? {
                Some(answer) => answers.push(answer),
                None => return Ok(None),
            }
        }
        self.save_heads(before)?;
        control(&self.connection, "COMMIT")?;
        Ok(Some(answers))
    }

    /// Begins a batch. Another process on the same file (a check from the command line) may have written meanwhile: then the
    /// heads are read again, and it says so.
    fn begin(&mut self) -> Result<bool, StoreError> {
        control(&self.connection, "BEGIN IMMEDIATE")?;
        let version = self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        let elsewhere = version != self.seen;
        if elsewhere {
            self.heads = heads(&self.connection)?;
            self.seen = version;
        }
        Ok(elsewhere)
    }

    /// One command. `None`: it has to be undone and cannot be. `Err`: the whole transaction is gone.
    fn one(&mut self, body: &Body, careful: bool) -> Result<Option<Answered>, StoreError> {
        if careful {
            control(&self.connection, "SAVEPOINT command")?;
        }
        let depth = self.heads.depth();
        self.heads.mark();
        let (connection, heads) = (&mut self.connection, &mut self.heads);
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::sqlite(connection, Some(heads), careful);
            let answer = body(&mut tx).now_or_never();
            (answer, tx.wrote())
        }));
        let (answer, wrote) = match ran {
            Ok((Some(answer), wrote)) => (answer, wrote),
            Ok((None, _)) => (Err(Fault::broken("a command's body waited for something that is not the store")), true),
            Err(_) => (Err(Fault::broken("a command's body panicked")), true),
        };
        if self.connection.is_autocommit() {
            return Err(match answer {
                Err(Fault::Store(error)) => error,
                _ => StoreError::NotDurable("the transaction was rolled back".into()),
            });
        }
        if answer.is_ok() {
            self.heads.keep();
        } else if careful || !wrote {
            // A body that broke off may have left marks of its own.
            self.heads.back_to(depth);
            if careful {
                control(&self.connection, "ROLLBACK TO command")?;
            }
        } else {
            return Ok(None);
        }
        if careful {
            control(&self.connection, "RELEASE command")?;
        }
        Ok(Some(answer))
    }

    fn save_heads(&self, before: &Heads) -> Result<(), StoreError> {
        for (centre, head) in self.heads.all() {
            if before.all().get(centre) != Some(head) {
                self.connection
                    .prepare_cached(
                        "INSERT INTO seq_state (centre, position, recorded_at, hash) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (centre) DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at, hash = excluded.hash",
                    )?
                    .execute(rusqlite::params![centre, head.position, head.recorded_at, head.hash])?;
            }
        }
        Ok(())
    }
}

fn heads(connection: &Connection) -> Result<Heads, StoreError> {
    let mut statement = connection.prepare("SELECT centre, position, recorded_at, hash FROM seq_state")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, Head { position: row.get(1)?, recorded_at: row.get(2)?, hash: row.get(3)? }))
    })?;
    let heads: BTreeMap<i64, Head> = rows.collect::<Result<_, _>>()?;
    Ok(Heads::new(heads))
}

fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::Away(text) => StoreError::Away(text.clone()),
        other => StoreError::NotDurable(other.to_string()),
    }
}
