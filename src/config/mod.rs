//! 设置 (settings): `hotline.toml`, the environment and the flags, one over the other, every fault told at once.
//!
//! Here: what may be set, how the layers lie over each other, and the default directories. Not here: keymaps, themes and
//! maps (each read by its own room), the flags themselves (`cli`), and anything that acts on a setting (`run`).
pub mod located;
mod paths;
mod read;
mod toml_words;
#[cfg(test)]
mod tests;
mod value;

pub use located::Fault;
pub use paths::{default_data_dir, default_file, default_state_dir};
pub use read::Layers;
pub use value::{Database, KEYS, Key, Server, Tls};

use crate::words::Language;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where a server listens when nothing says otherwise: this machine only.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8345";

/// 设置 (settings), every layer applied and every value judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where the server keeps its data; none: the embedded file of the data directory.
    pub database: Option<Database>,
    /// Certificate and key; none: plain HTTP.
    pub tls: Option<Tls>,
    /// The file with the keys that seal names and numbers.
    pub key_file: Option<PathBuf>,
    /// The folder into which a server writes the head of the audit chain daily.
    pub audit_export: Option<PathBuf>,
    /// 中心名称, as consoles and reports show it.
    pub centre: String,
    /// Language asked for by the settings file; flags and locale are weighed by `words`.
    pub language: Option<Language>,
    /// A shipped theme's name, or the path of a theme file.
    pub theme: String,
    /// The name of a shipped keymap, or the path of a keymap file; none: `default`.
    pub keymap: Option<PathBuf>,
    /// Cells the terminal gives a character of ambiguous width: 1 or 2.
    pub ambiguous_cells: u8,
    /// Whether the console takes the mouse.
    pub mouse: bool,
    /// Minutes without a key after which the console is locked; 0: never.
    pub lock_minutes: u64,
    /// The server that console and command line speak to; none: the embedded one.
    pub server: Option<Server>,
}
