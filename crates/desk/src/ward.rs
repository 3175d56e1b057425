//! What the window asks of the records: views, actions, saves, resolutions, history, drafts.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Verb, may, may_write};
use domain::actions::{Stage, act};
use domain::audit::{Event, finds_patients, patient_read, patient_shown, rights_written};
use domain::check::applied;
use domain::entities::entity;
use domain::record::{VOID_REASON, VOIDED};
use domain::views::{ViewError, Written, names, view};
use domain::world::Overlay;
use domain::{Draft, RecordId, Records, Time, Value, plain};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sync_core::ChangeId;
use ts_rs::TS;

use crate::Failure;
use crate::desk::{Desk, Notice, Open, Session, new_id};
use crate::keys::file::DeskFile;
use crate::setup::action;
use crate::sweeping::BACKUP;

/// A view with the moment of the store it was read at.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    pub as_of: u64,
    pub data: Written,
}

impl Seen {
    /// What is shown, to look into.
    ///
    /// # Errors
    /// [`Failure`] when it is no JSON, which it is.
    pub fn json(&self) -> Result<Json, Failure> {
        serde_json::from_str(self.data.get()).map_err(|_| Failure::new("bad_arguments"))
    }
}

/// One record to write, as the window sends it.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DraftIn {
    pub kind: String,
    /// Empty for a new record.
    pub id: Option<RecordId>,
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, Json>,
}

/// What was saved on this computer.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Saved {
    /// The records written, in the order of the drafts.
    pub ids: Vec<RecordId>,
    pub as_of: u64,
    /// Names what was done, to take it back; empty when nothing had to be written.
    pub action: Option<String>,
}

/// One change of a record, for its history.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct HistoryLine {
    pub change: String,
    pub at: Time,
    pub by: String,
    /// What the computer is called; empty when it has no name.
    pub desk: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: BTreeMap<String, Json>,
    /// The district has numbered it.
    pub received: bool,
    pub parked: bool,
    /// It was written before this computer joined: only what still stood then is here.
    pub partial: bool,
}

/// The most bytes the body of an unfinished form may have.
const MOST_DRAFT_BYTES: usize = 256 * 1024;

