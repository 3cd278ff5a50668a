//! A server that cannot start as things are: it says why in words, ends with a code of its own, and leaves what it found as
//! it was, byte for byte.
use crate::support::postgres;
use crate::support::served::{Launch, serve_city, sqlite};
use ring::digest::{SHA256, digest};
use rusqlite::config::DbConfig;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// The code of a server that cannot start.
const CANNOT_START: i32 = 6;

/// Starts a server that must not stay; its last words.
fn refused(home: &Path, arguments: &[&str]) -> String {
    let mut words = vec!["serve"];
    words.extend(arguments);
    let served = Launch { arguments: &words, ..Launch::default() }.below(home);
    let (code, log) = (served.ended(), served.log());
    let told = log.lines().last().unwrap_or_default().to_owned();
    assert_eq!(code, CANNOT_START, "{log}");
    assert!(told.starts_with("hotline: "), "{log}");
    told
}

/// What the database's files hold; the index of the log (`-shm`) is a cache that any reader makes.
fn held(home: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(home).unwrap().flatten().filter(|entry| entry.file_type().unwrap().is_file());
    let named = files.map(|entry| (entry.file_name().into_string().unwrap(), entry.path()));
    // An empty log is none: any reader makes one.
    let held = |name: &str, path: &Path| name.starts_with("hotline.db") && !name.ends_with("-shm") && !name.ends_with(".lock") && std::fs::metadata(path).unwrap().len() > 0;
    named.filter(|(name, path)| held(name, path)).map(|(name, path)| (name, digest(&SHA256, &std::fs::read(path).unwrap()).as_ref().to_vec())).collect()
}

/// A folder with the database of a server that was killed: its log has not been folded in.
async fn left_behind() -> TempDir {
    let folder = TempDir::new().unwrap();
    let served = serve_city(folder.path(), &sqlite(folder.path()), "127.0.0.1:0", &[]);
    served.url();
    served.kill();
    assert!(held(folder.path()).len() == 2, "a database and its log");
    folder
}

/// Changes the database without folding its log in.
fn changed(home: &Path, sql: &str) {
    let database = rusqlite::Connection::open(home.join("hotline.db")).unwrap();
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    database.execute_batch(sql).unwrap();
}

/// Refused with these words, in both languages, and nothing changed.
fn untouched(home: &Path, database: &str, chinese: &str, english: &str) {
    let before = held(home);
    let told = refused(home, &["--listen", "127.0.0.1:0", "--database", database]);
    assert!(told.contains(chinese) && told.contains(english), "{told}");
    assert!(told.contains("hotline.db"), "which one: {told}");
    assert_eq!(held(home), before, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_in_either_language() {
    let folder = TempDir::new().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (language, wanted) in [("zh-CN", "无法监听"), ("en", "cannot listen on")] {
        let told = refused(folder.path(), &["--listen", &address, "--database", &sqlite(folder.path()), "--lang", language]);
        assert!(told.contains(wanted) && told.contains(&address), "{told}");
        assert!(held(folder.path()).is_empty(), "no database was made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_left_as_it_is() {
    let folder = left_behind().await;
    changed(folder.path(), "PRAGMA user_version = 99");
    untouched(folder.path(), &sqlite(folder.path()), "数据库版本 99 高于", "is at version 99");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_or_another_programs_is_left_as_it_is() {
    let folder = TempDir::new().unwrap();
    let (home, path) = (folder.path(), folder.path().join("hotline.db"));
    std::fs::write(&path, "这不是数据库\n".repeat(500)).unwrap();
    untouched(home, &sqlite(home), "已损坏或不是数据库", "damaged or is none");
    let whole = left_behind().await;
    changed(whole.path(), "PRAGMA wal_checkpoint(TRUNCATE)");
    let bytes = std::fs::read(whole.path().join("hotline.db")).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    untouched(home, &sqlite(home), "已损坏", "damaged");
    std::fs::remove_file(&path).unwrap();
    rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    untouched(home, &sqlite(home), "其他程序的数据库", "another program's database");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    untouched(home, &sqlite(home), "打不开", "cannot be opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_another_program_holds_is_left_as_it_is() {
    // One program keeps the file to itself, another is in the middle of a write.
    let locks = ["PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", "BEGIN IMMEDIATE"];
    let mut tasks = Vec::new();
    for lock in locks {
        let folder = left_behind().await;
        tasks.push(tokio::task::spawn_blocking(move || {
            let home = folder.path();
            let before = held(home);
            // Nobody of this process may open the file while it is locked: closing it would give the lock away.
            let other = rusqlite::Connection::open(home.join("hotline.db")).unwrap();
            other.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
            other.execute_batch(lock).unwrap();
            let told = refused(home, &["--listen", "127.0.0.1:0", "--database", &sqlite(home)]);
            assert!(told.contains("被其他程序占用") && told.contains("held by another program") && told.contains("hotline.db"), "{told}");
            drop(other);
            assert_eq!(held(home), before, "{lock}");
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_promise_to_keep_is_refused() {
    let folder = TempDir::new().unwrap();
    let told = refused(folder.path(), &["--listen", "127.0.0.1:0", "--database", "sqlite::memory:"]);
    assert!(told.contains("拒绝启动") && told.contains("refusing to start"), "{told}");
    // Where nobody answers; the password of the address is nobody's business.
    let told = refused(folder.path(), &["--listen", "127.0.0.1:0", "--database", "postgres://centre:geheim@127.0.0.1:9/hotline", "--key-file", "vault.key"]);
    assert!(told.contains("无法连接") && told.contains("cannot be reached") && !told.contains("geheim"), "{told}");
    let Some(database) = postgres::database().await else { return };
    let served = serve_city(folder.path(), &database, "127.0.0.1:0", &[]);
    served.url();
    served.kill();
    let pool = sqlx::PgPool::connect(&database).await.unwrap();
    sqlx::query("INSERT INTO schema_version (version) VALUES (99)").execute(&pool).await.unwrap();
    let key = folder.path().join("vault.key").display().to_string();
    let told = refused(folder.path(), &["--listen", "127.0.0.1:0", "--database", &database, "--key-file", &key]);
    assert!(told.contains("数据库版本 99 高于") && told.contains("is at version 99"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_its_own_key_is_refused() {
    let folder = left_behind().await;
    let (home, key) = (folder.path(), folder.path().join("vault.key"));
    let own = std::fs::read(&key).unwrap();
    let told = |bytes: Option<&[u8]>| {
        std::fs::remove_file(&key).unwrap();
        if let Some(bytes) = bytes {
            std::fs::write(&key, bytes).unwrap();
        }
        let told = refused(home, &["--listen", "127.0.0.1:0", "--database", &sqlite(home)]);
        assert!(told.contains(key.to_str().unwrap()), "{told}");
        told
    };
    let short = told(Some(&own[..31]));
    assert!(short.contains("32 字节") && short.contains("32 bytes"), "{short}");
    let other = told(Some(&[7; 32]));
    assert!(other.contains("不是这个数据库的") && other.contains("is not this database's"), "{other}");
    let gone = told(None);
    assert!(gone.contains("找不到密钥文件") && gone.contains("restore it from a backup"), "{gone}");
    assert!(!key.exists(), "no other key was made in its place");
    std::fs::write(&key, own).unwrap();
    serve_city(home, &sqlite(home), "127.0.0.1:0", &[]).url();
}
