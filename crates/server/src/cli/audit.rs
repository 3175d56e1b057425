//! `audit verify | list`: whether what is kept is what was written, and what happened at the server itself.

use std::path::PathBuf;

use clap::Subcommand;
use domain::RecordId;
use sync_core::DeviceId;

use super::{Failure, Said};
use crate::db;
use crate::db::event::Event;
use crate::heads;
use crate::server::Server;
use crate::verify::{Fault, Found};

#[derive(Subcommand)]
pub enum Audit {
    /// Walk every log, desk and event, and say where the first is not as it was written.
    Verify {
        /// The file that `serve --audit-heads` writes: also see that no history was rewritten since.
        #[arg(long)]
        heads: Option<PathBuf>,
    },
    /// List what happened at the server itself, oldest first.
    List {
        /// Only of this person.
        #[arg(long)]
        person: Option<RecordId>,
        /// Only of this desk.
        #[arg(long)]
        device: Option<DeviceId>,
        /// Only what follows the event of this number.
        #[arg(long, default_value_t = 0)]
        after: u64,
    },
}

impl Audit {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Audit::Verify { heads } => verify(server, heads),
            Audit::List { person, device, after } => list(server, after, |event| {
                person.is_none_or(|person| event.person == Some(person))
                    && device.is_none_or(|device| event.device == Some(device))
            }),
        }
    }
}

fn verify(server: &Server, heads: Option<PathBuf>) -> Result<Said, Failure> {
    let mut found = server.verify()?;
    let mut compared = None;
    if let Some(path) = heads {
        let key = server.own().signing_key.verifying_key();
        let (lines, faults) = heads::read(&path, &key)?;
        found.faults.extend(faults);
        found.faults.extend(server.compare_heads(&lines)?);
        compared = Some((lines.len(), lines.last().map(|line| line.heads.at_ms)));
    }
    let said = said(&found, compared);
    if found.faults.is_empty() {
        Ok(said)
    } else {
        Err(Failure::NotAsWritten(Box::new(said)))
    }
}

fn said(found: &Found, compared: Option<(usize, Option<i64>)>) -> Said {
    let mut text = Vec::new();
    let mut spaces = Vec::new();
    for space in &found.spaces {
        let word = if space.is_whole { "whole" } else { "NOT AS WRITTEN" };
        text.push(format!(
            "{}  epoch {}  {} changes  chain {}  {word}",
            space.space, space.epoch, space.head, space.chain.0
        ));
        if space.unexplained > 0 {
            text.push(format!(
                "    {} records came erased: carry out again what was erased after the backup",
                space.unexplained
            ));
        }
        spaces.push(serde_json::json!({
            "space": space.space,
            "epoch": space.epoch,
            "head": space.head,
            "chain": space.chain,
            "unexplained": space.unexplained,
            "is_whole": space.is_whole,
        }));
    }
    text.push(format!("{} desks, {} events of the server", found.desks, found.events));
    if let Some((lines, last_ms)) = compared {
        let last = last_ms.map_or_else(|| "never".to_owned(), day_and_time);
        text.push(format!("{lines} lines written elsewhere, the last {last}"));
    }
    for Fault { place, number, fault } in &found.faults {
        text.push(format!("NOT AS WRITTEN: {place} after or at {number}: {fault}"));
    }
    let json = serde_json::json!({
        "is_whole": found.faults.is_empty(),
        "spaces": spaces,
        "desks": found.desks,
        "events": found.events,
        "lines": compared.map(|(lines, _)| lines),
        "last_line_ms": compared.and_then(|(_, last_ms)| last_ms),
        "faults": found.faults,
    });
    Said {
        json,
        text: text.join("\n"),
    }
}

fn day_and_time(at_ms: i64) -> String {
    let minutes = at_ms.div_euclid(60_000).rem_euclid(24 * 60);
    format!(
        "{} {:02}:{:02} UTC",
        domain::Time(at_ms).day(0),
        minutes / 60,
        minutes % 60
    )
}

fn list(server: &Server, after: u64, is_wanted: impl Fn(&Event) -> bool) -> Result<Said, Failure> {
    let (json, text) = server.db().read(|conn| {
        let (mut lines, mut text) = (Vec::new(), Vec::new());
        db::event::all(after, conn, |event, _| {
            if is_wanted(&event) {
                text.push(line(&event));
                lines.push(serde_json::json!(event));
            }
            true
        })?;
        Ok((lines, text))
    })?;
    Ok(Said {
        json: json.into(),
        text: text.join("\n"),
    })
}

fn line(event: &Event) -> String {
    let mut line = format!("{}  {}  {}", event.number, day_and_time(event.at_ms), event.what);
    let ids = [
        ("person", event.person.map(|id| id.to_string())), // not a kind: a column
        ("device", event.device.map(|id| id.to_string())),
        ("facility", event.facility.map(|id| id.to_string())), // not a kind: a column
    ];
    for (word, id) in ids {
        line += &id.map_or_else(String::new, |id| format!("  {word} {id}"));
    }
    if event.times > 1 {
        line += &format!("  {} times so far", event.times);
    }
    line
}
