//! What is past its time: which records, what stands against taking them away, and taking them away, a bounded number in
//! each transaction, as an erasure does.

use std::collections::{BTreeMap, BTreeSet};

use domain::due::{Against, Due, due};
use domain::erasure::{Cause, Name, drafts};
use domain::{Date, RecordId, Time};
use sync_core::exchange::News;
use sync_core::{Encoded, Lsn, SpaceId};
use uuid::Uuid;

use crate::archive::Contents;
use crate::db::{self, Conn};
use crate::erasing::{Going, Held, Order, erase};
use crate::erasures::legible;
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::exchange::judge::Spaces;
use crate::server::Server;

/// So many records go in one transaction, and no more than one person beyond.
const AT_ONCE: usize = 500;

/// Records of a facility that are past their time and go together, with what is kept aside about them.
#[derive(Clone)]
pub struct Past {
    pub due: Due,
    pub(crate) going: Going,
}

/// What is past its time in a facility, at one moment of it.
pub(crate) struct Plan {
    number: i64,
    /// By these it is known whether anything was written since.
    head: Lsn,
    aside: (i64, i64),
    pub past: Vec<Past>,
    /// The first about which nothing was decided yet.
    from: usize,
}

/// Why something that is past its time stayed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Left {
    Against(Against),
    /// The archive does not hold it as it stands now.
    NotArchived,
}

/// What was taken away.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Purged {
    /// How many people, and entries of each kind with what they correct.
    pub gone: BTreeMap<&'static str, u64>,
    pub records: u64,
    /// Changes whose bodies went; those that were kept aside are among them.
    pub changes: u64,
    pub transactions: u64,
    pub left: BTreeMap<Left, u64>,
}

/// What is to be taken away.
#[derive(Clone, Copy)]
pub struct Wanted<'w> {
    /// All periods last so many years more than the table says.
    pub longer: u32,
    /// Only what it holds; everything without one.
    pub archive: Option<&'w Contents>,
}

impl Plan {
    pub fn read(server: &Server, space: SpaceId, longer: u32, conn: &Conn) -> Result<Plan> {
        let held = Held::read(server, space, conn)?;
        let voided = |kind: &str| Ok(held.voided(kind));
        let all = legible(due(&held.world, &voided, Time(server.now_ms()), longer))?;
        let past = all.into_iter().map(|mut due| {
            let going = held.going(due.names.clone());
            if going.is_undecided {
                due.against.insert(Against::KeptAside);
            }
            Past { due, going }
        });
        Ok(Plan {
            number: held.number,
            head: held.head,
            aside: db::parked::version(conn)?,
            past: past.collect(),
            from: 0,
        })
    }
}

/// One transaction of a purge.
#[derive(Default)]
struct Step {
    /// The plan, if it had to be made anew.
    plan: Option<Plan>,
    head: Lsn,
    /// The first that is left for the next.
    from: usize,
    names: BTreeSet<Name>,
    purged: Purged,
    news: Vec<News>,
}

