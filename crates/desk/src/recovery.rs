//! The recovery sheet: made and printed by an admin, and the way back of a desk whose key store was lost. No network
//! is needed for either.

use std::path::PathBuf;

use domain::access::lets_in_again;
use domain::views::{ViewError, names};
use domain::{RecordId, Time};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use crate::Failure;
use crate::desk::{Desk, Notice, Open, Session};
use crate::identity::Succession;
use crate::keys::code::{Code, NoCode};
use crate::keys::file::{DeskFile, SIGNING_KEY};
use crate::keys::recovery::Recovery;
use crate::keys::seal::{Key, Sealed, open_key, random_key, seal};
use crate::keys::secret::{SecretPlace, write_private};
use crate::keys::sheet::{SheetText, print};
use crate::keys::twice;
use crate::net::link::wall_ms;
use crate::paper::written;

const PAPER: &str = "wardroom-recovery-sheet-";

/// The sheet that counts for this desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RecoverySheet {
    pub number: u32,
    pub made: Time,
    pub made_by: RecordId,
    /// When this computer was recovered with it last.
    pub used: Option<Time>,
}

/// A sheet that was made, and counts once a group of its code was typed from the paper.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct NewSheet {
    pub number: u32,
    /// The code, as it stands on the sheet. It is kept nowhere.
    pub groups: Vec<String>,
    /// The file to print; it is deleted when the sheet counts, or is not wanted.
    pub path: String,
    /// Which group is to be typed, counted from 1.
    pub asked: usize,
}

/// A sheet that is being made.
pub(crate) struct Begun {
    code: Code,
    number: u32,
    asked: usize,
    path: PathBuf,
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "the file of a recovery sheet was not deleted");
        }
    }
}

