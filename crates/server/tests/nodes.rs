//! Several servers on one PostgreSQL, and what happens to them when it dies, comes back, or another
//! takes over: no hole, no duplicate, no receipt that is not true.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

#[path = "rig/certificates.rs"]
mod certificates;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certificates::{UnderWay, given, is_answered, serves_with};
use futures_util::StreamExt;
use rig::cluster::Cluster;
use rig::*;
use rustls::version::TLS13;
use server::certificate::Certificate;
use server::db::{Address, Db};
use server::{Server, ServerError};
use sync_core::exchange::{Answer, Ask, PROTOCOL, Page, PeerError};
use sync_core::{ChangeId, Lsn, SpaceId};

/// A cluster of the test's own, or why there is none.
fn cluster(settings: &[&str]) -> Option<Cluster> {
    Cluster::start(settings).map_err(|why| println!("SKIPPED: {why}")).ok()
}

/// The one of this test program, or nothing and why.
fn shared_cluster() -> Option<&'static Cluster> {
    Cluster::of_process().map_err(|why| println!("SKIPPED: {why}")).ok()
}

/// A while between two tries while the database is away.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(30)).await;
}

/// The whole log of the space as this node tells it.
async fn log(http: &Http, desk: &Desk, space: SpaceId) -> Vec<Page> {
    let pull = Ask::Pull {
        space,
        epoch: 1,
        cursor: 0,
    };
    let answers = ask(http, desk, vec![hello(), pull]).await.unwrap();
    let page = |answer| match answer {
        Answer::Page(page) => Some(page),
        _ => None,
    };
    answers.into_iter().filter_map(page).collect()
}

fn ids(pages: &[Page]) -> BTreeMap<Lsn, ChangeId> {
    let entries = pages.iter().flat_map(|page| &page.entries);
    entries.map(|entry| (entry.lsn, entry.id)).collect()
}

fn dense(count: usize) -> Vec<Lsn> {
    (1..=count as u64).collect()
}

