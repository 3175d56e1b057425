//! A desk that joins over a bad link: what comes first, what of it comes twice, and whether in the end it holds what
//! the district has.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use desk::net::link::wall_ms;
use domain::{RecordId, Time};
use serde::Serialize;
use serde_json::{Value as Json, json};
use server::config::Hashing;
use server::{Config, Server};
use sync_core::SpaceId;
use tokio::time::sleep;

use super::link::Link;
use super::weather::{Both, Weather};
use crate::compare::{caught_up, equals_district};
use crate::district::District;
use crate::headless::Ward;

/// What 50 kbit/s bring in 15 seconds: until then the bed board has to be here.
const BOARD_BYTES: u64 = 93_750;

/// How a desk begins.
#[derive(Clone, Debug)]
pub struct Plan {
    pub hospital: sample::Size,
    /// Until the bed board is there.
    pub first: Weather,
    pub afterwards: Weather,
    /// How many times as long as usual the desk waits.
    pub patience: f64,
    /// The desk loses its power so often while the rest comes.
    pub kills: u64,
    pub within: Duration,
}

/// What became of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Begun {
    pub in_beds: u64,
    pub records: u64,
    /// Of all pieces of the snapshot.
    pub snapshot_bytes: u64,
    /// From the first byte of the first sign-in until the bed board was whole.
    pub board_bytes_down: u64,
    pub board_bytes_up: u64,
    pub board_seconds: f64,
    pub board_connections: u64,
    /// Until all was there.
    pub bytes_down: u64,
    pub bytes_up: u64,
    pub seconds: f64,
    pub connections: u64,
    pub kills: u64,
    pub digests_equal: bool,
}

impl Begun {
    /// Checks that the bed board came first, and early enough, and that a connection cost no more than told beside what
    /// it brought.
    ///
    /// # Errors
    /// What took too much, or is not the same.
    pub fn check(&self, connection_bytes: u64) -> Result<()> {
        ensure!(self.digests_equal, "the desk does not hold the same: {self:?}");
        ensure!(self.in_beds >= 60, "too few people in beds to say anything: {self:?}");
        let board_bytes = self.board_bytes_down.max(self.board_bytes_up);
        ensure!(board_bytes <= BOARD_BYTES, "the bed board came late: {self:?}");
        let most = self.snapshot_bytes + connection_bytes * self.connections;
        ensure!(self.bytes_down <= most, "{most} bytes are enough: {self:?}");
        Ok(())
    }
}

/// A desk while it begins.
pub struct Scene {
    pub district: District,
    pub link: Link,
    pub ward: Ward,
    folder: PathBuf,
    patience: String,
    /// Of each part, as last seen.
    bytes_here: Vec<u64>,
}

impl Scene {
    /// A desk that joined and where nobody signed in yet, with the snapshot made that it will ask for. Answers also
    /// what an export to `stick` tells of it.
    ///
    /// # Errors
    /// When something cannot be started.
    pub async fn joined(folder: &Path, hospital: sample::Size, patience: f64) -> Result<(Scene, Json)> {
        let server = folder.join("server");
        fill(&server, hospital)?;
        let district = District::standing(&server).await?;
        let stick = folder.join("stick");
        let to = stick.to_str().context("a path is no text")?;
        let written = district
            .run(&["snapshot", "export", "--facility", "first", "--to", to])
            .await?;
        let link = Link::new(district.address).await?;
        let (folder, patience) = (folder.join("desk"), patience.to_string());
        let mut ward = Ward::start_with(&folder, &[("WARDROOM_PATIENCE", &patience)])?;
        let code = district.invite().await?;
        let args = json!({ "address": district.named(link.address), "code": code, "desk_name": "a" });
        ward.call("join", args).await?;
        let scene = Scene {
            district,
            link,
            ward,
            folder,
            patience,
            bytes_here: Vec::new(),
        };
        Ok((scene, written))
    }

