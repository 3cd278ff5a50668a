//! Logging in, seats, users.
use super::request::{Plain, Query, Who, Write, page_limit, token};
use super::tickets::require;
use crate::api::session::{Login, NewUser, Seat};
use crate::api::{MAX_LIMIT, Page};
use crate::domain::rights::Capability;
use crate::server::auth;
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::users;
use crate::server::work::{self, Answer};
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
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
    let hash = match body.password.take() {
        Some(password) => Some(auth::hash_aside(password).await?),
        None => None,
    };
    work::command(&node, write.asker, move |work| work::add_user(work, body.clone(), hash.clone())).await
}

/// Which users.
#[derive(Deserialize)]
pub(super) struct UserQuery {
    cursor: Option<String>,
    limit: Option<u32>,
}

pub(super) async fn list(State(node): State<Arc<Node>>, who: Who, Query(query): Query<UserQuery>) -> Result<Answer, Fault> {
    who.require(Capability::UserManage)?;
    let limit = page_limit(query.limit, 50, MAX_LIMIT);
    let items = users::list(&mut node.store.reader().await?.tx(), node.centre, query.cursor.as_deref().unwrap_or_default(), limit).await?;
    let next = (items.len() as i64 == limit).then(|| items.last().map(|user| user.login.clone())).flatten();
    Answer::json(200, &Page { items, next })
}
