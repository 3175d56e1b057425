//! Every problem has a message, and every message a problem.
#![expect(clippy::disallowed_methods, reason = "reads the sources it is about")]

use std::collections::BTreeSet;
use std::path::Path;

use domain::codes::problems::PROBLEMS;

/// Calls that take a problem's code, with the place of the code among the arguments.
const CALLS: &[(&str, usize)] = &[
    ("Problem::new(", 2),
    ("has_form(", 2),
    ("refuse(", 2),
    ("problem(", usize::MAX),
];

#[test]
fn every_code_that_a_check_can_give_has_a_message_and_none_is_left_over() {
    let mut used = BTreeSet::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut used);
    let told: BTreeSet<String> = PROBLEMS.iter().map(|(code, _)| (*code).to_owned()).collect();
    assert_eq!(used, told);
    assert_eq!(PROBLEMS.len(), told.len(), "a code stands twice");
    assert!(PROBLEMS.is_sorted(), "in the order of the code");
}

fn gather(folder: &Path, used: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, used);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for (call, place) in CALLS {
                for (at, _) in text.match_indices(call) {
                    let name_goes_on = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                    if !name_goes_on {
                        used.extend(code_in(&text[at + call.len()..], *place));
                    }
                }
            }
        }
    }
}

/// The code among the arguments: the one at `place`, or the last that is a literal.
fn code_in(rest: &str, place: usize) -> Option<String> {
    let (mut depth, mut quoted, mut arguments) = (0, false, vec![String::new()]);
    for c in rest.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth == 0 => break,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        arguments.last_mut().unwrap().push(c);
    }
    let literal = |text: &String| Some(text.trim().strip_prefix('"')?.strip_suffix('"')?.to_owned());
    let is_code = |text: &String| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    match place {
        usize::MAX => arguments.iter().filter_map(literal).next_back(),
        _ => arguments.get(place).and_then(literal),
    }
    .filter(is_code)
}
