//! The one file that may name both console and server: opens, serves, attaches. The command line comes in here with its
//! settings read and judged; everything else stays behind HTTP.
use crate::api::session::Login;
use crate::cli::{Demo, Exit, Failure, Serve, Session};
use crate::client::{Client, Target, new_key};
use crate::config;
use crate::telephony::simulator;
use crate::{sample, words};
use futures_util::future::BoxFuture;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `hotline`: the console, on the server of the settings or on the embedded one of the data folder
/// ([`Session::target`] says which).
///
/// # Errors
/// When it cannot be opened.
pub async fn console(session: &Session) -> Result<Exit, Failure> {
    on_a_terminal()?;
    let target = session.target_or_new().await?;
    let remote = session.globals.data_dir.is_none() && session.settings.server.is_some();
    if remote {
        let drafts = drafts_for(&target);
        return open_console(session, target, drafts, None, false).await;
    }
    let data_dir = session.data_dir()?;
    let drafts = data_dir.join(DRAFTS);
    let again: Again = Arc::new(move || {
        let data_dir = data_dir.clone();
        Box::pin(async move { attach_again(&data_dir).await })
    });
    open_console(session, target, Some(drafts), Some(again), false).await
}

/// A console needs a terminal: said before a server is started for it.
fn on_a_terminal() -> Result<(), Failure> {
    if std::io::stdout().is_terminal() { Ok(()) } else { Err(Failure::Usage(words!("terminal-not-a-terminal"))) }
}

/// How a console finds its embedded server again: it may have been killed, and its tokens end.
type Again = Arc<dyn Fn() -> BoxFuture<'static, anyhow::Result<Target>> + Send + Sync>;

/// Where a console keeps unsent intakes: this folder in the data of its embedded server, or, for a server elsewhere, a
/// folder for that server in this user's state.
const DRAFTS: &str = "drafts";

fn drafts_for(target: &Target) -> Option<PathBuf> {
    let name = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' };
    Some(config::default_state_dir()?.join(DRAFTS).join(target.server.chars().map(name).collect::<String>()))
}

/// How a shell reaches the same backend as this console: the program and the flags that name it. A token is none of them.
#[cfg(feature = "console")]
fn program(session: &Session, embedded: Option<&Path>) -> Vec<String> {
    let globals = &session.globals;
    let mut words = vec!["hotline".to_owned()];
    let mut flag = |name: &str, value: Option<String>| words.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    flag("--config", globals.config.as_ref().map(|file| file.display().to_string()));
    flag("--server", globals.server.clone());
    flag("--profile", globals.profile.clone());
    let folder = embedded.filter(|folder| config::default_data_dir().as_deref() != Some(*folder));
    flag("--data-dir", folder.map(|folder| folder.display().to_string()));
    words
}

/// Opens it; `tour`: somebody new may be here.
#[cfg(feature = "console")]
async fn open_console(session: &Session, target: Target, drafts: Option<PathBuf>, reattach: Option<Again>, tour: bool) -> Result<Exit, Failure> {
    use crate::console::{self, ExitReason, look::Ambiguous, terminal::TerminalError};
    let settings = console::Settings {
        aside: session.aside(),
        program: program(session, reattach.as_ref().and(drafts.as_deref()).and_then(Path::parent)),
        drafts,
        target,
        reattach,
        me: None,
        language: None,
        theme: Some(session.settings.theme.clone()),
        keymap: session.settings.keymap.clone(),
        ambiguous: if session.settings.ambiguous_cells == 2 { Ambiguous::Two } else { Ambiguous::One },
        file: session.globals.config.clone().or_else(config::default_file),
        mouse: session.settings.mouse,
        no_clock: false,
        lock_after: std::time::Duration::from_secs(60 * session.settings.lock_minutes),
        tour,
        title: None,
    };
    let ended = console::run(settings).await.map_err(|error| match error.downcast_ref::<TerminalError>() {
        // A terminal that cannot show a console: another place to run it is what helps.
        Some(TerminalError::Failed(_)) | None => Failure::from(error),
        Some(unfit) => Failure::Usage(unfit.to_string()),
    })?;
    match ended {
        ExitReason::Quit | ExitReason::Closed => Ok(Exit::Ok),
        ExitReason::Signal(_) => Ok(Exit::Interrupted),
    }
}

