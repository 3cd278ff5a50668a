//! A backend in this process, over SQLite in a folder of its own or a PostgreSQL database of its own.
use super::postgres;
use hotline::api::session::{Login, NewUser};
use hotline::client::{Client, Target, new_key};
use hotline::server::{Database, Running, Sample, SampleSize, Settings};
use std::net::TcpListener;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Which database a test runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A running backend; it ends with this value.
#[allow(dead_code, reason = "kept for as long as the backend runs")]
pub struct Backend {
    pub url: String,
    pub settings: Settings,
    pub folder: TempDir,
    pub admin: Client,
    stop: Option<oneshot::Sender<()>>,
    task: Option<tokio::task::JoinHandle<()>>,
}

impl Drop for Backend {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// The settings of a backend in `folder`; `None` where PostgreSQL is asked for and not there (said aloud).
pub async fn settings(kind: Kind, folder: &TempDir, sample: Option<Sample>) -> Option<Settings> {
    let database = match kind {
        Kind::Sqlite => Database::Sqlite(folder.path().join("hotline.db")),
        Kind::Postgres => Database::Postgres(postgres::database().await?),
    };
    Some(Settings {
        database,
        key_file: folder.path().join("vault.key"),
        centre_name: "示例市 12345".into(),
        tls: None,
        test_clock: true,
        rate: 1.0,
        sample,
        admin_password: Some("admin".into()),
        audit_export: None,
        idle_exit: None,
    })
}

/// The sample city with its people and articles and no past.
pub fn bare_city() -> Option<Sample> {
    Some(Sample { seed: 1, size: SampleSize { tickets: 0, articles: 0 } })
}

#[allow(dead_code, reason = "a scaffold: not every test needs every part")]
impl Backend {
    /// Starts one over the bare sample city.
    pub async fn start(kind: Kind) -> Option<Backend> {
        let folder = TempDir::new().unwrap();
        let settings = settings(kind, &folder, bare_city()).await?;
        Some(Backend::over(settings, folder).await)
    }

    /// Starts one with these settings.
    pub async fn over(settings: Settings, folder: TempDir) -> Backend {
        let running = Running::open(&settings).await.unwrap();
        let login = if settings.sample.is_some() { "admin01" } else { "admin" };
        let token = running.session_for(login).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            running
                .serve(listener, async {
                    let _ = stopped.await;
                })
                .await
                .unwrap();
        });
        let admin = Client::new(&Target { server: url.clone(), token: Some(token), authority: None }).unwrap();
        Backend { url, settings, folder, admin, stop: Some(stop), task: Some(task) }
    }

    /// A second node on the same database, for what several nodes promise.
    pub async fn beside(&self) -> Backend {
        Backend::over(self.settings.clone(), TempDir::new().unwrap()).await
    }

    /// Ended, and started again over what it left.
    pub async fn again(mut self) -> Backend {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(task) = self.task.take() {
            task.await.unwrap();
        }
        let folder = std::mem::replace(&mut self.folder, TempDir::new().unwrap());
        Backend::over(self.settings.clone(), folder).await
    }

    /// A client logged in as a user of the sample city.
    pub async fn as_user(&self, login: &str) -> Client {
        let session = self.admin.login(&Login { login: login.into(), password: "demo".into() }).await.unwrap();
        self.admin.with_token(session.token)
    }

    /// A new user with these roles, and a client logged in as them.
    pub async fn with_roles(&self, login: &str, roles: &[&str], unit: Option<&str>) -> Client {
        let user = NewUser {
            login: login.into(),
            name: "示例".into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            unit: unit.map(str::to_owned),
            password: Some("demo".into()),
        };
        self.admin.add_user(&user, &new_key()).await.unwrap();
        self.as_user(login).await
    }
}
