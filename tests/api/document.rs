//! The API's own description against the endpoints: every parameter a handler reads is in it, and it is built as OpenAPI 3.1
//! says. Not here: whether it lists every endpoint (`manners`).
use super::people::Ask;
use crate::support::backend::{Backend, Kind};
use hotline::api::{ENDPOINTS, Endpoint, Name};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What an endpoint reads besides its body: `?` may be left out. A new endpoint does not compile without its row.
fn reads(name: Name) -> &'static [&'static str] {
    const KEYED: &[&str] = &["header Idempotency-Key"];
    match name {
        Name::Login | Name::Logout | Name::Me | Name::SeatPut | Name::TablesGet | Name::AuditHead | Name::ClockAdvance => &[],
        Name::TablesPut | Name::CalendarImport => &["query dry_run?", "header Idempotency-Key"],
        Name::TableHistory => &["query table", "query code"],
        Name::UserHistory => &["path user"],
        Name::TicketNumbers | Name::CallRing | Name::ArticlePublish | Name::UserAdd => KEYED,
        Name::TicketList => &["query step?", "query unit?", "query flag?", "query open?", "query number?", "query sort?", "query cursor?", "query limit?"],
        Name::TicketCreate => &["header Idempotency-Key", "header hotline-act-age?"],
        Name::TicketShow | Name::TicketLooks => &["path ticket"],
        Name::TicketReveal => &["path ticket", "header Idempotency-Key"],
        Name::CallReveal => &["path call", "header Idempotency-Key"],
        Name::AuditList => &["query person?", "query kind?", "query ticket?", "query from?", "query to?", "query cursor?", "query limit?"],
        Name::AuditChain => &["query after?", "query limit?"],
        Name::TicketEdit => &["path ticket", "header Idempotency-Key", "header If-Match"],
        Name::TicketAct => &["path ticket", "path act", "header Idempotency-Key"],
        Name::CallList => &["query live?", "query cursor?", "query limit?"],
        Name::CallAct => &["path call", "path act", "header Idempotency-Key"],
        Name::CallerCard => &["path call"],
        Name::ArticleHeads => &["query cursor?", "query limit?"],
        Name::ArticleShow => &["path article"],
        Name::KnowledgeSearch => &["query q?", "query limit?"],
        Name::Events => &["header Last-Event-ID?"],
        Name::UserList => &["query cursor?", "query limit?"],
        Name::UserAct => &["path user", "path act", "header Idempotency-Key"],
        Name::CalendarDue => &["query from", "query working_days"],
        Name::ImportTickets | Name::ImportArticles => &["query dry_run?", "header Idempotency-Key"],
    }
}

fn operation<'d>(document: &'d Value, endpoint: &Endpoint) -> &'d Value {
    &document["paths"][endpoint.path][format!("{:?}", endpoint.method).to_lowercase()]
}

