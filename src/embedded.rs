//! 内置后端 (the embedded backend): the same binary as its own process, started when the first client comes, found by a
//! file (0600: port and tokens) beside the database, ending when the last client has left. The console that started
//! it may quit or die: nobody else is cut off.
use crate::client::{Client, Target};
use crate::private::{checksum, move_aside, write_private};
use crate::sample;
use crate::server::{Database, Running, Sample, ServeError, Settings};
use crate::telephony::simulator;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// How long a new server may take before the console gives up; filling a large sample city takes a while.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the server stays when nobody is attached.
const LINGER: Duration = Duration::from_secs(5);

/// What the embedded server is asked to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Where its data lives.
    pub data_dir: PathBuf,
    /// A sample city for an empty store.
    pub sample: Option<Sample>,
    /// How fast its clock and its traffic run.
    pub speed: f64,
    /// Whether the sample city's calls come in.
    pub traffic: bool,
    /// Whether its clock may be advanced.
    pub test_clock: bool,
}

impl Wanted {
    /// A real centre's, as the console opens it.
    pub fn plain(data_dir: &Path) -> Wanted {
        Wanted { data_dir: data_dir.to_owned(), sample: None, speed: 1.0, traffic: false, test_clock: false }
    }
}

/// What attaching came to.
pub struct Attached {
    /// The server.
    pub target: Target,
    /// Damaged lock files, where they were moved to.
    pub aside: Vec<PathBuf>,
}

/// 锁文件 (lock file): where the running server is, and tokens for whoever may read it.
#[derive(Debug, Serialize, Deserialize)]
struct Lock {
    server: String,
    token: String,
    /// Tokens by role, in a sample city.
    roles: BTreeMap<String, String>,
    /// Of all the rest.
    sum: String,
}

impl Lock {
    fn new(server: String, token: String, roles: BTreeMap<String, String>) -> Lock {
        let mut lock = Lock { server, token, roles, sum: String::new() };
        lock.sum = checksum(lock.rest().as_bytes());
        lock
    }

    /// Reads a file's bytes; none where they are damaged.
    fn read(bytes: &[u8]) -> Option<Lock> {
        let lock: Lock = serde_json::from_slice(bytes).ok()?;
        // Written again it is the same file: nothing stands twice in it.
        let same = serde_json::to_vec(&lock).is_ok_and(|again| again == bytes);
        (same && lock.sum == checksum(lock.rest().as_bytes())).then_some(lock)
    }

    fn rest(&self) -> String {
        serde_json::json!([self.server, self.token, self.roles]).to_string()
    }
}

fn lock_path(data_dir: &Path) -> PathBuf {
    data_dir.join("server.json")
}

