//! The Rust tests: built once for the whole workspace, then run program by program, each where it belongs.

use super::report::{Outcome, Report};
use super::{Bench, Options, QUICK, display_tests, programs};
use crate::processes::Finished;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

/// The test targets that need more than a terminal.
const WINDOWS: &str = "windows";
const KEY_STORE: &str = "key_store";

/// One test program as cargo built it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TestProgram {
    package: String,
    target: String,
    folder: PathBuf,
    executable: PathBuf,
}

/// Builds and runs all Rust tests, a line for each package.
pub fn tests(bench: &Bench, options: &Options, report: &mut Report) {
    let mut built = Vec::new();
    report.step("build of the tests", || {
        built = build(bench)?;
        Ok(Outcome::passed(1))
    });
    let special = |program: &TestProgram| matches!(program.target.as_str(), WINDOWS | KEY_STORE);
    let mut packages: BTreeMap<&str, Vec<&TestProgram>> = BTreeMap::new();
    for program in built.iter().filter(|program| !special(program)) {
        packages.entry(&program.package).or_default().push(program);
    }
    for (package, of_package) in packages {
        report.step(&format!("tests of {package}"), || {
            run_all(bench, &of_package, |program| bench.place.command(program))
        });
    }
    report.step("tests in the documentation", || documentation(bench));

    let named =
        |target: &str| -> Vec<&TestProgram> { built.iter().filter(|program| program.target == target).collect() };
    report.step("end to end in real windows", || match options.quick {
        true => Ok(Outcome::skipped(QUICK)),
        false => display_tests::in_windows(bench, &|wrap| run_some(bench, &named(WINDOWS), wrap)),
    });
    report.step("a real key store", || match options.quick {
        true => Ok(Outcome::skipped(QUICK)),
        false => display_tests::with_key_store(bench, &|wrap| run_some(bench, &named(KEY_STORE), wrap)),
    });
}

fn build(bench: &Bench) -> Result<Vec<TestProgram>> {
    let mut cargo = bench.place.cargo();
    cargo.args([
        "test",
        "--workspace",
        "--no-run",
        "--message-format",
        "json-render-diagnostics",
    ]);
    let finished = programs::run(bench, "build-tests", &mut cargo)?;
    if !finished.success {
        let words: Vec<&str> = finished.text.lines().filter(|line| !line.starts_with('{')).collect();
        let spoken = Finished {
            text: words.join("\n"),
            ..finished
        };
        bail!("{}", programs::ending(&spoken, &bench.log("build-tests")));
    }
    Ok(read_built(&finished.text))
}

/// Reads the test programs from what cargo says of its work, one JSON object a line.
fn read_built(text: &str) -> Vec<TestProgram> {
    let mut built: Vec<TestProgram> = text
        .lines()
        .filter(|line| line.starts_with('{'))
        .filter_map(|line| read_program(&serde_json::from_str(line).ok()?))
        .collect();
    built.sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
    built
}

fn read_program(message: &Value) -> Option<TestProgram> {
    if !message.pointer("/profile/test")?.as_bool()? {
        return None;
    }
    let folder = PathBuf::from(message.get("manifest_path")?.as_str()?)
        .parent()?
        .to_owned();
    // `path+file:///w/crates/domain#0.1.0`, or `…/src-tauri#wardroom-desktop@0.1.0` where folder and name differ.
    let id = message.get("package_id")?.as_str()?;
    let package = match id.rsplit_once('#')?.1.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => folder.file_name()?.to_str()?.to_owned(),
    };
    Some(TestProgram {
        package,
        target: message.pointer("/target/name")?.as_str()?.to_owned(),
        executable: PathBuf::from(message.get("executable")?.as_str()?),
        folder,
    })
}

fn run_some(bench: &Bench, some: &[&TestProgram], wrap: display_tests::Wrap) -> Result<Outcome> {
    if some.is_empty() {
        bail!("there is no test program for it: tests/ is to have a target of that name");
    }
    run_all(bench, some, wrap)
}

fn run_all(
    bench: &Bench,
    test_programs: &[&TestProgram],
    wrap: impl Fn(&std::ffi::OsStr) -> Command,
) -> Result<Outcome> {
    let mut sum = Outcome::default();
    for program in test_programs {
        let name = format!("{}-{}", program.package, program.target);
        let mut command = wrap(program.executable.as_os_str());
        command
            .arg("--show-output")
            .current_dir(&program.folder)
            .env("CARGO_MANIFEST_DIR", &program.folder)
            // A test may write types too; those that count are written by `cargo xtask codegen`.
            .env("TS_RS_EXPORT_DIR", bench.logs.join("types"));
        let finished = programs::run(bench, &name, &mut command).with_context(|| format!("test program {name}"))?;
        let one = outcome(bench, &name, &finished);
        sum.passed += one.passed;
        sum.failed += one.failed;
        sum.skipped.extend(one.skipped);
        if !one.words.is_empty() {
            sum.words.push_str(&format!("{name}:\n{}\n", one.words));
        }
    }
    Ok(sum)
}

