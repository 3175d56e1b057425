//! What the printed report says of itself, in each language: its headings, the heads of its tables, its sentences. A
//! sentence that one language has the other has too, or this does not compile. `{places}` are filled by who prints.

use serde::Serialize;

use crate::paper::words::Language;

/// All of it in one language.
#[derive(Serialize)]
pub struct Words {
    pub title: &'static str,
    pub records: &'static str,
    pub aside: &'static str,
    pub looked: &'static str,

    pub person: &'static str,
    pub hospital: &'static str,
    pub made: &'static str,
    pub made_by: &'static str,
    pub holds: &'static str,
    pub holds_so_many: &'static str,
    pub heard: &'static str,
    pub never_heard: &'static str,
    pub as_known_here: &'static str,
    pub partial_history: &'static str,
    /// For letters of scripts that the fonts do not have.
    pub not_all_letters: &'static str,

    pub field: &'static str,
    pub stands: &'static str,
    pub when: &'static str,
    pub written_by: &'static str,
    pub computer: &'static str,
    pub written: &'static str,
    pub since: &'static str,
    pub says: &'static str,
    pub who: &'static str,
    pub what: &'static str,

    pub entered_in_error: &'static str,
    pub nothing_stands: &'static str,
    pub not_decided: &'static str,
    pub or: &'static str,
    pub what_still_stood: &'static str,
    pub kept_aside: &'static str,
    pub nothing_aside: &'static str,
    pub nobody_looked: &'static str,
    pub each_look: &'static str,

    pub in_this_report: &'static str,
    pub another_record: &'static str,
    pub empty: &'static str,
    pub emptied: &'static str,
    pub nobody_known: &'static str,
    pub no_name: &'static str,

    pub foot: &'static str,
    pub page: &'static str,
}

impl Words {
    pub fn of(language: Language) -> &'static Words {
        match language {
            Language::English => &ENGLISH,
            Language::Malayalam => &MALAYALAM,
        }
    }
}

/// The text with its places filled.
pub fn filled(text: &str, places: &[(&str, &str)]) -> String {
    // One after the other as they stand, so that a place in what is filled in stays as somebody typed it.
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = places.iter().find(|(place, _)| *place == name);
        whole.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    whole + rest
}

static ENGLISH: Words = Words {
    title: "Everything that is held about a person",
    records: "Records",
    aside: "Kept aside by the district",
    looked: "Who looked",

    person: "Person",
    hospital: "Hospital",
    made: "Made",
    made_by: "{at} by {by}",
    holds: "Holds",
    holds_so_many: "records: {records}, changes: {changes}, looks: {looks}",
    heard: "District last heard",
    never_heard: "never by this computer",
    as_known_here: "It is as this computer knows it: what others wrote since the district was last heard is not in it. \
        Whoever finds something wrong in it may ask for its correction.",
    partial_history: "Of some records only what still stood when this computer joined is here. All of their earlier \
        values are at the district's server.",
    not_all_letters: "Some letters in this report are of a script that cannot be printed here; they stand as empty \
        boxes. They are whole in the file report.json, which can be asked for beside this one.",

    field: "Field",
    stands: "What stands",
    when: "When",
    written_by: "Written by",
    computer: "Computer",
    written: "What was written",
    since: "Since",
    says: "What it says",
    who: "Who",
    what: "What",

    entered_in_error: "{kind} (entered in error)",
    nothing_stands: "Nothing stands in it now.",
    not_decided: "{field}: not decided between {values}.",
    or: " and ",
    what_still_stood: "(only what of it still stood)",
    kept_aside: "(kept aside by the district)",
    nothing_aside: "Nothing that other computers wrote about this person waits for a decision.",
    nobody_looked: "Nobody, as far as this computer knows.",
    each_look: "Each look at the person's page, once in a quarter of an hour, each search in an emergency that named \
        them, and each report like this one.",

    in_this_report: "in this report",
    another_record: "another record",
    empty: "empty",
    emptied: "emptied",
    nobody_known: "not known here",
    no_name: "without a name",

    foot: "{name} · {hospital} · made {at}",
    page: "Page {page} of {of}",
};

