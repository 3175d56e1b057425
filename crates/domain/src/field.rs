//! Fields: a typed key with everything that is known about one field. Facts only, never an `if`.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use crate::codes::CodeList;
use crate::record::Record;
use crate::value::{Date, Decimal, RecordId, Time, Value};

/// What a field's values look like, with the limits outside of which they are refused.
#[derive(Clone, Copy)]
pub enum Shape {
    /// At most `max` characters; `lines` allows line breaks.
    Text {
        max: usize,
        lines: bool,
    },
    Int,
    /// A decimal with exactly `scale` places.
    Decimal {
        scale: u8,
    },
    Code(&'static CodeList),
    Codes(&'static CodeList),
    Date,
    Time,
    /// A record of this kind.
    Ref(&'static str),
}

/// How a conflict on the field is shown while it is open.
#[derive(Clone, Copy)]
pub enum Merge {
    /// The head that the server numbered first is in force.
    First,
    /// For safety: the earliest of these words that any head holds is in force.
    Prefer(&'static [&'static str]),
    /// Both values are shown and nothing may depend on either until a person decides.
    Both,
}

/// What reports without personal data do with the field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Masking {
    /// Not personal.
    Open,
    /// Left out whole: names, phones, addresses, identifiers, free text about a person.
    Hidden,
    /// Only the year remains.
    YearOnly,
}

/// How the search index reads the field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Search {
    /// By prefix and part, in any script, and by sound.
    Name,
    /// By its digits, from the start or the end.
    Phone,
    /// By its letters and digits, from the start.
    Identifier,
    /// By its year, alone or together with a name.
    Year,
}

/// Everything known about one field, without its Rust type.
#[derive(Clone, Copy)]
pub struct About {
    pub name: &'static str,
    pub label: &'static str,
    pub shape: Shape,
    pub required: bool,
    /// Outside of it: impossible, refused. In units of the last decimal place for decimals.
    pub range: Option<(i64, i64)>,
    /// Outside of it: unusual, asked. In the same units as `range`.
    pub usual: Option<(i64, i64)>,
    pub unit: &'static str,
    pub masking: Masking,
    pub merge: Merge,
    pub search: Option<Search>,
    /// The store keeps an index, so that records can be found by this field.
    pub indexed: bool,
    /// Of a reference: it may name what is not here.
    pub may_be_absent: bool,
    pub hint: &'static str,
}

/// A typed key: the field `name` of a record holds a `T`.
pub struct Field<T> {
    about: About,
    holds: PhantomData<fn() -> T>,
}

/// Marks fields that hold free text.
pub struct Text;
/// Marks fields that hold one word of a code list.
pub struct Word;
/// Marks fields that hold several words of a code list.
pub struct Words;

const fn new<T>(name: &'static str, label: &'static str, shape: Shape) -> Field<T> {
    let about = About {
        name,
        label,
        shape,
        required: false,
        range: None,
        usual: None,
        unit: "",
        masking: Masking::Open,
        merge: Merge::First,
        search: None,
        indexed: false,
        may_be_absent: false,
        hint: "",
    };
    Field {
        about,
        holds: PhantomData,
    }
}

/// A line of text, at most 200 characters unless [`Field::max`] says otherwise.
pub const fn text(name: &'static str, label: &'static str) -> Field<Text> {
    new(name, label, Shape::Text { max: 200, lines: false })
}

/// Text of several lines, at most 4,000 characters.
pub const fn note(name: &'static str, label: &'static str) -> Field<Text> {
    new(
        name,
        label,
        Shape::Text {
            max: 4_000,
            lines: true,
        },
    )
}

pub const fn int(name: &'static str, label: &'static str) -> Field<i64> {
    new(name, label, Shape::Int)
}

/// A whole number from 0 to 1,000,000 unless [`Field::range`] says otherwise.
pub const fn count(name: &'static str, label: &'static str) -> Field<i64> {
    new(name, label, Shape::Int).range(0, 1_000_000)
}

pub const fn decimal(name: &'static str, label: &'static str, scale: u8) -> Field<Decimal> {
    new(name, label, Shape::Decimal { scale })
}

pub const fn code(name: &'static str, label: &'static str, list: &'static CodeList) -> Field<Word> {
    new(name, label, Shape::Code(list))
}

