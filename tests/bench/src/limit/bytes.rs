//! What a change weighs on its way, beside the information in it. Counts: the same in every run.

use anyhow::Result;
use domain::entities::round;
use domain::plain::plain_value;
use domain::{Draft, RecordId, Time, Value};
use ed25519_dalek::SigningKey;
use serde_json::{Map, Value as Json};
use sync_core::exchange::{Ask, Batch};
use sync_core::frame::pack;
use sync_core::{Chain, DeviceId, Encoded};
use uuid::Uuid;
use wardroom_tests::smallest::SPACE;

use crate::Setting;
use crate::report::{Chapter, Unit};
use crate::rounds::{Figures, contestant, in_turns};
use crate::ward::{self, Author, NOW_MS};

const MANY: u64 = 1_000;
const ZSTD: i32 = 3;

/// Batches of one sort of change, and each alone, beside their bare fields packed as tight.
///
/// # Errors
/// When a change cannot be written.
pub fn measure(_setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "bytes",
        "Bytes on the wire",
        "A change as it goes to the server: who wrote it, on what, after what, in which action and session, signed in its batch, \
         packed with zstd. Beside it nothing but the values of its fields as JSON, packed with zstd of the same level: the \
         information that a nurse typed. In batches of 1,000, and one change alone. The ids that make a change provable and \
         mergeable are random and do not pack: three of 16 bytes in each change, one more for each field that replaces another.",
    );
    for (key, what, sort) in [
        ("registration", "a patient of 12 fields", registered as fn(u64) -> Draft),
        ("one_field", "one field of a patient", edited),
        ("round", "a round of 6 values", observed),
    ] {
        let measured = in_turns(
            1,
            &mut [
                contestant("ours", |_| {
                    let (all, one) = ours(sort)?;
                    Ok(Figures::from([("all", all), ("one", one)]))
                }),
                contestant("bare fields", |_| {
                    let all: Vec<Json> = (0..MANY).map(|number| bare(&sort(number))).collect();
                    let one = packed(&bare(&sort(0)))?;
                    Ok(Figures::from([
                        ("all", packed(&Json::Array(all))? / MANY as f64),
                        ("one", one),
                    ]))
                }),
            ],
        )?;
        let many = format!("{what}, among 1,000");
        chapter
            .rows
            .push(measured.row(&format!("bytes.{key}"), &many, Unit::Bytes, "all")?);
        let alone = format!("{what}, alone");
        chapter
            .rows
            .push(measured.row(&format!("bytes.{key}.alone"), &alone, Unit::Bytes, "one")?);
    }
    Ok(chapter)
}

fn registered(number: u64) -> Draft {
    ward::registration(number)
}

fn edited(number: u64) -> Draft {
    let village = Value::Text(format!("Village {number}"));
    Draft::new("patient", ward::patient_id(number)).with_value("village", village)
}

fn observed(number: u64) -> Draft {
    let spread = |most: u64| {
        (number.wrapping_mul(2_654_435_761) >> 7)
            .wrapping_rem(most)
            .cast_signed()
    };
    Draft::new("round", RecordId(ward::id(2, number)))
        .with(&round::ENCOUNTER, RecordId(ward::id(3, number % 100)))
        .with(&round::AT, Time(NOW_MS + number.cast_signed() * 60_000))
        .with(&round::PULSE, 60 + spread(60))
        .with(&round::SPO2, 90 + spread(10))
        .with(&round::SYSTOLIC, 100 + spread(70))
        .with(&round::DIASTOLIC, 60 + spread(40))
        .with(&round::RESPIRATORY_RATE, 12 + spread(14))
}

fn ours(sort: fn(u64) -> Draft) -> Result<(f64, f64)> {
    let mut author = Author::new(0xa, SPACE);
    // What is edited stood there already.
    for number in 0..MANY {
        author.changes(vec![ward::registration(number)]);
    }
    let changes: Vec<Encoded> = (0..MANY)
        .flat_map(|number| author.changes(vec![sort(number)]))
        .collect();
    let size = |changes: &[Encoded]| -> Result<f64> {
        let key = SigningKey::from_bytes(&[7; 32]);
        let device = DeviceId(Uuid::from_u128(0xa));
        Ok(pack(&Ask::Push(Batch::new(&key, device, Chain::default(), changes)?))?.len() as f64)
    };
    Ok((
        size(&changes)? / MANY as f64,
        size(changes.get(..1).unwrap_or_default())?,
    ))
}

fn bare(draft: &Draft) -> Json {
    let fields = draft
        .fields
        .iter()
        .map(|(name, value)| (name.clone(), plain_value(value)));
    Json::Object(fields.collect::<Map<_, _>>())
}

fn packed(json: &Json) -> Result<f64> {
    Ok(zstd::bulk::compress(&serde_json::to_vec(json)?, ZSTD)?.len() as f64)
}
