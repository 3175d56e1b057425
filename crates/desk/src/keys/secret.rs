//! The device secret: in the operating system's key store, or, where there is none and the admin
//! chose so, in a file that only this user can read. Never one in place of the other silently.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use super::seal::{Key, random_key};

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
        <[u8; 32]>::try_from(bytes.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| SecretError::Missing)
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
    if let Some(folder) = path.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
