//! What goes into the audit log, and when two things are one line of it. The desk says who and when; what views and
//! records mean for it stands here.

use serde_json::Value as Json;

use crate::check::Draft;
use crate::entities::{audit_event as event, person};
use crate::entity::derived_id;
use crate::record::{Record, VOIDED};
use crate::value::{RecordId, Time};

/// Looking at a page again within it is the same look.
pub const ONE_LOOK_MS: i64 = 15 * Time::MINUTE_MS;

/// One line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// A word of [`crate::codes::audit::AUDITED`].
    pub what: &'static str,
    pub at: Time,
    /// Empty when it is somebody whom this desk does not know.
    pub who: Option<RecordId>,
    /// The person it was done to.
    pub about: Option<RecordId>,
    pub patient: Option<RecordId>,
    /// The computer it was done to, from another.
    pub of_desk: Option<RecordId>,
    /// A word of [`crate::codes::audit::ENDED`].
    pub ended: Option<&'static str>,
    /// The first time and how often: of what was counted while nobody could write it down. Whoever opens the desk
    /// next tells it.
    pub times: Option<(Time, i64)>,
    /// As it was typed, of emergency access.
    pub reason: Option<String>,
    /// The event of the emergency access that it belongs to.
    pub of: Option<RecordId>,
}

impl Event {
    pub fn new(what: &'static str, who: Option<RecordId>, at: Time) -> Event {
        Event {
            what,
            at,
            who,
            about: None,
            patient: None,
            of_desk: None,
            ended: None,
            times: None,
            reason: None,
            of: None,
        }
    }

    /// The word `what`, if the log knows it.
    pub fn known(what: &str) -> Option<&'static str> {
        let codes = crate::codes::audit::AUDITED.codes;
        codes.iter().find(|code| code.word == what).map(|code| code.word)
    }

    /// The record to be written. What was told before has the same id, so that it stands once: one look, and the same
    /// wrong passwords.
    pub fn draft(&self, desk: RecordId, new_id: impl FnOnce() -> RecordId) -> Draft {
        let id = match (self.what, self.patient, self.who) {
            ("patient_seen", Some(patient), Some(who)) => {
                let look = self.at.0.div_euclid(ONE_LOOK_MS);
                derived_id(desk, &format!("{who} looked at {patient} in {look}"))
            }
            _ => match self.times {
                Some((since, times)) => {
                    let who = self.who.map(|who| who.to_string()).unwrap_or_default();
                    derived_id(desk, &format!("{} {who} {times} since {}", self.what, since.0))
                }
                None => new_id(),
            },
        };
        let mut draft = Draft::new(event::AUDIT_EVENT.kind, id)
            .with(&event::WHAT, self.what)
            .with(&event::AT, self.at)
            .with(&event::DESK, desk);
        if let Some((since, times)) = self.times {
            draft = draft.with(&event::SINCE, since).with(&event::TIMES, times);
        }
        for (field, id) in [
            (event::WHO, self.who),
            (event::ABOUT, self.about),
            (event::PATIENT, self.patient),
            (event::OF_DESK, self.of_desk),
            (event::OF, self.of),
        ] {
            if let Some(id) = id {
                draft = draft.with(&field, id);
            }
        }
        if let Some(reason) = &self.reason {
            draft = draft.with(&event::REASON, reason.as_str());
        }
        if let Some(ended) = self.ended {
            draft = draft.with(&event::ENDED, ended);
        }
        draft
    }
}

/// Whose page a view shows, if it is the page of a patient.
pub fn patient_shown(view: &str, args: &Json) -> Option<RecordId> {
    if view != "patient" {
        return None;
    }
    serde_json::from_value(args.get("id")?.clone()).ok()
}

/// Whether a view finds patients by what somebody typed.
pub fn finds_patients(view: &str) -> bool {
    view == "find_patients"
}

/// Whom the answer of a view that finds patients names.
pub fn patients_named(found: &Json) -> Vec<RecordId> {
    let lines = found.as_array().into_iter().flatten();
    let named = lines.filter_map(|line| serde_json::from_value(line.get("patient")?.clone()).ok());
    named.collect()
}

/// Whose record it is of which somebody reads the history, if it is a patient's.
pub fn patient_read(kind: &str, id: RecordId) -> Option<RecordId> {
    (kind == "patient").then_some(id)
}

/// The people of whom these drafts say what they may do, or that they may nothing any more.
pub fn rights_written(drafts: &[Draft]) -> Vec<RecordId> {
    let decides = [
        person::ROLE.name(),
        person::FACILITY.name(),
        person::ACTIVE.name(),
        VOIDED,
    ];
    let of_people = drafts.iter().filter(|draft| draft.kind == person::PERSON.kind);
    let says = of_people.filter(|draft| draft.fields.keys().any(|name| decides.contains(&name.as_str())));
    says.map(|draft| draft.id).collect()
}

