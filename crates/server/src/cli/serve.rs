//! `serve`: listens until it is asked to stop; one line of JSON a request on standard output.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use tracing_subscriber::EnvFilter;

use super::{Failure, Said};
use crate::heads::EVERY;
use crate::serve::{AuditHeads, Listen, serve};
use crate::server::Server;

#[derive(Args)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:7443")]
    listen: SocketAddr,
    /// Without TLS; on the loopback only.
    #[arg(long)]
    pub plain: bool,
    /// Add a signed line with the head of every log to this file, at once and every hour: on another computer's disk, so
    /// that `audit verify --heads` finds a history that was rewritten here.
    #[arg(long, env = "WARDROOM_AUDIT_HEADS")]
    audit_heads: Option<PathBuf>,
    /// Write the address to this file once desks can connect.
    #[arg(long)]
    address_file: Option<PathBuf>,
}

impl Serve {
    pub fn run(self, server: Server) -> Result<Said, Failure> {
        let practice = sample::hospital_ids(sample::SEED).district;
        if server.own().district == practice && !self.listen.ip().is_loopback() {
            let why = "the practice district has a password that everybody knows: it is served on the loopback alone";
            return Err(Failure::Unacceptable(why.to_owned()));
        }
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
        tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_target(false)
            .with_env_filter(filter)
            .init();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let listen = Listen {
            address: self.listen,
            address_file: self.address_file,
            audit_heads: self.audit_heads.map(|file| AuditHeads { file, every: EVERY }),
        };
        runtime.block_on(serve(server, listen))?;
        Ok(Said::nothing())
    }
}
