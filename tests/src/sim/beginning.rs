//! Desks that begin with a snapshot: what the server makes of a log, looked at anew; how its pieces come over a bad
//! link; and what a desk that is not filled yet may take for the whole.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use desk::beginning::Step;
use desk::round::{DeskSide, Heard};
use domain::arrival::Tier;
use domain::{RecordId, Value};
use ed25519_dalek::VerifyingKey;
use server::Server;
use store::SnapshotStatus;
use sync_core::exchange::Ask;
use sync_core::snapshot::{AskManifest, AskPieces, Base, Manifest, Offered, read};
use sync_core::{Chain, ChangeId, Hash, Lsn, SpaceId};

use super::meaning::{by_record, digest};
use super::oracle::heads_of;
use super::world::World;

/// A snapshot by its space, epoch, number, and when it was made.
type Name = (SpaceId, u64, Lsn, i64);
/// The changes folded into each record of a piece.
type Brought = BTreeMap<RecordId, BTreeSet<ChangeId>>;

/// Every snapshot that was ever handed out.
#[derive(Default)]
pub struct Snapshots {
    made: BTreeMap<Name, Vec<Hash>>,
    pieces: BTreeMap<Hash, Brought>,
}

/// What happens to pieces on their way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mishap {
    None,
    Cut,
    Altered,
    /// The power of the desk fails when pieces are here.
    Power,
    /// The server keeps them no more.
    Gone,
}

impl Mishap {
    fn name(self) -> Option<&'static str> {
        Some(match self {
            Mishap::None => return None,
            Mishap::Cut => "cut within a piece",
            Mishap::Altered => "piece altered",
            Mishap::Power => "desk killed while it begins",
            Mishap::Gone => "newer snapshot in the middle",
        })
    }
}

impl World {
    /// Another computer of the hospital joins, long after the others.
    pub fn another_desk_joins(&mut self, beside: usize) -> Result<()> {
        let hospital = self.desks[beside].hospital;
        let place = self.desks.iter().filter(|desk| desk.hospital == hospital).count();
        if place >= self.plan.hospitals[hospital] + self.plan.late_desks {
            return self.exchange_with_faults(beside);
        }
        self.fault("desk joins late");
        let number = self.add_desk(place, hospital)?;
        self.say_at(number, "joins the district");
        self.exchange_with_faults(number)
    }

    /// What happens on the way to a desk that is beginning.
    pub fn draw_mishap(&mut self, desk: usize) -> Result<Mishap> {
        if !self.plan.has_snapshots() || !matches!(self.desks[desk].side().next_step()?, Some(Step::Pieces(_))) {
            return Ok(Mishap::None);
        }
        Ok(match self.chance.weighed(&[40, 20, 15, 15, 10]) {
            0 => Mishap::None,
            1 => Mishap::Cut,
            2 => Mishap::Altered,
            3 => Mishap::Power,
            _ => Mishap::Gone,
        })
    }

    /// A desk goes on with beginning, after everything that waited was sent. Answers whether more should follow.
    pub fn begin(&mut self, number: usize, side: &DeskSide, mishap: Mishap) -> Result<bool> {
        let Some(step) = side.next_step().context("a desk cannot begin")? else {
            return Ok(false);
        };
        let node = self.district.any(&mut self.chance);
        let mut heard = Heard::default();
        match step {
            Step::Manifest(AskManifest { space, .. }) => {
                let offered = self.ask_snapshot(number, &node, space)?;
                side.hear_offer(space, &offered, &mut heard)?;
                if offered.manifest.is_some() {
                    self.say_at(number, "begins with a snapshot");
                }
            }
            Step::Pieces(wanted) => self.fetch(number, side, &node, &wanted, mishap)?,
        }
        self.check_half_filled(number)?;
        Ok(true)
    }

    fn ask_snapshot(&mut self, number: usize, node: &Server, space: SpaceId) -> Result<Offered> {
        let offered = node.snapshot(self.desks[number].device, space)?;
        if let Some(signed) = &offered.manifest {
            let key = VerifyingKey::from(&node.own().signing_key);
            let manifest = signed.read(&key).context("I18: a snapshot that is not signed")?;
            self.note_snapshot(node, &manifest)?;
        }
        Ok(offered)
    }

