//! A page that was taken over: every command of the window with arguments of the wrong sort, too long, too deep, unknown,
//! misleading, missing or more than it has; with somebody signed in, with the desk locked, and before it is set up. Each
//! is answered, and nothing comes of it.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value as Json, json};

use super::{Extent, Sort};
use crate::headless::Ward;
use crate::scene::{Place, all_sent, sign_in};

/// Where the commands stand, with their arguments.
const SOURCE: &str = include_str!("../../../src-tauri/src/commands.rs");
/// Stands in every text that is sent, and in no refusal: what somebody typed is not repeated.
const TYPED: &str = "Kunjukunju";
/// Commands without arguments that change something whatever is said with them.
const DEEDS: [&str; 6] = [
    "show_on_the_wall",
    "lock",
    "set_aside",
    "backup",
    "copy_unsent",
    "sync_now",
];
/// Commands that look at the password of whoever is signed in: each text is a guess, and guesses end in a lock.
const GUESSES: [&str; 2] = ["change_password", "confirm_password"];
/// What a desk without a signed-in person answers to.
const FOR_ANYBODY: [&str; 7] = [
    "status",
    "lock",
    "touch",
    "password_strength",
    "sync_now",
    "sign_in",
    "renew",
];

/// A command and its arguments, each with an example of its sort.
struct Command {
    name: String,
    arguments: Vec<(String, Json)>,
}

/// Reads the commands out of the source.
fn commands() -> Vec<Command> {
    let found = SOURCE.split("#[tauri::command").skip(1);
    found.filter_map(read).collect()
}

fn read(text: &str) -> Option<Command> {
    let (_, rest) = text.split_once("async fn ")?;
    let (name, rest) = rest.split_once('(')?;
    let (arguments, _) = rest.split_once(") ->")?;
    let arguments = arguments.split([',', '\n']).filter_map(|argument| {
        let (name, sort) = argument.split_once(':')?;
        (!sort.contains("State<")).then(|| (name.trim().to_owned(), example(sort.trim())))
    });
    Some(Command {
        name: name.to_owned(),
        arguments: arguments.collect(),
    })
}

/// Something of the sort, that nothing comes of.
fn example(sort: &str) -> Json {
    match sort {
        "String" => json!("nobody"),
        "RecordId" => json!("01890000-0000-7000-8000-000000000000"),
        "DeviceId" => json!("01890000-0000-7000-8000-000000000000"),
        "Verdict" => json!("take_in"),
        "DeskAct" => json!("lock_out"),
        sort if sort.starts_with("Vec<") => json!([]),
        sort if sort.starts_with("Option<") => Json::Null,
        "bool" => json!(true),
        sort if sort.starts_with(['u', 'i']) => json!(0),
        _ => json!({}),
    }
}

/// What nobody would say who means well.
fn hostile() -> Vec<Json> {
    let deep = |depth: usize| (0..depth).fold(Json::Null, |inner, _| json!([inner]));
    let mut values = vec![
        Json::Null,
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e308),
        json!([]),
        json!([null, null]),
        json!({}),
        json!({ "__proto__": { "role": "district_admin" }, "constructor": { "prototype": {} } }),
        json!({ "kind": "__proto__", "id": "constructor", "toString": 1, TYPED: TYPED }),
        json!([{ "kind": "__proto__", "id": null, "fields": { "__proto__": TYPED } }]),
        json!([{ "kind": "patient", "id": null, "fields": { "name": { "a": TYPED }, "birth_year": [TYPED] } }]),
        json!([{ "kind": "patient", "id": "../..", "fields": { TYPED: TYPED } }]),
        json!([{ "kind": "patient", "id": null, "fields": { "name": "x".repeat(100_000), "__proto__": 1 } }]),
        json!([{ "kind": "person", "id": null, "fields": { "role": "super_admin", "username": TYPED } }]),
        json!({ "which": TYPED, "text": TYPED, "id": TYPED, "kind": TYPED, "day": TYPED, "patient": TYPED }),
        json!({ "text": "\" OR * NEAR/0 (\u{0}", "which": "admitted' OR 1=1 --" }),
        json!({ "day": "9999999-99-99", "shift": "morning", "month": "0000-00" }),
        json!("not a number of this world".repeat(1_000)),
        deep(100),
        json!({ "text": deep(100) }),
        json!("x".repeat(1_000_000)),
        json!(vec![TYPED; 20_000]),
    ];
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{0}/etc/passwd",
        "\u{1}\u{1b}[31m\u{7f}\u{9b}",
        "\r\nx: y",
        "\u{202e}\u{feff}\u{2028}",
        "../../../../escaped",
        "..\\..\\escaped",
        "/etc/passwd",
        "/dev/zero",
        "/proc/self/environ",
        "/proc/self/mem",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://127.0.0.1:1#ABCD-EFGH-0123-4567-89AB-CDEF-GHJK",
        "https://127.0.0.1:99999#ABCD",
        "~",
        ".",
        "desk.json",
        "ward.db",
        "'; DROP TABLE change; --",
        "%s%n%x",
        "${jndi:x}",
        "__proto__",
        "constructor",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff.18446744073709551615",
        "00000000000000000000000000000000.0",
        TYPED,
    ];
    values.extend(texts.iter().map(|text| json!(text)));
    values
}

