//! The desk's own file as it stands, and changes of it.

use std::path::Path;

use store::Store;

use crate::Failure;
use crate::desk::{Desk, Open, State};
use crate::keys::file::DeskFile;
use crate::keys::seal::Key;
use crate::keys::secret::SecretPlace;
use crate::keys::twice;

impl Desk {
    /// The desk's file as it stands.
    pub(crate) fn file(&self) -> Result<DeskFile, Failure> {
        self.state().file.clone().ok_or_else(|| Failure::new("not_set_up"))
    }

    /// The device secret, for a file that is as this desk sealed it.
    ///
    /// # Errors
    /// `desk_file_altered` when it is not, or why there is no secret.
    pub(crate) fn device_secret(&self, file: &DeskFile) -> Result<Key, Failure> {
        let place = self.secret_place(file);
        let secret = place.get()?;
        if self.state().sealing_key.is_none() {
            self.prove(&place, &secret)?;
        }
        Ok(secret)
    }

    /// Sees whether the seal of the file holds as it was found. One of the first versions has none; it is sealed and
    /// moved now, and the key store knows from then on that none without a seal is this desk's.
    fn prove(&self, place: &SecretPlace, secret: &Key) -> Result<(), Failure> {
        let mut state = self.state();
        let Some(found) = state.found.take_if(|found| found.file.name == place.name()) else {
            return Ok(());
        };
        let key = twice::sealing_key(secret);
        let is_ours = if found.is_unsealed() {
            !place.is_sealed()
        } else {
            found.is_sealed_with(&key)
        };
        if !is_ours {
            let is_other_secret = found.file.slots.tiles(secret).is_err();
            state.found = Some(found);
            if is_other_secret {
                return Err(Failure::new("device_secret_wrong"));
            }
            return Err(Failure::new("desk_file_altered"));
        }
        if found.is_unsealed()
            && let Err(error) = twice::write(self.folder(), &found.file, &key)
        {
            // It is read as it was before, and moved with the next change.
            tracing::warn!(%error, "the desk's file could not be moved");
        }
        state.sealing_key = Some(key);
        drop(state);
        place.note_sealed();
        Ok(())
    }

    /// Changes the desk's file as it stands, and writes it; of two changes at once none undoes the other. Nothing is
    /// written when `change` fails.
    pub(crate) fn change_file<T>(
        &self,
        change: impl FnOnce(&mut DeskFile) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.be_proven()?;
        let mut state = self.state();
        let mut file = state.file.clone().ok_or_else(|| Failure::new("not_set_up"))?;
        let slots = file.slots.generation;
        let answer = change(&mut file)?;
        let has_other_slots = file.slots.generation != slots;
        if state.file.as_ref() != Some(&file) {
            write_file(&mut state, file, self.folder())?;
        }
        drop(state);
        if has_other_slots {
            self.note_slots();
        }
        Ok(answer)
    }

    /// Writes the desk's file and keeps it. When that fails, what counts is what stands on the disk: the next start
    /// goes on with that, be it the new file of which only nobody can tell whether it outlives a power cut.
    pub(crate) fn keep(&self, file: DeskFile) -> Result<(), Failure> {
        self.be_proven()?;
        write_file(&mut self.state(), file, self.folder())
    }

    /// Writes the file of a desk that has just been set up, or has a new device secret.
    pub(crate) fn keep_new(&self, file: DeskFile, secret: &Key) -> Result<(), Failure> {
        let place = self.secret_place(&file);
        let mut state = self.state();
        let before = state.sealing_key.replace(twice::sealing_key(secret));
        if let Err(failure) = write_file(&mut state, file, self.folder()) {
            state.sealing_key = before;
            return Err(failure);
        }
        state.found = None;
        drop(state);
        place.note_sealed();
        Ok(())
    }

    fn be_proven(&self) -> Result<(), Failure> {
        if self.state().sealing_key.is_some() {
            return Ok(());
        }
        self.device_secret(&self.file()?).map(drop)
    }

    /// Notes how much waits to be sent while nobody can look into the database.
    pub(crate) fn note_unsent(&self, state: &mut State, unsent: u64) {
        let Some(mut file) = state.file.clone() else { return };
        if file.server.is_some() && file.unsent != unsent {
            file.unsent = unsent;
            // It is only told: a disk that takes no note of it keeps nobody out.
            let _ = write_file(state, file, self.folder());
        }
    }

    /// Notes in the open database which slots there are: those of an older copy of the file are known by it.
    pub(crate) fn note_slots(&self) {
        let (open, file) = {
            let state = self.state();
            (state.open.clone(), state.file.clone())
        };
        let (Some(open), Some(file)) = (open, file) else { return };
        if open.is_older_copy {
            return;
        }
        let generation = file.slots.generation;
        let noted = noted_slots(&open.store).and_then(|noted| match generation > noted {
            true => Ok(open.store.put_setting(SLOTS, &generation.into())?),
            false => Ok(()),
        });
        if let Err(failure) = noted {
            tracing::warn!(code = failure.code, "the database took no note of the slots");
        }
    }

    /// Whether the file has slots of before: it was put back from an older copy, and somebody who left may open one.
    /// Answers which slots there were last. A desk that stands alone has nobody else to ask.
    pub(crate) fn newer_slots(&self, file: &DeskFile, open: &Open) -> Result<Option<u64>, Failure> {
        if file.server.is_none() {
            return Ok(None);
        }
        let noted = noted_slots(&open.store)?;
        Ok((noted > file.slots.generation).then_some(noted))
    }
}

/// The setting in which the database knows the generation of the slots.
const SLOTS: &str = "slots";

fn noted_slots(store: &Store) -> Result<u64, Failure> {
    let noted = store.setting(SLOTS)?;
    Ok(noted.and_then(|json| json.as_u64()).unwrap_or_default())
}

fn write_file(state: &mut State, file: DeskFile, folder: &Path) -> Result<(), Failure> {
    let key = state.sealing_key.clone();
    let key = key.ok_or_else(|| Failure::new("device_secret_missing"))?;
    if let Err(error) = twice::write(folder, &file, &key) {
        if let Ok(Some(there)) = twice::read(folder) {
            state.file = Some(there.file);
        }
        return Err(error.into());
    }
    state.file = Some(file);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::desk::Options;
    use crate::keys::hardness::{Cost, Hardness};
    use crate::keys::secret::SecretHome;
    use crate::net::patience::Patience;

    fn start(folder: &Path) -> Desk {
        Desk::start(Options {
            folder: folder.to_owned(),
            secret_home: SecretHome::File,
            cost: Cost::Given(Hardness::LEAST),
            lock_after_minutes: 5,
            patience: Patience::default(),
        })
    }

    #[tokio::test]
    async fn of_changes_at_once_none_undoes_another_and_one_that_fails_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let desk = start(folder.path());
        desk.stand_alone("Anju Thomas", "anju", "river lamp stone")
            .await
            .unwrap();
        let before = desk.file().unwrap().generation;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let raised = desk.change_file(|file| {
                        file.generation += 1;
                        Ok(())
                    });
                    raised.unwrap();
                });
            }
        });
        let refused = desk.change_file(|file| {
            file.generation = 0;
            Err::<(), _>(Failure::new("not_allowed"))
        });
        assert_eq!(refused.unwrap_err().code, "not_allowed");
        assert_eq!(desk.file().unwrap().generation, before + 8);
        let there = twice::read(folder.path()).unwrap().unwrap().file;
        assert_eq!(there.generation, before + 8, "and on the disk");
    }
}
