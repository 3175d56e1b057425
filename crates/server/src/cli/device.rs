//! `device invite | list | revoke | withdraw`.

use clap::Subcommand;
use domain::entities::facility::{FACILITY, NAME};
use domain::{RecordId, Records};
use sync_core::desks::{DeskState, DeskTold, OrderTold};
use sync_core::entry::fingerprint_words;
use sync_core::{DeviceId, Hash};

use super::records::{first, read};
use super::{Failure, Said};
use crate::db::device::Status;
use crate::serve::address_of;
use crate::server::Server;

#[derive(Subcommand)]
pub enum Device {
    /// Make a one-time code by which one desk may join a facility within 24 hours.
    Invite {
        /// The id of the facility, or `first` for the one that was added first.
        #[arg(long)]
        facility: String,
        /// What the desk is called; else it says so itself.
        #[arg(long, default_value = "")]
        name: String,
        /// The address by which desks reach the server; else where it listens now.
        #[arg(long)]
        address: Option<String>,
    },
    /// List the desks.
    List,
    /// Lock a desk out: it gets nothing any more; what it still sends is kept aside. It keeps what it has.
    Revoke { device: DeviceId },
    /// Withdraw a desk: it brings what it has, then deletes everything and sends a signed receipt.
    Withdraw {
        device: DeviceId,
        /// Without bringing first what it has: what only that desk holds is destroyed. For a stolen desk.
        #[arg(long)]
        now: bool,
    },
}

impl Device {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        match self {
            Device::Invite {
                facility,
                name,
                address,
            } => invite(server, &facility, &name, address),
            Device::List => list(server),
            Device::Revoke { device } => {
                server.revoke(device)?;
                Ok(Said {
                    json: serde_json::json!({ "device": device, "status": "revoked" }),
                    text: format!("Desk {device} is locked out."),
                })
            }
            Device::Withdraw { device, now } => {
                let order = server.withdraw(device, now)?;
                let what = match (order.done_ms, order.is_now) {
                    (Some(_), _) => "has done so already",
                    (None, true) => "deletes everything as soon as it hears of it; what it did not send is lost",
                    (None, false) => "brings what it has and then deletes everything, as soon as it hears of it",
                };
                Ok(Said {
                    json: serde_json::json!({ "device": device, "order": order.number, "now": order.is_now }),
                    text: format!("Desk {device} {what}. `device list` shows how far it has come."),
                })
            }
        }
    }
}

fn invite(server: &Server, facility: &str, name: &str, address: Option<String>) -> Result<Said, Failure> {
    let known = read(server)?;
    let facility = match facility {
        "first" => first(FACILITY.kind, server)?,
        id => id.parse::<RecordId>().ok(),
    };
    let facility = facility.ok_or(Failure::Unknown("facility"))?;
    let record = known.get(FACILITY.kind, facility).ok().flatten();
    let record = record.ok_or(Failure::Unknown("facility"))?;
    let address = address.or_else(|| address_of(server.dir()));
    let address = address.ok_or_else(|| Failure::Unacceptable("give --address, or serve once before".to_owned()))?;
    let address = if address.contains("://") {
        address
    } else {
        format!("https://{address}")
    };
    let facility_name = NAME.of(&record).unwrap_or_default();
    let invited = server.invite(facility, facility_name, name)?;
    let is_plain = address.starts_with("http://");
    let certificate = if is_plain {
        Hash::default()
    } else {
        server.certificate().hash()
    };
    let words = fingerprint_words(&certificate);
    let join = format!("{address}#{}", invited.code);
    let json = serde_json::json!({
        "code": invited.code,
        "invitation": invited.id,
        "address": address,
        "join": join,
        "certificate": certificate,
        "words": words,
        "facility": facility,
        "facility_name": facility_name,
        "expires": invited.expires,
    });
    let text = format!(
        "On the desk, type or paste:\n  {join}\n\nor the address {address}\nand the code    {}\n\n\
         It joins {facility_name}, once, within 24 hours.\nBoth screens must show: {}",
        invited.code,
        words.join(" ")
    );
    Ok(Said { json, text })
}

fn list(server: &Server) -> Result<Said, Failure> {
    let mut desks = server.db().read(|conn| server.told_of_desks(|_| true, conn))?;
    desks.sort_by_key(|desk| (desk.joined, desk.desk));
    let text: Vec<String> = desks.iter().map(line).collect();
    let lines: Vec<_> = desks.iter().map(json).collect();
    Ok(Said {
        json: lines.into(),
        text: text.join("\n"),
    })
}

fn status(desk: &DeskTold) -> &'static str {
    let status = if desk.is_locked_out {
        Status::Revoked
    } else {
        Status::Active
    };
    status.word()
}

fn line(desk: &DeskTold) -> String {
    let said = match desk.state() {
        DeskState::Forked => "forked",
        DeskState::StillAbout => "replaced, still about",
        _ if desk.replaced.is_some() => "replaced",
        _ => status(desk),
    };
    let holds = desk
        .says
        .as_ref()
        .map(|says| format!("  ({}, {} unsent)", says.version, says.unsent));
    let holds = holds.unwrap_or_default();
    let how_far = desk.order.as_ref().map(|order| how_far(desk, order));
    format!(
        "{}  {said}  {}{holds}{}",
        desk.desk,
        desk.name,
        how_far.unwrap_or_default()
    )
}

fn json(desk: &DeskTold) -> serde_json::Value {
    let says = desk.says.as_ref();
    serde_json::json!({
        "device": desk.desk,
        "name": desk.name,
        "facility": desk.facility,
        "status": status(desk),
        "state": desk.state(),
        "last_seq": desk.last_seq,
        "enrolled": desk.joined,
        "last_contact": desk.contact,
        "words": fingerprint_words(&desk.key),
        "version": says.map(|says| &says.version),
        "unsent": says.map(|says| says.unsent),
        "holds": says.map(|says| &says.holds),
        "is_replaced": desk.replaced.is_some(),
        "in_place_of": desk.in_place_of,
        "forked": desk.forked,
        "withdrawal": desk.order.as_ref().map(|order| serde_json::json!({
            "order": order.number,
            "now": order.is_now,
            "ordered": order.ordered,
            "heard": order.heard,
            "done": order.done.as_ref().map(|done| done.at),
            "unsent": desk.receipt().map(|receipt| receipt.unsent),
        })),
    })
}

/// How far a desk has come that was withdrawn.
fn how_far(desk: &DeskTold, order: &OrderTold) -> String {
    match (order.heard, &order.done) {
        (_, Some(_)) => match desk.receipt().map(|receipt| receipt.unsent) {
            Some(0) => "  (emptied; everything had arrived)".to_owned(),
            Some(unsent) => format!("  (emptied; {unsent} changes were destroyed unsent)"),
            None => "  (a receipt is here that the desk did not sign)".to_owned(),
        },
        (Some(_), None) => "  (has heard that it is withdrawn)".to_owned(),
        (None, None) => "  (withdrawn, has not asked since)".to_owned(),
    }
}
