//! A district server with two facilities and their people, desks that write and exchange, and a
//! clock that stands still until it is moved. The other end is the server itself, or the same
//! server over TLS.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a rig stops at the first surprise"
)]
#![allow(dead_code, reason = "each test file uses its own part of the rig")]

#[path = "../../../../tests/src/cluster.rs"]
pub mod cluster;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use domain::check::Draft;
use domain::entities::{district, facility, patient, person, state};
use domain::{RecordId, Time, Value};
use ed25519_dalek::SigningKey;
use futures_util::{Stream, StreamExt};
use server::certificate::Certificate;
use server::config::{Hashing, Rate};
use server::db::Address;
use server::db::second_factor::Rule;
use server::seal::{hmac, sha256};
use server::serve::{Listen, serve};
use server::{Config, InProcess, Server};
use sync_core::change::SCHEMA;
use sync_core::entry::{Enrol, Enrolled, Grant, Signed, SignedGrant, enrol_message, header};
use sync_core::exchange::{Answer, Ask, Batch, MEDIA_TYPE, PROTOCOL, Page, Peer, PeerError, Reason, SHOWS_GRANTS};
use sync_core::frame::{Unpacker, pack};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, Hash, Lsn, SpaceId, Stamp};
use uuid::Uuid;

pub const PASSWORD: &str = "monsoon in june";
/// A name that must stand nowhere in the clear.
pub const SECRET_NAME: &str = "Lakshmikutty Ammini Varghese";
pub const BEGIN_MS: i64 = 1_790_000_000_000;

pub fn new_id() -> RecordId {
    RecordId(Uuid::now_v7())
}

/// The file of a district's folder that says which database it is kept in, if it is.
const DATABASE: &str = "database";

/// Whether this test program keeps its districts in PostgreSQL.
pub fn is_postgres() -> bool {
    env!("CARGO_CRATE_NAME") == "postgres"
}

/// The database for one more district, if this test program keeps them in one.
fn database() -> Option<String> {
    if !is_postgres() {
        return None;
    }
    match cluster::Cluster::of_process() {
        Ok(cluster) => Some(cluster.address(&cluster.schema().unwrap())),
        Err(why) => {
            println!("SKIPPED: on a file instead of PostgreSQL: {why}");
            None
        }
    }
}

/// A folder for one more district, in which the program finds its database if it is to use one; and how it is opened.
pub fn place_for_a_district(folder: &Path) -> Config {
    std::fs::create_dir_all(folder).unwrap();
    let mut config = Config::default();
    if let Some(database) = database() {
        std::fs::write(folder.join(DATABASE), &database).unwrap();
        config.database = Address::read(&database);
    }
    config
}

/// The cluster and the schema that the rig's district is kept in, if it is.
pub fn database_of(rig: &Rig) -> Option<(&'static cluster::Cluster, String)> {
    let address = std::fs::read_to_string(rig.dir().join(DATABASE)).ok()?;
    let (_, schema) = address.rsplit_once("%3D")?;
    Some((cluster::Cluster::of_process().ok()?, schema.to_owned()))
}

/// One district.
pub struct Rig {
    pub server: Server,
    pub clock: Arc<AtomicI64>,
    pub here: Place,
    pub elsewhere: Place,
    /// An admin of the whole district.
    pub admin: RecordId,
    http: Option<Http>,
    _dir: tempfile::TempDir,
}

/// A facility with its nurse.
#[derive(Clone, Copy)]
pub struct Place {
    pub facility: RecordId,
    pub space: SpaceId,
    pub nurse: RecordId,
}

pub struct Http {
    pub address: String,
    pub client: reqwest::Client,
}

pub fn config(clock: &Arc<AtomicI64>) -> Config {
    let mut config = Config {
        hashing: Hashing::LEAST,
        ..Config::default()
    };
    let plenty = Rate {
        per_second: 10_000,
        at_once: 10_000,
    };
    config.limits.requests = plenty;
    config.limits.entries = plenty;
    let clock = Arc::clone(clock);
    config.now_ms = Arc::new(move || clock.load(Ordering::SeqCst));
    config
}

impl Default for Rig {
    fn default() -> Rig {
        Rig::new()
    }
}

