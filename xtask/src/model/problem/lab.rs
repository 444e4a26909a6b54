use std::io;
use std::path::PathBuf;

/// Why a Compose file is not a lab, or one of its files can't be read.
#[derive(Debug, thiserror::Error)]
pub enum LabProblem {
    #[error("there is no compose file `{path}`")]
    Missing { path: PathBuf },
    #[error("cannot read `{path}`")]
    Read { path: PathBuf, source: io::Error },
    #[error("`{path}` is not a Compose file: {reason}")]
    NotCompose { path: PathBuf, reason: Malformed },
    #[error("there is no lab `{name}` in `{path}`")]
    UnknownLab {
        name: String,
        path: PathBuf,
        known: Vec<String>,
        nearest: Option<String>,
    },
    #[error("there is no service `{name}` in `{path}`")]
    UnknownVariant {
        name: String,
        path: PathBuf,
        known: Vec<String>,
        nearest: Option<String>,
    },
    #[error("`{path}` has no service to build")]
    NothingToBuild { path: PathBuf },
    /// `key` is the path within the service, such as `x-lab.role`.
    #[error("service `{service}`: `{key}` does not take `{value}`")]
    BadValue {
        service: String,
        key: String,
        value: String,
        expected: Expected,
    },
    #[error("service `{service}`: there is no key `{key}`")]
    UnknownKey {
        service: String,
        key: String,
        nearest: Option<String>,
    },
    /// A key that Compose knows and the kit has no equivalent for.
    #[error("service `{service}`: `{key}` can't be honoured")]
    Unsupported { service: String, key: String },
    /// `path` is where it is written.
    #[error("service `{service}`: Compose lost its `x-lab`, which is in `{path}`")]
    PolicyLost { service: String, path: PathBuf },
    /// Nothing reads what is said there. `service` is `None` for one at the top of the file,
    /// where no service has any.
    #[error("{}", misplaced(.service.as_deref(), .key))]
    PolicyMisplaced {
        service: Option<String>,
        key: String,
    },
    /// `labs` are those that the two name, where they are not of one and the same.
    #[error("services `{first}` and `{second}` both have the role `{role}`")]
    RoleTwice {
        first: String,
        second: String,
        role: &'static str,
        labs: Vec<String>,
    },
}

fn misplaced(service: Option<&str>, key: &str) -> String {
    match service {
        Some(service) => format!("service `{service}`: `{key}` is where nothing reads it"),
        None => format!("`{key}` is at the top of the file, and no service has one"),
    }
}

/// Why a text is not a Compose file that has been resolved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The YAML reader's own words, with the line where it knows it.
    #[error("{0}")]
    Yaml(String),
    #[error("it is not a mapping")]
    NotAMapping,
    #[error("it has no services")]
    NoServices,
    #[error("service `{service}` has neither build nor image")]
    NoImage { service: String },
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
    Role,
    Measure,
    Duration,
    Paths,
    Secret,
    Platform,
    OnePlatform,
    Host,
    Ulimit,
    Command,
    Processes,
    Processors,
}
