//! A district and desks of one hospital, each a process of its own, with a link between them that can be cut: what is
//! done at them, and what is waited for.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};

use crate::district::District;
use crate::headless::Ward;
use crate::net::link::Link;

/// Signs the sample's nurse in.
///
/// # Errors
/// The desk's failure.
pub async fn sign_in(ward: &mut Ward) -> Result<()> {
    let person = json!({ "username": "anju", "password": sample::PASSWORD });
    ward.call("sign_in", person).await.map(drop)
}

/// Gives the desk a new identity.
///
/// # Errors
/// The desk's failure.
pub async fn renew(ward: &mut Ward) -> Result<()> {
    let person = json!({ "username": "anju", "password": sample::PASSWORD });
    ward.call("renew", person).await.map(drop)
}

/// Waits until the desk's status is as told.
///
/// # Errors
/// When that takes a minute.
pub async fn until(ward: &mut Ward, is: impl Fn(&Json) -> bool) -> Result<Json> {
    let begun = Instant::now();
    loop {
        let status = ward.call("status", Json::Null).await?;
        if is(&status) {
            return Ok(status);
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "the status stays {status}");
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until all that was saved here has arrived, and all that is there is here.
///
/// # Errors
/// When that takes a minute.
pub async fn all_sent(ward: &mut Ward) -> Result<()> {
    let is = |status: &Json| {
        let sync = &status["sync"];
        sync["state"] == "all_sent" && sync["waiting"] == 0 && sync["arriving"].is_null()
    };
    until(ward, is).await.map(drop)
}

/// Waits until the exchange has this problem.
///
/// # Errors
/// When that takes a minute.
pub async fn problem(ward: &mut Ward, code: &str) -> Result<()> {
    until(ward, |status| status["sync"]["problem"]["code"] == code)
        .await
        .map(drop)
}

/// Writes where a patient lives.
///
/// # Errors
/// The desk's failure.
pub async fn edit(ward: &mut Ward, patient: &str, village: &str) -> Result<()> {
    let as_of = ward.view("bed_board", Json::Null).await?.1;
    let drafts = json!([{ "kind": "patient", "id": patient, "fields": { "village": village } }]);
    ward.save(drafts, as_of, &[]).await.map(drop)
}

/// What was ever written about the patient.
///
/// # Errors
/// The desk's failure.
pub async fn history(ward: &mut Ward, patient: &str) -> Result<Vec<Json>> {
    let lines = ward
        .call("history", json!({ "kind": "patient", "id": patient }))
        .await?;
    Ok(lines.as_array().cloned().unwrap_or_default())
}

/// The same once there is as much as told.
///
/// # Errors
/// The desk's failure.
pub async fn history_of(count: usize, ward: &mut Ward, patient: &str) -> Result<Vec<Json>> {
    let begun = Instant::now();
    loop {
        let lines = history(ward, patient).await?;
        if lines.len() >= count || begun.elapsed() > Duration::from_secs(60) {
            assert_eq!(lines.len(), count, "so often, and not twice");
            return Ok(lines);
        }
        all_sent(ward).await?;
    }
}

/// Copies a desk's folder, as its disk is copied.
///
/// # Errors
/// When it cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().ends_with(".lock") {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// The desks that the district knows.
///
/// # Errors
/// When the server does not tell.
pub async fn devices(district: &District) -> Result<Vec<Json>> {
    Ok(district
        .run(&["device", "list"])
        .await?
        .as_array()
        .cloned()
        .unwrap_or_default())
}

/// A district, the link to it, and the folders of both sides.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub district: District,
    pub link: Link,
}

impl Place {
    /// The small sample, served.
    ///
    /// # Errors
    /// When the server cannot be set up or started.
    pub async fn new() -> Result<Place> {
        let folder = tempfile::tempdir()?;
        let district = District::new(&folder.path().join("server")).await?;
        Place::with(folder, district).await
    }

    /// This district, whose folder is `server` in the other.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn with(folder: tempfile::TempDir, district: District) -> Result<Place> {
        let link = Link::new(district.address).await?;
        Ok(Place { folder, district, link })
    }

    /// The folder of a desk.
    pub fn desk(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A desk that joined, where somebody signed in and all is here.
    ///
    /// # Errors
    /// When something does not go on.
    pub async fn join(&self, name: &str) -> Result<Ward> {
        self.let_join(Ward::start(&self.desk(name))?).await
    }

    /// The same at a desk that was started otherwise.
    ///
    /// # Errors
    /// When something does not go on.
    pub async fn let_join(&self, mut ward: Ward) -> Result<Ward> {
        ward.call("join", self.invitation().await?).await?;
        sign_in(&mut ward).await?;
        all_sent(&mut ward).await?;
        Ok(ward)
    }

    /// Lets a desk join anew that its district does not know.
    ///
    /// # Errors
    /// When something does not go on.
    pub async fn let_rejoin(&self, ward: &mut Ward) -> Result<()> {
        ward.call("rejoin", self.invitation().await?).await?;
        sign_in(ward).await
    }

    /// What a desk needs to join.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn invitation(&self) -> Result<Json> {
        let code = self.district.invite().await?;
        let address = format!("https://{}", self.link.address);
        Ok(json!({ "address": address, "code": code, "desk_name": "ward" }))
    }

    /// Makes the backup of the week.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn back_up(&self) -> Result<()> {
        self.district.run(&["backup", &self.backup()]).await.map(drop)
    }

    /// The server's disk is lost but for the master key, and the backup of the week is put in its place.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn lose_and_restore(&mut self) -> Result<()> {
        self.district.kill().await?;
        self.link.cut();
        for entry in fs::read_dir(self.folder.path().join("server"))? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name != "master.key") {
                fs::remove_file(path)?;
            }
        }
        self.district.run(&["backup", "restore", &self.backup()]).await?;
        self.district.serve().await?;
        self.link.join(self.district.address);
        Ok(())
    }

    fn backup(&self) -> String {
        self.folder.path().join("last-week.wardroom").display().to_string()
    }
}
