//! Ten thousand guesses of passwords: how many ever reach a password's hash.

use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use server::entry::sign_in::Outcome;
use sync_core::entry::SignIn;

use super::rig::*;
use super::wire::{Answered, today};
use super::{Extent, Sort};
use crate::headless::Ward;

/// So many a desk takes of one person before they are suspended there; so many the server does.
const FREE: usize = 5;
const MOST: usize = 20;

fn tries(extent: Extent) -> usize {
    if extent == Extent::Whole { 10_000 } else { 400 }
}

fn guess(username: &str, number: usize) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec(&SignIn::new(
        username,
        &format!("{PASSWORD} {number}"),
    ))?)
}

/// How many waits are over after so long, each twice as long as the one before.
fn waits_over(seconds: f64, first: f64) -> usize {
    (seconds / first + 1.0).log2().floor() as usize
}

/// As fast as they go over the network, with the key of a desk: at one person, and at ever other ones.
///
/// # Errors
/// When the server cannot be asked, or does not let the person in afterwards.
pub async fn at_the_server(extent: Extent, sort: &mut Sort<'_>) -> Result<()> {
    let (rig, _serving) = Rig::with(today).by_process().await;
    let desk = rig.desk(rig.here);
    for (what, names) in [("at one person", 1), ("at ever other names", usize::MAX)] {
        let looked_before = looked_at(&rig);
        let begun = Instant::now();
        let (mut told_wrong, mut told_to_wait) = (0, 0);
        for number in 0..tries(extent) {
            let name = if names == 1 {
                "lakshmi".to_owned()
            } else {
                format!("lakshmi{number}")
            };
            let answered = ask(&rig, &desk, guess(&name, number)?).await?;
            sort.refused(format!("guess {number} {what}"), !answered.is_good());
            match answered.status {
                401 => told_wrong += 1,
                _ => told_to_wait += 1,
            }
        }
        let seconds = begun.elapsed().as_secs_f64();
        let looked = looked_at(&rig) - looked_before;
        // Of one person five, then one after each wait; of one address forty at once and two a second.
        let allowed = if names == 1 {
            FREE + waits_over(seconds, 30.0)
        } else {
            40 + (2.0 * seconds).ceil() as usize + 1
        };
        sort.refused(format!("{looked} of them reached a hash {what}"), looked <= allowed);
        sort.allowed("the first guesses are looked at", looked > 0 && looked == told_wrong)?;
        sort.measured(format!(
            "{} guesses {what} in {seconds:.1} s: {looked} reached a password's hash, {told_to_wait} were told to wait",
            told_wrong + told_to_wait
        ));
    }
    rig.server.lift_suspension(rig.here.nurse)?;
    Ok(())
}

async fn ask(rig: &Rig, desk: &Desk, body: Vec<u8>) -> Result<Answered> {
    let response = signed(rig.http(), desk, "POST", "/v1/session", body).send().await?;
    Ok(Answered {
        status: response.status().as_u16(),
        body: response.bytes().await?.to_vec(),
    })
}

/// How many passwords the running server has looked at: it logs what came of each.
fn looked_at(rig: &Rig) -> usize {
    let log = std::fs::read_to_string(rig.dir().join("server.log")).unwrap_or_default();
    log.lines()
        .filter(|line| line.contains("\"outcome\":\"wrong\""))
        .count()
}

/// With all the patience in the world: each guess as soon as the last wait is over, and many at the same moment.
///
/// # Errors
/// When the server fails.
pub async fn with_patience(sort: &mut Sort<'_>) -> Result<()> {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let device = rig.server.device(desk.id)?.context("the desk")?;
    let mut looked = 0;
    let begun = rig.server.now_ms();
    let mut suspended_after = 0;
    for number in 0..10_000 {
        let sign_in: SignIn = serde_json::from_slice(&guess("lakshmi", number)?)?;
        match rig.server.sign_in(&device, &sign_in)? {
            Outcome::In(_) => sort.refused("a wrong password", false),
            Outcome::Wrong => {
                looked += 1;
                sort.refused("a wrong password", true);
            }
            Outcome::Blocked { wait_ms } => {
                sort.refused("a guess before its time", true);
                rig.wait(wait_ms);
            }
            _ => {
                sort.refused("a guess after the suspension", true);
                suspended_after = rig.server.now_ms() - begun;
                break;
            }
        }
    }
    sort.refused(format!("{looked} guesses reached a hash"), looked <= MOST);
    // Suspended is suspended: a year later too, and with the right password.
    rig.wait(365 * 86_400_000);
    let right = SignIn::new("lakshmi", PASSWORD);
    let outcome = rig.server.sign_in(&device, &right)?;
    sort.refused(
        "the suspended person a year later",
        matches!(outcome, Outcome::Suspended),
    );
    sort.measured(format!(
        "{looked} guesses by one who waits for each, over {:.1} hours, then none any more",
        suspended_after as f64 / 3_600_000.0
    ));
    rig.server.lift_suspension(rig.here.nurse)?;
    let outcome = rig.server.sign_in(&device, &right)?;
    sort.allowed(
        "the right password once they are let in again",
        matches!(outcome, Outcome::In(_)),
    )?;

    let looked = std::thread::scope(|scope| -> Result<usize> {
        let asked: Vec<_> = (0..32)
            .map(|number| {
                let (server, device) = (rig.server.clone(), &device);
                scope.spawn(move || -> Result<bool> {
                    let sign_in = serde_json::from_slice(&guess("lakshmi", number)?)?;
                    Ok(matches!(server.sign_in(device, &sign_in)?, Outcome::Wrong))
                })
            })
            .collect();
        let outcomes: Result<Vec<bool>> = asked.into_iter().map(|one| one.join().unwrap()).collect();
        Ok(outcomes?.into_iter().filter(|wrong| *wrong).count())
    })?;
    sort.refused(
        format!("{looked} of 32 at the same moment reached a hash"),
        looked <= FREE,
    );
    Ok(())
}

/// At a desk without the network, where the file of the desk is all that stands against it.
///
/// # Errors
/// When the desk fails.
pub async fn at_the_desk(extent: Extent, sort: &mut Sort<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut ward = Ward::start(folder.path())?;
    let anju = json!({ "name": "Anju Thomas", "username": "anju", "password": PASSWORD });
    ward.call("stand_alone", anju).await?;
    ward.call("lock", Json::Null).await?;
    let begun = Instant::now();
    let mut looked = 0;
    for number in 0..tries(extent) {
        let guess = json!({ "username": "anju", "password": format!("{PASSWORD} {number}") });
        let said = ward
            .call("sign_in", guess)
            .await
            .map_or_else(|error| error.to_string(), |_| "in".to_owned());
        looked += usize::from(said.contains("\"wrong_password\""));
        sort.refused(format!("guess {number}"), said != "in");
        // Killed in the middle, it has forgotten nothing.
        if number % 200 == 150 {
            ward.kill().await?;
            ward = Ward::start(folder.path())?;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let allowed = FREE + waits_over(seconds, 10.0);
    sort.refused(format!("{looked} of them reached a hash"), looked <= allowed);
    sort.allowed("the first guesses are looked at", looked >= FREE)?;
    sort.measured(format!(
        "{} guesses in {seconds:.1} s: {looked} reached a password's hash, though the desk was killed in between",
        tries(extent)
    ));
    Ok(())
}
