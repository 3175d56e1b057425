//! `init`: a new district with its state, and nobody who could sign in yet.

use std::path::Path;

use clap::Args;
use domain::check::Draft;
use domain::entities::{district, state};
use sync_core::entry::fingerprint_words;

use super::records::{new_id, write};
use super::{Failure, Said};
use crate::config::Config;
use crate::server::Server;

#[derive(Args)]
pub struct Init {
    /// The district's name.
    #[arg(long)]
    district: String,
    /// The name of the state it belongs to.
    #[arg(long)]
    state: String,
    /// Minutes that local time is ahead of UTC.
    #[arg(long, default_value_t = 330, allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-720..=840))]
    utc_offset_minutes: i32,
}

impl Init {
    pub fn run(self, dir: &Path, config: Config) -> Result<Said, Failure> {
        let (state_id, district_id) = (new_id(), new_id());
        let server = Server::begin(dir, district_id, self.utc_offset_minutes, config)?;
        write(
            &server,
            vec![
                Draft::new(state::STATE.kind, state_id).with(&state::NAME, self.state),
                Draft::new(district::DISTRICT.kind, district_id)
                    .with(&district::NAME, self.district)
                    .with(&district::STATE, state_id),
            ],
        )?;
        let certificate = server.certificate_hash();
        let words = fingerprint_words(&certificate);
        let json = serde_json::json!({
            "district": district_id,
            "state": state_id,
            "dir": dir,
            "certificate": certificate,
            "words": words,
        });
        let text = format!(
            "District {district_id} is kept in {}.\nIts certificate reads: {}\n\
             Keep a copy of the master key elsewhere: without it nothing can be read again.\n\
             Next: `facility add`, `user add`, `device invite`, `serve`.",
            dir.display(),
            words.join(" ")
        );
        Ok(Said { json, text })
    }
}
