//! The report to a person as it is read and printed, in one language: what stands, who wrote it and when, what the
//! district keeps aside, and who looked. What people typed stands as they typed it.

use domain::codes::audit::{AUDITED, ENDED};
use domain::codes::person::ROLE;
use domain::entities::entity;
use domain::field::Shape;
use domain::record::VOIDED;
use domain::views::audit::AuditLine;
use domain::{Date, RecordId, Time};
use serde_json::{Map, Value as Json};

use super::gather::{Author, Held, HeldAside, HeldChange, HeldRecord};
use super::words::{Words, filled};
use crate::paper::flow::{Column, Flow, Side, WIDTH};
use crate::paper::fonts::Fonts;
use crate::paper::pen::Look;
use crate::paper::words::Language;

/// The report as a PDF.
pub fn printed(held: &Held, language: Language, utc_offset_minutes: i32) -> Option<Vec<u8>> {
    let fonts = Fonts::load()?;
    let words = Words::of(language);
    let report = Report {
        held,
        language,
        words,
        utc_offset_minutes,
    };
    let mut flow = Flow::new(&fonts, language);
    report.front(&mut flow, &fonts);
    report.records(&mut flow);
    report.kept_aside(&mut flow);
    report.looked(&mut flow);
    let made = report.time(held.made_at);
    let place = [
        ("name", held.name.as_str()),
        ("hospital", &held.facility.name),
        ("at", &made),
    ];
    flow.print(words.title, |page, of| {
        let (page, of) = (page.to_string(), of.to_string());
        let number = filled(words.page, &[("page", &page), ("of", &of)]);
        (filled(words.foot, &place), number)
    })
}

/// The tables: what each of their columns is headed with, and how wide it is.
impl Words {
    fn facts(&self) -> [Column<'static>; 2] {
        [column("", 150.0), column("", WIDTH - 150.0)]
    }

    fn now(&self) -> [Column<'static>; 2] {
        [column(self.field, 150.0), column(self.stands, WIDTH - 150.0)]
    }

    fn history(&self) -> [Column<'static>; 4] {
        [
            column(self.when, 88.0),
            column(self.written_by, 105.0),
            column(self.computer, 90.0),
            column(self.written, WIDTH - 283.0),
        ]
    }

    fn kept(&self) -> [Column<'static>; 3] {
        [
            column(self.since, 88.0),
            column(self.written_by, 105.0),
            column(self.says, WIDTH - 193.0),
        ]
    }

    fn looks(&self) -> [Column<'static>; 4] {
        [
            column(self.when, 88.0),
            column(self.who, 140.0),
            column(self.what, WIDTH - 328.0),
            column(self.computer, 100.0),
        ]
    }
}

const fn column(label: &'static str, width: f32) -> Column<'static> {
    let side = Side::Start;
    Column { label, width, side }
}

struct Report<'h> {
    held: &'h Held,
    language: Language,
    words: &'static Words,
    utc_offset_minutes: i32,
}

