//! What a new server makes for itself and later finds again: its folder and its master key.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sync_core::Hash;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::durable;
use crate::error::{Result, ServerError};
use crate::seal::{Key, random};

const MASTER_KEY: &str = "master.key";

/// The master key of the server in `dir`.
pub fn master_key(dir: &Path, config: &Config) -> Result<Key> {
    read_master_key(&master_key_path(dir, config))
}

/// Where the master key lies.
pub fn master_key_path(dir: &Path, config: &Config) -> PathBuf {
    config.master_key_file.clone().unwrap_or_else(|| dir.join(MASTER_KEY))
}

/// Makes the folder, for its owner alone, if it is not there yet.
pub fn make_folder(dir: &Path) -> Result<()> {
    let failed = |error| ServerError::Io(dir.to_owned(), error);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(failed)
}

/// Writes a new master key, readable by its owner alone; never over one that is there.
pub fn write_master_key(path: &Path) -> Result<()> {
    let failed = |error| ServerError::Io(path.to_owned(), error);
    if path.try_exists().map_err(failed)? {
        return Err(failed(std::io::ErrorKind::AlreadyExists.into()));
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).map_err(failed)?;
    let hex = Zeroizing::new(Hash(*random::<32>()).to_string());
    writeln!(file, "{}", *hex).map_err(failed)?;
    durable::name(&beside, path).map_err(failed)
}

fn read_master_key(path: &Path) -> Result<Key> {
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|_| ServerError::MasterKey(path.to_owned()))?;
    let key: Hash = text
        .trim()
        .parse()
        .map_err(|_| ServerError::MasterKey(path.to_owned()))?;
    Ok(Key::new(Zeroizing::new(key.0)))
}
