//! The file of a desk: what a thief finds, what a broken one says, who may open it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use std::fs;
use std::path::Path;

use failing_disk::{Disk, Mode, Stop};
use rig::{Desk, device, id, key, patient, raw, text};
use serde_json::json;
use store::{DatabaseKey, KeptDraft, SaveError, Store, StoreError, set_aside};
use sync_core::exchange::Numbered;
use sync_core::{Chain, Encoded};

fn open_error(path: &Path, key: &DatabaseKey) -> StoreError {
    Store::open(path, key).map(drop).unwrap_err()
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn what_was_saved_is_there_after_opening_again() {
    let mut desk = Desk::new(1);
    let saved = desk.register(5, "Lakshmi Nair");
    let desk = desk.reopened();
    assert_eq!(desk.field(5, "name"), text("Lakshmi Nair"));
    assert_eq!(desk.store.as_of().unwrap(), saved.as_of);
    assert_eq!(desk.store.device(), device(1));
    desk.assert_verified();
}

#[test]
fn numbers_leap_and_the_clock_goes_on_after_opening_again() {
    let mut desk = Desk::new(1);
    let first = desk.register(5, "Lakshmi").changes[0];
    let mut desk = desk.reopened();
    let second = desk.register(6, "Anju").changes[0];
    let third = desk.register(7, "Beena").changes[0];
    assert_eq!(first.seq, 1);
    assert!(second.seq > 1 << 16, "more than one opening ever uses lie between");
    assert_eq!(third.seq, second.seq + 1);
    let [first, second] = [first, second].map(|id| desk.store.read(|records, _| records.change(id)).unwrap().unwrap());
    assert!(second.stamp > first.stamp);
}

#[test]
fn what_follows_a_leap_stands_on_the_chain_of_all_before() {
    let mut desk = Desk::new(1);
    let first = desk.register(5, "Lakshmi").changes;
    let mut desk = desk.reopened();
    let second = desk.register(6, "Anju").changes;
    let third = desk.register(7, "Beena").changes;
    let sent = |desk: &Desk| -> Vec<_> {
        let outbox = desk.store.outbox(10, usize::MAX).unwrap();
        outbox.iter().map(|encoded| encoded.change().id).collect()
    };
    assert_eq!(sent(&desk), [first.clone(), second.clone(), third.clone()].concat());
    let lsn = 1;
    let numbered = vec![Numbered { seq: first[0].seq, lsn }];
    desk.store.receipt(numbered, Vec::new()).unwrap();
    assert_eq!(sent(&desk), [second.clone(), third].concat());
    let before = desk.store.device_chain_before(second[0].seq).unwrap();
    let content = desk.store.read(|records, _| records.change(first[0])).unwrap().unwrap();
    assert_eq!(before, Chain::default().with_change(Encoded::new(content).hash()));
}

#[test]
fn two_copies_of_one_file_give_no_number_to_two_changes() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let copy = desk.folder.path().join("copy.db");
    desk.store.backup(&copy).unwrap();
    let mut copied = Desk::new(9).with_file(&copy);
    assert_eq!(copied.store.device(), desk.store.device());
    let (here, there) = (desk.register(6, "Anju").changes, copied.register(7, "Beena").changes);
    let mut again = desk.reopened();
    let later = again.register(8, "Kamala").changes;
    assert!(here != there && later != there && here != later);
}

#[test]
fn nothing_a_person_typed_stands_in_the_files() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmikutty Varghese");
    desk.store.put_draft(id(1), draft("form", "Lakshmikutty", 1)).unwrap();
    for entry in fs::read_dir(desk.folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.starts_with(b"SQLite format 3"));
        for secret in ["Lakshmikutty", "lakshmikutty", "patient", "CREATE TABLE"] {
            assert!(!contains(&bytes, secret), "{secret}");
        }
    }
}

#[test]
fn a_wrong_key_is_told_and_changes_nothing() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let path = desk.path();
    drop(desk.store);
    let before = fs::read(&path).unwrap();
    assert_eq!(open_error(&path, &DatabaseKey::new(&[8; 32])), StoreError::WrongKey);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert!(Store::open(&path, &key()).is_ok());
}

