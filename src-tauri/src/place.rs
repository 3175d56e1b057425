//! Where this desk keeps its folder and its secret, and how the program starts.

use std::path::PathBuf;

use desk::Options;
use desk::keys::hardness::Cost;
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use tracing_subscriber::EnvFilter;

/// Idle minutes after which a ward desktop locks itself.
const LOCK_AFTER_MINUTES: u32 = 5;

/// The desk's folder: `WARDROOM_DATA_DIR`, else the user's data folder.
pub fn folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("WARDROOM_DATA_DIR") {
        return PathBuf::from(folder);
    }
    let home = std::env::var_os("HOME")
        .or_else(|| std::env::var_os("APPDATA"))
        .map(PathBuf::from);
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let data = data.or_else(|| home.map(|home| home.join(".local").join("share")));
    data.unwrap_or_else(|| PathBuf::from(".")).join("wardroom")
}

/// Whether this desk was given a folder of its own.
pub fn has_own_folder() -> bool {
    std::env::var_os("WARDROOM_DATA_DIR").is_some()
}

/// How the desk is started. `WARDROOM_KEY_STORE=file` keeps the device secret in a file, for
/// computers without a key store; the window shows that this is weaker.
pub fn options() -> Options {
    let secret_home = match std::env::var("WARDROOM_KEY_STORE").as_deref() {
        Ok("file") => SecretHome::File,
        _ => SecretHome::KeyStore,
    };
    Options {
        folder: folder(),
        secret_home,
        cost: Cost::Measured,
        lock_after_minutes: LOCK_AFTER_MINUTES,
        patience: Patience::default(),
    }
}

/// The invitation this computer was set up with, `address#code`: for setting up many at once. It is
/// used once, on a desk that has not joined yet.
pub fn invitation() -> Option<String> {
    std::env::var("WARDROOM_JOIN").ok().filter(|text| !text.is_empty())
}

/// How the desk is called in the district until somebody names it.
pub fn desk_name() -> String {
    let named = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let name = named.trim();
    if name.is_empty() {
        "ward desktop".to_owned()
    } else {
        name.to_owned()
    }
}

/// A shipped build cannot be driven from outside, whoever sets the environment.
pub fn forbid_driving() {
    #[cfg(not(debug_assertions))]
    #[allow(
        unsafe_code,
        reason = "the first statement of main: no other thread reads the environment yet"
    )]
    // SAFETY: called first in main, before any thread is started.
    unsafe {
        std::env::remove_var("TAURI_WEBVIEW_AUTOMATION");
    }
}

/// Whether a test drives this window; never in a shipped build.
pub fn is_driven() -> bool {
    cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Logs to standard error, by `RUST_LOG`; counts and codes only.
pub fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
}
