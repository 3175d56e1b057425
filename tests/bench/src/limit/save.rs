//! A person's save: from `Store::save` to the moment it is durable.

use anyhow::{Context, Result};
use domain::actions::{Stage, act};
use domain::entities::round;
use domain::{Draft, RecordId, Time, Value};
use serde_json::{Value as Json, json};
use store::{Store, StoreError};
use uuid::Uuid;

use super::by_hand::{Cipher, Hand, Row, decrypt};
use crate::Setting;
use crate::figures::{ENDS, Times};
use crate::report::{Chapter, Unit};
use crate::rounds::{Figures, contestant, in_turns};
use crate::ward::{self, NOW_MS};

pub const PLAIN: &str = "plain SQLite by hand";
pub const ENCRYPTED: &str = "SQLCipher by hand";

/// The kinds' numbers are those of this file; only that they differ matters.
const ONE_FIELD: &[Row] = &[Row {
    kind: 11,
    change_bytes: 496,
    state_bytes: 683,
    index: &[("voided", 3)],
    is_edit: true,
    is_interval: false,
}];
const ROUND: &[Row] = &[Row {
    kind: 14,
    change_bytes: 545,
    state_bytes: 307,
    index: &[("at", 9), ("encounter", 17)],
    is_edit: false,
    is_interval: false,
}];
const ADMISSION: &[Row] = &[
    Row {
        kind: 12,
        change_bytes: 628,
        state_bytes: 373,
        index: &[
            ("admitted_at", 9),
            ("category", 7),
            ("discharged_at", 1),
            ("facility", 17),
            ("patient", 17),
            ("seen_at", 1),
        ],
        is_edit: false,
        is_interval: false,
    },
    Row {
        kind: 13,
        change_bytes: 535,
        state_bytes: 263,
        index: &[("bed", 17), ("encounter", 17), ("from", 9), ("to", 1)],
        is_edit: false,
        is_interval: true,
    },
];

/// What somebody saves.
#[derive(Clone, Copy)]
enum Sort {
    OneField,
    Round,
    Admission,
}

/// Saves of three sorts beside the same rows by hand.
///
/// # Errors
/// When a file cannot be made, or a save is refused.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "save",
        "A durable save",
        "From the moment somebody presses Save until it would outlive a power cut: checked against all records here, appended to \
         the log, folded, projected, committed with `synchronous = FULL`. Beside it the same rows, of the same sizes, into a copy \
         of the same file with the same settings, by hand: nothing checked, nothing folded. The disk is the machine's own.",
    );
    let patients = setting.size(5_000, 100_000);
    let saves = setting.size(60, 200);
    let folder = setting.folder()?;
    let at = |name: &str| folder.path().join(name);
    let (store, _) = ward::store(&at("ward.db"), patients)?;
    store.backup(&at("encrypted.db"))?;
    decrypt(&at("encrypted.db"), &at("plain.db"))?;
    let mut plain = Hand::on(&at("plain.db"), Cipher::None)?;
    let mut encrypted = Hand::on(&at("encrypted.db"), Cipher::SqlCipher)?;
    let mut desk = Desk {
        store: &store,
        patients,
        written: 0,
    };
    for (key, what, sort, rows) in [
        ("one_field", "one field of a patient", Sort::OneField, ONE_FIELD),
        ("round", "a round", Sort::Round, ROUND),
        ("admission", "an admission with its bed", Sort::Admission, ADMISSION),
    ] {
        let by_hand = |hand: &mut Hand| -> Result<Figures> {
            let mut times = Times::default();
            for _ in 0..saves {
                times.time(|| hand.save(rows))?;
            }
            Ok(times.percentiles())
        };
        let measured = in_turns(
            setting.rounds,
            &mut [
                contestant("ours", |_| desk.saves(sort, saves)),
                contestant(ENCRYPTED, |_| by_hand(&mut encrypted)),
                contestant(PLAIN, |_| by_hand(&mut plain)),
            ],
        )?;
        for (end, _) in ENDS {
            let row = measured.row(&format!("save.{key}.{end}"), &format!("{what}, {end}"), Unit::Ms, end)?;
            chapter.rows.push(row);
        }
    }
    Ok(chapter)
}

/// Who saves.
struct Desk<'s> {
    store: &'s Store,
    patients: usize,
    written: u64,
}

impl Desk<'_> {
    fn saves(&mut self, sort: Sort, saves: usize) -> Result<Figures> {
        let mut times = Times::default();
        for _ in 0..saves {
            self.written += 1;
            let drafts = self.drafts(sort)?;
            let encounter = drafts
                .iter()
                .find(|draft| draft.kind == "encounter")
                .map(|draft| draft.id);
            let action = ward::action(self.store, drafts)?;
            times
                .time(|| self.store.save(action))
                .map_err(|error| anyhow::anyhow!("{error:?}"))?;
            // Beds would run out otherwise.
            if let Some(encounter) = encounter {
                let fields = json!({ "discharge_reason": "recovered" });
                let left = self.act(
                    "discharge",
                    &json!({ "encounter": encounter, "at": null, "clean": false, "fields": fields }),
                )?;
                let action = ward::action(self.store, left)?;
                self.store.save(action).map_err(|error| anyhow::anyhow!("{error:?}"))?;
            }
        }
        Ok(times.percentiles())
    }

    fn drafts(&self, sort: Sort) -> Result<Vec<Draft>> {
        // Those who were registered last lie in no bed.
        let back = usize::try_from(self.written.wrapping_mul(7_919))? % (self.patients / 2);
        let patient = ward::patient_id(ward::registered(self.patients, self.patients - 1 - back));
        match sort {
            Sort::OneField => {
                let village = Value::Text(format!("Village {}", self.written));
                Ok(vec![Draft::new("patient", patient).with_value("village", village)])
            }
            Sort::Round => {
                let numbered =
                    |sort: u128| RecordId(Uuid::from_u128((sort << 64) | u128::from(200 + self.written % 100)));
                let draft = Draft::new("round", RecordId(Uuid::now_v7()))
                    .with(&round::ENCOUNTER, numbered(4))
                    .with(&round::AT, Time(NOW_MS))
                    .with(&round::PULSE, 80)
                    .with(&round::SPO2, 97)
                    .with(&round::SYSTOLIC, 120)
                    .with(&round::DIASTOLIC, 80)
                    .with(&round::RESPIRATORY_RATE, 16);
                Ok(vec![draft])
            }
            Sort::Admission => {
                let fields = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
                self.act(
                    "admit",
                    &json!({ "patient": patient, "bed": self.free_bed()?, "at": null, "fields": fields }),
                )
            }
        }
    }

    fn act(&self, name: &str, args: &Json) -> Result<Vec<Draft>> {
        let drafted = self.store.read(|records, _| {
            let mut new_id = || RecordId(Uuid::now_v7());
            let mut stage = Stage {
                world: records,
                ctx: &ward::ctx(),
                new_id: &mut new_id,
            };
            Ok::<_, StoreError>(act(name, args, &mut stage))
        })?;
        drafted.map_err(|error| anyhow::anyhow!("{name}: {error:?}"))
    }

    fn free_bed(&self) -> Result<String> {
        let board = ward::view(self.store, "bed_board", &Json::Null)?;
        let board: serde_json::Value = serde_json::from_str(board.get())?;
        let beds = board["wards"].as_array().into_iter().flatten();
        let mut beds = beds.flat_map(|ward| ward["beds"].as_array().into_iter().flatten());
        let free = beds.find(|bed| bed["occupant"].is_null()).context("no bed is free")?;
        Ok(free["id"].as_str().unwrap_or_default().to_owned())
    }
}
