//! What is past its time is told, by id and by no name; nothing is taken away.

use domain::entities::{encounter, patient};
use domain::{Draft, Time};

use crate::rig::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_past_its_time_is_told_by_id_and_by_no_name() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let (gone, inside) = (new_id(), new_id());
    let registered = |id| patient_draft(id).with(&patient::REGISTERED_AT, Time(0));
    let admitted = |of| {
        let draft = Draft::new("encounter", new_id()).with(&encounter::PATIENT, of);
        draft.with(&encounter::ADMITTED_AT, Time(0))
    };
    desk.write(vec![registered(gone), registered(inside)]);
    desk.write(vec![
        admitted(gone).with(&encounter::DISCHARGED_AT, Time(1)),
        admitted(inside),
    ]);
    rig.push(&desk, desk.all()).await;
    let before = run(rig.dir(), &["digest"]).unwrap();

    let told = run(rig.dir(), &["retention", "report"]).unwrap();
    let lines = told.as_array().unwrap();
    assert_eq!(lines.len(), 1, "{told}");
    assert_eq!(lines[0]["record"], serde_json::json!(gone));
    assert_eq!(
        (&lines[0]["kind"], &lines[0]["since"]),
        (&"patient".into(), &"1973-01-03".into())
    );
    assert!(!told.to_string().contains(SECRET_NAME));
    let far = run(rig.dir(), &["retention", "report", "--longer", "500"]).unwrap();
    assert_eq!(far, serde_json::json!([]));
    let here = rig.here.facility.to_string();
    let of_it = run(rig.dir(), &["retention", "report", "--facility", &here]).unwrap();
    assert_eq!(of_it, told);
    let nowhere = new_id().to_string();
    let refused = run(rig.dir(), &["retention", "report", "--facility", &nowhere]);
    assert_eq!(refused.unwrap_err().0, 4);

    let table = run(rig.dir(), &["retention", "table"]).unwrap();
    let years = table.as_array().unwrap().iter().find(|line| line["kind"] == "patient");
    assert_eq!(years.unwrap()["years"], 3);
    assert_eq!(run(rig.dir(), &["digest"]).unwrap(), before);
}
