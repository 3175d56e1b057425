//! Writes `wire.ts`: the TypeScript of every type that crosses to the window.
//!
//! `cargo run -p desk --example wire_types [FOLDER]`; without FOLDER to TS_RS_EXPORT_DIR.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut config = ts_rs::Config::from_env();
    if let Some(folder) = std::env::args_os().nth(1) {
        config = config.with_out_dir(std::path::PathBuf::from(folder));
    }
    Ok(desk::wire::export(&config)?)
}
