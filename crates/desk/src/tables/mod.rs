//! A table that a page shows, taken along as a file for another program. What stands in it was shown to whoever takes it, by
//! their own rights; that they take it is written down first. No table with patients in it is offered.

mod commas;

mod sheet;

mod paper;

use domain::audit::Event;
use domain::views::ViewError;
use domain::views::names::facility_name;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Failure;
use crate::desk::{Desk, Open, Session};
use crate::files;
use crate::paper::words::Language;

/// More than any table of a hospital, and less than fills a memory.
const MOST_CELLS: usize = 2_000_000;
const MOST_COLUMNS: usize = 200;
/// The most letters of one text.
const LONGEST_TEXT: usize = 4_000;

/// A table, and the file it goes into.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TableArgs {
    /// A whole path, or a name in the home folder of whoever uses the computer. Its ending follows from the shape.
    pub path: String,
    pub shape: TableShape,
    /// Of what is printed beside the table.
    pub language: Language,
    pub title: String,
    /// What it is of: its days, its ward.
    pub about: String,
    pub columns: Vec<String>,
    /// As many cells in each row as there are columns; nothing in one where nothing is known.
    pub rows: Vec<Vec<Option<TableCell>>>,
}

/// What a table is written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum TableShape {
    /// Its columns and rows with commas between, UTF-8: for any program.
    Csv,
    /// The same as a sheet, under its title.
    Xlsx,
    /// To be read and printed.
    Pdf,
}

/// What stands in one cell.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, TS)]
#[serde(untagged)]
#[ts(export_to = "wire.ts")]
pub enum TableCell {
    /// `digits` × 10^-`scale`.
    Number {
        #[ts(type = "number")]
        digits: i64,
        scale: u8,
    },
    Text(String),
}

/// A table that was written.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TableWritten {
    pub path: String,
    pub rows: u64,
}

impl Desk {
    /// Writes a table into a file, once that was written down.
    ///
    /// # Errors
    /// `file_exists` when there is a file of that name, `file_not_written`, or another [`Failure`]; no file is left then.
    pub fn write_table(&self, table: &TableArgs) -> Result<TableWritten, Failure> {
        let (open, session) = self.at_work()?;
        if !is_sound(table) {
            return Err(Failure::new("file_not_written"));
        }
        let (ending, bytes) = match table.shape {
            TableShape::Csv => ("csv", commas::written(table)),
            TableShape::Xlsx => ("xlsx", sheet::written(table)),
            TableShape::Pdf => ("pdf", self.printed(table, &open, &session)?),
        };
        let bytes = bytes.ok_or_else(|| Failure::new("file_not_written"))?;
        let path = files::place(&table.path, ending)?;
        if path.starts_with(self.folder()) {
            return Err(Failure::new("file_not_written"));
        }
        let event: Event = self.event("table_written", &session);
        files::write_new(&path, &bytes, || self.note_first(&open, &session, &event))?;
        self.touch();
        Ok(TableWritten {
            path: path.to_str().unwrap_or_default().to_owned(),
            rows: table.rows.len() as u64,
        })
    }

    fn printed(&self, table: &TableArgs, open: &Open, session: &Session) -> Result<Option<Vec<u8>>, Failure> {
        let own_file = self.file()?;
        let facility = open.store.read(|records, _| {
            let name = facility_name(records, own_file.facility).map_err(ViewError::from)?;
            Ok::<_, Failure>(name)
        })?;
        let now = self.ctx(&own_file, session).now;
        let foot = paper::Foot {
            facility: &facility,
            at: &table.language.moment(now, own_file.utc_offset_minutes),
        };
        Ok(paper::written(table, &foot))
    }
}

/// Whether its rows are as long as its columns are many, and nothing of it is larger than a table is.
fn is_sound(table: &TableArgs) -> bool {
    let is_short = |text: &String| text.chars().count() <= LONGEST_TEXT;
    let cells = table.rows.iter().flatten().flatten();
    let mut texts = cells.filter_map(|cell| match cell {
        TableCell::Text(text) => Some(text),
        TableCell::Number { .. } => None,
    });
    (1..=MOST_COLUMNS).contains(&table.columns.len())
        && table.rows.len().saturating_mul(table.columns.len()) <= MOST_CELLS
        && table.rows.iter().all(|row| row.len() == table.columns.len())
        && table.columns.iter().chain([&table.title, &table.about]).all(is_short)
        && texts.all(is_short)
}
