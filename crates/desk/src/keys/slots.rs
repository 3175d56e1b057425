//! Key slots as in LUKS: one database key, and for each person a slot that holds it sealed under
//! their password and the device secret together. One more slot opens with the device secret and
//! the unlock share that only the server gives, for people who sign in here for the first time.

use domain::RecordId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::hardness::{Hardness, stretch};
use super::safe::Safe;
use super::seal::{Key, SealBroken, Sealed, derive, from_hex, open, open_key, random_key, seal, to_hex};

/// The slot of one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slot {
    pub person: RecordId,
    salt: String,
    hardness: Hardness,
    /// Made with a device secret before this one: which of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    former: Option<usize>,
    #[serde(flatten)]
    pub(super) way: Way,
}

/// How a slot leads to the database key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Way {
    /// Into a safe, made for this generation of the slots: another database key can be put in without the password.
    Safe { generation: u64, safe: Safe },
    /// The key itself, as the first versions sealed it.
    Key { sealed: Sealed },
}

/// For which database, and as which change of the slots, a slot is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Next {
    database: Uuid,
    generation: u64,
}

impl Slot {
    /// A slot that the password opens. It takes as long as a try of the password.
    ///
    /// # Errors
    /// [`SealBroken`] when `hardness` is less than is ever accepted.
    pub fn new(
        next: Next,
        (person, password): (RecordId, &str),
        hardness: Hardness,
        device_secret: &Key,
        database_key: &Key,
    ) -> Result<Slot, SealBroken> {
        let salt = to_hex(random_key().get(..16).unwrap_or_default());
        let whose = whose(person, next.generation);
        let opener = slot_key(&whose, password, &salt, hardness, device_secret)?;
        let purpose = purpose(next.database, &whose);
        Ok(Slot {
            person,
            salt,
            hardness,
            former: None,
            way: Way::Safe {
                generation: next.generation,
                safe: Safe::new(&opener, &whose, &purpose, database_key),
            },
        })
    }

    fn open(&self, database: Uuid, password: &str, device_secret: &Key) -> Result<Key, SealBroken> {
        let opener = |whose: &str| slot_key(whose, password, &self.salt, self.hardness, device_secret);
        match &self.way {
            Way::Safe { generation, safe } => {
                let whose = whose(self.person, *generation);
                safe.open(&opener(&whose)?, &whose, &purpose(database, &whose))
            }
            Way::Key { sealed } => {
                let whose = format!("wardroom slot 1 {}", self.person);
                open_key(&opener(&whose)?, &whose, sealed)
            }
        }
    }
}

/// A person as the sign-in page names them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ts_rs::TS)]
#[ts(export_to = "wire.ts")]
pub struct Tile {
    pub person: RecordId,
    pub username: String,
    pub name: String,
    pub role: String,
}

/// All slots of one desk. Names stand in it only sealed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slots {
    /// Raised at each write; a copy of the disk falls behind it.
    pub generation: u64,
    /// Names the database key; nil where the first versions made it.
    #[serde(default, skip_serializing_if = "Uuid::is_nil")]
    pub database: Uuid,
    pub(super) slots: Vec<Slot>,
    /// The way to the database key with the device secret and the server's unlock share.
    pub(super) shared: Option<Shared>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) shared_former: Option<usize>,
    /// Device secrets before this one, sealed under it, as long as a slot was made with one of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    formers: Vec<Sealed>,
    tiles: Sealed,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Shared {
    Safe(Safe),
    /// As the first versions sealed it.
    Key(Sealed),
}

const TILES: &str = "wardroom tiles 1";
const FORMER: &str = "wardroom former secret 1";
pub(super) const SHARED: &str = "wardroom shared slot 2";
const SHARED_BEFORE: &str = "wardroom shared slot 1";

