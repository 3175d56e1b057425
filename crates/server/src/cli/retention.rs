//! `retention table | report | archive | verify | open | purge`: how long records are kept, what is past its time, and
//! taking it away. Ids, kinds, days and counts alone: no name is printed, but into the file that `open` is given.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::due::Against;
use domain::retention::{Keep, PERIODS};
use domain::{RecordId, Time};
use sync_core::SpaceId;
use zeroize::Zeroizing;

use super::erasure::NOT_REACHED;
use super::{Failure, Said};
use crate::archive::{self, Code, Contents};
use crate::durable;
use crate::entry::invite::grouped;
use crate::purge::{Left, Past, Purged, Wanted};
use crate::server::Server;

/// What is typed before anything is taken away.
const CONFIRMATION: &str = "purge";
/// No code is longer, in bytes.
const LONGEST_CODE: u64 = 200;

#[derive(Subcommand)]
pub enum Retention {
    /// How long records of each kind are kept, and who says so.
    Table,
    /// What is past its time: how many, and with --json which, and what stands against taking it away.
    Report {
        /// Only of this facility.
        #[arg(long)]
        facility: Option<uuid::Uuid>,
        /// So many years longer than the table says.
        #[arg(long, default_value_t = 0)]
        longer: u32,
    },
    /// Write what is past its time into a sealed file, with all its changes. Nothing is taken away.
    Archive {
        /// The new file to write.
        #[arg(long)]
        to: PathBuf,
        /// Only of this facility.
        #[arg(long)]
        facility: Option<uuid::Uuid>,
        /// So many years longer than the table says.
        #[arg(long, default_value_t = 0)]
        longer: u32,
        /// A new file for the code that opens it; else it is shown, once.
        #[arg(long)]
        code_file: Option<PathBuf>,
    },
    /// Read an archive whole and see that it is what was written. Needs no district.
    Verify {
        file: PathBuf,
        /// The file with its code; else it is asked for.
        #[arg(long)]
        code_file: Option<PathBuf>,
    },
    /// Write what an archive holds into a file that anybody can read, a line of JSON for each record. Needs no district.
    Open {
        file: PathBuf,
        /// The new file to write, readable by you alone.
        #[arg(long)]
        to: PathBuf,
        /// The file with its code; else it is asked for.
        #[arg(long)]
        code_file: Option<PathBuf>,
    },
    /// Take away what is past its time, here and from every desk. It cannot be undone.
    Purge(Purge),
}

#[derive(Args)]
pub struct Purge {
    /// The archive that holds it: what it does not hold as it stands now, stays.
    #[arg(
        long,
        required_unless_present = "without_archive",
        conflicts_with = "without_archive"
    )]
    archive: Option<PathBuf>,
    /// Take it away although no archive holds it.
    #[arg(long)]
    without_archive: bool,
    /// The file with the archive's code; else it is asked for.
    #[arg(long, requires = "archive")]
    code_file: Option<PathBuf>,
    /// Only of this facility.
    #[arg(long)]
    facility: Option<uuid::Uuid>,
    /// So many years longer than the table says; an archive knows its own.
    #[arg(long, default_value_t = 0, conflicts_with = "archive")]
    longer: u32,
    /// Ask nothing.
    #[arg(long)]
    yes: bool,
}

impl Retention {
    /// `opened` opens the district, which an archive needs not to be read.
    pub fn run(self, opened: impl FnOnce() -> crate::error::Result<Server>) -> Result<Said, Failure> {
        match self {
            Retention::Table => Ok(table()),
            Retention::Report { facility, longer } => report(&opened()?, facility.map(RecordId), longer),
            Retention::Archive {
                to,
                facility,
                longer,
                code_file,
            } => made(&opened()?, (facility.map(RecordId), longer), &to, code_file.as_deref()),
            Retention::Verify { file, code_file } => {
                let contents = archive::read(&file, &code_of(code_file.as_deref())?, |_| Ok(()))?;
                Ok(told(&file, &contents, "is what was written"))
            }
            Retention::Open { file, to, code_file } => {
                let contents = archive::open(&file, &code_of(code_file.as_deref())?, &to)?;
                let what = format!("was opened into {}", to.display());
                Ok(told(&file, &contents, &what))
            }
            Retention::Purge(wanted) => purge(&opened()?, &wanted),
        }
    }
}

