//! What comes to the district from elsewhere: requests that were held up or are sent again, a
//! program of a newer version, and one that means harm.

use anyhow::{Context, Result, ensure};
use domain::{RecordId, Value};
use ed25519_dalek::SigningKey;
use server::db::parked::Decided;
use server::exchange::grants::Grants;
use server::exchange::pull::Pull;
use server::exchange::round::Round;
use server::{Server, ServerError, db};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Answer, Ask, Batch, Carried, MOST_CHANGES, Reason};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, Hash, SpaceId, Stamp};
use uuid::Uuid;

use super::desk::enrolled;
use super::world::World;

/// A request on its way for hours.
pub struct Letter {
    pub desk: usize,
    /// The name under which it was sent.
    pub device: DeviceId,
    pub asks: Vec<Ask>,
}

/// Two devices of a hospital with programs of their own: one writes, one only reads.
#[derive(Clone)]
pub struct Stranger {
    pub device: DeviceId,
    pub reader: DeviceId,
    key: SigningKey,
    /// Everything that it ever sent and that was believed.
    pub log: Vec<Encoded>,
    /// Its chain after that.
    chain: Chain,
}

impl Stranger {
    pub fn none() -> Stranger {
        Stranger {
            device: DeviceId(Uuid::nil()),
            reader: DeviceId(Uuid::nil()),
            key: SigningKey::from_bytes(&[0; 32]),
            log: Vec::new(),
            chain: Chain::default(),
        }
    }

    pub fn join(hospital: usize, world: &mut World) -> Result<()> {
        let now_ms = world.now_ms();
        let [device, reader] = [(), ()].map(|()| DeviceId(world.chance.id(now_ms)));
        let key = SigningKey::from_bytes(&world.chance.bytes());
        for id in [device, reader] {
            let known = enrolled(id, &key, world, hospital);
            world.district.first().db().write(|tx| db::device::insert(&known, tx))?;
        }
        world.hospitals[hospital].stranger = Stranger {
            device,
            reader,
            key,
            log: Vec::new(),
            chain: Chain::default(),
        };
        Ok(())
    }

    pub fn keep(&mut self, changes: impl IntoIterator<Item = Encoded>) {
        for change in changes {
            self.chain = self.chain.with_change(change.hash());
            self.log.push(change);
        }
    }

    pub fn batch(&self, changes: &[Encoded]) -> Result<Batch> {
        Ok(Batch::new(&self.key, self.device, self.chain, changes)?)
    }
}

/// What a stranger writes.
pub struct Note {
    actor: RecordId,
    space: SpaceId,
    record: RecordId,
    field: &'static str,
    of: u32,
}

impl World {
    /// Somebody sends again what a desk sent before: nothing changes by it.
    pub fn replay(&mut self, desk: usize) -> Result<()> {
        let Some(sent) = self.chance.pick(&self.desks[desk].sent).cloned() else {
            return Ok(());
        };
        self.fault("old request replayed");
        self.say_at(desk, "has an old request of it sent again by somebody");
        let before = self.district.first().heads()?;
        let known = self.district.first().device(self.desks[desk].device)?;
        let known = known.map_or(0, |known| known.last_seq);
        let is_known = sent.asks.iter().all(|ask| match ask {
            Ask::Push(batch) => batch.first + batch.changes.len() as u64 <= known + 1,
            _ => true,
        });
        self.deliver(desk, sent.asks)?;
        // What the district does not have, since it was restored or something before was missing when it was sent
        // first, an old request may bring, which is welcome.
        ensure!(
            !is_known || sent.restored != self.district.restored || self.district.first().heads()? == before,
            "I22: an old request of {} changed something",
            self.desks[desk].name
        );
        self.oracle.asked("I22");
        Ok(())
    }

    /// A request that was held up arrives after newer ones. Whoever sent it has long given up.
    pub fn letter_arrives(&mut self) -> Result<()> {
        if self.letters.is_empty() {
            return Ok(());
        }
        let place = self.chance.below(self.letters.len());
        let letter = self.letters.remove(place);
        self.fault("late request arrives");
        self.say_at(letter.desk, "has a request arrive that was held up");
        if letter.device != self.desks[letter.desk].device {
            return self.earlier_letter(letter);
        }
        self.deliver(letter.desk, letter.asks)
    }

