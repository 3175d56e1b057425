//! `second-factor [required|off]`: whether the district asks admins, and whoever works above the facilities, for more
//! than a password.

use clap::Args;

use super::{Failure, Said};
use crate::db::second_factor::Rule;
use crate::server::Server;

#[derive(Args)]
pub struct SecondFactor {
    /// `required` or `off`; shows what holds when left out.
    #[arg(value_parser = rule)]
    rule: Option<Rule>,
}

/// Reads the rule from the command line.
pub fn rule(word: &str) -> Result<Rule, String> {
    word.parse().map_err(|()| "it is `required` or `off`".to_owned())
}

impl SecondFactor {
    pub fn run(self, server: &Server) -> Result<Said, Failure> {
        if let Some(rule) = self.rule {
            server.set_second_factor(rule)?;
        }
        let word = server.second_factor()?.word();
        Ok(Said {
            json: serde_json::json!({ "second_factor": word }),
            text: format!("A second factor of admins and of who works above the facilities is {word}."),
        })
    }
}
