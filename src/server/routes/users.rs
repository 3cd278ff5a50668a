//! Logging in, seats, users.
use super::request::{Plain, Query, Who, Write, page_limit, token};
use super::tickets::require;
use crate::api::session::{Login, NewUser, Seat, UserChange, UserQuery};
use crate::api::{MAX_LIMIT, Page};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::server::auth;
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::users;
use crate::server::work::{self, Answer};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use std::sync::Arc;

pub(super) async fn login(State(node): State<Arc<Node>>, Plain(login): Plain<Login>) -> Result<Answer, Fault> {
    Answer::json(201, &auth::login(&node, login).await?)
}

pub(super) async fn logout(State(node): State<Arc<Node>>, _who: Who, headers: HeaderMap) -> Result<Answer, Fault> {
    if let Some(token) = token(&headers) {
        auth::logout(&node, token).await?;
    }
    Answer::json(200, &())
}

pub(super) async fn me(who: Who) -> Result<Answer, Fault> {
    Ok(Answer { status: 200, body: who.0.told.clone(), etag: None, replayed: false })
}

pub(super) async fn seat(State(node): State<Arc<Node>>, who: Who, Plain(seat): Plain<Seat>) -> Result<Answer, Fault> {
    who.require(Capability::CallTake)?;
    if let Ok(mut seats) = node.seats.lock() {
        seats.insert(who.0.viewer.user.0, seat.state);
    }
    Answer::json(200, &seat)
}

pub(super) async fn add(State(node): State<Arc<Node>>, write: Write<NewUser>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::UserManage)?;
    let mut body = write.body;
    let hash = hash_of(body.password.take()).await?;
    work::command(&node, write.asker, move |work| work::add_user(work, body.clone(), hash.clone())).await
}

/// Longest password, bytes: each is hashed.
const LONGEST_PASSWORD: usize = 1024;

/// A password's hash; an empty one is none.
async fn hash_of(password: Option<String>) -> Result<Option<String>, Fault> {
    match password {
        None => Ok(None),
        Some(password) if password.trim().is_empty() => Err(Refusal::Missing { field: "password".into() }.into()),
        Some(password) if password.len() > LONGEST_PASSWORD => Err(Refusal::Unknown { field: "password".into(), value: format!("{} > {LONGEST_PASSWORD}", password.len()) }.into()),
        Some(password) => auth::hash_aside(password).await.map(Some),
    }
}

/// What may be done with a user, as [`act`] knows it.
pub(super) const ACTS: &[&str] = &["disable", "enable", "password", "role"];

pub(super) async fn act(State(node): State<Arc<Node>>, Path((login, act)): Path<(String, String)>, write: Write<UserChange>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::UserManage)?;
    let mut body = write.body;
    let hash = hash_of(body.password.take()).await?;
    let missing = |field: &str| Fault::from(Refusal::Missing { field: field.into() });
    let change = match (act.as_str(), body.roles, hash) {
        ("disable", ..) => work::Change::Disable,
        ("enable", ..) => work::Change::Enable,
        ("password", _, hash) => work::Change::Password(hash.ok_or_else(|| missing("password"))?),
        ("role", roles, _) => work::Change::Role { roles: roles.ok_or_else(|| missing("roles"))?, unit: body.unit },
        _ => return Err(Refusal::NotFound.into()),
    };
    let answer = work::command(&node, write.asker, move |work| work::change_user(work, login.clone(), change.clone())).await?;
    // Other nodes look again within seconds; this one at once.
    node.sessions.forget();
    Ok(answer)
}

pub(super) async fn history(State(node): State<Arc<Node>>, who: Who, Path(login): Path<String>) -> Result<Answer, Fault> {
    who.require(Capability::UserManage)?;
    let mut reader = node.store.snapshot().await?;
    let items = work::of_user(&node, &mut reader.tx(), &login).await?.ok_or(Refusal::NotFound)?;
    Answer::json(200, &Page { items, next: None })
}

pub(super) async fn list(State(node): State<Arc<Node>>, who: Who, Query(query): Query<UserQuery>) -> Result<Answer, Fault> {
    who.require(Capability::UserManage)?;
    let limit = page_limit(query.limit, 50, MAX_LIMIT);
    let items = users::list(&mut node.store.reader().await?.tx(), node.centre, query.cursor.as_deref().unwrap_or_default(), limit).await?;
    let next = (items.len() as i64 == limit).then(|| items.last().map(|user| user.login.clone())).flatten();
    Answer::json(200, &Page { items, next })
}
