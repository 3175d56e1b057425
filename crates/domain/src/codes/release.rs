//! Codes whose meaning changed between Care's releases. Everything else is the same in both and
//! stands in the lists.

use super::CodeList;

/// A release of Care from which codes may come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Release {
    /// May 2022.
    C22,
    /// March 2024.
    C24,
}

/// List, code and word, where the release of May 2022 meant something else.
const C22_MEANT: &[(&str, &str, &str)] = &[
    ("symptom", "8", "vomiting_or_diarrhoea"),
    ("follow_up", "10", "pending"),
    ("consciousness", "10", "drowsy"),
    ("consciousness", "15", "stuporous"),
    ("consciousness", "20", "comatose"),
    ("consciousness", "25", "cannot_be_assessed"),
];

/// List and code that a release did not know, although the other does. The symptoms from 17 on came
/// after May 2022.
fn is_unknown(release: Release, list: &str, code: &str) -> bool {
    match (release, list, code) {
        (Release::C22, "follow_up", "20" | "90") | (Release::C22, "consciousness", "30") => true,
        (Release::C22, "symptom", code) => code.parse::<u32>().is_ok_and(|number| number >= 17),
        (Release::C24, "symptom", "10") => true,
        _ => false,
    }
}

impl CodeList {
    /// The word for `code` as `release` of Care meant it.
    pub fn from_release(&self, release: Release, code: &str) -> Option<&'static str> {
        if is_unknown(release, self.name, code) {
            return None;
        }
        if release == Release::C22 {
            let meant = C22_MEANT
                .iter()
                .find(|(list, known, _)| *list == self.name && *known == code);
            if let Some((_, _, word)) = meant {
                return Some(word);
            }
        }
        self.from_care(code)
    }
}

/// The list and word for a consultation's `category`: in May 2022 it held the Covid category, of
/// which "Moderate" means another thing than the later "Moderate".
pub fn category(release: Release, code: &str) -> Option<(&'static CodeList, &'static str)> {
    let list = match release {
        Release::C22 => &super::encounter::COVID_CATEGORY,
        Release::C24 => &super::encounter::CATEGORY,
    };
    list.from_care(code).map(|word| (list, word))
}
