//! What who sees to desks asks at the server: which there are in their reach, that one is locked out, withdrawn or
//! emptied, a code for another; what everybody else hears; and where a desk stands, as it is told.

use domain::{Draft, RecordId, Value};
use server::Config;
use server::config::Rate;
use server::db::device::{self, Device};
use server::server::Server;
use sync_core::desk_says::DeskSays;
use sync_core::desks::{ActOnDesk, DeskAct, DeskList, DeskState, DeskTold, InviteDesk, InvitedDesk, MOST_DESKS};
use sync_core::entry::{Renew, header};
use sync_core::exchange::{Answer, Ask};
use sync_core::parting::{Receipt, SignedReceipt};
use sync_core::{DeviceId, Hash};
use uuid::Uuid;

use super::people::{Answered, Scene, refused};
use crate::rig::*;

const ACTS: [DeskAct; 3] = [DeskAct::LockOut, DeskAct::Withdraw, DeskAct::Empty];

impl Scene {
    async fn list_at(&self, desk: &Desk, token: &str) -> Answered<DeskList> {
        self.ask(desk, "/v1/desks", Some(token), &()).await
    }

    async fn list(&self, token: &str) -> DeskList {
        self.list_at(&self.desk, token).await.unwrap()
    }

    async fn told(&self, token: &str, desk: DeviceId) -> DeskTold {
        let mut desks = self.list(token).await.desks;
        desks.retain(|told| told.desk == desk);
        desks.remove(0)
    }

    async fn act_at(&self, at: &Desk, token: &str, desk: DeviceId, act: DeskAct) -> Answered<DeskTold> {
        let message = ActOnDesk { desk, act };
        self.ask(at, "/v1/desks/act", Some(token), &message).await
    }

    async fn act(&self, token: &str, desk: DeviceId, act: DeskAct) -> Answered<DeskTold> {
        self.act_at(&self.desk, token, desk, act).await
    }

    async fn invite(&self, token: &str, facility: RecordId, name: &str) -> Answered<InvitedDesk> {
        let name = name.to_owned();
        let message = InviteDesk { facility, name };
        self.ask(&self.desk, "/v1/desks/invite", Some(token), &message).await
    }

    /// Who did what to the desk, as the server's own log says.
    fn noted(&self, desk: DeviceId) -> Vec<(String, Option<RecordId>)> {
        let events = self.rig.server.db().read(|conn| server::db::event::after(0, 512, conn));
        let of_desk = events
            .unwrap()
            .into_iter()
            .filter(|(event, _)| event.device == Some(desk));
        of_desk.map(|(event, _)| (event.what, event.person)).collect()
    }
}

fn not_found<T>() -> Answered<T> {
    refused(404, "not_found")
}

fn code<T>(answered: Answered<T>) -> (u16, String) {
    answered.err().expect("it is refused")
}

