//! The report to a person as it is read and printed: what stands, who wrote it and when, what the district keeps aside,
//! and who looked. Labels are English, with headings in Malayalam too; what people typed stands as they typed it.

use domain::codes::CodeList;
use domain::codes::audit::{AUDITED, ENDED};
use domain::codes::person::ROLE;
use domain::entities::entity;
use domain::field::Shape;
use domain::record::{VOID_REASON, VOIDED};
use domain::views::audit::AuditLine;
use domain::{RecordId, Time};
use serde_json::{Map, Value as Json};

use super::gather::{Author, Held, HeldAside, HeldChange, HeldRecord};
use crate::paper::flow::{Column, Flow, WIDTH};
use crate::paper::fonts::Fonts;
use crate::paper::pen::Look;
use crate::paper::written;

const TITLE: (&str, &str) = ("Everything that is held about a person", "ഒരാളെക്കുറിച്ചു സൂക്ഷിച്ചിട്ടുള്ളതെല്ലാം");
const RECORDS: &str = "Records · രേഖകൾ";
const ASIDE: &str = "Kept aside by the district · ജില്ല മാറ്റിവച്ചവ";
const LOOKED: &str = "Who looked · ആരെല്ലാം നോക്കി";
/// For letters of scripts that the fonts do not have.
const NOT_ALL: &str = "Some letters in this report are of a script that cannot be printed here; they stand as empty boxes. \
     They are whole in the file report.json, which can be asked for beside this one.";

const fn column(label: &'static str, width: f32) -> Column {
    Column { label, width }
}

const FACTS: [Column; 2] = [column("", 120.0), column("", WIDTH - 120.0)];
const NOW: [Column; 2] = [column("Field", 150.0), column("What stands", WIDTH - 150.0)];
const HISTORY: [Column; 4] = [
    column("When", 88.0),
    column("Written by", 105.0),
    column("Computer", 90.0),
    column("What was written", WIDTH - 283.0),
];
const KEPT: [Column; 3] = [
    column("Since", 88.0),
    column("Written by", 105.0),
    column("What it says", WIDTH - 193.0),
];
const LOOKS: [Column; 4] = [
    column("When", 88.0),
    column("Who", 140.0),
    column("What", WIDTH - 328.0),
    column("Computer", 100.0),
];

/// The report as a PDF.
pub fn printed(held: &Held, utc_offset_minutes: i32) -> Option<Vec<u8>> {
    let fonts = Fonts::load()?;
    let report = Report {
        held,
        utc_offset_minutes,
    };
    let mut flow = Flow::new(&fonts);
    report.front(&mut flow, &fonts);
    report.records(&mut flow);
    report.kept_aside(&mut flow);
    report.looked(&mut flow);
    let made = report.time(held.made_at);
    flow.print(TITLE.0, |page, of| {
        let place = format!("{} · {} · made {made}", held.name, held.facility.name);
        (place, format!("Page {page} of {of}"))
    })
}

struct Report<'h> {
    held: &'h Held,
    utc_offset_minutes: i32,
}

