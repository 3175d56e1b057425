//! Prepares the window's build: its configuration stands at the top level.

macro_rules! named {
    ($($name:ident),* $(,)?) => { &[$(stringify!($name)),*] };
}

/// The commands that the handler knows.
const COMMANDS: &[&str] = include!("src/commands.in");
/// What the window may call.
const CAPABILITY: &str = include_str!("capabilities/main.json");

fn main() {
    // A command that the window may not call would be refused there alone, where few tests look.
    let allowed = |name: &&str| CAPABILITY.contains(&format!("\"allow-{}\"", name.replace('_', "-")));
    let refused: Vec<_> = COMMANDS.iter().filter(|name| !allowed(name)).collect();
    assert!(refused.is_empty(), "capabilities/main.json does not allow {refused:?}");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // SQLCipher is linked statically, and the system's WebKit wants a libsqlite3: without this
        // the linker would export our sqlite3_* and WebKit would bind to them.
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-changed=capabilities");
    let attributes = tauri_build::Attributes::new()
        .config_path("../tauri.conf.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("{error:#}");
        std::process::exit(1);
    }
}
