//! Key slots as in LUKS: one database key, and for each person a slot that holds it sealed under
//! their password and the device secret together. One more slot opens with the device secret and
//! the unlock share that only the server gives, for people who sign in here for the first time.

use argon2::{Algorithm, Argon2, Params, Version};
use domain::RecordId;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::seal::{Key, SealBroken, Sealed, derive, from_hex, open, open_key, seal};

/// Memory, rounds and lanes of Argon2id; kept with each slot so that they can be raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hardness {
    pub memory_kib: u32,
    pub rounds: u32,
    pub lanes: u32,
}

impl Hardness {
    /// OWASP ASVS 5.0, 11.4.4, with margin: about a quarter of a second on an old ward computer.
    pub const USUAL: Hardness = Hardness {
        memory_kib: 64 * 1024,
        rounds: 3,
        lanes: 1,
    };
    /// The least that is ever accepted.
    pub const LEAST: Hardness = Hardness {
        memory_kib: 19 * 1024,
        rounds: 2,
        lanes: 1,
    };
}

/// The slot of one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Slot {
    pub person: RecordId,
    salt: String,
    hardness: Hardness,
    sealed: Sealed,
}

impl Slot {
    /// A slot that the password opens. It takes as long as a try of the password.
    ///
    /// # Errors
    /// [`SealBroken`] when `hardness` is less than is ever accepted.
    pub fn new(
        person: RecordId,
        password: &str,
        hardness: Hardness,
        device_secret: &Key,
        database_key: &Key,
    ) -> Result<Slot, SealBroken> {
        let salt: String = super::seal::random_key()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let key = slot_key(person, password, &salt, hardness, device_secret)?;
        Ok(Slot {
            person,
            salt,
            hardness,
            sealed: seal(&key, &purpose(person), database_key.as_slice()),
        })
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
    slots: Vec<Slot>,
    /// The database key under the device secret and the server's unlock share.
    shared: Option<Sealed>,
    tiles: Sealed,
}

const TILES: &str = "wardroom tiles 1";
const SHARED: &str = "wardroom shared slot 1";

impl Slots {
    /// No slots yet.
    pub fn none(device_secret: &Key) -> Slots {
        Slots {
            generation: 1,
            slots: Vec::new(),
            shared: None,
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
        let slot = Slot::new(tile.person, password, hardness, device_secret, database_key)?;
        self.insert(tile, slot, device_secret)
    }

    /// Gives a person a slot that was made for them.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one.
    pub fn insert(&mut self, tile: Tile, slot: Slot, device_secret: &Key) -> Result<(), SealBroken> {
        let mut tiles = self.tiles(device_secret)?;
        self.slots.retain(|other| other.person != slot.person);
        self.slots.push(slot);
        match tiles.iter_mut().find(|known| known.person == tile.person) {
            Some(known) => *known = tile,
            None => tiles.push(tile),
        }
        self.seal_tiles(&tiles, device_secret)?;
        self.generation += 1;
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
        self.generation += 1;
        Ok(true)
    }

    fn seal_tiles(&mut self, tiles: &[Tile], device_secret: &Key) -> Result<(), SealBroken> {
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
        let key = derive(&[device_secret.as_slice(), share], SHARED);
        self.shared = Some(seal(&key, SHARED, database_key.as_slice()));
        self.generation += 1;
    }

    /// The same, unless it is kept for them already.
    pub fn keep_shared(&mut self, share: &[u8; 32], device_secret: &Key, database_key: &Key) {
        if self.open_shared(share, device_secret).is_err() {
            self.put_shared(share, device_secret, database_key);
        }
    }

    /// The database key, with a person's password.
    ///
    /// # Errors
    /// [`SealBroken`]: no slot, a wrong password, or another device secret.
    pub fn open(&self, person: RecordId, password: &str, device_secret: &Key) -> Result<Key, SealBroken> {
        let slot = self.slots.iter().find(|slot| slot.person == person).ok_or(SealBroken)?;
        let key = slot_key(person, password, &slot.salt, slot.hardness, device_secret)?;
        open_key(&key, &purpose(person), &slot.sealed)
    }

    /// The database key, with the share the server gave.
    ///
    /// # Errors
    /// [`SealBroken`].
    pub fn open_shared(&self, share: &[u8; 32], device_secret: &Key) -> Result<Key, SealBroken> {
        let key = derive(&[device_secret.as_slice(), share], SHARED);
        open_key(&key, SHARED, self.shared.as_ref().ok_or(SealBroken)?)
    }
}

fn tile_key(device_secret: &Key) -> Key {
    derive(&[device_secret.as_slice()], TILES)
}

fn purpose(person: RecordId) -> String {
    format!("wardroom slot 1 {person}")
}

fn slot_key(
    person: RecordId,
    password: &str,
    salt: &str,
    hardness: Hardness,
    device_secret: &Key,
) -> Result<Key, SealBroken> {
    let salt = from_hex(salt).ok_or(SealBroken)?;
    if hardness.memory_kib < Hardness::LEAST.memory_kib || hardness.rounds < Hardness::LEAST.rounds {
        return Err(SealBroken);
    }
    let params = Params::new(hardness.memory_kib, hardness.rounds, hardness.lanes, Some(32)).map_err(|_| SealBroken)?;
    let mut stretched = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), &salt, stretched.as_mut_slice())
        .map_err(|_| SealBroken)?;
    Ok(derive(
        &[stretched.as_slice(), device_secret.as_slice()],
        &purpose(person),
    ))
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