impl Desk {
    /// Computes a view for the person signed in.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn view(&self, name: &str, args: &Json) -> Result<Seen, Failure> {
        let (open, session) = self.opened()?;
        if session.on_wall && name != crate::wall::SHOWN {
            return Err(Failure::new("locked"));
        }
        let patient = patient_shown(name, args);
        let session = match patient {
            Some(patient) => self.open_in_emergency(&open, session, patient)?,
            None => session,
        };
        let ctx = self.ctx(&self.file()?, &session);
        let seen = open.store.read(|records, as_of| {
            let data = if session.who.has_run_out {
                let present = session.seen(records)?;
                let finds = session.emergency.is_some() && finds_patients(name);
                let present = if finds { present.finding_all() } else { present };
                view(name, args, &present, &ctx)?
            } else {
                view(name, args, records, &ctx)?
            };
            Ok::<_, Failure>(Seen { as_of, data })
        })?;
        if finds_patients(name) {
            self.name_in_emergency(&open, &session, &seen.json()?)?;
        }
        if let Some(patient) = patient {
            self.note_look(&open, &session, patient);
        }
        Ok(seen)
    }

    /// Does something on the ward as one action: admit, transfer, swap, discharge, hold, release.
    ///
    /// # Errors
    /// [`Failure`] with the problems, when it is not possible; nothing was written.
    pub fn act(&self, name: &str, args: &Json, as_of: u64, confirmed: BTreeSet<String>) -> Result<Saved, Failure> {
        let (open, session) = self.may_write()?;
        let file = self.file()?;
        let ctx = self.ctx(&file, &session);
        let drafted = open.store.read(|records, _| {
            let mut stage = Stage {
                world: records,
                ctx: &ctx,
                new_id: &mut new_id,
            };
            Ok::<_, Failure>(act(name, args, &mut stage)?)
        })?;
        self.write(&open, &session, &file, drafted, as_of, confirmed)
    }

    /// Writes records as one action.
    ///
    /// # Errors
    /// [`Failure`] with the problems of each field; nothing was written.
    pub fn save(&self, drafts: Vec<DraftIn>, as_of: u64, confirmed: BTreeSet<String>) -> Result<Saved, Failure> {
        let (open, session) = self.may_write()?;
        let read = self.read_drafts(drafts)?;
        self.write(&open, &session, &self.file()?, read, as_of, confirmed)
    }

    /// Typed drafts out of what the window sends.
    pub(crate) fn read_drafts(&self, drafts: Vec<DraftIn>) -> Result<Vec<Draft>, Failure> {
        let mut read = Vec::new();
        for each in drafts {
            let described = entity(&each.kind).ok_or_else(|| Failure::new("unknown_kind"))?;
            let fields = plain::read_fields(described, &each.fields);
            let fields = fields.map_err(|problems| Failure {
                problems,
                ..Failure::new("problems")
            })?;
            let mut draft = Draft::new(&each.kind, each.id.unwrap_or_else(new_id));
            draft.fields = fields;
            read.push(draft);
        }
        Ok(read)
    }

    /// Writes what a person takes over of a change that was kept aside.
    pub(crate) fn write_anew(
        &self,
        open: &Open,
        session: &Session,
        mut drafts: Vec<Draft>,
        as_of: u64,
        (confirmed, origin): (BTreeSet<String>, ChangeId),
    ) -> Result<(), Failure> {
        if session.who.read_only {
            return Err(Failure::new("read_only"));
        }
        let file = self.file()?;
        confirm(open, session, file.facility, &mut drafts, &confirmed)?;
        let kinds = drafts.iter().map(|draft| draft.kind.clone()).collect();
        let action = action(&file, drafts, session.who.person, session.id, as_of);
        open.store.save_anew(action, origin)?;
        self.touch();
        self.tell(Notice::Records(kinds));
        self.inner.wake.notify_one();
        Ok(())
    }

    fn write(
        &self,
        open: &Open,
        session: &Session,
        file: &DeskFile,
        mut drafts: Vec<Draft>,
        as_of: u64,
        confirmed: BTreeSet<String>,
    ) -> Result<Saved, Failure> {
        confirm(open, session, file.facility, &mut drafts, &confirmed)?;
        self.commit(
            open,
            session,
            action(file, drafts, session.who.person, session.id, as_of),
        )
    }

    fn commit(&self, open: &Open, session: &Session, action: store::Action) -> Result<Saved, Failure> {
        let ids = action.drafts.iter().map(|draft| draft.id).collect();
        let kinds: BTreeSet<String> = action.drafts.iter().map(|draft| draft.kind.clone()).collect();
        let appointed = rights_written(&action.drafts);
        let saved = open.store.save(action)?;
        for about in appointed {
            let event = Event {
                about: Some(about),
                ..self.event("rights_changed", session)
            };
            self.note(open, session, &event);
        }
        self.touch();
        self.tell(Notice::Records(kinds.into_iter().collect()));
        self.tell(Notice::Status);
        self.inner.wake.notify_one();
        Ok(Saved {
            ids,
            as_of: saved.as_of,
            action: saved.changes.first().map(ToString::to_string),
        })
    }

    /// Takes back what the person signed in did with the action of that name, as one action of its
    /// own that stands in the history.
    ///
    /// # Errors
    /// `undo_too_late` when anybody changed any of it since, `undo_not_yours` when another person
    /// did it, or the problems when the ward has no room for what stood before.
    pub fn undo(&self, action: &str) -> Result<Saved, Failure> {
        let (open, session) = self.may_write()?;
        let first = action.parse().map_err(|_| Failure::new("bad_arguments"))?;
        let (undo, as_of) = open
            .store
            .read(|records, as_of| Ok::<_, Failure>((records.undo(first)?, as_of)))?;
        let undo = undo.ok_or_else(|| Failure::new("undo_too_late"))?;
        if undo.actor != session.who.person {
            return Err(Failure::new("undo_not_yours"));
        }
        let confirmed = undo
            .drafts
            .iter()
            .flat_map(|draft| draft.confirmed.iter().cloned())
            .collect();
        self.write(&open, &session, &self.file()?, undo.drafts, as_of, confirmed)
    }

    /// Closes a conflict on a field with the value a person chose, seen as it stood at `as_of`.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn resolve(&self, kind: &str, id: RecordId, field: &str, value: &Json, as_of: u64) -> Result<Saved, Failure> {
        let (open, session) = self.may_write()?;
        let described = entity(kind).ok_or_else(|| Failure::new("unknown_kind"))?;
        let one = std::iter::once((field.to_owned(), value.clone())).collect();
        let fields = plain::read_fields(described, &one);
        let fields = fields.map_err(|problems| Failure {
            problems,
            ..Failure::new("problems")
        })?;
        let mut draft = Draft::new(kind, id);
        let confirmed = fields.keys().cloned().collect();
        draft.fields = fields;
        let file = self.file()?;
        let mut drafts = vec![draft];
        confirm(&open, &session, file.facility, &mut drafts, &confirmed)?;
        let mut resolving = action(&file, drafts, session.who.person, session.id, as_of);
        resolving.resolve = true;
        self.commit(&open, &session, resolving)
    }

    /// Who changed a record, what and when, oldest first.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn history(&self, kind: &str, id: RecordId) -> Result<Vec<HistoryLine>, Failure> {
        let (open, session) = self.at_work()?;
        if !may(&session.who.role, Verb::See, kind) {
            return Err(Failure::new("not_allowed"));
        }
        let (entries, names, desks) = open.store.read(|records, _| {
            if session.who.has_run_out && !session.seen(records)?.sees(kind, id).map_err(ViewError::from)? {
                return Err(Failure::new("not_allowed"));
            }
            let entries = records.history(kind, id)?;
            let (mut names, mut desks) = (BTreeMap::new(), BTreeMap::new());
            for entry in &entries {
                let name = names::person_name(records, entry.actor).map_err(ViewError::from)?;
                names.insert(entry.actor, name);
                let device = entry.change.device;
                let desk = names::desk_name(records, RecordId(device.0)).map_err(ViewError::from)?;
                desks.insert(device, desk);
            }
            Ok::<_, Failure>((entries, names, desks))
        })?;
        if let Some(patient) = patient_read(kind, id) {
            self.note_look(&open, &session, patient);
        }
        let line = |entry: store::Past| HistoryLine {
            change: entry.change.to_string(),
            at: Time(entry.wall_ms),
            by: names.get(&entry.actor).cloned().unwrap_or_default(),
            desk: desks.get(&entry.change.device).cloned().unwrap_or_default(),
            fields: plain::plain_fields(kind, &said(entry.fields), &session.who.role)
                .into_iter()
                .collect(),
            received: entry.lsn.is_some(),
            parked: entry.parked.is_some(),
            partial: entry.is_partial,
        };
        Ok(entries.into_iter().map(line).collect())
    }

    /// Keeps an unfinished form of the person signed in, encrypted with everything else.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn put_draft(&self, name: &str, body: &Json) -> Result<(), Failure> {
        let (open, session) = self.at_work()?;
        if body.to_string().len() > MOST_DRAFT_BYTES || name.len() > 200 {
            return Err(Failure::new("too_large"));
        }
        let updated_ms = crate::net::link::wall_ms();
        let draft = store::KeptDraft {
            name: name.to_owned(),
            body: body.clone(),
            updated_ms,
        };
        Ok(open.store.put_draft(session.who.person, draft)?)
    }

    /// The unfinished form of that name, if there is one.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn draft(&self, name: &str) -> Result<Option<Json>, Failure> {
        let (open, session) = self.at_work()?;
        Ok(open.store.draft(session.who.person, name)?.map(|draft| draft.body))
    }

    /// Drops an unfinished form.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn forget_draft(&self, name: &str) -> Result<(), Failure> {
        let (open, session) = self.at_work()?;
        Ok(open.store.delete_draft(session.who.person, name)?)
    }

    /// Writes an encrypted copy of the database beside it and answers its name.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn backup(&self) -> Result<String, Failure> {
        let (open, session) = self.at_work()?;
        let name = format!("{BACKUP}{}.db", crate::net::link::wall_ms());
        self.note_first(&open, &session, &self.event("backup_made", &session))?;
        open.store.backup(&self.folder().join(&name))?;
        Ok(name)
    }

    /// The open database and a person who may write now.
    pub(crate) fn may_write(&self) -> Result<(Open, Session), Failure> {
        let (open, session) = self.at_work()?;
        if Desk::is_parting(&open) {
            Err(Failure::new("desk_withdrawing"))
        } else if open.is_older_copy {
            Err(Failure::new("desk_rolled_back"))
        } else if session.who.read_only {
            Err(Failure::new("read_only"))
        } else {
            Ok((open, session))
        }
    }
}

