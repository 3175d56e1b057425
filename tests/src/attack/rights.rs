//! Every role, verb and kind: what the table forbids is tried at the running server and at a real desk, and what it
//! allows beside it.

use std::collections::BTreeSet;

use anyhow::Result;
use domain::access::{ROLES, Role, Verb, may, may_write};
use domain::check::{Draft, applied};
use domain::entities::ENTITIES;
use domain::views::VIEWS;
use domain::{Home, RecordId, Value};
use serde_json::{Value as Json, json};
use sync_core::ChangeId;

use super::Sort;
use super::rig::*;
use super::wire::today;
use crate::headless::Ward;
use crate::scene::all_sent;

/// Answers a person of the role who works here.
fn person(rig: &Rig, role: &Role) -> Result<RecordId> {
    let id = new_id();
    let draft = person_draft(id, &username(role), role.word, Some(rig.here.facility));
    rig.server.author(rig.server.district(), vec![vec![draft]])?;
    Ok(id)
}

fn username(role: &Role) -> String {
    format!("u.{}", role.word.replace('_', "."))
}

/// Everything that a desk of the facility can read.
async fn numbered(rig: &Rig) -> Result<BTreeSet<ChangeId>> {
    let reader = rig.desk(rig.here);
    let mut found = BTreeSet::new();
    for space in [rig.here.space, rig.server.district()] {
        let mut cursor = 0;
        loop {
            let pages = rig.pages(&reader, space, cursor).await;
            for entry in pages.iter().flat_map(|page| &page.entries) {
                if let Some(change) = &entry.change {
                    found.insert(change.read()?.change().id);
                }
            }
            match pages.last() {
                Some(page) if page.to < page.head => cursor = page.to,
                _ => break,
            }
        }
    }
    Ok(found)
}

/// A draft of the kind that only the table of rights can refuse.
fn draft(rig: &Rig, kind: &str) -> Draft {
    match kind {
        "person" => person_draft(new_id(), &format!("n.{}", new_id()), "nurse", Some(rig.here.facility)),
        "facility" => facility_draft(rig.here.facility, "Taluk Hospital"),
        kind => Draft::new(kind, new_id()).with_value("voided", Value::Code("no".into())),
    }
}

/// Each role writes each kind, and appoints to each role here and elsewhere.
///
/// # Errors
/// When something allowed is refused.
pub async fn at_the_server(sort: &mut Sort<'_>) -> Result<()> {
    let (rig, _serving) = Rig::with(today).by_process().await;
    let mut tried: Vec<(ChangeId, bool, String)> = Vec::new();
    for role in ROLES {
        let who = person(&rig, role)?;
        let mut desk = rig.desk(rig.here);
        let mut write = |desk: &mut Desk, home: Home, draft: Draft, what: String| {
            let space = match home {
                Home::Facility => desk.space,
                Home::District => rig.server.district(),
            };
            let after = applied(None, &draft);
            let is_allowed = may_write(role.word, Some(rig.here.facility), None, &after);
            let ids = desk.write_as(space, who, vec![draft], &[]);
            tried.push((ids[0], is_allowed, what));
        };
        for entity in ENTITIES {
            let what = format!("{} writes {}", role.word, entity.kind);
            write(&mut desk, entity.home, draft(&rig, entity.kind), what);
        }
        for other in ROLES {
            for place in [rig.here.facility, rig.elsewhere.facility] {
                let name = format!("a.{}", new_id());
                let appointed = person_draft(new_id(), &name, other.word, Some(place));
                let what = format!("{} appoints {} at {place}", role.word, other.word);
                write(&mut desk, Home::District, appointed, what);
            }
        }
        rig.push(&desk, desk.all()).await;
    }
    let numbered = numbered(&rig).await?;
    for (change, is_allowed, what) in tried {
        match is_allowed {
            true => sort.allowed(what, numbered.contains(&change))?,
            false => sort.refused(what, !numbered.contains(&change)),
        }
    }
    Ok(())
}

