//! The console as people have it: the real binary in a real pseudo-terminal, against a real `hotline serve`.
mod admin;
mod drafts;
pub use drafts::kept_below;
mod flow;
mod gone;
mod hostile;
mod manners;
mod offline;
mod pointer;
mod tour;
mod traced;
mod walks;

use crate::support::backend::Kind;
use crate::support::postgres;
use crate::support::terminal::{PROGRAM, Start, Terminal, environment, signal};
use hotline::api::calls::Ring;
use hotline::api::session::Login;
use hotline::client::{Client, Target};
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Starts the server in the background, says its process, and kills it when this end of the pipe closes: however the test
/// ends, the server does.
const KEEPER: &str = r#""$0" "$@" </dev/null & echo $!; read _; kill -s KILL $! 2>/dev/null; wait"#;

/// A `hotline serve` process over the sample city without a past.
struct Server {
    url: String,
    process: u32,
    folder: TempDir,
    database: String,
    keeper: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

impl Server {
    /// Starts one; `None` where PostgreSQL is asked for and not there (said aloud).
    async fn start(kind: Kind) -> Option<Server> {
        let folder = TempDir::new().unwrap();
        let database = match kind {
            Kind::Sqlite => format!("sqlite:{}", folder.path().join("hotline.db").display()),
            Kind::Postgres => postgres::database().await?,
        };
        Some(Server::over(folder, database, "127.0.0.1:0"))
    }

    fn over(folder: TempDir, database: String, listen: &str) -> Server {
        let (keeper, process, url) = serve(&folder, &database, listen);
        Server { url, process, folder, database, keeper }
    }

    /// Kills it as a power cut would, and waits until nobody listens any more.
    fn kill(&mut self) {
        signal(self.process, "KILL");
        let start = Instant::now();
        while TcpStream::connect(self.address()).is_ok() {
            assert!(start.elapsed() < Duration::from_secs(30), "still there after kill -9");
        }
    }

    /// Starts it again: the same port, the same database.
    fn start_again(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        (self.keeper, self.process, self.url) = serve(&self.folder, &self.database, &self.address());
    }

    fn address(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// A client logged in as a user of the sample city.
    async fn client(&self, login: &str) -> Client {
        let client = Client::new(&Target { server: self.url.clone(), token: None, authority: None }).unwrap();
        let session = client.login(&Login { login: login.into(), password: "demo".into() }).await.unwrap();
        client.with_token(session.token)
    }

    /// A console, logged in through its login screen.
    fn console(&self, login: &str, size: (u16, u16)) -> Terminal {
        let start = Start { size: Some(size), ..Start::default() };
        let mut console = Terminal::open(self.folder.path(), &["--server", &self.url], &start);
        console.wait_for("登录");
        log_in(&mut console, login);
        console
    }

    /// A console that brings its token along: no login screen.
    fn console_with_token(&self, token: &str, start: &Start<'_>) -> Terminal {
        let mut environment = vec![("HOTLINE_TOKEN", token)];
        environment.extend_from_slice(start.environment);
        Terminal::open(self.folder.path(), &["--server", &self.url], &Start { environment: &environment, ..*start })
    }
}

fn serve(folder: &TempDir, database: &str, listen: &str) -> (Child, u32, String) {
    let key = folder.path().join("vault.key");
    let errors = folder.path().join("serve.log");
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, PROGRAM, "serve", "--listen", listen, "--database", database, "--key-file"])
        .arg(&key)
        .args(["--test-clock", "--sample-seed", "1"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(environment(folder.path()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&errors).unwrap())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(keeper.stdout.take().unwrap()).lines();
    let process = said.next().unwrap().unwrap().parse().unwrap();
    let url = said.next().and_then(Result::ok);
    let url = url.unwrap_or_else(|| panic!("the server did not start: {}", std::fs::read_to_string(&errors).unwrap_or_default()));
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    (keeper, process, url)
}

/// Fills the login screen in.
fn log_in(console: &mut Terminal, login: &str) {
    console.type_text(login);
    console.press("enter");
    console.type_text("demo");
    console.press("enter");
    console.wait_for("连接正常");
}

/// A call as the exchange reports it.
fn ring(call: &str) -> Ring {
    Ring {
        exchange: "test".into(),
        exchange_call: call.into(),
        line: Default::default(),
        number: "10000000421".into(),
        name: Some("张示例".into()),
        district: Some("东城区".into()),
    }
}
