use std::io;
use std::path::PathBuf;

/// Why a lesson can't be given.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum LessonProblem {
    /// No file of steps at any of these places.
    NoScript {
        lab: String,
        paths: Vec<PathBuf>,
    },
    Read {
        path: PathBuf,
        source: io::Error,
    },
    Script {
        path: PathBuf,
        fault: ScriptFault,
    },
    /// The steps name a service that the Compose file does not have.
    NoVariant(Box<MissingService>),
    /// Nothing was recorded yet. `again` is the command that does.
    NoRecord {
        path: PathBuf,
        again: String,
    },
    Record {
        path: PathBuf,
        fault: RecordFault,
    },
    /// What the flag asks for needs a terminal.
    NoTerminal {
        flag: &'static str,
    },
    /// The terminal can't be prepared.
    Terminal {
        source: io::Error,
    },
}

/// A service that a step shows and the Compose file lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingService {
    /// The file of steps.
    pub path: PathBuf,
    pub step: String,
    pub service: String,
    pub compose: PathBuf,
    pub known: Vec<String>,
    pub nearest: Option<String>,
}

/// What is wrong with a file of steps. `place` is the path of keys to it, such as
/// `steps[2].title`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptFault {
    /// The YAML reader's own words, with the line where it knows it.
    Yaml(String),
    NoSteps,
    Missing {
        place: String,
    },
    UnknownKey {
        place: String,
        nearest: Option<String>,
    },
    BadValue {
        place: String,
        value: String,
        expected: ScriptValue,
    },
    /// Two steps have one name.
    Twice {
        id: String,
    },
}

/// What a key of a step takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScriptValue {
    Mapping,
    List,
    Text,
    /// A text, or one for each language.
    Told,
    /// `success` or `failure`.
    End,
    Percent,
    Duration,
}

/// Why a record can't stand in for the engine.
#[derive(Debug)]
pub enum RecordFault {
    /// No JSON, or not of a record.
    Unreadable(String),
    /// The `schema` it names; `None` where it names none.
    OtherVersion(Option<String>),
    OtherLab {
        recorded: String,
        wanted: String,
    },
    /// These steps have no result in it.
    NoResult {
        steps: Vec<String>,
    },
}