/// Whether records of the kind are written by desks themselves, and by nobody's hand.
pub fn is_written_by_desks(kind: &str) -> bool {
    kind == event::AUDIT_EVENT.kind
}

/// The kinds that desks write by themselves.
pub fn written_by_desks() -> &'static [&'static str] {
    &["audit_event"]
}

/// Whether a desk at which `author` is signed in may add the record: a new one, of what the author did, or of what was
/// counted before, as of somebody who was not let in.
pub fn may_tell(author: RecordId, before: Option<&Record>, after: &Record) -> bool {
    let was_counted = event::SINCE.of(after).is_some();
    is_written_by_desks(&after.kind)
        && before.is_none()
        && !after.is_voided()
        && (event::WHO.of(after) == Some(author) || was_counted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{applied, check};
    use crate::world::Overlay;
    use uuid::Uuid;

    const DESK: u128 = 3;

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn draft(event: &Event) -> Draft {
        event.draft(id(DESK), || id(77))
    }

    fn look(who: u128, patient: u128, minute: i64) -> Event {
        Event {
            patient: Some(id(patient)),
            ..Event::new("patient_seen", Some(id(who)), Time(minute * Time::MINUTE_MS))
        }
    }

    #[test]
    fn looks_within_a_quarter_of_an_hour_are_one() {
        let first = draft(&look(1, 2, 0)).id;
        let check = |event: Event, is_same: bool| assert_eq!(draft(&event).id == first, is_same, "{event:?}");
        check(look(1, 2, 14), true);
        check(look(1, 2, 15), false);
        check(look(4, 2, 0), false);
        check(look(1, 5, 0), false);
        let elsewhere = look(1, 2, 0).draft(id(9), || id(77)).id;
        assert_ne!(elsewhere, first, "on another desk");
    }

    #[test]
    fn the_same_wrong_passwords_told_twice_stand_once() {
        let failed = |times| Event {
            times: Some((Time(5), times)),
            ..Event::new("sign_in_failed", Some(id(1)), Time(9))
        };
        assert_eq!(draft(&failed(3)).id, draft(&failed(3)).id);
        assert_ne!(draft(&failed(3)).id, draft(&failed(4)).id);
        assert_eq!(draft(&Event::new("locked", Some(id(1)), Time(9))).id, id(77));
    }

    #[test]
    fn an_event_passes_the_checks_where_nothing_it_names_is_here_and_is_never_changed_after() {
        let event = Event {
            about: Some(id(8)),
            ended: Some("done"),
            ..look(1, 2, 0)
        };
        let written = draft(&event);
        assert!(check(vec![written.clone()], &Overlay::alone()).unwrap().is_ok());
        let mut world = Overlay::alone();
        world.put(applied(None, &written));
        let voids = Draft::new("audit_event", written.id)
            .with_value(VOIDED, crate::Value::Code("yes".to_owned()))
            .with_value("void_reason", crate::Value::Text("Never mind".to_owned()));
        for again in [voids, written] {
            let refused = check(vec![again], &world).unwrap().unwrap_err();
            assert_eq!(
                refused.first().map(|problem| problem.code.as_str()),
                Some("written_once")
            );
        }
    }

    #[test]
    fn a_desk_tells_of_its_author_and_of_who_was_not_let_in() {
        let record = |event: &Event| applied(None, &draft(event));
        let own = record(&look(1, 2, 0));
        assert!(may_tell(id(1), None, &own));
        assert!(!may_tell(id(4), None, &own), "of another");
        assert!(!may_tell(id(1), Some(&own), &own), "a second time");
        let failed = record(&Event {
            times: Some((Time(0), 3)),
            ..Event::new("sign_in_failed", None, Time(0))
        });
        assert!(may_tell(id(4), None, &failed));
        assert!(!may_tell(id(4), None, &Record::new("round", id(5))));
    }

    #[test]
    fn what_says_who_may_what_is_told() {
        let person = |name: &str| Draft::new("person", id(6)).with_value(name, crate::Value::Empty);
        assert_eq!(rights_written(&[person("role"), person("phone")]), [id(6)]);
        assert_eq!(rights_written(&[person("active")]), [id(6)]);
        assert!(
            rights_written(&[
                person("name"),
                Draft::new("ward", id(6)).with_value("role", crate::Value::Empty)
            ])
            .is_empty()
        );
        assert_eq!(
            patient_shown("patient", &serde_json::json!({ "id": id(6) })),
            Some(id(6))
        );
        assert_eq!(patient_shown("patients", &serde_json::json!({ "id": id(6) })), None);
    }
}
