//! 独占 (hold): one SQLite file, one server. The operating system keeps the lock and gives it back however its holder ends,
//! `kill -9` included. Not here: the file itself (`sqlite`), several nodes (`postgres`).
use super::StoreError;
use std::fs::{File, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a server that is just ending is waited for, and how long each time.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);
/// What an embedded server's lock file says behind its process.
const EMBEDDED: &str = "embedded";

/// The lock file of a database: beside it, with its whole name.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    database.with_file_name(name)
}

/// Takes the database for this process; it is held for as long as the file lives that is given back.
///
/// # Errors
/// In words when another holds it, or there is no place for the lock.
pub(super) async fn take(database: &Path, embedded: bool) -> Result<Option<File>, StoreError> {
    // One in memory is nobody else's; `sqlite` refuses it for another reason.
    if database.as_os_str() == ":memory:" {
        return Ok(None);
    }
    let path = beside(database);
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
    }
    let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path).map_err(|error| unusable(&path, &error))?;
    let mut tries = 0;
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if tries < TRIES => tries += 1,
            Err(TryLockError::WouldBlock) => return Err(held(&mut file)),
            Err(TryLockError::Error(error)) => return Err(unusable(&path, &error)),
        }
        tokio::time::sleep(PAUSE).await;
    }
    let who = format!("{} {}\n", std::process::id(), if embedded { EMBEDDED } else { "serve" });
    file.set_len(0).and_then(|()| file.write_all(who.as_bytes())).map_err(|error| unusable(&path, &error))?;
    Ok(Some(file))
}

fn held(file: &mut File) -> StoreError {
    let mut who = String::new();
    // Whoever took it this moment may not have written its name yet.
    let _ = file.read_to_string(&mut who);
    let (process, what) = who.trim().split_once(' ').unwrap_or(("?", ""));
    StoreError::Held { process: process.to_owned(), embedded: what == EMBEDDED }
}

fn unusable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unusable(format!(
        "{0} 建不了或写不了，请检查路径和权限。 {0} cannot be made or written; please check the path and its permissions. ({error})",
        path.display()
    ))
}
