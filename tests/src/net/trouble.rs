//! Troubles of real networks, lived by two desks and their server: both go on saving, and when it is over all three
//! hold the same.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::gateway::{Gateway, Meddling};
use super::link::Link;
use super::watch::Watch;
use super::weather::Weather;
use crate::compare::{caught_up, compared, log_of, text};
use crate::district::District;
use crate::headless::Ward;

/// What happens to the network of both desks.
#[derive(Clone, Debug)]
pub enum What {
    /// The weather changes; what is open breaks, or not.
    Weather { weather: Weather, breaks: bool },
    /// Somebody in between meddles.
    Meddling(Meddling),
    /// At the server's address is another server.
    Foreign,
}

/// What the sync page must come to show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shows {
    /// All goes on, only worse: everything arrives while it lasts.
    GoesOn,
    /// The server cannot be reached.
    Offline,
    /// A problem of this code.
    Problem(&'static str),
}

/// One trouble.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub name: &'static str,
    pub what: What,
    pub shows: Shows,
    /// Patients that each desk registers while it lasts.
    pub edits: usize,
    /// How long it may take until everything has arrived, or is shown.
    pub within: Duration,
}

/// What became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Lived {
    pub scenario: &'static str,
    /// Changes saved on both desks while it lasted.
    pub edits: u64,
    pub bytes_up: u64,
    pub bytes_down: u64,
    pub connections: u64,
    /// Until the trouble was shown, or all had arrived in spite of it.
    pub seconds: f64,
    /// From the end of the trouble until all three held the same.
    pub seconds_after: f64,
    /// How often the sync page was looked at and held against the log.
    pub looks: u64,
    pub lost: u64,
    pub digests_equal: bool,
}

/// Two desks, their server, and what lies between.
pub struct Scene {
    pub district: District,
    pub gateway: Option<Gateway>,
    other: Option<District>,
    pub links: [Link; 2],
    pub wards: [Ward; 2],
    watches: [Watch; 2],
    registered: u64,
}

impl Scene {
    /// Two desks that joined over TLS. They wait so many times as long as usual.
    ///
    /// # Errors
    /// When something cannot be set up.
    pub async fn new(folder: &Path, patience: f64) -> Result<Scene> {
        let district = District::new(&folder.join("server")).await?;
        let other = District::new(&folder.join("other")).await?;
        let mut scene = Scene::between(district, None, folder, patience).await?;
        scene.other = Some(other);
        Ok(scene)
    }

    /// The same without TLS, with a gateway between.
    ///
    /// # Errors
    /// When something cannot be set up.
    pub async fn with_gateway(folder: &Path, patience: f64) -> Result<Scene> {
        let district = District::plain(&folder.join("server")).await?;
        let gateway = Gateway::new(district.address).await?;
        Scene::between(district, Some(gateway), folder, patience).await
    }

    async fn between(district: District, gateway: Option<Gateway>, folder: &Path, patience: f64) -> Result<Scene> {
        let to = gateway.as_ref().map_or(district.address, |gateway| gateway.address);
        let links = [Link::new(to).await?, Link::new(to).await?];
        let a = joined(&district, &links[0], &folder.join("a"), "anju", patience).await?;
        let b = joined(&district, &links[1], &folder.join("b"), "biju", patience).await?;
        Ok(Scene {
            district,
            gateway,
            other: None,
            links,
            wards: [a, b],
            watches: Default::default(),
            registered: 0,
        })
    }

    /// Lives through one trouble.
    ///
    /// # Errors
    /// At the first thing that is not as it should be.
    pub async fn live(&mut self, trouble: &Trouble) -> Result<Lived> {
        self.live_through(trouble)
            .await
            .with_context(|| trouble.name.to_owned())
    }

    async fn live_through(&mut self, trouble: &Trouble) -> Result<Lived> {
        let before = self.carried();
        let looks = self.looks();
        let begun = Instant::now();
        self.begin(trouble);
        for _ in 0..trouble.edits {
            for ward in 0..2 {
                self.register(ward).await?;
                self.look(ward).await?;
            }
        }
        self.until(trouble.within, async |scene| scene.shows(trouble.shows).await)
            .await?;
        let seconds = begun.elapsed().as_secs_f64();
        let ended = Instant::now();
        self.end();
        // Nobody presses a button: the desks come back by themselves.
        self.until(trouble.within, async |scene| scene.shows(Shows::GoesOn).await)
            .await?;
        let seconds_after = ended.elapsed().as_secs_f64();
        let after = self.carried();
        let looks = self.looks() - looks;
        let [a, b] = &mut self.wards;
        let compared = compared(&self.district, a, b, &BTreeSet::new()).await?;
        Ok(Lived {
            scenario: trouble.name,
            edits: 2 * trouble.edits as u64,
            bytes_up: after.0 - before.0,
            bytes_down: after.1 - before.1,
            connections: after.2 - before.2,
            seconds,
            seconds_after,
            looks,
            lost: compared.lost,
            digests_equal: compared.digests_equal,
        })
    }

    fn begin(&mut self, trouble: &Trouble) {
        let code = match trouble.shows {
            Shows::Problem(code) => vec![code],
            Shows::GoesOn | Shows::Offline => Vec::new(),
        };
        match &trouble.what {
            What::Weather { weather, breaks } => {
                for link in &self.links {
                    link.set(weather.clone());
                    if *breaks {
                        link.break_all();
                    }
                }
            }
            What::Meddling(meddling) => {
                if let Some(gateway) = &self.gateway {
                    gateway.set(*meddling);
                }
            }
            What::Foreign => {
                if let Some(other) = &self.other {
                    self.links.iter().for_each(|link| link.turn(other.address));
                }
            }
        }
        for watch in &mut self.watches {
            watch.trouble_begins(trouble.is_deaf(), &code);
        }
    }

