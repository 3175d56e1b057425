//! Programs we start: none outlives us, and each is ended together with everything it started.

use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// A program which the system ends when we ourselves are gone, even by force.
pub fn tied_program(program: impl AsRef<OsStr>) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

/// A program that ends, with its descendants, when this value is dropped.
#[derive(Debug)]
pub struct Tied {
    child: Child,
}

impl Tied {
    /// Starts a program made with [`tied_program`].
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        Ok(Self { child })
    }

    /// The started program's process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How the program ended, if it has.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Tied {
    fn drop(&mut self) {
        end_tree(&mut self.child, Duration::from_secs(10));
    }
}

/// A program that ran to its end, or to its limit.
#[derive(Debug)]
pub struct Finished {
    /// It said so with its exit code.
    pub success: bool,
    /// It was ended by us.
    pub timed_out: bool,
    /// All it wrote, to both outputs.
    pub text: String,
}

/// Runs a program with both its outputs in the file `log`.
///
/// # Errors
/// When the program cannot be started or the log not written.
pub fn run_logged(command: &mut Command, log: &Path, limit: Duration) -> Result<Finished> {
    let file = std::fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let mut tied = Tied::start(command)?;
    let started = Instant::now();
    let status = loop {
        if let Some(status) = tied.ended()? {
            break Some(status);
        }
        if started.elapsed() > limit {
            break None;
        }
        std::thread::sleep(LOOK_AGAIN);
    };
    drop(tied);
    Ok(Finished {
        success: status.is_some_and(|status| status.success()),
        timed_out: status.is_none(),
        text: String::from_utf8_lossy(&std::fs::read(log)?).into_owned(),
    })
}

/// Looks every few milliseconds until `look` finds something or the time is up.
///
/// # Errors
/// What `look` reports.
pub fn wait_for<T>(limit: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<Option<T>> {
    let started = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(Some(found));
        }
        if started.elapsed() > limit {
            return Ok(None);
        }
        std::thread::sleep(LOOK_AGAIN);
    }
}

/// The living direct children of a process.
pub fn children_of(id: u32) -> Vec<u32> {
    living()
        .iter()
        .filter(|(_, process)| process.parent == id)
        .map(|(child, _)| *child)
        .collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Living {
    parent: u32,
    started_ticks: u64,
}

/// Every process that is not a mere exit code waiting to be fetched.
fn living() -> BTreeMap<u32, Living> {
    let Ok(folder) = std::fs::read_dir("/proc") else {
        return BTreeMap::new();
    };
    folder
        .flatten()
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            Some((id, read_stat(&stat)?))
        })
        .collect()
}

/// Reads `/proc/ID/stat`; the program's name in it may itself contain blanks and brackets.
fn read_stat(stat: &str) -> Option<Living> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let words: Vec<&str> = after_name.split_whitespace().collect();
    if matches!(words.first(), Some(&"Z" | &"X")) {
        return None;
    }
    Some(Living {
        parent: words.get(1)?.parse().ok()?,
        started_ticks: words.get(19)?.parse().ok()?,
    })
}

fn descendants(of: u32, all: &BTreeMap<u32, Living>) -> Vec<u32> {
    let mut found = vec![of];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            all.iter()
                .filter(|(_, process)| process.parent == parent)
                .map(|(id, _)| *id),
        );
        next += 1;
    }
    found.remove(0);
    found
}

/// Asks the program to end, waits, and then ends by force what is left of it and its descendants.
fn end_tree(child: &mut Child, patience: Duration) {
    let before = living();
    let below = descendants(child.id(), &before);
    if matches!(child.try_wait(), Ok(None)) {
        signal("TERM", &[child.id()]);
        let ended = wait_for(patience, || Ok(child.try_wait()?));
        if !matches!(ended, Ok(Some(_))) {
            // Already gone is as good.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
    let now = living();
    let left: Vec<u32> = below
        .into_iter()
        .filter(|id| now.get(id).map(|p| p.started_ticks) == before.get(id).map(|p| p.started_ticks))
        .collect();
    signal("KILL", &left);
}

/// Through the shell, whose `kill` is always there (the program of that name is not).
fn signal(name: &str, ids: &[u32]) {
    if ids.is_empty() || !cfg!(unix) {
        return;
    }
    let ids: Vec<String> = ids.iter().map(u32::to_string).collect();
    // A process that ended meanwhile is what was wanted.
    let _ = Command::new("sh")
        .args(["-c", "kill -s \"$0\" \"$@\" 2>/dev/null", name])
        .args(ids)
        .status();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_name_with_brackets_does_not_hide_its_parent() {
        let stat = "71 (a) b (c)) S 12 71 71 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 4711 0 0";
        let expected = Living {
            parent: 12,
            started_ticks: 4711,
        };
        assert_eq!(read_stat(stat), Some(expected));
        assert_eq!(read_stat("71 (a) Z 12 71"), None);
    }

    #[test]
    fn descendants_reach_down_to_grandchildren_and_no_further_than_the_family() {
        let process = |parent| Living {
            parent,
            started_ticks: 0,
        };
        let all = BTreeMap::from([(1, process(0)), (2, process(1)), (3, process(2)), (4, process(0))]);
        assert_eq!(descendants(1, &all), vec![2, 3]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn dropping_a_program_ends_the_programs_it_started() -> Result<()> {
        let mut shell = tied_program("sh");
        shell.args(["-c", "sleep 61 & sleep 62"]);
        let tied = Tied::start(&mut shell)?;
        let below = wait_for(Duration::from_secs(5), || {
            let below = children_of(tied.id());
            Ok((below.len() == 2).then_some(below))
        })?;
        let below = below.context("the shell did not start its two programs")?;
        drop(tied);
        let gone = wait_for(Duration::from_secs(5), || {
            let now = living();
            Ok(below.iter().all(|id| !now.contains_key(id)).then_some(()))
        })?;
        assert_eq!(gone, Some(()));
        Ok(())
    }

    #[test]
    fn a_program_past_its_limit_is_ended_and_its_words_are_kept() -> Result<()> {
        let log = std::env::temp_dir().join(format!("wardroom-xtask-{}.log", std::process::id()));
        let mut shell = tied_program("sh");
        shell.args(["-c", "echo begun; sleep 60"]);
        let finished = run_logged(&mut shell, &log, Duration::from_millis(300))?;
        std::fs::remove_file(&log)?;
        assert!(finished.timed_out && !finished.success);
        assert_eq!(finished.text, "begun\n");
        Ok(())
    }
}
