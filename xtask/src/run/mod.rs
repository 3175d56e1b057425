//! `cargo xtask run`: a district server with a sample district, and ward desktops on it, to look at and try.

mod desktops;
pub mod display;
mod district;
mod tour;
mod webdriver;

use crate::place::Place;
use crate::processes::wait_for;
use crate::setup::{self, Purpose};
use anyhow::Result;
use desktops::Desktop;
use display::VirtualDisplay;
use district::District;
use std::time::{Duration, Instant};

/// How `cargo xtask run` was called.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// How many ward desktops, from 1.
    pub desktops: u8,
    /// Cut the network once the desktops are in.
    pub offline: bool,
    /// Without a display: go on after the pictures, until Ctrl-C.
    pub keep: bool,
}

/// Sets up, starts everything, and ends everything it started.
///
/// # Errors
/// With what could not be set up, built, started or reached.
pub fn run(place: &Place, options: &Options) -> Result<()> {
    let started = Instant::now();
    let on_display = display::is_there();
    let purpose = match on_display {
        true => Purpose::Window,
        false => Purpose::VirtualWindow,
    };
    setup::prepare(place, purpose)?;
    clear_earlier(place)?;
    let mut district = District::start(place)?;
    println!("District server   {}", district.address());
    println!("Log               {}", place.short(&district.log()));
    let mut desktops = Vec::new();
    for number in 1..=options.desktops {
        desktops.push(Desktop::prepare(place, &district, number)?);
    }
    let person = district.person();
    println!("Sign in as        {}", person.name);
    println!("Password          {}", person.password);
    println!("Ready after       {:.1} s", started.elapsed().as_secs_f64());
    println!();
    if on_display {
        open_windows(&mut district, desktops, options.offline)
    } else {
        photograph_windows(place, &mut district, desktops, options)
    }
}

/// Removes what an earlier run left, but for the sample: an old picture must not pass for a new one.
fn clear_earlier(place: &Place) -> Result<()> {
    for entry in std::fs::read_dir(place.folder("run")?)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("sample-") {
            continue;
        }
        if path.is_dir() {
            std::fs::remove_dir_all(&path)?;
        } else {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Opens the windows and stays until the last is closed.
fn open_windows(district: &mut District, desktops: Vec<Desktop>, offline: bool) -> Result<()> {
    let mut open = Vec::new();
    for desktop in &desktops {
        open.push(desktop.open()?);
    }
    println!("Close the window, or press Ctrl-C here, to end everything.");
    if offline {
        district.wait_until_joined(open.len(), Duration::from_secs(60))?;
        district.stop();
        println!("The network is cut: the district server is stopped.");
    }
    until(|| {
        let mut still_open = Vec::new();
        for mut window in open.drain(..) {
            if window.ended()?.is_none() {
                still_open.push(window);
            }
        }
        open = still_open;
        Ok(open.is_empty())
    })
}

/// Drives the same windows on a virtual display and keeps pictures of them.
fn photograph_windows(place: &Place, district: &mut District, desktops: Vec<Desktop>, options: &Options) -> Result<()> {
    println!("There is no display here (DISPLAY is not set), so the window opens on a virtual one");
    println!("and is photographed.");
    let display = VirtualDisplay::start(place)?;
    let mut windows = Vec::new();
    for desktop in &desktops {
        let window = desktop.drive(&display)?;
        tour::sign_in(&window, desktop, district.person())
            .or_else(|error| tour::show_problem(&window, desktop, error))?;
        windows.push((window, desktop));
    }
    if options.offline {
        district.stop();
        println!("The network is cut: the district server is stopped.");
    }
    for (window, desktop) in &windows {
        tour::visit_pages(window, desktop).or_else(|error| tour::show_problem(window, desktop, error))?;
    }
    if options.keep {
        println!("Everything keeps running on {}; Ctrl-C ends it.", display.name());
        let mut district_ended = || district.has_ended();
        until(|| Ok(!options.offline && district_ended()?))?;
    }
    for (window, _) in windows {
        window.close()?;
    }
    println!("Ended everything that was started.");
    Ok(())
}

/// Waits for something to be so, or for the command that started us to be gone.
fn until(mut is_so: impl FnMut() -> Result<bool>) -> Result<()> {
    let starter = parent();
    let forever = Duration::from_secs(u64::from(u32::MAX));
    wait_for(forever, || {
        std::thread::sleep(Duration::from_millis(200));
        Ok((is_so()? || parent() != starter).then_some(()))
    })?;
    Ok(())
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}
