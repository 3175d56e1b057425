//! The store of one desktop: the one way to its file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, params};
#[cfg(feature = "mutants")]
use sync_core::Clock;
use sync_core::{ChangeId, DeviceId, SpaceId, planted};

use crate::backlog::Mover;
use crate::desk::{Author, LEAST_LEAP};
use crate::error::{SaveError, StoreError};
use crate::file::{self, Lock, Purpose};
use crate::key::DatabaseKey;
use crate::known::Known;
use crate::pool::Pool;
use crate::queues::PacedBy;
use crate::reader::Reader;
use crate::save::{self, Action, Saved};
use crate::writer::{Somebody, Turn, Writer};
use crate::{desk, project, rebuild, schema};

/// The encrypted file of one desktop, open. Clones share it; it closes with the last.
#[derive(Clone)]
pub struct Store {
    open: Arc<Open>,
}

/// Closed in this order: readers, writer, lock.
struct Open {
    pool: Pool,
    known: Arc<Known>,
    writer: Writer,
    author: Author,
    path: PathBuf,
    _lock: Lock,
}

impl Store {
    /// Makes a new file for `device`.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file of that name.
    pub fn create(path: &Path, key: &DatabaseKey, device: DeviceId) -> Result<Store, StoreError> {
        let lock = file::lock(path)?;
        let conn = file::create(path, key, |conn| {
            schema::bring_up(conn, path, key)?;
            conn.execute(
                "INSERT INTO desk (one, device, commits, clock_ms, clock_count, projected_by)
                 VALUES (1, ?1, 0, 0, 0, ?2)",
                params![device.0.as_bytes(), project::made_by()],
            )?;
            Ok(())
        })?;
        Store::with(path, key, conn, lock, (0, PacedBy::Time))
    }

    /// Opens an existing file, after seeing that it is whole and not of a newer version.
    ///
    /// # Errors
    /// Each reason has its own [`StoreError`]. The file stays as it is; see [`file::set_aside`].
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Store, StoreError> {
        Store::open_at(path, key, (uuid::Uuid::new_v4().as_fields().0, PacedBy::Time))
    }