impl Report<'_> {
    fn time(&self, time: Time) -> String {
        self.language.moment(time, self.utc_offset_minutes)
    }

    fn front(&self, flow: &mut Flow<'_>, fonts: &Fonts) {
        let (held, words) = (self.held, self.words);
        flow.heading(1, words.title);
        let heard = held.district_heard_at.map(|at| self.time(at));
        let changes: usize = held.records.iter().map(|record| record.history.len()).sum();
        let made = [
            ("at", self.time(held.made_at)),
            ("by", self.author(&held.made_by, ", ")),
        ];
        let counts = [
            ("records", held.records.len().to_string()),
            ("changes", changes.to_string()),
            ("looks", held.looked.len().to_string()),
        ];
        let facts = [
            (words.person, held.name.clone()),
            (words.hospital, held.facility.name.clone()),
            (words.made, with(words.made_by, &made)),
            (words.holds, with(words.holds_so_many, &counts)),
            (words.heard, heard.unwrap_or_else(|| words.never_heard.to_owned())),
        ];
        let rows = facts.map(|(label, value)| vec![label.to_owned(), value]);
        flow.table(&words.facts(), &rows);
        flow.paragraph(Look::Soft, words.as_known_here);
        if held.has_partial_history {
            flow.paragraph(Look::Soft, words.partial_history);
        }
        let has_all = |text: &str| text.chars().all(|letter| fonts.has(letter));
        let whole = serde_json::to_string(held).unwrap_or_default();
        if !has_all(&whole) {
            flow.paragraph(Look::Strong, words.not_all_letters);
        }
    }

    fn records(&self, flow: &mut Flow<'_>) {
        flow.heading(2, self.words.records);
        for record in &self.held.records {
            self.record(flow, record);
        }
    }

    fn record(&self, flow: &mut Flow<'_>, record: &HeldRecord) {
        let words = self.words;
        let kind = self.language.kind(&record.kind);
        if record.entered_in_error {
            flow.heading(3, &filled(words.entered_in_error, &[("kind", kind)]));
        } else {
            flow.heading(3, kind);
        }
        let stands = self.said(&record.kind, &record.now);
        if stands.is_empty() {
            flow.paragraph(Look::Soft, words.nothing_stands);
        } else {
            flow.table(&words.now(), &stands);
        }
        for conflict in &record.in_conflict {
            let values = conflict.values.iter();
            let values: Vec<String> = values
                .map(|value| self.value(&record.kind, &conflict.field, value))
                .collect();
            let values = values.join(words.or);
            let field = self.language.field(&record.kind, &conflict.field);
            let text = filled(words.not_decided, &[("field", field), ("values", &values)]);
            flow.paragraph(Look::Strong, &text);
        }
        let rows: Vec<Vec<String>> = (record.history.iter().enumerate())
            .map(|(place, change)| self.change(&record.kind, change, place == 0))
            .collect();
        flow.table(&words.history(), &rows);
    }

    fn change(&self, kind: &str, change: &HeldChange, is_first: bool) -> Vec<String> {
        let mut says = self.said(kind, &change.fields);
        if !is_first {
            says.extend(self.emptied(kind, &change.fields));
        }
        let mut says: Vec<String> = says.into_iter().map(|row| row.join(": ")).collect();
        if change.partial {
            says.push(self.words.what_still_stood.to_owned());
        }
        if change.kept_aside.is_some() {
            says.push(self.words.kept_aside.to_owned());
        }
        vec![
            self.time(change.at),
            self.author(&change.by, "\n"),
            self.computer(&change.desk.name),
            says.join("\n"),
        ]
    }

    fn kept_aside(&self, flow: &mut Flow<'_>) {
        flow.heading(2, self.words.aside);
        if self.held.kept_aside.is_empty() {
            flow.paragraph(Look::Plain, self.words.nothing_aside);
            return;
        }
        let rows: Vec<Vec<String>> = self.held.kept_aside.iter().map(|aside| self.aside(aside)).collect();
        flow.table(&self.words.kept(), &rows);
    }

    fn aside(&self, aside: &HeldAside) -> Vec<String> {
        let says = aside.says.iter().map(|saying| {
            let what = self.language.kind(&saying.kind);
            let mut says = self.said(&saying.kind, &saying.fields);
            says.extend(self.emptied(&saying.kind, &saying.fields));
            let says: Vec<String> = says.into_iter().map(|row| row.join(": ")).collect();
            format!("{what}\n{}", says.join("\n"))
        });
        vec![
            self.time(aside.since),
            aside.by.as_ref().map(|by| self.author(by, "\n")).unwrap_or_default(),
            says.collect::<Vec<_>>().join("\n"),
        ]
    }

    fn looked(&self, flow: &mut Flow<'_>) {
        flow.heading(2, self.words.looked);
        if self.held.looked.is_empty() {
            flow.paragraph(Look::Plain, self.words.nobody_looked);
            return;
        }
        flow.paragraph(Look::Soft, self.words.each_look);
        let rows: Vec<Vec<String>> = self.held.looked.iter().map(|line| self.look(line)).collect();
        flow.table(&self.words.looks(), &rows);
    }

    fn look(&self, line: &AuditLine) -> Vec<String> {
        let ended = line.ended.as_deref().filter(|ended| *ended != "done");
        let ended = ended.map(|ended| format!(" ({})", self.language.code(&ENDED, ended)));
        vec![
            self.time(line.at),
            self.known(&line.who_name),
            format!(
                "{}{}",
                self.language.code(&AUDITED, &line.what),
                ended.unwrap_or_default()
            ),
            self.computer(&line.desk_name),
        ]
    }

    /// The fields with their labels, in the order of the form.
    fn said(&self, kind: &str, fields: &Map<String, Json>) -> Vec<Vec<String>> {
        let order = |name: &str| {
            let fields = entity(kind).map_or(&[] as &[_], |entity| entity.fields);
            fields.iter().position(|about| about.name == name).unwrap_or(usize::MAX)
        };
        let mut names: Vec<&String> = fields.keys().collect();
        names.sort_by_key(|name| (order(name), name.as_str()));
        let said = names.into_iter().filter_map(|name| {
            let value = fields.get(name).filter(|value| !value.is_null())?;
            // That a record stands is not worth a line.
            let stands = name == VOIDED && value == "no";
            (!stands).then(|| vec![self.label(kind, name), self.value(kind, name, value)])
        });
        said.collect()
    }

    fn value(&self, kind: &str, field: &str, value: &Json) -> String {
        let about = entity(kind).and_then(|entity| entity.field(field));
        let plain = || match value {
            Json::String(text) => text.clone(),
            Json::Null => self.words.empty.to_owned(),
            other => other.to_string(),
        };
        let Some(about) = about else { return plain() };
        match about.shape {
            Shape::Time => value.as_i64().map_or_else(plain, |ms| self.time(Time(ms))),
            Shape::Date => {
                let day = value.as_str().and_then(|text| text.parse::<Date>().ok());
                day.map_or_else(plain, |day| self.language.day(day))
            }
            Shape::Code(list) => {
                let word = value.as_str();
                word.map_or_else(plain, |word| self.language.code(list, word).to_owned())
            }
            Shape::Codes(list) => {
                let words = value.as_array().into_iter().flatten().filter_map(Json::as_str);
                let words: Vec<&str> = words.map(|word| self.language.code(list, word)).collect();
                words.join(", ")
            }
            Shape::Ref(_) => self.referred(value),
            Shape::Int | Shape::Decimal { .. } if !about.unit.is_empty() => format!("{} {}", plain(), about.unit),
            _ => plain(),
        }
    }

    /// What is called how that a field refers to.
    fn referred(&self, value: &Json) -> String {
        let id = value.as_str().and_then(|text| text.parse::<RecordId>().ok());
        let own = id.filter(|id| self.held.records.iter().any(|record| record.id == *id));
        let called = id.and_then(|id| self.held.called.get(&id));
        match (own, called.filter(|name| !name.is_empty())) {
            (_, Some(called)) => called.clone(),
            (Some(_), None) => self.words.in_this_report.to_owned(),
            (None, None) => self.words.another_record.to_owned(),
        }
    }

    /// The fields that were emptied, with that.
    fn emptied(&self, kind: &str, fields: &Map<String, Json>) -> Vec<Vec<String>> {
        let empty = fields.iter().filter(|(_, value)| value.is_null());
        empty
            .map(|(name, _)| vec![self.label(kind, name), self.words.emptied.to_owned()])
            .collect()
    }

    fn label(&self, kind: &str, field: &str) -> String {
        self.language.field(kind, field).to_owned()
    }

    fn author(&self, author: &Author, then: &str) -> String {
        let name = self.known(&author.name);
        match self.language.code(&ROLE, &author.role) {
            "" => name,
            role => format!("{name}{then}{role}"),
        }
    }

    fn known(&self, name: &str) -> String {
        if name.is_empty() { self.words.nobody_known } else { name }.to_owned()
    }

    fn computer(&self, name: &str) -> String {
        if name.is_empty() { self.words.no_name } else { name }.to_owned()
    }
}

fn with(text: &str, places: &[(&str, String)]) -> String {
    let places: Vec<(&str, &str)> = places.iter().map(|(place, value)| (*place, value.as_str())).collect();
    filled(text, &places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_head_of_a_table_fits_above_its_column() {
        let fonts = Fonts::load().unwrap();
        for words in Language::ALL.map(Words::of) {
            let tables = [
                words.facts().to_vec(),
                words.now().to_vec(),
                words.history().to_vec(),
                words.kept().to_vec(),
                words.looks().to_vec(),
            ];
            for columns in &tables {
                assert_eq!(columns.iter().map(|column| column.width).sum::<f32>(), WIDTH);
                for column in columns {
                    let width = fonts.width(column.label, crate::paper::flow::HEAD);
                    assert!(width < column.width - 4.0, "{}", column.label);
                }
            }
        }
    }
}
