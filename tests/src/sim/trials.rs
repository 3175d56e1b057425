//! Trials that belong to no deed: people whose right is withdrawn and given back, a desk of a newer
//! version, clocks, and what must hold of each answer.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use desk::Failure;
use desk::net::patience::Patience;
use desk::round::workers;
use domain::entities::{item, patient, person};
use domain::{Draft, RecordId, Value};
use ed25519_dalek::SigningKey;
use server::db;
use server::db::device::{Device, Status};
use sync_core::change::SCHEMA;
use sync_core::clock::MOST_AHEAD_MS;
use sync_core::exchange::{Answer, Batch};
use sync_core::frame::{Unpacker, pack};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, Hash, SpaceId, Stamp};

use super::world::World;

/// What the trials keep in mind.
#[derive(Default)]
pub struct Trials {
    newer: Option<Newer>,
    /// A second worker of a desk is under way.
    is_second: bool,
    /// By desk: its last stamp, and the latest that its own clock ever said.
    clocks: BTreeMap<usize, (Stamp, i64)>,
}

/// A desk of a newer version, that writes what nobody here knows.
struct Newer {
    device: DeviceId,
    key: SigningKey,
    space: SpaceId,
    actor: RecordId,
    written: Vec<Encoded>,
}

impl World {
    /// One of the trials.
    pub fn trial(&mut self, desk: usize) -> Result<()> {
        match self.chance.between(1, 10) {
            1..=3 => self.withdraw_or_give_back(desk),
            4 => self.district_writes(),
            5 => self.newer_desk_writes(),
            _ => self.planted_trial(desk),
        }
    }

    /// Somebody of the desk's hospital may no longer write, or may again.
    fn withdraw_or_give_back(&mut self, desk: usize) -> Result<()> {
        if self.faults.contains_key("server restored") {
            return Ok(());
        }
        let people = self.hospitals[self.desks[desk].hospital].people.clone();
        let who = *self.chance.pick(&people).context("nobody works here")?;
        let active = if self.chance.percent(50) { "no" } else { "yes" };
        self.fault("right changed");
        self.trace.say(format!("somebody of desk {desk} is active: {active}"));
        let draft = Draft::new("person", who).with(&person::ACTIVE, active);
        self.server.author(self.server.district(), vec![vec![draft]])?;
        Ok(())
    }

    /// Somebody at the district adds an item to the catalogue: the server is an author too, also when it
    /// was set back.
    fn district_writes(&mut self) -> Result<()> {
        let draft = Draft::new("item", self.chance.record(self.now_ms()))
            .with(&item::NAME, "Gauze")
            .with(&item::UNIT, "pieces");
        self.trace.say("the district adds an item".to_owned());
        self.server.author(self.server.district(), vec![vec![draft]])?;
        Ok(())
    }

    /// Makes the desk of a newer version known, before anything can be restored to a time without it.
    pub fn join_newer_desk(&mut self) -> Result<()> {
        let now_ms = self.now_ms();
        let key = SigningKey::from_bytes(&self.chance.bytes());
        let device = DeviceId(self.chance.id(now_ms));
        let hospital = &self.hospitals[0];
        let known = Device {
            id: device,
            key: Hash(key.verifying_key().to_bytes()),
            sealed_name: Vec::new(),
            facility: hospital.facility,
            status: Status::Active,
            last_seq: 0,
            chain: Chain::default(),
            enrolled_ms: now_ms,
            contact_ms: now_ms,
            sealed_share: Vec::new(),
        };
        self.server.db().write(|tx| db::device::insert(&known, tx))?;
        self.trials.newer = Some(Newer {
            device,
            key,
            space: hospital.space,
            actor: hospital.people[0],
            written: Vec::new(),
        });
        Ok(())
    }

