//! Whether an action is taken in or kept aside. The rights of the device and of the person are
//! looked up within the transaction that writes; nothing the request says about itself counts.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{self, Scope};
use domain::audit::{is_written_by_desks, may_tell};
use domain::check::{Draft, applied};
use domain::entities::entity;
use domain::entity::Home;
use domain::{Record, RecordId, Value};
use sync_core::exchange::{News, Reason};
use sync_core::{Change, ChangeId, Encoded, SpaceId, UserId, planted};

use super::grants::Grants;
use super::present::Present;
use crate::db::account::Account;
use crate::db::device::{Device, Status};
use crate::db::{self, Conn};
use crate::error::Result;
use crate::server::Server;

/// The most bytes of one action, so that it always fits one frame with room for its numbers.
const MOST_BYTES: usize = 3 * 1024 * 1024;

/// The spaces that one transaction touches.
pub struct Spaces<'a> {
    server: &'a Server,
    conn: &'a Conn,
    open: BTreeMap<SpaceId, Option<Present<'a>>>,
    /// The accounts that rights were read from: nobody else changes one before the transaction ends.
    accounts: BTreeMap<UserId, Option<Account>>,
    /// What is known of changes that others build on: whether they are parked.
    parked: BTreeMap<ChangeId, bool>,
}

impl<'a> Spaces<'a> {
    pub fn new(server: &'a Server, conn: &'a Conn) -> Spaces<'a> {
        Spaces {
            server,
            conn,
            open: BTreeMap::new(),
            accounts: BTreeMap::new(),
            parked: BTreeMap::new(),
        }
    }

    /// Opens those of the spaces that exist, so that nobody else writes to them until the
    /// transaction ends; always in the order of their ids, so that no two wait for each other.
    pub fn lock(&mut self, ids: BTreeSet<SpaceId>) -> Result<()> {
        for id in ids {
            let locked = db::space::lock(id, self.conn)?;
            let opened = locked
                .map(|space| Present::of(self.server, space, self.conn))
                .transpose()?;
            self.open.insert(id, opened);
        }
        Ok(())
    }

    /// Reads together what is needed to judge and to fold these changes, of the spaces that are open.
    pub fn fetch(&mut self, changes: &[&Change]) -> Result<()> {
        for (id, present) in &mut self.open {
            let of_space = changes.iter().filter(|change| change.space == *id);
            if let Some(present) = present {
                present.fetch(of_space.map(|change| (&*change.kind, change.record)))?;
            }
        }
        let heads = changes.iter().flat_map(|change| change.base.values().flatten());
        let heads: BTreeSet<ChangeId> = heads.copied().collect();
        let parked = db::parked::of_these(&heads, self.conn)?;
        self.parked
            .extend(heads.into_iter().map(|id| (id, parked.contains(&id))));
        Ok(())
    }

    /// Notes that a change was parked in this transaction.
    pub fn note_parked(&mut self, id: ChangeId) {
        self.parked.insert(id, true);
    }

    fn is_parked(&mut self, id: ChangeId) -> Result<bool> {
        if let Some(known) = self.parked.get(&id) {
            return Ok(*known);
        }
        let is_parked = db::parked::get(id, self.conn)?.is_some();
        self.parked.insert(id, is_parked);
        Ok(is_parked)
    }

    fn account(&mut self, person: UserId) -> Result<Option<Account>> {
        if let Some(known) = self.accounts.get(&person) {
            return Ok(known.clone());
        }
        let account = db::account::held(person, self.conn)?;
        self.accounts.insert(person, account.clone());
        Ok(account)
    }

    /// A record of a person was written to: what was read of accounts is out of date.
    pub fn forget_accounts(&mut self) {
        self.accounts.clear();
    }

    /// The space, if it exists.
    pub fn get(&mut self, id: SpaceId) -> Result<Option<&mut Present<'a>>> {
        if !self.open.contains_key(&id) {
            let opened = Present::open(self.server, id, self.conn)?;
            self.open.insert(id, opened);
        }
        Ok(self.open.get_mut(&id).and_then(Option::as_mut))
    }

    /// Writes every space that was added to. Answers what is new.
    pub fn close(self) -> Result<Vec<News>> {
        let mut news = Vec::new();
        for present in self.open.into_values().flatten() {
            news.extend(present.close()?);
        }
        Ok(news)
    }
}

/// Why the action must be kept aside; nothing when it may be taken in.
pub fn reason_to_park(
    action: &[Encoded],
    (device, grants): (&Device, &Grants),
    server: &Server,
    spaces: &mut Spaces<'_>,
    conn: &Conn,
) -> Result<Option<Reason>> {
    if device.status == Status::Revoked {
        return Ok(Some(Reason::Revoked));
    }
    let Some(first) = action.first().map(Encoded::change) else {
        return Ok(None);
    };
    if !is_well_formed(action) {
        return Ok(Some(Reason::Malformed));
    }
    let is_own = device.status == Status::Server;
    let is_granted = is_own || server.spaces_of(device).contains(&first.space);
    let present = if is_granted { spaces.get(first.space)? } else { None };
    let Some(present) = present else {
        return Ok(Some(Reason::ForeignSpace));
    };
    // A page ends where the action changes: two runs of one action would grow into one without end.
    if present.last_action()? == Some(first.action) {
        return Ok(Some(Reason::Malformed));
    }
    if !is_own && !grants.prove(first.actor) {
        return Ok(Some(Reason::NotSignedIn));
    }
    if !is_own && let Some(reason) = reason_by_rights(action, (device, first.actor), spaces)? {
        return Ok(Some(reason));
    }
    for change in action.iter().map(Encoded::change) {
        let present = spaces.get(change.space)?;
        if present.map(|present| present.is_about_erased(change)).transpose()? == Some(true) {
            return Ok(Some(Reason::Erased));
        }
        if planted!(DependantsApplied, false, depends_on_parked(change, &[], spaces, conn)?) {
            return Ok(Some(Reason::DependsOnParked));
        }
    }
    Ok(None)
}

