//! NEWS2, the National Early Warning Score. Royal College of Physicians. National Early Warning
//! Score (NEWS) 2: Standardising the assessment of acute-illness severity in the NHS. Updated
//! report of a working party. London: RCP, 2017. For people of 16 years or more who are not
//! pregnant. A number is given only when every input is there.

use std::collections::BTreeMap;

use crate::entities::round;
use crate::record::Record;

/// Thresholds of the RCP's chart 2 (2017).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Risk {
    /// 0 to 4 in all.
    Low,
    /// 0 to 4 in all, and 3 in a single parameter.
    LowMedium,
    /// 5 or 6 in all.
    Medium,
    /// 7 or more in all.
    High,
}

/// The column of oxygen saturation that holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spo2Scale {
    One,
    /// For a prescribed target of 88–92 %.
    Two,
}

/// A score, or what is missing for one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum News2 {
    Complete {
        points: BTreeMap<&'static str, i64>,
    },
    /// The round's fields that are missing; `points` of those that are there.
    Incomplete {
        missing: Vec<&'static str>,
        points: BTreeMap<&'static str, i64>,
    },
}

impl News2 {
    /// 0 to 20; `None` while incomplete.
    pub fn score(&self) -> Option<i64> {
        match self {
            News2::Complete { points } => Some(points.values().sum()),
            News2::Incomplete { .. } => None,
        }
    }

    /// `None` while incomplete.
    pub fn risk(&self) -> Option<Risk> {
        let single = self.points().values().any(|points| *points == 3);
        Some(match self.score()? {
            7.. => Risk::High,
            5..=6 => Risk::Medium,
            _ if single => Risk::LowMedium,
            _ => Risk::Low,
        })
    }

    /// The round's fields without which there is no score.
    pub fn missing(&self) -> &[&'static str] {
        match self {
            News2::Complete { .. } => &[],
            News2::Incomplete { missing, .. } => missing,
        }
    }

    /// The points of each input that is there, by the round's field.
    pub fn points(&self) -> &BTreeMap<&'static str, i64> {
        match self {
            News2::Complete { points } | News2::Incomplete { points, .. } => points,
        }
    }
}

/// The score of a round. Scale 1 holds unless the round says scale 2.
pub fn of(record: &Record) -> News2 {
    let scale = match round::SPO2_SCALE.of(record) {
        Some("scale_2") => Spo2Scale::Two,
        _ => Spo2Scale::One,
    };
    let on_oxygen = round::ON_OXYGEN.of(record).map(|word| word == "yes");
    let spo2 = round::SPO2.of(record);
    let saturation = match (scale, spo2, on_oxygen) {
        (Spo2Scale::One, Some(percent), _) => Some(spo2_scale_1(percent)),
        (Spo2Scale::Two, Some(percent), Some(on_oxygen)) => Some(spo2_scale_2(percent, on_oxygen)),
        // Up to 92 % the points do not depend on oxygen.
        (Spo2Scale::Two, Some(percent), None) if percent <= 92 => Some(spo2_scale_2(percent, false)),
        _ => None,
    };
    let temperature = round::TEMPERATURE.of(record).and_then(|number| number.rescaled(1));
    let inputs = [
        (
            round::RESPIRATORY_RATE.name(),
            round::RESPIRATORY_RATE.of(record).map(respiratory_rate),
        ),
        (round::SPO2.name(), saturation),
        (round::ON_OXYGEN.name(), on_oxygen.map(oxygen)),
        (round::SYSTOLIC.name(), round::SYSTOLIC.of(record).map(systolic)),
        (round::PULSE.name(), round::PULSE.of(record).map(pulse)),
        (
            round::CONSCIOUSNESS.name(),
            round::CONSCIOUSNESS.of(record).and_then(consciousness),
        ),
        (
            round::TEMPERATURE.name(),
            temperature.map(|number| temperature_tenths(number.digits)),
        ),
    ];
    let mut missing = Vec::new();
    let mut points = BTreeMap::new();
    for (field, scored) in inputs {
        match scored {
            Some(scored) => drop(points.insert(field, scored)),
            // With scale 2 and oxygen unknown it is the oxygen that is missing, not the saturation.
            None if field == round::SPO2.name() && spo2.is_some() => {}
            None => missing.push(field),
        }
    }
    if missing.is_empty() {
        News2::Complete { points }
    } else {
        News2::Incomplete { missing, points }
    }
}

/// Breaths a minute.
pub fn respiratory_rate(per_minute: i64) -> i64 {
    match per_minute {
        ..=8 => 3,
        9..=11 => 1,
        12..=20 => 0,
        21..=24 => 2,
        25.. => 3,
    }
}

/// Percent, on scale 1.
pub fn spo2_scale_1(percent: i64) -> i64 {
    match percent {
        ..=91 => 3,
        92..=93 => 2,
        94..=95 => 1,
        96.. => 0,
    }
}

/// Percent, on scale 2: above the target it depends on oxygen being given.
pub fn spo2_scale_2(percent: i64, on_oxygen: bool) -> i64 {
    match (percent, on_oxygen) {
        (..=83, _) => 3,
        (84..=85, _) => 2,
        (86..=87, _) => 1,
        (88..=92, _) | (93.., false) => 0,
        (93..=94, true) => 1,
        (95..=96, true) => 2,
        (97.., true) => 3,
    }
}

/// Air or oxygen.
pub fn oxygen(on_oxygen: bool) -> i64 {
    if on_oxygen { 2 } else { 0 }
}

/// mmHg.
pub fn systolic(mmhg: i64) -> i64 {
    match mmhg {
        ..=90 => 3,
        91..=100 => 2,
        101..=110 => 1,
        111..=219 => 0,
        220.. => 3,
    }
}

/// Beats a minute.
pub fn pulse(per_minute: i64) -> i64 {
    match per_minute {
        ..=40 => 3,
        41..=50 => 1,
        51..=90 => 0,
        91..=110 => 1,
        111..=130 => 2,
        131.. => 3,
    }
}

/// Alert, or any of new confusion, voice, pain, unresponsive. Whether a confusion is new is taken
/// as yes unless known otherwise (RCP 2017). What could not be assessed is missing.
pub fn consciousness(word: &str) -> Option<i64> {
    match word {
        "alert" => Some(0),
        "cannot_be_assessed" => None,
        _ => Some(3),
    }
}

/// Tenths of a degree Celsius.
pub fn temperature_tenths(tenths: i64) -> i64 {
    match tenths {
        ..=350 => 3,
        351..=360 => 1,
        361..=380 => 0,
        381..=390 => 1,
        391.. => 2,
    }
}

/// Whether the score may be used for this person: not under 16 years, and not in pregnancy (RCP
/// 2017). Where the age is not known it may: in an adult ward a hidden warning is the greater harm.
pub fn applies(age_years: Option<i64>, antenatal: bool) -> bool {
    !antenatal && age_years.is_none_or(|years| years >= 16)
}

#[cfg(test)]
mod tests {
    use super::applies;

    #[test]
    fn it_is_for_people_from_16_years_who_are_not_pregnant() {
        for (age_years, antenatal, expected) in [
            (Some(0), false, false),
            (Some(15), false, false),
            (Some(16), false, true),
            (Some(90), false, true),
            (Some(15), true, false),
            (Some(16), true, false),
            (Some(30), true, false),
            (None, false, true),
            (None, true, false),
        ] {
            assert_eq!(applies(age_years, antenatal), expected, "{age_years:?} {antenatal}");
        }
    }
}
