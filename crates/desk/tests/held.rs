//! Everything that is held about a person is handed to them: whole, with every author, sealed or not, by an admin alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Read;
use std::path::Path;

use desk::held::ReportArgs;
use desk::keys::hardness::{Cost, Hardness};
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use desk::{Desk, Options};
use domain::RecordId;
use serde_json::{Value as Json, json};

async fn hospital(folder: &Path) -> Desk {
    let desk = Desk::start(Options {
        folder: folder.to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: 5,
        patience: Patience::default(),
    });
    desk.stand_alone("Anju Thomas", "anju", "a long enough one")
        .await
        .unwrap();
    desk
}

fn save(desk: &Desk, draft: Json) -> RecordId {
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    let drafts = serde_json::from_value(json!([draft])).unwrap();
    desk.save(drafts, as_of, ["purpose".to_owned()].into()).unwrap().ids[0]
}

fn act(desk: &Desk, name: &str, args: &Json) -> RecordId {
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    desk.act(name, args, as_of, Default::default()).unwrap().ids[0]
}

/// A patient with an admission, a round, a consent, a corrected phone, and an admission that was entered in error.
fn kamala(desk: &Desk) -> RecordId {
    let fields = json!({ "name": "കമല ദേവി", "birth_year": 1959, "phone": "0484 111111" });
    let patient = save(desk, json!({ "kind": "patient", "id": null, "fields": fields }));
    save(
        desk,
        json!({ "kind": "patient", "id": patient, "fields": { "phone": "0484 222222" } }),
    );
    let admission = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
    let admit = json!({ "patient": patient, "bed": null, "at": null, "fields": admission });
    let wrong = act(desk, "admit", &admit);
    act(
        desk,
        "void_admission",
        &json!({ "encounter": wrong, "reason": "another Kamala" }),
    );
    let encounter = act(desk, "admit", &admit);
    let round = json!({ "encounter": encounter, "at": 1_000, "pulse": 77, "note": "sleeps well" });
    save(desk, json!({ "kind": "round", "id": null, "fields": round }));
    let agreed = json!({ "purpose": "research", "given_by": "patient", "how": "spoken" });
    act(
        desk,
        "give_consent",
        &json!({ "patient": patient, "at": null, "fields": agreed }),
    );
    patient
}

fn args(patient: RecordId, path: &Path, sealed: bool) -> ReportArgs {
    ReportArgs {
        patient,
        path: path.to_str().unwrap().to_owned(),
        sealed,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_handed_everything_that_is_held_about_them_with_all_that_stood_before() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = hospital(folder.path()).await;
    let patient = kamala(&desk);
    let written = desk
        .report_to_person(&args(patient, &outside.path().join("report"), false))
        .unwrap();
    assert!(written.path.ends_with("report.json") && written.code.is_none());
    let report: Json = serde_json::from_slice(&std::fs::read(&written.path).unwrap()).unwrap();
    let records = report["records"].as_array().unwrap();
    let count = |kind: &str| records.iter().filter(|record| record["kind"] == kind).count();
    let counts = ["patient", "consent", "encounter", "round"].map(count);
    assert_eq!(counts, [1, 1, 2, 1]);
    assert_eq!(records.len(), 5);
    let wrong: Vec<&Json> = records
        .iter()
        .filter(|record| record["entered_in_error"] == true)
        .collect();
    assert_eq!(wrong.len(), 1);
    let text = report.to_string();
    for held in [
        "കമല ദേവി",
        "0484 111111",
        "0484 222222",
        "sleeps well",
        "another Kamala",
        "research",
    ] {
        assert!(text.contains(held), "{held} is not told");
    }
    let first = &records[0]["history"][0];
    assert_eq!(
        (&first["by"]["name"], &first["by"]["role"]),
        (&json!("Anju Thomas"), &json!("facility_admin"))
    );
    assert_eq!(report["registrations"], json!([patient]));
    // Of the other people of the sample hospital nothing.
    let board = desk.view("bed_board", &Json::Null).unwrap().data;
    let tiles = board["wards"].as_array().unwrap().iter();
    let mut tiles = tiles.flat_map(|ward| ward["beds"].as_array().unwrap().clone());
    let other = tiles.find_map(|tile| tile["occupant"]["patient"]["name"].as_str().map(str::to_owned));
    assert!(!text.contains(&other.unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_report_opens_with_its_code_alone_and_no_file_is_replaced() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = hospital(folder.path()).await;
    let patient = kamala(&desk);
    let sealed = args(patient, &outside.path().join("kamala"), true);
    let written = desk.report_to_person(&sealed).unwrap();
    let bytes = std::fs::read(&written.path).unwrap();
    for part in ["കമല", "0484"] {
        assert!(!bytes.windows(part.len()).any(|window| window == part.as_bytes()));
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let opened = |archive: &mut zip::ZipArchive<_>, code: &str| {
        let mut text = String::new();
        let mut file = archive.by_index_decrypt(0, code.as_bytes()).ok()?;
        file.read_to_string(&mut text).ok().map(|_| text)
    };
    assert!(opened(&mut archive, "AAAA-AAAA-AAAA-AAAA-AAAA").is_none());
    assert!(
        opened(&mut archive, &written.code.unwrap())
            .unwrap()
            .contains("കമല ദേവി")
    );
    assert_eq!(desk.report_to_person(&sealed).unwrap_err().code, "report_exists");
    // Unsealed it is never written beside the sealed file of the records.
    let beside = args(patient, &folder.path().join("report"), false);
    assert_eq!(desk.report_to_person(&beside).unwrap_err().code, "report_not_written");
    let nowhere = args(patient, &outside.path().join("no/such/folder"), false);
    assert_eq!(desk.report_to_person(&nowhere).unwrap_err().code, "report_not_written");
    let nobody = args(RecordId(uuid::Uuid::nil()), &outside.path().join("nobody"), false);
    assert_eq!(desk.report_to_person(&nobody).unwrap_err().code, "not_found");
    assert!(!outside.path().join("nobody.json").exists());
}
