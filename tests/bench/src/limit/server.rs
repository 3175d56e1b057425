//! The server: batches that come, pages that go, snapshots; in a file and in PostgreSQL.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use ed25519_dalek::SigningKey;
use rusqlite::Connection;
use server::db::Address;
use server::exchange::grants::Grants;
use server::exchange::pull::Pull;
use server::{Config, Server};
use store::{DatabaseKey, Store};
use sync_core::exchange::{Answer, Ask, Batch};
use sync_core::frame::{Unpacker, pack};
use sync_core::{Chain, DeviceId, Encoded};
use uuid::Uuid;
use wardroom_tests::cluster::Cluster;
use wardroom_tests::place::memory_folder;
use wardroom_tests::smallest::{self, SPACE};

use super::by_hand;
use super::postgres::Bare;
use crate::Setting;
use crate::figures::per_second;
use crate::report::{Chapter, Unit};
use crate::rounds::{Figures, contestant, in_turns};
use crate::ward::{self, Author};

const BATCH: usize = 1_000;
const ON_POSTGRES: &str = "ours on PostgreSQL";

/// What comes and goes beside the bare bytes put into and taken out of the same database.
///
/// # Errors
/// When a server cannot be begun.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "server",
        "The server",
        "Signed batches of 1,000 patients of 12 fields, from the bytes of the request to the receipt: unpacked, the signature and \
         each change checked, judged by rights, numbered without a hole, folded, sealed (AES-256-GCM), committed. Then pages of \
         all of them for another desk, to the bytes of the answer. Then the snapshot for a desk that joins, and that desk's \
         taking it in. By hand: the bytes of the same changes, nothing else, 1,000 rows a transaction, and read again. Only read \
         and checked: what no server leaves out that checks anything, the batches unpacked, the signature and each change \
         checked, and nothing judged, folded, sealed or written. All files are in memory, so that the work is compared and not the disk.",
    );
    let patients = setting.size(3_000, 20_000);
    let batches = batches(patients)?;
    let (frames, bodies): (Vec<_>, Vec<_>) = batches.into_iter().map(|one| (one.frame, one.bodies)).unzip();
    let cluster = Cluster::of_process();
    if let Err(reason) = &cluster {
        chapter.left_out.push(format!("PostgreSQL: {reason}"));
    }
    let mut contestants = vec![
        contestant("ours", |_| ours(&frames, patients, None)),
        contestant("SQLite by hand", |_| in_sqlite(&bodies)),
        contestant("only read and checked", |_| only_read(&frames)),
    ];
    if let Ok(cluster) = cluster {
        let fresh = |cluster: &Cluster| -> Result<String> {
            Ok(cluster.address(&cluster.schema().map_err(anyhow::Error::msg)?))
        };
        let (frames, bodies) = (&frames, &bodies);
        contestants.push(contestant(ON_POSTGRES, move |_| {
            ours(frames, patients, Some(&fresh(cluster)?))
        }));
        contestants.push(contestant("PostgreSQL by hand, UNNEST", move |_| {
            Bare::new(&fresh(cluster)?)?.unnested(bodies)
        }));
        contestants.push(contestant("PostgreSQL by hand, COPY", move |_| {
            Bare::new(&fresh(cluster)?)?.copied(bodies)
        }));
    }
    let measured = in_turns(setting.rounds, &mut contestants)?;
    for (key, what, unit) in [
        ("pushed", "changes taken in and acknowledged", Unit::PerSecond),
        ("pulled", "changes handed on", Unit::PerSecond),
        ("pushed_bytes", "bytes of a change on its way in", Unit::Bytes),
        ("pulled_bytes", "bytes of a change on its way out", Unit::Bytes),
        ("file_bytes", "bytes of the server's file for each patient", Unit::Bytes),
        ("snapshot_made", "patients put into a snapshot", Unit::PerSecond),
        ("snapshot_bytes", "bytes of a patient in a snapshot", Unit::Bytes),
        (
            "snapshot_taken",
            "patients taken in out of a snapshot by a desk",
            Unit::PerSecond,
        ),
    ] {
        chapter
            .rows
            .push(measured.row(&format!("server.{key}"), what, unit, key)?);
    }
    if cluster.is_ok() {
        for (figure, what) in [
            ("pushed", "changes taken in and acknowledged, on PostgreSQL"),
            ("pulled", "changes handed on, from PostgreSQL"),
        ] {
            let key = format!("server.{figure}_postgres");
            let row = measured.row_of(ON_POSTGRES, &key, what, Unit::PerSecond, figure)?;
            chapter.rows.push(row);
        }
    }
    Ok(chapter)
}

