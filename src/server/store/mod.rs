//! All SQL lives in this room. One body per operation over two databases: SQLite with a single writer that commits in
//! groups, PostgreSQL with a transaction per command and the sequencer.
pub mod access;
pub mod articles;
pub mod audit;
pub mod callers;
pub mod calls;
pub mod chain;
mod checkpoint;
pub mod content;
pub mod error;
pub mod heads;
mod hold;
pub mod imported;
pub mod idempotency;
pub mod log;
pub mod matters;
mod migrate;
pub mod numbers;
mod postgres;
pub mod projections;
pub mod promises;
mod sqlite;
pub mod tables;
pub mod tickets;
pub mod turns;
mod tx;
pub mod users;
pub mod value;
mod writer;

pub use error::StoreError;
pub use tx::Tx;

use crate::server::fault::Fault;
use crate::server::work::Answer;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::watch;

/// A command's body: run to its end in one transaction, and run again from the start where another was first.
pub type Body = Arc<dyn for<'t, 'a> Fn(&'t mut Tx<'a>) -> Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send + 't>> + Send + Sync>;

/// Where the data lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

impl std::str::FromStr for Database {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            Ok(Database::Sqlite(PathBuf::from(path)))
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Database::Postgres(text.to_owned()))
        } else {
            Err("sqlite:PATH | postgres://…".into())
        }
    }
}

/// 存储 (store).
#[derive(Clone)]
pub enum Store {
    /// The embedded one.
    Sqlite(sqlite::Sqlite),
    /// The one for several nodes.
    Postgres(postgres::Postgres),
}

/// A connection to read with; goes back to its pool when dropped.
pub enum Reader {
    /// SQLite.
    Sqlite(sqlite::ReadConnection),
    /// PostgreSQL.
    Postgres(sqlx::pool::PoolConnection<sqlx::Postgres>),
    /// PostgreSQL, all of it as at one moment.
    PostgresSnapshot(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Reader {
    /// The transaction face of it.
    pub fn tx(&mut self) -> Tx<'_> {
        match self {
            Reader::Sqlite(connection) => Tx::sqlite(connection.get(), None, false),
            Reader::Postgres(connection) => Tx::postgres(connection, false),
            Reader::PostgresSnapshot(transaction) => Tx::postgres(transaction, false),
        }
    }
}

impl Store {
    /// Opens or makes it, checks durability settings, migrates. A SQLite file is held by this process alone from then on;
    /// `embedded` is what others are told of the holder.
    ///
    /// # Errors
    /// In words: damaged, newer than this program, held by another server, not durable.
    pub async fn open(database: &Database, embedded: bool) -> Result<Store, StoreError> {
        Ok(match database {
            Database::Sqlite(path) => {
                let hold = hold::take(path, embedded).await?;
                Store::Sqlite(sqlite::Sqlite::open(path, hold)?)
            }
            Database::Postgres(url) => Store::Postgres(postgres::Postgres::open(url, true).await?),
        })
    }

    /// Opens one that is there, beside whoever serves it: nothing is made and nothing migrated.
    ///
    /// # Errors
    /// In words: none there, another version's, damaged.
    pub async fn beside(database: &Database) -> Result<Store, StoreError> {
        Ok(match database {
            Database::Sqlite(path) => Store::Sqlite(sqlite::Sqlite::beside(path)?),
            Database::Postgres(url) => Store::Postgres(postgres::Postgres::open(url, false).await?),
        })
    }

    /// Runs a command durably; answers only after its commit.
    ///
    /// # Errors
    /// The body's own fault, or the store's.
    pub async fn write(&self, body: Body) -> Result<Answer, Fault> {
        match self {
            Store::Sqlite(store) => store.write(body).await,
            Store::Postgres(store) => store.write(body).await,
        }
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// When none can be had.
    pub async fn reader(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Store::Sqlite(store) => Reader::Sqlite(store.reader()?),
            Store::Postgres(store) => Reader::Postgres(store.reader().await?),
        })
    }

    /// A connection whose every statement sees the store as at one moment: for an answer put together from several, where
    /// a row that is newer than its events would be a lie.
    ///
    /// # Errors
    /// When none can be had.
    pub async fn snapshot(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Store::Sqlite(store) => Reader::Sqlite(store.snapshot()?),
            Store::Postgres(store) => Reader::PostgresSnapshot(store.snapshot().await?),
        })
    }

    /// Rings when the log may have grown; the table is the truth, this is only a hint.
    pub fn grown(&self) -> watch::Receiver<u64> {
        match self {
            Store::Sqlite(store) => store.grown(),
            Store::Postgres(store) => store.grown(),
        }
    }

    /// `sqlite` or `postgres`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Store::Sqlite(_) => "sqlite",
            Store::Postgres(_) => "postgres",
        }
    }
}
