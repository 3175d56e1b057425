//! Tells the story of two desks and a server. `--json` ends with one line of figures.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let json = std::env::args().any(|arg| arg == "--json");
    let told = match tempfile::tempdir() {
        Ok(folder) => wardroom_tests::story::tell(folder.path(), |line| eprintln!("· {line}")).await,
        Err(error) => Err(error.into()),
    };
    match told {
        Ok(told) if json => {
            println!("{}", serde_json::to_string(&told).unwrap_or_default());
            good(told.lost == 0 && told.digests_equal && told.conflicts == 1)
        }
        Ok(told) => {
            println!("{told:#?}");
            good(told.lost == 0 && told.digests_equal && told.conflicts == 1)
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn good(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
