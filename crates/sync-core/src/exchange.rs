//! One round between a desk and its server: what the desk sends, what it gets back.
//!
//! The desk pushes batches of its own changes, in the order of their numbers, and asks for what is new in its
//! spaces. The server answers with receipts (the numbers it gave), with what it parked, and with
//! pages of the log. A page says `from..to` and never splits an action; its end is `to`.

use std::collections::BTreeMap;
use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::aside::{AsideList, Decision, Outcome};
use crate::certificate::SignedCertificate;
use crate::change::{BadChange, Encoded};
use crate::digest::{Chain, Digest, Hash};
use crate::entry::SignedGrant;
use crate::id::{ChangeId, DeviceId, Lsn, SpaceId, UserId};
use crate::parting::{SignedOrder, SignedReceipt};

/// The version of the exchange that this build speaks.
///
/// 1: hello, push, pull; receipts and pages. 2: what a desk needs that gets a new identity or is withdrawn.
/// 3: what is kept aside, told to its author's facility, and decided there.
/// 4: a desk's numbers leap with every opening of its file; hello tells its chain as the server has it.
/// 5: a desk shows the grants of those who wrote and of somebody who signed in; a desk that once did is held to it.
pub const PROTOCOL: u16 = 5;
/// From this version on a desk proves who signed in there.
pub const SHOWS_GRANTS: u16 = 5;
/// From this version on a desk reads stubs ([`Change::is_stub`](crate::Change::is_stub)), and is given them.
pub const READS_STUBS: u16 = 5;
/// The oldest version that a server of this build still speaks; two before its own, once there are so many.
/// A desk of an older one brings what it has and is told to be updated.
pub const OLDEST: u16 = 3;
/// The media type of both directions; an answer of another type comes from somebody else.
pub const MEDIA_TYPE: &str = "application/vnd.wardroom.frames";
/// The most changes in one batch or page.
pub const MOST_CHANGES: usize = 1_000;
/// The most grants that are shown in one round: more than the changes that a desk brings in one.
pub const MOST_GRANTS: usize = 512;

/// A space's log goes up to `head` at the server: what a listening desk is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct News {
    pub space: SpaceId,
    pub head: Lsn,
}

/// The bytes of a change on the wire: its JSON as it was written.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Carried(pub Box<serde_json::value::RawValue>);

impl PartialEq for Carried {
    fn eq(&self, other: &Carried) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Eq for Carried {}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹change of {} bytes›", self.0.get().len())
    }
}

impl Carried {
    pub fn of(encoded: &Encoded) -> Result<Carried, BadChange> {
        let text = std::str::from_utf8(encoded.bytes()).map_err(|error| BadChange::Unreadable(error.valid_up_to()))?;
        let raw = serde_json::value::RawValue::from_string(text.to_owned());
        raw.map(Carried).map_err(|error| BadChange::Unreadable(error.column()))
    }

    /// The change with its exact bytes.
    ///
    /// # Errors
    /// [`BadChange`] when it is too large or no change.
    pub fn read(&self) -> Result<Encoded, BadChange> {
        let read = Encoded::read(self.0.get().as_bytes().to_vec());
        planted!(
            UnknownFieldDropped,
            read.map(|known| Encoded::new(known.change().clone())),
            read
        )
    }
}

/// What a desk says in one round, in this order: hello, who signed in there, its batches, then what it wants to hear.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Ask {
    Hello {
        protocol: u16,
        sent_ms: i64,
        /// How much the desk wants to hear in this round; as much as the server gives when it is left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wish: Option<Wish>,
        /// When the latest certificate was made by which the desk knows the server, as the server signed it; left out
        /// where it never said, and by a desk of a version that cannot change it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        knows_ms: Option<i64>,
    },
    /// The grants, as the server signed them, of the people who wrote what the desk brings in this round, and of
    /// one at least who may still read here. They come before everything else. Since 5.
    Grants(Vec<SignedGrant>),
    Push(Batch),
    /// Everything of the space after `cursor`, as the log stood in `epoch`.
    Pull {
        space: SpaceId,
        epoch: u64,
        cursor: Lsn,
    },
    /// What the server got of another device of the facility, after its change `after`: the desk holds
    /// changes under that name, and must know which of them did not arrive. Since 2.
    Held {
        device: DeviceId,
        after: u64,
    },
    /// The desk did as it was ordered and holds nothing any more. Since 2.
    Parted(SignedReceipt),
    /// What is kept aside for the people of the desk's facility, unless it is what the desk was told last. Since 3.
    Aside {
        told: Hash,
    },
    /// A person decided about what is kept aside. Since 3.
    Decide(Decision),
}

