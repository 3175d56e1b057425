//! The second factor of admins and of who works above the facilities: when it is asked for, what counts as one, and
//! what guessing brings.

use crate::rig::*;
use domain::{RecordId, Time};
use server::db::second_factor::Rule;
use server::entry::given::Giving;
use server::entry::password::Change;
use server::entry::second_factor::Offer;
use server::entry::sign_in::Outcome;
use sync_core::entry::{ChangePassword, OfferedFactor, SignIn, SignedIn};
use totp_rs::{Builder, Secret, Totp};

const STEP_MS: i64 = 30_000;

struct Scene {
    rig: Rig,
    desk: Desk,
    other: Desk,
    /// An admin of the facility.
    meera: RecordId,
}

impl Scene {
    /// The district asks for second factors, and an admin of the facility works there too.
    fn new() -> Scene {
        let rig = Rig::new();
        rig.server.set_second_factor(Rule::Required).unwrap();
        let meera = new_id();
        let draft = person_draft(meera, "meera", "facility_admin", Some(rig.here.facility));
        rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
        rig.server.set_password(meera, PASSWORD).unwrap();
        let (desk, other) = (rig.desk(rig.here), rig.desk(rig.here));
        Scene {
            rig,
            desk,
            other,
            meera,
        }
    }

    fn ask(&self, desk: &Desk, asked: &SignIn) -> Result<SignedIn, String> {
        let device = self.rig.server.device(desk.id).unwrap().unwrap();
        told(self.rig.server.sign_in(&device, asked).unwrap())
    }

    fn sign_in(&self, desk: &Desk, username: &str, code: Option<&str>) -> Result<SignedIn, String> {
        self.ask(desk, &SignIn::new(username, PASSWORD).with_code(code))
    }

    fn offer(&self, username: &str, password: &str) -> Result<OfferedFactor, String> {
        let device = self.rig.server.device(self.desk.id).unwrap().unwrap();
        let asked = SignIn::new(username, password);
        match self.rig.server.offer_second_factor(&device, &asked).unwrap() {
            Offer::Offered(offered) => Ok(offered),
            Offer::NotLetIn(outcome) => Err(told(outcome).unwrap_err()),
            Offer::NotNeeded => Err("not needed".into()),
        }
    }

    /// Gives the person a second factor, shown on the desk.
    fn enrolled(&self, username: &str) -> (OfferedFactor, Totp) {
        let offered = self.offer(username, PASSWORD).unwrap();
        let app = app(&offered);
        self.sign_in(&self.desk, username, Some(&self.code(&app, 0))).unwrap();
        self.rig.wait(3 * STEP_MS);
        (offered, app)
    }

    /// What the app shows so many half minutes from now.
    fn code(&self, app: &Totp, steps: i64) -> String {
        let now_ms = self.rig.server.now_ms() + steps * STEP_MS;
        app.generate(u64::try_from(now_ms / 1_000).unwrap()).to_string()
    }
}

fn told(outcome: Outcome) -> Result<SignedIn, String> {
    match outcome {
        Outcome::In(signed_in) => Ok(*signed_in),
        Outcome::Wrong => Err("wrong".into()),
        Outcome::Blocked { .. } => Err("blocked".into()),
        Outcome::Suspended => Err("suspended".into()),
        Outcome::Wanted(wanted) => Err(wanted.code().into()),
    }
}