impl Report<'_> {
    fn time(&self, time: Time) -> String {
        written(time, self.utc_offset_minutes)
    }

    fn front(&self, flow: &mut Flow<'_>, fonts: &Fonts) {
        let held = self.held;
        flow.heading(1, TITLE.0);
        flow.heading(3, TITLE.1);
        let heard = held.district_heard_at.map(|at| self.time(at));
        let changes: usize = held.records.iter().map(|record| record.history.len()).sum();
        let fact = |label: &str, value: String| vec![label.to_owned(), value];
        let facts = [
            fact("Person", held.name.clone()),
            fact("Hospital", held.facility.name.clone()),
            fact(
                "Made",
                format!("{} by {}", self.time(held.made_at), author(&held.made_by)),
            ),
            fact(
                "Holds",
                format!(
                    "{} records, {changes} changes, {} looks",
                    held.records.len(),
                    held.looked.len()
                ),
            ),
            fact(
                "District last heard",
                heard.unwrap_or_else(|| "never by this computer".to_owned()),
            ),
        ];
        flow.table(&FACTS, &facts);
        flow.paragraph(
            Look::Soft,
            "It is as this computer knows it: what others wrote since the district was last heard is not in it. Whoever \
             finds something wrong in it may ask for its correction.",
        );
        if held.has_partial_history {
            flow.paragraph(
                Look::Soft,
                "Of some records only what still stood when this computer joined is here. All of their earlier values \
                 are at the district's server.",
            );
        }
        let has_all = |text: &str| text.chars().all(|letter| fonts.has(letter));
        let whole = serde_json::to_string(held).unwrap_or_default();
        if !has_all(&whole) {
            flow.paragraph(Look::Strong, NOT_ALL);
        }
    }

    fn records(&self, flow: &mut Flow<'_>) {
        flow.heading(2, RECORDS);
        for record in &self.held.records {
            self.record(flow, record);
        }
    }

    fn record(&self, flow: &mut Flow<'_>, record: &HeldRecord) {
        let wrong = if record.entered_in_error {
            " (entered in error)"
        } else {
            ""
        };
        flow.heading(3, &format!("{}{wrong}", record.label));
        let stands = self.said(&record.kind, &record.now);
        if stands.is_empty() {
            flow.paragraph(Look::Soft, "Nothing stands in it now.");
        } else {
            flow.table(&NOW, &stands);
        }
        for conflict in &record.in_conflict {
            let values = conflict.values.iter();
            let values: Vec<String> = values
                .map(|value| self.value(&record.kind, &conflict.field, value))
                .collect();
            let label = label(&record.kind, &conflict.field);
            let text = format!("{label}: not decided between {}.", values.join(" and "));
            flow.paragraph(Look::Strong, &text);
        }
        let rows: Vec<Vec<String>> = (record.history.iter().enumerate())
            .map(|(place, change)| self.change(&record.kind, change, place == 0))
            .collect();
        flow.table(&HISTORY, &rows);
    }

    fn change(&self, kind: &str, change: &HeldChange, is_first: bool) -> Vec<String> {
        let mut says = self.said(kind, &change.fields);
        if !is_first {
            says.extend(emptied(kind, &change.fields));
        }
        let mut says: Vec<String> = says.into_iter().map(|row| row.join(": ")).collect();
        if change.partial {
            says.push("(only what of it still stood)".to_owned());
        }
        if change.kept_aside.is_some() {
            says.push("(kept aside by the district)".to_owned());
        }
        vec![
            self.time(change.at),
            author(&change.by),
            computer(&change.desk.name),
            says.join("\n"),
        ]
    }

    fn kept_aside(&self, flow: &mut Flow<'_>) {
        flow.heading(2, ASIDE);
        if self.held.kept_aside.is_empty() {
            flow.paragraph(
                Look::Plain,
                "Nothing that other computers wrote about this person waits for a decision.",
            );
            return;
        }
        let rows: Vec<Vec<String>> = self.held.kept_aside.iter().map(|aside| self.aside(aside)).collect();
        flow.table(&KEPT, &rows);
    }

    fn aside(&self, aside: &HeldAside) -> Vec<String> {
        let says = aside.says.iter().map(|saying| {
            let what = entity(&saying.kind).map_or("", |entity| entity.label);
            let mut says = self.said(&saying.kind, &saying.fields);
            says.extend(emptied(&saying.kind, &saying.fields));
            let says: Vec<String> = says.into_iter().map(|row| row.join(": ")).collect();
            format!("{what}\n{}", says.join("\n"))
        });
        vec![
            self.time(aside.since),
            aside.by.as_ref().map(author).unwrap_or_default(),
            says.collect::<Vec<_>>().join("\n"),
        ]
    }

    fn looked(&self, flow: &mut Flow<'_>) {
        flow.heading(2, LOOKED);
        if self.held.looked.is_empty() {
            flow.paragraph(Look::Plain, "Nobody, as far as this computer knows.");
            return;
        }
        flow.paragraph(
            Look::Soft,
            "Each look at the person's page, once in a quarter of an hour, and each report like this one.",
        );
        let rows: Vec<Vec<String>> = self.held.looked.iter().map(|line| self.look(line)).collect();
        flow.table(&LOOKS, &rows);
    }

    fn look(&self, line: &AuditLine) -> Vec<String> {
        let ended = line.ended.as_deref().filter(|ended| *ended != "done");
        let ended = ended.map(|ended| format!(" ({})", word(&ENDED, ended)));
        vec![
            self.time(line.at),
            known(&line.who_name),
            format!("{}{}", word(&AUDITED, &line.what), ended.unwrap_or_default()),
            computer(&line.desk_name),
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
            (!stands).then(|| vec![label(kind, name), self.value(kind, name, value)])
        });
        said.collect()
    }

    fn value(&self, kind: &str, field: &str, value: &Json) -> String {
        let shape = entity(kind)
            .and_then(|entity| entity.field(field))
            .map(|about| (about.shape, about.unit));
        let plain = || match value {
            Json::String(text) => text.clone(),
            Json::Null => "empty".to_owned(),
            other => other.to_string(),
        };
        match shape {
            Some((Shape::Time, _)) => value.as_i64().map_or_else(plain, |ms| self.time(Time(ms))),
            Some((Shape::Code(list), _)) => value.as_str().map_or_else(plain, |text| word(list, text)),
            Some((Shape::Codes(list), _)) => {
                let words = value.as_array().into_iter().flatten().filter_map(Json::as_str);
                words.map(|text| word(list, text)).collect::<Vec<_>>().join(", ")
            }
            Some((Shape::Ref(_), _)) => {
                let id = value.as_str().and_then(|text| text.parse::<RecordId>().ok());
                let own = id.filter(|id| self.held.records.iter().any(|record| record.id == *id));
                let called = id
                    .and_then(|id| self.held.called.get(&id))
                    .filter(|name| !name.is_empty());
                match (own, called) {
                    (_, Some(called)) => called.clone(),
                    (Some(_), None) => "in this report".to_owned(),
                    (None, None) => "another record".to_owned(),
                }
            }
            Some((Shape::Int | Shape::Decimal { .. }, unit)) if !unit.is_empty() => format!("{} {unit}", plain()),
            None if field == VOIDED => if value == "yes" { "Yes" } else { "No" }.to_owned(),
            _ => plain(),
        }
    }
}

