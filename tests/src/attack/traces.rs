//! One whole run of a district with every name and phone of the sample, and a search for them in all that it left: on
//! the desks, at the server, in the logs of all processes, among temporary files.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result, ensure};
use domain::{Draft, Time, Value};
use sample::names::{FAMILY, HOUSES, MEN, PLACES, WOMEN};
use serde_json::{Value as Json, json};

use super::Sort;
use crate::district::District;
use crate::headless::Ward;
use crate::scene::all_sent;

/// Shorter words may stand in random bytes by chance.
const SHORTEST: usize = 7;
/// What a wrong password and an unfinished form hold; nobody is called so.
const TYPED: [&str; 3] = [
    "Thankamani Kunjukunju",
    "half a sentence about her fever",
    "not-her-password-7",
];

/// What was typed, and must be found nowhere.
pub struct Needles {
    words: Vec<String>,
    forms: AhoCorasick,
    /// The word of each form.
    of: Vec<usize>,
}

impl Needles {
    /// # Errors
    /// When there are too many.
    pub fn new(words: impl IntoIterator<Item = String>) -> Result<Needles> {
        let words: BTreeSet<String> = words.into_iter().filter(|word| word.len() >= SHORTEST).collect();
        let words: Vec<String> = words.into_iter().collect();
        let (mut forms, mut of) = (Vec::new(), Vec::new());
        for (index, word) in words.iter().enumerate() {
            for form in forms_of(word) {
                forms.push(form);
                of.push(index);
            }
        }
        Ok(Needles {
            forms: AhoCorasick::new(forms)?,
            words,
            of,
        })
    }

    /// The words found in the bytes.
    fn found_in(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let matches = self.forms.find_overlapping_iter(bytes);
        matches
            .map(|found| self.words[self.of[found.pattern().as_usize()]].as_str())
            .collect()
    }

    /// Where any of them stands in a file below the folder, and how many files and bytes were looked through.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn search(&self, folder: &Path) -> Result<Found> {
        let mut found = Found::default();
        self.look_into(folder, &mut found)?;
        Ok(found)
    }

    fn look_into(&self, folder: &Path, found: &mut Found) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.look_into(&path, found)?;
                continue;
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let bytes = fs::read(&path).unwrap_or_default();
            found.files.insert(name.clone());
            found.bytes += bytes.len();
            for word in self.found_in(&bytes).into_iter().chain(self.found_in(name.as_bytes())) {
                found.places.push(format!("{word:?} in {}", path.display()));
            }
        }
        Ok(())
    }
}

/// What a search found.
#[derive(Default)]
pub struct Found {
    pub places: Vec<String>,
    files: BTreeSet<String>,
    bytes: usize,
}

/// A word as it may stand in a file: in other letters, in wide ones, in figures.
fn forms_of(word: &str) -> Vec<Vec<u8>> {
    let cases = BTreeSet::from([word.to_owned(), word.to_lowercase(), word.to_uppercase()]);
    let mut forms = BTreeSet::new();
    for case in cases {
        forms.insert(case.clone().into_bytes());
        forms.insert(case.encode_utf16().flat_map(u16::to_le_bytes).collect());
        forms.insert(case.encode_utf16().flat_map(u16::to_be_bytes).collect());
        forms.insert(hex(case.as_bytes()).into_bytes());
        forms.insert(hex(case.as_bytes()).to_uppercase().into_bytes());
        forms.insert(escaped(&case).into_bytes());
        forms.insert(case.replace(' ', "%20").into_bytes());
        forms.insert(case.replace(' ', "+").into_bytes());
        forms.extend((0..3).map(|shift| base64(case.as_bytes(), shift).into_bytes()));
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms.into_iter().collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// As JSON writes it where it writes ASCII alone.
fn escaped(word: &str) -> String {
    word.encode_utf16()
        .map(|unit| match u8::try_from(unit) {
            Ok(byte @ 0x20..0x7f) => char::from(byte).to_string(),
            _ => format!("\\u{unit:04x}"),
        })
        .collect()
}

/// The letters of base64 that the word alone decides, when so many bytes stand before it.
fn base64(bytes: &[u8], shift: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<bool> = std::iter::repeat_n(false, shift * 8)
        .chain(
            bytes
                .iter()
                .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)),
        )
        .collect();
    let letters = bits
        .chunks_exact(6)
        .enumerate()
        .filter(|(index, _)| index * 6 >= shift * 8);
    let value = |bits: &[bool]| bits.iter().fold(0, |value, bit| value * 2 + usize::from(*bit));
    letters.map(|(_, bits)| char::from(LETTERS[value(bits)])).collect()
}

