//! PouchDB, which CHT is built on, against its own server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use wardroom_tests::net::link::Link;

use super::process::{Serving, Told};
use super::records::Record;
use super::{Edits, Run, Wire, free_port, peak_of, wait_until_served};
use crate::figures::{Times, ms};
use crate::rounds::Figures;

/// Where it is installed.
pub struct Pouch {
    folder: PathBuf,
}

impl Pouch {
    /// As it was installed in a folder.
    pub fn at(folder: PathBuf) -> Pouch {
        Pouch { folder }
    }

    /// One round on a new database, with these options of a replication.
    ///
    /// # Errors
    /// When something does not start, or not everything arrives.
    pub async fn run(&self, folder: &Path, records: &[Record], edits: &Edits, options: &Json) -> Result<Figures> {
        let (server, address) = self.serve(&folder.join("server")).await?;
        let all = folder.join("records");
        std::fs::write(&all, lines(records))?;
        let mut a = End::open(&self.folder, address, &folder.join("a")).await?;
        let mut b = End::open(&self.folder, address, &folder.join("b")).await?;
        a.told.call(&json!({ "deed": "fill", "file": all }))?;

        let run = Run {
            records: records.len(),
            push: a.replicate("push", options, records.len())?,
            pull: b.replicate("pull", options, records.len())?,
            edits: edit((&mut a, &mut b), records, edits, options)?,
            memory_server: peak_of([Some(server.id())])?,
            memory_client: peak_of([Some(a.told.id()), Some(b.told.id())])?,
        };
        Ok(run.figures())
    }

    async fn serve(&self, folder: &Path) -> Result<(Serving, SocketAddr)> {
        std::fs::create_dir_all(folder)?;
        let address = free_port()?;
        let mut command = Command::new("node");
        command
            .arg(self.folder.join("node_modules/pouchdb-server/bin/pouchdb-server"))
            .args(["--port", &address.port().to_string(), "--no-stdout-logs", "--dir"])
            .arg(folder)
            .current_dir(folder);
        let serving = Serving::start(&mut command, &folder.join("said"))?;
        wait_until_served(address).await?;
        Ok((serving, address))
    }
}

/// One document a line.
fn lines(records: &[Record]) -> String {
    let mut lines = String::new();
    for record in records {
        let mut document = record.fields.clone();
        document.insert("_id".to_owned(), json!(record.id));
        lines += &format!("{}\n", Json::Object(document));
    }
    lines
}

/// One end and its way to the server.
struct End {
    told: Told,
    link: Link,
}

impl End {
    async fn open(program: &Path, server: SocketAddr, folder: &Path) -> Result<End> {
        let link = Link::new(server).await?;
        let mut told = Told::start(Command::new("node").arg(program.join("client.mjs")))?;
        let url = format!("http://{}/patients", link.address);
        told.call(&json!({ "deed": "open", "folder": folder, "url": url }))?;
        Ok(End { told, link })
    }

    fn replicate(&mut self, deed: &str, options: &Json, records: usize) -> Result<(Duration, Wire)> {
        let before = Wire::of(&[&self.link], 0);
        let begun = Instant::now();
        self.told
            .call(&json!({ "deed": deed, "options": options, "records": records }))?;
        let took = begun.elapsed();
        Ok((took, Wire::of(&[&self.link], 0).since(&before)))
    }

    fn requests(&mut self) -> Result<usize> {
        let told = self.told.call(&json!({ "deed": "requests" }))?;
        let count = told.as_u64().context("no count")?;
        Ok(usize::try_from(count)?)
    }
}

/// Edits at one end, one after another, each waited for at the other, while both replicate all the time.
fn edit((a, b): (&mut End, &mut End), records: &[Record], edits: &Edits, options: &Json) -> Result<(Times, Wire)> {
    a.told
        .call(&json!({ "deed": "live", "way": "to", "options": options }))?;
    b.told
        .call(&json!({ "deed": "live", "way": "from", "options": options }))?;
    std::thread::sleep(edits.pause);
    let mut times = Times::default();
    let carried = |a: &mut End, b: &mut End| -> Result<Wire> {
        let requests = a.requests()? + b.requests()?;
        Ok(Wire::of(&[&a.link, &b.link], requests))
    };
    let before = carried(a, b)?;
    for (number, record) in records.iter().take(edits.count).enumerate() {
        let village = format!("Kalady {number}");
        let begun = Instant::now();
        b.told
            .say(&json!({ "deed": "wait_for", "id": record.id, "village": village }))?;
        a.told
            .call(&json!({ "deed": "edit", "id": record.id, "village": village }))?;
        b.told.hear()?;
        times.add_ms(ms(begun.elapsed()));
        std::thread::sleep(edits.pause);
    }
    let wire = carried(a, b)?.since(&before).of_each(edits.count);
    Ok((times, wire))
}
