//! The recovery sheet as it is printed: one page in English and Malayalam, drawn without the network. Its fonts are
//! Noto Sans (SIL Open Font License 1.1), which come with the program.

use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};
use rustybuzz::{Face, UnicodeBuffer};
use zeroize::Zeroizing;

static LATIN: &[u8] = include_bytes!("../../fonts/NotoSans-Latin.ttf");
static MALAYALAM: &[u8] = include_bytes!("../../fonts/NotoSansMalayalam-Regular.ttf");

/// A4, in points.
const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 56.0;
const LINE: f32 = 1.5;

/// What stands on a sheet.
pub struct SheetText {
    pub hospital: String,
    /// When and by whom it was made, as people write it.
    pub made: String,
    pub made_by: String,
    pub number: u32,
    /// Names the desk, so that a sheet is told from another computer's.
    pub desk: String,
    pub groups: Vec<Zeroizing<String>>,
}

const TITLE: (&str, &str) = ("Wardroom: recovery sheet", "വാർഡ്റൂം: വീണ്ടെടുക്കൽ ഷീറ്റ്");

const ENGLISH: &[&str] = &[
    "Keep this sheet locked away, and not beside the computer.",
    "When Wardroom says that the key of this computer is lost: press “Use the recovery sheet” and type the code above. \
     No network is needed. Everybody then signs in with their password as before, and nothing that was saved is lost.",
    "The sheet opens no record without somebody's password. But whoever has it and the computer's disk can try passwords.",
    "A newer sheet of this computer ends this one: destroy it then. If it is lost or somebody saw it, make a new one: \
     Settings, This computer.",
];

const IN_MALAYALAM: &[&str] = &[
    "ഈ ഷീറ്റ് പൂട്ടി സൂക്ഷിക്കുക; കമ്പ്യൂട്ടറിനടുത്ത് വയ്ക്കരുത്.",
    "ഈ കമ്പ്യൂട്ടറിന്റെ താക്കോൽ നഷ്ടപ്പെട്ടെന്ന് വാർഡ്റൂം പറഞ്ഞാൽ “വീണ്ടെടുക്കൽ ഷീറ്റ് ഉപയോഗിക്കുക” അമർത്തി മുകളിലെ കോഡ് ടൈപ്പ് ചെയ്യുക. \
     നെറ്റ്‌വർക്ക് വേണ്ട. പിന്നെ എല്ലാവരും പതിവുപോലെ സ്വന്തം പാസ്‌വേഡ് ഉപയോഗിച്ച് സൈൻ ഇൻ ചെയ്യുന്നു; സേവ് ചെയ്തതൊന്നും നഷ്ടപ്പെടില്ല.",
    "ആരുടെയെങ്കിലും പാസ്‌വേഡ് ഇല്ലാതെ ഈ ഷീറ്റ് ഒരു രേഖയും തുറക്കില്ല. എന്നാൽ ഷീറ്റും കമ്പ്യൂട്ടറിന്റെ ഡിസ്കും കൈവശമുള്ളയാൾക്ക് പാസ്‌വേഡുകൾ പരീക്ഷിക്കാം.",
    "ഈ കമ്പ്യൂട്ടറിന്റെ പുതിയ ഷീറ്റ് ഉണ്ടാക്കിയാൽ ഇത് അസാധുവാകും; അപ്പോൾ നശിപ്പിക്കുക. നഷ്ടപ്പെട്ടാലോ മറ്റാരെങ്കിലും കണ്ടാലോ പുതിയത് ഉണ്ടാക്കുക: \
     ക്രമീകരണങ്ങൾ, ഈ കമ്പ്യൂട്ടർ.",
];

