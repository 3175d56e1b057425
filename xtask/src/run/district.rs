//! The sample district and its server: the one place that knows how `wardroom-server` is called.

use crate::place::Place;
use crate::processes::{Tied, wait_for};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

const SERVER: &str = "wardroom-server";
const START_LIMIT: Duration = Duration::from_secs(60);

/// Someone of the sample district who may sign in.
#[derive(Debug)]
pub struct Person {
    /// As on the tile of the sign-in page.
    pub name: &'static str,
    /// As typed at the first sign-in on a computer.
    pub username: &'static str,
    /// For the sample district only; it protects nothing.
    pub password: &'static str,
}

const SAMPLE_PERSON: Person = Person {
    name: "Anju Thomas",
    username: "anju",
    password: "monsoon-ward-7",
};

/// How a desktop joins.
#[derive(Debug)]
pub struct Invitation {
    /// Where the server listens.
    pub address: String,
    /// Good for one desktop, once.
    pub code: String,
}

/// A running district server on a fresh copy of the sample district.
pub struct District<'a> {
    place: &'a Place,
    folder: PathBuf,
    address: String,
    server: Option<Tied>,
}

impl<'a> District<'a> {
    /// Starts a server on a free port of this computer.
    ///
    /// # Errors
    /// With the server's own last words when it does not come up.
    pub fn start(place: &'a Place) -> Result<Self> {
        let runs = place.folder("run")?;
        let folder = runs.join("district");
        let sample = sample(place, &runs)?;
        replace_by_copy(&sample, &folder)?;
        let mut district = Self {
            place,
            folder,
            address: String::new(),
            server: None,
        };
        district.serve("127.0.0.1:0")?;
        Ok(district)
    }

    /// Where the server listens, as a desktop is told it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The file the server's words go to.
    pub fn log(&self) -> PathBuf {
        self.folder.with_extension("log")
    }

    /// Who signs in at the first facility.
    pub fn person(&self) -> &'static Person {
        &SAMPLE_PERSON
    }

    /// A code for one more desktop of the first facility.
    ///
    /// # Errors
    /// When the server's command does not give one.
    pub fn invite(&self) -> Result<Invitation> {
        let answer = self.ask(&["device", "invite", "--facility", "first", "--json"])?;
        let word = |name: &str| {
            let word = answer.get(name).and_then(Value::as_str);
            word.map(str::to_owned)
                .with_context(|| format!("{SERVER} device invite answered without \"{name}\""))
        };
        Ok(Invitation {
            address: word("address").unwrap_or_else(|_| self.address.clone()),
            code: word("code")?,
        })
    }

    /// Waits until that many desktops have joined.
    ///
    /// # Errors
    /// When they have not in time.
    pub fn wait_until_joined(&self, desktops: usize, limit: Duration) -> Result<()> {
        let joined = wait_for(limit, || {
            let devices = self.ask(&["device", "list", "--json"])?;
            let joined = devices.as_array().map_or(0, Vec::len);
            std::thread::sleep(Duration::from_millis(200));
            Ok((joined >= desktops).then_some(()))
        })?;
        joined.with_context(|| format!("not all of {desktops} desktops joined in {limit:?}"))
    }

    /// Ends the server; the desktops go on without it.
    pub fn stop(&mut self) {
        self.server = None;
    }

    /// Whether the server has ended by itself.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn has_ended(&mut self) -> Result<bool> {
        match &mut self.server {
            Some(server) => Ok(server.ended()?.is_some()),
            None => Ok(true),
        }
    }

    fn serve(&mut self, listen: &str) -> Result<()> {
        let address_file = self.folder.with_extension("address");
        if address_file.exists() {
            std::fs::remove_file(&address_file)?;
        }
        let log = std::fs::File::create(self.log())?;
        let mut command = self.place.command(self.place.binary(SERVER));
        command
            .args(["serve", "--listen", listen, "--dir"])
            .arg(&self.folder)
            .arg("--address-file")
            .arg(&address_file)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let mut server = Tied::start(&mut command)?;
        let address = wait_for(START_LIMIT, || {
            if let Some(status) = server.ended()? {
                bail!("{SERVER} ended ({status}):\n{}", last_words(&self.log()));
            }
            let address = std::fs::read_to_string(&address_file).unwrap_or_default();
            Ok((!address.trim().is_empty()).then(|| address.trim().to_owned()))
        })?;
        self.address = address.with_context(|| {
            format!(
                "{SERVER} did not listen in {START_LIMIT:?}:\n{}",
                last_words(&self.log())
            )
        })?;
        self.server = Some(server);
        Ok(())
    }

    fn ask(&self, arguments: &[&str]) -> Result<Value> {
        let mut command = self.place.command(self.place.binary(SERVER));
        command.args(arguments).arg("--dir").arg(&self.folder);
        let answer = spoken(&mut command, arguments)?;
        serde_json::from_str(&answer).with_context(|| format!("`{SERVER} {}` answered no JSON", arguments.join(" ")))
    }
}

