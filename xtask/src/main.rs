//! `cargo xtask`: see `cargo xtask --help`.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use xtask::cli::{self, Cli};
use xtask::term::{Detail, Terminal, explain_usage};

fn main() -> ExitCode {
    ExitCode::from(match Cli::try_parse() {
        Ok(cli) => xtask::task::run(&cli),
        Err(error) => {
            let words = env::args_os().map(|word| word.to_string_lossy().into_owned());
            let terminal = Terminal::decide(cli::language(words), Detail::Normal);
            explain_usage(&error, &terminal)
        }
    })
}
