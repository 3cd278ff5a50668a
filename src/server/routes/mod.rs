//! Thin handlers: read the request, ask `work` or a list, write the answer. The router is made of the endpoint table;
//! each row meets its handler in one exhaustive match.
mod answer;
mod audit;
mod calls;
mod events;
mod health;
mod knowledge;
mod openapi;
mod request;
mod settings;
mod tickets;
mod users;

pub use answer::problem_of;

use super::node::Node;
use crate::api::{BACKGROUND, ENDPOINTS, Method, Name};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

/// Largest request body, bytes.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

type Routed = MethodRouter<Arc<Node>>;

/// The handler of each endpoint.
fn handler(name: Name) -> Routed {
    match name {
        Name::Login => post(users::login),
        Name::Logout => delete(users::logout),
        Name::Me => get(users::me),
        Name::SeatPut => put(users::seat),
        Name::TablesGet => get(settings::tables),
        Name::TablesPut => post(settings::put_tables),
        Name::TableHistory => get(settings::history),
        Name::TicketList => get(tickets::list),
        Name::TicketCreate => post(tickets::create),
        Name::TicketNumbers => post(tickets::lease),
        Name::TicketShow => get(tickets::show),
        Name::TicketEdit => patch(tickets::edit),
        Name::TicketAct => post(tickets::act),
        Name::TicketReveal => post(audit::reveal_ticket),
        Name::TicketLooks => get(audit::looks),
        Name::CallList => get(calls::list),
        Name::CallRing => post(calls::ring),
        Name::CallAct => post(calls::act),
        Name::CallReveal => post(audit::reveal_call),
        Name::CallerCard => get(calls::card),
        Name::ArticleHeads => get(knowledge::heads),
        Name::ArticleShow => get(knowledge::show),
        Name::ArticlePublish => post(knowledge::publish),
        Name::KnowledgeSearch => get(knowledge::search),
        Name::Events => get(events::stream),
        Name::UserAdd => post(users::add),
        Name::UserList => get(users::list),
        Name::UserAct => post(users::act),
        Name::UserHistory => get(users::history),
        Name::CalendarDue => get(settings::due),
        Name::CalendarImport => post(settings::import_calendar),
        Name::ImportTickets => post(tickets::import),
        Name::ImportArticles => post(knowledge::import),
        Name::ClockAdvance => post(settings::advance),
        Name::AuditList => get(audit::list),
        Name::AuditHead => get(audit::head),
        Name::AuditChain => get(audit::stretch),
    }
}

/// The whole service.
pub fn router(node: &Arc<Node>) -> Router {
    let mut timed = Router::new();
    let mut streams = Router::new();
    for endpoint in ENDPOINTS {
        let routed = handler(endpoint.name);
        // The stream stays open: no timeout, no compression.
        if endpoint.name == Name::Events {
            streams = streams.route(endpoint.path, routed);
        } else {
            timed = timed.route(endpoint.path, routed);
        }
    }
    let timed = timed
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
        .layer(CompressionLayer::new().gzip(true))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(30)));
    let counted = Arc::clone(node);
    timed
        .merge(streams)
        .merge(openapi::pages())
        .fallback(answer::no_such_page)
        .method_not_allowed_fallback(answer::no_such_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(axum::middleware::from_fn(move |request: Request, next: Next| {
            counted.requests.fetch_add(u64::from(!request.headers().contains_key(BACKGROUND)), Ordering::Relaxed);
            in_hand(Arc::clone(&counted), request, next)
        }))
        .with_state(Arc::clone(node))
}

/// A request counts as in hand until its answer is ready to leave; while the node stops, new ones are sent elsewhere.
async fn in_hand(node: Arc<Node>, request: Request, next: Next) -> Response {
    let _held = node.drain.take();
    // How the node is doing may be asked to the end.
    if node.drain.is_stopping() && !matches!(request.uri().path(), "/healthz" | "/metrics") {
        let mut response = health::stopping().into_response();
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    next.run(request).await
}

/// The method a row of the table names, for the document.
pub const fn method_name(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Patch => "patch",
        Method::Delete => "delete",
    }
}
