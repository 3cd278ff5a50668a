//! The article projection: the current revision of each, with what a search needs.
use super::error::StoreError;
use super::tx::Tx;
use super::value::{Row, Value};
use crate::api::articles::ArticleHead;
use crate::domain::article::{Article, ArticleText, PolicyLevel};
use crate::domain::event::CentreId;
use crate::domain::ids::ArticleId;
use chrono::NaiveDate;
use uuid::Uuid;

/// Writes the row of an article.
///
/// # Errors
/// `Unique` where another article has its code.
pub async fn save(tx: &mut Tx<'_>, centre: CentreId, article: &Article, text: &ArticleText) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO article_row (centre, id, revision, code, external_id, level, effective, expiry, owner, successor, text_id, title, keywords, document_number, published_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (centre, id) DO UPDATE SET revision = excluded.revision, code = excluded.code, external_id = excluded.external_id, level = excluded.level,
           effective = excluded.effective, expiry = excluded.expiry, owner = excluded.owner, successor = excluded.successor, text_id = excluded.text_id,
           title = excluded.title, keywords = excluded.keywords, document_number = excluded.document_number, published_at = excluded.published_at",
        &values(centre, article, text),
    )
    .await
    .map(drop)
}

/// The row an article should have.
pub fn values(centre: CentreId, article: &Article, text: &ArticleText) -> Vec<Value> {
    let date = |date: Option<NaiveDate>| Value::from(date.map(|date| date.to_string()));
    vec![
        centre.into(),
        article.id.0.into(),
        article.revision.into(),
        article.code.as_str().into(),
        article.external_id.clone().into(),
        level_code(article.level).into(),
        date(article.effective),
        date(article.expiry),
        article.owner.clone().into(),
        article.successor.clone().into(),
        article.text.id.0.into(),
        text.title.as_str().into(),
        text.keywords.join("\n").into(),
        text.document_number.as_str().into(),
        article.published_at.into(),
    ]
}

/// The code of a level.
pub const fn level_code(level: PolicyLevel) -> &'static str {
    match level {
        PolicyLevel::National => "national",
        PolicyLevel::Province => "province",
        PolicyLevel::City => "city",
        PolicyLevel::District => "district",
    }
}

fn head(row: &Row) -> ArticleHead {
    ArticleHead {
        id: ArticleId(row.id(0)),
        revision: row.int(1),
        code: row.text(2),
        level: serde_json::from_value(row.text(3).into()).unwrap_or(PolicyLevel::City),
        title: row.text(4),
        keywords: row.text(5).split('\n').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        document_number: row.text(6),
        expiry: row.maybe_text(7).and_then(|date| date.parse().ok()),
        published_at: row.at(8),
        external_id: row.maybe_text(9),
    }
}

/// A page of heads by identity.
///
/// # Errors
/// The store's.
pub async fn heads(tx: &mut Tx<'_>, centre: CentreId, after: Uuid, limit: i64) -> Result<Vec<ArticleHead>, StoreError> {
    let rows = tx
        .query(
            "SELECT id, revision, code, level, title, keywords, document_number, expiry, published_at, external_id FROM article_row
             WHERE centre = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
            &[centre.into(), after.into(), limit.into()],
        )
        .await?;
    Ok(rows.iter().map(head).collect())
}

/// One head.
///
/// # Errors
/// The store's.
pub async fn one_head(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<ArticleHead>, StoreError> {
    let row = tx
        .first(
            "SELECT id, revision, code, level, title, keywords, document_number, expiry, published_at, external_id FROM article_row WHERE centre = ?1 AND id = ?2",
            &[centre.into(), id.into()],
        )
        .await?;
    Ok(row.map(|row| head(&row)))
}

/// The articles a code and an import's id name, each with its code: one, none, or two that are not the same.
///
/// # Errors
/// The store's.
pub async fn named(tx: &mut Tx<'_>, centre: CentreId, code: Option<&str>, external_id: Option<&str>) -> Result<Vec<(Uuid, String)>, StoreError> {
    let rows = tx
        .query(
            "SELECT id, code FROM article_row WHERE centre = ?1 AND code = ?2 UNION SELECT id, code FROM article_row WHERE centre = ?1 AND external_id = ?3",
            &[centre.into(), code.map(str::to_owned).into(), external_id.map(str::to_owned).into()],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.id(0), row.text(1))).collect())
}

/// Is there this revision of this article?
///
/// # Errors
/// The store's.
pub async fn has_revision(tx: &mut Tx<'_>, centre: CentreId, id: Uuid, revision: i64) -> Result<bool, StoreError> {
    let row = tx
        .first(
            "SELECT 1 FROM event WHERE centre = ?1 AND aggregate_id = ?2 AND version = ?3 AND aggregate = 'article'",
            &[centre.into(), id.into(), revision.into()],
        )
        .await?;
    Ok(row.is_some())
}

/// The stored row as the parameters `values` would write.
///
/// # Errors
/// The store's.
pub async fn stored(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT centre, id, revision, code, external_id, level, effective, expiry, owner, successor, text_id, title, keywords, document_number, published_at
         FROM article_row WHERE centre = ?1 AND id = ?2",
        &[centre.into(), id.into()],
    )
    .await
}
