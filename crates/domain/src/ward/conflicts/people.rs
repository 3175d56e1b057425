//! Registrations that look like one person, and those of which two desks said different things.

use std::collections::BTreeSet;

use super::{Contradiction, DAYS, Look, WardConflict};
use crate::entities::{encounter, told_apart};
use crate::value::RecordId;
use crate::world::{Live, Read};

type Pair = (RecordId, RecordId);

impl Look<'_> {
    pub(super) fn people(&self) -> Read<Vec<WardConflict>> {
        let told_apart = self.world.all("told_apart")?;
        let mut apart: BTreeSet<Pair> = BTreeSet::new();
        let mut found = Vec::new();
        for told in told_apart {
            let (Some(first), Some(second)) = (told_apart::FIRST.of(&told), told_apart::SECOND.of(&told)) else {
                continue;
            };
            let (one, other) = (self.persons.one(first), self.persons.one(second));
            apart.insert((one.min(other), one.max(other)));
            if one == other && first != second {
                let both = [first, second].map(|id| self.world.get("patient", id));
                let mut records = Vec::new();
                for each in both {
                    records.extend(each?);
                }
                let mut conflict = WardConflict::of(Contradiction::MergedAndToldApart, records);
                conflict.records.push(told);
                found.push(conflict);
            }
        }
        found.extend(self.likely_one(&apart)?);
        Ok(found)
    }

    /// Registrations so alike that somebody has to look, one of them lately made or of somebody who is
    /// in: old ones wait until the person comes again.
    fn likely_one(&self, apart: &BTreeSet<Pair>) -> Read<Vec<WardConflict>> {
        let since = self.today.plus_days(-DAYS).starts(0);
        let open = self.presences.iter().flat_map(super::Presence::open);
        let live = Live {
            since,
            besides: open.filter_map(|each| encounter::PATIENT.of(each)).collect(),
        };
        let mut found = Vec::new();
        let mut told: BTreeSet<Pair> = BTreeSet::new();
        for each in self.world.probable(&live, self.today)?.iter() {
            let (a, b) = each.pair;
            let (one, other) = (self.persons.one(a), self.persons.one(b));
            let pair = (one.min(other), one.max(other));
            if one == other || apart.contains(&pair) || !told.insert(pair) {
                continue;
            }
            let both = [self.world.get("patient", a)?, self.world.get("patient", b)?];
            let mut conflict = WardConflict::of(Contradiction::LikelyOne, both.into_iter().flatten().collect());
            conflict.reasons.clone_from(&each.reasons);
            found.push(conflict);
        }
        Ok(found)
    }
}
