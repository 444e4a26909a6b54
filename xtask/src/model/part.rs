use serde::Serialize;

use super::{Builder, Compose, Disk, EngineFacts, Problem, Program};

/// A thing that the main job needs, with what was found of it.
#[derive(Debug)]
pub struct Part {
    pub name: PartName,
    pub state: PartState,
    pub found: Found,
    /// The one command that mends a lack, where there is one.
    pub mend: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    Distribution,
    /// Root, or `sudo`.
    Power,
    DockerCommand,
    Compose,
    Builder,
    Daemon,
    /// The daemon answers this user.
    Engine,
    DiskFree,
    Proxy,
    /// `mmdebstrap`, for a stand-in base.
    StandInMaker,
    ComposeFile,
    Base,
    Registry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    Good,
    /// The main job works without it.
    Optional,
    Lacking,
}

/// What there is of a part, in facts.
#[derive(Debug)]
pub enum Found {
    Nothing,
    /// As the system names it: a distribution, a path, the names of variables.
    Named(String),
    Program(Program),
    Compose(Compose),
    Engine {
        endpoint: String,
        facts: EngineFacts,
    },
    Builder {
        builder: Builder,
        /// The version of buildx, where it is what drives the builder.
        buildx: Option<String>,
    },
    Disk(Disk),
    Base {
        reference: String,
        presence: Presence,
    },
    Registry {
        /// What was looked up there.
        image: String,
        reach: Reach,
    },
    /// Why it can't be used.
    Trouble(Problem),
}

/// Where an image is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    InStore,
    /// In the store, a stand-in for an image that is not used.
    StandIn {
        real: String,
        reach: Reach,
    },
    /// Not in the store, and a registry has it or not.
    Missing(Reach),
    /// No engine could be asked.
    Unknown,
}

/// Whether an image that is not used yet could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    InStore,
    InRegistry,
    Out,
}
