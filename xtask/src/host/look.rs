use std::path::{Path, PathBuf};

use super::offer::{KNOWN, parse_policy};
use super::plan::{is_down, missing, needs_group};
use super::run::{ask, find, is_executable};
use super::socket;
use crate::model::{
    Bytes, Cancel, Compose, ComposeFlavour, Disk, Distribution, EngineEndpoint, EngineReach,
    EngineState, HostFacts, HostProblem, Init, Membership, Package, Power, Program, User,
};

/// How much is to be found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What is there: programs are looked for and not run. A few milliseconds where nothing
    /// is missing.
    Presence,
    /// Versions too, and what apt offers.
    Versions,
}

/// Looks at this machine and changes nothing.
///
/// # Errors
/// Only when the user asks to stop: what can't be found out counts as missing.
pub fn look(
    endpoint: EngineEndpoint,
    depth: Depth,
    cancel: &Cancel,
) -> Result<HostFacts, HostProblem> {
    let local = matches!(endpoint, EngineEndpoint::System(_));
    let mut facts = HostFacts {
        distribution: distribution(),
        user: user(cancel)?,
        docker: find("docker").map(unversioned),
        compose: compose(),
        buildx: plugin("docker-buildx").map(unversioned),
        dockerd: if local { find("dockerd") } else { None },
        engine: reach(endpoint),
        mmdebstrap: find("mmdebstrap"),
        disk: None,
        proxies: proxies(),
        init: init(),
        offered: Vec::new(),
    };
    let all = depth == Depth::Versions;
    let lacks = missing(&facts);
    if all || !lacks.is_empty() || is_down(&facts) || needs_group(&facts, &lacks) {
        facts.user.power = power(&facts.user, cancel)?;
    }
    if all || !lacks.is_empty() {
        facts.offered = offered(cancel)?;
    }
    if all {
        ask_versions(&mut facts, cancel)?;
        facts.disk = disk(&facts, cancel)?;
    }
    Ok(facts)
}

fn unversioned(path: PathBuf) -> Program {
    Program {
        path,
        version: None,
    }
}

pub(super) fn distribution() -> Option<Distribution> {
    let text = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())?;
    Some(super::distribution::parse(&text))
}

/// Whether root's rights can be had is asked only where they are needed: a refused sudo is
/// logged, on some machines mailed.
fn user(cancel: &Cancel) -> Result<User, HostProblem> {
    if rustix::process::geteuid().is_root() {
        return Ok(User {
            name: "root".to_owned(),
            power: Power::Root,
            docker_group: Membership::Active,
        });
    }
    let name = ask(&["id", "-un"], cancel)?.unwrap_or_default();
    let is_in = |words: &[&str]| -> Result<bool, HostProblem> {
        let groups = ask(words, cancel)?.unwrap_or_default();
        Ok(groups.split_whitespace().any(|group| group == "docker"))
    };
    let docker_group = if is_in(&["id", "-nG"])? {
        Membership::Active
    } else if is_in(&["id", "-nG", &name])? {
        Membership::NotYet
    } else if ask(&["getent", "group", "docker"], cancel)?.is_some() {
        Membership::Not
    } else {
        Membership::NoGroup
    };
    Ok(User {
        name,
        power: Power::None,
        docker_group,
    })
}

/// How this user comes by root's rights.
pub(super) fn power(user: &User, cancel: &Cancel) -> Result<Power, HostProblem> {
    if user.power == Power::Root {
        return Ok(Power::Root);
    }
    if find("sudo").is_none() {
        return Ok(Power::None);
    }
    if ask(&["sudo", "-n", "true"], cancel)?.is_some() {
        return Ok(Power::Sudo);
    }
    Ok(if rustix::termios::isatty(std::io::stdin()) {
        Power::SudoAsks
    } else {
        Power::None
    })
}

fn compose() -> Option<Compose> {
    let plugin = plugin("docker-compose").map(|path| (ComposeFlavour::Plugin, path));
    let found = plugin.or_else(|| {
        let standalone = find("docker-compose")?;
        Some((ComposeFlavour::Standalone, standalone))
    });
    found.map(|(flavour, path)| Compose {
        flavour,
        program: unversioned(path),
    })
}

/// The Docker command's plugins lie beside its configuration or in one of four directories
/// (docker/cli, `cli-plugins/manager/manager_unix.go`).
fn plugin(name: &str) -> Option<PathBuf> {
    let configuration = std::env::var_os("DOCKER_CONFIG")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&std::env::var_os("HOME")?).join(".docker")));
    let system = [
        "/usr/local/lib/docker",
        "/usr/local/libexec/docker",
        "/usr/lib/docker",
        "/usr/libexec/docker",
    ];
    configuration
        .into_iter()
        .chain(system.map(PathBuf::from))
        .map(|directory| directory.join("cli-plugins").join(name))
        .find(|file| is_executable(file))
}