/// How much of each space a round should bring, so that it fits the link. The server never gives more
/// than its own limits, and never less than one action.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wish {
    /// The most bytes of changes in one page.
    pub page_bytes: u32,
    /// The most pages of one space.
    pub pages: u16,
}

/// Changes of one device whose numbers follow each other, whole actions only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Batch {
    /// The seq of the first change.
    pub first: u64,
    pub changes: Vec<Carried>,
    /// The device's chain after the last change.
    pub chain: Chain,
    /// Over the device, the last seq and the chain: valid however the batch is cut on a retry.
    pub signature: SignatureText,
}

/// What the server answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Answer {
    Hello {
        protocol: u16,
        server_ms: i64,
        last_seq: u64,
        /// The device's chain after that change. Another one than the desk has there means that the desk's file was
        /// copied or restored. Since 4.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chain: Option<Chain>,
        /// The epoch of the log of each space the device may have. Another one than the device knows
        /// means that the server was restored: every number that it gave before is void, and that
        /// must be known before the first new one arrives.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        epochs: BTreeMap<SpaceId, u64>,
        /// The certificate with which the server will serve next, as long as the desk does not know it. An older desk passes
        /// over it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_certificate: Option<SignedCertificate>,
    },
    /// One batch is durable. Every change of it is either numbered or parked.
    Receipt {
        last_seq: u64,
        numbered: Vec<Numbered>,
        parked: Vec<Parked>,
    },
    Page(Page),
    /// The desk or its people may not have this space, or it does not exist.
    NoSpace {
        space: SpaceId,
    },
    /// The batch does not follow what the server has; nothing of it was written.
    Gap {
        wanted: u64,
    },
    /// The server holds another change under this seq: the desk's file was copied or restored.
    Fork {
        seq: u64,
    },
    /// The batch or its signature is not authentic; nothing of it was written.
    NotAuthentic,
    /// The desk was withdrawn: what it sends is parked, and it gets nothing.
    Revoked,
    /// The desk goes on under another identity: nothing is taken in under this one, and nothing given.
    /// Since 2; an older desk hears that it was withdrawn.
    Replaced,
    /// The desk showed no grant of anybody who may read here now: what it brought was taken in, and it gets nothing until
    /// somebody signs in with the network. Since 5.
    NotSignedIn {
        /// Who of those who signed in there works there no more.
        gone: Vec<UserId>,
    },
    /// A stretch of what the server got of a device, in the order of its changes. Since 2.
    Held(Held),
    /// The desk is to bring what it has, to hold nothing any more, and to say so. Since 2.
    Withdraw(SignedOrder),
    /// The receipt was taken note of. Since 2.
    Parted {
        number: u64,
    },
    /// What is kept aside for the people of the desk's facility. Since 3.
    Aside(AsideList),
    /// What became of a decision about what is kept aside. Since 3.
    Decided {
        change: ChangeId,
        outcome: Outcome,
    },
    End,
}

/// What the server got of a device: all of its changes after `after`, up to `upto`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Held {
    pub device: DeviceId,
    pub after: u64,
    /// The last change that this tells of; when it is the end, none after it arrived.
    pub upto: u64,
    pub is_end: bool,
    pub changes: Vec<HeldChange>,
}

