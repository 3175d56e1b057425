//! The program `wardroom-server`; what it does stands in `cli/`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
