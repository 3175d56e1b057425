//! The file itself: backups, other keys, other versions.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use rig::*;
use server::{Server, ServerError, backup};

#[test]
fn a_backup_is_whole_and_any_harm_to_it_is_found() {
    let rig = Rig::new();
    let drafts = (0..2_000).map(|_| vec![patient_draft(new_id())]).collect();
    rig.server.author(rig.here.space, drafts).unwrap();
    let file = rig.dir().join("backup");
    let held = backup::make(&rig.server, &file).unwrap();
    assert_eq!((held.spaces, held.changes), (3, 2_007));
    let config = rig.server.config();
    assert_eq!(backup::verify(&file, rig.dir(), config).unwrap(), held);
    assert!(matches!(backup::make(&rig.server, &file), Err(ServerError::Io(..))));

    let whole = std::fs::read(&file).unwrap();
    let piece = 1024 * 1024 + 28;
    assert!(whole.len() > 2 * piece);
    let mut harmed = vec![
        whole[..whole.len() - 1].to_vec(),
        whole[..34 + piece].to_vec(),
        whole[..10].to_vec(),
    ];
    for place in [0, 20, 100, whole.len() / 2, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[place] ^= 1;
        harmed.push(flipped);
    }
    let mut swapped = whole.clone();
    swapped[34..34 + 2 * piece].rotate_left(piece);
    harmed.push(swapped);
    for bytes in harmed {
        std::fs::write(&file, bytes).unwrap();
        assert!(backup::verify(&file, rig.dir(), config).is_err());
    }
    let left: Vec<_> = std::fs::read_dir(rig.dir())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert!(
        left.iter().all(|name| !name.to_string_lossy().contains("backup.")),
        "{left:?}"
    );
}

#[cfg(unix)]
#[test]
fn the_master_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let rig = Rig::new();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&rig.dir().join("master.key")), 0o600);
    assert_eq!(mode(rig.dir()), 0o700);
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let rig = Rig::new();
    let conn = rusqlite::Connection::open(rig.dir().join("district.db")).unwrap();
    conn.execute(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (999, 'later', '', '')",
        [],
    )
    .unwrap();
    rig.server.db().checkpoint().unwrap();
    let before = std::fs::read(rig.dir().join("district.db")).unwrap();
    let opened = Server::open(rig.dir(), rig.server.config().clone());
    assert!(matches!(
        opened.err(),
        Some(ServerError::NewerSchema { found: 999, .. })
    ));
    let after = std::fs::read(rig.dir().join("district.db")).unwrap();
    assert!(after == before, "not a byte of it changed");
}

#[test]
fn what_a_backup_that_was_killed_left_behind_is_no_hindrance() {
    let rig = Rig::new();
    let file = rig.dir().join("backup");
    // A program in a container has the same number each time.
    for word in ["copy", "part"] {
        let left = rig.dir().join(format!("backup.{}.{word}", std::process::id()));
        std::fs::write(left, "half").unwrap();
    }
    backup::make(&rig.server, &file).unwrap();
    backup::verify(&file, rig.dir(), rig.server.config()).unwrap();
}

#[test]
fn a_district_whose_beginning_was_cut_short_is_begun_again() {
    let folder = tempfile::TempDir::new().unwrap();
    let dir = folder.path().join("district");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("master.key.new"), "half").unwrap();
    let config = Rig::new().server.config().clone();
    let server = Server::begin(&dir, new_id(), 330, config.clone()).unwrap();
    assert_eq!(server.heads().unwrap().len(), 1);
    let key = std::fs::read(dir.join("master.key")).unwrap();
    assert!(matches!(
        Server::begin(&dir, new_id(), 330, config),
        Err(ServerError::AlreadyBegun(_))
    ));
    assert_eq!(std::fs::read(dir.join("master.key")).unwrap(), key);
}

/// Somebody is registered long ago and written to often. Answers a part of each sealed value of theirs that ever stood.
fn lived_through(rig: &Rig, person: domain::RecordId) -> Vec<Vec<u8>> {
    let sealed = || -> Vec<Vec<u8>> {
        let conn = rusqlite::Connection::open(rig.dir().join("district.db")).unwrap();
        let sql =
            "SELECT sealed_body FROM change WHERE record = ?1 UNION SELECT sealed_state FROM record WHERE record = ?1";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([person.0.as_bytes().as_slice()], |row| row.get(0));
        rows.unwrap().map(Result::unwrap).collect()
    };
    let mut all = Vec::new();
    for life in 0..20 {
        let note = "x".repeat(200 * life);
        let edited = patient_draft(person).with_value("address", domain::Value::Text(note));
        let edited = edited.with(&domain::entities::patient::REGISTERED_AT, domain::Time(0));
        rig.server.author(rig.here.space, vec![vec![edited]]).unwrap();
        all.extend(sealed());
    }
    // From its end: a body may lie on several pages.
    all.iter().map(|body| body[body.len() - 40..].to_vec()).collect()
}

/// How many of the parts stand in the file and its log.
fn remains(rig: &Rig, parts: &[Vec<u8>]) -> usize {
    let names = ["district.db", "district.db-wal"];
    let files: Vec<Vec<u8>> = names
        .iter()
        .filter_map(|name| std::fs::read(rig.dir().join(name)).ok())
        .collect();
    let is_in = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let left = parts.iter().filter(|part| files.iter().any(|file| is_in(file, part)));
    left.count()
}

fn assert_nothing_remains(rig: &Rig, parts: &[Vec<u8>]) {
    assert_eq!(remains(rig, parts), 0);
    assert_eq!(rig.server.verify().unwrap().faults, []);
    assert_eq!(rig.server.db().faults().unwrap(), Vec::<String>::new());
}

#[test]
fn no_sealed_byte_of_who_was_erased_remains_in_the_file() {
    let rig = Rig::new();
    let person = new_id();
    let parts = lived_through(&rig, person);
    let asked = domain::Draft::new("erasure", new_id()).with(&domain::entities::erasure::PATIENT, person);
    let id = asked.id;
    rig.server.author(rig.here.space, vec![vec![asked]]).unwrap();
    rig.server.db().checkpoint().unwrap();
    assert!(remains(&rig, &parts) > 0);
    rig.server.carry_out(id).unwrap().unwrap();
    rig.server.db().sweep().unwrap();
    assert_nothing_remains(&rig, &parts);
}

#[test]
fn no_sealed_byte_of_what_was_purged_remains_in_the_file() {
    let rig = Rig::new();
    let parts = lived_through(&rig, new_id());
    rig.server.db().checkpoint().unwrap();
    assert!(remains(&rig, &parts) > 0);
    let done = run_with(rig.dir(), &["retention", "purge", "--without-archive"], "purge\n").unwrap();
    assert_eq!((&done["records"], &done["swept"]), (&1.into(), &true.into()));
    rig.server.db().checkpoint().unwrap();
    assert_nothing_remains(&rig, &parts);
}