    /// The same for a simulation, in which nothing is left to chance or to the time that passes: with the leap that
    /// the numbers of its changes make.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn open_simulated(path: &Path, key: &DatabaseKey, leap: u32) -> Result<Store, StoreError> {
        Store::open_at(path, key, (leap, PacedBy::Events))
    }

    fn open_at(path: &Path, key: &DatabaseKey, (leap, paced_by): (u32, PacedBy)) -> Result<Store, StoreError> {
        let lock = file::lock(path)?;
        let mut conn = file::open(path, key)?;
        schema::bring_up(&mut conn, path, key)?;
        planted!(ClockNotPersisted, desk::set_clock(Clock::default(), &conn)?);
        let projected_by: String = conn
            .query_row("SELECT projected_by FROM desk", [], |row| row.get(0))
            .map_err(|_| StoreError::NotThisDesk)?;
        if projected_by != project::made_by() {
            rebuild::rebuild(&mut conn)?;
            planted!(MigrationWrites, crate::bugs::write_while_migrating(&mut conn)?);
        }
        Store::with(path, key, conn, lock, (LEAST_LEAP + u64::from(leap), paced_by))
    }

    fn with(
        path: &Path,
        key: &DatabaseKey,
        mut conn: Connection,
        lock: Lock,
        (leap, paced_by): (u64, PacedBy),
    ) -> Result<Store, StoreError> {
        let mover = match paced_by {
            PacedBy::Time => Some(Mover::start(path.to_owned(), key.clone())?),
            // What happens at the same time as something else does not happen the same way twice.
            PacedBy::Events => None,
        };
        let known = Arc::new(Known::default());
        known.listen(&mut conn)?;
        let open = Open {
            author: Author::begin(leap, &conn)?,
            pool: Pool::new(path.to_owned(), key.clone()),
            writer: Writer::start(conn, paced_by, mover)?,
            known,
            path: path.to_owned(),
            _lock: lock,
        };
        Ok(Store { open: Arc::new(open) })
    }

    /// The device whose file this is.
    pub fn device(&self) -> DeviceId {
        self.open.author.device
    }

    /// As whom this opening writes.
    pub(crate) fn author(&self) -> Author {
        self.open.author
    }

    pub fn path(&self) -> &Path {
        &self.open.path
    }

    /// How often the file was opened, as far as it was noted with [`Store::set_generation`].
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn generation(&self) -> Result<u64, StoreError> {
        self.reading(|conn| Ok(desk::generation(conn)?))
    }

    /// Notes how often the file was opened.
    ///
    /// # Errors
    /// [`StoreError`]; the earlier number stays then.
    pub fn set_generation(&self, generation: u64) -> Result<(), StoreError> {
        self.write(Turn::Person, move |conn| Ok(desk::set_generation(generation, conn)?))
    }

    /// The number of this desk's last change.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn last_seq(&self) -> Result<u64, StoreError> {
        let device = self.device();
        self.reading(|conn| Ok(desk::last_own(device, conn)?.0))
    }

    /// Saves what a person did. When this answers, it is on the disk.
    ///
    /// # Errors
    /// [`SaveError`]; nothing of the action is saved then.
    pub fn save(&self, action: Action) -> Result<Saved, SaveError> {
        let author = self.author();
        self.write(Turn::Person, move |conn| save::save(&action, None, author, conn))
    }

    /// Has an action saved for which nobody waits, when its turn comes; `then` hears what became of it.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when nothing is written any more.
    pub fn save_later(
        &self,
        action: Action,
        then: impl FnOnce(Result<Saved, SaveError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        let (author, known) = (self.author(), Arc::clone(&self.open.known));
        let job = move |conn: &mut Connection| {
            let saved = {
                let _writing = known.writing();
                save::save(&action, None, author, conn)
            };
            then(saved);
        };
        self.open.writer.leave(Turn::Sync, job)
    }

    /// Saves what a person takes over of a change that was kept aside; it says so.
    ///
    /// # Errors
    /// [`SaveError`]; nothing of the action is saved then.
    pub fn save_anew(&self, action: Action, origin: ChangeId) -> Result<Saved, SaveError> {
        let author = self.author();
        self.write(Turn::Person, move |conn| {
            save::save(&action, Some(origin), author, conn)
        })
    }

    /// Reads one consistent moment; `as_of` names it, for a save of what was read.
    ///
    /// # Errors
    /// Those of `job`, and [`StoreError`] when nothing can be read.
    pub fn read<T, E: From<StoreError>>(&self, job: impl FnOnce(&Reader<'_>, u64) -> Result<T, E>) -> Result<T, E> {
        let before = self.open.known.mark();
        self.reading(|conn| {
            let as_of = desk::commits(conn).map_err(StoreError::from)?.cast_unsigned();
            let reading = self.open.known.reading(before, as_of);
            job(&Reader::new(conn).recalling(reading), as_of)
        })
    }

    /// The moment that a read would see now. It rises with every commit that changes what is shown.
    ///
    /// # Errors
    /// [`StoreError`] when nothing can be read.
    pub fn as_of(&self) -> Result<u64, StoreError> {
        self.read(|_, as_of| Ok(as_of))
    }

    /// Computes the present and everything beside it anew from the log.
    ///
    /// # Errors
    /// [`StoreError`]; everything stays as it was then.
    pub fn rebuild(&self) -> Result<(), StoreError> {
        self.write(Turn::Sync, rebuild::rebuild)
    }

    /// Compares the present and everything beside it with what the log says.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn verify(&self) -> Result<Vec<rebuild::Difference>, StoreError> {
        self.reading(rebuild::verify)
    }

    /// Reads every page of the file.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when one is not what was written.
    pub fn check_file(&self) -> Result<(), StoreError> {
        self.reading(file::check_inside)
    }

    /// Writes an encrypted copy with the same key to a new file, and checks it. It reads one moment
    /// over a connection of its own, so that nobody's save waits for it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file of that name.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let key = self.open.pool.key();
        let conn = file::connect(self.path(), key, Purpose::Copying)?;
        file::copy(&conn, to, key)
    }

    /// Writes everything into a new file with another key. What is written here afterwards is not in it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file of that name.
    pub fn copy_with_key(&self, to: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
        let conn = file::connect(self.path(), self.open.pool.key(), Purpose::Copying)?;
        file::copy_with_key(&conn, to, key)
    }

    /// Lets the file grow no further than `bytes`: what would is refused with
    /// [`StoreError::DiskFull`], before the disk itself is full.
    ///
    /// # Errors
    /// [`StoreError`] when the limit cannot be set.
    pub fn limit_size(&self, bytes: u64) -> Result<(), StoreError> {
        self.write(Turn::Person, move |conn| {
            let pages = i64::try_from(bytes / 4096).unwrap_or(i64::MAX);
            conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
            Ok(())
        })
    }

    /// The key of the file, for whoever has it open.
    pub fn key_bytes(&self) -> &[u8; 32] {
        self.open.pool.key().bytes()
    }

    pub(crate) fn key(&self) -> &DatabaseKey {
        self.open.pool.key()
    }

    pub(crate) fn write<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        turn: Turn,
        job: impl FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let known = Arc::clone(&self.open.known);
        let noted = move |conn: &mut Connection| {
            let _writing = known.writing();
            job(conn)
        };
        self.open.writer.run(turn, noted)?
    }

    /// Has nothing written any more, once all that was begun is written.
    pub(crate) fn take_no_more(&self) -> Result<(), StoreError> {
        self.open.writer.take_no_more()
    }

    /// Tells the writer's present job whether a person waits for it to end, or may soon.
    pub(crate) fn somebody(&self) -> Somebody {
        self.open.writer.somebody()
    }

    /// How many jobs wait for the writer.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.open.writer.waiting()
    }

    pub(crate) fn reading<T, E: From<StoreError>>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        planted!(AckBeforeCommit, self.write(Turn::Sync, |_| Ok::<_, StoreError>(()))?);
        self.open.pool.read(job)
    }
}

