//! The API's own description, made of the endpoint table and the wire types: OpenAPI 3.1, and an offline page to read it.
use super::method_name;
use crate::api::{ENDPOINTS, Endpoint, Name, Page, Problem, articles, audit, calls, events, import, session, settings, tickets};
use crate::server::node::Node;
use axum::Router;
use axum::response::IntoResponse;
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::SwaggerUi;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

pub(super) fn pages() -> Router<Arc<Node>> {
    let page: Router<Arc<Node>> = SwaggerUi::new("/docs").external_url_unchecked("/api/openapi.json", DOCUMENT.clone()).into();
    page.route("/api/openapi.json/", axum::routing::get(|| async { axum::Json(DOCUMENT.clone()).into_response() }))
}

/// What an endpoint takes and gives.
fn bodies(name: Name, g: &mut SchemaGenerator) -> (Option<Value>, Value) {
    fn of<T: JsonSchema>(g: &mut SchemaGenerator) -> Value {
        g.subschema_for::<T>().to_value()
    }
    let nothing = json!({});
    match name {
        Name::Login => (Some(of::<session::Login>(g)), of::<session::Session>(g)),
        Name::Logout => (None, nothing),
        Name::Me => (None, of::<session::Me>(g)),
        Name::SeatPut => (Some(of::<session::Seat>(g)), of::<session::Seat>(g)),
        Name::TablesGet => (None, of::<settings::TablesView>(g)),
        Name::TablesPut => (Some(of::<Vec<settings::PutRow>>(g)), nothing),
        Name::TicketList => (None, of::<tickets::TicketPage>(g)),
        Name::TicketNumbers => (Some(of::<tickets::LeaseNumbers>(g)), of::<tickets::LeasedNumbers>(g)),
        Name::TicketCreate => (Some(of::<tickets::NewTicket>(g)), of::<tickets::TicketRow>(g)),
        Name::TicketShow => (None, of::<tickets::TicketDetail>(g)),
        Name::TicketEdit => (Some(of::<tickets::EditRequest>(g)), of::<tickets::TicketRow>(g)),
        Name::TicketAct => (Some(of::<tickets::ActRequest>(g)), of::<tickets::TicketRow>(g)),
        Name::TicketReveal => (Some(of::<audit::RevealRequest>(g)), of::<audit::Revealed>(g)),
        Name::TicketLooks => (None, of::<Page<audit::Look>>(g)),
        Name::CallList => (None, of::<calls::CallPage>(g)),
        Name::CallRing => (Some(of::<calls::Ring>(g)), of::<calls::CallRow>(g)),
        Name::CallAct => (Some(nothing), of::<calls::CallRow>(g)),
        Name::CallReveal => (Some(of::<audit::RevealRequest>(g)), of::<audit::Revealed>(g)),
        Name::CallerCard => (None, of::<calls::CallerCard>(g)),
        Name::ArticleHeads => (None, of::<Page<articles::ArticleHead>>(g)),
        Name::ArticleShow => (None, of::<articles::ArticleRow>(g)),
        Name::ArticlePublish => (Some(of::<articles::NewArticle>(g)), of::<articles::ArticleRow>(g)),
        Name::KnowledgeSearch => (None, of::<Page<articles::Hit>>(g)),
        Name::Events => (None, of::<events::Frame>(g)),
        Name::UserAdd => (Some(of::<session::NewUser>(g)), of::<session::UserRow>(g)),
        Name::UserList => (None, of::<Page<session::UserRow>>(g)),
        Name::UserAct => (Some(of::<session::UserChange>(g)), of::<session::UserRow>(g)),
        Name::CalendarDue => (None, of::<settings::DueAnswer>(g)),
        Name::CalendarImport => (Some(nothing.clone()), nothing),
        Name::ImportTickets => (Some(of::<import::TicketBatch>(g)), of::<import::ImportOutcome>(g)),
        Name::ImportArticles => (Some(of::<import::ArticleBatch>(g)), of::<import::ImportOutcome>(g)),
        Name::ClockAdvance => (Some(of::<settings::Advance>(g)), of::<settings::ClockView>(g)),
        Name::AuditList => (None, of::<Page<audit::AuditRow>>(g)),
        Name::AuditHead => (None, of::<audit::ChainHead>(g)),
        Name::AuditChain => (None, of::<audit::ChainStretch>(g)),
    }
}

/// The query parameters of an endpoint, from the type its handler reads.
fn query(name: Name, g: &mut SchemaGenerator) -> Vec<Value> {
    let schema = match name {
        Name::TicketList => g.root_schema_for::<tickets::TicketQuery>(),
        Name::CallList => g.root_schema_for::<calls::CallQuery>(),
        Name::ArticleHeads => g.root_schema_for::<articles::ArticleQuery>(),
        Name::KnowledgeSearch => g.root_schema_for::<articles::SearchQuery>(),
        Name::AuditList => g.root_schema_for::<audit::AuditQuery>(),
        Name::AuditChain => g.root_schema_for::<audit::ChainQuery>(),
        Name::CalendarDue => g.root_schema_for::<settings::DueQuery>(),
        _ => return Vec::new(),
    };
    let properties = schema.as_value()["properties"].as_object().cloned().unwrap_or_default();
    properties.into_iter().map(|(name, schema)| json!({ "name": name, "in": "query", "required": false, "schema": schema })).collect()
}

fn operation(endpoint: &Endpoint, g: &mut SchemaGenerator) -> Value {
    let (takes, gives) = bodies(endpoint.name, g);
    let mut parameters: Vec<Value> = endpoint
        .path
        .split(['{', '}'])
        .skip(1)
        .step_by(2)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(query(endpoint.name, g));
    if endpoint.keyed {
        parameters.push(json!({ "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "maxLength": 200 } }));
    }
    if endpoint.name == Name::TicketEdit {
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } }));
    }
    let kind = if endpoint.name == Name::Events { "text/event-stream" } else { "application/json" };
    let mut operation = json!({
        "operationId": format!("{:?}", endpoint.name),
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": {
            "2XX": { "description": "OK", "content": { kind: { "schema": gives } } },
            "default": { "description": "RFC 9457", "content": { "application/problem+json": { "schema": g.subschema_for::<Problem>() } } },
        },
    });
    if let Some(takes) = takes {
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": takes } } });
    }
    if endpoint.name == Name::Login {
        operation["security"] = json!([]);
    }
    operation
}

fn document() -> Value {
    let mut g = SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into()).into_generator();
    let mut paths = json!({});
    for endpoint in ENDPOINTS {
        paths[endpoint.path][method_name(endpoint.method)] = operation(endpoint, &mut g);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Hotline", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" } },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": { "schemas": g.take_definitions(true), "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } } },
    })
}
