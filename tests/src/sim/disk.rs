//! What lies on a disk when the power fails: the file, and its write-ahead log up to any byte that
//! was written since the last commit that somebody was told of.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::chance::Chance;

const LOG_HEAD: u64 = 32;
const FRAME_HEAD: u64 = 24;
/// Before so many frames nothing of the log was moved into the file, so that both can be cut apart.
const MOST_FRAMES: u64 = 900;

/// How far the write-ahead log of a file was written at some moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    salt: [u8; 8],
    frames: u64,
    bytes: u64,
}

/// The file's path with `ending` behind it.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}

/// How far the log of the file is written now; nothing when there is none.
pub fn written(file: &Path) -> Result<Option<Written>> {
    let Ok(mut log) = File::open(beside(file, "-wal")) else {
        return Ok(None);
    };
    let mut head = [0; LOG_HEAD as usize];
    if log.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    let page = u64::from(u32::from_be_bytes([head[8], head[9], head[10], head[11]]));
    let mut salt = [0; 8];
    salt.copy_from_slice(&head[16..24]);
    let mut frames = 0;
    loop {
        let mut frame = [0; FRAME_HEAD as usize];
        if log.read_exact(&mut frame).is_err() || frame[8..16] != salt {
            break;
        }
        frames += 1;
        log.seek(SeekFrom::Current(i64::try_from(page)?))?;
    }
    Ok(Some(Written {
        salt,
        frames,
        bytes: LOG_HEAD + frames * (FRAME_HEAD + page),
    }))
}

/// Copies the file with its log as they lie there.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)?;
    let log = beside(from, "-wal");
    if log.exists() {
        fs::copy(log, beside(to, "-wal"))?;
    }
    Ok(())
}

/// Copies the file as the power cut leaves it, at any byte written since `before`. Answers whether
/// anything was cut off.
pub fn copy_cut(from: &Path, to: &Path, before: Option<Written>, chance: &mut Chance) -> Result<bool> {
    let after = written(from)?;
    copy(from, to)?;
    let Some(after) = after.filter(|after| after.frames < MOST_FRAMES) else {
        return Ok(false);
    };
    let kept = match before {
        Some(before) if before.salt != after.salt => return Ok(false),
        Some(before) => before.bytes,
        None => 0,
    };
    let end = chance.between(i64::try_from(kept)?, i64::try_from(after.bytes)?);
    let log = File::options().write(true).open(beside(to, "-wal"))?;
    log.set_len(u64::try_from(end)?)?;
    Ok(u64::try_from(end)? < after.bytes)
}
