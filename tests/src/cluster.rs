//! A PostgreSQL of the tests' own: made in a folder in memory, on a free port, and gone with the
//! process that made it, however that ends. Shared with the server's own tests.

use std::ffi::OsStr;
use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What goes wrong here is told to whoever reads the test's output.
type Result<T> = std::result::Result<T, String>;

/// Who runs it when we are root, whom PostgreSQL refuses.
const USERS: &[&str] = &["postgres", "nobody"];
const PROGRAMS: &[&str] = &["initdb", "pg_ctl", "psql", "pg_basebackup", "pg_dump", "pg_restore"];
const ROLE: &str = "wardroom";
/// Ends the cluster and removes its folder when its input ends, which it does with this process.
const GUARD: &str =
    r#"trap '' INT TERM HUP; read _; "$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1; rm -rf "$2""#;

/// The number of a user and of their group.
struct User(String, String);

/// A running cluster.
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<User>,
    port: u16,
    schemas: AtomicU32,
    guard: Child,
}

impl Cluster {
    /// The one of this process; begun when it is first asked for.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of_process() -> std::result::Result<&'static Cluster, &'static str> {
        static ONE: OnceLock<Result<Cluster>> = OnceLock::new();
        ONE.get_or_init(|| Cluster::start(&[])).as_ref().map_err(String::as_str)
    }

    /// A new one, with settings such as `log_statement=all`.
    ///
    /// # Errors
    /// Why there is none: not installed, or it does not start.
    pub fn start(settings: &[&str]) -> Result<Cluster> {
        let cluster = Cluster::made(settings)?;
        cluster.start_again()?;
        Ok(cluster)
    }

    /// A new one that lets in encrypted connections alone, and proves its name with the certificate.
    ///
    /// # Errors
    /// Why there is none.
    pub fn encrypted(certificate: &str, key: &str) -> Result<Cluster> {
        let cluster = Cluster::made(&["ssl=on"])?;
        cluster.put("data/server.crt", certificate)?;
        cluster.put("data/server.key", key)?;
        cluster.put("data/pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\n")?;
        cluster.start_again()?;
        Ok(cluster)
    }

    /// Writes a file that its user alone reads.
    fn put(&self, name: &str, text: &str) -> Result<()> {
        let path = self.folder.join(name);
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
        if let Some(User(user, _)) = &self.user {
            told(Command::new("chown").arg(user).arg(&path))?;
        }
        told(Command::new("chmod").arg("600").arg(&path)).map(drop)
    }

    fn made(settings: &[&str]) -> Result<Cluster> {
        let cluster = Cluster::folder()?;
        let data = cluster.data();
        cluster.run(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                ROLE,
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
                "--wal-segsize=1",
            ],
        )?;
        let own = [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            "shared_buffers=32MB",
            "min_wal_size=2MB",
            "max_wal_size=32MB",
        ];
        for setting in own.iter().chain(settings) {
            cluster.set(setting)?;
        }
        Ok(cluster)
    }

    /// A standby that follows this one, with a folder and a port of its own.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub fn standby(&self) -> Result<Cluster> {
        let standby = Cluster::folder()?;
        let port = self.port.to_string();
        standby.run(
            "pg_basebackup",
            &[
                "-D",
                &standby.data(),
                "-R",
                "-c",
                "fast",
                "-X",
                "stream",
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-U",
                ROLE,
            ],
        )?;
        standby.start_again()?;
        Ok(standby)
    }

    fn folder() -> Result<Cluster> {
        let programs = programs().ok_or("PostgreSQL is not installed: apt-get install postgresql")?;
        let folder = tempfile::Builder::new()
            .prefix("wardroom-postgres-")
            .tempdir_in(memory());
        let folder = folder
            .map_err(|error| format!("no folder for PostgreSQL: {error}"))?
            .keep();
        let user = user()?;
        if let Some(User(user, _)) = &user {
            told(Command::new("chown").arg(user).arg(&folder))?;
        }
        let guard = as_user(user.as_ref(), "sh")
            .args(["-c", GUARD, "guard"])
            .arg(&programs)
            .arg(&folder)
            .stdin(Stdio::piped())
            .spawn();
        Ok(Cluster {
            guard: guard.map_err(|error| format!("no shell: {error}"))?,
            port: free_port()?,
            schemas: AtomicU32::new(0),
            programs,
            folder,
            user,
        })
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn run(&self, program: &str, args: &[&str]) -> Result<String> {
        told(
            as_user(self.user.as_ref(), self.programs.join(program))
                .args(args)
                // In the caller's home may stand certificates that are for nobody else.
                .env("HOME", &self.folder)
                .current_dir(&self.folder),
        )
    }

    /// Sets what counts from the next start on.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn set(&self, setting: &str) -> Result<()> {
        let (name, value) = setting.split_once('=').ok_or("a setting is name=value")?;
        let file = std::fs::File::options()
            .append(true)
            .open(self.folder.join("data/postgresql.conf"));
        let written = file.and_then(|mut file| writeln!(file, "{name} = '{value}'"));
        written.map_err(|error| error.to_string())
    }

    /// Starts it, on the port that it had.
    ///
    /// # Errors
    /// What it says, when it does not start.
    pub fn start_again(&self) -> Result<()> {
        let (log, port) = (
            self.folder.join("log").display().to_string(),
            format!("-p {}", self.port),
        );
        self.run(
            "pg_ctl",
            &["-D", &self.data(), "-w", "-t", "60", "-l", &log, "-o", &port, "start"],
        )
        .map(drop)
    }

    /// Stops it: `fast`, or `immediate`, as a crash would.
    ///
    /// # Errors
    /// When it was not running.
    pub fn stop(&self, mode: &str) -> Result<()> {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "-m", mode, "stop"])
            .map(drop)
    }

    /// Lets a standby take over.
    ///
    /// # Errors
    /// When it does not.
    pub fn promote(&self) -> Result<()> {
        self.run("pg_ctl", &["-D", &self.data(), "-w", "promote"]).map(drop)
    }

    /// What the statement answers: a line a row, columns parted by `|`.
    ///
    /// # Errors
    /// What PostgreSQL says against it.
    pub fn sql(&self, statement: &str) -> Result<String> {
        let how = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement];
        self.ask("psql", &how)
    }

    /// Writes what a schema holds to a file in the cluster's folder, as its keeper does every night.
    ///
    /// # Errors
    /// What PostgreSQL says against it.
    pub fn dump(&self, schema: &str, file: &str) -> Result<()> {
        self.ask("pg_dump", &["-F", "c", "-n", schema, "-f", file]).map(drop)
    }

    /// Puts a schema back as it stood when it was written to the file, here or in another cluster.
    ///
    /// # Errors
    /// What PostgreSQL says against it.
    pub fn put_back(&self, schema: &str, from: &Cluster, file: &str) -> Result<()> {
        self.sql(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))?;
        let file = from.folder.join(file).display().to_string();
        self.ask("pg_restore", &["--exit-on-error", "--single-transaction", &file])
            .map(drop)
    }

    fn ask(&self, program: &str, args: &[&str]) -> Result<String> {
        let port = self.port.to_string();
        let whom = ["-h", "127.0.0.1", "-p", &port, "-U", ROLE, "-d", "postgres"];
        self.run(program, &[&whom[..], args].concat())
    }

    /// A place of its own for one district: the name of a new, empty schema.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn schema(&self) -> Result<String> {
        let name = format!("district_{}", self.schemas.fetch_add(1, Ordering::Relaxed));
        self.sql(&format!("CREATE SCHEMA {name}"))?;
        Ok(name)
    }

    /// By what a server reaches the schema.
    pub fn address(&self, schema: &str) -> String {
        let port = self.port;
        format!("postgres://{ROLE}@127.0.0.1:{port}/postgres?options=-csearch_path%3D{schema}")
    }

    /// By what a server reaches the schema on whichever of the two is the one that writes.
    pub fn address_with(&self, other: &Cluster, schema: &str) -> String {
        let (one, two) = (self.port, other.port);
        format!(
            "postgres://{ROLE}@127.0.0.1:{one},127.0.0.1:{two}/postgres?connect_timeout=5&options=-csearch_path%3D{schema}"
        )
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        // It removes the folder before it ends.
        let _ = self.guard.wait();
    }
}

/// A folder in memory where the system has one: what is synced there waits for no disk.
fn memory() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Where the programs are: in the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let debian = versions.into_iter().rev().map(|(_, folder)| folder);
    in_path
        .into_iter()
        .chain(debian)
        .find(|folder| PROGRAMS.iter().all(|program| folder.join(program).is_file()))
}

fn user() -> Result<Option<User>> {
    if told(Command::new("id").arg("-u"))?.trim() != "0" {
        return Ok(None);
    }
    let number = |what, name| told(Command::new("id").args([what, name]));
    let known = USERS
        .iter()
        .find_map(|name| Some(User(number("-u", name).ok()?, number("-g", name).ok()?)));
    known
        .map(Some)
        .ok_or_else(|| "no user but root, as whom PostgreSQL does not run".to_owned())
}

fn as_user(user: Option<&User>, program: impl AsRef<OsStr>) -> Command {
    let Some(User(user, group)) = user else {
        return Command::new(program);
    };
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", user, "--regid", group, "--clear-groups"])
        .arg(program);
    command
}

fn told(command: &mut Command) -> Result<String> {
    let name = format!("{command:?}");
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned());
    }
    Err(format!("{name}: {}", String::from_utf8_lossy(&done.stderr).trim()))
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}
