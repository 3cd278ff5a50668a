//! SQLite: one writer thread that takes what has queued, gives each command a savepoint, commits once, and answers only
//! after the commit is durable. It never waits for company (measured: a linger only costs).
use super::error::StoreError;
use super::heads::{Head, Heads};
use super::migrate::{MIGRATIONS, newer};
use super::{Body, Tx};
use crate::server::fault::Fault;
use crate::server::work::Answer;
use futures_util::FutureExt;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot, watch};

/// Most commands one commit carries.
const BATCH: usize = 64;
/// How many commands may queue before a caller waits.
const QUEUE: usize = 4096;

struct Job {
    body: Body,
    reply: oneshot::Sender<Result<Answer, Fault>>,
}

/// The embedded store.
#[derive(Clone)]
pub struct Sqlite {
    jobs: mpsc::Sender<Job>,
    grown: watch::Receiver<u64>,
    readers: Arc<Readers>,
}

struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

/// A read connection; goes back when dropped, also when its request is cut off in the middle.
pub struct ReadConnection {
    connection: Option<Connection>,
    home: Arc<Readers>,
}

impl ReadConnection {
    /// The connection.
    pub fn get(&mut self) -> &mut Connection {
        // invariant: only `drop` takes it out.
        #[allow(clippy::expect_used)]
        self.connection.as_mut().expect("a read connection is whole until it is dropped")
    }
}

impl Drop for ReadConnection {
    fn drop(&mut self) {
        if let (Some(connection), Ok(mut idle)) = (self.connection.take(), self.home.idle.lock())
            && idle.len() < 16
        {
            idle.push(connection);
        }
    }
}

impl Sqlite {
    /// Opens or creates the file.
    ///
    /// # Errors
    /// In words when it is damaged, newer, locked, or not durable.
    pub fn open(path: &Path) -> Result<Sqlite, StoreError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::Unusable(format!("{}: {error}", folder.display())))?;
        }
        let mut connection = Connection::open(path).map_err(|error| StoreError::Unusable(format!("数据库文件打不开。 The database file cannot be opened: {error}")))?;
        ours(&connection)?;
        private(path);
        durable(&connection)?;
        migrate(&mut connection)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let heads = heads(&connection)?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let (rang, grown) = watch::channel(0);
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer(queue, connection, heads, &rang))
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Sqlite { jobs, grown, readers: Arc::new(Readers { path: path.to_owned(), idle: Mutex::default() }) })
    }

    pub(super) async fn write(&self, body: Body) -> Result<Answer, Fault> {
        let (reply, answer) = oneshot::channel();
        let gone = || Fault::Store(StoreError::Away("the writer has stopped".into()));
        self.jobs.send(Job { body, reply }).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }

    pub(super) fn reader(&self) -> Result<ReadConnection, StoreError> {
        let idle = self.readers.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = Connection::open_with_flags(
                    &self.readers.path,
                    OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
                )?;
                connection.execute_batch("PRAGMA busy_timeout = 5000; PRAGMA cache_size = -4096; PRAGMA mmap_size = 1073741824")?;
                connection.set_prepared_statement_cache_capacity(128);
                connection
            }
        };
        Ok(ReadConnection { connection: Some(connection), home: Arc::clone(&self.readers) })
    }

    pub(super) fn grown(&self) -> watch::Receiver<u64> {
        self.grown.clone()
    }
}

/// Only the owner may read the file: it holds sealed personal data and what citizens wrote.
fn private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600));
    }
}

/// Looks before anything is written: what is damaged, newer or another program's is left as it is, its log not even
/// folded in when this connection closes.
fn ours(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.execute_batch("PRAGMA busy_timeout = 5000")?;
    let at: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if at > MIGRATIONS.len() as i64 {
        return Err(StoreError::Unusable(newer(at)));
    }
    let schema: i64 = connection.query_row("PRAGMA schema_version", [], |row| row.get(0))?;
    if at == 0 && schema > 0 {
        return Err(StoreError::Unusable("这是其他程序的数据库，未作改动。 This is another program's database; nothing was changed.".into()));
    }
    Ok(())
}

/// WAL and FULL, read back: a store that would lose an acknowledged ticket in a power cut does not start.
fn durable(connection: &Connection) -> Result<(), StoreError> {
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA cache_size = -10240; PRAGMA foreign_keys = ON")?;
    // Each command is a savepoint: what it may have to undo is kept in memory, not in a temporary file. Pages are written
    // back to the database once for many commits.
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000")?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") || synchronous < 2 {
        return Err(StoreError::Unusable(format!(
            "数据库不能保证断电不丢数据（journal_mode={mode}, synchronous={synchronous}），拒绝启动。 The database cannot promise durability (journal_mode={mode}, synchronous={synchronous}); refusing to start."
        )));
    }
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let at: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > at) {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
        transaction.execute_batch(migration.sqlite)?;
        transaction.pragma_update(None, "user_version", migration.number)?;
        transaction.commit()?;
    }
    Ok(())
}

