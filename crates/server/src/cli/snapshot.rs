//! `snapshot export`.

use std::path::PathBuf;

use clap::Subcommand;
use domain::RecordId;
use domain::Records;
use domain::entities::facility::FACILITY;

use super::records::{first, read};
use super::{Failure, Said};
use crate::server::Server;

#[derive(Subcommand)]
pub enum Snapshot {
    /// Write what a new desk of a facility needs into a folder or onto a stick, sealed: the desk loads it instead of
    /// fetching it over a slow link.
    Export {
        /// The id of the facility, or `first` for the one that was added first.
        #[arg(long)]
        facility: String,
        /// The folder; it is made if it is not there.
        #[arg(long)]
        to: PathBuf,
    },
}

impl Snapshot {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        let Snapshot::Export { facility, to } = self;
        let id = match facility.as_str() {
            "first" => first(FACILITY.kind, server)?,
            id => id.parse::<RecordId>().ok(),
        };
        let id = id.ok_or(Failure::Unknown("facility"))?;
        let known = read(server)?.get(FACILITY.kind, id).ok().flatten();
        known.ok_or(Failure::Unknown("facility"))?;
        let written = server.write_stick(id, &to)?;
        Ok(Said {
            json: serde_json::json!({
                "to": to,
                "pieces": written.pieces,
                "records": written.records,
                "bytes": written.bytes,
            }),
            text: format!(
                "{} holds {} records in {} pieces, sealed.\n\
                 On a desk that joined this facility: sign in, then \"Load from a stick\".",
                to.display(),
                written.records,
                written.pieces
            ),
        })
    }
}
