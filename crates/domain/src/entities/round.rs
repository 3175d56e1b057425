//! A round: what was observed of a patient at one time. Written once; corrected by a later round
//! that names the one it amends. Limits are wider and narrower than Care's where hers were unsafe:
//! hypothermia can be entered, a Fahrenheit value or a slipped digit cannot.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::encounter::{CATEGORY as CATEGORY_LIST, CURRENT_HEALTH, SYMPTOM};
use crate::codes::round as list;
use crate::entities::rules::not_ahead;
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Merge, Text, Word, Words, code, codes, count, decimal, note, reference, time, yes_no};
use crate::value::{Decimal, RecordId, Time};
use crate::world::Read;

pub const ENCOUNTER: Field<RecordId> = reference("encounter", "Encounter", "encounter").required();
pub const AT: Field<Time> = time("at", "Observed at").required().indexed();
pub const ROUND_TYPE: Field<Word> = code("round_type", "Kind of round", &list::ROUND_TYPE);

pub const TEMPERATURE: Field<Decimal> = decimal("temperature", "Temperature", 1)
    .unit("°C")
    .range(150, 460)
    .usual(340, 410);
pub const TEMPERATURE_MEASURED_AT: Field<Time> =
    time("temperature_measured_at", "Temperature measured at").hint("When that was not at the time of the round");
pub const RESPIRATORY_RATE: Field<i64> = count("respiratory_rate", "Respiratory rate")
    .unit("/min")
    .range(0, 120)
    .usual(8, 40);
pub const SPO2: Field<i64> = count("spo2", "SpO₂").unit("%").range(0, 100).usual(70, 100);
pub const SPO2_SCALE: Field<Word> =
    code("spo2_scale", "SpO₂ scale", &list::SPO2_SCALE).hint("Scale 2 only when a doctor has set a target of 88–92 %");
pub const ON_OXYGEN: Field<Word> = yes_no("on_oxygen", "On oxygen");
pub const OXYGEN_DEVICE: Field<Word> = code("oxygen_device", "Oxygen by", &list::OXYGEN_DEVICE);
pub const OXYGEN_FLOW: Field<Decimal> = decimal("oxygen_flow", "Oxygen flow", 1)
    .unit("L/min")
    .range(0, 1_000)
    .usual(0, 600);
pub const FIO2: Field<i64> = count("fio2", "FiO₂").unit("%").range(21, 100);
pub const SYSTOLIC: Field<i64> = count("systolic", "Systolic").unit("mmHg").range(0, 350).usual(70, 220);
pub const DIASTOLIC: Field<i64> = count("diastolic", "Diastolic")
    .unit("mmHg")
    .range(0, 250)
    .usual(40, 130);
pub const PULSE: Field<i64> = count("pulse", "Pulse").unit("/min").range(0, 350).usual(40, 180);
pub const RHYTHM: Field<Word> = code("rhythm", "Rhythm", &list::RHYTHM);
pub const CONSCIOUSNESS: Field<Word> = code("consciousness", "Consciousness", &list::CONSCIOUSNESS);
pub const PAIN: Field<i64> = count("pain", "Pain").unit("/10").range(0, 10);
pub const BLOOD_SUGAR: Field<i64> = count("blood_sugar", "Blood sugar")
    .unit("mg/dL")
    .range(1, 2_000)
    .usual(50, 450);
pub const INSULIN: Field<Decimal> = decimal("insulin", "Insulin given", 1)
    .unit("units")
    .range(0, 3_000)
    .usual(0, 1_000);
pub const GCS_EYE: Field<i64> = count("gcs_eye", "GCS eye").range(1, 4);
pub const GCS_VERBAL: Field<i64> = count("gcs_verbal", "GCS verbal").range(1, 5);
pub const GCS_MOTOR: Field<i64> = count("gcs_motor", "GCS motor").range(1, 6);
pub const PUPIL_LEFT: Field<i64> = count("pupil_left", "Left pupil").unit("mm").range(0, 10).usual(1, 8);
pub const PUPIL_LEFT_REACTION: Field<Word> = code("pupil_left_reaction", "Left pupil reaction", &list::PUPIL_REACTION);
pub const PUPIL_RIGHT: Field<i64> = count("pupil_right", "Right pupil").unit("mm").range(0, 10).usual(1, 8);
pub const PUPIL_RIGHT_REACTION: Field<Word> =
    code("pupil_right_reaction", "Right pupil reaction", &list::PUPIL_REACTION);
pub const LEFT_ARM: Field<Word> = code("left_arm", "Left arm", &list::LIMB_RESPONSE);
pub const RIGHT_ARM: Field<Word> = code("right_arm", "Right arm", &list::LIMB_RESPONSE);
pub const LEFT_LEG: Field<Word> = code("left_leg", "Left leg", &list::LIMB_RESPONSE);
pub const RIGHT_LEG: Field<Word> = code("right_leg", "Right leg", &list::LIMB_RESPONSE);
pub const INTAKE: Field<i64> = count("intake", "Intake since the last round")
    .unit("mL")
    .range(0, 20_000)
    .usual(0, 5_000);
