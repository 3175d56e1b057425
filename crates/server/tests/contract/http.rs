//! What only HTTP can get wrong: signatures of requests, replays, limits, answers to strangers,
//! events.

use std::time::Duration;

use crate::rig::*;
use futures_util::StreamExt;
use reqwest::{Response, StatusCode};
use serde_json::Value as Json;
use server::config::{Connections, Rate};
use sync_core::aside::{Decision, Outcome, Verdict};
use sync_core::desk_says::DeskSays;
use sync_core::entry::{SignIn, SignedIn, header};
use sync_core::exchange::{Answer, Ask, MEDIA_TYPE, PeerError};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Json = response.json().await.unwrap();
    (status, body["code"].as_str().unwrap().to_owned())
}

fn pull(desk: &Desk) -> Vec<u8> {
    let pull = Ask::Pull {
        space: desk.space,
        epoch: 1,
        cursor: 0,
    };
    frames(&[hello(), pull])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_counts_once() {
    let rig = Rig::new().over_tls().await;
    let desk = rig.desk(rig.here);
    let ask = || {
        signed_with(
            rig.http(),
            &desk,
            "POST",
            "/v1/sync",
            pull(&desk),
            "nonce-of-16-letters",
            BEGIN_MS,
        )
    };
    assert_eq!(ask().send().await.unwrap().status(), StatusCode::OK);
    let again = ask().send().await.unwrap();
    assert_eq!(refusal(again).await, (401, "replayed".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_refuses_nothing_and_is_told_the_time() {
    let rig = Rig::new().over_tls().await;
    let desk = rig.desk(rig.here);
    for time_ms in [0, -1, BEGIN_MS * 2, i64::MAX] {
        let nonce = uuid::Uuid::new_v4().to_string();
        let request = signed_with(rig.http(), &desk, "POST", "/v1/sync", pull(&desk), &nonce, time_ms);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[header::SERVER_TIME], BEGIN_MS.to_string());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_read_without_the_signature_of_the_whole_request() {
    let rig = Rig::new().over_tls().await;
    let desk = rig.desk(rig.here);
    let stranger = Desk {
        key: new_key(),
        ..desk.clone()
    };
    let unknown = Desk {
        id: sync_core::DeviceId(uuid::Uuid::now_v7()),
        ..desk.clone()
    };
    for other in [&stranger, &unknown] {
        let response = signed(rig.http(), other, "POST", "/v1/sync", pull(&desk))
            .send()
            .await
            .unwrap();
        assert_eq!(refusal(response).await, (401, "not_accepted".into()));
    }
    // The signature of another body, and of another path.
    let other_body = signed(rig.http(), &desk, "POST", "/v1/sync", frames(&[hello()])).body(pull(&desk));
    assert_eq!(
        refusal(other_body.send().await.unwrap()).await,
        (401, "not_accepted".into())
    );
    let mut other_path = signed(rig.http(), &desk, "POST", "/v1/session", pull(&desk))
        .build()
        .unwrap();
    other_path.url_mut().set_path("/v1/sync");
    other_path
        .headers_mut()
        .insert("content-type", MEDIA_TYPE.parse().unwrap());
    let response = rig.http().client.execute(other_path).await.unwrap();
    assert_eq!(refusal(response).await, (401, "not_accepted".into()));
    for missing in [header::DEVICE, header::TIME, header::NONCE, header::SIGNATURE] {
        let mut request = signed(rig.http(), &desk, "POST", "/v1/sync", pull(&desk))
            .build()
            .unwrap();
        request.headers_mut().remove(missing);
        let response = rig.http().client.execute(request).await.unwrap();
        assert_eq!(refusal(response).await, (401, "not_accepted".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_frames_of_a_request_that_was_cut_are_kept() {
    let rig = Rig::new().over_tls().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(4);
    let asks = vec![hello(), Ask::Push(desk.batch(1, 2)), Ask::Push(desk.batch(3, 4))];
    let whole = frames(&desk.showing(asks));
    let cut = whole[..whole.len() - 10].to_vec();
    let response = signed(rig.http(), &desk, "POST", "/v1/sync", cut).send().await.unwrap();
    assert_eq!(refusal(response).await, (400, "unreadable".into()));
    assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2]);
    let (last_seq, numbered, _) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!((last_seq, numbered), (4, vec![1, 2, 3, 4]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_decided_without_the_signature_of_the_whole_request() {
    let rig = Rig::new().over_tls().await;
    let (mut gone, desk) = (rig.desk(rig.here), rig.desk(rig.here));
    rig.server.revoke(gone.id).unwrap();
    let change = gone.write(vec![patient_draft(new_id())])[0];
    rig.push(&gone, gone.all()).await;
    let decide = || {
        let decision = Decision {
            change,
            verdict: Verdict::TakeIn,
            why: "copied from the paper sheet already".to_owned(),
            by: rig.admin,
            wall_ms: 7,
        };
        vec![hello(), Ask::Decide(decision)]
    };
    let forger = Desk {
        key: new_key(),
        ..desk.clone()
    };
    assert_eq!(rig.exchange(&forger, decide()).await, Err(PeerError::NotAccepted));
    assert!(rig.lsns(&desk, desk.space).await.is_empty());
    let answers = rig.exchange(&desk, decide()).await.unwrap();
    let outcome = Outcome::Done;
    assert_eq!(answers[1], Answer::Decided { change, outcome }, "and it still waited");
    assert_eq!(rig.lsns(&desk, desk.space).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn damaged_and_oversized_bodies_are_refused() {
    let rig = Rig::with(|config| config.limits.exchange_bytes = 100_000)
        .over_tls()
        .await;
    let desk = rig.desk(rig.here);
    let mut flipped = pull(&desk);
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    let mut bomb = vec![0xff; 8];
    bomb.extend([0; 100]);
    let many = frames(&vec![hello(); 2_000]);
    for (body, expected) in [
        (flipped, (400, "unreadable")),
        (b"{}".to_vec(), (400, "unreadable")),
        (bomb, (413, "too_large")),
        (many, (413, "too_large")),
    ] {
        let response = signed(rig.http(), &desk, "POST", "/v1/sync", body)
            .send()
            .await
            .unwrap();
        assert_eq!(refusal(response).await, (expected.0, expected.1.to_owned()));
    }
    let mut other_kind = signed(rig.http(), &desk, "POST", "/v1/sync", pull(&desk))
        .build()
        .unwrap();
    other_kind
        .headers_mut()
        .insert("content-type", "text/html".parse().unwrap());
    let response = rig.http().client.execute(other_kind).await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    let long = signed(rig.http(), &desk, "POST", "/v1/session", vec![b'a'; 20_000])
        .send()
        .await
        .unwrap();
    assert_eq!(long.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_looks_the_same_everywhere() {
    let rig = Rig::new().over_tls().await;
    let http = rig.http();
    let mut seen = Vec::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/v1/sync"),
        ("POST", "/v1/patients"),
        ("DELETE", "/healthz"),
        ("GET", "/v1/enrol/x"),
    ] {
        let request = http
            .client
            .request(method.parse().unwrap(), format!("{}{path}", http.address));
        let response = request.send().await.unwrap();
        for (name, value) in [("cache-control", "no-store"), ("x-content-type-options", "nosniff")] {
            assert_eq!(response.headers()[name], value);
        }
        assert!(response.headers().contains_key("strict-transport-security"));
        assert!(response.headers().contains_key("x-request-id"));
        seen.push(refusal(response).await);
    }
    let unknown = "ABCD-EFGH-0123-4567-89AB-CDEF-GHJK";
    let response = ask_to_join(http, unknown, &rig.server.certificate_hash(), &new_key()).await;
    seen.push(refusal(response).await);
    assert!(seen.iter().all(|each| *each == (404, "not_found".into())), "{seen:?}");
    for (path, word) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let body: Json = http
            .client
            .get(format!("{}{path}", http.address))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(body["status"], word);
    }
    let body: Json = http
        .client
        .get(format!("{}/version", http.address))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(body["protocol"], sync_core::exchange::PROTOCOL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_joins_and_a_person_signs_in_over_http() {
    let rig = Rig::new().over_tls().await;
    let http = rig.http();
    let invited = rig.server.invite(rig.here.facility, "Taluk Hospital", "").unwrap();
    let desk = join(http, &invited.code, &rig.server.certificate_hash(), rig.here.nurse).await;
    let ask = |password: &str| {
        let asked = SignIn::new("lakshmi", password);
        signed(http, &desk, "POST", "/v1/session", serde_json::to_vec(&asked).unwrap()).send()
    };
    let signed_in: SignedIn = ask(PASSWORD).await.unwrap().json().await.unwrap();
    for expected in [204, 401] {
        let leaving = signed(http, &desk, "DELETE", "/v1/session", Vec::new());
        let response = leaving.bearer_auth(&signed_in.token).send().await.unwrap();
        assert_eq!(response.status(), expected);
    }
    for _ in 0..5 {
        assert_eq!(
            refusal(ask("wrong").await.unwrap()).await,
            (401, "wrong_password".into())
        );
    }
    let blocked = ask(PASSWORD).await.unwrap();
    assert_eq!(blocked.headers()["retry-after"], "31");
    assert_eq!(refusal(blocked).await, (429, "blocked".into()));
    rig.server.revoke(desk.id).unwrap();
    assert_eq!(
        refusal(ask(PASSWORD).await.unwrap()).await,
        (401, "not_accepted".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_waits() {
    let slow = Rate {
        per_second: 1,
        at_once: 3,
    };
    let rig = Rig::with(|config| {
        config.limits.requests = slow;
        config.limits.entries = slow;
    })
    .over_tls()
    .await;
    let (desk, other) = (rig.desk(rig.here), rig.desk(rig.here));
    let ask = |desk: &Desk| signed(rig.http(), desk, "POST", "/v1/sync", pull(desk)).send();
    let mut answers = Vec::new();
    for _ in 0..6 {
        answers.push(ask(&desk).await.unwrap());
    }
    let busy = answers.into_iter().find(|answer| answer.status() == 429).unwrap();
    assert!(busy.headers().contains_key("retry-after"));
    assert_eq!(refusal(busy).await, (429, "busy".into()));
    assert_eq!(ask(&other).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listening_desk_hears_of_its_spaces_alone_until_it_is_withdrawn() {
    let rig = Rig::new().over_tls().await;
    let (listener, mut writer, mut other) = (rig.desk(rig.here), rig.desk(rig.here), rig.desk(rig.elsewhere));
    let response = signed(rig.http(), &listener, "GET", "/v1/events", Vec::new())
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.bytes_stream();
    let mut heard = async || {
        let piece = tokio::time::timeout(Duration::from_secs(5), stream.next())
            .await
            .unwrap()?;
        let text = String::from_utf8(piece.unwrap().to_vec()).unwrap();
        let told = text
            .lines()
            .find_map(|line| line.strip_prefix("data: "))
            .unwrap()
            .to_owned();
        Some(serde_json::from_str::<Json>(&told).unwrap())
    };
    let mut first = [heard().await.unwrap(), heard().await.unwrap()];
    first.sort_by_key(|news| news["space"].to_string());
    assert_eq!(first[0]["space"], rig.server.district().to_string());
    assert_eq!(first[1]["space"], rig.here.space.to_string());
    other.admit(1);
    rig.push(&other, other.all()).await;
    writer.admit(2);
    rig.push(&writer, writer.all()).await;
    let news = heard().await.unwrap();
    assert_eq!(news["space"], rig.here.space.to_string());
    assert_eq!(news["head"], 2);
    rig.server.revoke(listener.id).unwrap();
    writer.admit(1);
    rig.push(&writer, writer.batch(3, 3)).await;
    assert_eq!(heard().await, None);
    let again = signed(rig.http(), &listener, "GET", "/v1/events", Vec::new())
        .send()
        .await
        .unwrap();
    assert_eq!(refusal(again).await, (401, "not_accepted".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_too_many_is_closed_and_those_that_are_open_go_on() {
    let limits = Connections {
        all: 10,
        of_one_address: 3,
    };
    let rig = Rig::with(|config| config.limits.connections = limits).over_tls().await;
    let http = rig.http();
    let address = http.address.trim_start_matches("https://");
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(TcpStream::connect(address).await.unwrap());
    }
    // Whichever the server came to last.
    let is_closed = async {
        loop {
            for (number, each) in open.iter_mut().enumerate() {
                let read = tokio::time::timeout(Duration::from_millis(20), each.read(&mut [0])).await;
                if let Ok(read) = read {
                    assert!(matches!(read, Ok(0) | Err(_)), "closed without a word: {read:?}");
                    return number;
                }
            }
        }
    };
    // At once, and not when somebody has said nothing for too long.
    let closed = tokio::time::timeout(Duration::from_secs(5), is_closed).await.unwrap();
    open.remove(closed);
    for each in &mut open {
        let waits = tokio::time::timeout(Duration::from_millis(50), each.read(&mut [0])).await;
        assert!(waits.is_err(), "the server waits for what it says");
    }
    drop(open);
    // There is a place again as soon as the server has noticed.
    let a_place_is_free = async {
        loop {
            let mut next = TcpStream::connect(address).await.unwrap();
            let waits = tokio::time::timeout(Duration::from_millis(100), next.read(&mut [0])).await;
            if waits.is_err() {
                break;
            }
        }
    };
    let limit = Duration::from_secs(30);
    tokio::time::timeout(limit, a_place_is_free).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_says_of_itself_is_kept_and_what_is_no_such_word_is_not() {
    let rig = Rig::new().over_tls().await;
    let desk = rig.desk(rig.here);
    let kept = || {
        rig.server
            .db()
            .read(|conn| server::db::device::said(desk.id, conn))
            .unwrap()
    };
    let says = |unsent: u64| DeskSays {
        version: "0.1.0".into(),
        unsent,
        holds: [(rig.here.space, 7), (rig.server.district(), 12)].into(),
        is_forked: false,
    };
    let exchange = async |text: &str| {
        let asked = signed(rig.http(), &desk, "POST", "/v1/sync", pull(&desk)).header(header::SAYS, text);
        assert_eq!(asked.send().await.unwrap().status(), 200);
    };
    assert_eq!(kept(), None, "a desk of an older version says nothing");
    for unsent in [3, 3, 0] {
        exchange(&says(unsent).text()).await;
        assert_eq!(kept(), Some(says(unsent)));
    }
    let named = says(9).text().replace("0.1.0", SECRET_NAME);
    for odd in [named.as_str(), "", "{}", "0.1.0"] {
        exchange(odd).await;
        assert_eq!(kept(), Some(says(0)), "{odd}");
    }
    // Nobody says it for another.
    let stranger = Desk {
        key: new_key(),
        ..desk.clone()
    };
    let forged = signed(rig.http(), &stranger, "POST", "/v1/sync", pull(&desk)).header(header::SAYS, says(5).text());
    assert_eq!(forged.send().await.unwrap().status(), 401);
    assert_eq!(kept(), Some(says(0)));
}
