//! Attacks on a real district: what strangers, foreign desks, thieves and pages that were taken over try. Each try is
//! counted, each that succeeds is told. What is allowed is tried too: a server that refuses everything proves nothing.

use std::collections::BTreeMap;
use std::fmt::Display;

use anyhow::{Result, ensure};
use serde::Serialize;

/// The desks of the server's own contract tests: what they send follows the exchange.
#[path = "../../../crates/server/tests/rig/mod.rs"]
pub mod rig;

pub mod wire;

pub mod rights;

pub mod spaces;

pub mod requests;

pub mod bodies;

pub mod slow;

pub mod tokens;

pub mod desks;

pub mod guesses;

pub mod paths;

pub mod handshakes;

pub mod theft;

pub mod memory;

pub mod traces;

pub mod commands;

/// How much is tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    Whole,
    /// The same with fewer repetitions, for every test run.
    Sample,
}

/// What came of all tries.
#[derive(Serialize, Debug)]
pub struct Told {
    pub tried: u64,
    pub let_in: usize,
    pub plaintext_hits: usize,
}

/// Counts tries by their sort.
#[derive(Default)]
pub struct Tally {
    tried: BTreeMap<&'static str, u64>,
    /// Each try that was not refused.
    pub let_in: Vec<String>,
    /// Each place where something stands readable that must not.
    pub plaintext: Vec<String>,
    /// Figures that were measured on the way.
    pub measured: Vec<String>,
}

/// The tries of one sort.
pub struct Sort<'a> {
    name: &'static str,
    tally: &'a mut Tally,
}

impl Tally {
    pub fn sort(&mut self, name: &'static str) -> Sort<'_> {
        self.tried.entry(name).or_default();
        Sort { name, tally: self }
    }

    /// How often each sort was tried.
    pub fn sorts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.tried.iter().map(|(name, count)| (*name, *count))
    }

    pub fn told(&self) -> Told {
        Told {
            tried: self.tried.values().sum(),
            let_in: self.let_in.len(),
            plaintext_hits: self.plaintext.len(),
        }
    }
}

impl Sort<'_> {
    /// One try that must be refused.
    pub fn refused(&mut self, what: impl Display, is_refused: bool) {
        *self.tally.tried.entry(self.name).or_default() += 1;
        if !is_refused {
            self.tally.let_in.push(format!("{}: {what}", self.name));
        }
    }

    /// What must go in, so that the tries beside it say something.
    ///
    /// # Errors
    /// When it does not.
    pub fn allowed(&self, what: impl Display, is_allowed: bool) -> Result<()> {
        ensure!(is_allowed, "{}: {what} is allowed and was refused", self.name);
        Ok(())
    }

    pub fn measured(&mut self, figure: impl Display) {
        self.tally.measured.push(format!("{}: {figure}", self.name));
    }

    /// Something outside is missing.
    pub fn skipped(&mut self, why: &str) {
        println!("SKIPPED: {}: {why}", self.name);
        self.tally.tried.remove(self.name);
    }

    pub fn plaintext(&mut self, places: Vec<String>) {
        self.tally.plaintext.extend(places);
    }
}

/// Every sort of attack, by its name.
pub const SORTS: [&str; 21] = [
    "rights at the server",
    "rights at the desk",
    "spaces of others",
    "altered requests",
    "forged batches",
    "bodies that are too much",
    "slow connections",
    "tokens and codes",
    "forged grants",
    "desks of others",
    "guesses at the server",
    "guesses with patience",
    "guesses at the desk",
    "paths, methods and hosts",
    "handshakes",
    "copied profiles",
    "clocks set back",
    "traces",
    "memory after a lock",
    "commands of the window",
    "commands of a new window",
];

/// Tries everything of the sorts whose name holds `only`.
///
/// # Errors
/// When something that is allowed was refused, or a program could not be started.
pub async fn attack(extent: Extent, only: &str, tell: impl Fn(&str)) -> Result<Tally> {
    let mut tally = Tally::default();
    macro_rules! sort {
        ($name:literal, $sort:ident => $tries:expr) => {
            debug_assert!(SORTS.contains(&$name));
            if $name.contains(only) {
                tell($name);
                let $sort = &mut tally.sort($name);
                Box::pin($tries).await?;
            }
        };
    }
    sort!("rights at the server", sort => rights::at_the_server(sort));
    sort!("rights at the desk", sort => rights::at_the_desk(sort));
    sort!("spaces of others", sort => spaces::of_others(sort));
    sort!("altered requests", sort => requests::altered(sort));
    sort!("forged batches", sort => requests::forged_batches(sort));
    sort!("bodies that are too much", sort => bodies::too_much(sort));
    sort!("slow connections", sort => slow::connections(extent, sort));
    sort!("tokens and codes", sort => tokens::tokens(sort));
    sort!("forged grants", sort => tokens::forged_grants(sort));
    sort!("desks of others", sort => desks::of_others(sort));
    sort!("guesses at the server", sort => guesses::at_the_server(extent, sort));
    sort!("guesses with patience", sort => guesses::with_patience(sort));
    sort!("guesses at the desk", sort => guesses::at_the_desk(extent, sort));
    sort!("paths, methods and hosts", sort => paths::paths(sort));
    sort!("handshakes", sort => handshakes::weak(sort));
    sort!("copied profiles", sort => theft::copied_profile(sort));
    sort!("clocks set back", sort => theft::clock_set_back(sort));
    sort!("memory after a lock", sort => memory::after_a_lock(sort));
    sort!("commands of the window", sort => commands::at_a_desk(extent, sort));
    sort!("commands of a new window", sort => commands::at_a_new_desk(extent, sort));
    sort!("traces", sort => traces::of_a_whole_run(sort));
    Ok(tally)
}