/// Every call: each argument in turn with each hostile value, and all of them left out, or given as something else.
pub fn calls() -> Vec<(String, Json)> {
    let mut calls = Vec::new();
    for Command { name, arguments } in commands() {
        let good: Map<String, Json> = arguments.iter().cloned().collect();
        let mut call = |args: Json| calls.push((name.clone(), args));
        for (argument, example) in &arguments {
            for value in hostile() {
                // A null for what may be left out, and the like, is nothing hostile.
                if value == *example || (GUESSES.contains(&name.as_str()) && value.is_string()) {
                    continue;
                }
                let mut args = good.clone();
                args.insert(argument.clone(), value);
                call(Json::Object(args));
            }
            let mut args = good.clone();
            args.remove(argument);
            call(Json::Object(args));
        }
        if DEEDS.contains(&name.as_str()) {
            continue;
        }
        let mut more = good.clone();
        more.insert("__proto__".to_owned(), json!({ "signed_in": true }));
        more.insert(TYPED.to_owned(), json!(TYPED.repeat(10_000)));
        call(Json::Object(more));
        if !arguments.is_empty() {
            for odd in [Json::Null, json!([]), json!(TYPED), json!(7)] {
                call(odd);
            }
        }
    }
    calls
}

/// A desk whose every file is known, and which logs into one.
struct Watched {
    ward: Ward,
    outside: PathBuf,
    before: BTreeSet<PathBuf>,
    log: PathBuf,
}

impl Watched {
    /// The desk of `name` in the folder.
    fn start(folder: &Path, name: &str) -> Result<Watched> {
        let (own, temporary) = (folder.join(name), folder.join(format!("{name}-tmp")));
        fs::create_dir_all(&own)?;
        fs::create_dir_all(&temporary)?;
        let log = folder.join(format!("{name}.log"));
        let temporary = temporary.display().to_string();
        let ward = Ward::start_logging(
            &own,
            &[("TMPDIR", &temporary), ("HOME", &temporary)],
            File::create(&log)?,
        )?;
        Ok(Watched {
            ward,
            outside: folder.to_owned(),
            before: files(folder)?,
            log,
        })
    }

    /// Files of other names than a desk gives its own.
    fn strange(&self) -> Result<Vec<PathBuf>> {
        let now = files(&self.outside)?;
        let is_own = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with("ward")
                || name.starts_with("desk")
                || name == "device.secret"
                || name.starts_with("unsent-")
        };
        let is_of_server = |path: &PathBuf| path.starts_with(self.outside.join("server"));
        let new = now
            .difference(&self.before)
            .filter(|path| !is_own(path) && !is_of_server(path));
        Ok(new.cloned().collect())
    }
}

fn files(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.insert(path);
        }
    }
    Ok(found)
}

/// Which answers are good to a call that was not refused.
type MayAnswer = fn(&str) -> bool;

