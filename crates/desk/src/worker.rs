//! The one worker that exchanges with the district server: woken by a save, by the server, by the network, or by a
//! timer that never waits for a new edit.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::Time;
use domain::audit::written_by_desks;
use ed25519_dalek::VerifyingKey;
use futures_util::future::join_all;
use sync_core::desk_says::DeskSays;
use sync_core::exchange::{Answer, Peer, PeerError};
use sync_core::snapshot::{AskManifest, AskPieces, Snapshots};
use sync_core::{Lsn, SpaceId};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::Failure;
use crate::beginning::Step;
use crate::desk::{Desk, Notice};
use crate::keys::file::DeskFile;
use crate::keys::seal::Key;
use crate::net::link::{Link, Says, wall_ms};
use crate::net::patience::{Patience, Pause, jittered};
use crate::net::pin::Known;
use crate::pace::AIM;
use crate::round::{DeskSide, Heard, workers};
use crate::sweeping::sweep;

/// Rounds that something wakes begin no sooner than this after the round before: what is saved on and on, and what the
/// server tells meanwhile, goes in one.
const GATHER: Duration = Duration::from_millis(300);
/// Within a long round the window is told no more often than this.
const TELL: Duration = Duration::from_secs(1);

/// What one worker needs.
struct Worker {
    desk: Desk,
    side: DeskSide,
    patience: Patience,
    /// Whether the link is good enough for listening beside the rounds.
    may_listen: watch::Sender<bool>,
    /// What the desk says of itself.
    says: Says,
    /// By which certificates the link knows the server.
    known: Arc<Known>,
    /// How far each space goes at the server, as it told last.
    heads: watch::Receiver<Heads>,
}

type Heads = BTreeMap<SpaceId, Lsn>;

/// What a round came to.
struct Rounded {
    /// Whether another should follow at once, or why it failed.
    outcome: Result<bool, Failure>,
    got_on: bool,
}

impl Desk {
    /// Starts the worker of an opened database, if this desk joined a server.
    pub(crate) fn start_exchanging(&self, file: &DeskFile, secret: &Key) -> Result<(), Failure> {
        let Some(server) = file.server.clone() else {
            return Ok(());
        };
        let Some(open) = self.state().open.clone() else {
            return Ok(());
        };
        let key = self.signing_key(file, secret)?;
        let signs = VerifyingKey::from_bytes(&server.key.0).map_err(|_| Failure::new("desk_file_damaged"))?;
        let patience = self.inner.options.patience;
        let says = Says::default();
        let link = Link::new(server, file.device, key.clone(), patience)?.saying(Says::clone(&says));
        let (may_listen, may) = watch::channel(false);
        let (told, heads) = watch::channel(Heads::new());
        let worker = Worker {
            desk: self.clone(),
            side: DeskSide::new(Arc::clone(&open.store), key)
                .with_snapshots_of(signs)
                .obeying(signs),
            patience,
            may_listen,
            says,
            known: link.known(),
            heads,
        };
        let desk = self.clone();
        let exchanging = tokio::spawn(async move {
            // Both run as long as the other: together they are one worker.
            let working = (0..workers()).map(|_| worker.work(&link));
            tokio::join!(join_all(working), listen(&link, &desk, may, &told, patience));
        });
        self.state().worker = Some(exchanging);
        Ok(())
    }
}

/// Listens for the server's notices for as long as the worker runs, while rounds go well.
async fn listen(
    link: &Link,
    desk: &Desk,
    mut may: watch::Receiver<bool>,
    told: &watch::Sender<Heads>,
    patience: Patience,
) {
    let mut failures = 0;
    while may.wait_for(|may| *may).await.is_ok() {
        let begun = Instant::now();
        let mut has_begun = false;
        // Why it broke does not matter: rounds tell the person how the link stands.
        let _ = link
            .listen(|news| {
                has_begun = true;
                told.send_modify(|heads| {
                    heads.insert(news.space, news.head);
                });
            })
            .await;
        let was_long = begun.elapsed() > patience.silence * 2;
        failures = if was_long { 1 } else { failures + 1 };
        let pause = patience.after(&Failure::new("offline"), failures);
        tokio::time::sleep(jittered(pause.wait)).await;
        if has_begun {
            // A round finds out whether more than listening broke.
            desk.inner.wake.notify_one();
        }
    }
}

