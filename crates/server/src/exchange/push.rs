//! Taking in one batch, in one transaction: authentic, next in line, then each action is numbered
//! or parked as a whole. Only after the commit does anybody hear of it.

use domain::RecordId;
use domain::entities::entity;
use ed25519_dalek::VerifyingKey;
use sync_core::exchange::{Answer, Batch, MOST_CHANGES, News, Numbered, Parked, Reason};
use sync_core::{Change, ChangeId, DeviceId, Encoded, Hash, pausing, planted};
use uuid::Uuid;

use super::grants::Grants;
use super::judge::{Spaces, reason_to_park};
use crate::db::device::Device;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::people;
use crate::server::Server;

/// The longest word that is kept as the kind of a parked change.
const LONGEST_KIND: usize = 40;

/// A change as it arrived.
pub struct Arrived {
    pub id: ChangeId,
    pub hash: Hash,
    /// Nothing when it is not of the form this server understands; then `bytes` alone are kept.
    pub encoded: Option<Encoded>,
    pub bytes: Vec<u8>,
}

impl Arrived {
    pub fn new(encoded: Encoded) -> Arrived {
        Arrived {
            id: encoded.change().id,
            hash: encoded.hash(),
            bytes: Vec::new(),
            encoded: Some(encoded),
        }
    }

    fn action(&self) -> Option<Uuid> {
        self.encoded.as_ref().map(|encoded| encoded.change().action)
    }

    fn bytes(&self) -> &[u8] {
        self.encoded.as_ref().map_or(&self.bytes, Encoded::bytes)
    }
}

/// What became of a batch.
#[derive(Default)]
pub struct Taken {
    pub numbered: Vec<Numbered>,
    pub parked: Vec<Parked>,
    pub news: Vec<News>,
}

impl Server {
    /// Takes in a batch of `device`, which showed `grants`. The answer is a receipt, or why nothing was written.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was written either.
    pub fn push(&self, device: DeviceId, batch: &Batch, grants: &Grants) -> Result<Answer> {
        if batch.changes.len() > MOST_CHANGES {
            return Err(ServerError::TooLarge);
        }
        let known = self.device(device)?.ok_or(ServerError::NoDevice)?;
        let Some(arrived) = authentic(batch, &known) else {
            return Ok(Answer::NotAuthentic);
        };
        #[cfg(feature = "mutants")]
        let _looked = super::bugs::look_before_the_lock(self, &arrived)?;
        pausing!(BeforePush);
        let (answer, news) = self.db().write(|tx| {
            let device = db::device::lock(device, tx)?.ok_or(ServerError::NoDevice)?;
            // It writes anew under its other identity what is not here; taken in twice it would stand twice.
            if db::succession::is_replaced(device.id, tx)? {
                return Ok((Answer::Replaced, Vec::new()));
            }
            let taken = take_batch(self, (&device, grants), batch, &arrived, tx)?;
            if let (Answer::Fork { .. }, _) = &taken {
                self.note_fork(device.id, tx)?;
            }
            Ok(taken)
        })?;
        self.tell(news);
        Ok(answer)
    }
}

/// The changes of the batch, if the device signed it and each stands in its place.
fn authentic(batch: &Batch, device: &Device) -> Option<Vec<Arrived>> {
    let last_possible = u64::try_from(i64::MAX).ok()?.checked_sub(batch.changes.len() as u64)?;
    if batch.first == 0 || batch.first > last_possible {
        return None;
    }
    let key = VerifyingKey::from_bytes(&device.key.0).ok()?;
    if !batch.is_signed_by(&key, device.id) {
        return None;
    }
    let mut arrived = Vec::with_capacity(batch.changes.len());
    for (carried, seq) in batch.changes.iter().zip(batch.first..) {
        let id = ChangeId { device: device.id, seq };
        match carried.read() {
            Ok(encoded) if encoded.change().id == id => arrived.push(Arrived::new(encoded)),
            Ok(_) => return None,
            Err(_) => {
                let bytes = carried.0.get().as_bytes().to_vec();
                arrived.push(Arrived {
                    id,
                    hash: Hash::of(&bytes),
                    encoded: None,
                    bytes,
                });
            }
        }
    }
    Some(arrived)
}

fn take_batch(
    server: &Server,
    (device, grants): (&Device, &Grants),
    batch: &Batch,
    arrived: &[Arrived],
    conn: &Conn,
) -> Result<(Answer, Vec<News>)> {
    let only = |answer| Ok((answer, Vec::new()));
    let mut taken = Taken::default();
    let known = arrived.iter().take_while(|each| each.id.seq <= device.last_seq);
    for each in known {
        if !note_known(each, &mut taken, conn)? {
            return only(Answer::Fork { seq: each.id.seq });
        }
    }
    let new = arrived.get(taken.numbered.len() + taken.parked.len()..).unwrap_or(&[]);
    let chain = new
        .iter()
        .fold(device.chain, |chain, each| chain.with_change(each.hash));
    // A desk's numbers leap where its file was opened anew: only the chain tells whether something is missing before.
    if !new.is_empty() && chain != batch.chain {
        return only(if batch.first > device.last_seq + 1 {
            Answer::Gap {
                wanted: device.last_seq + 1,
            }
        } else {
            Answer::NotAuthentic
        });
    }
    let mut spaces = Spaces::new(server, conn);
    let granted = server.spaces_of(device);
    let named = new
        .iter()
        .filter_map(|each| Some(each.encoded.as_ref()?.change().space));
    spaces.lock(named.filter(|space| granted.contains(space)).collect())?;
    take_in(server, (device, grants), new, &mut spaces, &mut taken, conn)?;
    taken.news = spaces.close()?;
    let last_seq = new.last().map_or(device.last_seq, |last| last.id.seq);
    if !new.is_empty() {
        db::device::advance(device.id, last_seq, chain, conn)?;
    }
    let Taken { numbered, parked, news } = taken;
    Ok((
        Answer::Receipt {
            last_seq,
            numbered,
            parked,
        },
        news,
    ))
}

