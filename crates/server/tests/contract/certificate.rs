//! How one certificate follows another: desks learn the next and say so, a switch leaves nobody behind unless that is
//! accepted, and servers that run take it up and drop nothing.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::version::{TLS12, TLS13};
use server::certificate::Certificate;
use server::renewal::LeftBehind;
use server::{Server, ServerError};
use sync_core::certificate::SignedCertificate;
use sync_core::entry::Greeting;
use sync_core::exchange::{Answer, Ask, PROTOCOL};

use super::certificates::*;
use crate::rig::*;

/// A greeting of a desk that knows the certificate which was made then.
fn knowing(made_ms: i64) -> Ask {
    Ask::Hello {
        protocol: PROTOCOL,
        sent_ms: 0,
        wish: None,
        knows_ms: Some(made_ms),
    }
}

/// What the desk is told of the next certificate.
async fn told(rig: &Rig, desk: &Desk, hello: Ask) -> Option<SignedCertificate> {
    let answers = rig.exchange(desk, vec![hello]).await.unwrap();
    match answers.into_iter().next() {
        Some(Answer::Hello { next_certificate, .. }) => next_certificate,
        other => panic!("no greeting: {other:?}"),
    }
}

fn prepared(server: &Server) -> Certificate {
    server.prepare(&Certificate::own(server.now_ms()).unwrap()).unwrap();
    server.certificates().unwrap().1.unwrap()
}

