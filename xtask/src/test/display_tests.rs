//! The places some test programs need: a virtual display, and a private bus with an open key store.

use super::Bench;
use super::report::Outcome;
use crate::run::display::VirtualDisplay;
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Makes the command for a test program in its place.
pub type Wrap<'a> = &'a dyn Fn(&OsStr) -> Command;

/// Runs what needs windows on a display of its own; without a bus no key store is there by chance.
pub fn in_windows(bench: &Bench, run: &dyn Fn(Wrap) -> Result<Outcome>) -> Result<Outcome> {
    let display = VirtualDisplay::start(bench.place)?;
    run(&|program| {
        let mut command = bench.place.command(program);
        display.show_in(&mut command);
        command
    })
}

/// Runs what needs a key store on a bus of its own, unlocked, in folders that are emptied first.
pub fn with_key_store(bench: &Bench, run: &dyn Fn(Wrap) -> Result<Outcome>) -> Result<Outcome> {
    let home = bench.logs.join("key-store");
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    private_folder(&home)?;
    let folders = [
        ("XDG_DATA_HOME", "data"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_RUNTIME_DIR", "run"),
    ];
    for (_, folder) in folders {
        private_folder(&home.join(folder))?;
    }
    let unlock_then_run =
        "printf %s wardroom | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$0\" \"$@\"";
    run(&|program| {
        let mut command = bench.place.command("dbus-run-session");
        command.args(["--", "sh", "-c", unlock_then_run]).arg(program);
        for (name, folder) in folders {
            command.env(name, home.join(folder));
        }
        command
    })
}

/// The bus refuses a folder that others could enter.
fn private_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))
}
