//! The one file that may name both console and server: opens, serves, attaches. The command line comes in here with its
//! settings read and judged; everything else stays behind HTTP.
use crate::cli::{Demo, Exit, Failure, Serve, Session};
use crate::client::Target;
use crate::words;
use std::path::Path;

/// `hotline`: the console, on the server of the settings or on the embedded one of the data folder
/// ([`Session::target`] says which).
///
/// # Errors
/// When it cannot be opened.
pub async fn console(session: &Session) -> Result<Exit, Failure> {
    let _ = session;
    Err(Failure::Broken(words!("cli-not-in-this-build")))
}

/// `hotline demo`: the same over a sample city.
///
/// # Errors
/// When it cannot be opened.
pub async fn demo(session: &Session, options: Demo) -> Result<Exit, Failure> {
    let _ = (session, options);
    Err(Failure::Broken(words!("cli-not-in-this-build")))
}

/// `hotline serve`: runs until it is told to stop, then drains. With `options.embedded` on [`Session::data_dir`], ending
/// `options.idle_exit` seconds after the last client has left.
///
/// # Errors
/// When it cannot be started.
pub async fn serve(session: &Session, options: Serve) -> Result<Exit, Failure> {
    let _ = (session, options);
    Err(Failure::Broken(words!("cli-not-in-this-build")))
}

/// The embedded server of a data folder: the running one, or one started on demand.
///
/// # Errors
/// When there is none and none can be started. A [`crate::client::ClientError`] in it keeps its exit code.
pub async fn attach(data_dir: &Path) -> anyhow::Result<Target> {
    let _ = data_dir;
    anyhow::bail!(words!("cli-not-in-this-build"))
}

/// `hotline admin rebuild --check`: one line for each row that a rebuild would make otherwise; none when all is well.
/// Works on the database of the settings, or on the data folder's file.
///
/// # Errors
/// When the database cannot be read.
pub async fn rebuild_check(session: &Session) -> anyhow::Result<Vec<String>> {
    let _ = session;
    anyhow::bail!(words!("cli-not-in-this-build"))
}
