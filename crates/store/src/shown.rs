//! What a person had before their eyes when they changed a field: the heads of a record as of the
//! commit that the screen was read at, and from them what a change carries as its base.

use std::collections::BTreeMap;

use domain::record::{VOID_REASON, VOIDED};
use domain::{Draft, Value};
use rusqlite::Connection;
use sync_core::fold::merge_of;
use sync_core::{ChangeId, FieldState, RecordState, packed, planted};

use crate::error::StoreError;
use crate::log::Name;
use crate::present;

/// What one draft writes: only what differs from what was shown, and the heads it knows of.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Edit {
    pub fields: BTreeMap<String, Value>,
    pub base: BTreeMap<String, Vec<ChangeId>>,
}

/// The state of the record as a screen showed it that was read at commit `as_of`.
pub fn state(kind: &str, name: Name, as_of: i64, conn: &Connection) -> Result<RecordState, StoreError> {
    match present::stored(name, conn)? {
        Some(now) if now.touched <= as_of => packed::unpack(kind, name.id, &now.state).ok_or(StoreError::Damaged),
        // Changed since, or all of it kept aside since.
        _ => present::folded(kind, name, as_of, conn),
    }
}

/// What a plain save of `draft` writes. On a field in conflict it knows only of the value that was
/// in force, so it cannot erase the other by accident.
pub fn plain_edit(draft: &Draft, shown: &RecordState) -> Edit {
    let mut edit = Edit::default();
    for (field, value) in &draft.fields {
        if *value != in_force(shown, field) {
            let known = planted!(PlainSaveCloses, all_heads(shown, field), heads_in_force(shown, field));
            edit.write(field, value.clone(), known);
        }
    }
    complete_groups(&mut edit, draft, shown);
    assert_standing(&mut edit, shown);
    edit
}

/// What a resolving save of `draft` writes: it knows of every value that was shown, and closes the
/// conflict.
pub fn resolving_edit(draft: &Draft, shown: &RecordState) -> Edit {
    let mut edit = Edit::default();
    for (field, value) in &draft.fields {
        let heads = all_heads(shown, field);
        if *value != in_force(shown, field) || heads.len() > 1 {
            edit.write(field, value.clone(), heads);
        }
    }
    complete_groups(&mut edit, draft, shown);
    assert_standing(&mut edit, shown);
    edit
}

impl Edit {
    fn write(&mut self, field: &str, value: Value, heads: Vec<ChangeId>) {
        self.fields.insert(field.to_owned(), value);
        if !heads.is_empty() {
            self.base.insert(field.to_owned(), heads);
        }
    }
}

/// Who changes a record says with it that the record stands, or that it is void, as it was shown: so
/// an edit and a void that do not know of each other are two values of one field, on every desk alike.
fn assert_standing(edit: &mut Edit, shown: &RecordState) {
    let is_new = shown.fields.values().all(|field| field.heads.is_empty());
    if is_new || edit.fields.is_empty() || edit.fields.keys().all(|field| is_about_standing(field)) {
        return;
    }
    if !edit.fields.contains_key(VOIDED) {
        let is_void = in_force(shown, VOIDED) == Value::Code("yes".to_owned());
        let word = if is_void { "yes" } else { "no" };
        edit.write(VOIDED, Value::Code(word.to_owned()), heads_in_force(shown, VOIDED));
    }
}

/// The fields that say whether a record counts, and nothing of what it is about.
pub fn is_about_standing(field: &str) -> bool {
    field == VOIDED || field == VOID_REASON
}

/// Fields that only make sense together are written together.
fn complete_groups(edit: &mut Edit, draft: &Draft, shown: &RecordState) {
    let Some(entity) = domain::entities::entity(&draft.kind) else {
        return;
    };
    let edited: Vec<String> = edit.fields.keys().cloned().collect();
    for member in edited.iter().flat_map(|field| entity.group_of(field)) {
        if !edit.fields.contains_key(*member) {
            let value = draft.fields.get(*member).cloned();
            let value = value.unwrap_or_else(|| in_force(shown, member));
            edit.write(member, value, heads_in_force(shown, member));
        }
    }
}

fn field<'s>(shown: &'s RecordState, name: &str) -> Option<(&'s FieldState, &'s Value)> {
    let field = shown.fields.get(name)?;
    let (_, head) = field.in_force(merge_of(&shown.kind, name))?;
    Some((field, &head.value))
}

fn in_force(shown: &RecordState, name: &str) -> Value {
    field(shown, name).map_or(Value::Empty, |(_, value)| value.clone())
}

/// The heads that hold the value in force: all of them were before the person's eyes.
fn heads_in_force(shown: &RecordState, name: &str) -> Vec<ChangeId> {
    field(shown, name).map_or(Vec::new(), |(field, value)| {
        let heads = field.heads.iter().filter(|(_, head)| head.value == *value);
        heads.map(|(id, _)| *id).collect()
    })
}

fn all_heads(shown: &RecordState, name: &str) -> Vec<ChangeId> {
    field(shown, name).map_or(Vec::new(), |(field, _)| field.heads.keys().copied().collect())
}