/// How many desks know the certificate, and how many do not.
fn counts(server: &Server, certificate: &Certificate) -> (usize, usize) {
    let desks = server.who_knows(certificate).unwrap();
    (desks.know.len(), desks.do_not.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_told_of_the_next_certificate_until_it_says_that_it_knows_it() {
    for rig in Rig::both().await {
        let [desk, other] = [rig.desk(rig.here), rig.desk(rig.elsewhere)];
        assert_eq!(told(&rig, &desk, hello()).await, None, "there is none");
        let next = prepared(&rig.server);
        assert_eq!(counts(&rig.server, &next), (0, 2));
        let key = rig.server.own().signing_key.verifying_key();
        for asked in [hello(), knowing(next.made_ms - 1), knowing(i64::MIN)] {
            let told = told(&rig, &desk, asked).await.unwrap().read(&key).unwrap();
            assert_eq!((told.hash, told.made_ms), (next.hash(), next.made_ms));
        }
        assert_eq!(
            counts(&rig.server, &next),
            (0, 2),
            "it was told, and did not say that it knows"
        );
        assert_eq!(told(&rig, &desk, knowing(next.made_ms)).await, None);
        assert_eq!(counts(&rig.server, &next), (1, 1));

        // Another takes its place: what is known of the first is worth nothing for it.
        let another = prepared(&rig.server);
        assert!(another.made_ms > next.made_ms, "though the clock stands still");
        let told_anew = told(&rig, &desk, knowing(next.made_ms)).await.unwrap();
        assert_eq!(told_anew.read(&key).unwrap().hash, another.hash());
        told(&rig, &desk, knowing(another.made_ms)).await;
        // A disk that was put back knows less than it said.
        told(&rig, &desk, knowing(next.made_ms)).await;
        assert_eq!(counts(&rig.server, &another), (0, 2));

        // Who is locked out is told nothing and waited for by nobody.
        rig.server.revoke(other.id).unwrap();
        assert_eq!(told(&rig, &other, hello()).await, None);
        assert_eq!(counts(&rig.server, &another), (0, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_older_desk_says_is_understood_and_what_it_is_told_it_reads() {
    /// The greetings as they were before there was a next certificate.
    #[derive(serde::Serialize)]
    enum OlderAsk {
        Hello { protocol: u16, sent_ms: i64 },
    }
    #[derive(serde::Deserialize)]
    enum OlderAnswer {
        Hello { protocol: u16, last_seq: u64 },
    }
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let next = prepared(&rig.server);
    let older = OlderAsk::Hello {
        protocol: 3,
        sent_ms: 0,
    };
    let asked: Ask = serde_json::from_value(serde_json::to_value(older).unwrap()).unwrap();
    let answers = rig.exchange_as_said(&desk, vec![asked]).await.unwrap();
    assert!(matches!(
        &answers[0],
        Answer::Hello {
            next_certificate: Some(_),
            ..
        }
    ));
    let read: OlderAnswer = serde_json::from_value(serde_json::to_value(&answers[0]).unwrap()).unwrap();
    let OlderAnswer::Hello { protocol, last_seq } = read;
    assert_eq!((protocol, last_seq), (PROTOCOL, 0));
    assert_eq!(
        counts(&rig.server, &next),
        (0, 1),
        "it would be left behind, and is named"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_switch_leaves_a_desk_behind_unless_that_is_accepted() {
    let mut rig = Rig::new();
    let refused = rig.server.switch_certificate(LeftBehind::Whoever).err();
    assert!(matches!(refused, Some(ServerError::NoNextCertificate)));
    let (desk, left) = (rig.desk(rig.here), rig.desk(rig.elsewhere));
    let before = rig.server.certificate();
    let next = prepared(&rig.server);
    told(&rig, &desk, knowing(next.made_ms)).await;
    let refused = rig.server.switch_certificate(LeftBehind::Nobody).err();
    assert!(matches!(refused, Some(ServerError::LeftBehind(1))));
    assert_eq!(rig.server.certificates().unwrap().0.hash(), before.hash());

    rig.wait(1_000);
    let desks = rig.server.switch_certificate(LeftBehind::Whoever).unwrap();
    assert_eq!((desks.know[0].id, desks.do_not[0].id), (desk.id, left.id));
    let (serving, none) = rig.server.certificates().unwrap();
    assert_eq!(serving.hash(), next.hash());
    assert!(none.is_none(), "it is no longer to come");
    rig.server = taken_up(&rig.server);
    let joined_later = rig.desk(rig.here);
    let behind = rig.server.left_behind(&serving).unwrap();
    assert_eq!(behind.len(), 1, "and nobody who joined since: {}", joined_later.id);
    assert_eq!(behind[0].id, left.id);
    // It came back: it says that it knows the one that serves.
    told(&rig, &left, knowing(next.made_ms)).await;
    assert!(rig.server.left_behind(&serving).unwrap().is_empty());

    let refused = rig.server.prepare(&serving).err();
    assert!(matches!(
        refused,
        Some(ServerError::CertificateRefused("it serves already"))
    ));
    // Once everybody knows the next one, nothing has to be accepted.
    let next = prepared(&rig.server);
    for desk in [&desk, &left, &joined_later] {
        told(&rig, desk, knowing(next.made_ms)).await;
    }
    rig.server.switch_certificate(LeftBehind::Nobody).unwrap();
}

/// The server once it took up the certificate that is to serve.
fn taken_up(server: &Server) -> Server {
    Server::open(server.dir(), server.config().clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_by_a_certificate_that_serves_no_more() {
    let mut rig = Rig::new();
    let code = rig
        .server
        .invite(rig.here.facility, "Taluk Hospital", "Ward 3")
        .unwrap()
        .code;
    let (key, other) = (new_key(), taken_up(&rig.server));
    prepared(&other);
    other.switch_certificate(LeftBehind::Whoever).unwrap();
    // More often than a wrong code may be tried.
    for _ in 0..6 {
        let joining = enrol(&code, &key, &rig.server.certificate_hash());
        assert!(matches!(rig.server.enrol(&joining), Err(ServerError::AnotherServes)));
    }
    assert!(
        rig.server.db().read(server::db::device::all).unwrap().len() == 1,
        "the server's own"
    );
    rig.server = taken_up(&rig.server);
    assert!(rig.enrol(&code, &key).is_some(), "the code is as good as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_runs_takes_up_the_next_certificate_and_drops_no_request() {
    let (rig, serving) = Rig::new().by_process().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(30);
    rig.push(&desk, desk.batch(1, 10)).await;
    let before = rig.server.certificate();
    for version in [&TLS12, &TLS13] {
        assert!(is_answered(rig.http(), &before, version).await);
    }
    let mut events = listening(rig.http(), &desk).await;

    // A request that is under way while the other certificate begins to serve, and one that waits for its body.
    let under_way = UnderWay::begin(rig.http(), &desk, Ask::Push(desk.batch(11, 20)));

    assert_eq!(
        run(rig.dir(), &["certificate", "switch"]),
        Err((3, "no_next_certificate".into()))
    );
    run(rig.dir(), &["certificate", "renew"]).unwrap();
    let next = rig.server.certificates().unwrap().1.unwrap();
    assert_eq!(
        run(rig.dir(), &["certificate", "switch"]),
        Err((3, "desks_left_behind".into()))
    );
    run(rig.dir(), &["certificate", "switch", "--yes"]).unwrap();
    // It need not be asked to, and may be.
    serving.signal("HUP");
    serves_with(rig.http(), &next).await;

    for version in [&TLS12, &TLS13] {
        assert!(is_answered(rig.http(), &next, version).await);
        assert!(
            !is_answered(rig.http(), &before, version).await,
            "the one before is gone"
        );
    }
    under_way.ends_well().await;
    assert_eq!(rig.lsns_over(&next, &desk).await, (1..=20).collect::<Vec<_>>());
    while let Some(piece) = events.next().await {
        piece.unwrap();
    }
    let log = std::fs::read_to_string(rig.dir().join("server.log")).unwrap();
    assert!(log.contains("another certificate serves"), "{log}");
    assert!(!log.contains("ends soon"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_by_a_signal_while_nothing_changed_it_serves_on() {
    let (rig, mut serving) = Rig::new().by_process().await;
    for _ in 0..3 {
        serving.signal("HUP");
    }
    let log = || std::fs::read_to_string(rig.dir().join("server.log")).unwrap();
    let begun = Instant::now();
    while !log().contains("the same serves on") {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(serving.child.try_wait().unwrap().is_none());
    assert!(is_answered(rig.http(), &rig.server.certificate(), &TLS13).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_is_told_by_which_certificate_the_server_is_known() {
    let rig = Rig::new().over_tls().await;
    let ask = async |http: &Http| {
        let asked = http.client.get(format!("{}/version", http.address)).send();
        asked.await.unwrap().json::<Greeting>().await.unwrap()
    };
    let key = rig.server.own().signing_key.verifying_key();
    let greeted = ask(rig.http()).await.certificate.unwrap().read(&key).unwrap();
    let serving = rig.server.certificate();
    assert_eq!((greeted.hash, greeted.made_ms), (serving.hash(), serving.made_ms));
    let plain = Rig::with(|config| config.is_plain = true).over_tls().await;
    assert_eq!(ask(plain.http()).await, Greeting::default());
    // Nor does it tell of a next one: there is none over such a connection.
    prepared(&plain.server);
    let desk = plain.desk(plain.here);
    assert_eq!(told(&plain, &desk, hello()).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_the_operators_serves_and_its_key_stands_sealed() {
    let (rig, _serving) = Rig::new().by_process().await;
    let folder = tempfile::tempdir().unwrap();
    let take = |files: &(PathBuf, PathBuf)| {
        let (certificate, key) = (files.0.to_str().unwrap(), files.1.to_str().unwrap());
        run(rig.dir(), &["certificate", "use", certificate, key])
    };
    let (good, other) = (
        given(folder.path(), "good", (2090, 1, 1)),
        given(folder.path(), "other", (2090, 1, 1)),
    );
    let ended = given(folder.path(), "ended", (2021, 1, 1));
    assert_eq!(take(&ended), Err((5, "unacceptable".into())));
    assert_eq!(take(&(good.0.clone(), other.1)), Err((5, "unacceptable".into())));
    assert_eq!(
        take(&(good.0.clone(), folder.path().join("none"))),
        Err((1, "failed".into()))
    );
    assert!(rig.server.certificates().unwrap().1.is_none(), "nothing was taken");

    let said = take(&good).unwrap();
    assert_eq!(said["next"]["ends"].as_i64(), Some(3_786_912_000_000));
    run(rig.dir(), &["certificate", "switch"]).unwrap();
    let serving = rig.server.certificates().unwrap().0;
    serves_with(rig.http(), &serving).await;
    let key = std::fs::read_to_string(&good.1).unwrap();
    let line = key.lines().nth(1).unwrap();
    for file in std::fs::read_dir(rig.dir()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        assert!(!bytes.windows(line.len()).any(|window| window == line.as_bytes()));
    }
    // What happened stands in the events of the server.
    let events = run(rig.dir(), &["audit", "list"]).unwrap();
    let words: Vec<&str> = events
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|event| event["what"].as_str())
        .collect();
    assert!(
        words.ends_with(&["certificate_prepared", "certificate_switched"]),
        "{words:?}"
    );
    // Nobody waits for the first to be replaced: it is there to be made anew at any time.
    let shown = run(rig.dir(), &["certificate", "renew"]).unwrap();
    assert_eq!(
        shown["serving"]["words"],
        run(rig.dir(), &["certificate", "show"]).unwrap()["serving"]["words"]
    );
    assert_ne!(shown["serving"]["words"], shown["next"]["words"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_know_the_next_certificate_is_named() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let next = prepared(&rig.server);
    let shown = || run(rig.dir(), &["certificate", "show"]).unwrap();
    let named = shown();
    assert_eq!(named["next"]["not_yet"][0]["device"], desk.id.to_string());
    assert_eq!(named["next"]["not_yet"][0]["name"], "Ward 3");
    assert_eq!(named["next"]["know"], 0);
    told(&rig, &desk, knowing(next.made_ms)).await;
    let known = shown();
    assert_eq!(
        (&known["next"]["not_yet"], &known["next"]["know"]),
        (&serde_json::json!([]), &1.into())
    );
    let told = program(rig.dir(), &["certificate", "show"]).output().unwrap();
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.contains("1 of 1 desks know it."), "{told}");
    assert!(told.contains("It serves after `certificate switch`."), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_reminds_of_the_end_of_the_certificate_that_serves() {
    let (rig, _serving) = Rig::new().by_process().await;
    let folder = tempfile::tempdir().unwrap();
    // Three days from today, whatever day that is.
    let key = KeyPair::generate().unwrap();
    let mut about = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    about.not_before = date_time_ymd(2020, 1, 1);
    about.not_after = date_time_ymd(1970, 1, 1) + since + Duration::from_secs(3 * 86_400 + 60);
    let (certificate, key_file) = (folder.path().join("soon.pem"), folder.path().join("soon.key"));
    std::fs::write(&certificate, about.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    let files = [certificate.to_str().unwrap(), key_file.to_str().unwrap()];
    let said = run(rig.dir(), &["certificate", "use", files[0], files[1]]).unwrap();
    assert_eq!(said["next"]["ends_in_days"], 3);
    run(rig.dir(), &["certificate", "switch"]).unwrap();
    let log = || std::fs::read_to_string(rig.dir().join("server.log")).unwrap();
    let begun = Instant::now();
    while !log().contains("the certificate ends soon") {
        assert!(begun.elapsed() < Duration::from_secs(20), "{}", log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let shown = program(rig.dir(), &["certificate", "show"]).output().unwrap();
    assert!(String::from_utf8(shown.stdout).unwrap().contains("It ends in 3 days."));
}