/// A change that the server got of a device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HeldChange {
    pub seq: u64,
    pub hash: Hash,
    /// Why it is kept aside, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parked: Option<Reason>,
}

impl Answer {
    /// Whether a desk that speaks `protocol` understands it.
    pub fn is_known_in(&self, protocol: u16) -> bool {
        match self {
            Answer::Replaced | Answer::Held(_) | Answer::Withdraw(_) | Answer::Parted { .. } => protocol >= 2,
            Answer::Aside(_) | Answer::Decided { .. } => protocol >= 3,
            Answer::NotSignedIn { .. } => protocol >= SHOWS_GRANTS,
            _ => true,
        }
    }
}

/// The number the server gave to a change of the asking device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Numbered {
    pub seq: u64,
    pub lsn: Lsn,
}

/// A change of the asking device that was kept aside for a person to decide, with its whole action.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Parked {
    pub seq: u64,
    pub reason: Reason,
}

/// Why the server parked an action.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Reason {
    /// The person has no right to write this.
    NotAllowed,
    /// The person is not known or no longer active.
    UnknownPerson,
    /// Nothing proves that the person ever signed in on the device. Since 5.
    NotSignedIn,
    /// The device has no access to the space.
    ForeignSpace,
    /// The device was withdrawn before it sent this.
    Revoked,
    /// It builds on a change that was parked.
    DependsOnParked,
    /// It is not of the form this server understands.
    Malformed,
    /// The server was restored from a backup without it, and its author has not sent it again.
    Lost,
    /// It is of a record that was erased, or refers to one. Since 5.
    Erased,
    /// Another desk wrote it and could not send it; never said by a server.
    Carried,
    #[serde(other)]
    Other,
}

/// A stretch of a space's log: all of `from..=to`, no action split.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Page {
    pub space: SpaceId,
    pub epoch: u64,
    /// The first lsn of the page; `to + 1` when it is empty.
    pub from: Lsn,
    pub to: Lsn,
    /// The last lsn of the space when the page was cut.
    pub head: Lsn,
    pub entries: Vec<Entry>,
    /// The space's chain after `to`.
    pub chain: Chain,
    /// The digest of the folded state, when the page ends at `head`.
    pub digest: Option<Digest>,
}

/// One numbered change; the asking device's own come back as ids only.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub lsn: Lsn,
    pub id: ChangeId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Carried>,
}

/// An Ed25519 signature as hex text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignatureText(pub String);

