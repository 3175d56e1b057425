//! What stands behind a checksum, a signature or a seal, which nobody finds by trying: the bytes are put behind one that
//! fits, as somebody does who has the key, and read to the end as the product does. Each reading begins with the same desk
//! and the same server, so that what stumbled once stumbles again.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use desk::keys::file::DeskFile;
use desk::keys::seal::Key;
use desk::keys::secret::SecretHome;
use desk::keys::twice;
use desk::round::{DeskSide, Heard};
use domain::arrival::Tier;
use domain::views::{ViewError, view};
use domain::world::Ctx;
use domain::{RecordId, Time};
use ed25519_dalek::SigningKey;
use serde_json::{Value as Json, json};
use server::Server;
use server::exchange::round::Round;
use store::{DatabaseKey, Store, StoreError};
use sync_core::exchange::{Answer, Ask, Batch, Carried, Entry, Page, SignatureText, sign};
use sync_core::snapshot::{BadPiece, FORM, Manifest, Offered, Piece, SignedManifest};
use sync_core::{Chain, Change, DeviceId, Digest, Encoded, Hash, SpaceId};
use tempfile::TempDir;
use uuid::Uuid;

use super::reading::{server_key, words};
use crate::attack::rig::{self, Desk as Sender, Rig, hello};
use crate::place::memory_folder;

type Read<T = ()> = Result<T, String>;

/// As which desk somebody reads.
const DEVICE: DeviceId = DeviceId(Uuid::from_u128(7));
/// The clock of all who read.
const NOW_MS: i64 = rig::BEGIN_MS;
/// What is followed where what is read names no space.
const SPACE: SpaceId = SpaceId::Facility(Uuid::from_u128(8));
/// What is looked at of one page or batch.
const MOST_CHANGES: usize = 20;

/// The text as the one frame that says it.
pub fn framed(text: &[u8]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
    let body = packed(text);
    let hash = Hash::of(text).0;
    let begun = hash.iter().take(16).copied();
    let head = length(body.len()).into_iter().chain(length(text.len())).chain(begun);
    head.chain(body).collect()
}

/// The text, packed.
pub fn packed(text: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(text, 1).unwrap_or_default()
}

/// The signature of the server in the corpus under the text.
pub fn signature(text: &str, purpose: &str) -> SignatureText {
    sign(&server_key(), purpose, text.as_bytes())
}

/// A desk with an empty file, which knows the server in the corpus.
struct Reader {
    side: DeskSide,
    store: Arc<Store>,
    _folder: TempDir,
}

fn database_key() -> DatabaseKey {
    DatabaseKey::new(&[7; 32])
}

impl Reader {
    fn new(space: SpaceId) -> Read<Reader> {
        static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
        let folder = memory_folder().map_err(words)?;
        let path = folder.path().join("desk.db");
        let empty = EMPTY.get_or_init(|| {
            drop(Store::create(&path, &database_key(), DEVICE).expect("an empty file"));
            std::fs::read(&path).expect("the file that was made")
        });
        std::fs::write(&path, empty).map_err(words)?;
        let store = Arc::new(Store::open(&path, &database_key()).map_err(words)?);
        store.follow(space).map_err(words)?;
        let signs = server_key().verifying_key();
        let side = DeskSide::new(Arc::clone(&store), SigningKey::from_bytes(&[8; 32]));
        Ok(Reader {
            side: side.with_snapshots_of(signs).obeying(signs),
            store,
            _folder: folder,
        })
    }

    /// Whatever was taken in: what pages show follows from the log.
    fn verify(&self) -> Read {
        let found = self.store.verify().map_err(words)?;
        assert!(found.is_empty(), "pages show what the log does not say: {found:?}");
        Ok(())
    }

    /// Opens every page of the window, about each of these records too.
    fn look(&self, changes: &[Encoded]) -> Read {
        let Some(SpaceId::Facility(facility)) = changes.first().map(|first| first.change().space) else {
            return Ok(());
        };
        let now = Time(NOW_MS);
        let ctx = Ctx {
            now,
            today: now.day(0),
            utc_offset_minutes: 0,
            facility: RecordId(facility),
            person: RecordId(DEVICE.0),
            role: "facility_admin".to_owned(),
            heard: Some(now),
        };
        let asked = asked(now, changes);
        let looked = self.store.read(|records, _| {
            for (name, args) in &asked {
                let shown = view(name, args, records, &ctx);
                assert!(
                    !matches!(shown, Err(ViewError::Arguments)),
                    "{name} is asked for wrongly"
                );
            }
            Ok::<_, StoreError>(())
        });
        looked.map_err(words)
    }
}

