//! The descriptions of all kinds, the code lists and the roles as TypeScript.

use std::fmt::Write;

use domain::access::{ROLES, Scope, Verb, may};
use domain::entities::ENTITIES;
use domain::field::{About, Masking, Shape};
use domain::{Decimal, Entity, Home, Semantics};
use serde_json::{Value as Json, json};

use super::labels::lists;

const HEAD: &str = r#"// Written from the domain by `cargo xtask codegen`; do not edit.

/** What the values of a field look like. */
export type Shape =
  | { type: "text"; max: number; lines: boolean }
  | { type: "int" }
  | { type: "decimal"; scale: number }
  | { type: "code"; list: ListName }
  | { type: "codes"; list: ListName }
  | { type: "date" }
  | { type: "time" }
  | { type: "ref"; kind: Kind };

/** Everything known about one field. Limits are in the field's unit. */
export interface FieldDescription {
  name: string;
  label: string;
  shape: Shape;
  required: boolean;
  /** Outside of it: impossible, refused. */
  range: [number, number] | null;
  /** Outside of it: unusual, asked. */
  usual: [number, number] | null;
  unit: string;
  personal: boolean;
  hint: string;
}

/** One kind of record. */
export interface EntityDescription {
  kind: Kind;
  label: string;
  plural: string;
  home: "facility" | "district";
  semantics: "register" | "append_only" | "ledger" | "interval" | "erases";
  fields: FieldDescription[];
  /** Fields that only make sense together: when one is edited, all are written. */
  groups: string[][];
  /** Columns of a plain list. */
  list: string[];
  /** The fields that name a record to a person. */
  caption: string[];
}

/** One word of a code list, with its English label. */
export interface Code {
  word: string;
  label: string;
}

/** One role: how far it reaches, and the kinds it may see and write. */
export interface Role {
  word: RoleWord;
  label: string;
  rank: number;
  readOnly: boolean;
  scope: "facility" | "district" | "state";
  sees: Kind[];
  writes: Kind[];
}
"#;

/// The text of `entities.ts`.
pub fn entities() -> String {
    let mut text = HEAD.to_owned();
    union(&mut text, "Kind", ENTITIES.iter().map(|entity| entity.kind));
    union(&mut text, "ListName", lists().iter().map(|list| list.name));
    union(&mut text, "RoleWord", ROLES.iter().map(|role| role.word));
    text += "\n/** The fields of each kind. */\nexport interface FieldsOf {\n";
    for entity in ENTITIES {
        let names: Vec<String> = entity.all_fields().map(|about| format!("\"{}\"", about.name)).collect();
        push(&mut text, format_args!("  {}: {};\n", entity.kind, names.join(" | ")));
    }
    text += "}\n\n/** Every kind by its name. */\nexport const ENTITIES: Record<Kind, EntityDescription> = {\n";
    for entity in ENTITIES {
        one_entity(&mut text, entity);
    }
    text += "};\n\n/** Every code list by its name. */\nexport const CODES: Record<ListName, Code[]> = {\n";
    for list in lists() {
        push(&mut text, format_args!("  {}: [\n", list.name));
        for code in list.codes {
            push(
                &mut text,
                format_args!("    {},\n", json!({ "word": code.word, "label": code.label })),
            );
        }
        text += "  ],\n";
    }
    text += "};\n\n/** Every role, highest rank first. */\nexport const ROLES: Role[] = [\n";
    for role in ROLES {
        push(&mut text, format_args!("  {},\n", role_json(role)));
    }
    text + "];\n"
}

fn push(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).expect("a text takes any text");
}

fn union<'a>(text: &mut String, name: &str, words: impl Iterator<Item = &'a str>) {
    let words: Vec<String> = words.map(|word| format!("\n  | \"{word}\"")).collect();
    push(text, format_args!("\nexport type {name} ={};\n", words.concat()));
}

fn one_entity(text: &mut String, entity: &Entity) {
    let home = match entity.home {
        Home::Facility => "facility",
        Home::District => "district",
    };
    push(
        text,
        format_args!("  {}: {{\n    kind: {},\n", entity.kind, json!(entity.kind)),
    );
    push(
        text,
        format_args!(
            "    label: {},\n    plural: {},\n",
            json!(entity.label),
            json!(entity.plural)
        ),
    );
    push(
        text,
        format_args!(
            "    home: \"{home}\",\n    semantics: \"{}\",\n    fields: [\n",
            semantics(entity)
        ),
    );
    for about in entity.all_fields() {
        push(text, format_args!("      {},\n", field_json(about)));
    }
    text.push_str("    ],\n");
    for (name, names) in [
        ("groups", json!(entity.groups)),
        ("list", json!(entity.list)),
        ("caption", json!(entity.caption)),
    ] {
        push(text, format_args!("    {name}: {names},\n"));
    }
    text.push_str("  },\n");
}

/// The word for what changes of the kind mean.
pub fn semantics(entity: &Entity) -> &'static str {
    match entity.semantics {
        Semantics::Register => "register",
        Semantics::AppendOnly { .. } => "append_only",
        Semantics::Ledger { .. } => "ledger",
        Semantics::Interval { .. } => "interval",
        Semantics::Erases { .. } => "erases",
    }
}

fn field_json(about: &About) -> Json {
    let shape = match about.shape {
        Shape::Text { max, lines } => json!({ "type": "text", "max": max, "lines": lines }),
        Shape::Int => json!({ "type": "int" }),
        Shape::Decimal { scale } => json!({ "type": "decimal", "scale": scale }),
        Shape::Code(list) => json!({ "type": "code", "list": list.name }),
        Shape::Codes(list) => json!({ "type": "codes", "list": list.name }),
        Shape::Date => json!({ "type": "date" }),
        Shape::Time => json!({ "type": "time" }),
        Shape::Ref(kind) => json!({ "type": "ref", "kind": kind }),
    };
    let limits = |limits: Option<(i64, i64)>| {
        let number = |digits| serde_json::from_str::<Json>(&shown(about, digits)).expect("a decimal is JSON");
        limits.map_or(Json::Null, |(low, high)| json!([number(low), number(high)]))
    };
    json!({
        "name": about.name,
        "label": about.label,
        "shape": shape,
        "required": about.required,
        "range": limits(about.range),
        "usual": limits(about.usual),
        "unit": about.unit,
        "personal": about.masking != Masking::Open,
        "hint": about.hint,
    })
}

/// A limit in the field's unit, without trailing noughts.
pub fn shown(about: &About, digits: i64) -> String {
    let scale = if let Shape::Decimal { scale } = about.shape {
        scale
    } else {
        0
    };
    let whole = (0..=scale).find_map(|places| Decimal::new(digits, scale).rescaled(places));
    whole.unwrap_or(Decimal::new(digits, scale)).to_string()
}

fn role_json(role: &domain::access::Role) -> Json {
    let kinds = |verb| {
        let all = ENTITIES
            .iter()
            .map(|entity| entity.kind)
            .filter(|kind| may(role.word, verb, kind));
        all.collect::<Vec<_>>()
    };
    let scope = match role.scope {
        Scope::Facility => "facility",
        Scope::District => "district",
        Scope::State => "state",
    };
    let list = domain::codes::person::ROLE.codes;
    let label = list
        .iter()
        .find(|code| code.word == role.word)
        .map_or(role.word, |code| code.label);
    json!({
        "word": role.word,
        "label": label,
        "rank": role.rank,
        "readOnly": role.read_only,
        "scope": scope,
        "sees": kinds(Verb::See),
        "writes": kinds(Verb::Write),
    })
}