pub const OUTPUT: Field<i64> = count("output", "Output since the last round")
    .unit("mL")
    .range(0, 20_000)
    .usual(0, 5_000);

pub const VENTILATOR_INTERFACE: Field<Word> = code(
    "ventilator_interface",
    "Respiratory support",
    &list::VENTILATOR_INTERFACE,
);
pub const VENTILATOR_MODE: Field<Word> = code("ventilator_mode", "Ventilator mode", &list::VENTILATOR_MODE);
pub const PEEP: Field<i64> = count("peep", "PEEP").unit("cmH₂O").range(0, 50).usual(0, 24);
pub const PIP: Field<i64> = count("pip", "Peak pressure").unit("cmH₂O").range(0, 120).usual(5, 50);
pub const MEAN_AIRWAY_PRESSURE: Field<i64> = count("mean_airway_pressure", "Mean airway pressure")
    .unit("cmH₂O")
    .range(0, 80)
    .usual(2, 40);
pub const VENTILATOR_RATE: Field<i64> = count("ventilator_rate", "Ventilator rate")
    .unit("/min")
    .range(0, 150)
    .usual(6, 60);
pub const PRESSURE_SUPPORT: Field<i64> = count("pressure_support", "Pressure support")
    .unit("cmH₂O")
    .range(0, 60)
    .usual(0, 40);
pub const TIDAL_VOLUME: Field<i64> = count("tidal_volume", "Tidal volume")
    .unit("mL")
    .range(0, 2_000)
    .usual(10, 1_000);
pub const ETCO2: Field<i64> = count("etco2", "EtCO₂").unit("mmHg").range(0, 200).usual(15, 100);

pub const PH: Field<Decimal> = decimal("ph", "pH", 2).range(600, 850).usual(690, 775);
pub const PCO2: Field<i64> = count("pco2", "pCO₂").unit("mmHg").range(1, 300).usual(15, 120);
pub const PO2: Field<i64> = count("po2", "pO₂").unit("mmHg").range(1, 760).usual(30, 500);
pub const BICARBONATE: Field<Decimal> = decimal("bicarbonate", "HCO₃", 1)
    .unit("mmol/L")
    .range(10, 900)
    .usual(50, 500);
pub const BASE_EXCESS: Field<Decimal> = decimal("base_excess", "Base excess", 1)
    .unit("mmol/L")
    .range(-500, 500)
    .usual(-250, 250);
pub const LACTATE: Field<Decimal> = decimal("lactate", "Lactate", 1)
    .unit("mmol/L")
    .range(0, 500)
    .usual(2, 200);
pub const SODIUM: Field<i64> = count("sodium", "Sodium").unit("mmol/L").range(80, 220).usual(115, 165);
pub const POTASSIUM: Field<Decimal> = decimal("potassium", "Potassium", 1)
    .unit("mmol/L")
    .range(5, 150)
    .usual(25, 70);

pub const SYMPTOMS: Field<Words> = codes("symptoms", "New symptoms", &SYMPTOM);
pub const OTHER_SYMPTOMS: Field<Text> = note("other_symptoms", "Other symptoms").max(1_000).personal();
pub const EXAMINATION: Field<Text> = note("examination", "Examination").personal();
pub const CONDITION: Field<Word> = code("condition", "Condition now", &CURRENT_HEALTH);
pub const CATEGORY: Field<Word> =
    code("category", "Category", &CATEGORY_LIST).merged(Merge::Prefer(crate::codes::encounter::CATEGORY_BY_URGENCY));
pub const RECOMMEND_DISCHARGE: Field<Word> = yes_no("recommend_discharge", "Discharge recommended");
pub const REVIEW_MINUTES: Field<i64> = count("review_minutes", "Review after")
    .unit("min")
    .range(1, 20_160)
    .usual(15, 1_440);
pub const NOTE: Field<Text> = note("note", "Note").personal();
pub const AMENDS: Field<RecordId> = reference("amends", "Corrects", "round");

