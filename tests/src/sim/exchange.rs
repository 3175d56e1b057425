//! Rounds between a desk and the server: over a good link, and over one on which everything happens
//! that happens on links.

use anyhow::{Context, Result, anyhow, bail, ensure};
use desk::round::{DeskSide, Heard};
use server::ServerError;
use server::exchange::round::Round;
use sync_core::exchange::{Answer, Ask, Carried};

use super::world::World;

/// The most rounds a desk makes one after another while there is more.
const ROUNDS: usize = 400;

/// What happens to one round on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Nothing arrives.
    NoLink,
    /// The server hears only so many of the asks, and the desk nothing.
    AskCut(usize),
    /// The server hears all, the desk only so many answers.
    AnswerCut(usize),
    /// Each answer arrives twice.
    Doubled,
    /// A change within a page is altered on its way.
    Altered,
    /// A bit of each frame is flipped on its way, and the frame sent again.
    Flipped,
}

impl World {
    /// One round over a bad link.
    pub fn exchange_with_faults(&mut self, desk: usize) -> Result<()> {
        let fault = match self.chance.between(1, 11) {
            11 => Fault::Flipped,
            1 => Fault::NoLink,
            2 => Fault::AskCut(self.chance.below(4)),
            3 | 4 => Fault::AnswerCut(self.chance.below(5)),
            5 => Fault::Doubled,
            6 => Fault::Altered,
            _ => Fault::None,
        };
        self.round(desk, fault).map(drop)
    }

    /// One round over a good link.
    pub fn exchange_well(&mut self, desk: usize) -> Result<()> {
        self.round(desk, Fault::None).map(drop)
    }

    /// Rounds over a good link until there is no more.
    pub fn exchange(&mut self, desk: usize) -> Result<()> {
        for _ in 0..ROUNDS {
            if !self.round(desk, Fault::None)? {
                let spaces = self.desks[desk].store().spaces()?;
                let is_behind = spaces.iter().any(|space| space.cursor < space.head);
                ensure!(!is_behind, "I23: desk {desk} stops before it has everything");
                return Ok(());
            }
        }
        bail!("I23: desk {desk} still has more after {ROUNDS} rounds")
    }

    /// Somebody sends again what a desk sent before: nothing changes by it.
    pub fn replay(&mut self, desk: usize) -> Result<()> {
        let sent = self.desks[desk].sent.clone();
        let Some(asks) = self.chance.pick(&sent).cloned() else {
            return Ok(());
        };
        self.fault("old request replayed");
        let before = self.server.heads()?;
        let mut round = Round::begin(&self.server, self.desks[desk].device)?;
        for ask in asks {
            round.take(ask)?;
        }
        let mut forks = false;
        let mut answers = round.answers();
        while let Some(answer) = answers.next_answer()? {
            forks |= matches!(answer, Answer::Fork { .. });
        }
        // After a restore an old request may bring back what was lost, which is welcome.
        let is_restored = self.faults.contains_key("server restored");
        ensure!(!forks, "I22: an old request of desk {desk} was taken for a fork");
        ensure!(
            is_restored || self.server.heads()? == before,
            "I22: an old request of desk {desk} changed something"
        );
        self.oracle.asked("I22");
        Ok(())
    }

