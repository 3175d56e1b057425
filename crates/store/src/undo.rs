//! Taking back what was just done: the drafts that give every record of an action what it held before.

use domain::record::{VOID_REASON, VOIDED};
use domain::{Draft, Value};
use sync_core::{Change, ChangeId, UserId, packed};

use crate::error::StoreError;
use crate::log::{self, Name};
use crate::reader::Reader;
use crate::shown::is_about_standing;
use crate::{base, present};

/// Why a record is void that was taken back: it stands in the record's history.
const TAKEN_BACK: &str = "undone";

/// What taking an action back would write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Undo {
    /// Who did what is taken back.
    pub actor: UserId,
    pub drafts: Vec<Draft>,
}

/// What the person changed, without what every change says of the record as a whole.
fn said(change: &Change) -> impl Iterator<Item = &String> {
    let only_standing = change.fields.keys().all(|field| is_about_standing(field));
    let fields = change.fields.keys();
    fields.filter(move |field| only_standing || !is_about_standing(field))
}

impl Reader<'_> {
    /// What takes back the action whose first change is `first`: fields get the values that were
    /// before the person's eyes, records that the action made are voided. Nothing when anybody
    /// changed any of it since, or when it closed a conflict: a person has to look at that.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn undo(&self, first: ChangeId) -> Result<Option<Undo>, StoreError> {
        let Some(change) = self.change(first)? else {
            return Ok(None);
        };
        let mut drafts = Vec::new();
        for seq in first.seq..first.seq + u64::from(change.of) {
            let part = self.change(ChangeId { seq, ..first })?;
            let draft = match part.filter(|part| part.action == change.action) {
                Some(part) => self.inverse(&part)?,
                None => None,
            };
            let Some(draft) = draft else {
                return Ok(None);
            };
            drafts.push(draft);
        }
        let actor = change.actor;
        Ok(Some(Undo { actor, drafts }))
    }

    /// The draft that takes one change back, if all it wrote still stands alone.
    fn inverse(&self, change: &Change) -> Result<Option<Draft>, StoreError> {
        if !self.stands_alone(change)? {
            return Ok(None);
        }
        let draft = Draft::new(&change.kind, change.record);
        let history = self.history(&change.kind, change.record)?;
        if history.first().is_some_and(|past| past.change == change.id) {
            let draft = draft
                .with_value(VOIDED, Value::Code("yes".to_owned()))
                .with_value(VOID_REASON, Value::Text(TAKEN_BACK.to_owned()));
            return Ok((history.len() == 1).then_some(draft));
        }
        let mut draft = draft;
        for field in said(change) {
            let Some(before) = self.before(change, field)? else {
                return Ok(None);
            };
            draft = draft.with_value(field, before);
        }
        draft.confirmed = draft.fields.keys().cloned().collect();
        Ok(Some(draft))
    }

    fn stands_alone(&self, change: &Change) -> Result<bool, StoreError> {
        let kind = log::known_kind(&change.kind, self.conn())?;
        let space = log::known_space(change.space, self.conn())?;
        let (Some(kind), Some(space)) = (kind, space) else {
            return Ok(false);
        };
        let id = change.record;
        let Some(stored) = present::stored(Name { kind, id, space }, self.conn())? else {
            return Ok(false);
        };
        let state = packed::unpack(&change.kind, id, &stored.state).ok_or(StoreError::Damaged)?;
        let is_only_head = |field: &String| {
            let heads = state.fields.get(field).map(|field| &field.heads);
            heads.is_some_and(|heads| heads.len() == 1 && heads.contains_key(&change.id))
        };
        Ok(said(change).all(is_only_head))
    }

    /// What the record's base says that an older change wrote into the field.
    fn based(&self, change: &Change, field: &str, id: &ChangeId) -> Result<Option<Value>, StoreError> {
        let name = log::name(change, self.conn())?;
        let base = base::of_record(&change.kind, name, i64::MAX, self.conn())?;
        let head = base.and_then(|mut base| base.state.fields.remove(field)?.heads.remove(id));
        Ok(head.map(|head| head.value))
    }

    /// What the field held before the change; nothing when it held several values.
    fn before(&self, change: &Change, field: &str) -> Result<Option<Value>, StoreError> {
        let mut values = Vec::new();
        for id in change.base.get(field).into_iter().flatten() {
            match self.change(*id)? {
                Some(earlier) => values.extend(earlier.fields.get(field).cloned()),
                // Written before this desk joined: what still stood then is known.
                None => match self.based(change, field, id)? {
                    Some(value) => values.push(value),
                    None => return Ok(None),
                },
            }
        }
        values.dedup();
        Ok((values.len() <= 1).then(|| values.pop().unwrap_or(Value::Empty)))
    }
}
