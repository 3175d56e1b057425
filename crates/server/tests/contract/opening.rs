//! What a district is kept in: other keys, other versions, and a log that nobody edits.

use server::{Server, ServerError};

use crate::rig::*;

#[test]
fn another_master_key_opens_nothing() {
    let rig = Rig::new();
    std::fs::write(rig.dir().join("master.key"), "11".repeat(32)).unwrap();
    let opened = Server::open(rig.dir(), rig.server.config().clone());
    assert!(matches!(opened.err(), Some(ServerError::SealBroken)));
    std::fs::write(rig.dir().join("master.key"), "short").unwrap();
    let opened = Server::open(rig.dir(), rig.server.config().clone());
    assert!(matches!(opened.err(), Some(ServerError::MasterKey(_))));
}

/// Says a statement to what the rig's district is kept in, past the server. Answers whether it was done.
fn say(rig: &Rig, sql: &str) -> bool {
    match database_of(rig) {
        Some((cluster, schema)) => cluster.sql(&format!("SET search_path = {schema}; {sql}")).is_ok(),
        None => rusqlite::Connection::open(rig.dir().join("district.db"))
            .unwrap()
            .execute_batch(sql)
            .is_ok(),
    }
}

#[test]
fn what_a_newer_version_wrote_is_left_alone() {
    let rig = Rig::new();
    let newer =
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (999, 'later', '', '')";
    assert!(say(&rig, newer));
    let opened = Server::open(rig.dir(), rig.server.config().clone());
    assert!(matches!(
        opened.err(),
        Some(ServerError::NewerSchema { found: 999, .. })
    ));
}

#[test]
fn the_log_is_never_edited() {
    let rig = Rig::new();
    assert!(say(&rig, "SELECT count(*) FROM change"));
    assert!(!say(&rig, "UPDATE change SET hash = record"));
    assert!(!say(&rig, "DELETE FROM change"));
}