/// Makes every call and looks at each answer.
async fn try_all(desk: &mut Watched, may_answer: MayAnswer, extent: Extent, sort: &mut Sort<'_>) -> Result<()> {
    for (number, (name, args)) in calls().into_iter().enumerate() {
        // A whole name and a password that is good enough set a desk up, as they should.
        let sets_up = name == "stand_alone" && args["password"].as_str().is_some_and(|password| password.len() >= 8);
        if sets_up || (extent == Extent::Sample && number % 5 != 0) {
            continue;
        }
        let short: String = args.to_string().chars().take(120).collect();
        let answer = desk.ward.call(&name, args).await;
        let said = match &answer {
            Ok(_) if may_answer(&name) => continue_with(sort, &name),
            Ok(_) => {
                sort.refused(format!("{name} {short} was answered"), false);
                continue;
            }
            Err(error) => error.to_string(),
        };
        let Some(said) = said.strip_prefix(&format!("{name}: ")).map(str::to_owned) else {
            ensure!(answer.is_ok(), "{name} {short}: {said}");
            continue;
        };
        let failure: Json = serde_json::from_str(&said).with_context(|| format!("{name} {short}: {said}"))?;
        let code = failure["code"].as_str().unwrap_or_default();
        let is_code = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        sort.refused(
            format!("{name} {short}: no code in {said}"),
            is_code && code != "unknown_command",
        );
        sort.refused(format!("{name} {short} is repeated in {said}"), !said.contains(TYPED));
    }
    let log = fs::read_to_string(&desk.log)?;
    sort.refused(format!("a panic: {log}"), !log.contains("panicked"));
    sort.refused("what was typed stands in the log", !log.contains(TYPED));
    let strange = desk.strange()?;
    sort.refused(format!("files outside its own: {strange:?}"), strange.is_empty());
    Ok(())
}

fn continue_with(sort: &mut Sort<'_>, name: &str) -> String {
    sort.refused(name, true);
    String::new()
}

/// With somebody signed in, and then locked; the network is away.
///
/// # Errors
/// When the desk does not go on as before.
pub async fn at_a_desk(extent: Extent, sort: &mut Sort<'_>) -> Result<()> {
    ensure!(commands().len() > 25, "the commands of the window are read");
    let place = Place::new().await?;
    let mut desk = Watched::start(place.folder.path(), "a")?;
    let ward = &mut desk.ward;
    ward.call("join", place.invitation().await?).await?;
    sign_in(ward).await?;
    all_sent(ward).await?;
    let patient = ward.register("Kamala Devi").await?;
    all_sent(ward).await?;
    place.link.cut();
    // What the desk notes of each call by itself stands in the log too; what waits is what somebody wrote.
    let wrote = waiting(ward).await?;
    let harmless: MayAnswer = |name| {
        ![
            "join",
            "stand_alone",
            "rejoin",
            "renew",
            "sign_in",
            "take_in_unsent",
            "load_stick",
            "begin_emergency",
            "review_emergency",
        ]
        .contains(&name)
    };
    try_all(&mut desk, harmless, extent, sort).await?;
    let ward = &mut desk.ward;
    let still = waiting(ward).await?;
    sort.refused(format!("{still} changes wait, and {wrote} before"), still == wrote);
    let status = ward.call("status", Json::Null).await?;
    sort.refused(
        format!("somebody else is signed in: {status}"),
        status["who"]["role"] == "nurse",
    );
    let page = ward.view("patient", json!({ "id": patient })).await?.0;
    sort.allowed("the patient afterwards", page["line"]["name"] == "Kamala Devi")?;
    ward.register("Meera Nair").await?;

    ward.call("lock", Json::Null).await?;
    try_all(
        &mut desk,
        |name| FOR_ANYBODY.contains(&name) && name != "sign_in" && name != "renew",
        extent,
        sort,
    )
    .await?;
    let status = desk.ward.call("status", Json::Null).await?;
    sort.refused("the lock is open", status["who"].is_null());
    Ok(())
}

/// How many changes of people wait to be sent.
async fn waiting(ward: &mut Ward) -> Result<u64> {
    let status = ward.call("status", Json::Null).await?;
    status["sync"]["waiting"].as_u64().context("it says what waits")
}

/// Before the desk is set up.
///
/// # Errors
/// When it cannot be set up afterwards.
pub async fn at_a_new_desk(extent: Extent, sort: &mut Sort<'_>) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut desk = Watched::start(folder.path(), "new")?;
    try_all(&mut desk, |name| FOR_ANYBODY.contains(&name), extent, sort).await?;
    let anju = json!({ "name": "Anju Thomas", "username": "anju", "password": "a long enough one" });
    sort.allowed("setting it up", desk.ward.call("stand_alone", anju).await.is_ok())
}