fn renewed(server: &Server, old: DeviceId) -> Option<DeviceId> {
    use server::entry::renew::Renewal;
    let known = server.device(old).unwrap().unwrap();
    let wish = Renew::new(old, &new_key(), "lakshmi", PASSWORD);
    match server.renew(&known, &wish) {
        Ok(Renewal::Renewed(renewed)) => Some(renewed.device),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desks_are_told_and_acted_on_in_the_reach_of_who_sees_to_them_and_all_others_hear_the_same() {
    let scene = Scene::new().await;
    let far = scene.rig.desk(scene.rig.elsewhere);
    let server_itself = scene.rig.server.own().device;
    let (here, there) = (&scene.desk, &far);
    // Who, at which desk they sign in, and of which facilities they see to the desks.
    let table = [
        ("meera", here, true, false),
        ("far.admin", there, false, true),
        ("admin", here, true, true),
        ("state", there, true, true),
        ("lakshmi", here, false, false),
        ("suma", here, false, false),
        ("watcher", here, false, false),
        ("other", there, false, false),
    ];
    for (who, at, sees_here, sees_there) in table {
        let token = scene.sign_in_on(at, who, PASSWORD).await.unwrap().token;
        let list = scene.list_at(at, &token).await;
        if sees_here || sees_there {
            let desks = list.unwrap().desks;
            let is_told = |desk: &Desk| desks.iter().any(|told| told.desk == desk.id);
            assert_eq!((is_told(here), is_told(there)), (sees_here, sees_there), "{who}");
            assert!(desks.iter().all(|told| told.desk != server_itself), "{who}");
        } else {
            assert_eq!(list.map(drop), not_found(), "{who}");
        }
        for act in ACTS {
            for (place, may) in [(scene.rig.here, sees_here), (scene.rig.elsewhere, sees_there)] {
                let desk = scene.rig.desk(place);
                let before = scene.rig.server.device(desk.id).unwrap().unwrap().status;
                let told = scene.act_at(at, &token, desk.id, act).await;
                assert_eq!(told.is_ok(), may, "{who} {act:?}");
                if !may {
                    assert_eq!(told.map(drop), not_found(), "{who} {act:?}");
                    let after = scene.rig.server.device(desk.id).unwrap().unwrap().status;
                    assert_eq!(
                        (before, scene.noted(desk.id).len()),
                        (after, 1),
                        "it joined, and no more"
                    );
                }
            }
            for nobody in [DeviceId(Uuid::now_v7()), server_itself] {
                let told = scene.act_at(at, &token, nobody, act).await;
                assert_eq!(told.map(drop), not_found(), "{who} {act:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_of_desks_but_by_a_token_on_its_desk_and_in_a_request_that_was_not_made_before() {
    let scene = Scene::new().await;
    let (other, victim) = (scene.rig.desk(scene.rig.here), scene.rig.desk(scene.rig.here));
    let token = scene.token("meera").await;
    let ended = (401, "session_ended".to_owned());
    for (desk, token) in [
        (&other, token.as_str()),
        (&scene.desk, ""),
        (&scene.desk, &"0".repeat(64)),
    ] {
        assert_eq!(code(scene.list_at(desk, token).await), ended);
        assert_eq!(code(scene.act_at(desk, token, victim.id, DeskAct::Empty).await), ended);
    }
    let message = serde_json::to_vec(&ActOnDesk {
        desk: victim.id,
        act: DeskAct::Withdraw,
    });
    let asked = signed(scene.rig.http(), &scene.desk, "POST", "/v1/desks/act", message.unwrap());
    let asked = asked.bearer_auth(&token);
    let again = asked.try_clone().unwrap();
    assert_eq!(asked.send().await.unwrap().status(), 200);
    assert_eq!(again.send().await.unwrap().status(), 401, "the same once more");

    // Somebody who is an admin no more, at a desk that is locked out, and after leaving.
    scene.write("meera", "role", "nurse");
    assert_eq!(
        scene.act(&token, victim.id, DeskAct::Empty).await.map(drop),
        not_found()
    );
    scene.write("meera", "role", "facility_admin");
    assert!(scene.list_at(&scene.desk, &token).await.is_ok());
    scene.rig.server.revoke(scene.desk.id).unwrap();
    let told = scene.act(&token, victim.id, DeskAct::Empty).await;
    assert_eq!(code(told), (401, "not_accepted".to_owned()));
    assert_eq!(scene.noted(victim.id).len(), 2, "it joined and was withdrawn once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_a_desk_is_done_once_and_stands_in_the_log_with_who_asked() {
    let scene = Scene::new().await;
    let (token, meera) = (scene.token("meera").await, Some(scene.id("meera")));
    let desks = [(); 3].map(|()| scene.rig.desk(scene.rig.here));
    let words = ["locked_out", "withdrawn", "withdrawn_at_once"];
    let states = [DeskState::LockedOut, DeskState::ToWithdraw, DeskState::ToEmpty];
    for (((desk, act), word), state) in desks.iter().zip(ACTS).zip(words).zip(states) {
        for _ in 0..2 {
            let told = scene.act(&token, desk.id, act).await.unwrap();
            assert_eq!((told.desk, told.state()), (desk.id, state));
            assert_eq!(
                told.order.map(|order| order.number),
                (act != DeskAct::LockOut).then_some(1)
            );
        }
        let by_meera = vec![("joined".to_owned(), None), (word.to_owned(), meera)];
        assert_eq!(scene.noted(desk.id), by_meera);
    }
    // Who is to hold nothing at once is not told to wait; the other way round it is a new order.
    let [_, withdrawn, emptied] = &desks;
    let told = scene.act(&token, emptied.id, DeskAct::Withdraw).await.unwrap();
    assert_eq!(told.state(), DeskState::ToEmpty);
    let told = scene.act(&token, withdrawn.id, DeskAct::Empty).await.unwrap();
    assert_eq!((told.state(), told.order.unwrap().number), (DeskState::ToEmpty, 2));
    let by_operator = scene.rig.desk(scene.rig.here);
    scene.rig.server.revoke(by_operator.id).unwrap();
    assert_eq!(scene.noted(by_operator.id)[1], ("locked_out".to_owned(), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_is_told_as_the_desk_signed_it_and_no_other() {
    let scene = Scene::new().await;
    let token = scene.token("meera").await;
    let mut desk = scene.rig.desk(scene.rig.here);
    desk.admit(1);
    scene.rig.push(&desk, desk.all()).await;
    scene.act(&token, desk.id, DeskAct::Withdraw).await.unwrap();
    let answers = scene.rig.exchange(&desk, vec![hello()]).await.unwrap();
    assert!(matches!(answers.last(), Some(Answer::Withdraw(_))), "{answers:?}");
    let told = scene.told(&token, desk.id).await;
    assert!(told.order.clone().unwrap().heard.is_some());
    assert_eq!((told.state(), told.receipt()), (DeskState::ToWithdraw, None));

    let receipt = Receipt {
        device: desk.id,
        number: 1,
        last_seq: 1,
        unsent: 0,
    };
    for (key, state) in [(&new_key(), DeskState::ToWithdraw), (&desk.key, DeskState::Withdrawn)] {
        let signed = SignedReceipt::new(key, &receipt);
        let asks = vec![hello(), Ask::Parted(signed)];
        scene.rig.exchange(&desk, asks).await.unwrap();
        assert_eq!(scene.told(&token, desk.id).await.state(), state);
    }
    let told = scene.told(&token, desk.id).await;
    assert_eq!(told.receipt(), Some(receipt));
    let other_key = DeskTold {
        key: Hash(new_key().verifying_key().to_bytes()),
        ..told
    };
    assert_eq!(other_key.receipt(), None, "it is not that desk's signature");
    let listed = run(scene.rig.dir(), &["device", "list"]).unwrap();
    let listed = listed.as_array().unwrap().iter();
    let line = listed
        .clone()
        .find(|line| line["device"] == desk.id.to_string())
        .unwrap();
    assert_eq!(
        (&line["state"], &line["withdrawal"]["unsent"]),
        (&"withdrawn".into(), &0.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fork_is_told_and_whoever_still_goes_about_under_a_name_that_ended_is_emptied() {
    let scene = Scene::new().await;
    let token = scene.token("meera").await;
    let mut desk = scene.rig.desk(scene.rig.here);
    let mut copy = desk.clone();
    desk.admit(1);
    copy.admit(1);
    scene.rig.push(&desk, desk.all()).await;
    assert_eq!(scene.told(&token, desk.id).await.state(), DeskState::Active);
    let pushed = scene.rig.push(&copy, copy.all()).await;
    assert!(matches!(pushed, Answer::Fork { .. }), "{pushed:?}");
    scene.rig.push(&copy, copy.all()).await;
    assert_eq!(scene.told(&token, desk.id).await.state(), DeskState::Forked);
    assert_eq!(scene.noted(desk.id).len(), 2, "it joined, and is noted once");

    // What a desk finds out by itself it says.
    let other = scene.rig.desk(scene.rig.here);
    let says = DeskSays {
        version: "0.1.0".into(),
        unsent: 2,
        holds: [(scene.rig.here.space, 7)].into(),
        is_forked: true,
    };
    for _ in 0..2 {
        let asked = signed(scene.rig.http(), &other, "POST", "/v1/sync", frames(&[hello()]));
        let asked = asked.header(header::SAYS, says.text());
        assert_eq!(asked.send().await.unwrap().status(), 200);
    }
    let told = scene.told(&token, other.id).await;
    assert_eq!((told.state(), scene.noted(other.id).len()), (DeskState::Forked, 2));
    let says = told.says.unwrap();
    assert_eq!((says.unsent, says.is_forked), (2, false));

    // One of the two goes on under another name; the other is still about.
    let next = renewed(&scene.rig.server, desk.id).unwrap();
    let told = scene.told(&token, desk.id).await;
    assert_eq!(told.state(), DeskState::Replaced);
    assert_eq!(scene.told(&token, next).await.in_place_of, Some(desk.id));
    scene.rig.wait(61_000);
    assert_eq!(
        scene.rig.exchange(&copy, vec![hello()]).await.unwrap().last(),
        Some(&Answer::Replaced)
    );
    assert_eq!(scene.told(&token, desk.id).await.state(), DeskState::StillAbout);
    // It can bring nothing first, so it is told nothing of that.
    scene.act(&token, desk.id, DeskAct::Withdraw).await.unwrap();
    let answers = scene.rig.exchange(&copy, vec![hello()]).await.unwrap();
    assert!(
        matches!(answers[..], [Answer::Hello { .. }, Answer::Replaced]),
        "{answers:?}"
    );

    let told = scene.act(&token, desk.id, DeskAct::Empty).await.unwrap();
    assert_eq!(told.state(), DeskState::ToEmpty);
    assert_eq!(renewed(&scene.rig.server, desk.id), None, "it gets no other name");
    let is_ordered = async || {
        let answers = scene.rig.exchange(&copy, vec![hello()]).await.unwrap();
        matches!(
            answers[..],
            [Answer::Hello { .. }, Answer::Withdraw(_), Answer::Replaced]
        )
    };
    assert!(is_ordered().await);
    let receipt = Receipt {
        device: desk.id,
        number: 2,
        last_seq: 1,
        unsent: 1,
    };
    let parted = Ask::Parted(SignedReceipt::new(&copy.key, &receipt));
    scene.rig.exchange(&copy, vec![hello(), parted]).await.unwrap();
    assert_eq!(scene.told(&token, desk.id).await.state(), DeskState::Withdrawn);
    assert!(is_ordered().await, "and a third of the same disk too");
    assert_eq!(
        scene.told(&token, next).await.state(),
        DeskState::Active,
        "who goes on goes on"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_invited_into_a_facility_in_reach_and_the_code_lets_one_join() {
    let scene = Scene::new().await;
    let (here, there) = (scene.rig.here.facility, scene.rig.elsewhere.facility);
    let meera = scene.token("meera").await;
    let invited = scene.invite(&meera, here, "Ward 3").await.unwrap();
    assert_eq!(invited.expires.0, BEGIN_MS + domain::Time::DAY_MS);
    let certificate = scene.rig.server.certificate_hash();
    for status in [200, 404] {
        let joined = ask_to_join(scene.rig.http(), &invited.code, &certificate, &new_key()).await;
        assert_eq!(joined.status(), status);
    }
    let named = scene
        .list(&meera)
        .await
        .desks
        .into_iter()
        .find(|told| told.name == "Ward 3");
    assert_eq!(named.map(|told| told.facility), Some(here));

    for facility in [there, new_id(), scene.id("meera")] {
        assert_eq!(scene.invite(&meera, facility, "").await.map(drop), not_found());
    }
    for nobody in ["lakshmi", "suma", "watcher"] {
        let token = scene.token(nobody).await;
        assert_eq!(scene.invite(&token, here, "").await.map(drop), not_found());
    }
    let unreadable = (400, "unreadable".to_owned());
    let admin = scene.token("admin").await;
    for odd in ["x".repeat(101), "a\u{0}b".to_owned()] {
        assert_eq!(code(scene.invite(&admin, here, &odd).await), unreadable);
    }
    assert!(scene.invite(&admin, there, &"x".repeat(100)).await.is_ok());
    let mut voided = Draft::new("facility", there);
    for (field, value) in [
        ("voided", Value::Code("yes".into())),
        ("void_reason", Value::Text("twice".into())),
    ] {
        voided = voided.with_value(field, value);
    }
    scene
        .rig
        .server
        .author(scene.rig.server.district(), vec![vec![voided]])
        .unwrap();
    assert_eq!(scene.invite(&admin, there, "").await.map(drop), not_found());

    // Nobody fills the place with codes; one that is over makes room.
    for _ in 0..20 {
        scene.invite(&meera, here, "").await.unwrap();
    }
    let many = (409, "invitations_too_many".to_owned());
    assert_eq!(code(scene.invite(&meera, here, "").await), many);
    assert_eq!(code(scene.invite(&admin, here, "").await), many);
    scene.rig.wait(domain::Time::DAY_MS + 1);
    let meera = scene.token("meera").await;
    assert!(scene.invite(&meera, here, "").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_desks_are_told_at_once_than_a_page_bears_and_the_rest_is_counted() {
    let scene = Scene::new().await;
    let (facility, now_ms) = (scene.rig.here.facility, scene.rig.server.now_ms());
    let known = scene.rig.server.device(scene.desk.id).unwrap().unwrap();
    scene
        .rig
        .server
        .db()
        .write(|tx| {
            for number in 0..MOST_DESKS {
                let id = DeviceId(Uuid::now_v7());
                let key = &scene.rig.server.own().key;
                let desk = Device {
                    sealed_name: key.seal(&format!("device name|{id}"), format!("desk {number}").as_bytes()),
                    sealed_share: known.sealed_share.clone(),
                    contact_ms: now_ms - 1,
                    ..Device::new(id, known.key, facility, now_ms)
                };
                device::insert(&desk, tx)?;
            }
            Ok(())
        })
        .unwrap();
    let token = scene.token("meera").await;
    let list = scene.list(&token).await;
    assert_eq!((list.desks.len(), list.left_out), (MOST_DESKS, 1));
    assert_eq!(list.desks[0].desk, scene.desk.id, "the one heard last comes first");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_much_of_desks_waits() {
    let slow = |config: &mut Config| {
        config.limits.entries = Rate {
            per_second: 1,
            at_once: 4,
        };
    };
    let scene = Scene::of(Rig::with(slow)).await;
    let token = scene.token("meera").await;
    let mut refusals = Vec::new();
    for _ in 0..6 {
        refusals.extend(scene.act(&token, DeviceId(Uuid::now_v7()), DeskAct::Empty).await.err());
    }
    assert!(refusals.contains(&(429, "busy".to_owned())), "{refusals:?}");
    assert!(
        scene.list_at(&scene.desk, &token).await.is_ok(),
        "looking is not acting"
    );
}
