//! Care's own fixture, which is others' data and stands beside the project, not in it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::PathBuf;

use care::{File, Release, import};

fn fixture() -> Option<Vec<File>> {
    let folder = std::env::var_os("CARE_FIXTURE").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/care");
    let folder = folder.unwrap_or(beside);
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        Some(File {
            name: name.to_owned(),
            text,
        })
    };
    ["states.json", "users.json", "facility.json"]
        .into_iter()
        .map(read)
        .collect()
}

#[test]
fn the_fixture_of_care_is_read_whole_and_every_record_is_accounted_for() {
    let Some(files) = fixture() else {
        println!("SKIPPED: Care's fixture is not beside this checkout");
        return;
    };
    let total: usize = files.iter().map(|file| file.text.matches("\"model\"").count()).sum();
    let made = import(&files, Release::C24);
    let report = &made.report;
    let sum = |counts: &std::collections::BTreeMap<String, usize>| counts.values().sum::<usize>();
    let folded = [
        "facility.disease",
        "facility.facilityuser",
        "facility.facilityinventoryunit",
        "facility.facilityinventoryitemtag",
    ];
    let folded: usize = folded
        .iter()
        .map(|model| {
            files
                .iter()
                .map(|file| file.text.matches(&format!("\"{model}\"")).count())
                .sum::<usize>()
        })
        .sum();
    let accounted =
        sum(&report.taken) + sum(&report.refused) + sum(&report.deleted) + sum(&report.without_kind) + folded;
    assert_eq!(accounted, total, "{report:#?}");
    assert_eq!(report.taken["facility.facility"], 20, "{:#?}", report.faults);
    assert_eq!(report.taken["facility.bed"], 6);
    assert_eq!(report.taken["facility.patientregistration"], 18, "{:#?}", report.faults);
    assert_eq!(report.taken["facility.facilityinventoryitem"], 7);
    // People of a ward who belong to no facility in the fixture have nowhere to work here.
    assert_eq!(report.taken["users.user"] + report.refused["users.user"], 24);
    let homeless = report.faults.iter().filter(|fault| fault.model == "users.user");
    assert!(
        homeless
            .clone()
            .all(|fault| fault.field == "facility" && fault.reason == "required" && fault.line > 0)
    );
    assert_eq!(report.without_kind["facility.shiftingrequest"], 15);
    assert!(
        report.taken["facility.patientconsultation"] >= 17,
        "{:#?}",
        report.faults
    );
}
