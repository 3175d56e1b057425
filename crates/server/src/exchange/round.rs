//! One round: what a device says, taken in as it arrives, and the answers to it.

use std::collections::VecDeque;

use sync_core::aside::{Decision, LONGEST_WHY, MOST_DECISIONS, Outcome};
use sync_core::entry::SignedGrant;
use sync_core::exchange::{Answer, Ask, PROTOCOL, Peer, PeerError, READS_STUBS, Wish};
use sync_core::parting::SignedOrder;
use sync_core::snapshot::{AskManifest, AskPieces, Offered, Snapshots};
use sync_core::{DeviceId, Hash};

use super::grants::Grants;
use super::pull::Pull;
use crate::db;
use crate::db::device::{Device, Status};
use crate::error::{Result, ServerError};
use crate::server::Server;

/// The most batches and the most spaces of one round.
const MOST_BATCHES: usize = 256;
const MOST_PULLS: usize = 64;
/// The most questions about other devices.
const MOST_HELD: usize = 16;
/// The most of all that is said once: the greeting, what is kept aside, a receipt.
const MOST_ONCE: usize = 8;

/// One round of a device.
pub struct Round {
    server: Server,
    device: Device,
    is_replaced: bool,
    /// What the device was ordered and has not done yet.
    order: Option<SignedOrder>,
    /// As its hello says; without one it is taken for this build's.
    speaks: Option<u16>,
    /// Who signed in on the device, as it shows.
    grants: Grants,
    batches: usize,
    held: usize,
    once: usize,
    /// What people decided. Nothing in a decision proves itself, so it waits until the whole request did.
    decisions: VecDeque<Decision>,
    /// The device asks what is kept aside, and names what it was told last.
    aside: Option<Hash>,
    /// Nothing more is taken in or given out after this.
    is_over: bool,
    answers: Vec<Answer>,
    pulls: VecDeque<Pull>,
    /// It asks for a space of which something was erased, and could neither read that nor do the same.
    cannot_erase: bool,
    wish: Option<Wish>,
    /// When the latest certificate was made by which the device knows the server, as it says, and as the connection shows.
    knows_ms: i64,
    over_ms: i64,
}

impl Round {
    /// # Errors
    /// [`ServerError::NoDevice`].
    pub fn begin(server: &Server, device: DeviceId) -> Result<Round> {
        let known = server.device(device)?.ok_or(ServerError::NoDevice)?;
        let hello = Answer::Hello {
            protocol: PROTOCOL,
            server_ms: server.now_ms(),
            last_seq: known.last_seq,
            chain: Some(known.chain),
            epochs: server.epochs(&known)?,
            next_certificate: None,
        };
        let is_replaced = server.db().read(|conn| db::succession::is_replaced(device, conn))?;
        Ok(Round {
            server: server.clone(),
            is_replaced,
            order: server.order_for(device, is_replaced)?,
            grants: Grants::none(&known),
            device: known,
            speaks: None,
            batches: 0,
            held: 0,
            once: 0,
            decisions: VecDeque::new(),
            aside: None,
            is_over: false,
            answers: vec![hello],
            pulls: VecDeque::new(),
            cannot_erase: false,
            wish: None,
            knows_ms: 0,
            over_ms: 0,
        })
    }

    /// The same over a connection that began with a certificate made then: whoever speaks over it knows that one.
    pub fn over(self, certificate_ms: Option<i64>) -> Round {
        let over_ms = certificate_ms.unwrap_or_default();
        Round { over_ms, ..self }
    }

