//! Joining with a code and signing in: what is let in, what is not, and what is told of it.

use crate::rig::*;
use domain::entities::desk;
use domain::{Draft, RecordId, Time, Value};
use ed25519_dalek::VerifyingKey;
use server::entry::password::Change;
use server::entry::sign_in::Outcome;
use server::seal::{hmac, sha256};
use sync_core::Hash;
use sync_core::entry::{ChangePassword, SignIn, SignedIn, enrolled_message};

fn code(rig: &Rig) -> String {
    rig.server.invite(rig.here.facility, "Taluk Hospital", "").unwrap().code
}

#[test]
fn a_desk_joins_once_with_its_code() {
    let rig = Rig::new();
    let (code, key) = (code(&rig), new_key());
    let enrolled = rig.enrol(&code, &key).unwrap();
    assert_eq!(enrolled.facility, rig.here.facility);
    assert_eq!(enrolled.facility_name, "Taluk Hospital");
    assert_eq!(enrolled.utc_offset_minutes, 330);
    let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let message = enrolled_message(&rig.server.certificate_hash(), enrolled.device, &enrolled.server_key);
    assert_eq!(enrolled.proof, hmac(&sha256(bare.as_bytes()).0, &message));
    assert!(rig.enrol(&code, &new_key()).is_none());
    // The answer was lost: the same desk gets it again.
    assert_eq!(rig.enrol(&code, &key), Some(enrolled.clone()));
    rig.server.revoke(enrolled.device).unwrap();
    assert!(rig.enrol(&code, &key).is_none());
}

#[test]
fn what_a_desk_is_called_stands_in_the_districts_space_once() {
    let rig = Rig::new();
    let code = rig
        .server
        .invite(rig.here.facility, "Taluk Hospital", "ICU desk")
        .unwrap()
        .code;
    let enrolled = rig.enrol(&code, &new_key()).unwrap();
    let naming = |name: &str| {
        let draft = Draft::new("desk", RecordId(enrolled.device.0)).with(&desk::NAME, name.to_owned());
        let written = rig.server.author_differing(rig.server.district(), vec![draft]);
        written.unwrap().changes
    };
    assert_eq!(naming("ICU desk"), 0);
    rig.server.introduce_all().unwrap();
    let heads = rig.server.heads().unwrap();
    rig.server.introduce_all().unwrap();
    assert_eq!(
        rig.server.heads().unwrap(),
        heads,
        "the second time there is nothing to write"
    );
    assert_eq!((naming("Casualty"), naming("Casualty")), (1, 0));
}

#[test]
fn a_code_that_is_no_word_is_none() {
    let rig = Rig::new();
    let key = new_key();
    for code in ["", "\0", "é", "%", "' OR 1"] {
        let mut asked = enrol(code, &key, &rig.server.certificate_hash());
        asked.invitation = code.into();
        assert_eq!(rig.server.enrol(&asked).unwrap(), None, "{code:?}");
    }
}

#[test]
fn a_code_has_five_tries() {
    let rig = Rig::new();
    let (code, key) = (code(&rig), new_key());
    let wrong = |letter: char| format!("{}{letter}", &code[..code.len() - 1]);
    let last = code.chars().last().unwrap();
    let others = "0123456789".chars().filter(|letter| *letter != last);
    for letter in others.take(5) {
        assert!(rig.enrol(&wrong(letter), &key).is_none());
    }
    assert!(rig.enrol(&code, &key).is_none());
}

#[test]
fn a_code_lasts_a_day() {
    let rig = Rig::new();
    let (early, late) = (code(&rig), code(&rig));
    rig.wait(Time::DAY_MS - 1);
    assert!(rig.enrol(&early, &new_key()).is_some());
    rig.wait(1);
    assert!(rig.enrol(&late, &new_key()).is_none());
}

#[test]
fn a_proof_for_another_certificate_or_key_is_none() {
    let rig = Rig::new();
    let (code, key) = (code(&rig), new_key());
    let seen = Hash::of(b"the certificate of somebody in between");
    assert_eq!(rig.server.enrol(&enrol(&code, &key, &seen)).unwrap(), None);
    let mut other = enrol(&code, &key, &rig.server.certificate_hash());
    other.device_key = Hash(new_key().verifying_key().to_bytes());
    assert_eq!(rig.server.enrol(&other).unwrap(), None);
    let mut weak = enrol(&code, &key, &rig.server.certificate_hash());
    weak.device_key = Hash::default();
    assert_eq!(rig.server.enrol(&weak).unwrap(), None);
    assert!(rig.enrol(&code, &key).is_some());
}

