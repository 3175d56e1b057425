//! Whether two registrations may be of one person: in what they agree, and whether that is enough
//! to show one while the other is typed. Names are compared by sound and across scripts; a person
//! decides, so what is shown may be wrong, and what is missed is worse.

use std::collections::BTreeSet;

use crate::entities::patient;
use crate::field::{Field, Text};
use crate::record::Record;
use crate::spelling::text;
use crate::value::{Date, RecordId};
use crate::ward::likeness::{Likeness, Word, full_words, likeness, together};
use crate::world::{Live, Read, Records};

/// In what two registrations agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reason {
    /// One number that only one person has.
    SameIdentifier,
    /// All names, by sound.
    SameName,
    SamePhone,
    /// All names of the shorter one, or, with the same phone, the first.
    SimilarName,
    /// The day of birth, or the age within a year.
    SameBirth,
}

impl Reason {
    pub fn word(self) -> &'static str {
        match self {
            Reason::SameIdentifier => "same_identifier",
            Reason::SameName => "same_name",
            Reason::SamePhone => "same_phone",
            Reason::SimilarName => "similar_name",
            Reason::SameBirth => "same_birth",
        }
    }

    /// How much it says; a stronger one outweighs all weaker ones.
    fn weight(self) -> u32 {
        match self {
            Reason::SameIdentifier => 16,
            Reason::SameName => 8,
            Reason::SamePhone => 4,
            Reason::SimilarName => 2,
            Reason::SameBirth => 1,
        }
    }
}

/// Whether so much is enough: a number, the whole name, the phone with a similar name, or any two.
pub fn is_likely(reasons: &[Reason]) -> bool {
    reasons.len() > 1 || matches!(reasons, [Reason::SameIdentifier | Reason::SameName])
}

/// What registrations share that may be of one person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Trait {
    pub text: String,
    /// Where it says little by itself the year of birth: who shares it is of about the same age too.
    pub year: Option<i64>,
}

/// So many years lie between the years of birth of two people at most whose ages differ by one.
pub const YEARS_APART: i64 = 2;

impl Trait {
    /// Whether one registration with this and one with the `other` have something in common.
    pub fn meets(&self, other: &Trait) -> bool {
        let years = self.year.zip(other.year);
        self.text == other.text && years.is_none_or(|(one, other)| (one - other).abs() <= YEARS_APART)
    }
}

/// What a registration shares with every other with which it may be [`Profile::probable`]: its numbers; its phone or day of
/// birth with the sounds of its whole name; its phone with the sound of one of its names and about its age. Families share a
/// phone and a name, so that less would have everybody compared with their own.
pub fn traits(record: &Record) -> BTreeSet<Trait> {
    if record.kind != patient::PATIENT.kind || record.is_voided() {
        return BTreeSet::new();
    }
    Profile::of(record).traits()
}

/// Whether a registration's traits are made of this field of it.
pub fn are_traits_made_of(field: &str) -> bool {
    let texts = [&patient::NAME, &patient::LOCAL_NAME, &patient::PHONE];
    let names = texts.iter().chain(NUMBERS).map(|text| text.name());
    names
        .chain([patient::BIRTH_DATE.name(), patient::BIRTH_YEAR.name()])
        .any(|name| name == field)
}

/// How likely it is, to put the likeliest first.
pub fn weight(reasons: &[Reason]) -> u32 {
    reasons.iter().map(|reason| reason.weight()).sum()
}

/// Numbers of which everybody has their own.
pub const NUMBERS: &[&Field<Text>] = &[
    &patient::ABHA,
    &patient::ABHA_ADDRESS,
    &patient::PASSPORT,
    &patient::HOSPITAL_NUMBER,
    &patient::SRF_ID,
    &patient::COVIN_ID,
];

/// Two registrations so alike that somebody has to look, and in what they agree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probable {
    /// The smaller id first.
    pub pair: (RecordId, RecordId),
    pub reasons: Vec<Reason>,
}

/// All pairs, one of each live, that are [`Profile::probable`].
///
/// # Errors
/// [`crate::Unreadable`].
pub fn probable<R: Records + ?Sized>(world: &R, live: &Live, today: Date) -> Read<Vec<Probable>> {
    let mut found = Vec::new();
    for pair in world.alike(patient::PATIENT.kind, live)? {
        let both = world.profile(pair.0)?.zip(world.profile(pair.1)?);
        let reasons = both.and_then(|(one, other)| one.probable(&other, today));
        found.extend(reasons.map(|reasons| Probable { pair, reasons }));
    }
    Ok(found)
}

/// A registration as it is compared with others: what is spelled, heard and written without what people put between, so that
/// one that is compared with many is worked out once.
#[derive(PartialEq, Eq, Debug)]
pub struct Profile {
    /// The words of the name in each script.
    names: [Vec<Word>; 2],
    phone: Option<String>,
    /// In the order of [`NUMBERS`].
    numbers: Vec<Option<String>>,
    birth_date: Option<Date>,
    birth_year: Option<i64>,
    gender: Option<String>,
}