/// Sends the batch until it is received; `nodes` are asked in turn. Answers the numbers it got.
async fn received(nodes: &[&Http], desk: &Desk, first: usize, last: usize) -> Vec<Lsn> {
    for http in nodes.iter().cycle() {
        let asks = vec![hello(), Ask::Push(desk.batch(first, last))];
        match ask(http, desk, asks).await {
            Ok(mut answers) => return receipt(answers.remove(1)).1,
            Err(PeerError::Offline) => a_moment().await,
            Err(other) => panic!("{other:?}"),
        }
    }
    unreachable!("there are nodes")
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_desks_through_three_nodes_get_numbers_without_holes_and_every_node_tells_the_same() {
    let Some(cluster) = shared_cluster() else { return };
    let rig = Arc::new(Rig::in_database(&cluster.address(&cluster.schema().unwrap())));
    let mut nodes = Vec::new();
    for name in ["one", "two", "three"] {
        nodes.push(rig.node(&rig.folder_of_node(name)).await);
    }
    let nodes = Arc::new(nodes);
    let mut tasks = Vec::new();
    for number in 0..8_usize {
        let (rig, nodes) = (Arc::clone(&rig), Arc::clone(&nodes));
        tasks.push(tokio::spawn(async move {
            let http = |at: usize| &nodes[at % nodes.len()].1;
            let mut desk = rig.desk(rig.here);
            desk.admit(24);
            let mut numbers = Vec::new();
            for (round, first) in (1..=24).step_by(3).enumerate() {
                let asks = || vec![hello(), Ask::Push(desk.batch(first, first + 2))];
                // The answer of one is lost, and two others are asked at the same moment.
                let lost = tokio::time::timeout(Duration::from_millis(3), ask(http(number + round), &desk, asks()));
                drop(lost.await);
                let (second, third) = (http(number + round + 1), http(number + round + 2));
                let (one, other) = tokio::join!(ask(second, &desk, asks()), ask(third, &desk, asks()));
                let (one, other) = (receipt(one.unwrap().remove(1)), receipt(other.unwrap().remove(1)));
                assert_eq!(one, other, "two nodes say two things of one batch");
                assert_eq!(one.0, first as u64 + 2);
                numbers.extend(one.1);
                let seen = ids(&log(http(round), &desk, desk.space).await);
                assert!(seen.keys().copied().eq(dense(seen.len())), "a reader sees a hole");
            }
            (desk, numbers)
        }));
    }
    let mut given = BTreeMap::new();
    let mut any = None;
    for task in tasks {
        let (desk, numbers) = task.await.unwrap();
        for (change, lsn) in desk.changes.iter().zip(numbers) {
            assert_eq!(given.insert(lsn, change.change().id), None, "{lsn} was given twice");
        }
        any = Some(desk);
    }
    assert!(given.keys().copied().eq(dense(192)));
    let (reader, mut told) = (any.unwrap(), Vec::new());
    for (_, http) in nodes.iter() {
        told.push((
            log(http, &reader, rig.here.space).await,
            log(http, &reader, rig.server.district()).await,
        ));
    }
    assert_eq!(ids(&told[0].0), given);
    assert!(told.iter().all(|each| *each == told[0]), "every node tells the same");
    // Three nodes named the same desks at the same time, each once.
    let names = ids(&told[0].1);
    assert!(names.keys().copied().eq(dense(names.len())));
    let counted = run(rig.dir(), &["epoch", "begin"]).unwrap();
    assert_eq!(counted["changes"], 192 + names.len(), "every log is whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_on_one_node_hears_at_once_of_what_another_took_in() {
    let Some(cluster) = shared_cluster() else { return };
    let rig = Rig::in_database(&cluster.address(&cluster.schema().unwrap()));
    let (one, two) = (rig.folder_of_node("one"), rig.folder_of_node("two"));
    let ((_one, one), (_two, two)) = (rig.node(&one).await, rig.node(&two).await);
    let (listener, mut writer) = (rig.desk(rig.here), rig.desk(rig.here));
    let mut events = listening(&one, &listener).await;
    writer.admit(1);
    received(&[&two], &writer, 1, 1).await;
    let heard = async {
        while let Some(told) = events.next().await {
            if String::from_utf8_lossy(&told.unwrap()).contains(&rig.here.space.to_string()) {
                return true;
            }
        }
        false
    };
    let heard = tokio::time::timeout(Duration::from_secs(5), heard).await;
    assert!(heard.unwrap(), "the node ended what listens");
}

/// What desks at a node go through while another certificate begins to serve.
struct Ward {
    desk: Desk,
    /// How many of its changes the district has.
    sent: usize,
}

impl Ward {
    /// A batch that is still to be sent.
    fn next(&mut self) -> Ask {
        self.sent += 5;
        Ask::Push(self.desk.batch(self.sent - 4, self.sent))
    }

    /// With which certificate the node says that the server will serve next, to a desk that knows the one that was made then.
    async fn told(&self, http: &Http, rig: &Rig, knows_ms: i64) -> Option<sync_core::certificate::Certificate> {
        let hello = Ask::Hello {
            protocol: PROTOCOL,
            sent_ms: 0,
            wish: None,
            knows_ms: Some(knows_ms),
        };
        let answers = ask(http, &self.desk, vec![hello]).await.unwrap();
        let Some(Answer::Hello { next_certificate, .. }) = answers.into_iter().next() else {
            panic!("no greeting")
        };
        next_certificate.map(|signed| signed.read(&rig.server.verifying_key()).unwrap())
    }
}

/// The node, to who knows the server by this certificate.
fn knowing(node: &Serving, certificate: &Certificate) -> Http {
    Http {
        address: node.address.clone(),
        client: client(&certificate.der),
    }
}

/// Prepares the next certificate at one node and lets it serve by another: every node takes it up in time, ends what is under
/// way and loses none of it, and every desk learns it, wherever it asks. Answers the certificate.
async fn followed(
    rig: &Rig,
    nodes: &[Serving],
    wards: &mut [Ward],
    prepare: &[&str],
    folders: [&Path; 2],
) -> Certificate {
    let before = rig.server.certificates().unwrap().0;
    run(folders[0], prepare).unwrap();
    let next = rig.server.certificates().unwrap().1.unwrap();
    let (mut under_way, mut listening_at) = (Vec::new(), Vec::new());
    for (node, ward) in nodes.iter().zip(wards.iter_mut()) {
        let http = knowing(node, &before);
        let told = ward.told(&http, rig, before.made_ms).await.unwrap();
        assert_eq!(
            (told.hash, told.made_ms),
            (next.hash(), next.made_ms),
            "every node tells of it"
        );
        listening_at.push(listening(&http, &ward.desk).await);
        let next = ward.next();
        under_way.push(UnderWay::begin(&http, &ward.desk, next));
    }
    let refused = run(folders[1], &["certificate", "switch"]);
    assert_eq!(refused, Err((3, "desks_left_behind".into())));
    // Each says that it knows at the node at which it was not told.
    for (node, ward) in nodes.iter().rev().zip(wards.iter()) {
        let http = knowing(node, &before);
        assert_eq!(ward.told(&http, rig, next.made_ms).await, None);
    }
    run(folders[1], &["certificate", "switch"]).unwrap();
    let switched = Instant::now();
    for node in nodes {
        serves_with(&knowing(node, &next), &next).await;
    }
    assert!(switched.elapsed() < IN_TIME, "{:?}", switched.elapsed());
    for (node, under_way) in nodes.iter().zip(under_way) {
        let http = knowing(node, &before);
        assert!(!is_answered(&http, &before, &TLS13).await, "the one before is gone");
        under_way.ends_well().await;
    }
    for mut events in listening_at {
        while let Some(piece) = events.next().await {
            piece.unwrap();
        }
    }
    next
}

/// Each node looks every second; this machine may have other work.
const IN_TIME: Duration = Duration::from_secs(15);

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_take_up_what_serves_next_cut_nothing_and_tell_every_desk_of_it() {
    let Some(cluster) = shared_cluster() else { return };
    let rig = Rig::in_database(&cluster.address(&cluster.schema().unwrap()));
    let folders = [rig.folder_of_node("one"), rig.folder_of_node("two")];
    let (mut nodes, mut wards) = (Vec::new(), Vec::new());
    for folder in &folders {
        nodes.push(rig.node(folder).await.0);
        let mut desk = rig.desk(rig.here);
        desk.admit(10);
        wards.push(Ward { desk, sent: 0 });
    }
    let (one, two) = (folders[0].as_path(), folders[1].as_path());
    followed(&rig, &nodes, &mut wards, &["certificate", "renew"], [one, two]).await;
    // The operator's own, by way of the other node.
    let (certificate, key) = given(rig.dir(), "given", (2090, 1, 1));
    let taken = [
        "certificate",
        "use",
        certificate.to_str().unwrap(),
        key.to_str().unwrap(),
    ];
    let serving = followed(&rig, &nodes, &mut wards, &taken, [two, one]).await;
    let [certificate, key] = [certificate, key].map(|file| std::fs::read(file).unwrap());
    assert_eq!(
        serving.der,
        Certificate::read(&certificate, &key, BEGIN_MS).unwrap().der
    );

    // Whoever joins at either joins by it, and every node tells the same whole log.
    let mut told = Vec::new();
    for node in &nodes {
        let http = knowing(node, &serving);
        let facility = rig.here.facility.to_string();
        let invited = run(one, &["device", "invite", "--facility", &facility]).unwrap();
        let code = invited["code"].as_str().unwrap();
        join(&http, code, &serving.hash(), rig.here.nurse).await;
        told.push(ids(&log(&http, &wards[0].desk, rig.here.space).await));
    }
    assert!(told[0].keys().copied().eq(dense(20)) && told[0] == told[1]);
    for folder in &folders {
        let log = std::fs::read_to_string(folder.join("server.log")).unwrap();
        assert_eq!(log.matches("another certificate serves").count(), 2, "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_receipt_outlives_a_database_that_dies_in_the_middle_of_pushes() {
    const EACH: usize = 80;
    let Some(cluster) = cluster(&[]) else { return };
    let rig = Arc::new(Rig::in_database(&cluster.address(&cluster.schema().unwrap())));
    let mut nodes = Vec::new();
    for name in ["one", "two"] {
        nodes.push(rig.node(&rig.folder_of_node(name)).await);
    }
    let nodes = Arc::new(nodes);
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let mut tasks = Vec::new();
    for number in 0..4 {
        let (mut desk, nodes, count) = (rig.desk(rig.here), Arc::clone(&nodes), Arc::clone(&count));
        tasks.push(tokio::spawn(async move {
            desk.admit(EACH);
            let mut both = [&nodes[0].1, &nodes[1].1];
            both.rotate_left(number % 2);
            let mut numbers = Vec::new();
            for first in (1..=EACH).step_by(2) {
                numbers.extend(received(&both, &desk, first, first + 1).await);
                count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
            (desk, numbers)
        }));
    }
    for deaths in 1..=3 {
        while count.load(std::sync::atomic::Ordering::SeqCst) < deaths * 35 {
            a_moment().await;
        }
        tokio::task::block_in_place(|| {
            cluster.stop("immediate").unwrap();
            cluster.start_again().unwrap();
        });
    }
    let mut given = BTreeMap::new();
    let mut any = None;
    for task in tasks {
        let (desk, numbers) = task.await.unwrap();
        assert_eq!(numbers.len(), EACH);
        for (change, lsn) in desk.changes.iter().zip(numbers) {
            assert_eq!(given.insert(lsn, change.change().id), None, "{lsn} was given twice");
        }
        any = Some(desk);
    }
    assert!(given.keys().copied().eq(dense(4 * EACH)));
    let reader = any.unwrap();
    for (_, http) in nodes.iter() {
        assert_eq!(ids(&log(http, &reader, rig.here.space).await), given);
    }
    // Neither node had to be started anew, and the server itself still writes.
    let draft = person_draft(new_id(), "since", "nurse", Some(rig.here.facility));
    rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
    run(rig.dir(), &["epoch", "begin"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_that_lost_the_end_serves_only_after_a_new_epoch_and_the_desks_fill_it_again() {
    let Some(primary) = cluster(&["wal_keep_size=64MB"]) else {
        return;
    };
    let standby = primary.standby().unwrap();
    let schema = primary.schema().unwrap();
    // Whichever of the two writes.
    let address = primary.address_with(&standby, &schema);
    let rig = Rig::in_database(&address);
    let (_node, http) = rig.node(&rig.folder_of_node("one")).await;
    let mut desk = rig.desk(rig.here);
    desk.admit(25);
    received(&[&http], &desk, 1, 10).await;
    let arrived = format!(
        "SELECT count(*) >= 10 FROM {schema}.change WHERE seq <= 10 AND record IN (SELECT record FROM {schema}.record WHERE kind = 'patient')"
    );
    while standby.sql(&arrived).unwrap() != "t" {
        a_moment().await;
    }
    standby.stop("fast").unwrap();
    // Received, and on the way to nowhere.
    let numbers = received(&[&http], &desk, 11, 25).await;
    let before = log(&http, &desk, rig.here.space).await;
    primary.stop("immediate").unwrap();
    standby.start_again().unwrap();
    standby.promote().unwrap();

    // The node finds the other one by itself, and knows that it is not the same.
    let asked = ask(&http, &desk, vec![hello()]).await;
    assert_eq!(asked.err(), Some(PeerError::Offline));
    let opened = Server::open(rig.dir(), rig.server.config().clone());
    assert!(matches!(opened.err(), Some(ServerError::Displaced)));
    assert_eq!(run(rig.dir(), &["digest"]), Err((3, "displaced".into())));
    let begun = run(rig.dir(), &["epoch", "begin"]).unwrap();
    assert_eq!(begun["spaces"], 3);

    let answers = ask(&http, &desk, vec![hello()]).await.unwrap();
    let Answer::Hello { last_seq, epochs, .. } = &answers[0] else {
        panic!("no hello")
    };
    assert_eq!(*last_seq, 10, "it says what it lacks");
    assert!(epochs[&rig.here.space] > 1, "and that its logs are others now");
    assert_eq!(received(&[&http], &desk, 11, 25).await, numbers);
    let after = log(&http, &desk, rig.here.space).await;
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(
        after.last().map(|page| (page.chain, page.digest)),
        before.last().map(|page| (page.chain, page.digest))
    );
    // What the server writes itself now is never mistaken for what was lost.
    let was = rig.server.own().device;
    let draft = person_draft(new_id(), "since", "nurse", Some(rig.here.facility));
    rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
    let written = ids(&log(&http, &desk, rig.server.district()).await).pop_last().unwrap();
    assert_ne!(written.1.device, was);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_runs_while_a_backup_is_put_back_serves_only_after_a_new_epoch() {
    let Some(cluster) = shared_cluster() else { return };
    let schema = cluster.schema().unwrap();
    let rig = Rig::in_database(&cluster.address(&schema));
    let (_node, http) = rig.node(&rig.folder_of_node("one")).await;
    let mut desk = rig.desk(rig.here);
    desk.admit(9);
    received(&[&http], &desk, 1, 4).await;
    cluster.dump(&schema, &schema).unwrap();
    received(&[&http], &desk, 5, 9).await;
    cluster.put_back(&schema, cluster, &schema).unwrap();

    let refused = async {
        while ask(&http, &desk, vec![hello()]).await.is_ok() {
            a_moment().await;
        }
    };
    let refused = tokio::time::timeout(Duration::from_secs(20), refused);
    refused.await.expect("it goes on with what was put back");
    let asked = ask(&http, &desk, vec![hello(), Ask::Push(desk.batch(5, 9))]).await;
    assert_eq!(asked.err(), Some(PeerError::Offline));
    run(rig.dir(), &["epoch", "begin"]).unwrap();
    assert_eq!(received(&[&http], &desk, 5, 9).await, [5, 6, 7, 8, 9]);
    let told = log(&http, &desk, rig.here.space).await;
    assert!(ids(&told).keys().copied().eq(dense(9)) && told[0].epoch > 1);
}

#[test]
fn a_database_that_is_only_tidied_is_the_same() {
    let Some(cluster) = shared_cluster() else { return };
    let schema = cluster.schema().unwrap();
    let address = Address::read(&cluster.address(&schema)).unwrap();
    Db::connect(&address).unwrap();
    for tidied in ["VACUUM FREEZE", "VACUUM FULL FREEZE", "ANALYZE"] {
        cluster.sql(&format!("{tidied} {schema}.lineage")).unwrap();
        Db::connect(&address).unwrap();
    }
}

#[test]
fn nodes_that_start_at_once_make_the_tables_once() {
    let Some(cluster) = shared_cluster() else { return };
    let address = Address::read(&cluster.address(&cluster.schema().unwrap())).unwrap();
    let threads: Vec<_> = (0..6)
        .map(|_| {
            let address = address.clone();
            std::thread::spawn(move || Db::connect(&address).map(drop))
        })
        .collect();
    for thread in threads {
        thread.join().unwrap().unwrap();
    }
}

#[test]
fn a_database_that_forgets_what_it_confirmed_is_refused() {
    let Some(cluster) = cluster(&[]) else { return };
    let address = Address::read(&cluster.address(&cluster.schema().unwrap())).unwrap();
    Db::connect(&address).unwrap();
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        cluster.sql(&format!("ALTER SYSTEM SET {setting} = off")).unwrap();
        cluster.sql("SELECT pg_reload_conf()").unwrap();
        while cluster.sql(&format!("SHOW {setting}")).unwrap() != "off" {}
        let refused = Db::connect(&address).err();
        assert!(
            matches!(refused, Some(ServerError::Unsafe(_))),
            "{setting}: {refused:?}"
        );
        cluster.sql("ALTER SYSTEM RESET ALL").unwrap();
        cluster.sql("SELECT pg_reload_conf()").unwrap();
        while cluster.sql(&format!("SHOW {setting}")).unwrap() == "off" {}
    }
    Db::connect(&address).unwrap();
}
