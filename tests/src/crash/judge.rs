//! One stop: a child is stopped, the power comes back, and what was promised is looked for.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use failing_disk::{Operation, Stop};

use super::{STOPPED, Said, Scenario, Voice, Wrong};

/// What became of one stop.
pub struct Judged {
    /// What happened, in plain words.
    pub happened: String,
    /// The step in which it did.
    pub step: &'static str,
    /// The error that was told, where the program went on.
    pub told: Option<String>,
    pub wrong: Option<Wrong>,
}

/// Lives a course up to a stop in a fresh copy of `laid_out`, and looks at what is left.
///
/// # Errors
/// When the stop itself cannot be made: nothing is known of the product then.
pub fn judge(scenario: Scenario, stop: Stop, operation: &Operation, laid_out: &Path, folder: &Path) -> Result<Judged> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    copy(laid_out, folder)?;
    let child = Command::new(std::env::current_exe()?)
        .arg("--child")
        .arg(folder)
        .args(["--scenario", scenario.name(), "--mode", stop.mode.name()])
        .args(["--stop", &stop.number.to_string()])
        .output()?;
    let said = Said::of(&String::from_utf8_lossy(&child.stdout))?;
    let happened = String::from_utf8_lossy(&child.stderr).trim().to_owned();
    let mut course = scenario.course(folder)?;
    let first = said.begun.last().copied().unwrap_or_default();
    let judged = |wrong| Judged {
        happened: happened.clone(),
        step: course_step(scenario, first, folder),
        told: said.failed.last().map(|(_, why)| why.clone()),
        wrong,
    };
    if child.status.code() != Some(STOPPED) {
        let wrong = Wrong::Corrupt(format!("the program ended by itself ({}): {happened}", child.status));
        return Ok(judged(Some(wrong)));
    }
    let is_as_listed = happened.contains(&operation.to_string());
    anyhow::ensure!(
        is_as_listed,
        "{}: expected to {operation}, but {happened}",
        scenario.name()
    );
    let wrong = look(&mut *course, said.clone(), first)
        .err()
        .map(|error| match error.downcast::<Wrong>() {
            Ok(wrong) => wrong,
            Err(error) => Wrong::Corrupt(format!("{error:#}")),
        });
    Ok(judged(wrong))
}

fn course_step(scenario: Scenario, step: usize, folder: &Path) -> &'static str {
    let course = scenario.course(folder).ok();
    course
        .and_then(|course| course.steps().get(step).copied())
        .unwrap_or("before everything")
}

/// What holds at once, and what holds after the course was lived to its end.
fn look(course: &mut dyn super::Course, said: Said, first: usize) -> Result<()> {
    course.check(&said)?;
    let mut voice = Voice::after(said);
    for (step, name) in course.steps().iter().enumerate().skip(first) {
        voice.begin(step)?;
        course
            .step(step, &mut voice)
            .with_context(|| format!("{name}, after the power was back"))?;
        voice.end(step)?;
    }
    course.check_end(voice.said())
}

/// A folder with what lies in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
