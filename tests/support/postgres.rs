//! An ephemeral PostgreSQL cluster from the installed binaries: one per test run, one database per test. Absent binaries
//! are said aloud, and are an error where HOTLINE_REQUIRE_POSTGRES is set.
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

struct Cluster {
    port: u16,
}

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
static SERVER: Mutex<Option<Child>> = Mutex::new(None);
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A new empty database; `None` where PostgreSQL is not installed.
pub async fn database() -> Option<String> {
    let cluster = CLUSTER.get_or_init(start).as_ref();
    let Some(cluster) = cluster else {
        assert!(std::env::var_os("HOTLINE_REQUIRE_POSTGRES").is_none(), "PostgreSQL is required and initdb was not found");
        println!("SKIPPED: PostgreSQL is not installed (no initdb on PATH or under /usr/lib/postgresql)");
        return None;
    };
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port);
    let pool = sqlx::PgPool::connect(&admin).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&pool).await.unwrap();
    pool.close().await;
    Some(format!("postgres://postgres@127.0.0.1:{}/{name}", cluster.port))
}

fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Commands of PostgreSQL refuse to run as root: then they run as the owner of the data folder.
fn command(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = owner {
        use std::os::unix::process::CommandExt;
        command.uid(user).gid(group);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A cluster of a test's own, with one setting of its own; it ends with this value.
pub struct Own {
    /// Its database `postgres`.
    pub url: String,
    server: Child,
}

impl Drop for Own {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        let _ = self.server.wait();
    }
}

/// Starts a cluster with `setting` (`name=value`); `None` where PostgreSQL is not installed.
pub fn cluster_with(setting: &str) -> Option<Own> {
    let (cluster, server) = start_with(&["-c", setting])?;
    Some(Own { url: format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port), server })
}

fn start() -> Option<Cluster> {
    let (cluster, server) = start_with(&[])?;
    *SERVER.lock().unwrap() = Some(server);
    Some(cluster)
}

fn start_with(settings: &[&str]) -> Option<(Cluster, Child)> {
    let binaries = binaries()?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("hotline-postgres-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let root = std::fs::metadata("/proc/self").map(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0).unwrap_or(false);
    let owner = root.then(nobody).flatten();
    if let Some((user, group)) = owner {
        std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
    }
    let data = folder.join("data");
    let made = command(&binaries.join("initdb"), owner)
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-D"])
        .arg(&data)
        .status()
        .unwrap();
    assert!(made.success(), "initdb failed");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    // A shell between: it holds the other end of a pipe from this process, and stops the server when the pipe closes,
    // however this process ends.
    let server = command(Path::new("/bin/sh"), owner)
        .args(["-c", r#""$0" "$@" & read _; kill -INT $!; wait $!; rm -rf "$HOTLINE_POSTGRES""#])
        .env("HOTLINE_POSTGRES", &folder)
        .arg(binaries.join("postgres"))
        .arg("-D")
        .arg(&data)
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-c", "max_connections=300"])
        .arg("-k")
        .arg(&folder)
        .args(settings)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(30), "PostgreSQL did not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some((Cluster { port }, server))
}

/// The account to run as: postgres where there is one, else nobody.
fn nobody() -> Option<(u32, u32)> {
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        accounts.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            (fields.first() == Some(wanted)).then(|| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))).flatten()
        })
    })
}
