//! Rule: nothing is left for later: no notes to oneself, no panics in place of code, no test switched off.

use super::{Finding, Sources};

/// Put together here so that this file does not hold what it forbids.
const WORDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const RUST: &[&str] = &[
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[ig", "nore"),
];
const SCRIPT: &[&str] = &[
    concat!(".sk", "ip("),
    concat!(".on", "ly("),
    concat!("it.to", "do("),
    concat!("test.to", "do("),
];

pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.by_hand() {
        let calls = match source.ending() {
            "rs" => RUST,
            "ts" | "tsx" | "mjs" => SCRIPT,
            _ => &[],
        };
        for (index, line) in source.text.lines().enumerate() {
            let word = WORDS.iter().find(|word| stands_alone(line, word));
            let call = calls.iter().find(|call| line.contains(*call));
            if let Some(mark) = word.or(call) {
                let message = format!("`{mark}`: finish it, or write it down where work is planned");
                findings.push(Finding::at(source, index + 1, message));
            }
        }
    }
    findings
}

fn stands_alone(line: &str, word: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !is_letter(before) && !is_letter(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(path: &str, text: &str, expected: usize) {
        assert_eq!(check(&Sources::of(&[(path, text)])).len(), expected, "{path}: {text}");
    }

    #[test]
    fn what_is_left_for_later_is_found() {
        check_one("a.rs", concat!("// TO", "DO: later"), 1);
        check_one("a.sql", concat!("-- FIX", "ME"), 1);
        check_one("a.rs", concat!("let a = todo", "!();"), 1);
        check_one("tests/a.rs", concat!("#[ig", "nore = \"slow\"]"), 1);
        check_one("a.test.ts", concat!("it.sk", "ip(\"a\")"), 1);
    }

    #[test]
    fn words_that_only_contain_a_mark_are_left_alone() {
        check_one("a.rs", concat!("let TO", "DOS = 1;"), 0);
        check_one("a.rs", concat!("list.iter().sk", "ip(1)"), 0);
        check_one("a.rs", "// a todo list", 0);
    }
}