fn table() -> Said {
    let mut lines = Vec::new();
    let text = PERIODS.iter().map(|period| {
        let (years, kept) = words(period.keep);
        lines.push(serde_json::json!({
            "kind": period.kind,
            "keep": kept,
            "years": years,
            "source": period.source,
        }));
        format!("{}  {kept}  ({})", period.kind, period.source)
    });
    let text: Vec<String> = text.collect();
    Said {
        text: text.join("\n"),
        json: lines.into(),
    }
}

fn words(keep: Keep) -> (Option<i64>, String) {
    match keep {
        Keep::WithTheDistrict => (None, "as long as the district".to_owned()),
        Keep::WithThePatient => (None, "as long as the patient".to_owned()),
        Keep::Patient { years, medico_legal } => (
            Some(years),
            format!("{years} years after the last encounter, {medico_legal} after a medico-legal one"),
        ),
        Keep::After { fields, years } => {
            let fields: Vec<String> = fields.iter().map(|field| format!("\"{field}\"")).collect();
            (Some(years), format!("{years} years after {}", fields.join(" or ")))
        }
    }
}

fn report(server: &Server, facility: Option<RecordId>, longer: u32) -> Result<Said, Failure> {
    let now = Time(server.now_ms());
    let (mut lines, mut text) = (Vec::new(), Vec::new());
    for (facility, space) in facilities(server, facility)? {
        let mut counts: BTreeMap<(&str, Option<Against>), (u64, Time)> = BTreeMap::new();
        for Past { due, .. } in server.past(space, longer)? {
            let against = due.against.first().copied();
            counts.entry((due.kind, against)).or_insert((0, due.since)).0 += 1;
            lines.push(serde_json::json!({
                "facility": facility,
                "kind": due.kind,
                "record": due.id,
                "since": due.since.day(0).to_string(),
                "against": due.against.iter().map(|each| word(*each)).collect::<Vec<_>>(),
            }));
        }
        text.extend(counts.into_iter().map(|((kind, against), (count, since))| {
            let stays = against.map(|against| format!("; they stay: {}", words_against(against)));
            let (since, stays) = (since.day(0), stays.unwrap_or_default());
            format!("{facility}  {kind}  {count} past their time, the first since {since}{stays}")
        }));
    }
    if text.is_empty() {
        text.push(format!("Nothing is past its time on {}.", now.day(0)));
    }
    Ok(Said {
        json: lines.into(),
        text: text.join("\n"),
    })
}

fn facilities(server: &Server, wanted: Option<RecordId>) -> Result<Vec<(RecordId, SpaceId)>, Failure> {
    let found = server.facilities(wanted)?;
    if wanted.is_some() && found.is_empty() {
        return Err(Failure::Unknown("facility"));
    }
    Ok(found)
}

fn word(against: Against) -> &'static str {
    match against {
        Against::InConflict => "in_conflict",
        Against::ToBeErased => "to_be_erased",
        Against::KeptAside => "kept_aside",
    }
}

fn words_against(against: Against) -> &'static str {
    match against {
        Against::InConflict => "something about them waits for a decision at a desk",
        Against::ToBeErased => "an admin asked that they be erased (`erasure list`)",
        Against::KeptAside => "something about them is kept aside (`parked list`)",
    }
}

/// How an archive's code is given or kept.
fn code_of(file: Option<&Path>) -> Result<Code, Failure> {
    let mut text = Zeroizing::new(String::new());
    if let Some(file) = file {
        std::fs::File::open(file)?
            .take(LONGEST_CODE)
            .read_to_string(&mut text)?;
    } else {
        eprintln!("The code of the archive:");
        std::io::stdin().lock().take(LONGEST_CODE).read_line(&mut text)?;
    }
    Ok(Code::read(&text))
}

fn made(
    server: &Server,
    (facility, longer): (Option<RecordId>, u32),
    to: &Path,
    code_file: Option<&Path>,
) -> Result<Said, Failure> {
    facilities(server, facility)?;
    let code = Code::random();
    let shown = grouped(code.text());
    if let Some(file) = code_file {
        durable::write_private(file, &format!("{shown}\n"))?;
    }
    let contents = archive::make(server, facility, longer, &code, to);
    let contents = match contents {
        Ok(Some(contents)) => contents,
        nothing => {
            // Of an archive that is not there.
            code_file.map_or(Ok(()), std::fs::remove_file)?;
            nothing?;
            return Ok(Said {
                json: serde_json::json!({ "records": 0 }),
                text: "Nothing is past its time that may go: nothing was written.".to_owned(),
            });
        }
    };
    let mut said = told(to, &contents, "was written and read back");
    if code_file.is_none() {
        said.text += &format!("\nIts code, shown this once and kept nowhere: {shown}");
        if let Some(json) = said.json.as_object_mut() {
            json.insert("code".to_owned(), shown.into());
        }
    }
    Ok(said)
}