impl Rig {
    pub fn new() -> Rig {
        Rig::with(|_| ())
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Rig {
        Rig::kept(database(), change)
    }

    /// Kept in the database of this address.
    pub fn in_database(address: &str) -> Rig {
        Rig::kept(Some(address.to_owned()), |_| ())
    }

    fn kept(database: Option<String>, change: impl FnOnce(&mut Config)) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(BEGIN_MS));
        let mut config = config(&clock);
        let home = dir.path().join("district");
        if let Some(database) = database {
            std::fs::create_dir(&home).unwrap();
            std::fs::write(home.join(DATABASE), &database).unwrap();
            config.database = Address::read(&database);
        }
        change(&mut config);
        let (state_id, district_id) = (new_id(), new_id());
        let server = Server::begin(&home, district_id, 330, config).unwrap();
        let place = || {
            let facility = new_id();
            Place {
                facility,
                space: SpaceId::Facility(facility.0),
                nurse: new_id(),
            }
        };
        let (here, elsewhere, admin) = (place(), place(), new_id());
        server
            .author(
                server.district(),
                vec![
                    vec![Draft::new("state", state_id).with(&state::NAME, "Kerala")],
                    vec![Draft::new("district", district_id).with(&district::NAME, "Ernakulam")],
                    vec![facility_draft(here.facility, "Taluk Hospital")],
                    vec![facility_draft(elsewhere.facility, "Other Hospital")],
                    vec![person_draft(here.nurse, "lakshmi", "nurse", Some(here.facility))],
                    vec![person_draft(
                        elsewhere.nurse,
                        "other",
                        "nurse",
                        Some(elsewhere.facility),
                    )],
                    vec![person_draft(admin, "admin", "district_admin", None)],
                ],
            )
            .unwrap();
        // What is asked of admins beside the password has tests of its own.
        server.set_second_factor(Rule::Off).unwrap();
        server.add_space(here.space).unwrap();
        server.add_space(elsewhere.space).unwrap();
        server
            .set_passwords(&[here.nurse, elsewhere.nurse, admin], PASSWORD)
            .unwrap();
        Rig {
            server,
            clock,
            here,
            elsewhere,
            admin,
            http: None,
            _dir: dir,
        }
    }

    /// The same with a server that listens on the loopback, over TLS.
    pub async fn over_tls(self) -> Rig {
        let said = self.server.dir().join("said");
        let listen = Listen {
            address: ([127, 0, 0, 1], 0).into(),
            address_file: Some(said.clone()),
            audit_heads: None,
        };
        tokio::spawn(serve(self.server.clone(), listen));
        let address = appears(&said).await;
        let client = client(&self.server.certificate().der);
        Rig {
            http: Some(Http { address, client }),
            ..self
        }
    }

    /// The server itself, and the same over TLS: what holds for one must hold for the other.
    pub async fn both() -> [Rig; 2] {
        [Rig::new(), Rig::new().over_tls().await]
    }

    pub fn dir(&self) -> &Path {
        self.server.dir()
    }

    /// The same with the real program serving the folder, in a process of its own.
    pub async fn by_process(mut self) -> (Rig, Serving) {
        let serving = Serving::start(self.dir()).await;
        self.http = Some(Http {
            address: serving.address.clone(),
            client: client(&self.server.certificate().der),
        });
        (self, serving)
    }

    /// A folder with what another node of this district needs: the master key, and where the database is.
    pub fn folder_of_node(&self, name: &str) -> PathBuf {
        let folder = self.dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        for file in ["master.key", DATABASE] {
            std::fs::copy(self.dir().join(file), folder.join(file)).unwrap();
        }
        folder
    }

    /// The real program serving from the folder, and how it is reached.
    pub async fn node(&self, folder: &Path) -> (Serving, Http) {
        let serving = Serving::start(folder).await;
        let http = Http {
            address: serving.address.clone(),
            client: client(&self.server.certificate().der),
        };
        (serving, http)
    }

    pub fn has_http(&self) -> bool {
        self.http.is_some()
    }

    pub fn http(&self) -> &Http {
        self.http.as_ref().unwrap()
    }

    pub fn wait(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// A desk of the facility that joined with a code.
    pub fn desk(&self, place: Place) -> Desk {
        let invited = self.server.invite(place.facility, "Taluk Hospital", "Ward 3").unwrap();
        let key = new_key();
        let enrolled = self.enrol(&invited.code, &key).unwrap();
        Desk::of(&enrolled, key, place.nurse).known_to(&self.server)
    }

    pub fn enrol(&self, code: &str, key: &SigningKey) -> Option<Enrolled> {
        let enrol = enrol(code, key, &self.server.certificate_hash());
        self.server.enrol(&enrol).unwrap()
    }

    /// One round, in which the desk shows the grants of those whose work it brings.
    pub async fn exchange(&self, desk: &Desk, asks: Vec<Ask>) -> Result<Vec<Answer>, PeerError> {
        self.exchange_as_said(desk, desk.showing(asks)).await
    }

    /// One round of these asks alone.
    pub async fn exchange_as_said(&self, desk: &Desk, asks: Vec<Ask>) -> Result<Vec<Answer>, PeerError> {
        let mut answers = Vec::new();
        let mut absorb = |answer| answers.push(answer);
        match &self.http {
            None => {
                let peer = InProcess {
                    server: self.server.clone(),
                    device: desk.id,
                };
                peer.exchange(asks, &mut absorb).await?;
            }
            Some(http) => {
                let peer = OverHttp { http, desk };
                peer.exchange(asks, &mut absorb).await?;
            }
        }
        Ok(answers)
    }

    /// Sends one batch and answers what became of it.
    pub async fn push(&self, desk: &Desk, batch: Batch) -> Answer {
        let mut answers = self.exchange(desk, vec![hello(), Ask::Push(batch)]).await.unwrap();
        assert!(matches!(answers.remove(0), Answer::Hello { .. }));
        answers.remove(0)
    }

    /// Everything the space has after `cursor`, as pages.
    pub async fn pull(&self, desk: &Desk, space: SpaceId, cursor: Lsn) -> Vec<Answer> {
        let pull = Ask::Pull {
            space,
            epoch: 1,
            cursor,
        };
        let mut answers = self.exchange(desk, vec![hello(), pull]).await.unwrap();
        assert!(matches!(answers.remove(0), Answer::Hello { .. }));
        answers
    }

    pub async fn pages(&self, desk: &Desk, space: SpaceId, cursor: Lsn) -> Vec<Page> {
        let answers = self.pull(desk, space, cursor).await;
        let page = |answer| match answer {
            Answer::Page(page) => page,
            other => panic!("no page: {other:?}"),
        };
        answers.into_iter().map(page).collect()
    }

    /// Every lsn of the desk's space, as a server tells it that serves with this certificate.
    pub async fn lsns_over(&self, certificate: &Certificate, desk: &Desk) -> Vec<Lsn> {
        let http = Http {
            address: self.http().address.clone(),
            client: client(&certificate.der),
        };
        let pull = Ask::Pull {
            space: desk.space,
            epoch: 1,
            cursor: 0,
        };
        let answers = ask(&http, desk, vec![hello(), pull]).await.unwrap();
        let of_page = |answer: &Answer| match answer {
            Answer::Page(page) => page.entries.iter().map(|entry| entry.lsn).collect(),
            _ => Vec::new(),
        };
        answers.iter().flat_map(of_page).collect()
    }

    /// Every lsn of the space as a reader gets it.
    pub async fn lsns(&self, desk: &Desk, space: SpaceId) -> Vec<Lsn> {
        let pages = self.pages(desk, space, 0).await;
        pages
            .iter()
            .flat_map(|page| page.entries.iter().map(|entry| entry.lsn))
            .collect()
    }
}

