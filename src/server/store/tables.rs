//! The configuration tables: their version, and their fold from the log.
use super::error::StoreError;
use super::log;
use super::tx::Tx;
use crate::domain::event::{CentreId, Payload};
use crate::domain::tables::{TableEvent, Tables};

/// How many table events there are.
///
/// # Errors
/// The store's.
pub async fn version(tx: &mut Tx<'_>, centre: CentreId) -> Result<i64, StoreError> {
    Ok(tx.first("SELECT version FROM tables_state WHERE centre = ?1", &[centre.into()]).await?.map_or(0, |row| row.int(0)))
}

/// Says that `count` more rows were put.
///
/// # Errors
/// The store's.
pub async fn advance(tx: &mut Tx<'_>, centre: CentreId, count: i64) -> Result<(), StoreError> {
    tx.execute("UPDATE tables_state SET version = version + ?2 WHERE centre = ?1", &[centre.into(), count.into()]).await.map(drop)
}

/// The tables as they stand.
///
/// # Errors
/// The store's, or a damaged log.
pub async fn load(tx: &mut Tx<'_>, centre: CentreId) -> Result<Tables, StoreError> {
    let mut tables = Tables::default();
    for envelope in log::table_events(tx, centre).await? {
        match TableEvent::unpack(&envelope.kind, &envelope.payload) {
            Ok(Some(event)) => tables.apply(&event),
            Ok(None) => tables.version += 1,
            Err(error) => return Err(StoreError::Broken(format!("event {}: {error}", envelope.id))),
        }
    }
    Ok(tables)
}
