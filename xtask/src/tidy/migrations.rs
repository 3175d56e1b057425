//! Rule: migrations are numbered without gaps and named for what they do, and SQLite's tables are strict.

use super::{Finding, Source, Sources};
use std::collections::BTreeMap;

/// Refuses a value of another type without being told to.
const ALWAYS_STRICT: &str = "postgres";

pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut folders: BTreeMap<&str, Vec<(&str, &Source)>> = BTreeMap::new();
    for source in sources.by_hand() {
        let Some(path) = source.path.strip_prefix("migrations/") else {
            continue;
        };
        if let Some((folder, name)) = path.rsplit_once('/') {
            folders.entry(folder).or_default().push((name, source));
        }
    }
    let mut findings = Vec::new();
    for (folder, files) in &folders {
        for (index, (name, source)) in files.iter().enumerate() {
            findings.extend(check_name(name, index + 1, source));
            if !folder.contains(ALWAYS_STRICT) {
                findings.extend(check_tables(source));
            }
        }
    }
    findings
}

fn check_name(name: &str, number: usize, source: &Source) -> Option<Finding> {
    // The tool that runs them wants a `V` before the number.
    let plain = name.strip_prefix('V').unwrap_or(name);
    let words = plain
        .strip_prefix(&format!("{number:04}_"))
        .and_then(|rest| rest.trim_start_matches('_').strip_suffix(".sql"));
    let is_named = words.is_some_and(|words| {
        !words.is_empty()
            && words
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    });
    (!is_named).then(|| {
        let message = format!("migration {number} of its folder is named {number:04}_what_it_does.sql");
        Finding::at(source, 0, message)
    })
}

/// A table's end is the line that begins with the closing bracket.
fn check_tables(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open_at = None;
    for (line, code) in source.code_lines() {
        if code.contains("CREATE TABLE") {
            open_at = Some(line);
        }
        let ends = code.starts_with(')') || code.trim_end().ends_with(';');
        if let (Some(opened), true) = (open_at, ends) {
            if !code.contains("STRICT") {
                let message = "a table is STRICT: SQLite then refuses a value of another type";
                findings.push(Finding::at(source, opened, message));
            }
            open_at = None;
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_files(files: &[(&str, &str)], expected: &[(&str, usize)]) {
        let found = check(&Sources::of(files));
        let found: Vec<(&str, usize)> = found.iter().map(|f| (f.path.as_str(), f.line)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_gap_in_the_numbers_or_a_file_without_one_is_found() {
        let files = [
            ("migrations/desktop/0001_change_log.sql", ""),
            ("migrations/desktop/0003_search.sql", ""),
            ("migrations/desktop/people.sql", ""),
            ("migrations/server-sqlite/V0001__change_log.sql", ""),
        ];
        let expected = [
            ("migrations/desktop/0003_search.sql", 0),
            ("migrations/desktop/people.sql", 0),
        ];
        check_files(&files, &expected);
    }

    #[test]
    fn a_table_that_is_not_strict_is_found() {
        let text = "CREATE TABLE a (\n  id BLOB NOT NULL\n) STRICT;\n\nCREATE TABLE b (\n  id BLOB\n);";
        let path = "migrations/desktop/0001_tables.sql";
        check_files(&[(path, text)], &[(path, 5)]);
        check_files(&[("migrations/server-postgres/V0001__tables.sql", text)], &[]);
    }
}
