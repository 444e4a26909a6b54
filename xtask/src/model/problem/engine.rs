use std::io;
use std::time::Duration;

use crate::model::{EngineKind, Place, Signal};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What an engine was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineAction {
    AttachContainer,
    CreateContainer,
    InspectContainer,
    ListContainers,
    RemoveContainer,
    StartContainer,
    WaitForContainer,
    CreateVolume,
    ListVolumes,
    RemoveVolume,
    InspectImage,
    ListImages,
    ReadHistory,
    SaveImages,
}

/// Why the engine could not be asked, or did not answer.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum EngineProblem {
    NoProgram {
        program: String,
    },
    NoCompose,
    /// Nothing listens at the endpoint.
    Unreachable {
        endpoint: String,
        source: Option<Cause>,
    },
    Forbidden {
        endpoint: String,
    },
    /// It accepts a connection and then says nothing.
    Silent {
        endpoint: String,
        limit: Duration,
    },
    BadEndpoint {
        endpoint: String,
        source: Option<Cause>,
    },
    NeedsTls {
        endpoint: String,
    },
    TooOld {
        api: String,
        oldest: &'static str,
    },
    /// The engine went away in the middle.
    Lost {
        endpoint: String,
        source: Option<Cause>,
    },
    Refused {
        engine: EngineKind,
        action: EngineAction,
        message: String,
    },
    /// Another container of the same run failed, which ends all of them.
    OtherFailed,
    /// What its service says of its container is nothing that the engine can make.
    NoContainer {
        engine: EngineKind,
        variant: String,
        message: String,
    },
    NoImage {
        image: String,
    },
    BadReference {
        image: String,
    },
    NoBase {
        image: String,
        reason: String,
        /// What its name most likely means, if it looks mistyped.
        nearest: Option<String>,
    },
    BuildUnclear {
        variant: String,
        log: Vec<String>,
    },
    /// A RUN failed, and what it printed says that it has no network.
    BuildOffline {
        variant: String,
        instruction: String,
        /// The line that says so.
        said: String,
    },
    DiskFull,
    Compose {
        /// `docker compose` or `docker-compose`, whichever there is.
        command: &'static str,
        file: String,
        reason: String,
    },
    /// A variable that the Compose file requires has no value.
    VariableMissing {
        file: String,
        variable: String,
        /// What the file says of it; may be empty.
        reason: String,
    },
    /// `what` is a flag of the build or, at `place`, something of its Dockerfile.
    NeedsBuildkit {
        variant: String,
        what: String,
        place: Option<Place>,
    },
    /// The plugin's file is there and the CLI can't use it.
    BadBuildx,
    Spawn {
        program: String,
        source: io::Error,
    },
    Scratch {
        source: io::Error,
    },
    Left {
        engine: EngineKind,
        container: String,
        reason: String,
    },
    LeftVolume {
        engine: EngineKind,
        volume: String,
        reason: String,
    },
    Cancelled(Signal),
}
