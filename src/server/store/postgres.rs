//! PostgreSQL: a transaction per command on a pooled connection (the server groups the commits of many itself), tried again
//! from the start where another was first; and the sequencer, which any node may run at any time.
use super::error::StoreError;
use super::migrate::{MIGRATIONS, newer, older};
use super::{Body, Tx};
use crate::server::fault::Fault;
use crate::server::work::Answer;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool, Row};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often a command is tried again because another was first.
const TRIES: u32 = 12;
/// The sequencer's pause while there is work, and while there is none.
const BUSY: Duration = Duration::from_millis(20);
const IDLE: Duration = Duration::from_millis(100);

/// The store of several nodes.
#[derive(Clone)]
pub struct Postgres {
    pool: PgPool,
    grown: watch::Receiver<u64>,
    wake: Arc<Notify>,
}

impl Postgres {
    /// Connects, checks durability, migrates under a lock where it may (`make`), starts this node's sequencer.
    ///
    /// # Errors
    /// In words.
    pub async fn open(url: &str, make: bool) -> Result<Postgres, StoreError> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| StoreError::Unusable(format!("--database: {error}")))?
            .application_name("hotline")
            // An open transaction that does nothing would hold resources of every node: it is ended after five seconds.
            .options([("idle_in_transaction_session_timeout", "5000")]);
        let pool = PgPoolOptions::new()
            .max_connections(24)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(options)
            .await
            .map_err(|error| StoreError::Unusable(format!("PostgreSQL 无法连接。 PostgreSQL cannot be reached: {error}")))?;
        durable(&pool).await?;
        if make {
            migrate(&pool).await?;
        } else {
            there(&pool).await?;
        }
        let (rang, grown) = watch::channel(0);
        let wake = Arc::new(Notify::new());
        tokio::spawn(sequencer(pool.clone(), rang, Arc::clone(&wake)));
        Ok(Postgres { pool, grown, wake })
    }

    pub(super) async fn write(&self, body: Body) -> Result<Answer, Fault> {
        let (mut tries, mut careful) = (0, false);
        loop {
            let mut transaction = self.pool.begin().await.map_err(StoreError::from)?;
            let answer = body(&mut Tx::postgres(&mut transaction, careful)).await;
            let answer = match answer {
                Ok(answer) => match transaction.commit().await {
                    Ok(()) => {
                        self.wake.notify_one();
                        return Ok(answer);
                    }
                    Err(error) => Err(Fault::Store(error.into())),
                },
                Err(fault) => {
                    let _ = transaction.rollback().await;
                    Err(fault)
                }
            };
            match answer {
                Err(Fault::Store(StoreError::Again)) if !careful => careful = true,
                Err(Fault::Store(StoreError::Unique(_))) if tries < TRIES => tries += 1,
                other => return other,
            }
        }
    }

    pub(super) async fn reader(&self) -> Result<sqlx::pool::PoolConnection<sqlx::Postgres>, StoreError> {
        Ok(self.pool.acquire().await?)
    }

    pub(super) async fn snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, StoreError> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?)
    }

    pub(super) fn grown(&self) -> watch::Receiver<u64> {
        self.grown.clone()
    }
}

async fn durable(pool: &PgPool) -> Result<(), StoreError> {
    for (setting, good) in [("fsync", &["on"][..]), ("full_page_writes", &["on"]), ("synchronous_commit", &["on", "remote_apply", "remote_write", "local"])] {
        let row = sqlx::query(AssertSqlSafe(format!("SHOW {setting}"))).fetch_one(pool).await?;
        let value: String = row.try_get(0)?;
        if !good.contains(&value.as_str()) {
            return Err(StoreError::Unusable(format!(
                "PostgreSQL 设置 {setting}={value} 不能保证断电不丢数据，拒绝启动。 PostgreSQL has {setting}={value}, which cannot promise durability; refusing to start."
            )));
        }
    }
    let version: i32 = sqlx::query("SELECT current_setting('server_version_num')::int").fetch_one(pool).await?.try_get(0)?;
    if version < 150_000 {
        return Err(StoreError::Unusable("需要 PostgreSQL 15 或更高版本。 PostgreSQL 15 or later is needed.".into()));
    }
    Ok(())
}

/// Whether this version's store is there; nothing is made.
async fn there(pool: &PgPool) -> Result<(), StoreError> {
    let made: bool = sqlx::query("SELECT to_regclass('schema_version') IS NOT NULL").fetch_one(pool).await?.try_get(0)?;
    if !made {
        return Err(StoreError::Nowhere);
    }
    let known = MIGRATIONS.len() as i64;
    match sqlx::query("SELECT coalesce(max(version), 0) FROM schema_version").fetch_one(pool).await?.try_get(0)? {
        0 => Err(StoreError::Nowhere),
        at if at > known => Err(StoreError::Unusable(newer(at))),
        at if at < known => Err(StoreError::Unusable(older(at))),
        _ => Ok(()),
    }
}

async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    // Two nodes that start together: the second waits here and finds it done.
    sqlx::query("SELECT pg_advisory_xact_lock(7300, 1)").execute(&mut *transaction).await?;
    let made: bool = sqlx::query("SELECT to_regclass('schema_version') IS NOT NULL").fetch_one(&mut *transaction).await?.try_get(0)?;
    // Only asked for where it is needed: a server may run as a role that owns nothing.
    if !made {
        sqlx::query("CREATE TABLE schema_version (version BIGINT NOT NULL)").execute(&mut *transaction).await?;
    }
    let at: i64 = sqlx::query("SELECT coalesce(max(version), 0) FROM schema_version").fetch_one(&mut *transaction).await?.try_get(0)?;
    if at > MIGRATIONS.len() as i64 {
        return Err(StoreError::Unusable(newer(at)));
    }
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > at) {
        sqlx::raw_sql(migration.postgres).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO schema_version (version) VALUES ($1)").bind(migration.number).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Every node calls the pass; the lock lives for one statement inside the server, so a node that is stopped in the middle
/// holds up nobody. Other nodes' passes are seen by reading the heads, never by relying on one's own result.
async fn sequencer(pool: PgPool, grown: watch::Sender<u64>, wake: Arc<Notify>) {
    let mut seen: i64 = -1;
    let mut pause = BUSY;
    while !grown.is_closed() {
        tokio::select! {
            () = wake.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
        let passed = sqlx::query("SELECT coalesce(sum(p), 0)::bigint FROM (SELECT seq_pass(centre) AS p FROM seq_state) AS passes").fetch_one(&pool).await;
        let head = sqlx::query("SELECT coalesce(sum(position), 0)::bigint FROM seq_state").fetch_one(&pool).await;
        match (passed, head.and_then(|row| row.try_get::<i64, _>(0))) {
            (Ok(_), Ok(head)) => {
                pause = if head == seen { IDLE } else { BUSY };
                if head != seen {
                    seen = head;
                    grown.send_modify(|count| *count += 1);
                }
            }
            (passed, head) => {
                tracing::warn!(pass = ?passed.err().map(|error| error.to_string()), head = ?head.err().map(|error| error.to_string()), "sequencer pass failed; it is tried again");
                pause = Duration::from_secs(1);
            }
        }
    }
}
