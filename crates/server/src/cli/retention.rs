//! `retention table | report`: how long records are kept, and what is past its time. Ids, kinds and days alone: no name is
//! printed, and nothing is taken away.

use std::collections::BTreeMap;

use clap::Subcommand;
use domain::retention::{Keep, PERIODS, counted, due};
use domain::world::Overlay;
use domain::{RecordId, Time};
use sync_core::SpaceId;

use super::{Failure, Said};
use crate::db;
use crate::error::Result;
use crate::exchange::present::open_state;
use crate::server::{Server, open_space};

/// So many records are read at once.
const SLICE: u64 = 500;

#[derive(Subcommand)]
pub enum Retention {
    /// How long records of each kind are kept, and who says so.
    Table,
    /// What is past its time: how many, and with --json which.
    Report {
        /// Only of this facility.
        #[arg(long)]
        facility: Option<uuid::Uuid>,
        /// So many years longer than the table says.
        #[arg(long, default_value_t = 0)]
        longer: u32,
    },
}

impl Retention {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Retention::Table => Ok(table()),
            Retention::Report { facility, longer } => report(server, facility.map(RecordId), longer),
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
        Keep::After { field, years } => (Some(years), format!("{years} years after \"{field}\"")),
    }
}

fn report(server: &Server, facility: Option<RecordId>, longer: u32) -> Result<Said, Failure> {
    let spaces = server.db().read(db::space::all)?;
    let spaces = spaces.into_iter().filter_map(|space| match space.id {
        SpaceId::Facility(id) if facility.is_none_or(|wanted| wanted.0 == id) => Some((space.id, RecordId(id))),
        _ => None,
    });
    let spaces: Vec<(SpaceId, RecordId)> = spaces.collect();
    if facility.is_some() && spaces.is_empty() {
        return Err(Failure::Unknown("facility"));
    }
    let now = Time(server.now_ms());
    let (mut lines, mut text) = (Vec::new(), Vec::new());
    for (space, facility) in spaces {
        let world = kept(server, space)?;
        let found = due(&world, now, longer).map_err(|error| Failure::Unacceptable(error.to_string()))?;
        let mut counts: BTreeMap<&str, (u64, Time)> = BTreeMap::new();
        for each in &found {
            counts.entry(each.kind).or_insert((0, each.since)).0 += 1;
            lines.push(serde_json::json!({
                "facility": facility,
                "kind": each.kind,
                "record": each.id,
                "since": each.since.day(0).to_string(),
            }));
        }
        for (kind, (count, since)) in counts {
            text.push(format!(
                "{facility}  {kind}  {count} past their time, the first since {}",
                since.day(0)
            ));
        }
    }
    if text.is_empty() {
        text.push("Nothing is past its time.".to_owned());
    }
    Ok(Said {
        json: lines.into(),
        text: text.join("\n"),
    })
}

/// The records of the kinds whose time is counted, and of those by which it is.
fn kept(server: &Server, space: SpaceId) -> Result<Overlay<'static>> {
    server.db().read(|conn| {
        let mut all = Overlay::alone();
        let Some((space, key)) = open_space(server, space, conn)? else {
            return Ok(all);
        };
        for kind in counted() {
            let mut last = None;
            loop {
                let slice = db::record::slice(space.number, kind, last, SLICE, conn)?;
                let is_last = (slice.len() as u64) < SLICE;
                for (id, sealed) in slice {
                    last = Some(id);
                    all.put(open_state(&key, space.id, kind, id, &sealed)?.record());
                }
                if is_last {
                    break;
                }
            }
        }
        Ok(all)
    })
}
