//! Why the server could not do what it was asked. A message says what failed, on what, and what to
//! do; never what a person typed or a patient's value.

use std::path::PathBuf;

/// Why the server could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("no district is kept in {0}; begin with `init`")]
    NotBegun(PathBuf),
    #[error("a district is already kept in {0}")]
    AlreadyBegun(PathBuf),
    #[error(
        "the database was restored, or another server of its cluster took over: what was confirmed may be missing; \
         begin a new epoch with `epoch begin` before serving"
    )]
    Displaced,
    #[error("{0}: the database would lose what it confirmed")]
    Unsafe(&'static str),
    #[error("a backup of PostgreSQL is made with its own tools (pg_basebackup and the archive of its log, or pg_dump)")]
    BackedUpElsewhere,
    #[error("no connection to the database became free in time")]
    Busy,
    #[error("another server is running on this folder; stop it first")]
    Locked,
    #[error("this district was moved into PostgreSQL: say by `--database-file` where, and serve it from there")]
    Moved,
    #[error("{0} is not empty: a district is moved into an empty database")]
    NotEmpty(String),
    #[error("the file is of schema {found}, this version knows {known}; use a newer version")]
    NewerSchema { found: i64, known: i64 },
    #[error("the file cannot be brought to this version: {0}")]
    Migration(String),
    #[error("the master key at {0} cannot be read, or is not 32 bytes in hex")]
    MasterKey(PathBuf),
    #[error("a sealed value does not open: another master key, or a damaged file")]
    SealBroken,
    #[error("the district's file failed: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("the district's database failed: {0}")]
    Postgres(#[from] PostgresError),
    #[error("{0} cannot be read or written: {1}")]
    Io(PathBuf, std::io::Error),
    #[error("the certificate cannot be made or used: {0}")]
    Certificate(String),
    #[error("the certificate cannot be taken: {0}")]
    CertificateRefused(&'static str),
    #[error("another certificate serves, and is not taken up here yet")]
    AnotherServes,
    #[error("there is no next certificate: make one with `certificate renew`, or give one with `certificate use`")]
    NoNextCertificate,
    #[error(
        "{0} desks do not know the next certificate and would be left behind: `certificate show` names them, and `--yes` \
         leaves them behind"
    )]
    LeftBehind(usize),
    #[error("no such space is kept here")]
    NoSpace,
    #[error("no such desk is known here")]
    NoDevice,
    #[error("no such person is known here")]
    NoPerson,
    #[error("what the file holds is damaged: {0}")]
    Damaged(&'static str),
    #[error("the request is larger than allowed")]
    TooLarge,
}

impl ServerError {
    /// Whether the same may succeed when it is tried again at once.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, ServerError::Postgres(error) if error.is_passing())
    }
}

/// What PostgreSQL says went wrong, without the values it says it of.
#[derive(Debug)]
pub struct PostgresError {
    code: String,
    what: String,
    is_closed: bool,
}

/// Data that is not of its form, and data that contradicts other: their messages repeat it.
const CLASSES_WITH_VALUES: &[&str] = &["22", "23"];

impl From<tokio_postgres::Error> for PostgresError {
    fn from(error: tokio_postgres::Error) -> PostgresError {
        let is_closed = error.is_closed();
        let Some(told) = error.as_db_error() else {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            return PostgresError {
                code: String::new(),
                what: format!("{error}{}", cause.unwrap_or_default()),
                is_closed,
            };
        };
        let code = told.code().code().to_owned();
        let what = if CLASSES_WITH_VALUES.iter().any(|class| code.starts_with(class)) {
            told.constraint().unwrap_or_default().to_owned()
        } else {
            told.message().to_owned()
        };
        PostgresError { code, what, is_closed }
    }
}

impl PostgresError {
    /// Lost against another transaction, or the connection ended or the server is about to.
    fn is_passing(&self) -> bool {
        let is_lost = self.code.starts_with("08") || self.code.starts_with("57P");
        self.is_closed || is_lost || matches!(self.code.as_str(), "40001" | "40P01")
    }
}

impl std::fmt::Display for PostgresError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.code, self.what)
    }
}

impl std::error::Error for PostgresError {}

/// What the server's functions answer.
pub type Result<T, E = ServerError> = std::result::Result<T, E>;