/// The real program, serving.
pub struct Serving {
    pub child: Child,
    pub address: String,
    said: PathBuf,
}

impl Serving {
    pub async fn start(dir: &Path) -> Serving {
        let said = dir.join("said");
        // Left by a process that was killed.
        let _ = std::fs::remove_file(&said);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(dir.join("server.log"))
            .unwrap();
        let child = program(dir, &["serve", "--listen", "127.0.0.1:0", "--address-file"])
            .arg(&said)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let address = appears(&said).await;
        Serving { child, address, said }
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    pub fn has_address_file(&self) -> bool {
        self.said.exists()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The real program on a folder.
pub fn program(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(server_program());
    command
        .args(args)
        .env("WARDROOM_SERVER_DIR", dir)
        .env("WARDROOM_HASH_MEMORY_KIB", "19456")
        .env("WARDROOM_HASH_PASSES", "2")
        .stdin(Stdio::null());
    let database = dir.join(DATABASE);
    if database.exists() {
        command.env("WARDROOM_DATABASE_FILE", database);
    }
    command
}

/// Where it was built: beside this program when this is a test of another package.
fn server_program() -> PathBuf {
    if let Some(built) = option_env!("CARGO_BIN_EXE_wardroom-server") {
        return built.into();
    }
    let own = std::env::current_exe().unwrap();
    let mut folder = own.parent().unwrap();
    if folder.ends_with("deps") {
        folder = folder.parent().unwrap();
    }
    folder.join(format!("wardroom-server{}", std::env::consts::EXE_SUFFIX))
}

/// What the program says as JSON, or the exit code and the code of its failure.
pub fn run(dir: &Path, args: &[&str]) -> Result<serde_json::Value, (i32, String)> {
    run_with(dir, args, "")
}

/// The same with something on standard input.
pub fn run_with(dir: &Path, args: &[&str], input: &str) -> Result<serde_json::Value, (i32, String)> {
    let mut child = program(dir, args)
        .arg("--json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    if done.status.success() {
        return Ok(serde_json::from_slice(&done.stdout).unwrap());
    }
    let failure: serde_json::Value = serde_json::from_slice(&done.stderr).unwrap_or_default();
    let code = failure["code"].as_str().unwrap_or_default().to_owned();
    Err((done.status.code().unwrap(), code))
}

pub fn facility_draft(id: RecordId, name: &str) -> Draft {
    Draft::new("facility", id)
        .with(&facility::NAME, name)
        .with_value(facility::FACILITY_TYPE.name(), Value::Code("taluk_hospital".into()))
}

pub fn person_draft(id: RecordId, username: &str, role: &str, facility: Option<RecordId>) -> Draft {
    let draft = Draft::new("person", id)
        .with(&person::USERNAME, username)
        .with(&person::NAME, SECRET_NAME)
        .with_value(person::ROLE.name(), Value::Code(role.into()))
        .with(&person::ACTIVE, "yes");
    match facility {
        Some(facility) => draft.with(&person::FACILITY, facility),
        None => draft,
    }
}

pub fn patient_draft(id: RecordId) -> Draft {
    Draft::new("patient", id).with(&patient::NAME, SECRET_NAME)
}

pub fn new_key() -> SigningKey {
    SigningKey::from_bytes(&server::seal::random::<32>())
}

pub fn enrol(code: &str, key: &SigningKey, certificate: &Hash) -> Enrol {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let device_key = Hash(key.verifying_key().to_bytes());
    Enrol {
        invitation: code.chars().take(8).collect(),
        device_key,
        desk: "Ward 3".into(),
        proof: hmac(&sha256(code.as_bytes()).0, &enrol_message(certificate, &device_key)),
    }
}

pub fn hello() -> Ask {
    Ask::Hello {
        protocol: PROTOCOL,
        sent_ms: 0,
        wish: None,
        knows_ms: None,
    }
}

/// A desk and what it wrote.
#[derive(Clone)]
pub struct Desk {
    pub id: DeviceId,
    pub key: SigningKey,
    pub space: SpaceId,
    pub actor: RecordId,
    pub changes: Vec<Encoded>,
    /// How many numbers the next change leaves out.
    pub leap: u64,
    /// With what the server signs grants, and the district's space.
    pub grants: Option<(SigningKey, SpaceId)>,
}

impl Desk {
    /// The desk that joined with this key, for one person.
    fn of(enrolled: &Enrolled, key: SigningKey, actor: RecordId) -> Desk {
        Desk {
            id: enrolled.device,
            key,
            space: SpaceId::Facility(enrolled.facility.0),
            actor,
            changes: Vec::new(),
            leap: 0,
            grants: None,
        }
    }

    /// The same, at which anybody signs in whose work it brings.
    pub fn known_to(self, server: &Server) -> Desk {
        let grants = Some((server.own().signing_key.clone(), server.district()));
        Desk { grants, ..self }
    }

    /// What the server gave to somebody who signed in here.
    pub fn grant(&self, person: RecordId) -> Option<SignedGrant> {
        let (key, district) = self.grants.as_ref()?;
        let grant = Grant {
            device: self.id,
            person,
            username: String::new(),
            name: String::new(),
            role: String::new(),
            spaces: vec![self.space, *district],
            issued: Time(BEGIN_MS),
            not_after: Time(BEGIN_MS + 1_000 * Time::DAY_MS),
            policy: 1,
        };
        Some(SignedGrant::new(key, &grant))
    }

    /// These asks, with the grants of those who wrote and decided, and of the desk's own person, if it says hello in a
    /// version that shows them.
    pub fn showing(&self, mut asks: Vec<Ask>) -> Vec<Ask> {
        let shows = matches!(asks.first(), Some(Ask::Hello { protocol, .. }) if *protocol >= SHOWS_GRANTS);
        if !shows || self.grants.is_none() {
            return asks;
        }
        let mut people: BTreeSet<RecordId> = self.changes.iter().map(|change| change.change().actor).collect();
        people.insert(self.actor);
        people.extend(asks.iter().filter_map(|ask| match ask {
            Ask::Decide(decision) => Some(decision.by),
            _ => None,
        }));
        let grants = people.into_iter().filter_map(|person| self.grant(person));
        asks.insert(1, Ask::Grants(grants.collect()));
        asks
    }

    /// Writes one action in the desk's own space.
    pub fn write(&mut self, drafts: Vec<Draft>) -> Vec<ChangeId> {
        let (space, actor) = (self.space, self.actor);
        self.write_as(space, actor, drafts, &[])
    }

    /// Writes one action of `actor` in `space`, each field on top of `base`.
    pub fn write_as(
        &mut self,
        space: SpaceId,
        actor: RecordId,
        drafts: Vec<Draft>,
        base: &[ChangeId],
    ) -> Vec<ChangeId> {
        let (action, of) = (Uuid::now_v7(), u32::try_from(drafts.len()).unwrap());
        let mut ids = Vec::new();
        for draft in drafts {
            let last = self.changes.last().map_or(0, |last| last.change().id.seq);
            let seq = last + 1 + std::mem::take(&mut self.leap);
            let id = ChangeId { device: self.id, seq };
            let base = match base {
                [] => BTreeMap::new(),
                heads => draft.fields.keys().map(|name| (name.clone(), heads.to_vec())).collect(),
            };
            ids.push(id);
            self.changes.push(Encoded::new(Change {
                id,
                action,
                of,
                space,
                kind: draft.kind,
                record: draft.id,
                fields: draft.fields,
                base,
                seen: 0,
                actor,
                session: Uuid::nil(),
                schema: SCHEMA,
                stamp: Stamp(BEGIN_MS, 0),
                wall_ms: BEGIN_MS,
                origin: None,
                erased: None,
            }));
        }
        ids
    }

    /// Writes `count` actions of one new patient each.
    pub fn admit(&mut self, count: usize) {
        for _ in 0..count {
            self.write(vec![patient_draft(new_id())]);
        }
    }

    pub fn chain_before(&self, seq: usize) -> Chain {
        let before = self.changes.iter().take(seq - 1);
        before.fold(Chain::default(), |chain, change| chain.with_change(change.hash()))
    }

    /// The batch of the changes from the first to the last, counted from 1.
    pub fn batch(&self, first: usize, last: usize) -> Batch {
        Batch::new(
            &self.key,
            self.id,
            self.chain_before(first),
            &self.changes[first - 1..last],
        )
        .unwrap()
    }

    /// The batch of all changes.
    pub fn all(&self) -> Batch {
        self.batch(1, self.changes.len())
    }
}

/// The numbers of a receipt, and what it says was parked.
pub fn receipt(answer: Answer) -> (u64, Vec<Lsn>, Vec<(u64, Reason)>) {
    match answer {
        Answer::Receipt {
            last_seq,
            numbered,
            parked,
        } => (
            last_seq,
            numbered.iter().map(|numbered| numbered.lsn).collect(),
            parked.iter().map(|parked| (parked.seq, parked.reason)).collect(),
        ),
        other => panic!("no receipt: {other:?}"),
    }
}

/// A client that trusts this certificate alone.
pub fn client(certificate: &[u8]) -> reqwest::Client {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.to_vec().into()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .build()
        .unwrap()
}

/// The text of a file, once it is there.
pub async fn appears(path: &Path) -> String {
    for _ in 0..400 {
        match std::fs::read_to_string(path) {
            Ok(text) if !text.is_empty() => return text.trim().to_owned(),
            _ => tokio::time::sleep(Duration::from_millis(25)).await,
        }
    }
    panic!("{} does not appear", path.display())
}

/// A request signed by the desk.
pub fn signed(http: &Http, desk: &Desk, method: &str, path: &str, body: Vec<u8>) -> reqwest::RequestBuilder {
    let nonce = Uuid::new_v4().simple().to_string();
    signed_with(http, desk, method, path, body, &nonce, BEGIN_MS)
}

pub fn signed_with(
    http: &Http,
    desk: &Desk,
    method: &str,
    path: &str,
    body: Vec<u8>,
    nonce: &str,
    time_ms: i64,
) -> reqwest::RequestBuilder {
    let signature = Signed {
        method,
        path,
        time_ms,
        nonce,
        body: Hash::of(&body),
    }
    .sign(&desk.key);
    let kind = if path == "/v1/sync" {
        MEDIA_TYPE
    } else {
        "application/json"
    };
    http.client
        .request(method.parse().unwrap(), format!("{}{path}", http.address))
        .header("content-type", kind)
        .header(header::DEVICE, desk.id.to_string())
        .header(header::TIME, time_ms)
        .header(header::NONCE, nonce)
        .header(header::SIGNATURE, signature.0)
        .body(body)
}

/// Asks over HTTP to join with this code.
pub async fn ask_to_join(http: &Http, code: &str, certificate: &Hash, key: &SigningKey) -> reqwest::Response {
    let asked = enrol(code, key, certificate);
    let request = http.client.post(format!("{}/v1/enrol", http.address));
    request.json(&asked).send().await.unwrap()
}

/// A desk that joined over HTTP with this code, for one person.
pub async fn join(http: &Http, code: &str, certificate: &Hash, actor: RecordId) -> Desk {
    let key = new_key();
    let response = ask_to_join(http, code, certificate, &key).await;
    Desk::of(&response.json().await.unwrap(), key, actor)
}

/// What a desk that listens hears after it was told where each of its two spaces stands.
pub async fn listening(http: &Http, desk: &Desk) -> impl Stream<Item = reqwest::Result<Bytes>> + Unpin + use<> {
    let request = signed(http, desk, "GET", "/v1/events", Vec::new());
    let mut events = request.send().await.unwrap().bytes_stream();
    for _ in 0..2 {
        events.next().await.unwrap().unwrap();
    }
    events
}

pub fn frames(asks: &[Ask]) -> Vec<u8> {
    asks.iter().flat_map(|ask| pack(ask).unwrap()).collect()
}

/// Sends asks over HTTP. Answers what came back, or why nothing did.
pub async fn ask(http: &Http, desk: &Desk, asks: Vec<Ask>) -> Result<Vec<Answer>, PeerError> {
    let mut answers = Vec::new();
    let mut absorb = |answer| answers.push(answer);
    let asks = desk.showing(asks);
    OverHttp { http, desk }.exchange(asks, &mut absorb).await?;
    Ok(answers)
}

/// The other end over HTTP.
pub struct OverHttp<'a> {
    pub http: &'a Http,
    pub desk: &'a Desk,
}

impl Peer for OverHttp<'_> {
    async fn exchange(&self, asks: Vec<Ask>, absorb: &mut (dyn FnMut(Answer) + Send)) -> Result<(), PeerError> {
        let request = signed(self.http, self.desk, "POST", "/v1/sync", frames(&asks));
        let response = request.send().await.map_err(|_| PeerError::Offline)?;
        match response.status().as_u16() {
            200 => {}
            401 | 403 | 404 => return Err(PeerError::NotAccepted),
            413 => return Err(PeerError::TooLarge),
            426 => return Err(PeerError::Version),
            _ => return Err(PeerError::Offline),
        }
        assert_eq!(response.headers()["content-type"], MEDIA_TYPE);
        let (mut unpacker, mut stream) = (Unpacker::default(), response.bytes_stream());
        while let Some(piece) = stream.next().await {
            unpacker.push(&piece.map_err(|_| PeerError::Offline)?);
            while let Some(answer) = unpacker.take::<Answer>().map_err(|_| PeerError::Damaged)? {
                if answer == Answer::End {
                    return Ok(());
                }
                absorb(answer);
            }
        }
        Err(PeerError::Offline)
    }
}
