//! Reading, as the product does it. What is refused says why in words of our own, never in those that were read.

use std::sync::{Mutex, OnceLock, PoisonError};

use care::Release;
use desk::keys::hardness::{Cost, Hardness};
use desk::keys::seal::{derive, seal};
use desk::keys::secret::SecretHome;

use desk::net::join::Invitation;
use desk::net::patience::Patience;
use desk::status::DeskStatus;
use desk::{Desk, Options};
use ed25519_dalek::SigningKey;
use serde::de::DeserializeOwned;
use serde_json::json;
use server::db::Address;
use server::exchange::round::Round;
use sync_core::entry::{ChangePassword, Enrol, Enrolled, Renew, Renewed, SignIn, SignedGrant, SignedIn};
use sync_core::exchange::{Answer, Ask};
use sync_core::frame::Unpacker;
use sync_core::parting::{SignedOrder, SignedReceipt};
use sync_core::snapshot::{AskManifest, AskPieces, SignedManifest, StickIndex};
use sync_core::{DeviceId, Encoded};
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::within;
use crate::attack::rig::{Desk as Sender, Rig};

/// The code of copies in the corpus, and what its key is for.
pub const CODE: &str = "ABCDEFGH0123456789JK";
const COPY: &str = "wardroom unsent copy 1";

pub fn words(error: impl ToString) -> String {
    error.to_string()
}

/// The key of the server in the corpus.
pub fn server_key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn frames(bytes: &[u8]) -> Result<(), String> {
    // The same as what a whole frame says.
    unpacked(&within::framed(bytes)).or(unpacked(bytes))
}

fn unpacked(bytes: &[u8]) -> Result<(), String> {
    let mut asks = Unpacker::default();
    // In pieces, as they come over a network.
    for piece in bytes.chunks(1_000) {
        asks.push(piece);
        while asks.take::<Ask>().map_err(words)?.is_some() {}
    }
    let mut answers = Unpacker::default();
    answers.push(bytes);
    while answers.take::<Answer>().map_err(words)?.is_some() {}
    Ok(())
}

/// A server in which nothing of this is ever kept for long.
fn server() -> &'static (Rig, Sender) {
    static SERVER: OnceLock<(Rig, Sender)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let rig = Rig::new();
        let desk = rig.desk(rig.here);
        (rig, desk)
    })
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("{:?} at {}", error.classify(), error.column()))
}

/// What a desk asks, taken in and answered by a server.
pub fn asks(bytes: &[u8]) -> Result<(), String> {
    let ask: Ask = json(bytes)?;
    if let Ask::Push(batch) = &ask {
        // It may be refused; here what it comes to is looked at alone.
        let _ = within::batch(batch);
    }
    let (rig, desk) = server();
    let mut round = Round::begin(&rig.server, desk.id).map_err(words)?;
    round.take(ask).map_err(words)?;
    let mut answers = round.answers().map_err(words)?;
    while answers.next_answer().map_err(words)?.is_some() {}
    Ok(())
}

pub fn answers(bytes: &[u8]) -> Result<(), String> {
    let answer: Answer = json(bytes)?;
    if let Answer::Page(page) = &answer {
        for carried in page.entries.iter().filter_map(|entry| entry.change.as_ref()) {
            carried.read().map_err(words)?;
        }
    }
    within::answer(answer)
}

pub fn changes(bytes: &[u8]) -> Result<(), String> {
    let change = Encoded::read(bytes.to_vec()).map_err(words)?;
    // It goes on byte for byte.
    assert_eq!(change.bytes(), bytes);
    Ok(())
}

pub fn grants(bytes: &[u8]) -> Result<(), String> {
    let (key, device) = (server_key().verifying_key(), DeviceId(Uuid::nil()));
    let text = signed_text(bytes);
    let by_us = |purpose| (text.clone(), within::signature(&text, purpose));
    let (text, signature) = by_us("wardroom grant 1");
    let _ = SignedGrant { text, signature }.read(&key);
    let (text, signature) = by_us("wardroom order 1");
    let _ = SignedOrder { text, signature }.read(&key, device);
    let (text, signature) = by_us("wardroom receipt 1");
    let _ = SignedReceipt { text, signature }.read(&key, device);
    let (text, signature) = by_us("wardroom snapshot 1");
    let _ = SignedManifest { text, signature }.read(&key);
    let read = json::<SignedGrant>(bytes).map(|signed| signed.read(&key).is_some())?
        || json::<SignedOrder>(bytes).map(|signed| signed.read(&key, device).is_some())?
        || json::<SignedReceipt>(bytes).map(|signed| signed.read(&key, device).is_some())?
        || json::<SignedManifest>(bytes).map(|signed| signed.read(&key).is_some())?;
    read.then_some(()).ok_or_else(|| "not signed".to_owned())
}

/// The text under the signature, or the whole where there is none.
fn signed_text(bytes: &[u8]) -> String {
    let signed: Result<SignedGrant, _> = serde_json::from_slice(bytes);
    signed.map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), |signed| signed.text)
}

