//! The commands of `wardroom-server`: setting up a district, its places, people and desks, and
//! serving them. This folder names the kinds that are set up on the machine.
//!
//! Exit codes: 0 done; 1 failed; 2 the command line is not understood; 3 the folder is in no state
//! for it (nothing begun, begun already, served by another process); 4 what was named is not known;
//! 5 what was given is not acceptable; 6 what is kept is not what was written.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use zeroize::Zeroizing;

use crate::config::{Config, Hashing, wall_ms};
use crate::db::Address;
use crate::error::ServerError;
use crate::server::Server;

mod records;

mod init;

mod serve;

mod facility;

mod user;

mod second_factor;

mod device;

mod certificate;

mod parked;

mod retention;

mod erasure;

mod upkeep;

mod audit;

mod moving;

mod snapshot;

mod import;

/// The district server of Wardroom.
#[derive(Parser)]
#[command(name = "wardroom-server", version)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Common {
    /// The folder that holds the district.
    #[arg(
        long,
        global = true,
        env = "WARDROOM_SERVER_DIR",
        default_value = "/var/lib/wardroom"
    )]
    dir: PathBuf,
    /// The PostgreSQL database that holds the district, `postgres://user@host/name`; else a file in the folder.
    #[arg(long, global = true, env = "WARDROOM_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The same, read from a file, so that a password in it shows in no list of processes.
    #[arg(long, global = true, env = "WARDROOM_DATABASE_FILE", conflicts_with = "database")]
    database_file: Option<PathBuf>,
    /// The certificates (PEM) that may vouch for the database's server; else those this system trusts.
    #[arg(long, global = true, env = "WARDROOM_DATABASE_CA")]
    database_ca: Option<PathBuf>,
    /// The most connections to the database at a time.
    #[arg(long, global = true, env = "WARDROOM_DATABASE_CONNECTIONS", default_value_t = Address::CONNECTIONS)]
    database_connections: usize,
    /// The master key, if it is not kept in the folder.
    #[arg(long, global = true, env = "WARDROOM_MASTER_KEY_FILE")]
    master_key_file: Option<PathBuf>,
    /// Memory of one password hash, in KiB; at least 19456.
    #[arg(long, global = true, env = "WARDROOM_HASH_MEMORY_KIB", default_value_t = Hashing::default().memory_kib)]
    hash_memory_kib: u32,
    /// Passes of one password hash; at least 2.
    #[arg(long, global = true, env = "WARDROOM_HASH_PASSES", default_value_t = Hashing::default().passes)]
    hash_passes: u32,
    /// Answer with one JSON object.
    #[arg(long, global = true)]
    json: bool,
}

impl Common {
    fn database(&self) -> Result<Option<Address>, Failure> {
        let text = match (&self.database, &self.database_file) {
            (Some(text), _) => Zeroizing::new(text.clone()),
            (None, Some(file)) => Zeroizing::new(std::fs::read_to_string(file)?),
            (None, None) => return Ok(None),
        };
        let unreadable = || Failure::Unacceptable("the address of the database cannot be read".to_owned());
        let mut address = Address::read(&text).ok_or_else(unreadable)?;
        address.authorities.clone_from(&self.database_ca);
        address.connections = self.database_connections.max(1);
        Ok(Some(address))
    }
}

