//! Desks as the district tells of them to who sees to them: where each stands, what it was ordered, its receipt; and
//! what such a person asks to become of one.

use std::collections::BTreeMap;

use domain::{RecordId, Time};
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::desk_says::DeskSays;
use crate::digest::Hash;
use crate::id::{DeviceId, Lsn, SpaceId};
use crate::parting::{Receipt, SignedReceipt};

/// The most desks that are told at once.
pub const MOST_DESKS: usize = 1_000;
/// The most letters of a name that a desk is invited under.
pub const LONGEST_NAME: usize = 100;
/// After a desk went on under another identity its last requests may still arrive for so long.
const LAST_REQUESTS_MS: i64 = Time::MINUTE_MS;

/// The answer to `POST /v1/desks`: the desks in the reach of the person whose token came with it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DeskList {
    /// Those heard last first.
    pub desks: Vec<DeskTold>,
    /// How many more there are.
    pub left_out: u64,
    /// How far the log of each space goes that one of them may hold.
    pub heads: BTreeMap<SpaceId, Lsn>,
}

/// One desk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeskTold {
    pub desk: DeviceId,
    pub name: String,
    pub facility: RecordId,
    pub key: Hash,
    pub joined: Time,
    pub contact: Time,
    /// The last of its changes that was taken in.
    pub last_seq: u64,
    /// It gets nothing any more, and what it still sends is kept aside.
    pub is_locked_out: bool,
    /// What it said of itself last.
    pub says: Option<DeskSays>,
    /// The desk in whose place it goes on.
    pub in_place_of: Option<DeviceId>,
    /// When another last went on in its place.
    pub replaced: Option<Time>,
    /// When changes came under its name that are not those of before.
    pub forked: Option<Time>,
    /// The last order to it.
    pub order: Option<OrderTold>,
}

/// The last order to a desk to hold nothing any more, and how far it has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OrderTold {
    pub number: u64,
    /// Without bringing first what it has.
    pub is_now: bool,
    pub ordered: Time,
    pub heard: Option<Time>,
    pub done: Option<DoneTold>,
}

/// The desk's receipt, as it signed it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DoneTold {
    pub at: Time,
    pub receipt: SignedReceipt,
}

/// Where a desk stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum DeskState {
    Active,
    /// Changes came under its name that are not those of before: an older copy was put back, or there are two.
    Forked,
    /// It is to bring what it has, and then to hold nothing.
    ToWithdraw,
    /// It is to hold nothing at once.
    ToEmpty,
    /// It holds nothing any more, and sent its receipt.
    Withdrawn,
    LockedOut,
    /// Another goes on in its place.
    Replaced,
    /// Another goes on in its place, and still somebody asks under its name.
    StillAbout,
}

impl DeskTold {
    /// Where it stands.
    pub fn state(&self) -> DeskState {
        match (&self.order, self.replaced) {
            (Some(order), _) if order.done.is_some() => DeskState::Withdrawn,
            (Some(order), _) if order.is_now => DeskState::ToEmpty,
            (_, Some(replaced)) if self.contact.0 > replaced.0 + LAST_REQUESTS_MS => DeskState::StillAbout,
            (_, Some(_)) => DeskState::Replaced,
            (Some(_), None) => DeskState::ToWithdraw,
            (None, None) if self.is_locked_out => DeskState::LockedOut,
            (None, None) if self.forked.is_some() => DeskState::Forked,
            (None, None) => DeskState::Active,
        }
    }

    /// What its receipt says, if the desk signed it.
    pub fn receipt(&self) -> Option<Receipt> {
        let done = self.order.as_ref()?.done.as_ref()?;
        let key = VerifyingKey::from_bytes(&self.key.0).ok()?;
        done.receipt.read(&key, self.desk)
    }
}

/// What a person wants to become of a desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum DeskAct {
    /// It gets nothing any more; what it holds stays there.
    LockOut,
    /// It brings what it has, and then holds nothing.
    Withdraw,
    /// It holds nothing at once, and is locked out; what it did not send is lost.
    Empty,
}

/// `POST /v1/desks/act`; the answer is the desk as it stands then.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ActOnDesk {
    pub desk: DeviceId,
    pub act: DeskAct,
}

/// `POST /v1/desks/invite`: a code by which one desk may join a facility.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InviteDesk {
    pub facility: RecordId,
    /// What it is called; empty where it says so itself.
    pub name: String,
}

/// The server's answer to [`InviteDesk`].
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitedDesk {
    pub code: String,
    pub expires: Time,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::exchange::SignatureText;

    fn order(is_now: bool, is_done: bool) -> Option<OrderTold> {
        let receipt = SignedReceipt {
            text: String::new(),
            signature: SignatureText(String::new()),
        };
        Some(OrderTold {
            number: 1,
            is_now,
            ordered: Time(5),
            heard: None,
            done: is_done.then_some(DoneTold { at: Time(6), receipt }),
        })
    }

    #[test]
    fn where_a_desk_stands_follows_from_what_is_known_of_it() {
        let desk = DeskTold {
            desk: DeviceId(Uuid::from_u128(1)),
            name: String::new(),
            facility: RecordId(Uuid::from_u128(2)),
            key: Hash::default(),
            joined: Time(0),
            contact: Time(100),
            last_seq: 0,
            is_locked_out: false,
            says: None,
            in_place_of: None,
            replaced: None,
            forked: None,
            order: None,
        };
        let (forked, replaced, later) = (Some(Time(1)), Some(Time(90)), Time(90 + LAST_REQUESTS_MS + 1));
        let locked = DeskTold {
            is_locked_out: true,
            ..desk.clone()
        };
        let check = |desk: DeskTold, state| assert_eq!(desk.state(), state);
        check(desk.clone(), DeskState::Active);
        check(locked.clone(), DeskState::LockedOut);
        check(DeskTold { forked, ..desk.clone() }, DeskState::Forked);
        check(
            DeskTold {
                forked,
                order: order(false, false),
                ..desk.clone()
            },
            DeskState::ToWithdraw,
        );
        check(
            DeskTold {
                order: order(true, false),
                ..locked.clone()
            },
            DeskState::ToEmpty,
        );
        for is_now in [false, true] {
            let order = order(is_now, true);
            check(
                DeskTold {
                    order,
                    ..locked.clone()
                },
                DeskState::Withdrawn,
            );
        }
        let gone = DeskTold {
            replaced,
            forked,
            ..locked
        };
        check(gone.clone(), DeskState::Replaced);
        check(
            DeskTold {
                order: order(false, false),
                ..gone.clone()
            },
            DeskState::Replaced,
        );
        let about = DeskTold { contact: later, ..gone };
        check(about.clone(), DeskState::StillAbout);
        check(
            DeskTold {
                order: order(true, false),
                ..about
            },
            DeskState::ToEmpty,
        );
    }
}
