//! What is photographed: sign-in, then the pages a ward works on. The person is found on the page as people are, by name.

use super::desktops::Desktop;
use super::district::Person;
use super::webdriver::Window;
use crate::processes::wait_for;
use anyhow::{Context, Result};
use serde_json::Value;
use std::time::Duration;

/// Address after the `#`, and the picture's name.
const PAGES: &[(&str, &str)] = &[("/", "war-room"), ("/beds", "bed-board"), ("/triage", "triage")];
const PAGE_LIMIT: Duration = Duration::from_secs(30);
/// The first exchange with the district brings all that the facility has.
const JOIN_LIMIT: Duration = Duration::from_secs(120);

const FOCUS_USERNAME: &str = "
const field = document.getElementById('signin-username');
field?.focus();
return field !== null && document.activeElement === field;";

const FOCUS_PASSWORD: &str = "
const field = document.querySelector('input[type=password]');
field?.focus();
return field !== null && document.activeElement === field;";

const PASSWORD_GONE: &str = "return document.querySelector('input[type=password]') === null;";

/// The district's records have come: the board shows the hospital's beds.
const BEDS_ARE_THERE: &str = "return document.querySelectorAll('[data-bed]').length >= Number(arguments[0]);";

const GO: &str = "location.hash = '#' + arguments[0]; return true;";

/// A page is there when the address is its own, it has its title, and no grey lines stand for what is still coming.
const PAGE_READY: &str = "
return location.hash === '#' + arguments[0]
    && document.querySelector('main h1') !== null
    && document.querySelector('main .animate-pulse') === null;";

/// Waits for the sign-in page, photographs it, and signs in.
///
/// # Errors
/// With the step at which the window did not show what a person would look for.
pub fn sign_in(window: &Window, desktop: &Desktop, person: &Person) -> Result<()> {
    // On a computer where nobody has signed in yet, the username is typed.
    let username = wait_for(JOIN_LIMIT, || yes(window, FOCUS_USERNAME, ""))?;
    username.context("the sign-in page asks for no username")?;
    window.type_text(person.username)?;
    let field = wait_for(PAGE_LIMIT, || yes(window, FOCUS_PASSWORD, ""))?;
    field.context("the sign-in page asks for no password")?;
    keep_picture(window, desktop, "sign-in")?;
    window.type_text(person.password)?;
    // Enter, in WebDriver's own alphabet.
    window.type_text("\u{e007}")?;
    let signed_in = wait_for(PAGE_LIMIT, || yes(window, PASSWORD_GONE, ""))?;
    signed_in.context("the password did not open the ward")
}

/// Opens each page and photographs it.
///
/// # Errors
/// With the page that could not be opened.
pub fn visit_pages(window: &Window, desktop: &Desktop) -> Result<()> {
    window.run(GO, &["/beds"])?;
    let arrived = wait_for(JOIN_LIMIT, || yes(window, BEDS_ARE_THERE, "20"))?;
    arrived.context("the district's records do not arrive")?;
    for (address, page) in PAGES {
        window.run(GO, &[address])?;
        let ready = wait_for(PAGE_LIMIT, || yes(window, PAGE_READY, address))?;
        ready.with_context(|| format!("the page {page} does not finish loading"))?;
        keep_picture(window, desktop, page)?;
    }
    Ok(())
}

/// Keeps a picture of where the tour ended, and hands the reason on.
///
/// # Errors
/// Always: the reason.
pub fn show_problem(window: &Window, desktop: &Desktop, reason: anyhow::Error) -> Result<()> {
    match keep_picture(window, desktop, "problem") {
        Ok(()) => Err(reason),
        Err(second) => Err(reason.context(format!("and no picture of it: {second:#}"))),
    }
}

fn keep_picture(window: &Window, desktop: &Desktop, page: &str) -> Result<()> {
    let path = desktop.picture(page);
    window.picture(&path)?;
    println!("Picture           {}", desktop.short(&path));
    Ok(())
}

fn yes(window: &Window, body: &str, argument: &str) -> Result<Option<()>> {
    Ok((window.run(body, &[argument])? == Value::Bool(true)).then_some(()))
}
