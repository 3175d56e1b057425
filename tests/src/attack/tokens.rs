//! Tokens, invitations and grants that ran out, belong to others, were taken back or made up.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use sync_core::entry::{Grant, SignIn, SignedGrant, SignedIn};
use sync_core::exchange::SignatureText;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Sort;
use super::rig::*;
use super::wire::send;
use crate::district::District;
use crate::headless::Ward;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

async fn signed_in(rig: &Rig, desk: &Desk) -> Result<SignedIn> {
    let body = serde_json::to_vec(&SignIn::new("lakshmi", PASSWORD))?;
    let request = signed(rig.http(), desk, "POST", "/v1/session", body).build()?;
    Ok(serde_json::from_slice(&send(rig.http(), request).await?.body)?)
}

async fn is_taken(rig: &Rig, desk: &Desk, authorization: &str) -> Result<bool> {
    let request = signed(rig.http(), desk, "DELETE", "/v1/session", Vec::new());
    let request = request.header("authorization", authorization).build()?;
    Ok(send(rig.http(), request).await?.is_good())
}

/// # Errors
/// When a good one is refused.
pub async fn tokens(sort: &mut Sort<'_>) -> Result<()> {
    let rig = Rig::new().over_tls().await;
    let (desk, other, elsewhere) = (rig.desk(rig.here), rig.desk(rig.here), rig.desk(rig.elsewhere));
    let token = format!("Bearer {}", signed_in(&rig, &desk).await?.token);
    for (whose, thief) in [("of another desk", &other), ("of a foreign desk", &elsewhere)] {
        sort.refused(format!("a token {whose}"), !is_taken(&rig, thief, &token).await?);
    }
    let bare = token.trim_start_matches("Bearer ");
    let (last, long) = (&bare[..bare.len() - 1], "a".repeat(8_000));
    for odd in [
        "",
        "Bearer",
        "Bearer ",
        bare,
        &format!("Basic {bare}"),
        &format!("Bearer {last}"),
        &format!("Bearer {long}"),
        &format!("Bearer {bare} {bare}"),
        &format!("Bearer {}", "0".repeat(64)),
    ] {
        sort.refused("what is no token", !is_taken(&rig, &desk, odd).await?);
    }
    sort.allowed("a token at its desk", is_taken(&rig, &desk, &token).await?)?;
    sort.refused("a token that was given back", !is_taken(&rig, &desk, &token).await?);

    let old = format!("Bearer {}", signed_in(&rig, &desk).await?.token);
    rig.wait(16 * MINUTE_MS);
    sort.refused("a token of sixteen minutes ago", !is_taken(&rig, &desk, &old).await?);
    let old = format!("Bearer {}", signed_in(&rig, &desk).await?.token);
    rig.wait(YEAR_MS);
    sort.refused("a token of a year ago", !is_taken(&rig, &desk, &old).await?);
    let old = format!("Bearer {}", signed_in(&rig, &desk).await?.token);
    rig.server.set_password(rig.here.nurse, PASSWORD)?;
    sort.refused(
        "a token from before a new password",
        !is_taken(&rig, &desk, &old).await?,
    );

    let certificate = rig.server.certificate_hash();
    let code = || {
        rig.server
            .invite(rig.here.facility, "Taluk Hospital", "")
            .map(|invited| invited.code)
    };
    let joins = async |code: &str, hash: &sync_core::Hash| {
        let response = ask_to_join(rig.http(), code, hash, &new_key()).await;
        response.status().is_success()
    };
    let once = code()?;
    sort.allowed("a code", joins(&once, &certificate).await)?;
    sort.refused("a code that was used", !joins(&once, &certificate).await);
    let late = code()?;
    rig.wait(25 * HOUR_MS);
    sort.refused("a code of yesterday", !joins(&late, &certificate).await);
    let between = code()?;
    sort.refused(
        "a code over another certificate",
        !joins(&between, &sync_core::Hash::default()).await,
    );
    let guessed = code()?;
    for last in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().take(5) {
        let mut bent: String = guessed.chars().take(guessed.len() - 2).collect();
        bent.extend([last, '~']);
        sort.refused("a code with its end guessed", !joins(&bent, &certificate).await);
    }
    sort.refused("a code after five guesses", !joins(&guessed, &certificate).await);

    let revoked = format!("Bearer {}", signed_in(&rig, &desk).await?.token);
    rig.server.revoke(desk.id)?;
    let body = serde_json::to_vec(&json!({ "username": "lakshmi", "password": PASSWORD }))?;
    let request = signed(rig.http(), &desk, "POST", "/v1/session", body).build()?;
    sort.refused(
        "a sign-in at a desk locked out",
        !send(rig.http(), request).await?.is_good(),
    );
    sort.refused("its token at another desk", !is_taken(&rig, &other, &revoked).await?);
    Ok(())
}

