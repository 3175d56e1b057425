//! A whole district that comes back after a day without the network: every desk brings what it wrote and takes what the others of
//! its facility wrote.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use domain::entities::{facility, person};
use domain::{Draft, RecordId, Value};
use ed25519_dalek::SigningKey;
use server::db::device::Device;
use server::exchange::round::Round;
use server::{Server, db};
use sync_core::exchange::{Answer, Ask, Batch, SHOWS_GRANTS};
use sync_core::frame::{Unpacker, pack};
use sync_core::{Chain, DeviceId, Encoded, Hash, SpaceId};
use wardroom_tests::smallest;

use super::exponent_row;
use crate::Setting;
use crate::figures::{ms, per_second};
use crate::machine::mib;
use crate::report::{Chapter, Plot, Unit};
use crate::rounds::{Figures, contestant, in_turns};
use crate::ward::{self, Author};

/// A district, or a single facility, by its facilities and the desks in each.
#[derive(Clone, Copy)]
struct District {
    facilities: usize,
    desks_each: usize,
}

impl District {
    fn desks(self) -> usize {
        self.facilities * self.desks_each
    }

    /// How many changes go from the server to a desk, until each has those of its facility.
    fn handed_on(self) -> usize {
        self.desks() * CHANGES_EACH as usize * self.desks_each
    }
}

/// In a district of more and more facilities each has so many desks.
const DESKS_EACH: usize = 5;
/// What a desk wrote on a day without the network.
const CHANGES_EACH: u64 = 40;
/// So many desks are served at once.
const AT_ONCE: usize = 16;

/// Three, thirty, three hundred facilities; and as many desks in one.
///
/// # Errors
/// When a server cannot be begun, or a desk does not get all.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "outage",
        "Back after a day offline",
        "All desks of a district come back at once, five in each facility, each with 40 patients registered meanwhile: it brings \
         them in one signed batch, then takes those of the others of its facility, asking until nothing is new. From the bytes of \
         each request to the bytes of each answer, 16 desks at once, into a file on the machine's disk; without TLS and HTTP, and \
         the desks' own work is not in it. Then the same with more and more desks in one facility: each gets what all the others \
         wrote, so the whole grows with the square of the desks, and a change that is handed on should cost the same.",
    );
    let sizes: &[usize] = setting.size(&[3, 30], &[3, 30, 300]);
    by_facilities(sizes, setting, &mut chapter)?;
    by_desks(sizes, setting, &mut chapter)?;
    Ok(chapter)
}

fn by_facilities(sizes: &[usize], setting: &Setting, chapter: &mut Chapter) -> Result<()> {
    let mut lines = Vec::new();
    for facilities in sizes {
        let district = District {
            facilities: *facilities,
            desks_each: DESKS_EACH,
        };
        let measured = in_turns(1, &mut [contestant("ours", |_| come_back(district, setting))])?;
        let row = |key: &str, what: &str, unit, figure: &str| {
            let what = format!("{facilities} facilities, {} desks: {what}", district.desks());
            measured.row(&format!("outage.{facilities}.{key}"), &what, unit, figure)
        };
        let all = row("all", "until all of them have everything", Unit::Ms, "all")?;
        lines.push((*facilities as f64, all.ours.median));
        chapter.rows.push(all);
        chapter.rows.push(row(
            "changes",
            "changes taken in and handed on",
            Unit::PerSecond,
            "changes",
        )?);
        chapter.rows.push(row(
            "memory",
            "memory that the whole program took more",
            Unit::Mib,
            "memory",
        )?);
    }
    let what = "exponent of: until all desks have everything, by facilities";
    chapter.rows.extend(exponent_row("growth.outage", what, &lines));
    chapter.plots.push(Plot {
        name: "outage".to_owned(),
        title: "A district that comes back after a day offline".to_owned(),
        across: "facilities with five desks each".to_owned(),
        up: "ms".to_owned(),
        lines: [("until all have everything".to_owned(), lines)].into(),
    });
    Ok(())
}

fn by_desks(sizes: &[usize], setting: &Setting, chapter: &mut Chapter) -> Result<()> {
    let (mut times, mut memory) = (Vec::new(), Vec::new());
    for desks in sizes {
        let district = District {
            facilities: 1,
            desks_each: *desks,
        };
        let measured = in_turns(1, &mut [contestant("ours", |_| come_back(district, setting))])?;
        let what = format!("one facility, {desks} desks: for each change that is handed on");
        let row = measured.row(&format!("outage.desks.{desks}.each"), &what, Unit::Ms, "each")?;
        times.push((*desks as f64, row.ours.median));
        chapter.rows.push(row);
        let what = format!("one facility, {desks} desks: memory that the whole program took more");
        let row = measured.row(&format!("outage.desks.{desks}.memory"), &what, Unit::Mib, "memory")?;
        memory.push((*desks as f64, row.ours.median.max(1.0)));
        chapter.rows.push(row);
    }
    let what = "exponent of: a change that is handed on, by desks of one facility";
    chapter.rows.extend(exponent_row("growth.desks", what, &times));
    let what = "exponent of: memory, by desks of one facility";
    chapter.rows.extend(exponent_row("growth.desks.memory", what, &memory));
    Ok(())
}

/// A desk that was away.
struct Away {
    device: DeviceId,
    space: SpaceId,
    batch: Vec<u8>,
    /// How many changes there will be in its space.
    all: u64,
}

