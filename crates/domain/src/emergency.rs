//! Emergency access: somebody whose right to work without the district has run out needs the record of a patient who is
//! not in. What ran out is given back to them for reading, for an hour, with a reason, and everybody who answers for the
//! records is told. It gives nobody what their role never had, and nothing can be written under it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::access::{Verb, may, may_see_field, sees_patients};
use crate::entities::audit_event as event;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::names::{caption, desk_name, person_name};
use crate::world::{Ctx, Read, Records};

/// How long it lasts.
pub const LASTS_MS: i64 = 60 * Time::MINUTE_MS;
/// A reason says something.
pub const SHORTEST_REASON: usize = 10;
pub const LONGEST_REASON: usize = 200;
/// Whose records can be opened for one reason. For more another one is given.
pub const MOST_OPENED: usize = 10;
/// Of those who are not in, how many a search names at once.
pub const MOST_FOUND: usize = 10;
/// Of how many of them searches tell the name for one reason. For more another one is given.
pub const MOST_NAMED: usize = 100;
/// Shorter texts find nobody who is not in.
pub const SHORTEST_SEARCH: usize = 3;
/// How long the admins' inbox tells of one that nobody looked into.
const TOLD_FOR_MS: i64 = 60 * Time::DAY_MS;

pub const BEGUN: &str = "emergency_begun";
pub const NAMED: &str = "emergency_named";
pub const OPENED: &str = "emergency_opened";
pub const ENDED: &str = "emergency_ended";
pub const REVIEWED: &str = "emergency_reviewed";
/// All of them, as one asks for them in the log.
pub const ALL: &str = "emergency";

/// Whether the word of the log is about emergency access.
pub fn is_of_one(what: &str) -> bool {
    [BEGUN, NAMED, OPENED, ENDED, REVIEWED].contains(&what)
}

/// Whether somebody with the role may begin one: who saw patients before the right to work ran out.
pub fn may_begin(role: &str, has_run_out: bool) -> bool {
    has_run_out && sees_patients(role)
}

/// Whether the role is told of every emergency of its facility, and looks into it.
pub fn is_told(role: &str) -> bool {
    may(role, Verb::See, event::AUDIT_EVENT.kind) && sees_patients(role)
}

/// The reason as it is kept, if it is one: a line of 10 to 200 characters, of which some are letters.
pub fn reason(typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let reason = words.join(" ");
    let count = reason.chars().count();
    let letters = reason.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_said = (SHORTEST_REASON..=LONGEST_REASON).contains(&count) && letters * 2 >= SHORTEST_REASON;
    let is_clean = !reason.chars().any(char::is_control);
    Some(reason).filter(|_| is_said && is_clean)
}

/// An emergency that nobody of the admins has looked into yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct EmergencyToReview {
    /// The event of its beginning.
    pub id: RecordId,
    pub at: Time,
    pub who_name: String,
    pub desk_name: String,
    pub reason: String,
    /// Whose records were opened.
    pub opened: Vec<OpenedThen>,
    /// How many people who were not in searches named; who they are stands in the log.
    pub named: u64,
    /// Nobody puts away their own.
    pub is_own: bool,
}

/// A patient whose record was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct OpenedThen {
    pub patient: RecordId,
    /// Empty when the patient is not known here.
    pub name: String,
}

/// What the admins of the facility have not looked into yet, oldest first; nothing for anybody else.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn to_review(world: &dyn Records, ctx: &Ctx) -> Read<Vec<EmergencyToReview>> {
    if !is_told(&ctx.role) {
        return Ok(Vec::new());
    }
    let begun = of_word(world, BEGUN)?;
    if begun.is_empty() {
        return Ok(Vec::new());
    }
    let (opened, reviewed) = (of_word(world, OPENED)?, of_word(world, REVIEWED)?);
    let named = of_word(world, NAMED)?;
    let is_recent = |record: &&Record| {
        event::AT
            .of(record)
            .is_some_and(|at| at.0 >= ctx.now.0.saturating_sub(TOLD_FOR_MS))
    };
    let is_open = |record: &&Record| !reviewed.iter().any(|each| event::OF.of(each) == Some(record.id));
    let waiting = begun.iter().filter(is_recent).filter(is_open);
    let mut told = waiting
        .map(|record| shown(record, (&opened, &named), world, ctx))
        .collect::<Read<Vec<_>>>()?;
    told.sort_by_key(|each| (each.at, each.id));
    Ok(told)
}

/// Who began the emergency access of this event; empty when the event is none, or of nobody known.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn begun_by(world: &dyn Records, begun: RecordId) -> Read<Option<RecordId>> {
    let found = world.get(event::AUDIT_EVENT.kind, begun)?;
    let found = found.filter(|found| event::WHAT.of(found) == Some(BEGUN));
    Ok(found.and_then(|found| event::WHO.of(&found)))
}

fn of_word(world: &dyn Records, word: &str) -> Read<Vec<Record>> {
    let word = Value::Code(word.to_owned());
    world.by(event::AUDIT_EVENT.kind, event::WHAT.name(), &word)
}

/// Those of the events that belong to this emergency.
fn of_one<'e>(events: &'e [Record], begun: &Record) -> impl Iterator<Item = &'e Record> {
    let begun = begun.id;
    events.iter().filter(move |each| event::OF.of(each) == Some(begun))
}

