//! What the checks came to: a line for each as it ends, and the closing line.

use anyhow::Result;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

/// What one step came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Checks that hold.
    pub passed: u32,
    /// Checks that do not.
    pub failed: u32,
    /// One reason for each check that could not be made.
    pub skipped: Vec<String>,
    /// What to read when something failed.
    pub words: String,
}

impl Outcome {
    pub fn passed(count: u32) -> Self {
        Self {
            passed: count,
            ..Self::default()
        }
    }

    pub fn failed(words: impl Into<String>) -> Self {
        Self {
            failed: 1,
            words: words.into(),
            ..Self::default()
        }
    }

    pub fn skipped(reason: &str) -> Self {
        Self {
            skipped: vec![reason.to_owned()],
            ..Self::default()
        }
    }

    /// The same, where some of what passed only said why it could not be checked.
    pub fn with_skips(mut self, reasons: Vec<String>) -> Self {
        let count = u32::try_from(reasons.len()).unwrap_or(u32::MAX);
        self.passed = self.passed.saturating_sub(count);
        self.skipped.extend(reasons);
        self
    }

    fn result(&self) -> String {
        let mut parts = Vec::new();
        for (count, word) in [
            (self.passed as usize, "passed"),
            (self.failed as usize, "failed"),
            (self.skipped.len(), "skipped"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        if parts.is_empty() {
            parts.push("nothing to check".to_owned());
        }
        parts.join(", ")
    }
}

/// All steps so far.
#[derive(Debug, Default)]
pub struct Report {
    passed: u32,
    failed: u32,
    skipped: Vec<String>,
    failed_steps: Vec<String>,
}

impl Report {
    /// Makes one step and prints its line; a step that breaks off has failed.
    pub fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Outcome>) {
        print!("{name:<34} ");
        // A line that comes late is no reason to stop.
        let _ = std::io::stdout().flush();
        let started = Instant::now();
        let outcome = work().unwrap_or_else(|error| Outcome::failed(format!("{error:#}")));
        let seconds = started.elapsed().as_secs_f64();
        println!("{:<34} {seconds:>7.1} s", outcome.result());
        if !outcome.words.is_empty() {
            for line in outcome.words.lines() {
                println!("    {line}");
            }
        }
        self.add(name, outcome);
    }

    fn add(&mut self, name: &str, outcome: Outcome) {
        self.passed += outcome.passed;
        self.failed += outcome.failed;
        if outcome.failed > 0 {
            self.failed_steps.push(name.to_owned());
        }
        let reasons = outcome.skipped.into_iter();
        self.skipped.extend(reasons.map(|reason| format!("{name}: {reason}")));
    }

    /// Nothing failed.
    pub fn is_clean(&self) -> bool {
        self.failed == 0
    }

    /// Prints why checks were skipped, what failed, and the closing line.
    pub fn close(&self) {
        println!();
        for line in self.closing() {
            println!("{line}");
        }
    }

    fn closing(&self) -> Vec<String> {
        let mut reasons: BTreeMap<&String, usize> = BTreeMap::new();
        for reason in &self.skipped {
            *reasons.entry(reason).or_default() += 1;
        }
        let mut lines: Vec<String> = reasons
            .into_iter()
            .map(|(reason, count)| match count {
                1 => format!("skipped: {reason}"),
                _ => format!("skipped: {reason} ({count} checks)"),
            })
            .collect();
        lines.extend(self.failed_steps.iter().map(|name| format!("failed: {name}")));
        lines.push(format!(
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed,
            self.skipped.len()
        ));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_line_sums_the_steps_and_stands_after_the_reasons() {
        let mut report = Report::default();
        report.add(
            "store",
            Outcome::passed(12).with_skips(vec!["no display".to_owned(); 2]),
        );
        report.add("clippy", Outcome::failed("a warning"));
        report.add("story", Outcome::skipped("left out by --quick"));
        let expected = [
            "skipped: store: no display (2 checks)",
            "skipped: story: left out by --quick",
            "failed: clippy",
            "10 passed, 1 failed, 3 skipped",
        ];
        assert_eq!(report.closing(), expected);
        assert!(!report.is_clean());
    }

    #[test]
    fn a_step_that_breaks_off_has_failed() {
        let mut report = Report::default();
        report.step("broken", || anyhow::bail!("the disk is gone"));
        assert_eq!(report.failed, 1);
    }

    #[test]
    fn a_step_line_says_only_what_there_is_to_say() {
        assert_eq!(Outcome::passed(3).result(), "3 passed");
        assert_eq!(Outcome::default().result(), "nothing to check");
        let mixed = Outcome::passed(3).with_skips(vec!["no display".to_owned()]);
        assert_eq!(mixed.result(), "2 passed, 1 skipped");
    }
}
