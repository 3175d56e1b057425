//! How a world is drawn: how many hospitals, desks, nodes and days. Most are small, a few are big.

use super::chance::Chance;

/// What the seed is lived for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scale {
    /// A few days, for every test run.
    Short,
    /// Up to sixty days.
    Whole,
}

/// The size of one world.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// How many desks each hospital has.
    pub hospitals: Vec<usize>,
    pub nodes: usize,
    pub days: i64,
    /// What is rare in weeks has to come up in days.
    pub is_short: bool,
    /// The most bytes and pages of an answer.
    pub page_bytes: usize,
    pub pages: usize,
    /// From which length on a log has a snapshot, and how far the log goes on before there is a newer one.
    pub snapshot_least: u64,
    pub snapshot_tail: u64,
    /// So many desks of a hospital may join later.
    pub late_desks: usize,
    /// Some of its desks have an older program.
    pub has_older: bool,
    /// People are erased in the midst of its days: no backup of before is put back, and every desk can do the same.
    pub erases: bool,
}

/// The number of the chance whether anybody is erased.
const ERASING: u64 = 1 << 43;
/// No log of a world grows so long.
const WITHOUT: u64 = 1_000_000;

impl Plan {
    pub fn has_snapshots(&self) -> bool {
        self.snapshot_least < WITHOUT
    }

    pub fn desks(&self) -> usize {
        self.hospitals.iter().sum()
    }

    pub fn draw(scale: Scale, chance: &mut Chance) -> Plan {
        let hospitals = match scale {
            Scale::Short => 1 + chance.weighed(&[80, 15, 5]),
            Scale::Whole => 1 + chance.weighed(&[50, 25, 10, 7, 5, 3]),
        };
        let desks = |chance: &mut Chance| match scale {
            Scale::Short => 2 + chance.weighed(&[75, 20, 5]),
            Scale::Whole => 2 + chance.weighed(&[50, 25, 10, 6, 4, 3, 2]),
        };
        let has_snapshots = chance.percent(60);
        Plan {
            hospitals: (0..hospitals).map(|_| desks(chance)).collect(),
            is_short: scale == Scale::Short,
            nodes: 1 + chance.weighed(&[30, 40, 20, 10]),
            days: match scale {
                Scale::Short => chance.between(1, 3),
                Scale::Whole => match chance.weighed(&[15, 35, 50]) {
                    0 => chance.between(1, 7),
                    1 => chance.between(8, 21),
                    _ => chance.between(22, 60),
                },
            },
            page_bytes: match chance.weighed(&[20, 80]) {
                0 => size(chance, 600, 3_000),
                _ => size(chance, 3_000, 40_000),
            },
            pages: size(chance, 1, 12),
            snapshot_least: if has_snapshots { count(chance, 1, 30) } else { WITHOUT },
            snapshot_tail: count(chance, 0, 60),
            late_desks: 1,
            has_older: chance.percent(25),
            erases: false,
        }
    }

    /// The same with people who are erased, in some of the seeds.
    pub fn or_erasing(self, seed: u64) -> Plan {
        let erases = Chance::of_event(seed, ERASING).percent(30);
        Plan {
            has_older: self.has_older && !erases,
            erases,
            ..self
        }
    }
}

fn count(chance: &mut Chance, low: i64, high: i64) -> u64 {
    chance.between(low, high).unsigned_abs()
}

fn size(chance: &mut Chance, low: i64, high: i64) -> usize {
    usize::try_from(chance.between(low, high)).unwrap_or_default()
}
