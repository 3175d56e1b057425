//! What follows from several of Care's fields together, kind by kind; rounds have a file of their
//! own. What is looked at here counts as having a place.

use std::cell::RefCell;
use std::collections::BTreeSet;

use domain::codes::{self, release::Release};
use domain::field::Shape;
use domain::{Decimal, Draft, Value};
use serde_json::Value as Json;

use crate::convert::{convert, decimal, is_blank, is_rounded};
use crate::items::Item;

/// One record while it is finished.
pub struct Finishing<'a> {
    pub draft: &'a mut Draft,
    pub item: &'a Item,
    pub release: Release,
    looked_at: RefCell<BTreeSet<String>>,
    pub notes: Notes,
}

/// What was noticed; each is a name of Care's field.
#[derive(Default)]
pub struct Notes {
    pub without_place: Vec<String>,
    /// With the code.
    pub unknown_codes: Vec<(String, String)>,
    pub rounded: Vec<String>,
    pub wrong_type: Vec<String>,
}

impl<'a> Finishing<'a> {
    pub fn new(draft: &'a mut Draft, item: &'a Item, release: Release) -> Finishing<'a> {
        Finishing {
            draft,
            item,
            release,
            looked_at: RefCell::default(),
            notes: Notes::default(),
        }
    }

    /// The fields of Care that were looked at, and what was noticed.
    pub fn done(self) -> (BTreeSet<String>, Notes) {
        (self.looked_at.into_inner(), self.notes)
    }

    /// What stands in the field, if anything does.
    pub fn json(&self, field: &str) -> Option<&'a Json> {
        self.looked_at.borrow_mut().insert(field.to_owned());
        self.unseen(field)
    }

    /// The same for a field that has no place all the same.
    pub fn unseen(&self, field: &str) -> Option<&'a Json> {
        self.item.fields.get(field).filter(|json| !is_blank(json))
    }

    pub fn text(&self, field: &str) -> String {
        let text = self.json(field).and_then(Json::as_str);
        text.unwrap_or_default().trim().to_owned()
    }

    pub fn is_true(&self, field: &str) -> bool {
        self.json(field).and_then(Json::as_bool).unwrap_or(false)
    }

    /// The number in the field, rounded to `scale` places.
    pub fn number(&mut self, field: &str, scale: u8) -> Option<Decimal> {
        let json = self.json(field)?;
        self.number_of(field, json, scale)
    }

    pub fn number_of(&mut self, field: &str, json: &Json, scale: u8) -> Option<Decimal> {
        match decimal(json, scale) {
            Some(number) => {
                if is_rounded(json, &Value::Decimal(number)) {
                    self.notes.rounded.push(field.to_owned());
                }
                Some(number)
            }
            None => {
                self.notes.wrong_type.push(field.to_owned());
                None
            }
        }
    }

    /// The moment in the field.
    pub fn time(&mut self, field: &str) -> Option<Value> {
        let json = self.json(field)?;
        let at = convert(Shape::Time, json, self.release, |_, _| None).ok();
        if at.is_none() {
            self.notes.wrong_type.push(field.to_owned());
        }
        at
    }

    pub fn set(&mut self, field: &str, value: Value) {
        self.draft.fields.insert(field.to_owned(), value);
    }

    pub fn has(&self, field: &str) -> bool {
        self.draft.fields.get(field).is_some_and(|value| !value.is_empty())
    }

    /// Takes back what was set, as if Care had nothing in the field.
    pub fn clear(&mut self, field: &str) {
        if let Some(value) = self.draft.fields.get_mut(field) {
            *value = Value::Empty;
        }
    }

    pub fn word(&self, field: &str) -> Option<&str> {
        match self.draft.fields.get(field) {
            Some(Value::Code(word)) => Some(word),
            _ => None,
        }
    }

    /// Counts a part of Care's record that has no place here.
    pub fn leave(&mut self, what: &str) {
        self.notes.without_place.push(what.to_owned());
    }
}

pub fn code(word: &str) -> Value {
    Value::Code(word.to_owned())
}

/// Nothing follows.
pub fn nothing(_: &mut Finishing<'_>) {}

/// Care keeps two names; people without one are called by their username.
pub fn full_name(of: &mut Finishing<'_>) {
    let name = format!("{} {}", of.text("first_name"), of.text("last_name"));
    let name = if name.trim().is_empty() {
        of.text("username")
    } else {
        name.trim().to_owned()
    };
    of.set("name", Value::Text(name));
    if of.is_true("is_superuser") {
        of.set("role", code("super_admin"));
    }
}

pub fn oxygen(of: &mut Finishing<'_>) {
    let is_oxygen = of.text("name").to_lowercase().contains("oxygen");
    of.set("oxygen", code(if is_oxygen { "yes" } else { "no" }));
}

/// Free text in Care's `allergies` means that something is known; blank says nothing.
pub fn allergy_status(of: &mut Finishing<'_>) {
    if !of.text("allergies").is_empty() {
        of.set("allergy_status", code("known"));
    }
    // A year of birth beside a date of birth says nothing more.
    if of.has("birth_date") {
        of.clear("birth_year");
    }
}

pub fn admission(of: &mut Finishing<'_>) {
    let at = of.time("encounter_date").or(of.time("admission_date"));
    if let Some(at) = at {
        let field = if of.is_true("admitted") {
            "admitted_at"
        } else {
            "seen_at"
        };
        of.set(field, at);
    }
    let category = of.text("category");
    match codes::release::category(of.release, &category) {
        Some((list, word)) if list.name == codes::encounter::COVID_CATEGORY.name => {
            of.set("covid_category", code(word))
        }
        Some((_, word)) => of.set("category", code(word)),
        None if category.is_empty() => of.set("category", Value::Empty),
        None => of.notes.unknown_codes.push(("category".to_owned(), category)),
    }
    // −1 is Care's way of saying that no review is due.
    let review = of.number("review_interval", 0).filter(|minutes| minutes.digits > 0);
    of.set(
        "review_minutes",
        review.map_or(Value::Empty, |minutes| Value::Int(minutes.digits)),
    );
    // Zero is Care's way of saying that nobody measured.
    for measure in ["height", "weight"] {
        if matches!(of.draft.fields.get(measure), Some(Value::Decimal(number)) if number.digits == 0) {
            of.clear(measure);
        }
    }
    if !of.has("symptoms") {
        of.clear("symptoms_onset");
    }
}

pub fn movement(of: &mut Finishing<'_>) {
    let word = if of.is_true("is_incoming") { "receive" } else { "issue" };
    of.set("movement", code(word));
}

/// Care counts whole days; they stand at the evening shift, and the note says so.
pub fn whole_day(of: &mut Finishing<'_>) {
    of.set("shift", code("evening"));
    of.set("note", Value::Text("Whole day, from Care".to_owned()));
}

/// Care's places of assets have one of three sorts.
pub fn ward_kind(of: &mut Finishing<'_>) {
    let word = match of.json("location_type").and_then(Json::as_i64) {
        Some(10) => "icu",
        Some(20) => "general",
        _ => "other",
    };
    of.set("ward_kind", code(word));
}