/// The sample district as the present server makes it: made once, copied at every start.
fn sample(place: &Place, runs: &Path) -> Result<PathBuf> {
    let server = std::fs::metadata(place.binary(SERVER))?;
    let built = server.modified()?.duration_since(SystemTime::UNIX_EPOCH)?;
    let sample = runs.join(format!("sample-{:x}-{:x}", built.as_millis(), server.len()));
    if sample.is_dir() {
        return Ok(sample);
    }
    for old in std::fs::read_dir(runs)? {
        let old = old?;
        if old.file_name().to_string_lossy().starts_with("sample-") {
            std::fs::remove_dir_all(old.path())?;
        }
    }
    println!("Making the sample district (once for each build of the server)");
    let started = Instant::now();
    let unfinished = runs.join("sample-unfinished");
    let mut command = place.command(place.binary(SERVER));
    command.args(["init", "--sample", "--dir"]).arg(&unfinished);
    spoken(&mut command, &["init", "--sample"])?;
    std::fs::rename(&unfinished, &sample)?;
    println!("Made it in {:.1} s", started.elapsed().as_secs_f64());
    Ok(sample)
}

fn spoken(command: &mut Command, arguments: &[&str]) -> Result<String> {
    let answer = command.output()?;
    if !answer.status.success() {
        bail!(
            "`{SERVER} {}` failed:\n{}",
            arguments.join(" "),
            String::from_utf8_lossy(&answer.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}

fn last_words(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(30);
    lines.into_iter().skip(from).collect::<Vec<_>>().join("\n")
}

/// Makes `copy` hold exactly what `original` holds.
fn replace_by_copy(original: &Path, copy: &Path) -> Result<()> {
    if copy.exists() {
        std::fs::remove_dir_all(copy)?;
    }
    std::fs::create_dir_all(copy)?;
    for entry in std::fs::read_dir(original)? {
        let entry = entry?;
        let onto = copy.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            replace_by_copy(&entry.path(), &onto)?;
        } else {
            std::fs::copy(entry.path(), onto)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_holds_what_the_original_holds_and_nothing_older() -> Result<()> {
        let base = std::env::temp_dir().join(format!("wardroom-copy-{}", std::process::id()));
        let (original, copy) = (base.join("original"), base.join("copy"));
        std::fs::create_dir_all(original.join("blobs"))?;
        std::fs::create_dir_all(&copy)?;
        std::fs::write(original.join("blobs/a"), "a")?;
        std::fs::write(copy.join("old"), "b")?;
        replace_by_copy(&original, &copy)?;
        assert_eq!(std::fs::read_to_string(copy.join("blobs/a"))?, "a");
        assert!(!copy.join("old").exists());
        std::fs::remove_dir_all(&base)?;
        Ok(())
    }
}
