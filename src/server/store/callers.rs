//! The caller vault: names and numbers sealed; found by keyed hash. Out of here they come masked, or plain
//! for a reveal that is on record.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::event::CentreId;
use crate::domain::ids::CallerId;
use crate::server::keys::Keys;
use crate::text::mask;
use serde_json::json;
use uuid::Uuid;

/// A caller as anybody may see one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masked {
    /// `100****0421`.
    pub number: String,
    /// `张*`; empty where unknown.
    pub name: String,
}

/// The caller with this number, made where there is none. A name that is new replaces the one that stood.
///
/// # Errors
/// The store's.
pub async fn find_or_add(
    tx: &mut Tx<'_>,
    centre: CentreId,
    keys: &Keys,
    number: &str,
    name: Option<&str>,
    fresh: CallerId,
    now: Timestamp,
) -> Result<CallerId, StoreError> {
    let digits: String = number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    // 未显示号码: nobody can be found by it, so each such call has a caller of its own.
    let hash = if digits.is_empty() { fresh.0.as_bytes().to_vec() } else { keys.number_hash(&digits) };
    let record = |id: CallerId, name: Option<&str>| keys.seal(&json!({ "number": digits, "name": name }).to_string(), id.0.as_bytes());
    if let Some(row) = tx.first("SELECT id, sealed FROM caller WHERE centre = ?1 AND number_hash = ?2", &[centre.into(), hash.clone().into()]).await? {
        let known = CallerId(row.id(0));
        let stands = keys.open(&row.bytes(1), known.0.as_bytes()).and_then(|record| serde_json::from_str::<serde_json::Value>(&record).ok());
        if let Some(name) = name.filter(|name| !name.trim().is_empty())
            && stands.is_none_or(|stands| stands["name"] != name)
        {
            tx.execute(
                "UPDATE caller SET key_id = ?3, sealed = ?4, masked_name = ?5 WHERE centre = ?1 AND id = ?2",
                &[centre.into(), known.0.into(), Keys::ID.into(), record(known, Some(name)).into(), mask::mask_name(name).into()],
            )
            .await?;
        }
        return Ok(known);
    }
    let sealed = record(fresh, name);
    let last4: String = digits.chars().skip(digits.chars().count().saturating_sub(4)).collect();
    tx.execute(
        "INSERT INTO caller (centre, id, key_id, sealed, number_hash, last4, masked_number, masked_name, first_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            centre.into(),
            fresh.0.into(),
            Keys::ID.into(),
            sealed.into(),
            hash.into(),
            last4.into(),
            mask::mask_number(&digits).into(),
            name.map(mask::mask_name).unwrap_or_default().into(),
            now.into(),
        ],
    )
    .await?;
    Ok(fresh)
}

/// How a caller may be shown.
///
/// # Errors
/// The store's.
pub async fn masked(tx: &mut Tx<'_>, centre: CentreId, caller: Uuid) -> Result<Masked, StoreError> {
    let row = tx.first("SELECT masked_number, masked_name FROM caller WHERE centre = ?1 AND id = ?2", &[centre.into(), caller.into()]).await?;
    Ok(row.map(|row| Masked { number: row.text(0), name: row.text(1) }).unwrap_or_default())
}

/// A caller in clear. Whoever asks for this has put it on record before.
pub struct Plain {
    /// Digits as they were reported; empty where withheld.
    pub number: String,
    /// 姓名; empty where unknown.
    pub name: String,
}

/// Opens the vault's record of a caller.
///
/// # Errors
/// The store's, or `Broken` where the record does not open.
pub async fn plain(tx: &mut Tx<'_>, centre: CentreId, keys: &Keys, caller: CallerId) -> Result<Plain, StoreError> {
    let row = tx.first("SELECT sealed FROM caller WHERE centre = ?1 AND id = ?2", &[centre.into(), caller.0.into()]).await?;
    let record = row.and_then(|row| keys.open(&row.bytes(0), caller.0.as_bytes())).and_then(|record| serde_json::from_str::<serde_json::Value>(&record).ok());
    let record = record.ok_or_else(|| StoreError::Broken("a record of the vault does not open".into()))?;
    let text = |field: &str| record[field].as_str().unwrap_or_default().to_owned();
    Ok(Plain { number: text("number"), name: text("name") })
}
