//! A district server as a process of its own, with the sample district.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value as Json;
use tokio::process::{Child, Command};

use crate::place::program;

/// A district server and its folder.
pub struct District {
    folder: PathBuf,
    serving: Option<Child>,
    environment: Vec<(String, String)>,
    pub address: SocketAddr,
    is_plain: bool,
}

impl District {
    /// Makes a small sample district and serves it.
    ///
    /// # Errors
    /// When the server cannot be set up or started.
    pub async fn new(folder: &Path) -> Result<District> {
        District::begin(folder, false).await
    }

    /// The same with these in its environment.
    ///
    /// # Errors
    /// When the server cannot be set up or started.
    pub async fn new_with(folder: &Path, environment: &[(&str, &str)]) -> Result<District> {
        let mut district = District::at(folder, false);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        district.environment = environment.iter().map(owned).collect();
        district.set_up().await?;
        Ok(district)
    }

    /// Serves a district that stands in the folder.
    ///
    /// # Errors
    /// When the server cannot be started.
    pub async fn standing(folder: &Path) -> Result<District> {
        let mut district = District::at(folder, false);
        district.serve().await?;
        Ok(district)
    }

    /// The same without TLS, so that somebody in between can meddle.
    ///
    /// # Errors
    /// When the server cannot be set up or started.
    pub async fn plain(folder: &Path) -> Result<District> {
        District::begin(folder, true).await
    }

    async fn begin(folder: &Path, is_plain: bool) -> Result<District> {
        let mut district = District::at(folder, is_plain);
        district.set_up().await?;
        Ok(district)
    }

    async fn set_up(&mut self) -> Result<()> {
        let names = ["--district", "Ernakulam", "--state", "Kerala"];
        let init = [&["init"], &names[..], &["--sample", "small"]].concat();
        self.run(&init).await?;
        self.serve().await
    }

    fn at(folder: &Path, is_plain: bool) -> District {
        District {
            is_plain,
            folder: folder.to_owned(),
            serving: None,
            environment: Vec::new(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        }
    }

    /// Serves on the port of before, or on a free one.
    ///
    /// # Errors
    /// When it does not listen within half a minute.
    pub async fn serve(&mut self) -> Result<()> {
        let said = self.folder.join("address");
        let _ = std::fs::remove_file(&said);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder.join("server.log"))?;
        let child = Command::new(program("wardroom-server")?)
            .arg("--dir")
            .arg(&self.folder)
            .args(["serve", "--listen", &self.address.to_string(), "--address-file"])
            .arg(&said)
            .args(self.is_plain.then_some("--plain"))
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        self.serving = Some(child);
        for _ in 0..600 {
            let text = std::fs::read_to_string(&said).unwrap_or_default();
            let bare = text.trim().trim_start_matches("https://").trim_start_matches("http://");
            if let Ok(address) = bare.parse() {
                self.address = address;
                return Ok(());
            }
            if let Some(status) = self.serving.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                bail!("the server ended: {status}: {}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the server does not listen: {}", self.log())
    }

    /// Ends the server as a power cut would.
    ///
    /// # Errors
    /// When it is not running.
    pub async fn kill(&mut self) -> Result<()> {
        let mut child = self.serving.take().context("the server is not running")?;
        child.kill().await?;
        Ok(())
    }

    /// The number of its process, while it runs.
    pub fn process(&self) -> Option<u32> {
        self.serving.as_ref()?.id()
    }

    /// How a desk names it that reaches it at `address`.
    pub fn named(&self, address: SocketAddr) -> String {
        format!("{}://{address}", if self.is_plain { "http" } else { "https" })
    }

    /// What the server logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }

    /// Runs a command of the server's program and reads what it says.
    ///
    /// # Errors
    /// When it fails.
    pub async fn run(&self, args: &[&str]) -> Result<Json> {
        let done = Command::new(program("wardroom-server")?)
            .arg("--dir")
            .arg(&self.folder)
            .arg("--json")
            .args(args)
            .envs(self.environment.iter().cloned())
            .output()
            .await?;
        ensure!(
            done.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        let text = String::from_utf8_lossy(&done.stdout);
        Ok(serde_json::from_str(text.trim()).unwrap_or(Json::Null))
    }

    /// A one-time code for a desk of the sample's first facility.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn invite(&self) -> Result<String> {
        let facility = sample::hospital_ids(sample::SEED).facility.to_string();
        let said = self.run(&["device", "invite", "--facility", &facility]).await?;
        Ok(said["code"].as_str().context("no code")?.to_owned())
    }
}
