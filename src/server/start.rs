//! Starting and stopping a backend: one call for a city's node, for the embedded server of one desk, and for tests.
use super::clock::StoreClock;
use super::fault::Fault;
use super::keys::Keys;
use super::node::Node;
use super::node::CENTRE;
use super::store::{Store, StoreError, content, log, users};
use super::work::{self, Answer};
use super::{Database, Sample, auth, export, feed, routes, seed, sweep, tls, views};
use crate::api::session::NewUser;
use crate::domain::Timestamp;
use crate::domain::rights::{later_rights, shipped_roles};
use crate::domain::tables::TableEvent;
use axum_server::tls_rustls::RustlsConfig;
use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long requests in hand may take to end once a stop was asked for; new ones are told to come again meanwhile.
const DRAIN: Duration = Duration::from_secs(8);
/// How long, after that, answers may take to leave. Both together are less than the ten seconds a supervisor waits.
const LEAVE: Duration = Duration::from_secs(1);

/// What a backend is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the data lives.
    pub database: Database,
    /// The master key's file; made where there is none.
    pub key_file: PathBuf,
    /// 中心名称.
    pub centre_name: String,
    /// Certificate and key, PEM files.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Whether the clock may be advanced by request; for tests and rehearsals.
    pub test_clock: bool,
    /// How fast the store's clock runs.
    pub rate: f64,
    /// Fills an empty store with the sample city.
    pub sample: Option<Sample>,
    /// The first administrator's password, where the store has no users yet; none: that user has no password.
    pub admin_password: Option<String>,
    /// The folder into which the head of the audit chain goes daily.
    pub audit_export: Option<PathBuf>,
    /// Ends when nobody has been attached for this long.
    pub idle_exit: Option<Duration>,
}

/// Why a backend does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The store cannot be used.
    #[error("{0}")]
    Store(String),
    /// Another server works on this file.
    #[error("{words}")]
    Held {
        /// Whether that is the embedded server of a console.
        embedded: bool,
        /// What is to be told.
        words: String,
    },
    /// There is no store where one was looked for.
    #[error("{0}")]
    Nowhere(String),
    /// The keys cannot be used.
    #[error("{0}")]
    Keys(String),
    /// The certificate and its key cannot be used; nothing else has been touched.
    #[error("{0}")]
    Certificate(String),
    /// The listener failed.
    #[error("{0}")]
    Listen(String),
}

/// A backend that is open and seeded, not yet listening. A clone of it opens sessions while the other serves.
#[derive(Clone)]
pub struct Running {
    node: Arc<Node>,
    tls: Option<RustlsConfig>,
    database: Database,
    idle_exit: Option<Duration>,
    made_administrator: bool,
}

/// What is wrong with the store, and which one it is; a database's address may hold a password.
fn unusable(database: &Database, error: &StoreError) -> ServeError {
    let why = match error {
        StoreError::Away(_) | StoreError::Unusable(_) | StoreError::Held { .. } | StoreError::Nowhere => error.to_string(),
        other => format!("数据库启动时出错。 The database failed at the start: {other}"),
    };
    let words = match database {
        Database::Sqlite(path) => format!("{}：{why}", path.display()),
        Database::Postgres(_) => why,
    };
    match error {
        StoreError::Held { embedded, .. } => ServeError::Held { embedded: *embedded, words },
        StoreError::Nowhere => ServeError::Nowhere(words),
        _ => ServeError::Store(words),
    }
}

fn words(database: &Database, fault: Fault) -> ServeError {
    ServeError::Store(match fault {
        Fault::Store(error) => return unusable(database, &error),
        Fault::Refused(refusal) => routes::problem_of(&refusal).title,
        Fault::Problem(problem) => problem.title,
        Fault::Broken(why) => why,
    })
}