impl Desk {
    /// Begins a new sheet: a code, and a file to print it from. The one before counts until this one does.
    ///
    /// # Errors
    /// `not_allowed`, or another [`Failure`].
    pub fn begin_sheet(&self) -> Result<NewSheet, Failure> {
        let (open, session) = self.may_write()?;
        if !lets_in_again(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        let file = self.file()?;
        self.throw_sheet_away(&open, &session)?;
        let code = Code::random();
        let number = file.recovery.as_ref().map_or(0, |sheet| sheet.sheet) + 1;
        let text = SheetText {
            made: written(Time(wall_ms()), file.utc_offset_minutes),
            made_by: session.who.name.clone(),
            groups: code.groups(),
            number,
            ..names_on_it(&file, &open)?
        };
        let pdf = print(&text).ok_or_else(|| Failure::new("sheet_not_printed"))?;
        self.note_first(&open, &session, &self.event("sheet_printed", &session))?;
        let path = paper_of(&file);
        write_private(&path, &pdf).map_err(|_| Failure::new("sheet_not_printed"))?;
        let asked = random_key().iter().map(|byte| usize::from(*byte)).sum::<usize>() % text.groups.len();
        let new = NewSheet {
            number,
            groups: text.groups.iter().map(|group| group.to_string()).collect(),
            path: path.display().to_string(),
            asked: asked + 1,
        };
        self.state().sheet = Some(Begun {
            code,
            number,
            asked,
            path,
        });
        self.touch();
        Ok(new)
    }

    /// Lets the sheet that was begun count, once the group that was asked for was typed from it. The one before opens
    /// nothing any more.
    ///
    /// # Errors
    /// `sheet_group_wrong`, or another [`Failure`]; the one before counts then.
    pub fn keep_sheet(&self, group: &str) -> Result<(), Failure> {
        let (open, session) = self.may_write()?;
        let begun = self.state().sheet.take();
        let begun = begun.ok_or_else(|| Failure::new("sheet_not_begun"))?;
        let groups = begun.code.groups();
        let is_right = groups.get(begun.asked).is_some_and(|asked| reads_as(group, asked));
        if !is_right {
            self.state().sheet = Some(begun);
            return Err(Failure::new("sheet_group_wrong"));
        }
        let secret = self.device_secret(&self.file()?)?;
        self.note_first(&open, &session, &self.event("sheet_kept", &session))?;
        let made = (Time(wall_ms()), session.who.person);
        self.change_file(|file| {
            file.recovery = Some(Recovery::new((&begun.code, begun.number), made, &file.name, &secret)?);
            Ok(())
        })?;
        self.touch();
        self.tell(Notice::Status);
        Ok(())
    }

    /// Deletes the file of a sheet that was begun when the program ended.
    pub(crate) fn clear_paper(&self) {
        if let Ok(file) = self.file() {
            // Mostly there is none.
            let _ = std::fs::remove_file(paper_of(&file));
        }
    }

    /// The file of the sheet that was begun.
    pub fn sheet_path(&self) -> Option<PathBuf> {
        self.state().sheet.as_ref().map(|begun| begun.path.clone())
    }

    /// Throws away a sheet that was begun; a lock does so too.
    ///
    /// # Errors
    /// `locked`, or another [`Failure`] when that cannot be written down; the sheet's file is deleted all the same.
    pub fn drop_sheet(&self) -> Result<(), Failure> {
        let (open, session) = self.at_work()?;
        self.throw_sheet_away(&open, &session)
    }

    /// Deletes the file of a sheet that was begun, and notes it.
    pub(crate) fn throw_sheet_away(&self, open: &Open, session: &Session) -> Result<(), Failure> {
        let begun = self.state().sheet.take();
        match begun {
            None => Ok(()),
            Some(begun) => {
                drop(begun);
                self.note_first(open, session, &self.event("sheet_dropped", session))
            }
        }
    }

    /// Gives this desk its device secret back with the code of its sheet, where the key store has lost it: a new secret is
    /// made, and people sign in as before. Their slots open with the old one, sealed under the new, until each is made
    /// anew at its person's sign-in.
    ///
    /// # Errors
    /// `recovery_code_group`, `recovery_code_letters`, `recovery_code_wrong`, `no_recovery_sheet`, `not_allowed` where
    /// nothing is lost, or another [`Failure`]: nothing was changed.
    pub fn recover(&self, typed: &str) -> Result<(), Failure> {
        let file = self.file()?;
        let is_lost =
            file.withdrawn.is_none() && self.device_secret(&file).is_err_and(|failure| failure.is_of_secret());
        if !is_lost {
            return Err(Failure::new("not_allowed"));
        }
        let sheet = file
            .recovery
            .as_ref()
            .ok_or_else(|| Failure::new("no_recovery_sheet"))?;
        let code = Code::read(typed).map_err(|no_code| match no_code {
            NoCode::Letters(letters) => Failure::new("recovery_code_letters").number("letters", letters),
            NoCode::Group(group) => Failure::new("recovery_code_group").number("group", group),
        })?;
        let old = sheet.open(&code, &file.name);
        let old = old.map_err(|_| Failure::new("recovery_code_wrong"))?;
        let found = twice::read(self.folder())?.ok_or_else(|| Failure::new("not_set_up"))?;
        if !found.is_sealed_with(&twice::sealing_key(&old)) {
            return Err(Failure::new("desk_file_altered"));
        }
        let name = Uuid::new_v4().to_string();
        let home = self.inner.options.secret_home;
        let new = SecretPlace::new(home, self.folder(), &name).make()?;
        let mut file = gone_over(found.file, &old, &new, &name)?;
        file.secret_home = home;
        // Nobody is signed in, and the database is closed: it is told by whoever signs in next.
        file.untold.note("recovered", None, wall_ms());
        self.keep_new(file, &new)?;
        self.tell(Notice::Status);
        Ok(())
    }
}

/// The desk's file under a new device secret.
fn gone_over(file: DeskFile, old: &Key, new: &Key, name: &str) -> Result<DeskFile, Failure> {
    let sealed_anew = |sealed: &Sealed| -> Result<Sealed, Failure> {
        let key = open_key(old, SIGNING_KEY, sealed)?;
        Ok(seal(new, SIGNING_KEY, key.as_slice()))
    };
    let mut file = file;
    file.signing_key = sealed_anew(&file.signing_key)?;
    if let Some(Succession::Asked(key)) = &file.succession {
        file.succession = Some(Succession::Asked(sealed_anew(key)?));
    }
    file.slots.go_over(old, new)?;
    if let Some(sheet) = &file.recovery {
        let mut sheet = sheet.sealed_anew(name, new)?;
        sheet.used = Some(Time(wall_ms()));
        file.recovery = Some(sheet);
    }
    file.name = name.to_owned();
    Ok(file)
}

/// What the hospital and this desk are called.
fn names_on_it(file: &DeskFile, open: &Open) -> Result<SheetText, Failure> {
    let (hospital, desk) = open.store.read(|records, _| {
        let hospital = names::facility_name(records, file.facility).map_err(ViewError::from)?;
        let desk = names::desk_name(records, RecordId(file.device.0)).map_err(ViewError::from)?;
        Ok::<_, Failure>((hospital, desk))
    })?;
    let short = file.device.0.simple().to_string();
    let short = short.get(..8).unwrap_or_default();
    Ok(SheetText {
        hospital,
        desk: format!("{desk} ({short})").trim().to_owned(),
        made: String::new(),
        made_by: String::new(),
        number: 0,
        groups: Vec::new(),
    })
}

/// Where the file to print lies: in memory where the system has such a folder for each user, so that a code reaches no
/// disk.
fn paper_of(file: &DeskFile) -> PathBuf {
    let in_memory = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = in_memory
        .filter(|folder| folder.is_dir())
        .unwrap_or_else(std::env::temp_dir);
    folder.join(format!("{PAPER}{}.pdf", file.name))
}

/// Whether a group was typed as it stands on the sheet.
fn reads_as(typed: &str, group: &str) -> bool {
    let read = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let typed = typed.chars().filter(|letter| !letter.is_whitespace()).map(read);
    typed.eq(group.chars())
}
