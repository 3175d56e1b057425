//! Who is asked to decide a contradiction, and who is told when nobody does. Ages are counted from
//! when the last of the records was written; they only decide who is shown it, never what is in force.

use std::collections::BTreeSet;

use serde::Serialize;
use ts_rs::TS;

use super::Contradiction;
use crate::access::{Scope, Verb, may, role};
use crate::entities::person;
use crate::field::Merge;
use crate::value::{Time, Value};
use crate::world::{Ctx, Read, Records};

/// How far up a decision has come that nobody took.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Escalation {
    /// Those who do the work decide.
    First,
    /// The facility's admin is asked as well.
    Admin,
    /// The war room tells everybody that it waits.
    WarRoom,
}

/// How long a decision may wait before it goes up, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pub admin_ms: i64,
    pub war_room_ms: i64,
}

const fn hours(admin: i64, war_room: i64) -> Limits {
    Limits {
        admin_ms: admin * Time::HOUR_MS,
        war_room_ms: war_room * Time::HOUR_MS,
    }
}

/// Where a person lies, and what may harm them: two hours as between rounds, eight as one shift.
pub const PLACE: Limits = hours(2, 8);
/// Stock, and records that were taken back: one shift, and one day.
pub const RECORD: Limits = hours(8, 24);
/// Triage: the district wants the figures by the day's end; the day after it adds up what it has.
pub const FILING: Limits = hours(12, 24);
/// Registrations that look alike are both shown, and stock that was short is there now: three days,
/// and a week.
pub const QUIET: Limits = hours(72, 168);

/// The limits of a contradiction.
pub fn limits(what: Contradiction) -> Limits {
    match what {
        Contradiction::TwoInOneBed
        | Contradiction::OneInTwoBeds
        | Contradiction::OneStayTwice
        | Contradiction::AdmittedTwice
        | Contradiction::OutsideAdmission
        | Contradiction::InClosedPlace
        | Contradiction::InBlockedBed
        | Contradiction::InHeldBed
        | Contradiction::HeldTwice
        | Contradiction::VoidedPatient => PLACE,
        Contradiction::StockBelowZero | Contradiction::EditedAfterVoid | Contradiction::CorrectedAfterVoid => RECORD,
        Contradiction::TwoTriageEntries => FILING,
        Contradiction::LikelyOne | Contradiction::MergedAndToldApart | Contradiction::StockWasBelowZero => QUIET,
    }
}

/// The limits of two values of one field: short where nobody may choose for a person.
pub fn field_limits(kind: &str, field: &str) -> Limits {
    let about = crate::entities::entity(kind).and_then(|entity| entity.field(field));
    match about.map(|about| about.merge) {
        Some(Merge::Both | Merge::Prefer(_)) => PLACE,
        _ => RECORD,
    }
}

/// How far up a decision has come that waits since then.
pub fn escalation(since: Option<Time>, limits: Limits, now: Time) -> Escalation {
    match since.map(|since| now.0.saturating_sub(since.0)) {
        Some(age) if age >= limits.war_room_ms => Escalation::WarRoom,
        Some(age) if age >= limits.admin_ms => Escalation::Admin,
        _ => Escalation::First,
    }
}

/// Those who lie next to it, in the order in which they are asked: the first of whom the facility has
/// anybody.
type Lines = &'static [&'static [&'static str]];

const WARD: &[&str] = &["nurse", "doctor", "staff"];
const ADMIN: &[&str] = &["facility_admin"];
const AT_THE_BED: Lines = &[WARD, ADMIN];
const AT_THE_STORE: Lines = &[&["pharmacist"], WARD, ADMIN];

/// The roles whose people work at the facility and may sign in, with that of the person who asks.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn roles_here(world: &dyn Records, ctx: &Ctx) -> Read<BTreeSet<String>> {
    let people = world.by("person", person::FACILITY.name(), &Value::Ref(ctx.facility))?;
    let active = people.iter().filter(|each| person::ACTIVE.of(each) != Some("no"));
    let roles = active.filter_map(|each| person::ROLE.of(each)).map(str::to_owned);
    Ok(roles.chain([ctx.role.clone()]).collect())
}

/// Whether the inbox of the person shows decisions about records of `kind` that have come so far: those
/// asked first see them at once, the facility's admin when they wait too long or when nobody else is
/// there, all who do not decide here whatever they may see.
pub fn is_shown(ctx: &Ctx, here: &BTreeSet<String>, kind: &str, escalation: Escalation) -> bool {
    if !may(&ctx.role, Verb::See, kind) {
        return false;
    }
    let decides_here = role(&ctx.role).is_some_and(|role| role.scope == Scope::Facility && !role.read_only);
    if !decides_here {
        return true;
    }
    let lines = match kind {
        "item" | "stock_entry" | "minimum_level" => AT_THE_STORE,
        _ => AT_THE_BED,
    };
    let can_decide = |role: &str| may(role, Verb::Write, if kind == "item" { "stock_entry" } else { kind });
    let staffed = |line: &&&[&str]| line.iter().any(|role| here.contains(*role) && can_decide(role));
    let first = lines.iter().find(staffed).or(lines.last()).copied().unwrap_or(ADMIN);
    let is_admin = ctx.role == "facility_admin";
    first.contains(&ctx.role.as_str()) || is_admin && escalation >= Escalation::Admin || !is_known(&ctx.role)
}

/// Roles that stand in no line, as a volunteer's, see what they may see.
fn is_known(role: &str) -> bool {
    AT_THE_STORE.iter().any(|line| line.contains(&role))
}