/// An app that read the offer.
fn app(offered: &OfferedFactor) -> Totp {
    let secret = Secret::try_from_base32(&offered.secret).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

fn refused(told: Result<SignedIn, String>) -> String {
    told.err().unwrap_or_default()
}

#[test]
fn an_admin_sets_up_a_second_factor_and_shows_it_once_on_each_desk() {
    let scene = Scene::new();
    assert!(
        scene.sign_in(&scene.desk, "lakshmi", None).is_ok(),
        "a nurse needs none"
    );
    for username in ["meera", "admin"] {
        let here = |code: Option<&str>| scene.sign_in(&scene.desk, username, code);
        assert_eq!(refused(here(None)), "second_factor_enrol");
        assert_eq!(refused(here(Some("123456"))), "second_factor_enrol");
        let older = SignIn {
            can_ask: false,
            ..SignIn::new(username, PASSWORD)
        };
        assert_eq!(refused(scene.ask(&scene.desk, &older)), "server_version");
        let first = scene.offer(username, PASSWORD).unwrap();
        let offered = scene.offer(username, PASSWORD).unwrap();
        let label = format!(
            "otpauth://totp/Wardroom:{username}?secret={}&issuer=Wardroom",
            offered.secret
        );
        assert_eq!(offered.uri, label);
        assert_ne!(first.secret, offered.secret);
        assert_eq!(refused(here(Some(&scene.code(&app(&first), 0)))), "wrong_code");
        assert_eq!(
            refused(here(Some(&offered.recovery_codes[0]))),
            "wrong_code",
            "an offer only"
        );
        let code = scene.code(&app(&offered), 0);
        assert!(here(Some(&code)).is_ok());
        assert!(here(None).is_ok(), "shown here before");
        assert_eq!(scene.offer(username, PASSWORD).err().as_deref(), Some("second_factor"));

        let there = |code: Option<&str>| scene.sign_in(&scene.other, username, code);
        assert_eq!(refused(there(None)), "second_factor");
        assert_eq!(refused(there(Some(&code))), "wrong_code", "no code counts twice");
        scene.rig.wait(STEP_MS);
        assert!(there(Some(&scene.code(&app(&offered), 0))).is_ok());
    }
    for (username, password, why) in [
        ("lakshmi", PASSWORD, "not needed"),
        ("meera", "wrong", "wrong"),
        ("nobody", PASSWORD, "wrong"),
    ] {
        assert_eq!(
            scene.offer(username, password).err().as_deref(),
            Some(why),
            "{username}"
        );
    }
    scene.rig.server.set_second_factor(Rule::Off).unwrap();
    assert!(scene.sign_in(&scene.rig.desk(scene.rig.here), "meera", None).is_ok());
}

#[test]
fn a_code_counts_for_its_half_minute_and_the_ones_beside_it() {
    let scene = Scene::new();
    let (_, app) = scene.enrolled("meera");
    for (steps, counts) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let desk = scene.rig.desk(scene.rig.here);
        let told = scene.sign_in(&desk, "meera", Some(&scene.code(&app, steps)));
        assert_eq!(told.is_ok(), counts, "{steps}");
    }
    // One that was passed over counts no more after a later one.
    let desk = scene.rig.desk(scene.rig.here);
    assert_eq!(
        refused(scene.sign_in(&desk, "meera", Some(&scene.code(&app, 0)))),
        "wrong_code"
    );
}

#[test]
fn guesses_at_a_code_count_like_guesses_at_the_password() {
    let scene = Scene::new();
    let (_, app) = scene.enrolled("meera");
    let there = |code: Option<&str>| refused(scene.sign_in(&scene.other, "meera", code));
    // Never the right one, whatever the moment.
    let wrong = ["000000", "000001", "000002", "000003", "000004", "000005"];
    let right = [-1, 0, 1].map(|steps| scene.code(&app, steps));
    let mut wrong = wrong.into_iter().filter(|code| !right.contains(&(*code).to_owned()));
    for _ in 0..5 {
        assert_eq!(there(None), "second_factor");
        assert_eq!(there(wrong.next()), "wrong_code");
    }
    assert_eq!(there(Some(&scene.code(&app, 0))), "blocked");
    // An admin who gives passwords again and again lifts no wait.
    let token = scene.sign_in(&scene.desk, "admin", None);
    assert_eq!(refused(token), "second_factor_enrol");
    scene.rig.server.set_second_factor(Rule::Off).unwrap();
    let token = scene.sign_in(&scene.desk, "admin", None).unwrap().token;
    let device = scene.rig.server.device(scene.desk.id).unwrap().unwrap();
    let given = scene.rig.server.give_password(&device, &token, scene.meera).unwrap();
    assert!(matches!(given, Giving::Given(_)));
    scene.rig.server.set_second_factor(Rule::Required).unwrap();
    assert_eq!(there(Some(&scene.code(&app, 0))), "blocked");
    // And an admin who has shown no second factor does nothing at the district.
    let given = scene
        .rig
        .server
        .give_password(&device, &token, scene.rig.here.nurse)
        .unwrap();
    assert!(matches!(given, Giving::NotSignedIn));
}