fn heads(connection: &Connection) -> Result<Heads, StoreError> {
    let mut statement = connection.prepare("SELECT centre, position, recorded_at, hash FROM seq_state")?;
    let rows = statement.query_map([], |row| {
        Ok((row.get(0)?, Head { position: row.get(1)?, recorded_at: row.get(2)?, hash: row.get(3)? }))
    })?;
    let heads: BTreeMap<i64, Head> = rows.collect::<Result<_, _>>()?;
    Ok(Heads::new(heads))
}

fn writer(mut queue: mpsc::Receiver<Job>, mut connection: Connection, mut heads: Heads, grown: &watch::Sender<u64>) {
    connection.set_prepared_statement_cache_capacity(256);
    let mut batch = Vec::with_capacity(BATCH);
    let mut seen = -1;
    while let Some(first) = queue.blocking_recv() {
        batch.push(first);
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        let elsewhere = match begin(&connection, &mut heads, &mut seen) {
            Ok(elsewhere) => elsewhere,
            Err(error) => {
                if !connection.is_autocommit() {
                    let _ = connection.execute_batch("ROLLBACK");
                }
                fail(batch.drain(..), &error);
                continue;
            }
        };
        let before = heads.clone();
        let mut answers = Vec::with_capacity(batch.len());
        let mut broken = None;
        let mut jobs = batch.drain(..);
        for job in jobs.by_ref() {
            match one(&mut connection, &mut heads, &job.body) {
                Ok(answer) => answers.push((job.reply, answer)),
                // SQLITE_FULL, IOERR and NOMEM roll the whole transaction back: nobody in it was kept.
                Err(error) => {
                    broken = Some(error);
                    answers.push((job.reply, Err(Fault::Store(StoreError::NotDurable(String::new())))));
                    break;
                }
            }
        }
        let rest: Vec<Job> = jobs.collect();
        let ended = match broken {
            Some(error) => Err(error),
            None => save_heads(&connection, &before, &heads).and_then(|()| run(&connection, "COMMIT")),
        };
        match ended {
            Ok(()) => {
                if elsewhere || heads.all() != before.all() {
                    grown.send_modify(|count| *count += 1);
                }
                for (reply, answer) in answers {
                    let _ = reply.send(answer);
                }
            }
            Err(error) => {
                let _ = connection.execute_batch("ROLLBACK");
                heads = before;
                for (reply, _) in answers {
                    let _ = reply.send(Err(Fault::Store(copy(&error))));
                }
                fail(rest, &error);
            }
        }
    }
}

/// A statement of the writer's own, prepared once.
fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Begins a batch. Another process on the same file (a check from the command line) may have written meanwhile: then the
/// heads are read again, and it says so.
fn begin(connection: &Connection, kept: &mut Heads, seen: &mut i64) -> Result<bool, StoreError> {
    run(connection, "BEGIN IMMEDIATE")?;
    let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
    let elsewhere = version != *seen;
    if elsewhere {
        *kept = heads(connection)?;
        *seen = version;
    }
    Ok(elsewhere)
}

/// One command in its savepoint. `Err`: the whole transaction is gone.
fn one(connection: &mut Connection, heads: &mut Heads, body: &Body) -> Result<Result<Answer, Fault>, StoreError> {
    run(connection, "SAVEPOINT command")?;
    let depth = heads.depth();
    heads.mark();
    let ran = std::panic::catch_unwind(AssertUnwindSafe(|| {
        let mut tx = Tx::Sqlite(connection, Some(heads));
        body(&mut tx).now_or_never()
    }));
    let answer = match ran {
        Ok(Some(answer)) => answer,
        Ok(None) => Err(Fault::broken("a command's body waited for something that is not the store")),
        Err(_) => Err(Fault::broken("a command's body panicked")),
    };
    if connection.is_autocommit() {
        return Err(match answer {
            Err(Fault::Store(error)) => error,
            _ => StoreError::NotDurable("the transaction was rolled back".into()),
        });
    }
    if answer.is_err() {
        // A body that broke off may have left marks of its own.
        heads.back_to(depth);
        run(connection, "ROLLBACK TO command")?;
    } else {
        heads.keep();
    }
    run(connection, "RELEASE command")?;
    Ok(answer)
}

fn save_heads(connection: &Connection, before: &Heads, heads: &Heads) -> Result<(), StoreError> {
    for (centre, head) in heads.all() {
        if before.all().get(centre) != Some(head) {
            connection
                .prepare_cached(
                    "INSERT INTO seq_state (centre, position, recorded_at, hash) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (centre) DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at, hash = excluded.hash",
                )?
                .execute(rusqlite::params![centre, head.position, head.recorded_at, head.hash])?;
        }
    }
    Ok(())
}

fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        StoreError::Away(text) => StoreError::Away(text.clone()),
        other => StoreError::NotDurable(other.to_string()),
    }
}

fn fail(jobs: impl IntoIterator<Item = Job>, error: &StoreError) {
    for job in jobs {
        let _ = job.reply.send(Err(Fault::Store(copy(error))));
    }
}
