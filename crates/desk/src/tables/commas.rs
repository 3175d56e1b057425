//! A table as CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know that it is. Numbers are written as numbers, and
//! a text that a spreadsheet would take for a formula is not one.

use csv::{Terminator, WriterBuilder};
use domain::Decimal;

use super::{TableArgs, TableCell};

/// By it spreadsheets know UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// What a spreadsheet takes a text for a formula by that begins with it, in letters of either width.
const BEGINS_FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

pub fn written(table: &TableArgs) -> Option<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(MARK.to_vec());
    writer.write_record(table.columns.iter().map(|text| told(text))).ok()?;
    for row in &table.rows {
        let cells = row.iter().map(|cell| match cell {
            None => String::new(),
            Some(TableCell::Text(text)) => told(text),
            Some(TableCell::Number { digits, scale }) => Decimal {
                digits: *digits,
                scale: *scale,
            }
            .to_string(),
        });
        writer.write_record(cells).ok()?;
    }
    writer.into_inner().ok()
}

/// The text, which nobody reckons.
fn told(text: &str) -> String {
    match text.starts_with(BEGINS_FORMULA) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::words::Language;
    use crate::tables::TableShape;

    #[test]
    fn numbers_are_numbers_texts_are_texts_and_no_text_is_a_formula() {
        let text = |text: &str| Some(TableCell::Text(text.to_owned()));
        let number = |digits, scale| Some(TableCell::Number { digits, scale });
        let table = TableArgs {
            path: String::new(),
            shape: TableShape::Csv,
            language: Language::English,
            title: "Census".to_owned(),
            about: String::new(),
            columns: ["Ward", "Left", "Of all"].map(str::to_owned).to_vec(),
            rows: vec![
                vec![text("ICU-2, \"east\""), number(-5, 0), number(833, 1)],
                vec![text("=HYPERLINK(\"http://x\")"), None, number(-5, 2)],
                vec![text("സ്ത്രീകളുടെ വാർഡ്"), text("-5"), text("＠sum")],
            ],
        };
        let written = written(&table).unwrap();
        let (mark, text) = written.split_at(3);
        assert_eq!(mark, MARK);
        let lines: Vec<&str> = std::str::from_utf8(text).unwrap().split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "Ward,Left,Of all",
                "\"ICU-2, \"\"east\"\"\",-5,83.3",
                "\"'=HYPERLINK(\"\"http://x\"\")\",,-0.05",
                "സ്ത്രീകളുടെ വാർഡ്,'-5,'＠sum",
                "",
            ]
        );
    }
}
