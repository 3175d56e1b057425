//! One disk: the files whose paths begin alike. It counts what is asked of it, fails where it is
//! told to, and says what a power cut leaves.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::contents::{Contents, Image, Node, Unsynced, sectors};
use crate::fault::{Kind, Mode, Operation, Stop};

/// One disk, watched while this or a file on it is held.
#[derive(Clone)]
pub struct Disk(Arc<Shared>);

struct Shared {
    begins: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    contents: Contents,
    count: u64,
    stop: Option<Stop>,
    is_full: bool,
    /// What happened, once it did.
    happened: Option<String>,
    listed: Option<Vec<Operation>>,
    end: Option<End>,
}

type End = Box<dyn Fn(&Ended<'_>) + Send>;

/// What the program that is stopped is told; it must not come back from it.
pub struct Ended<'e> {
    /// In plain words.
    pub happened: &'e str,
}

/// Why an operation was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The disk failed.
    Io,
    /// There is no room.
    Full,
    /// What lies below refused it: nothing of ours.
    Below,
}

static DISKS: Mutex<Vec<Weak<Shared>>> = Mutex::new(Vec::new());

thread_local! {
    /// While a disk does something itself, its own files pass by it.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The disk on which a file of that path lies, or would.
pub fn find(path: &Path) -> Option<Disk> {
    if INSIDE.get() {
        return None;
    }
    let mut disks = locked(&DISKS);
    disks.retain(|disk| disk.strong_count() > 0);
    let name = path.as_os_str().as_encoded_bytes();
    let holds = |disk: &Arc<Shared>| name.starts_with(disk.begins.as_os_str().as_encoded_bytes());
    // What SQLite shares between connections in memory, and locks, mean nothing after a power cut.
    if name.ends_with(b"-shm") || name.ends_with(b".lock") {
        return None;
    }
    disks.iter().filter_map(Weak::upgrade).find(holds).map(Disk)
}

impl Disk {
    /// Watches from now on every file whose path begins with `begins`: a folder, or a file with those
    /// that are named after it. What is there already is durable. What the standard library does to
    /// files is seen only where somebody leads it here too.
    ///
    /// # Errors
    /// When what is there cannot be read.
    pub fn at(begins: &Path) -> io::Result<Disk> {
        let folder = if begins.is_dir() { Some(begins) } else { begins.parent() };
        let disk = Disk(Arc::new(Shared {
            begins: begins.to_owned(),
            state: Mutex::default(),
        }));
        let mut state = locked(&disk.0.state);
        for entry in folder
            .into_iter()
            .map(fs::read_dir)
            .collect::<io::Result<Vec<_>>>()?
            .into_iter()
            .flatten()
        {
            let path = entry?.path();
            let name = path.as_os_str().as_encoded_bytes();
            let is_ours = name.starts_with(begins.as_os_str().as_encoded_bytes());
            if is_ours && path.is_file() && !name.ends_with(b"-shm") && !name.ends_with(b".lock") {
                let bytes = fs::read(&path)?;
                state.contents.found(&path, bytes);
            }
        }
        drop(state);
        locked(&DISKS).push(Arc::downgrade(&disk.0));
        Ok(disk)
    }

    /// What goes wrong, and what then ends the program. Nothing does where the mode does not fit the
    /// operation.
    pub fn plan(&self, stop: Stop, end: impl Fn(&Ended<'_>) + Send + 'static) {
        let mut state = locked(&self.0.state);
        state.stop = Some(stop);
        state.end = Some(Box::new(end));
    }

    /// Keeps a list of all operations from now on.
    pub fn list(&self) {
        locked(&self.0.state).listed = Some(Vec::new());
    }

    /// The operations since [`Disk::list`].
    pub fn listed(&self) -> Vec<Operation> {
        locked(&self.0.state).listed.clone().unwrap_or_default()
    }

    /// How many operations there were.
    pub fn count(&self) -> u64 {
        locked(&self.0.state).count
    }

    /// What went wrong so far.
    pub fn happened(&self) -> Option<String> {
        locked(&self.0.state).happened.clone()
    }

    /// Somebody made room on a full disk. Answers whether it was full.
    pub fn make_room(&self) -> bool {
        std::mem::take(&mut locked(&self.0.state).is_full)
    }

    /// The files that a power cut at this moment would leave.
    pub fn image(&self, unsynced: Unsynced) -> Image {
        locked(&self.0.state).contents.image(unsynced)
    }

    /// Writes the files that a power cut at this moment would leave to where paths begin with
    /// `begins` instead, and nothing else.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn lose_power_to(&self, begins: &Path, unsynced: Unsynced) -> io::Result<()> {
        for (path, bytes) in self.image(unsynced) {
            let ending = path.as_os_str().as_encoded_bytes().len() - self.0.begins.as_os_str().as_encoded_bytes().len();
            let text = path.to_string_lossy();
            let ending = text.get(text.len() - ending..).unwrap_or_default();
            fs::write(format!("{}{ending}", begins.display()), bytes)?;
        }
        Ok(())
    }

    /// The power fails: the files are what a power cut leaves, and the program ends as planned.
    pub fn lose_power(&self, unsynced: Unsynced, happened: &str) {
        let mut state = locked(&self.0.state);
        state.happened = Some(happened.to_owned());
        inside(|| state.lose_power(unsynced));
    }

    /// The file of that path; one that nobody has seen yet lies there since before.
    pub fn node(&self, path: &Path) -> Option<Node> {
        let mut state = locked(&self.0.state);
        match state.contents.node(path) {
            Some(node) => Some(node),
            None => {
                let bytes = inside(|| fs::read(path)).ok()?;
                Some(state.contents.found(path, bytes))
            }
        }
    }

    /// Makes a file of that path, which was not there.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn make(&self, path: &Path, real: impl FnOnce() -> bool) -> Result<Node, Refusal> {
        let operation = operation(Kind::Make, path, 0, 0, true);
        self.operate(operation, |_| real(), |contents| contents.made(path))
    }

    /// # Errors
    /// [`Refusal`].
    pub fn write(
        &self,
        path: &Path,
        node: Node,
        at: u64,
        bytes: &[u8],
        real: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), Refusal> {
        let mut state = locked(&self.0.state);
        let end = at + bytes.len() as u64;
        let grows = end > state.contents.bytes(node);
        let operation = operation(Kind::Write, path, at, bytes.len() as u64, grows);
        inside(|| state.write(operation, node, bytes, real))
    }

    /// # Errors
    /// [`Refusal`].
    pub fn cut_to(&self, path: &Path, node: Node, bytes: u64, real: impl FnOnce() -> bool) -> Result<(), Refusal> {
        let grows = bytes > locked(&self.0.state).contents.bytes(node);
        let operation = operation(Kind::Cut, path, bytes, 0, grows);
        self.operate(operation, |_| real(), |contents| contents.cut_to(node, bytes))
    }

    /// Syncs the file, and its folder too where `with_folder`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn sync(&self, path: &Path, node: Node, with_folder: bool, real: impl FnOnce() -> bool) -> Result<(), Refusal> {
        let operation = operation(Kind::Sync, path, 0, 0, false);
        let done = self.operate(
            operation,
            |_| real(),
            |contents| {
                contents.synced(node);
                if let Some(folder) = path.parent().filter(|_| with_folder) {
                    contents.synced_folder(folder);
                }
            },
        );
        if done == Err(Refusal::Io) {
            locked(&self.0.state).contents.given_up(node);
        }
        done
    }

    /// # Errors
    /// [`Refusal`].
    pub fn sync_folder(&self, folder: &Path, real: impl FnOnce() -> bool) -> Result<(), Refusal> {
        let operation = operation(Kind::SyncFolder, folder, 0, 0, false);
        self.operate(operation, |_| real(), |contents| contents.synced_folder(folder))
    }

    /// Removes the name, and syncs its folder too where `with_folder`.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn remove(&self, path: &Path, with_folder: bool, real: impl FnOnce() -> bool) -> Result<(), Refusal> {
        let operation = operation(Kind::Remove, path, 0, 0, false);
        self.operate(
            operation,
            |_| real(),
            |contents| {
                contents.removed(path);
                if let Some(folder) = path.parent().filter(|_| with_folder) {
                    contents.synced_folder(folder);
                }
            },
        )
    }

    /// # Errors
    /// [`Refusal`].
    pub fn rename(&self, from: &Path, to: &Path, real: impl FnOnce() -> bool) -> Result<(), Refusal> {
        let _known = self.node(from);
        let operation = operation(Kind::Rename, to, 0, 0, false);
        self.operate(operation, |_| real(), |contents| contents.renamed(from, to))
    }

    fn operate<T>(
        &self,
        operation: Operation,
        real: impl FnOnce(&Operation) -> bool,
        note: impl FnOnce(&mut Contents) -> T,
    ) -> Result<T, Refusal> {
        let mut state = locked(&self.0.state);
        inside(|| {
            let hit = state.begin(&operation)?;
            if !real(&operation) {
                return Err(Refusal::Below);
            }
            let noted = note(&mut state.contents);
            state.finish(hit, &operation);
            Ok(noted)
        })
    }
}

