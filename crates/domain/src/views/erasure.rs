//! What a patient's page says of erasing them: that somebody asked for it and it waits, or, in place of everything else,
//! that it was done, at whose request or because their time was over.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::access::{Verb, may};
use crate::entities::{erased, erasure};
use crate::erasure::named;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::names::person_name;
use crate::views::{Shown, ViewError};
use crate::world::{Ctx, Read, Records};

/// An erasure that was asked for and waits for the district's operator.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ErasureAsked {
    pub id: RecordId,
    /// A word of `erasure_reason`.
    pub reason: Option<String>,
    pub asked_on: Option<String>,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ErasedArgs {
    pub patient: RecordId,
}

/// That a patient was erased: nothing else is known of them.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ErasedShown {
    pub at: Option<Time>,
    /// Who asked for it; empty when they are not known here.
    pub asked_by: String,
    pub asked_on: Option<String>,
    /// Nobody asked: the time for which the records are kept was over on that day.
    pub kept_until: Option<String>,
}

/// What was asked for one of the registrations of a person and is not carried out yet.
pub fn asked(world: &dyn Records, ctx: &Ctx, registrations: &[Record]) -> Read<Option<ErasureAsked>> {
    if !may(&ctx.role, Verb::See, erasure::ERASURE.kind) {
        return Ok(None);
    }
    for registration in registrations {
        let of = Value::Ref(registration.id);
        for each in world.by(erasure::ERASURE.kind, erasure::PATIENT.name(), &of)? {
            let done = world.by(erased::ERASED.kind, erased::ERASURE.name(), &Value::Ref(each.id))?;
            if done.is_empty() {
                return Ok(Some(ErasureAsked {
                    id: each.id,
                    reason: erasure::REASON.of(&each).map(str::to_owned),
                    asked_on: erasure::ASKED_ON.of(&each).map(|date| date.to_string()),
                }));
            }
        }
    }
    Ok(None)
}

/// Whether the registration was erased, and who asked for it.
pub fn erased(args: &ErasedArgs, world: &dyn Records, _: &Ctx) -> Shown<ErasedShown> {
    let name = ("patient".to_owned(), args.patient);
    let all = world.all(erased::ERASED.kind)?;
    let said = all.iter().find(|each| named(&each.kind, &each.fields).contains(&name));
    let said = said.ok_or(ViewError::NotFound)?;
    Ok(ErasedShown {
        at: erased::AT.of(said),
        asked_by: erased::ASKED_BY
            .of(said)
            .map_or(Ok(String::new()), |id| person_name(world, id))?,
        asked_on: erased::ASKED_ON.of(said).map(|date| date.to_string()),
        kept_until: erased::KEPT_UNTIL.of(said).map(|date| date.to_string()),
    })
}
