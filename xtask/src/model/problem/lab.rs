use std::io;
use std::path::PathBuf;

/// Why a Compose file is not a lab, or one of its files can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum LabProblem {
    Missing {
        path: PathBuf,
    },
    Read {
        path: PathBuf,
        source: io::Error,
    },
    NotCompose {
        path: PathBuf,
        reason: Malformed,
    },
    UnknownLab {
        name: String,
        path: PathBuf,
        known: Vec<String>,
        nearest: Option<String>,
    },
    UnknownVariant {
        name: String,
        path: PathBuf,
        known: Vec<String>,
        nearest: Option<String>,
    },
    NothingToBuild {
        path: PathBuf,
    },
    /// `key` is the path within the service, such as `x-lab.role`.
    BadValue {
        service: String,
        key: String,
        value: String,
        expected: Expected,
    },
    UnknownKey {
        service: String,
        key: String,
        nearest: Option<String>,
    },
    /// A key that Compose knows and the kit has no equivalent for.
    Unsupported {
        service: String,
        key: String,
    },
    /// `path` is where it is written.
    PolicyLost {
        service: String,
        path: PathBuf,
    },
    /// Nothing reads what is said there. `service` is `None` for one at the top of the file,
    /// where no service has any.
    PolicyMisplaced {
        service: Option<String>,
        key: String,
    },
    /// `labs` are those that the two name, where they are not of one and the same.
    RoleTwice {
        first: String,
        second: String,
        role: &'static str,
        labs: Vec<String>,
    },
}

/// Why a text is not a Compose file that has been resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// The YAML reader's own words, with the line where it knows it.
    Yaml(String),
    NotAMapping,
    NoServices,
    NoImage {
        service: String,
    },
}

/// What a key of a Compose file takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Mapping,
    Text,
    Truth,
    /// Of 64 bits.
    Integer,
    /// Bytes, as a policy writes them.
    Size,
    /// Bytes, as Compose writes them.
    ComposeSize,
    Layers,
    Percent,
    Growth,
    Accept,
    Role,
    Exercise,
    /// The name of a given file.
    Given,
    /// A path that stays below where it begins.
    PathInside,
    Sha256,
    Measure,
    Duration,
    Paths,
    Secret,
    Platform,
    Host,
    Ulimit,
    Command,
    Processes,
    Processors,
}