pub static ROUND: Entity = Entity {
    kind: "round",
    label: "Round",
    plural: "Rounds",
    home: Home::Facility,
    semantics: Semantics::AppendOnly { amends: Some("amends") },
    arrives: Arrives::LastOf {
        holder: "encounter",
        at: "at",
        count: 2,
    },
    fields: &[
        ENCOUNTER.any(),
        AT.any(),
        ROUND_TYPE.any(),
        TEMPERATURE.any(),
        TEMPERATURE_MEASURED_AT.any(),
        RESPIRATORY_RATE.any(),
        SPO2.any(),
        SPO2_SCALE.any(),
        ON_OXYGEN.any(),
        OXYGEN_DEVICE.any(),
        OXYGEN_FLOW.any(),
        FIO2.any(),
        SYSTOLIC.any(),
        DIASTOLIC.any(),
        PULSE.any(),
        RHYTHM.any(),
        CONSCIOUSNESS.any(),
        PAIN.any(),
        BLOOD_SUGAR.any(),
        INSULIN.any(),
        GCS_EYE.any(),
        GCS_VERBAL.any(),
        GCS_MOTOR.any(),
        PUPIL_LEFT.any(),
        PUPIL_LEFT_REACTION.any(),
        PUPIL_RIGHT.any(),
        PUPIL_RIGHT_REACTION.any(),
        LEFT_ARM.any(),
        RIGHT_ARM.any(),
        LEFT_LEG.any(),
        RIGHT_LEG.any(),
        INTAKE.any(),
        OUTPUT.any(),
        VENTILATOR_INTERFACE.any(),
        VENTILATOR_MODE.any(),
        PEEP.any(),
        PIP.any(),
        MEAN_AIRWAY_PRESSURE.any(),
        VENTILATOR_RATE.any(),
        PRESSURE_SUPPORT.any(),
        TIDAL_VOLUME.any(),
        ETCO2.any(),
        PH.any(),
        PCO2.any(),
        PO2.any(),
        BICARBONATE.any(),
        BASE_EXCESS.any(),
        LACTATE.any(),
        SODIUM.any(),
        POTASSIUM.any(),
        SYMPTOMS.any(),
        OTHER_SYMPTOMS.any(),
        EXAMINATION.any(),
        CONDITION.any(),
        CATEGORY.any(),
        RECOMMEND_DISCHARGE.any(),
        REVIEW_MINUTES.any(),
        NOTE.any(),
        AMENDS.any(),
    ],
    groups: &[],
    list: &[
        "at",
        "temperature",
        "pulse",
        "respiratory_rate",
        "spo2",
        "systolic",
        "diastolic",
        "consciousness",
    ],
    caption: &["at"],
    rules: &[something_observed, pressures, oxygen, moment, amends_the_same_encounter],
};

/// Total of the Glasgow coma scale, 3 to 15, when all three parts are there.
pub fn gcs(record: &crate::Record) -> Option<i64> {
    Some(GCS_EYE.of(record)? + GCS_VERBAL.of(record)? + GCS_MOTOR.of(record)?)
}

/// Mean arterial pressure in mmHg: diastolic plus a third of the pulse pressure, rounded.
pub fn mean_pressure(record: &crate::Record) -> Option<i64> {
    let (systolic, diastolic) = (SYSTOLIC.of(record)?, DIASTOLIC.of(record)?);
    Some((systolic + 2 * diastolic + 1).div_euclid(3))
}

fn something_observed(after: &After<'_>) -> Read<Vec<Problem>> {
    let frame = [
        ENCOUNTER.name(),
        AT.name(),
        ROUND_TYPE.name(),
        AMENDS.name(),
        SPO2_SCALE.name(),
        TEMPERATURE_MEASURED_AT.name(),
    ];
    let empty = after
        .record
        .fields
        .iter()
        .all(|(name, value)| value.is_empty() || frame.contains(&name.as_str()));
    Ok(empty
        .then(|| Problem::new("round", "", "nothing_observed"))
        .into_iter()
        .collect())
}

fn pressures(after: &After<'_>) -> Read<Vec<Problem>> {
    let (systolic, diastolic) = (SYSTOLIC.of(after.record), DIASTOLIC.of(after.record));
    let turned = matches!((systolic, diastolic), (Some(high), Some(low)) if low >= high && high > 0);
    let problem = turned.then(|| Problem::new("round", DIASTOLIC.name(), "diastolic_not_below_systolic"));
    Ok(problem.into_iter().collect())
}

fn oxygen(after: &After<'_>) -> Read<Vec<Problem>> {
    let flows = OXYGEN_FLOW.of(after.record).is_some_and(|flow| flow.digits > 0);
    let contradicts = flows && ON_OXYGEN.of(after.record) == Some("no");
    let problem = contradicts.then(|| Problem::new("round", ON_OXYGEN.name(), "oxygen_contradicts"));
    Ok(problem.into_iter().collect())
}

fn moment(after: &After<'_>) -> Read<Vec<Problem>> {
    let both = [not_ahead(after, &AT), not_ahead(after, &TEMPERATURE_MEASURED_AT)];
    Ok(both.into_iter().flatten().collect())
}

fn amends_the_same_encounter(after: &After<'_>) -> Read<Vec<Problem>> {
    let Some(amended) = AMENDS.of(after.record) else {
        return Ok(Vec::new());
    };
    let amended = after.world.get("round", amended)?;
    let other = amended.is_some_and(|amended| ENCOUNTER.of(&amended) != ENCOUNTER.of(after.record));
    let problem = other.then(|| Problem::new("round", AMENDS.name(), "amends_another"));
    Ok(problem.into_iter().collect())
}
