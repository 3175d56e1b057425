//! Running a check's program with its words in a log, and what of them to show when it fails.

use super::{Bench, STEP_LIMIT};
use crate::processes::{Finished, run_logged};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

const SHOWN_LINES: usize = 60;

/// Runs a program, its words in the log of that name.
pub fn run(bench: &Bench, name: &str, command: &mut Command) -> Result<Finished> {
    command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never");
    run_logged(command, &bench.log(name), STEP_LIMIT)
}

/// The last words of a program that failed, and where all of them are.
pub fn ending(finished: &Finished, log: &Path) -> String {
    let lines: Vec<&str> = finished.text.lines().collect();
    let from = lines.len().saturating_sub(SHOWN_LINES);
    let mut shown: Vec<String> = Vec::new();
    if from > 0 {
        shown.push(format!("[{from} lines before this: {}]", log.display()));
    }
    shown.extend(lines.into_iter().skip(from).map(str::to_owned));
    if finished.timed_out {
        shown.push(format!("ended after {} minutes", STEP_LIMIT.as_secs() / 60));
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_ending_is_cut_and_names_its_log() {
        let finished = Finished {
            success: false,
            timed_out: true,
            text: "line\n".repeat(SHOWN_LINES + 2),
        };
        let shown = ending(&finished, Path::new("target/test/a.log"));
        assert!(shown.starts_with("[2 lines before this: target/test/a.log]\nline\n"));
        assert!(shown.ends_with("line\nended after 30 minutes"));
    }
}