/// Notes what became of a change that came before. Answers `false` when another came then, or none: one life of the
/// desk's file leapt over a number that another used.
fn note_known(arrived: &Arrived, taken: &mut Taken, conn: &Conn) -> Result<bool> {
    let seq = arrived.id.seq;
    if let Some((lsn, hash)) = db::change::numbered(arrived.id, conn)? {
        taken.numbered.push(Numbered { seq, lsn });
        return Ok(hash == arrived.hash);
    }
    let Some((reason, hash)) = db::parked::get(arrived.id, conn)? else {
        return Ok(false);
    };
    taken.parked.push(Parked { seq, reason });
    Ok(hash == arrived.hash)
}

/// Numbers or parks each action of `new`.
pub fn take_in<'a>(
    server: &'a Server,
    from: (&Device, &Grants),
    new: &[Arrived],
    spaces: &mut Spaces<'a>,
    taken: &mut Taken,
    conn: &'a Conn,
) -> Result<()> {
    // What a desk calls a kind may be anything: only what is one is looked up by it.
    let changes: Vec<&Change> = new
        .iter()
        .filter_map(|each| Some(each.encoded.as_ref()?.change()))
        .filter(|change| entity(&change.kind).is_some())
        .collect();
    spaces.fetch(&changes)?;
    let mut rest = new;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|each| each.action() == first.action()).count();
        let Some((run, tail)) = rest.split_at_checked(length.max(1)) else {
            break;
        };
        rest = tail;
        let action: Option<Vec<Encoded>> = run.iter().map(|each| each.encoded.clone()).collect();
        let reason = match &action {
            None => Some(Reason::Malformed),
            Some(action) => reason_to_park(action, from, server, spaces, conn)?,
        };
        match (action, reason) {
            (Some(action), None) => number(&action, server, spaces, taken, conn)?,
            (_, reason) => {
                planted!(ParkedBlocksQueue, return Err(ServerError::NoPerson));
                park(run, reason.unwrap_or(Reason::Other), server, taken, conn)?;
                run.iter().for_each(|each| spaces.note_parked(each.id));
            }
        }
    }
    Ok(())
}

pub(super) fn number(
    action: &[Encoded],
    server: &Server,
    spaces: &mut Spaces<'_>,
    taken: &mut Taken,
    conn: &Conn,
) -> Result<()> {
    for encoded in action {
        let change = encoded.change();
        let present = spaces.get(change.space)?.ok_or(ServerError::NoSpace)?;
        let lsn = present.append(encoded)?;
        if let Some(origin) = change.origin
            && is_parked_alike(origin, change, server, conn)?
        {
            db::parked::decide(origin, db::parked::Decided::Adopted, server.now_ms(), conn)?;
        }
        taken.numbered.push(Numbered {
            seq: change.id.seq,
            lsn,
        });
        if change.space == server.district()
            && let Some(record) = present.record(&change.kind, change.record)?
        {
            people::follow(&record, server, conn)?;
            spaces.forget_accounts();
        }
    }
    Ok(())
}

/// Whether what is kept aside under that name says the same as `change`: a copy of the desk that wrote it may have
/// given the name to something else.
fn is_parked_alike(origin: ChangeId, change: &Change, server: &Server, conn: &Conn) -> Result<bool> {
    let Some(sealed) = db::parked::sealed_body(origin, conn)? else {
        return Ok(false);
    };
    let parked = server.open_parked(origin, &sealed)?;
    Ok(parked.is_some_and(|parked| {
        let parked = parked.change();
        (&parked.kind, parked.record, &parked.fields) == (&change.kind, change.record, &change.fields)
    }))
}

/// The kind, if it is a word at all: nothing else of what a desk sends stands open in a column.
fn kind_word(kind: &str) -> &str {
    let is_word = kind.len() <= LONGEST_KIND && kind.bytes().all(|letter| matches!(letter, b'a'..=b'z' | b'_'));
    if is_word { kind } else { "" }
}

fn park(run: &[Arrived], reason: Reason, server: &Server, taken: &mut Taken, conn: &Conn) -> Result<()> {
    for each in run {
        let change = each.encoded.as_ref().map(Encoded::change);
        let row = db::parked::Row {
            id: each.id,
            space: &change.map(|change| change.space.to_string()).unwrap_or_default(),
            action: change.map_or(Uuid::nil(), |change| change.action),
            kind: change.map_or("", |change| kind_word(&change.kind)),
            record: change.map_or(RecordId(Uuid::nil()), |change| change.record),
            reason,
            hash: each.hash,
            heard_ms: server.now_ms(),
            sealed_body: &server.own().key.seal(&format!("parked|{}", each.id), each.bytes()),
        };
        db::parked::insert(&row, conn)?;
        taken.parked.push(Parked {
            seq: each.id.seq,
            reason,
        });
    }
    Ok(())
}
