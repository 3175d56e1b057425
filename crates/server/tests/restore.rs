//! A district that was lost and came back from a backup: nothing a desk holds is lost with it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use std::path::PathBuf;

use rig::*;
use server::{Server, ServerError, backup};
use sync_core::exchange::{Answer, Ask, Page};
use sync_core::{Lsn, SpaceId};

/// A folder with the district's master key and nothing else.
fn folder_with_the_key(rig: &Rig, name: &str) -> PathBuf {
    let dir = rig.dir().join(name);
    std::fs::create_dir(&dir).unwrap();
    std::fs::copy(rig.dir().join("master.key"), dir.join("master.key")).unwrap();
    dir
}

fn restored(rig: &Rig, file: &str, to: &str) -> Server {
    let dir = folder_with_the_key(rig, to);
    backup::restore(&rig.dir().join(file), &dir, rig.server.config()).unwrap();
    Server::open(&dir, rig.server.config().clone()).unwrap()
}

async fn page(rig: &Rig, desk: &Desk, space: SpaceId, epoch: u64, cursor: Lsn) -> Page {
    let asks = vec![hello(), Ask::Pull { space, epoch, cursor }];
    match rig.exchange(desk, asks).await.unwrap().remove(1) {
        Answer::Page(page) => page,
        other => panic!("no page: {other:?}"),
    }
}

#[tokio::test]
async fn desks_send_again_what_came_after_the_backup_and_read_the_log_anew() {
    let mut rig = Rig::new();
    let (mut desk, other) = (rig.desk(rig.here), rig.desk(rig.here));
    desk.admit(3);
    rig.push(&desk, desk.all()).await;
    backup::make(&rig.server, &rig.dir().join("backup")).unwrap();
    desk.admit(4);
    rig.push(&desk, desk.batch(4, 7)).await;
    let before = page(&rig, &other, desk.space, 1, 0).await;
    assert_eq!(before.head, 7);

    rig.server = restored(&rig, "backup", "again");
    let answers = rig.exchange(&desk, vec![hello()]).await.unwrap();
    assert!(matches!(answers[0], Answer::Hello { last_seq: 3, .. }));
    // A reader of the old log learns at once that this is another one.
    let stale = page(&rig, &other, desk.space, before.epoch, before.to).await;
    assert_ne!(stale.epoch, before.epoch);
    assert_eq!(
        (stale.from, stale.to, stale.head),
        (1, 3, 3),
        "and reads it from its beginning"
    );
    assert_eq!(receipt(rig.push(&desk, desk.batch(4, 7)).await).1, [4, 5, 6, 7]);
    let after = page(&rig, &other, desk.space, stale.epoch, 0).await;
    assert_eq!(
        (after.head, after.chain, after.digest),
        (7, before.chain, before.digest)
    );
}

#[tokio::test]
async fn what_the_server_wrote_since_is_never_mistaken_for_what_it_writes_now() {
    let mut rig = Rig::new();
    let district = rig.server.district();
    let reader = rig.desk(rig.here);
    backup::make(&rig.server, &rig.dir().join("backup")).unwrap();
    let add = |rig: &Rig, username: &str| {
        let draft = person_draft(new_id(), username, "nurse", Some(rig.here.facility));
        rig.server.author(district, vec![vec![draft]]).unwrap();
    };
    add(&rig, "since");
    let lost = page(&rig, &reader, district, 1, 0).await.entries.pop().unwrap();
    rig.server = restored(&rig, "backup", "again");
    add(&rig, "now");
    let epoch = page(&rig, &reader, district, 1, 0).await.epoch;
    let new = page(&rig, &reader, district, epoch, 0).await.entries.pop().unwrap();
    assert_eq!(new.lsn, lost.lsn);
    assert_ne!(new.id, lost.id);
    assert_eq!(rig.server.person_called("since").unwrap(), None);
}

#[tokio::test]
async fn each_restore_begins_an_epoch_of_its_own_and_voids_invitations() {
    let rig = Rig::new();
    let reader = rig.desk(rig.here);
    let invited = rig.server.invite(rig.here.facility, "Taluk Hospital", "").unwrap();
    backup::make(&rig.server, &rig.dir().join("backup")).unwrap();
    let mut epochs = vec![1];
    for name in ["once", "twice"] {
        rig.wait(1);
        let server = restored(&rig, "backup", name);
        let enrol = enrol(&invited.code, &new_key(), &server.certificate_hash());
        assert_eq!(server.enrol(&enrol).unwrap(), None);
        assert_eq!(server.certificate_hash(), rig.server.certificate_hash());
        let pull = server::exchange::pull::Pull {
            page_bytes: 256 * 1024,
            space: rig.here.space,
            epoch: 0,
            cursor: 0,
        };
        let Answer::Page(page) = server.page(reader.id, pull).unwrap() else {
            panic!("no page");
        };
        assert!(!epochs.contains(&page.epoch));
        epochs.push(page.epoch);
    }
}

#[test]
fn a_restore_writes_over_nothing_and_needs_the_right_key() {
    let rig = Rig::new();
    let file = rig.dir().join("backup");
    backup::make(&rig.server, &file).unwrap();
    let config = rig.server.config();
    let there = backup::restore(&file, rig.dir(), config);
    assert!(matches!(there, Err(ServerError::AlreadyBegun(_))));

    let without = rig.dir().join("without a key");
    assert!(matches!(
        backup::restore(&file, &without, config),
        Err(ServerError::MasterKey(_))
    ));
    let other = folder_with_the_key(&rig, "another key");
    std::fs::write(other.join("master.key"), "11".repeat(32)).unwrap();
    assert!(matches!(
        backup::restore(&file, &other, config),
        Err(ServerError::SealBroken)
    ));
    for dir in [without, other] {
        let left: Vec<_> = std::fs::read_dir(dir)
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert!(left.iter().all(|name| name == "master.key"), "{left:?}");
    }
}
