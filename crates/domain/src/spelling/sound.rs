//! How a name sounds: a key that the spellings of one Indian name share. Consonants that are
//! heard alike become one letter, vowels fall away except the first. Pure.

/// Letters that are heard as others, the longest first.
const HEARD_AS: [(&str, &str); 23] = [
    ("ksh", "ks"),
    ("chh", "C"),
    ("ch", "C"),
    ("sh", "s"),
    ("zh", "l"),
    ("th", "t"),
    ("dh", "d"),
    ("bh", "b"),
    ("ph", "f"),
    ("kh", "k"),
    ("gh", "g"),
    ("jh", "j"),
    ("ck", "k"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("c", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("q", "k"),
    ("z", "s"),
    ("ou", "u"),
    ("ow", "u"),
];

/// The sound of a word in small Latin letters; empty when it has none.
pub fn sound(word: &str) -> String {
    let heard = heard(word);
    let letters: Vec<char> = heard.chars().collect();
    let mut key = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let kept = match letter {
            _ if index == 0 => first(*letter),
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' => None,
            'h' => is_between_vowels(&letters, index).then_some('h'),
            c => c.is_ascii_alphanumeric().then_some(c.to_ascii_lowercase()),
        };
        if let Some(kept) = kept.filter(|kept| !key.ends_with(*kept)) {
            key.push(kept);
        }
    }
    key
}

fn heard(word: &str) -> String {
    let mut rest = word;
    let mut out = String::with_capacity(word.len());
    while let Some(letter) = rest.chars().next() {
        let rule = HEARD_AS
            .iter()
            .find_map(|(from, to)| Some((rest.strip_prefix(from)?, to)));
        if let Some((tail, to)) = rule {
            out.push_str(to);
            rest = tail;
        } else {
            out.push(letter);
            rest = rest.get(letter.len_utf8()..).unwrap_or("");
        }
    }
    out
}

/// A first vowel is heard as one of three.
fn first(letter: char) -> Option<char> {
    match letter {
        'e' | 'i' => Some('i'),
        'o' | 'u' => Some('u'),
        'C' => Some('c'),
        c => c.is_ascii_alphanumeric().then_some(c),
    }
}

fn is_between_vowels(letters: &[char], index: usize) -> bool {
    let is_vowel = |at: Option<usize>| {
        at.and_then(|at| letters.get(at))
            .is_some_and(|letter| "aeiouy".contains(*letter))
    };
    is_vowel(index.checked_sub(1)) && is_vowel(Some(index + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for names in [
            ["lakshmi", "laxmi", "lekshmi"],
            ["muhammed", "mohammad", "mohamed"],
            ["fathima", "fatima", "phathima"],
            ["krishna", "krishnan", "krisnan"],
            ["riyas", "riyaz", "riaz"],
            ["sarah", "sara", "zara"],
            ["vishwanath", "viswanath", "vishvanat"],
            ["indira", "endira", "indhira"],
            ["ousha", "usha", "oosha"],
            ["kozhikode", "kolikod", "kozhikkode"],
        ] {
            let keys = names.map(sound);
            assert!(keys.iter().all(|key| *key == keys[0]), "{names:?} {keys:?}");
        }
    }

    #[test]
    fn other_names_sound_otherwise() {
        for [a, b] in [
            ["lakshmi", "latha"],
            ["anju", "unni"],
            ["ravi", "rani"],
            ["mary", "maran"],
        ] {
            assert_ne!(sound(a), sound(b));
        }
        assert_eq!(sound(""), "");
        assert_eq!(sound("അ"), "");
    }
}
