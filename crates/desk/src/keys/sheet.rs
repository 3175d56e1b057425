//! The recovery sheet as it is printed: one page in English and Malayalam, drawn without the network.

use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use zeroize::Zeroizing;

use crate::paper::PAGE;
use crate::paper::fonts::Fonts;
use crate::paper::pen::{Look, Pen};

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

const LETTERS: (&str, &str) = (
    "The letters O, I, L and U do not occur in it. Small and capital letters are the same.",
    "ഇതിൽ O, I, L, U എന്നീ അക്ഷരങ്ങളില്ല. ചെറിയ അക്ഷരവും വലിയ അക്ഷരവും ഒന്നുതന്നെ.",
);

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

/// Draws from the top of the page downwards.
struct Sheet<'s, 'p> {
    pen: Pen<'s, 'p>,
    y: f32,
}

impl Sheet<'_, '_> {
    fn line(&mut self, size: f32, text: &str) {
        self.y += size * LINE;
        self.pen.text((MARGIN, self.y), size, Look::Plain, text);
    }

    fn points(&mut self, points: &[&str]) {
        const SIZE: f32 = 11.0;
        const INDENT: f32 = 18.0;
        for (place, point) in points.iter().enumerate() {
            let lines = self.pen.fonts.wrapped(point, SIZE, PAGE.0 - 2.0 * MARGIN - INDENT);
            for (row, line) in lines.iter().enumerate() {
                self.y += SIZE * LINE;
                if row == 0 {
                    let number = format!("{}.", place + 1);
                    self.pen.text((MARGIN, self.y), SIZE, Look::Plain, &number);
                }
                self.pen.text((MARGIN + INDENT, self.y), SIZE, Look::Plain, line);
            }
            self.y += 4.0;
        }
    }

    fn rule(&mut self) {
        self.y += 12.0;
        self.pen.rule((MARGIN, PAGE.0 - MARGIN), self.y, Look::Strong);
        self.y += 6.0;
    }

    /// The code, four groups in a row, as large as the page allows.
    fn code(&mut self, groups: &[Zeroizing<String>]) {
        const SIZE: f32 = 24.0;
        for row in groups.chunks(4) {
            self.y += SIZE * 1.7;
            for (column, group) in row.iter().enumerate() {
                let x = MARGIN + 122.0 * column as f32;
                self.pen.text((x, self.y), SIZE, Look::Plain, group);
            }
        }
    }
}

/// Which sheet it is, of which computer, and who made it when: in each language.
fn which(text: &SheetText) -> [String; 4] {
    let SheetText {
        number,
        desk,
        made,
        made_by,
        ..
    } = text;
    [
        format!("Sheet {number} of computer {desk}"),
        format!("Made {made} by {made_by}"),
        format!("കമ്പ്യൂട്ടർ {desk}, ഷീറ്റ് {number}"),
        format!("തയ്യാറാക്കിയത് {made}, {made_by}"),
    ]
}

/// The sheet as a PDF.
pub fn print(text: &SheetText) -> Option<Zeroizing<Vec<u8>>> {
    let fonts = Fonts::load()?;
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(Metadata::new().title(TITLE.0.to_owned()).language("en".to_owned()));
    let mut page = document.start_page_with(PageSettings::from_wh(PAGE.0, PAGE.1)?);
    let mut surface = page.surface();
    let mut sheet = Sheet {
        pen: Pen {
            surface: &mut surface,
            fonts: &fonts,
        },
        y: MARGIN,
    };
    sheet.line(22.0, TITLE.0);
    sheet.line(18.0, TITLE.1);
    sheet.rule();
    sheet.line(12.0, &text.hospital);
    for line in which(text) {
        sheet.line(12.0, &line);
    }
    sheet.rule();
    sheet.code(&text.groups);
    sheet.y += 10.0;
    sheet.line(10.0, LETTERS.0);
    sheet.line(10.0, LETTERS.1);
    sheet.rule();
    sheet.points(ENGLISH);
    sheet.rule();
    sheet.points(IN_MALAYALAM);
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
    fn every_letter_of_the_sheet_is_in_its_fonts() {
        let fonts = Fonts::load().unwrap();
        let which = which(&sheet());
        let which = which.iter().map(String::as_str);
        let pairs = [TITLE.0, TITLE.1, LETTERS.0, LETTERS.1];
        let all = ENGLISH.iter().chain(IN_MALAYALAM).copied().chain(pairs).chain(which);
        for letter in all.flat_map(|text| text.chars()) {
            assert!(fonts.has(letter), "{letter:?}");
        }
        let is_malayalam = |text: &str| text.chars().any(|letter| matches!(letter, '\u{d00}'..='\u{d7f}'));
        assert!(IN_MALAYALAM.len() == ENGLISH.len() && IN_MALAYALAM.iter().all(|text| is_malayalam(text)));
    }
}
