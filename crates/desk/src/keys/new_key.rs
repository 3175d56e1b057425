//! Another database key is put into every slot: into its safe, for which nobody's password is needed.

use uuid::Uuid;

use super::seal::{Key, SealBroken};
use super::slots::{SHARED, Shared, Slots, Way, purpose, whose};

impl Slots {
    /// Puts another database key into every slot. A slot of the first form is taken away: its person needs the network
    /// once.
    ///
    /// # Errors
    /// [`SealBroken`] when the device secret is another one.
    pub fn put_new_key(&mut self, device_secret: &Key, database_key: &Key) -> Result<(), SealBroken> {
        let mut tiles = self.tiles(device_secret)?;
        self.database = Uuid::new_v4();
        for slot in &mut self.slots {
            if let Way::Safe { generation, safe } = &mut slot.way {
                safe.put(&purpose(self.database, &whose(slot.person, *generation)), database_key)?;
            }
        }
        self.slots.retain(|slot| matches!(slot.way, Way::Safe { .. }));
        tiles.retain(|tile| self.has(tile.person));
        self.shared = match self.shared.take() {
            Some(Shared::Safe(mut safe)) => {
                safe.put(&purpose(self.database, SHARED), database_key)?;
                Some(Shared::Safe(safe))
            }
            _ => None,
        };
        if self.shared.is_none() {
            self.shared_former = None;
        }
        self.seal_tiles(&tiles, device_secret)?;
        self.forget_formers();
        self.generation += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::hardness::Hardness;
    use super::super::seal::random_key;
    use super::super::slots::{Slot, Tile};
    use super::*;
    use domain::RecordId;

    #[test]
    fn a_new_database_key_is_put_into_every_slot_without_a_password_and_the_old_one_is_in_none() {
        let tile = |id| Tile {
            person: RecordId(Uuid::from_u128(id)),
            username: format!("user{id}"),
            name: format!("Name {id}"),
            role: "nurse".into(),
        };
        let (device, old, new) = (random_key(), random_key(), random_key());
        let mut slots = Slots::none(&device);
        for id in [1, 2] {
            slots.put(tile(id), "word", Hardness::LEAST, &device, &old).unwrap();
        }
        slots.put_shared(&[7; 32], &device, &old);
        let next = slots.next();
        let late = Slot::new(next, (tile(3).person, "word"), Hardness::LEAST, &device, &old).unwrap();
        slots.put_new_key(&device, &new).unwrap();
        for id in [1, 2] {
            assert_eq!(slots.open(tile(id).person, "word", &device), Ok(new.clone()));
            assert_eq!(slots.open(tile(id).person, "another", &device), Err(SealBroken));
        }
        assert_eq!(slots.open_shared(&[7; 32], &device), Ok(new));
        let refused = slots.insert(next, tile(3), late, &device);
        assert_eq!(refused, Err(SealBroken), "one that was made for the key of before");
    }
}