/// # Errors
/// When the run does not go on, or the search cannot find what is there.
pub async fn of_a_whole_run(sort: &mut Sort<'_>) -> Result<()> {
    let place = tempfile::tempdir()?;
    let folder = place.path();
    let needles = Needles::new(
        seeded()?
            .into_iter()
            .chain(registered().iter().flat_map(texts))
            .chain(TYPED.map(str::to_owned)),
    )?;
    proves_itself(&needles)?;
    let run = Run::begin(folder).await?;
    let mut searched = Found::default();
    let look = |when: &str, sort: &mut Sort<'_>| -> Result<Found> {
        let found = needles.search(folder)?;
        for place in &found.places {
            sort.refused(format!("{place}, {when}"), true);
        }
        sort.refused(format!("a search {when}"), true);
        sort.plaintext(found.places.iter().map(|place| format!("{place}, {when}")).collect());
        Ok(found)
    };
    let found = look("while all run", sort)?;
    ensure!(
        found.files.iter().any(|name| name == "ward.db-wal"),
        "no log of the desk's file was looked at"
    );
    ensure!(
        found.files.iter().any(|name| name == "district.db-wal"),
        "no log of the server's file was looked at"
    );
    searched.files.extend(found.files);
    run.end().await?;
    let found = look("after all ended", sort)?;
    searched.bytes = found.bytes;
    searched.files.extend(found.files);
    for file in [
        "ward.db",
        "desk.a.json",
        "desk.b.json",
        "district.db",
        "server.log",
        "desk.log",
        "backup.wardroom",
        "wardroom-records.json",
    ] {
        ensure!(searched.files.contains(file), "{file} was not looked at");
    }
    for kind in ["ward-backup-", "unsent-"] {
        ensure!(
            searched.files.iter().any(|name| name.starts_with(kind)),
            "no {kind} was looked at"
        );
    }
    for log in ["server.log", "desk.log"] {
        let text = fs::read_to_string(find_file(folder, log).context("a log")?)?;
        ensure!(text.lines().count() > 20, "{log} says too little to be searched");
    }
    sort.measured(format!(
        "{} words in {} files, {:.1} MiB at the end",
        needles.words.len(),
        searched.files.len(),
        searched.bytes as f64 / 1_048_576.0
    ));
    Ok(())
}

fn find_file(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut inside: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    inside.sort();
    inside.into_iter().find_map(|path| match path.is_dir() {
        true => find_file(&path, name),
        false => (path.file_name()? == name).then_some(path),
    })
}

/// Every personal text that the sample's district begins with.
fn seeded() -> Result<Vec<String>> {
    // Which of them are drawn does not depend on the day.
    let district = sample::district(sample::SEED, Time(1_790_000_000_000), sample::Size::SMALL);
    let facilities = district.facilities.into_iter().flat_map(|facility| facility.actions);
    let drafts: Vec<Draft> = district.actions.into_iter().chain(facilities).flatten().collect();
    let mut words = Vec::new();
    for draft in &drafts {
        let described = domain::entities::entity(&draft.kind).context("a kind")?;
        for (name, value) in &draft.fields {
            let is_personal = described
                .field(name)
                .is_some_and(|field| field.masking != domain::field::Masking::Open);
            let is_of_person = draft.kind == "person" && matches!(name.as_str(), "name" | "username" | "phone");
            if let (true, Value::Text(text)) = (is_personal || is_of_person, value) {
                words.push(text.clone());
            }
        }
    }
    ensure!(words.len() > 100, "the sample has people");
    Ok(words)
}

