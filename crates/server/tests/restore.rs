//! A district that was lost and came back from a backup, in a file and in PostgreSQL: nothing a desk holds is lost with it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use std::path::PathBuf;

use domain::Draft;
use domain::entities::{erasure, patient};
use rig::cluster::Cluster;
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

/// A district in a file, and one in PostgreSQL if there is any.
fn districts() -> Vec<Rig> {
    let mut districts = vec![Rig::new()];
    match Cluster::of_process() {
        Ok(cluster) => districts.push(Rig::in_database(&cluster.address(&cluster.schema().unwrap()))),
        Err(why) => println!("SKIPPED: on a file alone: {why}"),
    }
    districts
}

/// The backup that an operator makes of what the district is kept in.
fn back_up(rig: &Rig) {
    match database_of(rig) {
        None => drop(backup::make(&rig.server, &rig.dir().join("backup")).unwrap()),
        Some((cluster, schema)) => cluster.dump(&schema, &schema).unwrap(),
    }
}

/// The district as it stood when it was backed up, put back as the operator's guide says.
fn restored(rig: &Rig, to: &str) -> Server {
    let config = rig.server.config();
    let dir = match database_of(rig) {
        None => {
            let dir = folder_with_the_key(rig, to);
            backup::restore(&rig.dir().join("backup"), &dir, config).unwrap();
            dir
        }
        Some((cluster, schema)) => {
            cluster.put_back(&schema, cluster, &schema).unwrap();
            let opened = Server::open(rig.dir(), config.clone());
            assert!(
                matches!(opened.err(), Some(ServerError::Displaced)),
                "it goes unnoticed"
            );
            backup::begin_epoch(rig.dir(), config).unwrap();
            rig.dir().to_owned()
        }
    };
    Server::open(&dir, config.clone()).unwrap()
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
    for mut rig in districts() {
        let (mut desk, other) = (rig.desk(rig.here), rig.desk(rig.here));
        desk.admit(3);
        rig.push(&desk, desk.all()).await;
        back_up(&rig);
        desk.admit(4);
        rig.push(&desk, desk.batch(4, 7)).await;
        let before = page(&rig, &other, desk.space, 1, 0).await;
        assert_eq!(before.head, 7);

        rig.server = restored(&rig, "again");
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
}

#[tokio::test]
async fn who_was_erased_after_the_backup_is_erased_again_with_what_a_desk_brings_of_them() {
    for mut rig in districts() {
        let mut desk = rig.desk(rig.here);
        let (person, later) = (new_id(), new_id());
        let named = |name: &str| patient_draft(new_id()).with(&patient::NAME, name);
        desk.write(vec![patient_draft(person), named("Thomas Kurian")]);
        let asked = Draft::new("erasure", new_id()).with(&erasure::PATIENT, person);
        let asked = asked.with(&erasure::REASON, "asked");
        let request = asked.id;
        desk.write_as(desk.space, rig.admin, vec![asked], &[]);
        rig.push(&desk, desk.all()).await;
        back_up(&rig);
        let again = patient_draft(later).with(&patient::SAME_AS, person);
        desk.write(vec![again, named("Joseph Chacko")]);
        rig.push(&desk, desk.batch(4, 5)).await;
        let done = rig.server.carry_out(request).unwrap().unwrap();
        assert_eq!((done.records, done.changes), (2, 2));

        rig.server = restored(&rig, "again");
        // As the desk keeps it, which did as the first server said.
        for change in &mut desk.changes {
            if [person, later].contains(&change.change().record) {
                *change = change.stub();
            }
        }
        assert_eq!(receipt(rig.push(&desk, desk.batch(4, 5)).await).1, [4, 5]);
        let found = rig.server.verify().unwrap();
        let unexplained: u64 = found.spaces.iter().map(|space| space.unexplained).sum();
        assert_eq!((unexplained, found.faults), (1, vec![]));
        let done = rig.server.carry_out(request).unwrap().unwrap();
        assert_eq!(
            (done.records, done.changes),
            (2, 2),
            "from the backup and from the desk"
        );
        let found = rig.server.verify().unwrap();
        let unexplained: u64 = found.spaces.iter().map(|space| space.unexplained).sum();
        assert_eq!((unexplained, found.faults), (0, vec![]));
        // A desk that brings a change of them only now, erased, brings the rest of its action with it.
        let mut late = rig.desk(rig.here);
        late.write(vec![patient_draft(later), named("Ravi Nair")]);
        late.changes[0] = late.changes[0].stub();
        assert_eq!(receipt(rig.push(&late, late.all()).await).1.len(), 2);
        assert_eq!(rig.server.verify().unwrap().faults, []);
    }
}

#[tokio::test]
async fn what_the_server_wrote_since_is_never_mistaken_for_what_it_writes_now() {
    for mut rig in districts() {
        let district = rig.server.district();
        let reader = rig.desk(rig.here);
        back_up(&rig);
        let add = |rig: &Rig, username: &str| {
            let draft = person_draft(new_id(), username, "nurse", Some(rig.here.facility));
            rig.server.author(district, vec![vec![draft]]).unwrap();
        };
        add(&rig, "since");
        let lost = page(&rig, &reader, district, 1, 0).await.entries.pop().unwrap();
        rig.server = restored(&rig, "again");
        add(&rig, "now");
        let epoch = page(&rig, &reader, district, 1, 0).await.epoch;
        let new = page(&rig, &reader, district, epoch, 0).await.entries.pop().unwrap();
        assert_eq!(new.lsn, lost.lsn);
        assert_ne!(new.id, lost.id);
        assert_eq!(rig.server.person_called("since").unwrap(), None);
    }
}

#[tokio::test]
async fn each_restore_begins_an_epoch_of_its_own_and_voids_invitations() {
    for rig in districts() {
        let reader = rig.desk(rig.here);
        let invited = rig.server.invite(rig.here.facility, "Taluk Hospital", "").unwrap();
        back_up(&rig);
        let mut epochs = vec![1];
        for name in ["once", "twice"] {
            rig.wait(1);
            let server = restored(&rig, name);
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