impl Server {
    /// The facilities, or the one that is wanted.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn facilities(&self, wanted: Option<RecordId>) -> Result<Vec<(RecordId, SpaceId)>> {
        let found = self.db().read(|conn| db::space::facilities(wanted, conn))?;
        Ok(found
            .into_iter()
            .map(|(facility, space)| (facility, space.id))
            .collect())
    }

    /// What is past its time in the space of a facility.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn past(&self, space: SpaceId, longer: u32) -> Result<Vec<Past>> {
        self.db()
            .read(|conn| Plan::read(self, space, longer, conn).map(|plan| plan.past))
    }

    /// Takes away what is past its time, as an erasure does: what nothing stands against, and what the archive holds as
    /// it stands at that moment, if there is to be one.
    ///
    /// # Errors
    /// [`ServerError`]: what earlier transactions took away is gone; it may be done again.
    pub fn purge(&self, facility: RecordId, wanted: Wanted<'_>) -> Result<Purged> {
        let space = SpaceId::Facility(facility.0);
        let mut plan = self.db().read(|conn| Plan::read(self, space, wanted.longer, conn))?;
        let (mut purged, mut gone) = (Purged::default(), BTreeSet::new());
        while plan.from < plan.past.len() {
            // Drawn once, however often the transaction has to be begun: an action keeps its name.
            let action = (self.config().new_id)();
            let step = self
                .db()
                .write(|tx| self.purge_some(&plan, facility, wanted, (action, &gone), tx))?;
            self.tell(step.news);
            if let Some(anew) = step.plan {
                plan = anew;
                purged.left.clear();
            }
            (plan.head, plan.from) = (step.head, step.from);
            gone.extend(step.names);
            purged.add(step.purged);
        }
        Ok(purged)
    }

    fn purge_some(
        &self,
        plan: &Plan,
        facility: RecordId,
        wanted: Wanted<'_>,
        (action, gone): (Uuid, &BTreeSet<Name>),
        conn: &Conn,
    ) -> Result<Step> {
        let space = SpaceId::Facility(facility.0);
        let own = db::instance::device(conn)?.ok_or(ServerError::NoDevice)?;
        let own = db::device::lock(own, conn)?.ok_or(ServerError::NoDevice)?;
        let mut spaces = Spaces::new(self, conn);
        spaces.lock([space].into())?;
        let head = spaces.get(space)?.ok_or(ServerError::NoSpace)?.head();
        let is_as_read = head == plan.head && db::parked::version(conn)? == plan.aside;
        let anew = if is_as_read {
            None
        } else {
            Some(Plan::read(self, space, wanted.longer, conn)?)
        };
        let plan = anew.as_ref().unwrap_or(plan);
        let mut step = Step {
            head,
            from: plan.from,
            ..Step::default()
        };
        let mut by_day: BTreeMap<Date, BTreeSet<Name>> = BTreeMap::new();
        let mut kept_aside: Vec<Encoded> = Vec::new();
        for past in plan.past.iter().skip(plan.from) {
            if step.names.len() >= AT_ONCE {
                break;
            }
            step.from += 1;
            if let Some(left) = left(past, space, plan.number, wanted.archive, conn)? {
                *step.purged.left.entry(left).or_default() += 1;
                continue;
            }
            *step.purged.gone.entry(past.due.kind).or_default() += 1;
            let names = past.going.names.difference(gone);
            let names: BTreeSet<Name> = names.filter(|name| !step.names.contains(*name)).cloned().collect();
            step.names.extend(names.iter().cloned());
            by_day.entry(past.due.since.day(0)).or_default().extend(names);
            kept_aside.extend(past.going.kept_aside.iter().cloned());
        }
        if !step.names.is_empty() {
            let new_id = || RecordId((self.config().new_id)());
            let now = Time(self.now_ms());
            let each = by_day.iter().filter(|(_, names)| !names.is_empty());
            let each = each.flat_map(|(day, names)| drafts(names, Cause::TimeOver { kept_until: *day }, now, new_id));
            let order = Order {
                space,
                number: plan.number,
                action,
                drafts: each.collect(),
                kept_aside: &kept_aside,
            };
            let (done, head, news) = erase(self, &own, order, spaces, conn)?;
            self.note(
                Happened {
                    times: done.records,
                    ..Happened::new("purged").of(facility)
                },
                conn,
            )?;
            (step.head, step.news) = (head, news);
            (step.purged.records, step.purged.changes, step.purged.transactions) = (done.records, done.changes, 1);
        }
        step.plan = anew;
        Ok(step)
    }
}

/// Why it stays, if it does.
fn left(past: &Past, space: SpaceId, number: i64, archive: Option<&Contents>, conn: &Conn) -> Result<Option<Left>> {
    if let Some(against) = past.due.against.first() {
        return Ok(Some(Left::Against(*against)));
    }
    let Some(archive) = archive else {
        return Ok(None);
    };
    let mut is_held = past.going.kept_aside.iter().all(|body| archive.holds_aside(body));
    for name in &past.going.names {
        is_held = is_held && archive.holds(space, name, &db::change::hashes_of_record(number, name, conn)?);
    }
    Ok((!is_held).then_some(Left::NotArchived))
}

impl Purged {
    /// Of several transactions, or facilities.
    pub fn add(&mut self, other: Purged) {
        for (kind, count) in other.gone {
            *self.gone.entry(kind).or_default() += count;
        }
        for (left, count) in other.left {
            *self.left.entry(left).or_default() += count;
        }
        self.records += other.records;
        self.changes += other.changes;
        self.transactions += other.transactions;
    }
}
