//! Where this desk keeps its folder and its secret, and how the program starts.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use desk::Options;
use desk::keys::hardness::Cost;
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use tracing_subscriber::EnvFilter;

/// Idle minutes after which a ward desktop locks itself.
const LOCK_AFTER_MINUTES: u32 = 5;

/// No invitation has so many bytes: what is longer is cut, and refused as a code.
const LONGEST_INVITATION: u64 = 1_000;

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
/// used once, on a desk that has not joined yet. It stands in `WARDROOM_JOIN`, or in the file that `WARDROOM_JOIN_FILE` names,
/// so that it shows in no list of processes.
pub fn invitation() -> Option<String> {
    let (text, file) = (
        std::env::var("WARDROOM_JOIN").ok(),
        std::env::var_os("WARDROOM_JOIN_FILE"),
    );
    match given(text, file.map(PathBuf::from).as_deref()) {
        Ok(invitation) => invitation,
        Err(error) => {
            tracing::error!(kind = %error.kind(), "the file with this computer's invitation cannot be read");
            None
        }
    }
}

/// The invitation in the text, or else in the file.
fn given(text: Option<String>, file: Option<&Path>) -> std::io::Result<Option<String>> {
    let text = match (text.filter(|text| !text.is_empty()), file) {
        (Some(text), _) => text,
        (None, Some(file)) => {
            let mut text = String::new();
            File::open(file)?.take(LONGEST_INVITATION).read_to_string(&mut text)?;
            text
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_comes_in_the_environment_or_in_a_file_and_never_by_halves() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("invitation");
        let given = |text: Option<&str>, file: Option<&Path>| given(text.map(str::to_owned), file);
        assert_eq!(given(None, None).unwrap(), None);
        assert_eq!(given(Some(""), None).unwrap(), None);
        assert_eq!(given(Some("a#b"), Some(&file)).unwrap().as_deref(), Some("a#b"));
        assert!(given(Some(""), Some(&file)).is_err(), "there is no such file");
        for (written, read) in [("a#b\n", Some("a#b")), ("\r\n", None), ("", None)] {
            std::fs::write(&file, written).unwrap();
            assert_eq!(given(None, Some(&file)).unwrap().as_deref(), read, "{written:?}");
        }
        std::fs::write(&file, "x".repeat(100_000)).unwrap();
        let most = given(None, Some(&file)).unwrap().unwrap();
        assert_eq!(most.len() as u64, LONGEST_INVITATION);
        std::fs::write(&file, [0xff, 0xfe]).unwrap();
        assert!(given(None, Some(&file)).is_err(), "it is no text");
    }
}
