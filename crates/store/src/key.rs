//! The key of a desktop's database; it erases itself from memory.

use std::fmt;

use zeroize::Zeroizing;

/// 32 random bytes that open the file. They stay in one place: whoever hands the key on leaves no copy behind.
pub struct DatabaseKey(Box<Zeroizing<[u8; 32]>>);

impl DatabaseKey {
    /// The same bytes in a place of their own.
    pub fn new(bytes: &[u8; 32]) -> DatabaseKey {
        let mut key = DatabaseKey(Box::new(Zeroizing::new([0; 32])));
        key.0.copy_from_slice(bytes);
        key
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The statement that unlocks a connection; it must be the connection's first.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = Zeroizing::new(String::with_capacity(96));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            for half in [byte >> 4, byte & 15] {
                text.push(DIGITS.get(usize::from(half)).map_or('0', |digit| char::from(*digit)));
            }
        }
        text.push_str("'\"");
        text
    }
}

impl Clone for DatabaseKey {
    fn clone(&self) -> DatabaseKey {
        DatabaseKey::new(self.bytes())
    }
}

impl fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹key›")
    }
}
