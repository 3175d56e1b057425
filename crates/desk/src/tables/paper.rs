//! A table as paper (PDF, A4): its title, what it is of, then its rows under a head that stands on each page. A wide one lies across.

use domain::Decimal;

use super::{TableArgs, TableCell};
use crate::paper::flow::{CELL, Column, Flow, GAP, HEAD, Sheet, Side};
use crate::paper::fonts::Fonts;
use crate::paper::pen::Look;
use crate::paper::words::Language;

/// Beyond it a text goes on beneath itself, however much room there is, in points.
const WIDEST_TEXT: f32 = 220.0;

/// The hospital whose table it is, and when it was printed.
pub struct Foot<'f> {
    pub facility: &'f str,
    pub at: &'f str,
}

pub fn written(table: &TableArgs, foot: &Foot<'_>) -> Option<Vec<u8>> {
    let fonts = Fonts::load()?;
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(told).collect()).collect();
    let wants: Vec<Want> = (0..table.columns.len())
        .map(|place| Want::of(table, &rows, place, &fonts))
        .collect();
    let sheet = match together(&wants, |want| want.whole) <= Sheet::Upright.width() {
        true => Sheet::Upright,
        false => Sheet::Across,
    };
    let widths = widths(&wants, sheet.width());
    let columns = table.columns.iter().zip(&wants).zip(widths);
    let columns: Vec<Column<'_>> = columns
        .map(|((label, want), width)| Column {
            label,
            width,
            side: want.side,
        })
        .collect();
    let mut flow = Flow::on(sheet, &fonts, table.language);
    flow.heading(1, &table.title);
    if !table.about.is_empty() {
        flow.paragraph(Look::Soft, &table.about);
    }
    if has_unknown_letters(table, &rows, &fonts) {
        flow.paragraph(Look::Soft, not_all_letters(table.language));
    }
    flow.table(&columns, &rows);
    flow.print(&table.title, |page, of| beneath(table.language, foot, page, of))
}

fn told(cell: &Option<TableCell>) -> String {
    match cell {
        None => "–".to_owned(),
        Some(TableCell::Text(text)) => text.clone(),
        Some(TableCell::Number { digits, scale }) => {
            let number = Decimal {
                digits: *digits,
                scale: *scale,
            };
            number.to_string().replace('-', "−")
        }
    }
}

/// How wide a column would be, in points.
struct Want {
    /// With each word on one line.
    least: f32,
    /// With each text on one line.
    whole: f32,
    side: Side,
}

impl Want {
    fn of(table: &TableArgs, rows: &[Vec<String>], place: usize, fonts: &Fonts) -> Want {
        let label = table.columns.get(place).map_or("", String::as_str);
        let mut want = Want {
            least: 0.0,
            whole: 0.0,
            side: Side::Start,
        };
        want.hold(label, HEAD, fonts);
        // A head may stand on two lines: its figures alone say how wide a column is.
        want.whole = want.least;
        for text in rows.iter().filter_map(|row| row.get(place)) {
            want.hold(text, CELL, fonts);
        }
        let mut cells = table.rows.iter().filter_map(|row| row.get(place)?.as_ref()).peekable();
        let has_any = cells.peek().is_some();
        if has_any && cells.all(|cell| matches!(cell, TableCell::Number { .. })) {
            want.side = Side::End;
        }
        want
    }

    fn hold(&mut self, text: &str, size: f32, fonts: &Fonts) {
        let words = text.split_whitespace().map(|word| fonts.width(word, size));
        self.least = words.fold(self.least, |least, word| least.max(word + GAP));
        let whole = (fonts.width(text, size) + GAP).min(WIDEST_TEXT);
        self.whole = self.whole.max(whole).max(self.least);
    }
}

fn together(wants: &[Want], of: fn(&Want) -> f32) -> f32 {
    wants.iter().map(of).sum()
}

/// So wide that all are `width` together: each text on one line if there is room, else each word, and where there is no room for
/// that either, all as much narrower.
fn widths(wants: &[Want], width: f32) -> Vec<f32> {
    let (least, whole) = (together(wants, |want| want.least), together(wants, |want| want.whole));
    let each = wants.iter();
    if whole <= width {
        let more = (width - whole) / wants.len().max(1) as f32;
        each.map(|want| want.whole + more).collect()
    } else if least < width {
        let share = (width - least) / (whole - least);
        each.map(|want| want.least + (want.whole - want.least) * share)
            .collect()
    } else {
        each.map(|want| want.least * width / least).collect()
    }
}

