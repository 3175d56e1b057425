//! What the operator decides: where the district is kept, where the master key lies, how dear a password is to guess, and how
//! much a client may ask.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sync_core::exchange::{OLDEST, PROTOCOL};
use uuid::Uuid;

use crate::db::Address;

/// What the operator decides.
#[derive(Clone)]
pub struct Config {
    /// The database that holds the district; a file in the server's folder when empty.
    pub database: Option<Address>,
    /// Where the master key lies; `master.key` in the server's folder when empty.
    pub master_key_file: Option<PathBuf>,
    /// Served without TLS, on the loopback only.
    pub is_plain: bool,
    pub hashing: Hashing,
    pub limits: Limits,
    /// The versions of the exchange that are spoken; desks of others bring what they have and get nothing.
    pub speaks: RangeInclusive<u16>,
    /// The wall clock in milliseconds since 1970; tests set it.
    pub now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// A new id for what the server itself writes or lets in; simulations draw it from their seed.
    pub new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

/// The cost of one password hash (Argon2id with one lane).
#[derive(Clone, Copy, Debug)]
pub struct Hashing {
    pub memory_kib: u32,
    pub passes: u32,
}

/// How much a client may ask.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most bytes of one exchange, packed.
    pub exchange_bytes: usize,
    /// The most bytes of any other request.
    pub request_bytes: usize,
    /// The most bytes of changes in one page; a single larger action still goes whole.
    pub page_bytes: usize,
    /// The most pages of one space in one exchange.
    pub pages: usize,
    /// A log shorter than this is read whole; of a longer one there is a snapshot.
    pub snapshot_least: u64,
    /// A snapshot is made anew when the log went on beyond it by more than this.
    pub snapshot_tail: u64,
    /// The head of a request, and the pause between requests of one connection, may take this long.
    pub headers: Duration,
    /// A client may be silent for this long within a request.
    pub silence: Duration,
    /// A request may take this long until its answer begins.
    pub request_time: Duration,
    /// Requests a second, and at once, of one device or one address.
    pub requests: Rate,
    /// Sign-ins and joins a second, and at once, of one address.
    pub entries: Rate,
    /// Connections that are open at once.
    pub connections: Connections,
}

/// How many connections may be open at once. A desk holds one to listen and one or two to exchange; many desks may
/// stand behind one address.
#[derive(Clone, Copy, Debug)]
pub struct Connections {
    pub all: u32,
    pub of_one_address: u32,
}

/// How many a second in the long run, and how many at once.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub per_second: u32,
    pub at_once: u32,
}

impl Hashing {
    /// The least that is acceptable anywhere (OWASP ASVS 5.0, 11.4.4).
    pub const LEAST: Hashing = Hashing {
        memory_kib: 19 * 1024,
        passes: 2,
    };
}

impl Default for Hashing {
    fn default() -> Hashing {
        Hashing {
            memory_kib: 64 * 1024,
            passes: 3,
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            exchange_bytes: 32 * 1024 * 1024,
            request_bytes: 16 * 1024,
            page_bytes: 1024 * 1024,
            pages: 64,
            snapshot_least: 1_000,
            snapshot_tail: 500,
            headers: Duration::from_secs(60),
            silence: Duration::from_secs(30),
            request_time: Duration::from_secs(300),
            requests: Rate {
                per_second: 30,
                at_once: 200,
            },
            entries: Rate {
                per_second: 2,
                at_once: 40,
            },
            connections: Connections {
                all: 4_000,
                of_one_address: 1_000,
            },
        }
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            database: None,
            master_key_file: None,
            is_plain: false,
            hashing: Hashing::default(),
            limits: Limits::default(),
            speaks: OLDEST..=PROTOCOL,
            now_ms: Arc::new(wall_ms),
            new_id: Arc::new(Uuid::now_v7),
        }
    }
}

/// The wall clock in milliseconds since 1970.
pub fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