#[test]
fn a_damaged_file_is_told_and_set_aside_under_a_name() {
    let mut desk = Desk::new(1);
    for number in 0..40 {
        desk.register(number, &format!("Lakshmi {number}"));
    }
    let path = desk.path();
    drop(desk.store);
    let whole = fs::read(&path).unwrap();
    for page in 1..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096 + 2000] ^= 1;
        fs::write(&path, &damaged).unwrap();
        assert_eq!(open_error(&path, &key()), StoreError::Damaged, "page {page}");
    }
    fs::write(&path, &whole[..whole.len() - 100]).unwrap();
    assert_eq!(open_error(&path, &key()), StoreError::Damaged);
    let aside = store::set_aside(&path).unwrap();
    assert!(!path.exists());
    assert_eq!(fs::read(&aside).unwrap().len(), whole.len() - 100);
    fs::write(&path, b"").unwrap();
    assert_eq!(open_error(&path, &key()), StoreError::Damaged);
    assert_ne!(store::set_aside(&path).unwrap(), aside);
}

/// The copy is what a power cut leaves that came while pages were moved from the log into the file.
#[test]
fn half_a_page_at_the_end_is_no_damage_while_the_log_holds_the_whole() {
    let mut desk = Desk::new(1);
    for number in 0..40 {
        desk.register(number, &format!("Lakshmi {number}"));
    }
    let beside = |name: &str| desk.folder.path().join(name);
    let cut = beside("cut.db");
    for torn in [1, 100, 512, 4_095] {
        fs::copy(beside("ward.db-wal"), beside("cut.db-wal")).unwrap();
        let mut bytes = fs::read(desk.path()).unwrap();
        bytes.resize(bytes.len() + torn, 7);
        fs::write(&cut, &bytes).unwrap();
        let opened = Store::open(&cut, &key()).unwrap();
        assert_eq!(opened.unsent().unwrap(), 40, "{torn} bytes");
        assert_eq!(opened.verify().unwrap(), vec![]);
        opened.check_file().unwrap();
    }
}

#[test]
fn a_missing_a_plain_and_a_foreign_file_are_told_apart() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("ward.db");
    assert_eq!(open_error(&path, &key()), StoreError::Io(std::io::ErrorKind::NotFound));
    let plain = rusqlite::Connection::open(&path).unwrap();
    plain.execute_batch("CREATE TABLE t (a)").unwrap();
    drop(plain);
    assert_eq!(open_error(&path, &key()), StoreError::NotEncrypted);
    fs::remove_file(&path).unwrap();
    raw(&path).execute_batch("CREATE TABLE t (a)").unwrap();
    assert_eq!(open_error(&path, &key()), StoreError::NotThisDesk);
    assert_eq!(
        Store::create(&path, &key(), device(1)).map(drop).unwrap_err(),
        StoreError::Exists
    );
}

#[test]
fn what_a_power_cut_left_of_a_new_file_is_no_hindrance() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("ward.db");
    fs::write(folder.path().join("ward.db.part"), b"half a page").unwrap();
    fs::write(folder.path().join("ward.db.part-wal"), b"of a log").unwrap();
    drop(Store::create(&path, &key(), device(1)).unwrap());
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["ward.db", "ward.db.lock"]);
    assert!(Store::open(&path, &key()).is_ok());
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let desk = Desk::new(1);
    let path = desk.path();
    drop(desk.store);
    raw(&path)
        .execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
             VALUES (999, 'later', '2030-01-01T00:00:00Z', '1')",
            [],
        )
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(
        open_error(&path, &key()),
        StoreError::NewerSchema { found: 999, known } if known < 999
    ));
    assert!(std::fs::read(&path).unwrap() == before, "not a byte of it changed");
}

#[test]
fn a_second_program_is_refused_while_the_first_has_the_file() {
    let desk = Desk::new(1);
    let path = desk.path();
    assert_eq!(open_error(&path, &key()), StoreError::InUse);
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "opens_what_it_is_told_to"])
        .env("WARD_FILE_TO_OPEN", &path)
        .status()
        .unwrap();
    assert!(child.success());
    drop(desk.store);
    assert!(Store::open(&path, &key()).is_ok());
}

