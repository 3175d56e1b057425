//! What a course says while it is lived: line by line into a pipe, each line there before anything
//! else is done, as a screen shows a person that their edit is saved.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use anyhow::{Context, Result};
use store::Store;
use sync_core::{ChangeId, DeviceId, Encoded, Hash, Lsn, SpaceId};
use uuid::Uuid;

/// Everything that was said up to a moment.
#[derive(Debug, Default, Clone)]
pub struct Said {
    /// The steps that were begun and those that ended, in their order.
    pub begun: Vec<usize>,
    pub ended: Vec<usize>,
    /// Steps that told an error.
    pub failed: Vec<(usize, String)>,
    /// Actions that were begun, whatever became of them.
    pub tried: BTreeSet<Uuid>,
    /// Changes that were acknowledged as saved, with what they say where it was still looked up.
    pub saved: BTreeMap<ChangeId, Option<Hash>>,
    /// Changes that were acknowledged as received, with their number; nothing for those kept aside.
    pub received: BTreeMap<ChangeId, Option<Lsn>>,
    /// The same of the server that was restored from a backup since.
    pub received_before: BTreeMap<ChangeId, Option<Lsn>>,
    /// How far each space was read, in which epoch.
    pub read: BTreeMap<SpaceId, (u64, Lsn)>,
    /// Anything else that was acknowledged.
    pub told: BTreeSet<String>,
}

/// Says what happens. It is noted before it is said.
pub struct Voice {
    said: Said,
    is_heard: bool,
}

impl Voice {
    /// Says everything to the standard output.
    pub fn loud() -> Voice {
        Voice {
            said: Said::default(),
            is_heard: true,
        }
    }

    /// Goes on after what was said before.
    pub fn after(said: Said) -> Voice {
        let is_heard = false;
        Voice { said, is_heard }
    }

    pub fn said(&self) -> &Said {
        &self.said
    }

    fn say(&mut self, line: &str) -> Result<()> {
        self.said.hear(line)?;
        if self.is_heard {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{line}")?;
            out.flush()?;
        }
        Ok(())
    }

    pub fn begin(&mut self, step: usize) -> Result<()> {
        self.say(&format!("begin {step}"))
    }

    pub fn end(&mut self, step: usize) -> Result<()> {
        self.say(&format!("end {step}"))
    }

    pub fn fail(&mut self, step: usize, error: &anyhow::Error) -> Result<()> {
        let why = format!("{error:#}").replace('\n', " ");
        self.say(&format!("fail {step} {why}"))
    }

    pub fn try_action(&mut self, action: Uuid) -> Result<()> {
        self.say(&format!("try {action}"))
    }

    /// Acknowledges changes as saved, at once: a look at them could wait until they are.
    pub fn save(&mut self, store: &Store, changes: &[ChangeId]) -> Result<()> {
        changes.iter().try_for_each(|id| self.say(&format!("saved {id}")))?;
        for id in changes {
            let hash = hash_in(store, *id)?.context("a change just saved is not there")?;
            self.say(&format!("says {id} {hash}"))?;
        }
        Ok(())
    }

    pub fn receive(&mut self, device: DeviceId, seq: u64, lsn: Option<Lsn>) -> Result<()> {
        let id = ChangeId { device, seq };
        self.say(&format!(
            "received {id} {}",
            lsn.map_or("aside".to_owned(), |lsn| lsn.to_string())
        ))
    }

    pub fn read(&mut self, space: SpaceId, epoch: u64, cursor: Lsn) -> Result<()> {
        self.say(&format!("read {space} {epoch} {cursor}"))
    }

    pub fn tell(&mut self, what: &str) -> Result<()> {
        self.say(&format!("told {what}"))
    }
}

/// The hash of a change as a store holds it.
pub fn hash_in(store: &Store, id: ChangeId) -> Result<Option<Hash>> {
    let change = store.read(|records, _| records.change(id))?;
    Ok(change.map(|change| Encoded::new(change).hash()))
}

impl Said {
    /// Reads what a child said. The last line may be cut.
    pub fn of(text: &str) -> Result<Said> {
        let mut said = Said::default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        for line in whole.lines() {
            said.hear(line)?;
        }
        Ok(said)
    }

    /// Whether a step was begun again.
    pub fn is_disturbed(&self) -> bool {
        let is_again = |steps: &[usize]| steps.first() == steps.last();
        !self.failed.is_empty() || self.begun.windows(2).any(is_again)
    }

    fn hear(&mut self, line: &str) -> Result<()> {
        let (word, rest) = line.split_once(' ').context("a line of one word")?;
        let mut words = rest.split(' ');
        let mut next = || words.next().context("a line too short");
        match word {
            "begin" => self.begun.push(rest.parse()?),
            "end" => self.ended.push(rest.parse()?),
            "fail" => {
                let (step, why) = rest.split_once(' ').context("a failure without a reason")?;
                self.failed.push((step.parse()?, why.to_owned()));
            }
            "try" => drop(self.tried.insert(rest.parse()?)),
            "saved" => drop(self.saved.insert(next()?.parse().map_err(bad)?, None)),
            "says" => {
                let (id, hash) = (next()?.parse().map_err(bad)?, next()?.parse().map_err(bad)?);
                self.saved.insert(id, Some(hash));
            }
            "received" => {
                let (id, lsn) = (next()?.parse().map_err(bad)?, next()?);
                self.received.insert(id, lsn.parse().ok());
            }
            "read" => {
                let space = next()?.parse().map_err(bad)?;
                self.read.insert(space, (next()?.parse()?, next()?.parse()?));
            }
            "told" => {
                if rest == "restored" && self.told.insert(rest.to_owned()) {
                    self.received_before = std::mem::take(&mut self.received);
                }
                self.told.insert(rest.to_owned());
            }
            _ => anyhow::bail!("nobody says {word}"),
        }
        Ok(())
    }
}

fn bad<E: std::fmt::Debug>(error: E) -> anyhow::Error {
    anyhow::anyhow!("{error:?}")
}