async fn document(backend: &Backend) -> Value {
    let reply = Ask::new("GET", "/api/openapi.json", None).of(&reqwest::Client::new(), &backend.url).await;
    serde_json::from_str(&reply.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_parameter_of_every_endpoint_is_described() {
    let backend = Backend::start(Kind::Sqlite).await.unwrap();
    let document = document(&backend).await;
    let token = backend.admin.token().unwrap().to_owned();
    let http = reqwest::Client::new();
    for endpoint in ENDPOINTS {
        let operation = operation(&document, endpoint);
        let told: BTreeSet<String> = operation["parameters"].as_array().unwrap().iter().map(told).collect();
        let wanted: BTreeSet<String> = reads(endpoint.name).iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(told, wanted, "{:?}", endpoint.name);
        // And the handler does read what is no plain text: nonsense in it is refused, and so is leaving out what is needed.
        for parameter in operation["parameters"].as_array().unwrap().iter().filter(|parameter| parameter["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let ask = async |query: &str| {
                let method = format!("{:?}", endpoint.method).to_uppercase();
                let path = format!("{}?{query}", endpoint.path);
                Ask::new(&method, &path, Some(&token)).body("[]").of(&http, &backend.url).await.status
            };
            if parameter["schema"]["type"] != "string" {
                assert_eq!(ask(&format!("{name}=nonsense")).await, 422, "{:?} {name}", endpoint.name);
            }
            if parameter["required"] == true {
                assert_eq!(ask("").await, 422, "{:?} {name}", endpoint.name);
            }
        }
    }
}

fn told(parameter: &Value) -> String {
    let may = if parameter["required"] == true { "" } else { "?" };
    format!("{} {}{may}", parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap())
}

/// The acts a path may name are those there are: each is known, and another is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_acts_it_lists_are_those_the_routes_know() {
    let backend = Backend::start(Kind::Sqlite).await.unwrap();
    let document = document(&backend).await;
    let admin = &backend.admin;
    let call = admin.ring(&crate::rules::ring("1", None), "a call").await.unwrap();
    let ticket = admin.create_ticket(&super::matrix::new_ticket(None), "a ticket").await.unwrap();
    let http = reqwest::Client::new();
    for (name, at) in [(Name::TicketAct, ticket.id.to_string()), (Name::CallAct, call.id.to_string()), (Name::UserAct, "op01".to_owned())] {
        let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.name == name).unwrap();
        let parameters = operation(&document, endpoint)["parameters"].as_array().unwrap();
        let acts = parameters.iter().find(|parameter| parameter["name"] == "act").unwrap()["schema"]["enum"].as_array().unwrap();
        assert!(acts.len() >= 4, "{acts:?}");
        for act in acts.iter().map(|act| act.as_str().unwrap()).chain(["no_such_act"]) {
            let (before, _) = endpoint.path.split_once('{').unwrap();
            let path = format!("{before}{at}/{act}");
            // A body that no act takes: what is known is refused for another reason, or taken.
            let reply = Ask::new("POST", &path, admin.token()).body("{}").of(&http, &backend.url).await;
            let unknown = reply.status == 404;
            assert_eq!(unknown, act == "no_such_act", "{path}: {reply:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_built_as_openapi_3_1_says() {
    let backend = Backend::start(Kind::Sqlite).await.unwrap();
    let document = document(&backend).await;
    let mut wrong = Wrong { document: &document, found: Vec::new() };
    wrong.whole();
    assert!(wrong.found.is_empty(), "{}", wrong.found.join("\n"));
    // The checks see: each of these is wrong.
    for (place, value) in [
        ("/openapi", json!("3.0.3")),
        ("/info/title", Value::Null),
        ("/paths/~1api~1v1~1tickets/get/operationId", json!("CallList")),
        ("/paths/~1api~1v1~1tickets/get/parameters/0/in", json!("body")),
        ("/paths/~1api~1v1~1tickets/get/parameters/0/schema", Value::Null),
        ("/paths/~1api~1v1~1tickets~1{ticket}/get/parameters", json!([])),
        ("/paths/~1api~1v1~1tickets/get/responses", json!({})),
        ("/components/schemas/TicketRow/type", json!("objekt")),
        ("/components/schemas/TicketRow/required", json!(["no_such"])),
        ("/components/schemas/TicketRow/properties", json!({ "id": { "$ref": "#/components/schemas/Nowhere" } })),
        ("/components/securitySchemes", json!({})),
    ] {
        let mut broken = document.clone();
        *broken.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        let mut wrong = Wrong { document: &broken, found: Vec::new() };
        wrong.whole();
        assert!(!wrong.found.is_empty(), "{place} was not seen");
    }
}

/// What is not as the specification says.
struct Wrong<'d> {
    document: &'d Value,
    found: Vec<String>,
}

impl Wrong<'_> {
    fn unless(&mut self, good: bool, what: impl FnOnce() -> String) {
        if !good {
            self.found.push(what());
        }
    }

    fn whole(&mut self) {
        let document = self.document;
        self.unless(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), || "openapi".into());
        for field in ["title", "version"] {
            self.unless(document["info"][field].as_str().is_some_and(|text| !text.is_empty()), || format!("info.{field}"));
        }
        let mut ids = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            self.unless(path.starts_with('/'), || path.clone());
            for (method, operation) in operations.as_object().unwrap() {
                let at = format!("{method} {path}");
                self.unless(["get", "put", "post", "delete", "patch"].contains(&method.as_str()), || at.clone());
                self.unless(operation["operationId"].as_str().is_some_and(|id| ids.insert(id.to_owned())), || format!("{at}: operationId"));
                self.parameters(&at, path, operation);
                let responses = operation["responses"].as_object().cloned().unwrap_or_default();
                self.unless(responses.keys().any(|status| status.starts_with('2')), || format!("{at}: no answer"));
                for (status, response) in &responses {
                    let good = status == "default" || (status.len() == 3 && status.starts_with(|c: char| ('1'..='5').contains(&c)));
                    self.unless(good && response["description"].is_string(), || format!("{at}: {status}"));
                    self.content(&format!("{at}: {status}"), &response["content"]);
                }
                if let Some(body) = operation.get("requestBody") {
                    self.unless(!["get", "delete"].contains(&method.as_str()), || format!("{at}: a body"));
                    self.content(&at, &body["content"]);
                }
                self.security(&at, operation.get("security").unwrap_or(&document["security"]));
            }
        }
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
            self.unless(plain, || format!("component {name}"));
            self.schema(name, schema);
        }
    }

    fn parameters(&mut self, at: &str, path: &str, operation: &Value) {
        let mut seen = BTreeSet::new();
        for parameter in operation["parameters"].as_array().unwrap() {
            let (name, place) = (parameter["name"].as_str().unwrap_or_default(), parameter["in"].as_str().unwrap_or_default());
            let at = format!("{at}: {place} {name}");
            self.unless(!name.is_empty() && ["path", "query", "header", "cookie"].contains(&place), || at.clone());
            self.unless(seen.insert((place.to_owned(), name.to_owned())), || format!("{at} twice"));
            self.unless(place != "path" || parameter["required"] == true, || format!("{at} may not be left out"));
            self.unless(!["accept", "content-type", "authorization"].contains(&name.to_lowercase().as_str()), || format!("{at} is ignored there"));
            self.unless(parameter["schema"].is_object(), || format!("{at}: no schema"));
            self.schema(&at, &parameter["schema"]);
        }
        let named: BTreeSet<String> = path.split(['{', '}']).skip(1).step_by(2).map(str::to_owned).collect();
        let told: BTreeSet<String> = seen.into_iter().filter(|(place, _)| place == "path").map(|(_, name)| name).collect();
        self.unless(named == told, || format!("{at}: {named:?} in the path, {told:?} described"));
    }

    fn content(&mut self, at: &str, content: &Value) {
        let kinds = content.as_object().cloned().unwrap_or_default();
        self.unless(!kinds.is_empty(), || format!("{at}: no content"));
        for (kind, media) in &kinds {
            self.unless(kind.contains('/') && media["schema"].is_object(), || format!("{at}: {kind}"));
            self.schema(at, &media["schema"]);
        }
    }

    fn security(&mut self, at: &str, security: &Value) {
        for name in security.as_array().into_iter().flatten().filter_map(Value::as_object).flat_map(Map::keys) {
            let scheme = &self.document["components"]["securitySchemes"][name];
            self.unless(scheme["type"] == "http" && scheme["scheme"] == "bearer", || format!("{at}: {name}"));
        }
    }

    /// JSON Schema 2020-12: the keywords of a schema have the shapes they must, and references lead somewhere.
    fn schema(&mut self, at: &str, schema: &Value) {
        if schema.is_boolean() {
            return;
        }
        let Some(fields) = schema.as_object() else { return self.found.push(format!("{at}: no schema: {schema}")) };
        let types = ["object", "array", "string", "integer", "number", "boolean", "null"];
        let known = |one: &Value| one.as_str().is_some_and(|one| types.contains(&one));
        let properties = fields.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        for (key, value) in fields {
            let at = format!("{at}.{key}");
            let good = match key.as_str() {
                "type" => known(value) || value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(known)),
                "$ref" => value.as_str().and_then(|to| self.document.pointer(to.strip_prefix('#')?)).is_some(),
                "required" => value.as_array().is_some_and(|all| all.iter().all(|name| name.as_str().is_some_and(|name| properties.contains_key(name)))),
                "enum" => value.as_array().is_some_and(|all| !all.is_empty()),
                "title" | "description" | "format" | "pattern" => value.is_string(),
                "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "maxProperties" => value.is_number(),
                "uniqueItems" | "deprecated" => value.is_boolean(),
                "default" | "const" | "examples" => true,
                "properties" | "items" | "prefixItems" | "additionalProperties" | "anyOf" | "oneOf" | "allOf" | "not" => true,
                // `nullable` and the like are of OpenAPI 3.0.
                _ => false,
            };
            self.unless(good, || format!("{at}: {value}"));
        }
        for key in ["items", "additionalProperties", "not"] {
            if let Some(below) = fields.get(key) {
                self.schema(&format!("{at}.{key}"), below);
            }
        }
        for key in ["anyOf", "oneOf", "allOf", "prefixItems"] {
            for below in fields.get(key).and_then(Value::as_array).into_iter().flatten() {
                self.schema(&format!("{at}.{key}"), below);
            }
        }
        for (name, below) in &properties {
            self.schema(&format!("{at}.{name}"), below);
        }
    }
}