impl Running {
    /// Opens the store, seeds what an empty one needs.
    ///
    /// # Errors
    /// In words.
    pub async fn open(settings: &Settings) -> Result<Running, ServeError> {
        let tls = match &settings.tls {
            Some((certificate, key)) => Some(tls::read(certificate, key).await.map_err(ServeError::Certificate)?),
            None => None,
        };
        let unusable = |error: StoreError| unusable(&settings.database, &error);
        let words = |fault: Fault| words(&settings.database, fault);
        // Only an embedded server ends when nobody is attached.
        let store = Store::open(&settings.database, settings.idle_exit.is_some()).await.map_err(unusable)?;
        let node = node(store, settings, true).await?;
        let made_administrator = first_start(&node, settings).await.map_err(words)?;
        feed::start(&node).await.map_err(words)?;
        Ok(Running { node, database: settings.database.clone(), tls, idle_exit: settings.idle_exit, made_administrator })
    }

    /// Opens a store that is there, beside whoever serves it: nothing is made. Not for serving.
    ///
    /// # Errors
    /// In words.
    pub async fn beside(settings: &Settings) -> Result<Running, ServeError> {
        let unusable = |error: StoreError| unusable(&settings.database, &error);
        let store = Store::beside(&settings.database).await.map_err(unusable)?;
        let node = node(store, settings, false).await?;
        feed::start(&node).await.map_err(|fault| words(&settings.database, fault))?;
        Ok(Running { node, database: settings.database.clone(), tls: None, idle_exit: None, made_administrator: false })
    }

    /// Whether this start made the first administrator.
    pub const fn made_administrator(&self) -> bool {
        self.made_administrator
    }

    /// A session for a user by login, without a password: for whoever may read this machine's own lock file.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn session_for(&self, login: &str) -> Result<String, ServeError> {
        let user = async {
            let mut reader = self.node.store.reader().await?;
            users::by_login(&mut reader.tx(), self.node.centre, login).await
        };
        let user = user.await.map_err(|error| unusable(&self.database, &error))?.ok_or_else(|| ServeError::Store(format!("{login}?")))?;
        Ok(auth::open(&self.node, &user).await.map_err(|fault| words(&self.database, fault))?.token)
    }

    /// Rows that are not what the log says, as JSON values; the sweep runs first, so that only real differences show.
    ///
    /// # Errors
    /// In words.
    pub async fn rebuild_check(&self) -> Result<Vec<serde_json::Value>, ServeError> {
        let words = |fault: Fault| words(&self.database, fault);
        while sweep::once(&self.node).await.map_err(words)? > 0 {}
        let found = work::rebuild_check(&self.node).await.map_err(words)?;
        Ok(found.into_iter().filter_map(|difference| serde_json::to_value(difference).ok()).collect())
    }

    /// Listens until `shutdown`, then lets what is in hand end.
    ///
    /// # Errors
    /// In words.
    pub async fn serve(self, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
        let listen = |error: std::io::Error| ServeError::Listen(error.to_string());
        listener.set_nonblocking(true).map_err(listen)?;
        let node = self.node;
        let mut background = vec![tokio::spawn(feed::run(Arc::clone(&node))), tokio::spawn(sweep::run(Arc::clone(&node))), tokio::spawn(views::run(Arc::clone(&node)))];
        if node.export.is_some() {
            background.push(tokio::spawn(export::run(Arc::clone(&node))));
        }
        let service = routes::router(&node).into_make_service_with_connect_info::<SocketAddr>();
        let handle = axum_server::Handle::new();
        let stopping = handle.clone();
        let idle = self.idle_exit;
        let watched = Arc::clone(&node);
        tokio::spawn(async move {
            tokio::select! {
                () = shutdown => {}
                () = deserted(&watched, idle) => {}
            }
            watched.drain.begin();
            // The listener stays open meanwhile: who comes now is told to try elsewhere, and so is a balancer that asks.
            let _ = tokio::time::timeout(DRAIN, watched.drain.empty()).await;
            stopping.graceful_shutdown(Some(LEAVE));
        });
        let served = match self.tls {
            None => axum_server::from_tcp(listener).map_err(listen)?.handle(handle).serve(service).await,
            Some(tls) => axum_server::from_tcp_rustls(listener, tls).map_err(listen)?.handle(handle).serve(service).await,
        };
        for task in background {
            task.abort();
        }
        views::record(&node).await;
        served.map_err(listen)
    }
}

