//! The English words of kinds, fields, codes and problems, by the keys that the window uses.

use std::collections::BTreeMap;

use domain::codes::CodeList;
use domain::codes::problems::PROBLEMS;
use domain::entities::ENTITIES;
use domain::field::Shape;

/// `kind.<kind>`, `kind.<kind>.plural`, `field.<kind>.<field>`, `field.<kind>.<field>.hint`,
/// `code.<list>.<word>` and `problem.<code>`, in the order of the keys.
pub fn english() -> String {
    let mut labels: BTreeMap<String, &str> = BTreeMap::new();
    for entity in ENTITIES {
        labels.insert(format!("kind.{}", entity.kind), entity.label);
        labels.insert(format!("kind.{}.plural", entity.kind), entity.plural);
        for about in entity.all_fields() {
            labels.insert(format!("field.{}.{}", entity.kind, about.name), about.label);
            if !about.hint.is_empty() {
                labels.insert(format!("field.{}.{}.hint", entity.kind, about.name), about.hint);
            }
        }
    }
    for list in lists() {
        for code in list.codes {
            labels.insert(format!("code.{}.{}", list.name, code.word), code.label);
        }
    }
    for (code, message) in PROBLEMS {
        labels.insert(format!("problem.{code}"), message);
    }
    serde_json::to_string_pretty(&labels).expect("texts by texts are JSON") + "\n"
}

/// Every code list that a field uses, by its name.
pub fn lists() -> Vec<&'static CodeList> {
    let mut lists: BTreeMap<&str, &'static CodeList> = BTreeMap::new();
    for about in ENTITIES.iter().flat_map(|entity| entity.all_fields()) {
        if let Shape::Code(list) | Shape::Codes(list) = about.shape {
            lists.insert(list.name, list);
        }
    }
    lists.into_values().collect()
}