static MALAYALAM: Words = Words {
    title: "ഒരാളെക്കുറിച്ചു സൂക്ഷിച്ചിട്ടുള്ളതെല്ലാം",
    records: "രേഖകൾ",
    aside: "ജില്ല മാറ്റിവച്ചവ",
    looked: "ആരെല്ലാം നോക്കി",

    person: "വ്യക്തി",
    hospital: "ആശുപത്രി",
    made: "തയ്യാറാക്കിയത്",
    made_by: "{at}, {by}",
    holds: "ഇതിലുള്ളത്",
    holds_so_many: "രേഖകൾ: {records}, മാറ്റങ്ങൾ: {changes}, നോക്കിയത്: {looks}",
    heard: "ജില്ലയിൽനിന്ന് അവസാനം കേട്ടത്",
    never_heard: "ഈ കമ്പ്യൂട്ടർ ഒരിക്കലും കേട്ടിട്ടില്ല",
    as_known_here: "ഈ കമ്പ്യൂട്ടറിന് അറിയാവുന്നതാണ് ഇതിലുള്ളത്: ജില്ലയിൽനിന്ന് അവസാനം കേട്ടശേഷം മറ്റുള്ളവർ എഴുതിയത് ഇതിലില്ല. \
        എന്തെങ്കിലും തെറ്റെന്നു കണ്ടാൽ തിരുത്താൻ ആവശ്യപ്പെടാം.",
    partial_history: "ചില രേഖകളിൽ, ഈ കമ്പ്യൂട്ടർ ചേർന്നപ്പോൾ നിലനിന്നിരുന്നതു മാത്രമേ ഇവിടെയുള്ളൂ. \
        അതിനു മുമ്പുള്ളതെല്ലാം ജില്ലയുടെ സെർവറിലുണ്ട്.",
    not_all_letters: "ഇതിലെ ചില അക്ഷരങ്ങൾ ഇവിടെ അച്ചടിക്കാനാവാത്ത ലിപിയിലേതാണ്; അവ ഒഴിഞ്ഞ ചതുരങ്ങളായി കാണാം. \
        അവ മുഴുവനായി report.json എന്ന ഫയലിലുണ്ട്; ഇതിനൊപ്പം അതും ആവശ്യപ്പെടാം.",

    field: "വിവരം",
    stands: "ഇപ്പോഴുള്ളത്",
    when: "എപ്പോൾ",
    written_by: "ആരെഴുതി",
    computer: "കമ്പ്യൂട്ടർ",
    written: "എന്തെഴുതി",
    since: "എന്നുമുതൽ",
    says: "ഉള്ളടക്കം",
    who: "ആര്",
    what: "എന്ത്",

    entered_in_error: "{kind} (തെറ്റായി ചേർത്തത്)",
    nothing_stands: "ഇതിൽ ഇപ്പോൾ ഒന്നുമില്ല.",
    not_decided: "{field}: ഇവയിൽ ഏതെന്നു തീരുമാനിച്ചിട്ടില്ല: {values}.",
    or: "; ",
    what_still_stood: "(അന്ന് നിലനിന്നതു മാത്രം)",
    kept_aside: "(ജില്ല മാറ്റിവച്ചു)",
    nothing_aside: "ഈ വ്യക്തിയെക്കുറിച്ചു മറ്റു കമ്പ്യൂട്ടറുകൾ എഴുതിയതൊന്നും തീരുമാനം കാത്തിരിക്കുന്നില്ല.",
    nobody_looked: "ഈ കമ്പ്യൂട്ടറിന് അറിയാവുന്നിടത്തോളം ആരുമില്ല.",
    each_look: "വ്യക്തിയുടെ താൾ നോക്കിയ ഓരോ തവണയും (കാൽമണിക്കൂറിൽ ഒന്ന്), പേരു കാണിച്ച ഓരോ അടിയന്തര തിരച്ചിലും, \
        ഇതുപോലുള്ള ഓരോ റിപ്പോർട്ടും.",

    in_this_report: "ഈ റിപ്പോർട്ടിലുള്ളത്",
    another_record: "മറ്റൊരു രേഖ",
    empty: "ഒഴിഞ്ഞത്",
    emptied: "ഒഴിവാക്കി",
    nobody_known: "ഇവിടെ അറിയാത്ത ആൾ",
    no_name: "പേരില്ലാത്തത്",

    foot: "{name} · {hospital} · {at}",
    page: "താൾ {page} / {of}",
};

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::paper::fonts::Fonts;

    fn all(words: &Words) -> BTreeMap<String, String> {
        serde_json::from_value(serde_json::to_value(words).unwrap()).unwrap()
    }

    fn places(text: &str) -> BTreeSet<&str> {
        let begun = text.split('{').skip(1);
        begun
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn each_heading_and_sentence_is_said_in_malayalam_letters_with_the_same_places_to_fill() {
        let (english, malayalam) = (all(&ENGLISH), all(&MALAYALAM));
        let fonts = Fonts::load().unwrap();
        // Signs that stand between names alone.
        let signs = ["made_by", "or", "foot"];
        for (key, text) in &malayalam {
            assert_eq!(places(text), places(&english[key]), "{key}");
            let is_malayalam = text.chars().any(|letter| matches!(letter, '\u{d00}'..='\u{d7f}'));
            assert_eq!(is_malayalam, !signs.contains(&key.as_str()), "{key}: {text}");
        }
        for text in english.values().chain(malayalam.values()) {
            assert!(
                !text.is_empty() && text.chars().all(|letter| fonts.has(letter)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_again() {
        let places = [("at", "{by}"), ("by", "Anju")];
        assert_eq!(filled("{at} by {by}!", &places), "{by} by Anju!");
        assert_eq!(filled("nothing", &places), "nothing");
    }
}
