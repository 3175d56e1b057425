//! Lives through bad networks, the slow ones too, and prints a table of what became of what was saved:
//! `[--quick] [--only WORDS] [--json]`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use wardroom_tests::net::first_sync::{self, Begun, Plan};
use wardroom_tests::net::ratio::{self, Ratio};
use wardroom_tests::net::trouble::{Lived, Scene, Trouble};
use wardroom_tests::net::troubles;
use wardroom_tests::net::weather::Weather;

/// Quick troubles are lived by desks that wait this many times as long as usual, slow ones by usual desks.
const HASTE: f64 = 0.1;

const FIRST_SYNC: &str = "first sync";

/// What a connection may cost beside what it brings, with what was under way on the link when it was cut.
const CONNECTION_BYTES: u64 = 8_000;
/// Until then the bed board has to be here, from the first byte.
const BOARD_SECONDS: f64 = 15.0;

/// What all of them came to.
#[derive(Serialize)]
struct Told {
    scenarios: Vec<Lived>,
    edits: u64,
    looks: u64,
    lost: u64,
    digests_equal: bool,
    /// A desk that joins at 50 kbit/s, and what its snapshot saves beside the log.
    first_sync: Option<(Begun, Ratio)>,
}

struct Asked {
    quick: bool,
    only: String,
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let told = match asked() {
        Ok(asked) => live(&asked).await,
        Err(error) => Err(error),
    };
    match told {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn asked() -> Result<Asked> {
    let mut asked = Asked {
        quick: false,
        only: String::new(),
        json: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => asked.quick = true,
            "--only" => asked.only = words.next().context("--only needs a part of a name")?,
            "--json" => asked.json = true,
            _ => anyhow::bail!("there is no flag {word}"),
        }
    }
    Ok(asked)
}

/// Answers whether nothing was lost.
async fn live(asked: &Asked) -> Result<bool> {
    let wanted = |mut all: Vec<Trouble>| {
        all.retain(|trouble| trouble.name.contains(&asked.only));
        all
    };
    let mut quick = troubles::bad_links();
    quick.extend(troubles::no_links());
    quick.extend(troubles::strangers());
    let meddlers = wanted(troubles::meddlers());
    let slow = if asked.quick {
        Vec::new()
    } else {
        wanted(troubles::slow_links())
    };
    let mut lived = Vec::new();
    heading();
    for (all, patience, is_met) in [
        (wanted(quick), HASTE, false),
        (meddlers, HASTE, true),
        (slow, 1.0, false),
    ] {
        if all.is_empty() {
            continue;
        }
        let folder = tempfile::tempdir()?;
        let mut scene = if is_met {
            Scene::with_gateway(folder.path(), patience).await?
        } else {
            Scene::new(folder.path(), patience).await?
        };
        for trouble in &all {
            let each = scene.live(trouble).await?;
            line(&each);
            lived.push(each);
        }
    }
    let first_sync = if !asked.quick && FIRST_SYNC.contains(&asked.only) {
        Some(join().await?)
    } else {
        None
    };
    let told = Told {
        edits: lived.iter().map(|each| each.edits).sum(),
        looks: lived.iter().map(|each| each.looks).sum(),
        lost: lived.iter().map(|each| each.lost).max().unwrap_or_default(),
        digests_equal: lived.iter().all(|each| each.digests_equal),
        first_sync,
        scenarios: lived,
    };
    if asked.json {
        println!("{}", serde_json::to_string(&told)?);
    }
    Ok(told.lost == 0 && told.digests_equal)
}

/// A desk joins a hospital of 5,000 people at 50 kbit/s, cut three times a minute and killed twice.
async fn join() -> Result<(Begun, Ratio)> {
    let weather = Weather {
        cut_every_ms: Some(20_000),
        ..Weather::slow(50, 100..=300)
    };
    let plan = Plan {
        hospital: sample::Size::HOSPITAL,
        first: weather.clone(),
        afterwards: weather,
        patience: 1.0,
        kills: 2,
        within: Duration::from_secs(1_800),
    };
    let folder = tempfile::tempdir()?;
    let begun = first_sync::begin(folder.path(), &plan).await?;
    eprintln!(
        "{FIRST_SYNC}: bed board with {} people after {:.1} s and {} bytes; all {} records after {:.0} s, {} bytes for \
         a snapshot of {}, {} connections, {} kills",
        begun.in_beds,
        begun.board_seconds,
        begun.board_bytes_down,
        begun.records,
        begun.seconds,
        begun.bytes_down,
        begun.snapshot_bytes,
        begun.connections,
        begun.kills
    );
    begun.check(CONNECTION_BYTES)?;
    ensure!(
        begun.board_seconds <= BOARD_SECONDS,
        "the bed board came late: {begun:?}"
    );
    let folder = tempfile::tempdir()?;
    let ratio = ratio::measure(folder.path(), sample::Size::HOSPITAL).await?;
    eprintln!(
        "{} changes: {} bytes and {:.1} s by the snapshot (made once, in {:.1} s), {} bytes and {:.1} s by the log",
        ratio.changes,
        ratio.snapshot.bytes,
        ratio.snapshot.seconds,
        ratio.making_seconds,
        ratio.log.bytes,
        ratio.log.seconds
    );
    Ok((begun, ratio))
}

fn heading() {
    eprintln!(
        "{:<32} {:>5} {:>8} {:>8} {:>5} {:>8} {:>8} {:>6} {:>4}  digests",
        "scenario", "edits", "up", "down", "conn.", "s", "s after", "looks", "lost"
    );
}

fn line(each: &Lived) {
    eprintln!(
        "{:<32} {:>5} {:>8} {:>8} {:>5} {:>8.1} {:>8.1} {:>6} {:>4}  {}",
        each.scenario,
        each.edits,
        each.bytes_up,
        each.bytes_down,
        each.connections,
        each.seconds,
        each.seconds_after,
        each.looks,
        each.lost,
        if each.digests_equal { "equal" } else { "NOT EQUAL" }
    );
}
