//! 留存的登录 (kept logins): the token of `hotline login` and its checksum, one file for each server in this user's state,
//! for its owner alone. A damaged one is moved aside and named: then it is as if nobody had logged in.
//!
//! Not here: asking a server for a token or ending one (`session`), drafts (the console's).
use super::{Failure, Out};
use crate::config::{Fault, default_state_dir};
use crate::{private, words};
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

/// The folder of the kept logins.
const FOLDER: &str = "logins";

/// The file of a server; two servers never share one: a token would go to the wrong place.
fn file(server: &str) -> Option<PathBuf> {
    let mut name = String::new();
    for byte in server.trim_end_matches('/').bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => name.push(byte.into()),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(default_state_dir()?.join(FOLDER).join(name))
}

fn fault(path: &Path, error: &Error) -> Failure {
    Failure::Faults(vec![Fault::unreadable(path.display().to_string(), error)])
}

/// Whether others than the owner may open it. A link counts as open: where it leads is not this program's to vouch for.
#[cfg(unix)]
fn open_to_others(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::symlink_metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn open_to_others(path: &Path) -> std::io::Result<bool> {
    fs::symlink_metadata(path).map(|_| false)
}

#[cfg(unix)]
fn narrow(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn narrow(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// What is kept for a server.
#[derive(Default)]
pub struct Kept {
    /// None where nobody logged in, or nothing is left of it.
    pub token: Option<String>,
    /// The damaged file, where it was moved to.
    pub aside: Option<PathBuf>,
}

/// The token kept for a server.
///
/// # Errors
/// A file or folder that others may open is not used; one that cannot be read is told.
pub fn read(server: &str) -> Result<Kept, Failure> {
    let Some(path) = file(server) else { return Ok(Kept::default()) };
    let guarded = [(path.parent().unwrap_or(&path), "700"), (&path, "600")];
    for (path, mode) in guarded {
        match open_to_others(path) {
            Ok(false) => {}
            Ok(true) => return Err(Failure::Faults(vec![Fault::of(path.display().to_string(), words!("cli-login-open", mode = mode))])),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::default()),
            Err(error) => return Err(fault(path, &error)),
        }
    }
    let bytes = fs::read(&path).map_err(|error| fault(&path, &error))?;
    if let Some(token) = token_of(&bytes) {
        return Ok(Kept { token: Some(token), aside: None });
    }
    let aside = private::move_aside(path.parent().unwrap_or(&path), &path).map_err(|error| fault(&path, &error))?;
    Ok(Kept { token: None, aside })
}

/// A file: the token, and on the next line its checksum.
fn lines_of(token: &str) -> String {
    format!("{token}\n{}\n", private::checksum(token.as_bytes()))
}

/// The token in a file's bytes; none where they are damaged.
fn token_of(bytes: &[u8]) -> Option<String> {
    let token = std::str::from_utf8(bytes).ok()?.lines().next()?;
    (!token.is_empty() && lines_of(token).as_bytes() == bytes).then(|| token.to_owned())
}

/// Keeps a token: whole or not at all. A folder others may open is narrowed first, and that is said.
///
/// # Errors
/// Where there is no home, or the file system's.
pub fn write(server: &str, token: &str, out: &Out) -> Result<(), Failure> {
    let path = file(server).ok_or_else(|| Failure::Usage(words!("cli-login-nowhere")))?;
    let folder = path.parent().unwrap_or(&path);
    let told = |error: Error| fault(&path, &error);
    private::make_private_folder(folder).map_err(told)?;
    if open_to_others(folder).map_err(told)? {
        narrow(folder).map_err(told)?;
        out.error(&words!("cli-login-narrowed", folder = folder.display().to_string()));
    }
    // A name of its own: an older file's wider rights are not taken over, and two logins do not write into each other.
    let new = folder.join(format!("new-{}", uuid::Uuid::now_v7().simple()));
    let kept = private::write_private(&new, lines_of(token).as_bytes()).and_then(|()| fs::rename(&new, &path));
    kept.map_err(|error| {
        let _ = fs::remove_file(&new);
        told(error)
    })
}

/// Forgets the token of a server.
///
/// # Errors
/// The file system's.
pub fn remove(server: &str) -> Result<(), Failure> {
    let Some(path) = file(server) else { return Ok(()) };
    match fs::remove_file(&path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(fault(&path, &error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_damaged_logins_are_told_from_whole_ones() {
        let token = "Zm9yIGEgdGVzdCBhbG9uZSwgbm9ib2R5J3MgdG9rZW4";
        let bytes = lines_of(token).into_bytes();
        assert_eq!(token_of(&bytes).as_deref(), Some(token));
        for wrong in private::damage::of(&bytes, 10_000, 5) {
            assert_eq!(token_of(&wrong), None, "{}", String::from_utf8_lossy(&wrong));
        }
        assert_eq!(token_of(lines_of("").as_bytes()), None);
    }
}
