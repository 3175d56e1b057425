//! Whether two registrations may be of one person: in what they agree, and whether that is enough
//! to show one while the other is typed. Names are compared by sound and across scripts; a person
//! decides, so what is shown may be wrong, and what is missed is worse.

use std::collections::BTreeSet;

use crate::entities::patient;
use crate::field::{Field, Text};
use crate::record::Record;
use crate::spelling::{latin_of, sound_of, text};
use crate::value::Date;

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

/// Whether two registrations that exist are so alike that somebody has to look: a number that only
/// one person has; the whole name with the phone or the day of birth; a similar name with the phone
/// and the age. The name and an age alone are many people's.
pub fn is_probable(a: &Record, b: &Record, today: Date) -> bool {
    let reasons = reasons(a, b, today);
    let has = |reason| reasons.contains(&reason);
    let same_day = patient::BIRTH_DATE.of(a).is_some() && patient::BIRTH_DATE.of(a) == patient::BIRTH_DATE.of(b);
    has(Reason::SameIdentifier)
        || has(Reason::SameName) && (has(Reason::SamePhone) || same_day)
        || has(Reason::SimilarName) && has(Reason::SamePhone) && has(Reason::SameBirth)
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

/// What a registration shares with every other for which [`is_probable`] may hold: its numbers; its phone or day of birth with
/// the sounds of its whole name; its phone with the sound of one of its names and about its age. Families share a phone and a
/// name, so that less would have everybody compared with their own.
pub fn traits(record: &Record) -> BTreeSet<Trait> {
    let mut found = BTreeSet::new();
    if record.kind != patient::PATIENT.kind || record.is_voided() {
        return found;
    }
    let alone = |text: String| Trait { text, year: None };
    let own = |field: &&&Field<Text>| own_number(field, record).map(|number| format!("{} {number}", field.name()));
    found.extend(NUMBERS.iter().filter_map(|field| own(&field)).map(alone));
    let born = patient::BIRTH_DATE.of(record).map(|born| format!("born {born}"));
    let phone = national(record).map(|phone| format!("phone {phone}"));
    let year = patient::birth_year(record);
    for name in [patient::NAME.of(record), patient::LOCAL_NAME.of(record)] {
        let words = name.map(full_words).unwrap_or_default();
        if words.is_empty() {
            continue;
        }
        let mut sounds: Vec<&str> = words.iter().map(|word| word.sound.as_str()).collect();
        sounds.sort_unstable();
        for with in born.iter().chain(&phone) {
            found.insert(alone(format!("{with} {}", sounds.join(" "))));
            found.insert(alone(format!("{with} {}", together(&words))));
        }
        if let Some(phone) = phone.as_ref().filter(|_| year.is_some()) {
            let text = |sound: &&str| format!("{phone} one {sound}");
            found.extend(sounds.iter().map(text).map(|text| Trait { text, year }));
        }
    }
    found
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

/// In what two registrations agree, the surest first.
pub fn reasons(a: &Record, b: &Record, today: Date) -> Vec<Reason> {
    let same_phone = national(a).is_some_and(|phone| Some(phone) == national(b));
    let name = match likest_names(a, b) {
        Likeness::Single if contradict(a, b, today) => Some(Reason::SimilarName),
        Likeness::Whole | Likeness::Single => Some(Reason::SameName),
        Likeness::Part => Some(Reason::SimilarName),
        Likeness::First if same_phone => Some(Reason::SimilarName),
        Likeness::First | Likeness::None => None,
    };
    let mut found: Vec<Reason> = name.into_iter().collect();
    found.extend(same_number(a, b).then_some(Reason::SameIdentifier));
    found.extend(same_phone.then_some(Reason::SamePhone));
    found.extend(is_born_alike(a, b, today).then_some(Reason::SameBirth));
    found.sort();
    found
}

fn same_number(a: &Record, b: &Record) -> bool {
    NUMBERS
        .iter()
        .any(|field| own_number(field, a).is_some_and(|number| Some(number) == own_number(field, b)))
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

/// A one-word name is shared by many: it says little when age or sex differ.
fn contradict(a: &Record, b: &Record, today: Date) -> bool {
    let ages = patient::age_years(a, today).zip(patient::age_years(b, today));
    let genders = patient::GENDER.of(a).zip(patient::GENDER.of(b));
    ages.is_some_and(|(a, b)| (a - b).abs() > 5) || genders.is_some_and(|(a, b)| a != b)
}

fn is_born_alike(a: &Record, b: &Record, today: Date) -> bool {
    match (patient::BIRTH_DATE.of(a), patient::BIRTH_DATE.of(b)) {
        (Some(a), Some(b)) => a == b,
        _ => {
            let ages = patient::age_years(a, today).zip(patient::age_years(b, today));
            ages.is_some_and(|(a, b)| (a - b).abs() <= 1)
        }
    }
}

/// How far two names agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Likeness {
    None,
    /// The first words.
    First,
    /// All words of the shorter one.
    Part,
    /// All of a name of one word.
    Single,
    /// All of a name of several words.
    Whole,
}

fn likest_names(a: &Record, b: &Record) -> Likeness {
    let names = |record| [patient::NAME.of(record), patient::LOCAL_NAME.of(record)];
    let each = |name: &str| names(b).into_iter().flatten().map(|other| likeness(name, other)).max();
    names(a)
        .into_iter()
        .flatten()
        .filter_map(each)
        .max()
        .unwrap_or(Likeness::None)
}

fn likeness(a: &str, b: &str) -> Likeness {
    let (a, b) = (full_words(a), full_words(b));
    let (shorter, longer) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let mut left: Vec<&Word> = longer.iter().collect();
    let in_both = shorter.iter().filter(|word| {
        let place = left.iter().position(|other| word.is_like(other));
        place.map(|place| left.remove(place)).is_some()
    });
    let in_both = in_both.count();
    match (in_both, shorter.as_slice(), longer.as_slice()) {
        (_, [], _) => Likeness::None,
        (1, [one], [other]) if one.latin != other.latin => Likeness::Part,
        (1, [_], [_]) => Likeness::Single,
        _ if is_written_together(shorter, longer) => Likeness::Whole,
        (_, some, all) if in_both == some.len() && some.len() == all.len() => Likeness::Whole,
        (_, some, _) if in_both == some.len() => Likeness::Part,
        (_, [first, ..], [other, ..]) if first.is_like(other) => Likeness::First,
        _ => Likeness::None,
    }
}

/// `Abdul Rahman` and `Abdulrahman`.
fn is_written_together(a: &[Word], b: &[Word]) -> bool {
    let sound = together(a);
    a.len() != b.len() && sound.len() > 4 && sound == together(b)
}

/// How the words sound when they are written as one.
fn together(words: &[Word]) -> String {
    sound_of(&words.iter().map(|word| word.latin.as_str()).collect::<String>())
}

/// One word of a name.
struct Word {
    latin: String,
    sound: String,
}

/// The words of a name without initials, which some people write and some do not.
fn full_words(name: &str) -> Vec<Word> {
    let word = |word: String| Word {
        latin: latin_of(&word),
        sound: sound_of(&word),
    };
    text::words(name)
        .into_iter()
        .filter(|word| word.chars().count() > 1)
        .map(word)
        .collect()
}

impl Word {
    /// Heard alike; where few consonants are heard, with the same first vowel.
    fn is_like(&self, other: &Word) -> bool {
        let heard = self.sound == other.sound && !self.sound.is_empty();
        self.latin == other.latin || heard && (self.sound.len() > 2 || self.first_vowel() == other.first_vowel())
    }

    fn first_vowel(&self) -> Option<char> {
        self.latin.chars().find_map(|letter| match letter {
            'a' => Some('a'),
            'e' | 'i' | 'y' => Some('i'),
            'o' | 'u' => Some('u'),
            _ => None,
        })
    }
}

/// What a name is searched by among all: its words without initials.
pub fn without_initials(name: &str) -> String {
    let words = text::words(name);
    let full: Vec<String> = words.into_iter().filter(|word| word.chars().count() > 1).collect();
    full.join(" ")
}
