//! 客户端 (typed client): what the console, the command line and the tests speak to a backend with. It cannot tell an
//! embedded one from a remote one.
mod error;
mod events;
mod requests;

pub use error::ClientError;
pub use events::{Live, live};

use crate::api::{BACKGROUND, IDEMPOTENCY_KEY};
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Largest answer that is read, bytes: a hostile server cannot fill the console's memory.
const LARGEST: usize = 64 * 1024 * 1024;

/// How long a request may take in all; the stream, which never ends, has no such limit.
const WHOLE: Duration = Duration::from_secs(30);

/// How to reach a backend.
#[derive(Clone, Default)]
pub struct Target {
    /// `http://127.0.0.1:8345` or `https://…`, without a trailing slash.
    pub server: String,
    /// Bearer token.
    pub token: Option<String>,
    /// A private certificate authority, PEM.
    pub authority: Option<Vec<u8>>,
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    server: String,
    token: Option<String>,
    background: bool,
}

/// A new idempotency key.
pub fn new_key() -> String {
    uuid::Uuid::now_v7().to_string()
}

impl Client {
    /// A client for a backend; nothing is sent yet.
    ///
    /// # Errors
    /// When the address or the authority cannot be used.
    pub fn new(target: &Target) -> Result<Client, ClientError> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let server = target.server.trim_end_matches('/').to_owned();
        if !server.starts_with("http://") && !server.starts_with("https://") {
            return Err(ClientError::Address(server));
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            // A heartbeat comes every ten seconds: a stream that is silent for longer is a dead line.
            .read_timeout(Duration::from_secs(25))
            .tcp_keepalive(Duration::from_secs(15))
            .tcp_nodelay(true)
            // A bearer token is never sent elsewhere because an answer said so.
            .redirect(reqwest::redirect::Policy::none());
        if let Some(pem) = &target.authority {
            let authority = reqwest::Certificate::from_pem(pem).map_err(|error| ClientError::Address(error.to_string()))?;
            builder = builder.tls_certs_merge([authority]);
        } else if server.starts_with("http://") {
            // Nothing is ever sent over TLS: reading the system's certificates would only keep the first screen waiting.
            builder = builder.tls_certs_only([]);
        }
        let http = builder.build().map_err(|error| ClientError::Address(error.to_string()))?;
        Ok(Client { http, server, token: target.token.clone(), background: false })
    }

    /// The same backend as somebody else.
    #[must_use]
    pub fn with_token(&self, token: impl Into<String>) -> Client {
        Client { token: Some(token.into()), ..self.clone() }
    }

    /// The same, on nobody's behalf: an embedded server does not stay up for its requests.
    #[must_use]
    pub fn in_background(self) -> Client {
        Client { background: true, ..self }
    }

    /// Its bearer token.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// Where it speaks to.
    pub fn server(&self) -> &str {
        &self.server
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.server)).timeout(WHOLE);
        if self.background {
            request = request.header(BACKGROUND, "1");
        }
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, query: &impl Serialize) -> Result<T, ClientError> {
        answered(self.request(Method::GET, path).query(query)).await
    }

    async fn send<T: DeserializeOwned>(&self, method: Method, path: &str, body: &impl Serialize, key: Option<&str>) -> Result<T, ClientError> {
        let mut request = self.request(method, path).json(body);
        if let Some(key) = key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        answered(request).await
    }
}

/// Sends, and reads the answer or the problem.
async fn answered<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ClientError> {
    let response = request.send().await.map_err(ClientError::from)?;
    let status = response.status();
    let mut body = Vec::new();
    let mut response = response;
    while let Some(chunk) = response.chunk().await.map_err(ClientError::from)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(ClientError::Unexpected("too large".into()));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        let body = if body.is_empty() { b"null".as_slice() } else { &body };
        return serde_json::from_slice(body).map_err(|error| ClientError::Unexpected(error.to_string()));
    }
    match serde_json::from_slice(&body) {
        Ok(problem) => Err(ClientError::Problem(Box::new(problem))),
        Err(_) => Err(ClientError::Unexpected(format!("HTTP {}", status.as_u16()))),
    }
}
