//! The checks of the pages: their tests under Node, and the built pages in a real browser.

use super::report::Outcome;
use super::{Bench, programs};
use anyhow::{Context, Result};
use serde_json::Value;

/// Runs the pages' own tests and counts them.
pub fn vitest(bench: &Bench) -> Result<Outcome> {
    let counted = bench.logs.join("pages-tests.json");
    // Absent is fine: an older count must not be read.
    let _ = std::fs::remove_file(&counted);
    let mut vitest = bench.place.ui_program("vitest");
    vitest
        .args(["run", "--reporter=default", "--reporter=json"])
        .arg(format!("--outputFile.json={}", counted.display()));
    let finished = programs::run(bench, "pages-tests", &mut vitest)?;
    let mut outcome = match std::fs::read(&counted) {
        Ok(bytes) => read_counts(&serde_json::from_slice(&bytes)?)?,
        Err(_) => Outcome::default(),
    };
    outcome = outcome.with_skips(super::rust::skip_reasons(&finished.text));
    if !finished.success {
        outcome.failed = outcome.failed.max(1);
        outcome.words = programs::ending(&finished, &bench.log("pages-tests"));
    }
    Ok(outcome)
}

fn read_counts(report: &Value) -> Result<Outcome> {
    let count = |name: &str| -> Result<u32> {
        let number = report.get(name).and_then(Value::as_u64);
        let number = number.with_context(|| format!("vitest reports no {name}"))?;
        Ok(u32::try_from(number)?)
    };
    let switched_off = count("numPendingTests")? + count("numTodoTests")?;
    Ok(Outcome {
        passed: count("numPassedTests")?,
        failed: count("numFailedTests")?,
        skipped: (0..switched_off)
            .map(|_| "switched off in the code".to_owned())
            .collect(),
        words: String::new(),
    })
}

/// Opens the built pages in headless Chromium; the npm script knows which and what to look for.
pub fn in_a_browser(bench: &Bench) -> Result<Outcome> {
    let mut npm = bench.place.command("npm");
    npm.current_dir(bench.place.ui()).args(["run", "test:browser"]);
    if std::env::var_os("CHROMIUM").is_none() {
        npm.env("CHROMIUM", "/usr/bin/chromium-headless-shell");
    }
    bench.program("pages-browser", &mut npm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vitests_own_counts_are_read() -> Result<()> {
        let report =
            serde_json::json!({"numPassedTests": 7, "numFailedTests": 1, "numPendingTests": 1, "numTodoTests": 0});
        let outcome = read_counts(&report)?;
        assert_eq!((outcome.passed, outcome.failed, outcome.skipped.len()), (7, 1, 1));
        Ok(())
    }
}
