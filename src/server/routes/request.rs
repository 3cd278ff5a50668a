//! What comes in: who asks, under which key, with what. Everything unreadable is a problem in words, never a bare status.
use crate::api::{ACT_AGE, IDEMPOTENCY_KEY, Problem};
use crate::domain::event::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::server::auth::{self, Asking};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::idempotency::Key;
use crate::server::work::Asker;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, Method};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, IF_MATCH};
use axum::http::request::Parts;
use base64::Engine;
use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use uuid::Uuid;

/// The bearer token of a request.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    // The scheme's name is written in any case (RFC 9110).
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// Who asks: a handler that takes this answers 401 to everybody else.
pub struct Who(pub Arc<Asking>);

impl FromRequestParts<Arc<Node>> for Who {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, node: &Arc<Node>) -> Result<Self, Fault> {
        auth::asking(node, token(&parts.headers)).await.map(Who)
    }
}

impl Who {
    /// # Errors
    /// 403 where the asker does not hold it anywhere.
    pub fn require(&self, capability: Capability) -> Result<(), Fault> {
        if self.0.viewer.can(capability) { Ok(()) } else { Err(Refusal::Forbidden { capability }.into()) }
    }
}

/// A write: who asks, under which key, with which body.
pub struct Write<T> {
    /// Who and under which key, as `work` wants it.
    pub asker: Asker,
    /// The body.
    pub body: T,
    /// `If-Match`.
    pub matching: Option<i64>,
    /// How long ago it was given, where it could not be sent at once.
    pub age: Option<TimeDelta>,
}

impl<T: DeserializeOwned> FromRequest<Arc<Node>> for Write<T> {
    type Rejection = Fault;
    async fn from_request(request: Request, node: &Arc<Node>) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let who = auth::asking(node, token(&parts.headers)).await?;
        let route = format!("{} {}", parts.method, parts.uri.path());
        let key = parts.headers.get(IDEMPOTENCY_KEY).map(|key| key.to_str().unwrap_or_default().trim().to_owned());
        let key = match key {
            Some(key) if !key.is_empty() && key.len() <= 200 => key,
            Some(_) => return Err(Problem::new(400, "bad_key", "Idempotency-Key 须为 1–200 个字符。 Idempotency-Key must have 1 to 200 characters.").into()),
            None => return Err(Problem::new(428, "key_required", "写操作须带 Idempotency-Key。 A write needs an Idempotency-Key.").into()),
        };
        // Judged before the key is kept: an edit sent again with what was missing is not answered with what it lacked.
        let matching = parts.headers.get(IF_MATCH).map(|value| value.to_str().ok().and_then(version)).map(|version| version.ok_or_else(unreadable_match)).transpose()?;
        if parts.method == Method::PATCH && matching.is_none() {
            return Err(Refusal::MatchRequired.into());
        }
        let age = parts.headers.get(ACT_AGE).and_then(|age| age.to_str().ok()?.trim().parse::<u32>().ok()).map(|age| TimeDelta::milliseconds(age.into()));
        let bytes = whole_body(Request::from_parts(parts, body), node).await?;
        let body = json(&bytes)?;
        let stored = Key::new(&node.keys, &who.viewer.user.to_string(), &route, &key, matching, &bytes);
        let asker = Asker { viewer: Some(Arc::clone(&who.viewer)), actor: Actor::User(who.viewer.user), key: Some((key, stored)) };
        Ok(Write { asker, body, matching, age })
    }
}

/// The version an entity tag names. A proxy that compresses marks it as weak, and it means the same version.
fn version(tag: &str) -> Option<i64> {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"').parse().ok()
}

fn unreadable_match() -> Fault {
    Problem::new(400, "bad_match", "If-Match 无法识别，请照抄上次 ETag 的值。 If-Match cannot be read; send the ETag you were given.").into()
}

/// A body without a key: logging in, a seat's state.
pub struct Plain<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<Node>> for Plain<T> {
    type Rejection = Fault;
    async fn from_request(request: Request, node: &Arc<Node>) -> Result<Self, Fault> {
        json(&whole_body(request, node).await?).map(Plain)
    }
}

