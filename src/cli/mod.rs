//! 命令行 (command line): every act of the flow as a verb over HTTP, on a server or on the embedded one.
//!
//! To add a verb: a variant in `args`, a file for what it does, a row in [`dispatch`].
//! Not here: opening the console or a server (`run`), settings (`config`), maps (`import`).
mod admin;
mod args;
mod audit;
mod calendar;
mod call;
mod check;
mod demo;
mod events;
mod exit;
mod history;
mod import;
mod kept;
mod knowledge;
mod output;
mod pages;
mod session;
mod table;
mod ticket;
mod usage;
#[cfg(test)]
mod tests;

pub use args::{Cli, Globals, Paging, Serve, Verb};
pub use demo::Demo;
pub use exit::{Exit, Failure};
pub use output::{Out, inert};

use crate::client::{Client, ClientError, Target};
use crate::config::{Fault, Layers, Settings, default_data_dir, default_file};
use crate::words::Language;
use crate::{run, words};
use clap::Parser;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

/// What a verb works with.
pub struct Session {
    /// What every command takes.
    pub globals: Globals,
    /// Settings, every layer applied.
    pub settings: Settings,
    /// Where it writes.
    pub out: Out,
    /// Damaged files of this machine, where they were moved to; told on standard error as well.
    aside: Mutex<Vec<PathBuf>>,
}

/// The whole program: reads the arguments, does it, gives the exit code.
pub fn main() -> ExitCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ExitCode::from(started(std::env::args_os(), Out::standard) as u8)
}

/// The same with given arguments and streams.
pub fn started(arguments: impl IntoIterator<Item = OsString>, out: impl Fn(bool) -> Out) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            words::switch_to(usage::language(&arguments));
            return told(&error, &out(false));
        }
    };
    let out = out(cli.globals.json);
    match prepared(cli.globals, cli.verb.as_ref(), out) {
        Ok(session) => finished(session, cli.verb),
        Err((failure, out)) => failure.tell(&out),
    }
}

fn finished(session: Session, verb: Option<Verb>) -> Exit {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::Broken(error.to_string()).tell(&session.out),
    };
    let outcome = runtime.block_on(dispatch(&session, verb));
    // A verb that was stopped leaves nothing behind worth waiting for.
    runtime.shutdown_background();
    match outcome {
        Ok(exit) => exit,
        Err(failure) => session.told(failure).tell(&session.out),
    }
}

/// Help, or what is wrong with the command line; scrubbed: it repeats what was typed.
fn told(error: &clap::Error, out: &Out) -> Exit {
    let text = usage::told(error);
    if error.use_stderr() {
        out.error(text.trim_end());
        return Exit::Usage;
    }
    match out.block(text.trim_end()) {
        Ok(()) => Exit::Ok,
        Err(failure) => failure.exit(),
    }
}

/// Language and settings. `check` tells faults of the settings itself, all together with those of other files.
fn prepared(globals: Globals, verb: Option<&Verb>, out: Out) -> Result<Session, (Failure, Out)> {
    // A language first, so that faults of the settings are told in it.
    match Language::choose_here(globals.lang.as_deref(), None) {
        Ok(language) => words::switch_to(language),
        Err(error) => return Err((Failure::Usage(error.to_string()), out)),
    }
    // What is made from the tree of verbs alone needs no settings either: it must work before there are good ones.
    let layers = if matches!(verb, Some(Verb::Check(_) | Verb::Completions { .. } | Verb::Man { .. })) { Layers::default() } else { layers(&globals, verb) };
    let settings = match layers.settle() {
        Ok(settings) => settings,
        Err(faults) => return Err((Failure::Faults(faults), out)),
    };
    if let (None, Some(language)) = (&globals.lang, settings.language) {
        words::switch_to(language);
    }
    Ok(Session { globals, settings, out, aside: Mutex::default() })
}