    fn fetch(
        &mut self,
        number: usize,
        side: &DeskSide,
        node: &Server,
        wanted: &AskPieces,
        mishap: Mishap,
    ) -> Result<()> {
        if let Some(name) = mishap.name() {
            self.fault(name);
        }
        let (device, space) = (self.desks[number].device, wanted.space);
        let written = self.desks[number].written()?;
        let (mut bytes, mut is_gone) = (Vec::new(), mishap == Mishap::Gone);
        for hash in wanted.hashes.iter().take_while(|_| mishap != Mishap::Gone) {
            match node.piece(device, space, *hash)? {
                Some(piece) => bytes.extend(piece),
                None => is_gone = true,
            }
            if is_gone {
                break;
            }
        }
        bytes.drain(..usize::try_from(wanted.from)?.min(bytes.len()));
        match mishap {
            Mishap::Altered if !bytes.is_empty() => return self.refuses_piece(number, side, wanted, bytes),
            Mishap::Cut | Mishap::Power => bytes.truncate(self.chance.below(bytes.len() + 1)),
            _ => {}
        }
        let mut heard = Heard::default();
        let most = usize::try_from(self.chance.between(1, 4_000))?;
        for some in bytes.chunks(most) {
            let heard = side.hear_bytes(some, &mut heard);
            heard.context("I18: a piece as it was made is refused")?;
        }
        let line = format!("gets {} pieces of a snapshot", wanted.hashes.len());
        self.say_at(number, &line);
        if mishap == Mishap::Power {
            self.say_at(number, "loses power while it begins");
            return self.power_cut_since(number, written);
        }
        side.hear_end()?;
        if is_gone {
            let offered = self.ask_snapshot(number, node, space)?;
            side.hear_gone(wanted, &offered, &mut heard)?;
        }
        Ok(())
    }

    /// A piece with one byte altered is refused, and nothing of it stays.
    fn refuses_piece(&mut self, number: usize, side: &DeskSide, wanted: &AskPieces, mut bytes: Vec<u8>) -> Result<()> {
        let place = self.chance.below(bytes.len());
        bytes[place] ^= 1 << self.chance.between(0, 7);
        let store = self.desks[number].store().clone();
        let missing = |space: SpaceId| -> Result<usize> {
            let snapshots = store.snapshots()?;
            let own = snapshots.iter().find(|snapshot| snapshot.space == space);
            Ok(own.map_or(0, |snapshot| snapshot.missing.len()))
        };
        let (before, count) = (missing(wanted.space)?, wanted.hashes.len());
        let heard = side.hear_bytes(&bytes, &mut Heard::default());
        ensure!(
            heard.is_err() && missing(wanted.space)? + count > before,
            "I16: {} takes in an altered piece",
            self.desks[number].name
        );
        self.say_at(number, "gets a piece that was altered on its way");
        self.oracle.asked("I16");
        Ok(())
    }

    /// A snapshot is what the log says up to its number, no more and no less.
    fn note_snapshot(&mut self, node: &Server, manifest: &Manifest) -> Result<()> {
        let name = (manifest.space, manifest.epoch, manifest.lsn, manifest.made_ms);
        if self.snapshots.made.contains_key(&name) {
            return Ok(());
        }
        self.read_on(manifest.space)?;
        let truth = &self.truth[&manifest.space];
        ensure!(truth.epoch == manifest.epoch, "I18: a snapshot of another epoch");
        let log = truth.log.get(..usize::try_from(manifest.lsn)?);
        let log = log.context("I18: a snapshot of what is not in the log")?;
        let chain = log.last().map_or(Chain::default(), |last| last.chain);
        ensure!(chain == manifest.chain, "I18: a snapshot with another chain");
        let mut pieces = Vec::new();
        for piece in &manifest.pieces {
            let bytes = node.kept_piece(manifest.space, piece.hash)?;
            let bytes = bytes.context("I18: a piece of a snapshot is not kept")?;
            let bases = read(piece, &bytes).context("I18: a piece cannot be read")?;
            pieces.push((piece.hash, bases));
        }
        let mut records = by_record(log);
        ensure!(
            digest(&records) == manifest.digest,
            "I18: a snapshot with another digest"
        );
        for (hash, bases) in &pieces {
            let mut brought = Brought::new();
            for base in bases {
                let changes = records.remove(&(base.state.kind.as_str(), base.state.id));
                check_base(
                    base,
                    &changes.context("I18: a record that is not in the log, or twice")?,
                )?;
                brought.insert(base.state.id, base.folded());
            }
            self.snapshots.pieces.insert(*hash, brought);
        }
        ensure!(records.is_empty(), "I18: a snapshot lacks {} records", records.len());
        for entry in log {
            self.oracle.learn(&entry.change);
        }
        let hashes = pieces.iter().map(|(hash, _)| *hash).collect();
        self.snapshots.made.insert(name, hashes);
        self.oracle.asked("I18");
        Ok(())
    }

    /// The changes that came folded into the record, on a desk that began with a snapshot.
    pub fn folded_before(&self, desk: usize, id: RecordId) -> Result<BTreeSet<ChangeId>> {
        let mut folded = BTreeSet::new();
        if self.snapshots.made.is_empty() {
            return Ok(folded);
        }
        for status in self.desks[desk].store().snapshots()? {
            let name = (status.space, status.epoch, status.lsn, status.made_ms);
            let pieces = self.snapshots.made.get(&name);
            let missing: BTreeSet<Hash> = status.missing.iter().map(|piece| piece.hash).collect();
            let pieces = pieces
                .context("I18: a desk began with a snapshot that nobody made")?
                .iter();
            let here = pieces.filter(|hash| !missing.contains(hash));
            let brought = here.filter_map(|hash| self.snapshots.pieces.get(hash)?.get(&id));
            folded.extend(brought.flatten());
        }
        Ok(folded)
    }

