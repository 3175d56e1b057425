//! Everything that is held about a person, handed to them: asked for by an admin at a desk, gathered from its file without
//! the network, and written where the admin says. Nothing of it stays here unsealed.

pub mod gather;

mod file;

use std::path::{Path, PathBuf};

use domain::RecordId;
use domain::access::reports_to_people;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Failure;
use crate::desk::Desk;

/// Where and how the report is written.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ReportArgs {
    /// A registration of the person.
    pub patient: RecordId,
    /// A whole path, or a name in the home folder of whoever uses the computer. Its ending follows from the rest.
    pub path: String,
    /// Only whoever has the code can open it.
    pub sealed: bool,
}

/// A report that was written.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ReportWritten {
    pub path: String,
    /// What opens it, exactly as it stands here; it is kept nowhere.
    pub code: Option<String>,
    pub records: u64,
    pub changes: u64,
}

impl Desk {
    /// Writes everything that is held about a person into a file.
    ///
    /// # Errors
    /// `not_allowed`, `not_found`, `report_exists` when there is a file of that name, `report_not_written`, or another
    /// [`Failure`]; no file is left then.
    pub fn report_to_person(&self, args: &ReportArgs) -> Result<ReportWritten, Failure> {
        let (open, session) = self.may_write()?;
        if !reports_to_people(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        if self.status().sync.arriving.is_some() {
            return Err(Failure::new("report_too_early"));
        }
        let ctx = self.ctx(&self.file()?, &session);
        let (aside, _) = open.store.aside()?;
        let held = open
            .store
            .read(|records, _| gather::gather(records, &ctx, aside, args.patient))?;
        let text = serde_json::to_vec_pretty(&held).map_err(|_| Failure::new("database_failed"))?;
        let (bytes, code, ending) = if args.sealed {
            let (sealed, code) = file::sealed("report.json", &text)?;
            (sealed, Some(code), "zip")
        } else {
            (text, None, "json")
        };
        let path = place(&args.path, ending)?;
        if !args.sealed && path.starts_with(self.folder()) {
            return Err(Failure::new("report_not_written"));
        }
        file::write_new(&path, &bytes)?;
        self.touch();
        Ok(ReportWritten {
            path: path.to_str().unwrap_or_default().to_owned(),
            code,
            records: held.records.len() as u64,
            changes: held.records.iter().map(|record| record.history.len() as u64).sum(),
        })
    }
}

/// The path that was meant, with its ending.
fn place(typed: &str, ending: &str) -> Result<PathBuf, Failure> {
    let typed = Path::new(typed.trim());
    if typed.file_name().is_none() {
        return Err(Failure::new("report_not_written"));
    }
    let whole = if typed.is_absolute() {
        typed.to_owned()
    } else {
        let home = std::env::home_dir().ok_or_else(|| Failure::new("report_not_written"))?;
        home.join(typed)
    };
    Ok(if whole.extension().is_some_and(|found| found == ending) {
        whole
    } else {
        let mut name = whole.into_os_string();
        name.push(format!(".{ending}"));
        name.into()
    })
}
