//! Where a PostgreSQL database is reached, and how: what the operator gives, with a password in it
//! that is shown nowhere.

use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// A peer that is silent for so long on the level of TCP is gone.
const SILENT: Duration = Duration::from_secs(30);

/// Where a PostgreSQL database is reached, and how.
#[derive(Clone)]
pub struct Address {
    pub(super) config: Config,
    /// Whom to trust for the server's certificate; the system's authorities when empty.
    pub authorities: Option<PathBuf>,
    /// The most connections at a time.
    pub connections: usize,
}

impl Address {
    /// Connections at a time, unless the operator says otherwise.
    pub const CONNECTIONS: usize = 16;

    /// Reads `postgres://user:password@host:port/database?option=value`, or the same in `key=value`
    /// pairs. Over a network the connection is encrypted and the server has to prove its name,
    /// unless `sslmode=disable` stands there. Nothing of it is repeated when it cannot be read.
    #[must_use]
    pub fn read(text: &str) -> Option<Address> {
        let mut config: Config = text.trim().parse().ok()?;
        if config.get_hosts().is_empty() || config.get_dbname().is_none() {
            return None;
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            let is_near = config.get_hosts().iter().all(is_near);
            config.ssl_mode(if is_near { SslMode::Disable } else { SslMode::Require });
        }
        if config.get_application_name().is_none() {
            config.application_name("wardroom-server");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config
            .target_session_attrs(TargetSessionAttrs::ReadWrite)
            .keepalives_idle(SILENT)
            .tcp_user_timeout(SILENT);
        Some(Address {
            config,
            authorities: None,
            connections: Address::CONNECTIONS,
        })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.config.get_ssl_mode() != SslMode::Disable
    }

    /// Which database it is, without who asks.
    #[must_use]
    pub fn said(&self) -> String {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let hosts: Vec<String> = hosts.collect();
        format!(
            "the database {} at {}",
            self.config.get_dbname().unwrap_or_default(),
            hosts.join(", ")
        )
    }
}

/// On this machine: nothing goes over a network.
fn is_near(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address: Option<std::net::IpAddr> = name.parse().ok();
            name == "localhost" || address.is_some_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> Option<SslMode> {
        Address::read(text).map(|address| address.config.get_ssl_mode())
    }

    #[test]
    fn over_a_network_the_connection_is_encrypted() {
        assert_eq!(mode("postgres://w:p@db.example/wardroom"), Some(SslMode::Require));
        assert_eq!(
            mode("postgres://w:p@127.0.0.1,db.example/wardroom"),
            Some(SslMode::Require)
        );
        assert_eq!(mode("postgres://w:p@127.0.0.1/wardroom"), Some(SslMode::Disable));
        assert_eq!(mode("host=/run/postgresql dbname=wardroom"), Some(SslMode::Disable));
        let asked = "postgres://w:p@127.0.0.1/wardroom?sslmode=require";
        assert_eq!(mode(asked), Some(SslMode::Require));
        let refused = "postgres://w:p@db.example/wardroom?sslmode=disable";
        assert_eq!(mode(refused), Some(SslMode::Disable));
    }

    #[test]
    fn what_is_said_of_it_holds_no_password() {
        let address = Address::read("postgres://ward:hidden@db.example/wardroom").unwrap();
        assert_eq!(address.said(), "the database wardroom at db.example");
        assert!(Address::read("postgres://").is_none());
        assert!(Address::read("mysql://a/b").is_none());
    }
}