    /// Signs in, however often the link breaks meanwhile.
    ///
    /// # Errors
    /// When it takes longer than two minutes.
    pub async fn sign_in(&mut self) -> Result<()> {
        let begun = Instant::now();
        let args = json!({ "username": "anju", "password": sample::PASSWORD });
        while let Err(error) = self.ward.call("sign_in", args.clone()).await {
            ensure!(begun.elapsed() < Duration::from_secs(120), "nobody gets in: {error}");
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Loses its power and starts again, with what it had.
    ///
    /// # Errors
    /// When it does not.
    pub async fn restart(&mut self) -> Result<()> {
        let started = Ward::start_with(&self.folder, &[("WARDROOM_PATIENCE", &self.patience)])?;
        std::mem::replace(&mut self.ward, started).kill().await?;
        self.sign_in().await
    }

    /// How far it has come; nothing once all is there.
    ///
    /// # Errors
    /// When something that was here is here no more.
    pub async fn arriving(&mut self) -> Result<Option<Json>> {
        let status = self.ward.call("status", Json::Null).await?;
        let arriving = status["sync"]["arriving"].clone();
        if arriving.is_null() {
            return Ok(None);
        }
        let here: Vec<u64> = parts(&arriving, "bytes_here");
        if here.len() >= self.bytes_here.len() {
            let fell = here.iter().zip(&self.bytes_here).any(|(now, before)| now < before);
            ensure!(!fell, "{:?} bytes were here, and now {here:?}", self.bytes_here);
            self.bytes_here = here;
        }
        Ok(Some(arriving))
    }

    async fn in_beds(&mut self) -> Result<u64> {
        let (board, _) = self.ward.view("bed_board", Json::Null).await?;
        board["figures"]["occupied"].as_u64().context("no figures")
    }
}

/// Makes a district with one hospital, whose people sign in with the sample's password.
///
/// # Errors
/// When the server cannot be set up.
pub fn fill(folder: &Path, hospital: sample::Size) -> Result<Server> {
    let config = Config {
        hashing: Hashing::LEAST,
        ..Config::default()
    };
    let made = sample::district(sample::SEED, Time(wall_ms()), hospital);
    let server = Server::begin(folder, made.district, 330, config)?;
    server.author(server.district(), made.actions)?;
    for facility in made.facilities {
        let space = SpaceId::Facility(facility.id.0);
        server.add_space(space)?;
        server.author(space, facility.actions)?;
    }
    let people: Vec<RecordId> = made.people.iter().map(|person| person.id).collect();
    server.set_passwords(&people, sample::PASSWORD)?;
    Ok(server)
}

/// A number of each part.
pub fn parts(arriving: &Json, number: &str) -> Vec<u64> {
    let parts = arriving["parts"].as_array().cloned().unwrap_or_default();
    parts.iter().filter_map(|part| part[number].as_u64()).collect()
}

fn since(now: Both<u64>, before: Both<u64>) -> Both<u64> {
    Both {
        up: now.up - before.up,
        down: now.down - before.down,
    }
}

/// Joins, signs in and waits until all is there.
///
/// # Errors
/// When it is not in time, or something that was here is here no more.
pub async fn begin(folder: &Path, plan: &Plan) -> Result<Begun> {
    let (mut scene, written) = Scene::joined(folder, plan.hospital, plan.patience).await?;
    let mut begun = Begun {
        records: written["records"].as_u64().unwrap_or(0),
        snapshot_bytes: written["bytes"].as_u64().unwrap_or(0),
        ..Begun::default()
    };
    let (carried, connections) = (scene.link.carried(), scene.link.connections());
    scene.link.set(plan.first.clone());
    scene.link.break_all();
    let link = scene.link.clone();
    let first_byte = async {
        while link.carried().down == carried.down {
            sleep(Duration::from_millis(2)).await;
        }
        Instant::now()
    };
    let (signed_in, first_byte) = tokio::join!(scene.sign_in(), first_byte);
    signed_in?;
    let mut at_first = None;
    while let Some(arriving) = scene.arriving().await? {
        ensure!(first_byte.elapsed() < plan.within, "still {arriving}: {begun:?}");
        if at_first.is_none() && arriving["present_is_here"] == true {
            let bytes = since(scene.link.carried(), carried);
            (begun.board_bytes_down, begun.board_bytes_up) = (bytes.down, bytes.up);
            begun.board_seconds = first_byte.elapsed().as_secs_f64();
            begun.board_connections = scene.link.connections() - connections;
            at_first = Some(scene.in_beds().await?);
            ensure!(scene.arriving().await?.is_some(), "all came at once");
            scene.link.set(plan.afterwards.clone());
        }
        let (here, of): (u64, u64) = (
            parts(&arriving, "bytes_here").iter().sum(),
            parts(&arriving, "bytes").iter().sum(),
        );
        if at_first.is_some() && begun.kills < plan.kills && here > of * (begun.kills + 1) / (plan.kills + 1) {
            begun.kills += 1;
            scene.restart().await?;
        }
        sleep(Duration::from_millis(20)).await;
    }
    begun.seconds = first_byte.elapsed().as_secs_f64();
    let bytes = since(scene.link.carried(), carried);
    (begun.bytes_down, begun.bytes_up) = (bytes.down, bytes.up);
    begun.connections = scene.link.connections() - connections;
    scene.link.set(Weather::fair());
    caught_up(&mut scene.ward).await?;
    begun.in_beds = scene.in_beds().await?;
    let seen_first = at_first.context("the bed board was not there before everything was")?;
    ensure!(seen_first == begun.in_beds, "{seen_first} in beds at first: {begun:?}");
    begun.digests_equal = equals_district(&scene.district, &mut scene.ward).await?;
    Ok(begun)
}
