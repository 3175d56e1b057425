//! One piece of a snapshot: some records, written so that what repeats stands once, and packed.

use std::collections::{BTreeMap, BTreeSet};

use domain::arrival::Tier;
use domain::{RecordId, Value};
use serde::{Deserialize, Serialize};

use super::{Base, Piece};
use crate::digest::Hash;
use crate::fold::{FieldState, Head, RecordState};
use crate::id::{ChangeId, DeviceId, Lsn, UserId};

/// The most bytes a piece may have, packed or unpacked.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
/// So large a piece grows before it is packed. The first are smaller: something is seen sooner.
const EARLY_BYTES: usize = 64 * 1024;
const LATE_BYTES: usize = 256 * 1024;
/// Packed once and sent many times, over slow links too.
const LEVEL: i32 = 19;

/// What is wrong with a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPiece {
    #[error("a piece is not the one that was asked for")]
    Altered,
    #[error("a piece cannot be read")]
    Unreadable,
    #[error("a piece or a record in it is larger than allowed")]
    TooLarge,
}

/// What stands in a piece before it is packed.
#[derive(Default, Serialize, Deserialize)]
struct Sheet {
    devices: Vec<DeviceId>,
    actors: Vec<UserId>,
    kinds: Vec<String>,
    records: Vec<Line>,
}

/// A record: its kind, its id, its heads by change, what came ahead of its time, what is older.
#[derive(Serialize, Deserialize)]
struct Line(
    usize,
    RecordId,
    Vec<HeadLine>,
    BTreeMap<String, Vec<(usize, u64)>>,
    Vec<(usize, u64)>,
);

/// A change that is the head of some fields: device, seq, lsn, actor, wall clock, and what it says of them.
#[derive(Serialize, Deserialize)]
struct HeadLine(usize, u64, Option<Lsn>, usize, i64, BTreeMap<String, Value>);

/// Cuts records into pieces, tier by tier.
pub struct Cutter {
    tier: Tier,
    sheet: Sheet,
    devices: BTreeMap<DeviceId, usize>,
    actors: BTreeMap<UserId, usize>,
    kinds: BTreeMap<String, usize>,
    bytes: usize,
}

