//! The languages of paper, and in them the words of kinds, fields and codes and how a day is written. The English words
//! stand in the descriptions, the Malayalam ones in the one file from which the window has them too.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::codes::CodeList;
use domain::entities::entity;
use domain::{Date, Time};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

static IN_MALAYALAM: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let written = include_str!("../../../../ui/src/i18n/entities.ml.json");
    serde_json::from_str(written).unwrap_or_default()
});

/// Of each language, from January, as the window writes them.
const MONTHS: [[&str; 12]; 2] = [
    [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ],
    [
        "ജനു",
        "ഫെബ്രു",
        "മാർ",
        "ഏപ്രി",
        "മേയ്",
        "ജൂൺ",
        "ജൂലൈ",
        "ഓഗ",
        "സെപ്റ്റം",
        "ഒക്ടോ",
        "നവം",
        "ഡിസം",
    ],
];

/// What the window speaks, and paper.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub enum Language {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "ml")]
    Malayalam,
}

impl Language {
    pub const ALL: [Language; 2] = [Language::English, Language::Malayalam];

    /// As whoever reads a file aloud is told: `en`, `ml`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Malayalam => "ml",
        }
    }

    /// What records of the kind are called; empty for one that is not known here.
    pub fn kind(self, kind: &str) -> &'static str {
        let english = entity(kind).map_or("", |entity| entity.label);
        self.word(&format!("kind.{kind}"), english)
    }

    /// What the field is called; its name where it is not known here.
    pub fn field<'w>(self, kind: &str, field: &'w str) -> &'w str {
        let about = entity(kind).and_then(|entity| entity.field(field));
        about.map_or(field, |about| self.word(&format!("field.{kind}.{field}"), about.label))
    }

    /// What the word of the list says; the word where it is not known here.
    pub fn code<'w>(self, list: &CodeList, word: &'w str) -> &'w str {
        let known = list.codes.iter().find(|code| code.word == word);
        known.map_or(word, |code| {
            self.word(&format!("code.{}.{word}", list.name), code.label)
        })
    }

    fn word(self, key: &str, english: &'static str) -> &'static str {
        match self {
            Language::English => english,
            Language::Malayalam => IN_MALAYALAM.get(key).map_or(english, String::as_str),
        }
    }

    /// `20-Nov-2026`.
    pub fn day(self, day: Date) -> String {
        let iso = day.to_string();
        let parts: Vec<&str> = iso.rsplitn(3, '-').collect();
        let [of_month, month, year] = parts.as_slice() else {
            return iso;
        };
        let months = MONTHS.get(self as usize).into_iter().flatten();
        let number = month.parse::<usize>().unwrap_or_default();
        match months.enumerate().find(|(place, _)| place + 1 == number) {
            Some((_, name)) => format!("{of_month}-{name}-{year}"),
            None => iso,
        }
    }

    /// A moment in local time: `20-Nov-2026 09:15`.
    pub fn moment(self, moment: Time, utc_offset_minutes: i32) -> String {
        let day = self.day(moment.day(utc_offset_minutes));
        format!("{day} {}", super::clock(moment, utc_offset_minutes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::fonts::Fonts;
    use domain::entities::ENTITIES;
    use domain::field::Shape;

    #[test]
    fn every_kind_field_and_code_has_its_word_in_both_languages() {
        let mut missing = Vec::new();
        let mut ask = |key: String, english: &str| {
            if english.is_empty() || !IN_MALAYALAM.contains_key(&key) {
                missing.push(key);
            }
        };
        for entity in ENTITIES {
            ask(format!("kind.{}", entity.kind), entity.label);
            for about in entity.all_fields() {
                ask(format!("field.{}.{}", entity.kind, about.name), about.label);
                if let Shape::Code(list) | Shape::Codes(list) = about.shape {
                    for code in list.codes {
                        ask(format!("code.{}.{}", list.name, code.word), code.label);
                    }
                }
            }
        }
        assert!(missing.is_empty(), "without a word: {missing:?}");
    }

    #[test]
    fn every_letter_of_every_word_can_be_printed() {
        let fonts = Fonts::load().unwrap();
        let english = ENTITIES
            .iter()
            .flat_map(|entity| entity.all_fields())
            .flat_map(|about| {
                let codes = match about.shape {
                    Shape::Code(list) | Shape::Codes(list) => list.codes,
                    _ => &[],
                };
                let labels = codes.iter().map(|code| code.label);
                labels.chain([about.label, about.unit]).collect::<Vec<_>>()
            });
        let all = IN_MALAYALAM.values().map(String::as_str).chain(english);
        for text in all.chain(MONTHS.into_iter().flatten()) {
            for letter in text.chars() {
                assert!(fonts.has(letter), "{letter:?} of {text}");
            }
        }
    }

    #[test]
    fn words_and_days_are_said_in_the_language_that_was_asked_for() {
        let (english, malayalam) = (Language::English, Language::Malayalam);
        assert_eq!((english.kind("round"), malayalam.kind("round")), ("Round", "റൗണ്ട്"));
        assert_eq!(english.field("patient", "name"), "Name"); // not a kind: asked by a test
        assert_eq!(malayalam.field("patient", "name"), "പേര്"); // not a kind: asked by a test
        assert_eq!(malayalam.field("patient", "of_a_newer_version"), "of_a_newer_version"); // not a kind: asked by a test
        let role = &domain::codes::person::ROLE;
        assert_eq!(
            (malayalam.code(role, "nurse"), malayalam.code(role, "wizard")),
            ("നഴ്സ്", "wizard")
        );
        let day: Date = "2026-09-05".parse().unwrap();
        assert_eq!(
            (english.day(day), malayalam.day(day)),
            ("05-Sep-2026".into(), "05-സെപ്റ്റം-2026".into())
        );
        assert_eq!(english.moment(Time(0), 330), "01-Jan-1970 05:30");
    }
}
