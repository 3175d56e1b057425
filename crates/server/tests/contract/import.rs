//! `import care` by the real program: what it reports, and what a second import does to what people
//! changed here since the first.

use std::path::{Path, PathBuf};

use crate::rig::*;
use domain::{RecordId, Value};
use serde_json::{Value as Json, json};
use server::exchange::present::Present;
use sync_core::ChangeId;
use sync_core::exchange::Answer;

/// A dump of one facility and one patient, in a file of its own.
fn dump(folder: &Path, facility: RecordId, patient: RecordId, fields: Json) -> PathBuf {
    let mut about = json!({ "external_id": patient.to_string(), "name": "Kamala Devi", "facility": 1, "gender": 2 });
    for (name, value) in fields.as_object().unwrap() {
        about[name] = value.clone();
    }
    let place = json!({ "external_id": facility.to_string(), "name": "Taluk Hospital", "facility_type": 830 });
    let items = [
        json!({ "model": "facility.facility", "pk": 1, "fields": place }),
        json!({ "model": "facility.patientregistration", "pk": 1, "fields": about }),
    ];
    let path = folder.join("dump.json");
    std::fs::write(&path, Json::from(items.to_vec()).to_string()).unwrap();
    path
}

fn import(dir: &Path, file: &Path, more: &[&str]) -> Json {
    let args = [&["import", "care", file.to_str().unwrap()], more].concat();
    run(dir, &args).unwrap()
}

/// Changes written, disputed fields, kept fields.
fn counts(said: &Json) -> (u64, Json, Json) {
    let changes = said["changes"].as_u64().unwrap();
    (changes, said["disputed"].clone(), said["kept"].clone())
}

impl Rig {
    fn heads(&self, record: RecordId, field: &str) -> Vec<ChangeId> {
        let read = |conn: &_| {
            let mut present = Present::open(&self.server, self.here.space, conn)?.unwrap();
            present.heads("patient", record, field)
        };
        self.server.db().read(read).unwrap()
    }

    /// The values of the field that stand, in their order as texts, and the one in force.
    fn stands(&self, record: RecordId, field: &str) -> (Vec<String>, String) {
        let text = |value: &Value| match value {
            Value::Text(text) => text.clone(),
            _ => String::new(),
        };
        let read = |conn: &_| {
            let mut present = Present::open(&self.server, self.here.space, conn)?.unwrap();
            let values = present.values("patient", record, field, None)?;
            let in_force = present.record("patient", record)?.unwrap().value(field).clone();
            Ok((values, in_force))
        };
        let (values, in_force) = self.server.db().read(read).unwrap();
        let mut values: Vec<String> = values.iter().map(text).collect();
        values.sort();
        (values, text(&in_force))
    }

