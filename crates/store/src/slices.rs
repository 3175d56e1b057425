//! The work of synchronising in transactions that let a person in between: long ones while nobody
//! is at work, since each commit costs as much as many changes; short ones as soon as somebody is.

use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use sync_core::pausing;

use crate::desk;
use crate::error::StoreError;
use crate::present::Present;
use crate::store::Store;
use crate::writer::Turn;

/// So many changes are taken in between two looks at whether a person is about.
pub const STEP: usize = 16;
/// So many of a page while one is: each change writes to a dozen pages all over the file, and who saves waits until those are
/// on the disk.
pub const FEW: usize = 4;
/// So many numbers while one is: those of what was written together stand together.
pub const FEW_NUMBERS: usize = 64;
/// No transaction has more steps: its commit takes its time too, and a person waits for that.
pub const MOST_STEPS: usize = 64;

impl Store {
    /// Has `job` done for all of `items`, some at a time: `few` while somebody is about. Two neighbours of which `is_one` says
    /// that they belong together come in one transaction.
    ///
    /// # Errors
    /// Those of `job`; the transactions before it stay.
    pub(crate) fn in_slices<T, E>(
        &self,
        (items, few): (Vec<T>, usize),
        is_one: fn(&T, &T) -> bool,
        job: impl Fn(&[T], &Connection, &mut Present<'_>, i64) -> Result<(), E> + Send + Sync + 'static,
    ) -> Result<(), E>
    where
        T: Send + 'static,
        E: From<StoreError> + From<rusqlite::Error> + Send + 'static,
    {
        let (mut rest, job) = (items, Arc::new(job));
        while !rest.is_empty() {
            pausing!(BetweenSlices);
            let (job, somebody) = (Arc::clone(&job), self.somebody());
            rest = self.write(Turn::Sync, move |conn| {
                let mut taken = 0;
                in_commit(conn, |conn, present, commit| {
                    for _ in 0..MOST_STEPS {
                        let tail = rest.get(taken..).unwrap_or_default();
                        let most = if somebody.is_about() { few } else { STEP.max(few) };
                        let step = tail.get(..step_end(tail, most, is_one)).unwrap_or_default();
                        job(step, conn, present, commit)?;
                        present.write_records(commit)?;
                        taken += step.len();
                        if taken == rest.len() || somebody.is_about() {
                            break;
                        }
                    }
                    Ok::<_, E>(())
                })?;
                drop(rest.drain(..taken));
                Ok::<_, E>(rest)
            })?;
        }
        Ok(())
    }
}

/// How many items the next step takes: so many, and whatever belongs to the last of them.
fn step_end<T>(items: &[T], most: usize, is_one: fn(&T, &T) -> bool) -> usize {
    let splits = |end: usize| match (items.get(end.saturating_sub(1)), items.get(end)) {
        (Some(before), Some(after)) => is_one(before, after),
        _ => false,
    };
    (most.min(items.len())..=items.len())
        .find(|end| !splits(*end))
        .unwrap_or(items.len())
}

/// Runs `job` in a transaction that is one commit, and writes the records it changed.
pub(crate) fn in_commit<E: From<StoreError> + From<rusqlite::Error>>(
    conn: &mut Connection,
    job: impl FnOnce(&Connection, &mut Present<'_>, i64) -> Result<(), E>,
) -> Result<u64, E> {
    let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let commit = desk::next_commit(&conn)?;
    let mut present = Present::new(&conn);
    job(&conn, &mut present, commit)?;
    present.write(commit)?;
    drop(present);
    conn.commit()?;
    Ok(commit.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use sync_core::DeviceId;

    use super::*;
    use crate::DatabaseKey;

    /// The commit of each of so many items, with how many came in its step; a person comes during the first if `comes`.
    fn commits(items: usize, comes: bool) -> Vec<(i64, usize)> {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ward.db");
        let device = DeviceId(uuid::Uuid::nil());
        let store = Store::create(&path, &DatabaseKey::new(&[7; 32]), device).unwrap();
        let commits = Arc::new(Mutex::new(Vec::new()));
        let (noted, with_job) = (Arc::clone(&commits), store.clone());
        let done = store.in_slices(
            (vec![(); items], FEW),
            |(), ()| false,
            move |step, _, _, commit| {
                let mut noted = noted.lock().unwrap();
                if noted.is_empty() && comes {
                    let person = with_job.clone();
                    std::thread::spawn(move || person.put_setting("any", &serde_json::json!(1)));
                    while with_job.waiting() == 0 {
                        std::thread::yield_now();
                    }
                }
                noted.extend(step.iter().map(|()| (commit, step.len())));
                Ok::<_, StoreError>(())
            },
        );
        done.unwrap();
        let commits = commits.lock().unwrap();
        commits.clone()
    }

    #[test]
    fn a_transaction_is_long_while_nobody_waits_and_ends_when_somebody_does() {
        assert_eq!(commits(4 * STEP, false), vec![(1, STEP); 4 * STEP]);
        let interrupted = commits(STEP + 2 * FEW, true);
        assert_eq!(interrupted[..STEP], [(1, STEP); STEP]);
        assert_eq!(interrupted[STEP..][..FEW], [(2, FEW); FEW]);
        assert_eq!(interrupted[STEP + FEW..], [(3, FEW); FEW]);
        let many = commits((MOST_STEPS + 1) * STEP, false);
        assert_eq!(many.last(), Some(&(2, STEP)));
        let of_first = many.iter().filter(|(commit, _)| *commit == 1);
        assert_eq!(of_first.count(), MOST_STEPS * STEP);
    }

    #[test]
    fn what_belongs_together_comes_in_one_step() {
        let is_one = |a: &usize, b: &usize| a / 50 == b / 50;
        let items: Vec<usize> = (0..120).collect();
        assert_eq!(step_end(&items, STEP, is_one), 50);
        assert_eq!(step_end(&items[50..], FEW, is_one), 50);
        assert_eq!(step_end(&items[100..], STEP, is_one), 20);
        assert_eq!(step_end(&items[..0], STEP, is_one), 0);
    }
}
