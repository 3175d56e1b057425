//! Rounds between a desk and the district: over a good link, and over one on which everything
//! happens that happens on links.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail, ensure};
use desk::round::{DeskSide, Heard};
use server::ServerError;
use server::exchange::round::Round;
use sync_core::exchange::{Answer, Ask};

use super::attended::grants_first;
use super::beginning::Mishap;
use super::desk::Leaving;
use super::disk::Written;
use super::failing::is_of_disk;
use super::said::{altered, as_said, brought, short};
use super::strangers::Letter;
use super::wire::{Damage, carried, flipped};
use super::world::World;

/// The most rounds a desk makes one after another while there is more.
const ROUNDS: usize = 2_000;

/// What happens to one round on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Nothing arrives.
    NoLink,
    /// The request arrives hours later, and nobody hears the answer.
    Late,
    /// The server hears only so many of the asks, and the desk nothing.
    AskCut(usize),
    /// The server hears all, the desk only so many answers.
    AnswerCut(usize),
    /// The server hears everything twice, on two of its nodes.
    Twice,
    /// Each answer arrives twice.
    Doubled,
    /// A change within a page is altered on its way.
    Altered,
    /// The bytes of the request are damaged.
    BadRequest(Damage),
    /// The bytes of the answer are damaged.
    BadAnswer(Damage),
    /// The power of the server fails while it takes the request in.
    ServerPower,
    /// The power of the desk fails after so many answers.
    DeskPower(usize),
    /// After so many answers another desk makes a round.
    Meanwhile(usize),
    /// The round goes well, the pieces of a snapshot after it do not.
    Pieces(Mishap),
    /// After so many of the asks are taken in, rights change.
    Rights(usize),
}

impl Fault {
    fn name(self) -> Option<&'static str> {
        Some(match self {
            Fault::None | Fault::Pieces(_) | Fault::Rights(_) => return None,
            Fault::NoLink => "no link",
            Fault::Late => "request delayed for hours",
            Fault::AskCut(_) => "request cut",
            Fault::AnswerCut(0) => "one-way link",
            Fault::AnswerCut(_) => "answer cut",
            Fault::Twice => "request doubled on two nodes",
            Fault::Doubled => "answer doubled",
            Fault::Altered => "change altered",
            Fault::BadRequest(damage) | Fault::BadAnswer(damage) => damage.name(),
            Fault::ServerPower => "server killed within a request",
            Fault::DeskPower(_) => "desk killed within a round",
            Fault::Meanwhile(_) => "another desk in the middle of a round",
        })
    }
}

/// How a round ended for the desk.
#[derive(Default)]
struct Ended {
    heard: Heard,
    /// The desk hears nothing after this.
    is_over: bool,
    /// It found out that it needs a new name.
    is_fallen: bool,
}

impl World {
    /// One round over a bad link.
    pub fn exchange_with_faults(&mut self, desk: usize) -> Result<()> {
        let mishap = self.draw_mishap(desk)?;
        if mishap != Mishap::None {
            return self.round(desk, Fault::Pieces(mishap)).map(drop);
        }
        let chance = &mut self.chance;
        let fault = match chance.weighed(&[52, 8, 3, 5, 9, 3, 4, 4, 4, 4, 1, 2, 2, 1]) {
            1 => Fault::NoLink,
            2 => Fault::Late,
            3 => Fault::AskCut(chance.below(4)),
            4 => Fault::AnswerCut(chance.below(5)),
            5 => Fault::Twice,
            6 => Fault::Doubled,
            7 => Fault::Altered,
            8 => Fault::BadRequest(Damage::draw(chance)),
            9 => Fault::BadAnswer(Damage::draw(chance)),
            10 => Fault::ServerPower,
            11 => Fault::DeskPower(1 + chance.below(5)),
            12 => Fault::Meanwhile(1 + chance.below(5)),
            13 => Fault::Rights(1 + chance.below(3)),
            _ => Fault::None,
        };
        self.round(desk, fault).map(drop)
    }

