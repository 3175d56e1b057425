//! Everything that is held about a person is handed to them: whole, with every author, sealed or not, by an admin alone.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use std::io::Read;
use std::path::Path;

use alone::{act, save, set_up};
use desk::Desk;
use desk::held::{ReportArgs, ReportShape};
use desk::paper::words::Language;
use domain::RecordId;
use serde_json::{Value as Json, json};

/// A patient with an admission, a round, a consent, a corrected phone, and an admission that was entered in error.
fn kamala(desk: &Desk) -> RecordId {
    let fields = json!({ "name": "കമല ദേവി", "birth_year": 1959, "phone": "0484 111111" });
    let patient = save(desk, &json!({ "kind": "patient", "id": null, "fields": fields })).ids[0];
    save(
        desk,
        &json!({ "kind": "patient", "id": patient, "fields": { "phone": "0484 222222" } }),
    );
    let admission = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
    let admit = json!({ "patient": patient, "bed": null, "at": null, "fields": admission });
    let wrong = act(desk, "admit", &admit).ids[0];
    act(
        desk,
        "void_admission",
        &json!({ "encounter": wrong, "reason": "another Kamala" }),
    );
    let encounter = act(desk, "admit", &admit).ids[0];
    let round = json!({ "encounter": encounter, "at": 1_000, "pulse": 77, "note": "sleeps well" });
    save(desk, &json!({ "kind": "round", "id": null, "fields": round }));
    let agreed = json!({ "purpose": "research", "given_by": "patient", "how": "spoken" });
    act(
        desk,
        "give_consent",
        &json!({ "patient": patient, "at": null, "fields": agreed }),
    );
    patient
}

