//! The desk's own file as it stands, and changes of it.

use std::path::Path;

use crate::Failure;
use crate::desk::{Desk, State};
use crate::keys::file::DeskFile;

impl Desk {
    /// The desk's file as it stands.
    pub(crate) fn file(&self) -> Result<DeskFile, Failure> {
        self.state().file.clone().ok_or_else(|| Failure::new("not_set_up"))
    }

    /// Changes the desk's file as it stands, and writes it; of two changes at once none undoes the other. Nothing is
    /// written when `change` fails.
    pub(crate) fn change_file<T>(
        &self,
        change: impl FnOnce(&mut DeskFile) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut state = self.state();
        let mut file = state.file.clone().ok_or_else(|| Failure::new("not_set_up"))?;
        let answer = change(&mut file)?;
        if state.file.as_ref() != Some(&file) {
            write_file(&mut state, file, self.folder())?;
        }
        Ok(answer)
    }

    /// Writes the desk's file and keeps it. When that fails, what counts is what stands on the disk: the next start
    /// goes on with that, be it the new file of which only nobody can tell whether it outlives a power cut.
    pub(crate) fn keep(&self, file: DeskFile) -> Result<(), Failure> {
        write_file(&mut self.state(), file, self.folder())
    }

    /// Notes how much waits to be sent while nobody can look into the database.
    pub(crate) fn note_unsent(&self, state: &mut State, unsent: u64) {
        if let Some(file) = state
            .file
            .as_mut()
            .filter(|file| file.server.is_some() && file.unsent != unsent)
        {
            file.unsent = unsent;
            // It is only told: a disk that takes no note of it keeps nobody out.
            let _ = file.write(self.folder());
        }
    }
}

fn write_file(state: &mut State, file: DeskFile, folder: &Path) -> Result<(), Failure> {
    if let Err(error) = file.write(folder) {
        if let Ok(Some(there)) = DeskFile::read(folder) {
            state.file = Some(there);
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
    use crate::keys::secret::SecretHome;
    use crate::keys::slots::Hardness;
    use crate::net::patience::Patience;

    fn start(folder: &Path) -> Desk {
        Desk::start(Options {
            folder: folder.to_owned(),
            secret_home: SecretHome::File,
            hardness: Hardness::LEAST,
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
        let there = DeskFile::read(folder.path()).unwrap().unwrap();
        assert_eq!(there.generation, before + 8, "and on the disk");
    }
}
