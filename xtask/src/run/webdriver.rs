//! A window driven from outside: WebKitWebDriver, and as much of WebDriver's HTTP as pictures need.

use crate::processes::{Tied, children_of, wait_for};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ANSWER_LIMIT: Duration = Duration::from_secs(60);
/// How long the driver may be without the program it drives; starting it takes a moment.
const GONE_LIMIT: Duration = Duration::from_secs(2);

/// A page is painted later than it is changed: fonts, two frames and a moment have to pass.
const PAINTED: &str = include_str!("../../../tests/src/settle.js");

/// One window and its driver: a driver drives only one.
pub struct Window {
    driver: Tied,
    port: u16,
    session: String,
    log: PathBuf,
}

impl Window {
    /// Starts the driver, and through it the program, which gets the driver's environment.
    ///
    /// # Errors
    /// With the words of the program when it ends at its start.
    pub fn open(mut driver: Command, program: &Path, log: &Path) -> Result<Self> {
        let port = free_port()?;
        let words = std::fs::File::create(log)?;
        driver
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words);
        let mut driver = Tied::start(&mut driver)?;
        let listens = wait_for(Duration::from_secs(10), || {
            if let Some(status) = driver.ended()? {
                bail!("WebKitWebDriver ended ({status})");
            }
            Ok(TcpStream::connect(("127.0.0.1", port)).ok())
        })?;
        drop(listens.context("WebKitWebDriver did not listen in 10 s")?);
        let mut window = Self {
            driver,
            port,
            session: String::new(),
            log: log.to_owned(),
        };
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program, "args": []},
        }}});
        let session = window.ask("POST", "/session", &wanted)?;
        let id = session.get("sessionId").and_then(Value::as_str);
        window.session = id.context("WebKitWebDriver named no session")?.to_owned();
        Ok(window)
    }

    /// Runs a function body in the page; `arguments` are its arguments.
    ///
    /// # Errors
    /// With what the page threw.
    pub fn run(&self, body: &str, arguments: &[&str]) -> Result<Value> {
        self.in_session("execute/sync", &json!({"script": body, "args": arguments}))
    }

    /// Keeps a picture of the window as it is now.
    ///
    /// # Errors
    /// When the window gives none or it cannot be written.
    pub fn picture(&self, path: &Path) -> Result<()> {
        self.in_session("execute/async", &json!({"script": PAINTED, "args": []}))?;
        let address = format!("/session/{}/screenshot", self.session);
        let picture = self.ask("GET", &address, &Value::Null)?;
        let letters = picture.as_str().context("the picture is no text")?;
        let bytes = from_base64(letters).context("the picture is no base64")?;
        std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Types into the element that has the focus.
    ///
    /// # Errors
    /// When nothing has it.
    pub fn type_text(&self, text: &str) -> Result<()> {
        let address = format!("/session/{}/element/active", self.session);
        let element = self.ask("GET", &address, &Value::Null)?;
        let id = element.as_object().and_then(|one| one.values().next());
        let id = id.and_then(Value::as_str).context("no element has the focus")?;
        self.in_session(&format!("element/{id}/value"), &json!({"text": text}))?;
        Ok(())
    }

    /// Ends the program as closing its window does.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub fn close(self) -> Result<()> {
        self.ask("DELETE", &format!("/session/{}", self.session), &Value::Null)?;
        Ok(())
    }

    fn in_session(&self, what: &str, body: &Value) -> Result<Value> {
        self.ask("POST", &format!("/session/{}/{what}", self.session), body)
    }

    /// One question and its answer. The driver never answers for a program that died, so that is watched too.
    fn ask(&self, verb: &str, path: &str, body: &Value) -> Result<Value> {
        let body = match body {
            Value::Null => String::new(),
            some => some.to_string(),
        };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_millis(100)))?;
        write!(
            stream,
            "{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let started = Instant::now();
        let mut last_alive = started;
        let mut answer = Vec::new();
        let mut part = [0_u8; 64 * 1024];
        loop {
            match stream.read(&mut part) {
                Ok(0) => break,
                Ok(count) => answer.extend(part.iter().take(count)),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if !children_of(self.driver.id()).is_empty() {
                        last_alive = Instant::now();
                    } else if last_alive.elapsed() > GONE_LIMIT && verb != "DELETE" {
                        bail!("the desktop ended by itself:\n{}", self.words());
                    }
                    if started.elapsed() > ANSWER_LIMIT {
                        bail!("no answer to {verb} {path} in {ANSWER_LIMIT:?}:\n{}", self.words());
                    }
                }
                Err(error) => return Err(error.into()),
            }
            if is_whole(&answer) {
                break;
            }
        }
        read_answer(&answer).with_context(|| format!("{verb} {path}"))
    }

    fn words(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn split(answer: &[u8]) -> Option<(String, &[u8])> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(answer.get(..end)?).into_owned();
    Some((head, answer.get(end + 4..)?))
}

fn is_whole(answer: &[u8]) -> bool {
    let Some((head, body)) = split(answer) else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_some_and(|length| body.len() >= length)
}

/// The `value` of WebDriver's answer, or its error as an error.
fn read_answer(answer: &[u8]) -> Result<Value> {
    let (_, body) = split(answer).context("the driver closed without an answer")?;
    let body: Value = serde_json::from_slice(body).context("the driver answered no JSON")?;
    let value = body.get("value").cloned().unwrap_or(Value::Null);
    if let Some(error) = value.get("error").and_then(Value::as_str) {
        let message = value.get("message").and_then(Value::as_str);
        bail!("{error}: {}", message.unwrap_or_default());
    }
    Ok(value)
}

fn from_base64(letters: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for letter in letters.bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_its_filling() {
        for (letters, expected) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v\nYmFy", "foobar")] {
            assert_eq!(from_base64(letters).as_deref(), Some(expected.as_bytes()), "{letters}");
        }
        assert_eq!(from_base64("Zm9*"), None);
    }

    #[test]
    fn an_answer_is_whole_when_it_is_as_long_as_it_says() {
        let whole = b"HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{\"value\":\"a\"}";
        assert!(is_whole(whole));
        assert!(!is_whole(whole.get(..45).unwrap_or_default()));
        assert!(!is_whole(b"HTTP/1.1 200 OK\r\n"));
        assert_eq!(read_answer(whole).ok(), Some(json!("a")));
    }

    #[test]
    fn the_drivers_error_becomes_ours() {
        let answer = b"HTTP/1.1 404 Not Found\r\n\r\n{\"value\":{\"error\":\"no such element\",\"message\":\"#x\"}}";
        let error = read_answer(answer).map_err(|error| error.to_string());
        assert_eq!(error, Err("no such element: #x".to_owned()));
    }
}