fn is_too_large(outcome: &Result<bool, Failure>) -> bool {
    outcome.as_ref().is_err_and(|failure| failure.code == "way_too_narrow")
}

/// Whether the server says no more than that it took what it was brought.
fn is_receipt(answer: &Answer) -> bool {
    matches!(answer, Answer::Hello { .. } | Answer::Receipt { .. })
}

impl Worker {
    async fn work<P: Peer + Snapshots>(&self, peer: &P) {
        let mut failures = 0;
        let mut heads = self.heads.clone();
        loop {
            let Rounded { outcome, got_on } = self.round(peer).await;
            let pause = match outcome {
                Ok(true) => continue,
                Ok(false) => {
                    failures = 0;
                    Pause {
                        wait: self.patience.news,
                        is_wakeable: true,
                    }
                }
                Err(failure) => {
                    tracing::debug!(code = failure.code, "a round did not take place");
                    // What got on is worth going on with soon, however often the link is cut.
                    failures = if got_on { 1 } else { failures + 1 };
                    let pause = self.patience.after(&failure, failures);
                    Pause {
                        wait: jittered(pause.wait),
                        ..pause
                    }
                }
            };
            let ended = Instant::now();
            tokio::select! {
                () = tokio::time::sleep(pause.wait) => {}
                () = self.woken(ended, &mut heads), if pause.is_wakeable => {}
            }
        }
    }

    /// Waits until something is there for a round: a save, or news that is not held yet. What this desk brought itself
    /// comes back as news, and needs no round of its own.
    async fn woken(&self, ended: Instant, heads: &mut watch::Receiver<Heads>) {
        loop {
            tokio::select! {
                () = self.desk.inner.wake.notified() => break,
                Ok(()) = heads.changed() => {
                    if self.lacks(&heads.borrow_and_update()) {
                        break;
                    }
                }
            }
        }
        tokio::time::sleep_until(ended + GATHER).await;
    }

    /// Whether any of the spaces goes on beyond what is held.
    fn lacks(&self, heads: &Heads) -> bool {
        let Ok(held) = self.side.store().spaces() else {
            return true;
        };
        heads
            .iter()
            .any(|(space, head)| !held.iter().any(|own| own.space == *space && own.cursor >= *head))
    }

    /// One round with the server.
    async fn round<P: Peer + Snapshots>(&self, peer: &P) -> Rounded {
        self.know_the_server();
        let mut heard = Heard::default();
        let mut outcome = match self.bring(peer, &mut heard).await {
            Ok(()) => self.talk(peer, &mut heard).await,
            Err(failure) => Err(failure),
        };
        if outcome.is_ok() {
            outcome = self.begin(peer, &mut heard).await;
        }
        if is_too_large(&outcome) && self.side.pace().was_refused() {
            outcome = Ok(true);
        }
        self.note(&mut heard, outcome.as_ref().err().cloned());
        let is_quick = !self.side.pace().is_slow();
        self.may_listen.send_replace(outcome.is_ok() && is_quick);
        Rounded {
            outcome,
            got_on: heard.got_on,
        }
    }

    /// Knows the server as the desk's file says now.
    fn know_the_server(&self) {
        let mut state = self.desk.state();
        state.link.busy = true;
        if let Some(server) = state.file.as_ref().and_then(|file| file.server.as_ref()) {
            self.known.follow(server);
            self.side.knows(server.knows_ms());
        }
    }

    /// Brings what waits, as long as that is more than a round carries: each batch is on its way while what the server said of
    /// the one before is taken in and the next is put together. It ends after about as long as a round may take, and when the
    /// server says anything else than that it took them.
    async fn bring(&self, peer: &impl Peer, heard: &mut Heard) -> Result<(), Failure> {
        let begun = Instant::now();
        let (mut said, mut told) = (Vec::new(), begun);
        let mut ready = tokio::task::block_in_place(|| self.side.brings(wall_ms(), 0))?;
        while let Some((asks, last)) = ready {
            let (sent, mut first_word, mut answers) = (Instant::now(), None, Vec::new());
            let mut hear = |answer| {
                first_word.get_or_insert_with(|| sent.elapsed());
                answers.push(answer);
            };
            // First the request is handed to the connection, which goes on with it by itself.
            let (exchanged, next) = tokio::join!(biased; peer.exchange(asks, &mut hear), async {
                self.take_each_in(std::mem::take(&mut said), heard)?;
                tokio::task::block_in_place(|| self.side.brings(wall_ms(), last))
            });
            said = answers;
            let got_through = exchanged.is_ok() && said.iter().all(is_receipt);
            self.follow_pace(&exchanged, first_word, sent.elapsed(), (true, true));
            if let Err(error) = exchanged {
                self.take_each_in(said, heard)?;
                return Err(error.into());
            }
            if told.elapsed() >= TELL {
                told = Instant::now();
                self.tell(heard);
            }
            ready = next?.filter(|_| got_through && begun.elapsed() < AIM);
        }
        self.take_each_in(said, heard)?;
        // Whether there is more, the round that follows finds out.
        heard.more = false;
        Ok(())
    }

