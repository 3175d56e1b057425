//! Where everybody who was in was, and when: in which ward, or waiting for a bed. It follows from admissions and bed stays.

use std::collections::BTreeMap;

use crate::entities::{bed, bed_stay};
use crate::value::{RecordId, Time, Value};
use crate::ward::presence::Presence;
use crate::world::{Read, Records};

/// A ward; nothing for those who wait for a bed.
pub type Place = Option<RecordId>;

/// One person's time in the facility, and where it was spent.
#[derive(Clone, Debug)]
pub struct Whereabouts {
    pub presence: Presence,
    /// From when on where. The first begins with the presence, and neighbours are of different wards.
    places: Vec<(Time, Place)>,
}

/// A stay in a bed of a ward.
struct Stay {
    from: Time,
    /// The end of time while it lasts.
    to: Time,
    id: RecordId,
    ward: Place,
}

/// Everybody who is in, or who left at `since` or later. Where they were before `since` is not told.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn read(world: &dyn Records, since: Time) -> Read<Vec<Whereabouts>> {
    let mut stays = stays(world, since)?;
    let all = world.presences(since)?;
    let whereabouts = all.iter().map(|presence| {
        let own = presence.encounters.iter().filter_map(|each| stays.remove(&each.id));
        let own: Vec<Stay> = own.flatten().collect();
        Whereabouts {
            presence: presence.clone(),
            places: places(presence, &own),
        }
    });
    Ok(whereabouts.collect())
}

/// The stays that last or ended at `since` or later, by encounter.
fn stays(world: &dyn Records, since: Time) -> Read<BTreeMap<RecordId, Vec<Stay>>> {
    let end_of_time = Time(i64::MAX);
    let mut records = world.open("bed_stay")?;
    records.extend(world.between(
        "bed_stay",
        bed_stay::TO.name(),
        &Value::Time(since),
        &Value::Time(end_of_time),
    )?);
    let mut wards: BTreeMap<RecordId, Place> = BTreeMap::new();
    for each in world.all("bed")? {
        wards.insert(each.id, bed::WARD.of(&each));
    }
    let mut stays: BTreeMap<RecordId, Vec<Stay>> = BTreeMap::new();
    for record in records {
        let (Some(encounter), Some(bed), Some(from)) = (
            bed_stay::ENCOUNTER.of(&record),
            bed_stay::BED.of(&record),
            bed_stay::FROM.of(&record),
        ) else {
            continue;
        };
        let ward = match wards.get(&bed) {
            Some(ward) => *ward,
            // Who lay in a bed that was entered in error lay there all the same.
            None => world.get("bed", bed)?.as_ref().and_then(|bed| bed::WARD.of(bed)),
        };
        stays.entry(encounter).or_default().push(Stay {
            from,
            to: bed_stay::TO.of(&record).unwrap_or(end_of_time),
            id: record.id,
            ward,
        });
    }
    Ok(stays)
}

/// Of stays that overlap, which two desks can bring about, the one begun last says where the person is.
fn places(presence: &Presence, stays: &[Stay]) -> Vec<(Time, Place)> {
    let is_within = |at: &Time| *at > presence.from && presence.to.is_none_or(|to| *at < to);
    let turns = stays.iter().flat_map(|stay| [stay.from, stay.to]).filter(is_within);
    let mut moments: Vec<Time> = turns.chain([presence.from]).collect();
    moments.sort_unstable();
    let mut places: Vec<(Time, Place)> = Vec::new();
    for at in moments {
        let here = stays.iter().filter(|stay| stay.from <= at && at < stay.to);
        let ward = here.max_by_key(|stay| (stay.from, stay.id)).and_then(|stay| stay.ward);
        if places.last().is_none_or(|(_, before)| *before != ward) {
            places.push((at, ward));
        }
    }
    places
}

impl Whereabouts {
    /// Where the person was at `moment`, if in at all.
    pub fn at(&self, moment: Time) -> Option<Place> {
        if !self.presence.covers(moment) {
            return None;
        }
        let place = self.places.iter().rfind(|(from, _)| *from <= moment);
        place.map(|(_, ward)| *ward)
    }

    /// Where the person was first.
    pub fn first(&self) -> Place {
        self.places.first().and_then(|(_, ward)| *ward)
    }

    /// Where the person was last, or is.
    pub fn last(&self) -> Place {
        self.places.last().and_then(|(_, ward)| *ward)
    }

    /// Each move: when, from where, to where.
    pub fn moves(&self) -> impl Iterator<Item = (Time, Place, Place)> {
        let next = self.places.iter().skip(1);
        self.places
            .iter()
            .zip(next)
            .map(|((_, from), (at, to))| (*at, *from, *to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::encounter;
    use crate::record::Record;
    use crate::world::Overlay;
    use uuid::Uuid;

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    const EAST: u128 = 1;
    const WEST: u128 = 2;

    /// Where somebody was who was in from 10 to 90, with stays in beds of wards from and until.
    fn told(stays: &[(u128, i64, Option<i64>)]) -> Vec<(i64, Place)> {
        let mut world = Overlay::alone();
        for ward in [EAST, WEST] {
            world.put(Record::new("bed", id(ward + 10)).with(&bed::WARD, id(ward)));
        }
        let record = Record::new("encounter", id(100)).with(&encounter::ADMITTED_AT, Time(10));
        world.put(record.with(&encounter::DISCHARGED_AT, Time(90)));
        for (number, (ward, from, to)) in (200..).zip(stays) {
            let mut stay = Record::new("bed_stay", id(number)).with(&bed_stay::ENCOUNTER, id(100));
            stay = stay
                .with(&bed_stay::BED, id(ward + 10))
                .with(&bed_stay::FROM, Time(*from));
            if let Some(to) = to {
                stay = stay.with(&bed_stay::TO, Time(*to));
            }
            world.put(stay);
        }
        let all = read(&world, Time(0)).unwrap();
        all[0].places.iter().map(|(at, ward)| (at.0, *ward)).collect()
    }

    #[test]
    fn stays_say_where_somebody_was_and_between_them_they_waited() {
        let (east, west) = (Some(id(EAST)), Some(id(WEST)));
        assert_eq!(told(&[]), [(10, None)]);
        assert_eq!(told(&[(EAST, 10, Some(90))]), [(10, east)]);
        assert_eq!(
            told(&[(EAST, 20, Some(40)), (WEST, 40, Some(60))]),
            [(10, None), (20, east), (40, west), (60, None)]
        );
        // From one bed to another of the same ward.
        assert_eq!(told(&[(EAST, 10, Some(40)), (EAST, 40, None)]), [(10, east)]);
        // Of two at once the one begun last; one that lasts no time says nothing.
        assert_eq!(
            told(&[(EAST, 10, None), (WEST, 30, Some(50)), (WEST, 70, Some(70))]),
            [(10, east), (30, west), (50, east)]
        );
    }
}
