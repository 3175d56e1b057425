//! atuin, which carries the history of shells, encrypted, over its own server. Each step is a process of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};

use super::process::{Serving, to_its_end};
use super::records::Record;
use super::round::{End, Peer, Way};
use super::{Peers, install};

/// What it does not do.
pub const ABOUT: &str = "atuin 18 replicates with its server over plain HTTP, both on SQLite: a patient is one line of a shell's \
    history, an edit one pair of its key-value store. What leaves a desk is encrypted there and kept in order, but not signed; \
    the desk's file is not encrypted, a write is not synced to the disk before it is acknowledged, and of two edits of one \
    patient the later wins whole. Nobody is told of an edit: the other desk asks, here at once when the first has sent it. \
    Everything is done by a process that starts for it and ends, four for an edit, so that the time of an edit is mostly \
    theirs; pushing and pulling contain one start. Its requests are not counted.";

const VERSION: &str = "18.24.4";
const PERSON: &str = "anju";
const PASSWORD: &str = "the password of a ward";

/// One.
///
/// # Errors
/// When it cannot be built.
pub fn contestants(target: &Path) -> Result<Peers> {
    let parts = [("atuin", Some("client,sync")), ("atuin-server", None)];
    let programs = install::crates(target, "atuin", VERSION, &parts)?;
    Ok(vec![("atuin", Box::new(Atuin { programs }) as Box<dyn Peer>)])
}

struct Atuin {
    programs: PathBuf,
}

/// A program in a home of its own, which sees nothing of ours.
fn at_home(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home)
        .current_dir(home);
    command
}

impl Peer for Atuin {
    fn serve(&self, folder: &Path, address: SocketAddr) -> Result<Serving> {
        let mut command = at_home(&self.programs.join("atuin-server"), folder);
        command
            .arg("start")
            .env("ATUIN_HOST", address.ip().to_string())
            .env("ATUIN_PORT", address.port().to_string())
            .env("ATUIN_OPEN_REGISTRATION", "true")
            .env(
                "ATUIN_DB_URI",
                format!("sqlite://{}", folder.join("atuin.db").display()),
            );
        Serving::start(&mut command, &folder.join("said"))
    }

    fn open(&self, folder: &Path, server: SocketAddr, joins: &Json) -> Result<(Box<dyn End>, Json)> {
        let config = folder.join(".config/atuin");
        std::fs::create_dir_all(&config)?;
        let settings = format!("sync_address = \"http://{server}\"\nauto_sync = false\nupdate_check = false\n");
        std::fs::write(config.join("config.toml"), settings)?;
        let mut end = AtuinEnd {
            program: self.programs.join("atuin"),
            home: folder.to_owned(),
            memory: 0.0,
        };
        let person = ["-u", PERSON, "-p", PASSWORD];
        let key = match joins.as_str() {
            Some(key) => {
                end.run(&[&["login"], &person[..], &["-k", key]].concat())?;
                Json::Null
            }
            None => {
                end.run(&[&["register"], &person[..], &["-e", "anju@ward.invalid"]].concat())?;
                Json::from(end.run(&["key"])?.trim())
            }
        };
        Ok((Box::new(end), key))
    }
}

/// One home with its history.
struct AtuinEnd {
    program: PathBuf,
    home: PathBuf,
    /// Of the largest of its processes, in MiB.
    memory: f64,
}

impl AtuinEnd {
    fn run(&mut self, args: &[&str]) -> Result<String> {
        let mut command = at_home(&self.program, &self.home);
        command.env("ATUIN_SESSION", "01900000000070008000000000000000");
        let name = args.first().copied().unwrap_or_default();
        let (wrote, memory) =
            to_its_end(command.args(args), &self.home.join("said")).with_context(|| format!("atuin {name}"))?;
        self.memory = self.memory.max(memory);
        Ok(wrote)
    }

    /// The records of its history; a line that is none was not put there by us.
    fn records(&mut self) -> Result<Vec<Json>> {
        let listed = self.run(&["history", "list", "--cmd-only"])?;
        Ok(listed
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect())
    }

    fn sync(&mut self) -> Result<()> {
        self.run(&["sync"]).map(drop)
    }

    /// What its key-value store has of a record, or nothing.
    fn edited(&mut self, record: &Record) -> Result<Option<Json>> {
        let found = self.run(&["kv", "get", &record.id.to_string()])?;
        Ok(serde_json::from_str(&found).ok())
    }
}

impl End for AtuinEnd {
    fn fill(&mut self, file: &Path) -> Result<()> {
        // As a shell left them.
        std::fs::copy(file, self.home.join(".bash_history"))?;
        self.run(&["import", "bash"])?;
        self.run(&["history", "init-store"]).map(drop)
    }

    fn push(&mut self) -> Result<()> {
        self.sync()
    }

    fn pull(&mut self) -> Result<()> {
        self.sync()
    }

    fn count(&mut self) -> Result<usize> {
        Ok(self.records()?.len())
    }

    fn follow(&mut self, _: Way) -> Result<()> {
        Ok(())
    }

    fn await_edit(&mut self, _: &Record, _: &str) -> Result<()> {
        Ok(())
    }

    fn edit(&mut self, record: &Record, village: &str) -> Result<()> {
        let mut fields = record.fields.clone();
        fields.insert("village".to_owned(), Json::from(village));
        let (key, value) = (record.id.to_string(), Json::Object(fields).to_string());
        self.run(&["kv", "set", "--key", &key, &value])?;
        self.sync()
    }

    fn see(&mut self, record: &Record, village: &str) -> Result<()> {
        self.sync()?;
        let found = self.edited(record)?.context("the edit did not come")?;
        ensure!(found.get("village") == Some(&json!(village)), "another village came");
        Ok(())
    }

    fn read(&mut self, record: &Record) -> Result<Json> {
        if let Some(edited) = self.edited(record)? {
            return Ok(edited);
        }
        let id = json!(record.id);
        let found = self.records()?.into_iter().find(|one| one.get("id") == Some(&id));
        found.context("it did not come")
    }

    fn requests(&mut self) -> Result<Option<usize>> {
        Ok(None)
    }

    fn memory(&self) -> Result<f64> {
        Ok(self.memory)
    }
}