/// Grants that the server did not sign, or signed for something else: none is read, and a desk that is handed one lets
/// nobody in by it.
///
/// # Errors
/// When the server's own grant is refused.
pub async fn forged_grants(sort: &mut Sort<'_>) -> Result<()> {
    let rig = Rig::new().over_tls().await;
    let desk = rig.desk(rig.here);
    let own = signed_in(&rig, &desk).await?.grant;
    let key = rig.server.own().signing_key.verifying_key();
    let grant = own.read(&key).context("the server's own grant")?;
    let raised = Grant {
        role: "district_admin".to_owned(),
        ..grant.clone()
    };
    let longer = own.text.replace(
        &grant.not_after.0.to_string(),
        &(grant.not_after.0 + YEAR_MS).to_string(),
    );
    let with = |text: String, signature: &SignatureText| SignedGrant {
        text,
        signature: signature.clone(),
    };
    let other_purpose = sync_core::exchange::sign(
        &rig.server.own().signing_key,
        "wardroom snapshot 1",
        own.text.as_bytes(),
    );
    let forged = [
        (
            "another role",
            with(own.text.replace("nurse", "district_admin"), &own.signature),
        ),
        ("a later end", with(longer, &own.signature)),
        (
            "another desk",
            with(
                own.text
                    .replace(&desk.id.to_string(), &rig.desk(rig.here).id.to_string()),
                &own.signature,
            ),
        ),
        ("a blank more", with(format!("{} ", own.text), &own.signature)),
        ("a desk's signature", SignedGrant::new(&desk.key, &raised)),
        ("a made up key", SignedGrant::new(&new_key(), &raised)),
        ("another purpose", with(own.text.clone(), &other_purpose)),
        ("no signature", with(own.text.clone(), &SignatureText(String::new()))),
        ("nothing", with(String::new(), &own.signature)),
    ];
    for (what, signed) in forged {
        sort.refused(format!("a grant with {what}"), signed.read(&key).is_none());
    }
    at_a_desk(sort).await
}

/// Somebody in between who makes a nurse a doctor in the answer to her sign-in. Without TLS, which is for the loopback
/// alone, the grant's own signature is all that stands against it.
async fn at_a_desk(sort: &mut Sort<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::plain(&folder.path().join("server")).await?;
    let between = Between::new(district.address).await?;
    for (word, other) in [
        ("\\\"role\\\":\\\"nurse\\\"", "\\\"role\\\":\\\"staff\\\""),
        ("\\\"policy\\\":1", "\\\"policy\\\":9"),
    ] {
        let mut ward = Ward::start(&folder.path().join(other.len().to_string()))?;
        let code = district.invite().await?;
        let join = json!({ "address": format!("http://{}", between.address), "code": code, "desk_name": "ward" });
        ward.call("join", join).await?;
        let anju = json!({ "username": "anju", "password": sample::PASSWORD });
        between.alter(word, other);
        let answer = ward.call("sign_in", anju.clone()).await;
        let status = ward.call("status", Json::Null).await?;
        sort.refused(
            format!("a desk is handed a grant with {other}"),
            answer.is_err() && status["who"].is_null(),
        );
        sort.allowed("somebody altered it", between.altered.load(Ordering::SeqCst))?;
        between.alter("", "");
        ward.call("sign_in", anju).await?;
        let status = ward.call("status", Json::Null).await?;
        sort.allowed("the server's own grant", status["who"]["role"] == "nurse")?;
    }
    Ok(())
}

/// Somebody in between who puts other words into answers.
struct Between {
    address: SocketAddr,
    words: Arc<std::sync::Mutex<(String, String)>>,
    altered: Arc<AtomicBool>,
}

impl Between {
    async fn new(server: SocketAddr) -> Result<Between> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let between = Between {
            address: listener.local_addr()?,
            words: Arc::default(),
            altered: Arc::default(),
        };
        let (words, altered) = (Arc::clone(&between.words), Arc::clone(&between.altered));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (words, altered) = (Arc::clone(&words), Arc::clone(&altered));
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(server).await else {
                        return;
                    };
                    let ((mut from_near, mut to_near), (mut from_far, mut to_far)) =
                        (near.into_split(), far.into_split());
                    tokio::spawn(async move { tokio::io::copy(&mut from_near, &mut to_far).await });
                    let mut piece = vec![0; 64 * 1024];
                    while let Ok(count @ 1..) = from_far.read(&mut piece).await {
                        let (word, other) = words.lock().unwrap().clone();
                        let at = (!word.is_empty())
                            .then(|| find(&piece[..count], word.as_bytes()))
                            .flatten();
                        if let Some(at) = at {
                            piece[at..at + other.len()].copy_from_slice(other.as_bytes());
                            altered.store(true, Ordering::SeqCst);
                        }
                        if to_near.write_all(&piece[..count]).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Ok(between)
    }

    /// Puts another word of the same length from now on.
    fn alter(&self, word: &str, other: &str) {
        assert_eq!(word.len(), other.len());
        self.altered.store(false, Ordering::SeqCst);
        *self.words.lock().unwrap() = (word.to_owned(), other.to_owned());
    }
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}
