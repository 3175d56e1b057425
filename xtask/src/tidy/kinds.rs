//! Rule: the machinery names no kind. What a kind means stands as data in its own file under `entities/`.

use super::{Finding, Sources};

const ENTITIES: &str = "crates/domain/src/entities/";
const MACHINERY: &[&str] = &[
    "crates/sync-core/",
    "crates/store/",
    "crates/server/",
    "crates/desk/",
    "src-tauri/src/",
    "migrations/",
];
/// Here places and people are set up by hand, on the machine; and measuring needs something to measure.
const BY_HAND: &[&str] = &["crates/server/src/cli/", "crates/store/examples/"];
/// Before the reason why a word here only looks like a kind.
const EXCUSE: &str = "not a kind:";

pub fn check(sources: &Sources) -> Vec<Finding> {
    let kinds: Vec<&str> = sources
        .by_hand()
        .filter_map(|source| source.path.strip_prefix(ENTITIES)?.strip_suffix(".rs"))
        .filter(|kind| *kind != "mod" && !kind.contains('/'))
        .collect();
    let mut findings = Vec::new();
    for source in sources.by_hand() {
        if !source.is_below(MACHINERY) || source.is_below(BY_HAND) || source.is_test() || source.ending() == "toml" {
            continue;
        }
        for (line, code) in source.code_lines() {
            let whole = source.text.lines().nth(line - 1).unwrap_or_default();
            if whole.contains(EXCUSE) {
                continue;
            }
            for kind in kinds.iter().filter(|kind| names(&code, kind)) {
                let message = format!(
                    "names the kind \"{kind}\": say what it needs to know in {ENTITIES}{kind}.rs, as data (or end the line with `// {EXCUSE} why`)"
                );
                findings.push(Finding::at(source, line, message));
            }
        }
    }
    findings
}

/// The kind stands as a text of its own, with `_` or `-` between its words.
fn names(code: &str, kind: &str) -> bool {
    let dashed = kind.replace('_', "-");
    [kind, dashed.as_str()]
        .iter()
        .any(|word| code.contains(&format!("\"{word}\"")) || code.contains(&format!("'{word}'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: (&str, &str) = ("crates/domain/src/entities/patient.rs", "");
    const BED_STAY: (&str, &str) = ("crates/domain/src/entities/bed_stay.rs", "");
    const MOD: (&str, &str) = ("crates/domain/src/entities/mod.rs", "");

    fn check_one(path: &str, text: &str, expected_lines: &[usize]) {
        let found = check(&Sources::of(&[PATIENT, BED_STAY, MOD, (path, text)]));
        let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, expected_lines, "{path}: {text}");
    }

    #[test]
    fn a_kind_named_in_the_machinery_is_found() {
        let text = "let a = 1;\nif kind == \"patient\" {}";
        check_one("crates/store/src/fold.rs", text, &[2]);
        check_one("crates/domain/src/views/board.rs", text, &[]);
        check_one("crates/store/tests/fold.rs", text, &[]);
        check_one("migrations/desktop/0001_a.sql", "CHECK (kind = 'bed_stay')", &[1]);
        check_one("crates/desk/src/board.rs", "kind(\"bed-stay\")", &[1]);
        check_one("crates/desk/src/board.rs", "module(\"mod\")", &[]);
    }

    #[test]
    fn a_word_that_only_looks_like_a_kind_is_excused_with_a_reason() {
        let text = "header(\"patient\") // not a kind: asks the proxy to wait";
        check_one("crates/server/src/routes.rs", text, &[]);
        check_one("crates/server/src/routes.rs", "a(\"patients\")", &[]);
    }
}
