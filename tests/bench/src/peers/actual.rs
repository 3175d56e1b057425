//! Actual, whose ends keep a budget in SQLite and replicate it by a last-writer-wins CRDT, against its own sync server.

use std::path::Path;

use anyhow::Result;
use serde_json::Value as Json;

use super::node::{Edits, OnNode};
use super::round::Peer;
use super::{Peers, install};

/// What it does not do.
pub const ABOUT: &str = "Actual 26 replicates with its sync server over plain HTTP, both on SQLite: a patient is one note of a budget, \
    so that of two edits of one patient the later by the desk's clock wins whole and the other is gone. Nothing is signed, its \
    encryption between desks is off, and there is no search. Nobody is told of an edit: the other desk asks, here at once when \
    the first has sent it, and the time begins with the edit.";

/// One.
///
/// # Errors
/// When it cannot be installed.
pub fn contestants(target: &Path) -> Result<Peers> {
    let (node, folder) = install::packages_and_node(target, "actual", &["better-sqlite3"])?;
    let peer = OnNode {
        node,
        folder,
        server: |command, peer, folder, address| {
            command
                .arg(
                    peer.folder
                        .join("node_modules/@actual-app/sync-server/build/bin/actual-server.js"),
                )
                .env("NODE_ENV", "production")
                .env("ACTUAL_HOSTNAME", address.ip().to_string())
                .env("ACTUAL_PORT", address.port().to_string())
                .env("ACTUAL_DATA_DIR", folder);
        },
        options: Json::Null,
        edits: Edits::AreFetched,
    };
    Ok(vec![("Actual", Box::new(peer) as Box<dyn Peer>)])
}