    /// It registers a patient with a field and a detail that this version does not know.
    fn newer_desk_writes(&mut self) -> Result<()> {
        let now_ms = self.now_ms();
        let (action, record) = (self.chance.id(now_ms), self.chance.record(now_ms));
        let newer = self.trials.newer.as_mut().context("no newer desk joined")?;
        let fields = [
            (patient::NAME.name(), Value::Text("Newcomer".to_owned())),
            ("of_a_later_version", Value::Text("kept".to_owned())),
        ];
        let change = Change {
            id: ChangeId {
                device: newer.device,
                seq: newer.written.len() as u64 + 1,
            },
            action,
            of: 1,
            space: newer.space,
            kind: "patient".to_owned(),
            record,
            fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
            base: BTreeMap::new(),
            seen: 0,
            actor: newer.actor,
            session: uuid::Uuid::nil(),
            schema: SCHEMA + 1,
            stamp: Stamp(now_ms, 0),
            wall_ms: now_ms,
        };
        let mut bytes = Encoded::new(change).bytes().to_vec();
        bytes.pop();
        bytes.extend(br#","of_a_later_version":[1,2]}"#);
        newer.written.push(Encoded::read(bytes)?);
        self.trace.say("a desk of a newer version writes".to_owned());
        self.fault("newer version");
        self.newer_desk_sends()
    }

    /// It sends whatever the server lacks.
    pub fn newer_desk_sends(&mut self) -> Result<()> {
        let newer = self.trials.newer.as_ref().context("no newer desk joined")?;
        let known = self
            .server
            .device(newer.device)?
            .context("the newer desk is not known")?;
        let (had, lacking) = newer.written.split_at(usize::try_from(known.last_seq)?);
        let before = had
            .iter()
            .fold(Chain::default(), |chain, each| chain.with_change(each.hash()));
        let batch = Batch::new(&newer.key, newer.device, before, lacking)?;
        let answer = self.server.push(newer.device, &batch)?;
        let is_taken = matches!(answer, Answer::Receipt { .. });
        ensure!(
            is_taken,
            "I19: what a newer version wrote is not taken in as it was written"
        );
        self.oracle.asked("I19");
        Ok(())
    }

    /// Takes note of when the desk's worker asks again: after a round with or without more to come, or
    /// after one that failed.
    pub fn pause_after(&mut self, desk: usize, more: Option<bool>) {
        let (now_ms, patience) = (self.now_ms(), Patience::default());
        let desk = &mut self.desks[desk];
        desk.failures = if more.is_some() { 0 } else { desk.failures + 1 };
        let wait = match more {
            Some(true) => Duration::ZERO,
            Some(false) => patience.news,
            None => patience.after(&Failure::new("offline"), desk.failures).wait,
        };
        let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        desk.due_ms = now_ms.saturating_add(wait_ms);
    }

    /// As many workers as a desk has are under way at the same time.
    pub fn second_worker(&mut self, desk: usize) -> Result<()> {
        if workers() == 1 || self.trials.is_second {
            return Ok(());
        }
        self.trials.is_second = true;
        let exchanged = self.exchange_well(desk);
        self.trials.is_second = false;
        exchanged
    }

    /// Looks at the stamps of what a desk just saved: they rise, whatever its clock does, and nobody
    /// else's clock moves them ahead.
    pub fn check_stamps(&mut self, desk: usize, saved: &[ChangeId]) -> Result<()> {
        let store = self.desks[desk].store().clone();
        let latest_ms = self.now_ms() + MOST_AHEAD_MS;
        for id in saved {
            let change = store.read(|records, _| records.change(*id))?;
            let change = change.with_context(|| format!("I1: the change {} is gone", id.seq))?;
            let (last, own_ms) = self.trials.clocks.entry(desk).or_insert((Stamp::default(), i64::MIN));
            *own_ms = change.wall_ms.max(*own_ms);
            ensure!(change.stamp > *last, "I17: the stamps of desk {desk} step back");
            ensure!(
                change.stamp.0 <= latest_ms.max(*own_ms),
                "I17: somebody else's clock moved that of desk {desk} ahead"
            );
            *last = change.stamp;
        }
        self.oracle.asked("I17");
        Ok(())
    }

    /// Looks at an answer before the desk does: what builds on something that is kept aside is kept
    /// aside with it.
    pub fn check_answer(&mut self, desk: usize, answer: &Answer) -> Result<()> {
        let Answer::Receipt { numbered, .. } = answer else {
            return Ok(());
        };
        // A restored server may hear of the dependant first.
        if self.faults.contains_key("server restored") {
            return Ok(());
        }
        let (store, device) = (self.desks[desk].store().clone(), self.desks[desk].device);
        for each in numbered {
            let id = ChangeId { device, seq: each.seq };
            let change = store.read(|records, _| records.change(id))?;
            let change = change.with_context(|| format!("I1: the change {} is gone", id.seq))?;
            for known in change.base.values().flatten() {
                let aside = self.server.db().read(|conn| db::parked::get(*known, conn))?;
                ensure!(
                    aside.is_none(),
                    "I15: what builds on a parked change was taken in without it"
                );
            }
        }
        self.oracle.asked("I15");
        Ok(())
    }

    /// Flips one bit of the answer's frame: nobody takes it for another answer.
    pub fn check_flipped(&mut self, answer: &Answer) -> Result<()> {
        let mut frame = pack(answer)?;
        let at = self.chance.below(frame.len());
        if let Some(byte) = frame.get_mut(at) {
            *byte ^= 1 << self.chance.between(0, 7);
        }
        let mut unpacker = Unpacker::default();
        unpacker.push(&frame);
        if let Ok(Some(other)) = unpacker.take::<Answer>()
            && other != *answer
        {
            bail!("I16: a frame with a flipped bit is taken in as another answer");
        }
        self.oracle.asked("I16");
        Ok(())
    }
}