/// Who sends.
struct Sender {
    id: DeviceId,
    key: SigningKey,
}

fn sender() -> Sender {
    Sender {
        id: DeviceId(Uuid::from_u128(0xa)),
        key: SigningKey::from_bytes(&[7; 32]),
    }
}

/// A batch as it comes over the wire, and the bare bytes of each change in it.
struct Sent {
    frame: Vec<u8>,
    bodies: Vec<Vec<u8>>,
}

fn batches(patients: usize) -> Result<Vec<Sent>> {
    let sender = sender();
    let mut author = Author::new(sender.id.0.as_u128(), SPACE);
    let mut chain = Chain::default();
    let mut batches = Vec::new();
    for first in (0..patients).step_by(BATCH) {
        let numbers = first..(first + BATCH).min(patients);
        let changes: Vec<Encoded> = numbers
            .flat_map(|number| author.changes(vec![ward::registration(number as u64)]))
            .collect();
        let batch = Batch::new(&sender.key, sender.id, chain, &changes)?;
        chain = batch.chain;
        let bodies = changes.iter().map(|change| change.bytes().to_vec()).collect();
        let frame = pack(&Ask::Push(batch))?;
        batches.push(Sent { frame, bodies });
    }
    Ok(batches)
}

fn ours(frames: &[Vec<u8>], patients: usize, database: Option<&str>) -> Result<Figures> {
    let folder = memory_folder()?;
    let config = Config {
        database: database.and_then(Address::read),
        ..smallest::config()
    };
    let server = smallest::begin(&folder.path().join("server"), config)?;
    let sender = sender();
    smallest::let_in(&server, sender.id, &sender.key)?;
    let receiver = DeviceId(Uuid::from_u128(0xb));
    smallest::let_in(&server, receiver, &SigningKey::from_bytes(&[8; 32]))?;
    let begun = Instant::now();
    for frame in frames {
        push(&server, sender.id, frame)?;
    }
    let pushed = begun.elapsed();
    let bytes: usize = frames.iter().map(Vec::len).sum();
    let mut figures = Figures::from([
        ("pushed", per_second(patients, pushed)),
        ("pushed_bytes", bytes as f64 / patients as f64),
    ]);
    let (pulled, bytes) = pull_all(&server, receiver)?;
    figures.insert("pulled", per_second(patients, pulled));
    figures.insert("pulled_bytes", bytes as f64 / patients as f64);
    snapshot(&server, receiver, patients, folder.path(), &mut figures)?;
    drop(server);
    if database.is_none() {
        let bytes = std::fs::metadata(folder.path().join("server/district.db"))?.len();
        figures.insert("file_bytes", bytes as f64 / patients as f64);
    }
    Ok(figures)
}

fn unpacked(frame: &[u8]) -> Result<Batch> {
    let mut unpacker = Unpacker::default();
    unpacker.push(frame);
    match unpacker.take()? {
        Some(Ask::Push(batch)) => Ok(batch),
        _ => bail!("no batch"),
    }
}

/// Unpacked, the signature checked, each change read, hashed and chained; nothing is done with it.
fn only_read(frames: &[Vec<u8>]) -> Result<Figures> {
    let sender = sender();
    let key = sender.key.verifying_key();
    let (mut chain, mut changes) = (Chain::default(), 0);
    let begun = Instant::now();
    for frame in frames {
        let batch = unpacked(frame)?;
        ensure!(batch.is_signed_by(&key, sender.id), "not signed");
        for carried in &batch.changes {
            chain = chain.with_change(carried.read()?.hash());
        }
        ensure!(chain == batch.chain, "another chain");
        changes += batch.changes.len();
    }
    Ok(Figures::from([("pushed", per_second(changes, begun.elapsed()))]))
}

