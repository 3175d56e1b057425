//! What three stores hold, a server's and two desks', compared change by change.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value as Json;

use crate::district::District;
use crate::headless::Ward;

/// What a comparison of the three stores found.
pub struct Compared {
    /// Changes that desks said were saved.
    pub saved: u64,
    /// Of these, changes that are missing in one of the three stores.
    pub lost: u64,
    /// Logs and digests are the same on all three.
    pub digests_equal: bool,
}

/// The changes a store holds under the district's numbers.
pub type Log = BTreeMap<String, u64>;

/// Waits until nothing waits on either desk, then compares what all three hold. `killed_b` is what
/// the second desk had said was saved when it lost power.
///
/// # Errors
/// When they do not settle, or a store cannot be read.
pub async fn compared(district: &District, a: &mut Ward, b: &mut Ward, killed_b: &BTreeSet<u64>) -> Result<Compared> {
    settled(a, b).await?;
    let spaces = spaces_of(a).await?;
    ensure!(spaces == spaces_of(b).await?, "the desks hold different spaces");
    let kinds: Vec<&str> = spaces.iter().filter_map(|space| space.split(':').next()).collect();
    ensure!(kinds == ["district", "facility"], "not both spaces: {spaces:?}");
    let logs = [
        log_of(a).await?,
        log_of(b).await?,
        log_of_server(district, &spaces).await?,
    ];
    let (mut saved, mut lost) = (0, 0);
    let of_b = b.acknowledged.union(killed_b).copied().collect();
    for (ward, acknowledged) in [(&*a, &a.acknowledged), (&*b, &of_b)] {
        ensure!(!acknowledged.is_empty(), "a desk saved nothing");
        saved += acknowledged.len() as u64;
        for seq in acknowledged {
            let id = format!("{}.{seq}", ward.device);
            lost += u64::from(!logs.iter().all(|log| log.contains_key(&id)));
        }
    }
    let digests = [
        digests_of(a).await?,
        digests_of(b).await?,
        digests_of_server(district, &spaces).await?,
    ];
    let [first, others @ ..] = &digests;
    let equal_logs = logs.iter().all(|log| Some(log) == logs.first());
    let whole = first.len() == spaces.len() && first.values().all(|digest| digest.len() == 64);
    Ok(Compared {
        saved,
        lost,
        digests_equal: whole && equal_logs && others.iter().all(|other| other == first),
    })
}

/// Waits until nothing waits on either desk and both hold the same.
async fn settled(a: &mut Ward, b: &mut Ward) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut waiting = 0;
        for ward in [&mut *a, &mut *b] {
            ward.call("sync_now", Json::Null).await?;
            caught_up(ward).await?;
            let page = ward.call("sync_page", Json::Null).await?;
            ward.device = text(&page["device"])?.replace('-', "");
            waiting += page["summary"]["waiting"].as_u64().unwrap_or(1);
        }
        if waiting == 0 && log_of(a).await? == log_of(b).await? {
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(90), "the desks do not settle");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The changes of a desk that the district has numbered.
///
/// # Errors
/// When it cannot be read.
pub async fn log_of(ward: &mut Ward) -> Result<Log> {
    let log = ward.call("log", Json::Null).await?;
    let lines = log.as_array().context("a log is a list")?;
    let numbered = lines
        .iter()
        .filter_map(|line| Some((line[0].as_str()?.to_owned(), line[1].as_u64()?)));
    Ok(numbered.collect())
}

async fn log_of_server(district: &District, spaces: &BTreeSet<String>) -> Result<Log> {
    let log = district.run(&["log"]).await?;
    let lines = log.as_array().context("the server's log is a list")?;
    let own = lines
        .iter()
        .filter(|line| line[0].as_str().is_some_and(|space| spaces.contains(space)));
    Ok(own
        .filter_map(|line| Some((line[1].as_str()?.to_owned(), line[2].as_u64()?)))
        .collect())
}

/// The spaces a desk holds.
///
/// # Errors
/// When they cannot be read.
pub async fn spaces_of(ward: &mut Ward) -> Result<BTreeSet<String>> {
    Ok(digests_of(ward).await?.into_keys().collect())
}

async fn digests_of(ward: &mut Ward) -> Result<BTreeMap<String, String>> {
    digests(&ward.call("sync_page", Json::Null).await?["spaces"])
}

async fn digests_of_server(district: &District, spaces: &BTreeSet<String>) -> Result<BTreeMap<String, String>> {
    let mut all = digests(&district.run(&["digest"]).await?["spaces"])?;
    all.retain(|space, _| spaces.contains(space));
    Ok(all)
}

/// Whether a desk comes to hold the same as the district, by the digests of both of its spaces. What a desk notes by itself
/// meanwhile, such as who looked at whom, is on its way for a moment.
///
/// # Errors
/// When they cannot be read.
pub async fn equals_district(district: &District, ward: &mut Ward) -> Result<bool> {
    let begun = Instant::now();
    loop {
        let own = digests_of(ward).await?;
        let spaces = own.keys().cloned().collect();
        let is_whole = own.len() == 2 && own.values().all(|digest| digest.len() == 64);
        let is_equal = is_whole && digests_of_server(district, &spaces).await? == own;
        if is_equal || begun.elapsed() > Duration::from_secs(20) {
            return Ok(is_equal);
        }
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn digests(spaces: &Json) -> Result<BTreeMap<String, String>> {
    let spaces = spaces.as_array().context("spaces are a list")?;
    spaces
        .iter()
        .map(|space| Ok((text(&space["space"])?, text(&space["digest"])?)))
        .collect()
}

/// Waits until a desk holds all that the district has.
///
/// # Errors
/// When it does not within a minute and a half.
pub async fn caught_up(ward: &mut Ward) -> Result<()> {
    let begun = Instant::now();
    loop {
        let page = ward.call("sync_page", Json::Null).await?;
        let spaces = page["spaces"].as_array().cloned().unwrap_or_default();
        let equal = spaces
            .iter()
            .all(|space| space["state"] == "equal" && space["head"].as_u64() > Some(0));
        if spaces.len() >= 2 && equal {
            return Ok(());
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(90),
            "a desk does not catch up: {page}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The text a value must be.
///
/// # Errors
/// When it is none.
pub fn text(json: &Json) -> Result<String> {
    json.as_str().map(str::to_owned).context("a text is missing")
}
