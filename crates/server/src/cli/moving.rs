//! `move`: the district in the folder's file is kept in PostgreSQL from now on.

use std::path::Path;

use super::{Failure, Said};
use crate::config::Config;
use crate::db;
use crate::error::ServerError;
use crate::serve::Lock;
use crate::server::{FILE, Server};

pub fn run(dir: &Path, config: &Config) -> Result<Said, Failure> {
    let Some(address) = &config.database else {
        return Err(Failure::Unacceptable(
            "say by --database-file or --database into which database".to_owned(),
        ));
    };
    let _lock = Lock::take(dir)?;
    let from_file = Config {
        database: None,
        ..config.clone()
    };
    match Server::open(dir, from_file) {
        Ok(server) => {
            let faults = server.db().faults()?;
            if !faults.is_empty() {
                return Err(Failure::Unacceptable(format!(
                    "the file is damaged: {}",
                    faults.join("; ")
                )));
            }
        }
        // It was begun before: it is brought to its end.
        Err(ServerError::Moved) => {}
        Err(error) => return Err(error.into()),
    }
    let moved = db::move_to(&dir.join(FILE), address)?;
    let server = Server::open(dir, config.clone())?;
    let heads: u64 = server.heads()?.iter().map(|news| news.head).sum();
    if heads != moved.changes {
        return Err(Failure::Unacceptable(
            "what was moved does not end where it ended before".to_owned(),
        ));
    }
    Ok(Said {
        json: serde_json::json!({ "spaces": moved.spaces, "changes": moved.changes, "to": address.said() }),
        text: format!(
            "{} spaces with {} changes are kept in {} now.\nThe file stays as a copy and opens for no server. \
             Serve with the same --database-file from now on; desks notice nothing.",
            moved.spaces,
            moved.changes,
            address.said()
        ),
    })
}
