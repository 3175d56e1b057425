//! What a simulated district is kept in: a file, or a schema of a PostgreSQL of the tests' own, with
//! backups of the same effect; and how everything ended, to compare the two.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result};
use server::db::device::Device;
use server::db::parked::Aside;
use server::db::space::Space;
use server::db::succession::Succession;
use server::db::withdrawal::Withdrawal;
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

/// How everything ended that both must hold alike: every log, whose chain stands for each of its bytes and whose digest
/// for every record; what is kept aside and what was decided about it; the desks, what became of them, and how far
/// each was heard.
pub fn ending(server: &Server) -> Result<Vec<String>> {
    let told = server.db().read(|conn| {
        let (spaces, parked) = (db::space::all(conn)?, db::parked::all(conn)?);
        let (devices, successions) = (db::device::all(conn)?, db::succession::all(conn)?);
        let mut lines: Vec<String> = spaces.iter().map(log).collect();
        lines.extend(sorted(parked.iter().map(aside)));
        lines.extend(sorted(devices.iter().map(desk)));
        let successor = |each: &Succession| format!("{} goes on for {}", each.device, each.former);
        lines.extend(sorted(successions.iter().map(successor)));
        lines.extend(sorted(db::withdrawal::all(conn)?.iter().map(withdrawn)));
        Ok(lines)
    });
    told.context("how it ended")
}

/// Neither promises an order of its own.
fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines
}

fn log(space: &Space) -> String {
    let Space { id, epoch, head, .. } = space;
    format!(
        "{id} epoch {epoch} head {head} chain {} digest {}",
        space.chain.0, space.digest.0
    )
}

fn aside(aside: &Aside) -> String {
    let Aside { id, space, action, .. } = aside;
    format!(
        "{id} of {action} aside of {space}: {} {} since {}, {:?}; decided {:?} by {:?}, with a reason: {}",
        aside.kind,
        aside.record,
        aside.heard_ms,
        aside.reason,
        aside.decided,
        aside.decided_by,
        aside.sealed_why.is_some()
    )
}

fn desk(device: &Device) -> String {
    let Device { id, last_seq, .. } = device;
    format!(
        "{id} {:?} of {} at {last_seq} chain {}, came {} and was here {}",
        device.status, device.facility, device.chain.0, device.enrolled_ms, device.contact_ms
    )
}

fn withdrawn(order: &Withdrawal) -> String {
    format!(
        "{} withdrawn, order {}, at once: {}, given {}, heard {:?}, done {:?}, unsent {:?}",
        order.device, order.number, order.is_now, order.ordered_ms, order.heard_ms, order.done_ms, order.unsent
    )
}
