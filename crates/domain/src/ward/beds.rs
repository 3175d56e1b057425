//! Beds now: occupied, held, being cleaned, blocked or free. Derived from intervals, never stored.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use ts_rs::TS;

use crate::entities::{bed, bed_hold, bed_stay, ward};
use crate::field::Field;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::beds::BedFigures;
use crate::world::{Read, Records};

/// The state of a bed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum BedStatus {
    Free,
    Occupied,
    Held,
    Cleaning,
    Blocked,
}

/// A ward with its beds in order.
pub struct Band {
    pub ward: Record,
    pub beds: Vec<Record>,
    pub figures: BedFigures,
}

/// All wards, beds, open stays and open holds of a facility.
pub struct Board {
    pub wards: Vec<Band>,
    stays: BTreeMap<RecordId, Vec<Record>>,
    /// The encounters of those stays.
    encounters: BTreeSet<RecordId>,
    holds: BTreeMap<RecordId, Record>,
}

/// Reads the board as it is at `now`.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn read_board(world: &dyn Records, now: Time) -> Read<Board> {
    board_of(world, world.open("bed_stay")?, world.open("bed_hold")?, now)
}

/// Reads the board as it was at `then`: who lay where and what was held, in the beds there are now.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn read_board_at(world: &dyn Records, then: Time) -> Read<Board> {
    let claimed = |kind: &str, from: &Field<Time>, to: &Field<Time>| {
        let just_after = Value::Time(Time(then.0 + 1));
        let mut claims = world.open(kind)?;
        claims.extend(world.between(kind, to.name(), &just_after, &Value::Time(Time(i64::MAX)))?);
        claims.retain(|claim| from.of(claim).is_some_and(|from| from <= then));
        Ok(claims)
    };
    let stays = claimed("bed_stay", &bed_stay::FROM, &bed_stay::TO)?;
    let holds = claimed("bed_hold", &bed_hold::FROM, &bed_hold::TO)?;
    board_of(world, stays, holds, then)
}

fn board_of(world: &dyn Records, open_stays: Vec<Record>, open_holds: Vec<Record>, now: Time) -> Read<Board> {
    let mut stays: BTreeMap<RecordId, Vec<Record>> = BTreeMap::new();
    let mut encounters = BTreeSet::new();
    for stay in open_stays {
        if let Some(bed) = bed_stay::BED.of(&stay) {
            encounters.extend(bed_stay::ENCOUNTER.of(&stay));
            stays.entry(bed).or_default().push(stay);
        }
    }
    for claims in stays.values_mut() {
        claims.sort_by_key(|stay| (bed_stay::FROM.of(stay), stay.id));
    }
    let mut holds: BTreeMap<RecordId, Record> = BTreeMap::new();
    for hold in open_holds {
        let expired = bed_hold::EXPIRES.of(&hold).is_some_and(|expires| expires <= now);
        if let Some(bed) = bed_hold::BED.of(&hold).filter(|_| !expired) {
            let keep = holds
                .get(&bed)
                .is_none_or(|other| hold_status(&hold) > hold_status(other));
            if keep {
                holds.insert(bed, hold);
            }
        }
    }
    let mut board = Board {
        wards: Vec::new(),
        stays,
        encounters,
        holds,
    };
    board.wards = bands(world, &board)?;
    Ok(board)
}

fn bands(world: &dyn Records, board: &Board) -> Read<Vec<Band>> {
    let mut beds: BTreeMap<RecordId, Vec<Record>> = BTreeMap::new();
    for each in world.all("bed")? {
        let gone = bed::RETIRED.of(&each) == Some("yes") && board.stays_on(each.id).is_empty();
        if let Some(ward) = bed::WARD.of(&each).filter(|_| !gone) {
            beds.entry(ward).or_default().push(each);
        }
    }
    let mut wards = world.all("ward")?;
    // Who lies in a bed or a ward that was entered in error lies there all the same.
    for bed in board.stays.keys() {
        let voided = world.get("bed", *bed)?.filter(Record::is_voided);
        if let Some((ward, bed)) = voided.and_then(|bed| bed::WARD.of(&bed).map(|ward| (ward, bed))) {
            beds.entry(ward).or_default().push(bed);
        }
    }
    for (ward, beds) in &beds {
        let occupied = beds.iter().any(|bed| !board.stays_on(bed.id).is_empty());
        if occupied && !wards.iter().any(|each| each.id == *ward) {
            wards.extend(world.get("ward", *ward)?);
        }
    }
    wards.sort_by(|a, b| (ward::ORDER.of(a), ward::NAME.of(a), a.id).cmp(&(ward::ORDER.of(b), ward::NAME.of(b), b.id)));
    let band = |ward: Record| {
        let mut beds = beds.remove(&ward.id).unwrap_or_default();
        beds.sort_by(|a, b| {
            (bed::ORDER.of(a), bed::LABEL.of(a), a.id).cmp(&(bed::ORDER.of(b), bed::LABEL.of(b), b.id))
        });
        let figures = figures(&ward, beds.iter().map(|bed| board.status(bed.id)));
        Band { ward, beds, figures }
    };
    Ok(wards.into_iter().map(band).collect())
}

