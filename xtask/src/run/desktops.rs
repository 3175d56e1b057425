//! A ward desktop of its own folder: opened on a display that is there, or driven on a virtual one.

use super::display::VirtualDisplay;
use super::district::{District, Invitation};
use super::webdriver::Window;
use crate::place::Place;
use crate::processes::Tied;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A desktop that has a folder and an invitation and is not yet open.
pub struct Desktop<'a> {
    place: &'a Place,
    number: u8,
    folder: PathBuf,
    invitation: Invitation,
}

impl<'a> Desktop<'a> {
    /// Makes an empty folder for it and asks the district for a code.
    ///
    /// # Errors
    /// When the folder cannot be emptied or the district gives no code.
    pub fn prepare(place: &'a Place, district: &District, number: u8) -> Result<Self> {
        let folder = place.folder("run")?.join(format!("desktop-{number}"));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        println!("Desktop {number}         {}", place.short(&folder));
        Ok(Self {
            place,
            number,
            folder,
            invitation: district.invite()?,
        })
    }

    /// Opens its window on the display that is there.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn open(&self) -> Result<Tied> {
        let log = std::fs::File::create(self.log())?;
        let mut command = self.place.command(self.place.binary("wardroom"));
        self.furnish(&mut command);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        Tied::start(&mut command)
    }

    /// Opens its window on a virtual display, to be driven.
    ///
    /// # Errors
    /// With the desktop's own words when it does not come up.
    pub fn drive(&self, display: &VirtualDisplay) -> Result<Window> {
        let mut driver = self.place.command("WebKitWebDriver");
        self.furnish(&mut driver);
        display.show_in(&mut driver);
        Window::open(driver, &self.place.binary("wardroom"), &self.log())
    }

    /// A picture's path: the first desktop's pictures have the plain name.
    pub fn picture(&self, page: &str) -> PathBuf {
        let name = match self.number {
            1 => format!("{page}.png"),
            number => format!("desktop-{number}-{page}.png"),
        };
        self.folder.with_file_name(name)
    }

    /// A path as it is printed.
    pub fn short(&self, path: &Path) -> String {
        self.place.short(path)
    }

    fn log(&self) -> PathBuf {
        self.folder.with_extension("log")
    }

    /// What the desktop is told by its environment. Its key lies in a file: the sample's data
    /// are nobody's, and a person's own key store is not to fill up with the keys of trials.
    fn furnish(&self, command: &mut Command) {
        let Invitation { address, code } = &self.invitation;
        command
            .env("WARDROOM_DATA_DIR", &self.folder)
            .env("WARDROOM_KEY_STORE", "file")
            .env("WARDROOM_JOIN", format!("{address}#{code}"));
    }
}
