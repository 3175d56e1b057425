//! The system packages: which are needed for what, which are missing, and getting them on Debian and its kin.

use super::Purpose;
use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::process::Command;

struct Package {
    name: &'static str,
    needed_from: Purpose,
    what_for: &'static str,
}

const fn package(name: &'static str, needed_from: Purpose, what_for: &'static str) -> Package {
    Package {
        name,
        needed_from,
        what_for,
    }
}

const PACKAGES: &[Package] = &[
    package("build-essential", Purpose::Simulation, "C compiler and linker"),
    package("pkg-config", Purpose::Simulation, "finds the system's libraries"),
    package("libssl-dev", Purpose::Simulation, "ciphers of the encrypted file"),
    package("libwebkit2gtk-4.1-dev", Purpose::Story, "the window"),
    package("fonts-noto-core", Purpose::VirtualWindow, "Malayalam letters"),
    package("webkit2gtk-driver", Purpose::VirtualWindow, "drives the window"),
    package("xvfb", Purpose::VirtualWindow, "a virtual display"),
    package("postgresql", Purpose::Bench, "the server's other database"),
    package("dbus", Purpose::Test, "a private bus for the key store"),
    package("gnome-keyring", Purpose::Test, "a real key store"),
    package("valgrind", Purpose::Test, "counts instructions"),
    package("faketime", Purpose::Test, "a clock that is years off"),
    package("chromium-headless-shell", Purpose::Test, "quick checks of the pages"),
];

/// Installs the packages that are missing, as root or through sudo, and says which.
///
/// # Errors
/// When they cannot be installed from here; the message holds the command that would.
pub fn install_missing(purpose: Purpose) -> Result<()> {
    let needed: Vec<&Package> = PACKAGES
        .iter()
        .filter(|package| package.needed_from <= purpose)
        .collect();
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !is_there("dpkg-query") || !is_there("apt-get") {
        println!("This is no Debian, so nothing is installed here. Needed, by its Debian names:");
        list(&needed);
        return Ok(());
    }
    let installed = installed(&needed)?;
    let missing: Vec<&Package> = needed
        .into_iter()
        .filter(|package| !installed.contains(package.name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {} Debian packages:", missing.len());
    list(&missing);
    apt_get(&["update", "-qq"], &missing)?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(missing.iter().map(|package| package.name));
    apt_get(&install, &missing)
}

fn list(packages: &[&Package]) {
    for package in packages {
        println!("  {:<26} {}", package.name, package.what_for);
    }
}

fn installed(packages: &[&Package]) -> Result<BTreeSet<String>> {
    let answer = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\\n"])
        .args(packages.iter().map(|package| package.name))
        .output()
        .context("cannot ask dpkg-query what is installed")?;
    Ok(read_installed(&String::from_utf8_lossy(&answer.stdout)))
}

fn read_installed(answer: &str) -> BTreeSet<String> {
    answer
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .map(str::to_owned)
        .collect()
}

fn apt_get(arguments: &[&str], missing: &[&Package]) -> Result<()> {
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let by_hand = format!("sudo apt-get install --no-install-recommends {}", names.join(" "));
    let quietly = "DEBIAN_FRONTEND=noninteractive";
    let mut command = if is_root()? {
        Command::new("env")
    } else if is_there("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.arg("env");
        sudo
    } else {
        bail!("We are not root and there is no sudo. As root, run:\n  {by_hand}");
    };
    let status = command
        .args([quietly, "apt-get"])
        .args(arguments)
        .status()
        .context("cannot start apt-get")?;
    if !status.success() {
        bail!("apt-get failed; what it says above tells why. By hand:\n  {by_hand}");
    }
    Ok(())
}

fn is_root() -> Result<bool> {
    let answer = Command::new("id").arg("-u").output()?;
    Ok(answer.stdout.trim_ascii() == b"0")
}

fn is_there(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_package_that_is_wholly_installed_counts() {
        let answer = "xvfb installed\ndbus config-files\nlibssl-dev half-installed\n";
        assert_eq!(read_installed(answer), BTreeSet::from(["xvfb".to_owned()]));
    }

    #[test]
    fn a_window_on_a_real_display_needs_no_virtual_one() {
        let names: Vec<&str> = PACKAGES
            .iter()
            .filter(|package| package.needed_from <= Purpose::Window)
            .map(|package| package.name)
            .collect();
        assert!(names.contains(&"libwebkit2gtk-4.1-dev"));
        assert!(!names.contains(&"xvfb"));
    }
}
