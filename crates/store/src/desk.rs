//! The one row in which the file keeps what it knows of itself: its device, how many commits
//! there were, and its hybrid clock.

use rusqlite::{Connection, Result, params};
use sync_core::{Chain, ChangeId, Clock, DeviceId, Hash, Stamp};

use crate::log;

/// The device whose file this is.
pub fn device(conn: &Connection) -> Result<DeviceId> {
    conn.prepare_cached("SELECT device FROM desk")?
        .query_row([], |row| log::device(row, 0))
}

/// The commit up to which everything is seen.
pub fn commits(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("SELECT commits FROM desk")?
        .query_row([], |row| row.get(0))
}

/// The number of the commit that the transaction is about to make.
///
/// Here and below the row is named: a statement that might change many rows can be undone by itself,
/// and for that the search tables would write to the disk what they hold in memory.
pub fn next_commit(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("UPDATE desk SET commits = commits + 1 WHERE one = 1 RETURNING commits")?
        .query_row([], |row| row.get(0))
}

/// How often the file was opened, as far as it was noted.
pub fn generation(conn: &Connection) -> Result<u64> {
    conn.prepare_cached("SELECT generation FROM desk")?
        .query_row([], |row| row.get::<_, i64>(0).map(i64::cast_unsigned))
}

pub fn set_generation(generation: u64, conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE desk SET generation = ?1 WHERE one = 1")?
        .execute([log::number(generation)])?;
    Ok(())
}

pub fn clock(conn: &Connection) -> Result<Clock> {
    conn.prepare_cached("SELECT clock_ms, clock_count FROM desk")?
        .query_row([], |row| {
            Ok(Clock {
                last: Stamp(row.get(0)?, row.get(1)?),
            })
        })
}

pub fn set_clock(clock: Clock, conn: &Connection) -> Result<()> {
    let Stamp(ms, count) = clock.last;
    conn.prepare_cached("UPDATE desk SET clock_ms = ?1, clock_count = ?2 WHERE one = 1")?
        .execute(params![ms, count])?;
    Ok(())
}

/// The least by which the numbers of an opening leap over those before it: more than one opening ever uses, so that
/// a copy of the file that is opened beside it stays clear of them.
pub const LEAST_LEAP: u64 = 1 << 16;

/// As whom this opening of the file writes. A copy of the file that is opened again leaps elsewhere: no two openings
/// give one number to two changes, whatever a restored server still knows of the first.
#[derive(Clone, Copy, Debug)]
pub struct Author {
    pub device: DeviceId,
    /// The last number that was given before.
    pub before: u64,
    pub leap: u64,
}

impl Author {
    /// The author of the opening that begins; a file that was just made has no earlier one to leap over.
    pub fn begin(leap: u64, conn: &Connection) -> Result<Author> {
        let device = device(conn)?;
        let (before, _) = last_own(device, conn)?;
        Ok(Author { device, before, leap })
    }

    /// The number after which this opening's next change comes, and the chain before it.
    pub fn before_next(self, conn: &Connection) -> Result<(u64, Chain)> {
        let (seq, chain) = last_own(self.device, conn)?;
        let is_first = seq == self.before;
        Ok((if is_first { seq + self.leap } else { seq }, chain))
    }

    /// The change of that number.
    pub fn change(self, seq: u64) -> ChangeId {
        ChangeId {
            device: self.device,
            seq,
        }
    }
}

/// The seq of this desk's last change, and its chain after it.
pub fn last_own(device: DeviceId, conn: &Connection) -> Result<(u64, Chain)> {
    own_before(device, u64::MAX, conn)
}

/// The seq of this desk's last change before `seq`, and its chain after it.
pub fn own_before(device: DeviceId, seq: u64, conn: &Connection) -> Result<(u64, Chain)> {
    let mut statement =
        conn.prepare_cached("SELECT seq, chain FROM change WHERE device = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT 1")?;
    let mut rows = statement.query(params![device.0.as_bytes(), log::number(seq)])?;
    match rows.next()? {
        None => Ok((0, Chain::default())),
        Some(row) => {
            let chain: Option<[u8; 32]> = row.get(1)?;
            Ok((
                row.get::<_, i64>(0)?.cast_unsigned(),
                Chain(Hash(chain.unwrap_or_default())),
            ))
        }
    }
}