impl Cutter {
    pub fn new(tier: Tier) -> Cutter {
        Cutter {
            tier,
            sheet: Sheet::default(),
            devices: BTreeMap::new(),
            actors: BTreeMap::new(),
            kinds: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Adds a record. Answers a piece when one is full.
    ///
    /// # Errors
    /// [`BadPiece::TooLarge`] when the record alone is too large for a piece.
    pub fn add(&mut self, base: &Base) -> Result<Option<(Piece, Vec<u8>)>, BadPiece> {
        let line = self.line(base);
        let bytes = serde_json::to_vec(&line).map_err(|_| BadPiece::Unreadable)?.len();
        self.bytes += bytes;
        self.sheet.records.push(line);
        let full = match self.tier {
            Tier::Places | Tier::Present => EARLY_BYTES,
            Tier::Others | Tier::Past => LATE_BYTES,
        };
        if self.bytes < full { Ok(None) } else { self.end() }
    }

    /// Ends the piece that was begun, if there is one.
    ///
    /// # Errors
    /// [`BadPiece::TooLarge`].
    pub fn end(&mut self) -> Result<Option<(Piece, Vec<u8>)>, BadPiece> {
        let sheet = std::mem::take(&mut self.sheet);
        *self = Cutter::new(self.tier);
        if sheet.records.is_empty() {
            return Ok(None);
        }
        let plain = serde_json::to_vec(&sheet).map_err(|_| BadPiece::Unreadable)?;
        if plain.len() > MOST_BYTES {
            return Err(BadPiece::TooLarge);
        }
        let packed = zstd::bulk::compress(&plain, LEVEL).map_err(|_| BadPiece::Unreadable)?;
        let count = |count: usize| u32::try_from(count).map_err(|_| BadPiece::TooLarge);
        let piece = Piece {
            hash: Hash::of(&packed),
            tier: self.tier,
            bytes: count(packed.len())?,
            records: count(sheet.records.len())?,
        };
        Ok(Some((piece, packed)))
    }

    fn line(&mut self, base: &Base) -> Line {
        let mut heads: BTreeMap<ChangeId, (&Head, BTreeMap<String, Value>)> = BTreeMap::new();
        let mut ahead = BTreeMap::new();
        for (name, field) in &base.state.fields {
            for (id, head) in &field.heads {
                let (_, fields) = heads.entry(*id).or_insert((head, BTreeMap::new()));
                fields.insert(name.clone(), head.value.clone());
            }
            // A field may stand without any head.
            if !field.ahead.is_empty() || field.heads.is_empty() {
                let waiting = field.ahead.iter().map(|id| self.change(id)).collect();
                ahead.insert(name.clone(), waiting);
            }
        }
        let heads = heads.into_iter().map(|(id, (head, fields))| {
            let (device, seq) = self.change(&id);
            let actor = place(head.actor, &mut self.actors, &mut self.sheet.actors);
            HeadLine(device, seq, head.lsn, actor, head.wall_ms, fields)
        });
        let heads = heads.collect();
        let older = base.older.iter().map(|id| self.change(id)).collect();
        let kind = place(base.state.kind.clone(), &mut self.kinds, &mut self.sheet.kinds);
        Line(kind, base.state.id, heads, ahead, older)
    }

    fn change(&mut self, id: &ChangeId) -> (usize, u64) {
        let device = place(id.device, &mut self.devices, &mut self.sheet.devices);
        (device, id.seq)
    }
}

/// Where `what` stands in the list; added at its end if it does not.
fn place<T: Ord + Clone>(what: T, places: &mut BTreeMap<T, usize>, list: &mut Vec<T>) -> usize {
    *places.entry(what).or_insert_with_key(|what| {
        list.push(what.clone());
        list.len() - 1
    })
}

/// The records of a piece, after its bytes were seen to be those that were asked for.
///
/// # Errors
/// [`BadPiece`]: nothing of it can be used.
pub fn read(wanted: &Piece, bytes: &[u8]) -> Result<Vec<Base>, BadPiece> {
    if Hash::of(bytes) != wanted.hash {
        return Err(BadPiece::Altered);
    }
    let plain = zstd::bulk::decompress(bytes, MOST_BYTES).map_err(|_| BadPiece::Unreadable)?;
    let sheet: Sheet = serde_json::from_slice(&plain).map_err(|_| BadPiece::Unreadable)?;
    let bases = sheet.records.iter().map(|line| base(line, &sheet));
    let bases: Vec<Base> = bases.collect::<Option<_>>().ok_or(BadPiece::Unreadable)?;
    if u32::try_from(bases.len()) == Ok(wanted.records) {
        Ok(bases)
    } else {
        Err(BadPiece::Unreadable)
    }
}

fn base(Line(kind, id, heads, ahead, older): &Line, sheet: &Sheet) -> Option<Base> {
    let change = |&(device, seq): &(usize, u64)| {
        let device = *sheet.devices.get(device)?;
        Some(ChangeId { device, seq })
    };
    let mut state = RecordState::new(sheet.kinds.get(*kind)?, *id);
    for HeadLine(device, seq, lsn, actor, wall_ms, fields) in heads {
        let id = change(&(*device, *seq))?;
        let actor = *sheet.actors.get(*actor)?;
        for (name, value) in fields {
            let head = Head {
                value: value.clone(),
                lsn: *lsn,
                actor,
                wall_ms: *wall_ms,
            };
            let field = state.fields.entry(name.clone()).or_default();
            field.heads.insert(id, head);
        }
    }
    for (name, waiting) in ahead {
        let field: &mut FieldState = state.fields.entry(name.clone()).or_default();
        field.ahead = waiting.iter().map(change).collect::<Option<_>>()?;
    }
    let older = older.iter().map(change).collect::<Option<BTreeSet<_>>>()?;
    Some(Base { state, older })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(device: u128, seq: u64) -> ChangeId {
        let device = DeviceId(Uuid::from_u128(device));
        ChangeId { device, seq }
    }

    fn bases() -> Vec<Base> {
        let head = |text: &str, lsn| Head {
            value: Value::Text(text.to_owned()),
            lsn,
            actor: RecordId(Uuid::from_u128(9)),
            wall_ms: 5,
        };
        let base = |number: u128| {
            let mut state = RecordState::new("any", RecordId(Uuid::from_u128(number)));
            let fields = [
                (
                    "a",
                    vec![(id(1, 1), head("x", Some(3))), (id(2, 7), head("y", Some(4)))],
                    vec![id(3, 9)],
                ),
                ("b", vec![(id(1, 1), head("z", Some(3)))], vec![]),
                ("c", vec![], vec![id(1, 2)]),
                ("d", vec![], vec![]),
            ];
            for (name, heads, ahead) in fields {
                let (heads, ahead) = (heads.into_iter().collect(), ahead.into_iter().collect());
                state.fields.insert(name.to_owned(), FieldState { heads, ahead });
            }
            Base::new(state, [id(1, 1), id(4, 4)])
        };
        (0..3).map(base).collect()
    }

    #[test]
    fn records_are_read_back_as_they_were_cut() {
        let mut cutter = Cutter::new(Tier::Present);
        for base in bases() {
            assert_eq!(cutter.add(&base).unwrap(), None);
        }
        let (piece, bytes) = cutter.end().unwrap().unwrap();
        assert_eq!((piece.records, piece.tier), (3, Tier::Present));
        assert_eq!(read(&piece, &bytes).unwrap(), bases());
        assert_eq!(cutter.end().unwrap(), None);
        assert_eq!(bases()[0].older, [id(4, 4)].into());
    }

    #[test]
    fn an_altered_piece_is_refused() {
        let mut cutter = Cutter::new(Tier::Past);
        cutter.add(&bases()[0]).unwrap();
        let (piece, bytes) = cutter.end().unwrap().unwrap();
        for index in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[index] ^= 1;
            assert_eq!(read(&piece, &altered), Err(BadPiece::Altered));
        }
        let other = Piece { records: 2, ..piece };
        assert_eq!(read(&other, &bytes), Err(BadPiece::Unreadable));
    }

    #[test]
    fn pieces_end_when_they_are_full_and_the_first_are_smaller() {
        let many = |tier| {
            let mut cutter = Cutter::new(tier);
            let mut pieces = 0;
            for base in bases().iter().cycle().take(6_000) {
                pieces += usize::from(cutter.add(base).unwrap().is_some());
            }
            pieces
        };
        assert!(many(Tier::Present) > many(Tier::Past) && many(Tier::Past) > 1);
    }
}
