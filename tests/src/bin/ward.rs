//! A ward desktop without a window, for stories: reads `{"command", "args"}` a line, answers a line.

use std::alloc::System;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use desk::keys::hardness::{Cost, Hardness};
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use desk::sign_in::More;
use desk::ward::DraftIn;
use desk::{Desk, Failure, Options};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tracing_subscriber::EnvFilter;
use zeroizing_alloc::ZeroAlloc;

/// As in the window's program.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

#[derive(Deserialize)]
struct Line {
    command: String,
    args: Json,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    if let Ok(filter) = EnvFilter::try_from_default_env() {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .with_ansi(false)
            .init();
    }
    let folder = std::env::var_os("WARDROOM_DATA_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let secret_home = match std::env::var("WARDROOM_KEY_STORE").as_deref() {
        Ok("secret-service") => SecretHome::KeyStore,
        _ => SecretHome::File,
    };
    let options = Options {
        folder,
        secret_home,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: 60,
        patience: Patience::default().times(haste()),
    };
    let desk = Desk::start(options);
    // The whole log is read for it: whoever measures does without.
    let tells_own = std::env::var_os("WARDROOM_TELLS_OWN").is_none_or(|told| told != "no");
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    let mut output = tokio::io::stdout();
    while let Some(line) = input.next_line().await? {
        let answer = match serde_json::from_str::<Line>(&line) {
            Ok(line) => run(&desk, &line.command, line.args).await,
            Err(_) => Err(Failure::new("bad_arguments")),
        };
        let mut said = match answer {
            Ok(answer) => json!({ "answer": answer }),
            Err(failure) => json!({ "failure": failure }),
        };
        if tells_own && let (Some(own), Some(object)) = (own(&desk), said.as_object_mut()) {
            object.insert("own".to_owned(), own.into());
        }
        output.write_all(format!("{said}\n").as_bytes()).await?;
        output.flush().await?;
    }
    desk.lock().await;
    Ok(())
}

/// How many times as long as usual this desk waits for its server: stories of silence are told faster.
fn haste() -> f64 {
    let told = std::env::var("WARDROOM_PATIENCE").ok();
    told.and_then(|times| times.parse().ok()).unwrap_or(1.0)
}

/// The numbers of the changes that the desk wrote.
fn own(desk: &Desk) -> Option<Vec<u64>> {
    let device = desk.sync_page().ok()?.device;
    let own = desk
        .log()
        .ok()?
        .into_iter()
        .filter(|(id, _)| id.device.to_string() == device);
    Some(own.map(|(id, _)| id.seq).collect())
}

/// Waits until nothing waits to be sent and so many numbers of the district's are here, and answers how many are. It looks
/// when the window would: whenever the desk says that something is new.
async fn wait_for(desk: &Desk, numbers: u64) -> Result<u64, Failure> {
    let mut notices = desk.notices();
    loop {
        let page = desk.sync_page()?;
        let here = page.spaces.iter().map(|space| space.cursor).sum();
        let is_behind = page
            .spaces
            .iter()
            .any(|space| space.cursor < space.head || space.head == 0);
        if page.summary.waiting == 0 && here >= numbers && !is_behind {
            return Ok(here);
        }
        // Late or not: it is looked at again.
        let _ = tokio::time::timeout(Duration::from_secs(1), notices.recv()).await;
    }
}

fn read<T: DeserializeOwned>(args: &Json, field: &str) -> Result<T, Failure> {
    let json = args.get(field).cloned().unwrap_or(Json::Null);
    serde_json::from_value(json).map_err(|_| Failure::new("bad_arguments"))
}

fn tell(answer: impl serde::Serialize) -> Result<Json, Failure> {
    serde_json::to_value(answer).map_err(|_| Failure::new("bad_arguments"))
}

