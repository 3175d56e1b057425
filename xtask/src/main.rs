//! Our own commands. This file reads the command line; each command lives in the module of its name.

mod attack;
mod bench;
mod codegen;
mod command_line;
mod counts;
mod crash;
mod fuzz;
mod networks;
mod place;
mod processes;
mod run;
mod setup;
mod sim;
mod story;
mod test;
mod tidy;

use anyhow::Result;
use command_line::{Asked, parse};
use place::Place;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = match parse(&arguments) {
        Ok(asked) => asked,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{}", command_line::USAGE);
            return ExitCode::from(2);
        }
    };
    match carry_out(asked) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked; `false` means it ran to its end and found something wrong.
fn carry_out(asked: Asked) -> Result<bool> {
    let place = Place::find()?;
    match asked {
        Asked::Usage => {
            println!("{}", command_line::USAGE);
            Ok(true)
        }
        Asked::Run(options) => run::run(&place, &options).map(|()| true),
        Asked::Test(options) => test::test(&place, &options),
        Asked::Codegen { check: false } => codegen::write(&place).map(|()| true),
        Asked::Codegen { check: true } => codegen::report_stale(&place),
        Asked::Tidy => tidy::report(&place),
        Asked::Story { flags } => story::story(&place, &flags),
        Asked::Sim { flags } => sim::sim(&place, &flags),
        Asked::Networks { flags } => networks::networks(&place, &flags),
        Asked::Fuzz(options) => fuzz::fuzz(&place, &options),
        Asked::Attack { flags } => attack::attack(&place, &flags),
        Asked::Crash { flags } => crash::crash(&place, &flags),
        Asked::Bench { flags } => bench::bench(&place, &flags),
        Asked::Counts { flags } => counts::counts(&place, &flags),
    }
}
