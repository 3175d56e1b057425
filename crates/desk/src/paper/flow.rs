//! A text of many pages: headings, paragraphs and tables that go on over the page, each page with its number. What is
//! drawn says what it is (a tagged PDF), so that it can be read aloud.

use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};
use krilla::{Document, SerializeSettings};

use super::PAGE;
use super::fonts::Fonts;
use super::pen::{Look, Pen};
use super::read_aloud::{Part, Sort, tree};
use super::words::Language;

const MARGIN: f32 = 50.0;
/// Text ends so far above the edge of the page, and there the foot begins.
const BOTTOM: f32 = 58.0;
const FOOT: f32 = 36.0;
const LINE: f32 = 1.42;
/// The size of a heading by its level, from 1.
const HEADINGS: [f32; 3] = [20.0, 14.0, 11.0];
const TEXT: f32 = 10.0;
pub const CELL: f32 = 9.0;
/// The size of the heads of columns, and of the foot.
pub const HEAD: f32 = 8.5;
/// Between two columns.
pub const GAP: f32 = 10.0;
/// How much is still to fit beneath a heading.
const KEEP: f32 = 60.0;
/// A row that does not fit is begun here when so many lines of it do, else on the next page.
const ROW_BEGINS_WITH: usize = 4;

/// How wide the text is on an upright sheet, in points.
pub const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;

/// Which way the paper lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    Upright,
    Across,
}

impl Sheet {
    /// Width and height in points.
    fn size(self) -> (f32, f32) {
        match self {
            Sheet::Upright => PAGE,
            Sheet::Across => (PAGE.1, PAGE.0),
        }
    }

    /// How wide the text is, in points.
    pub fn width(self) -> f32 {
        self.size().0 - 2.0 * MARGIN
    }
}

enum Drawn {
    Text {
        at: (f32, f32),
        size: f32,
        look: Look,
        text: String,
        /// Empty for what was said on a page before.
        part: Option<usize>,
    },
    Rule {
        y: f32,
        to: f32,
        look: Look,
    },
}

/// Where in its column a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Start,
    /// Numbers, one under another.
    End,
}

/// A column of a table.
#[derive(Clone, Copy)]
pub struct Column<'w> {
    pub label: &'w str,
    /// In points; all of a table together are as wide as the text.
    pub width: f32,
    pub side: Side,
}

/// A text as it grows.
pub struct Flow<'f> {
    fonts: &'f Fonts,
    language: Language,
    sheet: Sheet,
    pages: Vec<Vec<Drawn>>,
    y: f32,
    parts: Vec<Part>,
    /// Headings of the second level, with where they stand.
    marks: Vec<(String, usize, f32)>,
}

