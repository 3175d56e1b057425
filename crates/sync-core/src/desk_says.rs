//! What a desk says of itself with each exchange, in a header: for the people who look after desks. Nothing is decided
//! by it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{Lsn, SpaceId};

/// The most letters of a version, and the most spaces, that are kept.
const VERSION_LETTERS: usize = 32;
const MOST_SPACES: usize = 8;
/// The most bytes that are read.
const MOST_BYTES: usize = 1_024;

/// What a desk says of itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeskSays {
    /// Of its program.
    pub version: String,
    /// How many of its changes the server has not got.
    pub unsent: u64,
    /// Up to which number it holds each space.
    pub holds: BTreeMap<SpaceId, Lsn>,
    /// It found that the district has other changes under its name than it wrote: its file is an older copy, or there
    /// are two.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_forked: bool,
}

impl DeskSays {
    /// As it stands in the header.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("it has only text keys")
    }

    /// Reads the header; nothing when it is not of its form, or says more than a desk has to say.
    pub fn read(text: &str) -> Option<DeskSays> {
        let says: DeskSays = serde_json::from_str(text).ok().filter(|_| text.len() <= MOST_BYTES)?;
        let is_version = says.version.len() <= VERSION_LETTERS
            && says
                .version
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || b".-+".contains(&letter));
        (is_version && says.holds.len() <= MOST_SPACES).then_some(says)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_a_desk_says_is_read_and_nothing_else_is() {
        let says = DeskSays {
            version: "0.1.0".to_owned(),
            unsent: 3,
            holds: BTreeMap::from([(SpaceId::District(Uuid::from_u128(1)), 7)]),
            is_forked: false,
        };
        let text = says.text();
        assert_eq!(
            text,
            r#"{"version":"0.1.0","unsent":3,"holds":{"district:00000000-0000-0000-0000-000000000001":7}}"#
        );
        assert_eq!(DeskSays::read(&text), Some(says.clone()));
        let named = DeskSays {
            version: "Kamala Devi".to_owned(),
            ..says.clone()
        };
        let long = DeskSays {
            version: "1".repeat(33),
            ..says.clone()
        };
        let many = (0..9).map(|id| (SpaceId::District(Uuid::from_u128(id)), 7)).collect();
        let many = DeskSays { holds: many, ..says };
        for odd in [
            named.text(),
            long.text(),
            many.text(),
            String::new(),
            "{}".to_owned(),
            format!("{text} {}", " ".repeat(2_000)),
        ] {
            assert_eq!(DeskSays::read(&odd), None, "{odd}");
        }
    }
}
