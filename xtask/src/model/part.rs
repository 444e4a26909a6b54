use serde::Serialize;

use super::{Builder, Compose, Disk, EngineFacts, Problem, Program};

/// A thing that the main job needs, with what was found of it.
#[derive(Debug)]
pub struct Part {
    pub name: PartName,
    pub state: PartState,
    pub found: Found,
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

/// What is not good always comes with what mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartState {
    Good,
    /// The main job works without it.
    Optional(Mend),
    Lacking(Mend),
}

/// What to do about a lack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// The one command that mends it, as a person would type it.
    Command(String),
    /// No command of this machine does.
    Word(Remedy),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The kit knows the packages of Debian and Ubuntu only.
    Distribution,
    /// Its package is the distribution's business.
    Install,
    /// Installing needs the rights of root.
    Root,
    /// The distribution has no package of the builder's plugin.
    Buildx,
    /// Nothing can be told of it before the engine answers.
    EngineFirst,
    /// The engine holds no program to a limit, and needs cgroups that it may write.
    Limits,
    /// What of it is out of reach only its own command tells.
    Pull { image: String },
    /// Once the image that is stood in for can be had, this command builds on it.
    RealBase { command: String },
    /// What its trouble says itself.
    OfTrouble,
}

impl PartState {
    pub fn is_lacking(&self) -> bool {
        matches!(self, Self::Lacking(_))
    }

    pub fn mend(&self) -> Option<&Mend> {
        match self {
            Self::Good => None,
            Self::Optional(mend) | Self::Lacking(mend) => Some(mend),
        }
    }
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