/// A patient as they are registered in the run.
struct Patient {
    name: String,
    local_name: String,
    phone: String,
    address: String,
}

fn texts(patient: &Patient) -> Vec<String> {
    let whole = [&patient.name, &patient.local_name, &patient.phone, &patient.address].map(String::clone);
    let words = patient
        .name
        .split(' ')
        .chain(patient.local_name.split(' '))
        .chain(patient.address.split(", "));
    whole.into_iter().chain(words.map(str::to_owned)).collect()
}

/// Patients who bear every name of the sample between them.
fn registered() -> Vec<Patient> {
    let given = WOMEN.iter().chain(MEN);
    let patient = |(index, (given, given_ml)): (usize, &(&str, &str))| {
        let (family, family_ml) = FAMILY[index % FAMILY.len()];
        Patient {
            name: format!("{given} {family}"),
            local_name: format!("{given_ml} {family_ml}"),
            phone: format!("94470{:05}", 12_345 + 97 * index),
            address: format!("{}, {}", HOUSES[index % HOUSES.len()], PLACES[index % PLACES.len()]),
        }
    };
    given.enumerate().map(patient).collect()
}

/// Plants one name in each form that is looked for, and finds it.
fn proves_itself(needles: &Needles) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let name = registered()[3].name.clone();
    let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let planted = [
        ("plain", name.clone().into_bytes()),
        ("small", name.to_lowercase().into_bytes()),
        ("wide", wide),
        ("hex", hex(name.as_bytes()).into_bytes()),
        (
            "base64",
            format!("x{}", base64(format!("no{name}").as_bytes(), 0)).into_bytes(),
        ),
    ];
    for (form, bytes) in planted {
        let noise: Vec<u8> = (0..100_000_u32)
            .map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        fs::write(folder.path().join("control"), [&noise[..], &bytes, &noise].concat())?;
        let found = needles.search(folder.path())?;
        ensure!(
            found.places.iter().any(|place| place.contains(&name)),
            "a planted name is not found: {form}"
        );
        fs::write(folder.path().join("control"), &noise)?;
        ensure!(
            needles.search(folder.path())?.places.is_empty(),
            "a name is found where none is"
        );
    }
    Ok(())
}