impl Slots {
    /// No slots yet.
    pub fn none(device_secret: &Key) -> Slots {
        Slots {
            generation: 1,
            database: Uuid::new_v4(),
            slots: Vec::new(),
            shared: None,
            shared_former: None,
            formers: Vec::new(),
            tiles: seal(&tile_key(device_secret), TILES, b"[]"),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.shared.is_none()
    }

    pub fn has(&self, person: RecordId) -> bool {
        self.slots.iter().any(|slot| slot.person == person)
    }

    /// The people of this desk, in the order in which they first signed in.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one.
    pub fn tiles(&self, device_secret: &Key) -> Result<Vec<Tile>, SealBroken> {
        let plain = open(&tile_key(device_secret), TILES, &self.tiles)?;
        serde_json::from_slice(&plain).map_err(|_| SealBroken)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`SealBroken`] when there is none, or the device secret is another one.
    pub fn tile(&self, person: RecordId, device_secret: &Key) -> Result<Tile, SealBroken> {
        let mut tiles = self.tiles(device_secret)?.into_iter();
        tiles.find(|tile| tile.person == person).ok_or(SealBroken)
    }

    /// As what the next slot is made.
    pub fn next(&self) -> Next {
        Next {
            database: self.database,
            generation: self.generation + 1,
        }
    }

    /// Gives a person a slot, or a new one for a new password.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one.
    pub fn put(
        &mut self,
        tile: Tile,
        password: &str,
        hardness: Hardness,
        device_secret: &Key,
        database_key: &Key,
    ) -> Result<(), SealBroken> {
        let next = self.next();
        let slot = Slot::new(next, (tile.person, password), hardness, device_secret, database_key)?;
        self.insert(next, tile, slot, device_secret)
    }

    /// Gives a person a slot that was made for them.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one, or the database has another key since.
    pub fn insert(&mut self, next: Next, tile: Tile, slot: Slot, device_secret: &Key) -> Result<(), SealBroken> {
        if next.database != self.database {
            return Err(SealBroken);
        }
        let mut tiles = self.tiles(device_secret)?;
        self.slots.retain(|other| other.person != slot.person);
        self.slots.push(slot);
        match tiles.iter_mut().find(|known| known.person == tile.person) {
            Some(known) => *known = tile,
            None => tiles.push(tile),
        }
        self.seal_tiles(&tiles, device_secret)?;
        self.forget_formers();
        self.generation += 1;
        Ok(())
    }

    /// Whether a person's slot should be made anew as soon as their password is known: it is of an older form, or
    /// easier to guess than slots are made here now.
    pub fn is_outdated(&self, person: RecordId, hardness: Hardness) -> bool {
        self.slots.iter().any(|slot| {
            let is_of_before = slot.former.is_some() || matches!(slot.way, Way::Key { .. });
            slot.person == person && (is_of_before || !slot.hardness.is_at_least(hardness))
        })
    }

    /// Goes over to a new device secret: slots go on to open, with the old one sealed under the new, until each is made
    /// anew with its password.
    ///
    /// # Errors
    /// [`SealBroken`] when `old` is not the secret of these slots.
    pub fn go_over(&mut self, old: &Key, new: &Key) -> Result<(), SealBroken> {
        let tiles = self.tiles(old)?;
        let formers = (0..self.formers.len()).map(|former| self.secret_of(Some(former), old));
        let mut formers = formers.collect::<Result<Vec<_>, _>>()?;
        let newest = formers.len();
        formers.push(old.clone());
        self.formers = formers
            .iter()
            .map(|former| seal(new, FORMER, former.as_slice()))
            .collect();
        for slot in &mut self.slots {
            slot.former.get_or_insert(newest);
        }
        if self.shared.is_some() {
            self.shared_former.get_or_insert(newest);
        }
        self.seal_tiles(&tiles, new)?;
        self.forget_formers();
        self.generation += 1;
        Ok(())
    }

    /// The device secret with which something was made.
    fn secret_of(&self, former: Option<usize>, device_secret: &Key) -> Result<Key, SealBroken> {
        match former {
            None => Ok(device_secret.clone()),
            Some(former) => open_key(device_secret, FORMER, self.formers.get(former).ok_or(SealBroken)?),
        }
    }

    pub(super) fn forget_formers(&mut self) {
        let is_needed = self.shared_former.is_some() || self.slots.iter().any(|slot| slot.former.is_some());
        if !is_needed {
            self.formers.clear();
        }
    }

    /// Takes the slots of all people away, as their copies of before may have been put back, and counts on from
    /// `generation`. Who the server lets in gets a new one.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one.
    pub fn close_all_after(&mut self, generation: u64, device_secret: &Key) -> Result<(), SealBroken> {
        self.slots.clear();
        self.seal_tiles(&[], device_secret)?;
        self.generation = self.generation.max(generation) + 1;
        Ok(())
    }

    /// Takes a person's slot and tile away; their password opens nothing here any more. Answers
    /// whether there was one.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one.
    pub fn remove(&mut self, person: RecordId, device_secret: &Key) -> Result<bool, SealBroken> {
        if !self.has(person) {
            return Ok(false);
        }
        let mut tiles = self.tiles(device_secret)?;
        tiles.retain(|tile| tile.person != person);
        self.seal_tiles(&tiles, device_secret)?;
        self.slots.retain(|slot| slot.person != person);
        self.forget_formers();
        self.generation += 1;
        Ok(true)
    }

    pub(super) fn seal_tiles(&mut self, tiles: &[Tile], device_secret: &Key) -> Result<(), SealBroken> {
        let text = Zeroizing::new(serde_json::to_vec(tiles).map_err(|_| SealBroken)?);
        self.tiles = seal(&tile_key(device_secret), TILES, &text);
        Ok(())
    }

    /// The people who have a slot.
    pub fn people(&self) -> impl Iterator<Item = RecordId> {
        self.slots.iter().map(|slot| slot.person)
    }

    /// Keeps the database key for people whom the server vouches for.
    pub fn put_shared(&mut self, share: &[u8; 32], device_secret: &Key, database_key: &Key) {
        let opener = derive(&[device_secret.as_slice(), share], SHARED);
        let safe = Safe::new(&opener, SHARED, &purpose(self.database, SHARED), database_key);
        self.shared = Some(Shared::Safe(safe));
        self.shared_former = None;
        self.forget_formers();
        self.generation += 1;
    }

    /// The same, unless it is kept for them already.
    pub fn keep_shared(&mut self, share: &[u8; 32], device_secret: &Key, database_key: &Key) {
        if self.shared_former.is_some() || self.open_shared(share, device_secret).is_err() {
            self.put_shared(share, device_secret, database_key);
        }
    }

    /// The database key, with a person's password.
    ///
    /// # Errors
    /// [`SealBroken`]: no slot, a wrong password, or another device secret.
    pub fn open(&self, person: RecordId, password: &str, device_secret: &Key) -> Result<Key, SealBroken> {
        let slot = self.slots.iter().find(|slot| slot.person == person).ok_or(SealBroken)?;
        slot.open(self.database, password, &self.secret_of(slot.former, device_secret)?)
    }

    /// The database key, with the share the server gave.
    ///
    /// # Errors
    /// [`SealBroken`].
    pub fn open_shared(&self, share: &[u8; 32], device_secret: &Key) -> Result<Key, SealBroken> {
        let secret = self.secret_of(self.shared_former, device_secret)?;
        let opener = |purpose: &str| derive(&[secret.as_slice(), share], purpose);
        match self.shared.as_ref().ok_or(SealBroken)? {
            Shared::Safe(safe) => safe.open(&opener(SHARED), SHARED, &purpose(self.database, SHARED)),
            Shared::Key(sealed) => open_key(&opener(SHARED_BEFORE), SHARED_BEFORE, sealed),
        }
    }
}

fn tile_key(device_secret: &Key) -> Key {
    derive(&[device_secret.as_slice()], TILES)
}

pub(super) fn whose(person: RecordId, generation: u64) -> String {
    format!("wardroom slot 2 {person} {generation}")
}

/// What a safe holds is bound to the database that it opens, too.
pub(super) fn purpose(database: Uuid, whose: &str) -> String {
    format!("{whose} {database}")
}

fn slot_key(
    whose: &str,
    password: &str,
    salt: &str,
    hardness: Hardness,
    device_secret: &Key,
) -> Result<Key, SealBroken> {
    let salt = from_hex(salt).ok_or(SealBroken)?;
    let stretched = stretch(password, &salt, hardness)?;
    Ok(derive(&[stretched.as_slice(), device_secret.as_slice()], whose))
}

#[cfg(test)]
mod tests {
    use super::super::seal::random_key;
    use super::*;

