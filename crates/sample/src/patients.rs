//! Patients with their encounters, stays and rounds: some discharged, some in beds now.

use domain::entities::{bed_stay, encounter, patient, round};
use domain::{Decimal, Draft, RecordId, Time, Value};

use crate::dice::Dice;
use crate::names::{self, HOUSES, PLACES};
use crate::place::Beds;
use crate::{Action, UTC_OFFSET_MINUTES};

/// Of a hundred beds, so many are taken.
const TAKEN_PERCENT: usize = 68;

/// `count` patients of a facility over the last `days`, oldest first.
pub fn patients(dice: &mut Dice, facility: RecordId, beds: &Beds, count: usize, days: i64, now: Time) -> Vec<Action> {
    let mut actions = Vec::new();
    // A bed that is taken now was free before its patient came; earlier patients left it by then.
    let mut free_until: Vec<Time> = Vec::new();
    let now_in_beds = (beds.beds.len() * TAKEN_PERCENT / 100).min(count);
    for index in 0..beds.beds.len() {
        let taken =
            index * TAKEN_PERCENT / 100 != (index + 1) * TAKEN_PERCENT / 100 && free_until.len() < beds.beds.len();
        let since = if taken {
            Time(now.0 - dice.between(3, 9 * 24) * Time::HOUR_MS)
        } else {
            now
        };
        free_until.push(since);
    }
    let mut placed = 0;
    for (bed, since) in beds.beds.iter().zip(&free_until) {
        if *since < now && placed < now_in_beds {
            placed += 1;
            actions.extend(admitted(dice, facility, Some(*bed), *since, None, now));
        }
    }
    let begin = now.0 - days * Time::DAY_MS;
    let mut next_free: Vec<Time> = vec![Time(begin); beds.beds.len()];
    for _ in placed..count {
        let at = Time(begin + dice.between(0, (days - 2).max(1) * 24) * Time::HOUR_MS);
        let until = Time(at.0 + dice.between(8, 7 * 24) * Time::HOUR_MS);
        if until.0 > now.0 - 2 * Time::HOUR_MS {
            actions.push(vec![registered(dice, at, now).0]);
            continue;
        }
        let fits = |index: &usize| {
            next_free.get(*index).is_some_and(|free| *free <= at)
                && free_until.get(*index).is_some_and(|taken| until <= *taken)
        };
        let bed = (0..beds.beds.len()).find(fits);
        if let Some(slot) = bed.and_then(|index| next_free.get_mut(index)) {
            *slot = until;
        }
        let bed = bed.and_then(|index| beds.beds.get(index)).copied();
        actions.extend(admitted(dice, facility, bed, at, Some(until), now));
    }
    actions
}

fn admitted(
    dice: &mut Dice,
    facility: RecordId,
    bed: Option<RecordId>,
    at: Time,
    until: Option<Time>,
    now: Time,
) -> Vec<Action> {
    let (person, status) = registered(dice, at, now);
    let stay_of = dice.id(at);
    let serious = dice.chance(18);
    let symptoms = [
        "fever",
        "cough",
        "breathlessness",
        "vomiting",
        "diarrhoea",
        "headache",
        "general_weakness",
    ];
    let first = *dice.pick(&symptoms);
    let second = *dice.pick(&symptoms);
    let mut drafted = Draft::new("encounter", stay_of)
        .with(&encounter::PATIENT, person.id)
        .with(&encounter::FACILITY, facility)
        .with(
            &encounter::NUMBER,
            format!("IP{}", dice.between(100_000_000, 999_999_999)),
        )
        .with(
            &encounter::ROUTE,
            if dice.chance(20) { "referred" } else { "outpatient" },
        )
        .with(&encounter::ADMITTED_AT, at)
        .with(&encounter::DECISION, "admission")
        .with(&encounter::CATEGORY, if serious { "critical" } else { "stable" })
        .with(&encounter::ISOLATION, if status == "positive" { "yes" } else { "no" })
        .with(
            &encounter::SYMPTOMS_ONSET,
            Time(at.0 - dice.between(1, 6) * Time::DAY_MS).day(UTC_OFFSET_MINUTES),
        )
        .with_value(
            encounter::SYMPTOMS.name(),
            Value::Codes([first.to_owned(), second.to_owned()].into()),
        );
    if let Some(until) = until {
        let reason = *dice.pick(&["recovered", "recovered", "recovered", "recovered", "lama", "unknown"]);
        drafted = drafted
            .with(&encounter::DISCHARGED_AT, until)
            .with(&encounter::DISCHARGE_REASON, reason);
    }
    let mut drafts = vec![drafted];
    if let Some(bed) = bed {
        let stay = Draft::new("bed_stay", dice.id(at))
            .with(&bed_stay::ENCOUNTER, stay_of)
            .with(&bed_stay::BED, bed)
            .with(&bed_stay::FROM, at);
        drafts.push(match until {
            Some(until) => stay.with(&bed_stay::TO, until),
            None => stay,
        });
    }
    let mut actions = vec![vec![person], drafts];
    if until.is_none() {
        actions.extend(rounds(dice, stay_of, at, serious, now));
    }
    actions
}

