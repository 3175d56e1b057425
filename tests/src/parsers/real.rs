//! Real encodings, as the product writes them: what the corpora are made of.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use domain::Time;
use domain::arrival::Tier;
use domain::check::Draft;
use serde_json::{Value as Json, json};
use sync_core::aside::{Decision, Verdict};
use sync_core::entry::{ChangePassword, Grant, Renew, SignIn, SignedGrant};
use sync_core::exchange::{Answer, Ask, Carried, Entry, Page};
use sync_core::frame::pack;
use sync_core::parting::{Order, SignedOrder};
use sync_core::snapshot::{Base, Cutter, Manifest, Piece, SignedManifest, StickIndex};
use sync_core::{Chain, DeviceId, Digest, Encoded, Hash};
use uuid::Uuid;

use super::reading::server_key;
use crate::attack::rig::*;
use crate::district::District;
use crate::headless::Ward;

/// So many changes of one action are kept.
const MOST_DRAFTS: usize = 3;

/// Writes every corpus anew. What fuzzers found beside them stays: its names are no numbers.
///
/// # Errors
/// When something real cannot be made.
pub async fn write(corpus: &Path) -> Result<()> {
    let (mut asks, mut answers) = exchanged().await?;
    let packed = |messages: &[Vec<u8>]| -> Result<Vec<Vec<u8>>> {
        let pack = |bytes: &Vec<u8>| Ok(pack(&serde_json::from_slice::<Json>(bytes)?)?);
        messages.iter().map(pack).collect()
    };
    let mut frames = packed(&asks)?;
    frames.extend(packed(&answers)?);
    frames.push(frames.concat());
    let (_, mut desk) = written();
    for action in kinds() {
        let (push, page) = of_kind(action, &mut desk)?;
        asks.push(push);
        answers.push(page);
    }
    let all = [
        ("frames", frames),
        ("changes", changes()),
        ("asks", asks),
        ("answers", answers),
        ("grants", grants()?),
        ("requests", requests()?),
        ("desk_file", desk_files().await?),
        ("unsent_copies", copies()),
        ("stick_lists", stick_lists()?),
        ("pieces", pieces()?),
        ("care_dumps", dumps()),
        ("addresses", addresses()),
    ];
    for (name, encodings) in all {
        let folder = corpus.join(name);
        std::fs::create_dir_all(&folder)?;
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().parse::<u16>().is_ok())
            {
                std::fs::remove_file(path)?;
            }
        }
        for (number, bytes) in encodings.iter().enumerate() {
            std::fs::write(folder.join(format!("{number:02}")), bytes)?;
        }
    }
    Ok(())
}

fn written() -> (Rig, Desk) {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(2);
    desk.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
    (rig, desk)
}

/// The beginning of an action for each kind of record that the sample writes.
fn kinds() -> Vec<Vec<Draft>> {
    let (mut seen, mut kinds) = (BTreeSet::new(), Vec::new());
    for mut action in sample::hospital(sample::SEED, Time(BEGIN_MS)) {
        action.truncate(MOST_DRAFTS);
        if action.iter().any(|draft| !seen.contains(&draft.kind)) {
            seen.extend(action.iter().map(|draft| draft.kind.clone()));
            kinds.push(action);
        }
    }
    kinds
}

/// The action as a desk brings it, and as another is told of it.
fn of_kind(action: Vec<Draft>, desk: &mut Desk) -> Result<(Vec<u8>, Vec<u8>)> {
    desk.changes.clear();
    desk.write(action);
    let entry = |(lsn, change): (u64, &Encoded)| -> Result<Entry> {
        let (id, change) = (change.change().id, Some(Carried::of(change)?));
        Ok(Entry { lsn, id, change })
    };
    let to = desk.changes.len() as u64;
    let page = Page {
        space: desk.space,
        epoch: 1,
        from: 1,
        to,
        head: to,
        entries: (1..).zip(&desk.changes).map(entry).collect::<Result<_>>()?,
        chain: Chain::default(),
        digest: None,
    };
    let (push, page) = (Ask::Push(desk.all()), Answer::Page(page));
    Ok((serde_json::to_vec(&push)?, serde_json::to_vec(&page)?))
}