/// The second program of the test above; by itself it has nothing to open.
#[test]
fn opens_what_it_is_told_to() {
    if let Some(path) = std::env::var_os("WARD_FILE_TO_OPEN") {
        assert_eq!(open_error(Path::new(&path), &key()), StoreError::InUse);
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_of_the_action_is_saved() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let bytes = fs::metadata(desk.path()).unwrap().len();
    desk.store.limit_size(bytes + 200 * 1024).unwrap();
    let mut number = 100;
    let refused = loop {
        let note = "n".repeat(1_500);
        let draft = patient(number)
            .with_value("name", text("Anju"))
            .with_value("present_health", text(&note));
        let as_of = desk.store.as_of().unwrap();
        match desk.save_as_of(vec![draft], as_of) {
            Ok(_) => number += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused, SaveError::Store(StoreError::DiskFull));
    desk.store.limit_size(u64::MAX).unwrap();
    assert_eq!(desk.field(number, "name"), domain::Value::Empty);
    assert_eq!(desk.store.unsent().unwrap(), u64::try_from(number - 100 + 1).unwrap());
    desk.assert_verified();
    desk.register(number, "Anju");
    desk.reopened().assert_verified();
}

#[test]
fn changes_can_be_neither_edited_nor_deleted() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let conn = raw(&desk.path());
    for statement in [
        "UPDATE change SET bytes = x'00'",
        "UPDATE change SET record = x'00'",
        "UPDATE change SET seq = 9",
        "DELETE FROM change",
    ] {
        let error = conn.execute(statement, []).unwrap_err().to_string();
        assert!(error.contains("a change is never"), "{statement}: {error}");
    }
}

#[test]
fn a_backup_is_encrypted_and_opens_with_the_key() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmikutty");
    let copy = desk.folder.path().join("copy.db");
    desk.store.backup(&copy).unwrap();
    assert_eq!(desk.store.backup(&copy), Err(StoreError::Exists));
    assert!(!contains(&fs::read(&copy).unwrap(), "Lakshmikutty"));
    desk.register(6, "Anju");
    let copied = Store::open(&copy, &key()).unwrap();
    assert_eq!(copied.unsent().unwrap(), 1);
    assert_eq!(copied.verify().unwrap(), vec![]);
}

fn draft(name: &str, body: &str, updated_ms: i64) -> KeptDraft {
    KeptDraft {
        name: name.to_owned(),
        body: json!(body),
        updated_ms,
    }
}

#[test]
fn drafts_and_settings_are_the_desks_own() {
    let desk = Desk::new(1);
    let (anju, rani) = (id(1), id(2));
    desk.store.put_draft(anju, draft("admission", "first", 10)).unwrap();
    desk.store.put_draft(anju, draft("round", "a", 20)).unwrap();
    desk.store.put_draft(anju, draft("admission", "second", 30)).unwrap();
    let names = |desk: &Desk| -> Vec<String> {
        let drafts = desk.store.drafts(anju).unwrap();
        drafts.into_iter().map(|draft| draft.name).collect()
    };
    assert_eq!(names(&desk), ["admission", "round"]);
    let kept = desk.store.draft(anju, "admission").unwrap();
    assert_eq!(kept, Some(draft("admission", "second", 30)));
    assert_eq!(desk.store.draft(rani, "admission").unwrap(), None);
    desk.store.delete_draft(anju, "admission").unwrap();
    desk.store.put_setting("beds", &json!([1, 2])).unwrap();
    let desk = desk.reopened();
    assert_eq!(names(&desk), ["round"]);
    assert_eq!(desk.store.setting("beds").unwrap(), Some(json!([1, 2])));
    desk.store.delete_setting("beds").unwrap();
    assert_eq!(desk.store.setting("beds").unwrap(), None);
    assert_eq!(desk.store.unsent().unwrap(), 0);
}

#[test]
fn a_new_file_that_the_disk_does_not_take_whole_gets_no_name_and_the_next_try_is_whole() {
    failing_disk::insert();
    let mut refused = 0;
    for mode in [Mode::Eio, Mode::Enospc] {
        for number in (1..).step_by(19) {
            let folder = tempfile::TempDir::new().unwrap();
            let path = folder.path().join("ward.db");
            let disk = Disk::at(folder.path()).unwrap();
            disk.plan(Stop { mode, number }, |_| unreachable!("nothing ends here"));
            let made = Store::create(&path, &key(), device(1));
            if disk.count() < number {
                break;
            }
            if made.is_err() {
                refused += 1;
                assert!(!path.exists(), "{:?}", disk.happened());
                disk.make_room();
                Store::create(&path, &key(), device(1)).unwrap().check_file().unwrap();
            }
        }
    }
    assert!(refused > 8, "{refused}");
}

#[test]
fn a_file_half_set_aside_when_the_power_failed_is_whole_when_it_is_opened() {
    let mut desk = Desk::new(1);
    desk.register(1, "Lakshmi");
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("ward.db");
    fs::copy(desk.path(), &path).unwrap();
    // What was saved stands in the log alone, and the log has its new name already.
    fs::copy(
        desk.path().with_file_name("ward.db-wal"),
        folder.path().join("ward.db.aside-1-wal"),
    )
    .unwrap();
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(store.read(|records, _| records.log()).unwrap().len(), 1);
    drop(store);
    assert_eq!(set_aside(&path).unwrap(), folder.path().join("ward.db.aside-1"));
}
