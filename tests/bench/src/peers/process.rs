//! Programs of others: one that is told one thing a line, as JSON, and answers one line; a server; one that comes to an end.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value as Json;

use crate::machine::mib;

/// One such program; it ends with what is answered.
pub struct Told {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Told {
    /// Starts it, with what it says besides its answers in `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Result<Told> {
        let log = File::create(log)?;
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let input = child.stdin.take().context("no input")?;
        let output = BufReader::new(child.stdout.take().context("no output")?);
        Ok(Told { child, input, output })
    }

    /// Tells it something without waiting for the answer.
    ///
    /// # Errors
    /// When it ended.
    pub fn say(&mut self, line: &Json) -> Result<()> {
        Ok(self.input.write_all(format!("{line}\n").as_bytes())?)
    }

    /// What it answers next.
    ///
    /// # Errors
    /// When it failed, or ended.
    pub fn hear(&mut self) -> Result<Json> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("it ended");
        }
        let answer: Json = serde_json::from_str(&line)?;
        match answer.get("failure") {
            Some(failure) => bail!("it failed: {failure}"),
            None => Ok(answer.get("answer").cloned().unwrap_or_default()),
        }
    }

    /// Tells it something and waits for the answer.
    ///
    /// # Errors
    /// When it failed, or ended.
    pub fn call(&mut self, line: &Json) -> Result<Json> {
        self.say(line)?;
        self.hear()
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that ends with what is answered.
pub struct Serving(Child);

impl Serving {
    /// Starts it, with what it says in `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Result<Serving> {
        let log = File::create(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("its server cannot be started")?;
        Ok(Serving(child))
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How often we look at a program that comes to an end.
const LOOK: Duration = Duration::from_millis(1);

/// Runs a program to its end: what it wrote, and the most memory that it was seen to hold, in MiB. What it writes goes
/// through a file beside `log`.
///
/// # Errors
/// When it cannot be started, or fails: with the last that it said.
pub fn to_its_end(command: &mut Command, log: &Path) -> Result<(String, f64)> {
    let wrote = log.with_extension("wrote");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(File::create(&wrote)?)
        .stderr(File::create(log)?)
        .spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    let ended = loop {
        // It tells nothing any more when it is about to end.
        most = most.max(mib(&status, "VmHWM").unwrap_or_default());
        match child.try_wait()? {
            Some(ended) => break ended,
            None => std::thread::sleep(LOOK),
        }
    };
    let said = std::fs::read_to_string(log)?;
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    ensure!(ended.success(), "{ended}: {}", last.unwrap_or_default());
    Ok((std::fs::read_to_string(wrote)?, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_says_why_and_one_that_does_not_tells_what_it_wrote() {
        let folder = tempfile::TempDir::new().unwrap();
        let log = folder.path().join("said");
        let run = |script: &str| to_its_end(Command::new("sh").args(["-c", script]), &log);
        let (wrote, most) = run("echo two; sleep 0.1").unwrap();
        assert_eq!(wrote, "two\n");
        assert!(most > 0.0);
        let problem = run("echo this is why >&2; exit 3").unwrap_err();
        assert_eq!(problem.to_string(), "exit status: 3: this is why");
    }
}