/// The bodies of all other requests, and their answers; and the invitation that somebody types.
pub fn requests(bytes: &[u8]) -> Result<(), String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Invitation::read(text, "");
        let _ = Invitation::read("https://127.0.0.1:1", text);
    }
    let read = [
        json::<Enrol>(bytes).map(|enrol| drop(server().0.server.enrol(&enrol))),
        json::<Enrolled>(bytes).map(drop),
        json::<SignIn>(bytes).map(drop),
        json::<SignedIn>(bytes).map(drop),
        json::<ChangePassword>(bytes).map(drop),
        json::<Renew>(bytes).map(|renew| {
            renew.is_asked_by_its_owner(DeviceId(Uuid::nil()));
        }),
        json::<Renewed>(bytes).map(drop),
        json::<AskManifest>(bytes).map(drop),
        json::<AskPieces>(bytes).map(drop),
    ];
    read.into_iter()
        .find(Result::is_ok)
        .unwrap_or_else(|| Err("none of them".to_owned()))
}

fn options(folder: &std::path::Path) -> Options {
    Options {
        folder: folder.to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: 5,
        patience: Patience::default(),
    }
}

/// A desk whose own file is this one, as it is and as the desk sealed it, is started, and asked who works there.
pub fn desk_file(bytes: &[u8]) -> Result<(), String> {
    let sealed = folder_with_secret()?;
    if within::sealed_desk_file(bytes, sealed.path()).is_ok() {
        let problem = started(sealed.path()).problem;
        let is_damaged = problem.is_some_and(|failure| failure.code == "desk_file_damaged");
        assert!(!is_damaged, "what the desk itself wrote and sealed");
    }
    let folder = folder_with_secret()?;
    for name in ["desk.json", "desk.a.json"] {
        std::fs::write(folder.path().join(name), bytes).map_err(words)?;
    }
    let status = started(folder.path());
    let there = std::fs::read(folder.path().join("desk.json")).map_err(words)?;
    assert!(
        there == bytes || status.problem.is_none(),
        "a damaged file stays as it is"
    );
    status.problem.map_or(Ok(()), |failure| Err(failure.code))
}

fn folder_with_secret() -> Result<tempfile::TempDir, String> {
    let folder = crate::place::memory_folder().map_err(words)?;
    std::fs::write(folder.path().join("device.secret"), "0".repeat(64)).map_err(words)?;
    Ok(folder)
}

fn started(folder: &std::path::Path) -> DeskStatus {
    let _within = runtime().enter();
    Desk::start(options(folder)).status()
}

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("a runtime"))
}

/// A desk at work that takes in copies, and its folder.
fn at_work() -> &'static Mutex<(Desk, tempfile::TempDir)> {
    static DESK: OnceLock<Mutex<(Desk, tempfile::TempDir)>> = OnceLock::new();
    DESK.get_or_init(|| {
        let folder = crate::place::memory_folder().expect("a folder");
        let desk = runtime().block_on(async {
            let desk = Desk::start(options(folder.path()));
            let began = desk.stand_alone("Anju Thomas", "anju", "river lamp stone").await;
            began.expect("a desk alone");
            desk
        });
        Mutex::new((desk, folder))
    })
}

/// A copy as it stands in its file, and what a copy holds once its seal is open.
pub fn unsent_copies(bytes: &[u8]) -> Result<(), String> {
    // Of another facility it would be refused before it is taken in.
    let _ = within::copy(bytes);
    let at_work = at_work().lock().unwrap_or_else(PoisonError::into_inner);
    let (desk, folder) = &*at_work;
    let _within = runtime().enter();
    let path = folder.path().join("copy");
    let facility = desk.status().facility;
    let facility = facility.map(|facility| facility.to_string()).unwrap_or_default();
    let device = desk.sync_page().map_err(|failure| failure.code)?.device;
    let about = format!("{COPY}|{facility}|{device}");
    let sealed = seal(&derive(&[CODE.as_bytes()], COPY), &about, bytes);
    let copy = json!({ "form": 1, "facility": facility, "device": device, "sealed": sealed });
    let mut last = Ok(());
    for written in [bytes.to_vec(), copy.to_string().into_bytes()] {
        std::fs::write(&path, &written).map_err(words)?;
        last = desk
            .take_in_unsent(&path, CODE)
            .map(drop)
            .map_err(|failure| failure.code);
        assert!(last != Err(String::new()), "a code");
    }
    last
}

pub fn stick_lists(bytes: &[u8]) -> Result<(), String> {
    let mut index: StickIndex = json(bytes)?;
    let key = server_key().verifying_key();
    for signed in &mut index.snapshots {
        signed.signature = within::signature(&signed.text, "wardroom snapshot 1");
    }
    let read = index
        .snapshots
        .iter()
        .filter(|signed| signed.read(&key).is_some())
        .count();
    (read > 0).then_some(()).ok_or_else(|| "not signed".to_owned())
}

pub fn pieces(bytes: &[u8]) -> Result<(), String> {
    within::piece(&within::packed(bytes)).or(within::piece(bytes))
}

pub fn care_dumps(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to().to_string())?;
    let file = care::File {
        name: "dump.json".to_owned(),
        text: text.to_owned(),
    };
    for release in [Release::C22, Release::C24] {
        let _ = care::import(std::slice::from_ref(&file), release);
    }
    Ok(())
}

/// What an operator configures: where the database is.
pub fn addresses(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to().to_string())?;
    let address = Address::read(text).ok_or("no address")?;
    drop(address.said());
    Ok(())
}
