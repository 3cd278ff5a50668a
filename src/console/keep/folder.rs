//! The folder drafts are kept in. Each console has a folder of its own below it and holds that one's lock while it lives;
//! what lies in a folder nobody holds was left by a console that died, and the next one takes it over. Each draft is a
//! file: damage to one touches no other; the key they are all sealed with lies there twice. Not here: threads, and when
//! something is kept.
use crate::console::model::draft::KeptDraft;
use crate::domain::Timestamp;
use crate::private::{Seal, checksum, make_private_folder, move_aside, random, write_private};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const LOCK: &str = "lock";
const ENDING: &str = "draft";

/// The key, and the key once more: damage to one file loses no draft.
const KEYS: [&str; 2] = ["key", "key-again"];
/// How long the key is; its checksum follows it.
const KEY: usize = 32;

/// One file: whose and when in clear, the rest sealed and bound to the owner, the moment and the draft. The seal is the
/// checksum: none that is damaged anywhere opens.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    owner: String,
    /// Microseconds since 1970.
    at: i64,
    sealed: String,
}

/// The drafts a console has found again.
#[derive(Debug, Default)]
pub struct Found {
    /// Oldest first.
    pub drafts: Vec<KeptDraft>,
    /// Files that could not be read, where they were moved to.
    pub aside: Vec<PathBuf>,
}

/// This console's part of the folder.
pub struct Folder {
    root: PathBuf,
    own: PathBuf,
    seal: Seal,
    aside: Vec<PathBuf>,
    _lock: File,
}

fn bound_to(owner: &str, at: i64, id: Uuid) -> Vec<u8> {
    [id.as_bytes().as_slice(), &at.to_be_bytes(), owner.as_bytes()].concat()
}

impl Record {
    fn new(owner: &str, at: Timestamp, draft: &KeptDraft, seal: &Seal) -> io::Result<Record> {
        let at = at.timestamp_micros();
        let sealed = seal.seal(&serde_json::to_string(draft)?, &bound_to(owner, at, draft.id));
        Ok(Record { owner: owner.to_owned(), at, sealed: STANDARD.encode(sealed) })
    }

    /// Reads a file's bytes, whoever's it is: damage in the owner's name must not make it somebody else's.
    fn read(bytes: &[u8], id: Uuid, seal: &Seal) -> Result<(Record, KeptDraft), Damaged> {
        let record: Record = serde_json::from_slice(bytes).map_err(|_| Damaged)?;
        let sealed = STANDARD.decode(&record.sealed).map_err(|_| Damaged)?;
        let text = seal.open(&sealed, &bound_to(&record.owner, record.at, id)).ok_or(Damaged)?;
        let draft: KeptDraft = serde_json::from_str(&text).map_err(|_| Damaged)?;
        if draft.id == id { Ok((record, draft)) } else { Err(Damaged) }
    }
}

impl Folder {
    /// Opens the folder, with its key made where there is none; a damaged key file is moved aside and made whole from the
    /// other.
    ///
    /// # Errors
    /// The file system's.
    pub fn open(root: &Path) -> io::Result<Folder> {
        make_private_folder(root)?;
        let mut aside = Vec::new();
        let seal = Seal::new(&key(root, &mut aside)?).ok_or_else(|| io::Error::other("the drafts' key"))?;
        // Under another name until it is locked: a folder without its lock held is anybody's.
        let name = Uuid::now_v7().to_string();
        let (new, own) = (root.join(format!("new-{name}")), root.join(&name));
        make_private_folder(&new)?;
        let lock = File::create(new.join(LOCK))?;
        lock.try_lock()?;
        fs::rename(&new, &own)?;
        Ok(Folder { root: root.to_owned(), own, seal, aside, _lock: lock })
    }

