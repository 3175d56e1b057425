//! Jobs without a file: checks, scores, the fold, and what goes over the wire.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;

use anyhow::ensure;
use domain::check::applied;
use domain::scores::news2;
use domain::world::Overlay;
use domain::{Draft, check};
use sync_core::exchange::Carried;
use sync_core::frame::{Unpacker, pack};
use sync_core::{Change, Encoded, RecordState};

use super::Once;
use crate::{Result, ward};

/// So many changes are in a frame.
const IN_FRAME: u64 = 100;

pub fn check_patient(_: &Path, times: usize) -> Result<Once> {
    checked(ward::registration(5), times)
}

pub fn check_round(_: &Path, times: usize) -> Result<Once> {
    checked(ward::round(5), times)
}

fn checked(draft: Draft, times: usize) -> Result<Once> {
    let mut world = Overlay::alone();
    for number in 0..ward::ADMITTED {
        world.put(applied(None, &ward::registration(number + 100)));
        world.put(applied(None, &ward::encounter(number)));
    }
    let mut waiting = vec![vec![draft]; times];
    Ok(Box::new(move || {
        let checked = check(waiting.pop().unwrap_or_default(), &world)?;
        ensure!(
            black_box(checked).is_ok_and(|checked| checked.len() == 1),
            "the draft was refused"
        );
        Ok(())
    }))
}

pub fn news2(_: &Path, _: usize) -> Result<Once> {
    let round = applied(None, &ward::round(5));
    Ok(Box::new(move || {
        ensure!(news2::of(black_box(&round)).score() == Some(5), "another score");
        Ok(())
    }))
}

pub fn encode_one_field(_: &Path, times: usize) -> Result<Once> {
    encoded(ward::first(1, ward::one_field(5, 1)), times)
}

pub fn encode_patient(_: &Path, times: usize) -> Result<Once> {
    encoded(ward::first(1, ward::registration(5)), times)
}

fn encoded(change: Change, times: usize) -> Result<Once> {
    let mut waiting = vec![change; times];
    Ok(Box::new(move || {
        let encoded = waiting.pop().map(Encoded::new);
        ensure!(black_box(encoded).is_some(), "nothing was left to encode");
        Ok(())
    }))
}

pub fn decode_patient(_: &Path, times: usize) -> Result<Once> {
    let bytes = Encoded::new(ward::first(1, ward::registration(5))).bytes().to_vec();
    let mut waiting = vec![bytes; times];
    Ok(Box::new(move || {
        let read = Encoded::read(waiting.pop().unwrap_or_default())?;
        ensure!(black_box(read).change().fields.len() == 12, "another change");
        Ok(())
    }))
}

fn folded(changes: &[Change]) -> RecordState {
    let mut applied = BTreeSet::new();
    let mut state = RecordState::new("patient", ward::patient_id(5));
    for change in changes {
        state.apply(change, None, |id| applied.contains(id));
        applied.insert(change.id);
    }
    state
}

pub fn fold(_: &Path, _: usize) -> Result<Once> {
    let changes = ward::twenty_changes();
    ensure!(changes.len() == 20, "not 20 changes");
    Ok(Box::new(move || {
        let state = folded(black_box(&changes));
        ensure!(state.conflicts().count() == 1, "not one conflict");
        Ok(())
    }))
}

pub fn digest(_: &Path, _: usize) -> Result<Once> {
    let state = folded(&ward::twenty_changes());
    Ok(Box::new(move || {
        black_box(black_box(&state).digest());
        Ok(())
    }))
}

fn carried() -> Result<Vec<Carried>> {
    let encoded = (0..IN_FRAME).map(|number| Encoded::new(ward::first(number + 1, ward::registration(number))));
    Ok(encoded.map(|encoded| Carried::of(&encoded)).collect::<Result<_, _>>()?)
}

pub fn pack_frame(_: &Path, _: usize) -> Result<Once> {
    let changes = carried()?;
    Ok(Box::new(move || {
        black_box(pack(black_box(&changes))?);
        Ok(())
    }))
}

pub fn read_frame(_: &Path, _: usize) -> Result<Once> {
    let frame = pack(&carried()?)?;
    Ok(Box::new(move || {
        let mut unpacker = Unpacker::default();
        unpacker.push(black_box(&frame));
        let read: Option<Vec<Carried>> = unpacker.take()?;
        ensure!(read.is_some_and(|read| read.len() as u64 == IN_FRAME), "another frame");
        Ok(())
    }))
}
