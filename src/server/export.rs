//! 链首日报 (daily export of the chain's head): once a city day the head of the audit chain goes into a folder, which ought
//! to be another machine's: whoever owns the database can chain it anew, and only what was kept elsewhere shows that.
//!
//! Not here: the chain (`store::chain`), and holding it against a kept head (`hotline audit verify --head`). Nothing in
//! the folder is ever deleted or written over.
use super::fault::Fault;
use super::node::Node;
use super::store::chain;
use super::store::value::moment;
use crate::api::audit::ChainHead;
use crate::domain::calendar::city_date;
use crate::private::{random, write_private};
use chrono::NaiveDate;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often it looks whether a day has begun, and tries again what failed.
const LOOK: Duration = Duration::from_secs(20);
/// Kept no longer ago than this all is well: a day, and what a start and a try take.
const OLD: Duration = Duration::from_secs(25 * 3600);

/// How the export is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Today's head is kept, or will be in a moment.
    Good,
    /// The last try failed.
    Failed,
    /// None was kept for more than a day.
    Old,
}

impl State {
    /// Its word in `/healthz`.
    pub const fn code(self) -> &'static str {
        match self {
            State::Good => "ok",
            State::Failed => "failed",
            State::Old => "old",
        }
    }
}

/// The export of one node.
pub struct Export {
    folder: PathBuf,
    told: Mutex<Told>,
}

struct Told {
    /// The day that was kept last.
    day: Option<NaiveDate>,
    /// When a day's head was last seen to be there; at first when this node began.
    at: Instant,
    /// Why the last try failed.
    fault: Option<String>,
}

impl Export {
    /// Into this folder; nothing is written yet.
    pub fn into(folder: PathBuf) -> Export {
        Export { folder, told: Mutex::new(Told { day: None, at: Instant::now(), fault: None }) }
    }

    /// How it is doing, and how long ago it last did well.
    pub fn state(&self) -> (State, Duration) {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let age = told.at.elapsed();
        let state = if told.fault.is_some() { State::Failed } else if age > OLD { State::Old } else { State::Good };
        (state, age)
    }

    /// The file of a day.
    fn file(&self, day: NaiveDate) -> PathBuf {
        self.folder.join(format!("head-{day}.json"))
    }
}

/// Keeps today's head where none is kept yet, and tries again what failed, until the node stops.
pub async fn run(node: Arc<Node>) {
    loop {
        once(&node).await;
        tokio::time::sleep(LOOK).await;
    }
}

/// One look.
pub async fn once(node: &Arc<Node>) {
    let Some(export) = &node.export else { return };
    let day = city_date(node.clock.now());
    if export.told.lock().unwrap_or_else(PoisonError::into_inner).day == Some(day) {
        // Kept today already; that the day goes on makes it no older.
        export.told.lock().unwrap_or_else(PoisonError::into_inner).at = Instant::now();
        return;
    }
    let kept = keep(node, export, day).await;
    let mut told = export.told.lock().unwrap_or_else(PoisonError::into_inner);
    match kept {
        Ok(position) => {
            tracing::info!(%day, ?position, "the head of the audit chain is kept");
            *told = Told { day: Some(day), at: Instant::now(), fault: None };
        }
        Err(why) => {
            // Said once, and again where it changes: the same fault every twenty seconds would drown the log.
            if told.fault.as_ref() != Some(&why) {
                tracing::error!(%day, folder = %export.folder.display(), why, "the head of the audit chain could not be kept; it is tried again");
            }
            told.fault = Some(why);
        }
    }
}

/// Writes a day's head; none where another node, or an earlier start, has kept it already.
async fn keep(node: &Arc<Node>, export: &Export, day: NaiveDate) -> Result<Option<i64>, String> {
    let file = export.file(day);
    let folder = export.folder.clone();
    let there = {
        let file = file.clone();
        tokio::task::spawn_blocking(move || is_kept(&folder, &file)).await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?
    };
    if there {
        return Ok(None);
    }
    let head = head(node).await.map_err(|fault| format!("{fault:?}"))?;
    let json = serde_json::to_string(&head).map_err(|error| error.to_string())?;
    tokio::task::spawn_blocking(move || write_once(&file, json.as_bytes())).await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(Some(head.position))
}

async fn head(node: &Arc<Node>) -> Result<ChainHead, Fault> {
    let reading = chain::head(&mut node.store.reader().await?.tx(), node.centre).await?;
    let hash = reading.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(ChainHead { position: reading.position, recorded_at: moment(reading.recorded_at), hash })
}

/// Is the day's file there and whole? One that is not what it should be is a fault somebody has to look at, not one to
/// write over. A folder that is not there is not made: an unmounted share must not be written beside.
fn is_kept(folder: &Path, file: &Path) -> io::Result<bool> {
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("{} is no folder", folder.display())));
    }
    match std::fs::read(file) {
        Ok(bytes) => match serde_json::from_slice::<ChainHead>(&bytes) {
            Ok(_) => Ok(true),
            Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", file.display()))),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts the whole file there at once, for its owner alone. Where another was first, theirs stays.
fn write_once(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let tail: String = random::<8>().iter().map(|byte| format!("{byte:02x}")).collect();
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = file.with_file_name(format!(".{name}.{tail}"));
    let put = write_private(&beside, bytes).and_then(|()| match std::fs::hard_link(&beside, file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // A share that knows no links: the name is changed instead, which is whole or not at all as well.
        Err(_) if !file.exists() => std::fs::rename(&beside, file),
        other => other,
    });
    let _ = std::fs::remove_file(&beside);
    put?;
    // That the name is there must outlive a power cut too; a share that cannot say so is not asked again.
    if let Some(folder) = file.parent().and_then(|folder| std::fs::File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_that_write_the_same_day_the_first_stays_and_nothing_is_left_beside() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("head-2026-11-22.json");
        write_once(&file, b"one").unwrap();
        write_once(&file, b"two").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"one");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(is_kept(folder.path(), &file).is_err(), "what is not a head is not taken for one");
        assert!(is_kept(&folder.path().join("gone"), &folder.path().join("gone/x")).is_err(), "a folder that is not there is not made");
    }
}
