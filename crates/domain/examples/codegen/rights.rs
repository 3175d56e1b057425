//! The page of the manual that says what each role may do: the table of rights, and the rules beside it, as the program
//! itself answers them.

use domain::access::{
    ROLES, Role, Scope, Verb, WALL, decides_what_is_kept_aside, lets_in_again, may, may_appoint, may_see_field,
    may_show_on_the_wall, sees_patients, sees_to_desks,
};
use domain::codes::person;
use domain::entities::ENTITIES;
use domain::{Entity, Home};

const HEAD: &str = "\
<!-- Written from the domain by `cargo xtask codegen`; do not edit. -->
# What each role may do

One table says what a role may do with each kind of record; desks and the server both ask it. The facility or the district that
somebody works for says where. A desk leaves out what the role may not see; what it may not write the desk refuses, and the
server keeps aside what comes nevertheless.
";

/// The text of `rights.md`.
pub fn markdown() -> String {
    [HEAD.to_owned(), roles(), kinds(), masked()].concat()
}

fn label(role: &str) -> &str {
    let code = person::ROLE.codes.iter().find(|code| code.word == role);
    code.map_or(role, |code| code.label)
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn ruler(columns: usize) -> String {
    format!("|{}\n", "---|".repeat(columns))
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "" }.to_owned()
}

fn roles() -> String {
    let head = [
        "role",
        "word",
        "rank in Care",
        "reaches",
        "knows who patients are",
        "appoints, gives passwords to",
        "decides what is kept aside",
        "lets in again",
        "sees to computers",
        "hangs the board of beds on the wall",
    ];
    let mut text = "\n## Roles\n\n".to_owned() + &row(&head.map(str::to_owned)) + &ruler(head.len());
    for role in ROLES {
        text += &row(&[
            label(role.word).to_owned(),
            format!("`{}`", role.word),
            domain::access::to_care(role.word).unwrap_or_default().to_owned(),
            match role.scope {
                Scope::Facility => "its facility",
                Scope::District => "the district",
                Scope::State => "the state",
            }
            .to_owned(),
            yes(sees_patients(role.word)),
            appointed(role),
            yes(decides_what_is_kept_aside(role.word)),
            yes(lets_in_again(role.word)),
            yes(sees_to_desks(role.word)),
            yes(may_show_on_the_wall(role.word)),
        ]);
    }
    text + "\nNobody appoints anybody above themselves. Who reaches a facility alone appoints only there.\n"
}

fn appointed(own: &Role) -> String {
    let all: Vec<&Role> = ROLES.iter().filter(|other| may_appoint(own.word, other.word)).collect();
    match all.first() {
        None => String::new(),
        Some(first) if all.len() == ROLES.iter().filter(|role| role.rank <= first.rank).count() => {
            format!("{} and below", label(first.word))
        }
        Some(_) => all.iter().map(|role| label(role.word)).collect::<Vec<_>>().join(", "),
    }
}

fn kinds() -> String {
    let mut text = "\n## Kinds of records\n\n**W** sees and writes, s sees.\n\n".to_owned();
    let words: Vec<&str> = ROLES.iter().map(|role| role.word).chain([WALL]).collect();
    let head = words.iter().map(|word| match *word {
        WALL => "the wall".to_owned(),
        word => label(word).to_owned(),
    });
    let head: Vec<String> = ["kind".to_owned()].into_iter().chain(head).collect();
    text += &row(&head);
    text += &ruler(head.len());
    for entity in ENTITIES {
        let cells = words.iter().map(|word| {
            let may = |verb| may(word, verb, entity.kind);
            match (may(Verb::See), may(Verb::Write)) {
                (_, true) => "**W**".to_owned(),
                (true, false) => "s".to_owned(),
                (false, false) => String::new(),
            }
        });
        text += &row(&[entity.plural.to_owned()].into_iter().chain(cells).collect::<Vec<_>>());
    }
    text + "\nA facility's admin writes of the facilities and people their own alone. Writing means entering and correcting; nothing is deleted.\n"
}

/// What of a kind a role does not see that sees the kind, without knowing who patients are.
fn masked() -> String {
    let mut text = "\n## What is left out for who may not know the patients\n\n".to_owned();
    let hidden = |entity: &Entity, role: &str| -> Vec<String> {
        let all = entity
            .fields
            .iter()
            .filter(|about| !may_see_field(role, entity.kind, about.name));
        all.map(|about| about.label.to_owned()).collect()
    };
    text += &row(&["kind", "left out"].map(str::to_owned));
    text += &ruler(2);
    let blind: Vec<&str> = ROLES
        .iter()
        .map(|role| role.word)
        .filter(|role| !sees_patients(role))
        .collect();
    for entity in ENTITIES.iter().filter(|entity| entity.home == Home::Facility) {
        let seen = blind.iter().find(|role| may(role, Verb::See, entity.kind));
        let hidden = seen.map(|role| hidden(entity, role)).unwrap_or_default();
        if !hidden.is_empty() {
            text += &row(&[entity.plural.to_owned(), hidden.join(", ")]);
        }
    }
    let blind: Vec<&str> = blind.iter().map(|role| label(role)).collect();
    text + &format!("\nThat is so for: {}; and for a board on the wall.\n", blind.join(", "))
}
