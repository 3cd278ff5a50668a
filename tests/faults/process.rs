//! A server as a process of its own, so that it can be killed: this test binary run again, with one test that serves.
//! It ends when its input closes, so it never outlives the test.
use super::node::http;
use crate::support::backend::bare_city;
use hotline::server::{Database, Running, Settings};
use std::collections::HashMap;
use std::io::Read;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const FOLDER: &str = "HOTLINE_FAULTS_FOLDER";
const ADDRESS: &str = "HOTLINE_FAULTS_ADDRESS";
/// Who is logged in.
pub const LOGINS: [&str; 2] = ["op01", "sup01"];

/// Does nothing in a run of the tests; serves where it was started by [`Server::start`].
#[test]
fn a_process_that_serves() {
    let (Some(folder), Ok(address)) = (std::env::var_os(FOLDER), std::env::var(ADDRESS)) else { return };
    let folder = std::path::PathBuf::from(folder);
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let settings = Settings {
        database: Database::Sqlite(folder.join("hotline.db")),
        key_file: folder.join("vault.key"),
        centre_name: "示例市 12345".into(),
        tls: None,
        test_clock: false,
        rate: 1.0,
        sample: bare_city(),
        admin_password: None,
        idle_exit: None,
    };
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        let running = Running::open(&settings).await.unwrap();
        let path = folder.join("tokens.json");
        if !path.exists() {
            let mut tokens = HashMap::new();
            for login in LOGINS {
                tokens.insert(login, running.session_for(login).await.unwrap());
            }
            std::fs::write(folder.join("tokens.new"), serde_json::to_vec(&tokens).unwrap()).unwrap();
            std::fs::rename(folder.join("tokens.new"), path).unwrap();
        }
        running.serve(TcpListener::bind(&address).unwrap(), std::future::pending()).await.unwrap();
    });
}

/// The process.
pub struct Server {
    child: Child,
    /// From the start to the first good `/readyz`.
    pub ready_after: Duration,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address nobody listens at.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Server {
    /// Starts one over the database in `folder`, with `before` as the first words of its command line, and waits until it
    /// is ready.
    pub async fn start(folder: &Path, address: SocketAddr, before: &[&str]) -> Server {
        let own = std::env::current_exe().unwrap();
        let mut words: Vec<std::ffi::OsString> = before.iter().map(Into::into).collect();
        words.push(own.into());
        words.extend(["--exact", "faults::process::a_process_that_serves", "--nocapture", "--test-threads=1"].map(Into::into));
        let log = std::fs::File::options().create(true).append(true).open(folder.join("server.log")).unwrap();
        let start = Instant::now();
        let child = Command::new(&words[0])
            .args(&words[1..])
            .env(FOLDER, folder)
            .env(ADDRESS, address.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut server = Server { child, ready_after: Duration::ZERO };
        let http = http(2);
        loop {
            if let Ok(answer) = http.get(format!("http://{address}/readyz")).send().await
                && answer.status().is_success()
            {
                server.ready_after = start.elapsed();
                return server;
            }
            let over = server.child.try_wait().unwrap();
            let log = || std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            assert!(over.is_none(), "the server ended: {over:?}\n{}", log());
            assert!(start.elapsed() < Duration::from_secs(60), "the server is not ready\n{}", log());
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Closes its input and waits for its end.
    pub fn end(mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

/// The token of a login.
pub fn token(folder: &Path, login: &str) -> String {
    let tokens: HashMap<String, String> = serde_json::from_slice(&std::fs::read(folder.join("tokens.json")).unwrap()).unwrap();
    tokens[login].clone()
}
