//! Prepares the window's build: its configuration stands at the top level.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // SQLCipher is linked statically, and the system's WebKit wants a libsqlite3: without this
        // the linker would export our sqlite3_* and WebKit would bind to them.
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    println!("cargo:rerun-if-changed=capabilities");
    let attributes = tauri_build::Attributes::new()
        .config_path("../tauri.conf.json")
        .app_manifest(tauri_build::AppManifest::new().commands(&[
            "status",
            "join",
            "stand_alone",
            "set_aside",
            "sign_in",
            "lock",
            "touch",
            "view",
            "act",
            "save",
            "undo",
            "resolve",
            "history",
            "put_draft",
            "draft",
            "forget_draft",
            "sync_page",
            "sync_now",
            "adopt",
            "dismiss",
            "backup",
            "renew",
            "rejoin",
            "copy_unsent",
            "take_in_unsent",
            "find_sticks",
            "load_stick",
        ]));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("{error:#}");
        std::process::exit(1);
    }
}
