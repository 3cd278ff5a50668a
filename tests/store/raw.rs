//! A database seen from outside the product: rows as they lie there, and statements nobody should run.
use hotline::server::Database;
use sqlx::{Column, Row, TypeInfo};

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Cell {
    pub fn int(&self) -> i64 {
        match self {
            Cell::Int(value) => *value,
            other => panic!("{other:?}"),
        }
    }
    /// Bytes of a text or of bytes; empty where null.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Cell::Null => Vec::new(),
            Cell::Text(text) => text.clone().into_bytes(),
            Cell::Bytes(bytes) => bytes.clone(),
            Cell::Int(value) => value.to_be_bytes().to_vec(),
        }
    }
}

/// The database.
pub enum Raw {
    Sqlite(rusqlite::Connection),
    Postgres(sqlx::PgPool),
}

impl Raw {
    pub async fn open(database: &Database) -> Raw {
        match database {
            Database::Sqlite(path) => Raw::Sqlite(rusqlite::Connection::open(path).unwrap()),
            Database::Postgres(url) => Raw::Postgres(sqlx::PgPool::connect(url).await.unwrap()),
        }
    }

    pub async fn rows(&self, sql: &str) -> Vec<Vec<Cell>> {
        match self {
            Raw::Sqlite(connection) => {
                use rusqlite::types::ValueRef;
                let mut statement = connection.prepare(sql).unwrap();
                let columns = statement.column_count();
                let mut rows = statement.query([]).unwrap();
                let mut found = Vec::new();
                while let Some(row) = rows.next().unwrap() {
                    let cell = |column| match row.get_ref(column).unwrap() {
                        ValueRef::Null => Cell::Null,
                        ValueRef::Integer(value) => Cell::Int(value),
                        ValueRef::Text(value) => Cell::Text(String::from_utf8(value.to_vec()).unwrap()),
                        ValueRef::Blob(value) => Cell::Bytes(value.to_vec()),
                        ValueRef::Real(value) => panic!("{value}"),
                    };
                    found.push((0..columns).map(cell).collect());
                }
                found
            }
            Raw::Postgres(pool) => {
                let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(pool).await.unwrap();
                let cell = |row: &sqlx::postgres::PgRow, column: usize| match row.columns()[column].type_info().name() {
                    "INT8" => row.get::<Option<i64>, _>(column).map_or(Cell::Null, Cell::Int),
                    "BYTEA" => row.get::<Option<Vec<u8>>, _>(column).map_or(Cell::Null, Cell::Bytes),
                    _ => row.get::<Option<String>, _>(column).map_or(Cell::Null, Cell::Text),
                };
                rows.iter().map(|row| (0..row.columns().len()).map(|column| cell(row, column)).collect()).collect()
            }
        }
    }

    pub async fn run(&self, sql: &str) -> u64 {
        match self {
            Raw::Sqlite(connection) => connection.execute(sql, []).unwrap() as u64,
            Raw::Postgres(pool) => sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap().rows_affected(),
        }
    }

    /// What somebody does first who owns the database and wants to change the log.
    pub async fn unguard(&self) {
        match self {
            Raw::Sqlite(_) => {
                for name in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'").await {
                    self.run(&format!("DROP TRIGGER {}", String::from_utf8(name[0].bytes()).unwrap())).await;
                }
            }
            Raw::Postgres(_) => {
                for table in ["event", "event_position", "seq_state"] {
                    self.run(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await;
                }
            }
        }
    }

    /// Several statements, all or none.
    pub async fn batch(&self, sql: &str) {
        match self {
            Raw::Sqlite(connection) => connection.execute_batch(&format!("BEGIN; {sql}; COMMIT")).unwrap(),
            Raw::Postgres(pool) => drop(sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(pool).await.unwrap()),
        }
    }

    /// The same as `run`, where it may be refused: then the words.
    pub async fn attempt(&self, sql: &str) -> Result<u64, String> {
        match self {
            Raw::Sqlite(connection) => connection.execute(sql, []).map(|rows| rows as u64).map_err(|error| error.to_string()),
            Raw::Postgres(pool) => {
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(pool).await.map(|told| told.rows_affected()).map_err(|error| error.to_string())
            }
        }
    }

    /// Bytes as the database writes them in a statement.
    pub fn literal(&self, bytes: &[u8]) -> String {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Raw::Sqlite(_) => format!("X'{hex}'"),
            Raw::Postgres(_) => format!("'\\x{hex}'::bytea"),
        }
    }

    /// The names of all tables.
    pub async fn tables(&self) -> Vec<String> {
        let sql = match self {
            Raw::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table'",
            Raw::Postgres(_) => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
        };
        self.rows(sql).await.into_iter().map(|row| String::from_utf8(row[0].bytes()).unwrap()).collect()
    }

    /// Every row of a table, each as one text with its bytes in hexadecimal.
    pub async fn texts(&self, table: &str) -> Vec<String> {
        match self {
            Raw::Sqlite(_) => self.rows(&format!("SELECT * FROM {table}")).await.iter().map(|row| told(row)).collect(),
            Raw::Postgres(_) => self.rows(&format!("SELECT t::text FROM {table} t")).await.iter().map(|row| told(row)).collect(),
        }
    }
}

fn told(row: &[Cell]) -> String {
    row.iter()
        .map(|cell| match cell {
            Cell::Null => "null".into(),
            Cell::Int(value) => value.to_string(),
            Cell::Text(text) => text.clone(),
            Cell::Bytes(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
        })
        .collect::<Vec<_>>()
        .join("|")
}
