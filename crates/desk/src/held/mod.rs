//! Everything that is held about a person, handed to them: asked for by an admin at a desk, gathered from its file without
//! the network, and written where the admin says. Nothing of it stays here unsealed.

pub mod gather;

mod print;

mod file;

mod words;

use domain::RecordId;
use domain::access::reports_to_people;
use domain::audit::Event;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Failure;
use crate::desk::Desk;
use crate::files;
use crate::paper::words::Language;

/// Where and how the report is written.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ReportArgs {
    /// A registration of the person.
    pub patient: RecordId,
    /// A whole path, or a name in the home folder of whoever uses the computer. Its ending follows from the rest.
    pub path: String,
    pub shape: ReportShape,
    /// Of what is printed; the names in JSON are the same in each.
    pub language: Language,
}

/// What a report is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum ReportShape {
    /// Both of the others in an archive that only whoever has the code can open.
    Sealed,
    /// To be read and printed, by whoever gets the file.
    Pdf,
    /// For another program, by whoever gets the file.
    Json,
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
    /// Writes everything that is held about a person into a file, once that was written down.
    ///
    /// # Errors
    /// `not_allowed`, `not_found`, `file_exists` when there is a file of that name, `file_not_written`, or another
    /// [`Failure`]; no file is left then.
    pub fn report_to_person(&self, args: &ReportArgs) -> Result<ReportWritten, Failure> {
        let (open, session) = self.may_write()?;
        if !reports_to_people(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        if self.status().sync.arriving.is_some() {
            return Err(Failure::new("report_too_early"));
        }
        let ending = match args.shape {
            ReportShape::Sealed => "zip",
            ReportShape::Pdf => "pdf",
            ReportShape::Json => "json",
        };
        let path = files::place(&args.path, ending)?;
        if args.shape != ReportShape::Sealed && path.starts_with(self.folder()) {
            return Err(Failure::new("file_not_written"));
        }
        let own_file = self.file()?;
        let ctx = self.ctx(&own_file, &session);
        let (aside, _) = open.store.aside()?;
        let held = open
            .store
            .read(|records, _| gather::gather(records, &ctx, aside, args.patient))?;
        let json = || serde_json::to_vec_pretty(&held).map_err(|_| Failure::new("database_failed"));
        let pdf = || {
            let printed = print::printed(&held, args.language, own_file.utc_offset_minutes);
            printed.ok_or_else(|| Failure::new("file_not_written"))
        };
        let (bytes, code) = match args.shape {
            ReportShape::Sealed => {
                let (sealed, code) = file::sealed(&[("report.pdf", pdf()?), ("report.json", json()?)])?;
                (sealed, Some(code))
            }
            ReportShape::Pdf => (pdf()?, None),
            ReportShape::Json => (json()?, None),
        };
        let event = Event {
            patient: Some(args.patient),
            ..self.event("report_written", &session)
        };
        files::write_new(&path, &bytes, || self.note_first(&open, &session, &event))?;
        self.touch();
        Ok(ReportWritten {
            path: path.to_str().unwrap_or_default().to_owned(),
            code,
            records: held.records.len() as u64,
            changes: held.records.iter().map(|record| record.history.len() as u64).sum(),
        })
    }
}
