//! Rule: the window's pages reach the program behind them through one file.

use super::{Finding, Sources};

const DOOR: &str = "ui/src/backend.ts";
const FOREIGN: &str = "@tauri-apps";

pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.by_hand() {
        if !source.is_below(&["ui/src/"]) || source.path == DOOR {
            continue;
        }
        for (line, code) in source.code_lines() {
            if code.contains(FOREIGN) {
                let message = format!("{FOREIGN} is imported in {DOOR} alone");
                findings.push(Finding::at(source, line, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_door_is_found() {
        let text = "/** Beds. */\nimport { invoke } from \"@tauri-apps/api/core\";";
        let sources = Sources::of(&[
            ("ui/src/backend.ts", text),
            ("ui/src/features/beds/BedBoard.tsx", text),
            ("ui/tests/pages.mjs", text),
        ]);
        let found = check(&sources);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        let expected = "ui/src/features/beds/BedBoard.tsx:2: @tauri-apps is imported in ui/src/backend.ts alone";
        assert_eq!(found, [expected]);
    }
}
