//! What people do on a ward, from the action through the checks to what the screens then show.

mod attention;
mod beds;
mod census;
mod contradictions;
mod erasure;
mod finding;
mod indicators;
mod merged;
mod review;
mod same;
mod stock;
mod triage;
mod twice;

use domain::actions::{ActionError, Stage, act};
use domain::check::applied;
use domain::entities::{bed, facility, patient, ward};
use domain::world::{Ctx, Overlay, Records};
use domain::{Date, Draft, Problem, Record, RecordId, Time, check};
use serde_json::{Value as Json, json};
use uuid::{Builder, Uuid};

/// What a view shows, to look into.
fn view(name: &str, args: &Json, world: &dyn Records, ctx: &Ctx) -> Result<Json, domain::views::ViewError> {
    let shown = domain::views::view(name, args, world, ctx)?;
    Ok(serde_json::from_str(shown.get()).unwrap())
}

/// Minutes that local time is ahead of UTC in India.
const INDIA: i32 = 330;

const FACILITY: u128 = 1;
const WARD: u128 = 2;
const ANJU: u128 = 5;
const BINU: u128 = 6;
const CHITRA: u128 = 7;
const BED_1: u128 = 11;
const BED_2: u128 = 12;
const BED_3: u128 = 13;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn day(day: u32) -> Date {
    Date::new(2026, 11, day).unwrap()
}

/// A moment of November 2026 by the ward's clock.
fn at(date: u32, hour: i64, minute: i64) -> Time {
    Time(day(date).starts(INDIA).0 + hour * Time::HOUR_MS + minute * Time::MINUTE_MS)
}

/// One ward whose clock stands at `now`, with everything written on it so far.
#[derive(Clone)]
struct Scene {
    world: Overlay<'static>,
    now: Time,
    /// How many ids were given.
    given: u64,
}

impl Scene {
    /// Three beds, three patients at home, and nobody admitted; it is noon.
    fn at_noon() -> Scene {
        let mut world = Overlay::alone();
        world.put(Record::new("facility", id(FACILITY)).with(&facility::NAME, "GH Ernakulam"));
        let record = Record::new("ward", id(WARD)).with(&ward::NAME, "ICU-2");
        world.put(record.with(&ward::FACILITY, id(FACILITY)));
        for (number, label) in [(BED_1, "01"), (BED_2, "02"), (BED_3, "03")] {
            let record = Record::new("bed", id(number)).with(&bed::WARD, id(WARD));
            world.put(record.with(&bed::LABEL, label).with(&bed::BED_TYPE, "icu"));
        }
        for (number, name) in [(ANJU, "Anju"), (BINU, "Binu"), (CHITRA, "Chitra")] {
            world.put(Record::new("patient", id(number)).with(&patient::NAME, name));
        }
        let now = at(20, 12, 0);
        Scene { world, now, given: 0 }
    }

    fn ctx(&self) -> Ctx {
        Ctx {
            now: self.now,
            today: self.now.day(INDIA),
            utc_offset_minutes: INDIA,
            facility: id(FACILITY),
            person: id(100),
            role: "facility_admin".to_owned(),
            heard: Some(self.now),
        }
    }

    /// A new id that says it was made now.
    fn new_id(&mut self) -> RecordId {
        self.given += 1;
        id_made(self.now, self.given)
    }

    /// Does it, and writes it when every check passes; else answers why not.
    fn act(&mut self, name: &str, args: &Json) -> Vec<String> {
        let (ctx, mut given) = (self.ctx(), self.given);
        let mut new_id = || {
            given += 1;
            id_made(ctx.now, given)
        };
        let mut stage = Stage {
            world: &self.world,
            ctx: &ctx,
            new_id: &mut new_id,
        };
        let drafts = act(name, args, &mut stage);
        self.given = given;
        match drafts {
            Ok(drafts) => self.save(drafts),
            Err(ActionError::Problems(problems)) => told(problems),
            Err(other) => panic!("{name}: {other}"),
        }
    }

    /// Writes the drafts when every check passes; else answers why not.
    fn save(&mut self, drafts: Vec<Draft>) -> Vec<String> {
        match check(drafts, &self.world).unwrap() {
            Err(problems) => told(problems),
            Ok(ready) => {
                for each in ready {
                    let draft = each.into_draft();
                    let before = self.world.get(&draft.kind, draft.id).unwrap();
                    self.world.put(applied(before.as_ref(), &draft));
                }
                Vec::new()
            }
        }
    }

    /// What another desk wrote without knowing of this one, as it arrives: nothing checks it.
    fn arrives(&mut self, draft: &Draft) {
        self.world.put(applied(None, draft));
    }

    fn view(&self, name: &str, args: &Json) -> Json {
        view(name, args, &self.world, &self.ctx()).unwrap_or_else(|why| panic!("{name}: {why}"))
    }

    /// Admits a patient who is at home into a bed, or into none, and answers the encounter.
    fn admitted(&mut self, patient: u128, bed: Option<u128>) -> RecordId {
        let args = json!({"patient": id(patient), "bed": bed.map(id), "at": null, "fields": {}});
        assert_eq!(self.act("admit", &args), Vec::<String>::new());
        let open = domain::views::line::open_encounter(&self.world, id(patient)).unwrap();
        open.unwrap().id
    }
}

/// A UUIDv7 of that moment; ids made later, or with a higher `number`, are greater.
fn id_made(moment: Time, number: u64) -> RecordId {
    let mut tail = [0; 10];
    tail[2..].copy_from_slice(&number.to_be_bytes());
    let ms = u64::try_from(moment.0).unwrap();
    RecordId(Builder::from_unix_timestamp_millis(ms, &tail).into_uuid())
}

/// `field: code` of each problem, `?` behind it when it may be confirmed.
fn told(problems: Vec<Problem>) -> Vec<String> {
    let shown = |problem: Problem| {
        let ask = if problem.ask { "?" } else { "" };
        format!("{}: {}{ask}", problem.field, problem.code)
    };
    problems.into_iter().map(shown).collect()
}

const FINE: [&str; 0] = [];