fn registered(dice: &mut Dice, at: Time, now: Time) -> (Draft, &'static str) {
    let woman = dice.chance(51);
    let name = names::name(dice, woman);
    let status = *dice.pick(&["negative", "negative", "negative", "suspected", "positive"]);
    let today = now.day(UTC_OFFSET_MINUTES);
    let born = today.plus_days(-dice.between(200, 88 * 365));
    let house = *dice.pick(HOUSES);
    let place = *dice.pick(PLACES);
    let mut draft = Draft::new("patient", dice.id(at))
        .with(&patient::NAME, name.latin)
        .with(&patient::GENDER, if woman { "female" } else { "male" })
        .with(&patient::BIRTH_DATE, born)
        .with(
            &patient::PHONE,
            format!("+919{}", dice.between(100_000_000, 999_999_999)),
        )
        .with(&patient::ADDRESS, format!("{house} House, {place}"))
        .with(&patient::PINCODE, format!("68{}", dice.between(2_001, 3_590)))
        .with(&patient::NATIONALITY, "India".to_owned())
        .with(&patient::DISEASE_STATUS, status)
        .with(&patient::REGISTERED_AT, at);
    if dice.chance(60) {
        draft = draft.with(&patient::LOCAL_NAME, name.malayalam);
    }
    if dice.chance(12) {
        let what = *dice.pick(&["Penicillin", "Sulfa drugs", "Shellfish", "Latex"]);
        draft = draft
            .with(&patient::ALLERGY_STATUS, "known")
            .with(&patient::ALLERGIES, what.to_owned());
    } else if dice.chance(60) {
        draft = draft.with(&patient::ALLERGY_STATUS, "none");
    }
    (draft, status)
}

/// Rounds of the last two days, every eight hours; now and then an input is missing.
fn rounds(dice: &mut Dice, encounter: RecordId, from: Time, serious: bool, now: Time) -> Vec<Action> {
    let mut actions = Vec::new();
    let first = from.0.max(now.0 - 2 * Time::DAY_MS);
    let mut at = Time(first + dice.between(5, 60) * Time::MINUTE_MS);
    while at < now && (actions.is_empty() || !dice.chance(4)) {
        let worse = i64::from(serious);
        let oxygen = serious && dice.chance(60);
        let mut draft = Draft::new("round", dice.id(at))
            .with(&round::ENCOUNTER, encounter)
            .with(&round::AT, at)
            .with(
                &round::TEMPERATURE,
                Decimal::new(365 + dice.between(0, 12) + worse * dice.between(0, 18), 1),
            )
            .with(
                &round::RESPIRATORY_RATE,
                14 + dice.between(0, 5) + worse * dice.between(0, 12),
            )
            .with(&round::SPO2, 99 - dice.between(0, 3) - worse * dice.between(0, 8))
            .with(&round::ON_OXYGEN, if oxygen { "yes" } else { "no" })
            .with(
                &round::SYSTOLIC,
                112 + dice.between(0, 30) - worse * dice.between(0, 24),
            )
            .with(&round::DIASTOLIC, 66 + dice.between(0, 16))
            .with(&round::PULSE, 68 + dice.between(0, 20) + worse * dice.between(0, 45));
        if !dice.chance(6) {
            draft = draft.with(
                &round::CONSCIOUSNESS,
                if serious && dice.chance(8) { "voice" } else { "alert" },
            );
        }
        actions.push(vec![draft]);
        at = Time(at.0 + 8 * Time::HOUR_MS + dice.between(-40, 40) * Time::MINUTE_MS);
    }
    actions
}
