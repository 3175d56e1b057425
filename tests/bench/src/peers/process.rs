//! Programs of others: one that is told one thing a line, as JSON, and answers one line; a server.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

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
