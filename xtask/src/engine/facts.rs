use std::path::PathBuf;

use super::answers::{Info, Release};
use super::endpoint::{Endpoint, Route};
use crate::model::{Builder, EngineFacts, EngineKind, EngineRecords, Platform};

/// What an engine's id of an image is the digest of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KnownBy {
    /// With a graph driver.
    Config,
    /// With containerd's store, the default since 29; or an index.
    Manifest,
}

impl KnownBy {
    pub(super) fn of(info: &Info) -> Self {
        let mut status = info.driver_status.iter().flatten();
        let is_snapshotter = |row: &Vec<String>| match row.as_slice() {
            [name, value] => name == "driver-type" && value.starts_with("io.containerd."),
            _ => false,
        };
        if status.any(is_snapshotter) {
            Self::Manifest
        } else {
            Self::Config
        }
    }
}

/// Where the engine's records of layers can be, by what it says of itself: only graph drivers
/// that unpack each layer into a directory have them.
pub(super) fn records(endpoint: &Endpoint, info: &Info) -> Option<EngineRecords> {
    let driver = info.driver.clone()?;
    let has_records = ["overlay2", "fuse-overlayfs"].contains(&driver.as_str());
    let is_here = matches!(endpoint.route(), Route::Socket(_));
    let root = PathBuf::from(info.docker_root_dir.as_deref()?);
    let is_readable = || root.is_absolute() && root.join("image").join(&driver).is_dir();
    let is_graph = KnownBy::of(info) == KnownBy::Config;
    (has_records && is_here && is_graph && is_readable()).then_some(EngineRecords { root, driver })
}

/// Whether the limits on what a container takes are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limiting {
    /// As far as it is told.
    Enforced,
    /// Taken without a word and passed over: a rootless engine that no cgroup was given to.
    Ignored,
}

impl Limiting {
    /// Rootless Docker says that it has none. Podman says what the machine has, and without root
    /// has none where cgroups are of version 1.
    pub(super) fn of(info: &Info) -> Self {
        let is_lacking = [info.memory_limit, info.pids_limit].contains(&Some(false));
        let mut security = info.security_options.iter().flatten();
        let is_rootless = security.any(|option| option.starts_with("name=rootless"));
        if is_lacking || (is_rootless && info.cgroup_version.as_deref() == Some("1")) {
            Self::Ignored
        } else {
            Self::Enforced
        }
    }
}

/// `greeted_as` is the `Server` header of `/_ping`: `Docker/20.10.24 (linux)`, `Libpod/4.3.1
/// (linux)`. The builder is the Docker CLI's choice, and stands at the engine's usual one
/// until that is known.
pub(super) fn of_engine(
    greeted_as: &str,
    api: String,
    version: &Release,
    info: &Info,
) -> EngineFacts {
    let components = version.components.as_deref().unwrap_or_default();
    let podman = components
        .iter()
        .find(|component| component.name == "Podman Engine");
    let is_podman = podman.is_some() || greeted_as.starts_with("Libpod");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    EngineFacts {
        kind: if is_podman {
            EngineKind::Podman
        } else {
            EngineKind::Docker
        },
        version: podman
            .map(|it| it.version.clone())
            .or_else(|| version.version.clone()),
        api: Some(api),
        platform: Platform {
            os: text(&version.os),
            arch: text(&version.arch),
            variant: None,
        },
        storage: Some(text(&info.driver)),
        builder: if is_podman {
            Builder::Classic
        } else {
            Builder::Buildkit
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{KnownBy, Limiting, of_engine};
    use crate::engine::answers::{Component, Info, Release};
    use crate::model::EngineKind;

    #[test]
    fn an_engine_without_cgroups_says_that_it_ignores_limits() {
        // Of `GET /info` where cgroups are of version 1: Docker 20.10 and Podman 5.4 without
        // root, Docker with it; and of version 2 without root.
        for (info, limiting) in [
            (
                r#"{"MemoryLimit":false,"PidsLimit":false,"CgroupDriver":"none"}"#,
                Limiting::Ignored,
            ),
            (
                r#"{"MemoryLimit":true,"PidsLimit":true,"CgroupVersion":"1","SecurityOptions":["name=seccomp"]}"#,
                Limiting::Enforced,
            ),
            (
                r#"{"MemoryLimit":true,"CgroupVersion":"1","SecurityOptions":["name=rootless"]}"#,
                Limiting::Ignored,
            ),
            (
                r#"{"MemoryLimit":true,"CgroupVersion":"2","SecurityOptions":["name=rootless"]}"#,
                Limiting::Enforced,
            ),
            ("{}", Limiting::Enforced),
        ] {
            let told: Info = serde_json::from_str(info).unwrap();
            assert_eq!(Limiting::of(&told), limiting, "{info}");
        }
    }

    #[test]
    fn containerds_store_is_known_by_the_type_of_its_driver() {
        // Of `GET /info`: with it, with a graph driver, and where nothing is told.
        for (info, known_by) in [
            (
                r#"{"Driver":"overlayfs","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]]}"#,
                KnownBy::Manifest,
            ),
            (
                r#"{"Driver":"overlay2","DriverStatus":[["Backing Filesystem","extfs"],["Supports d_type","true"]]}"#,
                KnownBy::Config,
            ),
            (
                r#"{"Driver":"overlay","DriverStatus":[[]]}"#,
                KnownBy::Config,
            ),
            (r#"{"Driver":"vfs","DriverStatus":null}"#, KnownBy::Config),
        ] {
            let told: Info = serde_json::from_str(info).unwrap();
            assert_eq!(KnownBy::of(&told), known_by, "{info}");
        }
    }

    #[test]
    fn podman_is_known_by_its_greeting_or_its_component() {
        let component = Component {
            name: "Podman Engine".to_owned(),
            version: "4.3.1".to_owned(),
        };
        let version = Release {
            components: Some(vec![component]),
            ..Release::default()
        };
        let facts = of_engine("", "1.41".to_owned(), &version, &Info::default());
        assert_eq!(
            (facts.kind, facts.version.as_deref()),
            (EngineKind::Podman, Some("4.3.1"))
        );
        for (greeting, kind) in [
            ("Libpod/4.3.1 (linux)", EngineKind::Podman),
            ("Docker/28.5.2 (linux)", EngineKind::Docker),
        ] {
            let version = Release::default();
            let facts = of_engine(greeting, String::new(), &version, &Info::default());
            assert_eq!(facts.kind, kind, "{greeting}");
        }
    }
}
