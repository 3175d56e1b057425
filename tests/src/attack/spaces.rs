//! Every space, by every route, for desks that have no right to it: of another facility, locked out, unknown, or with a
//! key of their own making.

use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::StreamExt;
use serde_json::json;
use sync_core::aside::{Decision, Outcome, Verdict};
use sync_core::entry::{ChangePassword, Renew, SignIn};
use sync_core::exchange::{Answer, Ask, Reason, SHOWS_GRANTS};
use sync_core::frame::Unpacker;
use sync_core::parting::{Receipt, SignedReceipt};
use sync_core::snapshot::{AskManifest, AskPieces, Offered};
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

use super::Sort;
use super::rig::*;
use super::wire::{Answered, pull, send, today};

/// More than the shortest log of which there is a snapshot.
const ENOUGH_FOR_A_SNAPSHOT: usize = 1_100;

/// A facility with records, and who has no right to them.
struct Scene {
    rig: Rig,
    _serving: Serving,
    own: Desk,
    foreign: Desk,
    revoked: Desk,
    others: [(&'static str, Desk); 4],
}

impl Scene {
    async fn new() -> Result<Scene> {
        let (rig, serving) = Rig::with(today).by_process().await;
        let mut own = rig.desk(rig.here);
        own.admit(ENOUGH_FOR_A_SNAPSHOT);
        rig.push(&own, own.batch(1, 900)).await;
        rig.push(&own, own.batch(901, ENOUGH_FOR_A_SNAPSHOT)).await;
        let (foreign, mut revoked) = (rig.desk(rig.elsewhere), rig.desk(rig.here));
        rig.server.revoke(revoked.id)?;
        // Kept aside at this facility.
        revoked.admit(1);
        rig.push(&revoked, revoked.all()).await;
        let unknown = Desk {
            id: DeviceId(Uuid::now_v7()),
            ..own.clone()
        };
        let forger = Desk {
            key: new_key(),
            ..own.clone()
        };
        let others = [
            ("a foreign desk", foreign.clone()),
            ("a desk locked out", revoked.clone()),
            ("an unknown desk", unknown),
            ("a desk with another key", forger),
        ];
        Ok(Scene {
            rig,
            _serving: serving,
            own,
            foreign,
            revoked,
            others,
        })
    }

    async fn ask(&self, desk: &Desk, method: &str, path: &str, body: Vec<u8>) -> Result<Answered> {
        let request = signed(self.rig.http(), desk, method, path, body).build()?;
        send(self.rig.http(), request).await
    }

    async fn exchanged(&self, desk: &Desk, asks: Vec<Ask>) -> Vec<Answer> {
        self.rig.exchange(desk, asks).await.unwrap_or_default()
    }
}

/// # Errors
/// When something allowed is refused.
pub async fn of_others(sort: &mut Sort<'_>) -> Result<()> {
    let scene = Scene::new().await?;
    reads(&scene, sort).await?;
    snapshots(&scene, sort).await?;
    writes(&scene, sort).await?;
    other_desks(&scene, sort).await?;
    kept_aside(&scene, sort).await?;
    people(&scene, sort).await?;
    events(&scene, sort).await?;
    strangers(&scene, sort).await
}

/// Spaces that are not those of a desk elsewhere.
fn spaces(rig: &Rig) -> Vec<SpaceId> {
    let district = rig.server.own().district.0;
    vec![
        rig.here.space,
        SpaceId::Rollup(rig.here.facility.0),
        SpaceId::Rollup(district),
        SpaceId::Facility(district),
        SpaceId::District(rig.here.facility.0),
        SpaceId::District(Uuid::now_v7()),
        SpaceId::Facility(Uuid::now_v7()),
        SpaceId::Facility(Uuid::nil()),
        SpaceId::Facility(rig.server.own().device.0),
    ]
}

async fn reads(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let read = scene.rig.pages(&scene.own, scene.rig.here.space, 0).await;
    sort.allowed("the facility's own space", !read.is_empty())?;
    for (who, desk) in &scene.others {
        for space in spaces(&scene.rig) {
            for (epoch, cursor) in [(0, 0), (1, 0), (1, 1), (1, u64::MAX), (u64::MAX, 0)] {
                let asks = vec![hello(), Ask::Pull { space, epoch, cursor }];
                let answers = scene.exchanged(desk, asks).await;
                let is_refused = !answers.iter().any(|answer| matches!(answer, Answer::Page(_)));
                sort.refused(format!("{who} reads {space} after {cursor} of {epoch}"), is_refused);
            }
        }
    }
    Ok(())
}

/// The question which snapshot of a space there is, with the grant of the desk's own person.
fn manifest_of(desk: &Desk, space: SpaceId) -> Result<Vec<u8>> {
    let grant = desk.grant(desk.actor);
    Ok(serde_json::to_vec(&AskManifest { space, grant })?)
}

async fn snapshots(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let (rig, space) = (&scene.rig, scene.rig.here.space);
    let body = manifest_of(&scene.own, space)?;
    let answered = scene.ask(&scene.own, "POST", "/v1/snapshot", body).await?;
    let mut unpacker = Unpacker::default();
    unpacker.push(&answered.body);
    let offered: Offered = unpacker.take()?.context("an offer")?;
    let key = rig.server.own().signing_key.verifying_key();
    let manifest = offered.manifest.and_then(|manifest| manifest.read(&key));
    let hash = manifest.context("a manifest")?.pieces[0].hash;
    let pieces = |desk: &Desk, space, from| {
        serde_json::to_vec(&AskPieces {
            space,
            hashes: vec![hash],
            from,
            grant: desk.grant(desk.actor),
        })
    };
    let own = scene
        .ask(&scene.own, "POST", "/v1/pieces", pieces(&scene.own, space, 0)?)
        .await?;
    sort.allowed("a piece of the facility's own snapshot", own.is_good())?;
    for (who, desk) in &scene.others {
        for space in spaces(rig) {
            let body = manifest_of(desk, space)?;
            let answered = scene.ask(desk, "POST", "/v1/snapshot", body).await?;
            sort.refused(format!("{who} asks for a snapshot of {space}"), !answered.is_good());
        }
        for asked in [space, rig.elsewhere.space, rig.server.district()] {
            for from in [0, 1] {
                let answered = scene
                    .ask(desk, "POST", "/v1/pieces", pieces(desk, asked, from)?)
                    .await?;
                sort.refused(format!("{who} asks for a piece as of {asked}"), !answered.is_good());
            }
        }
    }
    Ok(())
}

async fn writes(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let rig = &scene.rig;
    let mut desk = rig.desk(rig.elsewhere);
    let mut tried = Vec::new();
    let people = [rig.here.nurse, rig.elsewhere.nurse, rig.admin, new_id()];
    for space in spaces(rig) {
        for who in people {
            tried.extend(desk.write_as(space, who, vec![patient_draft(new_id())], &[]));
        }
    }
    // In its own space, in the name of somebody who works elsewhere.
    tried.extend(desk.write_as(rig.elsewhere.space, rig.here.nurse, vec![patient_draft(new_id())], &[]));
    let good = desk.write(vec![patient_draft(new_id())]);
    let (_, _, parked) = receipt(rig.push(&desk, desk.all()).await);
    let aside: Vec<u64> = parked.iter().map(|(seq, _)| *seq).collect();
    sort.allowed("a patient of its own facility", !aside.contains(&good[0].seq))?;
    for change in tried {
        let what = format!("a foreign desk writes its change {}", change.seq);
        sort.refused(what, aside.contains(&change.seq));
    }
    // With the key of a desk of the facility, in the name of people who never signed in there.
    for (who, name) in [(rig.here.nurse, "its nurse"), (rig.admin, "an admin of the district")] {
        for protocol in [SHOWS_GRANTS, SHOWS_GRANTS - 1, 0] {
            let mut stolen = rig.desk(rig.here);
            rig.exchange(&stolen, vec![hello()]).await?;
            let raised = person_draft(rig.here.nurse, "lakshmi", "district_admin", None);
            stolen.write_as(rig.server.district(), who, vec![raised], &[]);
            let (sent_ms, wish, knows_ms) = (0, None, None);
            let hello = Ask::Hello {
                protocol,
                sent_ms,
                wish,
                knows_ms,
            };
            let answers = rig
                .exchange_as_said(&stolen, vec![hello, Ask::Push(stolen.all())])
                .await?;
            let pushed = answers.into_iter().nth(1).map(receipt);
            sort.refused(
                format!("a stolen key writes in the name of {name} as version {protocol}"),
                pushed.is_some_and(|(_, _, parked)| parked == [(1, Reason::NotSignedIn)]),
            );
        }
    }
    let (_, _, late) = receipt(rig.push(&scene.revoked, scene.revoked.all()).await);
    sort.refused("a desk locked out writes", late == [(1, Reason::Revoked)]);
    let own = rig.pages(&scene.own, rig.here.space, 0).await;
    let head = own.last().map_or(0, |page| page.head);
    sort.refused("the log of the facility grew", head == ENOUGH_FOR_A_SNAPSHOT as u64);
    Ok(())
}

/// What the server got of other desks, and receipts in their name.
async fn other_desks(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    for (who, desk) in &scene.others {
        if desk.id == scene.own.id {
            continue;
        }
        for after in [0, 1, u64::MAX - 1] {
            let device = scene.own.id;
            let answers = scene.exchanged(desk, vec![hello(), Ask::Held { device, after }]).await;
            let told = answers.iter().any(|answer| match answer {
                Answer::Held(held) => !held.changes.is_empty(),
                _ => false,
            });
            sort.refused(format!("{who} asks what came of another desk after {after}"), !told);
        }
        let receipt = Receipt {
            device: scene.own.id,
            number: 1,
            last_seq: 0,
            unsent: 0,
        };
        let parted = Ask::Parted(SignedReceipt::new(&desk.key, &receipt));
        scene.exchanged(desk, vec![hello(), parted]).await;
        let still = scene.ask(&scene.own, "POST", "/v1/sync", pull(scene.own.space)).await?;
        sort.refused(format!("{who} signs off another desk"), still.is_good());
    }
    Ok(())
}

async fn kept_aside(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let aside = || vec![hello(), Ask::Aside { told: Hash::default() }];
    let waiting = |answers: Vec<Answer>| {
        answers.into_iter().find_map(|answer| match answer {
            Answer::Aside(list) if !list.actions.is_empty() => Some(list.actions[0].change),
            _ => None,
        })
    };
    let change = waiting(scene.exchanged(&scene.own, aside()).await);
    sort.allowed("what is kept aside of the own facility", change.is_some())?;
    let change = change.context("something is kept aside")?;
    let rig = &scene.rig;
    for (who, desk) in &scene.others {
        let told = waiting(scene.exchanged(desk, aside()).await);
        // A foreign desk is told of what is kept aside at its own facility, and of nothing else.
        let is_here = told.is_some_and(|told| told.device == scene.revoked.id);
        sort.refused(format!("{who} is told what is kept aside here"), !is_here);
        for by in [rig.admin, rig.here.nurse, rig.elsewhere.nurse, new_id()] {
            for verdict in [Verdict::TakeIn, Verdict::Dismiss] {
                let why = "for no reason".to_owned();
                let decision = Decision {
                    change,
                    verdict,
                    why,
                    by,
                    wall_ms: 7,
                };
                let answers = scene.exchanged(desk, vec![hello(), Ask::Decide(decision)]).await;
                let is_done = answers.iter().any(|answer| match answer {
                    Answer::Decided { outcome, .. } => *outcome == Outcome::Done,
                    _ => false,
                });
                sort.refused(format!("{who} decides what is kept aside here"), !is_done);
            }
        }
    }
    let still = waiting(scene.exchanged(&scene.own, aside()).await);
    sort.refused("something became of what is kept aside", still == Some(change));
    Ok(())
}

/// Signing in, changing a password and going on under another identity, at desks that are not one's own.
async fn people(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let sign_in = serde_json::to_vec(&SignIn::new("lakshmi", PASSWORD))?;
    let own = scene.ask(&scene.own, "POST", "/v1/session", sign_in.clone()).await?;
    sort.allowed("somebody at the own desk", own.is_good())?;
    for (who, desk) in &scene.others {
        let answered = scene.ask(desk, "POST", "/v1/session", sign_in.clone()).await?;
        sort.refused(format!("somebody signs in at {who}"), !answered.is_good());
        scene.rig.server.lift_suspension(scene.rig.here.nurse)?;
        let change = serde_json::to_vec(&ChangePassword::new("lakshmi", PASSWORD, "quiet harbour lantern"))?;
        let answered = scene.ask(desk, "POST", "/v1/password", change).await?;
        sort.refused(format!("somebody gets another password at {who}"), !answered.is_good());
        scene.rig.server.lift_suspension(scene.rig.here.nurse)?;
        if desk.id != scene.own.id {
            let renew = Renew::new(scene.own.id, &new_key(), "lakshmi", PASSWORD);
            let answered = scene
                .ask(desk, "POST", "/v1/renew", serde_json::to_vec(&renew)?)
                .await?;
            sort.refused(format!("{who} goes on as another desk"), !answered.is_good());
            scene.rig.server.lift_suspension(scene.rig.here.nurse)?;
        }
    }
    Ok(())
}

async fn events(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let rig = &scene.rig;
    let mut heard = listening(rig.http(), &scene.foreign).await;
    let mut own_heard = listening(rig.http(), &scene.own).await;
    let (mut here, mut there) = (rig.desk(rig.here), rig.desk(rig.elsewhere));
    here.admit(1);
    there.admit(1);
    rig.push(&here, here.all()).await;
    rig.push(&there, there.all()).await;
    let patience = Duration::from_secs(30);
    let first_of_facility =
        async |stream: &mut (dyn futures_util::Stream<Item = reqwest::Result<axum::body::Bytes>> + Unpin)| {
            while let Ok(Some(Ok(piece))) = tokio::time::timeout(patience, stream.next()).await {
                let text = String::from_utf8_lossy(&piece).into_owned();
                if text.contains("facility:") {
                    return Some(text);
                }
            }
            None
        };
    let at_home = first_of_facility(&mut own_heard)
        .await
        .context("news of the own facility")?;
    sort.allowed(
        "news of the own facility",
        at_home.contains(&rig.here.space.to_string()),
    )?;
    let told = first_of_facility(&mut heard).await.context("news elsewhere")?;
    sort.refused(
        "a foreign desk hears of it",
        !told.contains(&rig.here.space.to_string()),
    );
    for (who, desk) in scene.others.iter().skip(1) {
        let answered = scene.ask(desk, "GET", "/v1/events", Vec::new()).await?;
        sort.refused(format!("{who} listens"), !answered.is_good());
    }
    Ok(())
}

/// Every route without any signature, and with none of a desk that is known.
async fn strangers(scene: &Scene, sort: &mut Sort<'_>) -> Result<()> {
    let http = scene.rig.http();
    let bodies = [
        Vec::new(),
        pull(scene.rig.here.space),
        manifest_of(&scene.own, scene.rig.here.space)?,
        serde_json::to_vec(&json!({ "username": "lakshmi", "password": PASSWORD }))?,
    ];
    for (method, path) in ROUTES {
        for body in &bodies {
            for desk in [None, Some(&scene.others[2].1), Some(&scene.others[3].1)] {
                let request = match desk {
                    Some(desk) => signed(http, desk, method, path, body.clone()),
                    None => http
                        .client
                        .request(method.parse()?, format!("{}{path}", http.address))
                        .body(body.clone()),
                };
                let answered = send(http, request.build()?).await?;
                sort.refused(format!("a stranger asks {method} {path}"), !answered.is_good());
            }
        }
    }
    Ok(())
}

/// Every route but those for whoever watches the server.
pub const ROUTES: [(&str, &str); 15] = [
    ("POST", "/v1/sync"),
    ("GET", "/v1/events"),
    ("POST", "/v1/snapshot"),
    ("POST", "/v1/pieces"),
    ("POST", "/v1/enrol"),
    ("POST", "/v1/password"),
    ("POST", "/v1/renew"),
    ("POST", "/v1/session"),
    ("DELETE", "/v1/session"),
    ("POST", "/v1/session/renew"),
    ("POST", "/v1/people/password"),
    ("POST", "/v1/desks"),
    ("POST", "/v1/desks/act"),
    ("POST", "/v1/desks/invite"),
    ("POST", "/v1/second-factor"),
];
