//! What screens show: each view is a pure function over the records, registered by name, so that
//! the shell and the store know no kind. Results are plain structs, exported to TypeScript.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_json::value::{RawValue, to_raw_value};

use crate::access::{Verb, may};
use crate::moment::Moment;
use crate::world::{Ctx, Records, Unreadable};

pub mod names;

pub mod line;

pub mod beds;

pub mod wall;

pub mod census;

pub mod war_room;

pub mod patients;

pub mod patient;

pub mod rounds;

pub mod triage;

pub mod stock;

pub mod inbox;

pub mod audit;

pub mod erasure;

pub mod records;

pub mod present_only;

pub mod wire;

/// Why a view cannot be shown.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ViewError {
    #[error("no view of this name")]
    Unknown,
    #[error("the arguments of the view cannot be read")]
    Arguments,
    #[error("this role may not see it")]
    NotAllowed,
    #[error("the record does not exist here")]
    NotFound,
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

pub type Shown<T> = Result<T, ViewError>;

/// What a view shows, written as JSON at once: a board has tens of thousands of values, of which nobody but the page reads one.
pub type Written = Box<RawValue>;

/// One view.
pub struct View {
    pub name: &'static str,
    /// The kind one must have the right to see.
    pub sees: &'static str,
    run: fn(&Json, &dyn Records, &Ctx) -> Shown<Written>,
}

/// Every view, in the order of the rail.
pub static VIEWS: &[View] = &[
    View {
        name: "war_room",
        sees: "bed",
        run: |args, world, ctx| shown(args, |(): ()| war_room::war_room(world, ctx)),
    },
    View {
        name: "bed_board",
        sees: "bed",
        run: |args, world, ctx| shown(args, |(): ()| beds::bed_board(world, ctx)),
    },
    View {
        name: "wall",
        sees: "bed_stay",
        run: |args, world, ctx| shown(args, |(): ()| wall::wall(world, ctx)),
    },
    View {
        name: "census",
        sees: "bed_stay",
        run: |args, world, ctx| shown(args, |a| census::census(&a, world, ctx)),
    },
    View {
        name: "patients",
        sees: "patient",
        run: |args, world, ctx| shown(args, |a| patients::patients(&a, world, ctx)),
    },
    View {
        name: "find_patients",
        sees: "patient",
        run: |args, world, ctx| shown(args, |a| patients::find_patients(&a, world, ctx)),
    },
    View {
        name: "likely_same",
        sees: "patient",
        run: |args, world, ctx| shown(args, |a| patients::likely_same(&a, world, ctx)),
    },
    View {
        name: "patient",
        sees: "patient",
        run: |args, world, ctx| shown(args, |a| patient::patient_page(&a, world, ctx)),
    },
    View {
        name: "erased",
        sees: "erased",
        run: |args, world, ctx| shown(args, |a| erasure::erased(&a, world, ctx)),
    },
    View {
        name: "news2",
        sees: "round",
        run: |args, world, ctx| shown(args, |a| rounds::news2_of(&a, world, ctx)),
    },
    View {
        name: "triage_month",
        sees: "triage",
        run: |args, world, ctx| shown(args, |a| triage::month(&a, world, ctx)),
    },
    View {
        name: "triage_form",
        sees: "triage",
        run: |args, world, ctx| shown(args, |a| triage::form(&a, world, ctx)),
    },
    View {
        name: "stock",
        sees: "stock_entry",
        run: |args, world, ctx| shown(args, |(): ()| stock::stock(world, ctx)),
    },
    View {
        name: "stock_item",
        sees: "stock_entry",
        run: |args, world, ctx| shown(args, |a| stock::stock_item(&a, world, ctx)),
    },
    View {
        name: "inbox",
        sees: "bed",
        run: |args, world, ctx| shown(args, |(): ()| inbox::inbox(world, ctx)),
    },
    View {
        name: "audit_log",
        sees: "audit_event",
        run: |args, world, ctx| shown(args, |a| audit::audit_log(&a, world, ctx)),
    },
    View {
        name: "who_looked",
        sees: "audit_event",
        run: |args, world, ctx| shown(args, |a| audit::who_looked(&a, world, ctx)),
    },
    View {
        name: "records",
        sees: "",
        run: |args, world, ctx| shown(args, |a| records::records(&a, world, ctx)),
    },
    View {
        name: "record",
        sees: "",
        run: |args, world, ctx| shown(args, |a| records::record(&a, world, ctx)),
    },
];

fn shown<A: DeserializeOwned, T: Serialize>(args: &Json, run: impl FnOnce(A) -> Shown<T>) -> Shown<Written> {
    let args = serde_json::from_value(args.clone()).map_err(|_| ViewError::Arguments)?;
    to_raw_value(&run(args)?).map_err(|_| ViewError::Arguments)
}

/// Computes the view `name` for the person in `ctx`.
///
/// # Errors
/// [`ViewError`].
pub fn view(name: &str, args: &Json, world: &dyn Records, ctx: &Ctx) -> Shown<Written> {
    let view = VIEWS.iter().find(|view| view.name == name).ok_or(ViewError::Unknown)?;
    if !view.sees.is_empty() && !may(&ctx.role, Verb::See, view.sees) {
        return Err(ViewError::NotAllowed);
    }
    let moment = Moment::with(world, world.recall()?);
    let shown = (view.run)(args, &moment, ctx);
    world.keep(moment.into_memory());
    shown
}
