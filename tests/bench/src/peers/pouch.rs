//! PouchDB, which CHT is built on, against its own server.

use std::path::Path;

use anyhow::Result;
use serde_json::json;

use super::node::{Edits, OnNode};
use super::round::Peer;
use super::{Peers, install};

/// What it does not do.
pub const ABOUT: &str = "PouchDB 9 replicates with pouchdb-server 4 over plain HTTP, both on LevelDB: a write is not synced to the \
    disk before it is acknowledged, nothing is encrypted or signed, anybody may write everything, and there is no search. Of two \
    edits of one record one is shown whole and the other kept beside it, shown to nobody.";

/// With batches as it has them, and with such as make it fastest.
///
/// # Errors
/// When it cannot be installed.
pub fn contestants(target: &Path) -> Result<Peers> {
    let folder = install::packages(target, "pouch")?;
    let one = |name, options| {
        let peer = OnNode {
            node: "node".into(),
            folder: folder.clone(),
            server: |command, peer, folder, address| {
                command
                    .arg(peer.folder.join("node_modules/pouchdb-server/bin/pouchdb-server"))
                    .args(["--port", &address.port().to_string(), "--no-stdout-logs", "--dir"])
                    .arg(folder);
            },
            options,
            edits: Edits::Come,
        };
        (name, Box::new(peer) as Box<dyn Peer>)
    };
    Ok(vec![
        one("PouchDB, batches of 100", json!({})),
        one("PouchDB, batches of 1,000", json!({ "batch_size": 1_000 })),
    ])
}
