//! Crashes on the real parts: a child lives a course of work over a disk that fails at one operation,
//! saying what was acknowledged; then the power is back, and everything acknowledged has to be there.

mod said;

mod hospital;

mod desk;

mod server;

mod keys;

mod aside;

mod term;

mod succession;

mod rekeying;

mod erasing;

mod upgrade;

mod child;

mod stops;

mod judge;

mod checks;

use std::path::Path;

use anyhow::Result;

pub use child::{STOPPED, live_until};
pub use said::{Said, Voice};
pub use stops::{Asked, crash};

/// A course of work, step by step, over files in a folder. One side of it stands on the failing disk,
/// the other beside it.
pub trait Course {
    /// What the steps are called.
    fn steps(&self) -> &'static [&'static str];

    /// Does a step and says what is acknowledged. A step may come again: after it failed, or after
    /// the power was cut in it.
    ///
    /// # Errors
    /// What a person or an operator would be told.
    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()>;

    /// What must hold as soon as the power is back.
    ///
    /// # Errors
    /// [`Wrong`], or why it cannot even be opened.
    fn check(&mut self, said: &Said) -> Result<()>;

    /// What must hold when the course has come to its end: both sides hold the same.
    ///
    /// # Errors
    /// [`Wrong`], or why it cannot be asked.
    fn check_end(&mut self, said: &Said) -> Result<()>;
}

/// What did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Something acknowledged is gone.
    Lost(String),
    /// Something is there that nobody wrote, or that contradicts itself, or nothing works any more.
    Corrupt(String),
}

impl std::error::Error for Wrong {}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Wrong::Lost(what) => write!(f, "lost: {what}"),
            Wrong::Corrupt(what) => write!(f, "corrupt: {what}"),
        }
    }
}

/// The courses there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scenario {
    Desktop,
    Server,
    Keys,
    Aside,
    Term,
    Succession,
    Rekeying,
    Erasing,
    Upgrade,
}

impl Scenario {
    pub const ALL: [Scenario; 9] = [
        Scenario::Desktop,
        Scenario::Server,
        Scenario::Keys,
        Scenario::Aside,
        Scenario::Term,
        Scenario::Succession,
        Scenario::Rekeying,
        Scenario::Erasing,
        Scenario::Upgrade,
    ];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Scenario::Desktop => "desktop",
            Scenario::Server => "server",
            Scenario::Keys => "keys",
            Scenario::Aside => "aside",
            Scenario::Term => "term",
            Scenario::Succession => "succession",
            Scenario::Rekeying => "rekeying",
            Scenario::Erasing => "erasing",
            Scenario::Upgrade => "upgrade",
        }
    }

    /// The scenario of that name.
    pub fn named(name: &str) -> Option<Scenario> {
        Scenario::ALL.into_iter().find(|scenario| scenario.name() == name)
    }

    /// Lays out the folder in which the course begins; it may be copied.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn lay_out(self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder.join(DISK))?;
        std::fs::create_dir_all(folder.join(BESIDE))?;
        match self {
            Scenario::Desktop => desk::lay_out(folder),
            Scenario::Aside => aside::lay_out(folder),
            Scenario::Term => term::lay_out(folder),
            Scenario::Succession => succession::lay_out(folder),
            Scenario::Rekeying => rekeying::lay_out(folder),
            Scenario::Erasing => erasing::lay_out(folder),
            Scenario::Upgrade => upgrade::lay_out(folder),
            Scenario::Server | Scenario::Keys => Ok(()),
        }
    }

    /// The course over a folder, wherever it stands.
    ///
    /// # Errors
    /// When what lies beside the failing disk cannot be opened.
    pub fn course(self, folder: &Path) -> Result<Box<dyn Course>> {
        Ok(match self {
            Scenario::Desktop => Box::new(desk::DeskCourse::new(folder)?),
            Scenario::Server => Box::new(server::ServerCourse::new(folder)),
            Scenario::Keys => Box::new(keys::KeysCourse::new(folder)),
            Scenario::Aside => Box::new(aside::AsideCourse::new(folder)),
            Scenario::Term => Box::new(term::TermCourse::new(folder)?),
            Scenario::Rekeying => Box::new(rekeying::RekeyingCourse::new(folder)),
            Scenario::Erasing => Box::new(erasing::ErasingCourse::new(folder)?),
            Scenario::Succession => Box::new(succession::SuccessionCourse::new(folder)?),
            Scenario::Upgrade => Box::new(upgrade::UpgradeCourse::new(folder)),
        })
    }
}

/// What stands on the failing disk.
pub const DISK: &str = "disk";
/// What stands on a good one.
pub const BESIDE: &str = "beside";
