//! Tables that somebody takes along: written whole under a new name, once the log says so.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use std::path::Path;

use alone::set_up;
use desk::paper::words::Language;
use desk::tables::{TableArgs, TableCell, TableShape};
use serde_json::json;

fn table(path: &Path) -> TableArgs {
    TableArgs {
        path: path.to_str().unwrap().to_owned(),
        shape: TableShape::Csv,
        language: Language::English,
        title: "Census".to_owned(),
        about: "19-Nov-2026".to_owned(),
        columns: ["Ward", "Beds"].map(str::to_owned).to_vec(),
        rows: vec![vec![
            Some(TableCell::Text("ICU".to_owned())),
            Some(TableCell::Number { digits: 12, scale: 0 }),
        ]],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_written_under_a_new_name_and_the_log_tells_who_took_it() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = set_up(folder.path()).await;
    let asked = table(&outside.path().join("census"));
    let written = desk.write_table(&asked).unwrap();
    assert!(written.path.ends_with("census.csv") && written.rows == 1);
    let text = std::fs::read_to_string(&written.path).unwrap();
    assert_eq!(text, "\u{feff}Ward,Beds\r\nICU,12\r\n");
    assert_eq!(desk.write_table(&asked).unwrap_err().code, "file_exists");
    let sheet = TableArgs {
        shape: TableShape::Xlsx,
        ..asked.clone()
    };
    assert!(desk.write_table(&sheet).unwrap().path.ends_with("census.xlsx"));
    let paper = TableArgs {
        shape: TableShape::Pdf,
        ..asked.clone()
    };
    let printed = desk.write_table(&paper).unwrap();
    assert!(printed.path.ends_with("census.pdf") && std::fs::read(&printed.path).unwrap().starts_with(b"%PDF-"));
    let log = desk.view("audit_log", &json!({ "what": "table_written" })).unwrap();
    let lines = log.json().unwrap()["lines"].as_array().unwrap().clone();
    assert_eq!(lines.len(), 3, "one that was not written is not told");
    assert_eq!(lines[0]["who_name"], "Anju Thomas");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_table_goes_into_the_desks_own_folder_none_is_of_uneven_rows_and_nobody_takes_one_unseen() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let desk = set_up(folder.path()).await;
    let own = table(&folder.path().join("census"));
    assert_eq!(desk.write_table(&own).unwrap_err().code, "file_not_written");
    let mut uneven = table(&outside.path().join("uneven"));
    uneven.rows[0].pop();
    assert_eq!(desk.write_table(&uneven).unwrap_err().code, "file_not_written");
    let mut long = table(&outside.path().join("long"));
    long.rows[0][0] = Some(TableCell::Text("x".repeat(4_001)));
    assert_eq!(desk.write_table(&long).unwrap_err().code, "file_not_written");
    desk.lock().await;
    let locked = table(&outside.path().join("locked"));
    assert_eq!(desk.write_table(&locked).unwrap_err().code, "locked");
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
}
