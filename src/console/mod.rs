//! The terminal console: [`run`] with its [`Settings`], and the rooms it is made of.
//!
//! The way of everything: a key, a live frame, an answer or a tick becomes a [`msg::Msg`] on one ordered channel;
//! [`app::App::update`] folds it into the model and asks for [`effect::Effect`]s, which the worker carries out and
//! answers with exactly one message each; `screen` draws the model, and draws nothing when nothing visible changed.
//! Not here: the backend, and how a console comes to have one (`run.rs` joins the two).
pub mod app;
pub mod effect;
pub mod keymap;
pub mod layout;
pub mod look;
pub mod model;
pub mod msg;
pub mod panes;
pub mod screen;
pub mod terminal;
pub mod widgets;

mod admin;
mod answers;
mod boxes;
pub mod asks;
mod auditing;
mod caller_notes;
mod chooser;
mod command;
pub mod command_line;
mod console_loop;
mod counts;
pub mod files;
mod filing;
mod edit;
mod gather;
mod keep;
mod keeping;
mod keys;
mod live;
mod lock;
mod many;
mod moment;
mod mouse;
mod offer;
mod outbox;
mod paste;
mod pins;
pub mod promised;
mod quit;
mod reveal;
mod searcher;
mod send;
#[cfg(test)]
pub(crate) mod tests;
mod themes;
mod times;
pub mod tour;
mod undo;
mod worker;
mod written;

use crate::api::session::Me;
use crate::client::Target;
use crate::words::Language;
use futures_util::future::BoxFuture;
use std::path::PathBuf;
use std::sync::Arc;

/// 重新接上 (reattach): the backend again, started anew where it has gone, with a login that holds. For a backend that
/// belongs to this machine: nobody has a password for it.
pub type Reattach = Arc<dyn Fn() -> BoxFuture<'static, anyhow::Result<Target>> + Send + Sync>;

/// What a console is started with.
#[derive(Clone, Default)]
pub struct Settings {
    /// The backend; with a token there is no login screen.
    pub target: Target,
    /// How to find it again when it is lost or the login has ended; none: the login screen, and waiting.
    pub reattach: Option<Reattach>,
    /// Who the token belongs to; asked for where the token is given without it.
    pub me: Option<Me>,
    /// The language to start in; the current one where none is given.
    pub language: Option<Language>,
    /// The name of a shipped theme, or the path of a theme file; `dark` where none is given.
    pub theme: Option<String>,
    /// The name of a shipped keymap, or the path of one of one's own; `default` where none is given.
    pub keymap: Option<PathBuf>,
    /// The settings file, where there may be one: other themes lie beside it.
    pub file: Option<PathBuf>,
    /// Whether the mouse is asked for.
    pub mouse: bool,
    /// How many cells the terminal gives a character of ambiguous width.
    pub ambiguous: look::Ambiguous,
    /// No clock on the screen: nothing is sent while nothing happens.
    pub no_clock: bool,
    /// The folder unsent intakes are kept in, so that not even `kill -9` loses what was typed; none: nothing is kept.
    pub drafts: Option<PathBuf>,
    /// How a shell reaches the same backend: `hotline`, and the flags that name it; never a token.
    pub program: Vec<String>,
    /// How long nobody may touch the console before it is locked; zero: never.
    pub lock_after: std::time::Duration,
    /// 导览 (tour): offered on the first screen.
    pub tour: bool,
    /// Damaged files of this machine that were moved aside on the way here, to be told.
    pub aside: Vec<PathBuf>,
    /// What stands in the top left corner; the centre's name where none is given.
    pub title: Option<String>,
}

/// Why the console ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitReason {
    /// The person left.
    Quit,
    /// A signal asked for it; the process ends with this code.
    Signal(u8),
    /// The terminal has gone.
    Closed,
}

/// Opens the console on this terminal and stays until it ends.
///
/// # Errors
/// When the terminal cannot be taken, or the address of the backend cannot be used.
pub async fn run(settings: Settings) -> anyhow::Result<ExitReason> {
    match console_loop::run(settings).await {
        // Wherever it was noticed: a terminal that has gone is an end, not a failure.
        Err(error) if error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).any(terminal::is_closed) => Ok(ExitReason::Closed),
        ended => ended,
    }
}