    fn end(&mut self) {
        if let Some(gateway) = &self.gateway {
            gateway.set(Meddling::Pass);
        }
        let to = self
            .gateway
            .as_ref()
            .map_or(self.district.address, |gateway| gateway.address);
        for link in &self.links {
            link.join(to);
        }
        self.watches.iter_mut().for_each(Watch::trouble_ends);
    }

    /// Somebody new, on one of the desks.
    ///
    /// # Errors
    /// When it is not saved.
    pub async fn register(&mut self, ward: usize) -> Result<()> {
        self.registered += 1;
        let number = self.registered;
        let ward = &mut self.wards[ward];
        let as_of = ward.view("bed_board", Json::Null).await?.1;
        let fields = json!({
            "name": name(number),
            "birth_year": 1930 + number % 70,
            "phone": format!("+91987{:07}", 1_000_000 + number * 7_919),
        });
        let drafts = json!([{ "kind": "patient", "id": null, "fields": fields }]);
        ward.save(drafts, as_of, &["name", "birth_year", "phone"]).await?;
        Ok(())
    }

    /// Looks at a desk's sync page.
    ///
    /// # Errors
    /// What is wrong on it.
    pub async fn look(&mut self, ward: usize) -> Result<Json> {
        self.watches[ward].look(&mut self.wards[ward]).await
    }

    /// Waits for something, looking at both pages all the time.
    ///
    /// # Errors
    /// When it does not come, or a page is wrong.
    pub async fn until(&mut self, within: Duration, is_so: impl AsyncFn(&mut Scene) -> Result<bool>) -> Result<()> {
        let begun = Instant::now();
        while !is_so(self).await? {
            let pages = [self.look(0).await?, self.look(1).await?];
            ensure!(
                begun.elapsed() < within,
                "after {} s: {} and {}",
                begun.elapsed().as_secs(),
                pages[0]["summary"],
                pages[1]["summary"]
            );
            tokio::time::sleep(within / 1_000).await;
        }
        Ok(())
    }

    async fn shows(&mut self, shows: Shows) -> Result<bool> {
        for ward in 0..2 {
            let page = self.look(ward).await?;
            let sync = &page["summary"];
            let is_so = match shows {
                Shows::GoesOn => sync["state"] == "all_sent",
                Shows::Offline => sync["state"] == "offline",
                Shows::Problem(code) => sync["problem"]["code"] == code,
            };
            if !is_so {
                return Ok(false);
            }
        }
        let [a, b] = &mut self.wards;
        Ok(shows != Shows::GoesOn || log_of(a).await? == log_of(b).await?)
    }

    /// Whether everything is sent, and both hold it.
    ///
    /// # Errors
    /// When a page is wrong.
    pub async fn hold_the_same(&mut self) -> Result<bool> {
        self.shows(Shows::GoesOn).await
    }

    /// The problems that the pages may show from now on.
    pub fn may_show(&mut self, codes: &[&'static str]) {
        for watch in &mut self.watches {
            watch.trouble_begins(false, codes);
        }
    }

    /// Bytes up, bytes down and connections of both links so far.
    pub fn carried(&self) -> (u64, u64, u64) {
        let mut all = (0, 0, 0);
        for link in &self.links {
            let carried = link.carried();
            all = (all.0 + carried.up, all.1 + carried.down, all.2 + link.connections());
        }
        all
    }

    fn looks(&self) -> u64 {
        self.watches.iter().map(|watch| watch.looks).sum()
    }
}

impl Trouble {
    /// Whether nothing of the server comes through.
    fn is_deaf(&self) -> bool {
        match &self.what {
            What::Weather { breaks, .. } => *breaks && self.shows == Shows::Offline,
            What::Meddling(meddling) => {
                matches!(meddling, Meddling::Page(_) | Meddling::Redirect)
            }
            What::Foreign => true,
        }
    }
}

/// A name that sounds like no other.
fn name(number: u64) -> String {
    const FIRST: [&str; 12] = [
        "Kamala", "Biju", "Meera", "Thomas", "Rukhiya", "Gopalan", "Latha", "Sajeev", "Omana", "Fathima", "Unni",
        "Devaki",
    ];
    const HOUSE: [&str; 13] = [
        "Puthenpurackal",
        "Mannil",
        "Cherian",
        "Kizhakke",
        "Vadakkan",
        "Illam",
        "Nambiar",
        "Pallath",
        "Edathil",
        "Warrier",
        "Joseph",
        "Rahman",
        "Thekkumury",
    ];
    let pick = |words: &[&'static str], by: u64| words[usize::try_from(by).unwrap_or(0) % words.len()];
    format!(
        "{} {} {}",
        pick(&FIRST, number),
        pick(&HOUSE, number / 3),
        pick(&FIRST, number / 7)
    )
}

async fn joined(district: &District, link: &Link, folder: &Path, person: &str, patience: f64) -> Result<Ward> {
    let mut ward = Ward::start_with(folder, &[("WARDROOM_PATIENCE", &patience.to_string())])?;
    let args =
        json!({ "address": district.named(link.address), "code": district.invite().await?, "desk_name": person });
    ward.call("join", args).await?;
    ward.call("sign_in", json!({ "username": person, "password": sample::PASSWORD }))
        .await?;
    caught_up(&mut ward).await?;
    let page = ward.call("sync_page", Json::Null).await?;
    ward.device = text(&page["device"])?.replace('-', "");
    Ok(ward)
}
