//! Each [`Problem`] as a sentence and a remedy, one file per room.
//!
//! The English sentence is the problem's own `Display`.

mod archive;
mod cache;
mod engine;
mod host;
mod lab;
mod report;
mod source;

pub(super) use report::french_reason;

use crate::model::{Language, Problem};

/// What went wrong: lower case, names in backticks, no final stop.
pub fn sentence(problem: &Problem, language: Language) -> String {
    match language {
        Language::English => problem.to_string(),
        Language::French => french(problem),
    }
}

/// What to do about it, usually one command; `None` where there is nothing to advise.
pub fn help(problem: &Problem, language: Language) -> Option<String> {
    match problem {
        Problem::Lab(problem) => Some(lab::help(problem, language)),
        Problem::Source(problem) => Some(source::help(problem, language)),
        Problem::Engine(problem) => engine::help(problem, language),
        Problem::Host(problem) => host::help(problem, language),
        Problem::Archive(problem) => archive::help(problem, language),
        Problem::Cache(problem) => Some(cache::help(problem, language)),
        Problem::Report(problem) => Some(report::help(problem, language)),
        Problem::Cancelled(_) => None,
    }
}

fn french(problem: &Problem) -> String {
    match problem {
        Problem::Lab(problem) => lab::french(problem),
        Problem::Source(problem) => source::french(problem),
        Problem::Engine(problem) => engine::french(problem),
        Problem::Host(problem) => host::french(problem),
        Problem::Archive(problem) => archive::french(problem),
        Problem::Cache(problem) => cache::french(problem),
        Problem::Report(problem) => report::french(problem),
        Problem::Cancelled(signal) => format!("arrêté par le signal {}", signal.0),
    }
}
