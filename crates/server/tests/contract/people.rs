//! What an admin does about people at the server: whom they may give a password, what such a password opens, and how
//! long the token lasts that says who asks.

use crate::rig::*;
use domain::{Draft, RecordId, Time, Value};
use ed25519_dalek::VerifyingKey;
use serde_json::Value as Json;
use sync_core::entry::{ChangePassword, GivePassword, GivenPassword, SignIn, SignedIn, Token};

const OWN: &str = "seven boats on the backwater";

/// The rig's district with more people in it, over TLS.
pub struct Scene {
    pub rig: Rig,
    pub desk: Desk,
    /// By username.
    people: Vec<(&'static str, RecordId)>,
}

/// What a request was answered: the status, and the code of a refusal.
pub type Answered<T> = Result<T, (u16, String)>;

impl Scene {
    pub async fn new() -> Scene {
        Scene::of(Rig::new()).await
    }

    pub async fn of(rig: Rig) -> Scene {
        let rig = rig.over_tls().await;
        let (here, elsewhere) = (Some(rig.here.facility), Some(rig.elsewhere.facility));
        let more = [
            ("meera", "facility_admin", here),
            ("joseph", "facility_admin", here),
            ("far.admin", "facility_admin", elsewhere),
            ("suma", "doctor", here),
            ("state", "state_admin", None),
            ("watcher", "district_viewer", None),
            ("left", "nurse", here),
        ];
        let mut people = vec![
            ("lakshmi", rig.here.nurse),
            ("other", rig.elsewhere.nurse),
            ("admin", rig.admin),
        ];
        for (username, role, facility) in more {
            let person = new_id();
            let draft = person_draft(person, username, role, facility);
            rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
            rig.server.set_password(person, PASSWORD).unwrap();
            people.push((username, person));
        }
        let desk = rig.desk(rig.here);
        let scene = Scene { rig, desk, people };
        scene.write("left", "active", "no");
        scene
    }

    pub fn id(&self, username: &str) -> RecordId {
        self.people.iter().find(|(name, _)| *name == username).unwrap().1
    }

    pub fn write(&self, username: &str, field: &str, word: &str) {
        let draft = Draft::new("person", self.id(username)).with_value(field, Value::Code(word.into()));
        self.rig
            .server
            .author(self.rig.server.district(), vec![vec![draft]])
            .unwrap();
    }

    pub async fn ask<T: serde::de::DeserializeOwned>(
        &self,
        desk: &Desk,
        path: &str,
        token: Option<&str>,
        message: &impl serde::Serialize,
    ) -> Answered<T> {
        let mut request = signed(
            self.rig.http(),
            desk,
            "POST",
            path,
            serde_json::to_vec(message).unwrap(),
        );
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        if status == 200 {
            return Ok(response.json().await.unwrap());
        }
        let body: Json = response.json().await.unwrap();
        Err((status, body["code"].as_str().unwrap_or_default().to_owned()))
    }

    pub async fn sign_in_on(&self, desk: &Desk, username: &str, password: &str) -> Answered<SignedIn> {
        let message = SignIn::new(username, password);
        self.ask(desk, "/v1/session", None, &message).await
    }

    async fn sign_in(&self, username: &str, password: &str) -> Answered<SignedIn> {
        self.sign_in_on(&self.desk, username, password).await
    }

    pub async fn token(&self, username: &str) -> String {
        self.sign_in(username, PASSWORD).await.unwrap().token
    }

    async fn give(&self, token: &str, person: RecordId) -> Answered<GivenPassword> {
        let message = GivePassword { person };
        self.ask(&self.desk, "/v1/people/password", Some(token), &message).await
    }