fn shown(
    begun: &Record,
    (opened, named): (&[Record], &[Record]),
    world: &dyn Records,
    ctx: &Ctx,
) -> Read<EmergencyToReview> {
    let who = event::WHO.of(begun);
    let mut then: Vec<OpenedThen> = Vec::new();
    for each in of_one(opened, begun) {
        let Some(patient) = event::PATIENT.of(each) else {
            continue;
        };
        if then.iter().any(|known| known.patient == patient) {
            continue;
        }
        let found = world.get("patient", patient)?;
        let name = found.map_or(Ok(String::new()), |found| caption(world, &ctx.role, &found));
        then.push(OpenedThen { patient, name: name? });
    }
    Ok(EmergencyToReview {
        id: begun.id,
        at: event::AT.of(begun).unwrap_or(Time(0)),
        who_name: who.map_or(Ok(String::new()), |who| person_name(world, who))?,
        desk_name: event::DESK
            .of(begun)
            .map_or(Ok(String::new()), |desk| desk_name(world, desk))?,
        reason: reason_of(begun, &ctx.role),
        opened: then,
        named: of_one(named, begun).count() as u64,
        is_own: who == Some(ctx.person),
    })
}

/// The reason of an event, as the role may see it.
pub fn reason_of(record: &Record, role: &str) -> String {
    let may = may_see_field(role, &record.kind, event::REASON.name());
    event::REASON.of(record).filter(|_| may).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Event;
    use crate::check::applied;
    use crate::world::Overlay;
    use uuid::Uuid;

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn ctx(role: &str, person: u128) -> Ctx {
        Ctx {
            now: Time(100 * Time::DAY_MS),
            today: Time(100 * Time::DAY_MS).day(0),
            utc_offset_minutes: 0,
            facility: id(1),
            person: id(person),
            role: role.to_owned(),
            heard: None,
        }
    }

    fn put(world: &mut Overlay<'_>, number: u128, event: &Event) {
        world.put(applied(None, &event.draft(id(3), || id(number))));
    }

    #[test]
    fn a_reason_says_something_in_one_line_of_bounded_length() {
        let check = |typed: &str, kept: Option<&str>| assert_eq!(reason(typed).as_deref(), kept, "{typed:?}");
        check("  unconscious,\n allergies?  ", Some("unconscious, allergies?"));
        check("അബോധാവസ്ഥയിൽ, അലർജി?", Some("അബോധാവസ്ഥയിൽ, അലർജി?"));
        for none in [
            "",
            "          ",
            "help",
            ".............",
            "1234567890 12",
            "un\u{7}conscious now",
        ] {
            check(none, None);
        }
        let long = "a".repeat(200);
        check(&long, Some(&long));
        check(&"a".repeat(201), None);
    }

    #[test]
    fn only_who_saw_patients_before_may_begin_and_only_when_the_right_has_run_out() {
        for role in crate::access::ROLES {
            assert_eq!(may_begin(role.word, true), sees_patients(role.word), "{}", role.word);
            assert!(!may_begin(role.word, false), "{}", role.word);
        }
        assert!(!may_begin(crate::access::WALL, true) && !may_begin("unknown", true));
    }

    #[test]
    fn admins_are_told_of_each_until_one_of_them_looked_into_it() {
        let mut world = Overlay::alone();
        let now = Time(99 * Time::DAY_MS);
        let begun = |who: u128, at: Time| Event {
            reason: Some("unconscious, allergies?".to_owned()),
            ..Event::new(BEGUN, Some(id(who)), at)
        };
        put(&mut world, 10, &begun(7, now));
        put(&mut world, 11, &begun(8, now));
        put(&mut world, 12, &begun(8, Time(39 * Time::DAY_MS)));
        for number in [20, 21] {
            let opened = Event {
                patient: Some(id(5)),
                of: Some(id(10)),
                ..Event::new(OPENED, Some(id(7)), now)
            };
            put(&mut world, number, &opened);
        }
        for number in 40..43 {
            let named = Event {
                patient: Some(id(number)),
                of: Some(id(11)),
                ..Event::new(NAMED, Some(id(8)), now)
            };
            put(&mut world, number, &named);
        }
        let all = to_review(&world, &ctx("facility_admin", 8)).unwrap();
        assert_eq!(all.iter().map(|each| each.named).collect::<Vec<_>>(), [0, 3]);
        let told = |world: &Overlay<'_>, role: &str, person: u128| -> Vec<(RecordId, usize, bool)> {
            let all = to_review(world, &ctx(role, person)).unwrap();
            all.iter()
                .map(|each| (each.id, each.opened.len(), each.is_own))
                .collect()
        };
        let both = [(id(10), 1, false), (id(11), 0, true)];
        assert_eq!(told(&world, "facility_admin", 8), both);
        assert!(told(&world, "nurse", 7).is_empty() && told(&world, "doctor", 9).is_empty());
        let reviewed = Event {
            of: Some(id(10)),
            ..Event::new(REVIEWED, Some(id(8)), now)
        };
        put(&mut world, 30, &reviewed);
        assert_eq!(told(&world, "facility_admin", 9), [(id(11), 0, false)]);
    }
}