async fn exchanged() -> Result<(Vec<Vec<u8>>, Vec<Vec<u8>>)> {
    let (rig, desk) = written();
    let mut gone = rig.desk(rig.here);
    let change = gone.write(vec![patient_draft(new_id())])[0];
    rig.server.revoke(gone.id)?;
    rig.push(&gone, gone.all()).await;
    let decision = Decision {
        change,
        verdict: Verdict::Dismiss,
        why: "copied from the paper sheet already".to_owned(),
        by: rig.admin,
        wall_ms: 7,
    };
    let (space, epoch, cursor) = (desk.space, 1, 0);
    let device = desk.id;
    let asks = [
        hello(),
        Ask::Push(desk.all()),
        Ask::Held { device, after: 0 },
        Ask::Aside { told: Hash::default() },
        Ask::Pull { space, epoch, cursor },
        Ask::Decide(decision),
    ];
    let mut answers = Vec::new();
    for ask in asks.iter().skip(1) {
        answers.extend(
            rig.exchange(&desk, vec![hello(), ask.clone()])
                .await
                .unwrap_or_default(),
        );
    }
    let order = Order {
        device,
        number: 1,
        is_now: false,
        ordered_ms: 7,
    };
    answers.push(Answer::Withdraw(SignedOrder::new(&server_key(), &order)));
    answers.push(Answer::End);
    let mut texts: Vec<Vec<u8>> = answers.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?;
    texts.sort();
    texts.dedup_by_key(|text| text.iter().take(8).copied().collect::<Vec<u8>>());
    Ok((asks.iter().map(serde_json::to_vec).collect::<Result<_, _>>()?, texts))
}

fn changes() -> Vec<Vec<u8>> {
    let (_, desk) = written();
    let stub = desk.changes.first().map(sync_core::Encoded::stub);
    let all = desk.changes.iter().cloned().chain(stub);
    all.map(|change| change.bytes().to_vec()).collect()
}

fn manifest(rig: &Rig) -> Result<SignedManifest> {
    let pieces = cut()?.into_iter().map(|(piece, _)| piece).collect();
    let manifest = Manifest {
        form: sync_core::snapshot::FORM,
        space: rig.here.space,
        epoch: 1,
        lsn: 3,
        chain: Chain::default(),
        digest: Digest::default(),
        made_ms: 7,
        pieces,
    };
    Ok(SignedManifest::new(&server_key(), &manifest))
}

fn grants() -> Result<Vec<Vec<u8>>> {
    let (rig, desk) = written();
    let grant = Grant {
        device: desk.id,
        person: rig.here.nurse,
        username: "lakshmi".into(),
        name: SECRET_NAME.into(),
        role: "nurse".into(),
        spaces: vec![desk.space],
        issued: Time(7),
        not_after: Time(8),
        policy: 1,
    };
    let order = Order {
        device: DeviceId(Uuid::nil()),
        number: 1,
        is_now: true,
        ordered_ms: 7,
    };
    Ok(vec![
        serde_json::to_vec(&SignedGrant::new(&server_key(), &grant))?,
        serde_json::to_vec(&SignedOrder::new(&server_key(), &order))?,
        serde_json::to_vec(&manifest(&rig)?)?,
    ])
}

fn requests() -> Result<Vec<Vec<u8>>> {
    let (rig, desk) = written();
    let invited = rig.server.invite(rig.here.facility, "Taluk Hospital", "Ward 3")?;
    let asked = enrol(&invited.code, &new_key(), &rig.server.certificate_hash());
    let enrolled = rig.server.enrol(&asked)?.context("a desk that joined")?;
    let device = rig.server.device(desk.id)?.context("a desk")?;
    let sign_in = SignIn::new("lakshmi", PASSWORD);
    let change = ChangePassword::new("lakshmi", PASSWORD, "quiet harbour lantern");
    let outcome = rig.server.sign_in(&device, &sign_in)?;
    let server::entry::sign_in::Outcome::In(signed_in) = outcome else {
        anyhow::bail!("the nurse is let in")
    };
    Ok(vec![
        serde_json::to_vec(&asked)?,
        serde_json::to_vec(&enrolled)?,
        serde_json::to_vec(&sign_in)?,
        serde_json::to_vec(&signed_in)?,
        serde_json::to_vec(&change)?,
        serde_json::to_vec(&Renew::new(desk.id, &new_key(), "lakshmi", PASSWORD))?,
        serde_json::to_vec(&json!({ "space": desk.space, "hashes": [Hash::default()], "from": 0 }))?,
        format!("https://127.0.0.1:7443#{}", invited.code).into_bytes(),
    ])
}

/// Of a desk that stands alone, and of one that joined and saw wrong passwords.
async fn desk_files() -> Result<Vec<Vec<u8>>> {
    let folder = tempfile::tempdir()?;
    let mut alone = Ward::start(&folder.path().join("alone"))?;
    let anju = json!({ "name": "Anju Thomas", "username": "anju", "password": "river lamp stone" });
    alone.call("stand_alone", anju).await?;
    let district = District::new(&folder.path().join("server")).await?;
    let mut joined = Ward::start(&folder.path().join("joined"))?;
    let code = district.invite().await?;
    let join = json!({ "address": format!("https://{}", district.address), "code": code, "desk_name": "ward" });
    joined.call("join", join).await?;
    joined
        .call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
        .await?;
    joined.call("lock", Json::Null).await?;
    let wrong = joined
        .call("sign_in", json!({ "username": "anju", "password": "wrong" }))
        .await;
    anyhow::ensure!(wrong.is_err(), "a wrong password");
    let mut files = Vec::new();
    for name in ["alone", "joined"] {
        for entry in std::fs::read_dir(folder.path().join(name))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with("desk.") && name.ends_with(".json") {
                files.push(std::fs::read(path)?);
            }
        }
    }
    Ok(files)
}

