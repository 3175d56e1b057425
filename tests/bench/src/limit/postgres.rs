//! The bare bytes of changes in PostgreSQL, as fast as it takes them.

use std::pin::pin;
use std::time::Instant;

use anyhow::Result;
use futures_util::SinkExt;
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use super::by_hand;
use crate::figures::per_second;
use crate::rounds::Figures;

/// A connection to an empty schema with one bare table.
pub struct Bare {
    runtime: Runtime,
    client: Client,
}

impl Bare {
    /// Connects and makes the table.
    ///
    /// # Errors
    /// The database's.
    pub fn new(address: &str) -> Result<Bare> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(address, NoTls).await?;
            tokio::spawn(connection);
            let table = "CREATE TABLE bare (lsn BIGINT PRIMARY KEY, name BYTEA NOT NULL UNIQUE, bytes BYTEA NOT NULL)";
            client.batch_execute(table).await?;
            Ok::<_, tokio_postgres::Error>(client)
        })?;
        Ok(Bare { runtime, client })
    }

    /// Each batch as one statement that takes arrays apart.
    ///
    /// # Errors
    /// The database's.
    pub fn unnested(&self, batches: &[Vec<Vec<u8>>]) -> Result<Figures> {
        let begun = Instant::now();
        self.runtime.block_on(async {
            let insert = "INSERT INTO bare SELECT * FROM UNNEST($1::bigint[], $2::bytea[], $3::bytea[])";
            let insert = self.client.prepare(insert).await?;
            let mut lsn = 0_u64;
            for batch in batches {
                let numbers: Vec<i64> = (0..batch.len() as u64).map(|nth| (lsn + nth).cast_signed()).collect();
                let names: Vec<Vec<u8>> = (0..batch.len() as u64)
                    .map(|nth| by_hand::blob(lsn + nth, 24))
                    .collect();
                lsn += batch.len() as u64;
                self.client.execute(&insert, &[&numbers, &names, batch]).await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        })?;
        self.figures(batches, begun)
    }

    /// Each batch as one `COPY`.
    ///
    /// # Errors
    /// The database's.
    pub fn copied(&self, batches: &[Vec<Vec<u8>>]) -> Result<Figures> {
        let begun = Instant::now();
        self.runtime.block_on(async {
            let mut lsn = 0_u64;
            for batch in batches {
                let mut sink = pin!(self.client.copy_in("COPY bare FROM STDIN").await?);
                let mut text = String::new();
                for bytes in batch {
                    text += &format!("{lsn}\t\\\\x{}\t\\\\x{}\n", hex(&by_hand::blob(lsn, 24)), hex(bytes));
                    lsn += 1;
                }
                sink.send(bytes::Bytes::from(text)).await?;
                sink.close().await?;
            }
            Ok::<_, tokio_postgres::Error>(())
        })?;
        self.figures(batches, begun)
    }

    fn figures(&self, batches: &[Vec<Vec<u8>>], begun: Instant) -> Result<Figures> {
        let count = batches.iter().map(Vec::len).sum();
        let pushed = per_second(count, begun.elapsed());
        let begun = Instant::now();
        let rows = self
            .runtime
            .block_on(self.client.query("SELECT lsn, bytes FROM bare ORDER BY lsn", &[]))?;
        anyhow::ensure!(rows.len() == count, "not all is there");
        let pulled = per_second(count, begun.elapsed());
        Ok(Figures::from([("pushed", pushed), ("pulled", pulled)]))
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
