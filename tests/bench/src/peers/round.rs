//! One round of somebody else: all records from one end over its server to another, then single edits, and what came is read.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::net::link::Link;

use super::process::Serving;
use super::records::Record;
use super::{Run, Wire, Work, free_port, peak_of, wait_until_served};
use crate::figures::{Times, ms};
use crate::rounds::Figures;

/// Who brings a server and the ends that replicate over it.
pub trait Peer {
    /// Its server, with nothing in it, about to listen there.
    ///
    /// # Errors
    /// When it cannot be started.
    fn serve(&self, folder: &Path, address: SocketAddr) -> Result<Serving>;

    /// An end with nothing in it, and what another one has to know to join it; the second end is told that.
    ///
    /// # Errors
    /// When it cannot be started, or does not get on with the server.
    fn open(&self, folder: &Path, server: SocketAddr, joins: &Json) -> Result<(Box<dyn End>, Json)>;
}

/// One end of a replication.
pub trait End {
    /// Writes the records of a file, one a line, each with its `id`; nothing is sent yet.
    fn fill(&mut self, file: &Path) -> Result<()>;
    /// Sends all to the server.
    fn push(&mut self) -> Result<()>;
    /// Fetches all from there.
    fn pull(&mut self) -> Result<()>;
    /// How many records are here.
    fn count(&mut self) -> Result<usize>;
    /// From here on edits leave this end, or come to it, by themselves where they can.
    fn follow(&mut self, way: Way) -> Result<()>;
    /// Begins to wait for an edit that is not made yet, where it comes by itself.
    fn await_edit(&mut self, record: &Record, village: &str) -> Result<()>;
    /// Writes an edit and sends it.
    fn edit(&mut self, record: &Record, village: &str) -> Result<()>;
    /// Comes back when the edit is here; fetches it where it does not come by itself.
    fn see(&mut self, record: &Record, village: &str) -> Result<()>;
    /// The fields that are here.
    fn read(&mut self, record: &Record) -> Result<Json>;
    /// The requests that it has made, where they can be counted.
    fn requests(&mut self) -> Result<Option<usize>>;
    /// The most memory that it held at once, in MiB.
    fn memory(&self) -> Result<f64>;
}

/// Where edits go.
#[derive(Clone, Copy)]
pub enum Way {
    To,
    From,
}

/// One round, from nothing.
///
/// # Errors
/// When something does not start, or not everything arrives.
pub async fn run(peer: &dyn Peer, folder: &Path, work: &Work) -> Result<Figures> {
    let at_server = folder.join("server");
    std::fs::create_dir_all(&at_server)?;
    let address = free_port()?;
    let server = peer.serve(&at_server, address)?;
    wait_until_served(address).await?;
    let (mut a, joins) = Linked::open(peer, &folder.join("a"), address, &Json::Null).await?;
    let (mut b, _) = Linked::open(peer, &folder.join("b"), address, &joins).await?;
    let file = folder.join("records");
    std::fs::write(&file, lines(&work.records))?;
    let before = a.carried();
    a.end.fill(&file).context("fill")?;
    ensure!(a.carried() == before, "it sent something before it was told to");

    let count = work.records.len();
    let push = a.timed(|end| end.push()).context("push")?;
    let pull = b.timed(|end| end.pull()).context("pull")?;
    let came = b.end.count().context("count")?;
    ensure!(came == count, "{came} of {count} records came");
    let edits = edit(&mut a, &mut b, work).context("edit")?;
    let run = Run {
        records: count,
        push,
        pull,
        edits,
        memory_server: peak_of([Some(server.id())])?,
        memory_client: a.end.memory()?.max(b.end.memory()?),
    };
    let last_edited = work.edits.count.saturating_sub(1);
    for (number, record) in work.records.iter().enumerate() {
        if number == last_edited || number + 1 == count {
            let village = (number == last_edited).then(|| village(number));
            let found = b.end.read(record).context("read")?;
            ensure!(is_whole(record, village.as_deref(), &found), "a record came otherwise");
        }
    }
    Ok(run.figures())
}

/// Whether every field of a record is there, with its village edited or not.
fn is_whole(record: &Record, village: Option<&str>, found: &Json) -> bool {
    record.fields.iter().all(|(name, value)| {
        let edited = village.filter(|_| name == "village").map(Json::from);
        found.get(name) == Some(&edited.unwrap_or_else(|| value.clone()))
    })
}

/// One record a line.
fn lines(records: &[Record]) -> String {
    let mut lines = String::new();
    for record in records {
        let mut whole = record.fields.clone();
        whole.insert("id".to_owned(), json!(record.id));
        lines += &format!("{}\n", Json::Object(whole));
    }
    lines
}

/// What the edit of a number writes.
fn village(number: usize) -> String {
    format!("Kalady {number}")
}

/// One end and its way to the server.
struct Linked {
    end: Box<dyn End>,
    link: Link,
}

impl Linked {
    async fn open(peer: &dyn Peer, folder: &Path, server: SocketAddr, joins: &Json) -> Result<(Linked, Json)> {
        let link = Link::new(server).await?;
        let (end, joins) = peer.open(folder, link.address, joins).context("open")?;
        Ok((Linked { end, link }, joins))
    }

    fn carried(&self) -> u64 {
        let both = self.link.carried();
        both.up + both.down
    }

    fn timed(&mut self, deed: impl FnOnce(&mut dyn End) -> Result<()>) -> Result<(std::time::Duration, Wire)> {
        let before = Wire::of(&[&self.link], None);
        let begun = Instant::now();
        deed(self.end.as_mut())?;
        let took = begun.elapsed();
        Ok((took, Wire::of(&[&self.link], None).since(&before)))
    }
}

/// Edits at one end, one after another, each waited for at the other.
fn edit(a: &mut Linked, b: &mut Linked, work: &Work) -> Result<(Times, Wire)> {
    a.end.follow(Way::To)?;
    b.end.follow(Way::From)?;
    std::thread::sleep(work.edits.pause);
    let mut times = Times::default();
    let carried = |a: &mut Linked, b: &mut Linked| -> Result<Wire> {
        let requests = a.end.requests()?.zip(b.end.requests()?).map(|(a, b)| a + b);
        Ok(Wire::of(&[&a.link, &b.link], requests))
    };
    let before = carried(a, b)?;
    for (number, record) in work.records.iter().take(work.edits.count).enumerate() {
        let village = village(number);
        let begun = Instant::now();
        b.end.await_edit(record, &village)?;
        a.end.edit(record, &village)?;
        b.end.see(record, &village)?;
        times.add_ms(ms(begun.elapsed()));
        std::thread::sleep(work.edits.pause);
    }
    let wire = carried(a, b)?.since(&before).of_each(work.edits.count);
    Ok((times, wire))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::records::records;

    #[test]
    fn a_record_that_lost_a_field_or_an_edit_is_not_whole() {
        let all = records(1);
        let record = all.first().unwrap();
        let came: Json = serde_json::from_str(lines(&all).trim_end()).unwrap();
        assert!(is_whole(record, None, &came));
        assert!(!is_whole(record, Some("Kalady 7"), &came));
        let mut edited = came.clone();
        *edited.get_mut("village").unwrap() = json!("Kalady 7");
        assert!(is_whole(record, Some("Kalady 7"), &edited));
        assert!(!is_whole(record, None, &edited));
        edited.as_object_mut().unwrap().remove("phone");
        assert!(!is_whole(record, Some("Kalady 7"), &edited));
    }
}
