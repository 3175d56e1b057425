//! Who may do what: one table, used by desktop and server alike.
//!
//! Roles, ranks and data scopes after Care (`care/users/models.py`), reduced to stable words. The
//! table says what a role may do at all; the spaces of a person's grant say where. A local body
//! admin sees figures and no patients, because a facility's records cannot be split by local body.

use crate::entities::{entity, person};
use crate::entity::Home;
use crate::erasure::erases;
use crate::field::Masking;
use crate::record::Record;
use crate::value::RecordId;
use crate::world::{Read, Records};

/// What a person wants to do with records of a kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verb {
    See,
    Write,
}

/// How far a role's data reach.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    Facility,
    District,
    State,
}

/// One role with its stable word; its label stands in [`crate::codes::person::ROLE`].
#[derive(Clone, Copy, Debug)]
pub struct Role {
    pub word: &'static str,
    /// Care's rank; nobody appoints a higher one than their own.
    pub rank: u8,
    pub read_only: bool,
    pub scope: Scope,
}

const fn role_of(word: &'static str, rank: u8, scope: Scope) -> Role {
    Role {
        word,
        rank,
        read_only: false,
        scope,
    }
}

const fn viewer_of(word: &'static str, rank: u8, scope: Scope) -> Role {
    Role {
        word,
        rank,
        read_only: true,
        scope,
    }
}

/// Every role, highest rank first. Ranks are Care's; the platform's own admin stands above them,
/// and the facility admin takes the rank Care reserved.
pub static ROLES: &[Role] = &[
    role_of("super_admin", 50, Scope::State),
    role_of("state_admin", 40, Scope::State),
    viewer_of("state_viewer", 39, Scope::State),
    role_of("district_admin", 30, Scope::District),
    viewer_of("district_viewer", 29, Scope::District),
    role_of("district_lab", 25, Scope::District),
    role_of("local_body_admin", 23, Scope::District),
    role_of("facility_admin", 20, Scope::Facility),
    role_of("doctor", 15, Scope::Facility),
    role_of("nurse", 14, Scope::Facility),
    viewer_of("nurse_viewer", 13, Scope::Facility),
    role_of("staff", 10, Scope::Facility),
    viewer_of("staff_viewer", 9, Scope::Facility),
    role_of("volunteer", 5, Scope::Facility),
    role_of("pharmacist", 3, Scope::Facility),
    role_of("transport", 2, Scope::Facility),
];

/// The role that `word` names.
pub fn role(word: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.word == word)
}

const REGION: &[&str] = &["state", "district", "local_body"];
const CATALOGUE: &[&str] = &["item"];
const FACILITIES: &[&str] = &["facility"];
const PEOPLE: &[&str] = &["person"];
const DESKS: &[&str] = &["desk"];
const PLACES: &[&str] = &["building", "ward", "room", "bed"];
const PATIENTS: &[&str] = &["patient", "told_apart", "encounter"];
const CONSENT: &[&str] = &["consent"];
const BED_USE: &[&str] = &["bed_stay", "bed_hold"];
const ROUNDS: &[&str] = &["round"];
const TRIAGE: &[&str] = &["triage"];
const STOCK: &[&str] = &["stock_entry", "minimum_level"];

/// Who did what besides writing records: read by admins, written by desks themselves (`crate::audit`).
const AUDIT: &[&str] = &["audit_event"];

/// What was asked to be erased, and what was: the latter is written by the district's server alone, see [`may`].
const ERASURE: &[&str] = &["erasure", "erased"];

const EVERYTHING: &[&[&str]] = &[
    REGION, CATALOGUE, FACILITIES, PEOPLE, DESKS, PLACES, PATIENTS, CONSENT, BED_USE, ROUNDS, TRIAGE, STOCK, ERASURE,
];
const EVERYTHING_AND_AUDIT: &[&[&str]] = &[
    REGION, CATALOGUE, FACILITIES, PEOPLE, DESKS, PLACES, PATIENTS, CONSENT, BED_USE, ROUNDS, TRIAGE, STOCK, ERASURE,
    AUDIT,
];
const STOCK_WORK: &[&[&str]] = &[REGION, CATALOGUE, FACILITIES, PEOPLE, DESKS, PLACES, STOCK];
const FIGURES: &[&[&str]] = &[
    REGION, CATALOGUE, FACILITIES, PEOPLE, DESKS, PLACES, BED_USE, TRIAGE, STOCK,
];
const ERRANDS: &[&[&str]] = &[REGION, FACILITIES, PEOPLE, DESKS, PLACES];

