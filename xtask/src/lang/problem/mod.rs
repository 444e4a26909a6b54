//! Each [`Problem`] as a sentence and its fix: one file, and one exhaustive function, per room.

mod archive;
mod cache;
mod check;
mod engine;
mod expected;
mod flag;
mod host;
mod lab;
mod lesson;
mod report;
mod source;

pub use lesson::record_fault;
pub use report::incomparable;

use std::error::Error;
use std::io::{self, ErrorKind};

use super::phrases::{N, Phrases, phrases, say};
use crate::model::{Language, Problem, ReportProblem, Signal};

/// A problem for people.
pub(super) struct Said {
    /// What went wrong: lower case, names in backticks, no final stop.
    sentence: String,
    /// What to do about it, usually one command; `None` where there is nothing to advise.
    help: Option<String>,
}

impl Said {
    fn new(sentence: String, help: String) -> Self {
        let help = Some(help);
        Self { sentence, help }
    }

    fn alone(sentence: String) -> Self {
        let help = None;
        Self { sentence, help }
    }
}

fn said(problem: &Problem, say: Phrases) -> Said {
    match problem {
        Problem::Lab(problem) => lab::said(problem, say),
        Problem::Source(problem) => source::said(problem, say),
        Problem::Flag(problem) => flag::said(problem, say),
        Problem::Engine(problem) => engine::said(problem, say),
        Problem::Host(problem) => host::said(problem, say),
        Problem::Archive(problem) => archive::said(problem, say),
        Problem::Cache(problem) => cache::said(problem, say),
        Problem::Check(problem) => check::said(problem, say),
        Problem::Lesson(problem) => lesson::said(problem, say),
        Problem::Report(problem) => report::said(problem, say),
        Problem::Cancelled(signal) => cancelled(*signal, say),
    }
}

pub fn sentence(problem: &Problem, language: Language) -> String {
    said(problem, phrases(language)).sentence
}

pub fn help(problem: &Problem, language: Language) -> Option<String> {
    said(problem, phrases(language)).help
}

fn cancelled(signal: Signal, say: Phrases) -> Said {
    let number = signal.0;
    Said::alone(say!(
        say,
        "stopped by signal {number}",
        "arrêté par le signal {number}"
    ))
}

/// What lies behind a problem. In English the system's own words stay, where it has spoken; usual
/// reasons have the kit's words in other languages, and so have the kit's own problems in all.
pub fn reason(cause: &(dyn Error + 'static), language: Language) -> String {
    if let Some(problem) = cause.downcast_ref::<ReportProblem>() {
        return report::said(problem, phrases(language)).sentence;
    }
    let text = cause.to_string();
    let system = system_error(&text);
    if system.is_some() && language == Language::English {
        return text;
    }
    let own = cause.downcast_ref::<io::Error>();
    let own = own.filter(|error| error.get_ref().is_none());
    let kind = system.as_ref().or(own).map(io::Error::kind);
    let words = kind.and_then(usual);
    words.map_or(text, |words| phrases(language).pick(words).to_owned())
}

/// What the system said, however it is wrapped up: its words end with its number.
fn system_error(text: &str) -> Option<io::Error> {
    let (_, number) = text.strip_suffix(')')?.rsplit_once("(os error ")?;
    let error = io::Error::from_raw_os_error(number.parse().ok()?);
    (error.to_string() == text).then_some(error)
}

fn usual(kind: ErrorKind) -> Option<[&'static str; N]> {
    Some(match kind {
        ErrorKind::NotFound => [
            "no such file or directory",
            "ce fichier ou ce dossier n’existe pas",
        ],
        ErrorKind::PermissionDenied => ["permission denied", "accès refusé"],
        ErrorKind::IsADirectory => ["it is a directory", "c’est un dossier"],
        ErrorKind::NotADirectory => [
            "a part of the path is not a directory",
            "une partie du chemin n’est pas un dossier",
        ],
        ErrorKind::StorageFull => [
            "no space left on the disk",
            "il n’y a plus de place sur le disque",
        ],
        ErrorKind::ReadOnlyFilesystem => [
            "the file system is read-only",
            "le système de fichiers est en lecture seule",
        ],
        ErrorKind::ConnectionRefused => ["connection refused", "connexion refusée"],
        ErrorKind::TimedOut => ["it took too long", "délai dépassé"],
        ErrorKind::UnexpectedEof => ["it ended too early", "fin prématurée"],
        _ => return None,
    })
}

/// Another thing of the same name that is there, or all that are.
fn did_you_mean(say: Phrases, nearest: &str) -> String {
    say!(
        say,
        "did you mean `{nearest}`?",
        "vouliez-vous dire `{nearest}`\u{a0}?"
    )
}