/// Whether the desk refused because of who asks.
fn is_forbidden(answer: &Result<Json>) -> bool {
    let said = answer.as_ref().map_or_else(ToString::to_string, |_| String::new());
    said.contains("\"not_allowed\"") || said.contains("\"read_only\"")
}

/// Each role looks at each kind and writes each kind, at a desk that joined the running server.
///
/// # Errors
/// When something allowed is refused.
pub async fn at_the_desk(sort: &mut Sort<'_>) -> Result<()> {
    let (rig, serving) = Rig::with(today).by_process().await;
    for role in ROLES {
        let who = person(&rig, role)?;
        rig.server.set_password(who, PASSWORD)?;
    }
    let folder = tempfile::tempdir()?;
    let mut ward = Ward::start(folder.path())?;
    let invited = rig.server.invite(rig.here.facility, "Taluk Hospital", "Ward 3")?;
    let join = json!({ "address": serving.address, "code": invited.code, "desk_name": "Ward 3" });
    ward.call("join", join).await?;
    for role in ROLES {
        let who = json!({ "username": username(role), "password": PASSWORD });
        ward.call("sign_in", who).await?;
        all_sent(&mut ward).await?;
        looks(&mut ward, role, sort).await?;
        writes(&rig, &mut ward, role, sort).await?;
        ward.call("lock", Json::Null).await?;
    }
    Ok(())
}

async fn looks(ward: &mut Ward, role: &Role, sort: &mut Sort<'_>) -> Result<()> {
    for entity in ENTITIES {
        let kind = entity.kind;
        let is_allowed = may(role.word, Verb::See, kind);
        let list = json!({ "name": "records", "args": { "kind": kind } });
        let one = json!({ "name": "record", "args": { "kind": kind, "id": new_id() } });
        let history = json!({ "kind": kind, "id": new_id() });
        for (command, args) in [("view", list), ("view", one), ("history", history)] {
            let answer = ward.call(command, args).await;
            let what = format!("{} sees {kind} by {command}", role.word);
            judge(is_allowed, what, is_forbidden(&answer), sort)?;
        }
    }
    for view in VIEWS.iter().filter(|view| !view.sees.is_empty()) {
        let answer = ward.call("view", json!({ "name": view.name, "args": null })).await;
        let is_allowed = may(role.word, Verb::See, view.sees);
        let what = format!("{} opens {}", role.word, view.name);
        judge(is_allowed, what, is_forbidden(&answer), sort)?;
    }
    Ok(())
}

async fn writes(rig: &Rig, ward: &mut Ward, role: &Role, sort: &mut Sort<'_>) -> Result<()> {
    for entity in ENTITIES {
        let draft = draft(rig, entity.kind);
        let after = applied(None, &draft);
        let is_allowed = may_write(role.word, Some(rig.here.facility), None, &after);
        let id = draft.id;
        let fields = match entity.kind {
            "person" => json!({ "username": format!("n.{id}"), "name": "N. N.", "role": "nurse", "active": "yes",
                                "facility": rig.here.facility }),
            "facility" => json!({ "name": "Taluk Hospital", "facility_type": "taluk_hospital" }),
            _ => json!({ "voided": "no" }),
        };
        let drafts = json!([{ "kind": entity.kind, "id": id, "fields": fields }]);
        let save = json!({ "drafts": drafts, "as_of": 0, "confirmed": [] });
        let resolve = json!({ "kind": entity.kind, "record": id, "field": "voided", "value": "no", "as_of": 0 });
        let mut calls = vec![("save", save)];
        // Of whom it is about, a resolution says too little: it would be refused to everybody.
        if entity.kind != "person" {
            calls.push(("resolve", resolve));
        }
        for (command, args) in calls {
            let answer = ward.call(command, args).await;
            let what = format!("{} writes {} by {command}", role.word, entity.kind);
            judge(is_allowed, what, is_forbidden(&answer), sort)?;
        }
    }
    Ok(())
}

fn judge(is_allowed: bool, what: String, is_forbidden: bool, sort: &mut Sort<'_>) -> Result<()> {
    if is_allowed {
        return sort.allowed(what, !is_forbidden);
    }
    sort.refused(what, is_forbidden);
    Ok(())
}
