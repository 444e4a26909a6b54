use std::ffi::OsString;

use super::cli::Cli;
use super::plugin;
use crate::model::{Builder, Cancel, EngineKind, EngineProblem};

/// How `docker build` is driven here: which builder it uses and how it tells its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// BuildKit through the buildx plugin, which tells its progress as JSON (0.13 and newer).
    BuildxJson,
    /// The same through an older buildx, in plain text.
    BuildxPlain,
    /// BuildKit through a CLI older than 23, which has its client inside; in plain text.
    Inside,
    /// The builder that came before BuildKit.
    Classic,
}

/// The first CLI that builds with BuildKit only through the buildx plugin.
const WITHOUT_CLIENT: u32 = 23;

impl Driver {
    /// Looks at this process's environment and at the CLI's version (one command, 10 ms).
    ///
    /// `DOCKER_BUILDKIT=0` asks for the classic builder; Podman's API knows no other.
    pub fn find(cli: &Cli, engine: EngineKind, cancel: &Cancel) -> Result<Self, EngineProblem> {
        Self::find_in(cli, engine, &|name| std::env::var_os(name), cancel)
    }

    /// The same with another environment.
    pub fn find_in(
        cli: &Cli,
        engine: EngineKind,
        variable: &dyn Fn(&str) -> Option<OsString>,
        cancel: &Cancel,
    ) -> Result<Self, EngineProblem> {
        if engine == EngineKind::Podman || is_refused(variable("DOCKER_BUILDKIT")) {
            return Ok(Self::Classic);
        }
        let output = cli.docker().arg("--version").look(cancel)?;
        Ok(match major(&String::from_utf8_lossy(&output.stdout)) {
            Some(major) if major < WITHOUT_CLIENT => Self::Inside,
            Some(_) if has_buildx(cli, variable, cancel)? => Self::BuildxJson,
            _ => Self::Classic,
        })
    }

    pub fn builder(self) -> Builder {
        match self {
            Self::Classic => Builder::Classic,
            Self::BuildxJson | Self::BuildxPlain | Self::Inside => Builder::Buildkit,
        }
    }
}

/// The CLI may know of a place for plugins that is not known here; without the plugin it
/// answers in 10 ms.
fn has_buildx(
    cli: &Cli,
    variable: &dyn Fn(&str) -> Option<OsString>,
    cancel: &Cancel,
) -> Result<bool, EngineProblem> {
    if plugin::find("docker-buildx", variable).is_some() {
        return Ok(true);
    }
    let asked = cli.docker().args(["buildx", "version"]).look(cancel)?;
    Ok(asked.status.success())
}

/// The values that Go's `strconv.ParseBool`, and so the CLI, reads as false.
fn is_refused(buildkit: Option<OsString>) -> bool {
    buildkit.is_some_and(|value| {
        ["0", "f", "F", "false", "FALSE", "False"].contains(&&*value.to_string_lossy())
    })
}

/// Of `Docker version 28.2.2, build e6534b4`.
fn major(version: &str) -> Option<u32> {
    let number = version.trim().strip_prefix("Docker version ")?;
    number.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;

    use super::Driver;
    use crate::engine::{Cli, Endpoint, plugin};
    use crate::model::{Cancel, EngineKind};
    use crate::process::program;

    /// What is found with a CLI of this version, with or without the plugin.
    fn found(version: &str, buildx: bool, buildkit: Option<&str>, engine: EngineKind) -> Driver {
        let root = tempfile::tempdir().unwrap();
        let docker = root.path().join("docker");
        let script = format!("#!/bin/sh\n[ $1 = --version ] && echo '{version}'\n");
        program::write(&docker, &script);
        if buildx {
            fs::create_dir(root.path().join("cli-plugins")).unwrap();
            program::write(root.path().join("cli-plugins/docker-buildx"), "");
        }
        let variable = |name: &str| match name {
            "DOCKER_CONFIG" => Some(OsString::from(root.path())),
            "DOCKER_BUILDKIT" => buildkit.map(OsString::from),
            _ => None,
        };
        let endpoint = Endpoint::discover_in(Some("unix:///nowhere.sock"), &|_| None).unwrap();
        let cli = Cli::with(docker.to_str().unwrap(), &endpoint);
        Driver::find_in(&cli, engine, &variable, &Cancel::default()).unwrap()
    }

    #[test]
    fn each_cli_builds_with_the_best_that_it_has() {
        let docker = EngineKind::Docker;
        let (new, old) = (
            "Docker version 28.2.2, build e6534b4",
            "Docker version 20.10.24+dfsg1, build 297e128",
        );
        assert_eq!(found(new, true, None, docker), Driver::BuildxJson);
        assert_eq!(found(old, true, None, docker), Driver::Inside);
        assert_eq!(found(old, false, Some("1"), docker), Driver::Inside);
        // What is installed for the whole machine can't be looked past.
        if plugin::find("docker-buildx", &|_| None).is_none() {
            assert_eq!(found(new, false, None, docker), Driver::Classic);
        }
    }

    #[test]
    fn who_asks_for_the_classic_builder_gets_it() {
        let new = "Docker version 28.2.2, build e6534b4";
        assert_eq!(
            found(new, true, Some("0"), EngineKind::Docker),
            Driver::Classic
        );
        assert_eq!(found(new, true, None, EngineKind::Podman), Driver::Classic);
    }
}
