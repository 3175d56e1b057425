//! Rule: SQL stands only where a database is spoken to, and a table is made only in `migrations/`.

use super::{Finding, Sources};

const PLACES: &[&str] = &["crates/store/", "crates/server/src/db", "migrations/"];
// The rules themselves have to name what they look for.
const NOT_LOOKED_AT: &[&str] = &["xtask/src/tidy/"];
const STATEMENTS: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "DELETE FROM ",
    "DROP TABLE ",
    "ALTER TABLE ",
    "CREATE INDEX ",
    "CREATE VIEW ",
    "CREATE TRIGGER ",
    "PRAGMA ",
];
const TABLES: &[&str] = &["CREATE TABLE", "CREATE VIRTUAL TABLE", "CREATE TEMP TABLE"];

pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.by_hand() {
        if source.is_test() || source.is_below(NOT_LOOKED_AT) || source.ending() == "toml" {
            continue;
        }
        for (line, code) in source.code_lines() {
            let table = TABLES.iter().any(|table| code.contains(table));
            if table && !source.is_below(&["migrations/"]) {
                let message = "a table is made only in migrations/";
                findings.push(Finding::at(source, line, message));
            } else if !source.is_below(PLACES) && is_sql(&code) {
                let message = "SQL stands only in crates/store, crates/server/src/db and migrations/";
                findings.push(Finding::at(source, line, message));
            }
        }
    }
    findings
}

fn is_sql(code: &str) -> bool {
    let updates = code.contains("UPDATE ") && code.contains(" SET ");
    updates || STATEMENTS.iter().any(|statement| code.contains(statement))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str, expected_lines: &[usize]) {
        let found = check(&Sources::of(&[(path, text)]));
        let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, expected_lines, "{path}: {text}");
    }

    #[test]
    fn sql_outside_its_places_is_found() {
        let text = "fn a() {}\nconst Q: &str = \"SELECT id FROM record\";";
        check_one("crates/desk/src/sign_in.rs", text, &[2]);
        check_one("crates/server/src/routes.rs", text, &[2]);
        check_one("crates/server/src/db.rs", text, &[]);
        check_one("crates/server/src/db/changes.rs", text, &[]);
        check_one("crates/store/src/records.rs", text, &[]);
        check_one("crates/desk/tests/sign_in.rs", text, &[]);
        check_one("src-tauri/src/lib.rs", "// SELECT is spoken elsewhere", &[]);
        check_one("src-tauri/src/lib.rs", "run(\"UPDATE a SET b = 1\")", &[1]);
    }

    #[test]
    fn a_table_is_made_only_in_a_migration() {
        let text = "CREATE TABLE change (id BLOB) STRICT;";
        check_one("migrations/desktop/0001_change_log.sql", text, &[]);
        check_one("crates/store/src/open.rs", &format!("run(\"{text}\")"), &[1]);
    }
}