    /// As long as not everything is here nothing is taken for the whole: the log is not asked for, the space has not
    /// heard the district, and a part that is said to be whole is whole.
    fn check_half_filled(&mut self, desk: usize) -> Result<()> {
        let store = self.desks[desk].store().clone();
        let name = self.desks[desk].name.clone();
        let spaces = store.spaces()?;
        for status in store.snapshots()? {
            let space = spaces.iter().find(|space| space.space == status.space);
            let space = space.context("I25: a snapshot of a space that is not held")?;
            if status.is_whole {
                // With the last record comes the number up to which the log is told.
                let is_there = space.epoch != status.epoch || space.cursor >= status.lsn;
                ensure!(
                    is_there,
                    "I18: {name} has a snapshot at {} and stands at {}",
                    status.lsn,
                    space.cursor
                );
                continue;
            }
            ensure!(
                space.cursor == 0 && space.heard_ms.is_none() && !space.is_diverged,
                "I25: {name} takes a part of a snapshot for the whole"
            );
            let is_present_here = status.parts.iter().filter(|part| part.tier <= Tier::Present);
            if is_present_here.clone().all(|part| part.bytes_here == part.bytes) {
                self.check_present_is_here(desk, &status)?;
            }
            self.oracle.asked("I25");
        }
        Ok(())
    }

    /// Everybody who lay in a bed when the snapshot was made is here, with all that the board shows of them.
    fn check_present_is_here(&self, desk: usize, snapshot: &SnapshotStatus) -> Result<()> {
        let truth = &self.truth[&snapshot.space];
        let Some(log) = truth
            .log
            .get(..usize::try_from(snapshot.lsn)?)
            .filter(|_| truth.epoch == snapshot.epoch)
        else {
            return Ok(());
        };
        let records = by_record(log);
        for ((kind, id), changes) in &records {
            let is_ended = heads_of(changes, "to").values().any(|to| !to.is_empty());
            let is_voided = changes.iter().any(|change| change.fields.contains_key("voided"));
            if *kind != "bed_stay" || is_ended || is_voided {
                continue;
            }
            let mut wanted = Some(("bed_stay", *id));
            // A restored server may have heard of a stay before it hears of the patient again.
            while let Some((kind, id)) =
                wanted.filter(|wanted| records.contains_key(wanted) && !self.erasing.is_erased(wanted))
            {
                let record = self.read(desk, |all| all.get(kind, id))?;
                let record = record.with_context(|| format!("I25: a {kind} of the board is not here"))?;
                wanted = match (kind, record.value("encounter"), record.value("patient")) {
                    ("bed_stay", Value::Ref(id), _) => Some(("encounter", *id)),
                    ("encounter", _, Value::Ref(id)) => Some(("patient", *id)),
                    _ => None,
                };
            }
        }
        Ok(())
    }

    /// A space that is not begun is not asked for as a log.
    pub fn check_not_asked(&mut self, desk: usize, asks: &[Ask]) -> Result<()> {
        if self.snapshots.made.is_empty() {
            return Ok(());
        }
        for status in self.desks[desk]
            .store()
            .snapshots()?
            .iter()
            .filter(|each| !each.is_whole)
        {
            let is_asked = asks
                .iter()
                .any(|ask| matches!(ask, Ask::Pull { space, .. } if *space == status.space));
            ensure!(!is_asked, "I25: a desk asks for the log behind half a snapshot");
            self.oracle.asked("I25");
        }
        Ok(())
    }

    /// Up to which number a desk need not hold the changes of the log one by one.
    pub fn begun_at(&self, desk: usize, space: SpaceId, epoch: u64) -> Result<Lsn> {
        if self.snapshots.made.is_empty() {
            return Ok(0);
        }
        let snapshots = self.desks[desk].store().snapshots()?;
        let own = snapshots
            .iter()
            .find(|each| each.space == space && each.epoch == epoch && each.is_whole);
        Ok(own.map_or(0, |each| each.lsn))
    }
}

/// A record of a snapshot has exactly the heads that its changes leave, and names all of them.
fn check_base(base: &Base, changes: &[&sync_core::Change]) -> Result<()> {
    let all: BTreeSet<ChangeId> = changes.iter().map(|change| change.id).collect();
    ensure!(
        base.folded() == all,
        "I18: a record of a snapshot lacks some of its changes"
    );
    let fields: BTreeSet<&String> = changes.iter().flat_map(|change| change.fields.keys()).collect();
    for field in fields {
        let heads = heads_of(changes, field);
        let held = base.state.fields.get(field).map(|state| &state.heads);
        let held = held.into_iter().flatten().map(|(id, head)| (*id, head.value.clone()));
        ensure!(
            held.collect::<BTreeMap<_, _>>() == heads,
            "I18: a record of a snapshot has other heads"
        );
    }
    Ok(())
}