/// What became of a sign-in, in a word.
fn sign_in(rig: &Rig, desk: &Desk, username: &str, password: &str) -> Result<SignedIn, String> {
    let device = rig.server.device(desk.id).unwrap().unwrap();
    let asked = SignIn::new(username, password);
    match rig.server.sign_in(&device, &asked).unwrap() {
        Outcome::In(signed_in) => Ok(*signed_in),
        Outcome::Wrong => Err("wrong".into()),
        Outcome::Blocked { wait_ms } => Err(format!("blocked {}", wait_ms / 1_000)),
        Outcome::Suspended => Err("suspended".into()),
        Outcome::Wanted(wanted) => Err(wanted.code().into()),
    }
}

#[test]
fn a_person_gets_a_grant_a_token_and_the_desks_share() {
    let rig = Rig::new();
    let (desk, other) = (rig.desk(rig.here), rig.desk(rig.here));
    let signed_in = sign_in(&rig, &desk, " Lakshmi ", PASSWORD).unwrap();
    let key = VerifyingKey::from(&rig.server.own().signing_key);
    let grant = signed_in.grant.read(&key).unwrap();
    assert_eq!((grant.person, grant.device), (rig.here.nurse, desk.id));
    assert_eq!((grant.username.as_str(), grant.role.as_str()), ("lakshmi", "nurse"));
    assert_eq!(grant.name, SECRET_NAME);
    assert_eq!(grant.spaces, [rig.here.space, rig.server.district()]);
    assert_eq!(grant.not_after.0 - grant.issued.0, 14 * Time::DAY_MS);
    let admin = sign_in(&rig, &desk, "admin", PASSWORD).unwrap();
    let above = admin.grant.read(&key).unwrap();
    assert_eq!(above.not_after.0 - above.issued.0, 3 * Time::DAY_MS);
    assert_eq!(admin.share, signed_in.share);
    assert_ne!(sign_in(&rig, &other, "admin", PASSWORD).unwrap().share, signed_in.share);
}

#[test]
fn a_token_ends_with_its_session_and_is_useless_elsewhere() {
    let rig = Rig::new();
    let (desk, other) = (rig.desk(rig.here), rig.desk(rig.here));
    let ends = |token: &str, desk: &Desk| rig.server.sign_out(token, desk.id).unwrap();
    let token = sign_in(&rig, &desk, "lakshmi", PASSWORD).unwrap().token;
    assert!(!ends(&token, &other));
    assert!(!ends(&"0".repeat(64), &desk));
    assert!(ends(&token, &desk));
    assert!(!ends(&token, &desk));
    let token = sign_in(&rig, &desk, "lakshmi", PASSWORD).unwrap().token;
    rig.wait(15 * Time::MINUTE_MS + 1);
    assert!(!ends(&token, &desk));
}

#[test]
fn who_does_not_work_here_is_told_the_same_as_who_does_not_exist() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    for (username, password) in [
        ("other", PASSWORD),
        ("nobody", PASSWORD),
        ("lakshmi", "wrong"),
        ("", ""),
    ] {
        assert_eq!(sign_in(&rig, &desk, username, password).err().as_deref(), Some("wrong"));
    }
    let long = "a".repeat(100_000);
    assert_eq!(sign_in(&rig, &desk, "lakshmi", &long).err().as_deref(), Some("wrong"));
    let gone = domain::Draft::new("person", rig.here.nurse).with_value("active", Value::Code("no".into()));
    rig.server.author(rig.server.district(), vec![vec![gone]]).unwrap();
    assert_eq!(
        sign_in(&rig, &desk, "lakshmi", PASSWORD).err().as_deref(),
        Some("wrong")
    );
}

#[test]
fn failures_bring_growing_waits_and_then_a_suspension_that_only_the_operator_lifts() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let try_it = |username: &str, password| sign_in(&rig, &desk, username, password).err().unwrap_or_default();
    for username in ["lakshmi", "nobody"] {
        for _ in 0..5 {
            assert_eq!(try_it(username, "wrong"), "wrong");
        }
        assert_eq!(try_it(username, PASSWORD), "blocked 30");
    }
    for failures in 6..=20 {
        rig.wait(Time::HOUR_MS);
        assert_eq!(try_it("lakshmi", "wrong"), "wrong", "{failures}");
    }
    rig.wait(Time::DAY_MS);
    assert_eq!(try_it("lakshmi", PASSWORD), "suspended");
    rig.server.lift_suspension(rig.here.nurse).unwrap();
    assert_eq!(try_it("lakshmi", PASSWORD), "");
    // A success forgets what went before.
    for _ in 0..4 {
        assert_eq!(try_it("lakshmi", "wrong"), "wrong");
    }
    assert_eq!(try_it("lakshmi", PASSWORD), "");
    assert_eq!(try_it("lakshmi", "wrong"), "wrong");
    assert_eq!(try_it("lakshmi", PASSWORD), "");
}

