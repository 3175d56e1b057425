//! A person who works with Wardroom, with the role that says what they may do and the place that
//! says where. Passwords stand nowhere in the records.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::patient::GENDER as GENDER_LIST;
use crate::codes::person::{ROLE as ROLE_LIST, SPECIALISATION as SPECIALISATION_LIST};
use crate::entities::rules::{email, is_taken, needed_when, phone, username};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Search, Text, Word, Words, code, codes, date, reference, text, yes_no};
use crate::value::{Date, RecordId};
use crate::world::Read;

pub const USERNAME: Field<Text> = text("username", "Username")
    .max(64)
    .required()
    .indexed()
    .searched(Search::Identifier);
pub const NAME: Field<Text> = text("name", "Name").required().searched(Search::Name);
pub const PHONE: Field<Text> = text("phone", "Phone").max(30).personal().searched(Search::Phone);
pub const OTHER_PHONE: Field<Text> = text("other_phone", "Other phone")
    .max(30)
    .personal()
    .searched(Search::Phone);
pub const EMAIL: Field<Text> = text("email", "E-mail").max(254).personal();
pub const GENDER: Field<Word> = code("gender", "Gender", &GENDER_LIST);
pub const BIRTH_DATE: Field<Date> = date("birth_date", "Date of birth").personal_year();
pub const ROLE: Field<Word> = code("role", "Role", &ROLE_LIST).required().indexed();
pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility");
pub const LOCAL_BODY: Field<RecordId> = reference("local_body", "Local body", "local_body");
pub const DISTRICT: Field<RecordId> = reference("district", "District", "district");
pub const STATE: Field<RecordId> = reference("state", "State", "state");
pub const SPECIALISATION: Field<Words> = codes("specialisation", "Specialisation", &SPECIALISATION_LIST);
pub const QUALIFICATION: Field<Text> = text("qualification", "Qualification");
pub const REGISTRATION: Field<Text> = text("registration", "Registration number")
    .max(60)
    .personal()
    .hint("Of the medical or nursing council");
pub const VERIFIED: Field<Word> = yes_no("verified", "Verified");
pub const ACTIVE: Field<Word> = yes_no("active", "Active").indexed().hint("No: cannot sign in");

pub static PERSON: Entity = Entity {
    kind: "person",
    label: "Person",
    plural: "People",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[
        USERNAME.any(),
        NAME.any(),
        PHONE.any(),
        OTHER_PHONE.any(),
        EMAIL.any(),
        GENDER.any(),
        BIRTH_DATE.any(),
        ROLE.any(),
        FACILITY.any(),
        LOCAL_BODY.any(),
        DISTRICT.any(),
        STATE.any(),
        SPECIALISATION.any(),
        QUALIFICATION.any(),
        REGISTRATION.any(),
        VERIFIED.any(),
        ACTIVE.any(),
    ],
    groups: &[&["role", "facility", "local_body", "district", "state"]],
    list: &["name", "username", "role", "facility", "active"],
    caption: &["name"],
    rules: &[forms, own_username, a_place_to_work],
};

fn forms(after: &After<'_>) -> Read<Vec<Problem>> {
    let all = [
        phone(after, &PHONE),
        phone(after, &OTHER_PHONE),
        email(after, &EMAIL),
        username(after, &USERNAME),
    ];
    Ok(all.into_iter().flatten().collect())
}

fn own_username(after: &After<'_>) -> Read<Vec<Problem>> {
    let taken = is_taken(after, &USERNAME, |_| true)?;
    Ok(taken
        .then(|| Problem::new("person", USERNAME.name(), "username_taken"))
        .into_iter()
        .collect())
}

/// A role of one facility needs the facility.
fn a_place_to_work(after: &After<'_>) -> Read<Vec<Problem>> {
    let role = ROLE.of(after.record).and_then(crate::access::role);
    let local = role.is_some_and(|role| role.scope == crate::access::Scope::Facility);
    Ok(needed_when(after.record, local, &FACILITY).into_iter().collect())
}
