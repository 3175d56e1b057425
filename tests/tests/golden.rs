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

use anyhow::{Context, Result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use server::db::Address;
use server::{Config, Server, db};
use store::Store;
use wardroom_tests::cluster::Cluster;
use wardroom_tests::golden::{Desktop, District, Kept, desktop_holds, folder, key, round, server_holds};
use wardroom_tests::smallest;

/// The folders whose names begin so, with the schema of what lies in them: one for each schema there ever was.
fn all(sort: &str, known: i64) -> Vec<(i64, PathBuf)> {
    let mut found: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name()?.to_str()?.strip_prefix(sort)?.to_owned();
            Some((name.parse().ok()?, path))
        })
        .collect();
    found.sort();
    let schemas: Vec<i64> = found.iter().map(|(schema, _)| *schema).collect();
    let every: Vec<i64> = (1..=known).collect();
    assert_eq!(schemas, every, "a file of every schema lies in tests/golden");
    found
}

fn desktops() -> Vec<(i64, PathBuf)> {
    all("desktop-", store::known_schema())
}

fn districts() -> Vec<(i64, PathBuf)> {
    all("server-", db::known_schema())
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
    for (schema, from) in desktops() {
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
    for (schema, from) in districts() {
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
    for (_, from_server) in districts() {
        let folder = copied(&from_server, &["district.db", "master.key"]);
        let server = Server::open(folder.path(), smallest::config())?;
        for (schema, from) in desktops() {
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

#[test]
fn a_database_of_every_earlier_schema_in_postgresql_opens_and_holds_what_it_held() -> Result<()> {
    let cluster = match Cluster::of_process() {
        Ok(cluster) => cluster,
        Err(why) => {
            println!("SKIPPED: {why}");
            return Ok(());
        }
    };
    let ask = |sql: &str| cluster.sql(sql).map_err(anyhow::Error::msg);
    let columns = |schema: &str| {
        ask(&format!(
            "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
             WHERE table_schema = '{schema}' ORDER BY table_name, column_name"
        ))
    };
    // What this version makes of nothing, to take the history of migrations and of the cluster from.
    let newest = cluster.schema().map_err(anyhow::Error::msg)?;
    db::Db::connect(&Address::read(&cluster.address(&newest)).context("an address")?)?;
    for (schema, from) in districts() {
        let place = in_postgres(cluster, schema, &from.join("district.db"), &newest)?;
        assert_eq!(
            ask(&format!("SELECT max(version) FROM {place}.refinery_schema_history"))?,
            schema.to_string()
        );
        let folder = copied(&from, &["master.key"]);
        let config = || Config {
            database: Address::read(&cluster.address(&place)),
            ..smallest::config()
        };
        let kept = kept::<District>(&from);
        for time in ["first", "second"] {
            let server = Server::open(folder.path(), config())?;
            assert_eq!(server_holds(&server)?, kept.holds, "schema {schema}, the {time} time");
        }
        assert_eq!(
            columns(&place)?,
            columns(&newest)?,
            "schema {schema} was brought up whole"
        );
        let server = Server::open(folder.path(), config())?;
        server.add_space(sync_core::SpaceId::Facility(uuid::Uuid::from_u128(0xfad)))?;
        let spaces = server_holds(&server)?.spaces.len();
        assert_eq!(
            spaces,
            kept.holds.spaces.len() + 1,
            "a new space has a number of its own"
        );
    }
    Ok(())
}

/// A place in PostgreSQL as a version with that schema left it, holding the rows that the file holds.
fn in_postgres(cluster: &Cluster, schema: i64, file: &Path, newest: &str) -> Result<String> {
    let place = cluster.schema().map_err(anyhow::Error::msg)?;
    // What refers to other rows is looked at when all are there.
    let settings = format!("SET search_path TO {place}; SET session_replication_role = replica;\n");
    let run = |script: &str| cluster.sql(&(settings.clone() + script)).map_err(anyhow::Error::msg);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/server-postgres");
    let migrations = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut migrations: Vec<PathBuf> = migrations.collect::<Result<_>>()?;
    migrations.sort();
    for migration in migrations.iter().take(usize::try_from(schema)?) {
        run(&fs::read_to_string(migration)?)?;
    }
    // The earlier versions noted the history of the cluster alone.
    run(&format!(
        "CREATE TABLE refinery_schema_history (LIKE {newest}.refinery_schema_history INCLUDING ALL);
         INSERT INTO refinery_schema_history SELECT * FROM {newest}.refinery_schema_history WHERE version <= {schema};
         INSERT INTO lineage SELECT substring(name FROM '^[^/]*/[^/]*') FROM {newest}.lineage"
    ))?;
    let file = Connection::open(file)?;
    let tables = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
                  AND name NOT IN ('sqlite_schema', 'refinery_schema_history')";
    let mut script = String::new();
    for table in texts(&file, tables)? {
        let columns = texts(&file, &format!("SELECT name FROM pragma_table_info('{table}')"))?;
        let insert = format!("INSERT INTO {table} ({}) VALUES", columns.join(", "));
        let mut rows = file.prepare(&format!("SELECT {} FROM {table}", columns.join(", ")))?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let cells = (0..columns.len()).map(|at| Ok(literal(row.get_ref(at)?)));
            let cells: Vec<String> = cells.collect::<Result<_>>()?;
            script += &format!("{insert} ({});\n", cells.join(", "));
            // What a command line holds is bounded.
            if script.len() > 50_000 {
                run(&std::mem::take(&mut script))?;
            }
        }
    }
    script += "SELECT setval(pg_get_serial_sequence('space', 'number'), (SELECT max(number) FROM space))";
    run(&script)?;
    Ok(place)
}

fn texts(file: &Connection, sql: &str) -> Result<Vec<String>> {
    Ok(file
        .prepare(sql)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

fn literal(cell: ValueRef<'_>) -> String {
    match cell {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => format!("'{}'", String::from_utf8_lossy(text).replace('\'', "''")),
        ValueRef::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("'\\x{hex}'")
        }
    }
}
