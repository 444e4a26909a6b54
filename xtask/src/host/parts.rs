use super::command;
use super::offer::Use;
use super::plan::{Action, first_command, is_down, needs_group};
use crate::model::{
    Bytes, EngineEndpoint, EngineState, Found, HostFacts, Membership, Mend, Part, PartName,
    PartState, Power, Remedy,
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
                // It says what it takes away and asks first.
                PartState::Lacking(Mend::Command("docker system prune".to_owned()))
            } else {
                PartState::Good
            },
            found: Found::Disk(disk.clone()),
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
    }
}

fn distribution(facts: &HostFacts) -> Part {
    let known = facts.distribution.as_ref();
    Part {
        name: PartName::Distribution,
        state: match known {
            Some(known) if known.is_debian_or_ubuntu() => PartState::Good,
            _ => PartState::Optional(Mend::Word(Remedy::Distribution)),
        },
        found: known.map_or(Found::Nothing, |known| Found::Named(known.pretty.clone())),
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
        state: match found {
            Some(_) => PartState::Good,
            None => PartState::Optional(Mend::Word(Remedy::Root)),
        },
        found: found.map_or(Found::Nothing, |found| Found::Named(found.to_owned())),
    }
}

/// A program that a package brings.
fn program(facts: &HostFacts, name: PartName, found: Option<Found>, need: Use) -> Part {
    let mend = || match need.package(facts) {
        Some(package) => {
            let install = command::install(facts, &[package.to_owned()]);
            Mend::Command(command::shown(&install))
        }
        None if need == Use::Buildx => Mend::Word(Remedy::Buildx),
        None => Mend::Word(Remedy::Install),
    };
    Part {
        name,
        state: match (&found, need) {
            (Some(_), _) => PartState::Good,
            (None, Use::Buildx | Use::StandInMaker) => PartState::Optional(mend()),
            (None, _) => PartState::Lacking(mend()),
        },
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
            let command = mend_engine(facts).map(Mend::Command);
            PartState::Lacking(command.unwrap_or(Mend::Word(Remedy::OfTrouble)))
        },
        found: Found::Named(endpoint),
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
