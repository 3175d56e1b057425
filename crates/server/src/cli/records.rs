//! The district's own records, read whole to check what is added to them, and written.

use domain::check::{Draft, check};
use domain::world::Overlay;
use domain::{Problem, RecordId, Records};
use uuid::Uuid;

use super::Failure;
use crate::db;
use crate::error::Result;
use crate::exchange::present::open_state;
use crate::server::{Server, open_space};

/// Every record of the district's space as it stands.
pub fn read(server: &Server) -> Result<Overlay<'static>> {
    server.db().read(|conn| {
        let mut all = Overlay::alone();
        let Some((space, key)) = open_space(server, server.district(), conn)? else {
            return Ok(all);
        };
        for kept in db::record::all(space.number, conn)? {
            let state = open_state(&key, space.id, &kept.kind, kept.record, &kept.sealed_state)?;
            all.put(state.record());
        }
        Ok(all)
    })
}

/// Checks the drafts and writes them as one action.
pub fn write(server: &Server, drafts: Vec<Draft>) -> Result<(), Failure> {
    let known = read(server)?;
    let checked = check(drafts, &known).map_err(|error| Failure::Unacceptable(error.to_string()))?;
    let checked = checked.map_err(|problems| Failure::Unacceptable(told(&problems)))?;
    let drafts = checked.into_iter().map(domain::Checked::into_draft).collect();
    server.author(server.district(), vec![drafts])?;
    Ok(())
}

fn told(problems: &[Problem]) -> String {
    let lines = problems.iter().map(|problem| {
        let numbers: Vec<String> = problem
            .numbers
            .iter()
            .map(|(name, number)| format!("{name} {number}"))
            .collect();
        format!(
            "{} {}: {} {}",
            problem.kind,
            problem.field,
            problem.code,
            numbers.join(", ")
        )
        .trim_end()
        .to_owned()
    });
    lines.collect::<Vec<_>>().join("; ")
}

/// The only record of the kind, if there is one.
pub fn only(kind: &str, records: &dyn Records) -> Option<RecordId> {
    records.all(kind).ok()?.first().map(|record| record.id)
}

/// The record of the kind that was written first.
pub fn first(kind: &str, server: &Server) -> Result<Option<RecordId>> {
    server.db().read(|conn| match db::space::get(server.district(), conn)? {
        Some(space) => db::change::first_of(space.number, kind, conn),
        None => Ok(None),
    })
}

pub fn new_id() -> RecordId {
    RecordId(Uuid::now_v7())
}