fn push(server: &Server, from: DeviceId, frame: &[u8]) -> Result<()> {
    let batch = unpacked(frame)?;
    let Answer::Receipt { numbered, .. } = server.push(from, &batch, &Grants::default())? else {
        bail!("no receipt");
    };
    ensure!(numbered.len() == batch.changes.len(), "something was kept aside");
    Ok(())
}

fn pull_all(server: &Server, receiver: DeviceId) -> Result<(Duration, usize)> {
    let begun = Instant::now();
    let (mut epoch, mut cursor, mut bytes) = (0, 0, 0);
    loop {
        let pull = Pull {
            space: SPACE,
            epoch,
            cursor,
            page_bytes: server.config().limits.page_bytes,
        };
        let answer = server.page(receiver, pull)?;
        let Answer::Page(page) = &answer else {
            bail!("no page");
        };
        (epoch, cursor) = (page.epoch, page.to);
        let is_last = page.to == page.head;
        bytes += pack(&answer)?.len();
        if is_last {
            return Ok((begun.elapsed(), bytes));
        }
    }
}

fn snapshot(server: &Server, receiver: DeviceId, patients: usize, folder: &Path, figures: &mut Figures) -> Result<()> {
    let begun = Instant::now();
    let signed = server.newest_snapshot(SPACE)?.context("no snapshot")?;
    figures.insert("snapshot_made", per_second(patients, begun.elapsed()));
    let manifest = signed.read(&server.verifying_key()).context("not signed")?;
    let store = Store::create(&folder.join("ward.db"), &DatabaseKey::new(&ward::KEY), receiver)?;
    store.follow(SPACE)?;
    let hashes: Vec<_> = manifest.pieces.iter().map(|piece| piece.hash).collect();
    store.begin_snapshot(manifest)?;
    let (mut bytes, mut spent) = (0, Duration::ZERO);
    for hash in hashes {
        let piece = server.piece(receiver, SPACE, hash)?.context("no piece")?;
        bytes += piece.len();
        let begun = Instant::now();
        store.take_piece(SPACE, hash, &piece)?;
        spent += begun.elapsed();
    }
    figures.insert("snapshot_bytes", bytes as f64 / patients as f64);
    figures.insert("snapshot_taken", per_second(patients, spent));
    Ok(())
}

/// The bytes alone, into a file with the settings of the server's.
fn in_sqlite(batches: &[Vec<Vec<u8>>]) -> Result<Figures> {
    let folder = memory_folder()?;
    let mut conn = Connection::open(folder.path().join("bare.db"))?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         CREATE TABLE bare (lsn INTEGER NOT NULL PRIMARY KEY, name BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;",
    )?;
    let patients: usize = batches.iter().map(Vec::len).sum();
    let mut lsn = 0_u64;
    let begun = Instant::now();
    for batch in batches {
        let tx = conn.transaction()?;
        {
            let mut insert = tx.prepare_cached("INSERT INTO bare (lsn, name, bytes) VALUES (?1, ?2, ?3)")?;
            for bytes in batch {
                lsn += 1;
                insert.execute((lsn.cast_signed(), by_hand::blob(lsn, 24), bytes))?;
            }
        }
        tx.commit()?;
    }
    let pushed = begun.elapsed();
    let begun = Instant::now();
    let mut query = conn.prepare("SELECT lsn, bytes FROM bare WHERE lsn > 0 ORDER BY lsn")?;
    let mut read = 0;
    for bytes in query.query_map([], |row| row.get::<_, Vec<u8>>(1))? {
        read += bytes?.len();
    }
    ensure!(read > 0, "nothing was read");
    let pulled = begun.elapsed();
    let bare: Vec<u8> = batches.concat().concat();
    let packed = zstd::bulk::compress(&bare, 3)?.len() as f64 / patients as f64;
    Ok(Figures::from([
        ("pushed", per_second(patients, pushed)),
        ("pulled", per_second(patients, pulled)),
        ("pushed_bytes", packed),
        ("pulled_bytes", packed),
    ]))
}
