//! The API's own description, made of the endpoint table and the wire types: OpenAPI 3.1, and an offline page to read it.
use super::{calls as calls_route, method_name, tickets as tickets_route, users as users_route};
use crate::api::{ACT_AGE, ENDPOINTS, Endpoint, Name, Page, Problem, articles, audit, calls, events, import, session, settings, tickets};
use crate::domain::ticket::Act;
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
        Name::TablesPut => (Some(of::<Vec<settings::PutRow>>(g)), json!({ "anyOf": [{ "type": "object", "required": ["put"], "properties": { "put": { "type": "integer" } } }, of::<settings::TablesPreview>(g)] })),
        Name::TableHistory | Name::UserHistory => (None, of::<Page<settings::HistoryRow>>(g)),
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
        // Only a pin brings anything.
        Name::CallAct => (Some(json!({ "anyOf": [of::<tickets::PinRequest>(g), { "type": "object", "maxProperties": 0 }] })), of::<calls::CallRow>(g)),
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
        Name::CalendarImport => (Some(json!({ "type": "object", "description": "holiday-cn" })), json!({ "anyOf": [{ "type": "object" }, of::<settings::YearPreview>(g)] })),
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
        Name::UserList => g.root_schema_for::<session::UserQuery>(),
        Name::AuditList => g.root_schema_for::<audit::AuditQuery>(),
        Name::AuditChain => g.root_schema_for::<audit::ChainQuery>(),
        Name::CalendarDue => g.root_schema_for::<settings::DueQuery>(),
        Name::TableHistory => g.root_schema_for::<settings::HistoryQuery>(),
        Name::TablesPut | Name::CalendarImport | Name::ImportTickets | Name::ImportArticles => g.root_schema_for::<import::ImportQuery>(),
        _ => return Vec::new(),
    };
    let schema = schema.as_value();
    let needed = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    properties.into_iter().map(|(name, schema)| parameter("query", &name, needed(&name), written(schema))).collect()
}

/// A query has no null: what may be left out is left out.
fn written(mut schema: Value) -> Value {
    if let Some(types) = schema["type"].as_array().cloned() {
        schema["type"] = types.into_iter().find(|one| one != "null").unwrap_or_default();
    }
    if let Some(choices) = schema["anyOf"].as_array().cloned()
        && let Some(Value::Object(choice)) = choices.into_iter().find(|choice| choice["type"] != "null")
        && let Some(fields) = schema.as_object_mut()
    {
        fields.remove("anyOf");
        fields.extend(choice);
    }
    schema
}

fn parameter(place: &str, name: &str, required: bool, mut schema: Value) -> Value {
    let description = schema.as_object_mut().and_then(|fields| fields.remove("description")).unwrap_or_default();
    json!({ "name": name, "in": place, "required": required, "description": description.as_str().unwrap_or_default(), "schema": schema })
}

/// What stands in a path.
fn in_path(endpoint: Name, name: &str) -> Value {
    let one_of = |acts: &[&str]| json!({ "type": "string", "enum": acts });
    match (endpoint, name) {
        (Name::TicketAct, "act") => one_of(&Act::ALL.iter().filter(|act| tickets_route::by_name(**act)).map(|act| act.code()).collect::<Vec<_>>()),
        (Name::CallAct, "act") => one_of(calls_route::ACTS),
        (Name::UserAct, "act") => one_of(users_route::ACTS),
        (_, "user") => json!({ "type": "string", "description": "登录名 login" }),
        _ => json!({ "type": "string", "format": "uuid" }),
    }
}

/// The headers an endpoint reads besides those of HTTP itself.
fn headers(endpoint: &Endpoint) -> Vec<Value> {
    let mut headers = Vec::new();
    if endpoint.keyed {
        let text = "同一键只生效一次 the same key takes effect once";
        headers.push(parameter("header", "Idempotency-Key", true, json!({ "type": "string", "minLength": 1, "maxLength": 200, "description": text })));
    }
    match endpoint.name {
        Name::TicketEdit => headers.push(parameter("header", "If-Match", true, json!({ "type": "string", "description": "上次 ETag 的值 the ETag the edit was made from" }))),
        Name::TicketCreate => {
            let text = "多久以前作出，毫秒；当时连不上才带 how long ago it was given, milliseconds, where that was without a link";
            headers.push(parameter("header", ACT_AGE, false, json!({ "type": "integer", "format": "uint32", "minimum": 0, "description": text })));
        }
        Name::Events => {
            let text = "从这一位置之后接续 go on after this position";
            headers.push(parameter("header", "Last-Event-ID", false, json!({ "type": "integer", "format": "int64", "description": text })));
        }
        _ => {}
    }
    headers
}

fn operation(endpoint: &Endpoint, g: &mut SchemaGenerator) -> Value {
    let (takes, gives) = bodies(endpoint.name, g);
    let mut parameters: Vec<Value> =
        endpoint.path.split(['{', '}']).skip(1).step_by(2).map(|name| parameter("path", name, true, in_path(endpoint.name, name))).collect();
    parameters.extend(query(endpoint.name, g));
    parameters.extend(headers(endpoint));
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
