//! A sign-in on a locked desk: the password's hash, which is meant to take its time, and everything else, which is not.

use std::time::Instant;

use anyhow::Result;
use desk::keys::hardness::{Cost, Hardness, stretch};
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use desk::{Desk, Options};

use crate::Setting;
use crate::figures::ms;
use crate::report::{Chapter, Unit};
use crate::rounds::{Figures, contestant, in_turns};

const USERNAME: &str = "lakshmi";

/// A sign-in beside the hash alone.
///
/// # Errors
/// When the desk cannot be set up.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "unlock",
        "Unlocking a desk",
        "A person signs in on a desk of its own with the sample hospital, until every page can be read: the slot opened with the \
         password, the file opened and looked at, what is due begun. Beside it one Argon2id hash of the same cost (64 MiB, 3 \
         passes, 1 lane) and nothing else.",
    );
    let folder = setting.folder()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let desk = runtime.block_on(async {
        let desk = Desk::start(Options {
            folder: folder.path().to_owned(),
            secret_home: SecretHome::File,
            cost: Cost::Given(Hardness::USUAL),
            lock_after_minutes: 60,
            patience: Patience::default(),
        });
        let made = desk.stand_alone("Lakshmi", USERNAME, sample::PASSWORD).await;
        made.map(|()| desk)
    });
    let desk = desk.map_err(|failure| anyhow::anyhow!("{}", failure.code))?;
    let measured = in_turns(
        setting.rounds,
        &mut [
            contestant("ours", |_| {
                runtime.block_on(desk.lock());
                let begun = Instant::now();
                let entered = runtime.block_on(desk.sign_in(USERNAME, sample::PASSWORD));
                entered.map_err(|failure| anyhow::anyhow!("{}", failure.code))?;
                Ok(Figures::from([("unlock", ms(begun.elapsed()))]))
            }),
            contestant("one Argon2id hash", |_| {
                let begun = Instant::now();
                // On a thread such as the desk's: this one has memory at hand by now that the system need not clear any more.
                let hash = || stretch(sample::PASSWORD, &[7; 16], Hardness::USUAL).is_ok();
                let is_made = runtime.block_on(runtime.spawn_blocking(hash))?;
                anyhow::ensure!(is_made, "no hash");
                Ok(Figures::from([("unlock", ms(begun.elapsed()))]))
            }),
        ],
    )?;
    chapter
        .rows
        .push(measured.row("unlock", "sign-in on a locked desk", Unit::Ms, "unlock")?);
    runtime.block_on(desk.lock());
    Ok(chapter)
}