    /// Somebody on the ward writes the field, seeing all that stands.
    async fn edits(&self, desk: &mut Desk, record: RecordId, field: &str, text: &str) {
        let draft = domain::Draft::new("patient", record).with_value(field, Value::Text(text.into()));
        let (space, actor, before) = (desk.space, desk.actor, desk.changes.len());
        desk.write_as(space, actor, vec![draft], &self.heads(record, field));
        let answer = self.push(desk, desk.batch(before + 1, before + 1)).await;
        assert!(
            matches!(&answer, Answer::Receipt { parked, .. } if parked.is_empty()),
            "{answer:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_keeps_what_people_changed_and_disputes_only_what_care_changed_too() {
    let (rig, folder) = (Rig::new(), tempfile::tempdir().unwrap());
    let (dir, patient) = (rig.dir().to_owned(), new_id());
    let mut desk = rig.desk(rig.here);
    let file = |fields: Json| dump(folder.path(), rig.here.facility, patient, fields);

    let first = json!({ "phone_number": "+919876500001", "address": "Old House", "village": "" });
    let said = import(&dir, &file(first.clone()), &[]);
    assert!(counts(&said).0 >= 2, "{said}");
    assert_eq!(
        counts(&import(&dir, &file(first.clone()), &[])),
        (0, json!({}), json!({}))
    );

    // Changed here alone: the same dump again writes nothing.
    rig.edits(&mut desk, patient, "phone", "+919876500002").await;
    rig.edits(&mut desk, patient, "village", "Aluva").await;
    let said = import(&dir, &file(first), &[]);
    let kept = json!({ "patient.phone": 1, "patient.village": 1 });
    assert_eq!(counts(&said), (0, json!({}), kept));
    assert_eq!(rig.stands(patient, "phone").1, "+919876500002");

    // Changed in both: both values stand. Changed in Care alone: taken over.
    let second = json!({ "phone_number": "+919876500003", "address": "New House", "village": "Aluva" });
    let disputed = json!({ "patient.phone": 1 });
    let said = import(&dir, &file(second.clone()), &["--dry-run"]);
    assert_eq!(counts(&said), (0, disputed.clone(), json!({})));
    assert_eq!(rig.stands(patient, "address").1, "Old House");
    let said = import(&dir, &file(second.clone()), &[]);
    assert_eq!(counts(&said), (1, disputed, json!({})));
    let both = vec!["+919876500002".to_owned(), "+919876500003".to_owned()];
    assert_eq!(rig.stands(patient, "phone"), (both, "+919876500002".to_owned()));
    assert_eq!(
        rig.stands(patient, "address"),
        (vec!["New House".to_owned()], "New House".to_owned())
    );
    let digest = run(&dir, &["digest"]).unwrap();
    let conflicts: u64 = digest["spaces"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|space| space["conflicts"].as_u64())
        .sum();
    assert_eq!(conflicts, 1, "{digest}");

    // A dispute is told once, and what people decided holds against the same dump.
    let again = import(&dir, &file(second.clone()), &[]);
    assert_eq!(counts(&again), (0, json!({}), json!({})));
    rig.edits(&mut desk, patient, "phone", "+919876500002").await;
    assert_eq!(rig.stands(patient, "phone").0.len(), 1);
    assert_eq!(counts(&import(&dir, &file(second), &[])).0, 0);

    // Both said the same, so nothing is in dispute; later edits here hold against the same dump.
    rig.edits(&mut desk, patient, "village", "Paravur").await;
    let third = json!({ "phone_number": "+919876500003", "address": null, "village": "Aluva" });
    let said = import(&dir, &file(third.clone()), &[]);
    let kept = json!({ "patient.phone": 1, "patient.village": 1 });
    assert_eq!(counts(&said), (1, json!({}), kept));
    assert_eq!(
        rig.stands(patient, "address"),
        (vec![String::new()], String::new()),
        "cleared in Care"
    );

    if rig.server.db().is_shared() {
        return;
    }
    // A restored server writes as another device and still knows what it took over.
    let backup = folder.path().join("backup");
    run(&dir, &["backup", backup.to_str().unwrap()]).unwrap();
    let restored = folder.path().join("restored");
    std::fs::create_dir(&restored).unwrap();
    std::fs::copy(dir.join("master.key"), restored.join("master.key")).unwrap();
    run(&restored, &["backup", "restore", backup.to_str().unwrap()]).unwrap();
    assert_eq!(counts(&import(&restored, &file(third), &[])).0, 0);
}

#[test]
fn the_report_names_lines_and_what_another_release_wrote_is_not_fatal() {
    let (rig, folder) = (Rig::new(), tempfile::tempdir().unwrap());
    let path = folder.path().join("dump.json");
    let dump = r#"[
{"model":"facility.facility","pk":1,"fields":{"name":"Taluk Hospital","facility_type":830}},
{"model":"facility.patientregistration","pk":1,"fields":{"name":"A B","facility":1,"disease_status":77}},

{"model":"facility.patientregistration","pk":2,"fields":{"name":"C D","facility":1,"date_of_birth":"yesterday"}},
{"model":"facility.patientconsent","pk":1,"fields":{"type":4}},
{"model":"facility.patientregistration","pk":3,"fields":{"name":}},
{"model":"facility.patientconsultation","pk":1,"fields":{"patient":1,"facility":1,"admitted":true,"encounter_date":"2024-02-29T08:00:00Z"}},
{"model":"facility.dailyround","pk":1,"fields":{"consultation":1,"taken_at":"2024-03-01T06:30:00Z","pulse":80,"consciousness_level":30}}
]"#;
    std::fs::write(&path, dump).unwrap();
    let said = import(rig.dir(), &path, &["--release", "may-2022"]);
    let report = &said["report"];
    let faults: Vec<_> = report["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| {
            let text = |name: &str| fault[name].as_str().unwrap().to_owned();
            (
                fault["line"].as_u64().unwrap(),
                text("file"),
                text("field"),
                text("reason"),
            )
        })
        .collect();
    let fault = |line, field: &str, reason: &str| (line, "dump.json".to_owned(), field.to_owned(), reason.to_owned());
    assert_eq!(
        faults,
        [fault(7, "", "not_json"), fault(5, "date_of_birth", "wrong_type")]
    );
    assert_eq!(report["without_kind"], json!({ "facility.patientconsent": 1 }));
    let unknown =
        json!({ "facility.patientregistration.disease_status=77": 1, "facility.dailyround.consciousness_level=30": 1 });
    assert_eq!(report["unknown_codes"], unknown);
    let taken = json!({ "facility.facility": 1, "facility.patientregistration": 1, "facility.patientconsultation": 1, "facility.dailyround": 1 });
    assert_eq!(report["taken"], taken);

    let args = ["import", "care", path.to_str().unwrap(), "--dry-run"];
    let told = program(rig.dir(), &args).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    let line = "dump.json:5: facility.patientregistration 2 date_of_birth: wrong_type";
    assert!(told.lines().any(|told| told == line), "{told}");

    std::fs::write(&path, b"[\n\n\xff]").unwrap();
    let refused = program(rig.dir(), &args).output().unwrap();
    assert_eq!(refused.status.code(), Some(5));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("line 3"));
}
