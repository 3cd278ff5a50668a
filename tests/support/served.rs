//! `hotline serve` as a deployer has it: the real binary as a process of its own, its words and its exit code; it ends with
//! the test, however the test ends. Not here: a backend inside the test's own process (`backend`).
use super::terminal::{PROGRAM, environment, signal};
use hotline::api::session::Login;
use hotline::client::{Client, Target};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// Starts the program in the background, says its process, and in the end its exit code; kills it when this end of the
/// pipe closes.
const KEEPER: &str = r#"exec 3<&0; "$0" "$@" </dev/null 3<&- & child=$!; echo "$child"
(read _ <&3; kill -s KILL "$child" 2>/dev/null) & watch=$!
wait "$child"; code=$?; kill "$watch" 2>/dev/null; echo "ended $code""#;
/// The longest any wait lasts: for broken code, not for slow machines.
const PATIENCE: Duration = Duration::from_secs(60);

/// The process.
pub struct Served {
    /// Its number (that of the first word of its command line).
    pub process: u32,
    keeper: Child,
    said: Receiver<String>,
    log: PathBuf,
    started: Instant,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// How it is started.
#[derive(Default)]
pub struct Launch<'a> {
    /// Words before the program's own: `strace -f …`.
    pub before: &'a [&'a str],
    /// The program's arguments, from the verb on.
    pub arguments: &'a [&'a str],
    /// Set besides the usual environment.
    pub environment: &'a [(&'a str, &'a str)],
}

impl Launch<'_> {
    /// Starts it; everything it keeps stays below `home`, what it says on standard error goes to `home/serve.log`.
    pub fn below(&self, home: &Path) -> Served {
        let log = home.join("serve.log");
        let errors = std::fs::File::options().create(true).append(true).open(&log).unwrap();
        let started = Instant::now();
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER])
            .args(self.before)
            .arg(PROGRAM)
            .args(self.arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(environment(home))
            .envs(self.environment.iter().copied())
            .current_dir(home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(keeper.stdout.take().unwrap()).lines();
        let process = lines.next().unwrap().unwrap().parse().unwrap();
        let (sender, said) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Served { process, keeper, said, log, started }
    }
}

/// A server over the bare sample city, with `more` arguments.
pub fn serve_city(home: &Path, database: &str, listen: &str, more: &[&str]) -> Served {
    let key = home.join("vault.key").display().to_string();
    let mut arguments = vec!["serve", "--listen", listen, "--database", database, "--key-file", &key];
    arguments.extend(["--sample-seed", "1", "--sample-tickets", "0", "--sample-articles", "0"]);
    arguments.extend(more);
    Launch { arguments: &arguments, ..Launch::default() }.below(home)
}

/// The SQLite file of a server below `home`, as `--database` names it.
pub fn sqlite(home: &Path) -> String {
    format!("sqlite:{}", home.join("hotline.db").display())
}

/// An address nobody listens at.
pub fn free_address() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Served {
    /// The next line it says on standard output.
    fn line(&self, patience: Duration) -> String {
        match self.said.recv_timeout(patience) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("it said nothing for {patience:?}\n{}", self.log()),
            Err(RecvTimeoutError::Disconnected) => panic!("it is gone\n{}", self.log()),
        }
    }

    /// Where it listens, as it says once it does.
    pub fn url(&self) -> String {
        let line = self.line(PATIENCE);
        assert!(line.starts_with("http"), "{line}\n{}", self.log());
        line
    }

    /// Waits for its end; gives its exit code (128 and the signal's number where it was killed).
    pub fn ended(&self) -> i32 {
        loop {
            if let Some(code) = self.line(PATIENCE).strip_prefix("ended ") {
                return code.parse().unwrap();
            }
        }
    }

    /// Waits for the first good `/readyz`; gives the time since the start.
    pub async fn ready(&self, address: SocketAddr) -> Duration {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(2)).build().unwrap();
        loop {
            if let Ok(answer) = http.get(format!("http://{address}/readyz")).send().await
                && answer.status().is_success()
            {
                return self.started.elapsed();
            }
            assert!(self.started.elapsed() < PATIENCE, "the server is not ready\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }

    /// Everything it said on standard error.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Sends it a signal, by its name without SIG.
    pub fn signal(&self, name: &str) {
        signal(self.process, name);
    }

    /// `kill -9`.
    pub fn kill(self) {
        self.signal("KILL");
        assert_eq!(self.ended(), 137);
    }
}

/// A token for a user of the sample city.
pub async fn token(url: &str, authority: Option<&[u8]>, login: &str) -> String {
    let client = Client::new(&Target { server: url.into(), token: None, authority: authority.map(<[u8]>::to_vec) }).unwrap();
    client.login(&Login { login: login.into(), password: "demo".into() }).await.unwrap().token
}

/// `hotline` with these arguments, to its end: exit code, standard output, standard error.
pub fn hotline(home: &Path, arguments: &[&str], more: &[(&str, &str)]) -> (i32, String, String) {
    let told = Command::new(PROGRAM)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(environment(home))
        .envs(more.iter().copied())
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (told.status.code().unwrap_or(-1), text(told.stdout), text(told.stderr))
}
