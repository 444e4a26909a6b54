use std::io;
use std::time::Duration;

use crate::model::Signal;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the engine could not be asked, or did not answer.
#[derive(Debug, thiserror::Error)]
pub enum EngineProblem {
    #[error("there is no Docker command `{program}`")]
    NoProgram { program: String },
    #[error("there is neither `docker compose` nor `docker-compose`")]
    NoCompose,
    /// Nothing listens at the endpoint.
    #[error("no engine answers at `{endpoint}`")]
    Unreachable {
        endpoint: String,
        source: Option<Cause>,
    },
    #[error("this user may not speak to the engine at `{endpoint}`")]
    Forbidden { endpoint: String },
    /// It accepts a connection and then says nothing.
    #[error("the engine at `{endpoint}` did not answer within {} s", .limit.as_secs())]
    Silent { endpoint: String, limit: Duration },
    #[error("`{endpoint}` is not an engine's endpoint")]
    BadEndpoint {
        endpoint: String,
        source: Option<Cause>,
    },
    #[error("the engine at `{endpoint}` speaks over TLS only")]
    NeedsTls { endpoint: String },
    #[error("the engine speaks API {api}, older than the {oldest} that the kit needs")]
    TooOld { api: String, oldest: &'static str },
    /// The engine went away in the middle.
    #[error("the engine at `{endpoint}` went away")]
    Lost {
        endpoint: String,
        source: Option<Cause>,
    },
    #[error("the engine refused to {action}: {message}")]
    Refused {
        action: &'static str,
        message: String,
    },
    /// What its service says of its container is nothing that the engine can make.
    #[error("service `{variant}`: the engine refuses its container: {message}")]
    NoContainer { variant: String, message: String },
    #[error("the engine has no image `{image}`")]
    NoImage { image: String },
    #[error("`{image}` can't be the name of an image")]
    BadReference { image: String },
    #[error("the image `{image}` can be neither found nor pulled: {reason}")]
    NoBase { image: String, reason: String },
    #[error("the build of `{variant}` ended without a result")]
    BuildUnclear { variant: String, log: Vec<String> },
    #[error("no space left on the engine's disk")]
    DiskFull,
    #[error("Compose can't resolve `{file}`: {reason}")]
    Compose {
        /// `docker compose` or `docker-compose`, whichever there is.
        command: &'static str,
        file: String,
        reason: String,
    },
    /// A variable that the Compose file requires has no value.
    #[error("`{file}` needs the variable `{variable}`{}", after_colon(.reason))]
    VariableMissing {
        file: String,
        variable: String,
        /// What the file says of it; may be empty.
        reason: String,
    },
    /// `what` is a flag of the build or, at `place`, something of its Dockerfile.
    #[error("service `{variant}`: `{what}`{} needs BuildKit and its plugin buildx", at(.place.as_deref()))]
    NeedsBuildkit {
        variant: String,
        what: String,
        place: Option<String>,
    },
    /// The plugin's file is there and the CLI can't use it.
    #[error("the buildx plugin of the Docker command is broken")]
    BadBuildx,
    #[error("cannot run `{program}`")]
    Spawn { program: String, source: io::Error },
    #[error("cannot use a temporary file")]
    Scratch { source: io::Error },
    #[error("container `{container}` could not be removed: {reason}")]
    Left { container: String, reason: String },
    #[error("stopped by signal {}", .0.0)]
    Cancelled(Signal),
}

fn at(place: Option<&str>) -> String {
    place.map_or_else(String::new, |place| format!(" ({place})"))
}

fn after_colon(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(": {reason}")
    }
}
