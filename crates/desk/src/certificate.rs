//! By which certificate the desk knows its server: it learns the next one in a round, goes over to it once the server
//! shows it, and where it missed all that a person says by five words that another is the server's.

use sync_core::Hash;
use sync_core::certificate::Certificate;
use sync_core::entry::fingerprint_words;

use crate::Failure;
use crate::desk::{Desk, Notice};
use crate::net::join::greet;

/// The most letters of five words that are looked at.
const MOST_LETTERS: usize = 200;

impl Desk {
    /// Keeps which certificate the server showed last, and which it said will follow. What was learnt is said to the
    /// server in the next round.
    pub(crate) fn follow_certificate(&self, shown: Option<Hash>, told: Option<Certificate>) -> Result<(), Failure> {
        let is_learnt = self.change_file(|file| {
            let Some(server) = &mut file.server else {
                return Ok(false);
            };
            shown.into_iter().for_each(|shown| server.see(shown));
            let before = server.next;
            told.into_iter().for_each(|told| server.learn(told));
            Ok(server.next != before)
        })?;
        if is_learnt {
            self.inner.wake.notify_one();
        }
        Ok(())
    }

    /// Knows the server by the certificate that it shows now, for a desk that missed how it came. The server has to sign that
    /// it is its own, with the key that the desk knows since it joined; and the person has to type the five words
    /// that stand for it, read at the server.
    ///
    /// # Errors
    /// `certificate_of_another` when the server does not sign it; `words_differ`; or why it cannot be asked. Nothing was
    /// changed then.
    pub async fn trust_certificate(&self, words: &str) -> Result<(), Failure> {
        let server = self.file()?.server.ok_or_else(|| Failure::new("not_set_up"))?;
        let (_, shown) = greet(&server.address, self.inner.options.patience).await?;
        let certificate = shown.certificate();
        if !server.certificates().any(|known| known == certificate) {
            let signed = shown.signed_by(&server.key);
            let signed = signed.filter(|signed| signed.made_ms > server.knows_ms());
            let signed = signed.ok_or_else(|| Failure::new("certificate_of_another"))?;
            if !are_words_of(&certificate, words) {
                return Err(Failure::new("words_differ"));
            }
            self.change_file(|file| {
                let now = file.server.as_mut().filter(|now| **now == server);
                now.ok_or_else(|| Failure::new("already_decided"))?.trust(signed);
                Ok(())
            })?;
            if let Ok((open, session)) = self.at_work() {
                self.note(&open, &session, &self.event("certificate_trusted", &session));
            }
        }
        self.inner.wake.notify_one();
        self.tell(Notice::Status);
        Ok(())
    }
}

/// Whether a person typed the words that stand for the certificate, however they parted them.
fn are_words_of(certificate: &Hash, typed: &str) -> bool {
    let typed: String = typed.chars().take(MOST_LETTERS).collect::<String>().to_lowercase();
    let typed = typed.split(|letter: char| !letter.is_alphabetic());
    typed.filter(|word| !word.is_empty()).eq(fingerprint_words(certificate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_are_read_however_they_are_written_and_nothing_else_is() {
        let hash = Hash::of(b"certificate");
        let words = fingerprint_words(&hash);
        for parted in [" ", " · ", ", ", "\n", " - "] {
            assert!(are_words_of(&hash, &format!(" {} ", words.join(parted))));
        }
        assert!(are_words_of(&hash, &words.join(" ").to_uppercase()));
        let four = words.split_last().unwrap().1.join(" ");
        let twice = [words, words].concat().join(" ");
        let mut turned = words;
        turned.reverse();
        for other in ["", "·", &four, &twice, &words.concat(), &turned.join(" ")] {
            assert!(!are_words_of(&hash, other), "{other}");
        }
        assert!(!are_words_of(&Hash::of(b"another"), &words.join(" ")));
    }
}