fn come_back(district: District, setting: &Setting) -> Result<Figures> {
    let folder = setting.folder()?;
    let server = smallest::begin(folder.path(), smallest::config())?;
    let mut away = Vec::new();
    for number in 0..district.facilities as u64 {
        away.extend(facility_of(number, district.desks_each as u64, &server)?);
    }
    let resident_mib = || mib("/proc/self/status", "VmRSS");
    let before = resident_mib()?;
    let (brought, waiting) = each(away, |desk| bring(&server, desk))?;
    let (took, _) = each(waiting, |desk| take(&server, desk))?;
    let all = brought + took;
    let moved = district.handed_on();
    Ok(Figures::from([
        ("all", ms(all)),
        ("changes", per_second(moved, all)),
        ("each", ms(all) / moved as f64),
        ("memory", resident_mib()? - before),
    ]))
}

/// A facility with its nurse and its desks, each with a day of work.
fn facility_of(number: u64, desks: u64, server: &Server) -> Result<Vec<Away>> {
    let id = RecordId(ward::id(10, number));
    let nurse = RecordId(ward::id(11, number));
    let hospital = Draft::new("facility", id)
        .with(&facility::NAME, format!("Hospital {number}"))
        .with_value(facility::FACILITY_TYPE.name(), Value::Code("taluk_hospital".into()));
    let person = Draft::new("person", nurse)
        .with(&person::USERNAME, format!("nurse{number}"))
        .with(&person::NAME, "Lakshmi")
        .with_value(person::ROLE.name(), Value::Code("nurse".into()))
        .with(&person::ACTIVE, "yes")
        .with(&person::FACILITY, id);
    server.author(server.district(), vec![vec![hospital], vec![person]])?;
    let space = SpaceId::Facility(id.0);
    server.add_space(space)?;
    let mut away = Vec::new();
    for desk in 0..desks {
        let mut seed = [1; 32];
        seed[..8].copy_from_slice(&desk.to_be_bytes());
        let key = SigningKey::from_bytes(&seed);
        let device = DeviceId(ward::id(12, number * desks + desk));
        let known = Device::new(device, Hash(key.verifying_key().to_bytes()), id, smallest::NOW_MS);
        server.db().write(|tx| db::device::insert(&known, tx))?;
        let mut author = Author::of(device, space, nurse);
        let first = (number * desks + desk) * CHANGES_EACH;
        let changes: Vec<Encoded> = (first..first + CHANGES_EACH)
            .flat_map(|patient| author.changes(vec![ward::registration(patient)]))
            .collect();
        let batch = pack(&Ask::Push(Batch::new(&key, device, Chain::default(), &changes)?))?;
        let all = desks * CHANGES_EACH;
        away.push(Away {
            device,
            space,
            batch,
            all,
        });
    }
    Ok(away)
}

/// Lets all desks do something, [`AT_ONCE`] at a time; how long it took, and the desks again.
fn each(desks: Vec<Away>, job: impl Fn(&Away) -> Result<()> + Sync) -> Result<(std::time::Duration, Vec<Away>)> {
    let (waiting, done) = (Mutex::new(VecDeque::from(desks)), Mutex::new(Vec::new()));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    while let Some(desk) = next(&waiting)? {
                        job(&desk)?;
                        done.lock().map_err(|_| anyhow::anyhow!("a desk panicked"))?.push(desk);
                    }
                    Ok(())
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a desk panicked"))?)
    })?;
    let took = begun.elapsed();
    Ok((took, done.into_inner().map_err(|_| anyhow::anyhow!("a desk panicked"))?))
}

fn next(waiting: &Mutex<VecDeque<Away>>) -> Result<Option<Away>> {
    Ok(waiting
        .lock()
        .map_err(|_| anyhow::anyhow!("a desk panicked"))?
        .pop_front())
}

fn hello() -> Ask {
    Ask::Hello {
        // Of the version before people's grants were shown: nobody signed in here.
        protocol: SHOWS_GRANTS - 1,
        sent_ms: smallest::NOW_MS,
        wish: None,
        knows_ms: None,
    }
}

fn bring(server: &Server, desk: &Away) -> Result<()> {
    let mut round = Round::begin(server, desk.device)?;
    let mut unpacker = Unpacker::default();
    unpacker.push(&desk.batch);
    round.take(hello())?;
    round.take(unpacker.take()?.context("no batch")?)?;
    let mut answers = round.answers()?;
    while let Some(answer) = answers.next_answer()? {
        if let Answer::Receipt { numbered, parked, .. } = &answer {
            let reason = parked.first().map(|one| &one.reason);
            ensure!(numbered.len() as u64 == CHANGES_EACH, "kept aside: {reason:?}");
        }
        pack(&answer)?;
    }
    Ok(())
}

fn take(server: &Server, desk: &Away) -> Result<()> {
    let (mut epoch, mut cursor, mut got) = (0, 0, 0);
    loop {
        let mut round = Round::begin(server, desk.device)?;
        round.take(hello())?;
        round.take(Ask::Pull {
            space: desk.space,
            epoch,
            cursor,
        })?;
        let mut answers = round.answers()?;
        let mut is_last = false;
        while let Some(answer) = answers.next_answer()? {
            pack(&answer)?;
            match answer {
                Answer::Page(page) => {
                    (epoch, cursor) = (page.epoch, page.to);
                    is_last = page.to == page.head;
                    got += page.entries.len() as u64;
                }
                Answer::Hello { .. } | Answer::End => {}
                _ => bail!("no page"),
            }
        }
        if is_last {
            ensure!(got == desk.all, "not all came");
            return Ok(());
        }
    }
}
