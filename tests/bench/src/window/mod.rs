//! The real window, as it ships, through WebKit's own driver on whatever display there is.

mod place;
mod processes;
mod visit;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use wardroom_tests::place::program;

use self::visit::{PAGES, Visit};
use crate::Setting;
use crate::figures::ms;
use crate::report::{Chapter, Unit};
use crate::rounds::{Figures, contestant, in_turns};

const BARE: &str = "an empty page in WebKit's own MiniBrowser";
/// So long a caret is looked at.
const CARET: Duration = Duration::from_secs(10);
const ALONE: &str = "the desk without a window";

/// The figures beside those of the pages, each with its row's name and what it tells.
const ROWS: &[(&str, &str, Unit)] = &[
    (
        "usable",
        "start of the program until the password's field took a key",
        Unit::Ms,
    ),
    (
        "drawn",
        "start of the program until the sign-in page was drawn",
        Unit::Ms,
    ),
    (
        "signed_in",
        "Enter after the password until the first page is drawn",
        Unit::Ms,
    ),
    ("search", "key until what it finds is drawn, p50", Unit::Ms),
    ("search_most", "key until what it finds is drawn, the longest", Unit::Ms),
    ("round_input", "key until it stands in a round's form, p50", Unit::Ms),
    (
        "round_input_most",
        "key until it stands in a round's form, the longest",
        Unit::Ms,
    ),
    ("round_save", "Ctrl+Enter until the round is said to be saved", Unit::Ms),
    (
        "memory",
        "memory of all its processes after every page was seen",
        Unit::Mib,
    ),
    (
        "idle",
        "processor time while nobody does anything, of one core, beginning 10 s after the last page",
        Unit::Percent,
    ),
    (
        "idle_caret",
        "the same while a caret blinks in the search of patients",
        Unit::Percent,
    ),
];

/// Opens, walks through and leaves alone the window of a hospital with many patients.
///
/// # Errors
/// When the window does not show what a person would look for.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let patients = setting.size(20_000, 100_000);
    let mut chapter = Chapter::new(
        "window",
        "The window",
        &format!(
            "The program as it ships, optimised as for release, but for one thing: it lets itself be driven. A hospital with {patients} \
             patients on a computer that stands alone, in a window of 1366 × 768. Times of pages and keys are taken in the page \
             itself, from the event to the second frame after what was waited for stands there: up to 33 ms of each are \
             two frames of the screen. A page for the first time is fetched and built; later it is only built. Memory is the \
             proportional set size of the program and of WebKit's processes under it; drawn without a graphics card."
        ),
    );
    let driven = program("wardroom-driven");
    let missing = match &driven {
        _ if std::env::var_os("DISPLAY").is_none() => Some("there is no display".to_owned()),
        _ if !is_installed("WebKitWebDriver") => Some("WebKitWebDriver is not installed".to_owned()),
        Err(error) => Some(format!("{error:#}")),
        Ok(_) => None,
    };
    if let Some(missing) = missing {
        chapter.left_out.push(format!("Nothing of it was measured: {missing}."));
        return Ok(chapter);
    }
    let driven = driven?;
    let bare = mini_browser();
    let folder = setting.folder()?;
    let (ward, page) = (folder.path().join("ward"), folder.path().join("bare"));
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(place::set_up(&ward, patients))?;
    let idle = Duration::from_secs(setting.size(10, 60));
    let mut contestants = vec![
        contestant("ours", |_| runtime.block_on(ours(&ward, &driven, idle))),
        contestant(ALONE, |_| {
            Ok(Figures::from([(
                "signed_in",
                ms(runtime.block_on(place::sign_in(&ward))?),
            )]))
        }),
    ];
    match &bare {
        Some(browser) => contestants.push(contestant(BARE, |_| runtime.block_on(empty(&page, browser)))),
        None => chapter
            .left_out
            .push("There is no MiniBrowser to compare with.".to_owned()),
    }
    let measured = in_turns(setting.rounds, &mut contestants)?;
    for (name, what, unit) in ROWS {
        // An engine that tells nothing of its painting leaves that row out.
        match measured.row(&format!("window.{name}"), what, *unit, name) {
            Ok(row) => chapter.rows.push(row),
            Err(error) => chapter.left_out.push(format!("{error:#}")),
        }
    }
    let patient = [("page.patient", "page.patient")];
    let pages = PAGES.iter().flat_map(|(address, name, first)| {
        let of = |first: &str| format!("the page {address}{first}");
        [(*name, of("")), (*first, of(", for the first time"))]
    });
    let pages = pages.chain(patient.map(|(name, _)| (name, "a patient's page, from the bed".to_owned())));
    for (name, what) in pages {
        let row = measured.row(&format!("window.{name}"), &what, Unit::Ms, name)?;
        chapter.rows.push(row);
    }
    Ok(chapter)
}

async fn ours(ward: &Path, program: &Path, idle: Duration) -> Result<Figures> {
    let mut visit = Visit::open(ward, program, &[], Some("#signin-password")).await?;
    visit.sign_in().await?;
    visit.walk().await?;
    visit.search().await?;
    visit.round().await?;
    visit.weigh()?;
    visit.go("/beds").await?;
    visit.wait("idle", idle).await?;
    visit.go("/patients").await?;
    visit.wait("idle_caret", CARET).await?;
    visit.close().await
}

async fn empty(folder: &Path, browser: &Path) -> Result<Figures> {
    let mut visit = Visit::open(folder, browser, &["--automation"], None).await?;
    visit.fill_screen().await?;
    visit.weigh()?;
    visit.close().await
}

fn is_installed(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// WebKitGTK's own browser, where Debian keeps it.
fn mini_browser() -> Option<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib").ok()?;
    let mut places = folders.filter_map(|folder| Some(folder.ok()?.path().join("webkit2gtk-4.1/MiniBrowser")));
    places.find(|place| place.is_file())
}
