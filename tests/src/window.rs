//! The real window, driven through WebKitWebDriver on whatever display there is.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value as Json, json};

use crate::place::program;

/// How long a person would wait for something to appear.
const PATIENCE: Duration = Duration::from_secs(15);

/// One desktop in its window.
pub struct Window {
    pub client: Client,
    driver: Child,
}

impl Window {
    /// Opens the window of the desk in a folder.
    ///
    /// # Errors
    /// When there is no display, no driver, or the program ends at its start; its own words are in
    /// the error.
    pub async fn open(folder: &Path) -> Result<Window> {
        Window::open_program(folder, &program("wardroom")?, &[]).await
    }

    /// Opens the window of a program that lets itself be driven, with the desk in a folder if it is one of ours.
    ///
    /// # Errors
    /// As [`Window::open`].
    pub async fn open_program(folder: &Path, program: &Path, args: &[&str]) -> Result<Window> {
        ensure!(
            std::env::var_os("DISPLAY").is_some(),
            "there is no display: run under xvfb-run"
        );
        std::fs::create_dir_all(folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log_path = folder.join("window.log");
        let log = std::fs::File::create(&log_path)?;
        let mut driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WARDROOM_DATA_DIR", folder)
            .env("WARDROOM_KEY_STORE", "file")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("WebKitWebDriver is not installed")?;
        let connected = connect(port, &mut driver, program, args).await;
        match connected {
            Ok(client) => Ok(Window { client, driver }),
            Err(error) => {
                end(&mut driver);
                bail!("{error:#}\n{}", std::fs::read_to_string(log_path).unwrap_or_default())
            }
        }
    }

    /// The number of the program's process, as long as it runs.
    pub fn process(&self) -> Option<u32> {
        children_of(self.driver.id()).first().copied()
    }

    /// The memory of WebKit's processes that can be both written to and run: there a page that was taken over would put its program.
    ///
    /// # Errors
    /// When the program has none, or has ended.
    pub fn written_and_run(&self) -> Result<Vec<String>> {
        let children = children_of(self.process().context("the program has ended")?);
        ensure!(!children.is_empty(), "WebKit has no process of its own");
        let mut found = Vec::new();
        for process in children {
            let maps = std::fs::read_to_string(format!("/proc/{process}/maps"))?;
            let both = |line: &&str| line.split(' ').nth(1).is_some_and(|rights| rights.contains("wx"));
            found.extend(maps.lines().filter(both).map(str::to_owned));
        }
        Ok(found)
    }

    /// The element that a selector finds, once it is there.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn find(&self, css: &str) -> Result<Element> {
        self.appears(Locator::Css(css)).await
    }

