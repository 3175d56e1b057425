//! Attacks a district and prints what came of it: `[--quick] [--only WORDS] [--json]`.

use std::process::ExitCode;

use anyhow::Result;
use wardroom_tests::attack::{Extent, Tally, attack};

#[tokio::main]
async fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| asked.iter().any(|word| word == flag);
    let only = asked.iter().skip_while(|word| *word != "--only").nth(1);
    let extent = if has("--quick") { Extent::Sample } else { Extent::Whole };
    let only = only.map(String::as_str).unwrap_or_default();
    let attacked = attack(extent, only, |sort| eprintln!("· {sort}")).await;
    match attacked.and_then(|tally| say(&tally, has("--json"))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether nobody was let in and nothing found.
fn say(tally: &Tally, is_json: bool) -> Result<bool> {
    let told = tally.told();
    for (sort, count) in tally.sorts() {
        eprintln!("{count:>8}  {sort}");
    }
    for figure in &tally.measured {
        eprintln!("          {figure}");
    }
    for what in tally.let_in.iter().chain(&tally.plaintext) {
        eprintln!("LET IN    {what}");
    }
    if is_json {
        println!("{}", serde_json::to_string(&told)?);
    } else {
        println!(
            "{} tried, {} let in, {} found readable",
            told.tried, told.let_in, told.plaintext_hits
        );
    }
    Ok(told.let_in == 0 && told.plaintext_hits == 0)
}