/// Every layer of the settings, as this command line has them.
fn layers(globals: &Globals, verb: Option<&Verb>) -> Layers {
    let mut layers = Layers::default();
    match (&globals.config, default_file()) {
        (Some(file), _) => layers.file(file, true),
        (None, Some(file)) => layers.file(&file, false),
        (None, None) => {}
    }
    layers.environment(|name| std::env::var(name).ok());
    if globals.server.is_none() && globals.data_dir.is_none() {
        let variable = std::env::var("HOTLINE_PROFILE").ok().filter(|name| !name.is_empty());
        match (&globals.profile, &variable) {
            (Some(name), _) => layers.profile(name, "--profile"),
            (None, Some(name)) => layers.profile(name, "HOTLINE_PROFILE"),
            (None, None) => {}
        }
    }
    layers.flag("server", "--server", globals.server.as_deref());
    if let Some(Verb::Serve(serve)) = verb {
        layers.flag("listen", "--listen", serve.listen.as_deref());
        layers.flag("database", "--database", serve.database.as_deref());
        layers.flag("tls_cert", "--tls-cert", serve.tls_cert.as_deref());
        layers.flag("tls_key", "--tls-key", serve.tls_key.as_deref());
        layers.flag("key_file", "--key-file", serve.key_file.as_deref());
        layers.flag("audit_export", "--audit-export", serve.audit_export.as_deref());
    }
    if let Some(Verb::Admin(args::Admin::Rebuild { database, .. })) = verb {
        layers.flag("database", "--database", database.as_deref());
    }
    layers
}

/// THE table of verbs.
async fn dispatch(session: &Session, verb: Option<Verb>) -> Result<Exit, Failure> {
    match verb {
        None => run::console(session).await,
        Some(Verb::Demo(options)) => run::demo(session, options).await,
        Some(Verb::Serve(options)) => run::serve(session, options).await,
        Some(Verb::Login(login)) => session::login(session, login).await,
        Some(Verb::Logout) => session::logout(session).await,
        Some(Verb::Ticket(verb)) => ticket::run(session, verb).await,
        Some(Verb::Call(verb)) => call::run(session, verb).await,
        Some(Verb::Seat(seat)) => call::seat(session, seat).await,
        Some(Verb::Events(events)) => events::run(session, events).await,
        Some(Verb::Kb(verb)) => knowledge::run(session, verb).await,
        Some(Verb::User(verb)) => session::user(session, verb).await,
        Some(Verb::Table(verb)) => table::run(session, verb).await,
        Some(Verb::Calendar(verb)) => calendar::run(session, verb).await,
        Some(Verb::Import(verb)) => import::run(session, verb).await,
        Some(Verb::Check(options)) => check::run(session, &options),
        Some(Verb::Audit(verb)) => audit::run(session, verb).await,
        Some(Verb::Admin(verb)) => admin::run(session, verb).await,
        Some(Verb::Completions { shell }) => pages::completions(session, shell),
        Some(Verb::Man { verbs }) => pages::man(session, &verbs),
    }
}

impl Session {
    /// The data folder: the flag's, or this user's.
    ///
    /// # Errors
    /// Where there is neither.
    pub fn data_dir(&self) -> Result<PathBuf, Failure> {
        self.globals.data_dir.clone().or_else(default_data_dir).ok_or_else(|| Failure::Usage(words!("cli-no-data-dir")))
    }

    /// Whether this command line names a backend at all.
    pub fn names_backend(&self) -> bool {
        self.globals.server.is_some() || self.globals.profile.is_some() || self.globals.data_dir.is_some()
    }

    /// How to reach the backend: the server of the flags or settings, or the embedded one of the data folder. A data folder
    /// on the command line comes before a server in the settings.
    ///
    /// # Errors
    /// When there is no store, the embedded server cannot be attached to, or the authority not be read.
    pub async fn target(&self) -> Result<Target, Failure> {
        self.reached(false).await
    }

    /// The same, for what may begin a store: the console, and what is put into a new one first.
    ///
    /// # Errors
    /// As [`Session::target`], but for the store.
    pub async fn target_or_new(&self) -> Result<Target, Failure> {
        self.reached(true).await
    }

    /// Whether there is a backend to ask without beginning a store: a server that is named, or a data folder with one.
    pub fn has_store(&self) -> bool {
        let elsewhere = self.settings.server.is_some() && self.globals.data_dir.is_none();
        elsewhere || self.data_dir().is_ok_and(|folder| run::has_store(&folder))
    }

    /// The server of the flags or settings, with the token that was given and no kept one; none: the embedded one is meant.
    fn elsewhere(&self) -> Result<Option<Target>, Failure> {
        match &self.settings.server {
            Some(server) if self.globals.data_dir.is_none() => {
                let read = |path: &PathBuf| {
                    let fault = |text: String| Failure::Faults(vec![Fault::of(path.display().to_string(), text)]);
                    let bytes = std::fs::read(path).map_err(|error| fault(error.to_string()))?;
                    // Without one the client would quietly trust the system's authorities alone.
                    let certified = memchr::memmem::find(&bytes, b" CERTIFICATE-----").is_some();
                    if certified { Ok(bytes) } else { Err(fault(words!("cli-no-certificate"))) }
                };
                let authority = server.authority.as_ref().map(read).transpose()?;
                Ok(Some(Target { server: server.address.clone(), token: self.globals.token.clone(), authority }))
            }
            _ => Ok(None),
        }
    }

