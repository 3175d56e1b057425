//! What is left in the memory of a desk that was locked, for whoever gets hold of the computer while it runs, or of what
//! it swapped out.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};
use desk::keys::secret::SecretPlace;
use desk::keys::twice;
use serde_json::{Value as Json, json};

use super::Sort;
use crate::headless::Ward;
use crate::scene::{Place, all_sent};

/// Looks for passwords while somebody works, and after the lock.
///
/// # Errors
/// When the memory cannot be read, or not even the key is found while the desk is open.
pub async fn after_a_lock(sort: &mut Sort<'_>) -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    let needles = needles(&place.desk("a"))?;
    ensure!(
        counted(&ward, &needles)?[0] > 0,
        "the key of an open desk is not found: nothing is searched"
    );
    for round in 1..=2 {
        ward.call("lock", Json::Null).await?;
        // What was typed came through this rig's pipe, whose buffer the desk of a window does not have.
        ward.call("status", json!("x".repeat(100_000))).await?;
        let [keys, right, wrong] = counted(&ward, &needles)?;
        sort.refused(format!("the password, {right} times after lock {round}"), right == 0);
        sort.refused(
            format!("a wrong password, {wrong} times after lock {round}"),
            wrong == 0,
        );
        sort.measured(format!("the key stands {keys} times after lock {round}"));
        let typed = json!({ "username": "anju", "password": WRONG });
        sort.refused("a wrong password", ward.call("sign_in", typed).await.is_err());
        let typed = json!({ "username": "anju", "password": sample::PASSWORD });
        sort.allowed("signing in again", ward.call("sign_in", typed).await.is_ok())?;
    }
    Ok(())
}

/// What somebody else types.
const WRONG: &str = "nobody's password";

/// The key, the password and the wrong one.
fn needles(folder: &Path) -> Result<AhoCorasick> {
    let file = twice::read(folder)?.context("the desk's own file")?.file;
    let secret = SecretPlace::new(file.secret_home, folder, &file.name).get()?;
    let keys = file
        .slots
        .people()
        .filter_map(|person| file.slots.open(person, sample::PASSWORD, &secret).ok());
    let key = keys.last().context("nobody's slot opens")?;
    Ok(AhoCorasick::new([
        key.as_slice(),
        sample::PASSWORD.as_bytes(),
        WRONG.as_bytes(),
    ])?)
}

/// How often each of them stands in what the process can write to.
fn counted(ward: &Ward, needles: &AhoCorasick) -> Result<[u64; 3]> {
    let process = format!("/proc/{}", ward.process().context("the desk has ended")?);
    let memory = File::open(format!("{process}/mem"))?;
    let mut found = [0; 3];
    for line in fs::read_to_string(format!("{process}/maps"))?.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else {
            continue;
        };
        let ends = range.split_once('-').context("a range")?;
        let (from, to) = (u64::from_str_radix(ends.0, 16)?, u64::from_str_radix(ends.1, 16)?);
        if !rights.starts_with("rw") {
            continue;
        }
        let mut bytes = vec![0; usize::try_from(to - from)?];
        // What the system keeps to itself, or gave back meanwhile, is not read.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            for hit in needles.find_overlapping_iter(&bytes) {
                found[hit.pattern().as_usize()] += 1;
            }
        }
    }
    Ok(found)
}