fn told(file: &Path, contents: &Contents, what: &str) -> Said {
    let manifest = &contents.manifest;
    let kinds = manifest.kinds.iter().map(|(kind, count)| format!("{kind} {count}"));
    let kinds: Vec<String> = kinds.collect();
    Said {
        json: serde_json::json!({
            "file": file,
            "district": contents.district,
            "facilities": contents.facilities,
            "made": contents.made.day(0).to_string(),
            "longer": contents.longer,
            "records": manifest.records,
            "changes": manifest.changes,
            "aside": manifest.aside,
            "kinds": manifest.kinds,
            "hash": manifest.hash,
        }),
        text: format!(
            "{} {what}: {} records, {} changes, {} kept aside ({}).",
            file.display(),
            manifest.records,
            manifest.changes,
            manifest.aside,
            kinds.join(", ")
        ),
    }
}

fn purge(server: &Server, purge: &Purge) -> Result<Said, Failure> {
    let contents = match &purge.archive {
        Some(file) => {
            let code = code_of(purge.code_file.as_deref())?;
            Some(archive::read(file, &code, |_| Ok(()))?)
        }
        None => None,
    };
    if let Some(contents) = &contents
        && server.district() != SpaceId::District(contents.district.0)
    {
        return Err(Failure::Unacceptable("the archive is of another district".to_owned()));
    }
    let wanted = Wanted {
        longer: contents.as_ref().map_or(purge.longer, |contents| contents.longer),
        archive: contents.as_ref(),
    };
    let mut among = facilities(server, purge.facility.map(RecordId))?;
    among.retain(|(id, _)| {
        contents
            .as_ref()
            .is_none_or(|contents| contents.facilities.contains(id))
    });
    if !purge.yes && !is_confirmed(contents.as_ref())? {
        return Err(Failure::Unacceptable("nothing was taken away".to_owned()));
    }
    let mut all = Purged::default();
    for (facility, _) in among {
        all.add(server.purge(facility, wanted)?);
    }
    let is_swept = all.records == 0 || server.db().sweep().is_ok();
    Ok(outcome(&all, is_swept))
}

fn is_confirmed(contents: Option<&Contents>) -> Result<bool, Failure> {
    match contents {
        Some(contents) => eprintln!(
            "Whatever of the {} records in the archive of {} is past its time still is taken away, here and from every desk.",
            contents.manifest.records,
            contents.made.day(0)
        ),
        None => eprintln!("Whatever is past its time is taken away, here and from every desk. NO ARCHIVE HOLDS IT."),
    }
    eprintln!("This cannot be undone. Type \"{CONFIRMATION}\" to go on:");
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    Ok(typed.trim() == CONFIRMATION)
}

fn outcome(all: &Purged, is_swept: bool) -> Said {
    let left = all.left.iter().map(|(left, count)| {
        let (short, long) = match left {
            Left::Against(against) => (word(*against), words_against(*against)),
            Left::NotArchived => ("not_archived", "the archive does not hold them as they stand now"),
        };
        (short, *count, long)
    });
    let left: Vec<(&str, u64, &str)> = left.collect();
    let mut text = format!(
        "{} records were taken away, {} changes of them. Every desk does the same when it next exchanges.\n{NOT_REACHED}",
        all.records, all.changes
    );
    for (_, count, why) in &left {
        text += &format!("\n{count} stay: {why}.");
    }
    if !is_swept {
        text += "\nRemains may still lie in free space: run `wardroom-server erasure sweep` again.";
    }
    let counts: BTreeMap<&str, u64> = left.iter().map(|(short, count, _)| (*short, *count)).collect();
    Said {
        json: serde_json::json!({
            "gone": all.gone,
            "records": all.records,
            "changes": all.changes,
            "transactions": all.transactions,
            "left": counts,
            "swept": is_swept,
        }),
        text,
    }
}
