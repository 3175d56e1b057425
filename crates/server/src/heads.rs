//! How far each log goes, written every hour to a place that whoever alters the database does not reach: one line of
//! JSON, signed by the server, each naming the one before. Ids, numbers and hashes alone.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sync_core::exchange::{SignatureText, is_signed, sign};
use sync_core::{Chain, Hash, Lsn, SpaceId};

use crate::db;
use crate::error::{Result, ServerError};
use crate::server::Server;
use crate::verify::Fault;

/// What is signed begins so.
const PURPOSE: &str = "wardroom heads 1";
/// How often a line is written.
pub const EVERY: Duration = Duration::from_secs(60 * 60);
/// A line is shorter than this: of more spaces than a state has.
const LONGEST: u64 = 4 * 1024 * 1024;

/// What one line tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    pub at_ms: i64,
    /// The hash of the line before; zeros at the beginning.
    pub before: Hash,
    pub spaces: Vec<Head>,
    /// The number of the last event, and the chain there.
    pub events: u64,
    pub events_chain: Chain,
}

/// How far one log went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub space: SpaceId,
    pub epoch: u64,
    pub head: Lsn,
    pub chain: Chain,
}

/// The line as it stands in the file.
#[derive(Serialize, Deserialize)]
struct Written {
    heads: Box<RawValue>,
    signature: SignatureText,
}

/// A line that was read and is authentic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub heads: Heads,
}

/// Adds a line to the file, made if missing, durably.
///
/// # Errors
/// [`ServerError`]; the file is as it was then, or ends with a part of a line.
pub fn append(server: &Server, path: &Path) -> Result<()> {
    let failed = |error| ServerError::Io(path.to_owned(), error);
    let mut options = File::options();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(failed)?;
    let (last, is_torn) = last_line(&mut file).map_err(failed)?;
    let heads = now(server, last.map_or_else(Hash::default, |line| Hash::of(&line)))?;
    let text = serde_json::to_string(&heads)
        .and_then(RawValue::from_string)
        .map_err(unwritable)?;
    let written = Written {
        signature: sign(&server.own().signing_key, PURPOSE, text.get().as_bytes()),
        heads: text,
    };
    let mut line = serde_json::to_vec(&written).map_err(unwritable)?;
    if is_torn {
        line.insert(0, b'\n');
    }
    line.push(b'\n');
    file.write_all(&line).map_err(failed)?;
    file.sync_all().map_err(failed)
}

fn unwritable(_: serde_json::Error) -> ServerError {
    ServerError::Damaged("the heads of the logs have no JSON")
}

/// The last line of the file, and whether its end is missing: a power cut came between.
fn last_line(file: &mut File) -> std::io::Result<(Option<Vec<u8>>, bool)> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST)))?;
    let mut tail = Vec::new();
    file.take(LONGEST).read_to_end(&mut tail)?;
    let is_torn = tail.last().is_some_and(|last| *last != b'\n');
    let last = tail.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
    Ok((last.map(<[u8]>::to_vec), is_torn))
}

fn now(server: &Server, before: Hash) -> Result<Heads> {
    let (spaces, (events, events_chain)) = server
        .db()
        .read(|conn| Ok((db::space::all(conn)?, db::event::head(conn)?)))?;
    let head = |space: db::space::Space| Head {
        space: space.id,
        epoch: space.epoch,
        head: space.head,
        chain: space.chain,
    };
    Ok(Heads {
        at_ms: server.now_ms(),
        before,
        spaces: spaces.into_iter().map(head).collect(),
        events,
        events_chain,
    })
}

/// The lines of a file, and what is wrong with them by themselves: each is signed by `key` and names the one before.
/// A line that a power cut left half written is passed over, as long as the next one names it.
///
/// # Errors
/// [`ServerError::Io`] when it cannot be read.
pub fn read(path: &Path, key: &VerifyingKey) -> Result<(Vec<Line>, Vec<Fault>)> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok((Vec::new(), vec![Fault::new("heads", 0, "missing")]));
        }
        Err(error) => return Err(ServerError::Io(path.to_owned(), error)),
    };
    let (mut lines, mut faults, mut before) = (Vec::new(), Vec::new(), Hash::default());
    let mut torn = None;
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())) {
        match authentic(line, key) {
            Ok(heads) if heads.before == before => {
                torn = None;
                lines.push(Line { number, heads });
            }
            Ok(_) => faults.push(Fault::new("heads", number, "chain")),
            Err("line") if torn.is_none() => torn = Some(number),
            Err(fault) => faults.push(Fault::new("heads", number, fault)),
        }
        before = Hash::of(line);
        // Only what the next line names was a power cut.
        if let Some(at) = torn.filter(|at| *at < number) {
            faults.push(Fault::new("heads", at, "line"));
            torn = None;
        }
    }
    Ok((lines, faults))
}

fn authentic(line: &[u8], key: &VerifyingKey) -> std::result::Result<Heads, &'static str> {
    let written: Written = serde_json::from_slice(line).map_err(|_| "line")?;
    let heads: Heads = serde_json::from_str(written.heads.get()).map_err(|_| "line")?;
    let is_so = is_signed(key, PURPOSE, written.heads.get().as_bytes(), &written.signature);
    if is_so { Ok(heads) } else { Err("signature") }
}
