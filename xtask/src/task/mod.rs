//! One file per subcommand, wiring the rooms together.
//!
//! A task reads like the pipeline that it is. What is decided in it is only what goes to
//! which room.

mod assemble;
mod bases;
mod check;
mod context;
mod copied;
mod demo;
mod diff;
mod doctor;
mod gate;
mod images;
mod inputs;
mod lab;
mod layers;
mod own_files;
mod prepare;
mod project;
mod provision;
mod publish;
mod report;
mod saved;
mod service;
mod session;
mod siblings;
mod source;
mod subject;
mod test;
mod trial;

use std::io;

use context::{Context, Ended};

use crate::cli::{Cli, Command, Common};
use crate::model::{EngineProblem, Problem};
use crate::term::{Detail, Progress, Terminal, explain, watch};

/// Runs what was typed and gives the exit code: 0 accepted, 1 rejected, 2 undecided, or a
/// signal's own.
pub fn run(cli: &Cli) -> u8 {
    let common = common(&cli.command);
    let terminal = Terminal::decide(common.lang.map(Into::into), detail(common));
    let progress = Progress::start(&terminal);
    let result = watch().map_err(no_handler).and_then(|cancel| {
        let events = progress.events().clone();
        let context = Context {
            terminal: terminal.clone(),
            events,
            cancel,
        };
        dispatch(&cli.command, &context)
    });
    progress.finish();
    match result {
        Ok(Ended { exit_code, report }) => {
            let written = report.map_or(Ok(()), |report| report.to_stdout());
            match written {
                Ok(()) => exit_code,
                Err(problem) => fail(&problem.into(), &terminal),
            }
        }
        Err(problem) => fail(&problem, &terminal),
    }
}

fn dispatch(command: &Command, context: &Context) -> Result<Ended, Problem> {
    match command {
        Command::Lab(args) => lab::run(args, context),
        Command::Check(args) => check::run(args, context),
        Command::Report(args) => report::run(args, context),
        Command::Layers(args) => layers::run(args, context),
        Command::Diff(args) => diff::run(args, context),
        Command::Demo(args) => demo::run(args, context),
        Command::Doctor(args) => doctor::run(args, context),
        Command::Test(args) => test::run(args, context),
    }
}

fn fail(problem: &Problem, terminal: &Terminal) -> u8 {
    explain(problem, terminal);
    problem.exit_code()
}

fn no_handler(source: io::Error) -> Problem {
    EngineProblem::Spawn {
        program: "signal handler".to_owned(),
        source,
    }
    .into()
}

fn common(command: &Command) -> &Common {
    match command {
        Command::Lab(args) => &args.common,
        Command::Check(args) => &args.common,
        Command::Report(args) => &args.common,
        Command::Layers(args) => &args.common,
        Command::Diff(args) => &args.common,
        Command::Demo(args) => &args.common,
        Command::Doctor(args) => &args.common,
        Command::Test(args) => &args.common,
    }
}

fn detail(common: &Common) -> Detail {
    match (common.quiet, common.verbose) {
        (true, _) => Detail::Quiet,
        (false, true) => Detail::Verbose,
        (false, false) => Detail::Normal,
    }
}
