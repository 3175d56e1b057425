//! A district moves from its file into PostgreSQL: byte for byte, once, and not back by mistake.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use std::path::{Path, PathBuf};

use rig::cluster::Cluster;
use rig::*;
use server::db::Address;
use server::{Config, Server};
use sync_core::SpaceId;
use sync_core::exchange::Page;
use uuid::Uuid;

/// A place of its own in PostgreSQL, by what a server reaches it.
fn empty() -> Option<String> {
    match Cluster::of_process() {
        Ok(cluster) => Some(cluster.address(&cluster.schema().unwrap())),
        Err(why) => {
            println!("SKIPPED: {why}");
            None
        }
    }
}

/// A district with people, desks, work, and something of everything that is kept beside it.
async fn lived() -> (Rig, Desk, Desk) {
    let rig = Rig::new();
    let (mut desk, mut gone) = (rig.desk(rig.here), rig.desk(rig.here));
    desk.admit(40);
    desk.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
    rig.push(&desk, desk.all()).await;
    rig.server.revoke(gone.id).unwrap();
    gone.admit(2);
    rig.push(&gone, gone.all()).await;
    rig.server.dismiss(gone.changes[0].change().id).unwrap().unwrap();
    rig.server.withdraw(gone.id, true).unwrap();
    rig.server
        .invite(rig.here.facility, "Taluk Hospital", "Ward 9")
        .unwrap();
    let drafts = (0..1_100).map(|_| vec![patient_draft(new_id())]).collect();
    rig.server.author(rig.here.space, drafts).unwrap();
    rig.server.snapshot(desk.id, rig.here.space).unwrap().manifest.unwrap();
    (rig, desk, gone)
}

/// The district in a folder of its own, which nobody has open.
fn folder_of(rig: &Rig, name: &str) -> PathBuf {
    let folder = rig.dir().join(name);
    std::fs::create_dir(&folder).unwrap();
    rig.server.db().copy(&folder.join("district.db")).unwrap();
    std::fs::copy(rig.dir().join("master.key"), folder.join("master.key")).unwrap();
    folder
}

fn moves(folder: &Path, to: &str) -> Result<serde_json::Value, (i32, String)> {
    run(folder, &["--database", to, "move"])
}

async fn read(rig: &Rig, desk: &Desk) -> Vec<Vec<Page>> {
    vec![
        rig.pages(desk, desk.space, 0).await,
        rig.pages(desk, rig.server.district(), 0).await,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_goes_on_in_postgresql_where_it_stood_in_its_file() {
    let Some(to) = empty() else { return };
    let (mut rig, mut desk, gone) = lived().await;
    let folder = folder_of(&rig, "moved");
    let asked: [&[&str]; 4] = [
        &["digest"],
        &["log"],
        &["parked", "list", "--all", "--show"],
        &["device", "list"],
    ];
    let in_file = asked.map(|args| run(&folder, args).unwrap());
    let before = read(&rig, &desk).await;

    let moved = moves(&folder, &to).unwrap();
    assert_eq!((&moved["spaces"], &moved["changes"]), (&3.into(), &1_151.into()));
    let there = |args: &[&str]| run(&folder, &[&["--database", &to], args].concat()).unwrap();
    assert_eq!(asked.map(there), in_file);

    // Desks notice nothing: the same pages, the same epoch and numbers, and the next change after the last.
    let database = Address::read(&to);
    let config = Config {
        database,
        ..rig.server.config().clone()
    };
    rig.server = Server::open(&folder, config).unwrap();
    assert_eq!(read(&rig, &desk).await, before, "byte for byte");
    desk.admit(1);
    assert_eq!(receipt(rig.push(&desk, desk.batch(43, 43)).await).1, [1_143]);
    assert_eq!(rig.server.device(gone.id).unwrap().unwrap().last_seq, 2);
    rig.server.add_space(SpaceId::Facility(Uuid::now_v7())).unwrap();
    assert_eq!(
        rig.server.heads().unwrap().len(),
        4,
        "a new space has a number of its own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_a_district_left_opens_for_no_server_and_moves_nowhere_else() {
    let (Some(to), Some(other)) = (empty(), empty()) else {
        return;
    };
    let (rig, ..) = lived().await;
    let folder = folder_of(&rig, "moved");
    moves(&folder, &to).unwrap();
    let kept = || {
        let file = rusqlite::Connection::open(folder.join("district.db")).unwrap();
        file.query_row("SELECT count(*) FROM change", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    assert_eq!(kept(), 1_151, "it stays as a copy");
    for args in [
        &["digest"][..],
        &["serve"],
        &["backup", "copy.wardroom"],
        &["user", "list"],
    ] {
        let (code, why) = run(&folder, args).unwrap_err();
        assert!(code == 3 && why.contains("moved"), "{args:?}: {why}");
    }
    assert_eq!(
        moves(&folder, &to).unwrap()["changes"],
        1_151,
        "said again, it is the same"
    );
    // Work went on there: what stands in the file is old.
    let name = [
        "--database",
        &to,
        "facility",
        "add",
        "--name",
        "New Hospital",
        "--type",
        "taluk_hospital",
    ];
    run(&folder, &name).unwrap();
    let (code, why) = moves(&folder, &to).unwrap_err();
    assert!(code == 3 && why.contains("not_empty"), "{why}");
    let (_, why) = moves(&folder, &other).unwrap_err();
    assert!(
        why.contains("moved"),
        "nor to another place, once it stands in one: {why}"
    );
    assert_eq!(kept(), 1_151);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_fails_leaves_the_district_in_its_file_and_one_that_was_cut_short_is_ended() {
    let (Some(to), Some(taken)) = (empty(), empty()) else {
        return;
    };
    let (rig, ..) = lived().await;
    let (code, why) = moves(rig.dir(), &to).unwrap_err();
    assert!(code == 3 && why.contains("locked"), "somebody has the file open: {why}");

    let folder = folder_of(&rig, "stays");
    let digest = run(&folder, &["digest"]).unwrap();
    let begin = [
        "--database",
        &taken,
        "init",
        "--district",
        "Idukki",
        "--state",
        "Kerala",
    ];
    run(&rig.dir().join("other"), &begin).unwrap();
    let (code, why) = moves(&folder, &taken).unwrap_err();
    assert!(code == 3 && why.contains("not_empty"), "{why}");
    let (code, _) = moves(&folder, "postgres://wardroom@127.0.0.1:1/nothing").unwrap_err();
    assert_eq!(code, 1, "nobody is there");
    std::fs::rename(folder.join("master.key"), folder.join("key")).unwrap();
    assert!(moves(&folder, &to).is_err(), "without its key nothing is moved");
    std::fs::rename(folder.join("key"), folder.join("master.key")).unwrap();
    assert_eq!(run(&folder, &["digest"]).unwrap(), digest, "it is where it was");

    // A power cut after the first step: the file is left, and nothing is there yet.
    let file = rusqlite::Connection::open(folder.join("district.db")).unwrap();
    let begun = "INSERT INTO refinery_schema_history (version, name)
                 VALUES (2147483647, 'moving to the database postgres at 127.0.0.1')";
    file.execute(begun, []).unwrap();
    drop(file);
    assert!(run(&folder, &["digest"]).is_err());
    moves(&folder, &to).unwrap();
    let there = run(&folder, &["--database", &to, "digest"]).unwrap();
    assert_eq!(there, digest);
}
