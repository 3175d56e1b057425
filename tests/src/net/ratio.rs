//! What loading a snapshot takes beside reading the log: the same hospital on two new desks, in one process and without a
//! network, so that only bytes and work count.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use desk::beginning::Step;
use desk::net::link::wall_ms;
use desk::round::{DeskSide, Heard};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::Serialize;
use server::db::device::Device;
use server::{InProcess, Server};
use store::{DatabaseKey, Store};
use sync_core::exchange::Peer;
use sync_core::frame::pack;
use sync_core::snapshot::Snapshots;
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

use super::first_sync::fill;
use crate::signed_in::sign_in;

/// What it took until a new desk held everything.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Load {
    /// What the server sent.
    pub bytes: usize,
    pub seconds: f64,
    pub file_bytes: u64,
}

/// The same hospital on two new desks.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ratio {
    pub changes: u64,
    /// Made once for all desks that join.
    pub making_seconds: f64,
    pub snapshot: Load,
    pub log: Load,
}

/// Loads a hospital once by its snapshot and once by its log.
///
/// # Errors
/// When one of the two desks does not come to hold the same as the server.
pub async fn measure(folder: &Path, hospital: sample::Size) -> Result<Ratio> {
    let server = fill(&folder.join("server"), hospital)?;
    let facility = sample::hospital_ids(sample::SEED).facility;
    let space = SpaceId::Facility(facility.0);
    let begun = Instant::now();
    server.newest_snapshot(space)?.context("a log long enough")?;
    let making_seconds = begun.elapsed().as_secs_f64();
    let mut loads = Vec::new();
    for (number, by_snapshot) in [(1, true), (2, false)] {
        let device = DeviceId(Uuid::from_u128(number));
        let key = SigningKey::from_bytes(&[7; 32]);
        let known = Device::new(device, Hash(key.verifying_key().to_bytes()), facility, 0);
        server.db().write(|tx| server::db::device::insert(&known, tx))?;
        loads.push(load(&server, device, key, space, by_snapshot, folder).await?);
    }
    let changes = server.heads()?.iter().map(|news| news.head).sum();
    Ok(Ratio {
        changes,
        making_seconds,
        snapshot: loads[0],
        log: loads[1],
    })
}

async fn load(
    server: &Server,
    device: DeviceId,
    key: SigningKey,
    space: SpaceId,
    by_snapshot: bool,
    folder: &Path,
) -> Result<Load> {
    let path = folder.join(format!("{device}.db"));
    let store = Arc::new(Store::create(&path, &DatabaseKey::new(&[7; 32]), device)?);
    store.follow(server.district())?;
    store.follow(space)?;
    let mut side = DeskSide::new(Arc::clone(&store), key);
    if by_snapshot {
        side = side.with_snapshots_of(VerifyingKey::from(&server.own().signing_key));
    }
    let people = server.db().read(server::db::account::all)?;
    let somebody = people
        .iter()
        .find(|account| account.is_active && account.facility.is_none());
    sign_in(
        &store,
        server,
        somebody.context("somebody works in the district")?.person,
    )?;
    let peer = InProcess {
        server: server.clone(),
        device,
    };
    let (begun, mut bytes) = (Instant::now(), 0);
    loop {
        let mut heard = Heard::default();
        let mut failed = None;
        peer.exchange(side.asks(wall_ms())?, &mut |answer| {
            bytes += pack(&answer).map_or(0, |frame| frame.len());
            failed = side.absorb(answer, wall_ms(), &mut heard).err();
        })
        .await?;
        ensure!(failed.is_none(), "{failed:?}");
        while let Some(step) = side.next_step()? {
            match step {
                Step::Manifest(wanted) => {
                    let space = wanted.space;
                    let offered = peer.offer(wanted).await?;
                    bytes += pack(&offered)?.len();
                    side.hear_offer(space, &offered, &mut heard)?;
                }
                Step::Pieces(wanted) => {
                    peer.pieces(wanted, &mut |some| {
                        bytes += some.len();
                        failed = side.hear_bytes(some, &mut heard).err();
                    })
                    .await?;
                    ensure!(failed.is_none() && side.hear_end()?, "{failed:?}");
                }
            }
        }
        if !heard.more {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let spaces = store.spaces()?;
    let is_whole = spaces
        .iter()
        .all(|space| space.cursor == space.head && !space.is_diverged);
    ensure!(is_whole, "not everything is here: {spaces:?}");
    Ok(Load {
        bytes,
        seconds,
        file_bytes: std::fs::metadata(&path)?.len(),
    })
}