async fn whole_body(request: Request, node: &Arc<Node>) -> Result<bytes::Bytes, Fault> {
    let refused = |status: u16| {
        let code = if status == 413 { "too_large" } else { "bad_body" };
        Fault::from(Problem::new(status, code, "请求内容过大或未收全。 The body is too large or incomplete."))
    };
    // What is announced too large is refused before it is sent, not after most of it was read.
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > super::LARGEST_BODY as u64) {
        return Err(refused(413));
    }
    bytes::Bytes::from_request(request, node).await.map_err(|error| refused(error.status().as_u16()))
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    // NUL is in no text a person writes, and PostgreSQL cannot keep it: refused once, here, for every field there is.
    if memchr::memmem::find(bytes, b"\\u0000").is_some() && serde_json::from_slice(bytes).is_ok_and(|value| has_nul(&value)) {
        return Err(Problem::new(422, "bad_body", "请求内容含有空字符（NUL）。 The body has a NUL character in it.").into());
    }
    serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(422, "bad_body", "请求内容无法识别。 The body cannot be read.").detail(format!("line {}, column {}: {}", error.line(), error.column(), without_value(&error.to_string()))).into()
    })
}

/// What was wrong, without the value that was: a number in the wrong field would come back, and into somebody's log.
pub fn without_value(told: &str) -> String {
    let quotes = ["invalid type", "invalid value", "unknown variant"].iter().any(|start| told.starts_with(start));
    match (told.find(['`', '"']), told.rfind(", expected")) {
        (Some(from), Some(to)) if quotes && from < to => format!("{}…{}", &told[..from], &told[to..]),
        _ => told.to_owned(),
    }
}

fn has_nul(value: &serde_json::Value) -> bool {
    use serde_json::Value as V;
    match value {
        V::String(text) => text.contains('\0'),
        V::Array(items) => items.iter().any(has_nul),
        V::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        V::Null | V::Bool(_) | V::Number(_) => false,
    }
}

/// A query string, its faults in words.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Node>> for Query<T> {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, node: &Arc<Node>) -> Result<Self, Fault> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Problem::new(422, "bad_query", "查询参数含有空字符（NUL）。 The query has a NUL character in it.").into());
        }
        match axum::extract::Query::<T>::from_request_parts(parts, node).await {
            Ok(query) => Ok(Query(query.0)),
            Err(error) => Err(Problem::new(422, "bad_query", "查询参数无法识别。 The query cannot be read.").detail(error.body_text()).into()),
        }
    }
}

/// An identity in a path: one that cannot be read is one that is not there.
///
/// # Errors
/// 404.
pub fn identity<T: From<Uuid>>(text: &str) -> Result<T, Fault> {
    Uuid::parse_str(text).map(T::from).map_err(|_| Refusal::NotFound.into())
}

/// A cursor: where the last page ended, opaque to the client.
pub fn cursor(at: i64, id: Uuid) -> String {
    let mut bytes = at.to_be_bytes().to_vec();
    bytes.extend_from_slice(id.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// The place a cursor names.
///
/// # Errors
/// 422 for one that was not ours.
pub fn from_cursor(text: Option<&str>) -> Result<Option<(i64, Uuid)>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let bad = || Fault::from(Problem::new(422, "bad_cursor", "翻页标记无效，请从第一页重新读取。 The cursor is not one of ours; start from the first page."));
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
    let (at, id) = bytes.split_at_checked(8).ok_or_else(bad)?;
    let at: [u8; 8] = at.try_into().map_err(|_| bad())?;
    Ok(Some((i64::from_be_bytes(at), Uuid::from_slice(id).map_err(|_| bad())?)))
}

/// How many rows a page has.
pub fn page_limit(asked: Option<u32>, default: u32, most: u32) -> i64 {
    i64::from(asked.unwrap_or(default).clamp(1, most))
}
