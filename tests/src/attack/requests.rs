//! Requests that a desk signed, altered in each part, cut, sent again, sent elsewhere, or signed with another key; and
//! batches forged within a request that is good.

use anyhow::{Context, Result};
use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};
use sync_core::entry::header;
use sync_core::exchange::{Answer, Ask, Batch, Carried, SignatureText, sign};
use sync_core::{Chain, DeviceId};
use uuid::Uuid;

use super::Sort;
use super::rig::*;
use super::spaces::ROUTES;
use super::wire::{pull, send, today};

const HEADERS: [&str; 4] = [header::DEVICE, header::TIME, header::NONCE, header::SIGNATURE];

/// A request as its desk signed it.
fn asked(rig: &Rig, desk: &Desk) -> Result<Request> {
    Ok(signed(rig.http(), desk, "POST", "/v1/sync", pull(desk.space)).build()?)
}

fn set(request: &mut Request, name: &str, value: &str) -> Result<()> {
    request.headers_mut().insert(
        HeaderName::from_bytes(name.as_bytes())?,
        HeaderValue::from_bytes(value.as_bytes())?,
    );
    Ok(())
}

fn text(request: &Request, name: &str) -> String {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// The text with another letter at each of its places.
fn flipped(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let flip = |at: usize| {
        let mut letters = letters.clone();
        letters[at] = if letters[at] == '1' { '2' } else { '1' };
        letters.into_iter().collect()
    };
    (0..letters.len()).map(flip).collect()
}

/// # Errors
/// When a whole request is refused.
pub async fn altered(sort: &mut Sort<'_>) -> Result<()> {
    let (mut rig, serving) = Rig::with(today).by_process().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(3);
    rig.push(&desk, desk.all()).await;
    headers(&rig, &desk, sort).await?;
    bodies(&rig, &desk, sort).await?;
    elsewhere(&rig, &desk, sort).await?;
    // Again, from other connections, and after the server began anew.
    let once = asked(&rig, &desk)?;
    let first = send(rig.http(), once.try_clone().context("a whole body")?).await?;
    sort.allowed("a request as it was signed", first.is_good())?;
    for time in 0..3 {
        let again = send(rig.http(), once.try_clone().context("a whole body")?).await?;
        sort.refused(format!("the same request again, {time}"), !again.is_good());
    }
    drop(serving);
    let (again, _serving) = rig.by_process().await;
    rig = again;
    let mut late = once;
    let address = rig.http().address.parse::<reqwest::Url>()?;
    // Another port is no part of what was signed.
    late.url_mut().set_port(address.port()).ok();
    let answered = send(rig.http(), late).await?;
    sort.refused("the same request after a restart", !answered.is_good());
    Ok(())
}

async fn headers(rig: &Rig, desk: &Desk, sort: &mut Sort<'_>) -> Result<()> {
    let http = rig.http();
    for name in HEADERS {
        let mut request = asked(rig, desk)?;
        request.headers_mut().remove(name);
        sort.refused(format!("without {name}"), !send(http, request).await?.is_good());
        let mut twice = asked(rig, desk)?;
        let second = HeaderValue::from_str(&flipped(&text(&twice, name))[0])?;
        let first = twice.headers_mut().remove(name).context("a header")?;
        let name_of = HeaderName::from_bytes(name.as_bytes())?;
        twice.headers_mut().append(name_of.clone(), second);
        twice.headers_mut().append(name_of, first);
        sort.refused(
            format!("{name} twice, the false one first"),
            !send(http, twice).await?.is_good(),
        );
        for value in flipped(&text(&asked(rig, desk)?, name)) {
            let mut request = asked(rig, desk)?;
            // Each request has a nonce and a signature of its own.
            let value = if name == header::DEVICE {
                value
            } else {
                flipped(&text(&request, name))[value.len() % 3].clone()
            };
            set(&mut request, name, &value)?;
            sort.refused(format!("another {name}"), !send(http, request).await?.is_good());
        }
    }
    let signature = text(&asked(rig, desk)?, header::SIGNATURE);
    for at in 0..signature.len() {
        let mut request = asked(rig, desk)?;
        let bent = flipped(&text(&request, header::SIGNATURE))[at].clone();
        set(&mut request, header::SIGNATURE, &bent)?;
        sort.refused(
            format!("another letter {at} of the signature"),
            !send(http, request).await?.is_good(),
        );
    }
    for odd in ["", "0", "x", &"0".repeat(128), &"f".repeat(128), &"1".repeat(4_000)] {
        let mut request = asked(rig, desk)?;
        set(&mut request, header::SIGNATURE, odd)?;
        sort.refused("no signature at all", !send(http, request).await?.is_good());
    }
    let days = |days: i64| (BEGIN_MS + days * 86_400_000).to_string();
    for time in [
        days(-365),
        days(365),
        days(1),
        "0".into(),
        i64::MIN.to_string(),
        i64::MAX.to_string(),
    ] {
        let mut request = asked(rig, desk)?;
        set(&mut request, header::TIME, &time)?;
        sort.refused(
            format!("signed at another time than {time}"),
            !send(http, request).await?.is_good(),
        );
    }
    let (admin, own) = (rig.server.own().device, rig.desk(rig.elsewhere));
    for device in [own.id, admin, DeviceId(Uuid::nil()), DeviceId(Uuid::now_v7())] {
        let mut request = asked(rig, desk)?;
        set(&mut request, header::DEVICE, &device.to_string())?;
        sort.refused("in the name of another desk", !send(http, request).await?.is_good());
    }
    Ok(())
}

async fn bodies(rig: &Rig, desk: &Desk, sort: &mut Sort<'_>) -> Result<()> {
    let http = rig.http();
    let whole = pull(desk.space);
    for cut in 0..whole.len() {
        let mut request = asked(rig, desk)?;
        *request.body_mut() = Some(whole[..cut].to_vec().into());
        sort.refused(format!("cut after {cut} bytes"), !send(http, request).await?.is_good());
    }
    for at in 0..whole.len() {
        let mut request = asked(rig, desk)?;
        let mut bent = whole.clone();
        bent[at] ^= 0x10;
        *request.body_mut() = Some(bent.into());
        sort.refused(format!("another byte {at}"), !send(http, request).await?.is_good());
    }
    for other in [[whole.clone(), whole.clone()].concat(), pull(rig.server.district())] {
        let mut request = asked(rig, desk)?;
        *request.body_mut() = Some(other.into());
        sort.refused("another question", !send(http, request).await?.is_good());
    }
    Ok(())
}

/// The signature of one request on another path, method or query.
async fn elsewhere(rig: &Rig, desk: &Desk, sort: &mut Sort<'_>) -> Result<()> {
    for (method, path) in ROUTES {
        for (_, signed_path) in ROUTES.iter().filter(|other| other.1 != path) {
            let mut request = signed(rig.http(), desk, method, signed_path, pull(desk.space)).build()?;
            request.url_mut().set_path(path);
            let answered = send(rig.http(), request).await?;
            sort.refused(format!("signed for {signed_path}, sent to {path}"), !answered.is_good());
        }
        let other = if method == "POST" { "GET" } else { "POST" };
        let mut request = signed(rig.http(), desk, other, path, pull(desk.space)).build()?;
        *request.method_mut() = method.parse()?;
        let answered = send(rig.http(), request).await?;
        sort.refused(
            format!("signed for {other}, sent as {method} to {path}"),
            !answered.is_good(),
        );
    }
    Ok(())
}

/// Batches that are not what their desk wrote, each in a request that its desk signed.
///
/// # Errors
/// When a good batch is refused.
pub async fn forged_batches(sort: &mut Sort<'_>) -> Result<()> {
    let (rig, _serving) = Rig::with(today).by_process().await;
    let mut desk = rig.desk(rig.here);
    let mut other = rig.desk(rig.here);
    desk.admit(4);
    other.admit(4);
    for (what, batch) in forgeries(&rig, &desk, &other)? {
        let answers = rig
            .exchange(&desk, vec![hello(), Ask::Push(batch)])
            .await
            .unwrap_or_default();
        let is_in = answers.iter().any(|answer| matches!(answer, Answer::Receipt { .. }));
        let read = rig.lsns(&rig.desk(rig.here), desk.space).await;
        sort.refused(what, !is_in && read.is_empty());
    }
    let (last_seq, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
    sort.allowed(
        "the batch as it was written",
        (last_seq, numbered.len(), parked.len()) == (4, 4, 0),
    )
}

fn forgeries(rig: &Rig, desk: &Desk, other: &Desk) -> Result<Vec<(&'static str, Batch)>> {
    let good = || desk.all();
    let bent = |change: &dyn Fn(&mut Batch)| {
        let mut batch = good();
        change(&mut batch);
        batch
    };
    let mut text = good();
    let altered = text.changes[1].0.get().replace(SECRET_NAME, "Somebody Else Entirely");
    text.changes[1] = Carried(serde_json::value::RawValue::from_string(altered)?);
    let resigned = |batch: &mut Batch, key: &ed25519_dalek::SigningKey, device: DeviceId, last: u64| {
        let message = [device.0.as_bytes().as_slice(), &last.to_be_bytes(), &batch.chain.0.0].concat();
        batch.signature = sign(key, "wardroom batch 1", &message);
    };
    Ok(vec![
        ("another word in a change", text),
        ("two changes in another order", bent(&|batch| batch.changes.swap(0, 1))),
        ("without the first", bent(&|batch| drop(batch.changes.remove(0)))),
        (
            "without one in the middle",
            bent(&|batch| drop(batch.changes.remove(2))),
        ),
        ("without the last", bent(&|batch| drop(batch.changes.pop()))),
        (
            "one of them twice",
            bent(&|batch| batch.changes.insert(1, batch.changes[1].clone())),
        ),
        (
            "one of another desk among them",
            bent(&|batch| batch.changes[2] = other.all().changes[2].clone()),
        ),
        ("numbered from elsewhere", bent(&|batch| batch.first = 2)),
        ("numbered from nothing", bent(&|batch| batch.first = 0)),
        ("numbered beyond all", bent(&|batch| batch.first = u64::MAX)),
        ("another chain", bent(&|batch| batch.chain = Chain::default())),
        (
            "no signature",
            bent(&|batch| batch.signature = SignatureText(String::new())),
        ),
        (
            "the signature of another batch",
            bent(&|batch| batch.signature = desk.batch(1, 2).signature),
        ),
        (
            "the signature of another desk",
            bent(&|batch| batch.signature = other.all().signature),
        ),
        ("all of another desk", other.all()),
        (
            "signed with a key of one's own",
            bent(&|batch| resigned(batch, &new_key(), desk.id, 4)),
        ),
        (
            "signed with the server's name",
            bent(&|batch| resigned(batch, &desk.key, rig.server.own().device, 4)),
        ),
        (
            "signed for more than there is",
            bent(&|batch| resigned(batch, &desk.key, desk.id, 5)),
        ),
        (
            "signed for another purpose",
            bent(&|batch| {
                let message = [desk.id.0.as_bytes().as_slice(), &4_u64.to_be_bytes(), &batch.chain.0.0].concat();
                batch.signature = sign(&desk.key, "wardroom request 1", &message);
            }),
        ),
    ])
}