    fn tile(id: u128) -> Tile {
        let text = |what: &str| format!("{what}{id}");
        Tile {
            person: RecordId(uuid::Uuid::from_u128(id)),
            username: text("user"),
            name: text("Name "),
            role: "nurse".into(),
        }
    }

    #[test]
    fn each_person_opens_their_own_slot_and_no_other() {
        let (device, database) = (random_key(), random_key());
        let mut slots = Slots::none(&device);
        slots
            .put(tile(1), "first word", Hardness::LEAST, &device, &database)
            .unwrap();
        slots
            .put(tile(2), "second word", Hardness::LEAST, &device, &database)
            .unwrap();
        assert_eq!(slots.open(tile(1).person, "first word", &device), Ok(database.clone()));
        assert_eq!(slots.open(tile(2).person, "first word", &device), Err(SealBroken));
        assert_eq!(
            slots.open(tile(1).person, "first word", &random_key()),
            Err(SealBroken),
            "a copied disk"
        );
        assert_eq!(slots.tiles(&device).unwrap(), vec![tile(1), tile(2)]);
        slots
            .put(tile(1), "new word", Hardness::LEAST, &device, &database)
            .unwrap();
        assert_eq!(slots.open(tile(1).person, "first word", &device), Err(SealBroken));
        assert_eq!(slots.open(tile(1).person, "new word", &device), Ok(database));
    }

