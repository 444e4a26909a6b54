use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Bytes;

/// What of the kit's needs is installed on this machine, and as whom the kit runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HostFacts {
    /// `None` where there is no `os-release` file.
    pub distribution: Option<Distribution>,
    pub user: User,
    /// The Docker command, first on the path.
    pub docker: Option<Program>,
    pub compose: Option<Compose>,
    pub buildx: Option<Program>,
    /// The daemon's own program; looked for only where the engine is to be local.
    pub dockerd: Option<PathBuf>,
    pub engine: EngineReach,
    pub mmdebstrap: Option<PathBuf>,
    /// Where the local engine keeps images. `None` where that can't be known.
    pub disk: Option<Disk>,
    /// Names of the proxy variables that are set; their values may hold passwords.
    pub proxies: Vec<String>,
    pub init: Init,
    /// Packages of those that the kit may install that apt offers or has installed, sorted;
    /// empty where nothing is missing, for then apt is not asked.
    pub offered: Vec<Package>,
}

/// A Linux distribution, as `os-release(5)` names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Distribution {
    /// Such as `debian`.
    pub id: String,
    /// The distributions that it derives from, nearest first.
    pub like: Vec<String>,
    /// Such as `bookworm`.
    pub codename: Option<String>,
    /// For people, such as `Debian GNU/Linux 12 (bookworm)`.
    pub pretty: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    pub name: String,
    pub power: Power,
    pub docker_group: Membership,
}

/// Whether the kit may change this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    Root,
    /// `sudo` works without a question.
    Sudo,
    /// `sudo` will ask for a password, and there is a terminal to ask on.
    SudoAsks,
    None,
}

/// Of group docker, whose members are as good as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Membership {
    /// This process is in the group.
    Active,
    /// The user is, this process not yet: the group came after the login.
    NotYet,
    Not,
    /// There is no such group.
    NoGroup,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Program {
    pub path: PathBuf,
    /// `None` where it was not asked for, or not understood.
    pub version: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compose {
    pub flavour: ComposeFlavour,
    pub program: Program,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComposeFlavour {
    /// `docker compose`.
    Plugin,
    /// `docker-compose`.
    Standalone,
}

/// The engine that the kit is to use, seen from outside: what its socket does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EngineReach {
    pub endpoint: EngineEndpoint,
    pub state: EngineState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineEndpoint {
    /// The socket that this machine's own daemon would listen on: the kit may start it.
    System(PathBuf),
    /// Another unix socket: someone else's daemon.
    Socket(PathBuf),
    /// Not on this machine, or reached by other means: never looked at here.
    Elsewhere(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineState {
    Answers,
    /// This user may not open the socket.
    Forbidden,
    /// It takes connections and says nothing.
    Silent,
    /// The socket is there and nobody listens.
    Refuses,
    Absent,
    /// Not looked at.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Disk {
    pub path: PathBuf,
    pub free: Bytes,
}

/// What would start the daemon here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// It runs and has a unit for the daemon.
    Systemd,
    /// `/etc/init.d/docker`.
    Script,
    Nothing,
}

/// A package of the distribution that the kit knows a use for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Package {
    pub name: String,
    /// The version that is installed.
    pub installed: Option<String>,
    /// The version that would be.
    pub candidate: Option<String>,
}

impl Distribution {
    /// Whether `apt` installs from packages that the kit knows the names of.
    pub fn is_debian_or_ubuntu(&self) -> bool {
        ["debian", "ubuntu"]
            .iter()
            .any(|known| self.id == *known || self.like.iter().any(|like| like == known))
    }
}

impl EngineEndpoint {
    /// The socket, where it is one of this machine.
    pub fn socket(&self) -> Option<&Path> {
        match self {
            Self::System(path) | Self::Socket(path) => Some(path),
            Self::Elsewhere(_) => None,
        }
    }
}
