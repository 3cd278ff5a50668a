//! What only its owner may read: random bytes, files of mode 0600, sealed records, and what becomes of a file that is
//! damaged. The server's vault and the console's drafts both stand on it. Not here: which key is for what, and where a
//! file lies.
#[cfg(test)]
pub mod damage;

use ring::aead;
use std::path::{Path, PathBuf};

/// Random bytes from the system.
pub fn random<const N: usize>() -> [u8; N] {
    use ring::rand::SecureRandom;
    let mut bytes = [0; N];
    // invariant: the system's random source does not fail on the platforms we run on; zero bytes would be worse than a stop.
    #[allow(clippy::expect_used)]
    ring::rand::SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// Writes a file that only its owner may read, never one that others could have opened in between.
///
/// # Errors
/// The file system's.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder that only its owner may enter, and those above it.
///
/// # Errors
/// The file system's.
pub fn make_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// 校验和 (checksum): what shows that a record is not as it was written. Against damage, not against a forger.
pub fn checksum(bytes: &[u8]) -> String {
    ring::digest::digest(&ring::digest::SHA256, bytes).as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Moves a damaged file out of the way into this folder, under a name that tells what it was; none where another has
/// moved it already.
///
/// # Errors
/// The file system's.
pub fn move_aside(folder: &Path, path: &Path) -> std::io::Result<Option<PathBuf>> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let to = folder.join(format!("damaged-{}-{name}", uuid::Uuid::now_v7().simple()));
    match std::fs::rename(path, &to) {
        Ok(()) => Ok(Some(to)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// 加密封存 (sealing): AES-256-GCM, a random nonce before each record, the record bound to what it is of.
pub struct Seal(aead::LessSafeKey);

impl Seal {
    /// From a key of 32 bytes; none where the key is of another length.
    pub fn new(key: &[u8]) -> Option<Seal> {
        Some(Seal(aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, key).ok()?)))
    }

    /// Seals a text; it opens again only with the same `bound_to`.
    pub fn seal(&self, text: &str, bound_to: &[u8]) -> Vec<u8> {
        let nonce = random::<12>();
        let mut bytes = text.as_bytes().to_vec();
        let sealed = self.0.seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::from(bound_to), &mut bytes);
        match sealed {
            Ok(()) => [nonce.as_slice(), &bytes].concat(),
            Err(_) => Vec::new(),
        }
    }

    /// Opens a record; none where it is damaged, of another key or of something else.
    pub fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<String> {
        let (nonce, bytes) = sealed.split_at_checked(12)?;
        let mut bytes = bytes.to_vec();
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.0.open_in_place(nonce, aead::Aad::from(bound_to), &mut bytes).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_record_opens_only_for_what_it_is_of() {
        let seal = Seal::new(&[7; 32]).unwrap();
        let sealed = seal.seal("示例", b"one");
        assert_eq!(seal.open(&sealed, b"one").as_deref(), Some("示例"));
        assert_eq!(seal.open(&sealed, b"two"), None);
        assert_eq!(Seal::new(&[8; 32]).unwrap().open(&sealed, b"one"), None);
        assert!(Seal::new(&[7; 31]).is_none());
    }
}
