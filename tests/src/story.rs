//! The story: two desks work offline, the server and a desk lose power, all come back, and nothing
//! is lost, nothing overwritten, one disagreement shown to people on both desks.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::cut::Link;
use crate::district::District;
use crate::headless::Ward;

/// What the story found, counted from the stores themselves.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Changes that desks said were saved.
    pub saved: u64,
    /// Of these, changes that are missing in one of the three stores.
    pub lost: u64,
    /// Open conflicts on both desks before one was resolved.
    pub conflicts: u64,
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

    district.kill().await?;
    let acknowledged_b = b.kill().await?;
    say("the server and a desk lost power");
    let mut b = Ward::start(&folder.join("b"))?;
    sign_in(&mut b, "biju").await?;
    district.serve().await?;
    link_a.join(district.address);
    link_b.join(district.address);
    say("all came back");

    let logs = settled(&mut a, &mut b).await?;
    let digests_equal = digests_equal(&district, &mut a, &mut b).await?;
    let saved = a.acknowledged + acknowledged_b.max(b.acknowledged);
    let lost = lost(&mut a, &mut b, acknowledged_b, &logs).await?;
    let conflicts = agree_on(&mut a, &mut b, &plan).await?;
    say("everything is on all three; one disagreement is shown on both desks");

    resolve_on_a(&mut a).await?;
    let resolved = Instant::now();
    while !open_conflicts(&mut b).await?.is_empty() {
        ensure!(
            resolved.elapsed() < Duration::from_secs(60),
            "the other desk does not see the resolution"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    say("one decided, the other sees it");
    Ok(Told {
        saved,
        lost,
        conflicts,
        digests_equal,
        seconds: begun.elapsed().as_secs_f64(),
    })
}

/// Who and what the story is about.
struct Plan {
    /// Whose phone both edit.
    patient: String,
    moved: String,
    discharged: String,
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

async fn caught_up(ward: &mut Ward) -> Result<()> {
    let begun = Instant::now();
    loop {
        let page = ward.call("sync_page", Json::Null).await?;
        let spaces = page["spaces"].as_array().cloned().unwrap_or_default();
        let equal = spaces
            .iter()
            .all(|space| space["state"] == "equal" && space["head"].as_u64() > Some(0));
        if spaces.len() >= 2 && equal {
            return Ok(());
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(90),
            "a desk does not catch up: {page}"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
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
            Some("occupied") => lying.push(bed["occupant"]["patient"].clone()),
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
        patient: text(&lying[0]["patient"])?,
        moved: text(&lying[1]["encounter"])?,
        discharged: text(&lying[2]["encounter"])?,
        free_beds,
        item: text(&fullest["item"])?,
        today,
        balance: balance(fullest),
    })
}

fn text(json: &Json) -> Result<String> {
    json.as_str().map(str::to_owned).context("a text is missing")
}

async fn work_on_a(a: &mut Ward, plan: &Plan) -> Result<()> {
    let as_of = a.view("patient", json!({ "id": plan.patient })).await?.1;
    let fields = json!({ "name": "Kamala Devi", "gender": "female", "birth_year": 1959 });
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

/// Waits until nothing waits on either desk and both hold the same; answers both logs.
async fn settled(a: &mut Ward, b: &mut Ward) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let begun = Instant::now();
    loop {
        a.call("sync_now", Json::Null).await?;
        b.call("sync_now", Json::Null).await?;
        caught_up(a).await?;
        caught_up(b).await?;
        let (log_a, log_b) = (numbered(a).await?, numbered(b).await?);
        let waiting = |page: &Json| page["summary"]["waiting"].as_u64().unwrap_or(1);
        let pages = (
            a.call("sync_page", Json::Null).await?,
            b.call("sync_page", Json::Null).await?,
        );
        if log_a == log_b && waiting(&pages.0) + waiting(&pages.1) == 0 {
            return Ok((log_a, log_b));
        }
        ensure!(begun.elapsed() < Duration::from_secs(90), "the desks do not settle");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The changes a desk holds with the district's number.
async fn numbered(ward: &mut Ward) -> Result<BTreeSet<String>> {
    let log = ward.call("log", Json::Null).await?;
    let lines = log.as_array().context("a log is a list")?;
    Ok(lines
        .iter()
        .filter(|line| !line[1].is_null())
        .filter_map(|line| line[0].as_str().map(str::to_owned))
        .collect())
}

async fn digests_equal(district: &District, a: &mut Ward, b: &mut Ward) -> Result<bool> {
    let server = district.run(&["digest"]).await?;
    let of_server = pairs(
        server["spaces"].as_array().context("the server tells its spaces")?,
        |space| space["digest"].clone(),
    );
    let mut equal = true;
    for ward in [a, b] {
        let page = ward.call("sync_page", Json::Null).await?;
        let own = pairs(page["spaces"].as_array().context("a desk tells its spaces")?, |space| {
            space["digest"].clone()
        });
        equal &= own
            .iter()
            .all(|(space, digest)| of_server.iter().any(|(name, other)| name == space && other == digest));
    }
    Ok(equal)
}

fn pairs(spaces: &[Json], of: impl Fn(&Json) -> Json) -> Vec<(String, Json)> {
    spaces
        .iter()
        .map(|space| (space["space"].as_str().unwrap_or_default().to_owned(), of(space)))
        .collect()
}

/// Changes that were acknowledged and are missing somewhere. Both desks hold the server's chain,
/// so a change with a number on both is on the server too.
async fn lost(
    a: &mut Ward,
    b: &mut Ward,
    acknowledged_b: u64,
    logs: &(BTreeSet<String>, BTreeSet<String>),
) -> Result<u64> {
    let mut lost = 0;
    let acknowledged = [a.acknowledged, acknowledged_b.max(b.acknowledged)];
    for (ward, acknowledged) in [a, b].into_iter().zip(acknowledged) {
        let device = text(&ward.call("sync_page", Json::Null).await?["device"])?.replace('-', "");
        for seq in 1..=acknowledged {
            let id = format!("{device}.{seq}");
            lost += u64::from(!logs.0.contains(&id) || !logs.1.contains(&id));
        }
    }
    Ok(lost)
}

async fn open_conflicts(ward: &mut Ward) -> Result<Vec<Json>> {
    let inbox = ward.view("inbox", Json::Null).await?.0;
    Ok(inbox["fields"].as_array().cloned().unwrap_or_default())
}

/// Both desks show the same: the merged address, both phones in one conflict, the right stock.
async fn agree_on(a: &mut Ward, b: &mut Ward, plan: &Plan) -> Result<u64> {
    let mut counts = Vec::new();
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
    ensure!(counts[0] == counts[1], "the desks show different conflicts");
    Ok(counts[0])
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
