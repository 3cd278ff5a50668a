//! 历史 (history) of a row of the tables and of a user: who changed it, when, from what to what, read off the log.
use crate::api::settings::HistoryRow;
use crate::domain::event::{Actor, Envelope, Payload};
use crate::domain::tables::{TableEvent, TableName, Tables, changes, table_id};
use crate::domain::user::{self, User, UserEvent};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::log::actor_text;
use crate::server::store::{Tx, log, users};
use serde_json::{Value, json};
use uuid::Uuid;

async fn entry(node: &Node, tx: &mut Tx<'_>, envelope: Envelope, before: &Value, after: &Value) -> Result<HistoryRow, Fault> {
    let by = match &envelope.actor {
        Actor::User(user) => node.login_of(tx, &user.to_string()).await?,
        other => actor_text(other),
    };
    Ok(HistoryRow { at: envelope.occurred_at, by, kind: envelope.kind, changes: changes(before, after) })
}

/// The changes of one row, newest first. What shipped with the product is where they begin.
///
/// # Errors
/// The store's, or a damaged log.
pub async fn of_row(node: &Node, tx: &mut Tx<'_>, table: TableName, code: &str) -> Result<Vec<HistoryRow>, Fault> {
    let mut before = Tables::default().standing(table, code).map_or(Value::Null, |event| event.row());
    let mut rows = Vec::new();
    for envelope in log::load(tx, node.centre, table_id(table, code)).await? {
        let Some(event) = TableEvent::unpack(&envelope.kind, &envelope.payload)? else { continue };
        let after = event.row();
        rows.push(entry(node, tx, envelope, &before, &after).await?);
        before = after;
    }
    rows.reverse();
    Ok(rows)
}

/// The changes of a user by login, newest first; none: there is no such user. Names and passwords are in no event.
///
/// # Errors
/// The store's, or a damaged log.
pub async fn of_user(node: &Node, tx: &mut Tx<'_>, login: &str) -> Result<Option<Vec<HistoryRow>>, Fault> {
    let Some(id) = users::by_login(tx, node.centre, login).await?.map(|user| user.id.0) else { return Ok(None) };
    told(node, tx, id).await.map(Some)
}

async fn told(node: &Node, tx: &mut Tx<'_>, id: Uuid) -> Result<Vec<HistoryRow>, Fault> {
    let row = |user: &Option<User>| user.as_ref().map_or(Value::Null, |user| json!({ "login": user.login, "roles": user.roles, "unit": user.unit, "active": user.active }));
    let (mut state, mut rows) = (None, Vec::new());
    for envelope in log::load(tx, node.centre, id).await? {
        let Some(event) = UserEvent::unpack(&envelope.kind, &envelope.payload)? else { continue };
        let before = row(&state);
        state = user::fold(state, &event, &envelope);
        let after = row(&state);
        rows.push(entry(node, tx, envelope, &before, &after).await?);
    }
    rows.reverse();
    Ok(rows)
}
