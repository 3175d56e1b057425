//! The desk's side of one round with its server: what it asks, and what it does with each answer.
//! Neither network nor clock are known here, so the same code runs in a ward and in a simulation.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::RecordId;
use ed25519_dalek::{SigningKey, VerifyingKey};
use store::{Parting, PartingStep, Store};
use sync_core::certificate::Certificate;
use sync_core::desk_says::DeskSays;
use sync_core::exchange::{Answer, Ask, Batch, PROTOCOL, Page, PeerError};
use sync_core::parting::{Receipt, SignedOrder, SignedReceipt};
use sync_core::planted;
use sync_core::snapshot::{AskPieces, Offered};
use sync_core::{Encoded, SpaceId};

use crate::Failure;
use crate::beginning::{Beginning, Step};
use crate::grants;
use crate::pace::Pace;

/// The most changes and the most batches that a desk says in one round; the server takes in more.
const CHANGES: usize = 500;
const BATCHES: usize = 32;

#[cfg(feature = "mutants")]
const FULL: usize = sync_core::exchange::MOST_CHANGES;

/// How many exchange for one desk: what a second heard meanwhile would make old what the first
/// takes in.
pub fn workers() -> usize {
    planted!(TwoWorkers, 2, 1)
}

/// One desk in its rounds.
pub struct DeskSide {
    store: Arc<Store>,
    key: SigningKey,
    pace: Mutex<Pace>,
    /// Nothing on a desk that reads logs from their beginning.
    beginning: Option<Mutex<Beginning>>,
    /// The key of the server whose orders count; without it none does.
    server: Option<VerifyingKey>,
    /// The server gave nothing in the last round, since the desk was withdrawn.
    is_refused: AtomicBool,
    /// When the latest certificate was made by which the desk knows the server; 0 where the server never said.
    knows_ms: AtomicI64,
}

/// What one round found out.
#[derive(Debug, Default)]
pub struct Heard {
    /// Kinds of which records changed; an empty text stands for all.
    pub kinds: BTreeSet<String>,
    /// The server's clock.
    pub server_ms: Option<i64>,
    /// The server has more, or more waits here: another round should follow at once.
    pub more: bool,
    /// Something is here, or there, that was not before the round.
    pub got_on: bool,
    /// The desk was withdrawn, holds nothing any more, and the server knows.
    pub is_parted: bool,
    /// Who signed in here and works here no more, as the server says.
    pub gone: Vec<RecordId>,
    /// With which certificate the server will serve next, as it signed.
    pub next_certificate: Option<Certificate>,
}

impl DeskSide {
    /// The desk of `store`, which signs with `key`.
    pub fn new(store: Arc<Store>, key: SigningKey) -> DeskSide {
        DeskSide {
            store,
            key,
            pace: Mutex::default(),
            beginning: None,
            server: None,
            is_refused: AtomicBool::new(false),
            knows_ms: AtomicI64::new(0),
        }
    }

    /// The same desk beginning with the snapshots that the owner of `server` signed.
    pub fn with_snapshots_of(mut self, server: VerifyingKey) -> DeskSide {
        self.beginning = Some(Mutex::new(Beginning::new(server)));
        self
    }

