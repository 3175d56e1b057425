//! `device invite | list | revoke | withdraw`.

use clap::Subcommand;
use domain::entities::facility::{FACILITY, NAME};
use domain::{RecordId, Records};
use sync_core::entry::fingerprint_words;
use sync_core::{DeviceId, Hash};

use super::records::{first, read};
use super::{Failure, Said};
use crate::db;
use crate::db::device::Status;
use crate::db::withdrawal::Withdrawal;
use crate::seal::sha256;
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
                let what = match (order.done_ms, now) {
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
        sha256(&server.own().certificate)
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
    let (mut lines, mut text) = (Vec::new(), Vec::new());
    let all = server.db().read(db::device::all)?;
    let successions = server.db().read(db::succession::all)?;
    let withdrawals = server.db().read(db::withdrawal::all)?;
    for device in all.into_iter().filter(|device| device.status != Status::Server) {
        let (name, status) = (device.name(server)?, device.status.word());
        let is_replaced = successions.iter().any(|(_, former)| *former == device.id);
        let former = successions
            .iter()
            .find(|(new, _)| *new == device.id)
            .map(|(_, former)| *former);
        let withdrawal = withdrawals.iter().find(|order| order.device == device.id);
        let said = if is_replaced { "replaced" } else { status };
        let how_far = withdrawal.map(how_far).unwrap_or_default();
        let says = server.db().read(|conn| db::device::said(device.id, conn))?;
        let holds = says
            .as_ref()
            .map(|says| format!("  ({}, {} unsent)", says.version, says.unsent));
        let holds = holds.unwrap_or_default();
        text.push(format!("{}  {said}  {name}{holds}{how_far}", device.id));
        lines.push(serde_json::json!({
            "device": device.id,
            "name": name,
            "facility": device.facility,
            "status": status,
            "last_seq": device.last_seq,
            "enrolled": device.enrolled_ms,
            "last_contact": device.contact_ms,
            "words": fingerprint_words(&device.key),
            "version": says.as_ref().map(|says| &says.version),
            "unsent": says.as_ref().map(|says| says.unsent),
            "holds": says.as_ref().map(|says| &says.holds),
            "is_replaced": is_replaced,
            "in_place_of": former,
            "withdrawal": withdrawal.map(|order| serde_json::json!({
                "order": order.number,
                "now": order.is_now,
                "ordered": order.ordered_ms,
                "heard": order.heard_ms,
                "done": order.done_ms,
                "unsent": order.unsent,
            })),
        }));
    }
    Ok(Said {
        json: lines.into(),
        text: text.join("\n"),
    })
}

/// How far a desk has come that was withdrawn.
fn how_far(order: &Withdrawal) -> String {
    match (order.heard_ms, order.done_ms, order.unsent) {
        (_, Some(_), Some(0)) => "  (emptied; everything had arrived)".to_owned(),
        (_, Some(_), unsent) => format!("  (emptied; {} changes were destroyed unsent)", unsent.unwrap_or(0)),
        (Some(_), None, _) => "  (has heard that it is withdrawn)".to_owned(),
        (None, None, _) => "  (withdrawn, has not asked since)".to_owned(),
    }
}
