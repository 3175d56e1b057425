//! The same work done by what people would use instead.

mod actual;
mod atuin;
mod install;
mod node;
mod ours;
mod pouch;
mod process;
mod records;
mod round;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;
use wardroom_tests::net::link::Link;

use crate::Setting;
use crate::figures::{Times, per_second};
use crate::machine::mib;
use crate::report::{Chapter, Unit};
use crate::rounds::{Contestant, Figures, contestant, in_turns};
use records::Record;
use round::Peer;

const ABOUT: &str = "The same patients of 25 fields, all of them made up, from one desk over the loopback to a server, and from there \
    to another desk that is there already; then single edits, one after another, from desk to desk. Everybody is a process of \
    its own and begins each round with nothing. A figure of bytes counts both ways, with everything below it down to TCP's \
    payload; of an edit, everything that goes over both links until half a second after it. Ours are the real server on SQLite \
    and two real desks, with TLS, signatures, rights, records encrypted on the desks, search kept up and everything on the disk \
    before it is acknowledged; only the desk's password hash is the cheapest. Pushing begins with everything unsent and no \
    connection, and ends when the district has acknowledged everything; pulling ends when it is all in the desk's file and the \
    window would be told. Memory is the most that a process held at once, of the desks the larger.";

/// Those who can be installed, by the names under which they take part.
type Peers = Vec<(&'static str, Box<dyn Peer>)>;

/// The others: a name, what they do not do, told if they ran, and how they are installed.
type Other = (&'static str, &'static str, fn(&Path) -> Result<Peers>);

const OTHERS: &[Other] = &[
    ("PouchDB", pouch::ABOUT, pouch::contestants),
    ("atuin", atuin::ABOUT, atuin::contestants),
    ("Actual", actual::ABOUT, actual::contestants),
];

/// Who else one could think of, and why they do not take part.
const NOT_DRIVEN: &[&str] = &[
    "RxDB: its server, rxdb-server 15.22, gets on with neither RxDB 16 nor 17.",
    "Turso sync: this bench does not drive it yet.",
];

/// What everybody does.
struct Work {
    records: Vec<Record>,
    edits: Edits,
}

/// How edits are made.
struct Edits {
    count: usize,
    /// After each, for what follows it.
    pause: Duration,
}

/// What went over the links.
struct Wire {
    bytes: f64,
    /// Where they can be counted.
    requests: Option<f64>,
}

impl Wire {
    /// Since they were laid.
    fn of(links: &[&Link], requests: Option<usize>) -> Wire {
        let carried = links.iter().map(|link| link.carried()).map(|both| both.up + both.down);
        Wire {
            bytes: carried.sum::<u64>() as f64,
            requests: requests.map(|requests| requests as f64),
        }
    }

    fn since(&self, before: &Wire) -> Wire {
        Wire {
            bytes: self.bytes - before.bytes,
            requests: self.requests.zip(before.requests).map(|(now, before)| now - before),
        }
    }

    fn of_each(&self, count: usize) -> Wire {
        Wire {
            bytes: self.bytes / count as f64,
            requests: self.requests.map(|requests| requests / count as f64),
        }
    }
}

/// What was measured of one round.
struct Run {
    records: usize,
    /// All of them from the first desk to the server.
    push: (Duration, Wire),
    /// And from there to the second.
    pull: (Duration, Wire),
    /// Each edit, and what an edit weighs.
    edits: (Times, Wire),
    memory_server: f64,
    memory_client: f64,
}

impl Run {
    fn figures(&self) -> Figures {
        let each = |wire: &Wire| wire.bytes / self.records as f64;
        let mut figures = Figures::from([
            ("push", per_second(self.records, self.push.0)),
            ("pull", per_second(self.records, self.pull.0)),
            ("bytes_pushed", each(&self.push.1)),
            ("bytes_pulled", each(&self.pull.1)),
            ("memory_server", self.memory_server),
            ("memory_client", self.memory_client),
            ("edit_time", self.edits.0.percentile(50.0)),
            ("edit_bytes", self.edits.1.bytes),
        ]);
        figures.extend(self.edits.1.requests.map(|requests| ("edit_requests", requests)));
        figures
    }
}

/// The largest peak of memory of some processes that run.
fn peak_of(processes: impl IntoIterator<Item = Option<u32>>) -> Result<f64> {
    let mut most = 0.0_f64;
    for process in processes {
        most = most.max(mib(
            &format!("/proc/{}/status", process.context("it does not run")?),
            "VmHWM",
        )?);
    }
    Ok(most)
}

/// An address of this machine where nobody listens.
fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Waits until somebody listens there.
async fn wait_until_served(address: SocketAddr) -> Result<()> {
    for _ in 0..600 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("the server does not listen")
}

/// Why somebody does not take part, by name.
type LeftOut = RefCell<BTreeMap<&'static str, String>>;

/// One of the others. Whoever fails once is left out, and the rest goes on.
fn other<'a>(
    name: &'static str,
    left_out: &'a LeftOut,
    setting: &'a Setting,
    mut run: impl FnMut(&Path) -> Result<Figures> + 'a,
) -> Contestant<'a> {
    contestant(name, move |_| {
        if left_out.borrow().contains_key(name) {
            return Ok(Figures::new());
        }
        let folder = setting.folder()?;
        Ok(run(folder.path()).unwrap_or_else(|problem| {
            eprintln!("left out: {name}: {problem:#}");
            left_out.borrow_mut().insert(name, format!("{problem:#}"));
            Figures::new()
        }))
    })
}

