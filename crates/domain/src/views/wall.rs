//! The board on the wall: each bed by its number with its state. Who lies there has no place in it: not hidden, but
//! not there, so that no mistake of a page can show it.

use serde::Serialize;
use ts_rs::TS;

use crate::entities::{bed, ward};
use crate::record::Record;
use crate::value::RecordId;
use crate::views::Shown;
use crate::views::beds::BedFigures;
use crate::views::names;
use crate::ward::beds::{BedStatus, Board, read_board};
use crate::world::{Ctx, Records};

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WallBoard {
    pub facility: String,
    /// Of all wards together.
    pub figures: BedFigures,
    pub wards: Vec<WallWard>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WallWard {
    pub id: RecordId,
    pub name: String,
    pub figures: BedFigures,
    pub beds: Vec<WallBed>,
}

/// A bed without anything about a person: neither who, nor how ill, nor for whom it is held.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WallBed {
    pub id: RecordId,
    pub label: String,
    pub status: BedStatus,
}

/// All wards and beds in their order.
pub fn wall(world: &dyn Records, ctx: &Ctx) -> Shown<WallBoard> {
    let board = read_board(world, ctx.now)?;
    Ok(WallBoard {
        facility: names::facility_name(world, ctx.facility)?,
        figures: board.figures(),
        wards: board
            .wards
            .iter()
            .map(|band| WallWard {
                id: band.ward.id,
                name: ward::NAME.of(&band.ward).unwrap_or_default().to_owned(),
                figures: band.figures,
                beds: band.beds.iter().map(|bed| wall_bed(&board, bed)).collect(),
            })
            .collect(),
    })
}

fn wall_bed(board: &Board, bed: &Record) -> WallBed {
    WallBed {
        id: bed.id,
        label: bed::LABEL.of(bed).unwrap_or_default().to_owned(),
        status: board.status(bed.id),
    }
}