    async fn reached(&self, make: bool) -> Result<Target, Failure> {
        match self.elsewhere()? {
            Some(mut target) => {
                if target.token.is_none() {
                    target.token = self.kept(&target.server)?;
                }
                Ok(target)
            }
            None => {
                let (mut target, aside) = run::attach(&self.data_dir()?, make).await?;
                aside.into_iter().for_each(|file| self.moved_aside(file));
                if self.globals.token.is_some() {
                    target.token.clone_from(&self.globals.token);
                }
                Ok(target)
            }
        }
    }

    /// The token kept for a server.
    fn kept(&self, server: &str) -> Result<Option<String>, Failure> {
        let kept = kept::read(server)?;
        kept.aside.into_iter().for_each(|file| self.moved_aside(file));
        Ok(kept.token)
    }

    /// Tells of a damaged file that was moved aside.
    pub fn moved_aside(&self, file: PathBuf) {
        self.out.error(&words!("file-damaged", file = file.display().to_string()));
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    }

    /// Damaged files that were moved aside so far, for a screen that covers what was told.
    pub fn aside(&self) -> Vec<PathBuf> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A client of the backend.
    ///
    /// # Errors
    /// As [`Session::target`], or when the address cannot be used.
    pub async fn connect(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.target().await?)?)
    }

    /// A client of the backend, whose store is begun where there is none.
    ///
    /// # Errors
    /// As [`Session::connect`], but for the store.
    pub async fn connect_or_new(&self) -> Result<Client, Failure> {
        Ok(Client::new(&self.target_or_new().await?)?)
    }

    /// A failure as it is told: where a login has ended or never was, with the command that helps.
    fn told(&self, failure: Failure) -> Failure {
        let elsewhere = self.settings.server.is_some() && self.globals.data_dir.is_none();
        match failure {
            Failure::Client(ClientError::Problem(problem)) if elsewhere && problem.code == "unauthorized" => {
                let which = match (&self.globals.profile, &self.globals.server) {
                    (Some(name), _) => format!(" --profile {name}"),
                    (None, Some(server)) => format!(" --server {server}"),
                    (None, None) => String::new(),
                };
                Failure::Ended(problem, format!("hotline login NAME{which}"))
            }
            other => other,
        }
    }

    /// The idempotency key of a write: the one given, or a new one.
    pub fn key(&self) -> String {
        self.globals.key.clone().unwrap_or_else(crate::client::new_key)
    }
}

/// A value of a closed set by its code, for clap.
fn coded<T>(text: &str, from_code: impl Fn(&str) -> Option<T>, codes: &[&str]) -> Result<T, String> {
    from_code(text).ok_or_else(|| format!("{}{}", codes.join(" | "), crate::config::located::did_you_mean(text, codes.iter().copied())))
}

/// The words a verb was given, or standard input where it was given none or `-`.
fn words_or_stdin(given: Option<String>) -> Result<String, Failure> {
    use std::io::Read;
    const LONGEST: u64 = 64 * 1024;
    let text = match given.filter(|text| text != "-") {
        Some(text) => text,
        None => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| Failure::Broken(error.to_string()))?;
            String::from_utf8(bytes).map_err(|_| Failure::Usage(words!("cli-not-utf8")))?
        }
    };
    match text.trim() {
        "" => Err(Failure::Usage(words!("cli-words-needed"))),
        text if text.len() as u64 > LONGEST => Err(Failure::Usage(words!("cli-words-too-long", limit = LONGEST))),
        text => Ok(text.to_owned()),
    }
}

/// A time for people: city time to the minute.
fn city_time(at: crate::domain::Timestamp) -> String {
    at.with_timezone(&crate::domain::city_offset()).format("%Y-%m-%d %H:%M").to_string()
}

/// The same of a limit: one that ends with a day ends at its 24:00, not at the next one's 00:00.
fn city_due(at: crate::domain::Timestamp) -> String {
    let eve = at - chrono::TimeDelta::minutes(1);
    let time = city_time(at);
    if time.ends_with("00:00") { format!("{} 24:00", city_time(eve).split(' ').next().unwrap_or_default()) } else { time }
}
