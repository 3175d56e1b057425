//! `backup FILE`, `backup verify FILE`, `backup restore FILE`, `epoch begin`, `digest`, `log`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::{Failure, Said};
use crate::backup::{self, Held, make, restore, verify};
use crate::config::Config;
use crate::db;
use crate::error::ServerError;
use crate::server::{Server, opened};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Backup {
    /// The new file to write.
    file: Option<PathBuf>,
    #[command(subcommand)]
    existing: Option<Existing>,
}

/// What is done with a backup that is there.
#[derive(Subcommand)]
enum Existing {
    /// Read a backup whole and see that it could be restored.
    Verify { file: PathBuf },
    /// Put a backup in the place of a district that was lost, in a folder with its master key alone.
    Restore { file: PathBuf },
}

#[derive(Subcommand)]
pub enum Epoch {
    /// Tell the desks that the logs were set back, after the database was restored or a standby took over.
    Begin,
}

impl Epoch {
    pub fn run(self, dir: &Path, config: &Config) -> Result<Said, Failure> {
        let Epoch::Begin = self;
        let (spaces, changes) = backup::begin_epoch(dir, config)?;
        Ok(Said {
            json: serde_json::json!({ "spaces": spaces, "changes": changes }),
            text: format!("A new epoch began: {spaces} spaces, {changes} changes, all logs whole.\n{AFTER_RESTORE}"),
        })
    }
}

const AFTER_RESTORE: &str = "\
Desks send again what is missing, by themselves. To be done again by hand: people and \
passwords set since, desks withdrawn since (`device list`), and a new invitation for each desk that joined \
since: on its sync page it joins anew with all its work. \
Invitations made before are void.";

impl Backup {
    pub fn run(self, dir: &Path, config: &Config) -> Result<Said, Failure> {
        match (self.existing, self.file) {
            (Some(Existing::Restore { file }), _) => {
                let said = held(&file, &restore(&file, dir, config)?, "was restored");
                Ok(Said {
                    text: format!("{}\n{AFTER_RESTORE}", said.text),
                    ..said
                })
            }
            (Some(Existing::Verify { file }), _) => Ok(held(&file, &verify(&file, dir, config)?, "is whole")),
            (None, Some(file)) => {
                let server = Server::open(dir, config.clone())?;
                Ok(held(&file, &make(&server, &file)?, "was written and read back"))
            }
            (None, None) => Err(Failure::Unacceptable("give a file".to_owned())),
        }
    }
}

fn held(file: &Path, held: &Held, what: &str) -> Said {
    Said {
        json: serde_json::json!({
            "file": file,
            "spaces": held.spaces,
            "changes": held.changes,
            "bytes": held.bytes,
        }),
        text: format!(
            "{} {what}: {} spaces, {} changes.",
            file.display(),
            held.spaces,
            held.changes
        ),
    }
}

pub fn digest(server: &Server) -> Result<Said, Failure> {
    let (json, text) = server.db().read(|conn| {
        let (mut lines, mut text) = (Vec::new(), Vec::new());
        for space in db::space::all(conn)? {
            let counts = db::space::counts(space.number, conn)?;
            text.push(format!("{}  head {}  digest {}", space.id, space.head, space.digest.0));
            lines.push(serde_json::json!({
                "space": space.id,
                "epoch": space.epoch,
                "head": space.head,
                "chain": space.chain,
                "digest": space.digest,
                "changes": counts.changes,
                "conflicts": counts.conflicts,
            }));
        }
        let parked = db::parked::count(conn)?;
        Ok::<_, ServerError>((serde_json::json!({ "spaces": lines, "parked": parked }), text))
    })?;
    Ok(Said {
        json,
        text: text.join("\n"),
    })
}

/// Which changes the logs hold. Reads no key: without the master key nothing of what they
/// say can be read, and nothing of it is needed.
pub fn log(dir: &Path, config: &Config) -> Result<Said, Failure> {
    let (json, text) = opened(dir, config)?.read(|conn| {
        let (mut lines, mut text) = (Vec::new(), Vec::new());
        for space in db::space::all(conn)? {
            for (lsn, id) in db::change::ids(space.number, conn)? {
                text.push(format!("{}  {id}  {lsn}", space.id));
                lines.push(serde_json::json!([space.id, id, lsn]));
            }
        }
        Ok::<_, ServerError>((serde_json::Value::Array(lines), text))
    })?;
    Ok(Said {
        json,
        text: text.join("\n"),
    })
}
