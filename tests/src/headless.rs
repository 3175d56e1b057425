//! A ward desktop without a window, as a process of its own: it is told one command a line and
//! answers one line, so that it can be killed at any moment.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::place::program;

/// One desk.
pub struct Ward {
    child: Child,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    /// Own changes that the desk has said are saved.
    pub acknowledged: BTreeSet<u64>,
    /// Its id as changes name it, once it was asked for.
    pub device: String,
}

impl Ward {
    /// Starts the desk of a folder.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn start(folder: &Path) -> Result<Ward> {
        Ward::start_with(folder, &[])
    }

    /// The same with these in its environment, and what it logs in a file.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn start_logging(folder: &Path, environment: &[(&str, &str)], log: std::fs::File) -> Result<Ward> {
        let mut command = Command::new(program("ward")?);
        command.stderr(log);
        Ward::spawn(command, folder, environment)
    }

    /// The same with these in its environment.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn start_with(folder: &Path, environment: &[(&str, &str)]) -> Result<Ward> {
        Ward::spawn(Command::new(program("ward")?), folder, environment)
    }

    /// Starts the desk on a computer whose clock is off by so many days.
    ///
    /// # Errors
    /// When the program is not built, or faketime is not installed.
    pub fn start_with_clock_off(folder: &Path, days: i32) -> Result<Ward> {
        let off = format!("{days:+}d");
        // What the faketime program starts is its child and outlives it: asked for its library, it starts no desk.
        let asked = std::process::Command::new("faketime")
            .args(["-f", &off, "printenv", "LD_PRELOAD"])
            .output()?;
        let library = String::from_utf8(asked.stdout)?;
        let environment = [
            ("LD_PRELOAD", library.trim()),
            ("FAKETIME", &off),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        Ward::spawn(Command::new(program("ward")?), folder, &environment)
    }

    fn spawn(mut command: Command, folder: &Path, environment: &[(&str, &str)]) -> Result<Ward> {
        let mut child = command
            .env("WARDROOM_DATA_DIR", folder)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let input = child.stdin.take().context("no input")?;
        let output = BufReader::new(child.stdout.take().context("no output")?).lines();
        Ok(Ward {
            child,
            input,
            output,
            acknowledged: BTreeSet::new(),
            device: String::new(),
        })
    }

    /// The number of its process, while it runs.
    pub fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Runs one command and answers what it said.
    ///
    /// # Errors
    /// The desk's failure, or its end.
    pub async fn call(&mut self, command: &str, args: Json) -> Result<Json> {
        let line = json!({ "command": command, "args": args });
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        let answer = self.output.next_line().await?.context("the desk ended")?;
        let answer: Json = serde_json::from_str(&answer)?;
        if let Some(own) = answer["own"].as_array() {
            self.acknowledged.extend(own.iter().filter_map(Json::as_u64));
        }
        match answer.get("failure") {
            Some(failure) => bail!("{command}: {failure}"),
            None => Ok(answer["answer"].clone()),
        }
    }

    /// The data of a view, and the moment it was read at.
    ///
    /// # Errors
    /// The desk's failure.
    pub async fn view(&mut self, name: &str, args: Json) -> Result<(Json, u64)> {
        let seen = self.call("view", json!({ "name": name, "args": args })).await?;
        Ok((seen["data"].clone(), seen["as_of"].as_u64().unwrap_or_default()))
    }

    /// Does something on the ward, seen as it is now.
    ///
    /// # Errors
    /// The desk's failure.
    pub async fn act(&mut self, name: &str, args: Json) -> Result<Json> {
        let as_of = self.view("bed_board", Json::Null).await?.1;
        let confirmed: [&str; 0] = [];
        self.call(
            "act",
            json!({ "name": name, "args": args, "as_of": as_of, "confirmed": confirmed }),
        )
        .await
    }

    /// Writes records seen at `as_of`; what is unusual is confirmed.
    ///
    /// # Errors
    /// The desk's failure.
    pub async fn save(&mut self, drafts: Json, as_of: u64, confirmed: &[&str]) -> Result<Json> {
        self.call(
            "save",
            json!({ "drafts": drafts, "as_of": as_of, "confirmed": confirmed }),
        )
        .await
    }

    /// Registers a patient, and answers their id.
    ///
    /// # Errors
    /// The desk's failure.
    pub async fn register(&mut self, name: &str) -> Result<String> {
        let as_of = self.view("bed_board", Json::Null).await?.1;
        let fields = json!({ "name": name, "birth_year": 1959 });
        let drafts = json!([{ "kind": "patient", "id": null, "fields": fields }]);
        let saved = self.save(drafts, as_of, &[]).await?;
        Ok(saved["ids"][0].as_str().unwrap_or_default().to_owned())
    }

    /// Ends it as a power cut would.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub async fn kill(mut self) -> Result<BTreeSet<u64>> {
        self.child.kill().await?;
        Ok(self.acknowledged)
    }
}
