//! Desks as records: what each is called stands in the district's space, so that every desk can
//! say where something was written.

use domain::entities::desk::{DESK, FACILITY, NAME};
use domain::{Draft, RecordId};

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

    /// [`Server::introduce`] for every desk there is.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn introduce_all(&self) -> Result<()> {
        self.introduce(&self.db().read(db::device::all)?)
    }
}