fn args(patient: RecordId, path: &Path, shape: ReportShape) -> ReportArgs {
    ReportArgs {
        patient,
        path: path.to_str().unwrap().to_owned(),
        shape,
        language: Language::English,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_handed_everything_that_is_held_about_them_with_all_that_stood_before() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = set_up(folder.path()).await;
    let patient = kamala(&desk);
    let written = desk
        .report_to_person(&args(patient, &outside.path().join("report"), ReportShape::Json))
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
    let board = desk.view("bed_board", &Json::Null).unwrap().json().unwrap();
    let tiles = board["wards"].as_array().unwrap().iter();
    let mut tiles = tiles.flat_map(|ward| ward["beds"].as_array().unwrap().clone());
    let other = tiles.find_map(|tile| tile["occupant"]["patient"]["name"].as_str().map(str::to_owned));
    assert!(!text.contains(&other.unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_report_opens_with_its_code_alone_and_no_file_is_replaced() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = set_up(folder.path()).await;
    let patient = kamala(&desk);
    let sealed = args(patient, &outside.path().join("kamala"), ReportShape::Sealed);
    let written = desk.report_to_person(&sealed).unwrap();
    let bytes = std::fs::read(&written.path).unwrap();
    for part in ["കമല", "0484 222222"] {
        assert!(!bytes.windows(part.len()).any(|window| window == part.as_bytes()));
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let opened = |archive: &mut zip::ZipArchive<_>, name: &str, code: &str| {
        let mut bytes = Vec::new();
        let mut file = archive.by_name_decrypt(name, code.as_bytes()).ok()?;
        file.read_to_end(&mut bytes).ok().map(|_| bytes)
    };
    assert!(opened(&mut archive, "report.json", "AAAA-AAAA-AAAA-AAAA-AAAA").is_none());
    let code = written.code.unwrap();
    let json = String::from_utf8(opened(&mut archive, "report.json", &code).unwrap()).unwrap();
    assert!(json.contains("കമല ദേവി"));
    assert!(opened(&mut archive, "report.pdf", &code).unwrap().starts_with(b"%PDF-"));
    assert_eq!(desk.report_to_person(&sealed).unwrap_err().code, "file_exists");
    // Unsealed it is never written beside the sealed file of the records.
    let beside = args(patient, &folder.path().join("report"), ReportShape::Json);
    assert_eq!(desk.report_to_person(&beside).unwrap_err().code, "file_not_written");
    let nowhere = args(patient, &outside.path().join("no/such/folder"), ReportShape::Json);
    assert_eq!(desk.report_to_person(&nowhere).unwrap_err().code, "file_not_written");
    let nobody = args(
        RecordId(uuid::Uuid::nil()),
        &outside.path().join("nobody"),
        ReportShape::Json,
    );
    assert_eq!(desk.report_to_person(&nobody).unwrap_err().code, "not_found");
    assert!(!outside.path().join("nobody.json").exists());
}

/// The report as it is written now, and what it says of who looked.
fn looked(desk: &Desk, patient: RecordId, path: &Path) -> Vec<String> {
    let written = desk.report_to_person(&args(patient, path, ReportShape::Json)).unwrap();
    let report: Json = serde_json::from_slice(&std::fs::read(written.path).unwrap()).unwrap();
    let lines = report["looked"].as_array().unwrap().iter();
    let told = lines.map(|line| {
        format!(
            "{} {}",
            line["who_name"].as_str().unwrap(),
            line["what"].as_str().unwrap()
        )
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_stands_in_the_report_and_that_it_was_written_in_the_log() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = set_up(folder.path()).await;
    let patient = kamala(&desk);
    assert!(looked(&desk, patient, &outside.path().join("none")).is_empty());
    desk.view("patient", &json!({ "id": patient })).unwrap();
    let begun = std::time::Instant::now();
    let mut number = 0;
    let told = loop {
        number += 1;
        let told = looked(&desk, patient, &outside.path().join(format!("report-{number}")));
        if told.iter().any(|line| line == "Anju Thomas patient_seen") {
            break told;
        }
        assert!(begun.elapsed().as_secs() < 20, "{told:?}");
    };
    let reports = |told: &[String]| told.iter().filter(|line| *line == "Anju Thomas report_written").count();
    assert_eq!(reports(&told), number, "each before this one");

    // What was not written stands nowhere.
    let again = args(patient, &outside.path().join("none"), ReportShape::Json);
    assert_eq!(desk.report_to_person(&again).unwrap_err().code, "file_exists");
    let log = desk
        .view("audit_log", &json!({ "what": "report_written", "patient": patient }))
        .unwrap();
    assert_eq!(log.json().unwrap()["lines"].as_array().unwrap().len(), number + 1);
}

/// What can be read in the report as it is printed; nothing without the program that reads it.
fn printed(desk: &Desk, patient: RecordId, path: &Path, language: Language) -> Option<String> {
    let args = ReportArgs {
        language,
        ..args(patient, path, ReportShape::Pdf)
    };
    let written = desk.report_to_person(&args).unwrap();
    assert!(written.path.ends_with(".pdf") && written.code.is_none());
    let pdf = std::fs::read(&written.path).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    if let Some(folder) = std::env::var_os("WARDROOM_REPORTS") {
        std::fs::write(Path::new(&folder).join(format!("report-{}.pdf", language.tag())), &pdf).unwrap();
    }
    let read = std::process::Command::new("pdftotext")
        .args(["-layout", &written.path, "-"])
        .output();
    let Ok(read) = read else {
        println!("SKIPPED: there is no pdftotext (poppler-utils)");
        return None;
    };
    Some(String::from_utf8(read.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_report_says_all_that_stands_and_stood_in_words_that_people_read() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = set_up(folder.path()).await;
    let patient = kamala(&desk);
    desk.view("patient", &json!({ "id": patient })).unwrap();
    for number in 0..40 {
        let address = format!("{number} ബോട്ട് ജെട്ടി റോഡ്, കൊച്ചി\nnext to the school");
        save(
            &desk,
            &json!({ "kind": "patient", "id": patient, "fields": { "address": address } }),
        );
    }
    let print = |name: &str, language| printed(&desk, patient, &outside.path().join(name), language);
    let Some(english) = print("english", Language::English) else {
        return;
    };
    let malayalam = print("malayalam", Language::Malayalam).unwrap();
    for typed in ["0484 111111", "0484 222222", "sleeps well", "another Kamala", "39 "] {
        assert!(english.contains(typed) && malayalam.contains(typed), "{typed}");
    }
    for said in [
        "Research",
        "entered in error",
        "Anju Thomas, Facility admin",
        "Page 2 of",
        "Nothing that other computers wrote",
    ] {
        assert!(english.contains(said) && !malayalam.contains(said), "{said}");
    }
    for said in [
        "ഗവേഷണം",
        "(തെറ്റായി ചേർത്തത്)",
        "Anju Thomas, സ്ഥാപന അഡ്മിൻ",
        "താൾ 2 /",
        "ആരെല്ലാം നോക്കി",
    ] {
        assert!(malayalam.contains(said) && !english.contains(said), "{said}");
    }
    for key in ["facility_admin", "birth_year", "patient_seen", "void_reason"] {
        assert!(!english.contains(key) && !malayalam.contains(key), "{key}");
    }
}
