//! `certificate show | renew | use | switch`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::Time;
use serde_json::{Map, Value as Json};
use sync_core::entry::fingerprint_words;
use zeroize::Zeroizing;

use super::{Failure, Said};
use crate::certificate::{Certificate as Kept, MOST_BYTES};
use crate::db;
use crate::db::device::Device;
use crate::renewal::{Desks, LeftBehind};
use crate::server::Server;

#[derive(Subcommand)]
pub enum Certificate {
    /// Show the certificate that serves and the next one, with their five words and ends, and which desks do not know
    /// them yet.
    Show,
    /// Make the next certificate of the server's own. It serves from `switch` on; until then desks learn it.
    Renew,
    /// The same with a certificate of yours: PEM, with those who vouch for it, and its key.
    Use { certificate: PathBuf, key: PathBuf },
    /// Let the next certificate serve. Refused while a desk does not know it.
    Switch {
        /// Leave those desks behind: they come back when somebody types the five words there.
        #[arg(long)]
        yes: bool,
    },
}

impl Certificate {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Certificate::Show => show(server),
            Certificate::Renew => {
                server.prepare(&Kept::own(server.now_ms())?)?;
                show(server)
            }
            Certificate::Use { certificate, key } => {
                let (certificate, key) = (read(&certificate)?, read(&key)?);
                server.prepare(&Kept::read(&certificate, &key, server.now_ms())?)?;
                show(server)
            }
            Certificate::Switch { yes } => {
                server.switch_certificate(if yes { LeftBehind::Whoever } else { LeftBehind::Nobody })?;
                show(server)
            }
        }
    }
}

/// Never more than any certificate has.
fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MOST_BYTES + 1));
    let most = u64::try_from(MOST_BYTES + 1).unwrap_or(u64::MAX);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn show(server: &Server) -> Result<Said, Failure> {
    let (serving, next) = server.certificates()?;
    let behind = server.left_behind(&serving)?;
    let mut text = vec![format!("Serves now: {}", described(&serving, server)?)];
    if let Some(days) = serving.ends_soon(server.now_ms())? {
        text.push(match days {
            0.. => format!("It ends in {days} days."),
            _ => "It has ended. Desks that know it go on with it.".to_owned(),
        });
    }
    let left_behind = listed(
        &behind,
        server,
        &mut text,
        "Left behind, until the five words are typed there",
    )?;
    let next = match next {
        Some(next) => Some(show_next(&next, server, &mut text)?),
        None => {
            text.push("No next certificate: `certificate renew` makes one.".to_owned());
            None
        }
    };
    let serving = told(&serving, server)?;
    Ok(Said {
        json: serde_json::json!({ "serving": serving, "left_behind": left_behind, "next": next }),
        text: text.join("\n"),
    })
}

fn show_next(next: &Kept, server: &Server, text: &mut Vec<String>) -> Result<Json, Failure> {
    let Desks { know, do_not } = server.who_knows(next)?;
    let all = know.len() + do_not.len();
    text.push(format!("Next:       {}", described(next, server)?));
    text.push(format!("{} of {all} desks know it.", know.len()));
    let not_yet = listed(&do_not, server, text, "Not yet")?;
    text.push(match do_not.len() {
        0 => "It serves after `certificate switch`.".to_owned(),
        _ => "They learn it when somebody is signed in there with the network.".to_owned(),
    });
    let mut json = told(next, server)?;
    json.insert("know".to_owned(), know.len().into());
    json.insert("not_yet".to_owned(), not_yet);
    Ok(json.into())
}

/// The day of a moment, as it is called in the district.
fn day(ms: i64, server: &Server) -> String {
    Time(ms).day(server.own().utc_offset_minutes).to_string()
}

fn described(certificate: &Kept, server: &Server) -> Result<String, Failure> {
    let words = fingerprint_words(&certificate.hash()).join(" ");
    let (made, ends) = (day(certificate.made_ms, server), day(certificate.ends_ms()?, server));
    Ok(format!("{words}  (kept since {made}, ends {ends})"))
}

fn told(certificate: &Kept, server: &Server) -> Result<Map<String, Json>, Failure> {
    let hash = certificate.hash();
    let told = [
        ("certificate", serde_json::json!(hash)),
        ("words", serde_json::json!(fingerprint_words(&hash))),
        ("made", certificate.made_ms.into()),
        ("since", certificate.since_ms.into()),
        ("ends", certificate.ends_ms()?.into()),
        ("ends_in_days", certificate.ends_soon(server.now_ms())?.into()),
    ];
    Ok(told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The desks with what they are called, a line each, if there are any.
fn listed(desks: &[Device], server: &Server, text: &mut Vec<String>, what: &str) -> Result<Json, Failure> {
    let mut lines = Vec::new();
    if !desks.is_empty() {
        text.push(format!("{what}:"));
    }
    for desk in desks {
        let (name, heard) = (desk.name(server)?, day(desk.contact_ms, server));
        let says = server.db().read(|conn| db::device::said(desk.id, conn))?;
        let version = says.map(|says| says.version);
        let runs = version.as_ref().map(|version| format!(", version {version}"));
        text.push(format!(
            "  {}  {name}  (last heard {heard}{})",
            desk.id,
            runs.unwrap_or_default()
        ));
        lines.push(serde_json::json!({
            "device": desk.id,
            "name": name,
            "last_contact": desk.contact_ms,
            "version": version,
        }));
    }
    Ok(lines.into())
}