/// Every way in which pages are asked for.
fn asked(now: Time, changes: &[Encoded]) -> Vec<(&'static str, Json)> {
    let day = now.day(0);
    let mut asked = vec![
        ("patients", json!({ "which": "admitted" })),
        ("patients", json!({ "which": "discharged" })),
        ("find_patients", json!({ "text": "a" })),
        (
            "likely_same",
            json!({ "fields": { "name": "Kamala Devi" }, "except": null }),
        ),
        ("triage_month", json!({ "day": day })),
        ("triage_form", json!({ "day": day, "shift": "morning" })),
        ("audit_log", json!({})),
    ];
    asked.extend(["war_room", "bed_board", "wall", "stock", "inbox"].map(|name| (name, Json::Null)));
    let mut records: Vec<_> = changes
        .iter()
        .map(|change| (&change.change().kind, change.change().record))
        .collect();
    records.sort();
    records.dedup();
    for (kind, id) in records {
        asked.push(("records", json!({ "kind": kind })));
        asked.push(("record", json!({ "kind": kind, "id": id })));
        asked.push(("patient", json!({ "id": id })));
        asked.push(("news2", json!({ "patient": id, "fields": {} })));
        asked.push(("stock_item", json!({ "item": id, "from": day, "to": day })));
        asked.push(("audit_log", json!({ "patient": id, "day": day })));
        asked.push(("who_looked", json!({ "patient": id })));
        asked.push(("erased", json!({ "patient": id })));
    }
    asked
}

/// What the page says that can be read.
fn said(page: &Page) -> Vec<Encoded> {
    let carried = page.entries.iter().filter_map(|entry| entry.change.as_ref());
    carried
        .filter_map(|carried| carried.read().ok())
        .take(MOST_CHANGES)
        .collect()
}

/// The page as a server would send it as the first of its space: numbered, and under the chain that fits.
fn numbered(page: &Page) -> Page {
    let changes = said(page);
    let space = changes.first().map_or(SPACE, |first| first.change().space);
    let (mut chain, mut entries) = (Chain::default(), Vec::new());
    for (lsn, encoded) in (1..).zip(changes.iter().filter(|change| change.change().space == space)) {
        let id = encoded.change().id;
        chain = chain.with_entry(lsn, id, encoded.hash());
        let change = Carried::of(encoded).ok();
        entries.push(Entry { lsn, id, change });
    }
    let to = entries.len() as u64;
    Page {
        space,
        epoch: page.epoch,
        from: 1,
        to,
        head: to,
        entries,
        chain,
        digest: None,
    }
}

/// What a server says, taken in by a desk.
pub fn answer(answer: Answer) -> Read {
    let answer = match answer {
        Answer::Page(page) => Answer::Page(numbered(&page)),
        Answer::Withdraw(mut order) => {
            order.signature = signature(&order.text, "wardroom order 1");
            Answer::Withdraw(order)
        }
        other => other,
    };
    let (space, changes) = match &answer {
        Answer::Page(page) => (page.space, said(page)),
        _ => (SPACE, Vec::new()),
    };
    let reader = Reader::new(space)?;
    let absorbed = reader.side.absorb(answer, NOW_MS, &mut Heard::default());
    reader.verify()?;
    reader.look(&changes)?;
    absorbed.map_err(|failure| failure.code)
}

/// A piece of a snapshot that the server signed, taken in by a desk that begins with it.
pub fn piece(bytes: &[u8]) -> Read {
    let wanted = |records| Piece {
        hash: Hash::of(bytes),
        tier: Tier::Present,
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        records,
    };
    let read = (1..=3).map(|records| sync_core::snapshot::read(&wanted(records), bytes).map(|_| records));
    let records = read
        .into_iter()
        .find(Result::is_ok)
        .unwrap_or(Err(BadPiece::Unreadable))
        .map_err(words)?;
    let manifest = Manifest {
        form: FORM,
        space: SPACE,
        epoch: 1,
        lsn: 3,
        chain: Chain::default(),
        digest: Digest::default(),
        made_ms: NOW_MS,
        pieces: vec![wanted(records)],
    };
    let offered = Offered {
        manifest: Some(SignedManifest::new(&server_key(), &manifest)),
        key: None,
    };
    let (reader, mut heard) = (Reader::new(SPACE)?, Heard::default());
    let failed = |failure: desk::Failure| failure.code;
    reader.side.hear_offer(SPACE, &offered, &mut heard).map_err(failed)?;
    reader.side.next_step().map_err(failed)?;
    // The state that it comes to may be another than the manifest says: then it is given up, and the log is read.
    let _ = reader.side.hear_bytes(bytes, &mut heard);
    reader.side.hear_end().map_err(failed)?;
    reader.verify()
}

