//! Writes what a desktop and a server of this build leave on the disk, small and with a known key, for the
//! builds to come: `cargo run -p wardroom-tests --bin golden`. Run it before a migration is added, and commit
//! what it wrote; files of earlier schemas are never written again.

use anyhow::Result;
use wardroom_tests::golden;

#[tokio::main]
async fn main() -> Result<()> {
    for written in golden::write(&golden::folder()).await? {
        println!("{}", written.display());
    }
    Ok(())
}
