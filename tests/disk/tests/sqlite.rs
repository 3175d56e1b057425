//! SQLite over the disk: what a power cut leaves of a real database, and how it meets a disk that fails.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::sync::mpsc;

use failing_disk::{Disk, Kind, Mode, Stop, Unsynced, insert};
use rusqlite::Connection;
use tempfile::TempDir;

fn try_open(path: &Path, synchronous: &str) -> rusqlite::Result<Connection> {
    insert();
    let conn = Connection::open(path)?;
    let key = "07".repeat(32);
    conn.execute_batch(&format!("PRAGMA key = \"x'{key}'\"; PRAGMA cipher_log_level = NONE"))?;
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}"
    ))?;
    Ok(conn)
}

fn open(path: &Path, synchronous: &str) -> Connection {
    try_open(path, synchronous).unwrap()
}

fn made(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("a.db");
    let conn = open(&path, "FULL");
    conn.execute_batch("CREATE TABLE t (a)").unwrap();
    path
}

fn add(conn: &Connection) -> rusqlite::Result<usize> {
    conn.execute("INSERT INTO t VALUES (randomblob(9000))", [])
}

fn rows(path: &Path) -> i64 {
    let conn = open(path, "FULL");
    let sound: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
}

/// How many of three rows are there after a power cut.
fn rows_left(synchronous: &str, unsynced: Unsynced) -> i64 {
    let folder = TempDir::new().unwrap();
    let path = made(&folder);
    let disk = Disk::at(&path).unwrap();
    let conn = open(&path, synchronous);
    (0..3).for_each(|_| assert_eq!(add(&conn), Ok(1)));
    let after = folder.path().join("after.db");
    disk.lose_power_to(&after, unsynced).unwrap();
    rows(&after)
}

#[test]
fn a_synced_commit_outlives_a_power_cut_and_an_unsynced_one_does_not() {
    assert_eq!(rows_left("FULL", Unsynced::Lost), 3);
    assert_eq!(rows_left("NORMAL", Unsynced::Lost), 0);
    assert_eq!(rows_left("NORMAL", Unsynced::Kept), 3);
    for seed in 0..20 {
        assert_eq!(rows_left("FULL", Unsynced::LostInPart { seed }), 3);
    }
}

#[test]
fn a_disk_that_fails_once_is_told_of_and_the_next_try_is_kept() {
    let folder = TempDir::new().unwrap();
    let path = made(&folder);
    let listing = Disk::at(&path).unwrap();
    listing.list();
    add(&open(&path, "FULL")).unwrap();
    let operations = listing.listed();
    drop(listing);
    assert!(operations.iter().any(|operation| operation.kind == Kind::Sync));
    let (mut failed, mut kept) = (0, 1);
    for number in 1..=operations.len() as u64 {
        for mode in [Mode::Eio, Mode::Enospc] {
            let disk = Disk::at(&path).unwrap();
            disk.plan(Stop { mode, number }, |_| unreachable!("nothing ends here"));
            // Not open yet where already the opening met the fault.
            let conn = try_open(&path, "FULL");
            if !conn.as_ref().is_ok_and(|conn| add(conn).is_ok()) {
                failed += 1;
                disk.make_room();
                add(&conn.unwrap_or_else(|_| open(&path, "FULL"))).unwrap();
            }
            kept += 1;
            let after = folder.path().join("after.db");
            disk.lose_power_to(&after, Unsynced::Lost).unwrap();
            assert_eq!(rows(&after), kept, "{mode:?} at {number}");
            disk.make_room();
        }
    }
    assert!(failed > 10, "{failed}");
}

#[test]
fn the_program_is_told_what_happened_when_it_is_to_end() {
    let folder = TempDir::new().unwrap();
    let path = made(&folder);
    let disk = Disk::at(&path).unwrap();
    let (tell, told) = mpsc::channel();
    let stop = Stop {
        mode: Mode::Torn512,
        number: 5,
    };
    disk.plan(stop, move |ended| tell.send(ended.happened.to_owned()).unwrap());
    add(&open(&path, "FULL")).unwrap();
    let happened = told.try_recv().unwrap();
    assert!(
        happened.starts_with("operation 5: killed when it had to write 4096 bytes at "),
        "{happened}"
    );
}
