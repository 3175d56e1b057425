//! Counting under Valgrind: a job is done few times and many times, and the difference is the job. What the program does to
//! begin and to prepare is the same in both and falls out.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::jobs::Job;
use crate::{JOB, Result};

/// Valgrind, where it says the same as elsewhere.
pub struct Valgrind {
    path: PathBuf,
}

impl Valgrind {
    /// Finds it.
    ///
    /// # Errors
    /// Why nothing can be counted here.
    pub fn find() -> Result<Valgrind> {
        ensure!(
            has_avx2(),
            "instructions are counted on x86-64 Linux with AVX2 alone: elsewhere other code runs"
        );
        let folders = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::split_paths(&folders)
            .map(|folder| folder.join("valgrind"))
            .find(|path| path.is_file());
        let path = path.context("valgrind is not installed (`apt-get install valgrind`)")?;
        Ok(Valgrind { path })
    }

    /// Its version, for example `3.19`.
    ///
    /// # Errors
    /// When it does not start.
    pub fn version(&self) -> Result<String> {
        let answer = Command::new(&self.path).arg("--version").output()?;
        let text = String::from_utf8_lossy(&answer.stdout).into_owned();
        Ok(text.trim().trim_start_matches("valgrind-").to_owned())
    }

    /// The instructions that one time of the job needs. `folder` holds the file in which it may begin.
    ///
    /// # Errors
    /// When the job fails, or Valgrind cannot run it.
    pub fn count(&self, job: &Job, folder: &Path) -> Result<u64> {
        let (few, many) = std::thread::scope(|scope| {
            let few = scope.spawn(|| self.run(job.name, job.few, folder));
            let many = self.run(job.name, job.many, folder);
            (few.join(), many)
        });
        let few = few.map_err(|_| anyhow::anyhow!("a thread panicked"))??;
        let between = many?.checked_sub(few).context("more times needed less")?;
        let times = job.many.checked_sub(job.few).context("many is less than few")?;
        between.checked_div(times as u64).context("many is few")
    }

    fn run(&self, name: &str, times: usize, folder: &Path) -> Result<u64> {
        let own = tempfile::TempDir::new_in(folder)?;
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if let Some(name) = path.file_name().filter(|_| path.is_file()) {
                std::fs::copy(&path, own.path().join(name))?;
            }
        }
        let answer = Command::new(&self.path)
            .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
            .arg(std::env::current_exe()?)
            .args([JOB, name, &times.to_string()])
            .arg(own.path())
            // Nothing of the caller's: what is in it lies on the stack and moves everything else.
            .env_clear()
            .envs(SAME_EVERYWHERE)
            .output()
            .context("cannot start valgrind")?;
        let told = String::from_utf8_lossy(&answer.stderr);
        if !answer.status.success() {
            bail!("{told}");
        }
        read_count(&told).with_context(|| format!("no count in what valgrind says:\n{told}"))
    }
}

/// Libraries choose code by the processor. Valgrind shows all processors with AVX2 as one and the same, but for random
/// numbers; and it counts each byte of a string instruction, so memory is better copied without them.
const SAME_EVERYWHERE: [(&str, &str); 2] = [
    ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-ERMS,-FSRM"),
    ("OPENSSL_ia32cap", "~0x4000000000000000:~0x20040000"),
];

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn has_avx2() -> bool {
    std::arch::is_x86_feature_detected!("avx2")
}

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
fn has_avx2() -> bool {
    false
}

/// Reads the line `==71== I   refs:      18,590,195`.
fn read_count(told: &str) -> Option<u64> {
    let line = told.lines().find(|line| line.contains(" refs:"))?;
    let (_, number) = line.rsplit_once(':')?;
    number.trim().replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_what_valgrind_says() {
        let told = "==71== Cachegrind, a profiler\n==71== \n==71== I   refs:      18,590,195\n";
        assert_eq!(read_count(told), Some(18_590_195));
        assert_eq!(read_count("==71== Cachegrind, a profiler\n"), None);
    }
}
