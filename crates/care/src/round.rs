//! A daily round of Care: temperature in °F, blood pressure in one field, oxygen as a modality, and
//! zeros that stand for what nobody filled in.

use domain::codes;
use domain::{Decimal, Value};
use serde_json::Value as Json;

use crate::convert::{decimal, is_blank};
use crate::finish::{Finishing, code};

/// Care's field and the field here, where one stands for the other.
pub static FIELDS: &[(&str, &str)] = &[
    ("consultation", "encounter"),
    ("taken_at", "at"),
    ("rounds_type", "round_type"),
    ("physical_examination_info", "examination"),
    ("other_symptoms", "other_symptoms"),
    ("additional_symptoms", "symptoms"),
    ("current_health", "condition"),
    ("recommend_discharge", "recommend_discharge"),
    ("other_details", "note"),
    ("resp", "respiratory_rate"),
    ("pulse", "pulse"),
    ("rhythm", "rhythm"),
    ("consciousness_level", "consciousness"),
    ("pain", "pain"),
    ("blood_sugar_level", "blood_sugar"),
    ("insulin_intake_dose", "insulin"),
    ("glasgow_eye_open", "gcs_eye"),
    ("glasgow_verbal_response", "gcs_verbal"),
    ("glasgow_motor_response", "gcs_motor"),
    ("left_pupil_size", "pupil_left"),
    ("left_pupil_light_reaction", "pupil_left_reaction"),
    ("right_pupil_size", "pupil_right"),
    ("right_pupil_light_reaction", "pupil_right_reaction"),
    ("limb_response_upper_extremity_left", "left_arm"),
    ("limb_response_upper_extremity_right", "right_arm"),
    ("limb_response_lower_extremity_left", "left_leg"),
    ("limb_response_lower_extremity_right", "right_leg"),
    ("ventilator_interface", "ventilator_interface"),
    ("ventilator_mode", "ventilator_mode"),
    ("ventilator_oxygen_modality", "oxygen_device"),
    // One field, written with a zero at first.
    ("ventilator_fi02", "fio2"),
    ("ventilator_fio2", "fio2"),
    ("ventilator_peep", "peep"),
    ("ventilator_pip", "pip"),
    ("ventilator_mean_airway_pressure", "mean_airway_pressure"),
    ("ventilator_resp_rate", "ventilator_rate"),
    ("ventilator_pressure_support", "pressure_support"),
    ("ventilator_tidal_volume", "tidal_volume"),
    ("etco2", "etco2"),
    ("ph", "ph"),
    ("pco2", "pco2"),
    ("po2", "po2"),
    ("hco3", "bicarbonate"),
    ("base_excess", "base_excess"),
    ("lactate", "lactate"),
    ("sodium", "sodium"),
    ("potassium", "potassium"),
];

/// Coded fields whose 0 is what Care stores when nobody chose anything: it says nothing.
const UNCHOSEN: &[&str] = &[
    "current_health",
    "rhythm",
    "consciousness_level",
    "left_pupil_light_reaction",
    "right_pupil_light_reaction",
    "limb_response_upper_extremity_left",
    "limb_response_upper_extremity_right",
    "limb_response_lower_extremity_left",
    "limb_response_lower_extremity_right",
    "ventilator_interface",
    "ventilator_mode",
    "ventilator_oxygen_modality",
];

/// Fields without a place here of which also "no" and 0 say something: Care leaves them empty
/// otherwise.
pub const SPEAKING_ZEROS: &[&str] = &[
    "bilateral_air_entry",
    "in_prone_position",
    "dialysis_fluid_balance",
    "dialysis_net_balance",
    "is_experiencing_dysuria",
    "bowel_issue",
    "bladder_issue",
    "oral_issue",
];

/// What follows from several fields of a round.
pub fn round(of: &mut Finishing<'_>) {
    for (theirs, ours) in FIELDS {
        if UNCHOSEN.contains(theirs) && of.unseen(theirs).is_some_and(is_zero) {
            of.clear(ours);
        }
    }
    moment(of);
    category(of);
    temperature(of);
    pressure(of);
    saturation(of);
    flow(of);
    on_oxygen(of);
    fluids(
        of,
        "intake",
        "total_intake_calculated",
        &["infusions", "iv_fluids", "feeds"],
    );
    fluids(of, "output", "total_output_calculated", &["output"]);
    left_over(of);
}

fn is_zero(json: &Json) -> bool {
    decimal(json, 3).is_some_and(|number| number.digits == 0)
}

/// When it was taken; where Care does not say, when the temperature was, or when it was entered.
fn moment(of: &mut Finishing<'_>) {
    for field in ["temperature_measured_at", "created_date"] {
        if !of.has("at")
            && let Some(at) = of.time(field)
        {
            of.set("at", at);
        }
    }
}

/// In May 2022 it held the Covid category, which a round has no field for.
fn category(of: &mut Finishing<'_>) {
    let written = of.text("patient_category");
    match codes::release::category(of.release, &written) {
        Some((list, word)) if list.name == codes::encounter::CATEGORY.name => of.set("category", code(word)),
        Some(_) => of.leave("patient_category (Covid)"),
        None if written.is_empty() => of.set("category", Value::Empty),
        None => of.notes.unknown_codes.push(("patient_category".to_owned(), written)),
    }
}

/// °F with two places into °C with one; zero is Care's way of saying that nobody measured.
fn temperature(of: &mut Finishing<'_>) {
    let celsius = of
        .number("temperature", 2)
        .filter(|fahrenheit| fahrenheit.digits != 0)
        .map(|fahrenheit| {
            // Tenths of °C are (hundredths of °F − 3200) ÷ 18.
            let (over, half) = (fahrenheit.digits.saturating_sub(3_200), 9);
            Value::Decimal(Decimal::new((over + half * over.signum()) / 18, 1))
        });
    of.set("temperature", celsius.unwrap_or(Value::Empty));
}