#[cfg(not(feature = "console"))]
async fn open_console(_: &Session, _: Target, _: Option<PathBuf>, _: Option<Again>, _: bool) -> Result<Exit, Failure> {
    Err(Failure::Broken(words!("cli-not-in-this-build")))
}

/// The role a demo console opens as.
const ROLE: &str = "operator";

/// `hotline demo --server`: the console over the sample city of a server, logged in as one of its people, and the city's
/// calls sent there as an exchange would send them. A token that was given is used for both instead.
async fn demo_elsewhere(session: &Session, options: &Demo) -> Result<Exit, Failure> {
    let (_, seat) = role_of(options)?;
    let mut target = session.target().await?;
    // A kept login is one person's of that server, not the city's.
    target.token.clone_from(&session.globals.token);
    let client = Client::new(&target)?;
    let exchange = match &target.token {
        Some(_) => client,
        None => {
            target.token = Some(as_sample(&client, seat).await?);
            let exchange = as_sample(&client, sample::EXCHANGE).await?;
            client.with_token(exchange)
        }
    };
    if !options.no_traffic {
        tokio::spawn(simulator::play(exchange.in_background(), options.seed, options.speed, new_key()));
    }
    let drafts = drafts_for(&target);
    open_console(session, target, drafts, None, true).await
}

/// The role of a demo console, and who sits there.
fn role_of(options: &Demo) -> Result<(&str, &'static str), Failure> {
    let role = options.role.as_deref().unwrap_or(ROLE);
    let known = || sample::SEATS.iter().map(|(role, _)| *role).collect::<Vec<_>>().join(", ");
    let seat = sample::seat(role).ok_or_else(|| Failure::Usage(words!("cli-no-such-role", role = role, known = known())))?;
    Ok((role, seat))
}

/// A login of the sample city; a server without that city knows none of its people.
async fn as_sample(client: &Client, login: &str) -> Result<String, Failure> {
    match client.login(&Login { login: login.into(), password: sample::PASSWORD.into() }).await {
        Ok(session) => Ok(session.token),
        Err(error) if error.is_unauthorized() => Err(Failure::Refused(words!("cli-no-sample-city", server = client.server()))),
        Err(error) => Err(error.into()),
    }
}

#[cfg(feature = "server")]
pub use with_server::{attach, attach_again, demo, has_store, rebuild_check, serve};

#[cfg(feature = "server")]
mod with_server {
    use super::{Again, Arc, DRAFTS, Demo, Exit, Failure, Path, PathBuf, Serve, Session, Target, demo_elsewhere, on_a_terminal, open_console, role_of, words};
    use crate::config;
    use crate::embedded::{self, Wanted, asked_to_stop};
    use crate::server::{Database, Running, Sample, SampleSize, ServeError, Settings};
    use base64::Engine;
    use std::net::TcpListener;

