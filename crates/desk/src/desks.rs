//! The desks in the reach of an admin, as the district tells of them, and what the admin has become of one. Asked in
//! their name each time; what was told last is kept for them, to be read without the network.

use domain::audit::Event;
use domain::views::{ViewError, names};
use domain::{RecordId, Time};
use serde::{Deserialize, Serialize};
use sync_core::desks::{
    ActOnDesk, DeskAct, DeskList, DeskState, DeskTold, InviteDesk, InvitedDesk, LONGEST_NAME, OrderTold,
};
use sync_core::entry::fingerprint_words;
use sync_core::{DeviceId, Lsn, SpaceId};
use ts_rs::TS;

use crate::Failure;
use crate::desk::{Desk, Open, Session};

/// The desks as the district told of them.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DesksShown {
    /// Those heard last first.
    pub desks: Vec<DeskShown>,
    /// How many more there are.
    pub left_out: u64,
    /// When the district told, by its time.
    pub heard: Time,
}

/// One desk.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DeskShown {
    pub desk: String,
    /// Empty when it has none.
    pub name: String,
    pub facility: RecordId,
    pub facility_name: String,
    /// The five words that stand for it on its own screen.
    pub words: Vec<String>,
    pub state: DeskState,
    /// It is the one at which this is read.
    pub is_here: bool,
    pub joined: Time,
    pub contact: Time,
    /// Of its program; empty until it told.
    pub version: Option<String>,
    /// How many of its changes it had not sent when it told last.
    pub unsent: Option<u64>,
    pub holds: Vec<HeldShown>,
    /// The desk in whose place it goes on.
    pub in_place_of: Option<String>,
    /// When another last went on in its place.
    pub replaced: Option<Time>,
    /// When changes came under its name that are not those of before.
    pub forked: Option<Time>,
    pub order: Option<OrderShown>,
}

/// What a desk holds of one space.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct HeldShown {
    /// The records of the district; else those of its facility.
    pub is_district: bool,
    /// Up to which number.
    pub upto: u64,
    /// How many more the district has.
    pub behind: u64,
}

/// What a desk was ordered last, and how far it has come.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct OrderShown {
    pub number: u64,
    /// Without bringing first what it has.
    pub is_now: bool,
    pub ordered: Time,
    pub heard: Option<Time>,
    pub receipt: Option<ReceiptShown>,
}

/// A desk's receipt that it holds nothing any more.
#[derive(Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ReceiptShown {
    /// When the district got it.
    pub at: Time,
    /// Its signature is that of the desk; else the rest is not to be believed, and not told.
    pub is_signed: bool,
    /// How many of the desk's changes were destroyed without being sent.
    pub unsent: Option<u64>,
}

/// A code by which another desk may join: to be seen this once.
#[derive(Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DeskInvited {
    /// Address and code in one line, as it is pasted.
    pub join: String,
    pub address: String,
    pub code: String,
    /// The words that both screens must show.
    pub words: Vec<String>,
    pub facility_name: String,
    pub expires: Time,
}

/// What the district told, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    heard: Time,
    list: DeskList,
}

impl Desk {
    /// What the district told last of the desks that the person signed in sees to; nothing when it never did.
    ///
    /// # Errors
    /// `not_allowed`, or another [`Failure`].
    pub fn desks_heard(&self) -> Result<Option<DesksShown>, Failure> {
        let (open, session) = self.seeing_to_desks()?;
        let kept = kept(&open, &session)?;
        kept.map(|kept| self.shown_desks(&open, &kept)).transpose()
    }

    /// Asks the district for the desks that the person signed in sees to.
    ///
    /// # Errors
    /// `not_allowed`, `network_needed`, `session_ended`, `not_in_reach`, or another [`Failure`].
    pub async fn ask_desks(&self) -> Result<DesksShown, Failure> {
        let (open, session) = self.seeing_to_desks()?;
        let list: DeskList = self.look_in_person("/v1/desks", &()).await?;
        self.keep_desks(&open, &session, list)
    }

    /// Locks a desk out, withdraws it or has it emptied. The district judges who may, and does it.
    ///
    /// # Errors
    /// As [`Desk::ask_desks`]; nothing was done then. When the answer was lost it may have been.
    pub async fn act_on_desk(&self, desk: DeviceId, act: DeskAct) -> Result<DesksShown, Failure> {
        let (open, session) = self.seeing_to_desks()?;
        let told: DeskTold = self.ask_in_person("/v1/desks/act", &ActOnDesk { desk, act }).await?;
        let what = match act {
            DeskAct::LockOut => "desk_locked_out",
            DeskAct::Withdraw => "desk_withdrawn",
            DeskAct::Empty => "desk_emptied",
        };
        let event = Event {
            of_desk: Some(RecordId(desk.0)),
            ..self.event(what, &session)
        };
        self.note(&open, &session, &event);
        let mut list = kept(&open, &session)?.map(|kept| kept.list).unwrap_or_default();
        list.desks.retain(|known| known.desk != desk);
        list.desks.insert(0, told);
        self.keep_desks(&open, &session, list)
    }

