//! Rule: no file grows past its wall. A file that does wants a room of its own for something.

use super::{Finding, Sources};

const WALLS_LINES: &[(&str, usize)] = &[("rs", 500), ("tsx", 250), ("ts", 250)];
/// The texts of one language: long because the product says much.
const TEXTS: &str = "ui/src/i18n/";

pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.by_hand() {
        if source.is_test() || source.is_below(&[TEXTS]) {
            continue;
        }
        let wall = WALLS_LINES.iter().find(|(ending, _)| *ending == source.ending());
        let lines = source.text.lines().count();
        if let Some((_, wall)) = wall.filter(|(_, wall)| lines > *wall) {
            let message = format!("{lines} lines, the wall is {wall}: what wants a file of its own?");
            findings.push(Finding::at(source, 0, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, lines: usize, expected: usize) {
        let text = "a\n".repeat(lines);
        assert_eq!(check(&Sources::of(&[(path, &text)])).len(), expected, "{path} {lines}");
    }

    #[test]
    fn a_file_may_reach_its_wall_but_not_pass_it() {
        check_one("crates/store/src/open.rs", 500, 0);
        check_one("crates/store/src/open.rs", 501, 1);
        check_one("ui/src/features/beds/BedBoard.tsx", 250, 0);
        check_one("ui/src/features/beds/BedBoard.tsx", 251, 1);
    }

    #[test]
    fn tests_generated_files_and_texts_have_no_wall() {
        check_one("crates/store/tests/open.rs", 900, 0);
        check_one("ui/src/generated/Bed.ts", 900, 0);
        check_one("ui/src/i18n/ml.ts", 900, 0);
        check_one("migrations/desktop/0001_a.sql", 900, 0);
    }
}
