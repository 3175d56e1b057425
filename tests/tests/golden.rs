//! Files of every earlier schema open in this build: nothing is lost, nothing is written into the log, and work
//! goes on between them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use server::{Server, db};
use store::Store;
use wardroom_tests::golden::{Desktop, District, Kept, desktop_holds, folder, key, round, server_holds};
use wardroom_tests::smallest;

/// The folders whose names begin so, with the schema of what lies in them.
fn all(sort: &str) -> Vec<(i64, PathBuf)> {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name()?.to_str()?.strip_prefix(sort)?.to_owned();
            Some((name.parse().ok()?, path))
        })
        .collect();
    found.sort();
    found
}

fn copied(from: &Path, names: &[&str]) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for name in names {
        fs::copy(from.join(name), to.path().join(name)).unwrap();
    }
    to
}

fn kept<T: serde::de::DeserializeOwned>(from: &Path) -> Kept<T> {
    serde_json::from_slice(&fs::read(from.join("holds.json")).unwrap()).unwrap()
}

fn desktop(from: &Path) -> (tempfile::TempDir, PathBuf, Kept<Desktop>) {
    let folder = copied(from, &["ward.db"]);
    let path = folder.path().join("ward.db");
    (folder, path, kept(from))
}

#[test]
fn a_desktop_of_every_earlier_schema_opens_and_holds_what_it_held() -> Result<()> {
    let known = store::known_schema();
    let files = all("desktop-");
    assert!(!files.is_empty(), "the first schema has its file");
    for (schema, from) in files {
        let (folder, path, kept) = desktop(&from);
        let held = kept.holds;
        assert!(fs::metadata(&path)?.len() < 300_000, "a small file");
        let store = Store::open(&path, &key())?;
        assert_eq!(desktop_holds(&store)?, held, "schema {schema}");
        assert_eq!(store.verify()?, Vec::new(), "schema {schema}");
        store.check_file()?;
        drop(store);
        let before = folder.path().join(format!("ward.db.before-{known}"));
        assert_eq!(
            before.exists(),
            schema < known,
            "a copy is made before the tables change"
        );
        if schema < known {
            assert_eq!(desktop_holds(&Store::open(&path, &key())?)?, held, "and opens again");
        }
    }
    Ok(())
}

#[test]
fn a_server_of_every_earlier_schema_opens_and_holds_what_it_held() -> Result<()> {
    let known = db::known_schema();
    let files = all("server-");
    assert!(!files.is_empty(), "the first schema has its file");
    for (schema, from) in files {
        let folder = copied(&from, &["district.db", "master.key"]);
        let held = kept::<District>(&from).holds;
        let server = Server::open(folder.path(), smallest::config())?;
        assert_eq!(server_holds(&server)?, held, "schema {schema}");
        assert_eq!(server.db().faults()?, Vec::<String>::new());
        let before = folder.path().join(format!("district.db.before-{known}"));
        assert_eq!(
            before.exists(),
            schema < known,
            "a copy is made before the tables change"
        );
        server::backup::make(&server, &folder.path().join("backup"))?;
    }
    Ok(())
}

#[tokio::test]
async fn desktops_and_servers_of_all_schemas_go_on_with_each_other() -> Result<()> {
    let mut pairs = 0;
    for (_, from_server) in all("server-") {
        let folder = copied(&from_server, &["district.db", "master.key"]);
        let server = Server::open(folder.path(), smallest::config())?;
        for (schema, from) in all("desktop-") {
            let (_folder, path, kept_desktop) = desktop(&from);
            // One that lived with another server knows other changes under the same names.
            if kept_desktop.lived_with != kept::<District>(&from_server).lived_with {
                continue;
            }
            pairs += 1;
            let store = Arc::new(Store::open(&path, &key())?);
            assert!(kept_desktop.holds.unsent > 0, "something waits in it");
            while round(&store, &server).await? {}
            assert_eq!(store.unsent()?, 0, "schema {schema}");
            let spaces = store.spaces()?;
            let told = server_holds(&server)?;
            for space in spaces {
                let (_, head, _, digest) = &told.spaces[&space.space.to_string()];
                assert_eq!((space.cursor, &space.digest.0.to_string()), (*head, digest));
                assert!(!space.is_diverged);
            }
        }
    }
    assert!(pairs > 0, "some desktop lived with some server");
    Ok(())
}