    /// A request under a name that is closed: nothing of it is taken in, unless the server fell back to a time at
    /// which the name was in use.
    fn earlier_letter(&mut self, letter: Letter) -> Result<()> {
        let node = self.district.any(&mut self.chance);
        let is_closed = node
            .db()
            .read(|conn| db::succession::is_replaced(letter.device, conn))?;
        let Some(_) = node.device(letter.device)? else {
            return Ok(());
        };
        let before = node.heads()?;
        let mut round = Round::begin(&node, letter.device)?;
        letter.asks.into_iter().try_for_each(|ask| round.take(ask))?;
        ensure!(!is_closed || node.heads()? == before, "I20: a closed name is taken in");
        Ok(())
    }

    fn deliver(&mut self, desk: usize, asks: Vec<Ask>) -> Result<()> {
        let node = self.district.any(&mut self.chance);
        let device = self.desks[desk].device;
        let Some(known) = node.device(device)? else {
            // The server fell back to a time before the desk joined.
            let refused = Round::begin(&node, device).err();
            ensure!(
                matches!(refused, Some(ServerError::NoDevice)),
                "I13: a desk is heard that nobody knows"
            );
            return Ok(());
        };
        let mut round = Round::begin(&node, device)?;
        for ask in asks {
            round.take(ask)?;
        }
        self.unheard(desk, known.last_seq, round)
    }

    /// A program of a newer version writes what nobody here knows yet.
    pub fn newer_version_writes(&mut self, desk: usize) -> Result<()> {
        self.catch_up()?;
        let number = self.desks[desk].hospital;
        let people = &self.hospitals[number].people;
        let person = self.chance.pick(people).context("nobody works here")?.clone();
        let grant = self.district.known.grants.get(&person.id).copied();
        let may = grant.is_some_and(|grant| {
            grant.is_active && grant.role == "nurse" && grant.facility == self.hospitals[number].facility
        });
        let known = self.somebody(desk)?.map(|patient| patient.id);
        let Some(record) = known.filter(|_| may) else {
            return Ok(());
        };
        if self.is_any_parked(record)? || self.erasing.is_erased(&("patient", record)) {
            return Ok(());
        }
        self.fault("newer version writes");
        let line = format!(
            "{} writes at a newer program about {}",
            person.name,
            self.name_of(record)
        );
        self.say(&line);
        let note = Note {
            actor: person.id,
            space: self.hospitals[number].space,
            record,
            field: "care_plan_of_2031",
            of: 1,
        };
        let change = self.changes(number, &note, 1).pop().context("one was asked for")?;
        let mut newer = serde_json::to_value(change.change())?;
        newer["schema"] = serde_json::json!(SCHEMA + 1);
        newer["urgency"] = serde_json::json!({ "of": "a later day", "grade": 1.50 });
        let newer = Encoded::read(serde_json::to_vec(&newer)?)?;
        let node = self.district.any(&mut self.chance);
        let answer = self.push(&node, number, std::slice::from_ref(&newer))?;
        let is_taken = matches!(&answer, Answer::Receipt { numbered, .. } if numbered.len() == 1);
        ensure!(is_taken, "I19: what a newer version wrote was not taken in: {answer:?}");
        self.hospitals[number].stranger.keep([newer]);
        Ok(())
    }

    /// Whether the district keeps a change of the record aside, by what stands there: its answer may have been lost.
    fn is_any_parked(&self, record: RecordId) -> Result<bool> {
        let parked = self.district.first().db().read(db::parked::all)?;
        Ok(parked
            .iter()
            .any(|aside| aside.record == record && aside.decided != Some(Decided::Released)))
    }

    /// What a restored district lacks of the strangers' changes comes again, as from any desk.
    pub fn catch_up(&mut self) -> Result<()> {
        for number in 0..self.hospitals.len() {
            while let Some(batch) = self.missing(number)? {
                let node = self.district.any(&mut self.chance);
                let answer = self.push_batch(&node, number, &batch)?;
                ensure!(
                    matches!(answer, Answer::Receipt { .. }),
                    "I20: a desk cannot refill the district: {answer:?}"
                );
            }
        }
        Ok(())
    }

    fn missing(&self, number: usize) -> Result<Option<Batch>> {
        let stranger = &self.hospitals[number].stranger;
        let known = self.district.first().device(stranger.device)?;
        let known = usize::try_from(known.map_or(0, |device| device.last_seq))?;
        let (before, missing) = stranger.log.split_at(known.min(stranger.log.len()));
        let Some(missing) = missing.chunks(MOST_CHANGES).next() else {
            return Ok(None);
        };
        let before = before.iter().map(Encoded::hash);
        let chain = before.fold(Chain::default(), Chain::with_change);
        Ok(Some(Batch::new(&stranger.key, stranger.device, chain, missing)?))
    }

