//! The centre's secrets, all derived from one master key that lives in a file of its own beside the database.
use crate::private::{Seal, random, write_private};
use ring::hmac;
use std::path::Path;

/// 密钥 (keys).
pub struct Keys {
    vault: Seal,
    number: hmac::Key,
    digest: hmac::Key,
    request: hmac::Key,
}

fn derive(master: &[u8], label: &str) -> [u8; 32] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, master), label.as_bytes());
    let mut key = [0; 32];
    key.copy_from_slice(tag.as_ref());
    key
}

impl Keys {
    /// Which key seals new records of the vault.
    pub const ID: i64 = 1;

    /// From 32 random bytes.
    ///
    /// # Errors
    /// Never with a 32-byte key; the type of the sealing key asks.
    pub fn from_master(master: &[u8; 32]) -> Result<Keys, String> {
        let vault = Seal::new(&derive(master, "vault/1")).ok_or_else(|| "vault key".to_owned())?;
        Ok(Keys {
            vault,
            number: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, "caller number")),
            digest: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, "content digest")),
            request: hmac::Key::new(hmac::HMAC_SHA256, &derive(master, "request")),
        })
    }

    /// Reads the master key's file, or makes it (0600) where there is none and `make` allows.
    ///
    /// # Errors
    /// In words: unreadable, of the wrong length, missing.
    pub fn load(path: &Path, make: bool) -> Result<Keys, String> {
        let words = |error: std::io::Error| format!("密钥文件 {0} 读写不了。 The key file {0} cannot be read or written: {error}", path.display());
        let master = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && make => {
                let master = random::<32>();
                write_private(path, &master).map_err(words)?;
                master.to_vec()
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(format!(
                    "找不到密钥文件 {0}，没有它数据库里的姓名和号码无法读取；请从备份恢复。 The key file {0} is not there; without it the names and numbers in the database cannot be read. Please restore it from a backup.",
                    path.display()
                ));
            }
            Err(error) => return Err(words(error)),
        };
        let master: [u8; 32] =
            master.try_into().map_err(|_| format!("{}: 密钥文件应为 32 字节。 The key file must hold 32 bytes.", path.display()))?;
        Keys::from_master(&master)
    }

    /// Seals a vault record; the caller's identity is bound to it.
    pub fn seal(&self, text: &str, bound_to: &[u8]) -> Vec<u8> {
        self.vault.seal(text, bound_to)
    }

    /// Opens a vault record.
    pub fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<String> {
        self.vault.open(sealed, bound_to)
    }

    /// The keyed hash a number is found by.
    pub fn number_hash(&self, number: &str) -> Vec<u8> {
        hmac::sign(&self.number, number.as_bytes()).as_ref().to_vec()
    }

    /// The keyed digest of a request's parts, each with its length before it. Unkeyed, whoever has the database alone
    /// could try every phone number, or a password, against the body's.
    pub fn request_digest(&self, parts: &[&[u8]]) -> Vec<u8> {
        let mut tag = hmac::Context::with_key(&self.request);
        for part in parts {
            tag.update(&(part.len() as u64).to_be_bytes());
            tag.update(part);
        }
        tag.sign().as_ref().to_vec()
    }

    /// The keyed digest an event holds of a text: an unkeyed one of a short text could be guessed.
    pub fn digest(&self, text: &str) -> String {
        use base64::Engine;
        let tag = hmac::sign(&self.digest, text.as_bytes());
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&tag.as_ref()[..16])
    }
}