fn documentation(bench: &Bench) -> Result<Outcome> {
    let mut cargo = bench.place.cargo();
    cargo.args([
        "test",
        "--workspace",
        "--doc",
        "--no-fail-fast",
        "--quiet",
        "--",
        "--show-output",
    ]);
    let finished = programs::run(bench, "documentation", &mut cargo)?;
    Ok(outcome(bench, "documentation", &finished))
}

fn outcome(bench: &Bench, name: &str, finished: &Finished) -> Outcome {
    let counts = read_counts(&finished.text);
    let mut outcome = Outcome::passed(counts.passed).with_skips(skip_reasons(&finished.text));
    outcome.failed = counts.failed;
    let switched_off = (0..counts.ignored).map(|_| "switched off in the code".to_owned());
    outcome.skipped.extend(switched_off);
    if !finished.success {
        outcome.failed = outcome.failed.max(1);
        let failures = read_failures(&finished.text);
        outcome.words = match failures.is_empty() || finished.timed_out {
            true => programs::ending(finished, &bench.log(name)),
            false => format!("{failures}\n[all of it: {}]", bench.short(&bench.log(name))),
        };
    }
    outcome
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u32,
    failed: u32,
    ignored: u32,
}

/// Sums the lines `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
fn read_counts(text: &str) -> Counts {
    let mut counts = Counts::default();
    for line in text.lines() {
        let Some((_, figures)) = line.strip_prefix("test result: ").and_then(|l| l.split_once(". ")) else {
            continue;
        };
        for figure in figures.split("; ") {
            let Some((number, word)) = figure.trim().split_once(' ') else {
                continue;
            };
            let number = number.parse().unwrap_or(0);
            match word {
                "passed" => counts.passed += number,
                "failed" => counts.failed += number,
                "ignored" => counts.ignored += number,
                _ => {}
            }
        }
    }
    counts
}

/// The reasons in the lines `SKIPPED: …` that tests print instead of failing where something is not there.
pub fn skip_reasons(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.trim_start().strip_prefix("SKIPPED: "))
        .map(|reason| reason.trim().to_owned())
        .collect()
}

/// What the failed tests said, between `failures:` and the list of their names.
fn read_failures(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if line == "failures:" {
            is_inside = true;
        } else if line.starts_with("test result: ") {
            is_inside = false;
        } else if is_inside && !line.contains("RUST_BACKTRACE=1") {
            kept.push(line);
        }
    }
    kept.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPOKEN: &str = "\
running 3 tests
test a ... ok
test b ... FAILED

successes:

---- a stdout ----
SKIPPED: no display

successes:
    a

failures:

---- b stdout ----
thread 'b' panicked at src/lib.rs:1:1:
left is not right

failures:
    b

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
";

    #[test]
    fn counts_of_all_programs_are_summed() {
        let expected = Counts {
            passed: 3,
            failed: 1,
            ignored: 1,
        };
        assert_eq!(read_counts(SPOKEN), expected);
    }

    #[test]
    fn a_skip_is_taken_from_what_passed_and_keeps_its_reason() {
        assert_eq!(skip_reasons(SPOKEN), ["no display"]);
        assert!(skip_reasons("We print SKIPPED: reason").is_empty());
    }

    #[test]
    fn only_the_words_of_failed_tests_are_shown() {
        let shown = read_failures(SPOKEN);
        assert!(shown.starts_with("---- b stdout ----"), "{shown}");
        assert!(shown.contains("left is not right"), "{shown}");
        assert!(!shown.contains("no display"), "{shown}");
    }

    #[test]
    fn test_programs_are_read_from_cargos_messages() {
        let line = |id: &str, manifest: &str, target: &str, is_test: bool| {
            serde_json::json!({
                "reason": "compiler-artifact", "package_id": id, "manifest_path": manifest,
                "target": {"name": target}, "profile": {"test": is_test}, "executable": "/t/x-1",
            })
            .to_string()
        };
        let text = [
            line(
                "path+file:///w/src-tauri#wardroom-desktop@0.1.0",
                "/w/src-tauri/Cargo.toml",
                "wardroom",
                true,
            ),
            line(
                "path+file:///w/crates/domain#0.1.0",
                "/w/crates/domain/Cargo.toml",
                "news2",
                true,
            ),
            line(
                "path+file:///w/crates/domain#0.1.0",
                "/w/crates/domain/Cargo.toml",
                "codegen",
                false,
            ),
            "   Compiling domain".to_owned(),
            "{\"reason\":\"build-finished\",\"success\":true}".to_owned(),
        ];
        let names: Vec<(String, String)> = read_built(&text.join("\n"))
            .into_iter()
            .map(|program| (program.package, program.target))
            .collect();
        let expected = [("domain", "news2"), ("wardroom-desktop", "wardroom")];
        assert_eq!(names, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
