//! What else decides how many instructions a job needs: the compiler, the libraries of the system, and Valgrind.

use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::Result;
use crate::valgrind::Valgrind;

/// With what a table was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeWith {
    pub rustc: String,
    pub libc: String,
    /// The ciphers of the file.
    pub openssl: String,
    pub valgrind: String,
}

impl MadeWith {
    /// What is here.
    ///
    /// # Errors
    /// When one of them does not say its version.
    pub fn here(valgrind: &Valgrind) -> Result<MadeWith> {
        let libc = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
        let libc = libc.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned());
        let engine = rusqlite::Connection::open_in_memory()?;
        // Without one it has no ciphers.
        engine.pragma_update(None, "key", "any")?;
        let openssl: String = engine.query_row("PRAGMA cipher_provider_version", [], |row| row.get(0))?;
        Ok(MadeWith {
            rustc: env!("RUSTC_VERSION").to_owned(),
            libc: series(&libc.unwrap_or_default()),
            openssl: series(&openssl),
            valgrind: series(&valgrind.version()?),
        })
    }

    /// What is another here, in words.
    pub fn differences(&self, here: &MadeWith) -> Vec<String> {
        let parts = [
            ("rustc", &self.rustc, &here.rustc),
            ("libc", &self.libc, &here.libc),
            ("OpenSSL", &self.openssl, &here.openssl),
            ("Valgrind", &self.valgrind, &here.valgrind),
        ];
        let differing = parts.into_iter().filter(|(_, then, here)| then != here);
        differing
            .map(|(part, then, here)| format!("the table was made with {part} {then}, here is {here}"))
            .collect()
    }
}

/// `3.0` of `OpenSSL 3.0.19 27 Jan 2026`: what mends a fault within a series changes little.
fn series(told: &str) -> String {
    let version = told
        .split_whitespace()
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    let parts: Vec<&str> = version.unwrap_or("unknown").split('.').take(2).collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_read_from_what_libraries_say_of_themselves() {
        for (told, expected) in [
            ("OpenSSL 3.0.19 27 Jan 2026", "3.0"),
            ("glibc 2.36\n", "2.36"),
            ("3.19.0", "3.19"),
            ("", "unknown"),
        ] {
            assert_eq!(series(told), expected, "{told}");
        }
    }

    #[test]
    fn only_what_is_another_is_named() {
        let then = MadeWith {
            rustc: "1.95.0".to_owned(),
            libc: "2.36".to_owned(),
            openssl: "3.0".to_owned(),
            valgrind: "3.19".to_owned(),
        };
        let here = MadeWith {
            openssl: "3.5".to_owned(),
            ..then.clone()
        };
        assert_eq!(then.differences(&then), [""; 0]);
        let expected = "the table was made with OpenSSL 3.0, here is 3.5";
        assert_eq!(then.differences(&here), [expected]);
    }
}