/// A space from its stored text.
pub(crate) fn space_id(text: &str) -> Result<SpaceId, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_backup_and_the_writer_do_not_wait_for_each_other() {
        let folder = tempfile::TempDir::new().unwrap();
        let key = DatabaseKey::new(&[7; 32]);
        let device = DeviceId(uuid::Uuid::nil());
        let store = Store::create(&folder.path().join("ward.db"), &key, device).unwrap();
        let copy = folder.path().join("copy.db");
        let ((begun, has_begun), (end, ended), (done, is_done)) = (mpsc::channel(), mpsc::channel(), mpsc::channel());
        std::thread::scope(|scope| {
            let writing = store.clone();
            scope.spawn(move || {
                writing.write(Turn::Person, move |conn| {
                    let conn = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
                    desk::next_commit(&conn)?;
                    begun.send(()).unwrap();
                    let _until_told = ended.recv();
                    Ok::<_, StoreError>(conn.commit()?)
                })
            });
            has_begun.recv().unwrap();
            let (copying, copy) = (store.clone(), copy.clone());
            scope.spawn(move || done.send(copying.backup(&copy)));
            let copied = is_done.recv_timeout(Duration::from_secs(60));
            end.send(()).unwrap();
            assert_eq!(copied, Ok(Ok(())));
        });
        assert_eq!(store.as_of(), Ok(1));
        drop(store);
        assert_eq!(Store::open(&copy, &key).unwrap().as_of(), Ok(0));
    }
}
