//! One visit: the window is opened, somebody signs in, goes through all pages, searches, writes a round and goes for tea.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;
use wardroom_tests::window::Window;

use super::processes::Processes;
use crate::figures::{Times, ms};
use crate::rounds::Figures;

/// Enter, as WebDriver names it.
const ENTER: &str = "\u{e007}";
const CONTROL: &str = "\u{e009}";
/// The smallest screen of a ward.
const SCREEN: (u32, u32) = (1366, 768);

/// A page of the rail: its address, its name in a row, and the same for the first time after signing in.
pub const PAGES: &[(&str, &str, &str)] = &[
    ("/beds", "page.beds", "page_first.beds"),
    ("/patients", "page.patients", "page_first.patients"),
    ("/triage", "page.triage", "page_first.triage"),
    ("/stock", "page.stock", "page_first.stock"),
    ("/inbox", "page.inbox", "page_first.inbox"),
    ("/sync", "page.sync", "page_first.sync"),
    ("/audit", "page.audit", "page_first.audit"),
    ("/settings", "page.settings", "page_first.settings"),
    ("/", "page.warroom", "page_first.warroom"),
];

/// What is typed into the search, letter by letter; the second letter is the first that searches, and finds the most.
const SEARCHED: &[&str] = &["la", "mu", "fa", "th", "kr", "su", "jo", "ai"];

/// A page is there when it has another heading than the one before and no grey lines stand for what is still coming.
fn page_is_there(address: &str) -> String {
    format!(
        "location.hash === '#{address}' && document.querySelector('main h1') !== null
         && document.querySelector('main h1') !== before.heading && document.querySelector('main .animate-pulse') === null"
    )
}

/// One window and what it costs.
pub struct Visit {
    window: Window,
    processes: Processes,
    figures: Figures,
}

