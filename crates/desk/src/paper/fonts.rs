//! The fonts of paper, as they are drawn and as they are measured: Noto Sans (SIL Open Font License 1.1) in Latin and
//! Malayalam, which come with the program. Where lines break follows from them. The Latin one is the part of Noto Sans
//! 2.004 for the languages of Europe, with small figures beneath the line (SpO₂); its minus sign is its dash.

use krilla::text::Font;
use rustybuzz::{Face, UnicodeBuffer};

static LATIN: &[u8] = include_bytes!("../../fonts/NotoSans-Latin.ttf");
static MALAYALAM: &[u8] = include_bytes!("../../fonts/NotoSansMalayalam-Regular.ttf");

/// One font: what draws it, and what measures it.
pub struct Script {
    pub font: Font,
    face: Face<'static>,
    /// Of its text, for whoever has it read aloud.
    pub language: &'static str,
}

/// All of them.
pub struct Fonts {
    latin: Script,
    malayalam: Script,
}

impl Fonts {
    /// The fonts, unless the program was built with broken ones.
    pub fn load() -> Option<Fonts> {
        let one = |bytes: &'static [u8], language| {
            Some(Script {
                font: Font::new(bytes.into(), 0)?,
                face: Face::from_slice(bytes, 0)?,
                language,
            })
        };
        Some(Fonts {
            latin: one(LATIN, "en")?,
            malayalam: one(MALAYALAM, "ml")?,
        })
    }

    fn of(&self, letter: char) -> Option<&Script> {
        match letter {
            '\u{d00}'..='\u{d7f}' | '\u{200b}'..='\u{200d}' => Some(&self.malayalam),
            // Both have it, and it goes with what stands before it.
            ' ' => None,
            _ => Some(&self.latin),
        }
    }

    /// Whether the letter can be printed; another one stands as an empty box.
    pub fn has(&self, letter: char) -> bool {
        let script = self.of(letter).unwrap_or(&self.latin);
        letter.is_control() || script.face.glyph_index(letter).is_some()
    }

    /// The text in parts of one font each.
    pub fn runs<'t>(&self, text: &'t str) -> Vec<(&'t str, &Script)> {
        let mut runs: Vec<(&str, &Script)> = Vec::new();
        let mut begun = 0;
        let mut font = text.chars().find_map(|letter| self.of(letter)).unwrap_or(&self.latin);
        for (at, letter) in text.char_indices() {
            let Some(next) = self.of(letter).filter(|next| !std::ptr::eq(*next, font)) else {
                continue;
            };
            runs.push((text.get(begun..at).unwrap_or_default(), font));
            (begun, font) = (at, next);
        }
        runs.push((text.get(begun..).unwrap_or_default(), font));
        runs.retain(|(text, _)| !text.is_empty());
        runs
    }

    /// How wide the text is, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.runs(text)
            .iter()
            .map(|(text, script)| script.width(text, size))
            .sum()
    }

    /// The text in lines that are no wider than `width`. A line that was broken by hand stays so, and a word that is
    /// wider is broken where it must be. A text of nothing is one empty line.
    pub fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let space = self.latin.width(" ", size).max(self.malayalam.width(" ", size));
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let (mut line, mut used) = (String::new(), 0.0);
            for word in paragraph.split_whitespace() {
                // Words are measured alone: a long text is measured once, and not once more with each of its words.
                let wide = self.width(word, size);
                if !line.is_empty() && used + space + wide <= width {
                    line.push(' ');
                    line.push_str(word);
                    used += space + wide;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = if wide <= width {
                    word.to_owned()
                } else {
                    self.broken(word, size, width, &mut lines)
                };
                used = self.width(&line, size);
            }
            lines.push(line);
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// The text if it fits into `width`, else as many of its words as do, and `…`.
    pub fn begun(&self, text: &str, size: f32, width: f32) -> String {
        let mut lines = self.wrapped(text, size, width - self.width("…", size));
        if lines.len() < 2 || self.width(text, size) <= width {
            return text.to_owned();
        }
        lines.swap_remove(0) + "…"
    }

    /// Puts what fills lines of its own into `lines`, and answers the rest of the word.
    fn broken(&self, word: &str, size: f32, width: f32, lines: &mut Vec<String>) -> String {
        let mut line = String::new();
        for syllable in syllables(word) {
            let longer = format!("{line}{syllable}");
            if !line.is_empty() && self.width(&longer, size) > width {
                lines.push(std::mem::replace(&mut line, syllable.to_owned()));
            } else {
                line = longer;
            }
        }
        line
    }
}