/// Opens and listens.
///
/// # Errors
/// In words.
pub async fn serve(settings: Settings, listener: TcpListener, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), ServeError> {
    Running::open(&settings).await?.serve(listener, shutdown).await
}

/// Returns when nobody has listened and nothing has been asked for that long; never where no limit is given.
async fn deserted(node: &Node, limit: Option<Duration>) {
    let Some(limit) = limit else { return std::future::pending().await };
    let mut quiet = Duration::ZERO;
    let mut seen = node.requests.load(Ordering::Relaxed);
    let look = Duration::from_millis(500).min(limit);
    loop {
        tokio::time::sleep(look).await;
        let asked = node.requests.load(Ordering::Relaxed);
        quiet = if node.listeners.load(Ordering::Relaxed) > 0 || asked != seen { Duration::ZERO } else { quiet + look };
        seen = asked;
        if quiet >= limit {
            return;
        }
    }
}

/// The node over a store, with its keys; `make`: for a store that is new they are made.
async fn node(store: Store, settings: &Settings, make: bool) -> Result<Arc<Node>, ServeError> {
    let unusable = |error: StoreError| unusable(&settings.database, &error);
    let recorded = last_recorded(&store).await.map_err(unusable)?;
    if recorded.is_none() && !make {
        return Err(unusable(StoreError::Nowhere));
    }
    // A key is made for a store that is new; one that holds something was sealed with a key that must be found again.
    let keys = Keys::load(&settings.key_file, recorded.is_none()).map_err(ServeError::Keys)?;
    if !fits(&store, &keys).await.map_err(unusable)? {
        return Err(ServeError::Keys(format!(
            "密钥文件 {0} 不是这个数据库的。 The key file {0} is not this database's.",
            settings.key_file.display()
        )));
    }
    let clock = StoreClock::new(recorded, settings.rate);
    Ok(Arc::new(Node::new(store, clock, keys, settings.centre_name.clone(), settings.test_clock).exporting(settings.audit_export.clone())))
}

/// Whether these are the keys the store was filled with, by the digest of any text in it.
async fn fits(store: &Store, keys: &Keys) -> Result<bool, StoreError> {
    let text = content::any(&mut store.reader().await?.tx(), CENTRE).await?;
    Ok(text.is_none_or(|(body, digest)| keys.digest(&body) == digest))
}

async fn last_recorded(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    log::last_recorded(&mut store.reader().await?.tx(), CENTRE).await
}

/// What a store needs before its first request: a head to count from, the shipped roles, the tables a centre starts with, an administrator. Says whether
/// that administrator was made now.
async fn first_start(node: &Arc<Node>, settings: &Settings) -> Result<bool, Fault> {
    let centre = node.centre;
    node.store
        .write(Arc::new(move |tx| {
            Box::pin(async move {
                log::ensure_centre(tx, centre).await?;
                Answer::json(200, &())
            })
        }))
        .await?;
    let roles = node.tables().await?.roles.clone();
    if !roles.is_empty() {
        let later: Vec<TableEvent> = later_rights(&roles).into_iter().map(TableEvent::RolePut).collect();
        if !later.is_empty() {
            node.by_itself(move |mut work| {
                let later = later.clone();
                Box::pin(async move {
                    work::put_events(&mut work, later).await?;
                    Answer::json(200, &())
                })
            })
            .await?;
        }
        return Ok(false);
    }
    node.by_itself(|mut work| {
        Box::pin(async move {
            let roles = shipped_roles().into_iter().map(TableEvent::RolePut).collect();
            work::put_events(&mut work, roles).await?;
            Answer::json(200, &())
        })
    })
    .await?;
    let hash = match &settings.admin_password {
        Some(password) => Some(auth::hash_aside(password.clone()).await?),
        None => None,
    };
    let admin = NewUser { login: "admin".into(), name: "管理员".into(), roles: vec!["admin".into()], unit: None, password: None };
    node.by_itself(move |work| work::add_user(work, admin.clone(), hash.clone())).await?;
    match &settings.sample {
        Some(sample) => seed::fill(node, sample).await?,
        None => seed::starter(node).await?,
    }
    Ok(true)
}
