//! The code of a recovery sheet: 140 random bits in seven groups of five letters. The last letter of each group is
//! reckoned from the others and the group's place, so that a slip is found in the group in which it was made.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::seal::{Key, derive, random_key};

/// Without letters that are mistaken for others (Crockford).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
pub const GROUPS: usize = 7;
/// Of which the last is reckoned.
pub const GROUP_LETTERS: usize = 5;

/// What a sheet's code says, five bits in each byte.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Code([u8; GROUPS * (GROUP_LETTERS - 1)]);

/// What was typed is no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoCode {
    #[error("there are {0} letters")]
    Letters(usize),
    /// Counted from 1.
    #[error("group {0} is mistyped")]
    Group(usize),
}

impl Code {
    /// A new one.
    pub fn random() -> Code {
        let random = random_key();
        let mut code = Code([0; GROUPS * (GROUP_LETTERS - 1)]);
        for (five, byte) in code.0.iter_mut().zip(random.iter()) {
            *five = byte & 31;
        }
        code
    }

    /// What a person typed: small letters, spaces and dashes do not matter, nor O for 0, nor I or L for 1.
    ///
    /// # Errors
    /// [`NoCode`] with the first group in which something is wrong.
    pub fn read(typed: &str) -> Result<Code, NoCode> {
        let typed = typed.chars().filter(|letter| !letter.is_whitespace() && *letter != '-');
        let typed: Zeroizing<Vec<char>> = Zeroizing::new(typed.collect());
        if typed.len() != GROUPS * GROUP_LETTERS {
            return Err(NoCode::Letters(typed.len()));
        }
        let mut code = Code([0; GROUPS * (GROUP_LETTERS - 1)]);
        let fives = code.0.chunks_mut(GROUP_LETTERS - 1);
        for (place, (group, fives)) in typed.chunks(GROUP_LETTERS).zip(fives).enumerate() {
            let mut values = Zeroizing::new([0_u8; GROUP_LETTERS]);
            for (value, letter) in values.iter_mut().zip(group) {
                *value = value_of(*letter).ok_or(NoCode::Group(place + 1))?;
            }
            let (check, said) = values.split_last().unwrap_or((&0, &[]));
            if check_of(place, said) != *check {
                return Err(NoCode::Group(place + 1));
            }
            fives.copy_from_slice(said);
        }
        Ok(code)
    }

    /// As it stands on paper.
    pub fn groups(&self) -> Vec<Zeroizing<String>> {
        let groups = self.0.chunks(GROUP_LETTERS - 1).enumerate();
        let text = |(place, said): (usize, &[u8])| {
            let check = check_of(place, said);
            let values = said.iter().chain([&check]);
            Zeroizing::new(values.map(|value| letter_of(*value)).collect())
        };
        groups.map(text).collect()
    }

    /// The key that it gives for `purpose`.
    pub fn key(&self, purpose: &str) -> Key {
        derive(&[&self.0], purpose)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹code›")
    }
}

fn letter_of(value: u8) -> char {
    LETTERS
        .get(usize::from(value))
        .map_or('0', |letter| char::from(*letter))
}

fn value_of(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = LETTERS.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(at).ok()
}

/// Over the field of 32 elements, each letter counts twice as much as the next: one that is wrong and two that changed
/// places are found always.
fn check_of(place: usize, said: &[u8]) -> u8 {
    let twice = |value: u8| ((value << 1) ^ if value & 16 == 0 { 0 } else { 0b10_0101 }) & 31;
    let begun = u8::try_from(place + 1).unwrap_or_default();
    said.iter().fold(begun, |sum, value| twice(sum ^ value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(code: &Code) -> String {
        let groups: Vec<String> = code.groups().iter().map(|group| group.to_string()).collect();
        groups.join("-")
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        for _ in 0..50 {
            let code = Code::random();
            let text = text(&code);
            assert_eq!(text.len(), 41);
            for typed in [
                text.clone(),
                text.to_lowercase(),
                text.replace('-', " "),
                text.replace('-', "").replace('0', "o").replace('1', "l"),
            ] {
                assert_eq!(Code::read(&typed), Ok(code.clone()));
            }
        }
    }

    #[test]
    fn one_wrong_letter_two_swapped_ones_and_two_swapped_groups_are_found_where_they_are() {
        let code = Code::random();
        let letters: Vec<char> = text(&code).chars().filter(|letter| *letter != '-').collect();
        let read = |letters: &[char]| Code::read(&letters.iter().collect::<String>());
        for at in 0..letters.len() {
            for other in LETTERS.iter().map(|letter| char::from(*letter)) {
                let mut typed = letters.clone();
                typed[at] = other;
                if other != letters[at] {
                    assert_eq!(read(&typed), Err(NoCode::Group(at / GROUP_LETTERS + 1)));
                }
            }
            let mut typed = letters.clone();
            let next = (at + 1) % letters.len();
            typed.swap(at, next);
            let is_within = at / GROUP_LETTERS == next / GROUP_LETTERS;
            if is_within && letters[at] != letters[next] {
                assert_eq!(read(&typed), Err(NoCode::Group(at / GROUP_LETTERS + 1)));
            }
        }
        let mut typed = letters.clone();
        typed.rotate_left(GROUP_LETTERS);
        assert_eq!(read(&typed), Err(NoCode::Group(1)));
        assert_eq!(read(&letters[1..]), Err(NoCode::Letters(34)));
        assert_eq!(read(&['#'; 35]), Err(NoCode::Group(1)));
    }

    #[test]
    fn no_two_codes_are_the_same_and_none_is_shown_by_accident() {
        let code = Code::random();
        assert!(code != Code::random() && code.key("a") != code.key("b"));
        assert_eq!(format!("{code:?}"), "‹code›");
    }
}
