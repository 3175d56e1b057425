//! What is asked of a disk, and what may go wrong with it.

use std::fmt;
use std::path::PathBuf;

/// The sorts of operations that change what lies on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Make,
    Write,
    Sync,
    Cut,
    Remove,
    Rename,
    SyncFolder,
}

/// One operation. The same program does the same operations in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub kind: Kind,
    pub path: PathBuf,
    /// Where it writes, or how long the file will be.
    pub at: u64,
    /// How much it writes.
    pub bytes: u64,
    /// Whether it needs room that the disk has not given yet.
    pub grows: bool,
}

/// What goes wrong at an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// The program is killed before the operation.
    Before,
    /// The program is killed after the operation.
    After,
    /// The program is killed in the middle of a write: some sectors of 512 bytes are written.
    Torn512,
    /// The same with sectors of 4096 bytes.
    Torn4096,
    /// The power fails after the operation; nothing that was not synced is there.
    Lost,
    /// The power fails after the operation; of what was not synced, some sectors are there.
    LostInPart,
    /// The operation fails, once. The program goes on, and the power fails when it is done.
    Eio,
    /// The disk is full from this operation on, until somebody makes room.
    Enospc,
}

impl Mode {
    pub const ALL: [Mode; 8] = [
        Mode::Before,
        Mode::After,
        Mode::Torn512,
        Mode::Torn4096,
        Mode::Lost,
        Mode::LostInPart,
        Mode::Eio,
        Mode::Enospc,
    ];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Before => "before",
            Mode::After => "after",
            Mode::Torn512 => "torn512",
            Mode::Torn4096 => "torn4096",
            Mode::Lost => "lost",
            Mode::LostInPart => "lost-in-part",
            Mode::Eio => "eio",
            Mode::Enospc => "enospc",
        }
    }

    /// The mode of that name.
    pub fn named(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The sectors in which a write is torn.
    pub fn torn_bytes(self) -> Option<u64> {
        match self {
            Mode::Torn512 => Some(512),
            Mode::Torn4096 => Some(4096),
            _ => None,
        }
    }

    /// Whether it can happen at the operation.
    pub fn fits(self, operation: &Operation) -> bool {
        match self.torn_bytes() {
            Some(sector) => {
                let last = operation.at + operation.bytes.max(1) - 1;
                operation.kind == Kind::Write && operation.at / sector != last / sector
            }
            None => self != Mode::Enospc || operation.grows,
        }
    }
}

/// When what goes wrong; operations count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub mode: Mode,
    pub number: u64,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        // Files of a moment carry the number of their process, which is another each time.
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let name = name
            .split('.')
            .filter(|part| !is_number(part))
            .collect::<Vec<_>>()
            .join(".");
        match self.kind {
            Kind::Make => write!(f, "make {name}"),
            Kind::Write => write!(f, "write {} bytes at {} of {name}", self.bytes, self.at),
            Kind::Sync => write!(f, "sync {name}"),
            Kind::Cut => write!(f, "cut {name} to {} bytes", self.at),
            Kind::Remove => write!(f, "remove {name}"),
            Kind::Rename => write!(f, "rename a file to {name}"),
            Kind::SyncFolder => write!(f, "sync the folder {name}"),
        }
    }
}