/// What the engine's socket does.
pub(super) fn reach(endpoint: EngineEndpoint) -> EngineReach {
    let state = endpoint
        .socket()
        .map_or(EngineState::Unknown, socket::state);
    EngineReach { endpoint, state }
}

fn proxies() -> Vec<String> {
    let known = ["http_proxy", "https_proxy", "no_proxy"];
    let both = known
        .iter()
        .flat_map(|name| [(*name).to_owned(), name.to_uppercase()]);
    both.filter(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
        .collect()
}

fn init() -> Init {
    let unit = [
        "/etc/systemd/system",
        "/lib/systemd/system",
        "/usr/lib/systemd/system",
    ]
    .iter()
    .any(|directory| Path::new(directory).join("docker.service").exists());
    if unit && Path::new("/run/systemd/system").is_dir() {
        Init::Systemd
    } else if Path::new("/etc/init.d/docker").exists() {
        Init::Script
    } else {
        Init::Nothing
    }
}

pub(super) fn offered(cancel: &Cancel) -> Result<Vec<Package>, HostProblem> {
    let words: Vec<_> = ["apt-cache", "policy"].into_iter().chain(KNOWN).collect();
    let policy = ask(&words, cancel)?.unwrap_or_default();
    Ok(parse_policy(&policy))
}

fn ask_versions(facts: &mut HostFacts, cancel: &Cancel) -> Result<(), HostProblem> {
    if let Some(docker) = &mut facts.docker {
        let answer = ask(&["docker", "--version"], cancel)?;
        docker.version = answer.as_deref().and_then(number);
    }
    if let Some(buildx) = &mut facts.buildx {
        let answer = ask(&["docker", "buildx", "version"], cancel)?;
        buildx.version = answer.as_deref().and_then(number);
    }
    if let Some(compose) = &mut facts.compose {
        let answer = match compose.flavour {
            ComposeFlavour::Plugin => ask(&["docker", "compose", "version", "--short"], cancel)?,
            ComposeFlavour::Standalone => ask(&["docker-compose", "version", "--short"], cancel)?,
        };
        compose.program.version = answer.as_deref().and_then(number);
    }
    Ok(())
}

/// The first word of a program's greeting that is a version.
fn number(text: &str) -> Option<String> {
    text.split([' ', ','])
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))
        .map(str::to_owned)
}

/// The free space where the engine keeps its images, as far as it is known.
fn disk(facts: &HostFacts, cancel: &Cancel) -> Result<Option<Disk>, HostProblem> {
    if !matches!(facts.engine.endpoint, EngineEndpoint::System(_)) {
        return Ok(None);
    }
    let told = if facts.engine.state == EngineState::Answers {
        ask(
            &["docker", "info", "--format", "{{.DockerRootDir}}"],
            cancel,
        )?
    } else {
        None
    };
    let path = PathBuf::from(
        told.filter(|path| path.starts_with('/'))
            .unwrap_or_else(|| "/var/lib/docker".to_owned()),
    );
    let free = path
        .ancestors()
        .find_map(|place| rustix::fs::statvfs(place).ok())
        .map(|it| Bytes(it.f_bavail.saturating_mul(it.f_frsize)));
    Ok(free.map(|free| Disk { path, free }))
}

#[cfg(test)]
mod tests {
    use super::{Depth, look, number};
    use crate::model::{Cancel, EngineEndpoint, EngineState};

    #[test]
    fn a_version_is_found_in_each_greeting() {
        for (text, version) in [
            ("Docker version 28.2.2, build e6534b4", "28.2.2"),
            (
                "github.com/docker/buildx 0.13.1+ds1-3 0.13.1",
                "0.13.1+ds1-3",
            ),
            ("v2.26.1", "2.26.1"),
            ("1.29.2", "1.29.2"),
        ] {
            assert_eq!(number(text).as_deref(), Some(version));
        }
        assert_eq!(number("command not found"), None);
    }

    #[test]
    fn an_engine_elsewhere_is_not_looked_at() {
        let endpoint = EngineEndpoint::Elsewhere("ssh://somewhere".to_owned());
        let facts = look(endpoint, Depth::Presence, &Cancel::default()).unwrap();
        assert_eq!(facts.engine.state, EngineState::Unknown);
        assert_eq!((facts.dockerd, facts.disk), (None, None));
    }
}
