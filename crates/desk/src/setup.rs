//! First run: joining a district with a one-time code, or standing alone with the sample hospital.

use std::sync::Arc;

use domain::password::strength;
use domain::{RecordId, Time};
use ed25519_dalek::SigningKey;
use store::{Action, DatabaseKey, Spaces, Store};
use sync_core::{DeviceId, SpaceId};
use uuid::Uuid;

use crate::Failure;
use crate::desk::{Desk, Notice, Open};
use crate::keys::file::{Belonging, DeskFile};
use crate::keys::seal::{Key, random_key};
use crate::keys::secret::SecretPlace;
use crate::keys::slots::Tile;
use crate::keys::twice;
use crate::net::join::{Invitation, Joined, join};
use crate::net::link::{LinkError, wall_ms};
use crate::password::be_enough;
use crate::status::Phase;

/// What the window shows after a desk has joined.
#[derive(Clone, Debug, serde::Serialize, ts_rs::TS)]
#[ts(export_to = "wire.ts")]
pub struct JoinedShown {
    pub facility_name: String,
    /// To be compared with the words on the admin's screen.
    pub words: Vec<String>,
}

impl Desk {
    /// Joins the district of an invitation. Afterwards people of the facility can sign in.
    ///
    /// # Errors
    /// [`Failure`]: nothing was set up.
    pub async fn join(&self, address: &str, code: &str, desk_name: &str) -> Result<JoinedShown, Failure> {
        self.refuse_second_setup()?;
        let invitation = Invitation::read(address, code)?;
        let name = Uuid::new_v4().to_string();
        let home = self.inner.options.secret_home;
        let secret = SecretPlace::new(home, self.folder(), &name).make()?;
        let signing = SigningKey::from_bytes(&random_key());
        let Joined {
            server,
            enrolled,
            words,
        } = join(&invitation, &signing, desk_name, self.inner.options.patience)
            .await
            .map_err(told)?;
        let desk = Belonging {
            device: enrolled.device,
            facility: enrolled.facility,
            district: enrolled.district,
            utc_offset_minutes: enrolled.utc_offset_minutes,
            server: Some(server),
            sample: false,
        };
        let file = DeskFile::new(desk, name, home, &secret, &signing.to_bytes());
        self.keep_new(file, &secret)?;
        self.tell(Notice::Status);
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Ok(JoinedShown {
            facility_name: enrolled.facility_name,
            words,
        })
    }

    /// Sets up a desk that stands alone with the sample hospital, and signs its first person in.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn stand_alone(&self, name: &str, username: &str, password: &str) -> Result<(), Failure> {
        self.refuse_second_setup()?;
        be_enough(strength(password, &[name, username]))?;
        if name.trim().is_empty() || username.trim().is_empty() {
            return Err(Failure::new("name_missing"));
        }
        let (mut file, secret) = self.alone_file()?;
        let hardness = self.measured_hardness().await?;
        file.hardness = Some(hardness);
        let database_key = random_key();
        let person = crate::desk::new_id();
        let tile = Tile {
            person,
            username: username.trim().to_owned(),
            name: name.trim().to_owned(),
            role: "facility_admin".to_owned(),
        };
        file.slots
            .put(tile.clone(), password, hardness, &secret, &database_key)?;
        let database = self.database();
        let (device, desk, sampled) = (file.device, self.clone(), file.clone());
        let opened = tokio::task::spawn_blocking(move || {
            let store = Store::create(&database, &DatabaseKey::new(&database_key), device)?;
            desk.fill_with_sample(&store, &sampled, &tile)?;
            Ok::<_, Failure>(store)
        });
        let store = opened.await.map_err(|_| Failure::new("database_failed"))??;
        self.keep_new(file, &secret)?;
        self.began(Open::new(Arc::new(store), false), person, None)?;
        Ok(())
    }

    fn alone_file(&self) -> Result<(DeskFile, Key), Failure> {
        let name = Uuid::new_v4().to_string();
        let home = self.inner.options.secret_home;
        let secret = SecretPlace::new(home, self.folder(), &name).make()?;
        let hospital = sample::hospital_ids(sample::SEED);
        let desk = Belonging {
            device: DeviceId(Uuid::new_v4()),
            facility: hospital.facility,
            district: hospital.district,
            utc_offset_minutes: sample::UTC_OFFSET_MINUTES,
            server: None,
            sample: true,
        };
        Ok((DeskFile::new(desk, name, home, &secret, &random_key()), secret))
    }

    fn fill_with_sample(&self, store: &Store, file: &DeskFile, first: &Tile) -> Result<(), Failure> {
        for space in Desk::spaces(file) {
            store.follow(space)?;
        }
        let now = Time(wall_ms());
        let mut actions = sample::hospital(sample::SEED, now);
        // The person who sets the desk up may take the name of one of the sample's people.
        actions.retain(|drafts| !drafts.iter().any(|draft| sample::is_called(draft, &first.username)));
        let people = actions.iter().position(|drafts| drafts.iter().any(sample::is_person));
        let own = sample::person_draft(first.person, &first.username, &first.name, &first.role, file.facility);
        actions.insert(people.unwrap_or(actions.len()), vec![own]);
        for drafts in actions {
            store.save(action(file, drafts, first.person, Uuid::new_v4(), store.as_of()?))?;
        }
        Ok(())
    }

    fn refuse_second_setup(&self) -> Result<(), Failure> {
        if self.state().file.is_some() {
            Err(Failure::new("already_set_up"))
        } else {
            Ok(())
        }
    }

    /// Puts the database and the desk's file aside under names that are told, so that the desk can
    /// be set up again. Nothing is deleted.
    ///
    /// # Errors
    /// `not_allowed` when nothing is wrong with them; another [`Failure`] when they cannot be renamed.
    pub fn set_aside(&self) -> Result<Vec<String>, Failure> {
        if self.status().phase != Phase::Problem {
            return Err(Failure::new("not_allowed"));
        }
        let mut names = Vec::new();
        let files = [twice::BEFORE].into_iter().chain(twice::NAMES);
        let files = files.map(|name| self.folder().join(name));
        for path in std::iter::once(self.database()).chain(files) {
            if path.exists() {
                let aside = store::set_aside(&path)?;
                names.push(aside.file_name().unwrap_or_default().to_string_lossy().into_owned());
            }
        }
        let mut state = self.state();
        state.file = None;
        state.found = None;
        state.sealing_key = None;
        state.problem = None;
        if let Some(worker) = state.worker.take() {
            worker.abort();
        }
        state.open = None;
        state.session = None;
        drop(state);
        self.tell(Notice::Status);
        Ok(names)
    }
}

/// The server says one thing of every code it does not take, so that codes cannot be felt out.
pub(crate) fn told(error: LinkError) -> Failure {
    match error {
        LinkError::Refused { code, .. } if code == "not_found" => Failure::new("invitation_unknown"),
        other => other.into(),
    }
}

/// One user action on this desk.
pub(crate) fn action(
    file: &DeskFile,
    drafts: Vec<domain::Draft>,
    actor: RecordId,
    session: Uuid,
    as_of: u64,
) -> Action {
    Action {
        drafts,
        as_of,
        actor,
        session,
        new_action: Uuid::now_v7(),
        wall_ms: wall_ms(),
        resolve: false,
        home: Spaces {
            facility: SpaceId::Facility(file.facility.0),
            district: SpaceId::District(file.district.0),
        },
    }
}