    /// `hotline demo`: the console over a sample city, on a data folder of its own or on a server.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn demo(session: &Session, options: Demo) -> Result<Exit, Failure> {
        if session.globals.server.is_some() || session.globals.profile.is_some() {
            return demo_elsewhere(session, &options).await;
        }
        let role = role_of(&options)?.0.to_owned();
        on_a_terminal()?;
        let size = SampleSize::default();
        let sample = Sample {
            seed: options.seed,
            size: SampleSize {
                tickets: options.tickets.map_or(size.tickets, |count| count as usize),
                articles: options.articles.map_or(size.articles, |count| count as usize),
            },
        };
        // Another city, another folder: the same seed and size find their own data again.
        let data_dir = match &session.globals.data_dir {
            Some(folder) => folder.clone(),
            None => session.data_dir()?.join(format!("demo-{}-{}-{}", sample.seed, sample.size.tickets, sample.size.articles)),
        };
        let wanted = Wanted { data_dir, sample: Some(sample), speed: options.speed, traffic: !options.no_traffic, test_clock: true };
        let drafts = wanted.data_dir.join(DRAFTS);
        let attached = embedded::attach(&wanted, Some(&role)).await.map_err(not_attached)?;
        let again: Again = Arc::new(move || {
            let (wanted, role) = (wanted.clone(), role.clone());
            Box::pin(async move { Ok(embedded::attach(&wanted, Some(&role)).await?.target) })
        });
        attached.aside.into_iter().for_each(|file| session.moved_aside(file));
        open_console(session, attached.target, Some(drafts), Some(again), true).await
    }

    /// `hotline serve`: runs until it is told to stop, then lets what is in hand end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn serve(session: &Session, options: Serve) -> Result<Exit, Failure> {
        log_as_json();
        let sample = options.sample_seed.map(|seed| Sample {
            seed,
            size: SampleSize { tickets: options.sample_tickets.unwrap_or(0) as usize, articles: options.sample_articles.unwrap_or(0) as usize },
        });
        if options.embedded {
            let wanted =
                Wanted { data_dir: session.data_dir()?, sample, speed: options.speed, traffic: options.traffic, test_clock: options.test_clock };
            embedded::serve(&wanted).await.map_err(|error| error.downcast().map_or_else(Failure::from, cannot_start))?;
            return Ok(Exit::Ok);
        }
        let (database, key_file) = places(session)?;
        let listener = TcpListener::bind(session.settings.listen)
            .map_err(|error| Failure::CannotStart(format!("{} ({error})", words!("cli-cannot-listen", address = session.settings.listen.to_string()))))?;
        let address = listener.local_addr().map_err(|error| Failure::Broken(error.to_string()))?;
        let given = std::env::var("HOTLINE_ADMIN_PASSWORD").ok();
        let password = given.clone().unwrap_or_else(|| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(crate::private::random::<12>()));
        let settings = Settings {
            database,
            key_file,
            centre_name: session.settings.centre.clone(),
            tls: session.settings.tls.as_ref().map(|tls| (tls.certificate.clone(), tls.key.clone())),
            test_clock: options.test_clock,
            rate: options.speed,
            sample,
            admin_password: Some(password.clone()),
            audit_export: session.settings.audit_export.clone(),
            idle_exit: None,
        };
        let running = Running::open(&settings).await.map_err(cannot_start)?;
        if settings.tls.is_none() && !address.ip().is_loopback() {
            session.out.error(&words!("cli-listens-plain", address = address.to_string()));
        }
        if running.made_administrator() && given.is_none() {
            session.out.error(&words!("cli-first-administrator", password = password));
        }
        // Whoever reads the address may end the server the next moment.
        let stop = asked_to_stop();
        let scheme = if settings.tls.is_some() { "https" } else { "http" };
        session.out.line(&format!("{scheme}://{address}"))?;
        running.serve(listener, stop).await.map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Exit::Ok)
    }

    /// The database of the settings, else that of the data folder; and its key file, which lies beside a SQLite file
    /// where nothing else is said.
    fn places(session: &Session) -> Result<(Database, PathBuf), Failure> {
        let database = match &session.settings.database {
            Some(config::Database::Sqlite(path)) => Database::Sqlite(path.clone()),
            Some(config::Database::Postgres(url)) => Database::Postgres(url.clone()),
            None => Database::Sqlite(embedded::database(&session.data_dir()?)),
        };
        let key_file = match (&session.settings.key_file, &database) {
            (Some(file), _) => file.clone(),
            (None, Database::Sqlite(path)) => path.with_file_name("vault.key"),
            (None, Database::Postgres(_)) => return Err(Failure::Usage(words!("cli-key-file-needed"))),
        };
        Ok((database, key_file))
    }

    /// What was named wrongly is usage; what stands in the way is another code.
    fn cannot_start(error: ServeError) -> Failure {
        match error {
            ServeError::Certificate(words) | ServeError::Nowhere(words) => Failure::Usage(words),
            other => Failure::CannotStart(other.to_string()),
        }
    }

    fn not_attached(error: anyhow::Error) -> Failure {
        Failure::CannotStart(format!("{error:#}"))
    }

    /// The embedded server of a data folder: the running one, or one started on demand. A folder without a store is given
    /// one only where `make` says so: a path that was mistyped is none to fill. With it come
    /// the damaged files that were moved aside on the way.
    ///
    /// # Errors
    /// When there is no store, or no server and none can be started.
    pub async fn attach(data_dir: &Path, make: bool) -> Result<(Target, Vec<PathBuf>), Failure> {
        if !make && !has_store(data_dir) {
            return Err(Failure::Usage(words!("cli-no-store", folder = data_dir.display().to_string())));
        }
        let attached = embedded::attach(&Wanted::plain(data_dir), None).await.map_err(not_attached)?;
        Ok((attached.target, attached.aside))
    }

    /// Whether a store was begun in this data folder.
    pub fn has_store(data_dir: &Path) -> bool {
        embedded::database(data_dir).is_file()
    }

    /// The same as [`attach`] for a console that has lost its server.
    ///
    /// # Errors
    /// When none can be started.
    pub async fn attach_again(data_dir: &Path) -> anyhow::Result<Target> {
        Ok(embedded::attach(&Wanted::plain(data_dir), None).await?.target)
    }

    /// `hotline admin rebuild --check`: one line for each row that a rebuild would make otherwise; none when all is well.
    ///
    /// # Errors
    /// When there is no database, or it cannot be read.
    pub async fn rebuild_check(session: &Session) -> Result<Vec<String>, Failure> {
        let (database, key_file) = places(session)?;
        let settings = Settings {
            database,
            key_file,
            centre_name: session.settings.centre.clone(),
            tls: None,
            test_clock: false,
            rate: 1.0,
            sample: None,
            admin_password: None,
            audit_export: None,
            idle_exit: None,
        };
        let running = Running::beside(&settings).await.map_err(cannot_start)?;
        let found = running.rebuild_check().await.map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    /// A server's log: JSON on standard error, one event a line, with no text anybody typed.
    fn log_as_json() {
        let filter = tracing_subscriber::EnvFilter::try_from_env("HOTLINE_LOG").unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
        let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    }
}

