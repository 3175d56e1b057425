//! Ends that are programs of Node.js, each a `client.mjs` that is told one thing a line.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use super::peak_of;
use super::process::{Serving, Told};
use super::records::Record;
use super::round::{End, Peer, Way};

/// Somebody whose server and ends are such programs.
pub struct OnNode {
    /// Which Node.js runs them.
    pub node: PathBuf,
    /// Where the packages and the programs are.
    pub folder: PathBuf,
    /// What follows `node` to start its server, and in which surroundings.
    pub server: fn(&mut Command, &OnNode, &Path, SocketAddr),
    /// Handed to each end when it is opened.
    pub options: Json,
    pub edits: Edits,
}

/// How an edit comes to the other end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Edits {
    /// The server tells it.
    Come,
    /// It asks, as soon as the first one has sent it.
    AreFetched,
}

impl Peer for OnNode {
    fn serve(&self, folder: &Path, address: SocketAddr) -> Result<Serving> {
        let mut command = Command::new(&self.node);
        (self.server)(&mut command, self, folder, address);
        Serving::start(command.current_dir(folder), &folder.join("said"))
    }

    fn open(&self, folder: &Path, server: SocketAddr, joins: &Json) -> Result<(Box<dyn End>, Json)> {
        let client = self.folder.join("client.mjs");
        let mut told = Told::start(Command::new(&self.node).arg(client), &folder.with_extension("said"))?;
        let url = format!("http://{server}");
        let joins = told
            .call(&json!({ "deed": "open", "folder": folder, "url": url, "joins": joins, "options": self.options }))?;
        let end = NodeEnd {
            told,
            edits: self.edits,
        };
        Ok((Box::new(end), joins))
    }
}

/// One end.
struct NodeEnd {
    told: Told,
    edits: Edits,
}

impl NodeEnd {
    fn number(&mut self, deed: &str) -> Result<usize> {
        let told = self.told.call(&json!({ "deed": deed }))?;
        Ok(usize::try_from(told.as_u64().context("no number")?)?)
    }
}

/// An edit, as a client is told of it.
fn of_edit(deed: &str, record: &Record, village: &str) -> Json {
    json!({ "deed": deed, "id": record.id, "village": village })
}

impl End for NodeEnd {
    fn fill(&mut self, file: &Path) -> Result<()> {
        self.told.call(&json!({ "deed": "fill", "file": file })).map(drop)
    }

    fn push(&mut self) -> Result<()> {
        self.told.call(&json!({ "deed": "push" })).map(drop)
    }

    fn pull(&mut self) -> Result<()> {
        self.told.call(&json!({ "deed": "pull" })).map(drop)
    }

    fn count(&mut self) -> Result<usize> {
        self.number("count")
    }

    fn follow(&mut self, way: Way) -> Result<()> {
        let way = match way {
            Way::To => "to",
            Way::From => "from",
        };
        match self.edits {
            Edits::Come => self.told.call(&json!({ "deed": "follow", "way": way })).map(drop),
            Edits::AreFetched => Ok(()),
        }
    }

    fn await_edit(&mut self, record: &Record, village: &str) -> Result<()> {
        match self.edits {
            Edits::Come => self.told.say(&of_edit("see", record, village)),
            Edits::AreFetched => Ok(()),
        }
    }

    fn edit(&mut self, record: &Record, village: &str) -> Result<()> {
        self.told.call(&of_edit("edit", record, village)).map(drop)
    }

    fn see(&mut self, record: &Record, village: &str) -> Result<()> {
        if self.edits == Edits::AreFetched {
            self.told.say(&of_edit("see", record, village))?;
        }
        self.told.hear().map(drop)
    }

    fn read(&mut self, record: &Record) -> Result<Json> {
        self.told.call(&json!({ "deed": "read", "id": record.id }))
    }

    fn requests(&mut self) -> Result<Option<usize>> {
        self.number("requests").map(Some)
    }

    fn memory(&self) -> Result<f64> {
        peak_of([Some(self.told.id())])
    }
}
