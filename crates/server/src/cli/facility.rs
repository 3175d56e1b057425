//! `facility add | list`.

use clap::Subcommand;
use domain::check::Draft;
use domain::entities::facility::{ACTIVE, DISTRICT, FACILITY, FACILITY_TYPE, NAME, STATE};
use domain::entities::{district, state};
use domain::{Record, Records, Value};
use sync_core::SpaceId;

use super::records::{new_id, only, read, write};
use super::{Failure, Said};
use crate::server::Server;

#[derive(Subcommand)]
pub enum Facility {
    /// Add a facility and its empty space.
    Add {
        #[arg(long)]
        name: String,
        /// One word of the list of facility types, such as `taluk_hospital`.
        #[arg(long = "type")]
        facility_type: String,
    },
    /// List the facilities.
    List,
}

impl Facility {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Facility::Add { name, facility_type } => add(server, name, facility_type),
            Facility::List => list(server),
        }
    }
}

fn add(server: &Server, name: String, facility_type: String) -> Result<Said, Failure> {
    let (id, known) = (new_id(), read(server)?);
    let mut draft = Draft::new(FACILITY.kind, id)
        .with(&NAME, name)
        .with_value(FACILITY_TYPE.name(), Value::Code(facility_type))
        .with(&ACTIVE, "yes");
    if let Some(district) = only(district::DISTRICT.kind, &known) {
        draft = draft.with(&DISTRICT, district);
    }
    if let Some(state) = only(state::STATE.kind, &known) {
        draft = draft.with(&STATE, state);
    }
    write(server, vec![draft])?;
    server.add_space(SpaceId::Facility(id.0))?;
    Ok(Said {
        json: serde_json::json!({ "facility": id }),
        text: format!("Facility {id} was added."),
    })
}

fn list(server: &Server) -> Result<Said, Failure> {
    let known = read(server)?;
    let found = known
        .all(FACILITY.kind)
        .map_err(|error| Failure::Unacceptable(error.to_string()))?;
    let line = |record: &Record| {
        serde_json::json!({
            "facility": record.id,
            "name": NAME.of(record).unwrap_or_default(),
            "type": FACILITY_TYPE.of(record).unwrap_or_default(),
            "active": ACTIVE.of(record) != Some("no"),
        })
    };
    let text = found
        .iter()
        .map(|record| format!("{}  {}", record.id, NAME.of(record).unwrap_or_default()));
    Ok(Said {
        text: text.collect::<Vec<_>>().join("\n"),
        json: found.iter().map(line).collect::<Vec<_>>().into(),
    })
}
