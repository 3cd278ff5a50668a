//! Everybody who may ask: one user of each shipped role, those of a unit at a unit and at the one above it; and requests
//! as bytes, because what is proven is what goes over the wire.
use crate::support::backend::Backend;
use hotline::api::session::NewUser;
use hotline::client::{Client, new_key};
use hotline::server::{Running, Settings};

/// The unit whose tickets are "one's own".
pub const OWN: &str = "city.dc.zjj";
/// The unit above it.
pub const ABOVE: &str = "city.dc";
/// Somebody else's.
pub const OTHER: &str = "city.xc.zjj";

/// Letter, role code, whether it holds in a unit only.
pub const ROLES: &[(char, &str, bool)] = &[
    ('o', "operator", false),
    ('e', "enterprise_operator", false),
    ('d', "dispatcher", false),
    ('r', "reviewer", false),
    ('c', "call_back_agent", false),
    ('k', "knowledge_steward", false),
    ('h', "handler_clerk", true),
    ('u', "unit_lead", true),
    ('s', "supervisor", false),
    ('j', "adjudicator", false),
    ('p', "panel_member", false),
    ('m', "commissioner", true),
    ('l', "leader", false),
    ('a', "auditor", false),
    ('A', "admin", false),
];

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Asker {
    pub letter: char,
    pub login: String,
    pub unit: Option<&'static str>,
    pub token: String,
    /// A second session, to log out of.
    pub spare: String,
}

/// Makes them all.
pub async fn everybody(backend: &Backend) -> Vec<Asker> {
    everybody_of(&backend.admin, &backend.settings).await
}

/// The same, of a server that runs over these settings.
pub async fn everybody_of(admin: &Client, settings: &Settings) -> Vec<Asker> {
    let mut askers = Vec::new();
    for (letter, role, of_unit) in ROLES {
        let units: &[Option<&'static str>] = if *of_unit { &[Some(OWN), Some(ABOVE)] } else { &[None] };
        for unit in units {
            let login = format!("m.{role}.{}", unit.unwrap_or("centre").len());
            let user = NewUser { login: login.clone(), name: "李示例".into(), roles: vec![(*role).into()], unit: unit.map(str::to_owned), password: None };
            admin.add_user(&user, &new_key()).await.unwrap();
            askers.push(Asker { letter: *letter, login, unit: *unit, token: String::new(), spare: String::new() });
        }
    }
    // Sessions without passwords, as the machine's own lock file gives them: no hash is paid for here.
    let beside = Running::beside(settings).await.unwrap();
    for asker in &mut askers {
        asker.token = beside.session_for(&asker.login).await.unwrap();
        asker.spare = beside.session_for(&asker.login).await.unwrap();
    }
    askers
}

/// So many operators, each by their token.
pub async fn operators(admin: &Client, settings: &Settings, count: usize) -> Vec<String> {
    let beside = Running::beside(settings).await.unwrap();
    let mut tokens = Vec::new();
    for at in 0..count {
        let login = format!("m.taker.{at}");
        let user = NewUser { login: login.clone(), name: "李示例".into(), roles: vec!["operator".into()], unit: None, password: None };
        admin.add_user(&user, &new_key()).await.unwrap();
        tokens.push(beside.session_for(&login).await.unwrap());
    }
    tokens
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub kind: String,
    pub body: String,
}

impl Reply {
    /// The problem's code; empty where it is no problem.
    pub fn code(&self) -> String {
        if self.status < 400 {
            return String::new();
        }
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }
    /// A problem is told as one: its type, its status within, words in two languages.
    pub fn is_a_problem(&self, what: &str) {
        assert_eq!(self.kind, "application/problem+json", "{what}: {self:?}");
        let problem: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], self.status, "{what}");
        assert_eq!(problem["type"].as_str().unwrap(), format!("urn:hotline:problem:{}", self.code()), "{what}");
        let title = problem["title"].as_str().unwrap();
        assert!(title.chars().any(|c| c >= '\u{4e00}') && title.chars().any(|c| c.is_ascii_lowercase()), "{what}: {title}");
    }
}

/// A request in the making.
pub struct Ask<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub token: Option<&'a str>,
    pub key: Option<String>,
    pub body: Option<String>,
    pub from: Option<i64>,
}

impl<'a> Ask<'a> {
    pub fn new(method: &'a str, path: &'a str, token: Option<&'a str>) -> Ask<'a> {
        Ask { method, path, token, key: Some(new_key()), body: None, from: None }
    }
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }
    pub async fn of(self, http: &reqwest::Client, url: &str) -> Reply {
        let mut request = http.request(self.method.parse().unwrap(), format!("{url}{}", self.path));
        if let Some(token) = self.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = self.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(from) = self.from {
            request = request.header("if-match", format!("\"{from}\""));
        }
        if let Some(body) = self.body {
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = request.send().await.unwrap();
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = answer.status().as_u16();
        // The stream does not end: that it began is its answer.
        let body = if kind == "text/event-stream" { String::new() } else { answer.text().await.unwrap() };
        Reply { status, kind, body }
    }
}