    /// One round. Answers whether another should follow.
    fn round(&mut self, number: usize, fault: Fault) -> Result<bool> {
        let now_ms = self.now_ms();
        let desk = &self.desks[number];
        let side = DeskSide::new(std::sync::Arc::clone(desk.store()), desk.key.clone());
        let device = desk.device;
        let asks = side.asks(now_ms + desk.clock_off_ms).context("a desk cannot ask")?;
        self.note(fault);
        if fault == Fault::NoLink {
            self.trace.say(format!("desk {number} has no link"));
            self.pause_after(number, None);
            return Ok(false);
        }
        let is_heard = !matches!(fault, Fault::AskCut(_));
        if is_heard && asks.iter().any(|ask| matches!(ask, Ask::Push(_))) {
            self.desks[number].sent.push(asks.clone());
        }
        let mut round = Round::begin(&self.server, device)?;
        let heard_asks = if let Fault::AskCut(count) = fault {
            count
        } else {
            asks.len()
        };
        for ask in asks.into_iter().take(heard_asks) {
            round.take(ask).map_err(|error| {
                let held = if matches!(error, ServerError::Database(_)) {
                    "I4"
                } else {
                    "I23"
                };
                anyhow!("{held}: the server cannot take in what desk {number} says: {error}")
            })?;
        }
        let mut line = format!("desk {number} exchanges ({fault:?}):");
        let mut heard = Heard::default();
        let mut answers = round.answers();
        let mut count = 0;
        while let Some(answer) = answers.next_answer()? {
            count += 1;
            let is_lost = match fault {
                Fault::AskCut(_) => true,
                Fault::AnswerCut(arrive) => count > arrive,
                _ => false,
            };
            if is_lost || answer == Answer::End {
                break;
            }
            line += &short(&answer);
            if fault == Fault::Flipped {
                self.check_flipped(&answer)?;
            }
            self.check_answer(number, &answer)?;
            if count == 1 {
                self.second_worker(number)?;
            }
            let altered = if fault == Fault::Altered {
                altered(&answer)
            } else {
                None
            };
            if let Some(altered) = altered {
                self.refuses(number, &side, altered, now_ms)?;
                break;
            }
            side.absorb(answer.clone(), now_ms, &mut heard).with_context(|| {
                let held = if matches!(answer, Answer::Page(_)) { "I4" } else { "I23" };
                format!("{held}: desk {number} cannot take in{}", short(&answer))
            })?;
            if fault == Fault::Doubled {
                // A page that was read already is refused, anything else says nothing new.
                let again = side.absorb(answer.clone(), now_ms, &mut heard);
                let is_page = matches!(answer, Answer::Page(_));
                ensure!(
                    is_page || again.is_ok(),
                    "I6: desk {number} stumbles over a doubled answer"
                );
            }
        }
        self.trace.say(line);
        let is_whole = matches!(fault, Fault::None | Fault::Doubled | Fault::Flipped);
        self.pause_after(number, is_whole.then_some(heard.more));
        Ok(heard.more)
    }

    fn note(&mut self, fault: Fault) {
        match fault {
            Fault::None => {}
            Fault::NoLink => self.fault("no link"),
            Fault::AskCut(_) => self.fault("request cut"),
            Fault::AnswerCut(_) => self.fault("answer cut"),
            Fault::Doubled => self.fault("answer doubled"),
            Fault::Altered => self.fault("change altered"),
            Fault::Flipped => self.fault("bits flipped"),
        }
    }

    /// An altered page is refused, and the desk stays as it was.
    fn refuses(&mut self, number: usize, side: &DeskSide, altered: Answer, now_ms: i64) -> Result<()> {
        let store = self.desks[number].store();
        let before = store.spaces()?;
        let taken = side.absorb(altered, now_ms, &mut Heard::default());
        ensure!(taken.is_err(), "I16: desk {number} takes in an altered change");
        let after = store.spaces()?;
        let holds = |spaces: &[store::SpaceStatus]| -> Vec<_> {
            spaces
                .iter()
                .map(|space| (space.cursor, space.chain, space.digest))
                .collect()
        };
        ensure!(
            holds(&before) == holds(&after),
            "I16: desk {number} moved by an altered page"
        );
        self.oracle.asked("I16");
        Ok(())
    }
}

/// The page with one digit of one foreign change altered; nothing when there is none to alter.
fn altered(answer: &Answer) -> Option<Answer> {
    let Answer::Page(page) = answer else { return None };
    let mut page = page.clone();
    for entry in &mut page.entries {
        let Some(change) = &entry.change else { continue };
        let text = change.0.get().to_owned();
        let at = text.rfind(|letter: char| letter.is_ascii_digit())?;
        let digit = if text.as_bytes().get(at) == Some(&b'7') {
            "3"
        } else {
            "7"
        };
        let text = format!("{}{digit}{}", text.get(..at)?, text.get(at + 1..)?);
        entry.change = Some(Carried(serde_json::value::RawValue::from_string(text).ok()?));
        return Some(Answer::Page(page));
    }
    None
}

/// An answer in a few words that are the same for the same seed.
fn short(answer: &Answer) -> String {
    match answer {
        Answer::Hello { last_seq, .. } => format!(" hello {last_seq};"),
        Answer::Receipt { numbered, parked, .. } => {
            let lsns: Vec<u64> = numbered.iter().map(|each| each.lsn).collect();
            format!(" numbered {lsns:?}, parked {};", parked.len())
        }
        Answer::Page(page) => format!(" page {}..{} of {};", page.from, page.to, page.head),
        Answer::Gap { wanted } => format!(" gap, wants {wanted};"),
        Answer::Fork { seq } => format!(" fork at {seq};"),
        Answer::NoSpace { .. } => " no space;".to_owned(),
        Answer::NotAuthentic => " not authentic;".to_owned(),
        Answer::Revoked => " revoked;".to_owned(),
        Answer::End => String::new(),
    }
}
