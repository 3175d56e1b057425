//! What is left in the memory of a desk that was locked, for whoever gets hold of the computer while it runs, or of what
//! it swapped out.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};
use desk::keys::seal::to_hex;
use desk::keys::secret::SecretPlace;
use desk::keys::twice;
use serde_json::{Value as Json, json};

use super::Sort;
use crate::headless::Ward;
use crate::scene::{Place, all_sent};

/// Looks for the key, a password and a name while somebody works, and for what is left of them after the lock.
///
/// # Errors
/// When the memory cannot be read, or the key is not even found while the desk is open.
pub async fn after_a_lock(sort: &mut Sort<'_>) -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    ward.register(NAME).await?;
    all_sent(&mut ward).await?;
    let needles = needles(&place.desk("a"))?;
    let open = counted(&ward, &needles)?;
    ensure!(
        open.key > 0 && open.name > 0,
        "the key and a name of an open desk are not found: nothing is searched"
    );
    for round in 1..=2 {
        ward.call("lock", Json::Null).await?;
        // What was typed came through this rig's pipe, whose buffer the desk of a window does not have.
        ward.call("status", json!("x".repeat(100_000))).await?;
        let left = counted(&ward, &needles)?;
        for (what, times) in [
            ("the key of the database", left.key),
            ("the password", left.password),
            ("a wrong password", left.wrong),
        ] {
            sort.refused(format!("{what}, {times} times after lock {round}"), times == 0);
        }
        sort.measured(format!(
            "a patient's name stands {} times after lock {round}",
            left.name
        ));
        let typed = json!({ "username": "anju", "password": WRONG });
        sort.refused("a wrong password", ward.call("sign_in", typed).await.is_err());
        let typed = json!({ "username": "anju", "password": sample::PASSWORD });
        sort.allowed("signing in again", ward.call("sign_in", typed).await.is_ok())?;
    }
    Ok(())
}

/// Whom the desk knows.
const NAME: &str = "Kamala Devi";

/// What somebody else types.
const WRONG: &str = "nobody's password";

/// How often each of them stands in what the process can write to.
#[derive(Default)]
struct Found {
    /// As bytes, and as the digits that SQLCipher is told.
    key: u64,
    password: u64,
    wrong: u64,
    name: u64,
}

fn needles(folder: &Path) -> Result<AhoCorasick> {
    let file = twice::read(folder)?.context("the desk's own file")?.file;
    let secret = SecretPlace::new(file.secret_home, folder, &file.name).get()?;
    let keys = file
        .slots
        .people()
        .filter_map(|person| file.slots.open(person, sample::PASSWORD, &secret).ok());
    let key = keys.last().context("nobody's slot opens")?;
    let digits = to_hex(key.as_slice());
    Ok(AhoCorasick::new([
        sample::PASSWORD.as_bytes(),
        WRONG.as_bytes(),
        NAME.as_bytes(),
        key.as_slice(),
        digits.to_uppercase().as_bytes(),
        digits.as_bytes(),
    ])?)
}

fn counted(ward: &Ward, needles: &AhoCorasick) -> Result<Found> {
    let process = format!("/proc/{}", ward.process().context("the desk has ended")?);
    let memory = File::open(format!("{process}/mem"))?;
    let mut found = Found::default();
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
                match hit.pattern().as_usize() {
                    0 => found.password += 1,
                    1 => found.wrong += 1,
                    2 => found.name += 1,
                    _ => found.key += 1,
                }
            }
        }
    }
    Ok(found)
}
