//! What the processes of a window cost: the program's own and those that WebKit starts for it.

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::machine::mib;

/// Linux tells times of processes in these, whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// A program and all that it started.
pub struct Processes {
    first: u32,
}

/// One line of `/proc/PID/stat`, as far as it is wanted.
struct Stat {
    parent: u32,
    /// In user mode and in the kernel.
    used: Duration,
    /// After the machine's start.
    begun: Duration,
}

impl Processes {
    pub fn of(first: u32) -> Processes {
        Processes { first }
    }

    /// How long ago the program was started, to 20 ms.
    ///
    /// # Errors
    /// When it has ended.
    pub fn age(&self) -> Result<Duration> {
        let up = read_to_string("/proc/uptime")?;
        let up: f64 = up
            .split_whitespace()
            .next()
            .context("the machine tells no age")?
            .parse()?;
        Ok(Duration::from_secs_f64(up).saturating_sub(read(self.first)?.begun))
    }

    /// The memory that all of them would give back, in MiB: what several of them share is counted in parts.
    ///
    /// # Errors
    /// When they have ended, or are somebody else's.
    pub fn memory_mib(&self) -> Result<f64> {
        let all = self.all()?.into_iter();
        all.map(|process| mib(&format!("/proc/{process}/smaps_rollup"), "Pss"))
            .sum()
    }

    /// The processor time that all of them have used.
    ///
    /// # Errors
    /// When they have ended.
    pub fn used(&self) -> Result<Duration> {
        self.all()?
            .into_iter()
            .map(|process| Ok(read(process)?.used))
            .sum::<Result<_>>()
    }

    /// The program and what it started, and what that started.
    fn all(&self) -> Result<Vec<u32>> {
        let numbers = std::fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        // What ends meanwhile is left out.
        let parents: BTreeMap<u32, u32> = numbers
            .filter_map(|number| Some((number, read(number).ok()?.parent)))
            .collect();
        ensure!(parents.contains_key(&self.first), "the program has ended");
        let mut found = vec![self.first];
        let mut next = 0;
        while let Some(parent) = found.get(next).copied() {
            found.extend(
                parents
                    .iter()
                    .filter(|(_, of)| **of == parent)
                    .map(|(number, _)| *number),
            );
            next += 1;
        }
        Ok(found)
    }
}

fn read(process: u32) -> Result<Stat> {
    let line = read_to_string(format!("/proc/{process}/stat"))?;
    parse(&line).with_context(|| format!("process {process} tells nothing"))
}

/// The name may hold anything; after its bracket the third field of the line follows.
fn parse(line: &str) -> Option<Stat> {
    let (_, rest) = line.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<u32>().ok();
    Some(Stat {
        parent: ticks(1)?,
        used: TICK * ticks(11)?.checked_add(ticks(12)?)?,
        begun: TICK * ticks(19)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name_holds() {
        let line = "42 (a) b (c) S 7 42 42 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 1 0 360000 1 2";
        let stat = parse(line).unwrap();
        assert_eq!(stat.parent, 7);
        assert_eq!(stat.used, Duration::from_secs(2));
        assert_eq!(stat.begun, Duration::from_secs(3_600));
        assert!(parse("42 (a").is_none());
    }

    #[test]
    fn what_a_program_started_is_counted_with_it() {
        let mut child = std::process::Command::new("sh")
            .args(["-c", "sleep 20 & wait"])
            .spawn()
            .unwrap();
        let own = Processes::of(std::process::id());
        let both = Processes::of(child.id());
        while both.all().unwrap().len() < 2 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let sleeper = *both.all().unwrap().last().unwrap();
        assert!(own.all().unwrap().contains(&sleeper));
        assert!(both.memory_mib().unwrap() > 0.0 && both.age().unwrap() < Duration::from_secs(20));
        let killed = std::process::Command::new("kill")
            .arg(sleeper.to_string())
            .status()
            .unwrap();
        assert!(killed.success());
        child.wait().unwrap();
        assert!(both.all().is_err());
    }
}
