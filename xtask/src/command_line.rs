//! The words after `cargo xtask`, read into what is asked. Knows nothing of how it is done.

use crate::{fuzz, run, test};

/// Shown when nothing, or something unknown, is asked.
pub const USAGE: &str = "\
cargo xtask run [--desktops N] [--offline] [--keep]
        Set up, start a district server with a sample district, open N ward desktops on it (1).
        --offline cuts the network once the desktops are in; --keep goes on until Ctrl-C
        where there is no display and the window would only be photographed.
cargo xtask test [--quick]
        Set up and check everything; --quick leaves out what needs real windows or a browser.
cargo xtask tidy
        The rules of the house that a compiler does not know.
cargo xtask codegen [--check]
        Write ui/src/generated from the Rust types; --check only compares.
cargo xtask story [--json]
        Two desktops and a server, offline and back, killed and restarted.
cargo xtask sim [--seeds N] [--from S] [--json]
cargo xtask sim --seed S --trace
        Whole districts with all faults, on the real store, server and exchange, each from one seed.
cargo xtask sim --mutants [--only WORDS] [--json]
        Plants each known bug and shows which invariant finds it, and after how many seeds.
cargo xtask networks [--quick] [--only WORDS] [--json]
        Two desktops and a server with bad networks between: 2G, losses, cuts, portals, proxies.
cargo xtask attack [--quick] [--json]
        Tries to get in, to read what is others', and to find in files what nobody may read.
cargo xtask fuzz [--seconds N] [TARGET …]
        Looks for bytes over which a reader stumbles; needs cargo-fuzz.
cargo xtask crash [--quick] [--json] [--scenario S] [--mode M]
cargo xtask crash --scenario S --mode M --stop N
        Stops desktops and servers at every operation of their disk, and looks for what was promised.
cargo xtask bench [--quick] [--check] [--only CHAPTER] [--json FILE]
        Measures what everything costs beside its limit and its peers, and writes docs/performance.md.
cargo xtask counts [--write] [JOB …]
        Counts the instructions that the parts need, and fails where the table says otherwise; --write
        puts what was counted into the table.";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    /// How the commands are called.
    Usage,
    /// A district and its desktops, to look at and try.
    Run(run::Options),
    /// Every check.
    Test(test::Options),
    /// The TypeScript types, written or only compared.
    Codegen { check: bool },
    /// The rules of the house.
    Tidy,
    /// The story of two desktops; its flags are handed on.
    Story { flags: Vec<String> },
    /// Simulated districts; the flags are handed on.
    Sim { flags: Vec<String> },
    /// Bad networks; the flags are handed on.
    Networks { flags: Vec<String> },
    /// Fuzzers on every reader of foreign bytes.
    Fuzz(fuzz::Options),
    /// Attacks on a district; the flags are handed on.
    Attack { flags: Vec<String> },
    /// Stops at every operation of the disk; the flags are handed on.
    Crash { flags: Vec<String> },
    /// What everything costs; the flags are handed on.
    Bench { flags: Vec<String> },
    /// How many instructions the parts need; the flags are handed on.
    Counts { flags: Vec<String> },
}

/// Reads the words after `cargo xtask`.
///
/// # Errors
/// A sentence naming the word that was not understood.
pub fn parse(arguments: &[String]) -> Result<Asked, String> {
    let Some((command, flags)) = arguments.split_first() else {
        return Ok(Asked::Usage);
    };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Asked::Usage),
        "run" => run_options(flags).map(Asked::Run),
        "test" => Ok(Asked::Test(test::Options {
            quick: only_flag(flags, "--quick")?,
        })),
        "codegen" => Ok(Asked::Codegen {
            check: only_flag(flags, "--check")?,
        }),
        "tidy" => match flags.first() {
            None => Ok(Asked::Tidy),
            Some(flag) => Err(not_understood(flag)),
        },
        "story" => Ok(Asked::Story { flags: flags.to_vec() }),
        "sim" => Ok(Asked::Sim { flags: flags.to_vec() }),
        "networks" => Ok(Asked::Networks { flags: flags.to_vec() }),
        "fuzz" => fuzz_options(flags).map(Asked::Fuzz),
        "attack" => Ok(Asked::Attack { flags: flags.to_vec() }),
        "crash" => Ok(Asked::Crash { flags: flags.to_vec() }),
        "bench" => Ok(Asked::Bench { flags: flags.to_vec() }),
        "counts" => Ok(Asked::Counts { flags: flags.to_vec() }),
        other => Err(format!("There is no command `{other}`.")),
    }
}

