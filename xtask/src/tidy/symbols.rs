//! Rule: the desktop hands none of its own SQLite's names to WebKit, which would mix two of them in one process.

use crate::place::Place;
use anyhow::{Context, Result, bail};

/// The names of our SQLite that the built desktop offers to the libraries it loads; none is right.
///
/// # Errors
/// When the desktop is not built or `nm` cannot read it.
pub fn leaked(place: &Place) -> Result<Vec<String>> {
    let desktop = place.binary("wardroom");
    let answer = place
        .command("nm")
        .args(["-D", "--defined-only"])
        .arg(&desktop)
        .output()
        .context("cannot start nm (it comes with build-essential)")?;
    if !answer.status.success() {
        bail!(
            "nm cannot read {}: {}",
            place.short(&desktop),
            String::from_utf8_lossy(&answer.stderr)
        );
    }
    Ok(sqlite_names(&String::from_utf8_lossy(&answer.stdout)))
}

fn sqlite_names(listing: &str) -> Vec<String> {
    listing
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .filter(|name| name.starts_with("sqlite3_"))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_sqlite_are_counted() {
        let listing = "0000000000a1b2c0 T sqlite3_open_v2\n0000000000a1b2c8 T main\n";
        assert_eq!(sqlite_names(listing), ["sqlite3_open_v2"]);
    }
}
