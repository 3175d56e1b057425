//! Plants each known bug and shows which invariant finds it: `[--json] [--only WORDS] [--seeds MOST] [--quick]`.
//! It has them only when it is built with the feature `mutants`.

use std::process::ExitCode;

#[cfg(not(feature = "mutants"))]
fn main() -> ExitCode {
    eprintln!("built without the feature `mutants`, so there is no bug to plant");
    ExitCode::FAILURE
}

#[cfg(feature = "mutants")]
fn main() -> ExitCode {
    match planted::asked().and_then(|asked| planted::hunted(&asked)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "mutants")]
mod planted {
    use anyhow::{Context, Result, bail};
    use sync_core::planted::Bug;
    use wardroom_tests::sim::hunt::{Hunted, hunt};

    /// No bug may live longer.
    const MOST_SEEDS: u64 = 1_000;
    /// A few of every sort, for every test run: each shows within these seeds.
    const QUICK: [Bug; 6] = [
        Bug::AckBeforeCommit,
        Bug::CursorBeforeData,
        Bug::HashUnchecked,
        Bug::LastWriterWins,
        Bug::OutboxByFlag,
        Bug::SynchronousNormal,
    ];
    const QUICK_SEEDS: u64 = 60;

    #[derive(Default)]
    pub struct Asked {
        json: bool,
        only: String,
        quick: bool,
        seeds: Option<u64>,
    }

    pub fn asked() -> Result<Asked> {
        let mut asked = Asked::default();
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut next = || words.next().with_context(|| format!("{word} needs a word"));
            match word.as_str() {
                "--mutants" => {}
                "--quick" => asked.quick = true,
                "--json" => asked.json = true,
                "--only" => asked.only = next()?,
                "--seeds" => asked.seeds = Some(next()?.parse().context("--seeds needs a number")?),
                _ => bail!("there is no flag {word}"),
            }
        }
        Ok(asked)
    }

    /// True when every bug was caught, and nothing where there was none.
    pub fn hunted(asked: &Asked) -> Result<bool> {
        let (usual, least) = if asked.quick {
            (QUICK_SEEDS, 2)
        } else {
            (MOST_SEEDS, 20)
        };
        let most = asked.seeds.unwrap_or(usual);
        let wanted = |bug: &Bug| bug.words().contains(&asked.only) && (!asked.quick || QUICK.contains(bug));
        let bugs: Vec<Bug> = Bug::ALL.iter().copied().filter(wanted).collect();
        println!("| planted bug | caught by | seeds |\n|---|---|---|");
        let hunt = hunt(&bugs, most, least.min(most), |hunted| println!("{}", line(hunted)));
        let is_right = hunt.mutants > 0 && hunt.caught == hunt.mutants && hunt.right_violations == 0;
        if asked.json {
            println!("{}", serde_json::to_string(&hunt)?);
        } else {
            println!(
                "{} of {} caught; {} seeds without a bug, {} violations",
                hunt.caught, hunt.mutants, hunt.right_seeds, hunt.right_violations
            );
        }
        Ok(is_right)
    }

    fn line(hunted: &Hunted) -> String {
        let Hunted {
            mutant,
            invariant,
            seeds,
            seen,
        } = hunted;
        let invariant = invariant.as_deref().unwrap_or("nothing");
        format!(
            "| {mutant} | {invariant}: {} | {seeds} |",
            seen.as_deref().unwrap_or("not seen")
        )
    }
}