    /// One round over a good link.
    pub fn exchange_well(&mut self, desk: usize) -> Result<()> {
        self.round(desk, Fault::None).map(drop)
    }

    /// A round of which the desk hears nothing.
    pub fn one_way(&mut self, desk: usize) -> Result<()> {
        self.round(desk, Fault::AnswerCut(0)).map(drop)
    }

    /// Rounds over a good link until there is no more.
    pub fn exchange(&mut self, desk: usize) -> Result<()> {
        for _ in 0..ROUNDS {
            if !self.round(desk, Fault::None)? {
                let spaces = self.desks[desk].store().spaces()?;
                let is_behind = spaces.iter().any(|space| space.cursor < space.head);
                ensure!(
                    !is_behind || self.is_revoked(desk) || self.desks[desk].leaving != Leaving::No,
                    "I23: {} stops before it has everything",
                    self.desks[desk].name
                );
                return Ok(());
            }
        }
        bail!("I23: {} still has more after {ROUNDS} rounds", self.desks[desk].name)
    }

    /// One round. Answers whether another should follow.
    fn round(&mut self, number: usize, fault: Fault) -> Result<bool> {
        if self.desks[number].leaving == Leaving::Over {
            return Ok(false);
        }
        if self.district.first().device(self.desks[number].device)?.is_none() {
            if self.desks[number].is_over() {
                self.desks[number].leaving = Leaving::Over;
                return Ok(false);
            }
            self.rejoin(number)?;
            return Ok(true);
        }
        self.attend(number)?;
        let side = Arc::clone(self.desks[number].side());
        let brought = self.before_parting(number)?;
        let asks = side.asks(self.desk_ms(number)).context("a desk cannot ask")?;
        let asks = self.in_its_words(number, asks);
        self.after_parting(number, brought)?;
        self.check_asks(&asks)?;
        self.check_not_asked(number, &asks)?;
        if let Some(name) = fault.name() {
            self.fault(name);
        }
        match fault {
            Fault::NoLink => {
                self.say_at(number, "has no link");
                self.pause_after(number, None);
                return Ok(false);
            }
            Fault::Late => {
                self.say_at(number, "sends, and the request is held up on its way");
                let device = self.desks[number].device;
                self.letters.push(Letter {
                    desk: number,
                    device,
                    asks,
                });
                self.pause_after(number, None);
                return Ok(false);
            }
            _ => {}
        }
        let before = match fault {
            Fault::ServerPower => self.district.written()?,
            _ => None,
        };
        let (heard_asks, is_whole) = self.on_the_way(asks, fault)?;
        let is_kept = is_whole && fault != Fault::ServerPower;
        if is_kept && heard_asks.iter().any(|ask| matches!(ask, Ask::Push(_))) {
            let restored = self.district.restored;
            self.desks[number].keep_sent(heard_asks.clone(), restored);
        }
        let ended = self.hear_and_answer(number, &side, heard_asks, is_whole, before, fault);
        self.district.former = None;
        let mut ended = ended?;
        if ended.is_fallen {
            drop(side);
            self.renew(number)?;
            return Ok(true);
        }
        let well = [Fault::None, Fault::Doubled, Fault::Twice];
        let is_whole = (well.contains(&fault) || matches!(fault, Fault::Pieces(_))) && !ended.is_over;
        if is_whole {
            let mishap = match fault {
                Fault::Pieces(mishap) => mishap,
                _ => Mishap::None,
            };
            ended.heard.more |= self.begin(number, &side, mishap)?;
        }
        self.pause_after(number, is_whole.then_some(ended.heard.more));
        Ok(ended.heard.more)
    }