impl Script {
    /// How wide the text is in this font, in points.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        let shaped = rustybuzz::shape(&self.face, &[], buffer);
        let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
        units as f32 / self.face.units_per_em() as f32 * size
    }
}

/// The word in parts between which it may be broken: never before a vowel sign, nor in a conjunct.
fn syllables(word: &str) -> Vec<&str> {
    let hangs = |letter: char| {
        matches!(letter, '\u{d00}'..='\u{d03}' | '\u{d3b}'..='\u{d4d}' | '\u{d57}' | '\u{d62}'..='\u{d63}'
            | '\u{200b}'..='\u{200d}' | '\u{300}'..='\u{36f}')
    };
    let joins = |letter: char| matches!(letter, '\u{d4d}' | '\u{200c}' | '\u{200d}');
    let mut parts = Vec::new();
    let (mut begun, mut before) = (0, ' ');
    for (at, letter) in word.char_indices() {
        if at > 0 && !hangs(letter) && !joins(before) {
            parts.push(word.get(begun..at).unwrap_or_default());
            begun = at;
        }
        before = letter;
    }
    parts.push(word.get(begun..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malayalam_is_shaped() {
        let fonts = Fonts::load().unwrap();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str("ഷ്ടപ്പെട്ടെ");
        let glyphs = rustybuzz::shape(&fonts.malayalam.face, &[], buffer);
        let ids: Vec<u32> = glyphs.glyph_infos().iter().map(|glyph| glyph.glyph_id).collect();
        assert!(ids.len() < "ഷ്ടപ്പെട്ടെ".chars().count() && !ids.contains(&0), "{ids:?}");
    }

    #[test]
    fn nothing_is_wider_than_its_place_and_no_letter_is_lost() {
        let fonts = Fonts::load().unwrap();
        let long = "9".repeat(300);
        let vowels = "കൊട്ടാരക്കരയിൽനിന്നുള്ള".repeat(9);
        for text in ["", "Kamala Devi sleeps well", "two\n\nlines by hand", &long, &vowels] {
            for width in [30.0, 90.0, 400.0] {
                let lines = fonts.wrapped(text, 9.0, width);
                for line in &lines {
                    assert!(fonts.width(line, 9.0) <= width, "{line} in {width}");
                }
                let letters = |text: &str| text.split_whitespace().collect::<String>();
                assert_eq!(letters(&lines.concat()), letters(text));
            }
        }
        assert_eq!(fonts.wrapped("two\n\nlines", 9.0, 400.0), ["two", "", "lines"]);
        assert_eq!(fonts.wrapped("", 9.0, 400.0), [""]);
    }

    #[test]
    fn what_does_not_fit_on_its_line_ends_in_a_mark() {
        let fonts = Fonts::load().unwrap();
        let wide = fonts.width("കമല Devi", 9.0);
        assert_eq!(fonts.begun("കമല Devi", 9.0, wide + 1.0), "കമല Devi");
        assert_eq!(fonts.begun("കമല Devi", 9.0, wide - 1.0), "കമല…");
        let long = fonts.begun(&"കൊട്ടാരക്കര".repeat(40), 9.0, 200.0);
        assert!(long.ends_with('…') && fonts.width(&long, 9.0) <= 200.0);
    }

    #[test]
    fn a_word_breaks_between_syllables() {
        assert_eq!(syllables("abc"), ["a", "b", "c"]);
        assert_eq!(syllables("കൊട്ടാരം"), ["കൊ", "ട്ടാ", "രം"]);
    }

    #[test]
    fn a_letter_of_another_script_is_known_to_be_missing() {
        let fonts = Fonts::load().unwrap();
        assert!("Aé–“അഞ്ജു ൺ0°₂−".chars().all(|letter| fonts.has(letter)));
        assert!(!fonts.has('क') && !fonts.has('字'));
    }
}