pub const fn codes(name: &'static str, label: &'static str, list: &'static CodeList) -> Field<Words> {
    new(name, label, Shape::Codes(list))
}

/// Yes or no; empty when nobody asked.
pub const fn yes_no(name: &'static str, label: &'static str) -> Field<Word> {
    code(name, label, &crate::codes::YES_NO)
}

pub const fn date(name: &'static str, label: &'static str) -> Field<Date> {
    new(name, label, Shape::Date)
}

pub const fn time(name: &'static str, label: &'static str) -> Field<Time> {
    new(name, label, Shape::Time)
}

pub const fn reference(name: &'static str, label: &'static str, kind: &'static str) -> Field<RecordId> {
    new(name, label, Shape::Ref(kind)).indexed()
}

/// An id of a record of this kind, which need not be here, and by which nobody looks for the record.
pub const fn mention(name: &'static str, label: &'static str, kind: &'static str) -> Field<RecordId> {
    let mut field = new(name, label, Shape::Ref(kind));
    field.about.may_be_absent = true;
    field
}

impl<T> Field<T> {
    /// The description without the Rust type, as entities list it.
    pub const fn any(&self) -> About {
        self.about
    }

    pub const fn name(&self) -> &'static str {
        self.about.name
    }

    pub const fn required(mut self) -> Self {
        self.about.required = true;
        self
    }

    /// Impossible outside `low..=high` (units of the last place for decimals): refused.
    pub const fn range(mut self, low: i64, high: i64) -> Self {
        self.about.range = Some((low, high));
        self
    }

    /// Unusual outside `low..=high` (units of the last place for decimals): asked.
    pub const fn usual(mut self, low: i64, high: i64) -> Self {
        self.about.usual = Some((low, high));
        self
    }

    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.about.unit = unit;
        self
    }

    pub const fn hint(mut self, hint: &'static str) -> Self {
        self.about.hint = hint;
        self
    }

    /// Personal data: hidden in every report.
    pub const fn personal(mut self) -> Self {
        self.about.masking = Masking::Hidden;
        self
    }

    /// Personal data of which reports may show the year.
    pub const fn personal_year(mut self) -> Self {
        self.about.masking = Masking::YearOnly;
        self
    }

    pub const fn indexed(mut self) -> Self {
        self.about.indexed = true;
        self
    }

    pub const fn searched(mut self, how: Search) -> Self {
        self.about.search = Some(how);
        self
    }

    pub const fn merged(mut self, merge: Merge) -> Self {
        self.about.merge = merge;
        self
    }
}

impl Field<Text> {
    /// At most `max` characters.
    pub const fn max(mut self, max: usize) -> Self {
        if let Shape::Text { lines, .. } = self.about.shape {
            self.about.shape = Shape::Text { max, lines };
        }
        self
    }
}

impl<T: Held> Field<T> {
    /// What the record holds in this field; `None` when empty or of another type.
    pub fn of<'r>(&self, record: &'r Record) -> Option<T::Read<'r>> {
        record.fields.get(self.about.name).and_then(T::read)
    }
}

/// A type that fields can hold: how it is read from and written to a [`Value`].
pub trait Held {
    type Read<'r>;
    type Write;
    fn read(value: &Value) -> Option<Self::Read<'_>>;
    fn write(value: Self::Write) -> Value;
}

macro_rules! held {
    ($marker:ty, $variant:ident, $read:ty, $write:ty, $see:expr) => {
        impl Held for $marker {
            type Read<'r> = $read;
            type Write = $write;
            fn read(value: &Value) -> Option<Self::Read<'_>> {
                match value {
                    Value::$variant(inner) => Some($see(inner)),
                    _ => None,
                }
            }
            fn write(value: Self::Write) -> Value {
                Value::$variant(value.into())
            }
        }
    };
}

held!(Text, Text, &'r str, String, String::as_str);
held!(Word, Code, &'r str, &'static str, String::as_str);
held!(Words, Codes, &'r BTreeSet<String>, BTreeSet<String>, |words| words);
held!(i64, Int, i64, i64, |number: &i64| *number);
held!(Decimal, Decimal, Decimal, Decimal, |number: &Decimal| { *number });
held!(Date, Date, Date, Date, |date: &Date| *date);
held!(Time, Time, Time, Time, |time: &Time| *time);
held!(RecordId, Ref, RecordId, RecordId, |id: &RecordId| *id);
