//! The items of a dump, one by one, with the line each stands on: a broken one is reported and the
//! next is looked for.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use crate::report::{Fault, Report};

/// A file to read.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// One record of Care.
#[derive(Clone, Debug)]
pub struct Item {
    pub file: String,
    pub line: usize,
    pub model: String,
    pub pk: String,
    pub fields: Map<String, Json>,
}

#[derive(Deserialize)]
struct Dumped {
    model: String,
    pk: Json,
    fields: Map<String, Json>,
}

/// The items of all files, in their order.
pub fn items(files: &[File], report: &mut Report) -> Vec<Item> {
    files.iter().flat_map(|file| items_of(file, report)).collect()
}

fn items_of(file: &File, report: &mut Report) -> Vec<Item> {
    let mut found = Vec::new();
    let text = file.text.trim_start_matches('\u{feff}');
    let shift = file.text.len() - text.len();
    let Some(start) = text.find('[') else {
        report.fault(Fault::of_file(&file.name, 1, "not_a_dump"));
        return found;
    };
    let mut at = start + 1;
    while let Some(next) = text
        .get(at..)
        .and_then(|rest| rest.find(['{', ']']).map(|found| at + found))
    {
        let rest = text.get(next..).unwrap_or_default();
        if rest.starts_with(']') {
            return found;
        }
        let line = line_of(&file.text, shift + next);
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        match stream.next() {
            Some(Ok(raw)) => {
                at = next + stream.byte_offset();
                match serde_json::from_str::<Dumped>(raw.get()) {
                    Ok(dumped) => found.push(item(file, line, dumped)),
                    Err(error) => {
                        let line = line + error.line().saturating_sub(1);
                        report.fault(Fault::of_file(&file.name, line, "not_a_record"));
                    }
                }
            }
            Some(Err(error)) => {
                let line = line + error.line().saturating_sub(1);
                report.fault(Fault::of_file(&file.name, line, "not_json"));
                match next_item(text, next + 1) {
                    Some(later) => at = later,
                    None => return found,
                }
            }
            None => return found,
        }
    }
    report.fault(Fault::of_file(
        &file.name,
        line_of(&file.text, file.text.len()),
        "cut_off",
    ));
    found
}

fn item(file: &File, line: usize, dumped: Dumped) -> Item {
    let pk = match dumped.pk {
        Json::String(text) => text,
        other => other.to_string(),
    };
    Item {
        file: file.name.clone(),
        line,
        model: dumped.model,
        pk,
        fields: dumped.fields,
    }
}

/// Where the next record begins after a broken one: the brace before the next `"model"`.
fn next_item(text: &str, from: usize) -> Option<usize> {
    let model = text.get(from..)?.find("\"model\"").map(|found| from + found)?;
    text.get(from..model)?
        .rfind('{')
        .map(|brace| from + brace)
        .or_else(|| next_item(text, model + 1))
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys with their lines, and the lines of faults with their reasons.
    type Found = (Vec<(String, usize)>, Vec<(usize, String)>);

    fn read(text: &str) -> Found {
        let mut report = Report::default();
        let file = File {
            name: "dump.json".into(),
            text: text.into(),
        };
        let found = items(&[file], &mut report)
            .into_iter()
            .map(|item| (item.pk, item.line))
            .collect();
        (
            found,
            report
                .faults
                .into_iter()
                .map(|fault| (fault.line, fault.reason))
                .collect(),
        )
    }

    #[test]
    fn every_item_is_found_with_its_line() {
        let text =
            "[\n{\"model\":\"a.b\",\"pk\":1,\"fields\":{}},\n\n{\"model\":\"a.b\",\"pk\":\"x\",\"fields\":{}}\n]";
        assert_eq!(read(text), (vec![("1".into(), 2), ("x".into(), 4)], vec![]));
    }

    #[test]
    fn a_broken_item_keeps_no_other_out() {
        let text = "[\n{\"model\":\"a.b\",\"pk\":1,\"fields\":{}},\n{\"model\":\"a.b\",\"pk\":2,\"fields\":{\"x\":}},\n{\"model\":\"a.b\",\"pk\":3,\"fields\":{}}\n]";
        assert_eq!(
            read(text),
            (vec![("1".into(), 2), ("3".into(), 4)], vec![(3, "not_json".into())])
        );
    }

    #[test]
    fn a_file_that_was_cut_off_gives_what_it_has_and_says_so() {
        let text = "[\n{\"model\":\"a.b\",\"pk\":1,\"fields\":{}},\n{\"model\":\"a.b\",\"pk\":2,";
        let (found, faults) = read(text);
        assert_eq!(found, vec![("1".into(), 2)]);
        assert_eq!(faults.len(), 1);
        assert_eq!(read("hello").1, vec![(1, "not_a_dump".into())]);
    }
}
