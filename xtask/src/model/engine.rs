use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The engine that a report was made on, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineFacts {
    pub kind: EngineKind,
    /// `None`, as is `api`, in a report that leaves out what changes from run to run.
    pub version: Option<String>,
    /// The API version that was negotiated, such as `1.41`.
    pub api: Option<String>,
    pub platform: Platform,
    /// The storage driver (`overlay2`, `fuse-overlayfs`, `overlayfs` of the containerd
    /// store), as the engine names it.
    /// `None` as `version` is.
    pub storage: Option<String>,
    pub builder: Builder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    Docker,
    Podman,
}

/// Where an engine on this machine keeps records of its layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineRecords {
    /// The engine's root directory. Absolute.
    pub root: PathBuf,
    /// The graph driver, which names directories below it.
    pub driver: String,
}

/// Which builder `docker build` uses here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Builder {
    Buildkit,
    Classic,
}

/// An operating system and processor, as the OCI image specification names them
/// (config.md: `os`, `architecture`, `variant`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    pub os: String,
    pub arch: String,
    pub variant: Option<String>,
}

impl fmt::Display for Platform {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.os, self.arch)?;
        self.variant
            .iter()
            .try_for_each(|variant| write!(out, "/{variant}"))
    }
}

impl Platform {
    /// Reads `linux/arm64` or `linux/arm/v7`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (os, arch) = (parts.next()?, parts.next()?);
        let variant = parts.next().map(str::to_owned);
        let whole = parts.next().is_none() && ![os, arch].contains(&"");
        whole.then(|| Self {
            os: os.to_owned(),
            arch: arch.to_owned(),
            variant,
        })
    }
}