    fn beginning(&self) -> Option<MutexGuard<'_, Beginning>> {
        let beginning = self.beginning.as_ref()?;
        Some(beginning.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What to ask for next to begin with; nothing when every space has begun.
    ///
    /// # Errors
    /// [`Failure`] when the database cannot be read.
    pub fn next_step(&self) -> Result<Option<Step>, Failure> {
        let bytes = self.pace().bytes();
        match &mut self.beginning() {
            Some(beginning) => beginning.next(&self.store, bytes),
            None => Ok(None),
        }
    }

    /// Takes in which snapshot the server has of a space.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be taken in.
    pub fn hear_offer(&self, space: SpaceId, offered: &Offered, heard: &mut Heard) -> Result<(), Failure> {
        heard.more = true;
        match &mut self.beginning() {
            Some(beginning) => beginning.hear_offer(space, offered, &self.store),
            None => Ok(()),
        }
    }

    /// The server keeps the first piece no more that was asked for; `offered` is the newer snapshot, if there is one.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be taken in.
    pub fn hear_gone(&self, wanted: &AskPieces, offered: &Offered, heard: &mut Heard) -> Result<(), Failure> {
        heard.more = true;
        match &mut self.beginning() {
            Some(beginning) => beginning.hear_gone(wanted, offered, &self.store),
            None => Ok(()),
        }
    }

    /// Takes in the next bytes of the pieces that were asked for; a piece that is whole is durable when this returns.
    ///
    /// # Errors
    /// [`Failure`] when they cannot be taken in.
    pub fn hear_bytes(&self, bytes: &[u8], heard: &mut Heard) -> Result<(), Failure> {
        match &mut self.beginning() {
            Some(beginning) => beginning.hear_bytes(bytes, &self.store, heard),
            None => Ok(()),
        }
    }

    /// The pieces ended or broke off; what came is kept. Answers whether all came that was asked for.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be kept.
    pub fn hear_end(&self) -> Result<bool, Failure> {
        match &mut self.beginning() {
            Some(beginning) => beginning.hear_end(&self.store),
            None => Ok(true),
        }
    }

    /// The same, which does what the server that owns `key` orders.
    pub fn obeying(self, key: VerifyingKey) -> DeskSide {
        let server = Some(key);
        DeskSide { server, ..self }
    }

    /// Says from the next round on that the desk knows the server by a certificate that was made then: it is told no
    /// other, as long as there is none.
    pub fn knows(&self, made_ms: i64) {
        self.knows_ms.store(made_ms, Ordering::Relaxed);
    }

    /// How much goes in one round; whoever carries the rounds tells it how they went.
    pub fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// What the desk says in a round that begins at `now_ms`.
    ///
    /// # Errors
    /// [`Failure`] when the log cannot be read.
    pub fn asks(&self, now_ms: i64) -> Result<Vec<Ask>, Failure> {
        let pace = *self.pace();
        let mut asks = vec![self.hello(now_ms, pace)];
        if let Some(parting) = self.store.parting()?
            && let Some(ask) = self.part(parting)?
        {
            asks.push(ask);
            return Ok(asks);
        }
        if self.is_refused.load(Ordering::Relaxed) {
            self.store.write_anew_at_once()?;
        } else {
            self.store.write_anew()?;
        }
        let changes = self.store.outbox(CHANGES, pace.bytes())?;
        let decisions = self.store.decisions_to_send()?;
        let deciders = decisions.iter().map(|decision| decision.by).collect();
        asks.extend(self.show_and_push(changes, deciders, pace)?.0);
        asks.extend(decisions.into_iter().map(Ask::Decide));
        asks.push(Ask::Aside {
            told: self.store.aside_told()?,
        });
        if let Some((device, after)) = self.store.uncompared()? {
            asks.push(Ask::Held { device, after });
        }
        let held_back = match self.beginning() {
            Some(beginning) => beginning.held_back(&self.store)?,
            None => BTreeSet::new(),
        };
        let spaces = self.store.spaces()?.into_iter();
        for space in spaces.filter(|space| !held_back.contains(&space.space)) {
            asks.push(Ask::Pull {
                space: space.space,
                epoch: space.epoch,
                cursor: space.cursor,
            });
        }
        Ok(asks)
    }

    /// What the desk brings ahead of a round, of what waits behind its change `after`: nothing but changes, and only as long as
    /// more waits than these. Answers the last of them too.
    ///
    /// # Errors
    /// [`Failure`] when the log cannot be read.
    pub fn brings(&self, now_ms: i64, after: u64) -> Result<Option<(Vec<Ask>, u64)>, Failure> {
        let pace = *self.pace();
        let may_bring = !pace.is_slow() && !self.is_refused.load(Ordering::Relaxed);
        if !may_bring || self.store.parting()?.is_some() {
            return Ok(None);
        }
        let changes = self.store.outbox_after(after, CHANGES, pace.bytes())?;
        let Some(end) = changes.last() else { return Ok(None) };
        if !self.store.is_unsent_after(end.change().id.seq)? {
            return Ok(None);
        }
        let (shown, last) = self.show_and_push(changes, BTreeSet::new(), pace)?;
        let mut asks = vec![self.hello(now_ms, pace)];
        asks.extend(shown);
        Ok(last.map(|last| (asks, last)))
    }

    fn hello(&self, now_ms: i64, pace: Pace) -> Ask {
        Ask::Hello {
            protocol: PROTOCOL,
            sent_ms: now_ms,
            wish: Some(pace.wish()),
            knows_ms: Some(self.knows_ms.load(Ordering::Relaxed)).filter(|knows_ms| *knows_ms != 0),
        }
    }

    /// The changes in batches, as many as go in one round, after the grants that prove who wrote them and who else speaks here.
    /// Answers the number of the last change too.
    fn show_and_push(
        &self,
        mut changes: Vec<Encoded>,
        others: BTreeSet<RecordId>,
        pace: Pace,
    ) -> Result<(Vec<Ask>, Option<u64>), Failure> {
        let (mut asks, mut last) = (Vec::new(), None);
        let mut speakers = others;
        speakers.extend(changes.iter().map(|change| change.change().actor));
        let shown = grants::to_show(&self.store, &speakers)?;
        if !shown.is_empty() {
            // It goes over the same link: of the changes so much less.
            let rest = pace.bytes().saturating_sub(grants::bytes(&shown));
            store::cut(&mut changes, CHANGES, rest);
            asks.push(Ask::Grants(shown));
        }
        // Where the file was opened anew its numbers leap, and another batch begins.
        let runs = changes.chunk_by(|one, next| one.change().id.seq + 1 == next.change().id.seq);
        for run in runs.take(BATCHES) {
            let (Some(first), Some(end)) = (run.first(), run.last()) else {
                continue;
            };
            let before = self.store.device_chain_before(first.change().id.seq)?;
            let batch = Batch::new(&self.key, self.store.device(), before, run);
            asks.push(Ask::Push(batch.map_err(|_| Failure::new("database_damaged"))?));
            last = Some(end.change().id.seq);
        }
        Ok((asks, last))
    }

    /// What the desk says of itself with a round.
    ///
    /// # Errors
    /// [`Failure`] when the database cannot be read.
    pub fn says(&self) -> Result<DeskSays, Failure> {
        let spaces = self.store.spaces()?.into_iter();
        Ok(DeskSays {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            unsent: self.store.unsent()? + self.store.to_write_anew()?,
            holds: spaces.map(|space| (space.space, space.cursor)).collect(),
            is_forked: false,
        })
    }

    /// Goes on parting: once everything was brought, or at once when that was ordered, everything is deleted and the
    /// server is told so. Nothing is to be told as long as something waits.
    fn part(&self, parting: Parting) -> Result<Option<Ask>, Failure> {
        let waits = self.store.unsent()? + self.store.to_write_anew()? > 0
            || self.store.uncompared()?.is_some()
            || !self.store.decisions_to_send()?.is_empty();
        if planted!(ScopeDropsFirst, false, waits) && parting.step == PartingStep::Draining && !parting.is_now {
            return Ok(None);
        }
        self.store.empty()?;
        let done = self.store.parting()?.unwrap_or(parting);
        let receipt = Receipt {
            device: self.store.device(),
            number: done.number,
            last_seq: done.last_seq,
            unsent: done.unsent,
        };
        Ok(Some(Ask::Parted(SignedReceipt::new(&self.key, &receipt))))
    }

    fn take_order(&self, signed: &SignedOrder, heard: &mut Heard) -> Result<(), Failure> {
        let order = self.server.and_then(|key| signed.read(&key, self.store.device()));
        let Some(order) = order else { return Ok(()) };
        let before = self.store.parting()?.map(|parting| parting.number);
        self.store.part(order.number, order.is_now)?;
        // What waits is brought, and what is done is told, without waiting for the timer.
        heard.more |= before != Some(order.number) || self.store.unsent()? > 0;
        Ok(())
    }

    /// Takes in one answer; it is durable when this returns.
    ///
    /// # Errors
    /// [`Failure`] when it cannot be taken in, or says that the server refuses the desk.
    pub fn absorb(&self, answer: Answer, now_ms: i64, heard: &mut Heard) -> Result<(), Failure> {
        match answer {
            Answer::Hello {
                server_ms,
                last_seq,
                chain,
                epochs,
                next_certificate,
                ..
            } => {
                heard.server_ms = Some(server_ms);
                heard.next_certificate = next_certificate.and_then(|signed| signed.read(&self.server?));
                self.is_refused.store(false, Ordering::Relaxed);
                // The file is an old copy, or there are two: the district has other changes of this desk than it.
                let known = self.store.device_chain_before(last_seq.saturating_add(1))?;
                let is_other = last_seq > self.store.last_seq()? || chain.is_some_and(|chain| chain != known);
                if is_other && self.store.parting()?.is_none() {
                    return Err(Failure::new("desk_forked"));
                }
                for space in self.store.spaces()? {
                    let known = epochs.get(&space.space);
                    // The server was restored: everything is kept here and numbered anew.
                    if let Some(epoch) = known.filter(|epoch| planted!(EpochIgnored, false, **epoch != space.epoch)) {
                        self.store.set_epoch(space.space, *epoch)?;
                        heard.more = true;
                    }
                }
                // A server restored from a backup has fewer of our changes: it gets them again.
                heard.more |= self.store.forget_receipts_after(last_seq)? > 0;
            }
            Answer::Receipt { numbered, parked, .. } => {
                if !parked.is_empty() {
                    heard.kinds.insert(String::new());
                }
                heard.got_on |= !numbered.is_empty() || !parked.is_empty();
                self.store.receipt(numbered, parked)?;
                heard.more |= self.store.unsent()? > 0;
            }
            Answer::Page(page) => self.absorb_page(page, now_ms, heard)?,
            Answer::NoSpace { .. } | Answer::NotAuthentic => return Err(PeerError::NotAccepted.into()),
            Answer::Gap { wanted } => heard.more |= self.store.forget_receipts_after(wanted.saturating_sub(1))? > 0,
            Answer::Fork { .. } => return Err(Failure::new("desk_forked")),
            Answer::Revoked => {
                self.is_refused.store(true, Ordering::Relaxed);
                return Err(Failure::new("desk_revoked"));
            }
            Answer::NotSignedIn { gone } => {
                for person in &gone {
                    grants::note_gone(&self.store, *person)?;
                }
                let is_somebody_left = !gone.is_empty() && grants::to_read(&self.store)?.is_some();
                heard.gone.extend(gone);
                if !is_somebody_left {
                    return Err(PeerError::NotSignedIn.into());
                }
                heard.more = true;
            }
            Answer::Replaced => return Err(Failure::new("desk_replaced")),
            Answer::Held(held) => {
                self.store.compare(held)?;
                heard.more = true;
            }
            Answer::Aside(list) => {
                if !list.taken_in.is_empty() {
                    heard.kinds.insert(String::new());
                }
                self.store.hear_aside(list)?;
            }
            Answer::Decided { change, outcome } => {
                self.store.hear_outcome(change, outcome)?;
                heard.more |= !self.store.decisions_to_send()?.is_empty();
            }
            Answer::Withdraw(order) => self.take_order(&order, heard)?,
            Answer::Parted { number } => {
                self.store.told(number)?;
                heard.is_parted = true;
            }
            Answer::End => {}
        }
        Ok(())
    }

    fn absorb_page(&self, page: Page, now_ms: i64, heard: &mut Heard) -> Result<(), Failure> {
        heard.more |= planted!(EndWhenShort, page.entries.len() >= FULL, page.to < page.head);
        heard.more |= self.store.to_write_anew()? > 0;
        heard.got_on |= !page.entries.is_empty();
        let absorbed = self.store.absorb(page, heard.server_ms.unwrap_or(now_ms))?;
        heard.kinds.extend(absorbed.kinds);
        Ok(())
    }
}
