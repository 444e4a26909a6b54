use super::command;
use super::offer::Use;
use super::plan::{Action, first_command, is_down, needs_group};
use crate::model::{
    Bytes, EngineEndpoint, EngineState, Found, HostFacts, Membership, Part, PartName, PartState,
    Power,
};

/// Less than this is too little for the images of a lab and what building them keeps.
const ENOUGH: Bytes = Bytes(2 * 1024 * 1024 * 1024);

/// Each thing that the main job needs of this machine, with what mends its lack; always in
/// the same order, and only those that matter for the engine that is used.
pub fn parts(facts: &HostFacts) -> Vec<Part> {
    let path = |path: &std::path::PathBuf| Found::Named(path.display().to_string());
    let mut parts = vec![distribution(facts), power(facts)];
    parts.push(program(
        facts,
        PartName::DockerCommand,
        facts.docker.clone().map(Found::Program),
        Use::Command,
    ));
    let compose = facts.compose.clone().map(Found::Compose);
    parts.push(program(facts, PartName::Compose, compose, Use::Compose));
    let buildx = facts.buildx.clone().map(Found::Program);
    parts.push(program(facts, PartName::Builder, buildx, Use::Buildx));
    if is_down(facts) || facts.dockerd.is_some() {
        let dockerd = facts.dockerd.as_ref().map(path);
        parts.push(program(facts, PartName::Daemon, dockerd, Use::Daemon));
    }
    parts.push(engine(facts));
    if let Some(disk) = &facts.disk {
        parts.push(Part {
            name: PartName::DiskFree,
            state: if disk.free < ENOUGH {
                PartState::Lacking
            } else {
                PartState::Good
            },
            found: Found::Disk(disk.clone()),
            mend: (disk.free < ENOUGH).then(|| "docker builder prune".to_owned()),
        });
    }
    if !facts.proxies.is_empty() {
        parts.push(good(PartName::Proxy, facts.proxies.join(", ")));
    }
    let maker = facts.mmdebstrap.as_ref().map(path);
    parts.push(program(
        facts,
        PartName::StandInMaker,
        maker,
        Use::StandInMaker,
    ));
    parts
}

fn good(name: PartName, found: String) -> Part {
    Part {
        name,
        state: PartState::Good,
        found: Found::Named(found),
        mend: None,
    }
}

fn distribution(facts: &HostFacts) -> Part {
    let known = facts.distribution.as_ref();
    Part {
        name: PartName::Distribution,
        state: match known {
            Some(known) if known.is_debian_or_ubuntu() => PartState::Good,
            _ => PartState::Optional,
        },
        found: known.map_or(Found::Nothing, |known| Found::Named(known.pretty.clone())),
        mend: None,
    }
}

fn power(facts: &HostFacts) -> Part {
    let found = match facts.user.power {
        Power::Root => Some("root"),
        Power::Sudo | Power::SudoAsks => Some("sudo"),
        Power::None => None,
    };
    Part {
        name: PartName::Power,
        state: found.map_or(PartState::Optional, |_| PartState::Good),
        found: found.map_or(Found::Nothing, |found| Found::Named(found.to_owned())),
        mend: None,
    }
}

/// A program that a package brings.
fn program(facts: &HostFacts, name: PartName, found: Option<Found>, need: Use) -> Part {
    let optional = matches!(need, Use::Buildx | Use::StandInMaker);
    let mend = || {
        let package = need.package(facts)?.to_owned();
        Some(command::shown(&command::install(facts, &[package])))
    };
    Part {
        name,
        state: match (&found, optional) {
            (Some(_), _) => PartState::Good,
            (None, true) => PartState::Optional,
            (None, false) => PartState::Lacking,
        },
        mend: if found.is_none() { mend() } else { None },
        found: found.unwrap_or(Found::Nothing),
    }
}

fn engine(facts: &HostFacts) -> Part {
    let endpoint = match &facts.engine.endpoint {
        EngineEndpoint::System(path) | EngineEndpoint::Socket(path) => path.display().to_string(),
        EngineEndpoint::Elsewhere(endpoint) => endpoint.clone(),
    };
    let answers = matches!(
        facts.engine.state,
        EngineState::Answers | EngineState::Unknown
    );
    Part {
        name: PartName::Engine,
        state: if answers {
            PartState::Good
        } else {
            PartState::Lacking
        },
        found: Found::Named(endpoint),
        mend: if answers { None } else { mend_engine(facts) },
    }
}

fn mend_engine(facts: &HostFacts) -> Option<String> {
    let action = if is_down(facts) {
        facts.dockerd.is_some().then_some(Action::Start)?
    } else if facts.engine.state == EngineState::Silent {
        return command::restart(facts).map(|restart| command::shown(&restart));
    } else if facts.user.docker_group == Membership::NotYet {
        return Some("newgrp docker".to_owned());
    } else if needs_group(facts, &[]) {
        Action::Join
    } else {
        return None;
    };
    Some(command::shown(&first_command(facts, &action)))
}