impl Visit {
    /// Opens a program and measures from its start until what a selector finds has the focus and took a key; without a
    /// selector until its page runs.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open(folder: &Path, program: &Path, args: &[&str], field: Option<&str>) -> Result<Visit> {
        let window = Window::open_program(folder, program, args).await?;
        let processes = Processes::of(window.process().context("the program has ended")?);
        let painted = "const done = arguments[arguments.length - 1];
            const paint = () => requestAnimationFrame(() => requestAnimationFrame(() => done(Date.now())));
            const look = () => arguments[0] === null || document.activeElement?.matches(arguments[0])
                ? paint() : requestAnimationFrame(look);
            look();";
        let mut at = window.client.execute_async(painted, vec![json!(field)]).await?;
        if field.is_some() {
            window.keys("x").await?;
            let took = "const typed = document.activeElement.value; return typed === 'x' ? Date.now() : typed;";
            at = window.client.execute(took, vec![]).await?;
        }
        let at_ms = at.as_f64().context("the field took no key")?;
        let since_ms = ms(SystemTime::now().duration_since(UNIX_EPOCH)?) - at_ms;
        let usable = ms(processes.age()?) - since_ms;
        Ok(Visit {
            window,
            processes,
            figures: Figures::from([("usable", usable)]),
        })
    }

    /// Signs in, from Enter until the first page is painted.
    ///
    /// # Errors
    /// When the password does not open the ward.
    pub async fn sign_in(&mut self) -> Result<()> {
        let paint =
            "const paints = performance.getEntriesByType('paint').find((one) => one.name === 'first-contentful-paint');
            return paints === undefined ? null : performance.timeOrigin + paints.startTime;";
        let drawn = self.window.client.execute(paint, vec![]).await?;
        if let Some(drawn_ms) = drawn.as_f64() {
            let now_ms = ms(SystemTime::now().duration_since(UNIX_EPOCH)?);
            let drawn_ms = ms(self.processes.age()?) - (now_ms - drawn_ms);
            self.figures.insert("drawn", drawn_ms);
        }
        self.window.fill("signin-password", sample::PASSWORD).await?;
        self.arm("keydown", &page_is_there("/")).await?;
        self.window.keys(ENTER).await?;
        let took = self.took().await.context("signing in")?;
        self.figures.insert("signed_in", took);
        Ok(())
    }

    /// Goes to every page twice by the rail: for the first time, and once they have been seen.
    ///
    /// # Errors
    /// When a page does not come.
    pub async fn walk(&mut self) -> Result<()> {
        for is_first in [true, false] {
            for (address, name, first) in PAGES {
                self.arm("pointerup", &page_is_there(address)).await?;
                let entry = self.window.find(&format!("nav a[href=\"#{address}\"]")).await?;
                entry.click().await?;
                let took = self.took().await.context(*name)?;
                self.figures.insert(if is_first { first } else { name }, took);
            }
        }
        Ok(())
    }

    /// Types into the search of patients, each time until what is found is drawn.
    ///
    /// # Errors
    /// When nothing is found.
    pub async fn search(&mut self) -> Result<()> {
        let mut times = Times::default();
        self.window.go("/patients").await?;
        for typed in SEARCHED {
            let (first, second) = typed.split_at(1);
            self.window.fill("patients-search", first).await?;
            self.window.find("main [role=grid]:not([aria-label=Found])").await?;
            self.window
                .holds("return document.querySelector('main .animate-pulse') === null")
                .await?;
            let found = "document.querySelector('main [role=grid][aria-label=Found] [data-index]') !== null
                && document.querySelector('main [role=grid]').innerText !== before.table";
            self.arm("keydown", found).await?;
            self.window.keys(second).await?;
            times.add_ms(self.took().await.context(*typed)?);
        }
        self.figures.insert("search", times.percentile(50.0));
        self.figures.insert("search_most", times.percentile(100.0));
        Ok(())
    }

    /// Opens somebody who lies in a bed, and writes a round by keys alone.
    ///
    /// # Errors
    /// When the round is not saved.
    pub async fn round(&mut self) -> Result<()> {
        self.window.go("/beds").await?;
        self.window
            .find("[data-bed][data-status=occupied]")
            .await?
            .click()
            .await?;
        let patient = "document.querySelector('[data-banner]') !== null && document.querySelector('main .animate-pulse') === null";
        let link = self.window.find("aside a[href*=patients]").await?;
        self.arm("pointerup", patient).await?;
        link.click().await?;
        let took = self.took().await.context("the patient's page")?;
        self.figures.insert("page.patient", took);
        self.window.press("New round").await?;
        let mut times = Times::default();
        for (field, value) in [
            ("respiratory_rate", "16"),
            ("spo2", "97"),
            ("systolic", "120"),
            ("diastolic", "80"),
            ("pulse", "78"),
        ] {
            let asked = self.window.find(&format!("[id=\"round.{field}\"]")).await?;
            self.window.select(&asked).await?;
            for (place, key) in value.char_indices() {
                let shown = value.get(..=place).unwrap_or_default();
                let typed = format!("document.getElementById('round.{field}').value === '{shown}'");
                self.arm("keydown", &typed).await?;
                self.window.keys(&key.to_string()).await?;
                times.add_ms(self.took().await.context(field)?);
            }
        }
        self.figures.insert("round_input", times.percentile(50.0));
        self.figures.insert("round_input_most", times.percentile(100.0));
        let saved = "document.querySelector('[role=dialog]') === null && document.body.innerText.includes('Saved on this computer')";
        self.arm("keydown", saved).await?;
        self.window.keys(&format!("{CONTROL}{ENTER}")).await?;
        let took = self.took().await.context("saving the round")?;
        self.figures.insert("round_save", took);
        Ok(())
    }

    /// Notes the memory of all its processes.
    ///
    /// # Errors
    /// When they have ended.
    pub fn weigh(&mut self) -> Result<()> {
        let memory = self.processes.memory_mib()?;
        self.figures.insert("memory", memory);
        Ok(())
    }

    /// Leaves the window alone for a while, and notes under a name what part of a core that took.
    ///
    /// # Errors
    /// When it ends meanwhile.
    pub async fn wait(&mut self, name: &'static str, while_idle: Duration) -> Result<()> {
        // What was begun is let come to its end.
        tokio::time::sleep(Duration::from_secs(10)).await;
        let before = self.processes.used()?;
        tokio::time::sleep(while_idle).await;
        let used = self.processes.used()?.saturating_sub(before);
        let percent = 100.0 * used.as_secs_f64() / while_idle.as_secs_f64();
        self.figures.insert(name, percent);
        Ok(())
    }

    /// Goes to a page of the rail, where the window is left.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn go(&self, address: &str) -> Result<()> {
        self.window.go(address).await
    }

    /// Makes the window as large as the screen.
    ///
    /// # Errors
    /// When it does not let itself be made so.
    pub async fn fill_screen(&self) -> Result<()> {
        Ok(self.window.client.set_window_size(SCREEN.0, SCREEN.1).await?)
    }

    /// Closes the window and hands over what was measured.
    ///
    /// # Errors
    /// When it does not close.
    pub async fn close(self) -> Result<Figures> {
        self.window.close().await?;
        Ok(self.figures)
    }

    /// Makes the page ready to measure from the next event of a sort until an expression is true and painted.
    async fn arm(&self, begins: &str, is_there: &str) -> Result<()> {
        let script = include_str!("watch.js")
            .replace("IS_THERE", is_there)
            .replace("BEGINS", begins);
        self.window.client.execute(&script, vec![]).await?;
        Ok(())
    }

    /// What the page measured since, in milliseconds.
    async fn took(&self) -> Result<f64> {
        let wait = "const done = arguments[arguments.length - 1];
            const late = setTimeout(() => done(null), 25000);
            window.benched.then((took) => { clearTimeout(late); done(took); });";
        let took = self.window.client.execute_async(wait, vec![]).await?;
        let Some(took) = took.as_f64() else {
            let page = self
                .window
                .client
                .execute("return location.hash + document.body.innerText", vec![])
                .await?;
            bail!("it did not come in 25 s; there is {page}");
        };
        ensure!((0.0..60_000.0).contains(&took), "the page tells no time: {took}");
        Ok(took)
    }
}
