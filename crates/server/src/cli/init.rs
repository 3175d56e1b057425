//! `init`: a new district with its state, and nobody who could sign in yet.

use std::path::Path;

use clap::Args;
use domain::check::Draft;
use domain::entities::{district, state};
use domain::{RecordId, Time};
use sync_core::SpaceId;
use sync_core::entry::fingerprint_words;

use super::records::{new_id, write};
use super::{Failure, Said};
use crate::config::Config;
use crate::db::second_factor::Rule;
use crate::server::Server;

#[derive(Args)]
pub struct Init {
    /// The district's name.
    #[arg(long, required_unless_present = "sample")]
    district: Option<String>,
    /// The name of the state it belongs to.
    #[arg(long, required_unless_present = "sample")]
    state: Option<String>,
    /// Minutes that local time is ahead of UTC.
    #[arg(long, default_value_t = 330, allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-720..=840))]
    utc_offset_minutes: i32,
    /// Fill it with people and places nobody knows, for practice.
    #[arg(long, value_name = "SIZE", num_args = 0..=1, default_missing_value = "full")]
    sample: Option<Size>,
    /// Whether admins, and whoever works above the facilities, need a second factor: `required` or `off`; in a sample
    /// `off` unless it is said.
    #[arg(long, value_parser = super::second_factor::rule)]
    second_factor: Option<Rule>,
}

/// How large a sample is made.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Size {
    /// About Ernakulam.
    Full,
    /// One hospital that 5,000 people came to.
    Hospital,
    /// Enough for a test.
    Small,
}

impl Init {
    pub fn run(self, dir: &Path, config: Config) -> Result<Said, Failure> {
        let sample = self.sample.map(|size| {
            let size = match size {
                Size::Full => sample::Size::FULL,
                Size::Hospital => sample::Size::HOSPITAL,
                Size::Small => sample::Size::SMALL,
            };
            sample::district(sample::SEED, Time((config.now_ms)()), size)
        });
        let rule = self.second_factor.unwrap_or(match sample {
            Some(_) => Rule::Off,
            None => Rule::Required,
        });
        let ids = sample.as_ref().map(|sample| (sample.state, sample.district));
        let (state_id, district_id) = ids.unwrap_or_else(|| (new_id(), new_id()));
        let server = Server::begin(dir, district_id, self.utc_offset_minutes, config)?;
        server.set_second_factor(rule)?;
        if let Some(sample) = sample {
            fill(&server, sample)?;
        }
        let mut drafts = Vec::new();
        if let Some(name) = self.state {
            drafts.push(Draft::new(state::STATE.kind, state_id).with(&state::NAME, name));
        }
        if let Some(name) = self.district {
            let district = Draft::new(district::DISTRICT.kind, district_id).with(&district::NAME, name);
            drafts.push(district.with(&district::STATE, state_id));
        }
        if !drafts.is_empty() {
            write(&server, drafts)?;
        }
        Ok(said(&server, dir, state_id))
    }
}

fn said(server: &Server, dir: &Path, state: RecordId) -> Said {
    let (certificate, district) = (server.certificate_hash(), server.own().district);
    let words = fingerprint_words(&certificate);
    let json = serde_json::json!({
        "district": district,
        "state": state,
        "dir": dir,
        "certificate": certificate,
        "words": words,
    });
    let text = format!(
        "District {district} is kept in {}.\nIts certificate reads: {}\n\
         Keep a copy of the master key elsewhere: without it nothing can be read again.\n\
         Next: `facility add`, `user add`, `device invite`, `serve`.",
        dir.display(),
        words.join(" ")
    );
    Said { json, text }
}

/// Writes a sample district; all its people sign in with the sample's password.
fn fill(server: &Server, sample: sample::District) -> Result<(), Failure> {
    server.author(server.district(), sample.actions)?;
    for facility in sample.facilities {
        let space = SpaceId::Facility(facility.id.0);
        server.add_space(space)?;
        server.author(space, facility.actions)?;
    }
    let people: Vec<RecordId> = sample.people.iter().map(|person| person.id).collect();
    server.set_passwords(&people, sample::PASSWORD)?;
    Ok(())
}