    async fn change(&self, username: &str, password: &str, new_password: &str) -> Answered<SignedIn> {
        let message = ChangePassword::new(username, password, new_password);
        self.ask(&self.desk, "/v1/password", None, &message).await
    }
}

pub fn refused<T>(status: u16, code: &str) -> Answered<T> {
    Err((status, code.to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_given_by_who_administers_the_person_and_everybody_else_hears_the_same() {
    let scene = Scene::new().await;
    let stranger = new_id();
    let table: [(&str, &[&str]); 6] = [
        ("meera", &["lakshmi", "suma", "joseph"]),
        (
            "admin",
            &["lakshmi", "other", "meera", "joseph", "far.admin", "suma", "watcher"],
        ),
        (
            "state",
            &[
                "lakshmi",
                "other",
                "admin",
                "meera",
                "joseph",
                "far.admin",
                "suma",
                "watcher",
            ],
        ),
        ("lakshmi", &[]),
        ("suma", &[]),
        ("watcher", &[]),
    ];
    for (asker, whom) in table {
        for (username, person) in &scene.people {
            // Whoever was given one has none of their own to ask with next time.
            let token = scene.token(asker).await;
            let given = scene.give(&token, *person).await;
            assert_eq!(given.is_ok(), whom.contains(username), "{asker} gives {username} one");
            if let Err(refusal) = given {
                assert_eq!(refusal, (404, "not_found".into()), "{asker} gives {username} one");
            }
            scene.rig.server.set_password(*person, PASSWORD).unwrap();
        }
        let token = scene.token(asker).await;
        assert_eq!(
            scene.give(&token, stranger).await.err(),
            refused::<()>(404, "not_found").err()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_password_opens_the_way_to_one_of_ones_own_and_nothing_else_for_three_days() {
    let scene = Scene::new().await;
    let (admin, before) = (scene.token("meera").await, scene.token("lakshmi").await);
    let given = scene.give(&admin, scene.id("lakshmi")).await.unwrap();
    let letters = given.password.chars().filter(char::is_ascii_alphanumeric).count();
    assert_eq!((given.username.as_str(), letters), ("lakshmi", 16));
    assert_eq!(given.not_after.0, BEGIN_MS + 3 * Time::DAY_MS);
    let again = scene.give(&admin, scene.id("lakshmi")).await.unwrap();
    assert_ne!(given.password, again.password);

    assert!(!scene.rig.server.sign_out(&before, scene.desk.id).unwrap(), "it ended");
    for old in [PASSWORD, &given.password] {
        assert_eq!(scene.sign_in("lakshmi", old).await, refused(401, "wrong_password"));
    }
    let given = again.password;
    assert_eq!(
        scene.sign_in("lakshmi", &given).await,
        refused(403, "password_must_change")
    );
    // A desk of an older version can ask for nothing more; it has words for this.
    let older = serde_json::json!({ "username": "lakshmi", "password": given });
    let told = scene.ask::<SignedIn>(&scene.desk, "/v1/session", None, &older).await;
    assert_eq!(told, refused(403, "server_version"));
    assert_eq!(
        scene.change("lakshmi", &given, &given).await,
        refused(422, "password_guessable")
    );
    assert_eq!(
        scene.sign_in("lakshmi", &given).await,
        refused(403, "password_must_change")
    );
    let signed_in = scene.change("lakshmi", &given, OWN).await.unwrap();
    let key = VerifyingKey::from(&scene.rig.server.own().signing_key);
    assert_eq!(signed_in.grant.read(&key).unwrap().person, scene.id("lakshmi"));
    assert!(scene.sign_in("lakshmi", OWN).await.is_ok());
    assert_eq!(scene.sign_in("lakshmi", &given).await, refused(401, "wrong_password"));

    let late = scene.give(&admin, scene.id("suma")).await.unwrap().password;
    scene.rig.wait(3 * Time::DAY_MS + 1);
    for _ in 0..2 {
        assert_eq!(scene.sign_in("suma", &late).await, refused(403, "password_ended"));
        assert_eq!(scene.change("suma", &late, OWN).await, refused(403, "password_ended"));
    }
    assert_eq!(scene.sign_in("suma", "late").await, refused(401, "wrong_password"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_neither_forgotten_nor_counted_by_a_password_that_was_given() {
    let scene = Scene::new().await;
    let admin = scene.token("meera").await;
    let given = scene.give(&admin, scene.id("lakshmi")).await.unwrap().password;
    for _ in 0..4 {
        assert_eq!(scene.sign_in("lakshmi", "wrong").await, refused(401, "wrong_password"));
    }
    for _ in 0..30 {
        assert_eq!(
            scene.sign_in("lakshmi", &given).await,
            refused(403, "password_must_change")
        );
    }
    assert_eq!(scene.sign_in("lakshmi", "wrong").await, refused(401, "wrong_password"));
    assert_eq!(scene.sign_in("lakshmi", &given).await, refused(429, "blocked"));
    scene.rig.wait(30_000);
    assert_eq!(
        scene.sign_in("lakshmi", &given).await,
        refused(403, "password_must_change")
    );
    // The fifth failure still stands: the next one waits twice as long.
    assert_eq!(scene.sign_in("lakshmi", "wrong").await, refused(401, "wrong_password"));
    scene.rig.wait(59_000);
    assert_eq!(scene.sign_in("lakshmi", &given).await, refused(429, "blocked"));
    scene.rig.wait(1_000);
    assert_eq!(
        scene.sign_in("lakshmi", &given).await,
        refused(403, "password_must_change")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_says_who_asks_on_its_desk_alone_and_for_as_long_as_they_are_at_work() {
    let scene = Scene::new().await;
    let lakshmi = scene.id("lakshmi");
    let elsewhere = scene.rig.desk(scene.rig.here);
    let message = GivePassword { person: lakshmi };
    let ended = |told: Answered<GivenPassword>| assert_eq!(told.err(), Some((401, "session_ended".to_owned())));
    ended(scene.ask(&scene.desk, "/v1/people/password", None, &message).await);
    ended(scene.give(&"0".repeat(64), lakshmi).await);
    let token = scene.token("meera").await;
    ended(
        scene
            .ask(&elsewhere, "/v1/people/password", Some(&token), &message)
            .await,
    );
    assert!(scene.give(&token, lakshmi).await.is_ok());

    // Another sign-in on the desk ends the one before.
    let next = scene.token("meera").await;
    ended(scene.give(&token, lakshmi).await);
    let renew =
        async |token: &str| -> Answered<Token> { scene.ask(&scene.desk, "/v1/session/renew", Some(token), &()).await };
    let renewed = renew(&next).await.unwrap();
    assert_eq!(renewed.token_not_after.0, BEGIN_MS + 15 * Time::MINUTE_MS);
    ended(scene.give(&next, lakshmi).await);
    assert_eq!(renew(&next).await, refused(401, "session_ended"));
    assert!(scene.give(&renewed.token, lakshmi).await.is_ok());

    // Renewed again and again it lasts for twelve hours and not for longer.
    let (mut token, mut lasted_ms) = (renewed.token, 0);
    while let Ok(renewed) = renew(&token).await {
        token = renewed.token;
        scene.rig.wait(10 * Time::MINUTE_MS);
        lasted_ms += 10 * Time::MINUTE_MS;
    }
    assert_eq!(lasted_ms, 12 * Time::HOUR_MS);
    scene.rig.wait(1);
    ended(scene.give(&token, lakshmi).await);
    let token = scene.token("meera").await;
    scene.rig.wait(15 * Time::MINUTE_MS + 1);
    ended(scene.give(&token, lakshmi).await);

    // Who is an admin no more is told like everybody who is none, with the next word.
    let token = scene.token("meera").await;
    scene.write("meera", "role", "nurse");
    assert_eq!(
        scene.give(&token, lakshmi).await.err(),
        Some((404, "not_found".to_owned()))
    );
    scene.write("meera", "active", "no");
    ended(scene.give(&token, lakshmi).await);
    assert_eq!(renew(&token).await, refused(401, "session_ended"));
    let token = scene.token("joseph").await;
    scene.rig.server.revoke(scene.desk.id).unwrap();
    let told = scene.give(&token, lakshmi).await.err();
    assert_eq!(told, Some((401, "not_accepted".to_owned())));
}
