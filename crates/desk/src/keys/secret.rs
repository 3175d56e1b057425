//! The device secret: in the operating system's key store, or, where there is none and the admin
//! chose so, in a file that only this user can read. Never one in place of the other silently.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use super::seal::{Key, random_key};
use super::tries::TriesOf;

const SERVICE: &str = "org.wardroom.desk";

/// Where the device secret is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum SecretHome {
    /// Secret Service, Windows Credential Manager or macOS Keychain.
    KeyStore,
    /// A file beside the database: weaker, and shown as such.
    File,
}

/// The device secret cannot be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error("this computer has no key store that works: {0}")]
    NoKeyStore(String),
    #[error("the key store is locked")]
    Locked,
    #[error("the device secret is not in the key store")]
    Missing,
    #[error("the device secret cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
}

/// A place for the secret of the desk in one folder.
pub struct SecretPlace {
    home: SecretHome,
    folder: PathBuf,
    /// Names the entry in the key store; not a secret.
    name: String,
}

impl SecretPlace {
    pub fn new(home: SecretHome, folder: &Path, name: &str) -> SecretPlace {
        SecretPlace {
            home,
            folder: folder.to_owned(),
            name: name.to_owned(),
        }
    }

    /// What names the entry in the key store.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes a new secret and proves that it can be read back.
    ///
    /// # Errors
    /// [`SecretError`] when no key store works here.
    pub fn make(&self) -> Result<Key, SecretError> {
        let secret = random_key();
        match self.home {
            SecretHome::KeyStore => {
                let entry = self.entry()?;
                entry.set_secret(secret.as_slice()).map_err(from_keyring)?;
            }
            SecretHome::File => write_private(&self.file(), secret.as_slice())?,
        }
        let kept = self.get()?;
        if kept.as_slice() == secret.as_slice() {
            Ok(secret)
        } else {
            Err(SecretError::Missing)
        }
    }

    /// The secret that was made before.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn get(&self) -> Result<Key, SecretError> {
        let bytes = match self.home {
            SecretHome::KeyStore => Zeroizing::new(self.entry()?.get_secret().map_err(from_keyring)?),
            SecretHome::File => match fs::read(self.file()) {
                Ok(bytes) => Zeroizing::new(bytes),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(SecretError::Missing),
                Err(error) => return Err(error.into()),
            },
        };
        Key::try_from(bytes.as_slice()).map_err(|_| SecretError::Missing)
    }

    /// How often the desk's database was opened, as the key store has it; 0 when it has none or is only a file,
    /// which would be copied with the rest.
    pub fn generation(&self) -> u64 {
        let noted = self.noted("opened").and_then(|bytes| bytes.try_into().ok());
        noted.map_or(0, u64::from_be_bytes)
    }

    /// Notes it in the key store.
    pub fn note_generation(&self, generation: u64) {
        self.note("opened", &generation.to_be_bytes());
    }

    /// Wrong passwords as the key store has them; none when it has none or is only a file.
    pub fn tries(&self) -> TriesOf {
        let noted = self.noted("tries");
        noted
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Notes them in the key store.
    pub fn note_tries(&self, all: &TriesOf) {
        self.note("tries", &serde_json::to_vec(all).unwrap_or_default());
    }

    /// Whether the key store knows that the desk's file is sealed: one without a seal is not this desk's then.
    pub fn is_sealed(&self) -> bool {
        self.noted("sealed").is_some()
    }

    /// Notes it in the key store, once.
    pub fn note_sealed(&self) {
        if !self.is_sealed() {
            self.note("sealed", b"2");
        }
    }

    /// What the key store has beside the secret.
    fn noted(&self, what: &str) -> Option<Vec<u8>> {
        match self.home {
            SecretHome::KeyStore => self.beside(what).ok()?.get_secret().ok(),
            SecretHome::File => None,
        }
    }

    /// A key store that takes no note is no reason to keep anybody out.
    fn note(&self, what: &str, bytes: &[u8]) {
        let note = || self.beside(what)?.set_secret(bytes).map_err(from_keyring);
        if self.home == SecretHome::KeyStore
            && let Err(error) = note()
        {
            tracing::warn!(%error, what, "the key store took no note");
        }
    }

    /// Destroys the secret: what it sealed opens no more.
    ///
    /// # Errors
    /// [`SecretError`] when it is still there.
    pub fn destroy(&self) -> Result<(), SecretError> {
        match self.home {
            SecretHome::KeyStore => {
                let gone = |entry: keyring::Entry| match entry.delete_credential() {
                    Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
                    Err(error) => Err(from_keyring(error)),
                };
                gone(self.entry()?)?;
                for what in ["opened", "tries", "sealed"] {
                    gone(self.beside(what)?)?;
                }
                Ok(())
            }
            SecretHome::File => match fs::remove_file(self.file()) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            },
        }
    }

    /// An entry beside that of the secret.
    fn beside(&self, what: &str) -> Result<keyring::Entry, SecretError> {
        keyring::Entry::new(SERVICE, &format!("{}/{what}", self.name)).map_err(from_keyring)
    }

    fn entry(&self) -> Result<keyring::Entry, SecretError> {
        keyring::Entry::new(SERVICE, &self.name).map_err(from_keyring)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("device.secret")
    }
}

fn from_keyring(error: keyring::Error) -> SecretError {
    match error {
        keyring::Error::NoEntry => SecretError::Missing,
        keyring::Error::NoStorageAccess(_) => SecretError::Locked,
        other => SecretError::NoKeyStore(other.to_string()),
    }
}

/// Writes a file that only its owner can read, beside and then in place, synced.
///
/// # Errors
/// Whatever the file system says.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // Elsewhere a folder cannot be opened, and a name is as durable as its file.
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
