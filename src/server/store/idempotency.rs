//! Answers by idempotency key: the same key, user and route give the same answer again.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::event::CentreId;
use crate::server::keys::Keys;
use crate::server::work::Answer;
use chrono::TimeDelta;
use uuid::Uuid;

/// How long an answer is kept.
pub const KEPT_HOURS: i64 = 72;

/// How many bytes of a key's identity order it.
const ORDER: usize = 8;

/// A key as the store knows it: who, where and what they called it, digested; and the request, digested. Both with the
/// centre's secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Eight bytes to order by, then 24 of the keyed digest of user, route and key. Keys that are UUIDs of version 7, as our
    /// own clients send, are ordered by time: new ones lie side by side, and a commit touches one page of them, not one each.
    pub id: Vec<u8>,
    /// Keyed digest of the body and of the version it was made from.
    pub request: Vec<u8>,
}

impl Key {
    /// The key of one request; `matching`: its `If-Match`.
    pub fn new(keys: &Keys, user: &str, route: &str, key: &str, matching: Option<i64>, body: &[u8]) -> Key {
        let matching = matching.map(i64::to_be_bytes);
        let mut id = keys.request_digest(&[user.as_bytes(), route.as_bytes(), key.as_bytes()]);
        id.rotate_right(ORDER);
        if let Ok(key) = Uuid::try_parse(key) {
            id[..ORDER].copy_from_slice(&key.as_bytes()[..ORDER]);
        }
        Key { id, request: keys.request_digest(&[matching.as_ref().map_or(&[][..], |version| version), body]) }
    }

    /// The lock a twin in flight is seen by.
    pub fn lock(&self) -> i64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.id[ORDER..ORDER + 8]);
        i64::from_be_bytes(bytes)
    }
}

/// What is known of a key.
pub enum Known {
    /// Nothing: it is new.
    New,
    /// This was answered.
    Answered(Answer),
    /// The key was used for something else.
    OtherBody,
}

/// Looks a key up.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx<'_>, centre: CentreId, key: &Key) -> Result<Known, StoreError> {
    let row = tx.first("SELECT request, status, answer, etag FROM idempotency WHERE centre = ?1 AND key = ?2", &[centre.into(), key.id.clone().into()]).await?;
    Ok(match row {
        None => Known::New,
        Some(row) if row.bytes(0) != key.request => Known::OtherBody,
        Some(row) => {
            Known::Answered(Answer { status: u16::try_from(row.int(1)).unwrap_or(500), body: row.text(2), etag: row.maybe_int(3), replayed: true })
        }
    })
}

/// Keeps an answer, in the transaction of what it answers.
///
/// # Errors
/// The store's.
pub async fn keep(tx: &mut Tx<'_>, centre: CentreId, key: &Key, answer: &Answer, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO idempotency (centre, key, request, status, answer, etag, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            centre.into(),
            key.id.clone().into(),
            key.request.clone().into(),
            i64::from(answer.status).into(),
            answer.body.as_str().into(),
            answer.etag.into(),
            now.into(),
        ],
    )
    .await
    .map(drop)
}

/// Forgets answers that are older than they are kept.
///
/// # Errors
/// The store's.
pub async fn forget(tx: &mut Tx<'_>, centre: CentreId, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM idempotency WHERE centre = ?1 AND created_at < ?2",
        &[centre.into(), (now - TimeDelta::hours(KEPT_HOURS)).into()],
    )
    .await
}
