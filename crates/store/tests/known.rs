//! What pages were answered before is told again only as long as it is so: beside everything that can be written, and while it
//! is written.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use std::sync::atomic::{AtomicBool, Ordering};

use domain::moment::Moment;
use domain::views::beds::bed_board;
use domain::views::inbox::inbox;
use domain::views::war_room::war_room;
use domain::world::{Ctx, Live};
use domain::{Draft, Read, RecordId, Records, Time, Unreadable, Value};
use proptest::prelude::*;
use rig::{Desk, District, NOON_MS, id, patient, text};
use store::Store;

const ENCOUNTERS: u128 = 6;
/// When the holds expire.
const EXPIRES_MS: i64 = NOON_MS + 20;

fn stay(number: u128) -> RecordId {
    id(1_000 + number)
}

/// Everything that a page may ask for, of the records themselves and of the moment over them: the same. Answers of how many
/// records was known before.
fn look(store: &Store) -> usize {
    look_as("nurse", store)
}

/// The same, with pages as the role sees them.
fn look_as(role: &str, store: &Store) -> usize {
    let looked = store.read(|records, _| {
        let known = records.recall()?;
        let was_known = (0..ENCOUNTERS).filter(|number| known.record("bed_stay", stay(*number)).is_some());
        let was_known = was_known.count();
        let moment = Moment::with(records, known);
        compare(records, &moment, role)?;
        records.keep(moment.into_memory());
        Ok::<_, Unreadable>(was_known)
    });
    looked.unwrap()
}

fn compare(records: &dyn Records, moment: &dyn Records, role: &str) -> Read<()> {
    let ends = [Value::Time(Time(NOON_MS - 100)), Value::Time(Time(NOON_MS - 50))];
    for _ in 0..2 {
        assert_eq!(moment.all("bed_stay")?, records.all("bed_stay")?);
        assert_eq!(moment.open("bed_stay")?, records.open("bed_stay")?);
        let [from, to] = &ends;
        let between = |all: &dyn Records| all.between("bed_stay", "to", from, to);
        assert_eq!(between(moment)?, between(records)?);
        for number in 0..ENCOUNTERS {
            let of = Value::Ref(id(number));
            let by = |all: &dyn Records| all.by("bed_stay", "encounter", &of);
            assert_eq!(by(moment)?, by(records)?);
            let get = |all: &dyn Records| all.get("bed_stay", stay(number));
            assert_eq!(get(moment)?, get(records)?);
        }
        for number in 1..4 {
            let registrations = |all: &dyn Records| Read::Ok(all.persons()?.registrations(id(number)));
            assert_eq!(registrations(moment)?, registrations(records)?);
            assert_eq!(moment.profile(id(number))?, records.profile(id(number))?);
        }
        let live = Live {
            since: Time(0),
            besides: (1..4).map(id).collect(),
        };
        assert_eq!(moment.alike("patient", &live)?, records.alike("patient", &live)?);
        let today = Time(NOON_MS).day(0);
        assert_eq!(moment.probable(&live, today)?, records.probable(&live, today)?);
        for since in [Time(0), Time(NOON_MS), Time(i64::MAX)] {
            let there = |all: &dyn Records| Read::Ok(format!("{:?}", all.presences(since)?));
            assert_eq!(there(moment)?, there(records)?);
        }
        assert_eq!(moment.balances("stock_entry")?, records.balances("stock_entry")?);
        for now in [NOON_MS, EXPIRES_MS] {
            assert_eq!(pages(moment, role, now), pages(records, role, now));
        }
    }
    Ok(())
}

/// What the pages of a whole ward say.
fn pages(all: &dyn Records, role: &str, now_ms: i64) -> [String; 3] {
    let ctx = Ctx {
        now: Time(now_ms),
        today: Time(now_ms).day(0),
        utc_offset_minutes: 0,
        facility: id(50),
        person: id(51),
        role: role.to_owned(),
        heard: None,
    };
    [
        serde_json::to_string(&bed_board(all, &ctx).unwrap()).unwrap(),
        serde_json::to_string(&war_room(all, &ctx).unwrap()).unwrap(),
        serde_json::to_string(&inbox(all, &ctx).unwrap()).unwrap(),
    ]
}

/// Something that is written.
#[derive(Clone, Debug)]
enum Step {
    Stay {
        number: u128,
        encounter: u128,
        until: Option<i64>,
    },
    Void(u128),
    Same(u128, u128),
    Entry(i64),
    Hear {
        number: u128,
        encounter: u128,
    },
    Leave(u128),
    Isolate(u128),
    VoidPatient(u128),
    Round {
        encounter: u128,
        pulse: i64,
    },
    Name(u128, bool),
    /// A label for a bed that has none.
    Label(u128),
    Hold(u128),
    /// A phone, which makes two alike.
    Phone(u128, u64),
    Rebuild,
}

