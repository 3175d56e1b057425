//! What lies on the disk: of each file and each folder what was synced, and what came since and
//! would be lost. A name is as little durable as what stands in the file, until its folder is synced.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a disk writes whole or not at all.
pub const SECTOR_BYTES: u64 = 512;

/// What a power cut makes of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// All of it reached the disk.
    Kept,
    /// Nothing of it did.
    Lost,
    /// Some sectors did and others not, in no order; and the first few of the names.
    LostInPart { seed: u64 },
}

/// The files after a power cut.
pub type Image = BTreeMap<PathBuf, Vec<u8>>;

/// A file, whatever it is called.
pub type Node = u64;

/// All files of one disk.
#[derive(Default)]
pub struct Contents {
    files: BTreeMap<Node, File>,
    names: BTreeMap<PathBuf, Node>,
    synced_names: BTreeMap<PathBuf, Node>,
    unsynced_names: Vec<Naming>,
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    unsynced: Vec<Edit>,
    bytes: u64,
}

#[derive(Clone)]
enum Edit {
    Write { at: u64, bytes: Vec<u8> },
    Length(u64),
}

#[derive(Clone)]
enum Naming {
    Made(PathBuf, Node),
    Removed(PathBuf),
    Renamed(PathBuf, PathBuf),
}

impl Contents {
    /// A file that was there before anybody looked; all of it is durable.
    pub fn found(&mut self, path: &Path, bytes: Vec<u8>) -> Node {
        let node = self.add(File {
            bytes: bytes.len() as u64,
            synced: bytes,
            unsynced: Vec::new(),
        });
        self.names.insert(path.to_owned(), node);
        self.synced_names.insert(path.to_owned(), node);
        node
    }

    pub fn node(&self, path: &Path) -> Option<Node> {
        self.names.get(path).copied()
    }

    pub fn made(&mut self, path: &Path) -> Node {
        let node = self.add(File::default());
        self.name(Naming::Made(path.to_owned(), node));
        node
    }

    fn add(&mut self, file: File) -> Node {
        let node = self.files.len() as Node;
        self.files.insert(node, file);
        node
    }

    /// How long the file is as programs see it.
    pub fn bytes(&self, node: Node) -> u64 {
        self.files.get(&node).map_or(0, |file| file.bytes)
    }

    pub fn written(&mut self, node: Node, at: u64, bytes: &[u8]) {
        if let Some(file) = self.files.get_mut(&node) {
            file.bytes = file.bytes.max(at + bytes.len() as u64);
            let bytes = bytes.to_vec();
            file.unsynced.push(Edit::Write { at, bytes });
        }
    }

    pub fn cut_to(&mut self, node: Node, bytes: u64) {
        if let Some(file) = self.files.get_mut(&node) {
            file.bytes = bytes;
            file.unsynced.push(Edit::Length(bytes));
        }
    }

    pub fn synced(&mut self, node: Node) {
        if let Some(file) = self.files.get_mut(&node) {
            for edit in std::mem::take(&mut file.unsynced) {
                edit.apply(&mut file.synced);
            }
        }
    }

    /// A sync failed: what it should have made durable will never be, unless it is written again.
    /// Programs still read it as if nothing had happened.
    pub fn given_up(&mut self, node: Node) {
        if let Some(file) = self.files.get_mut(&node) {
            file.unsynced.clear();
        }
    }

    pub fn removed(&mut self, path: &Path) {
        self.name(Naming::Removed(path.to_owned()));
    }

    pub fn renamed(&mut self, from: &Path, to: &Path) {
        self.name(Naming::Renamed(from.to_owned(), to.to_owned()));
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.names);
        self.unsynced_names.push(naming);
    }

    pub fn synced_folder(&mut self, folder: &Path) {
        let (here, elsewhere) = std::mem::take(&mut self.unsynced_names)
            .into_iter()
            .partition(|naming| naming.folder() == Some(folder));
        self.unsynced_names = elsewhere;
        let here: Vec<Naming> = here;
        for naming in here {
            naming.apply(&mut self.synced_names);
        }
    }

    /// Every name there is or was since it was last durable.
    pub fn all_names(&self) -> BTreeSet<PathBuf> {
        self.names.keys().chain(self.synced_names.keys()).cloned().collect()
    }

    /// What would be there after a power cut at this moment.
    pub fn image(&self, unsynced: Unsynced) -> Image {
        let mut chance = fastrand::Rng::with_seed(match unsynced {
            Unsynced::LostInPart { seed } => seed,
            Unsynced::Kept | Unsynced::Lost => 0,
        });
        let mut names = self.synced_names.clone();
        let kept = match unsynced {
            Unsynced::Kept => self.unsynced_names.len(),
            Unsynced::Lost => 0,
            Unsynced::LostInPart { .. } => chance.usize(..=self.unsynced_names.len()),
        };
        for naming in self.unsynced_names.iter().take(kept) {
            naming.apply(&mut names);
        }
        let named = names.into_iter().filter_map(|(path, node)| {
            let file = self.files.get(&node)?;
            Some((path, file.after(unsynced, &mut chance)))
        });
        named.collect()
    }
}

impl File {
    fn after(&self, unsynced: Unsynced, chance: &mut fastrand::Rng) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        for edit in &self.unsynced {
            match unsynced {
                Unsynced::Kept => edit.apply(&mut bytes),
                Unsynced::Lost => {}
                Unsynced::LostInPart { .. } => edit.apply_in_part(&mut bytes, chance),
            }
        }
        bytes
    }
}

