//! Whether there is a display, and a virtual one where there is none.

use crate::place::Place;
use crate::processes::{Tied, wait_for};
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A window can be shown to a person here.
pub fn is_there() -> bool {
    let names = |variable: &str| std::env::var_os(variable).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || names("DISPLAY") || names("WAYLAND_DISPLAY")
}

/// An X server without a screen; it ends when this value is dropped.
pub struct VirtualDisplay {
    name: String,
    _server: Tied,
}

impl VirtualDisplay {
    /// Starts one under a number of its own choice.
    ///
    /// # Errors
    /// When Xvfb does not come up.
    pub fn start(place: &Place) -> Result<Self> {
        let log = place.folder("run")?.join("display.log");
        let mut command = place.command("Xvfb");
        // It writes the number it took to its first output once it listens. The size is
        // the smallest screen a ward has.
        command
            .args(["-displayfd", "1", "-screen", "0", "1366x768x24"])
            .args(["-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(std::fs::File::create(&log)?)
            .stderr(Stdio::null());
        let mut server = Tied::start(&mut command)?;
        let number = wait_for(Duration::from_secs(10), || {
            if let Some(status) = server.ended()? {
                bail!("Xvfb ended ({status})");
            }
            let said = std::fs::read_to_string(&log)?;
            Ok(said.ends_with('\n').then(|| said.trim().to_owned()))
        })?;
        let number = number.context("Xvfb did not listen in 10 s")?;
        Ok(Self {
            name: format!(":{number}"),
            _server: server,
        })
    }

    /// As in DISPLAY.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes a program show its windows here.
    pub fn show_in(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY");
    }
}