/// Counts the beds of a ward. Empty beds beyond its staffed beds are not free: empty is not available.
fn figures(ward: &Record, statuses: impl Iterator<Item = BedStatus>) -> BedFigures {
    let figures = counted(statuses);
    let staffed = ward::STAFFED_BEDS.of(ward);
    let most_free = staffed.map(|staffed| (staffed - figures.occupied - figures.held).max(0));
    at_most_free(figures, most_free.unwrap_or(i64::MAX))
}

fn counted(statuses: impl Iterator<Item = BedStatus>) -> BedFigures {
    let mut figures = BedFigures::default();
    for status in statuses {
        figures.total += 1;
        match status {
            BedStatus::Free => figures.free += 1,
            BedStatus::Occupied => figures.occupied += 1,
            BedStatus::Held => figures.held += 1,
            BedStatus::Cleaning => figures.cleaning += 1,
            BedStatus::Blocked => figures.blocked += 1,
        }
    }
    figures
}

fn at_most_free(figures: BedFigures, most: i64) -> BedFigures {
    let free = figures.free.min(most);
    BedFigures {
        free,
        unstaffed: figures.free - free,
        ..figures
    }
}

fn sum(all: impl Iterator<Item = BedFigures>) -> BedFigures {
    all.fold(BedFigures::default(), |sum, each| BedFigures {
        total: sum.total + each.total,
        occupied: sum.occupied + each.occupied,
        held: sum.held + each.held,
        cleaning: sum.cleaning + each.cleaning,
        blocked: sum.blocked + each.blocked,
        free: sum.free + each.free,
        unstaffed: sum.unstaffed + each.unstaffed,
    })
}

fn hold_status(hold: &Record) -> BedStatus {
    match bed_hold::REASON.of(hold) {
        Some("cleaning") => BedStatus::Cleaning,
        Some("blocked") => BedStatus::Blocked,
        _ => BedStatus::Held,
    }
}

impl Board {
    /// The figures of all wards: the one place from which every screen takes how many beds are free.
    pub fn figures(&self) -> BedFigures {
        sum(self.wards.iter().map(|band| band.figures))
    }

    /// The figures of one type of bed. Staff are the ward's: of a type are free at most as many beds
    /// as in the ward, so that the types together may say more than all wards.
    pub fn figures_of_type(&self, bed_type: &str) -> BedFigures {
        let of_type = |each: &&Record| bed::BED_TYPE.of(each) == Some(bed_type);
        sum(self.wards.iter().map(|band| {
            let own = band.beds.iter().filter(of_type).map(|bed| self.status(bed.id));
            at_most_free(counted(own), band.figures.free)
        }))
    }

    /// Who claims the bed, earliest first; more than one is a conflict.
    pub fn stays_on(&self, bed: RecordId) -> &[Record] {
        self.stays.get(&bed).map_or(&[], Vec::as_slice)
    }

    /// The hold on the bed that is in force.
    pub fn hold_on(&self, bed: RecordId) -> Option<&Record> {
        self.holds.get(&bed)
    }

    /// True when the encounter has an open stay.
    pub fn holds_encounter(&self, encounter: RecordId) -> bool {
        self.encounters.contains(&encounter)
    }

    /// The state of a bed: a person in it comes before any hold.
    pub fn status(&self, bed: RecordId) -> BedStatus {
        match (self.stays_on(bed).is_empty(), self.hold_on(bed)) {
            (false, _) => BedStatus::Occupied,
            (true, Some(hold)) => hold_status(hold),
            (true, None) => BedStatus::Free,
        }
    }
}
