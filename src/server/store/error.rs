//! What can go wrong between us and a database.

/// 存储错误 (store error).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A UNIQUE guard said no: somebody else was first. The command is tried again and sees what they did.
    #[error("a unique key stands already: {0}")]
    Unique(String),
    /// A command has to take back what it wrote and no savepoint was set: it is run again with them. Never leaves the store.
    #[error("to be run again with savepoints")]
    Again,
    /// The database is busy or away; worth trying again.
    #[error("数据库被其他程序占用或没有回应，未作改动。 The database is held by another program or does not answer; nothing was changed. ({0})")]
    Away(String),
    /// No room left.
    #[error("the disk is full")]
    Full,
    /// The commit was not durable.
    #[error("not durable: {0}")]
    NotDurable(String),
    /// The file is damaged, newer than this program, or not ours.
    #[error("{0}")]
    Unusable(String),
    /// Another server works on this file.
    #[error("正由{} {process} 使用，未作改动。请先让它停下（控制台退出约 5 秒后内置后端自行停止），或用 --server 连接它，或用 --database 另指定一个；多个节点请用 PostgreSQL。 It is in use by {} {process}; nothing was changed. Let that one stop first (an embedded backend does some 5 seconds after its consoles), or reach it with --server, or name another --database; several nodes need PostgreSQL.", if *embedded { "内置后端进程" } else { "服务端进程" }, if *embedded { "the embedded backend, process" } else { "a server, process" })]
    Held {
        /// Its number.
        process: String,
        /// Whether it is the embedded server of a console.
        embedded: bool,
    },
    /// There is no store where one was looked for; nothing was made.
    #[error("这里没有库，没有新建；请检查路径是否写对。 There is no store here, and none was made; please check that the path is right.")]
    Nowhere,
    /// Anything else: a fault of ours.
    #[error("{0}")]
    Broken(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as E;
        match error.sqlite_error_code() {
            Some(E::ConstraintViolation) => {
                let text = error.to_string();
                if text.contains("UNIQUE") || text.contains("PRIMARY") { StoreError::Unique(text) } else { StoreError::Broken(text) }
            }
            Some(E::DatabaseBusy | E::DatabaseLocked) => StoreError::Away(error.to_string()),
            Some(E::DiskFull) => StoreError::Full,
            Some(E::DatabaseCorrupt | E::NotADatabase) => {
                StoreError::Unusable(format!("数据库文件已损坏或不是数据库，未作改动。 The database file is damaged or is none; nothing was changed. ({error})"))
            }
            _ => StoreError::Broken(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(inner) = &error {
            return match inner.code().as_deref() {
                Some("23505" | "40001" | "40P01") => StoreError::Unique(inner.to_string()),
                Some("53100") => StoreError::Full,
                Some("57P01" | "57P02" | "57P03" | "53300") => StoreError::Away(inner.to_string()),
                _ => StoreError::Broken(error.to_string()),
            };
        }
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                StoreError::Away(error.to_string())
            }
            other => StoreError::Broken(other.to_string()),
        }
    }
}