/// What a desk on the wall shows, whoever put it there: beds, and never who lies in them. Nobody is appointed to it.
pub const WALL: &str = "wall";

/// One line of the table: what a role sees, and what of it the role writes.
struct Line {
    role: &'static str,
    sees: &'static [&'static [&'static str]],
    writes: &'static [&'static [&'static str]],
}

const fn line(
    role: &'static str,
    sees: &'static [&'static [&'static str]],
    writes: &'static [&'static [&'static str]],
) -> Line {
    Line { role, sees, writes }
}

/// The one table.
static TABLE: &[Line] = &[
    line("super_admin", EVERYTHING_AND_AUDIT, EVERYTHING),
    line("state_admin", EVERYTHING_AND_AUDIT, EVERYTHING),
    line("state_viewer", EVERYTHING, &[]),
    line("district_admin", EVERYTHING_AND_AUDIT, EVERYTHING),
    line("district_viewer", EVERYTHING, &[]),
    line(
        "district_lab",
        &[REGION, FACILITIES, PEOPLE, DESKS, PLACES, PATIENTS],
        &[],
    ),
    line("local_body_admin", FIGURES, &[]),
    line(
        "facility_admin",
        EVERYTHING_AND_AUDIT,
        &[
            FACILITIES, PEOPLE, PLACES, PATIENTS, CONSENT, BED_USE, ROUNDS, TRIAGE, STOCK, ERASURE,
        ],
    ),
    line(
        "doctor",
        EVERYTHING,
        &[PATIENTS, CONSENT, BED_USE, ROUNDS, TRIAGE, &["stock_entry"]],
    ),
    line(
        "nurse",
        EVERYTHING,
        &[PATIENTS, CONSENT, BED_USE, ROUNDS, TRIAGE, &["stock_entry"]],
    ),
    line("nurse_viewer", EVERYTHING, &[]),
    line(
        "staff",
        EVERYTHING,
        &[PATIENTS, CONSENT, BED_USE, TRIAGE, &["stock_entry"]],
    ),
    line("staff_viewer", EVERYTHING, &[]),
    line("volunteer", FIGURES, &[]),
    line("pharmacist", STOCK_WORK, &[STOCK]),
    line("transport", ERRANDS, &[]),
    line(WALL, &[FACILITIES, PLACES, BED_USE], &[]),
];

/// Whether the role called `role` may do `verb` with records of `kind`; an unknown role may nothing, and none writes
/// what erases.
pub fn may(role: &str, verb: Verb, kind: &str) -> bool {
    let Some(line) = TABLE.iter().find(|line| line.role == role) else {
        return false;
    };
    let groups = match verb {
        Verb::See => line.sees,
        Verb::Write if erases(kind) => return false,
        Verb::Write => line.writes,
    };
    groups.iter().any(|group| group.contains(&kind))
}

/// Whether the role may know who the patients are.
pub fn sees_patients(role: &str) -> bool {
    may(role, Verb::See, "patient")
}

/// Whether the role may see what stands in the field `name` of records of `kind`. Everything
/// personal in a facility's records is about a patient: some roles see beds and not who lies in them.
pub fn may_see_field(role: &str, kind: &str, name: &str) -> bool {
    let Some(entity) = entity(kind).filter(|_| may(role, Verb::See, kind)) else {
        return false;
    };
    let is_open = || entity.field(name).is_some_and(|about| about.masking == Masking::Open);
    entity.home == Home::District || sees_patients(role) || is_open()
}

/// Whether the person's record says that they may not sign in at `facility` any more: entered in
/// error, not active, or of another facility. What is not known here says nothing.
///
/// # Errors
/// [`crate::Unreadable`] when the record cannot be read.
pub fn has_left(who: RecordId, facility: RecordId, world: &dyn Records) -> Read<bool> {
    let Some(record) = world.get("person", who)? else {
        return Ok(false);
    };
    let role = person::ROLE.of(&record).and_then(role);
    let is_local = role.is_some_and(|role| role.scope == Scope::Facility);
    let is_elsewhere = person::FACILITY.of(&record).is_some_and(|other| other != facility);
    Ok(record.is_voided() || person::ACTIVE.of(&record) == Some("no") || (is_local && is_elsewhere))
}

/// The role that the person's record says they have, where it is known here and names a role.
///
/// # Errors
/// [`crate::Unreadable`] when the record cannot be read.
pub fn recorded_role(who: RecordId, world: &dyn Records) -> Read<Option<&'static str>> {
    let record = world.get("person", who)?;
    let word = record.as_ref().and_then(|record| person::ROLE.of(record));
    Ok(word.and_then(role).map(|role| role.word))
}

/// Of the role that somebody was granted and the one on record the lower: it counts before the district was asked,
/// and a higher one only when the district has granted it.
pub fn lower_role<'a>(granted: &'a str, recorded: Option<&'a str>) -> &'a str {
    let rank = |word| role(word).map_or(0, |role| role.rank);
    recorded.filter(|word| rank(word) < rank(granted)).unwrap_or(granted)
}

/// Whether a person with the role `own` may appoint somebody to `other`: never above their own
/// rank, read-only people only read-only ones, and only who may write people at all. Staff and
/// nurses may register a doctor in Care; here that is the facility admin's.
pub fn may_appoint(own: &str, other: &str) -> bool {
    match (role(own), role(other)) {
        (Some(own), Some(other)) => {
            may(own.word, Verb::Write, "person") && other.rank <= own.rank && (!own.read_only || other.read_only)
        }
        _ => false,
    }
}

/// Whether a person with the role `own` who works at `facility` administers somebody of the other role at the other
/// facility: gives them another role, another password. Nobody above themselves, nor out of their reach.
pub fn may_administer(own: &str, facility: Option<RecordId>, other: (&str, Option<RecordId>)) -> bool {
    let is_local = role(own).is_none_or(|own| own.scope == Scope::Facility);
    let is_in_reach = !is_local || (facility.is_some() && other.1 == facility);
    is_in_reach && may_appoint(own, other.0)
}

/// Whether the role sees to computers at all: the admins, who answer for what lies on them.
pub fn sees_to_desks(role: &str) -> bool {
    may(role, Verb::Write, "person") && sees_patients(role)
}

/// Whether a person with the role `own` who works at `facility` sees to the computers of the other facility: lists them,
/// invites one, withdraws one.
pub fn may_see_to_desks_of(own: &str, facility: Option<RecordId>, other: RecordId) -> bool {
    let is_local = role(own).is_none_or(|own| own.scope == Scope::Facility);
    sees_to_desks(own) && (!is_local || facility == Some(other))
}

/// Whether a person with the role `own` who works at `facility` may write the record as it would be
/// `after` the save. Facilities and people stand in the district's space, where a role of one
/// facility reaches only its own, and nobody makes anybody more than they are themselves.
pub fn may_write(own: &str, facility: Option<RecordId>, before: Option<&Record>, after: &Record) -> bool {
    let Some(own) = role(own).filter(|own| may(own.word, Verb::Write, &after.kind)) else {
        return false;
    };
    let is_local = own.scope == Scope::Facility;
    match after.kind.as_str() {
        "facility" => !is_local || Some(after.id) == facility,
        kind if counts_what_it_says(kind) => before.into_iter().chain([after]).all(|record| {
            let role = person::ROLE.of(record).unwrap_or_default();
            may_administer(own.word, facility, (role, person::FACILITY.of(record)))
        }),
        _ => true,
    }
}

/// Whether it counts for [`may_write`] what records of the kind say, and not their kind and their id alone.
pub fn counts_what_it_says(kind: &str) -> bool {
    kind == "person"
}

/// Whether somebody with the role may leave a desk on the wall as a board of beds.
pub fn may_show_on_the_wall(role: &str) -> bool {
    [PLACES, BED_USE]
        .iter()
        .all(|group| group.iter().all(|kind| may(role, Verb::See, kind)))
}

/// Whether the role may hand a person everything that is held about them: the admins, who answer for the records.
pub fn reports_to_people(role: &str) -> bool {
    may(role, Verb::Write, "person") && sees_patients(role)
}

/// Whether the role decides about what the district keeps aside of a facility in its reach: the admins, who
/// may write people, and see whatever it may be about.
pub fn decides_what_is_kept_aside(role: &str) -> bool {
    may(role, Verb::Write, "person") && sees_patients(role)
}

/// Whether the role needs a second factor beside the password: who administers a facility, and whoever works above
/// the facilities.
pub fn needs_second_factor(word: &str) -> bool {
    role(word).is_some_and(|role| role.scope != Scope::Facility || may(word, Verb::Write, "person"))
}

/// Whether the role lets somebody of its facility in again at a desk that suspended them for wrong passwords.
pub fn lets_in_again(role: &str) -> bool {
    may(role, Verb::Write, "person")
}

/// Care's rank for the role, as its `user_type` stores it.
pub fn to_care(role: &str) -> Option<&'static str> {
    crate::codes::person::ROLE.to_care(role)
}

/// The role for Care's rank; Care's state lab and ward admin become the nearest role here.
pub fn from_care(rank: &str) -> Option<&'static str> {
    crate::codes::person::ROLE.from_care(rank)
}