impl Edit {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Edit::Write { at, bytes } => write(file, *at, bytes),
            Edit::Length(length) => file.resize(place(*length), 0),
        }
    }

    fn apply_in_part(&self, file: &mut Vec<u8>, chance: &mut fastrand::Rng) {
        match self {
            Edit::Write { at, bytes } => {
                for (at, sector) in sectors(*at, bytes, SECTOR_BYTES) {
                    if chance.bool() {
                        write(file, at, sector);
                    }
                }
            }
            Edit::Length(_) => {
                if chance.bool() {
                    self.apply(file);
                }
            }
        }
    }
}

/// A write in the pieces that lie in different sectors of the file, each with its place.
pub fn sectors(at: u64, bytes: &[u8], sector_bytes: u64) -> Vec<(u64, &[u8])> {
    let (mut at, mut rest, mut pieces) = (at, bytes, Vec::new());
    while !rest.is_empty() {
        let room = place(sector_bytes - at % sector_bytes).min(rest.len());
        let (piece, after) = rest.split_at(room);
        pieces.push((at, piece));
        at += room as u64;
        rest = after;
    }
    pieces
}

fn write(file: &mut Vec<u8>, at: u64, bytes: &[u8]) {
    let (from, to) = (place(at), place(at) + bytes.len());
    if file.len() < to {
        file.resize(to, 0);
    }
    if let Some(there) = file.get_mut(from..to) {
        there.copy_from_slice(bytes);
    }
}

fn place(number: u64) -> usize {
    usize::try_from(number).expect("a file in a test fits into memory")
}

impl Naming {
    fn folder(&self) -> Option<&Path> {
        match self {
            Naming::Made(path, _) | Naming::Removed(path) | Naming::Renamed(_, path) => path.parent(),
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, Node>) {
        match self {
            Naming::Made(path, node) => {
                names.insert(path.clone(), *node);
            }
            Naming::Removed(path) => {
                names.remove(path);
            }
            Naming::Renamed(from, to) => {
                if let Some(node) = names.remove(from) {
                    names.insert(to.clone(), node);
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    const A: &str = "/d/a";
    const B: &str = "/d/b";

    fn image(contents: &Contents, unsynced: Unsynced) -> Vec<(String, Vec<u8>)> {
        let image = contents.image(unsynced).into_iter();
        image.map(|(path, bytes)| (path.display().to_string(), bytes)).collect()
    }

    fn file(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
        (name.to_owned(), bytes.to_vec())
    }

    #[test]
    fn what_was_not_synced_is_lost_and_what_was_is_not() {
        let mut contents = Contents::default();
        let node = contents.found(Path::new(A), b"old".to_vec());
        contents.written(node, 3, b" and more");
        contents.cut_to(node, 5);
        assert_eq!(contents.bytes(node), 5);
        assert_eq!(image(&contents, Unsynced::Lost), [file(A, b"old")]);
        assert_eq!(image(&contents, Unsynced::Kept), [file(A, b"old a")]);
        contents.synced(node);
        assert_eq!(image(&contents, Unsynced::Lost), [file(A, b"old a")]);
    }

    #[test]
    fn a_name_is_durable_once_its_folder_is_synced() {
        let mut contents = Contents::default();
        let node = contents.made(Path::new(A));
        contents.written(node, 0, b"new");
        contents.synced(node);
        assert_eq!(image(&contents, Unsynced::Lost), []);
        contents.synced_folder(Path::new("/elsewhere"));
        assert_eq!(image(&contents, Unsynced::Lost), []);
        contents.synced_folder(Path::new("/d"));
        contents.renamed(Path::new(A), Path::new(B));
        assert_eq!(image(&contents, Unsynced::Lost), [file(A, b"new")]);
        assert_eq!(image(&contents, Unsynced::Kept), [file(B, b"new")]);
        contents.removed(Path::new(B));
        contents.synced_folder(Path::new("/d"));
        assert_eq!(image(&contents, Unsynced::Lost), []);
    }

    #[test]
    fn what_a_failed_sync_should_have_kept_is_gone_until_it_is_written_again() {
        let mut contents = Contents::default();
        let node = contents.found(Path::new(A), Vec::new());
        contents.written(node, 0, b"one");
        contents.given_up(node);
        contents.written(node, 3, b"two");
        contents.synced(node);
        assert_eq!(image(&contents, Unsynced::Lost), [file(A, b"\0\0\0two")]);
    }

    #[test]
    fn sectors_survive_each_by_itself() {
        let mut contents = Contents::default();
        let node = contents.found(Path::new(A), vec![0; 4096]);
        contents.written(node, 100, &[1; 3000]);
        let mut mixed = 0;
        for seed in 0..20 {
            let image = contents.image(Unsynced::LostInPart { seed });
            let bytes = &image[Path::new(A)];
            let whole = |sector: &[u8]| sector.iter().all(|byte| *byte == sector[0]);
            assert!(bytes[512..3072].chunks(512).all(whole), "a sector is torn");
            let ones = bytes.iter().filter(|byte| **byte == 1).count();
            mixed += usize::from(ones > 0 && ones < 3000);
        }
        assert!(mixed > 10);
    }

    #[test]
    fn a_write_is_cut_where_sectors_of_the_file_end() {
        let bytes = [0; 1030];
        let places: Vec<(u64, usize)> = sectors(500, &bytes, 512)
            .into_iter()
            .map(|(at, piece)| (at, piece.len()))
            .collect();
        assert_eq!(places, [(500, 12), (512, 512), (1024, 506)]);
    }
}