/// What a copy holds once its seal is open, taken in by a desk of the same facility.
pub fn copy(bytes: &[u8]) -> Read {
    let carried: Vec<Carried> = serde_json::from_slice(bytes).map_err(|error| error.column().to_string())?;
    let read = carried.iter().take(MOST_CHANGES).map(Carried::read);
    let changes: Vec<Encoded> = read.collect::<Result<_, _>>().map_err(words)?;
    let reader = Reader::new(changes.first().map_or(SPACE, |first| first.change().space))?;
    reader.store.import(changes.clone()).map_err(words)?;
    reader.verify()?;
    reader.look(&changes)
}

/// A server with a desk, as both stood at the beginning.
fn server() -> Read<(Server, Sender, TempDir)> {
    static BEGUN: OnceLock<(Rig, Sender)> = OnceLock::new();
    let (rig, sender) = BEGUN.get_or_init(|| {
        let rig = Rig::new();
        let sender = rig.desk(rig.here);
        rig.server.db().checkpoint().expect("a file of its own");
        (rig, sender)
    });
    let folder = memory_folder().map_err(words)?;
    for name in ["master.key", "district.db"] {
        std::fs::copy(rig.dir().join(name), folder.path().join(name)).map_err(words)?;
    }
    let server = Server::open(folder.path(), rig::config(&rig.clock)).map_err(words)?;
    Ok((server, sender.clone(), folder))
}

/// The changes as those of the desk's own nurse.
fn own(batch: &Batch, sender: &Sender, district: SpaceId) -> Vec<Encoded> {
    let carried = batch.changes.iter().filter_map(|carried| carried.read().ok());
    let own = |(seq, read): (u64, Encoded)| {
        let mut change: Change = read.change().clone();
        change.id = sync_core::ChangeId { device: sender.id, seq };
        change.actor = sender.actor;
        change.space = match change.space {
            SpaceId::Facility(_) => sender.space,
            SpaceId::District(_) => district,
            other => other,
        };
        Encoded::new(change)
    };
    (1..).zip(carried.take(MOST_CHANGES)).map(own).collect()
}

/// What somebody saved, brought by a desk with its signature: taken in by the server, and what comes of it by another desk,
/// which then holds the same.
pub fn batch(batch: &Batch) -> Read {
    let (server, sender, _folder) = server()?;
    let changes = own(batch, &sender, server.district());
    let batch = Batch::new(&sender.key, sender.id, Chain::default(), &changes).map_err(words)?;
    let pull = Ask::Pull {
        space: sender.space,
        epoch: 1,
        cursor: 0,
    };
    let mut sending = sender;
    sending.changes = changes;
    let mut round = Round::begin(&server, sending.id).map_err(words)?;
    for ask in sending.showing(vec![hello(), Ask::Push(batch), pull]) {
        round.take(ask).map_err(words)?;
    }
    let mut answers = round.answers().map_err(words)?;
    let reader = Reader::new(sending.space)?;
    while let Some(answer) = answers.next_answer().map_err(words)? {
        if let Answer::Page(page) = answer {
            let absorbed = reader.store.absorb(page, NOW_MS).map_err(words)?;
            assert!(!absorbed.is_diverged, "a desk holds another state than the server");
        }
    }
    reader.verify()?;
    reader.look(&sending.changes)
}

/// The desk's own file as the desk itself sealed it, from the one that stands within the bytes.
pub fn sealed_desk_file(bytes: &[u8], folder: &Path) -> Read {
    let read: Json = serde_json::from_slice(bytes).map_err(|error| error.column().to_string())?;
    let within = read.get("desk").unwrap_or(&read).clone();
    let file: DeskFile = serde_json::from_value(within).map_err(|_| "no file of a desk")?;
    let file = DeskFile {
        secret_home: SecretHome::File,
        ..file
    };
    twice::write(folder, &file, &twice::sealing_key(&Key::copied(&[0; 32]))).map_err(words)
}
