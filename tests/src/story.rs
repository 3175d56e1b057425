//! The story: two desks work offline, the server and a desk lose power, all come back, and nothing
//! is lost, nothing overwritten, one disagreement shown to people on both desks. Every figure is
//! counted from all three stores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::compare::{caught_up, compared, spaces_of, text};
use crate::district::District;
use crate::headless::Ward;
use crate::net::link::Link;

/// What the story found, counted from the stores themselves.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Changes that desks said were saved.
    pub saved: u64,
    /// Of these, changes that are missing in one of the three stores, after all came back and again
    /// after the resolution.
    pub lost: u64,
    /// Open conflicts, the same number on both desks and on the server, before one was resolved.
    pub conflicts: u64,
    /// Both spaces have one digest on all three, after all came back and again after the resolution.
    pub digests_equal: bool,
    pub seconds: f64,
}

/// Tells the whole story in a folder.
///
/// # Errors
/// At the first thing that is not as it should be.
pub async fn tell(folder: &Path, mut say: impl FnMut(&str)) -> Result<Told> {
    let begun = Instant::now();
    let mut district = District::new(&folder.join("server")).await?;
    let (link_a, link_b) = (Link::new(district.address).await?, Link::new(district.address).await?);
    let mut a = joined(&district, &link_a, &folder.join("a"), "anju").await?;
    let mut b = joined(&district, &link_b, &folder.join("b"), "biju").await?;
    caught_up(&mut a).await?;
    caught_up(&mut b).await?;
    say("two desks joined the district and hold the ward");

    link_a.cut();
    link_b.cut();
    let plan = plan(&mut a).await?;
    work_on_a(&mut a, &plan).await?;
    work_on_b(&mut b, &plan).await?;
    say("both worked without the network");

    let killed_b = b.kill().await?;
    link_a.join(district.address);
    a.call("sync_now", Json::Null).await?;
    district.kill().await?;
    link_a.cut();
    say("a desk lost power right after a save, the server while the other was sending");
    let mut b = Ward::start(&folder.join("b"))?;
    sign_in(&mut b, "biju").await?;
    district.serve().await?;
    link_a.join(district.address);
    link_b.join(district.address);
    say("all came back");

    let before = compared(&district, &mut a, &mut b, &killed_b).await?;
    everything_shows(&mut a, &plan).await?;
    everything_shows(&mut b, &plan).await?;
    let conflicts = agree_on(&district, &mut a, &mut b, &plan).await?;
    say("everything is on all three; one disagreement is shown on both desks");

    resolve_on_a(&mut a).await?;
    let after = compared(&district, &mut a, &mut b, &killed_b).await?;
    ensure!(
        after.saved == before.saved + 1,
        "the resolution is not a change of its own"
    );
    all_are_resolved(&district, &mut a, &mut b, &plan).await?;
    say("one decided, all three hold the decision");
    Ok(Told {
        saved: after.saved,
        lost: before.lost.max(after.lost),
        conflicts,
        digests_equal: before.digests_equal && after.digests_equal,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

const NEW_PATIENT: &str = "Kamala Devi";

/// Who and what the story is about.
struct Plan {
    /// Whose phone both edit.
    patient: String,
    moved: String,
    discharged: String,
    /// The bed of the one who is discharged.
    left_bed: String,
    free_beds: Vec<String>,
    item: String,
    today: String,
    balance: f64,
}

async fn joined(district: &District, link: &Link, folder: &Path, person: &str) -> Result<Ward> {
    let mut ward = Ward::start(folder)?;
    let address = format!("https://{}", link.address);
    let code = district.invite().await?;
    ward.call("join", json!({ "address": address, "code": code, "desk_name": person }))
        .await?;
    sign_in(&mut ward, person).await?;
    Ok(ward)
}

async fn sign_in(ward: &mut Ward, person: &str) -> Result<()> {
    ward.call("sign_in", json!({ "username": person, "password": sample::PASSWORD }))
        .await?;
    Ok(())
}

async fn plan(ward: &mut Ward) -> Result<Plan> {
    let board = ward.view("bed_board", Json::Null).await?.0;
    let mut lying = Vec::new();
    let mut free_beds = Vec::new();
    for bed in board["wards"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|ward| ward["beds"].as_array())
        .flatten()
    {
        match bed["status"].as_str() {
            Some("occupied") => lying.push((bed["occupant"]["patient"].clone(), text(&bed["id"])?)),
            Some("free") => free_beds.push(text(&bed["id"])?),
            _ => {}
        }
    }
    ensure!(
        lying.len() >= 3 && free_beds.len() >= 2,
        "the sample has too few people or beds"
    );
    let stock = ward.view("stock", Json::Null).await?.0;
    let rows = stock.as_array().context("stock is a list")?;
    let balance = |row: &Json| {
        row["balance"]
            .as_str()
            .and_then(|text| text.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    let fullest = rows
        .iter()
        .max_by(|x, y| balance(x).total_cmp(&balance(y)))
        .context("no items")?;
    let month = ward.view("war_room", Json::Null).await?.0;
    let today = text(
        &month["trend"]
            .as_array()
            .and_then(|days| days.last())
            .context("no trend")?["day"],
    )?;
    Ok(Plan {
        patient: text(&lying[0].0["patient"])?,
        moved: text(&lying[1].0["encounter"])?,
        discharged: text(&lying[2].0["encounter"])?,
        left_bed: lying[2].1.clone(),
        free_beds,
        item: text(&fullest["item"])?,
        today,
        balance: balance(fullest),
    })
}

async fn work_on_a(a: &mut Ward, plan: &Plan) -> Result<()> {
    let as_of = a.view("patient", json!({ "id": plan.patient })).await?.1;
    let fields = json!({ "name": NEW_PATIENT, "gender": "female", "birth_year": 1959 });
    let new = a
        .save(json!([{ "kind": "patient", "id": null, "fields": fields }]), as_of, &[])
        .await?;
    let fields = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
    a.act(
        "admit",
        json!({ "patient": new["ids"][0], "bed": plan.free_beds[0], "at": null, "fields": fields }),
    )
    .await?;
    a.act(
        "transfer",
        json!({ "encounter": plan.moved, "bed": plan.free_beds[1], "at": null, "clean": true }),
    )
    .await?;
    give_out(a, plan, "5").await?;
    let facility = text(&a.call("status", Json::Null).await?["facility"])?;
    let counts = json!({ "facility": facility, "day": plan.today, "shift": "morning", "visited": 31, "referred": 2 });
    a.save(
        json!([{ "kind": "triage", "id": null, "fields": counts }]),
        as_of,
        &["day", "shift", "visited"],
    )
    .await?;
    let phone = json!({ "phone": "+919876500001" });
    a.save(
        json!([{ "kind": "patient", "id": plan.patient, "fields": phone }]),
        as_of,
        &[],
    )
    .await?;
    Ok(())
}

async fn work_on_b(b: &mut Ward, plan: &Plan) -> Result<()> {
    let as_of = b.view("patient", json!({ "id": plan.patient })).await?.1;
    let fields = json!({ "discharge_reason": "recovered" });
    b.act(
        "discharge",
        json!({ "encounter": plan.discharged, "at": null, "clean": true, "fields": fields }),
    )
    .await?;
    let fields = json!({ "phone": "+919876500002", "address": "Puthenpurackal House, Aluva" });
    b.save(
        json!([{ "kind": "patient", "id": plan.patient, "fields": fields }]),
        as_of,
        &[],
    )
    .await?;
    give_out(b, plan, "7").await
}

async fn give_out(ward: &mut Ward, plan: &Plan, quantity: &str) -> Result<()> {
    let as_of = ward.view("stock", Json::Null).await?.1;
    let now_ms = ward
        .view("war_room", Json::Null)
        .await
        .map(|_| desk::net::link::wall_ms())?;
    let fields = json!({ "item": plan.item, "movement": "issue", "at": now_ms, "quantity": quantity });
    ward.save(
        json!([{ "kind": "stock_entry", "id": null, "fields": fields }]),
        as_of,
        &["quantity"],
    )
    .await?;
    Ok(())
}

/// The open conflicts that the server counts in these spaces.
async fn conflicts_of_server(district: &District, spaces: &BTreeSet<String>) -> Result<u64> {
    let told = district.run(&["digest"]).await?;
    let all = told["spaces"].as_array().context("the server tells its spaces")?;
    let own = all
        .iter()
        .filter(|space| space["space"].as_str().is_some_and(|name| spaces.contains(name)));
    Ok(own.filter_map(|space| space["conflicts"].as_u64()).sum())
}

async fn open_conflicts(ward: &mut Ward) -> Result<Vec<Json>> {
    let inbox = ward.view("inbox", Json::Null).await?.0;
    Ok(inbox["fields"].as_array().cloned().unwrap_or_default())
}

/// What both did shows on a desk: who lies where, and the morning's figures.
async fn everything_shows(ward: &mut Ward, plan: &Plan) -> Result<()> {
    let board = ward.view("bed_board", Json::Null).await?.0;
    let mut lying = BTreeMap::new();
    let wards = board["wards"].as_array().into_iter().flatten();
    for bed in wards.flat_map(|ward| ward["beds"].as_array()).flatten() {
        lying.insert(text(&bed["id"])?, bed["occupant"]["patient"].clone());
    }
    let at = |bed: &str| lying.get(bed).cloned().unwrap_or_default();
    let admitted = at(&plan.free_beds[0]);
    ensure!(
        admitted["name"] == NEW_PATIENT,
        "the admission is not there: {admitted}"
    );
    let moved = at(&plan.free_beds[1]);
    ensure!(
        moved["encounter"] == plan.moved.as_str(),
        "the transfer is not there: {moved}"
    );
    ensure!(at(&plan.left_bed).is_null(), "the discharged patient is still in bed");
    let args = json!({ "day": plan.today, "shift": "morning" });
    let form = ward.view("triage_form", args).await?.0;
    let filed = form["standing"].as_array().cloned().unwrap_or_default();
    ensure!(
        filed.iter().any(|entry| entry["visited"] == 31),
        "the morning's figures are not there: {filed:?}"
    );
    Ok(())
}

/// All three count the same conflicts; both desks show the merged address, both phones in one
/// conflict, the right stock.
async fn agree_on(district: &District, a: &mut Ward, b: &mut Ward, plan: &Plan) -> Result<u64> {
    let spaces = spaces_of(a).await?;
    let mut counts = vec![conflicts_of_server(district, &spaces).await?];
    for ward in [a, b] {
        let page = ward.view("patient", json!({ "id": plan.patient })).await?.0;
        ensure!(
            page["fields"]["address"] == "Puthenpurackal House, Aluva",
            "the address was not merged"
        );
        let conflicts = open_conflicts(ward).await?;
        let phones: BTreeSet<&str> = conflicts
            .iter()
            .flat_map(|each| each["heads"].as_array())
            .flatten()
            .filter_map(|head| head["value"].as_str())
            .collect();
        ensure!(
            phones == BTreeSet::from(["+919876500001", "+919876500002"]),
            "not both phones: {conflicts:?}"
        );
        let stock = ward.view("stock", Json::Null).await?.0;
        let row = stock
            .as_array()
            .and_then(|rows| rows.iter().find(|row| row["item"] == plan.item.as_str()).cloned());
        let balance: f64 = row.context("the item is gone")?["balance"]
            .as_str()
            .unwrap_or_default()
            .parse()?;
        ensure!(
            (balance - (plan.balance - 12.0)).abs() < 1e-9,
            "stock is not the sum of its entries: {balance}"
        );
        counts.push(conflicts.len() as u64);
    }
    ensure!(
        counts.iter().all(|count| *count == counts[0]),
        "the three count different conflicts: {counts:?}"
    );
    Ok(counts[0])
}

/// The decision stands on both desks, and nothing is open on any of the three.
async fn all_are_resolved(district: &District, a: &mut Ward, b: &mut Ward, plan: &Plan) -> Result<()> {
    let open = conflicts_of_server(district, &spaces_of(a).await?).await?;
    ensure!(open == 0, "the server still counts {open} conflicts");
    for ward in [a, b] {
        ensure!(open_conflicts(ward).await?.is_empty(), "a desk still shows a conflict");
        let page = ward.view("patient", json!({ "id": plan.patient })).await?.0;
        ensure!(
            page["fields"]["phone"] == "+919876500002",
            "a desk does not show what was decided"
        );
    }
    Ok(())
}

async fn resolve_on_a(a: &mut Ward) -> Result<()> {
    let (inbox, as_of) = a.view("inbox", Json::Null).await?;
    let conflict = &inbox["fields"][0];
    let args = json!({
        "kind": conflict["kind"], "record": conflict["record"], "field": conflict["field"],
        "value": "+919876500002", "as_of": as_of,
    });
    a.call("resolve", args).await?;
    Ok(())
}
