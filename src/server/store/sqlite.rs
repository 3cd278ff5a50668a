//! SQLite: opening the file, its settings, and the connections that read it. What writes is `writer`, what brings the log
//! back into the file is `checkpoint`.
use super::Body;
use super::checkpoint;
use super::error::StoreError;
use super::migrate::{MIGRATIONS, newer, older};
use super::writer::{self, Job};
use crate::server::fault::Fault;
use crate::server::work::Answer;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot, watch};

/// How many commands may queue before a caller waits.
const QUEUE: usize = 4096;

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
            && (connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok())
        {
            idle.push(connection);
        }
    }
}

impl Sqlite {
    /// Opens or creates the file, which `hold` keeps from every other server.
    ///
    /// # Errors
    /// In words when it is damaged, newer, locked, or not durable.
    pub fn open(path: &Path, hold: Option<File>) -> Result<Sqlite, StoreError> {
        let mut connection = connect(path, OpenFlags::default())?;
        ours(&connection)?;
        private(path);
        durable(&connection)?;
        migrate(&mut connection)?;
        Sqlite::start(path, connection, hold)
    }

    /// Opens a file that is there, beside whoever serves it.
    ///
    /// # Errors
    /// In words when there is none, or it is damaged, of another version, or locked.
    pub fn beside(path: &Path) -> Result<Sqlite, StoreError> {
        if !path.is_file() {
            return Err(StoreError::Nowhere);
        }
        let connection = connect(path, OpenFlags::default() - OpenFlags::SQLITE_OPEN_CREATE)?;
        ours(&connection)?;
        match version(&connection)? {
            0 => return Err(StoreError::Nowhere),
            at if at < MIGRATIONS.len() as i64 => return Err(StoreError::Unusable(older(at))),
            _ => {}
        }
        durable(&connection)?;
        Sqlite::start(path, connection, None)
    }

    fn start(path: &Path, connection: Connection, hold: Option<File>) -> Result<Sqlite, StoreError> {
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let checkpoints = checkpoint::start(path)?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let (rang, grown) = watch::channel(0);
        writer::start(queue, connection, rang, checkpoints, hold)?;
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

    /// The moment is that of the first statement.
    pub(super) fn snapshot(&self) -> Result<ReadConnection, StoreError> {
        let mut reader = self.reader()?;
        reader.get().execute_batch("BEGIN")?;
        Ok(reader)
    }

    pub(super) fn grown(&self) -> watch::Receiver<u64> {
        self.grown.clone()
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    Connection::open_with_flags(path, flags).map_err(|error| StoreError::Unusable(format!("数据库文件打不开。 The database file cannot be opened: {error}")))
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
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
    let at = version(connection)?;
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
    // What a command may have to undo is kept in memory, not in a temporary file. Checkpoints have a thread of their own.
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0")?;
    let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") || synchronous < 2 {
        return Err(StoreError::Unusable(format!(
            "数据库不能保证断电不丢数据（journal_mode={mode}, synchronous={synchronous}），拒绝启动。 The database cannot promise durability (journal_mode={mode}, synchronous={synchronous}); refusing to start."
        )));
    }
    Ok(())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let at = version(connection)?;
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > at) {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)?;
        transaction.execute_batch(migration.sqlite)?;
        transaction.pragma_update(None, "user_version", migration.number)?;
        transaction.commit()?;
    }
    Ok(())
}
