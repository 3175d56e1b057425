//! The desk whose window is measured: a hospital with many patients, on a computer that stands alone.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use desk::keys::hardness::Cost;
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use desk::ward::DraftIn;
use desk::{Desk, Failure, Options};
use domain::plain::plain_fields;

use crate::ward;

/// Who signs in.
pub const USERNAME: &str = "bench";
const AT_ONCE: u64 = 500;

/// Sets a desk up in a folder, as the window does for somebody who stands alone, and registers patients up to a number.
///
/// # Errors
/// When the desk refuses something.
pub async fn set_up(folder: &Path, patients: u64) -> Result<()> {
    let desk = start(folder);
    desk.stand_alone("Asha Kurian", USERNAME, sample::PASSWORD)
        .await
        .map_err(told)?;
    for first in (0..patients).step_by(usize::try_from(AT_ONCE)?) {
        let registered = (first..patients.min(first + AT_ONCE)).map(ward::registration);
        let drafts = registered.map(|draft| DraftIn {
            fields: plain_fields(&draft.kind, &draft.fields, "facility_admin"),
            id: None,
            kind: draft.kind,
        });
        desk.save(drafts.collect(), 0, BTreeSet::new()).map_err(told)?;
    }
    desk.lock().await;
    Ok(())
}

/// How long the desk itself needs to sign somebody in, without a window.
///
/// # Errors
/// When the password does not open it.
pub async fn sign_in(folder: &Path) -> Result<Duration> {
    let desk = start(folder);
    let begun = Instant::now();
    desk.sign_in(USERNAME, sample::PASSWORD).await.map_err(told)?;
    let took = begun.elapsed();
    desk.lock().await;
    Ok(took)
}

fn start(folder: &Path) -> Desk {
    Desk::start(Options {
        folder: folder.to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Measured,
        lock_after_minutes: 60,
        patience: Patience::default(),
    })
}

fn told(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("the desk refuses: {failure:?}")
}
