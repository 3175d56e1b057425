//! Desks that somebody would have locked out, withdrawn, emptied, or let join, who has no right to it: every role, of the
//! facility and of another, with their own token, with one that was taken from another desk, and by requests that were
//! made before.

use anyhow::{Context, Result};
use domain::RecordId;
use domain::access::{ROLES, Scope, may_see_to_desks_of};
use serde::Serialize;
use server::db::device::Status;
use sync_core::desks::{ActOnDesk, DeskAct, InviteDesk};
use sync_core::entry::{SignIn, SignedIn};

use super::Sort;
use super::rig::*;
use super::wire::send;

const ACTS: [DeskAct; 3] = [DeskAct::LockOut, DeskAct::Withdraw, DeskAct::Empty];

/// What stands at the server of the desk: whether it is locked out, and the last order to it.
fn standing(rig: &Rig, desk: &Desk) -> Result<(bool, Option<u64>)> {
    let status = rig.server.device(desk.id)?.context("the desk")?.status;
    let order = rig
        .server
        .db()
        .read(|conn| server::db::withdrawal::get(desk.id, conn))?;
    Ok((status == Status::Revoked, order.map(|order| order.number)))
}

async fn is_done(rig: &Rig, at: &Desk, path: &str, token: &str, message: &impl Serialize) -> Result<bool> {
    let request = signed(rig.http(), at, "POST", path, serde_json::to_vec(message)?);
    let answer = send(rig.http(), request.bearer_auth(token).build()?).await?;
    Ok(answer.is_good())
}

async fn token(rig: &Rig, at: &Desk, username: &str) -> Result<String> {
    let body = serde_json::to_vec(&SignIn::new(username, PASSWORD))?;
    let request = signed(rig.http(), at, "POST", "/v1/session", body).build()?;
    let signed_in: SignedIn = serde_json::from_slice(&send(rig.http(), request).await?.body)?;
    Ok(signed_in.token)
}

fn new_person(rig: &Rig, username: &str, role: &str, facility: Option<RecordId>) -> Result<()> {
    let person = new_id();
    let draft = person_draft(person, username, role, facility);
    rig.server.author(rig.server.district(), vec![vec![draft]])?;
    rig.server.set_password(person, PASSWORD)?;
    Ok(())
}

/// # Errors
/// When what is allowed is refused.
pub async fn of_others(sort: &mut Sort<'_>) -> Result<()> {
    let rig = Rig::new().over_tls().await;
    for role in ROLES {
        for (where_from, place) in [("here", rig.here), ("elsewhere", rig.elsewhere)] {
            let is_local = role.scope == Scope::Facility;
            if !is_local && where_from == "elsewhere" {
                continue;
            }
            let username = format!("{}.{where_from}", role.word);
            let facility = is_local.then_some(place.facility);
            new_person(&rig, &username, role.word, facility)?;
            let at = rig.desk(place);
            let token = token(&rig, &at, &username).await?;
            for target in [rig.here, rig.elsewhere] {
                let may = may_see_to_desks_of(role.word, facility, target.facility);
                for act in ACTS {
                    let desk = rig.desk(target);
                    let what = format!("{username} has a desk of {}: {act:?}", target.facility);
                    let asked = ActOnDesk { desk: desk.id, act };
                    let is_done = is_done(&rig, &at, "/v1/desks/act", &token, &asked).await?;
                    let is_touched = standing(&rig, &desk)? != (false, None);
                    match may {
                        true => sort.allowed(what, is_done && is_touched)?,
                        false => sort.refused(what, !is_done && !is_touched),
                    }
                }
                let (facility, name) = (target.facility, String::new());
                let asked = InviteDesk { facility, name };
                let is_invited = is_done(&rig, &at, "/v1/desks/invite", &token, &asked).await?;
                let what = format!("{username} invites a desk into {facility}");
                match may {
                    true => sort.allowed(what, is_invited)?,
                    false => sort.refused(what, !is_invited),
                }
            }
            let may_list = may_see_to_desks_of(role.word, facility, place.facility);
            let is_listed = is_done(&rig, &at, "/v1/desks", &token, &()).await?;
            match may_list {
                true => sort.allowed(format!("{username} lists desks"), is_listed)?,
                false => sort.refused(format!("{username} lists desks"), !is_listed),
            }
        }
    }
    with_a_token_that_is_not_theirs(&rig, sort).await
}

/// A token that was read off another desk, is over, or is none; the server itself as the desk; the same request again.
async fn with_a_token_that_is_not_theirs(rig: &Rig, sort: &mut Sort<'_>) -> Result<()> {
    let (at, thief, foreign) = (rig.desk(rig.here), rig.desk(rig.here), rig.desk(rig.elsewhere));
    let victim = rig.desk(rig.here);
    let admin = token(rig, &at, "facility_admin.here").await?;
    let nurse = token(rig, &thief, "nurse.here").await?;
    let none = "0".repeat(64);
    for (what, asker, token) in [
        ("an admin's token at another desk", &thief, &admin),
        ("an admin's token at a foreign desk", &foreign, &admin),
        ("a nurse's token", &thief, &nurse),
        ("no token", &at, &none),
    ] {
        for act in ACTS {
            let desk = victim.id;
            let done = is_done(rig, asker, "/v1/desks/act", token, &ActOnDesk { desk, act }).await?;
            sort.refused(
                format!("{what}: {act:?}"),
                !done && standing(rig, &victim)? == (false, None),
            );
        }
        sort.refused(
            format!("{what}: the list"),
            !is_done(rig, asker, "/v1/desks", token, &()).await?,
        );
    }
    let server_itself = rig.server.own().device;
    for act in ACTS {
        let asked = ActOnDesk {
            desk: server_itself,
            act,
        };
        let done = is_done(rig, &at, "/v1/desks/act", &admin, &asked).await?;
        let status = rig.server.device(server_itself)?.context("the server")?.status;
        sort.refused(format!("the server itself: {act:?}"), !done && status == Status::Server);
    }
    let message = serde_json::to_vec(&ActOnDesk {
        desk: victim.id,
        act: DeskAct::Withdraw,
    })?;
    let request = signed(rig.http(), &at, "POST", "/v1/desks/act", message).bearer_auth(&admin);
    let again = request.try_clone().context("a request in memory")?;
    sort.allowed("it is asked once", send(rig.http(), request.build()?).await?.is_good())?;
    sort.refused("the same once more", !send(rig.http(), again.build()?).await?.is_good());
    rig.server.sign_out(&admin, at.id)?;
    let asked = ActOnDesk {
        desk: victim.id,
        act: DeskAct::Empty,
    };
    let done = is_done(rig, &at, "/v1/desks/act", &admin, &asked).await?;
    sort.refused("a token that was given back", !done);
    Ok(())
}
