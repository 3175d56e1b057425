//! The description of one kind of record, from which checks, storage, forms and texts follow.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::field::{About, Merge, Shape};
use crate::record::{Record, VOID_REASON, VOIDED};
use crate::value::RecordId;
use crate::world::{Read, Records};

/// Where records of a kind live; it decides which desktops hold them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Home {
    /// In the space of one facility: patients, beds, stock, triage.
    Facility,
    /// In the space of the district: facilities, catalogues, people.
    District,
}

/// What the changes of a kind mean.
#[derive(Clone, Copy)]
pub enum Semantics {
    /// Fields are edited in place; each keeps the heads nobody has superseded.
    Register,
    /// Written once. A correction is a new record that names in `amends` the one it corrects.
    AppendOnly { amends: Option<&'static str> },
    /// Written once; a balance per `key` is the sum of `amount`, in the order of `at`.
    Ledger {
        key: &'static str,
        at: &'static str,
        amount: fn(&Record) -> i64,
    },
    /// `holder` occupies `subject` from `from` until `to` (open while empty).
    Interval {
        subject: &'static str,
        holder: &'static str,
        from: &'static str,
        to: &'static str,
    },
    /// Written once, by the district's server alone. Whoever folds such a change erases the records that it names, a line
    /// each, and all their changes ([`crate::erasure`]).
    Erases { records: &'static str },
}

/// A rule that looks at the record as it would be after the save, as it was before, and at the others.
pub type Rule = fn(&After<'_>) -> Read<Vec<Problem>>;

/// What a rule may look at.
pub struct After<'a> {
    pub record: &'a Record,
    pub before: Option<&'a Record>,
    /// All records as they would be after the save.
    pub world: &'a dyn Records,
}

/// One kind of record.
pub struct Entity {
    pub kind: &'static str,
    pub label: &'static str,
    pub plural: &'static str,
    pub home: Home,
    pub semantics: Semantics,
    /// When its records come to a desk that has just joined.
    pub arrives: Arrives,
    pub fields: &'static [About],
    /// Fields that only make sense together: when one is edited, all are written.
    pub groups: &'static [&'static [&'static str]],
    /// Columns of a plain list.
    pub list: &'static [&'static str],
    /// The fields that name a record to a person.
    pub caption: &'static [&'static str],
    pub rules: &'static [Rule],
}

impl std::fmt::Debug for Entity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind)
    }
}

impl Entity {
    pub fn field(&self, name: &str) -> Option<&'static About> {
        self.fields.iter().chain(EVERY_KIND).find(|about| about.name == name)
    }

    /// All fields, those that every kind has last.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static About> {
        self.fields.iter().chain(EVERY_KIND)
    }

    /// The names of the fields that must be written when `name` is.
    pub fn group_of(&self, name: &str) -> &'static [&'static str] {
        self.groups
            .iter()
            .find(|group| group.contains(&name))
            .copied()
            .unwrap_or(&[])
    }

    /// True when records of the kind are written once and afterwards only voided.
    pub fn is_written_once(&self) -> bool {
        matches!(
            self.semantics,
            Semantics::AppendOnly { .. } | Semantics::Ledger { .. } | Semantics::Erases { .. }
        )
    }

    /// The kinds that records of this kind refer to, with the field that does.
    pub fn references(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.fields.iter().filter_map(|about| match about.shape {
            Shape::Ref(kind) => Some((about.name, kind)),
            _ => None,
        })
    }
}

/// Who changes a record says with it that it stands. When another takes it back meanwhile it goes on
/// standing until a person decides: what somebody wrote must not vanish from every list.
const VOIDED_FIELD: About = crate::field::yes_no(VOIDED, "Entered in error")
    .indexed()
    .merged(Merge::Prefer(&["no", "yes"]))
    .any();
const VOID_REASON_FIELD: About = crate::field::text(VOID_REASON, "Why it was entered in error")
    .personal()
    .any();

/// The fields that every kind has.
pub static EVERY_KIND: &[About] = &[VOIDED_FIELD, VOID_REASON_FIELD];

/// An id derived from another, so that any number of desks or servers produce the same one.
pub fn derived_id(from: RecordId, purpose: &str) -> RecordId {
    RecordId(uuid::Uuid::new_v5(&from.0, purpose.as_bytes()))
}