/// What a change says to a reader: that its record stands goes without saying where it says more.
fn said(mut fields: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    let says_more = fields.keys().any(|name| name != VOIDED && name != VOID_REASON);
    let stands = fields.get(VOIDED) == Some(&Value::Code("no".to_owned()));
    if says_more && stands {
        fields.remove(VOIDED);
    }
    fields
}

/// Sees that the person may write each as it would stand then, as the server will see it, and notes what they
/// confirmed.
fn confirm(
    open: &Open,
    session: &Session,
    facility: RecordId,
    drafts: &mut [Draft],
    confirmed: &BTreeSet<String>,
) -> Result<(), Failure> {
    let is_allowed = open.store.read(|records, _| {
        let mut world = Overlay::over(records);
        for draft in drafts.iter() {
            let before = world.get(&draft.kind, draft.id).map_err(ViewError::from)?;
            let after = applied(before.as_ref(), draft);
            if !may_write(&session.who.role, Some(facility), before.as_ref(), &after) {
                return Ok(false);
            }
            world.put(after);
        }
        Ok::<_, Failure>(true)
    })?;
    if !is_allowed {
        return Err(Failure::new("not_allowed"));
    }
    for draft in drafts {
        draft.confirmed.clone_from(confirmed);
    }
    Ok(())
}
