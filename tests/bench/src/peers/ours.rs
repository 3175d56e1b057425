//! Ours: a real district server and two real desks, each a process of its own.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::net::link::Link;

use super::records::Record;
use super::{Edits, Run, Wire, Work, peak_of};
use crate::figures::{Times, ms};
use crate::rounds::Figures;

/// One round on a new district.
///
/// # Errors
/// When something does not start, or not everything arrives.
pub async fn run(folder: &Path, Work { records, edits }: &Work) -> Result<Figures> {
    let district = District::new(&folder.join("server")).await?;
    let mut a = Desk::joined(&district, &folder.join("a"), "anju").await?;
    let mut b = Desk::joined(&district, &folder.join("b"), "biju").await?;
    a.wait_for(1).await?;
    let before = b.wait_for(1).await?;
    a.link.cut();
    b.link.cut();
    let as_of = a.ward.view("bed_board", Json::Null).await?.1;
    let drafts: Vec<Json> = records
        .iter()
        .map(|record| json!({ "kind": "patient", "id": record.id, "fields": record.fields }))
        .collect();
    a.ward
        .call("save_each", json!({ "drafts": drafts, "as_of": as_of }))
        .await?;

    let push = a.catches_up(&district, before).await?;
    let all = a.wait_for(before + records.len() as u64).await?;
    let run = Run {
        records: records.len(),
        push,
        pull: b.catches_up(&district, all).await?,
        edits: edit(&district, (&mut a, &mut b), records, edits).await?,
        memory_server: peak_of([district.process()])?,
        memory_client: peak_of([a.ward.process(), b.ward.process()])?,
    };
    Ok(run.figures())
}

/// Edits at one desk, one after another, each waited for at the other.
async fn edit(
    district: &District,
    (a, b): (&mut Desk, &mut Desk),
    records: &[Record],
    edits: &Edits,
) -> Result<(Times, Wire)> {
    let mut times = Times::default();
    tokio::time::sleep(edits.pause).await;
    let carried = |a: &Desk, b: &Desk| Wire::of(&[&a.link, &b.link], Some(requests(district)));
    let before = carried(a, b);
    let mut village = String::new();
    for (number, record) in records.iter().take(edits.count).enumerate() {
        let here = b.wait_for(0).await?;
        let as_of = a.ward.view("bed_board", Json::Null).await?.1;
        village = format!("Kalady {number}");
        let draft = json!({ "kind": "patient", "id": record.id, "fields": { "village": village } });
        let begun = Instant::now();
        let (saved, seen) = tokio::join!(a.ward.save(json!([draft]), as_of, &[]), b.wait_for(here + 1));
        times.add_ms(ms(begun.elapsed()));
        saved?;
        seen?;
        tokio::time::sleep(edits.pause).await;
    }
    let wire = carried(a, b).since(&before).of_each(edits.count);
    let last = records.iter().take(edits.count).next_back().context("no records")?;
    let shown = b.ward.view("patient", json!({ "id": last.id })).await?.0;
    ensure!(
        shown["fields"]["village"] == village.as_str(),
        "the other desk shows another village"
    );
    Ok((times, wire))
}

/// How many requests the server has answered.
fn requests(district: &District) -> usize {
    district.log().matches("a request").count()
}

struct Desk {
    ward: Ward,
    link: Link,
}

impl Desk {
    async fn joined(district: &District, folder: &Path, person: &str) -> Result<Desk> {
        let link = Link::new(district.address).await?;
        let mut ward = Ward::start_with(folder, &[("WARDROOM_TELLS_OWN", "no")])?;
        let code = district.invite().await?;
        let address = format!("https://{}", link.address);
        ward.call("join", json!({ "address": address, "code": code, "desk_name": person }))
            .await?;
        ward.call("sign_in", json!({ "username": person, "password": sample::PASSWORD }))
            .await?;
        Ok(Desk { ward, link })
    }

    /// Joins the link again and waits until everything that waits is there, and so much is here.
    async fn catches_up(&mut self, district: &District, numbers: u64) -> Result<(std::time::Duration, Wire)> {
        let before = Wire::of(&[&self.link], None);
        self.link.join(district.address);
        let begun = Instant::now();
        self.ward.call("sync_now", Json::Null).await?;
        self.wait_for(numbers).await?;
        let took = begun.elapsed();
        Ok((took, Wire::of(&[&self.link], None).since(&before)))
    }

    async fn wait_for(&mut self, numbers: u64) -> Result<u64> {
        let here = self.ward.call("wait_for", json!({ "numbers": numbers })).await?;
        here.as_u64().context("no number")
    }
}
