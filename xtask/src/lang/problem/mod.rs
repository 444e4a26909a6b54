//! Each [`Problem`] as a sentence and a remedy, one file per room.
//!
//! The English sentence is the problem's own `Display`.

mod archive;
mod cache;
mod engine;
mod expected;
mod flag;
mod host;
mod lab;
mod report;
mod source;

pub(super) use report::french_reason;

use std::error::Error;
use std::io::{self, ErrorKind};

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
        Problem::Flag(problem) => Some(flag::help(problem, language)),
        Problem::Engine(problem) => engine::help(problem, language),
        Problem::Host(problem) => host::help(problem, language),
        Problem::Archive(problem) => archive::help(problem, language),
        Problem::Cache(problem) => Some(cache::help(problem, language)),
        Problem::Report(problem) => report::help(problem, language),
        Problem::Cancelled(_) => None,
    }
}

/// What lies behind a problem. In English the system's own words stay, where it has spoken; what
/// is usual has the kit's in French.
pub fn reason(cause: &(dyn Error + 'static), language: Language) -> String {
    let text = cause.to_string();
    let system = system_error(&text);
    if system.is_some() && language == Language::English {
        return text;
    }
    let own = cause.downcast_ref::<io::Error>();
    let own = own.filter(|error| error.get_ref().is_none());
    let kind = system.as_ref().or(own).map(io::Error::kind);
    match (kind.and_then(usual), language) {
        (Some([english, _]), Language::English) => english.to_owned(),
        (Some([_, french]), Language::French) => french.to_owned(),
        (None, _) => text,
    }
}

/// What the system said, however it is wrapped up: its words end with its number.
fn system_error(text: &str) -> Option<io::Error> {
    let (_, number) = text.strip_suffix(')')?.rsplit_once("(os error ")?;
    let error = io::Error::from_raw_os_error(number.parse().ok()?);
    (error.to_string() == text).then_some(error)
}

fn usual(kind: ErrorKind) -> Option<[&'static str; 2]> {
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

fn french(problem: &Problem) -> String {
    match problem {
        Problem::Lab(problem) => lab::french(problem),
        Problem::Source(problem) => source::french(problem),
        Problem::Flag(problem) => flag::french(problem),
        Problem::Engine(problem) => engine::french(problem),
        Problem::Host(problem) => host::french(problem),
        Problem::Archive(problem) => archive::french(problem),
        Problem::Cache(problem) => cache::french(problem),
        Problem::Report(problem) => report::french(problem),
        Problem::Cancelled(signal) => format!("arrêté par le signal {}", signal.0),
    }
}