/// The fields that were emptied, with that.
fn emptied(kind: &str, fields: &Map<String, Json>) -> Vec<Vec<String>> {
    let empty = fields.iter().filter(|(_, value)| value.is_null());
    empty
        .map(|(name, _)| vec![label(kind, name), "emptied".to_owned()])
        .collect()
}

fn label(kind: &str, field: &str) -> String {
    let about = entity(kind).and_then(|entity| entity.field(field));
    match (about, field) {
        (Some(about), _) => about.label.to_owned(),
        (None, VOIDED) => "Entered in error".to_owned(),
        (None, VOID_REASON) => "Why in error".to_owned(),
        (None, other) => other.to_owned(),
    }
}

fn word(list: &CodeList, word: &str) -> String {
    let known = list.codes.iter().find(|code| code.word == word);
    known.map_or(word, |code| code.label).to_owned()
}

fn author(author: &Author) -> String {
    let name = known(&author.name);
    match word(&ROLE, &author.role) {
        role if role.is_empty() => name,
        role => format!("{name}, {role}"),
    }
}

fn known(name: &str) -> String {
    if name.is_empty() { "not known here" } else { name }.to_owned()
}

fn computer(name: &str) -> String {
    if name.is_empty() { "without a name" } else { name }.to_owned()
}