    /// Takes in what the device says next; a batch is durable when this returns. Only what proves itself has an effect
    /// here: whether the device asks at all is known when the whole request was heard.
    ///
    /// # Errors
    /// [`ServerError::TooLarge`], or why a batch could not be taken in.
    pub fn take(&mut self, ask: Ask) -> Result<()> {
        if matches!(ask, Ask::Hello { .. } | Ask::Aside { .. } | Ask::Parted(_)) {
            self.once += 1;
            if self.once > MOST_ONCE {
                return Err(ServerError::TooLarge);
            }
        }
        match ask {
            #[cfg(feature = "mutants")]
            Ask::Hello { sent_ms, .. }
                if sync_core::planted!(DriftRefusesSync, super::bugs::drifts(sent_ms, &self.server), false) =>
            {
                (self.speaks, self.is_over) = (Some(0), true);
            }
            Ask::Hello {
                protocol,
                wish,
                knows_ms,
                ..
            } => {
                (self.speaks, self.wish) = (Some(protocol), wish);
                self.knows_ms = knows_ms.unwrap_or_default();
                self.grants.hear(protocol);
            }
            Ask::Grants(shown) => self.grants.see(&shown, &self.device, &self.server)?,
            Ask::Push(_) if self.batches == MOST_BATCHES => return Err(ServerError::TooLarge),
            Ask::Pull { .. } if self.pulls.len() == MOST_PULLS => return Err(ServerError::TooLarge),
            Ask::Held { .. } if self.held == MOST_HELD => return Err(ServerError::TooLarge),
            Ask::Decide(_) if self.decisions.len() == MOST_DECISIONS => return Err(ServerError::TooLarge),
            Ask::Push(_) if self.is_over => {}
            Ask::Push(batch) => {
                self.batches += 1;
                let answer = self.server.push(self.device.id, &batch, &self.grants)?;
                self.is_over = !matches!(answer, Answer::Receipt { .. });
                self.answers.push(answer);
            }
            Ask::Held { device, after } => {
                self.held += 1;
                if self.grants.let_read() {
                    let held = self.server.held(&self.device, device, after)?;
                    self.answers.push(Answer::Held(held));
                }
            }
            Ask::Parted(receipt) => {
                self.order = None;
                let answer = self.server.take_receipt(&self.device, &receipt)?;
                self.answers.push(answer);
            }
            Ask::Aside { told } => self.aside = Some(told),
            Ask::Decide(mut decision) => {
                decision.why = decision.why.chars().take(LONGEST_WHY).collect();
                // What becomes of it is told in this place.
                let (change, outcome) = (decision.change, Outcome::Other);
                self.answers.push(Answer::Decided { change, outcome });
                self.decisions.push_back(decision);
            }
            Ask::Pull { space, epoch, cursor } => {
                self.cannot_erase |= self.speaks() < READS_STUBS && self.server.has_erased(space)?;
                self.pulls.push_back(Pull {
                    space,
                    epoch,
                    cursor,
                    page_bytes: self.server.config().limits.page_bytes,
                });
            }
        }
        Ok(())
    }

    /// Whether this server speaks the device's version. What it pushed was taken in regardless.
    fn is_understood(&self) -> bool {
        self.server.config().speaks.contains(&self.speaks()) && !self.cannot_erase
    }

    fn speaks(&self) -> u16 {
        self.speaks.unwrap_or(PROTOCOL)
    }

    /// Whether there is nothing to say but that the device must be updated. While it brings something it is told
    /// what became of that, so that it can bring the rest.
    pub fn is_refused(&self) -> bool {
        !self.is_understood() && self.batches == 0
    }

    /// Everything was said, and by the device: the answers, one after another.
    ///
    /// # Errors
    /// [`ServerError`]: what it brought was taken in nevertheless.
    pub fn answers(mut self) -> Result<Answers> {
        if let Some(speaks) = self.speaks.filter(|speaks| *speaks > self.device.speaks)
            && self.is_understood()
        {
            let id = self.device.id;
            self.server.db().write(|tx| db::device::spoke(id, speaks, tx))?;
        }
        let announced = self.server.announce(&self.device, self.knows_ms.max(self.over_ms))?;
        if let Some(Answer::Hello { next_certificate, .. }) = self.answers.first_mut() {
            *next_certificate = announced;
        }
        let is_trusted = self
            .answers
            .iter()
            .all(|answer| !matches!(answer, Answer::Fork { .. } | Answer::NotAuthentic));
        let is_revoked = self.device.status == Status::Revoked;
        if let Some(order) = self.order.take() {
            // It comes before the word that the desk was withdrawn: at that a desk stops listening.
            self.pulls.clear();
            self.aside = None;
            self.answers.push(Answer::Withdraw(order));
        }
        if self.is_replaced {
            self.answers.retain(|answer| *answer != Answer::Replaced);
            self.answers.push(Answer::Replaced);
        } else if is_revoked {
            self.answers.push(Answer::Revoked);
        }
        if !is_trusted || is_revoked || self.is_replaced || !self.is_understood() {
            self.pulls.clear();
            self.aside = None;
        }
        let has_questions = !self.pulls.is_empty() || self.aside.is_some();
        if has_questions && !self.grants.let_read() {
            self.pulls.clear();
            self.aside = None;
            let gone = self.grants.gone();
            self.answers.push(Answer::NotSignedIn { gone });
        }
        let limits = self.server.config().limits;
        let (page_bytes, pages) = self.wish.map_or((usize::MAX, usize::MAX), |wish| {
            let page_bytes = usize::try_from(wish.page_bytes).unwrap_or(usize::MAX);
            (page_bytes, usize::from(wish.pages))
        });
        for pull in &mut self.pulls {
            pull.page_bytes = page_bytes.min(limits.page_bytes);
        }
        let speaks = self.speaks();
        for answer in &mut self.answers {
            if *answer == Answer::Replaced && !answer.is_known_in(speaks) {
                *answer = Answer::Revoked;
            }
        }
        self.answers.retain(|answer| answer.is_known_in(speaks));
        Ok(Answers {
            most_pages: pages.min(limits.pages),
            server: self.server,
            device: self.device.id,
            ready: self.answers.into(),
            decisions: self.decisions,
            grants: self.grants,
            aside: self.aside,
            pulls: self.pulls,
            pages: 0,
            is_ended: false,
        })
    }
}