fn fuzz_options(flags: &[String]) -> Result<fuzz::Options, String> {
    let mut options = fuzz::Options {
        seconds: 60,
        only: Vec::new(),
    };
    let mut words = flags.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--seconds" => {
                let number = words.next().and_then(|number| number.parse().ok());
                options.seconds = number.filter(|n| *n > 0).ok_or("--seconds takes a number.")?;
            }
            flag if flag.starts_with('-') => return Err(not_understood(flag)),
            target => options.only.push(target.to_owned()),
        }
    }
    Ok(options)
}

fn run_options(flags: &[String]) -> Result<run::Options, String> {
    let mut options = run::Options {
        desktops: 1,
        offline: false,
        keep: false,
    };
    let mut words = flags.iter();
    while let Some(word) = words.next() {
        let (flag, joined) = match word.split_once('=') {
            Some((flag, number)) => (flag, Some(number.to_owned())),
            None => (word.as_str(), None),
        };
        match flag {
            "--desktops" => {
                let number = joined.or_else(|| words.next().cloned());
                options.desktops = number
                    .and_then(|n| n.parse().ok())
                    .filter(|n| (1..=9).contains(n))
                    .ok_or("--desktops takes a number from 1 to 9.")?;
            }
            "--offline" => options.offline = true,
            "--keep" => options.keep = true,
            _ => return Err(not_understood(word)),
        }
    }
    Ok(options)
}

fn only_flag(flags: &[String], known: &str) -> Result<bool, String> {
    match flags.iter().find(|flag| *flag != known) {
        Some(unknown) => Err(not_understood(unknown)),
        None => Ok(!flags.is_empty()),
    }
}

fn not_understood(word: &str) -> String {
    format!("`{word}` is not understood here.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Result<Asked, &str>) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(parse(&words), expected.map_err(str::to_owned), "{line}");
    }

    fn asked_run(desktops: u8, offline: bool, keep: bool) -> Result<Asked, &'static str> {
        Ok(Asked::Run(run::Options {
            desktops,
            offline,
            keep,
        }))
    }

    #[test]
    fn run_opens_one_desktop_unless_told_otherwise() {
        check("run", asked_run(1, false, false));
        check("run --desktops 2", asked_run(2, false, false));
        check("run --desktops=3 --keep", asked_run(3, false, true));
        check("run --offline --desktops 2", asked_run(2, true, false));
    }

    #[test]
    fn a_number_of_desktops_outside_one_to_nine_is_refused() {
        let expected = "--desktops takes a number from 1 to 9.";
        for line in [
            "run --desktops",
            "run --desktops 0",
            "run --desktops 10",
            "run --desktops two",
        ] {
            check(line, Err(expected));
        }
    }

    #[test]
    fn a_word_that_is_not_known_is_named() {
        check("run --fast", Err("`--fast` is not understood here."));
        check("test --slow", Err("`--slow` is not understood here."));
        check("tidy up", Err("`up` is not understood here."));
        check("tset", Err("There is no command `tset`."));
    }

    #[test]
    fn the_other_commands_and_their_flags_are_understood() {
        check("", Ok(Asked::Usage));
        check("test", Ok(Asked::Test(test::Options { quick: false })));
        check("test --quick", Ok(Asked::Test(test::Options { quick: true })));
        check("codegen", Ok(Asked::Codegen { check: false }));
        check("codegen --check", Ok(Asked::Codegen { check: true }));
        check("tidy", Ok(Asked::Tidy));
        check(
            "story --json",
            Ok(Asked::Story {
                flags: vec!["--json".to_owned()],
            }),
        );
    }
}