#[derive(Subcommand)]
enum Command {
    /// Begin a new district in the folder.
    Init(init::Init),
    /// Serve the district's desks until asked to stop.
    Serve(serve::Serve),
    /// The district's facilities.
    #[command(subcommand)]
    Facility(facility::Facility),
    /// The people who may sign in.
    #[command(subcommand)]
    User(user::User),
    /// Whether admins, and whoever works above the facilities, need a second factor.
    SecondFactor(second_factor::SecondFactor),
    /// The desks that joined.
    #[command(subcommand)]
    Device(device::Device),
    /// The certificate by which desks know the server, and the one that will follow it.
    #[command(subcommand)]
    Certificate(certificate::Certificate),
    /// What was kept aside for a person to decide.
    #[command(subcommand)]
    Parked(parked::Parked),
    /// Take over what another system kept.
    #[command(subcommand)]
    Import(import::Import),
    /// How long records are kept, what is past its time, and taking it away.
    #[command(subcommand)]
    Retention(retention::Retention),
    /// People whom an admin asked to be erased.
    #[command(subcommand)]
    Erasure(erasure::Erasure),
    /// Write, check or restore a backup.
    Backup(upkeep::Backup),
    /// Move the district from the file in the folder into an empty PostgreSQL database, the one of `--database-file`.
    Move,
    /// What a new desk can be given on a stick.
    #[command(subcommand)]
    Snapshot(snapshot::Snapshot),
    /// What desks are told after a restore that this program did not make itself.
    #[command(subcommand)]
    Epoch(upkeep::Epoch),
    /// Whether what is kept is what was written, and what happened at the server itself.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// What proves that two hold the same: head, chain and digest of every space.
    Digest,
    /// Which changes are here: space, change and number, a line each; nothing of what they say.
    Log,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Server(#[from] ServerError),
    #[error("no {0} is known by that name")]
    Unknown(&'static str),
    #[error("{0}")]
    Unacceptable(String),
    #[error("cannot read or write: {0}")]
    Io(#[from] std::io::Error),
    /// What was found is said as an answer is.
    #[error("what is kept is not what was written")]
    NotAsWritten(Box<Said>),
}

impl Failure {
    fn code(&self) -> (&'static str, u8) {
        match self {
            Failure::Server(ServerError::NotBegun(_)) => ("not_begun", 3),
            Failure::Server(ServerError::AlreadyBegun(_)) => ("already_begun", 3),
            Failure::Server(ServerError::Locked) => ("locked", 3),
            Failure::Server(ServerError::Displaced) => ("displaced", 3),
            Failure::Server(ServerError::Moved) => ("moved", 3),
            Failure::Server(ServerError::NotEmpty(_)) => ("not_empty", 3),
            Failure::Server(ServerError::NoNextCertificate) => ("no_next_certificate", 3),
            Failure::Server(ServerError::LeftBehind(_)) => ("desks_left_behind", 3),
            Failure::Server(ServerError::BackedUpElsewhere | ServerError::CertificateRefused(_)) => ("unacceptable", 5),
            Failure::Server(ServerError::NoDevice | ServerError::NoPerson) | Failure::Unknown(_) => ("unknown", 4),
            Failure::Unacceptable(_) => ("unacceptable", 5),
            Failure::NotAsWritten(_) => ("not_as_written", 6),
            Failure::Server(_) | Failure::Io(_) => ("failed", 1),
        }
    }
}

/// What a command has to say: JSON for programs, text for people.
#[derive(Debug)]
struct Said {
    json: serde_json::Value,
    text: String,
}

impl Said {
    fn nothing() -> Said {
        Said {
            json: serde_json::Value::Null,
            text: String::new(),
        }
    }
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    std::panic::set_hook(Box::new(|panic| {
        // The message may hold anything; the place may not.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a fault in the program");
        eprintln!(
            "wardroom-server: a fault in the program at {}",
            place.as_deref().unwrap_or("?")
        );
    }));
    let is_json = cli.common.json;
    match done(cli) {
        Ok(said) if is_json && !said.json.is_null() => say(&said.json.to_string()),
        Ok(said) if !is_json && !said.text.is_empty() => say(&said.text),
        Ok(_) => {}
        Err(failure) => {
            let (code, exit) = failure.code();
            if let Failure::NotAsWritten(said) = &failure {
                say(&if is_json {
                    said.json.to_string()
                } else {
                    said.text.clone()
                });
            }
            if is_json {
                let told = serde_json::json!({ "code": code, "message": failure.to_string() });
                eprintln!("{told}");
            } else {
                eprintln!("wardroom-server: {failure}");
            }
            return ExitCode::from(exit);
        }
    }
    ExitCode::SUCCESS
}

/// Nobody listening any more is no failure.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn done(cli: Cli) -> Result<Said, Failure> {
    let common = cli.common;
    let mut config = Config {
        database: common.database()?,
        master_key_file: common.master_key_file.clone(),
        hashing: Hashing {
            memory_kib: common.hash_memory_kib,
            passes: common.hash_passes,
        },
        now_ms: Arc::new(wall_ms),
        ..Config::default()
    };
    if let Command::Serve(serve) = &cli.command {
        config.is_plain = serve.plain;
    }
    let opened = || Server::open(&common.dir, config.clone());
    match cli.command {
        Command::Init(init) => init.run(&common.dir, config),
        Command::Serve(serve) => serve.run(opened()?),
        Command::Facility(facility) => facility.run(&opened()?),
        Command::User(user) => user.run(&opened()?),
        Command::SecondFactor(second_factor) => second_factor.run(&opened()?),
        Command::Device(device) => device.run(&opened()?),
        Command::Certificate(certificate) => certificate.run(&opened()?),
        Command::Parked(parked) => parked.run(&opened()?),
        Command::Import(import) => import.run(&opened()?),
        Command::Retention(retention) => retention.run(opened),
        Command::Erasure(erasure) => erasure.run(&opened()?),
        Command::Backup(backup) => backup.run(&common.dir, &config),
        Command::Move => moving::run(&common.dir, &config),
        Command::Snapshot(snapshot) => snapshot.run(&opened()?),
        Command::Audit(audit) => audit.run(&opened()?),
        Command::Digest => upkeep::digest(&opened()?),
        Command::Epoch(epoch) => epoch.run(&common.dir, &config),
        Command::Log => upkeep::log(&common.dir, &config),
    }
}