impl<'f> Flow<'f> {
    /// In the language that most of it is in, on upright sheets.
    pub fn new(fonts: &'f Fonts, language: Language) -> Flow<'f> {
        Flow::on(Sheet::Upright, fonts, language)
    }

    pub fn on(sheet: Sheet, fonts: &'f Fonts, language: Language) -> Flow<'f> {
        Flow {
            fonts,
            language,
            sheet,
            pages: vec![Vec::new()],
            y: MARGIN,
            parts: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// A heading of level 1, 2 or 3, on the same page as what follows it.
    pub fn heading(&mut self, level: u16, text: &str) {
        let size = HEADINGS.get(usize::from(level).saturating_sub(1)).copied();
        let size = size.unwrap_or(TEXT);
        let lines = self.fonts.wrapped(text, size, self.sheet.width());
        let is_first = self.pages.len() == 1 && self.y <= MARGIN;
        self.y += if is_first { 0.0 } else { size };
        if self.y + size * LINE * lines.len() as f32 + KEEP > self.bottom() {
            self.turn();
        }
        if level == 2 {
            self.marks.push((text.to_owned(), self.pages.len() - 1, self.y));
        }
        let part = self.part(Sort::Heading(level, text.to_owned()), None);
        for line in lines {
            self.line(size, Look::Strong, line, part);
        }
        self.y += 6.0;
    }

    pub fn paragraph(&mut self, look: Look, text: &str) {
        let part = self.part(Sort::Paragraph, None);
        for line in self.fonts.wrapped(text, TEXT, self.sheet.width()) {
            if self.y + TEXT * LINE > self.bottom() {
                self.turn();
            }
            self.line(TEXT, look, line, part);
        }
        self.y += 8.0;
    }

    /// A table whose first column says what each row is about. Its head stands on every page that it reaches.
    pub fn table(&mut self, columns: &[Column<'_>], rows: &[Vec<String>]) {
        let table = self.part(Sort::Table, None);
        let head = self.part(Sort::Row, Some(table));
        if self.y + self.head_height(columns) + KEEP > self.bottom() {
            self.turn();
        }
        self.head(columns, Some(head));
        for row in rows {
            self.row(columns, row, table);
        }
        self.y += GAP;
    }

    fn row(&mut self, columns: &[Column<'_>], row: &[String], table: usize) {
        let line_height = CELL * LINE;
        let part = self.part(Sort::Row, Some(table));
        let mut cells = Vec::new();
        let mut x = MARGIN;
        for (place, (column, text)) in columns.iter().zip(row).enumerate() {
            let sort = if place == 0 { Sort::RowHead } else { Sort::Cell };
            let cell = self.part(sort, Some(part));
            let lines = self.fonts.wrapped(text, CELL, column.width - GAP);
            cells.push((x, column, cell, lines));
            x += column.width;
        }
        let height = cells.iter().map(|(_, _, _, lines)| lines.len()).max().unwrap_or(0);
        let bottom = self.bottom();
        let fit = |y: f32| ((bottom - y - 4.0) / line_height).max(0.0) as usize;
        let on_a_page = fit(MARGIN + self.head_height(columns) + 8.0);
        if fit(self.y) < height && (height <= on_a_page || fit(self.y) < ROW_BEGINS_WITH) {
            self.turn();
            self.head(columns, None);
        }
        let mut begun = 0;
        while begun < height {
            let count = fit(self.y).max(1).min(height - begun);
            for (x, column, cell, lines) in &cells {
                let shown = lines.iter().skip(begun).take(count).enumerate();
                for (place, line) in shown.filter(|(_, line)| !line.is_empty()) {
                    let y = self.y + 2.0 + CELL + line_height * place as f32;
                    let at = (self.begin(*x, column, line, CELL), y);
                    self.draw(at, CELL, Look::Plain, line.clone(), Some(*cell));
                }
            }
            begun += count;
            self.y += 4.0 + line_height * count as f32;
            if begun < height {
                self.turn();
                self.head(columns, None);
            }
        }
        self.rule(Look::Soft);
    }

    fn head(&mut self, columns: &[Column<'_>], part: Option<usize>) {
        let height = self.head_height(columns);
        let mut x = MARGIN;
        for column in columns {
            let cell = part.map(|part| self.part(Sort::ColumnHead, Some(part)));
            let lines = self.fonts.wrapped(column.label, HEAD, column.width - GAP);
            let above = height - HEAD * LINE * lines.len() as f32;
            for (place, line) in lines.into_iter().enumerate().filter(|(_, line)| !line.is_empty()) {
                let y = self.y + above + HEAD + HEAD * LINE * place as f32;
                let at = (self.begin(x, column, &line, HEAD), y);
                self.draw(at, HEAD, Look::Soft, line, cell);
            }
            x += column.width;
        }
        self.y += height + 1.0;
        self.rule(Look::Plain);
        self.y += 2.0;
    }

    fn head_height(&self, columns: &[Column<'_>]) -> f32 {
        let lines = |column: &Column<'_>| self.fonts.wrapped(column.label, HEAD, column.width - GAP).len();
        HEAD * LINE * columns.iter().map(lines).max().unwrap_or(1) as f32
    }

    /// Where the text begins in its column, which begins at `x`.
    fn begin(&self, x: f32, column: &Column<'_>, text: &str, size: f32) -> f32 {
        match column.side {
            Side::Start => x,
            Side::End => x + column.width - GAP - self.fonts.width(text, size),
        }
    }

    fn bottom(&self) -> f32 {
        self.sheet.size().1 - BOTTOM
    }

    /// Across the whole text.
    fn rule(&mut self, look: Look) {
        let (y, to) = (self.y, MARGIN + self.sheet.width());
        self.put(Drawn::Rule { y, to, look });
    }

    fn part(&mut self, sort: Sort, within: Option<usize>) -> usize {
        self.parts.push(Part { sort, within });
        self.parts.len() - 1
    }

    fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = MARGIN;
    }

    fn line(&mut self, size: f32, look: Look, text: String, part: usize) {
        self.y += size * LINE;
        if !text.is_empty() {
            self.draw((MARGIN, self.y), size, look, text, Some(part));
        }
    }

    fn draw(&mut self, at: (f32, f32), size: f32, look: Look, text: String, part: Option<usize>) {
        self.put(Drawn::Text {
            at,
            size,
            look,
            text,
            part,
        });
    }

    fn put(&mut self, drawn: Drawn) {
        if let Some(page) = self.pages.last_mut() {
            page.push(drawn);
        }
    }

    /// The whole as a PDF. `foot` says what stands beneath each page, left of its number: of the page, from 1, and of how
    /// many there are.
    pub fn print(self, title: &str, foot: impl Fn(usize, usize) -> (String, String)) -> Option<Vec<u8>> {
        let mut document = Document::new_with(SerializeSettings::default());
        document.set_metadata(
            Metadata::new()
                .title(title.to_owned())
                .language(self.language.tag().to_owned()),
        );
        let mut said: Vec<Vec<Identifier>> = self.parts.iter().map(|_| Vec::new()).collect();
        let count = self.pages.len();
        let (width, height) = self.sheet.size();
        for (number, drawn) in self.pages.iter().enumerate() {
            let mut page = document.start_page_with(PageSettings::from_wh(width, height)?);
            let mut surface = page.surface();
            let mut pen = Pen {
                surface: &mut surface,
                fonts: self.fonts,
            };
            for each in drawn {
                if let (Some(part), identifier) = drawn_with(&mut pen, each)
                    && let Some(said) = said.get_mut(part)
                {
                    said.push(identifier);
                }
            }
            let (left, right) = foot(number + 1, count);
            let end = width - MARGIN - self.fonts.width(&right, HEAD);
            let left = self.fonts.begun(&left, HEAD, end - GAP - MARGIN);
            let beneath = Artifact::with_kind(ArtifactType::Footer);
            pen.surface.start_tagged(ContentTag::Artifact(beneath));
            pen.text((MARGIN, height - FOOT), HEAD, Look::Soft, &left);
            pen.text((end, height - FOOT), HEAD, Look::Soft, &right);
            pen.surface.end_tagged();
            surface.finish();
            page.finish();
        }
        document.set_outline(outline(&self.marks));
        document.set_tag_tree(tree(&self.parts, said, self.language));
        document.finish().ok()
    }
}

/// Draws a thing, and answers what it is part of with what it is called in the file.
fn drawn_with(pen: &mut Pen<'_, '_>, drawn: &Drawn) -> (Option<usize>, Identifier) {
    let beside = || ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout));
    match drawn {
        Drawn::Rule { y, to, look } => {
            let identifier = pen.surface.start_tagged(beside());
            pen.rule((MARGIN, *to), *y, *look);
            pen.surface.end_tagged();
            (None, identifier)
        }
        Drawn::Text {
            at,
            size,
            look,
            text,
            part,
        } => {
            let language = pen.fonts.runs(text).first().map(|(_, script)| script.language);
            let span = ContentTag::Span(SpanTag::empty().with_lang(language));
            let tag = if part.is_some() { span } else { beside() };
            let identifier = pen.surface.start_tagged(tag);
            pen.text(*at, *size, *look, text);
            pen.surface.end_tagged();
            (*part, identifier)
        }
    }
}

fn outline(marks: &[(String, usize, f32)]) -> Outline {
    let mut outline = Outline::new();
    for (text, page, y) in marks {
        let place = XyzDestination::new(*page, Point::from_xy(0.0, *y));
        outline.push_child(OutlineNode::new(text.clone(), place));
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column<'_>; 2] = [
        Column {
            label: "When",
            width: 95.0,
            side: Side::Start,
        },
        Column {
            label: "What",
            width: WIDTH - 95.0,
            side: Side::Start,
        },
    ];

    /// Every text of each page, with its top and its foot.
    fn texts<'a>(flow: &'a Flow<'_>) -> Vec<Vec<(f32, &'a str)>> {
        let of_page = |page: &'a Vec<Drawn>| {
            let texts = page.iter().filter_map(|drawn| match drawn {
                Drawn::Text { at, text, .. } => Some((at.1, text.as_str())),
                Drawn::Rule { .. } => None,
            });
            texts.collect()
        };
        flow.pages.iter().map(of_page).collect()
    }

    #[test]
    fn a_table_goes_on_over_the_page_under_its_head_and_no_row_is_lost() {
        let fonts = Fonts::load().unwrap();
        let mut flow = Flow::new(&fonts, Language::English);
        flow.heading(1, "Everything");
        let rows: Vec<Vec<String>> = (0..200)
            .map(|number| vec![format!("r{number}"), "കമല ദേവി sleeps well".to_owned()])
            .collect();
        flow.table(&COLUMNS, &rows);
        let pages = texts(&flow);
        assert!(pages.len() > 3);
        for page in &pages {
            assert_eq!(page.iter().filter(|(_, text)| *text == "When").count(), 1);
            assert!(page.iter().all(|(y, _)| *y > MARGIN && *y < PAGE.1 - BOTTOM));
        }
        let all: Vec<&str> = pages.iter().flatten().map(|(_, text)| *text).collect();
        for number in 0..200 {
            let name = format!("r{number}");
            assert_eq!(all.iter().filter(|text| **text == name).count(), 1, "{name}");
        }
        let pdf = flow.print("A report", |_, _| ("Foot".into(), "1".into())).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
    }

    #[test]
    fn a_row_that_is_longer_than_a_page_goes_on_on_the_next_and_a_heading_stands_with_what_follows() {
        let fonts = Fonts::load().unwrap();
        let mut flow = Flow::new(&fonts, Language::English);
        let long: Vec<String> = (0..150).map(|line| format!("l{line}")).collect();
        flow.table(&COLUMNS, &[vec!["now".to_owned(), long.join("\n")]]);
        for number in 0..60 {
            flow.heading(3, &format!("h{number}"));
            flow.paragraph(Look::Plain, &format!("p{number}"));
        }
        let pages = texts(&flow);
        let page_of = |wanted: String| {
            let mut pages = pages.iter().enumerate();
            let found = pages.find(|(_, page)| page.iter().any(|(_, text)| *text == wanted));
            found.unwrap_or_else(|| panic!("{wanted} is lost")).0
        };
        assert!(page_of("l149".to_owned()) > page_of("l0".to_owned()));
        (0..150).for_each(|line| assert!(page_of(format!("l{line}")) < pages.len()));
        for number in 0..60 {
            assert_eq!(page_of(format!("h{number}")), page_of(format!("p{number}")));
        }
        assert!(pages.iter().flatten().all(|(y, _)| *y < PAGE.1 - BOTTOM));
    }

    #[test]
    fn numbers_end_one_under_another_and_a_long_head_goes_on_beneath_itself_on_a_sheet_that_lies_across() {
        let fonts = Fonts::load().unwrap();
        let mut flow = Flow::on(Sheet::Across, &fonts, Language::English);
        let columns = [
            Column {
                label: "Ward",
                width: Sheet::Across.width() - 60.0,
                side: Side::Start,
            },
            Column {
                label: "Available bed-days of these",
                width: 60.0,
                side: Side::End,
            },
        ];
        let rows = ["1", "1,000"].map(|number| vec!["ICU".to_owned(), number.to_owned()]);
        flow.table(&columns, &rows);
        let drawn = || flow.pages.iter().flatten();
        let texts = drawn().filter_map(|drawn| match drawn {
            Drawn::Text { at, size, text, .. } => Some((at.0, at.1, *size, text.as_str())),
            Drawn::Rule { .. } => None,
        });
        let texts: Vec<_> = texts.collect();
        let end = Sheet::Across.width() + MARGIN - GAP;
        for (x, _, size, text) in texts.iter().filter(|(.., text)| text.contains(char::is_numeric)) {
            assert!((x + fonts.width(text, *size) - end).abs() < 0.01, "{text}");
        }
        let head = texts.iter().filter(|(_, _, size, _)| *size == HEAD);
        let bottom = |word: &str| head.clone().rfind(|(.., text)| text.contains(word)).map(|line| line.1);
        assert!(head.clone().count() > 3, "{texts:?}");
        assert_eq!(
            bottom("Ward"),
            bottom("these"),
            "heads of one line stand beside the last of others"
        );
        let ends = drawn().all(|drawn| match drawn {
            Drawn::Rule { to, .. } => *to == PAGE.1 - MARGIN,
            Drawn::Text { .. } => true,
        });
        assert!(ends && flow.print("Across", |_, _| (String::new(), String::new())).is_some());
    }
}