    /// What the server hears of the asks, and whether that is the whole request.
    fn on_the_way(&mut self, asks: Vec<Ask>, fault: Fault) -> Result<(Vec<Ask>, bool)> {
        Ok(match fault {
            Fault::AskCut(count) => (asks.into_iter().take(count).collect(), false),
            Fault::BadRequest(damage) => {
                let (mut asks, is_whole) = carried(&asks, damage, &mut self.chance)?;
                grants_first(&mut asks);
                (asks, is_whole)
            }
            _ => (asks, true),
        })
    }

    fn hear_and_answer(
        &mut self,
        number: usize,
        side: &DeskSide,
        asks: Vec<Ask>,
        is_whole: bool,
        before: Option<Written>,
        fault: Fault,
    ) -> Result<Ended> {
        let device = self.desks[number].device;
        let known = self.district.last_heard(device)?;
        if fault == Fault::Twice {
            let node = self.district.any(&mut self.chance);
            let mut first = Round::begin(&node, device)?;
            for ask in asks.iter().cloned() {
                first.take(ask)?;
            }
            self.unheard(number, known, first)?;
        }
        let node = self.district.any(&mut self.chance);
        let mut round = Round::begin(&node, device)?;
        let unsent = match fault {
            Fault::Rights(_) => brought(&asks)?,
            _ => Vec::new(),
        };
        for (place, ask) in asks.into_iter().enumerate() {
            if fault == Fault::Rights(place) {
                self.rights_change_within(number, &unsent)?;
            }
            round.take(ask).map_err(|error| {
                let held = if matches!(error, ServerError::Database(_)) {
                    "I4"
                } else {
                    "I23"
                };
                anyhow!("{held}: the server cannot take in what a desk says: {error}")
            })?;
        }
        if fault == Fault::ServerPower {
            self.say_at(number, "sends, and the server loses power over it");
            drop((round, node));
            self.district.lose_power(before, &mut self.chance)?;
            return Ok(Ended::default());
        }
        if !is_whole {
            let how = fault.name().unwrap_or_default();
            self.say_at(number, &format!("sends; the request is lost on its way ({how})"));
            self.unheard(number, known, round)?;
            return Ok(Ended::default());
        }
        self.answer(number, side, known, round, fault)
    }

    /// What the server did, although nobody hears of it.
    pub fn unheard(&mut self, number: usize, known: u64, round: Round) -> Result<()> {
        let mut answers = round.answers()?;
        while let Some(answer) = answers.next_answer()? {
            if matches!(answer, Answer::Page(_) | Answer::NoSpace { .. } | Answer::End) {
                return Ok(());
            }
            self.note_answer(number, known, &answer)?;
        }
        Ok(())
    }

    fn answer(&mut self, number: usize, side: &DeskSide, known: u64, round: Round, fault: Fault) -> Result<Ended> {
        let mut line = String::from("exchanges:");
        let mut ended = Ended::default();
        let mut answers = round.answers()?;
        if let Fault::BadAnswer(damage) = fault {
            let mut said = Vec::new();
            while let Some(answer) = answers.next_answer()? {
                self.note_answer(number, known, &answer)?;
                said.push(answer);
            }
            let said = as_said(said, damage);
            if damage == Damage::Flipped {
                flipped(&said, &mut self.chance)?;
                self.oracle.asked("I16");
            }
            let (read, _) = carried(&said, damage, &mut self.chance)?;
            line += &format!(" the answer is damaged ({});", damage.name());
            for answer in read {
                if ended.is_over || answer == Answer::End {
                    break;
                }
                line += &short(&answer);
                self.absorb(number, side, answer, damage == Damage::FramesSwapped, &mut ended)?;
            }
            self.say_at(number, &line);
            return Ok(ended);
        }
        let (mut count, mut pages) = (0, 0);
        let written = match fault {
            Fault::DeskPower(_) => self.desks[number].written()?,
            _ => None,
        };
        while let Some(answer) = answers.next_answer()? {
            self.note_answer(number, known, &answer)?;
            count += 1;
            pages += usize::from(matches!(answer, Answer::Page(_)));
            if answer == Answer::End || matches!(fault, Fault::AnswerCut(arrive) if count > arrive) {
                break;
            }
            line += &short(&answer);
            if count == 1 {
                self.second_worker(number)?;
            }
            if fault == Fault::Altered
                && let Some(altered) = altered(&answer)
            {
                self.refuses(number, side, altered)?;
                break;
            }
            self.absorb(number, side, answer.clone(), false, &mut ended)?;
            if fault == Fault::Doubled && !ended.is_over {
                // A page that was read already is refused, anything else says nothing new.
                self.absorb(number, side, answer, true, &mut ended)?;
            }
            if ended.is_over {
                break;
            }
            match fault {
                Fault::DeskPower(after) if count == after => {
                    self.say_at(number, &format!("{line} and its power fails"));
                    self.power_cut_since(number, written)?;
                    return Ok(Ended::default());
                }
                Fault::Meanwhile(after) if count == after => {
                    let other = self.chance.below(self.desks.len());
                    if other != number {
                        self.round(other, Fault::None)?;
                    }
                }
                _ => {}
            }
        }
        self.check_pages(pages)?;
        self.say_at(number, &line);
        Ok(ended)
    }

