//! Desks as records: what each is called stands in the district's space, so that every desk can
//! say where something was written.

use domain::entities::desk::{DESK, FACILITY, NAME};
use domain::{Draft, RecordId};
use sync_core::DeviceId;
use sync_core::desk_says::DeskSays;

use crate::db;
use crate::db::device::{Device, Status};
use crate::error::Result;
use crate::server::Server;

impl Server {
    /// Writes what the desks are called into the district's space; what stands there already is not
    /// written again.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn introduce(&self, desks: &[Device]) -> Result<()> {
        let mut drafts = Vec::new();
        for desk in desks {
            let draft = Draft::new(DESK.kind, RecordId(desk.id.0)).with(&NAME, desk.name(self)?);
            drafts.push(match desk.status {
                Status::Server => draft,
                _ => draft.with(&FACILITY, desk.facility),
            });
        }
        self.author_differing(self.district(), drafts).map(drop)
    }

    /// Takes note of what a desk says of itself.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn hear_of(&self, desk: DeviceId, says: &DeskSays) -> Result<()> {
        // Mostly it says what it said before, and nothing is written.
        if self.db().read(|conn| db::device::said(desk, conn))?.as_ref() == Some(says) {
            return Ok(());
        }
        self.db().write(|tx| db::device::set_said(desk, says, tx))
    }

    /// [`Server::introduce`] for every desk there is.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn introduce_all(&self) -> Result<()> {
        self.introduce(&self.db().read(db::device::all)?)
    }
}
