//! Nothing personal stands open in any column of any table.

use std::collections::{BTreeMap, BTreeSet};

use crate::rig::*;
use domain::check::Draft;
use domain::{Time, Value};
use sync_core::entry::SignIn;

/// Shorter words may stand in random bytes by chance.
const SHORTEST: usize = 7;

/// What people typed: names, phones, words.
fn texts(drafts: &[Draft]) -> BTreeSet<String> {
    let values = drafts.iter().flat_map(|draft| draft.fields.values());
    let texts = values.filter_map(|value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    texts.filter(|text| text.len() >= SHORTEST).collect()
}

/// Every column of every table, all its rows one after another.
fn columns(rig: &Rig) -> BTreeMap<String, Vec<u8>> {
    match database_of(rig) {
        Some((cluster, schema)) => columns_in_postgres(cluster, &schema),
        None => columns_in_file(rig),
    }
}

fn columns_in_postgres(cluster: &cluster::Cluster, schema: &str) -> BTreeMap<String, Vec<u8>> {
    let listed = format!(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = '{schema}'"
    );
    let mut columns = BTreeMap::new();
    for line in cluster.sql(&listed).unwrap().lines() {
        let [table, column, form] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("an odd line: {line}")
        };
        // Bytes are told as hex, everything else as it reads.
        let told = cluster
            .sql(&format!("SELECT \"{column}\" FROM {schema}.\"{table}\""))
            .unwrap();
        let bytes = match form {
            "bytea" => told.lines().flat_map(unhexed).collect(),
            _ => told.into_bytes(),
        };
        columns.insert(format!("{table}.{column}"), bytes);
    }
    columns
}

fn unhexed(line: &str) -> Vec<u8> {
    let digits = line.trim_start_matches("\\x").as_bytes();
    let pairs = digits.chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

fn columns_in_file(rig: &Rig) -> BTreeMap<String, Vec<u8>> {
    let conn = rusqlite::Connection::open(rig.dir().join("district.db")).unwrap();
    let sql = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'";
    let mut statement = conn.prepare(sql).unwrap();
    let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let names: Vec<(String, String)> = names.map(Result::unwrap).collect();
    let mut columns = BTreeMap::new();
    for (table, column) in names {
        let sql = format!("SELECT CAST(\"{column}\" AS BLOB) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL");
        let mut statement = conn.prepare(&sql).unwrap();
        let cells = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        let bytes = cells.flat_map(Result::unwrap).collect();
        columns.insert(format!("{table}.{column}"), bytes);
    }
    columns
}

#[tokio::test(flavor = "multi_thread")]
async fn no_column_of_any_table_holds_what_a_person_typed() {
    let rig = Rig::new();
    let sample = sample::district(sample::SEED, Time(BEGIN_MS), sample::Size::SMALL);
    let mut desk = rig.desk(rig.here);
    let (mut typed, district) = (BTreeSet::new(), rig.server.district());
    let facility = &sample.facilities[0];
    for action in facility.actions.iter().take(120) {
        typed.extend(texts(action));
        desk.write(action.clone());
    }
    // What is parked too: of somebody nobody knows, and of a kind that is no word.
    let (space, stranger) = (desk.space, new_id());
    for action in facility.actions.iter().skip(120).take(40) {
        typed.extend(texts(action));
        desk.write_as(space, stranger, action.clone(), &[]);
    }
    let odd = Draft::new("Kamala Devi\u{0} of ward 3", new_id()).with_value("name", Value::Text("Kamala Devi".into()));
    desk.write(vec![odd]);
    typed.extend([
        "Kamala Devi".to_owned(),
        "ward 3".to_owned() + " of",
        SECRET_NAME.to_owned(),
        PASSWORD.to_owned(),
    ]);
    let mut parked = 0;
    for first in (1..=desk.changes.len()).step_by(100) {
        let last = (first + 99).min(desk.changes.len());
        parked += receipt(rig.push(&desk, desk.batch(first, last)).await).2.len();
    }
    let people: Vec<Draft> = sample
        .actions
        .iter()
        .flatten()
        .filter(|draft| draft.kind == "person")
        .cloned()
        .collect();
    typed.extend(texts(&people));
    rig.server.author(district, vec![people]).unwrap();
    let device = rig.server.device(desk.id).unwrap().unwrap();
    for (username, password) in [
        ("lakshmi", PASSWORD),
        ("lakshmi", "Kamala Devi"),
        ("Kamala Devi", PASSWORD),
    ] {
        let (username, password) = (username.to_owned(), password.to_owned());
        let asked = SignIn::new(&username, &password);
        rig.server.sign_in(&device, &asked).unwrap();
    }
    rig.server
        .invite(rig.here.facility, "Kamala Devi", "Kamala Devi")
        .unwrap();

    assert!(
        parked > 40 && typed.len() > 60,
        "{parked} parked, {} texts",
        typed.len()
    );
    let columns = columns(&rig);
    assert!(
        columns.len() > 60 && !columns["change.sealed_body"].is_empty() && !columns["parked.sealed_body"].is_empty()
    );
    for (name, bytes) in &columns {
        let held = String::from_utf8_lossy(bytes);
        let found: Vec<&String> = typed.iter().filter(|text| held.contains(text.as_str())).collect();
        assert!(found.is_empty(), "{name} holds {found:?}");
    }
}
