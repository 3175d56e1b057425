//! The bed board: who lies where, and where a patient could be put.

use std::sync::Arc;

use serde::Serialize;
use ts_rs::TS;

use crate::access::{may_see_field, sees_patients};
use crate::entities::{bed, bed_hold, bed_stay, encounter, ward};
use crate::record::Record;
use crate::value::{RecordId, Time};
use crate::views::Shown;
use crate::views::line::{PatientLine, line_with};
use crate::ward::beds::{BedStatus, Board, read_board};
use crate::ward::persons;
use crate::ward::presence::{Presence, present};
use crate::world::{Ctx, Records};

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct BedBoard {
    /// Of all wards together.
    pub figures: BedFigures,
    pub wards: Vec<WardBand>,
    /// Admitted people who lie in no bed.
    pub waiting: Vec<Arc<PatientLine>>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WardBand {
    pub id: RecordId,
    pub name: String,
    pub floor: Option<String>,
    /// Beds for which there is staff; more than these are never counted free.
    pub staffed_beds: Option<i64>,
    pub beds: Vec<BedTile>,
    pub figures: BedFigures,
}

/// How many beds are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct BedFigures {
    pub total: i64,
    pub occupied: i64,
    pub held: i64,
    pub cleaning: i64,
    pub blocked: i64,
    /// Empty, not held, and within the ward's staffed beds.
    pub free: i64,
    /// Empty beyond the ward's staffed beds: nobody could look after who lies there.
    pub unstaffed: i64,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct BedTile {
    pub id: RecordId,
    pub label: String,
    pub bed_type: String,
    pub room: Option<RecordId>,
    pub status: BedStatus,
    pub occupant: Option<Occupant>,
    pub hold: Option<HoldShown>,
    /// More than one person claims the bed, or who lies in it was admitted twice: see the inbox.
    pub clash: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Occupant {
    pub stay: RecordId,
    pub since: Time,
    /// Whole days in the facility.
    pub days: i64,
    pub patient: Arc<PatientLine>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct HoldShown {
    pub id: RecordId,
    pub reason: String,
    pub note: Option<String>,
    pub from: Time,
    pub expires: Option<Time>,
    /// The patient it is held for.
    pub patient_name: Option<String>,
}

/// The whole board, wards and beds in their order.
pub fn bed_board(world: &dyn Records, ctx: &Ctx) -> Shown<BedBoard> {
    let board = read_board(world, ctx.now)?;
    let there = present(world)?;
    let twice: Vec<&Record> = there
        .iter()
        .filter(|each| each.is_twice())
        .flat_map(Presence::open)
        .collect();
    let mut wards = Vec::new();
    for band in &board.wards {
        let beds = band
            .beds
            .iter()
            .map(|bed| tile(world, ctx, &board, &twice, bed))
            .collect::<Shown<Vec<_>>>()?;
        wards.push(WardBand {
            id: band.ward.id,
            name: ward::NAME.of(&band.ward).unwrap_or_default().to_owned(),
            floor: ward::FLOOR.of(&band.ward).map(str::to_owned),
            staffed_beds: ward::STAFFED_BEDS.of(&band.ward),
            figures: band.figures,
            beds,
        });
    }
    Ok(BedBoard {
        figures: board.figures(),
        wards,
        waiting: waiting(world, ctx, &board, &there)?,
    })
}

fn tile(world: &dyn Records, ctx: &Ctx, board: &Board, twice: &[&Record], bed: &Record) -> Shown<BedTile> {
    let stays = board.stays_on(bed.id);
    let is_twice = |stay: &Record| {
        let encounter = bed_stay::ENCOUNTER.of(stay);
        twice.iter().any(|each| Some(each.id) == encounter)
    };
    let occupant = match stays.first() {
        Some(stay) => occupant(world, ctx, stay)?,
        None => None,
    };
    let hold = match board.hold_on(bed.id) {
        Some(hold) => Some(hold_shown(world, ctx, hold)?),
        None => None,
    };
    Ok(BedTile {
        id: bed.id,
        label: bed::LABEL.of(bed).unwrap_or_default().to_owned(),
        bed_type: bed::BED_TYPE.of(bed).unwrap_or_default().to_owned(),
        room: bed::ROOM.of(bed),
        status: board.status(bed.id),
        occupant,
        hold,
        clash: stays.len() > 1 || stays.iter().any(is_twice),
    })
}

fn occupant(world: &dyn Records, ctx: &Ctx, stay: &Record) -> Shown<Option<Occupant>> {
    let Some(encounter) = bed_stay::ENCOUNTER
        .of(stay)
        .map(|id| world.get("encounter", id))
        .transpose()?
        .flatten()
    else {
        return Ok(None);
    };
    let Some(patient) = encounter::PATIENT
        .of(&encounter)
        .map(|id| persons::person(world, id))
        .transpose()?
        .flatten()
    else {
        return Ok(None);
    };
    let since = bed_stay::FROM.of(stay).unwrap_or(Time(0));
    let admitted = encounter::ADMITTED_AT.of(&encounter).unwrap_or(since);
    let patient = line_with(world, ctx, &patient, Some(&encounter))?;
    let days = ctx.today.days() - admitted.day(ctx.utc_offset_minutes).days();
    Ok(Some(Occupant {
        stay: stay.id,
        since,
        days,
        patient,
    }))
}

fn hold_shown(world: &dyn Records, ctx: &Ctx, hold: &Record) -> Shown<HoldShown> {
    let encounter = bed_hold::ENCOUNTER
        .of(hold)
        .map(|id| world.get("encounter", id))
        .transpose()?
        .flatten();
    let patient = encounter.as_ref().and_then(|each| encounter::PATIENT.of(each));
    let patient = patient.map(|id| persons::person(world, id)).transpose()?.flatten();
    Ok(HoldShown {
        id: hold.id,
        reason: bed_hold::REASON.of(hold).unwrap_or_default().to_owned(),
        note: bed_hold::NOTE
            .of(hold)
            .filter(|_| may_see_field(&ctx.role, &hold.kind, bed_hold::NOTE.name()))
            .map(str::to_owned),
        from: bed_hold::FROM.of(hold).unwrap_or(Time(0)),
        expires: bed_hold::EXPIRES.of(hold),
        patient_name: patient
            .filter(|_| sees_patients(&ctx.role))
            .as_ref()
            .and_then(|each| crate::entities::patient::NAME.of(each))
            .map(str::to_owned),
    })
}

/// Who is in and lies in no bed.
fn waiting(world: &dyn Records, ctx: &Ctx, board: &Board, there: &[Presence]) -> Shown<Vec<Arc<PatientLine>>> {
    let mut lines = Vec::new();
    let has_bed = |each: &&Presence| each.open().any(|open| board.holds_encounter(open.id));
    for each in there.iter().filter(|each| !has_bed(each)) {
        let patient = persons::person(world, each.person)?;
        if let Some(patient) = patient {
            lines.push(line_with(world, ctx, &patient, each.open().next())?);
        }
    }
    lines.sort_by(|a, b| (a.admitted_at, &a.name).cmp(&(b.admitted_at, &b.name)));
    Ok(lines)
}