/// Waits until the patient is on the desk.
async fn arrives(ward: &mut Ward, patient: &Patient) -> Result<()> {
    let begun = Instant::now();
    loop {
        let found = ward.view("find_patients", json!({ "text": patient.phone })).await?.0;
        if found[0]["name"] == patient.name.as_str() {
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "a patient does not arrive");
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A district and two desks at work, with all that a run leaves behind.
struct Run {
    district: District,
    desks: Vec<Ward>,
}

impl Run {
    async fn begin(folder: &Path) -> Result<Run> {
        let temporary = folder.join("tmp");
        fs::create_dir(&temporary)?;
        let temporary = temporary.display().to_string();
        // As much is logged as anybody would ask for.
        let environment = [
            ("TMPDIR", temporary.as_str()),
            ("RUST_LOG", "debug"),
            ("SQLITE_TMPDIR", &temporary),
        ];
        let district = District::new_with(&folder.join("server"), &environment).await?;
        let mut desks = Vec::new();
        for name in ["a", "b"] {
            fs::create_dir_all(folder.join(name))?;
            let log = File::create(folder.join(name).join("desk.log"))?;
            let mut ward = Ward::start_logging(&folder.join(name), &environment, log)?;
            let code = district.invite().await?;
            let join = json!({ "address": format!("https://{}", district.address), "code": code, "desk_name": "ward" });
            ward.call("join", join).await?;
            ward.call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
                .await?;
            all_sent(&mut ward).await?;
            desks.push(ward);
        }
        let mut run = Run { district, desks };
        run.work().await?;
        run.leave_files(folder).await?;
        Ok(run)
    }

    async fn work(&mut self) -> Result<()> {
        let [first, second] = &mut self.desks[..] else {
            anyhow::bail!("two desks")
        };
        for (index, patient) in registered().iter().enumerate() {
            let ward = if index % 2 == 0 { &mut *first } else { &mut *second };
            let as_of = ward.view("bed_board", Json::Null).await?.1;
            let fields = json!({ "name": patient.name, "local_name": patient.local_name, "phone": patient.phone,
                                 "address": patient.address, "birth_year": 1959 });
            let drafts = json!([{ "kind": "patient", "id": null, "fields": fields }]);
            ward.save(drafts, as_of, &[]).await?;
            ward.view("find_patients", json!({ "text": patient.name })).await?;
        }
        all_sent(first).await?;
        all_sent(second).await?;
        for ward in [first, second] {
            for patient in registered() {
                arrives(ward, &patient).await?;
            }
            ward.view("bed_board", Json::Null).await?;
            let draft = json!({ "name": "patient/new", "body": { "name": TYPED[0], "note": TYPED[1] } });
            ward.call("put_draft", draft).await?;
            // What people type into the wrong place.
            for (username, password) in [
                (TYPED[0], sample::PASSWORD),
                ("biju", TYPED[2]),
                (registered()[0].name.as_str(), TYPED[1]),
            ] {
                let wrong = ward
                    .call("sign_in", json!({ "username": username, "password": password }))
                    .await;
                ensure!(wrong.is_err(), "nobody is called so");
            }
            for (command, args) in [
                ("view", json!({ "name": registered()[0].name, "args": {} })),
                (
                    "view",
                    json!({ "name": "patient", "args": { "id": registered()[1].phone } }),
                ),
                (
                    "act",
                    json!({ "name": TYPED[0], "args": registered()[2].name, "as_of": 0 }),
                ),
                ("load_stick", json!({ "folder": format!("/{}", registered()[0].name) })),
                (
                    "take_in_unsent",
                    json!({ "path": format!("/{}", registered()[0].name), "code": TYPED[1] }),
                ),
                ("history", json!({ "kind": TYPED[0], "id": registered()[0].phone })),
            ] {
                ensure!(
                    ward.call(command, args).await.is_err(),
                    "{command} with a name in its place"
                );
            }
        }
        Ok(())
    }

    /// Copies of every sort, and work that nobody got.
    async fn leave_files(&mut self, folder: &Path) -> Result<()> {
        let backup = folder.join("backup.wardroom").display().to_string();
        self.district.run(&["backup", &backup]).await?;
        let stick = folder.join("stick");
        fs::create_dir(&stick)?;
        let facility = sample::hospital_ids(sample::SEED).facility.to_string();
        let stick = stick.display().to_string();
        self.district
            .run(&["snapshot", "export", "--facility", &facility, "--to", &stick])
            .await?;
        let ward = &mut self.desks[0];
        ward.call("backup", Json::Null).await?;
        self.district.kill().await?;
        ward.register(&registered()[5].name).await?;
        ward.call("copy_unsent", Json::Null).await?;
        ward.call("lock", Json::Null).await?;
        // Nobody is told who tries to come in.
        let wrong = json!({ "username": TYPED[0], "password": TYPED[2] });
        ensure!(ward.call("sign_in", wrong).await.is_err(), "nobody is called so");
        Ok(())
    }

    /// One desk is closed, the other dies.
    async fn end(mut self) -> Result<()> {
        let second = self.desks.pop().context("a desk")?;
        second.kill().await?;
        let mut first = self.desks.pop().context("a desk")?;
        first.call("lock", Json::Null).await?;
        first.kill().await?;
        Ok(())
    }
}