#[test]
fn a_code_on_paper_opens_once_and_a_lost_telephone_is_forgotten() {
    let scene = Scene::new();
    let (offered, app) = scene.enrolled("meera");
    let codes = &offered.recovery_codes;
    assert_eq!(codes.len(), 10);
    let (first, desk) = (
        codes[0].to_uppercase().replace('-', " "),
        scene.rig.desk(scene.rig.here),
    );
    assert!(scene.sign_in(&scene.other, "meera", Some(&first)).is_ok());
    assert_eq!(refused(scene.sign_in(&desk, "meera", Some(&codes[0]))), "wrong_code");
    let theirs = scene.enrolled("admin").0;
    assert_eq!(
        refused(scene.sign_in(&desk, "meera", Some(&theirs.recovery_codes[0]))),
        "wrong_code"
    );
    let token = scene.sign_in(&desk, "meera", Some(&codes[9])).unwrap().token;

    let kept = scene
        .rig
        .server
        .db()
        .read(|conn| server::db::second_factor::get(scene.meera, conn));
    let (sealed, secret) = (kept.unwrap().unwrap().sealed_secret, app.secret().as_bytes());
    assert!(
        !sealed.windows(secret.len()).any(|bytes| bytes == secret),
        "it is sealed"
    );

    scene.rig.server.reset_second_factor(scene.meera).unwrap();
    assert!(!scene.rig.server.sign_out(&token, desk.id).unwrap());
    for desk in [&scene.desk, &desk] {
        for code in [None, Some(codes[1].as_str()), Some(&scene.code(&app, 0))] {
            assert_eq!(refused(scene.sign_in(desk, "meera", code)), "second_factor_enrol");
        }
    }
    scene.enrolled("meera");
}

#[test]
fn a_password_that_was_given_to_an_admin_needs_their_second_factor_on_every_desk() {
    let scene = Scene::new();
    let (_, app) = scene.enrolled("meera");
    scene
        .rig
        .server
        .hand_password(scene.meera, "the given password")
        .unwrap();
    let device = scene.rig.server.device(scene.desk.id).unwrap().unwrap();
    let change = |code: Option<&str>| {
        let asked = ChangePassword::new("meera", "the given password", "seven boats on the backwater").with_code(code);
        match scene.rig.server.change_password(&device, &asked).unwrap() {
            Change::Done(_) => Ok(()),
            Change::NotEnough(strength) => Err(strength.code().to_owned()),
            Change::NotLetIn(outcome) => Err(told(outcome).unwrap_err()),
        }
    };
    assert_eq!(change(None), Err("second_factor".into()));
    assert_eq!(change(Some("0")), Err("wrong_code".into()));
    assert_eq!(change(None), Err("second_factor".into()), "nothing changed");
    assert_eq!(change(Some(&scene.code(&app, 0))), Ok(()));

    // Who has none yet sets it up and chooses a password in one.
    scene
        .rig
        .server
        .hand_password(scene.rig.admin, "the given password")
        .unwrap();
    let change = |code: Option<&str>| {
        let asked = ChangePassword::new("admin", "the given password", "nine lamps by the river").with_code(code);
        matches!(
            scene.rig.server.change_password(&device, &asked).unwrap(),
            Change::Done(_)
        )
    };
    assert!(!change(None));
    let offered = scene.offer("admin", "the given password").unwrap();
    let desk = scene.rig.server.device(scene.desk.id).unwrap().unwrap();
    let early = SignIn::new("admin", "the given password").with_code(Some("123456"));
    let early = told(scene.rig.server.sign_in(&desk, &early).unwrap());
    assert_eq!(refused(early), "password_must_change");
    assert!(change(Some(&scene.code(&self::app(&offered), 0))));
    scene.rig.wait(3 * Time::DAY_MS + 1);
    scene
        .rig
        .server
        .hand_password(scene.rig.admin, "the given password")
        .unwrap();
    scene.rig.wait(3 * Time::DAY_MS + 1);
    assert_eq!(
        scene.offer("admin", "the given password").err().as_deref(),
        Some("password_ended")
    );
}