/// The running server of a data folder, started if there is none; as the administrator, or in a sample city as the first
/// user of `role`.
///
/// # Errors
/// In words, with the place of the server's own log.
pub async fn attach(wanted: &Wanted, role: Option<&str>) -> anyhow::Result<Attached> {
    std::fs::create_dir_all(&wanted.data_dir).with_context(|| wanted.data_dir.display().to_string())?;
    let mut started: Option<(Instant, std::process::Child)> = None;
    let start = Instant::now();
    let mut aside = Vec::new();
    loop {
        if let Some(lock) = running(&wanted.data_dir, &mut aside).await? {
            let token = match role {
                None => lock.token,
                Some(role) => lock.roles.get(role).cloned().with_context(|| unknown_role(role, &lock.roles))?,
            };
            return Ok(Attached { target: Target { server: lock.server, token: Some(token), authority: None }, aside });
        }
        match &mut started {
            None => started = Some((Instant::now(), spawn(wanted)?)),
            Some((at, child)) => {
                if let Some(status) = child.try_wait()? {
                    if !status.success() {
                        bail!("{}", last_words(&wanted.data_dir));
                    }
                    // Another served this folder; should that one just be ending, this console still wants its own.
                    if at.elapsed() > LOOK {
                        started = None;
                    }
                }
            }
        }
        if start.elapsed() > PATIENCE {
            bail!("{}", last_words(&wanted.data_dir));
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

fn unknown_role(role: &str, roles: &BTreeMap<String, String>) -> String {
    let known: Vec<&str> = roles.keys().map(String::as_str).collect();
    format!("没有角色 {role}；可用：{0}。 There is no role {role}; there are: {0}.", known.join(", "))
}

/// The server that the lock file names, if it answers. A damaged file is moved aside: a server that runs writes another.
async fn running(data_dir: &Path, aside: &mut Vec<PathBuf>) -> anyhow::Result<Option<Lock>> {
    let path = lock_path(data_dir);
    let read = std::fs::read(&path);
    if read.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Ok(None);
    }
    let Some(lock) = read.ok().and_then(|bytes| Lock::read(&bytes)) else {
        aside.extend(move_aside(data_dir, &path).with_context(|| path.display().to_string())?);
        return Ok(None);
    };
    let client = Client::new(&Target { server: lock.server.clone(), token: Some(lock.token.clone()), authority: None })?;
    Ok(match client.me().await {
        Ok(_) => Some(lock),
        Err(error) => {
            if error.is_unauthorized() {
                // Its tokens have ended: a lock file that is gone asks the server for another.
                let _ = std::fs::remove_file(path);
            }
            None
        }
    })
}

fn spawn(wanted: &Wanted) -> anyhow::Result<std::process::Child> {
    let log = File::create(wanted.data_dir.join("server.log"))?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("serve").arg("--embedded").arg("--data-dir").arg(&wanted.data_dir);
    if let Some(sample) = &wanted.sample {
        command.args(["--sample-seed", &sample.seed.to_string()]);
        command.args(["--sample-tickets", &sample.size.tickets.to_string(), "--sample-articles", &sample.size.articles.to_string()]);
    }
    command.args(["--speed", &wanted.speed.to_string()]);
    if wanted.traffic {
        command.arg("--traffic");
    }
    if wanted.test_clock {
        command.arg("--test-clock");
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    // A group of its own: closing the terminal or Ctrl-C in the console does not reach it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn().context("server")
}

fn last_words(data_dir: &Path) -> String {
    let path = data_dir.join("server.log");
    let log = std::fs::read_to_string(&path).unwrap_or_default();
    let last = log.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    format!("内置后端未能启动：{last}（详见 {0}） The embedded backend did not start: {last} (see {0})", path.display())
}

/// The database of a data folder.
pub fn database(data_dir: &Path) -> PathBuf {
    data_dir.join("hotline.db")
}

/// The settings the embedded server of a data folder runs with.
pub fn settings(wanted: &Wanted) -> Settings {
    Settings {
        database: Database::Sqlite(database(&wanted.data_dir)),
        key_file: wanted.data_dir.join("vault.key"),
        centre_name: if wanted.sample.is_some() { "示例市 12345".into() } else { "12345".into() },
        tls: None,
        test_clock: wanted.test_clock,
        rate: wanted.speed,
        sample: wanted.sample,
        admin_password: None,
        audit_export: None,
        idle_exit: Some(LINGER),
    }
}

/// The server process itself: `hotline serve --embedded`. Returns at once where another serves this folder already.
///
/// # Errors
/// In words.
pub async fn serve(wanted: &Wanted) -> anyhow::Result<()> {
    std::fs::create_dir_all(&wanted.data_dir)?;
    let running = match Running::open(&settings(wanted)).await {
        // Two consoles that were opened together: the other one's server is this one's too.
        Err(ServeError::Held { embedded: true, .. }) => return Ok(()),
        other => other?,
    };
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let server = format!("http://{}", listener.local_addr()?);
    let door = Door { running: running.clone(), server, wanted: wanted.clone() };
    let playing = door.open().await?;
    let keeping = tokio::spawn(door.keep(playing));
    let served = running.serve(listener, asked_to_stop()).await;
    keeping.abort();
    let _ = keeping.await;
    let _ = std::fs::remove_file(lock_path(&wanted.data_dir));
    Ok(served?)
}

/// How often the server looks whether somebody asks for another lock file.
const LOOK: Duration = Duration::from_millis(500);

/// What keeps the embedded server open to whoever may read its lock file.
struct Door {
    running: Running,
    server: String,
    wanted: Wanted,
}

impl Door {
    /// Writes a lock file with new tokens, and lets the sample city's calls come in under one of them.
    async fn open(&self) -> anyhow::Result<Option<JoinHandle<()>>> {
        let token = self.running.session_for("admin").await?;
        let mut roles = BTreeMap::new();
        for (role, login) in sample::SEATS {
            // Only a sample city has these people.
            let Ok(token) = self.running.session_for(login).await else { break };
            roles.insert((*role).to_owned(), token);
        }
        let path = lock_path(&self.wanted.data_dir);
        let lock = Lock::new(self.server.clone(), token.clone(), roles);
        let whole = path.with_extension("new");
        write_private(&whole, &serde_json::to_vec(&lock)?)?;
        std::fs::rename(&whole, &path)?;
        if !self.wanted.traffic {
            return Ok(None);
        }
        let exchange = Client::new(&Target { server: self.server.clone(), token: Some(token), authority: None })?.in_background();
        let seed = self.wanted.sample.map_or(1, |sample| sample.seed);
        Ok(Some(tokio::spawn(simulator::play(exchange, seed, self.wanted.speed, uuid::Uuid::now_v7().simple().to_string()))))
    }

    /// Tokens end. Whoever finds those of the lock file ended takes the file away, and this writes another.
    async fn keep(self, mut playing: Option<JoinHandle<()>>) {
        loop {
            tokio::time::sleep(LOOK).await;
            if lock_path(&self.wanted.data_dir).exists() {
                continue;
            }
            if let Ok(again) = self.open().await
                && let Some(old) = std::mem::replace(&mut playing, again)
            {
                old.abort();
            }
        }
    }
}

/// What a process ends with that was told to stop a second time.
const INTERRUPTED: i32 = 130;

/// SIGTERM or SIGINT, listened for from this call on; after the first, a second one ends the process at once: nothing
/// acknowledged is lost by it.
pub fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = signals else { return std::future::pending().await };
        let mut asked = async move || {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        asked().await;
        tokio::spawn(async move {
            asked().await;
            std::process::exit(INTERRUPTED);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_thousand_damaged_lock_files_are_told_from_whole_ones() {
        let roles = [("operator", "b3Bx"), ("supervisor", "c3Vw")].map(|(role, token)| (role.to_owned(), token.to_owned())).into();
        let bytes = serde_json::to_vec(&Lock::new("http://127.0.0.1:4321".into(), "YWRtaW4".into(), roles)).unwrap();
        assert_eq!(Lock::read(&bytes).unwrap().server, "http://127.0.0.1:4321");
        for wrong in crate::private::damage::of(&bytes, 20_000, 6) {
            assert!(Lock::read(&wrong).is_none(), "{}", String::from_utf8_lossy(&wrong));
        }
    }
}
