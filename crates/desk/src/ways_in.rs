//! The ways into this desk's database: slots of people, given and made anew with their passwords, and the shared slot.

use domain::RecordId;
use sync_core::entry::{Grant, SignedIn};
use zeroize::Zeroizing;

use crate::Failure;
use crate::desk::Desk;
use crate::keys::hardness::{Cost, Hardness};
use crate::keys::seal::Key;
use crate::keys::slots::{Slot, Tile};

/// A person whom the server let in, with what a slot of theirs is made of.
#[derive(Clone, Copy)]
pub(crate) struct Entrant<'a> {
    pub grant: &'a Grant,
    pub signed_in: &'a SignedIn,
    pub password: &'a Zeroizing<String>,
    /// The device secret.
    pub secret: &'a Key,
}

impl Desk {
    /// Gives a person whom the server let in a slot, and others the way in by the server if there is none.
    pub(crate) async fn give_slot(&self, entrant: Entrant<'_>, key: &Key) -> Result<(), Failure> {
        let Entrant {
            grant,
            signed_in,
            password,
            secret,
        } = entrant;
        let tile = Tile {
            person: grant.person,
            username: grant.username.clone(),
            name: grant.name.clone(),
            role: grant.role.clone(),
        };
        self.put_slot(tile, password, secret, key).await?;
        self.keep_shared(signed_in, secret, key)
    }

    /// Gives a person the slot of a new password.
    pub(crate) async fn put_slot(
        &self,
        tile: Tile,
        password: &Zeroizing<String>,
        secret: &Key,
        key: &Key,
    ) -> Result<(), Failure> {
        let hardness = self.hardness().await?;
        let next = self.file()?.slots.next();
        let made = {
            let (person, password) = (tile.person, password.clone());
            let (secret, key) = (secret.clone(), key.clone());
            tokio::task::spawn_blocking(move || Slot::new(next, (person, &password), hardness, &secret, &key))
        };
        let slot = made.await.map_err(|_| Failure::new("database_failed"))??;
        self.change_file(|file| {
            if file.withdrawn.is_some() {
                return Err(Failure::new("desk_withdrawn"));
            }
            Ok(file.slots.insert(next, tile, slot, secret)?)
        })
    }

    /// How hard slots are made here: measured with the first, and kept.
    async fn hardness(&self) -> Result<Hardness, Failure> {
        if let Some(hardness) = self.file()?.hardness.filter(|kept| kept.is_accepted()) {
            return Ok(hardness);
        }
        let hardness = self.measured_hardness().await?;
        self.change_file(|file| {
            file.hardness = file.hardness.filter(|kept| kept.is_accepted());
            Ok(*file.hardness.get_or_insert(hardness))
        })
    }

    /// What a try of a password shall cost on this computer.
    pub(crate) async fn measured_hardness(&self) -> Result<Hardness, Failure> {
        match self.inner.options.cost {
            Cost::Given(hardness) => Ok(hardness),
            Cost::Measured => {
                let measured = tokio::task::spawn_blocking(Hardness::measured);
                measured.await.map_err(|_| Failure::new("database_failed"))
            }
        }
    }

    /// Makes a slot anew that is of an older form or easier to guess than slots are made here now.
    pub(crate) fn renew_slot_in_background(&self, tile: Tile, password: Zeroizing<String>, secret: Key, key: Key) {
        let desk = self.clone();
        self.after_sign_in(async move {
            let renewed = desk.renew_slot(tile, &password, &secret, &key).await;
            if let Err(failure) = renewed {
                tracing::warn!(code = failure.code, "a slot could not be made anew");
            }
        });
    }

    async fn renew_slot(
        &self,
        tile: Tile,
        password: &Zeroizing<String>,
        secret: &Key,
        key: &Key,
    ) -> Result<(), Failure> {
        let _one = self.inner.changing.lock().await;
        let hardness = self.hardness().await?;
        let file = self.file()?;
        // The server may have refused this password meanwhile, or the person has changed it.
        let is_theirs = file.slots.is_outdated(tile.person, hardness)
            && self.try_slot(&file, tile.person, password, secret).await?.is_some();
        if is_theirs {
            self.put_slot(tile, password, secret, key).await?;
        }
        Ok(())
    }

    pub(crate) fn keep_shared(&self, signed_in: &SignedIn, secret: &Key, key: &Key) -> Result<(), Failure> {
        self.change_file(|file| {
            file.slots.keep_shared(&signed_in.share.0, secret, key);
            Ok(())
        })
    }

    /// Takes away the slot that this password opens. Answers whether there was one: the person may have changed the
    /// password since it was asked about.
    pub(crate) async fn close_slot_of(
        &self,
        person: RecordId,
        password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<bool, Failure> {
        let _one = self.inner.changing.lock().await;
        if self.try_slot(&self.file()?, person, password, secret).await?.is_none() {
            return Ok(false);
        }
        self.close_slot(person)?;
        Ok(true)
    }
}
