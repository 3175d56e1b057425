//! PostgreSQL beneath the server: as many nodes as there are on one database, each with a few
//! connections. What two of them must not do at once is held by locks on rows; a transaction that
//! loses against another is done again from its beginning.

mod link;

mod schema;

mod tls;

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

pub use link::Link;

use super::address::Address;
use super::conn::{Conn, Unfinished};
use super::{locked, space};
use crate::error::{Result, ServerError};

/// How long is waited for a free connection.
const WAIT: Duration = Duration::from_secs(20);
/// A transaction that lost against others is begun so often.
const ATTEMPTS: u32 = 12;

const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// One moment for everything that is read.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The connections to one database.
pub struct Pool {
    address: Address,
    /// Moves the bytes of all connections; there until the pool is dropped.
    runtime: Option<Runtime>,
    connections: Mutex<Connections>,
    freed: Condvar,
    lineage: Lineage,
}

/// Which history of the cluster is good enough.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lineage {
    /// The one in which the epoch of the logs began.
    Same,
    /// Any: a new epoch is about to begin.
    Any,
}

#[derive(Default)]
struct Connections {
    free: Vec<Conn>,
    lent: usize,
    /// The row of the lineage that was seen last.
    row: Option<i64>,
    /// How often it was another: connections of before are used no more.
    turn: u64,
}

impl Pool {
    /// Connects, and brings the tables to this version's schema.
    pub fn open(address: &Address, lineage: Lineage) -> Result<Pool> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build()
            .map_err(|error| ServerError::Io("a thread".into(), error))?;
        let pool = Pool {
            address: address.clone(),
            runtime: Some(runtime),
            connections: Mutex::default(),
            freed: Condvar::new(),
            lineage,
        };
        let mut first = pool.connect()?;
        schema::bring_up(&mut first)?;
        let first = pool.ready(first)?;
        locked(&pool.connections).free.push(first);
        Ok(pool)
    }

    fn connect(&self) -> Result<Link> {
        let runtime = self.runtime.as_ref().ok_or(ServerError::Busy)?;
        Link::connect(&self.address, runtime.handle())
    }

    fn ready(&self, link: Link) -> Result<Conn> {
        schema::prepare(&link)?;
        if self.lineage == Lineage::Same && !schema::is_same_lineage(&link)? {
            return Err(ServerError::Displaced);
        }
        Ok(Conn::postgres(link))
    }

    pub fn write<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        self.again(WRITE, work)
    }

    pub fn read<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        self.again(READ, work)
    }

    /// Gives the room of what was deleted or written over free to be written over again.
    pub fn sweep(&self) -> Result<()> {
        self.connect()?
            .batch("VACUUM change, parked, decision, record, snapshot, snapshot_piece")
    }

    /// A number that is another when a log grew. When the tables under the connections were exchanged meanwhile, every
    /// connection is made anew, and so compares its lineage.
    pub fn version(&self) -> Result<i64> {
        let (version, row) = self.read(|conn| Ok((space::version(conn)?, schema::row(conn)?)))?;
        let mut connections = locked(&self.connections);
        if connections.row.replace(row).is_some_and(|before| before != row) {
            connections.turn += 1;
            connections.free.clear();
        }
        Ok(version)
    }

    /// Does `work` until it is committed, or fails for a reason that another attempt does not mend.
    /// When the commit itself fails nobody knows whether it was made: that is for the asker.
    fn again<T>(&self, begin: &str, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        let mut attempt = 1;
        loop {
            let lent = self.lend()?;
            let Unfinished { error, was_committing } = match lent.conn().within(begin, &work) {
                Ok(done) => return Ok(done),
                Err(unfinished) => unfinished,
            };
            let is_worth_it = !was_committing && (lent.conn().is_closed() || error.is_passing());
            drop(lent);
            if !is_worth_it || attempt == ATTEMPTS {
                return Err(error);
            }
            std::thread::sleep(pause(attempt));
            attempt += 1;
        }
    }

    /// A connection that nobody else has meanwhile.
    fn lend(&self) -> Result<Lent<'_>> {
        let until = Instant::now() + WAIT;
        let mut connections = locked(&self.connections);
        loop {
            let turn = connections.turn;
            while let Some(conn) = connections.free.pop() {
                if !conn.is_closed() {
                    connections.lent += 1;
                    return Ok(Lent::of(self, conn, turn));
                }
            }
            if connections.lent < self.address.connections {
                connections.lent += 1;
                drop(connections);
                let made = self.connect().and_then(|link| self.ready(link));
                return match made {
                    Ok(conn) => Ok(Lent::of(self, conn, turn)),
                    Err(error) => {
                        self.give_back(None, turn);
                        Err(error)
                    }
                };
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ServerError::Busy);
            }
            let waited = self.freed.wait_timeout(connections, left);
            connections = waited.map_or_else(|poisoned| poisoned.into_inner().0, |(waited, _)| waited);
        }
    }

    fn give_back(&self, conn: Option<Conn>, turn: u64) {
        let mut connections = locked(&self.connections);
        connections.lent -= 1;
        let is_of_now = turn == connections.turn;
        connections.free.extend(conn.filter(|_| is_of_now));
        self.freed.notify_one();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        locked(&self.connections).free.clear();
        // The last to hold the server may be a thread that must not wait.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Begins at a few milliseconds and differs from node to node, so that two do not meet again.
fn pause(attempt: u32) -> Duration {
    let [chance, ..] = *crate::seal::random::<1>();
    Duration::from_millis(u64::from(attempt) * (1 + u64::from(chance) / 16))
}

/// A connection on loan.
struct Lent<'a> {
    pool: &'a Pool,
    conn: Option<Conn>,
    turn: u64,
}

impl<'a> Lent<'a> {
    fn of(pool: &'a Pool, conn: Conn, turn: u64) -> Lent<'a> {
        let conn = Some(conn);
        Lent { pool, conn, turn }
    }

    fn conn(&self) -> &Conn {
        self.conn.as_ref().expect("it is given back when this is dropped")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let conn = self.conn.take().filter(|conn| !conn.is_closed());
        self.pool.give_back(conn, self.turn);
    }
}

/// Lets the database number the next space after those that were numbered elsewhere.
pub fn number_spaces_on(conn: &Conn) -> Result<()> {
    let sql = "SELECT setval(pg_get_serial_sequence('space', 'number'), (SELECT max(number) FROM space))";
    conn.one(sql, &[], |_| Ok(())).map(drop)
}

/// Takes note that a new epoch began in this history of the cluster.
pub fn renew_lineage(conn: &Conn) -> Result<()> {
    conn.execute(&schema::renew_lineage(), &[]).map(drop)
}
