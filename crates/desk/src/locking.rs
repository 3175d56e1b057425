//! Locking: nothing can be seen from the first moment on; what waits is sent as far as it can be; the database is closed,
//! its key forgotten, and the person's session ended at the server.

use std::mem;

use domain::audit::written_by_desks;

use crate::desk::{Desk, Notice, Session};

impl Desk {
    /// Hides everything at once; sends what waits if the server can be reached; then closes the
    /// database and forgets its key.
    pub async fn lock(&self) {
        self.lock_as("by_hand").await;
    }

    /// The same, with how it came to it, as the audit log says it.
    pub(crate) async fn lock_as(&self, ended: &'static str) {
        let session = self.state().session.take();
        self.close_after(session, ended).await;
    }

    /// Goes on with `work`, which has the password or the key, after a sign-in: no longer than until the desk locks.
    pub(crate) fn after_sign_in(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut state = self.state();
        while state.after_sign_in.try_join_next().is_some() {}
        state.after_sign_in.spawn(work);
    }

    /// Closes the database after a session that has ended.
    pub(crate) async fn close_after(&self, session: Option<Session>, ended: &'static str) {
        let (open, had_sheet, mut after_sign_in) = {
            let mut state = self.state();
            let after_sign_in = mem::take(&mut state.after_sign_in);
            (state.open.clone(), state.sheet.take().is_some(), after_sign_in)
        };
        self.tell(Notice::Status);
        after_sign_in.shutdown().await;
        let Some(open) = open else { return };
        if let Some(session) = session {
            if had_sheet {
                self.note(&open, &session, &self.event("sheet_dropped", &session));
            }
            self.note_end(&open, session, ended).await;
        }
        tokio::join!(self.send_before_closing(&open), self.end_token());
        let worker = {
            let mut state = self.state();
            // Somebody may have signed in meanwhile.
            if state.session.is_some() {
                None
            } else {
                state.worker.take()
            }
        };
        if let Some(worker) = worker {
            worker.abort();
            // A worker that was ended answers that it was.
            let _ = worker.await;
        }
        self.keep_time_before_closing(&open);
        let unsent = open.store.unsent_but(written_by_desks());
        let mut state = self.state();
        if state.session.is_none() {
            state.open = None;
            if let Ok((unsent, _)) = unsent {
                self.note_unsent(&mut state, unsent);
            }
        }
        drop(state);
        drop(open);
        self.tell(Notice::Status);
    }
}