    /// The desk takes an answer in. One out of place may be refused.
    fn absorb(
        &mut self,
        number: usize,
        side: &DeskSide,
        answer: Answer,
        may_be_refused: bool,
        ended: &mut Ended,
    ) -> Result<()> {
        let now_ms = self.desk_ms(number);
        let said = short(&answer);
        let is_page = matches!(answer, Answer::Page(_));
        let leaving = match &answer {
            Answer::Withdraw(_) if !self.desks[number].is_over() => Some(Leaving::Ordered),
            Answer::Parted { .. } => Some(Leaving::Over),
            _ => None,
        };
        self.desks[number].restored = self.district.restored;
        self.desks[number].pulls += u64::from(is_page);
        let Err(failure) = side.absorb(answer, now_ms, &mut ended.heard) else {
            self.desks[number].leaving = leaving.unwrap_or(self.desks[number].leaving);
            return Ok(());
        };
        ended.is_over = true;
        if self.desks[number].is_fallen && ["desk_forked", "desk_replaced"].contains(&failure.code.as_str()) {
            ended.is_fallen = true;
            return Ok(());
        }
        if self.desks[number].is_disk_failed() && is_of_disk(&failure.clone().into()) {
            return Ok(());
        }
        // Whoever signed in there may have been locked out in the midst of the round.
        if self.district.former.is_some() && failure.code == "not_signed_in" {
            return Ok(());
        }
        let is_revoked = self.is_revoked(number) && failure.code == "desk_revoked";
        ensure!(
            is_revoked || (may_be_refused && is_page) || self.desks[number].is_over(),
            "{}: {} cannot take in{said} {failure}",
            if is_page { "I4" } else { "I23" },
            self.desks[number].name
        );
        if may_be_refused && is_page {
            ended.is_over = false;
        }
        Ok(())
    }

    /// An altered page is refused, and the desk stays as it was.
    fn refuses(&mut self, number: usize, side: &DeskSide, altered: Answer) -> Result<()> {
        let now_ms = self.desk_ms(number);
        let store = self.desks[number].store();
        let before = store.spaces()?;
        let taken = side.absorb(altered, now_ms, &mut Heard::default());
        ensure!(
            taken.is_err(),
            "I16: {} takes in an altered change",
            self.desks[number].name
        );
        let after = store.spaces()?;
        let holds = |spaces: &[store::SpaceStatus]| -> Vec<_> {
            spaces
                .iter()
                .map(|space| (space.cursor, space.chain, space.digest))
                .collect()
        };
        ensure!(
            holds(&before) == holds(&after),
            "I16: {} moved by an altered page",
            self.desks[number].name
        );
        self.oracle.asked("I16");
        Ok(())
    }
}
