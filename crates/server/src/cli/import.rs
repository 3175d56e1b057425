//! `import care`: what Care's own `dumpdata` wrote becomes records of the district and its
//! facilities, with a report. A second import writes only what differs.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use domain::check::Draft;
use sync_core::SpaceId;

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
        let mut changes = 0;
        if !dry_run {
            changes += write(server, server.district(), made.district)?;
            for (facility, drafts) in made.facilities {
                let space = SpaceId::Facility(facility.0);
                server.add_space(space)?;
                changes += write(server, space, drafts)?;
            }
        }
        let text = told(&made.report, changes);
        let json = serde_json::json!({ "changes": changes, "report": made.report });
        Ok(Said { json, text })
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

fn write(server: &Server, space: SpaceId, drafts: Vec<Draft>) -> Result<u64, Failure> {
    let drafts = server.only_differing(space, drafts)?;
    let actions = drafts.into_iter().map(|draft| vec![draft]).collect();
    Ok(server.author(space, actions)?.changes)
}

fn told(report: &care::Report, changes: u64) -> String {
    let mut lines = vec![format!("{changes} changes written.")];
    let mut list = |title: &str, counts: &std::collections::BTreeMap<String, usize>| {
        if !counts.is_empty() {
            lines.push(format!("{title}:"));
            lines.extend(counts.iter().map(|(name, count)| format!("  {count:>7}  {name}")));
        }
    };
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
