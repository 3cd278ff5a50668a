//! The terminal console.
pub mod keymap;
pub mod look;
pub mod terminal;

pub struct Settings { pub target: crate::client::Target, pub me: Option<crate::api::session::Me>, pub language: Option<crate::words::Language>, pub theme: Option<String>, pub keymap: Option<std::path::PathBuf>, pub ambiguous: look::Ambiguous, pub no_clock: bool, pub title: Option<String> }
pub enum ExitReason { Quit, Signal(u8), Closed }
pub async fn run(_settings: Settings) -> anyhow::Result<ExitReason> { Ok(ExitReason::Quit) }
