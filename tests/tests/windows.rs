//! The same through real windows: people join, sign in and work by what they see, with the network
//! cut and joined again; pictures are kept, and axe looks at every page in both themes.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde_json::json;
use wardroom_tests::cut::Link;
use wardroom_tests::district::District;
use wardroom_tests::place::program;
use wardroom_tests::window::Window;

/// The pages of a nurse.
const PAGES: &[&str] = &[
    "/",
    "/beds",
    "/patients",
    "/patients/new",
    "/triage",
    "/stock",
    "/inbox",
    "/sync",
    "/settings",
];

/// Where pictures are kept: beside the built programs' folder.
fn pictures() -> Result<PathBuf> {
    let programs = program("wardroom")?;
    let target = programs
        .parent()
        .and_then(Path::parent)
        .map(PathBuf::from)
        .unwrap_or_default();
    Ok(target.join("windows"))
}

/// Sets a new computer up with an invitation, as its admin would.
async fn join(window: &Window, link: &Link, district: &District, name: &str) -> Result<()> {
    window.press("Continue").await?;
    window.find("[id=\"firstrun-way\"]").await?;
    window.press("Continue").await?;
    let invitation = format!("https://{}#{}", link.address, district.invite().await?);
    window.fill("join-address", &invitation).await?;
    window.fill("join-desk", name).await?;
    window.press("Join").await?;
    window.says("Compare these words").await?;
    window.press("They are the same: sign in").await
}

/// Signs a person in by their username.
async fn sign_in(window: &Window, username: &str) -> Result<()> {
    window.fill("signin-username", username).await?;
    window.fill("signin-password", sample::PASSWORD).await?;
    window.press("Sign in").await?;
    window.find("main#page").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_computer_joins_its_district_and_every_page_is_usable_by_everybody() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let window = Window::open(&folder.path().join("a")).await?;
    window.picture(&pictures()?.join("first-run.png")).await?;
    join(&window, &link, &district, "ICU desk").await?;
    window.picture(&pictures()?.join("sign-in.png")).await?;
    sign_in(&window, "anju").await?;
    window.says("All changes sent").await?;
    let mut violations = Vec::new();
    for theme in ["light", "dark"] {
        window
            .client
            .execute(
                "document.documentElement.dataset.theme = arguments[0]",
                vec![json!(theme)],
            )
            .await?;
        for page in PAGES {
            window.go(page).await?;
            let name = if *page == "/" {
                "war-room".to_owned()
            } else {
                page.trim_matches('/').replace('/', "-")
            };
            window.picture(&pictures()?.join(format!("{name}-{theme}.png"))).await?;
            violations.extend(
                window
                    .violations()
                    .await?
                    .into_iter()
                    .map(|found| format!("{page} {theme}: {found}")),
            );
        }
    }
    ensure!(violations.is_empty(), "axe found:\n{}", violations.join("\n"));
    window.close().await
}

/// Opens the patient in the first bed of a ward and answers the address of the page.
async fn open_first_patient(window: &Window) -> Result<String> {
    window.go("/beds").await?;
    window.find("[data-status=\"occupied\"]").await?.click().await?;
    window.find("aside a[href*=\"patients\"]").await?.click().await?;
    window.find("[data-banner]").await?;
    let address = window.client.execute("return location.hash", vec![]).await?;
    Ok(address.as_str().unwrap_or_default().trim_start_matches('#').to_owned())
}

/// Gives the patient on the page another phone number.
async fn change_phone(window: &Window, phone: &str) -> Result<()> {
    window.press("Edit patient").await?;
    window.fill("patient.phone", phone).await?;
    window.press("Save").await?;
    window.says(phone).await
}

/// Files this morning's triage: the count of people seen.
async fn file_triage(window: &Window, visited: &str) -> Result<()> {
    window.go("/triage").await?;
    window
        .find("main a[href*=\"shift=morning\"], main [data-primary]")
        .await?
        .click()
        .await?;
    window.fill("triage.visited", visited).await?;
    window.find("main [data-primary]").await?.click().await?;
    window.says("Saved on this computer").await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_work_with_the_network_cut_and_one_disagreement_is_decided_by_a_person() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let (link_a, link_b) = (Link::new(district.address).await?, Link::new(district.address).await?);
    let (a, b) = (
        Window::open(&folder.path().join("a")).await?,
        Window::open(&folder.path().join("b")).await?,
    );
    for (window, link, person) in [(&a, &link_a, "anju"), (&b, &link_b, "biju")] {
        join(window, link, &district, person).await?;
        sign_in(window, person).await?;
        window.says("All changes sent").await?;
    }
    let patient = open_first_patient(&a).await?;
    b.go(&patient).await?;
    link_a.cut();
    link_b.cut();
    change_phone(&a, "+919876500001").await?;
    change_phone(&b, "+919876500002").await?;
    file_triage(&a, "31").await?;
    a.says("saved here").await?;
    a.picture(&pictures()?.join("offline.png")).await?;
    link_a.join(district.address);
    link_b.join(district.address);
    for window in [&a, &b] {
        window.go("/sync").await?;
        window.press("Sync now").await?;
        window.go("/inbox").await?;
        window.find("[data-conflict=\"patient.phone\"]").await?;
        window.says("+919876500001").await?;
        window.says("+919876500002").await?;
    }
    a.picture(&pictures()?.join("conflict.png")).await?;
    a.find("[data-conflict=\"patient.phone\"] button")
        .await?
        .click()
        .await?;
    for window in [&a, &b] {
        window.says("Nothing waits for a decision").await?;
    }
    b.picture(&pictures()?.join("decided.png")).await?;
    a.close().await?;
    b.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_and_a_lock_hides_everything_at_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let window = Window::open(&folder.path().join("a")).await?;
    join(&window, &link, &district, "ICU desk").await?;
    window.fill("signin-username", "anju").await?;
    window.fill("signin-password", "not the right one").await?;
    window.press("Sign in").await?;
    window.says("This password does not open").await?;
    window.fill("signin-password", sample::PASSWORD).await?;
    window.press("Sign in").await?;
    window.find("main#page").await?;
    window.press("Lock").await?;
    window.says("Anju Thomas").await?;
    window.find("[id=\"signin-password\"]").await?;
    let page = window
        .client
        .execute("return document.querySelector('main#page') === null", vec![])
        .await?;
    ensure!(page == json!(true), "the page is still there after the lock");
    window.close().await
}