    fn take_each_in(&self, said: Vec<Answer>, heard: &mut Heard) -> Result<(), Failure> {
        said.into_iter().try_for_each(|answer| self.take_in(answer, heard))
    }

    /// Takes in what the server said.
    fn take_in(&self, answer: Answer, heard: &mut Heard) -> Result<(), Failure> {
        let absorbed = tokio::task::block_in_place(|| self.side.absorb(answer, wall_ms(), heard));
        self.hear();
        absorbed
    }

    /// Has the pace follow how a request went, after whose beginning the first word came, and that took so long: whether it had
    /// changes with it, and whether there was more than it could carry.
    fn follow_pace(
        &self,
        exchanged: &Result<(), PeerError>,
        first_word: Option<Duration>,
        took: Duration,
        (sends, is_full): (bool, bool),
    ) {
        let mut pace = self.side.pace();
        match (exchanged, first_word) {
            (Ok(()), Some(first_word)) => pace.went(first_word, took, is_full),
            (Err(PeerError::NotReached), None) => pace.was_cut(),
            (Err(PeerError::TooLarge), None) => {}
            // Under way when it broke, or perhaps: less has a better chance.
            (Err(_), first_word) if first_word.is_some() || sends => pace.broke_off(),
            _ => {}
        }
    }

    /// Asks, and takes in each answer as it comes.
    async fn talk(&self, peer: &impl Peer, heard: &mut Heard) -> Result<bool, Failure> {
        let (asks, says) =
            tokio::task::block_in_place(|| Ok::<_, Failure>((self.side.asks(wall_ms())?, self.side.says()?)))?;
        let is_forked = {
            let problem = &self.desk.state().link.problem;
            problem.as_ref().is_some_and(|problem| problem.code == "desk_forked")
        };
        let says = DeskSays { is_forked, ..says };
        *self.says.lock().unwrap_or_else(PoisonError::into_inner) = Some(says.text());
        let sends = asks.iter().any(|ask| matches!(ask, sync_core::exchange::Ask::Push(_)));
        let begun = Instant::now();
        let (mut first_word, mut told) = (None, begun);
        let mut failed = None;
        let exchanged = peer
            .exchange(asks, &mut |answer| {
                first_word.get_or_insert_with(|| begun.elapsed());
                if let Err(failure) = self.take_in(answer, heard) {
                    failed.get_or_insert(failure);
                }
                if told.elapsed() >= TELL {
                    told = Instant::now();
                    self.tell(heard);
                }
            })
            .await;
        match &failed {
            Some(_) => self.side.pace().broke_off(),
            None => self.follow_pace(&exchanged, first_word, begun.elapsed(), (sends, heard.more)),
        }
        let ended = match failed {
            Some(failure) => Err(failure),
            None => exchanged.map_err(Failure::from),
        };
        ended.map(|()| heard.more)
    }

    /// Goes on with beginning, after everything that waited was sent: fetches what comes next, for about as long as a
    /// round may take, or until something waits to be sent.
    async fn begin(&self, source: &impl Snapshots, heard: &mut Heard) -> Result<bool, Failure> {
        let begun = Instant::now();
        while let Some(step) = self.side.next_step()? {
            let asked = Instant::now();
            match step {
                Step::Manifest(wanted) => {
                    let space = wanted.space;
                    let offered = source.offer(wanted).await?;
                    tokio::task::block_in_place(|| self.side.hear_offer(space, &offered, heard))?;
                }
                Step::Pieces(wanted) => self.fetch(source, &wanted, heard).await?,
            }
            self.hear();
            self.tell(heard);
            self.side.pace().went(Duration::ZERO, asked.elapsed(), true);
            if begun.elapsed() >= AIM || self.side.store().unsent_but(written_by_desks())?.0 > 0 {
                return Ok(true);
            }
        }
        Ok(heard.more)
    }

