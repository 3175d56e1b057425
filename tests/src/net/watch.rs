//! Looks at a desk's sync page again and again, and holds it against what the desk's log and the watcher's clock say.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use desk::net::link::wall_ms;
use serde_json::Value as Json;

use crate::headless::Ward;

/// What was on its way when the trouble began may still come.
const ON_ITS_WAY_MS: i64 = 1_000;

/// What was seen of one desk.
#[derive(Default)]
pub struct Watch {
    pub looks: u64,
    last_contact: i64,
    cursors: BTreeMap<String, u64>,
    /// Since when nothing of the server can have come.
    unheard_since: Option<i64>,
    /// The codes that the page may show just now.
    may_show: Vec<&'static str>,
}

impl Watch {
    /// From now on nothing of the server can come, and these are the problems that may be shown.
    pub fn trouble_begins(&mut self, is_unheard: bool, may_show: &[&'static str]) {
        self.unheard_since = is_unheard.then(wall_ms);
        self.may_show = may_show.to_vec();
    }

    /// From now on all is well; what was shown may be shown until the next round.
    pub fn trouble_ends(&mut self) {
        self.unheard_since = None;
    }

    /// Looks once. Answers the page, if nothing on it is wrong.
    ///
    /// # Errors
    /// What is wrong.
    pub async fn look(&mut self, ward: &mut Ward) -> Result<Json> {
        let unsent_before = unsent(ward).await?;
        let page = ward.call("sync_page", Json::Null).await?;
        let unsent_after = unsent(ward).await?;
        self.looks += 1;
        self.check(&page, unsent_after..=unsent_before)
            .with_context(|| format!("the sync page says {}", page["summary"]))?;
        Ok(page)
    }

    fn check(&mut self, page: &Json, unsent: std::ops::RangeInclusive<u64>) -> Result<()> {
        let sync = &page["summary"];
        let waiting = sync["waiting"].as_u64().context("no count")?;
        ensure!(unsent.contains(&waiting), "{waiting} wait, and {unsent:?} are unsent");
        let spaces = page["spaces"].as_array().context("no spaces")?;
        let pending: u64 = spaces.iter().filter_map(|space| space["pending"].as_u64()).sum();
        ensure!(
            unsent.contains(&pending),
            "{pending} are pending, and {unsent:?} are unsent"
        );
        let state = sync["state"].as_str().context("no state")?;
        ensure!(
            state != "all_sent" || *unsent.start() == 0,
            "all is sent, and {unsent:?} are unsent"
        );
        let code = sync["problem"]["code"].as_str();
        ensure!((state == "problem") == code.is_some(), "{state} with {code:?}");
        ensure!(
            code.is_none_or(|code| self.may_show.contains(&code)),
            "{code:?} is not what is wrong"
        );
        self.check_contact(sync)?;
        for space in spaces {
            let name = space["space"].as_str().context("no name")?;
            let cursor = space["cursor"].as_u64().context("no cursor")?;
            let before = self.cursors.insert(name.to_owned(), cursor).unwrap_or_default();
            ensure!(cursor >= before, "{name} went back from {before} to {cursor}");
        }
        Ok(())
    }

    fn check_contact(&mut self, sync: &Json) -> Result<()> {
        let contact = sync["last_contact"].as_i64().context("no contact yet")?;
        ensure!(contact <= wall_ms(), "the last contact is in the future");
        ensure!(contact >= self.last_contact, "the last contact went back");
        self.last_contact = contact;
        if let Some(since) = self.unheard_since {
            ensure!(
                contact <= since + ON_ITS_WAY_MS,
                "contact {} ms after the cut",
                contact - since
            );
        }
        Ok(())
    }
}

/// How many changes of the desk's own log have no number.
async fn unsent(ward: &mut Ward) -> Result<u64> {
    let log = ward.call("log", Json::Null).await?;
    let lines = log.as_array().context("a log is a list")?;
    let own = lines
        .iter()
        .filter(|line| line[0].as_str().is_some_and(|id| id.starts_with(&ward.device)));
    Ok(own.filter(|line| line[1].is_null()).count() as u64)
}