async fn run(desk: &Desk, command: &str, args: Json) -> Result<Json, Failure> {
    let text = |field: &str| read::<String>(&args, field);
    match command {
        "status" => tell(desk.status()),
        "join" => tell(
            desk.join(&text("address")?, &text("code")?, &text("desk_name")?)
                .await?,
        ),
        "stand_alone" => tell(
            desk.stand_alone(&text("name")?, &text("username")?, &text("password")?)
                .await?,
        ),
        "sign_in" => {
            let (username, password) = (text("username")?, text("password")?);
            let new_password: Option<String> = read(&args, "new_password")?;
            let more = More {
                new_password: new_password.map(Into::into),
                code: read(&args, "code")?,
            };
            if more.new_password.is_none() && more.code.is_none() {
                desk.sign_in(&username, &password).await?;
            } else {
                desk.sign_in_with(&username, &password, &more).await?;
            }
            Ok(Json::Null)
        }
        "lock" => {
            desk.lock().await;
            Ok(Json::Null)
        }
        "begin_emergency" => tell(desk.begin_emergency(&text("reason")?)?),
        "end_emergency" => tell(desk.end_emergency()?),
        "review_emergency" => tell(desk.review_emergency(read(&args, "begun")?)?),
        "show_on_the_wall" => tell(desk.show_on_the_wall()?),
        "view" => tell(desk.view(&text("name")?, &read(&args, "args")?)?),
        "act" => {
            let (name, inner): (String, Json) = (text("name")?, read(&args, "args")?);
            tell(desk.act(&name, &inner, read(&args, "as_of")?, read(&args, "confirmed")?)?)
        }
        "save" => tell(desk.save(read(&args, "drafts")?, read(&args, "as_of")?, read(&args, "confirmed")?)?),
        "save_each" => {
            let drafts: Vec<DraftIn> = read(&args, "drafts")?;
            let as_of = read(&args, "as_of")?;
            for draft in drafts {
                desk.save(vec![draft], as_of, BTreeSet::new())?;
            }
            Ok(Json::Null)
        }
        "wait_for" => tell(wait_for(desk, read(&args, "numbers")?).await?),
        "undo" => tell(desk.undo(&text("action")?)?),
        "resolve" => {
            let (kind, field): (String, String) = (text("kind")?, text("field")?);
            let value: Json = read(&args, "value")?;
            tell(desk.resolve(&kind, read(&args, "record")?, &field, &value, read(&args, "as_of")?)?)
        }
        "put_draft" => tell(desk.put_draft(&text("name")?, &read(&args, "body")?)?),
        "draft" => tell(desk.draft(&text("name")?)?),
        "forget_draft" => tell(desk.forget_draft(&text("name")?)?),
        "backup" => tell(desk.backup()?),
        "touch" => {
            desk.touch();
            Ok(Json::Null)
        }
        "password_strength" => {
            let own: Vec<String> = read(&args, "own")?;
            tell(desk::password::strength_of(&text("password")?, &own))
        }
        "history" => tell(desk.history(&text("kind")?, read(&args, "id")?)?),
        "sync_page" => tell(desk.sync_page()?),
        "sync_now" => {
            desk.sync_now();
            Ok(Json::Null)
        }
        "log" => tell(desk.log()?),
        "renew" => tell(desk.renew_identity(&text("username")?, &text("password")?).await?),
        "rejoin" => tell(
            desk.rejoin(&text("address")?, &text("code")?, &text("desk_name")?)
                .await?,
        ),
        "trust_certificate" => tell(desk.trust_certificate(&text("words")?).await?),
        "copy_unsent" => tell(desk.copy_unsent()?),
        "take_in_unsent" => tell(desk.take_in_unsent(std::path::Path::new(&text("path")?), &text("code")?)?),
        "write_table" => tell(desk.write_table(&read(&args, "table")?)?),
        "report_to_person" => tell(desk.report_to_person(&read(&args, "report")?)?),
        "find_sticks" => tell(desk.find_sticks()?),
        "load_stick" => tell(desk.load_stick(std::path::Path::new(&text("folder")?))?),
        "adopt" => tell(desk.decide_parked(&text("change")?, true)?),
        "dismiss" => tell(desk.decide_parked(&text("change")?, false)?),
        "kept_aside" => tell(desk.kept_aside()?),
        "decide_aside" => tell(desk.decide_aside(&text("change")?, read(&args, "verdict")?, &text("why")?)?),
        "let_in_again" => tell(desk.let_in_again(read(&args, "person")?)?),
        "change_password" => tell(desk.change_password(&text("password")?, &text("new_password")?).await?),
        "confirm_password" => {
            let code: Option<String> = read(&args, "code")?;
            tell(desk.confirm_password(&text("password")?, code.as_deref()).await?)
        }
        "offer_second_factor" => tell(desk.offer_second_factor(&text("username")?, &text("password")?).await?),
        "give_password" => tell(desk.give_password(read(&args, "person")?).await?),
        "desks_heard" => tell(desk.desks_heard()?),
        "ask_desks" => tell(desk.ask_desks().await?),
        "act_on_desk" => tell(desk.act_on_desk(read(&args, "other")?, read(&args, "act")?).await?),
        "invite_desk" => tell(desk.invite_desk(read(&args, "facility")?, &text("name")?).await?),
        "begin_sheet" => tell(desk.begin_sheet()?),
        "open_sheet" => tell(desk.sheet_path().ok_or_else(|| Failure::new("sheet_not_begun"))?),
        "drop_sheet" => tell(desk.drop_sheet()?),
        "keep_sheet" => tell(desk.keep_sheet(&text("group")?)?),
        "rekey" => tell(desk.rekey().await?),
        "recover" => tell(desk.recover(&text("code")?)?),
        "set_aside" => tell(desk.set_aside()?),
        _ => Err(Failure::new("unknown_command")),
    }
}