    /// Somebody with a stolen device, or none at all, tries what they can.
    pub fn malice(&mut self, desk: usize) -> Result<()> {
        self.catch_up()?;
        let number = self.desks[desk].hospital;
        let node = self.district.any(&mut self.chance);
        let before = node.heads()?;
        let draw = self.chance.weighed(&[12, 12, 12, 12, 12, 2, 12, 12, 12, 12, 12]);
        self.say(&format!(
            "somebody means harm in {} ({draw})",
            super::words::hospital(number)
        ));
        match draw {
            0..=4 => self.untrue_batch(draw, desk, &node)?,
            5 => self.sizes(number, &node)?,
            6 => self.foreign_space(number, &node)?,
            7 => {
                self.fault("malice: changes nobody has a right to");
                let nobody = RecordId(self.chance.id(self.now_ms()));
                let note = self.note(number, nobody, 1);
                self.expect_parked(number, &node, &note, 1, Reason::UnknownPerson)?;
            }
            8 => {
                self.fault("malice: action sent in part");
                let actor = self.hospitals[number].people[0].id;
                let note = self.note(number, actor, 2);
                self.expect_parked(number, &node, &note, 1, Reason::Malformed)?;
            }
            9 => self.fork(number, &node)?,
            _ => self.in_anothers_name(number, &node)?,
        }
        ensure!(node.heads()? == before, "I16: malice ({draw}) changed a log");
        self.oracle.asked("I16");
        Ok(())
    }

    fn untrue_batch(&mut self, draw: usize, desk: usize, node: &Server) -> Result<()> {
        let number = self.desks[desk].hospital;
        let actor = self.hospitals[number].people[0].id;
        let note = self.note(number, actor, 1);
        let changes = self.changes(number, &note, 2);
        let forged = SigningKey::from_bytes(&self.chance.bytes());
        let nowhere = Chain(Hash(self.chance.bytes()));
        let stranger = &self.hospitals[number].stranger;
        let mut batch = stranger.batch(&changes)?;
        let (kind, device) = match draw {
            0 => {
                batch = Batch::new(&forged, stranger.device, stranger.chain, &changes)?;
                ("malice: forged signature", stranger.device)
            }
            1 => {
                let mut altered = changes[1].change().clone();
                altered
                    .fields
                    .insert(note.field.to_owned(), Value::Text("Forged".to_owned()));
                batch.changes[1] = Carried::of(&Encoded::new(altered))?;
                ("malice: changed bytes", stranger.device)
            }
            2 => ("malice: another device's name", self.desks[desk].device),
            3 => {
                let chain = stranger.chain.with_change(changes[0].hash());
                batch = Batch::new(&stranger.key, stranger.device, chain, &changes[1..])?;
                ("malice: gap", stranger.device)
            }
            _ => {
                batch = Batch::new(&stranger.key, stranger.device, nowhere, &changes)?;
                ("malice: wrong chain", stranger.device)
            }
        };
        self.fault(kind);
        // A restored server may not know the desk whose name is taken in vain.
        if node.device(device)?.is_none() {
            let answer = node.push(device, &batch, &Grants::default());
            ensure!(matches!(answer, Err(ServerError::NoDevice)), "I16: {kind} is taken in");
            return Ok(());
        }
        let answer = node.push(device, &batch, &Grants::default())?;
        let is_refused = match draw {
            3 => matches!(answer, Answer::Gap { .. }),
            _ => answer == Answer::NotAuthentic,
        };
        ensure!(is_refused, "I16: {kind} is answered with {answer:?}");
        Ok(())
    }

    /// A batch one smaller than, as large as, and one larger than allowed.
    fn sizes(&mut self, number: usize, node: &Server) -> Result<()> {
        self.fault("sizes at the limit of a batch");
        let count = MOST_CHANGES - 1 + self.chance.below(3);
        let nobody = RecordId(self.chance.id(self.now_ms()));
        let note = self.note(number, nobody, 1);
        if count <= MOST_CHANGES {
            return self.expect_parked(number, node, &note, count, Reason::UnknownPerson);
        }
        let changes = self.changes(number, &note, count);
        let batch = self.hospitals[number].stranger.batch(&changes)?;
        let answer = node.push(self.hospitals[number].stranger.device, &batch, &Grants::default());
        ensure!(
            matches!(answer, Err(ServerError::TooLarge)),
            "I24: a batch of {count} changes was taken in"
        );
        self.oracle.asked("I24");
        Ok(())
    }