impl SignatureText {
    fn of(signature: Signature) -> SignatureText {
        SignatureText(signature.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn bytes(&self) -> Option<Signature> {
        let half = |index: usize| {
            let text = self.0.get(index * 64..index * 64 + 64)?;
            text.parse::<crate::digest::Hash>().ok()
        };
        let (first, second) = (half(0)?, half(1)?);
        let mut bytes = [0; 64];
        for (to, from) in bytes.iter_mut().zip(first.0.iter().chain(&second.0)) {
            *to = *from;
        }
        (self.0.len() == 128).then(|| Signature::from_bytes(&bytes))
    }
}

/// Signs `message` for `purpose`, so that a signature made for one purpose is none for another.
pub fn sign(key: &SigningKey, purpose: &str, message: &[u8]) -> SignatureText {
    SignatureText::of(key.sign(&[purpose.as_bytes(), &[0], message].concat()))
}

/// Whether `signature` was made by `key`'s owner over `message` for `purpose`.
pub fn is_signed(key: &VerifyingKey, purpose: &str, message: &[u8], signature: &SignatureText) -> bool {
    signature.bytes().is_some_and(|signature| {
        key.verify(&[purpose.as_bytes(), &[0], message].concat(), &signature)
            .is_ok()
    })
}

/// The message as JSON, with the signature over its exact text.
pub(crate) fn sign_json(key: &SigningKey, purpose: &str, message: &impl Serialize) -> (String, SignatureText) {
    let text = serde_json::to_string(message).expect("it has only text keys");
    let signature = sign(key, purpose, text.as_bytes());
    (text, signature)
}

/// The message, if the owner of `key` signed its text for `purpose`.
pub(crate) fn read_signed<T: DeserializeOwned>(
    key: &VerifyingKey,
    purpose: &str,
    text: &str,
    signature: &SignatureText,
) -> Option<T> {
    is_signed(key, purpose, text.as_bytes(), signature)
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

const BATCH_PURPOSE: &str = "wardroom batch 1";

fn batch_message(device: DeviceId, last: u64, chain: Chain) -> Vec<u8> {
    [device.0.as_bytes().as_slice(), &last.to_be_bytes(), &chain.0.0].concat()
}

impl Batch {
    /// A batch of `device`'s changes, whose chain was `before` ahead of the first.
    ///
    /// # Errors
    /// [`BadChange`] when a change is not UTF-8 JSON.
    pub fn new(key: &SigningKey, device: DeviceId, before: Chain, changes: &[Encoded]) -> Result<Batch, BadChange> {
        let chain = changes
            .iter()
            .fold(before, |chain, change| chain.with_change(change.hash()));
        let first = changes.first().map_or(1, |change| change.change().id.seq);
        let last = changes.last().map_or(0, |change| change.change().id.seq);
        let signature = sign(key, BATCH_PURPOSE, &batch_message(device, last, chain));
        let changes = changes.iter().map(Carried::of).collect::<Result<_, _>>()?;
        Ok(Batch {
            first,
            changes,
            chain,
            signature,
        })
    }

    /// The seq of the last change.
    pub fn last(&self) -> u64 {
        (self.first + self.changes.len() as u64).saturating_sub(1)
    }

    /// Whether `device`, owner of `key`, signed the batch's chain.
    pub fn is_signed_by(&self, key: &VerifyingKey, device: DeviceId) -> bool {
        is_signed(
            key,
            BATCH_PURPOSE,
            &batch_message(device, self.last(), self.chain),
            &self.signature,
        )
    }
}

/// Why a round did not take place, or broke off; what was answered before it broke off counts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeerError {
    /// No answer, or somebody else's: a captive portal, a proxy's error page.
    #[error("the district server cannot be reached")]
    Offline,
    /// There was no connection to say anything over: that tells nothing of how much a link can carry.
    #[error("there is no connection to the district server")]
    NotReached,
    #[error("the district server asks to wait {0} seconds")]
    Busy(u64),
    #[error("the district server's certificate is not the one this desk joined")]
    Certificate,
    #[error("the district server does not accept this desk's signature")]
    NotAccepted,
    /// The desk showed no grant of anybody who may read there now.
    #[error("nobody who may read here has signed in at the district server")]
    NotSignedIn,
    #[error("this desk's clock is {0} ms from the server's")]
    ClockOff(i64),
    #[error("the district server speaks another version")]
    Version,
    #[error("the request is too large for the district server")]
    TooLarge,
    #[error("the answer was damaged on its way")]
    Damaged,
}

impl PeerError {
    /// Whether the server's word is not to be had now, so that what stands on this desk decides alone.
    pub fn is_offline(&self) -> bool {
        // Each by its name: a new reason must say on which side it stands.
        match self {
            PeerError::Offline | PeerError::NotReached | PeerError::Busy(_) => true,
            PeerError::Certificate
            | PeerError::NotAccepted
            | PeerError::NotSignedIn
            | PeerError::ClockOff(_)
            | PeerError::Version
            | PeerError::TooLarge
            | PeerError::Damaged => false,
        }
    }
}

/// The other end of an exchange: the server over HTTP, or in a test the server itself.
pub trait Peer {
    /// Sends `asks` and hands each answer to `absorb` as it arrives, durably one after another.
    ///
    /// # Errors
    /// [`PeerError`]; answers that were absorbed before it stay valid.
    fn exchange(
        &self,
        asks: Vec<Ask>,
        absorb: &mut (dyn FnMut(Answer) + Send),
    ) -> impl std::future::Future<Output = Result<(), PeerError>> + Send;
}
