//! The data dictionary: every kind, every field with its limits and its masking, every code list.

use domain::codes::problems::PROBLEMS;
use domain::entities::ENTITIES;
use domain::field::{About, Masking, Merge, Search, Shape};
use domain::{Entity, Home};

use super::labels::lists;
use super::typescript::{semantics, shown};

const HEAD: &str = "\
<!-- Written from the domain by `cargo xtask codegen`; do not edit. -->
# Data dictionary

Every kind of record, each of its fields, and every code list. *Possible*: outside of it a value is
refused. *Usual*: outside of it a person is asked. *Masking*: what a report without personal data
shows of the field. *In conflict*: which value is in force while two people's values wait for a
decision. Every kind also has `voided` and `void_reason`: nothing is ever deleted.
";

/// The text of `data-dictionary.md`.
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    for entity in ENTITIES {
        text += &one_entity(entity);
    }
    text += "\n# Code lists\n\nThe word is what is stored. Care's codes stand newest release first.\n";
    for list in lists() {
        text += &format!("\n## {}\n\n| word | label | Care |\n|---|---|---|\n", list.name);
        for code in list.codes {
            text += &format!("| `{}` | {} | {} |\n", code.word, code.label, code.care.join(", "));
        }
    }
    text += "\n# Roles\n\nWhat each may do with each kind stands on [a page of the manual](manual/rights.md).\n";
    text += "\n# Problems\n\n| code | message |\n|---|---|\n";
    for (code, message) in PROBLEMS {
        text += &format!("| `{code}` | {message} |\n");
    }
    text
}

fn one_entity(entity: &Entity) -> String {
    let home = match entity.home {
        Home::Facility => "facility",
        Home::District => "district",
    };
    let meaning = match semantics(entity) {
        "append_only" => "written once, corrected by a later record",
        "ledger" => "written once, the balance is the sum",
        "interval" => "from a moment until another",
        "erases" => "written once, by the district's server alone, and erase what they name",
        _ => "edited in place",
    };
    let mut text = format!(
        "\n# {} (`{}`)\n\nSpace: {home}. Records are {meaning}.\n\n",
        entity.plural, entity.kind
    );
    if semantics(entity) == "interval" {
        text = text.replace("Records are from", "Records last from");
    }
    text += "| field | label | type | needed | possible | usual | masking | in conflict | found by | note |\n";
    text += "|---|---|---|---|---|---|---|---|---|---|\n";
    for about in entity.fields {
        text += &row(&cells(about));
    }
    text
}

fn cells(about: &About) -> [String; 10] {
    let limits = |limits: Option<(i64, i64)>| match limits {
        Some((low, high)) => format!("{} – {} {}", shown(about, low), shown(about, high), about.unit)
            .trim()
            .to_owned(),
        None => String::new(),
    };
    let needed = if about.required { "yes" } else { "" };
    [
        format!("`{}`", about.name),
        about.label.to_owned(),
        shape(about),
        needed.to_owned(),
        limits(about.range),
        limits(about.usual),
        masking(about).to_owned(),
        in_conflict(about),
        found_by(about).to_owned(),
        about.hint.to_owned(),
    ]
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | ")).replace("|  |", "| |")
}

fn shape(about: &About) -> String {
    match about.shape {
        Shape::Text { max, lines: false } => format!("text, {max}"),
        Shape::Text { max, lines: true } => format!("lines, {max}"),
        Shape::Int => "whole number".to_owned(),
        Shape::Decimal { scale } => format!("decimal, {scale} places"),
        Shape::Code(list) => format!("one of [{0}](#{0})", list.name),
        Shape::Codes(list) => format!("some of [{0}](#{0})", list.name),
        Shape::Date => "date".to_owned(),
        Shape::Time => "time".to_owned(),
        Shape::Ref(kind) => format!("a `{kind}`"),
    }
}

fn masking(about: &About) -> &'static str {
    match about.masking {
        Masking::Open => "shown",
        Masking::Hidden => "hidden",
        Masking::YearOnly => "year only",
    }
}

fn in_conflict(about: &About) -> String {
    match about.merge {
        Merge::First => "the first".to_owned(),
        Merge::Prefer(words) => words.join(" > "),
        Merge::Both => "neither: both shown".to_owned(),
    }
}

fn found_by(about: &About) -> &'static str {
    match about.search {
        Some(Search::Name) => "name, sound",
        Some(Search::Phone) => "phone",
        Some(Search::Identifier) => "identifier",
        Some(Search::Year) => "year",
        None if about.indexed => "value",
        None => "",
    }
}
