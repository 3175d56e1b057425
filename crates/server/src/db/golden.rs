//! The form of the server's tables after all migrations. A change here is a change of the file.

use std::collections::BTreeMap;
use std::path::Path;

use super::Db;

#[test]
fn the_tables_after_all_migrations_keep_their_form() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("district.db")).unwrap();
    let made = db.read(|conn| {
        let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
                   ORDER BY type = 'trigger', tbl_name, type DESC, name";
        conn.all(sql, &[], |row| row.text(0))
    });
    insta::assert_snapshot!("tables", made.unwrap().join(";\n\n"));
}

/// The names of the migrations of a folder, in their order.
fn names(folder: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../migrations")
        .join(folder);
    let entries = std::fs::read_dir(path).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Every table of a folder's migrations with its columns, in their order, as the text says it.
fn columns(folder: &str) -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../migrations")
        .join(folder);
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names(folder) {
        let mut table = None;
        for line in std::fs::read_to_string(path.join(name)).unwrap().lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["CREATE", "TABLE", name, ..] => table = Some(name.to_owned()),
                ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => {
                    tables.entry(name.to_owned()).or_default().push(column.to_owned());
                }
                [");" | ")", ..] => table = None,
                [column, ..]
                    if column
                        .chars()
                        .all(|letter| letter.is_ascii_lowercase() || letter == '_') =>
                {
                    if let Some(table) = &table {
                        tables.entry(table.clone()).or_default().push(column.to_owned());
                    }
                }
                _ => {}
            }
        }
    }
    tables
}

#[test]
fn both_databases_have_the_same_migrations_tables_and_columns() {
    assert_eq!(names("server-sqlite"), names("server-postgres"));
    let (sqlite, mut postgres) = (columns("server-sqlite"), columns("server-postgres"));
    // A file has no history of its own to tell apart.
    assert_eq!(postgres.remove("lineage"), Some(vec!["name".to_owned()]));
    assert!(sqlite.len() > 10 && sqlite["change"].len() == 12);
    assert_eq!(sqlite, postgres);
}