#[test]
fn a_new_password_ends_old_sessions() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let before = sign_in(&rig, &desk, "lakshmi", PASSWORD).unwrap();
    rig.server.set_password(rig.here.nurse, "another password").unwrap();
    assert!(!rig.server.sign_out(&before.token, desk.id).unwrap());
    assert!(sign_in(&rig, &desk, "lakshmi", PASSWORD).is_err());
    assert!(sign_in(&rig, &desk, "lakshmi", "another password").is_ok());
}

#[test]
fn a_person_changes_their_password_with_the_present_one_and_no_other_session_lasts() {
    let rig = Rig::new();
    let (desk, elsewhere) = (rig.desk(rig.here), rig.desk(rig.here));
    let before = sign_in(&rig, &elsewhere, "lakshmi", PASSWORD).unwrap();
    let device = rig.server.device(desk.id).unwrap().unwrap();
    let change = |password: &str, new: &str| {
        let asked = ChangePassword::new(" Lakshmi", password, new);
        match rig.server.change_password(&device, &asked).unwrap() {
            Change::Done(signed_in) => Ok(*signed_in),
            Change::NotEnough(strength) => Err(strength.code()),
            Change::NotLetIn(Outcome::Wrong) => Err("wrong"),
            Change::NotLetIn(Outcome::Suspended) => Err("suspended"),
            Change::NotLetIn(_) => Err("blocked"),
        }
    };
    let new = "seven boats on the backwater";
    assert_eq!(change(PASSWORD, "boat").err(), Some("password_too_short"));
    assert_eq!(change(PASSWORD, "lakshmi1").err(), Some("password_guessable"));
    assert_eq!(change(PASSWORD, PASSWORD).err(), Some("password_guessable"));
    assert_eq!(change("not the one", new).err(), Some("wrong"));
    assert!(
        sign_in(&rig, &desk, "lakshmi", PASSWORD).is_ok(),
        "nothing changed so far"
    );

    let signed_in = change(PASSWORD, new).unwrap();
    let key = VerifyingKey::from(&rig.server.own().signing_key);
    assert_eq!(signed_in.grant.read(&key).unwrap().person, rig.here.nurse);
    assert!(!rig.server.sign_out(&before.token, elsewhere.id).unwrap());
    assert!(rig.server.sign_out(&signed_in.token, desk.id).unwrap());
    assert_eq!(
        sign_in(&rig, &elsewhere, "lakshmi", PASSWORD).err().as_deref(),
        Some("wrong")
    );
    assert!(sign_in(&rig, &elsewhere, "lakshmi", new).is_ok());
    // Whoever guesses here is counted like whoever guesses at a sign-in.
    let guessed: Vec<_> = (0..6).map(|_| change("not the one", PASSWORD).err().unwrap()).collect();
    assert_eq!(guessed, ["wrong", "wrong", "wrong", "wrong", "wrong", "blocked"]);
}

#[test]
fn a_person_appointed_on_a_desk_has_an_account_but_no_password_and_takes_no_name() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let (new, double) = (new_id(), new_id());
    let appoint = |id, username| vec![person_draft(id, username, "nurse", Some(rig.here.facility))];
    let actions = vec![appoint(new, "Deepa"), appoint(double, "lakshmi")];
    rig.server.author(rig.server.district(), actions).unwrap();
    assert_eq!(rig.server.person_called("deepa").unwrap(), Some(new));
    assert!(sign_in(&rig, &desk, "deepa", "").is_err());
    rig.server.set_password(new, PASSWORD).unwrap();
    assert!(sign_in(&rig, &desk, "deepa", PASSWORD).is_ok());
    assert_eq!(rig.server.person_called("lakshmi").unwrap(), Some(rig.here.nurse));
    assert!(sign_in(&rig, &desk, "lakshmi", PASSWORD).is_ok());
}
