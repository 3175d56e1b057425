//! Where sticks lie that are plugged in. What cannot be read is passed over.

use std::path::{Path, PathBuf};

/// The most folders that are looked at.
const MOST: usize = 500;

/// The folders of the sticks that are plugged in, each with those inside it.
pub(crate) fn folders() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (place, depth) in places() {
        inside(&place, depth, &mut found);
    }
    found
}

/// Where this system shows sticks, and how deep below a folder of one lies at the most.
#[cfg(not(windows))]
fn places() -> Vec<(PathBuf, usize)> {
    // A stick is a folder there, or in a folder of the person who plugged it in.
    [("/media", 3), ("/run/media", 3), ("/mnt", 2), ("/Volumes", 2)]
        .map(|(place, depth)| (PathBuf::from(place), depth))
        .into()
}

/// Where this system shows sticks, and how deep below a folder of one lies at the most.
#[cfg(windows)]
fn places() -> Vec<(PathBuf, usize)> {
    (b'D'..=b'Z')
        .map(|letter| (PathBuf::from(format!("{}:\\", char::from(letter))), 1))
        .collect()
}

/// The folder and those inside it, nearest first; no link is followed.
fn inside(place: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    let mut level = vec![place.to_owned()];
    for _ in 0..=depth {
        let mut next = Vec::new();
        for folder in level {
            if found.len() == MOST {
                return;
            }
            let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
            next.extend(folders.map(|entry| entry.path()).take(MOST));
            found.push(folder);
        }
        level = next;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn folders_are_found_as_deep_as_asked_and_no_link_is_followed() {
        let place = tempfile::tempdir().unwrap();
        let deepest = place.path().join("anju/STICK/records/deeper");
        std::fs::create_dir_all(&deepest).unwrap();
        std::fs::write(place.path().join("file"), b"").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&deepest, place.path().join("link")).unwrap();
        let mut found = Vec::new();
        inside(place.path(), 3, &mut found);
        let below: Vec<_> = found
            .iter()
            .map(|folder| folder.strip_prefix(place.path()).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(below, ["", "anju", "anju/STICK", "anju/STICK/records"]);
    }

    #[test]
    fn a_drive_full_of_folders_is_not_searched_to_its_end() {
        let place = tempfile::tempdir().unwrap();
        for number in 0..MOST + 10 {
            std::fs::create_dir(place.path().join(number.to_string())).unwrap();
        }
        let mut found = Vec::new();
        inside(place.path(), 3, &mut found);
        assert_eq!(found.len(), MOST);
    }
}