    /// Keeps a draft in place of its older self, whole or not at all.
    ///
    /// # Errors
    /// The file system's.
    pub fn keep(&self, owner: &str, draft: &KeptDraft, at: Timestamp) -> io::Result<()> {
        let record = Record::new(owner, at, draft, &self.seal)?;
        let new = self.own.join(format!("{}.new", draft.id));
        write_private(&new, &serde_json::to_vec(&record)?)?;
        fs::rename(&new, self.file(draft.id))
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// The file system's.
    pub fn forget(&self, id: Uuid) -> io::Result<()> {
        match fs::remove_file(self.file(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn file(&self, id: Uuid) -> PathBuf {
        self.own.join(format!("{id}.{ENDING}"))
    }

    /// Takes over what this owner's earlier consoles left behind. Another owner's drafts stay where they are.
    ///
    /// # Errors
    /// The file system's; what is merely damaged is told in [`Found::aside`].
    pub fn found(&mut self, owner: &str) -> io::Result<Found> {
        let mut drafts = Vec::new();
        let mut aside = std::mem::take(&mut self.aside);
        // Its own first: what is taken over moves there.
        let others = fs::read_dir(&self.root)?.flatten().map(|entry| entry.path()).filter(|folder| *folder != self.own);
        for folder in std::iter::once(self.own.clone()).chain(others.collect::<Vec<_>>()) {
            let named = folder.file_name().and_then(|name| name.to_str()).is_some_and(|name| Uuid::try_parse(name).is_ok());
            if !named || !folder.is_dir() {
                continue;
            }
            let lock = File::options().write(true).open(folder.join(LOCK));
            let dead = match &lock {
                _ if folder == self.own => false,
                Ok(lock) if lock.try_lock().is_err() => continue,
                _ => true,
            };
            let mut left = 0;
            for path in fs::read_dir(&folder)?.flatten().map(|entry| entry.path()) {
                if path.extension().is_none_or(|ending| ending != ENDING) {
                    continue;
                }
                match self.read(&path, owner) {
                    Ok(Some((at, draft))) => {
                        fs::rename(&path, self.file(draft.id))?;
                        drafts.push((at, draft));
                    }
                    Ok(None) => left += 1,
                    Err(Damaged) => aside.extend(move_aside(&self.root, &path)?),
                }
            }
            if dead && left == 0 {
                // Only what was half written, and the lock.
                fs::remove_dir_all(&folder)?;
            }
        }
        drafts.sort_by_key(|(at, draft)| (*at, draft.id));
        Ok(Found { drafts: drafts.into_iter().map(|(_, draft)| draft).collect(), aside })
    }

    /// A file's draft; none where it is another owner's.
    fn read(&self, path: &Path, owner: &str) -> Result<Option<(i64, KeptDraft)>, Damaged> {
        let id = path.file_stem().and_then(|name| Uuid::try_parse(name.to_str()?).ok()).ok_or(Damaged)?;
        let bytes = fs::read(path).map_err(|_| Damaged)?;
        let (record, draft) = Record::read(&bytes, id, &self.seal)?;
        Ok((record.owner == owner).then_some((record.at, draft)))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing is left in it: then the folder goes as well.
        let empty = fs::read_dir(&self.own).is_ok_and(|entries| entries.flatten().all(|entry| entry.file_name() == LOCK));
        if empty {
            let _ = fs::remove_dir_all(&self.own);
        }
    }
}

struct Damaged;

/// The key of this folder, from whichever of its files is whole; both lie there afterwards.
fn key(root: &Path, aside: &mut Vec<PathBuf>) -> io::Result<[u8; KEY]> {
    let mut whole = None;
    for path in KEYS.map(|name| root.join(name)) {
        match fs::read(&path) {
            Ok(bytes) => match key_of(&bytes) {
                Some(key) => whole = whole.or(Some(key)),
                None => aside.extend(move_aside(root, &path)?),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let [first, again] = KEYS.map(|name| root.join(name));
    let key = whole.unwrap_or_else(random);
    put_key(root, &first, &key)?;
    // Should two begin at once, the one whose key was there first has won.
    let key = key_of(&fs::read(&first)?).unwrap_or(key);
    put_key(root, &again, &key)?;
    Ok(key)
}

/// Puts a key there, where none lies yet.
fn put_key(root: &Path, path: &Path, key: &[u8; KEY]) -> io::Result<()> {
    if path.exists() {
        return Ok(());
    }
    let new = root.join(format!("key-{}", Uuid::now_v7()));
    write_private(&new, &[key.as_slice(), checksum(key).as_bytes()].concat())?;
    let linked = fs::hard_link(&new, path);
    fs::remove_file(&new)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The key in a file's bytes; none where they are damaged.
fn key_of(bytes: &[u8]) -> Option<[u8; KEY]> {
    let (key, sum) = bytes.split_at_checked(KEY)?;
    (checksum(key).as_bytes() == sum).then(|| key.try_into().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private::damage;

    fn draft(body: &str) -> KeptDraft {
        KeptDraft { id: Uuid::now_v7(), body: body.into(), ..KeptDraft::default() }
    }
    fn now() -> Timestamp {
        "2026-11-22T06:05:31Z".parse().unwrap()
    }
    fn bodies(found: &Found) -> Vec<&str> {
        found.drafts.iter().map(|draft| draft.body.as_str()).collect()
    }
    fn files(root: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(root).unwrap().flatten() {
            if entry.path().is_dir() { found.extend(files(&entry.path())) } else { found.push(entry.path()) }
        }
        found
    }

    #[test]
    fn what_a_dead_console_left_is_found_by_its_owner_alone_and_once() {
        let root = tempfile::tempdir().unwrap();
        let died = Folder::open(root.path()).unwrap();
        let (one, two) = (draft("示例路积水"), draft("示例小区停电"));
        died.keep("op01", &one, now()).unwrap();
        died.keep("op02", &two, now()).unwrap();
        died.keep("op01", &KeptDraft { body: "示例路积水，已两天".into(), ..one }, now()).unwrap();
        // It lives: nobody takes anything from it.
        let mut next = Folder::open(root.path()).unwrap();
        assert!(next.found("op01").unwrap().drafts.is_empty());
        drop(died);
        assert_eq!(bodies(&next.found("op03").unwrap()), Vec::<&str>::new());
        assert_eq!(bodies(&next.found("op01").unwrap()), ["示例路积水，已两天"]);
        let mut third = Folder::open(root.path()).unwrap();
        assert!(third.found("op01").unwrap().drafts.is_empty(), "the second one lives and has it");
        assert_eq!(bodies(&third.found("op02").unwrap()), ["示例小区停电"]);
        third.forget(two.id).unwrap();
        third.forget(two.id).unwrap();
        drop((next, third));
        let mut last = Folder::open(root.path()).unwrap();
        assert_eq!(bodies(&last.found("op01").unwrap()), ["示例路积水，已两天"]);
        assert!(last.found("op02").unwrap().drafts.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them_and_nothing_stands_in_clear() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let root = root.path().join("drafts");
        let folder = Folder::open(&root).unwrap();
        folder.keep("op01", &draft("示例居民张某"), now()).unwrap();
        for file in files(&root) {
            let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
            assert!(file.ends_with(LOCK) || mode == 0o600, "{} {mode:o}", file.display());
            assert!(!String::from_utf8_lossy(&fs::read(&file).unwrap()).contains("张某"));
        }
        assert_eq!(fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_damaged_file_is_moved_aside_and_no_other_is_touched() {
        let root = tempfile::tempdir().unwrap();
        let (whole, spoilt) = (draft("完好的一份"), draft("损坏的一份"));
        let dead = Folder::open(root.path()).unwrap();
        dead.keep("op01", &spoilt, now()).unwrap();
        let (name, bytes) = (dead.file(spoilt.id), fs::read(dead.file(spoilt.id)).unwrap());
        dead.forget(spoilt.id).unwrap();
        let own = dead.own.clone();
        drop(dead);
        // Every byte once more, so that the owner's name and the moment are among them.
        let flipped = (0..bytes.len()).map(|at| {
            let mut other = bytes.clone();
            other[at] ^= 1;
            other
        });
        for wrong in damage::of(&bytes, bytes.len(), 1).chain(flipped) {
            fs::create_dir_all(&own).unwrap();
            fs::write(&name, &wrong).unwrap();
            let mut next = Folder::open(root.path()).unwrap();
            next.keep("op01", &whole, now()).unwrap();
            let found = next.found("op01").unwrap();
            assert_eq!(bodies(&found), ["完好的一份"]);
            // Its bytes are what they were: somebody may still make something of them.
            let [aside] = found.aside.try_into().unwrap();
            assert_eq!(fs::read(&aside).unwrap(), wrong);
            assert!(aside.display().to_string().contains(&spoilt.id.to_string()));
            fs::remove_file(aside).unwrap();
            next.forget(whole.id).unwrap();
        }
    }

    /// P20: wherever a record is cut or changed, it is told from a whole one, and nothing panics.
    #[test]
    fn fifty_thousand_damaged_records_are_told_from_whole_ones() {
        let seal = Seal::new(&[7; KEY]).unwrap();
        let one = KeptDraft { title: "示例路积水".into(), number: Some("20261122-0001".into()), ..draft("已两天，水深及膝") };
        let bytes = serde_json::to_vec(&Record::new("op01", now(), &one, &seal).unwrap()).unwrap();
        assert!(Record::read(&bytes, one.id, &seal).is_ok_and(|(record, draft)| record.owner == "op01" && draft == one));
        for wrong in damage::of(&bytes, 50_000, 2) {
            assert!(Record::read(&wrong, one.id, &seal).is_err(), "{}", String::from_utf8_lossy(&wrong));
        }
    }

    #[test]
    fn ten_thousand_damaged_keys_are_told_from_whole_ones() {
        let key: [u8; KEY] = random();
        let bytes = [key.as_slice(), checksum(&key).as_bytes()].concat();
        assert_eq!(key_of(&bytes), Some(key));
        for wrong in damage::of(&bytes, 10_000, 3) {
            assert_eq!(key_of(&wrong), None);
        }
    }

    #[test]
    fn a_damaged_key_is_made_whole_from_the_other_and_no_draft_is_lost() {
        let root = tempfile::tempdir().unwrap();
        let kept = draft("旧密钥封存的");
        Folder::open(root.path()).unwrap().keep("op01", &kept, now()).unwrap();
        for name in KEYS {
            let whole = fs::read(root.path().join(name)).unwrap();
            for wrong in [b"short".to_vec(), Vec::new(), damage::of(&whole, 60, 4).last().unwrap()] {
                fs::write(root.path().join(name), wrong).unwrap();
                let mut next = Folder::open(root.path()).unwrap();
                let found = next.found("op01").unwrap();
                assert_eq!((bodies(&found), found.aside.len()), (vec!["旧密钥封存的"], 1), "{name}");
                assert_eq!(fs::read(root.path().join(name)).unwrap(), whole);
            }
        }
    }

    #[test]
    fn where_both_keys_are_damaged_work_goes_on_with_another() {
        let root = tempfile::tempdir().unwrap();
        Folder::open(root.path()).unwrap().keep("op01", &draft("旧密钥封存的"), now()).unwrap();
        for name in KEYS {
            fs::write(root.path().join(name), b"short").unwrap();
        }
        let mut next = Folder::open(root.path()).unwrap();
        let found = next.found("op01").unwrap();
        assert_eq!((found.drafts.len(), found.aside.len()), (0, 3), "{found:?}");
        let kept = draft("新的");
        next.keep("op01", &kept, now()).unwrap();
        assert_eq!(bodies(&next.found("op01").unwrap()), ["新的"]);
    }
}