fn operation(kind: Kind, path: &Path, at: u64, bytes: u64, grows: bool) -> Operation {
    Operation {
        kind,
        path: path.to_owned(),
        at,
        bytes,
        grows,
    }
}

impl State {
    /// Counts the operation; answers what is to go wrong with it, unless it already did.
    fn begin(&mut self, operation: &Operation) -> Result<Option<Mode>, Refusal> {
        self.count += 1;
        if let Some(listed) = &mut self.listed {
            listed.push(operation.clone());
        }
        let hit = self.stop.filter(|stop| stop.number == self.count).map(|stop| stop.mode);
        match hit {
            Some(Mode::Before) => {
                self.tell(&format!("killed before it could {operation}"));
                self.end();
            }
            Some(Mode::Eio) => {
                self.tell(&format!("the disk failed to {operation}"));
                return Err(Refusal::Io);
            }
            Some(Mode::Enospc) if operation.grows => {
                self.tell(&format!("the disk was full when it was to {operation}"));
                self.is_full = true;
            }
            _ => {}
        }
        if self.is_full && operation.grows {
            return Err(Refusal::Full);
        }
        Ok(hit)
    }

    fn finish(&mut self, hit: Option<Mode>, operation: &Operation) {
        match hit {
            Some(Mode::After) => {
                self.tell(&format!("killed after it could {operation}"));
                self.end();
            }
            Some(Mode::Lost) => {
                let happened = format!("after it could {operation}, the power failed; what was not synced is lost");
                self.tell(&happened);
                self.lose_power(Unsynced::Lost);
            }
            Some(Mode::LostInPart) => {
                let happened =
                    format!("after it could {operation}, the power failed; sectors that were not synced are lost");
                let seed = self.count;
                self.tell(&happened);
                self.lose_power(Unsynced::LostInPart { seed });
            }
            _ => {}
        }
    }

