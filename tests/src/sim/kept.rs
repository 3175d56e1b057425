//! What a simulated district is kept in: a file, or a schema of a PostgreSQL of the tests' own, with
//! backups of the same effect; and how the logs ended, to compare the two.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use server::db::{self, Address};
use server::{Config, Server, backup};
use uuid::Uuid;

use crate::cluster::Cluster;

/// What a district is kept in.
#[derive(Clone, Copy)]
pub enum Kept {
    /// A power cut leaves any byte of what was being written.
    InFile,
    /// A power cut leaves what was committed, as it does in a database of its own.
    InFileWhole,
    InPostgres(&'static Cluster),
}

/// The schema of a district, and the one with its last backup.
#[derive(Clone)]
struct Schema {
    cluster: &'static Cluster,
    name: String,
}

/// One district's place.
pub struct Home {
    schema: Option<Schema>,
    /// A power cut leaves a part of what was being written.
    pub is_cut: bool,
}

impl Home {
    /// A new place, which the server's configuration then names. The ids that the server makes are
    /// counted, so that both places come to hold the same bytes.
    pub fn new(kept: Kept, config: &mut Config) -> Result<Home> {
        let next = AtomicU64::new(1);
        config.new_id = Arc::new(move || {
            let number = next.fetch_add(1, Ordering::SeqCst);
            Uuid::from_u64_pair(0x01a0_0000_0000_7000, 0x8000_0000_0000_0000 | number)
        });
        let Kept::InPostgres(cluster) = kept else {
            return Ok(Home {
                schema: None,
                is_cut: matches!(kept, Kept::InFile),
            });
        };
        let name = cluster.schema().map_err(anyhow::Error::msg)?;
        config.database = Address::read(&cluster.address(&name));
        Ok(Home {
            schema: Some(Schema { cluster, name }),
            is_cut: false,
        })
    }

    /// As `server::backup::make`.
    pub fn back_up(&self, server: &Server, file: &Path) -> Result<()> {
        let Some(Schema { cluster, name }) = &self.schema else {
            backup::make(server, file)?;
            return Ok(());
        };
        let copy = cluster.schema().map_err(anyhow::Error::msg)?;
        each_table(cluster, name, &format!("CREATE TABLE {copy}.%1$I AS TABLE {name}.%1$I"))?;
        std::fs::write(file, copy)?;
        Ok(())
    }

    /// As `server::backup::restore`; a database is put back by its own tools, and then told so.
    pub fn restore(&self, file: &Path, folder: &Path, config: &Config) -> Result<()> {
        let Some(Schema { cluster, name }) = &self.schema else {
            backup::restore(file, folder, config)?;
            return Ok(());
        };
        let copy = std::fs::read_to_string(file)?;
        each_table(cluster, name, &format!("DELETE FROM {name}.%1$I"))?;
        each_table(cluster, name, &format!("INSERT INTO {name}.%1$I TABLE {copy}.%1$I"))?;
        backup::begin_epoch(folder, config)?;
        Ok(())
    }
}

/// Does the statement for each table of the schema, without its triggers.
fn each_table(cluster: &Cluster, schema: &str, statement: &str) -> Result<()> {
    let all = format!(
        "SET session_replication_role = replica; DO $$ DECLARE t text; BEGIN
         FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'
         LOOP EXECUTE format('{statement}', t); END LOOP; END $$"
    );
    cluster.sql(&all).map(drop).map_err(anyhow::Error::msg)
}

/// How every log ended: its chain stands for each of its bytes, its digest for every record.
pub fn ending(server: &Server) -> Result<Vec<String>> {
    let spaces = server.db().read(db::space::all).context("the logs")?;
    let line = |space: &db::space::Space| {
        let (id, epoch, head) = (space.id, space.epoch, space.head);
        format!(
            "{id} epoch {epoch} head {head} chain {} digest {}",
            space.chain.0, space.digest.0
        )
    };
    Ok(spaces.iter().map(line).collect())
}
