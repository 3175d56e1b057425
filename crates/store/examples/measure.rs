//! Measures the store on this machine: `cargo run --release -p store --example measure [patients]`.
//! Prints a durable save and a search beside what the disk needs to make 4 KiB durable, since no
//! save can be faster than that.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::{Draft, RecordId, Records, Value};
use store::{Action, DatabaseKey, Spaces, Store, StoreError};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Carried, Entry, Page};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, SpaceId, Stamp};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const FACILITY: SpaceId = SpaceId::Facility(Uuid::from_u128(0xfac));
const NOW_MS: i64 = 1_795_000_000_000;
const PAGE: u64 = 1_000;
const SAVES: usize = 500;
const BETWEEN_SAVES: Duration = Duration::from_millis(5);

fn main() -> Outcome<()> {
    let patients: u64 = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = std::env::temp_dir().join(format!("ward-measure-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(&folder, patients);
    std::fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, patients: u64) -> Outcome<()> {
    say("fdatasync of 4 KiB", syncs(&folder.join("sync"))?);
    let path = folder.join("ward.db");
    let store = Store::create(&path, &DatabaseKey::new(&[7; 32]), DeviceId(Uuid::from_u128(1)))?;
    store.follow(FACILITY)?;
    let pages = pages(patients)?;
    let began = Instant::now();
    for page in pages {
        store.absorb(page, NOW_MS)?;
    }
    let took = began.elapsed();
    println!(
        "{:<34}{:>10.0} /s",
        format!("pull of {patients} patients"),
        rate(patients, took)
    );
    let bytes = std::fs::metadata(&path)?.len();
    println!("{:<34}{:>10.0} bytes a patient", "file", bytes as f64 / patients as f64);
    say("save of one field", saves(&store, patients, SAVES)?);
    say("fdatasync of 4 KiB, again", syncs(&folder.join("sync"))?);
    say("save of one field during a pull", saves_during_pull(&store, patients)?);
    for typed in [
        "a",
        "la",
        "lak",
        "lakshmi",
        "lak nai",
        "kshm",
        "laxmi",
        "ലക്ഷ",
        "98470",
        "4321",
        "zzz",
    ] {
        say(&format!("search {typed:?}"), searches(&store, typed)?);
    }
    drop(store);
    let began = Instant::now();
    let store = Store::open(&path, &DatabaseKey::new(&[7; 32]))?;
    println!("{:<34}{:>10.1} ms", "open", millis(began.elapsed()));
    let began = Instant::now();
    store.check_file()?;
    println!("{:<34}{:>10.1} ms", "check every page", millis(began.elapsed()));
    let began = Instant::now();
    store.rebuild()?;
    println!("{:<34}{:>10.0} /s", "rebuild", rate(patients, began.elapsed()));
    let began = Instant::now();
    store.set_epoch(FACILITY, 1)?;
    println!(
        "{:<34}{:>10.0} /s",
        "begin another epoch",
        rate(patients, began.elapsed())
    );
    Ok(())
}

fn say(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: f64| {
        times
            .get((times.len() as f64 * part) as usize)
            .copied()
            .unwrap_or_default()
    };
    let (half, most) = (millis(at(0.5)), millis(at(0.99)));
    println!("{what:<34}{half:>10.3} ms p50{most:>10.3} ms p99");
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn timed<T>(times: &mut Vec<Duration>, job: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let answer = job();
    times.push(began.elapsed());
    answer
}

fn syncs(path: &Path) -> Outcome<Vec<Duration>> {
    let mut file = File::create(path)?;
    let mut times = Vec::new();
    for _ in 0..SAVES {
        timed(&mut times, || {
            file.write_all(&[7; 4096])?;
            file.sync_data()
        })?;
    }
    Ok(times)
}

fn saves(store: &Store, patients: u64, count: usize) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    for number in 0..count {
        let patient = (number as u64).wrapping_mul(7_919) % patients;
        let draft = Draft::new("patient", record(patient));
        let as_of = store.as_of()?;
        let draft = draft.with_value("village", Value::Text(format!("Village {as_of}")));
        let action = action(vec![draft], as_of);
        timed(&mut times, || store.save(action))?;
    }
    Ok(times)
}

fn saves_during_pull(store: &Store, patients: u64) -> Outcome<Vec<Duration>> {
    let spaces = store.spaces()?;
    let space = spaces.first().ok_or("no space")?;
    let more = pages_after(patients, 20_000.min(patients), space.cursor, space.chain)?;
    std::thread::scope(|scope| {
        let pulling = scope.spawn(|| {
            more.into_iter()
                .try_for_each(|page| store.absorb(page, NOW_MS).map(drop))
        });
        let mut times = Vec::new();
        while !pulling.is_finished() {
            times.extend(saves(store, patients, 1)?);
            std::thread::sleep(BETWEEN_SAVES);
        }
        pulling.join().map_err(|_| "the pull panicked")??;
        Ok(times)
    })
}

fn searches(store: &Store, typed: &str) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..200 {
        timed(&mut times, || {
            store.read(|records, _| records.search("patient", typed, 20).map_err(|_| StoreError::Damaged))
        })?;
    }
    Ok(times)
}

fn action(drafts: Vec<Draft>, as_of: u64) -> Action {
    Action {
        drafts,
        as_of,
        actor: record(1),
        session: Uuid::nil(),
        wall_ms: NOW_MS,
        new_action: Uuid::from_u128(u128::from(as_of)),
        resolve: false,
        home: Spaces {
            facility: FACILITY,
            district: FACILITY,
        },
    }
}

fn record(number: u64) -> RecordId {
    RecordId(Uuid::from_u128(1_000_000 + u128::from(number)))
}

fn pages(patients: u64) -> Outcome<Vec<Page>> {
    pages_after(0, patients, 0, Chain::default())
}

/// The log of `count` patients, registered one after another at another desk.
fn pages_after(first: u64, count: u64, cursor: u64, chain: Chain) -> Outcome<Vec<Page>> {
    let (mut pages, mut chain, mut lsn) = (Vec::new(), chain, cursor);
    let mut number = first;
    while number < first + count {
        let from = lsn + 1;
        let mut entries = Vec::new();
        for _ in 0..PAGE.min(first + count - number) {
            lsn += 1;
            let encoded = Encoded::new(registration(number));
            let id = encoded.change().id;
            chain = chain.with_entry(lsn, id, encoded.hash());
            let change = Some(Carried::of(&encoded)?);
            entries.push(Entry { lsn, id, change });
            number += 1;
        }
        pages.push(Page {
            space: FACILITY,
            epoch: 0,
            from,
            to: lsn,
            head: lsn,
            entries,
            chain,
            digest: None,
        });
    }
    Ok(pages)
}

const FIRST: [&str; 16] = [
    "Lakshmi", "Laxmi", "Anju", "Muhammed", "Fathima", "Rani", "Thomas", "Mary", "Krishnan", "Ravi", "Sunitha", "Jose",
    "Aisha", "Vishnu", "Latha", "Abdul",
];
const OWN: [&str; 4] = ["ലക്ഷ്മി", "മുഹമ്മദ്", "ഫാത്തിമ", "കൃഷ്ണൻ"];
const LAST: [&str; 12] = [
    "Nair",
    "Menon",
    "Pillai",
    "Varghese",
    "Kurian",
    "Rahman",
    "Das",
    "Panicker",
    "Namboothiri",
    "Kutty",
    "Chacko",
    "Beevi",
];

fn registration(number: u64) -> Change {
    let pick = |list: &[&str], by: u64| {
        let place = usize::try_from(by % list.len() as u64).unwrap_or(0);
        list.get(place).copied().unwrap_or("").to_owned()
    };
    let spread = number.wrapping_mul(2_654_435_761) >> 3;
    let name = format!("{} {} {}", pick(&FIRST, spread), pick(&LAST, spread / 16), number % 997);
    let text = |text: String| Value::Text(text);
    let code = |word: &str| Value::Code(word.to_owned());
    let fields = [
        ("name", text(name)),
        ("local_name", text(pick(&OWN, spread))),
        ("phone", text(format!("9847{:06}", spread % 1_000_000))),
        ("hospital_number", text(format!("IP-2026/{number:06}"))),
        ("gender", code("female")),
        ("birth_year", Value::Int(1930 + (spread % 90).cast_signed())),
        ("address", text(format!("House {number}, Market Road, Aluva"))),
        ("blood_group", code("o_positive")),
        ("allergy_status", code("none")),
        ("disease_status", code("suspected")),
        ("village", text("Aluva".to_owned())),
        ("present_health", text("Fever and cough for three days".to_owned())),
    ];
    Change {
        id: ChangeId {
            device: DeviceId(Uuid::from_u128(9)),
            seq: number + 1,
        },
        action: Uuid::from_u128(u128::from(number)),
        of: 1,
        space: FACILITY,
        kind: "patient".to_owned(),
        record: record(number),
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        base: std::collections::BTreeMap::new(),
        seen: 0,
        actor: record(1),
        session: Uuid::nil(),
        schema: SCHEMA,
        stamp: Stamp(NOW_MS, 0),
        wall_ms: NOW_MS,
        origin: None,
        erased: None,
    }
}