fn has_unknown_letters(table: &TableArgs, rows: &[Vec<String>], fonts: &Fonts) -> bool {
    let texts = rows
        .iter()
        .flatten()
        .chain(&table.columns)
        .chain([&table.title, &table.about]);
    texts.flat_map(|text| text.chars()).any(|letter| !fonts.has(letter))
}

fn not_all_letters(language: Language) -> &'static str {
    match language {
        Language::English => "Some letters cannot be printed here and stand as empty boxes. The other files have them.",
        Language::Malayalam => "ചില അക്ഷരങ്ങൾ ഇവിടെ അച്ചടിക്കാനാവില്ല, അവ ഒഴിഞ്ഞ കള്ളികളായി കാണാം. മറ്റു ഫയലുകളിൽ അവയുണ്ട്.",
    }
}

fn beneath(language: Language, Foot { facility, at }: &Foot<'_>, page: usize, of: usize) -> (String, String) {
    match language {
        Language::English => (format!("{facility} · printed {at}"), format!("Page {page} of {of}")),
        Language::Malayalam => (format!("{facility} · അച്ചടിച്ചത് {at}"), format!("താൾ {page} / {of}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::TableShape;

    fn table(columns: usize, rows: usize, text: &str) -> TableArgs {
        let head = |place| match place {
            0 => "Ward".to_owned(),
            _ => format!("Transfers in {place}"),
        };
        let row = |number| {
            let cell = |place| match place {
                0 => TableCell::Text(format!("{text} {number}")),
                _ => TableCell::Number {
                    digits: number * place,
                    scale: 1,
                },
            };
            (0..columns as i64).map(|place| Some(cell(place))).collect()
        };
        TableArgs {
            path: String::new(),
            shape: TableShape::Pdf,
            language: Language::Malayalam,
            title: "സെൻസസ്".to_owned(),
            about: "19-Nov-2026".to_owned(),
            columns: (0..columns).map(head).collect(),
            rows: (0..rows as i64).map(row).collect(),
        }
    }

    fn wants(table: &TableArgs) -> Vec<Want> {
        let fonts = Fonts::load().unwrap();
        let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(told).collect()).collect();
        let columns = 0..table.columns.len();
        columns.map(|place| Want::of(table, &rows, place, &fonts)).collect()
    }

    #[test]
    fn columns_fill_the_sheet_and_no_word_is_broken_while_there_is_room() {
        for (columns, text) in [
            (2, "ICU"),
            (6, "സ്ത്രീകളുടെ ജനറൽ മെഡിസിൻ വാർഡ്"),
            (11, "Ward for women"),
            (60, "ICU"),
        ] {
            let wants = wants(&table(columns, 3, text));
            for width in [Sheet::Upright.width(), Sheet::Across.width()] {
                let widths = widths(&wants, width);
                assert!((widths.iter().sum::<f32>() - width).abs() < 0.1, "{columns} columns");
                let has_room = together(&wants, |want| want.least) <= width;
                for (want, width) in wants.iter().zip(&widths) {
                    assert!(
                        *width > 0.0 && (!has_room || *width >= want.least - 0.1),
                        "{columns} columns"
                    );
                }
            }
        }
    }

    #[test]
    fn columns_of_numbers_alone_end_one_under_another() {
        let mut table = table(3, 2, "ICU");
        table.rows[0][1] = None;
        table.rows[0][2] = Some(TableCell::Text("none".to_owned()));
        let sides: Vec<Side> = wants(&table).iter().map(|want| want.side).collect();
        assert_eq!(sides, [Side::Start, Side::End, Side::Start]);
        assert_eq!(told(&None), "–");
        assert_eq!(told(&Some(TableCell::Number { digits: -50, scale: 1 })), "−5.0");
    }

    #[test]
    fn a_table_of_any_size_is_printed() {
        let foot = Foot {
            facility: "ജില്ലാ ആശുപത്രി",
            at: "23-Nov-2026 09:15",
        };
        for (columns, rows) in [(1, 0), (3, 2), (11, 300), (60, 40)] {
            let printed = written(&table(columns, rows, "वार्ड"), &foot).unwrap();
            assert!(printed.starts_with(b"%PDF-"), "{columns} × {rows}");
        }
        let fonts = Fonts::load().unwrap();
        let ours = [
            not_all_letters(Language::Malayalam),
            &beneath(Language::Malayalam, &foot, 1, 2).0,
        ];
        assert!(
            ours.iter()
                .flat_map(|text| text.chars())
                .all(|letter| fonts.has(letter))
        );
        assert!(has_unknown_letters(
            &table(1, 1, "वार्ड"),
            &[vec!["वार्ड".to_owned()]],
            &fonts
        ));
    }
}
