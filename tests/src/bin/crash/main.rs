//! Stops desktops and servers at every operation of their disk: `[--quick] [--json]`, or
//! `--scenario S --mode M --stop N` for one stop and what happened.

mod doors;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use failing_disk::{Mode, Stop};
use wardroom_tests::crash::{Asked, Scenario, crash, live_until};

fn main() -> ExitCode {
    match asked().and_then(|(asked, child)| match child {
        Some(folder) => child_of(&asked, &folder),
        None => crash(&asked),
    }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn asked() -> Result<(Asked, Option<PathBuf>)> {
    let mut asked = Asked::default();
    let mut child = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut next = || words.next().with_context(|| format!("{word} needs a word after it"));
        match word.as_str() {
            "--quick" => asked.quick = true,
            "--json" => asked.json = true,
            "--child" => child = Some(next()?.into()),
            "--scenario" => {
                let name = next()?;
                asked.scenario = Some(Scenario::named(&name).with_context(|| format!("there is no scenario {name}"))?);
            }
            "--mode" => {
                let name = next()?;
                asked.mode = Some(Mode::named(&name).with_context(|| format!("there is no mode {name}"))?);
            }
            "--stop" => asked.stop = Some(next()?.parse().context("--stop needs a number")?),
            _ => bail!("there is no flag {word}"),
        }
    }
    Ok((asked, child))
}

fn child_of(asked: &Asked, folder: &std::path::Path) -> Result<bool> {
    let stop = Stop {
        mode: asked.mode.context("which mode")?,
        number: asked.stop.context("which stop")?,
    };
    doors::limit_time();
    live_until(asked.scenario.context("which scenario")?, folder, stop, doors::exit)?;
    Ok(true)
}