    async fn fetch(&self, source: &impl Snapshots, wanted: &AskPieces, heard: &mut Heard) -> Result<(), Failure> {
        let (mut failed, mut told) = (None, Instant::now());
        let fetched = source
            .pieces(wanted.clone(), &mut |bytes| {
                if failed.is_none() {
                    let taken = tokio::task::block_in_place(|| self.side.hear_bytes(bytes, heard));
                    failed = taken.err();
                }
                self.hear();
                if told.elapsed() >= TELL {
                    told = Instant::now();
                    self.tell(heard);
                }
            })
            .await;
        let is_all = tokio::task::block_in_place(|| self.side.hear_end());
        if let Some(failure) = failed {
            return Err(failure);
        }
        let is_kept = fetched.inspect_err(|_| self.side.pace().broke_off())?;
        match (is_kept, is_all?) {
            (true, true) => Ok(()),
            // Somebody on the way ended it as if it were whole.
            (true, false) => {
                self.side.pace().broke_off();
                Err(PeerError::Offline.into())
            }
            (false, _) => {
                let again = AskManifest {
                    space: wanted.space,
                    grant: wanted.grant.clone(),
                };
                let offered = source.offer(again).await?;
                tokio::task::block_in_place(|| self.side.hear_gone(wanted, &offered, heard))
            }
        }
    }

    /// The server was heard just now, whatever becomes of the rest of the round.
    fn hear(&self) {
        let mut state = self.desk.state();
        state.link.last_contact = Some(Time(wall_ms()));
        // Whether it refuses the desk still, the end of the round tells.
        let was_away = |problem: &Failure| problem.code == "offline" || problem.code == "server_busy";
        if state.link.problem.as_ref().is_some_and(was_away) {
            state.link.problem = None;
        }
    }

    /// Tells the window what came.
    fn tell(&self, heard: &mut Heard) {
        let kinds = std::mem::take(&mut heard.kinds);
        if !kinds.is_empty() {
            let all = kinds.contains("");
            let kinds = if all { Vec::new() } else { kinds.into_iter().collect() };
            self.desk.tell(Notice::Records(kinds));
        }
        self.desk.tell(Notice::Status);
    }

    /// Keeps what the round told, and tells the window.
    fn note(&self, heard: &mut Heard, failure: Option<Failure>) {
        if let Some(server_ms) = heard.server_ms {
            self.desk.hear_time(server_ms);
        }
        if let Err(failure) = self
            .desk
            .follow_certificate(self.known.shown(), heard.next_certificate.take())
        {
            tracing::warn!(
                code = failure.code,
                "the next certificate of the server could not be kept"
            );
        }
        let is_parting = {
            let mut state = self.desk.state();
            state.link.busy = false;
            let is_parting = state.open.as_ref().is_some_and(Desk::is_parting);
            state.link.problem = if is_parting {
                Some(Failure::new("desk_withdrawing"))
            } else {
                failure.clone()
            };
            is_parting
        };
        if heard.is_parted
            && let Err(failure) = self.desk.finish_parting()
        {
            tracing::warn!(code = failure.code, "a withdrawn desk did not come to its end");
        }
        if let Err(failure) = self.desk.close_slots_of(std::mem::take(&mut heard.gone)) {
            tracing::warn!(code = failure.code, "who works here no more could not be followed");
        }
        if let Err(failure) = tokio::task::block_in_place(|| sweep(self.side.store())) {
            tracing::warn!(code = failure.code, "what was erased may still stand on the disk");
        }
        // Only when all is here: what is still to come may let a person in again.
        if failure.is_none() && !heard.more && !is_parting {
            let store = self.side.store();
            let followed = self.desk.close_slots_of_the_gone(store);
            if let Err(failure) = followed.and_then(|()| self.desk.follow_role(store)) {
                tracing::warn!(code = failure.code, "what people may do now could not be followed");
            }
        }
        self.tell(heard);
    }
}