/// What a copy holds once its seal is open, and one that is sealed for another desk.
fn copies() -> Vec<Vec<u8>> {
    let (_, desk) = written();
    let texts: Vec<String> = desk
        .changes
        .iter()
        .map(|change| String::from_utf8_lossy(change.bytes()).into_owned())
        .collect();
    let sealed = json!({ "form": 1, "facility": new_id(), "device": desk.id, "sealed": "00".repeat(60) });
    vec![
        format!("[{}]", texts.join(",")).into_bytes(),
        sealed.to_string().into_bytes(),
        b"[]".to_vec(),
    ]
}

fn stick_lists() -> Result<Vec<Vec<u8>>> {
    let (rig, _) = written();
    let index = StickIndex {
        form: StickIndex::FORM,
        snapshots: vec![manifest(&rig)?],
    };
    Ok(vec![serde_json::to_vec(&index)?])
}

fn cut() -> Result<Vec<(Piece, Vec<u8>)>> {
    let (_, desk) = written();
    let mut cutter = Cutter::new(Tier::Present);
    let mut cut = Vec::new();
    for change in desk.changes.iter().take(3) {
        let mut state = sync_core::fold::RecordState::new(&change.change().kind, change.change().record);
        state.apply(change.change(), Some(change.change().id.seq), |_| true);
        cut.extend(cutter.add(&Base::new(state, [change.change().id]))?);
    }
    cut.extend(cutter.end()?);
    Ok(cut)
}

fn pieces() -> Result<Vec<Vec<u8>>> {
    let texts = |(_, packed): (Piece, Vec<u8>)| -> Result<[Vec<u8>; 2]> {
        let text = zstd::bulk::decompress(&packed, sync_core::snapshot::MOST_BYTES)?;
        // As it goes over the wire, and what it says.
        Ok([packed, text])
    };
    let both: Vec<[Vec<u8>; 2]> = cut()?.into_iter().map(texts).collect::<Result<_>>()?;
    Ok(both.into_iter().flatten().collect())
}

fn dumps() -> Vec<Vec<u8>> {
    let (facility, patient) = (new_id().to_string(), new_id().to_string());
    let place = json!({ "external_id": facility, "name": "Taluk Hospital", "facility_type": 830, "district": 7,
                        "location": "SRID=4326;POINT (76.3 9.98)", "phone_number": "+914842345678" });
    let person = json!({ "external_id": patient, "name": "Kamala Devi", "facility": 1, "gender": 2, "age": 61,
                         "date_of_birth": "1959-02-30", "phone_number": "+919447012345", "is_active": true,
                         "meta_info": null, "created_date": "2024-03-01T10:11:12.131415Z" });
    let stay = json!({ "external_id": new_id().to_string(), "patient": 1, "facility": 1, "admission_date": "2024-03-01T10:11:12Z",
                       "discharge_date": null, "suggestion": "A", "category": "Moderate", "symptoms": "2,3", "bp": { "systolic": 1e3 } });
    let user = json!({ "external_id": new_id().to_string(), "username": "anju", "first_name": "Anju", "last_name": "Thomas",
                       "user_type": 15, "home_facility": 1 });
    let district = json!({ "state": 1, "name": "Ernakulam" });
    let items = json!([
        { "model": "users.state", "pk": 1, "fields": { "name": "Kerala" } },
        { "model": "users.district", "pk": 7, "fields": district },
        { "model": "facility.facility", "pk": 1, "fields": place },
        { "model": "users.user", "pk": 3, "fields": user },
        { "model": "facility.patientregistration", "pk": 1, "fields": person },
        { "model": "facility.patientconsultation", "pk": 1, "fields": stay },
        { "model": "facility.dailyround", "pk": 1, "fields": { "consultation": 1, "temperature": "98.60", "spo2": "97", "taken_at": "2024-03-02T01:02:03Z" } }
    ]);
    vec![
        items.to_string().into_bytes(),
        b"[]".to_vec(),
        b"{\"model\": 1}".to_vec(),
    ]
}

fn addresses() -> Vec<Vec<u8>> {
    [
        "postgres://wardroom:secret@127.0.0.1:5432/wardroom?sslmode=require",
        "host=/run/postgresql dbname=wardroom user=wardroom options='-c search_path=a'",
        "postgresql://a,b:1/x?target_session_attrs=read-write&connect_timeout=3",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect()
}
