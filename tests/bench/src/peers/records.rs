//! The patients that everybody sends: 25 fields each, the same for all, every name and number made up.

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::ward;

/// One record.
pub struct Record {
    pub id: Uuid,
    /// By name, as a screen sends them.
    pub fields: Map<String, Json>,
}

/// So many have a date of birth that differs.
const BORN: u64 = 28;
/// When the first was registered, in milliseconds since 1970.
const FIRST_MS: u64 = 1_780_000_000_000;

/// The first `count` of them.
pub fn records(count: usize) -> Vec<Record> {
    (0..count as u64).map(record).collect()
}

fn record(number: u64) -> Record {
    // Spread as good as by chance, and the same in every run.
    let mut dice = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut throw = |sides: u64| {
        dice ^= dice >> 29;
        dice = dice.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        dice ^= dice >> 32;
        dice % sides
    };
    let at_ms = FIRST_MS + number * 60_000;
    let low = (u128::from(throw(1 << 62)) << 16) | u128::from(number);
    let id = (u128::from(at_ms) << 80) | (0x7 << 76) | (0b10 << 62) | (low & ((1 << 62) - 1));
    let thrown = throw(1 << 40);
    let (name, own) = ward::name(thrown, thrown, number);
    let of_kin = throw(1 << 40);
    let kin = ward::name(of_kin, of_kin, number + 7).0;
    let one_of = |words: &[&str], throw: u64| {
        let place = usize::try_from(throw).unwrap_or_default() % words.len().max(1);
        Json::from(words.get(place).copied().unwrap_or_default())
    };
    let day = |year: u64, throw: u64| format!("{year}-{:02}-{:02}", throw / BORN % 12 + 1, throw % BORN + 1);
    let fields = json!({
        "name": name,
        "local_name": own,
        "gender": one_of(&["female", "male"], throw(2)),
        "birth_date": day(1930 + throw(90), throw(12 * BORN)),
        "phone": format!("+919{:09}", throw(1_000_000_000)),
        "emergency_phone": format!("+918{:09}", throw(1_000_000_000)),
        "emergency_name": format!("{kin}, daughter"),
        "address": format!("House {}, Market Road, Aluva", throw(2_000)),
        "permanent_address": format!("{} Bhavan, Temple Road, Kothamangalam", throw(2_000)),
        "pincode": format!("68{:04}", throw(10_000)),
        "local_ward": format!("Ward {}", throw(60)),
        "village": one_of(&["Aluva", "Angamaly", "Kothamangalam", "Perumbavoor", "Muvattupuzha", "Kalady"], throw(6)),
        "nationality": "India",
        "hospital_number": format!("IP-2026/{number:06}"),
        "abha": format!("{:02}-{:04}-{:04}-{:04}", throw(100), throw(10_000), throw(10_000), throw(10_000)),
        "ration_card": one_of(&["bpl", "apl", "none"], throw(3)),
        "occupation": one_of(&["student", "business", "health_worker", "other"], throw(4)),
        "blood_group": one_of(&["a_positive", "b_positive", "o_positive", "ab_positive", "o_negative"], throw(5)),
        "allergy_status": "none",
        "present_health": format!("Fever of {} degrees and cough for {} days", 38 + throw(3), 1 + throw(9)),
        "disease_status": one_of(&["suspected", "positive", "negative"], throw(3)),
        "test_type": one_of(&["antigen", "rt_pcr", "truenat"], throw(3)),
        "test_id": format!("T{:08}", throw(100_000_000)),
        "tested_on": day(2025, throw(12 * BORN)),
        "registered_at": at_ms,
    });
    let fields = match fields {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    Record {
        id: Uuid::from_u128(id),
        fields,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn everyone_has_25_fields_that_a_screen_could_send_and_an_id_of_their_own() {
        let records = records(1_000);
        let ids: BTreeSet<Uuid> = records.iter().map(|record| record.id).collect();
        assert_eq!(ids.len(), records.len());
        for record in records {
            assert_eq!(record.fields.len(), 25);
            assert_eq!(record.id.get_version_num(), 7);
            let patient = domain::entities::entity("patient").unwrap();
            assert_eq!(domain::plain::read_fields(patient, &record.fields).unwrap().len(), 25);
        }
    }
}