/// Of one space and one person, of known kinds that live in such a space, and not too large.
pub(super) fn is_well_formed(action: &[Encoded]) -> bool {
    let Some(first) = action.first().map(Encoded::change) else {
        return false;
    };
    let bytes: usize = action.iter().map(|encoded| encoded.bytes().len()).sum();
    let is_whole = action.iter().map(Encoded::change).all(|change| {
        let is_same = change.action == first.action && change.space == first.space && change.actor == first.actor;
        is_same
            && change.of == first.of
            && entity(&change.kind).is_some_and(|entity| lives_in(entity.home, change.space))
    });
    is_whole && bytes <= MOST_BYTES && usize::try_from(first.of) == Ok(action.len())
}

fn lives_in(home: Home, space: SpaceId) -> bool {
    matches!(
        (home, space),
        (Home::Facility, SpaceId::Facility(_)) | (Home::District, SpaceId::District(_))
    )
}

/// Why `person` may not write the action at `device`; nothing when they may.
pub(super) fn reason_by_rights(
    action: &[Encoded],
    (device, person): (&Device, UserId),
    spaces: &mut Spaces<'_>,
) -> Result<Option<Reason>> {
    let Some(first) = action.first().map(Encoded::change) else {
        return Ok(None);
    };
    if action.iter().all(|each| is_written_by_desks(&each.change().kind)) {
        return reason_not_to_note(action, person, spaces);
    }
    let account = planted!(GrantBeforeLock, super::bugs::judged(person), spaces.account(person)?);
    let account = account.filter(|account| account.is_active);
    let Some(account) = account else {
        return Ok(Some(Reason::UnknownPerson));
    };
    let is_local = access::role(&account.role).is_none_or(|role| role.scope == Scope::Facility);
    if is_local && account.facility != Some(device.facility) {
        return Ok(Some(Reason::NotAllowed));
    }
    let Some(present) = spaces.get(first.space)? else {
        return Ok(Some(Reason::ForeignSpace));
    };
    let mut so_far: BTreeMap<(&str, RecordId), Record> = BTreeMap::new();
    for change in action.iter().map(Encoded::change) {
        if !access::counts_what_it_says(&change.kind) {
            let named = Record::new(&change.kind, change.record);
            if !access::may_write(&account.role, account.facility, None, &named) {
                return Ok(Some(Reason::NotAllowed));
            }
            continue;
        }
        let key = (change.kind.as_str(), change.record);
        let before = match so_far.remove(&key) {
            Some(record) => Some(record),
            None => present.record(&change.kind, change.record)?,
        };
        let mut draft = Draft::new(&change.kind, change.record);
        draft.fields.clone_from(&change.fields);
        let after = applied(before.as_ref(), &draft);
        if !access::may_write(&account.role, account.facility, before.as_ref(), &after) {
            return Ok(Some(Reason::NotAllowed));
        }
        so_far.insert(key, after);
    }
    Ok(None)
}

/// Why what a desk noted by itself is not taken in. Whatever became of the person's rights since counts for nothing:
/// just then it matters who looked at what.
fn reason_not_to_note(action: &[Encoded], person: UserId, spaces: &mut Spaces<'_>) -> Result<Option<Reason>> {
    for change in action.iter().map(Encoded::change) {
        let Some(present) = spaces.get(change.space)? else {
            return Ok(Some(Reason::ForeignSpace));
        };
        let before = present.record(&change.kind, change.record)?;
        let mut draft = Draft::new(&change.kind, change.record);
        draft.fields.clone_from(&change.fields);
        if !may_tell(person, before.as_ref(), &applied(None, &draft)) {
            return Ok(Some(Reason::NotAllowed));
        }
    }
    Ok(None)
}

/// True when the change builds on one that is kept aside: it names it in its base, or the record
/// is not there because all of it was kept aside. What writes the whole record anew, as a person
/// does who adopts what was kept aside, builds on nothing. `with_it` is kept aside together with it.
pub(super) fn depends_on_parked(
    change: &Change,
    with_it: &[ChangeId],
    spaces: &mut Spaces<'_>,
    conn: &Conn,
) -> Result<bool> {
    if names_parked(change, spaces)? {
        return Ok(true);
    }
    let is_there = match spaces.get(change.space)? {
        Some(present) => present.has(&change.kind, change.record)?,
        None => false,
    };
    if is_there || is_whole(change) {
        return Ok(false);
    }
    let aside = db::parked::of_record(&change.space.to_string(), &change.kind, change.record, conn)?;
    Ok(aside.iter().any(|id| !with_it.contains(id)))
}

/// Whether the change names one in its base that is kept aside.
fn names_parked(change: &Change, spaces: &mut Spaces<'_>) -> Result<bool> {
    for id in change.base.values().flatten() {
        if spaces.is_parked(*id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// True when the change alone makes a record: it writes everything that the kind requires.
fn is_whole(change: &Change) -> bool {
    let required = entity(&change.kind).map_or(&[][..], |entity| entity.fields);
    let mut required = required.iter().filter(|about| about.required).peekable();
    let is_any_required = required.peek().is_some();
    let is_written = |name: &str| change.fields.get(name).is_some_and(|value| *value != Value::Empty);
    is_any_required && required.all(|about| is_written(about.name))
}