impl Profile {
    pub fn of(registration: &Record) -> Profile {
        let names = [patient::NAME.of(registration), patient::LOCAL_NAME.of(registration)];
        Profile {
            names: names.map(|name| name.map(full_words).unwrap_or_default()),
            phone: national(registration),
            numbers: NUMBERS.iter().map(|field| own_number(field, registration)).collect(),
            birth_date: patient::BIRTH_DATE.of(registration),
            birth_year: patient::BIRTH_YEAR.of(registration),
            gender: patient::GENDER.of(registration).map(str::to_owned),
        }
    }

    fn traits(&self) -> BTreeSet<Trait> {
        let mut found = BTreeSet::new();
        let alone = |text: String| Trait { text, year: None };
        let numbers = NUMBERS.iter().zip(&self.numbers);
        let numbers = numbers.filter_map(|(field, number)| Some(format!("{} {}", field.name(), number.as_ref()?)));
        found.extend(numbers.map(alone));
        let born = self.birth_date.map(|born| format!("born {born}"));
        let phone = self.phone.as_ref().map(|phone| format!("phone {phone}"));
        let year = patient::year_of(self.birth_date, self.birth_year);
        for words in self.names.iter().filter(|words| !words.is_empty()) {
            let mut sounds: Vec<&str> = words.iter().map(|word| word.sound.as_str()).collect();
            sounds.sort_unstable();
            for with in born.iter().chain(&phone) {
                found.insert(alone(format!("{with} {}", sounds.join(" "))));
                found.insert(alone(format!("{with} {}", together(words))));
            }
            if let Some(phone) = phone.as_ref().filter(|_| year.is_some()) {
                let text = |sound: &&str| format!("{phone} one {sound}");
                found.extend(sounds.iter().map(text).map(|text| Trait { text, year }));
            }
        }
        found
    }

    /// In what the two agree, the surest first.
    pub fn reasons(&self, other: &Profile, today: Date) -> Vec<Reason> {
        let same_phone = self.phone.is_some() && self.phone == other.phone;
        let name = match self.likest_names(other) {
            Likeness::Single if self.contradicts(other, today) => Some(Reason::SimilarName),
            Likeness::Whole | Likeness::Single => Some(Reason::SameName),
            Likeness::Part => Some(Reason::SimilarName),
            Likeness::First if same_phone => Some(Reason::SimilarName),
            Likeness::First | Likeness::None => None,
        };
        let mut found: Vec<Reason> = name.into_iter().collect();
        found.extend(self.has_number_of(other).then_some(Reason::SameIdentifier));
        found.extend(same_phone.then_some(Reason::SamePhone));
        found.extend(self.is_born_alike(other, today).then_some(Reason::SameBirth));
        found.sort();
        found
    }

    /// In what two registrations that exist agree, where they are so alike that somebody has to look: a number that only one
    /// person has; the whole name with the phone or the day of birth; a similar name with the phone and the age. The name and
    /// an age alone are many people's.
    pub fn probable(&self, other: &Profile, today: Date) -> Option<Vec<Reason>> {
        let reasons = self.reasons(other, today);
        let has = |reason| reasons.contains(&reason);
        let same_day = self.birth_date.is_some() && self.birth_date == other.birth_date;
        let is_probable = has(Reason::SameIdentifier)
            || has(Reason::SameName) && (has(Reason::SamePhone) || same_day)
            || has(Reason::SimilarName) && has(Reason::SamePhone) && has(Reason::SameBirth);
        is_probable.then_some(reasons)
    }

    fn likest_names(&self, other: &Profile) -> Likeness {
        let pairs = self
            .names
            .iter()
            .flat_map(|own| other.names.iter().map(move |name| likeness(own, name)));
        pairs.max().unwrap_or(Likeness::None)
    }

    fn has_number_of(&self, other: &Profile) -> bool {
        let mut both = self.numbers.iter().zip(&other.numbers);
        both.any(|(own, number)| own.is_some() && own == number)
    }

    /// A one-word name is shared by many: it says little when age or sex differ.
    fn contradicts(&self, other: &Profile, today: Date) -> bool {
        let genders = self.gender.as_ref().zip(other.gender.as_ref());
        self.years_between(other, today).is_some_and(|years| years > 5) || genders.is_some_and(|(a, b)| a != b)
    }

    fn is_born_alike(&self, other: &Profile, today: Date) -> bool {
        match (self.birth_date, other.birth_date) {
            (Some(a), Some(b)) => a == b,
            _ => self.years_between(other, today).is_some_and(|years| years <= 1),
        }
    }

    fn years_between(&self, other: &Profile, today: Date) -> Option<i64> {
        let age = |of: &Profile| patient::age(of.birth_date, of.birth_year, today);
        age(self).zip(age(other)).map(|(a, b)| (a - b).abs())
    }
}

fn own_number(field: &Field<Text>, record: &Record) -> Option<String> {
    let number = field.of(record).map(text::identifier);
    number.filter(|number| number.chars().any(char::is_numeric) || number.len() > 4)
}

/// The phone without the country and without what people put between the digits.
fn national(record: &Record) -> Option<String> {
    let digits = text::digits(patient::PHONE.of(record)?);
    Some(text::national(&digits).to_owned()).filter(|phone| phone.len() >= 6)
}