    #[test]
    fn a_slot_that_was_taken_away_opens_no_more_and_no_other_is_touched() {
        let (device, database) = (random_key(), random_key());
        let mut slots = Slots::none(&device);
        for id in [1, 2] {
            slots
                .put(tile(id), "word", Hardness::LEAST, &device, &database)
                .unwrap();
        }
        slots.put_shared(&[7; 32], &device, &database);
        let generation = slots.generation;
        assert_eq!(slots.remove(tile(1).person, &device), Ok(true));
        assert_eq!(slots.open(tile(1).person, "word", &device), Err(SealBroken));
        assert_eq!(slots.open(tile(2).person, "word", &device), Ok(database.clone()));
        assert_eq!(slots.open_shared(&[7; 32], &device), Ok(database));
        assert_eq!(slots.tiles(&device).unwrap(), vec![tile(2)]);
        assert!(slots.generation > generation);
        assert_eq!(slots.remove(tile(1).person, &device), Ok(false));
        assert_eq!(slots.remove(tile(2).person, &random_key()), Err(SealBroken));
        assert!(slots.has(tile(2).person));
    }

    #[test]
    fn slots_go_on_to_open_after_the_secret_was_made_anew_twice_until_each_is_made_anew_itself() {
        let (first, second, third, database) = (random_key(), random_key(), random_key(), random_key());
        let mut slots = Slots::none(&first);
        slots.put(tile(1), "word", Hardness::LEAST, &first, &database).unwrap();
        slots.put_shared(&[7; 32], &first, &database);
        assert_eq!(slots.go_over(&third, &second), Err(SealBroken));
        slots.go_over(&first, &second).unwrap();
        slots.put(tile(2), "word", Hardness::LEAST, &second, &database).unwrap();
        slots.go_over(&second, &third).unwrap();
        assert_eq!(slots.tiles(&third).unwrap(), vec![tile(1), tile(2)]);
        for id in [1, 2] {
            assert_eq!(slots.open(tile(id).person, "word", &third), Ok(database.clone()));
            assert_eq!(slots.open(tile(id).person, "word", &first), Err(SealBroken));
            assert!(slots.is_outdated(tile(id).person, Hardness::LEAST));
        }
        assert_eq!(slots.open_shared(&[7; 32], &third), Ok(database.clone()));
        for id in [1, 2] {
            slots.put(tile(id), "word", Hardness::LEAST, &third, &database).unwrap();
            assert!(!slots.is_outdated(tile(id).person, Hardness::LEAST));
        }
        assert!(!slots.formers.is_empty(), "the shared slot still needs one");
        slots.keep_shared(&[7; 32], &third, &database);
        assert!(slots.formers.is_empty());
        assert_eq!(slots.open_shared(&[7; 32], &third), Ok(database));
    }

    #[test]
    fn the_file_names_nobody() {
        let device = random_key();
        let mut slots = Slots::none(&device);
        slots
            .put(tile(1), "word", Hardness::LEAST, &device, &random_key())
            .unwrap();
        let text = serde_json::to_string(&slots).unwrap();
        assert!(!text.contains("Name") && !text.contains("user1"));
    }

    #[test]
    fn the_shared_slot_needs_the_servers_share() {
        let (device, database) = (random_key(), random_key());
        let mut slots = Slots::none(&device);
        slots.put_shared(&[7; 32], &device, &database);
        assert_eq!(slots.open_shared(&[7; 32], &device), Ok(database));
        assert_eq!(slots.open_shared(&[8; 32], &device), Err(SealBroken));
    }

    #[test]
    fn a_slot_too_easy_to_guess_is_never_made() {
        let (device, database) = (random_key(), random_key());
        let easy = Hardness {
            memory_kib: 8,
            rounds: 1,
            lanes: 1,
        };
        assert!(
            Slots::none(&device)
                .put(tile(1), "word", easy, &device, &database)
                .is_err()
        );
    }
}