    /// The element whose whole text is `text`, once it is there.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn find_text(&self, tag: &str, text: &str) -> Result<Element> {
        self.find_path(&of_text(tag, text)).await
    }

    /// The element that an XPath finds, once it is there.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn find_path(&self, path: &str) -> Result<Element> {
        self.appears(Locator::XPath(path)).await
    }

    /// What is drawn anew just while it is looked for is looked for again.
    async fn appears(&self, what: Locator<'_>) -> Result<Element> {
        let begun = Instant::now();
        loop {
            match self.client.find(what).await {
                Err(error) if error.is_no_such_element() || error.is_stale_element_reference() => {
                    ensure!(begun.elapsed() < PATIENCE, "not on the page: {what:?}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                found => return Ok(found?),
            }
        }
    }

    /// Clicks what an XPath finds, once it is there.
    ///
    /// # Errors
    /// When it does not appear, or something lies over it.
    pub async fn click_path(&self, path: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            match self.find_path(path).await?.click().await {
                // Drawn anew since it was found: nothing was clicked.
                Err(error) if error.is_stale_element_reference() && begun.elapsed() < PATIENCE => {}
                clicked => return clicked.map_err(|error| anyhow::anyhow!("cannot click {path}: {error:?}")),
            }
        }
    }

    /// Waits until a selector finds nothing any more.
    ///
    /// # Errors
    /// When it stays.
    pub async fn is_gone(&self, css: &str) -> Result<()> {
        self.vanishes("document.querySelector(arguments[0])", css).await
    }

    /// Waits until an XPath finds nothing any more.
    ///
    /// # Errors
    /// When it stays.
    pub async fn is_gone_path(&self, path: &str) -> Result<()> {
        self.vanishes(
            "document.evaluate(arguments[0], document, null, 9, null).singleNodeValue",
            path,
        )
        .await
    }

    /// Asks the page itself: a handle to what is just going away cannot be had.
    async fn vanishes(&self, first: &str, what: &str) -> Result<()> {
        let begun = Instant::now();
        let is_gone = format!("return {first} === null");
        while self.client.execute(&is_gone, vec![json!(what)]).await? != json!(true) {
            ensure!(begun.elapsed() < PATIENCE, "still on the page: {what}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Waits until a script answers that it is so.
    ///
    /// # Errors
    /// When it does not.
    pub async fn holds(&self, script: &str) -> Result<()> {
        let begun = Instant::now();
        while self.client.execute(script, vec![]).await? != json!(true) {
            ensure!(begun.elapsed() < PATIENCE, "it does not hold: {script}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Types keys to whatever has the focus.
    ///
    /// # Errors
    /// When nothing has it.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        Ok(self.client.active_element().await?.send_keys(keys).await?)
    }

    /// Presses the button that says `text`.
    ///
    /// # Errors
    /// When there is none.
    pub async fn press(&self, text: &str) -> Result<()> {
        self.click_path(&of_text("button", text)).await
    }

    /// Puts the focus into a field, with all that stands in it selected.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn select(&self, field: &Element) -> Result<()> {
        let ready = "arguments[0].focus(); arguments[0].select()";
        self.client.execute(ready, vec![serde_json::to_value(field)?]).await?;
        Ok(())
    }

    /// Types into the field with this id, in place of what stands there.
    ///
    /// # Errors
    /// When there is none.
    pub async fn fill(&self, id: &str, text: &str) -> Result<()> {
        let field = self.find(&format!("[id=\"{id}\"]")).await?;
        self.select(&field).await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// Waits until the page says `text` somewhere.
    ///
    /// # Errors
    /// When it does not.
    pub async fn says(&self, text: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let page = self.client.execute("return document.body.innerText", vec![]).await?;
            let page = page.as_str().unwrap_or_default().to_owned();
            if page.contains(text) {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < PATIENCE,
                "the page does not say {text:?}; it says:\n{page}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Goes to a page of the window.
    ///
    /// # Errors
    /// When the page has no heading.
    pub async fn go(&self, route: &str) -> Result<()> {
        self.client
            .execute("location.hash = arguments[0]", vec![json!(route)])
            .await?;
        self.find("main h1").await?;
        Ok(())
    }

    /// Keeps a picture of the window as it is painted now. The driver takes it after the next drawing, and without layers
    /// WebKit draws only what changed: a page at rest is let change, unseen, or it would wait until the minute is over.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        self.client.execute_async(include_str!("settle.js"), vec![]).await?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, self.client.screenshot().await?)?;
        Ok(())
    }

    /// The serious violations that axe finds on the page, as `rule: target`. React Aria's own hidden
    /// announcer is left out: it names what was there a moment ago.
    ///
    /// # Errors
    /// When axe is not installed or does not run.
    pub async fn violations(&self) -> Result<Vec<String>> {
        let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(axe).context("axe-core is not installed")?;
        self.client.execute(&source, vec![]).await?;
        let run = "const done = arguments[arguments.length - 1];
            window.axe.run({ exclude: [['[data-live-announcer]']] }, { resultTypes: ['violations'] }).then(
              (found) => done(found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
                .map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', '))),
              (error) => done(['axe: ' + error]));";
        let found: Json = self.client.execute_async(run, vec![]).await?;
        Ok(found
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|line| line.as_str().map(str::to_owned))
            .collect())
    }

    /// Closes the window.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn close(mut self) -> Result<()> {
        self.client.clone().close().await?;
        end(&mut self.driver);
        Ok(())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Ok(None) = self.driver.try_wait() {
            end(&mut self.driver);
        }
    }
}

/// WebKitWebDriver never answers when the program dies at its start, so that is watched too.
async fn connect(port: u16, driver: &mut Child, program: &Path, args: &[&str]) -> Result<Client> {
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        ensure!(begun.elapsed() < PATIENCE, "WebKitWebDriver does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": program, "args": args } });
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities.as_object().cloned().unwrap_or_default());
    let url = format!("http://127.0.0.1:{port}");
    tokio::select! {
        client = tokio::time::timeout(Duration::from_secs(60), builder.connect(&url)) => {
            Ok(client.context("the window does not open")??)
        }
        () = program_ended(driver.id()) => bail!("the program ended at its start"),
    }
}

async fn program_ended(driver: u32) {
    let mut seen = false;
    loop {
        let is_alive = |child: u32| {
            std::fs::read_to_string(format!("/proc/{child}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
        };
        let alive = children_of(driver).into_iter().any(is_alive);
        if seen && !alive {
            return;
        }
        seen |= alive;
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

fn children_of(process: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    children
        .split_whitespace()
        .filter_map(|child| child.parse().ok())
        .collect()
}

/// Ends the driver with the window and its web processes: they are one process group.
fn end(driver: &mut Child) {
    let group = format!("-{}", driver.id());
    let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
    let _ = driver.wait();
}

/// The XPath of the element whose whole text is `text`.
fn of_text(tag: &str, text: &str) -> String {
    format!("//{tag}[normalize-space(.)={}]", quoted(text))
}

fn quoted(text: &str) -> String {
    if text.contains('\'') {
        format!("\"{text}\"")
    } else {
        format!("'{text}'")
    }
}
