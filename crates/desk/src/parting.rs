//! The end of a desk that was withdrawn: everything is deleted and the server knows; then what opens the file is
//! destroyed too, and the window says what happened.

use store::PartingStep;

use crate::Failure;
use crate::desk::{Desk, Notice, Open};
use crate::keys::file::Withdrawn;
use crate::keys::seal::random_key;
use crate::keys::slots::Slots;
use crate::net::link::wall_ms;
use crate::sweeping::BACKUP;

impl Desk {
    /// Whether this desk is being withdrawn: nothing new is written on it.
    pub(crate) fn is_parting(open: &Open) -> bool {
        open.store.parting().is_ok_and(|parting| parting.is_some())
    }

    /// Destroys the key slots, the device secret and the empty file, once the server has the receipt. What a power cut
    /// leaves of it goes at the next opening.
    ///
    /// # Errors
    /// [`Failure`]: it is tried again.
    pub(crate) fn finish_parting(&self) -> Result<(), Failure> {
        let open = self.state().open.clone();
        let Some(parting) = open.map(|open| open.store.parting()).transpose()?.flatten() else {
            return Ok(());
        };
        if parting.step != PartingStep::Told {
            return Ok(());
        }
        self.change_file(|file| {
            file.withdrawn = Some(Withdrawn {
                at_ms: wall_ms(),
                unsent: parting.unsent,
            });
            file.slots = Slots::none(&random_key());
            file.succession = None;
            Ok(())
        })?;
        self.hide_everything();
        self.tell(Notice::Status);
        self.clear_what_is_left();
        Ok(())
    }

    /// Removes the file of a withdrawn desk and its secret, also after a power cut in between.
    pub(crate) fn clear_what_is_left(&self) {
        let Some(file) = self.state().file.clone().filter(|file| file.withdrawn.is_some()) else {
            return;
        };
        let removed = self.remove_what_was_emptied();
        let destroyed = self.secret_place(&file).destroy().map_err(Failure::from);
        if let Err(failure) = removed.and(destroyed) {
            tracing::warn!(code = failure.code, "what is left of a withdrawn desk was not removed");
        }
    }

    /// The file holds nothing any more; copies of it beside do, and open with nothing any more.
    fn remove_what_was_emptied(&self) -> Result<(), Failure> {
        let begins = ["ward.db", BACKUP, "ward.next.db", "unsent-"];
        let failed = |error: std::io::Error| Failure::from(store::StoreError::from(error));
        for entry in std::fs::read_dir(self.folder()).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if begins.iter().any(|begin| name.starts_with(begin)) {
                std::fs::remove_file(path).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Ends the session and lets go of the file; the worker ends by itself.
    fn hide_everything(&self) {
        let mut state = self.state();
        state.session = None;
        state.open = None;
        let worker = state.worker.take();
        drop(state);
        if let Some(worker) = worker {
            worker.abort();
        }
    }
}