/// Two numbers of one field. Zero and −1 are Care's ways of saying that nobody measured; the mean
/// follows from the two.
fn pressure(of: &mut Finishing<'_>) {
    let pressure = of.json("bp");
    for side in ["systolic", "diastolic"] {
        let json = pressure
            .and_then(|pressure| pressure.get(side))
            .filter(|json| !is_blank(json));
        let found = json.and_then(|json| of.number_of("bp", json, 0));
        let value = found.filter(|number| number.digits > 0);
        of.set(side, value.map_or(Value::Empty, |number| Value::Int(number.digits)));
    }
    let mean = pressure.and_then(|pressure| pressure.get("mean"));
    let mean = mean.is_some_and(|json| !is_blank(json) && !is_zero(json));
    if mean && !(of.has("systolic") && of.has("diastolic")) {
        of.leave("bp.mean");
    }
}

/// Care has had three fields for it; the newest that holds something counts.
fn saturation(of: &mut Finishing<'_>) {
    let mut kept = None;
    for field in ["ventilator_spo2", "spo2", "archived_spo2"] {
        let Some(number) = of.number(field, 0) else { continue };
        match kept {
            None => kept = Some(number),
            Some(kept) if kept != number => of.leave(field),
            Some(_) => {}
        }
    }
    of.set("spo2", kept.map_or(Value::Empty, |number| Value::Int(number.digits)));
}

const OXYGEN_RATE: &str = "ventilator_oxygen_modality_oxygen_rate";
const FLOW_RATE: &str = "ventilator_oxygen_modality_flow_rate";

/// Care keeps the flow of a high-flow cannula in one field and that of every other device in
/// another.
fn flow(of: &mut Finishing<'_>) {
    let is_high_flow = of.word("oxygen_device") == Some("high_flow_nasal_cannula");
    let names = if is_high_flow {
        [FLOW_RATE, OXYGEN_RATE]
    } else {
        [OXYGEN_RATE, FLOW_RATE]
    };
    let [first, second] = names.map(|name| of.number(name, 1));
    let flows = |number: &Decimal| number.digits > 0;
    let kept = first.filter(flows).or(second.filter(flows)).or(first).or(second);
    if let (Some(kept), Some(second)) = (kept, second)
        && flows(&second)
        && kept != second
    {
        let [_, name] = names;
        of.leave(name);
    }
    of.set("oxygen_flow", kept.map_or(Value::Empty, Value::Decimal));
}

/// Care never asks whether a patient is on oxygen. Yes: a device is named, oxygen flows, FiO₂ is
/// above 21 %, or there is respiratory support of any sort and FiO₂ is not said to be 21 %. No:
/// FiO₂ is 21 % or the flow is zero, and nothing says yes. Otherwise nobody said, and there is no
/// score: support left open meant oxygen by mask in Care's earlier form and none in its later one.
fn on_oxygen(of: &mut Finishing<'_>) {
    let fio2 = match of.draft.fields.get("fio2") {
        Some(Value::Int(percent)) => Some(*percent),
        _ => None,
    };
    let flow = match of.draft.fields.get("oxygen_flow") {
        Some(Value::Decimal(flow)) => Some(flow.digits),
        _ => None,
    };
    let has_device = of.has("oxygen_device");
    let is_ventilated = matches!(of.word("ventilator_interface"), Some("invasive" | "non_invasive"));
    let has_support = of.word("ventilator_interface") == Some("oxygen_support");
    let flows = flow.is_some_and(|flow| flow > 0);
    let is_enriched = fio2.is_some_and(|percent| percent > 21);
    let value = if has_device || flows || is_enriched || has_support || (is_ventilated && fio2.is_none()) {
        code("yes")
    } else if fio2 == Some(21) || flow == Some(0) {
        code("no")
    } else {
        Value::Empty
    };
    of.set("on_oxygen", value);
}

/// Care adds up its lists whether or not anybody wrote into them: a total of 0 of nothing is no
/// finding. What was given or lost has no place here, only how much.
fn fluids(of: &mut Finishing<'_>, ours: &str, total: &str, lists: &[&str]) {
    let entries: Vec<&Json> = lists
        .iter()
        .filter_map(|list| of.unseen(list).and_then(Json::as_array))
        .flatten()
        .collect();
    let counted = of.number(total, 0).filter(|number| number.digits != 0);
    let value = counted.or_else(|| {
        let quantities = entries.iter().filter_map(|entry| entry.get("quantity"));
        let amounts: Vec<i64> = quantities
            .filter_map(|json| of.number_of(total, json, 0).map(|number| number.digits))
            .collect();
        (!amounts.is_empty()).then(|| Decimal::new(amounts.iter().fold(0, |sum, each| each.saturating_add(sum)), 0))
    });
    of.set(ours, value.map_or(Value::Empty, |number| Value::Int(number.digits)));
}

/// Totals that follow from their parts, and a flag in Care's own corner that says something.
fn left_over(of: &mut Finishing<'_>) {
    let total = of.json("glasgow_total_calculated").is_some_and(|json| !is_zero(json));
    if total && !["gcs_eye", "gcs_verbal", "gcs_motor"].iter().any(|part| of.has(part)) {
        of.leave("glasgow_total_calculated");
    }
    let dialysis = of.unseen("meta").and_then(|meta| meta.get("dialysis"));
    if dialysis.and_then(Json::as_bool) == Some(true) {
        of.leave("meta.dialysis");
    }
}
