//! The ward desktop: one window over one desk.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    wardroom_desktop::run()
}
