//! Tells the program with which compiler it was built.

fn main() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let answer = std::process::Command::new(rustc).arg("--version").output();
    let version = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned());
    let version = version.unwrap_or_default();
    println!(
        "cargo:rustc-env=RUSTC_VERSION={}",
        version.trim_start_matches("rustc ").trim()
    );
    println!("cargo:rerun-if-changed=build.rs");
}