    /// Another hospital's space can be neither read nor written.
    fn foreign_space(&mut self, number: usize, node: &Server) -> Result<()> {
        self.fault("malice: another hospital's space");
        let other = (number + 1) % self.hospitals.len();
        let space = if other == number {
            SpaceId::Facility(self.chance.id(self.now_ms()))
        } else {
            self.hospitals[other].space
        };
        let pull = Pull {
            space,
            epoch: 0,
            cursor: 0,
            page_bytes: usize::MAX,
        };
        let answer = node.page(self.hospitals[number].stranger.reader, pull)?;
        ensure!(
            answer == Answer::NoSpace { space },
            "I13: another hospital's space was given out"
        );
        self.oracle.asked("I13");
        let mut note = self.note(number, self.hospitals[number].people[0].id, 1);
        note.space = space;
        self.expect_parked(number, node, &note, 1, Reason::ForeignSpace)
    }

    /// Another change under a number that was used.
    fn fork(&mut self, number: usize, node: &Server) -> Result<()> {
        let stranger = &self.hospitals[number].stranger;
        let Some(last) = stranger.log.last() else {
            return Ok(());
        };
        let mut other = last.change().clone();
        other.wall_ms += 1;
        let batch = Batch::new(&stranger.key, stranger.device, stranger.chain, &[Encoded::new(other)])?;
        let answer = node.push(stranger.device, &batch, &Grants::default())?;
        let seq = last.change().id.seq;
        self.fault("malice: two changes under one number");
        ensure!(
            answer == Answer::Fork { seq },
            "I16: two changes of one number: {answer:?}"
        );
        Ok(())
    }

    pub fn note(&mut self, number: usize, actor: RecordId, of: u32) -> Note {
        Note {
            actor,
            space: self.hospitals[number].space,
            record: self.chance.record(self.now_ms()),
            field: "name",
            of,
        }
    }

    /// Changes that follow what the stranger wrote before, each an action of its own.
    pub fn changes(&mut self, number: usize, note: &Note, count: usize) -> Vec<Encoded> {
        let now_ms = self.now_ms();
        let stranger = &self.hospitals[number].stranger;
        let (device, last) = (stranger.device, stranger.log.len() as u64);
        (1..=count as u64)
            .map(|place| {
                Encoded::new(Change {
                    id: ChangeId {
                        device,
                        seq: last + place,
                    },
                    action: self.chance.id(now_ms),
                    of: note.of,
                    space: note.space,
                    kind: "patient".to_owned(),
                    record: note.record,
                    fields: [(note.field.to_owned(), Value::Text("Unknown".to_owned()))].into(),
                    base: [].into(),
                    seen: 0,
                    actor: note.actor,
                    session: Uuid::nil(),
                    schema: SCHEMA,
                    stamp: Stamp(now_ms, 0),
                    wall_ms: now_ms,
                    origin: None,
                    erased: None,
                })
            })
            .collect()
    }

    fn push(&mut self, node: &Server, number: usize, changes: &[Encoded]) -> Result<Answer> {
        let batch = self.hospitals[number].stranger.batch(changes)?;
        self.push_batch(node, number, &batch)
    }

    fn push_batch(&mut self, node: &Server, number: usize, batch: &Batch) -> Result<Answer> {
        let device = self.hospitals[number].stranger.device;
        let answer = node.push(device, batch, &Grants::default())?;
        if let Answer::Receipt { parked, .. } = &answer {
            let parked = parked.iter().map(|parked| {
                let seq = parked.seq;
                (ChangeId { device, seq }, parked.reason)
            });
            self.district.known.parked.extend(parked);
        }
        Ok(answer)
    }

    fn expect_parked(&mut self, number: usize, node: &Server, note: &Note, count: usize, reason: Reason) -> Result<()> {
        let changes = self.changes(number, note, count);
        let answer = self.push(node, number, &changes)?;
        let Answer::Receipt { numbered, parked, .. } = &answer else {
            anyhow::bail!("I15: an authentic batch is answered with {answer:?}");
        };
        ensure!(
            numbered.is_empty() && parked.iter().all(|parked| parked.reason == reason),
            "I13: {} changes were taken in that should be kept aside as {reason:?}",
            numbered.len()
        );
        self.hospitals[number].stranger.keep(changes);
        self.oracle.asked("I13");
        Ok(())
    }
}
