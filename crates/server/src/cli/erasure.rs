//! `erasure list | carry-out | sweep`: who asked that somebody be erased, and doing it. Ids, dates and counts alone: no
//! name is printed.

use std::collections::BTreeSet;
use std::io::BufRead;

use clap::Subcommand;
use domain::{RecordId, Time};
use uuid::Uuid;

use super::{Failure, Said};
use crate::erasures::{Against, Asked, Standing, Undone};
use crate::server::Server;

/// What is typed before somebody is erased.
const CONFIRMATION: &str = "erase";

#[derive(Subcommand)]
pub enum Erasure {
    /// List what was asked for, how far it is, and what stands against it.
    List {
        /// Also what was carried out or withdrawn.
        #[arg(long)]
        all: bool,
    },
    /// Erase the person for good, here and then on every desk. Where the law asks for a copy, make it before.
    CarryOut {
        id: Uuid,
        /// Ask nothing.
        #[arg(long)]
        yes: bool,
    },
    /// Leave no remains of what was erased in free space. `carry-out` does it too.
    Sweep,
}

impl Erasure {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Erasure::List { all } => list(server, all),
            Erasure::CarryOut { id, yes } => carry_out(server, RecordId(id), yes),
            Erasure::Sweep => {
                server.db().sweep()?;
                Ok(Said {
                    json: serde_json::json!({ "swept": true }),
                    text: "No remains are left in free space.".to_owned(),
                })
            }
        }
    }
}

fn list(server: &Server, all: bool) -> Result<Said, Failure> {
    let is_open = |asked: &Asked| matches!(asked.stands, Standing::Waiting { .. } | Standing::Hindered(_));
    let found = server.erasures()?;
    let shown: Vec<&Asked> = found.iter().filter(|asked| all || is_open(asked)).collect();
    let mut text: Vec<String> = shown.iter().map(|asked| line(asked)).collect();
    if text.is_empty() {
        text.push("Nobody waits to be erased.".to_owned());
    }
    let json: Vec<serde_json::Value> = shown.iter().map(|asked| told(asked)).collect();
    Ok(Said {
        json: json.into(),
        text: text.join("\n"),
    })
}

fn line(asked: &Asked) -> String {
    let patient = asked.patient.map(|id| id.to_string()).unwrap_or_default();
    let by = asked.asked_by.map(|id| id.to_string()).unwrap_or_default();
    let on = asked.asked_on.map(|day| day.to_string()).unwrap_or_default();
    format!(
        "{}  facility {}  patient {patient}  {}  of {on}, by {by}: {}", // not a kind: words of a line
        asked.id,
        asked.facility,
        asked.reason,
        words(&asked.stands)
    )
}

fn told(asked: &Asked) -> serde_json::Value {
    let (standing, records, against, at) = match &asked.stands {
        Standing::Waiting { records } => ("waiting", Some(*records), Vec::new(), None),
        Standing::Hindered(against) => ("hindered", None, against.iter().map(|each| word(*each)).collect(), None),
        Standing::Withdrawn => ("withdrawn", None, Vec::new(), None),
        Standing::CarriedOut { at } => ("carried_out", None, Vec::new(), *at),
    };
    serde_json::json!({
        "id": asked.id,
        "facility": asked.facility,
        "patient": asked.patient,
        "reason": asked.reason,
        "asked_on": asked.asked_on,
        "asked_by": asked.asked_by,
        "standing": standing,
        "records": records,
        "against": against,
        "at": at,
    })
}

fn word(against: Against) -> &'static str {
    match against {
        Against::NothingIsKept => "nothing_is_kept",
        Against::IsIn => "is_in",
        Against::InConflict => "in_conflict",
        Against::KeptAside => "kept_aside",
    }
}

fn words(stands: &Standing) -> String {
    match stands {
        Standing::Waiting { records } => format!("can be carried out, {records} records go"),
        Standing::Hindered(against) => format!("cannot be carried out: {}", reasons(against)),
        Standing::Withdrawn => "withdrawn by who asked".to_owned(),
        Standing::CarriedOut { at } => {
            let day = at.map(|at: Time| at.day(0).to_string()).unwrap_or_default();
            format!("carried out {day}")
        }
    }
}

fn reasons(against: &BTreeSet<Against>) -> String {
    let all = against.iter().map(|each| match each {
        Against::NothingIsKept => "nothing of this patient is kept here; have the request marked as entered in error",
        Against::IsIn => "the patient is in; wait for the discharge",
        Against::InConflict => "something about the patient waits for a decision at a desk",
        Against::KeptAside => "something about the patient is kept aside; decide it first (`parked list`)",
    });
    all.collect::<Vec<_>>().join("; ")
}

fn carry_out(server: &Server, id: RecordId, yes: bool) -> Result<Said, Failure> {
    let asked = server.erasures()?.into_iter().find(|asked| asked.id == id);
    let asked = asked.ok_or(Failure::Unknown("request to erase"))?;
    if let Standing::Waiting { .. } = asked.stands
        && !yes
        && !is_confirmed(&asked)?
    {
        return Err(Failure::Unacceptable("nothing was erased".to_owned()));
    }
    let done = match server.carry_out(id)? {
        Ok(done) => done,
        Err(Undone::Unknown) => return Err(Failure::Unknown("request to erase")),
        Err(Undone::Stands(stands)) => return Err(Failure::Unacceptable(words(&stands))),
    };
    let swept = server.db().sweep();
    let mut text = format!(
        "{} records were erased, {} changes of them. Every desk does the same when it next exchanges.\n{NOT_REACHED}",
        done.records, done.changes
    );
    if swept.is_err() {
        text += "\nRemains may still lie in free space: run `wardroom-server erasure sweep` again.";
    }
    Ok(Said {
        json: serde_json::json!({ "records": done.records, "changes": done.changes, "swept": swept.is_ok() }),
        text,
    })
}

pub(super) const NOT_REACHED: &str = "\
Not reached: backups made before, sticks, sealed copies, desks that are stolen or withdrawn, paper, reports handed out.";

fn is_confirmed(asked: &Asked) -> Result<bool, Failure> {
    eprintln!("{}", line(asked));
    eprintln!("This cannot be undone. Type \"{CONFIRMATION}\" to go on:");
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim() == CONFIRMATION)
}