#[cfg(not(feature = "server"))]
pub use without_server::{attach, attach_again, demo, has_store, rebuild_check, serve};

/// A console alone: it speaks to servers elsewhere.
#[cfg(not(feature = "server"))]
mod without_server {
    use super::{Demo, Exit, Failure, Path, PathBuf, Serve, Session, demo_elsewhere, words};
    use crate::client::Target;

    /// `hotline demo` without a server of one's own: on the server that was named.
    ///
    /// # Errors
    /// Where none was.
    pub async fn demo(session: &Session, options: Demo) -> Result<Exit, Failure> {
        demo_elsewhere(session, &options).await
    }

    /// # Errors
    /// Always: this build has no server.
    pub async fn serve(_: &Session, _: Serve) -> Result<Exit, Failure> {
        Err(Failure::Broken(words!("cli-not-in-this-build")))
    }

    /// # Errors
    /// Always: this build has no server.
    pub async fn attach(_: &Path, _: bool) -> Result<(Target, Vec<PathBuf>), Failure> {
        Err(Failure::Broken(words!("cli-not-in-this-build")))
    }

    /// Never: this build keeps none.
    pub fn has_store(_: &Path) -> bool {
        false
    }

    /// # Errors
    /// Always: this build has no server.
    pub async fn attach_again(_: &Path) -> anyhow::Result<Target> {
        anyhow::bail!(words!("cli-not-in-this-build"))
    }

    /// # Errors
    /// Always: this build has no server.
    pub async fn rebuild_check(_: &Session) -> Result<Vec<String>, Failure> {
        Err(Failure::Broken(words!("cli-not-in-this-build")))
    }
}