    fn write(
        &mut self,
        operation: Operation,
        node: Node,
        bytes: &[u8],
        mut real: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), Refusal> {
        let hit = self.begin(&operation)?;
        let torn = hit.filter(|mode| mode.fits(&operation)).and_then(Mode::torn_bytes);
        if let Some(sector) = torn {
            let pieces = sectors(operation.at, bytes, sector);
            let written = fastrand::Rng::with_seed(self.count).usize(1..pieces.len());
            let torn: usize = pieces.iter().take(written).map(|(_, piece)| piece.len()).sum();
            real(bytes.get(..torn).unwrap_or(bytes));
            let happened = format!(
                "killed when it had to {operation}: {written} of {} sectors were written",
                pieces.len()
            );
            self.tell(&happened);
            self.end();
        }
        if !real(bytes) {
            return Err(Refusal::Below);
        }
        self.contents.written(node, operation.at, bytes);
        self.finish(hit, &operation);
        Ok(())
    }

    fn lose_power(&mut self, unsynced: Unsynced) {
        let image = self.contents.image(unsynced);
        for path in self.contents.all_names() {
            let left = match image.get(&path) {
                Some(bytes) => fs::write(&path, bytes),
                None if path.exists() => fs::remove_file(&path),
                None => Ok(()),
            };
            left.expect("the folder of a test can be written");
        }
        self.end();
    }

    fn tell(&mut self, happened: &str) {
        self.happened = Some(format!("operation {}: {happened}", self.count));
    }

    fn end(&self) {
        let happened = self.happened.as_deref().unwrap_or_default();
        if let Some(end) = &self.end {
            end(&Ended { happened });
        }
    }
}

/// Does what a disk does itself: files that are touched by it pass by.
pub fn inside<T>(work: impl FnOnce() -> T) -> T {
    let before = INSIDE.replace(true);
    let done = work();
    INSIDE.set(before);
    done
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