/// The answers of a round; pages are cut one by one, as they are taken.
pub struct Answers {
    server: Server,
    device: DeviceId,
    ready: VecDeque<Answer>,
    decisions: VecDeque<Decision>,
    grants: Grants,
    aside: Option<Hash>,
    pulls: VecDeque<Pull>,
    /// The most pages of one space.
    most_pages: usize,
    /// Pages given of the first of `pulls`.
    pages: usize,
    is_ended: bool,
}

impl Answers {
    /// The next answer; nothing after [`Answer::End`].
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn next_answer(&mut self) -> Result<Option<Answer>> {
        if let Some(mut answer) = self.ready.pop_front() {
            if let Answer::Decided { outcome, .. } = &mut answer
                && let Some(decision) = self.decisions.pop_front()
            {
                *outcome = self.server.decide_at(self.device, &decision, &self.grants)?;
            }
            return Ok(Some(answer));
        }
        // As it stands after everything the device brought was taken in.
        if let Some(told) = self.aside.take()
            && let Some(list) = self.server.aside_for(self.device, told)?
        {
            return Ok(Some(Answer::Aside(list)));
        }
        let Some(pull) = self.pulls.front_mut() else {
            let is_first = !std::mem::replace(&mut self.is_ended, true);
            return Ok(is_first.then_some(Answer::End));
        };
        let answer = self.server.page(self.device, *pull)?;
        self.pages += 1;
        let more = match &answer {
            Answer::Page(page) if page.to < page.head && page.to > pull.cursor => Some(Pull {
                epoch: page.epoch,
                cursor: page.to,
                ..*pull
            }),
            _ => None,
        };
        match more {
            Some(more) if self.pages < self.most_pages => *pull = more,
            _ => {
                self.pulls.pop_front();
                self.pages = 0;
            }
        }
        Ok(Some(answer))
    }
}

/// The server itself as the other end of a device's exchange, without HTTP between.
pub struct InProcess {
    pub server: Server,
    pub device: DeviceId,
}

impl Peer for InProcess {
    async fn exchange(&self, asks: Vec<Ask>, absorb: &mut (dyn FnMut(Answer) + Send)) -> Result<(), PeerError> {
        let mut round = Round::begin(&self.server, self.device).map_err(refused)?;
        for ask in asks {
            round.take(ask).map_err(refused)?;
        }
        if round.is_refused() {
            return Err(PeerError::Version);
        }
        let mut answers = round.answers().map_err(refused)?;
        while let Some(answer) = answers.next_answer().map_err(refused)? {
            if answer == Answer::End {
                return Ok(());
            }
            absorb(answer);
        }
        Err(PeerError::Offline)
    }
}

impl Snapshots for InProcess {
    async fn offer(&self, wanted: AskManifest) -> Result<Offered, PeerError> {
        self.see(wanted.grant.as_ref())?;
        self.server.snapshot(self.device, wanted.space).map_err(refused)
    }

    async fn pieces(&self, wanted: AskPieces, absorb: &mut (dyn FnMut(&[u8]) + Send)) -> Result<bool, PeerError> {
        self.see(wanted.grant.as_ref())?;
        let mut from = usize::try_from(wanted.from).unwrap_or(usize::MAX);
        for hash in wanted.hashes {
            let piece = self.server.piece(self.device, wanted.space, hash).map_err(refused)?;
            let Some(piece) = piece else { return Ok(false) };
            absorb(piece.get(from..).unwrap_or_default());
            from = 0;
        }
        Ok(true)
    }
}

impl InProcess {
    fn see(&self, grant: Option<&SignedGrant>) -> Result<(), PeerError> {
        let device = self.server.device(self.device).map_err(refused)?;
        let device = device.ok_or(PeerError::NotAccepted)?;
        let may_read = self.server.may_read(&device, grant).map_err(refused)?;
        if may_read { Ok(()) } else { Err(PeerError::NotSignedIn) }
    }
}

fn refused(error: ServerError) -> PeerError {
    match error {
        ServerError::NoDevice | ServerError::NoSpace => PeerError::NotAccepted,
        ServerError::TooLarge => PeerError::TooLarge,
        _ => PeerError::Offline,
    }
}