fn step() -> impl Strategy<Value = Step> {
    let encounter = 0..ENCOUNTERS;
    let encounter_again = encounter.clone();
    prop_oneof![
        6 => (0..ENCOUNTERS, encounter.clone(), proptest::option::of(0..100_i64))
            .prop_map(|(number, encounter, until)| Step::Stay { number, encounter, until }),
        2 => (0..ENCOUNTERS).prop_map(Step::Void),
        2 => (1..4_u128, 1..4_u128).prop_map(|(one, other)| Step::Same(one, other)),
        2 => (1..9_i64).prop_map(Step::Entry),
        3 => (0..ENCOUNTERS, encounter).prop_map(|(number, encounter)| Step::Hear { number, encounter }),
        2 => (1..4_u128, 0..2_u64).prop_map(|(number, phone)| Step::Phone(number, phone)),
        3 => (encounter_again, 60..90_i64).prop_map(|(encounter, pulse)| Step::Round { encounter, pulse }),
        2 => (1..4_u128, any::<bool>()).prop_map(|(number, is_other)| Step::Name(number, is_other)),
        1 => (0..ENCOUNTERS).prop_map(Step::Label),
        1 => (0..ENCOUNTERS).prop_map(Step::Hold),
        1 => (0..ENCOUNTERS).prop_map(Step::Leave),
        1 => (0..ENCOUNTERS).prop_map(Step::Isolate),
        1 => (1..4_u128).prop_map(Step::VoidPatient),
        1 => Just(Step::Rebuild),
    ]
}

fn stay_of(number: u128, encounter: u128, until: Option<i64>) -> Draft {
    Draft::new("bed_stay", stay(number))
        .with_value("bed", Value::Ref(id(500 + number)))
        .with_value("encounter", Value::Ref(id(encounter)))
        .with_value("from", Value::Time(Time(NOON_MS - 200)))
        .with_value(
            "to",
            until.map_or(Value::Empty, |after| Value::Time(Time(NOON_MS - 100 + after))),
        )
}

/// A desk that knows of beds and of encounters, and the district from which it does.
fn desk() -> (Desk, District) {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    for number in 1..4 {
        desk.register(number, "Anju Menon");
    }
    district.hear(8, 1, "ward", id(60), &[("name", text("North"))]);
    for number in 0..ENCOUNTERS {
        let bed = [("ward", Value::Ref(id(60)))];
        district.hear(8, 2 + 2 * number as u64, "bed", id(500 + number), &bed);
        let encounter = [
            ("patient", Value::Ref(id(1 + number % 3))),
            ("admitted_at", Value::Time(Time(NOON_MS - 1_000))),
        ];
        district.hear(8, 3 + 2 * number as u64, "encounter", id(number), &encounter);
    }
    district.give(&desk, 100);
    (desk, district)
}

