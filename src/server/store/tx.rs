//! One transaction over either database. Statements are written once, with `?1`; the SQLite side never waits, so the
//! writer thread can poll an `async` body to its end.
use super::error::StoreError;
use super::heads::Heads;
use super::value::{Row, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use sqlx::{Column, Row as _, TypeInfo};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

/// 事务 (transaction).
pub struct Tx<'a> {
    pub(super) over: Over<'a>,
    /// Whether every mark is a real savepoint, or only those that come after a write.
    careful: bool,
    wrote: bool,
    /// The marks that stand, and whether the database knows of them.
    marks: Vec<bool>,
}

/// What a transaction runs over.
pub(super) enum Over<'a> {
    /// SQLite: the connection, and the heads of the log that the single writer keeps.
    Sqlite(&'a mut rusqlite::Connection, Option<&'a mut Heads>),
    /// PostgreSQL.
    Postgres(&'a mut sqlx::PgConnection),
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Int(Some(value)) => ValueRef::Integer(*value),
            Value::Text(Some(value)) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(Some(value)) => ValueRef::Blob(value),
            Value::Int(None) | Value::Text(None) | Value::Bytes(None) => ValueRef::Null,
        }))
    }
}

/// PostgreSQL numbers its parameters `$1`; each statement is rewritten once and kept.
fn dollars(sql: &'static str) -> &'static str {
    static KEPT: LazyLock<Mutex<HashMap<usize, &'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    kept.entry(sql.as_ptr() as usize).or_insert_with(|| sql.replace('?', "$").leak())
}

impl<'a> Tx<'a> {
    /// One over SQLite.
    pub(super) fn sqlite(connection: &'a mut rusqlite::Connection, heads: Option<&'a mut Heads>, careful: bool) -> Tx<'a> {
        Tx { over: Over::Sqlite(connection, heads), careful, wrote: false, marks: Vec::new() }
    }

    /// One over PostgreSQL.
    pub(super) fn postgres(connection: &'a mut sqlx::PgConnection, careful: bool) -> Tx<'a> {
        Tx { over: Over::Postgres(connection), careful, wrote: false, marks: Vec::new() }
    }

    /// Whether there may be something to undo.
    pub(super) const fn wrote(&self) -> bool {
        self.wrote
    }

    /// The rows a statement gives.
    ///
    /// # Errors
    /// What the database says.
    pub async fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        // What only reads begins so; an insertion that gives back a row does not.
        self.wrote |= !sql.starts_with('S');
        match &mut self.over {
            Over::Sqlite(connection, _) => {
                let mut statement = connection.prepare_cached(sql)?;
                let columns = statement.column_count();
                let mut rows = statement.query(rusqlite::params_from_iter(values))?;
                let mut answer = Vec::new();
                while let Some(row) = rows.next()? {
                    let mut values = Vec::with_capacity(columns);
                    for column in 0..columns {
                        values.push(match row.get_ref(column)? {
                            ValueRef::Null => Value::Int(None),
                            ValueRef::Integer(value) => Value::Int(Some(value)),
                            ValueRef::Real(value) => Value::Int(Some(value as i64)),
                            ValueRef::Text(value) => Value::Text(Some(String::from_utf8_lossy(value).into_owned())),
                            ValueRef::Blob(value) => Value::Bytes(Some(value.to_vec())),
                        });
                    }
                    answer.push(Row(values));
                }
                Ok(answer)
            }
            Over::Postgres(connection) => {
                let rows = bound(sql, values).fetch_all(&mut **connection).await?;
                rows.iter().map(postgres_row).collect()
            }
        }
    }

    /// The first row a statement gives.
    ///
    /// # Errors
    /// What the database says.
    pub async fn first(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// Runs a statement; how many rows it touched.
    ///
    /// # Errors
    /// What the database says.
    pub async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        self.wrote = true;
        self.run(sql, values).await
    }

    async fn run(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        match &mut self.over {
            Over::Sqlite(connection, _) => Ok(connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))? as u64),
            Over::Postgres(connection) => Ok(bound(sql, values).execute(&mut **connection).await?.rows_affected()),
        }
    }

    /// Marks where [`Tx::rollback`] goes back to. Where nothing was written yet that is the start of the command, and the
    /// database is not told: hardly any command has to go back, and every savepoint copies each page that changes under it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn savepoint(&mut self) -> Result<(), StoreError> {
        if let Over::Sqlite(_, Some(heads)) = &mut self.over {
            heads.mark();
        }
        let real = self.careful || self.wrote;
        self.marks.push(real);
        if real { self.run("SAVEPOINT work", &[]).await.map(drop) } else { Ok(()) }
    }

    /// Undoes everything since the mark, positions too, so that they stay dense.
    ///
    /// # Errors
    /// [`StoreError::Again`] where the database was not told of the mark: the command is run again with real savepoints.
    pub async fn rollback(&mut self) -> Result<(), StoreError> {
        if let Over::Sqlite(_, Some(heads)) = &mut self.over {
            heads.back();
        }
        match self.marks.pop() {
            Some(true) => {
                self.run("ROLLBACK TO work", &[]).await?;
                self.run("RELEASE work", &[]).await.map(drop)
            }
            _ if self.wrote => Err(StoreError::Again),
            _ => Ok(()),
        }
    }

    /// Keeps what was done since the mark.
    ///
    /// # Errors
    /// What the database says.
    pub async fn release(&mut self) -> Result<(), StoreError> {
        if let Over::Sqlite(_, Some(heads)) = &mut self.over {
            heads.keep();
        }
        if self.marks.pop() == Some(true) { self.run("RELEASE work", &[]).await.map(drop) } else { Ok(()) }
    }

    /// Takes the lock of a thing for this transaction, waiting for whoever has it: two commands that judge one thing by
    /// another's state come one after the other. On SQLite they do anyway.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lock(&mut self, id: uuid::Uuid) -> Result<(), StoreError> {
        if matches!(self.over, Over::Postgres(_)) {
            let key = id.as_u64_pair().1.cast_signed();
            self.query("SELECT 1::bigint FROM pg_advisory_xact_lock(?1)", &[key.into()]).await?;
        }
        Ok(())
    }

    /// Takes the lock of an idempotency key for this transaction; `false`: its twin is in flight. On SQLite there is one
    /// writer, so a twin is always seen as a row. It must be taken before the savepoint: rolling back to one frees it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lock_key(&mut self, key: i64) -> Result<bool, StoreError> {
        match self.over {
            Over::Sqlite(..) => Ok(true),
            Over::Postgres(_) => {
                let row = self.first("SELECT CASE WHEN pg_try_advisory_xact_lock(?1) THEN 1::bigint ELSE 0::bigint END", &[key.into()]).await?;
                Ok(row.is_some_and(|row| row.flag(0)))
            }
        }
    }
}

fn bound<'q>(sql: &'static str, values: &'q [Value]) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
    let mut query = sqlx::query(dollars(sql));
    for value in values {
        query = match value {
            Value::Int(value) => query.bind(*value),
            Value::Text(value) => query.bind(value.as_deref()),
            Value::Bytes(value) => query.bind(value.as_deref()),
        };
    }
    query
}

fn postgres_row(row: &sqlx::postgres::PgRow) -> Result<Row, StoreError> {
    let mut values = Vec::with_capacity(row.columns().len());
    for (index, column) in row.columns().iter().enumerate() {
        values.push(match column.type_info().name() {
            "INT8" => Value::Int(row.try_get(index)?),
            "INT4" => Value::Int(row.try_get::<Option<i32>, _>(index)?.map(i64::from)),
            "BOOL" => Value::Int(row.try_get::<Option<bool>, _>(index)?.map(i64::from)),
            "BYTEA" => Value::Bytes(row.try_get(index)?),
            _ => Value::Text(row.try_get(index)?),
        });
    }
    Ok(Row(values))
}
