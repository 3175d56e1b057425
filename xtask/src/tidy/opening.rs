//! Rule: every file opens by saying what lives in it.

use super::{Finding, Sources};

const OPENINGS: &[(&str, &str)] = &[
    ("rs", "//!"),
    ("ts", "/**"),
    ("tsx", "/**"),
    ("mjs", "/**"),
    ("sql", "--"),
];

pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    // A `.d.ts` file only names what a tool brings with it; a test stands beside what it tests.
    let written = |path: &str| {
        ![".d.ts", ".test.ts", ".test.tsx"]
            .iter()
            .any(|ending| path.ends_with(ending))
    };
    for source in sources.by_hand().filter(|source| written(&source.path)) {
        let opening = OPENINGS.iter().find(|(ending, _)| *ending == source.ending());
        let Some((_, opening)) = opening else {
            continue;
        };
        // What a system or the compiler must read first may stand before it.
        let first = source
            .text
            .lines()
            .find(|line| !line.starts_with("#!") && !line.trim().is_empty());
        if !first.is_some_and(|line| line.starts_with(opening)) {
            let message = format!("opens with `{opening}`: what lives here, what never does");
            findings.push(Finding::at(source, 1, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str, expected: usize) {
        assert_eq!(check(&Sources::of(&[(path, text)])).len(), expected, "{path}: {text}");
    }

    #[test]
    fn a_file_that_does_not_say_what_lives_in_it_is_found() {
        check_one("crates/store/src/open.rs", "//! Opening.\nuse a;", 0);
        check_one("crates/store/src/open.rs", "use a;\n//! Opening.", 1);
        check_one("crates/store/src/open.rs", "// Opening.", 1);
        check_one("crates/store/src/open.rs", "", 1);
        check_one("ui/src/backend.ts", "/** The door. */", 0);
        check_one("ui/tests/pages.mjs", "#!/usr/bin/env node\n/** Pages. */", 0);
        check_one("ui/src/generated/Bed.ts", "export type Bed = 1;", 0);
        check_one("migrations/desktop/0001_a.sql", "-- The log.\nSELECT 1;", 0);
    }
}