/// The fonts of the page, as they are drawn and as they are measured.
struct Fonts {
    latin: (Font, Face<'static>),
    malayalam: (Font, Face<'static>),
}

impl Fonts {
    fn load() -> Option<Fonts> {
        let one = |bytes: &'static [u8]| Some((Font::new(bytes.into(), 0)?, Face::from_slice(bytes, 0)?));
        Some(Fonts {
            latin: one(LATIN)?,
            malayalam: one(MALAYALAM)?,
        })
    }

    fn of(&self, letter: char) -> Option<&(Font, Face<'static>)> {
        match letter {
            '\u{d00}'..='\u{d7f}' | '\u{200b}'..='\u{200d}' => Some(&self.malayalam),
            // Both have it, and it goes with what stands before it.
            ' ' => None,
            _ => Some(&self.latin),
        }
    }

    /// The text in parts of one font each.
    fn runs<'t>(&self, text: &'t str) -> Vec<(&'t str, &(Font, Face<'static>))> {
        let mut runs: Vec<(&str, &(Font, Face<'static>))> = Vec::new();
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

    fn width(&self, text: &str, size: f32) -> f32 {
        self.runs(text)
            .iter()
            .map(|(text, font)| run_width(text, font, size))
            .sum()
    }

    /// The text in lines that are no wider than `width`.
    fn wrapped(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split_whitespace() {
            let line = lines.last().cloned().unwrap_or_default();
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            match lines.last_mut() {
                Some(last) if line.is_empty() || self.width(&longer, size) <= width => *last = longer,
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }
}

fn run_width(text: &str, (_, face): &(Font, Face<'static>), size: f32) -> f32 {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    let shaped = rustybuzz::shape(face, &[], buffer);
    let units: i32 = shaped.glyph_positions().iter().map(|glyph| glyph.x_advance).sum();
    units as f32 / face.units_per_em() as f32 * size
}

/// Draws from the top of a page downwards.
struct Pen<'s, 'p> {
    surface: &'s mut Surface<'p>,
    fonts: &'s Fonts,
    y: f32,
}

impl Pen<'_, '_> {
    fn at(&mut self, x: f32, size: f32, text: &str) {
        let mut x = x;
        for (text, font) in self.fonts.runs(text) {
            let start = Point::from_xy(x, self.y);
            self.surface
                .draw_text(start, font.0.clone(), size, text, false, TextDirection::LeftToRight);
            x += run_width(text, font, size);
        }
    }

    fn line(&mut self, size: f32, text: &str) {
        self.y += size * LINE;
        self.at(MARGIN, size, text);
    }

    fn points(&mut self, points: &[&str]) {
        const SIZE: f32 = 11.0;
        const INDENT: f32 = 18.0;
        for (place, point) in points.iter().enumerate() {
            let lines = self.fonts.wrapped(point, SIZE, PAGE.0 - 2.0 * MARGIN - INDENT);
            for (row, line) in lines.iter().enumerate() {
                self.y += SIZE * LINE;
                if row == 0 {
                    self.at(MARGIN, SIZE, &format!("{}.", place + 1));
                }
                self.at(MARGIN + INDENT, SIZE, line);
            }
            self.y += 4.0;
        }
    }

    fn rule(&mut self) {
        self.y += 12.0;
        let mut path = PathBuilder::new();
        path.move_to(MARGIN, self.y);
        path.line_to(PAGE.0 - MARGIN, self.y);
        if let Some(path) = path.finish() {
            self.surface.set_fill(None);
            self.surface.set_stroke(Some(Stroke::default()));
            self.surface.draw_path(&path);
            self.surface.set_stroke(None);
            self.surface.set_fill(Some(Default::default()));
        }
        self.y += 6.0;
    }

    /// The code, four groups in a row, as large as the page allows.
    fn code(&mut self, groups: &[Zeroizing<String>]) {
        const SIZE: f32 = 24.0;
        for row in groups.chunks(4) {
            self.y += SIZE * 1.7;
            for (column, group) in row.iter().enumerate() {
                self.at(MARGIN + 122.0 * column as f32, SIZE, group);
            }
        }
    }
}

/// The sheet as a PDF.
pub fn print(text: &SheetText) -> Option<Zeroizing<Vec<u8>>> {
    let fonts = Fonts::load()?;
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(Metadata::new().title(TITLE.0.to_owned()).language("en".to_owned()));
    let mut page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1)?);
    let mut surface = page.surface();
    surface.set_fill(Some(Default::default()));
    let mut pen = Pen {
        surface: &mut surface,
        fonts: &fonts,
        y: MARGIN,
    };
    pen.line(22.0, TITLE.0);
    pen.line(18.0, TITLE.1);
    pen.rule();
    pen.line(12.0, &text.hospital);
    pen.line(12.0, &format!("Sheet {} of computer {}", text.number, text.desk));
    pen.line(12.0, &format!("Made {} by {}", text.made, text.made_by));
    pen.rule();
    pen.code(&text.groups);
    pen.y += 10.0;
    pen.line(
        10.0,
        "The letters O, I, L and U do not occur in it. Small and capital letters are the same.",
    );
    pen.rule();
    pen.points(ENGLISH);
    pen.rule();
    pen.points(IN_MALAYALAM);
    surface.finish();
    page.finish();
    document.finish().ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> SheetText {
        SheetText {
            hospital: "General Hospital, Ernakulam".into(),
            made: "22-Nov-2026 09:15".into(),
            made_by: "അഞ്ജു Thomas".into(),
            number: 3,
            desk: "3f0a-77c1".into(),
            groups: vec![Zeroizing::new("ABCDE".into()); 7],
        }
    }

    #[test]
    fn a_sheet_is_one_page_that_fits() {
        let pdf = print(&sheet()).unwrap();
        assert!(pdf.starts_with(b"%PDF-") && pdf.len() < 200_000, "{} bytes", pdf.len());
        if let Some(path) = std::env::var_os("WARDROOM_SHEET") {
            std::fs::write(path, &*pdf).unwrap();
        }
    }

    #[test]
    fn malayalam_is_shaped_and_nothing_is_wider_than_the_page() {
        let fonts = Fonts::load().unwrap();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str("ഷ്ടപ്പെട്ടെ");
        let glyphs = rustybuzz::shape(&fonts.malayalam.1, &[], buffer);
        let ids: Vec<u32> = glyphs.glyph_infos().iter().map(|glyph| glyph.glyph_id).collect();
        assert!(ids.len() < "ഷ്ടപ്പെട്ടെ".chars().count() && !ids.contains(&0), "{ids:?}");
        for point in ENGLISH.iter().chain(IN_MALAYALAM) {
            for line in fonts.wrapped(point, 11.0, 400.0) {
                assert!(fonts.width(&line, 11.0) <= 400.0, "{line}");
            }
        }
    }

    #[test]
    fn every_letter_of_the_sheet_is_in_its_fonts() {
        let fonts = Fonts::load().unwrap();
        let all = ENGLISH.iter().chain(IN_MALAYALAM).chain([&TITLE.0, &TITLE.1]);
        for letter in all.flat_map(|text| text.chars()) {
            let (_, face) = fonts.of(letter).unwrap_or(&fonts.latin);
            assert!(face.glyph_index(letter).is_some(), "{letter:?}");
        }
    }
}
