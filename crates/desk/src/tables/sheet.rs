//! A table as a sheet of a workbook (xlsx): title, what it is of, then its head, which stays in sight, and its rows.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::{TableArgs, TableCell};

/// The row of the head; rows and columns count from 0.
const HEAD: u32 = 3;

pub fn written(table: &TableArgs) -> Option<Vec<u8>> {
    filled(table).ok()
}

fn filled(table: &TableArgs) -> Result<Vec<u8>, XlsxError> {
    let strong = Format::new().set_bold();
    let head = Format::new().set_bold().set_text_wrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string_with_format(0, 0, &table.title, &strong)?;
    sheet.write_string(1, 0, &table.about)?;
    for (column, label) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(HEAD, column, label, &head)?;
    }
    for (row, cells) in (HEAD + 1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                None => {}
                // A text is a text here, whatever it begins with.
                Some(TableCell::Text(text)) => {
                    sheet.write_string(row, column, text)?;
                }
                Some(TableCell::Number { digits, scale }) => {
                    let number = *digits as f64 / 10_f64.powi(i32::from(*scale));
                    sheet.write_number_with_format(row, column, number, &with_places(*scale))?;
                }
            }
        }
    }
    sheet.set_freeze_panes(HEAD + 1, 1)?;
    sheet.set_autofit_max_width(300);
    sheet.autofit();
    book.save_to_buffer()
}

fn with_places(scale: u8) -> Format {
    let places = match scale {
        0 => "0".to_owned(),
        _ => format!("0.{}", "0".repeat(usize::from(scale))),
    };
    Format::new().set_num_format(places)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;
    use crate::paper::words::Language;
    use crate::tables::TableShape;

    #[test]
    fn a_sheet_has_its_title_its_numbers_and_no_formula() {
        let text = |text: &str| Some(TableCell::Text(text.to_owned()));
        let table = TableArgs {
            path: String::new(),
            shape: TableShape::Xlsx,
            language: Language::English,
            title: "Census".to_owned(),
            about: "19-Nov-2026".to_owned(),
            columns: ["Ward", "Occupancy"].map(str::to_owned).to_vec(),
            rows: vec![
                vec![text("=1+1"), Some(TableCell::Number { digits: 833, scale: 1 })],
                vec![text("ഐ.സി.യു."), None],
            ],
        };
        let mut book = zip::ZipArchive::new(Cursor::new(written(&table).unwrap())).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            book.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let (sheet, texts) = (part("xl/worksheets/sheet1.xml"), part("xl/sharedStrings.xml"));
        assert!(sheet.contains("<v>83.3</v>") && !sheet.contains("<f>"), "{sheet}");
        for told in ["Census", "19-Nov-2026", "Ward", "=1+1", "ഐ.സി.യു."] {
            assert!(texts.contains(told), "{told}");
        }
        assert!(part("xl/styles.xml").contains("formatCode=\"0.0\""));
    }
}