    /// Makes a code by which one desk may join a facility.
    ///
    /// # Errors
    /// As [`Desk::ask_desks`], or `invitations_too_many`; there is no code then, or nobody knows it.
    pub async fn invite_desk(&self, facility: RecordId, name: &str) -> Result<DeskInvited, Failure> {
        let (open, session) = self.seeing_to_desks()?;
        let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        let invited: InvitedDesk = self
            .ask_in_person("/v1/desks/invite", &InviteDesk { facility, name })
            .await?;
        self.note(&open, &session, &self.event("desk_invited", &session));
        let server = self.file()?.server.ok_or_else(|| Failure::new("not_set_up"))?;
        let words = fingerprint_words(&server.certificate).map(str::to_owned).to_vec();
        Ok(DeskInvited {
            join: format!("{}#{}", server.address, invited.code),
            address: server.address,
            code: invited.code,
            words,
            facility_name: facility_name(&open, facility)?,
            expires: invited.expires,
        })
    }

    fn seeing_to_desks(&self) -> Result<(Open, Session), Failure> {
        let (open, session) = self.at_work()?;
        if !domain::access::sees_to_desks(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        Ok((open, session))
    }

    fn keep_desks(&self, open: &Open, session: &Session, list: DeskList) -> Result<DesksShown, Failure> {
        let heard = Time(self.district_ms());
        let kept = Kept { heard, list };
        let json = serde_json::to_value(&kept).map_err(|_| Failure::new("answer_damaged"))?;
        open.store.put_setting(&setting(session), &json)?;
        self.shown_desks(open, &kept)
    }

    fn shown_desks(&self, open: &Open, kept: &Kept) -> Result<DesksShown, Failure> {
        let here = self.file()?.device;
        let shown = |told: &DeskTold| {
            let says = told.says.as_ref();
            let holds = says.into_iter().flat_map(|says| &says.holds);
            Ok(DeskShown {
                desk: told.desk.to_string(),
                name: told.name.clone(),
                facility: told.facility,
                facility_name: facility_name(open, told.facility)?,
                words: fingerprint_words(&told.key).map(str::to_owned).to_vec(),
                state: told.state(),
                is_here: told.desk == here,
                joined: told.joined,
                contact: told.contact,
                version: says.map(|says| says.version.clone()),
                unsent: says.map(|says| says.unsent),
                holds: holds.map(|(space, upto)| held(*space, *upto, &kept.list)).collect(),
                in_place_of: told.in_place_of.map(|former| former.to_string()),
                replaced: told.replaced,
                forked: told.forked,
                order: told.order.as_ref().map(|order| ordered(told, order)),
            })
        };
        Ok(DesksShown {
            desks: kept.list.desks.iter().map(shown).collect::<Result<_, Failure>>()?,
            left_out: kept.list.left_out,
            heard: kept.heard,
        })
    }
}

/// Each admin's own: another may have another reach.
fn setting(session: &Session) -> String {
    format!("desks/{}", session.who.person)
}

fn kept(open: &Open, session: &Session) -> Result<Option<Kept>, Failure> {
    let kept = open.store.setting(&setting(session))?;
    // What another build kept in another form is asked anew.
    Ok(kept.and_then(|json| serde_json::from_value(json).ok()))
}

fn facility_name(open: &Open, facility: RecordId) -> Result<String, Failure> {
    open.store.read(|records, _| {
        let name = names::facility_name(records, facility).map_err(ViewError::from)?;
        Ok::<_, Failure>(name)
    })
}

fn held(space: SpaceId, upto: Lsn, list: &DeskList) -> HeldShown {
    let head = list.heads.get(&space).copied().unwrap_or(upto);
    HeldShown {
        is_district: matches!(space, SpaceId::District(_)),
        upto,
        behind: head.saturating_sub(upto),
    }
}

fn ordered(told: &DeskTold, order: &OrderTold) -> OrderShown {
    OrderShown {
        number: order.number,
        is_now: order.is_now,
        ordered: order.ordered,
        heard: order.heard,
        receipt: order.done.as_ref().map(|done| {
            let receipt = told.receipt();
            ReceiptShown {
                at: done.at,
                is_signed: receipt.is_some(),
                unsent: receipt.map(|receipt| receipt.unsent),
            }
        }),
    }
}
