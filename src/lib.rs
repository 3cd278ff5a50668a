//! Hotline: a keyboard-driven terminal console for the 12345 government service hotline, and its backend.
pub mod api;
pub mod cli;
pub mod client;
pub mod config;
#[cfg(feature = "console")]
pub mod console;
pub mod domain;
pub mod import;
pub mod run;
pub mod sample;
pub mod search;
#[cfg(feature = "server")]
pub mod server;
pub mod text;
pub mod words;
