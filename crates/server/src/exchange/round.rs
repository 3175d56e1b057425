//! One round: what a device says, taken in as it arrives, and the answers to it.

use std::collections::VecDeque;

use sync_core::exchange::{Answer, Ask, PROTOCOL, Peer, PeerError, Wish};
use sync_core::snapshot::{AskPieces, SignedManifest, Snapshots};
use sync_core::{DeviceId, SpaceId};

use super::pull::Pull;
use crate::db::device::Status;
use crate::error::{Result, ServerError};
use crate::server::Server;

/// The most batches and the most spaces of one round.
const MOST_BATCHES: usize = 256;
const MOST_PULLS: usize = 64;

/// One round of a device.
pub struct Round {
    server: Server,
    device: DeviceId,
    status: Status,
    speaks: u16,
    batches: usize,
    /// Nothing more is taken in or given out after this.
    is_over: bool,
    answers: Vec<Answer>,
    pulls: VecDeque<Pull>,
    wish: Option<Wish>,
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
            epochs: server.epochs(&known)?,
        };
        Ok(Round {
            server: server.clone(),
            device,
            status: known.status,
            speaks: PROTOCOL,
            batches: 0,
            is_over: false,
            answers: vec![hello],
            pulls: VecDeque::new(),
            wish: None,
        })
    }

    /// Takes in what the device says next; a batch is durable when this returns.
    ///
    /// # Errors
    /// [`ServerError::TooLarge`], or why a batch could not be taken in.
    pub fn take(&mut self, ask: Ask) -> Result<()> {
        match ask {
            #[cfg(feature = "mutants")]
            Ask::Hello { sent_ms, .. }
                if sync_core::planted!(DriftRefusesSync, super::bugs::drifts(sent_ms, &self.server), false) =>
            {
                (self.speaks, self.is_over) = (0, true);
            }
            Ask::Hello { protocol, wish, .. } => (self.speaks, self.wish) = (protocol, wish),
            Ask::Push(_) if self.batches == MOST_BATCHES => return Err(ServerError::TooLarge),
            Ask::Pull { .. } if self.pulls.len() == MOST_PULLS => return Err(ServerError::TooLarge),
            Ask::Push(_) if self.is_over => {}
            Ask::Push(batch) => {
                self.batches += 1;
                let answer = self.server.push(self.device, &batch)?;
                self.is_over = !matches!(answer, Answer::Receipt { .. });
                self.answers.push(answer);
            }
            Ask::Pull { space, epoch, cursor } => self.pulls.push_back(Pull {
                space,
                epoch,
                cursor,
                page_bytes: self.server.config().limits.page_bytes,
            }),
        }
        Ok(())
    }

    /// Whether this server speaks the device's version. What it pushed was taken in regardless.
    pub fn is_understood(&self) -> bool {
        self.speaks == PROTOCOL
    }

    /// Everything was said: the answers, one after another.
    pub fn answers(mut self) -> Answers {
        let is_trusted = self
            .answers
            .iter()
            .all(|answer| !matches!(answer, Answer::Fork { .. } | Answer::NotAuthentic));
        if self.status == Status::Revoked {
            self.answers.push(Answer::Revoked);
        }
        if !is_trusted || self.status == Status::Revoked || !self.is_understood() {
            self.pulls.clear();
        }
        let limits = self.server.config().limits;
        let (page_bytes, pages) = self.wish.map_or((usize::MAX, usize::MAX), |wish| {
            let page_bytes = usize::try_from(wish.page_bytes).unwrap_or(usize::MAX);
            (page_bytes, usize::from(wish.pages))
        });
        for pull in &mut self.pulls {
            pull.page_bytes = page_bytes.min(limits.page_bytes);
        }
        Answers {
            most_pages: pages.min(limits.pages),
            server: self.server,
            device: self.device,
            ready: self.answers.into(),
            pulls: self.pulls,
            pages: 0,
            is_ended: false,
        }
    }
}

/// The answers of a round; pages are cut one by one, as they are taken.
pub struct Answers {
    server: Server,
    device: DeviceId,
    ready: VecDeque<Answer>,
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
        if let Some(answer) = self.ready.pop_front() {
            return Ok(Some(answer));
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
        if !round.is_understood() {
            return Err(PeerError::Version);
        }
        let mut answers = round.answers();
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
    async fn manifest(&self, space: SpaceId) -> Result<Option<SignedManifest>, PeerError> {
        self.server.snapshot(self.device, space).map_err(refused)
    }

    async fn pieces(&self, wanted: AskPieces, absorb: &mut (dyn FnMut(&[u8]) + Send)) -> Result<bool, PeerError> {
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

fn refused(error: ServerError) -> PeerError {
    match error {
        ServerError::NoDevice | ServerError::NoSpace => PeerError::NotAccepted,
        ServerError::TooLarge => PeerError::TooLarge,
        _ => PeerError::Offline,
    }
}
