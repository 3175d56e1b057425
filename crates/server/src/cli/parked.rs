//! `parked list | release | dismiss`: what was kept aside. What people wrote is shown only when that is asked for.

use std::collections::BTreeMap;

use clap::Subcommand;
use sync_core::{ChangeId, DeviceId};

use super::{Failure, Said};
use crate::db;
use crate::db::parked::Aside;
use crate::exchange::aside::{Stays, word};
use crate::server::Server;

#[derive(Subcommand)]
pub enum Parked {
    /// List what waits for a decision: which change, of which desk, about which sort of record, and why.
    List {
        /// Also what was decided about before.
        #[arg(long)]
        all: bool,
        /// Also what was written. It may be about a patient: for eyes that may see it.
        #[arg(long)]
        show: bool,
    },
    /// Give an action its numbers as its author wrote it, although the server kept it aside.
    Release { change: ChangeId },
    /// Note that an action is not wanted. It stays on record.
    Dismiss { change: ChangeId },
}

impl Parked {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Parked::List { all, show } => list(server, all, show),
            Parked::Release { change } => decided("released", server.release(change)?),
            Parked::Dismiss { change } => decided("dismissed", server.dismiss(change)?),
        }
    }
}

fn list(server: &Server, all: bool, show: bool) -> Result<Said, Failure> {
    let mut names: BTreeMap<DeviceId, String> = BTreeMap::new();
    for device in server.db().read(db::device::all)? {
        names.insert(device.id, device.name(server).unwrap_or_default());
    }
    let (mut lines, mut text) = (Vec::new(), Vec::new());
    for aside in server.aside()? {
        if aside.decided.is_some() && !all {
            continue;
        }
        let desk = names.get(&aside.id.device).cloned().unwrap_or_default();
        let mut written = serde_json::Value::Null;
        let mut said = format!("{}  {}  {}  {desk}", aside.id, word(aside.reason), aside.kind);
        if let Some(decided) = aside.decided {
            said = format!("{said}  {}", decided.word());
        }
        if show && let Some(encoded) = server.open_aside(&aside)? {
            let change = encoded.change();
            written = serde_json::json!({
                "fields": change.fields,
                "actor": change.actor,
                "wall_ms": change.wall_ms,
            });
            said = format!("{said}\n    {written}");
        }
        let why = server.open_why(aside.id, aside.sealed_why.as_deref())?;
        if show && !why.is_empty() {
            said = format!("{said}\n    {why}");
        }
        lines.push(line(&aside, &desk, (&written, if show { &why } else { "" })));
        text.push(said);
    }
    if text.is_empty() {
        text.push("Nothing waits for a decision.".to_owned());
    }
    Ok(Said {
        json: lines.into(),
        text: text.join("\n"),
    })
}

fn line(aside: &Aside, desk: &str, (written, why): (&serde_json::Value, &str)) -> serde_json::Value {
    serde_json::json!({
        "change": aside.id,
        "action": aside.action,
        "device": aside.id.device,
        "desk": desk,
        "space": aside.space,
        "kind": aside.kind,
        "record": aside.record,
        "reason": word(aside.reason),
        "parked": aside.heard_ms,
        "decided": aside.decided.map(db::parked::Decided::word),
        "decided_by": aside.decided_by,
        "why": why,
        "written": written,
    })
}

fn decided(what: &str, done: Result<Vec<ChangeId>, Stays>) -> Result<Said, Failure> {
    match done {
        Ok(changes) => Ok(Said {
            text: format!("{} changes of one action were {what}.", changes.len()),
            json: serde_json::json!({ "decided": what, "changes": changes }),
        }),
        Err(Stays::Unknown) => Err(Failure::Unknown("parked change")),
        Err(stays) => Err(Failure::Unacceptable(stays.to_string())),
    }
}
