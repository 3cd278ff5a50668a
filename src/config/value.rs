//! What may be set: the table of keys, and how each value is read from its text.
use crate::words;
use crate::words::Language;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// One setting: its name in the file, its variable of the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The name in `hotline.toml`.
    pub name: &'static str,
    /// The variable that sets it; empty: none does.
    pub variable: &'static str,
    /// Whether the value is a path, which a file gives relative to itself.
    pub path: bool,
}

const fn key(name: &'static str, variable: &'static str, path: bool) -> Key {
    Key { name, variable, path }
}

/// Every setting. The file may hold these and `[profiles.NAME]`, nothing else.
pub const KEYS: &[Key] = &[
    key("listen", "HOTLINE_LISTEN", false),
    key("database", "HOTLINE_DATABASE", false),
    key("tls_cert", "HOTLINE_TLS_CERT", true),
    key("tls_key", "HOTLINE_TLS_KEY", true),
    key("key_file", "HOTLINE_KEY_FILE", true),
    key("audit_export", "HOTLINE_AUDIT_EXPORT", true),
    key("audit_days", "HOTLINE_AUDIT_DAYS", false),
    key("centre", "HOTLINE_CENTRE", false),
    key("lang", "HOTLINE_LANG", false),
    key("theme", "HOTLINE_THEME", false),
    key("keymap", "HOTLINE_KEYMAP", true),
    key("ambiguous", "HOTLINE_AMBIGUOUS", false),
    key("mouse", "HOTLINE_MOUSE", false),
    key("lock_minutes", "HOTLINE_LOCK_MINUTES", false),
    key("server", "HOTLINE_SERVER", false),
    key("authority", "HOTLINE_AUTHORITY", true),
];

/// Where a server keeps its data.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://…`, with whatever secrets stand in it.
    Postgres(String),
}

/// A password in an address never reaches a log through `{:?}`.
impl fmt::Debug for Database {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Database::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Database::Postgres(_) => out.write_str("postgres://…"),
        }
    }
}

/// Certificate and key, PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// A server to speak to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// `http://…` or `https://…`.
    pub address: String,
    /// A private certificate authority, PEM file.
    pub authority: Option<PathBuf>,
}

/// Whole minutes, none for never, at most a day.
pub(super) fn minutes(text: &str) -> Result<u64, String> {
    text.parse().ok().filter(|minutes| *minutes <= 24 * 60).ok_or_else(|| words!("cli-bad-minutes", value = text))
}

/// `true` or `false`.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| words!("cli-bad-switch", value = text))
}

/// `127.0.0.1:8345`, `[::1]:8345`.
pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| words!("cli-bad-listen", value = text))
}

/// `sqlite:PATH` or `postgres://…`.
pub fn database(text: &str) -> Result<Database, String> {
    match text.split_once(':') {
        Some(("sqlite", path)) if !path.is_empty() => Ok(Database::Sqlite(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))),
        Some(("postgres" | "postgresql", rest)) if rest.len() > 2 && rest.starts_with("//") => Ok(Database::Postgres(text.to_owned())),
        // The value is not repeated: it may hold a password.
        _ => Err(words!("cli-bad-database")),
    }
}

/// `http://HOST…` or `https://HOST…`.
pub fn address(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace) => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(words!("cli-bad-server", value = text)),
    }
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    Language::from_name(text).map_err(|error| error.to_string())
}

pub(super) fn ambiguous(text: &str) -> Result<u8, String> {
    match text {
        "1" => Ok(1),
        "2" => Ok(2),
        _ => Err(words!("cli-bad-ambiguous", value = text)),
    }
}

/// The least the audit is kept, days (PIPL and the rules for networks: no less than six months).
pub const LEAST_AUDIT_DAYS: u32 = 200;

/// 审计留存, days. The log keeps everything, so whatever is asked for here is kept: less than the least is refused, so
/// that nobody believes less is.
pub(super) fn audit_days(text: &str) -> Result<u32, String> {
    match text.trim().parse::<u32>() {
        Ok(days) if days >= LEAST_AUDIT_DAYS => Ok(days),
        Ok(days) => Err(words!("cli-audit-days-few", days = days, least = LEAST_AUDIT_DAYS)),
        Err(_) => Err(words!("cli-audit-days", value = text, least = LEAST_AUDIT_DAYS)),
    }
}

pub(super) fn filled(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err(words!("cli-empty")) } else { Ok(text.trim().to_owned()) }
}
