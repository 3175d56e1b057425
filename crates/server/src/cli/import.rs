//! `import care`: what Care's own `dumpdata` wrote becomes records of the district and its
//! facilities, with a report. A second import writes only what changed in Care since the one before;
//! what was changed here too then stands as a conflict.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use domain::check::Draft;
use sync_core::SpaceId;
use uuid::Uuid;

use super::{Failure, Said};
use crate::server::Server;

/// The largest file that is read.
const MOST_BYTES: u64 = 512 * 1024 * 1024;

#[derive(Subcommand)]
pub enum Import {
    /// Files that Care's `dumpdata` wrote.
    Care {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The release of Care that wrote them: some codes changed their meaning between the two.
        #[arg(long, value_enum, default_value = "march-2024")]
        release: Release,
        /// Only say what would be taken.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Release {
    #[value(name = "may-2022")]
    May2022,
    #[value(name = "march-2024")]
    March2024,
}

impl Import {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        let Import::Care {
            files,
            release,
            dry_run,
        } = self;
        let release = match release {
            Release::May2022 => care::Release::C22,
            Release::March2024 => care::Release::C24,
        };
        let files = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let made = care::import(&files, release);
        let facilities = made.facilities.into_iter();
        let facilities = facilities.map(|(facility, drafts)| (SpaceId::Facility(facility.0), drafts));
        let mut done = Done::default();
        for (space, drafts) in std::iter::once((server.district(), made.district)).chain(facilities) {
            done.take_over(server, space, drafts, dry_run)?;
        }
        let json = serde_json::json!({
            "changes": done.changes,
            "disputed": done.disputed,
            "kept": done.kept,
            "erased": done.erased,
            "report": made.report,
        });
        Ok(Said {
            json,
            text: told(&made.report, &done),
        })
    }
}

/// The author of every import from Care: what it wrote before is what it knew.
fn importer() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, b"import care")
}

/// What was written, and where Care and the wards differ.
#[derive(Default)]
struct Done {
    changes: u64,
    disputed: BTreeMap<String, u64>,
    kept: BTreeMap<String, u64>,
    erased: u64,
}

impl Done {
    fn take_over(&mut self, server: &Server, space: SpaceId, drafts: Vec<Draft>, dry_run: bool) -> Result<(), Failure> {
        let takeover = server.compare(space, importer(), drafts)?;
        for (name, count) in &takeover.disputed {
            *self.disputed.entry(name.clone()).or_default() += count;
        }
        for (name, count) in &takeover.kept {
            *self.kept.entry(name.clone()).or_default() += count;
        }
        self.erased += takeover.erased;
        if !dry_run {
            server.add_space(space)?;
            self.changes += server.take_over(space, takeover)?.changes;
        }
        Ok(())
    }
}

fn read(path: &PathBuf) -> Result<care::File, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if std::fs::metadata(path)?.len() > MOST_BYTES {
        return Err(Failure::Unacceptable(format!(
            "{name} is larger than {MOST_BYTES} bytes"
        )));
    }
    let bytes = std::fs::read(path)?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|error| {
        let line = error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        Failure::Unacceptable(format!("{name} is not UTF-8 at line {line}"))
    })?;
    Ok(care::File { name, text })
}

fn told(report: &care::Report, done: &Done) -> String {
    let mut lines = vec![format!("{} changes written.", done.changes)];
    if done.erased > 0 {
        lines.push(format!(
            "Of people who were erased here, not taken over: {} records.",
            done.erased
        ));
    }
    list("Changed here and in Care: people decide", &done.disputed, &mut lines);
    list("Changed here and not in Care: kept", &done.kept, &mut lines);
    let mut list = |title: &str, counts: &BTreeMap<String, usize>| list(title, counts, &mut lines);
    list("Taken", &report.taken);
    list("Refused", &report.refused);
    list("Deleted in Care", &report.deleted);
    list("No kind here yet", &report.without_kind);
    list("No place here yet", &report.without_place);
    list("Unknown codes, left empty", &report.unknown_codes);
    list("Rounded to the places a field has", &report.rounded);
    lines.extend(report.faults.iter().map(|fault| {
        let about = format!("{} {} {}", fault.model, fault.pk, fault.field);
        format!("{}:{}: {}: {}", fault.file, fault.line, about.trim_end(), fault.reason)
    }));
    lines.join("\n")
}

fn list(title: &str, counts: &BTreeMap<String, impl std::fmt::Display>, lines: &mut Vec<String>) {
    if !counts.is_empty() {
        lines.push(format!("{title}:"));
        lines.extend(counts.iter().map(|(name, count)| format!("  {count:>7}  {name}")));
    }
}
