//! One or two nodes over one database, with a token per login that outlives a restart; requests made raw, so that status
//! and headers are seen; SQL read past the product.
use crate::support::backend::{Kind, bare_city, settings};
use hotline::api::tickets::{NewTicket, Then};
use hotline::client::{Client, Target};
use hotline::domain::limits::TicketKind;
use hotline::server::{Database, Running, Settings};
use serde_json::Value;
use sqlx::Row;
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The longer run, before a release.
pub fn soak() -> bool {
    std::env::var_os("HOTLINE_SOAK").is_some()
}

/// A database with the bare sample city in it, and who is logged in.
pub struct City {
    pub folder: TempDir,
    pub settings: Settings,
    pub tokens: HashMap<String, String>,
}

/// A running node.
pub struct Node {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Node {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks it to stop and waits until it has.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = (&mut self.task).await;
    }
}

impl City {
    /// `None` where the database is not there (said aloud).
    pub async fn new(kind: Kind) -> Option<City> {
        let folder = TempDir::new().unwrap();
        let settings = settings(kind, &folder, bare_city()).await?;
        Some(City { folder, settings, tokens: HashMap::new() })
    }

    /// One more node; these people are logged in afterwards.
    pub async fn node(&mut self, logins: &[&str]) -> Node {
        let running = Running::open(&self.settings).await.unwrap();
        self.listening(running, logins).await
    }

    /// One that writes beside the node that holds the file, as a check from the command line does.
    pub async fn beside(&mut self, logins: &[&str]) -> Node {
        let running = Running::beside(&self.settings).await.unwrap();
        self.listening(running, logins).await
    }

    async fn listening(&mut self, running: Running, logins: &[&str]) -> Node {
        for login in logins {
            if !self.tokens.contains_key(*login) {
                self.tokens.insert((*login).to_owned(), running.session_for(login).await.unwrap());
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            running
                .serve(listener, async {
                    let _ = stopped.await;
                })
                .await
                .unwrap();
        });
        Node { address, stop: Some(stop), task }
    }

    /// Nodes as this database can carry them: two on PostgreSQL, one on SQLite.
    pub async fn nodes(&mut self, logins: &[&str]) -> Vec<Node> {
        let mut nodes = vec![self.node(logins).await];
        if matches!(self.settings.database, Database::Postgres(_)) {
            nodes.push(self.node(logins).await);
        }
        nodes
    }

    pub fn token(&self, login: &str) -> &str {
        &self.tokens[login]
    }

    pub fn client(&self, url: &str, login: &str) -> Client {
        Client::new(&Target { server: url.into(), token: Some(self.token(login).into()), authority: None }).unwrap()
    }

    /// One number out of the tables.
    pub async fn number(&self, sql: &'static str) -> i64 {
        match &self.settings.database {
            Database::Sqlite(path) => rusqlite::Connection::open(path).unwrap().query_row(sql, [], |row| row.get(0)).unwrap(),
            Database::Postgres(url) => {
                let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
                sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get(0)
            }
        }
    }
}

/// What a server told.
#[derive(Debug, Clone)]
pub struct Told {
    pub status: u16,
    pub body: String,
    pub etag: Option<i64>,
    pub retry_after: Option<u64>,
    pub replayed: bool,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A plain HTTP client, whichever test comes first.
pub fn http(seconds: u64) -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(std::time::Duration::from_secs(seconds)).tcp_nodelay(true).build().unwrap()
}

/// Someone who asks raw.
#[derive(Clone)]
pub struct Asker {
    pub http: reqwest::Client,
    pub token: String,
}

impl Asker {
    pub fn new(token: &str) -> Asker {
        Asker { http: http(20), token: token.into() }
    }

    /// One write. `Err`: nobody knows whether it was carried out.
    pub async fn write(&self, method: reqwest::Method, url: String, key: &str, from: Option<i64>, body: &Value) -> Result<Told, String> {
        let mut request = self.http.request(method, url).bearer_auth(&self.token).header("idempotency-key", key).json(body);
        if let Some(from) = from {
            request = request.header("if-match", format!("\"{from}\""));
        }
        let response = request.send().await.map_err(|error| error.to_string())?;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let number = |text: Option<String>| text.and_then(|text| text.trim_matches('"').parse::<i64>().ok());
        let (etag, retry_after, replayed) =
            (number(header("etag")), number(header("retry-after")).map(i64::cast_unsigned), header("idempotency-replayed").is_some());
        let status = response.status().as_u16();
        let body = response.text().await.map_err(|error| error.to_string())?;
        Ok(Told { status, body, etag, retry_after, replayed })
    }

    pub async fn post(&self, url: String, key: &str, body: &Value) -> Result<Told, String> {
        self.write(reqwest::Method::POST, url, key, None, body).await
    }
}

/// A ticket that stays with the centre.
pub fn ticket(title: &str, then: Then) -> NewTicket {
    NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: None,
        tag: None,
        green: false,
        line: Default::default(),
        title: title.into(),
        body: "示例诉求。".into(),
        place: None,
        call: None,
        pins: vec![],
        then,
        number: None,
        enterprise: None,
        promise: None,
    }
}

pub fn ticket_json(title: &str, then: Then) -> Value {
    serde_json::to_value(ticket(title, then)).unwrap()
}