/// Everybody in turns.
///
/// # Errors
/// When ours fails.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let target = setting.scratch.parent().context("no folder to install in")?;
    let work = Work {
        records: records::records(setting.size(2_000, 10_000)),
        edits: Edits {
            count: setting.size(8, 20),
            pause: Duration::from_millis(500),
        },
    };
    ensure!(work.records.len() > work.edits.count, "fewer records than edits");
    let runtime = Runtime::new()?;
    let left_out = LeftOut::default();
    let installed: Vec<_> = OTHERS.iter().map(|(_, _, install)| install(target)).collect();
    let mut contestants = vec![contestant("ours", |_| {
        let folder = setting.folder()?;
        runtime.block_on(ours::run(folder.path(), &work))
    })];
    for ((name, _, _), peers) in OTHERS.iter().zip(&installed) {
        match peers {
            Ok(peers) => contestants.extend(peers.iter().map(|(name, peer)| {
                let (runtime, work) = (&runtime, &work);
                other(name, &left_out, setting, move |folder| {
                    runtime.block_on(round::run(peer.as_ref(), folder, work))
                })
            })),
            Err(problem) => drop(left_out.borrow_mut().insert(name, format!("{problem:#}"))),
        }
    }

    let measured = in_turns(setting.rounds, &mut contestants)?;
    drop(contestants);
    let left_out = left_out.into_inner();
    let ran = |peers: &Result<Peers>| {
        let peers = peers.as_ref().map(Vec::as_slice).unwrap_or_default();
        peers.iter().any(|(name, _)| !left_out.contains_key(name))
    };
    let told = OTHERS.iter().zip(&installed).filter(|(_, peers)| ran(peers));
    let about: Vec<&str> = [ABOUT]
        .into_iter()
        .chain(told.map(|((_, about, _), _)| *about))
        .collect();
    let title = format!("Beside what people would use instead: {} patients", work.records.len());
    let mut chapter = Chapter::new("peers", &title, &about.join(" "));
    for (figure, what, unit) in ROWS {
        let mut row = measured.row(&format!("peers.{figure}"), what, *unit, figure)?;
        row.references
            .retain(|reference| !left_out.contains_key(reference.name.as_str()));
        chapter.rows.push(row);
    }
    let failed = left_out.iter().map(|(name, problem)| format!("{name}: {problem}"));
    chapter.left_out = failed.chain(NOT_DRIVEN.iter().map(|one| (*one).to_owned())).collect();
    Ok(chapter)
}

const ROWS: &[(&str, &str, Unit)] = &[
    ("push", "pushed, records a second", Unit::PerSecond),
    ("pull", "pulled, records a second", Unit::PerSecond),
    ("bytes_pushed", "on the wire for a record pushed", Unit::Bytes),
    ("bytes_pulled", "on the wire for a record pulled", Unit::Bytes),
    ("edit_time", "an edit, until it shows at the other desk, p50", Unit::Ms),
    ("edit_bytes", "on the wire for an edit", Unit::Bytes),
    ("edit_requests", "requests for an edit", Unit::Count),
    ("memory_server", "the server's memory", Unit::Mib),
    ("memory_client", "a desk's memory", Unit::Mib),
];