/// Writes it as a person at this desk; what the rules refuse is not written.
fn write(desk: &mut Desk, drafts: Vec<Draft>) {
    let as_of = desk.store.as_of().unwrap();
    let action = desk.action(drafts, as_of);
    let _refused = desk.store.save(action);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_page_is_never_told_what_is_so_no_more(steps in proptest::collection::vec(step(), 1..24)) {
        let (mut desk, mut district) = desk();
        let (mut heard, mut rounds) = (0, 0);
        for (each, role) in steps.into_iter().zip(["nurse", "nurse", "volunteer"].into_iter().cycle()) {
            match each {
                Step::Stay { number, encounter, until } => write(&mut desk, vec![stay_of(number, encounter, until)]),
                Step::Void(number) => {
                    let void = Draft::new("bed_stay", stay(number))
                        .with_value("voided", Value::Code("yes".to_owned()))
                        .with_value("void_reason", text("typed twice"));
                    write(&mut desk, vec![void]);
                }
                Step::Same(one, other) => write(&mut desk, vec![patient(one).with_value("same_as", Value::Ref(id(other)))]),
                Step::Entry(amount) => {
                    heard += 1;
                    let fields = [
                        ("item", Value::Ref(id(77))),
                        ("at", Value::Time(Time(NOON_MS))),
                        ("amount", Value::Int(amount)),
                        ("entry_type", Value::Code("receipt".to_owned())),
                    ];
                    district.hear(9, heard, "stock_entry", id(2_000 + u128::from(heard)), &fields);
                    district.give(&desk, 10);
                }
                Step::Hear { number, encounter } => {
                    heard += 1;
                    let fields = stay_of(number, encounter, None).fields;
                    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
                    district.hear(9, heard, "bed_stay", stay(number), &fields);
                    district.give(&desk, 10);
                }
                Step::Round { encounter, pulse } => {
                    rounds += 1;
                    let round = Draft::new("round", id(3_000 + rounds))
                        .with_value("encounter", Value::Ref(id(encounter)))
                        .with_value("at", Value::Time(Time(NOON_MS - 5)))
                        .with_value("pulse", Value::Int(pulse));
                    write(&mut desk, vec![round]);
                }
                Step::Name(number, is_other) => {
                    let name = text(if is_other { "Anju Menon" } else { "Anju Nair" });
                    write(&mut desk, vec![patient(number).with_value("name", name)]);
                }
                Step::Label(number) => {
                    heard += 1;
                    let label = [("label", text(&number.to_string()))];
                    district.hear(9, heard, "bed", id(500 + number), &label);
                    district.give(&desk, 10);
                }
                Step::Hold(number) => {
                    heard += 1;
                    let fields = [
                        ("bed", Value::Ref(id(500 + number))),
                        ("reason", Value::Code("blocked".to_owned())),
                        ("from", Value::Time(Time(NOON_MS - 300))),
                        ("expires", Value::Time(Time(EXPIRES_MS))),
                    ];
                    district.hear(9, heard, "bed_hold", id(4_000 + number), &fields);
                    district.give(&desk, 10);
                }
                Step::Phone(number, phone) => {
                    let phone = text(&format!("984701234{phone}"));
                    write(&mut desk, vec![patient(number).with_value("phone", phone)]);
                }
                Step::Leave(number) => {
                    heard += 1;
                    let left = [("discharged_at", Value::Time(Time(NOON_MS - 10)))];
                    district.hear(9, heard, "encounter", id(number), &left);
                    district.give(&desk, 10);
                }
                Step::Isolate(number) => {
                    heard += 1;
                    let isolated = [("isolation", Value::Code("yes".to_owned()))];
                    district.hear(9, heard, "encounter", id(number), &isolated);
                    district.give(&desk, 10);
                }
                Step::VoidPatient(number) => {
                    heard += 1;
                    let voided = [("voided", Value::Code("yes".to_owned()))];
                    district.hear(9, heard, "patient", id(number), &voided);
                    district.give(&desk, 10);
                }
                Step::Rebuild => desk.store.rebuild().unwrap(),
            }
            look_as(role, &desk.store);
        }
    }
}

#[test]
fn what_was_not_written_since_is_not_read_again() {
    let (mut desk, _) = desk();
    for number in 0..ENCOUNTERS {
        write(&mut desk, vec![stay_of(number, number, None)]);
    }
    assert_eq!(look(&desk.store), 0);
    assert_eq!(look(&desk.store), 6);
    write(&mut desk, vec![stay_of(2, 2, Some(5))]);
    assert_eq!(look(&desk.store), 5);
    assert_eq!(look(&desk.store), 6);
    desk.store.rebuild().unwrap();
    assert_eq!(look(&desk.store), 0);
}

#[test]
fn a_page_that_is_read_while_others_write_is_of_one_moment() {
    let (mut desk, _) = desk();
    let (store, is_over) = (desk.store.clone(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let readers = [(); 3].map(|()| {
            scope.spawn(|| {
                let mut known = 0;
                while !is_over.load(Ordering::Relaxed) {
                    known += look(&store);
                }
                known
            })
        });
        for round in 0..60 {
            let number = round % ENCOUNTERS;
            write(
                &mut desk,
                vec![stay_of(number, round % 4, (round % 3 == 0).then_some(5))],
            );
        }
        is_over.store(true, Ordering::Relaxed);
        let known: usize = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        assert!(known > 0, "nothing was ever known");
    });
    look(&store);
}

#[test]
fn what_a_page_began_to_read_before_a_commit_is_not_kept_for_pages_after_it() {
    let (mut desk, _) = desk();
    write(&mut desk, vec![stay_of(1, 1, None)]);
    let store = desk.store.clone();
    let late = store.read(|records, _| {
        let moment = Moment::with(records, records.recall()?);
        write(&mut desk, vec![stay_of(1, 2, None)]);
        look(&store);
        compare(records, &moment, "nurse")?;
        records.keep(moment.into_memory());
        Ok::<_, Unreadable>(())
    });
    late.unwrap();
    look(&store);
}
