use std::time::Duration;

use super::command::{Words, words};
use super::run::{announce, ask, ask_within, run_as};
use super::stand_in::{self, STAND_IN_LABEL};
use crate::model::{
    Cancel, Event, Events, HostFacts, HostProblem, ProvisionReason, Stage, has_stand_in,
};

/// What a stand-in is called in the engine's store.
pub const STAND_IN: &str = "lab/python:offline";

/// What it stands in for where nothing else is said.
pub const REAL_BASE: &str = "python:3.13-slim";

/// A registry that says nothing for so long is out of reach; its first word on a pull is
/// that it has the image.
const REGISTRY: Duration = Duration::from_secs(8);

/// A look-up is a question beside the work, and waits less than a pull does.
const LOOK_UP: Duration = Duration::from_secs(5);

/// The Docker command with what names the engine to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerCommand(Words);

/// Which base a lab is to be built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BaseNeed<'a> {
    /// As the Compose file names it, variables resolved.
    pub wanted: &'a str,
    /// The name that a stand-in gets: [`STAND_IN`].
    pub stand_in: &'a str,
    pub network: Network,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    Allowed,
    /// `--offline`: nothing is pulled or installed.
    Forbidden,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseChoice {
    /// The engine's store has the wanted image.
    InStore,
    Pulled,
    /// A stand-in is to be used, made now or before.
    StandIn {
        reference: String,
    },
    /// It can be neither found nor pulled, and nothing stands in for it.
    Unavailable {
        reason: String,
    },
}

impl DockerCommand {
    /// For the engine at `host`, as `docker --host` takes it, or for the one that the command
    /// finds by itself.
    pub fn new(host: Option<&str>) -> Self {
        Self(match host {
            Some(host) => words(&["docker", "--host", host]),
            None => words(&["docker"]),
        })
    }

    pub(super) fn words(&self, rest: &[&str]) -> Words {
        self.0.iter().cloned().chain(words(rest)).collect()
    }

    fn ask(&self, rest: &[&str], cancel: &Cancel) -> Result<Option<String>, HostProblem> {
        let words = self.words(rest);
        let words: Vec<_> = words.iter().map(String::as_str).collect();
        ask(&words, cancel)
    }

    fn has(&self, image: &str, cancel: &Cancel) -> Result<bool, HostProblem> {
        let found = self.ask(
            &["image", "inspect", "--format", "{{.Id}}", "--", image],
            cancel,
        )?;
        Ok(found.is_some())
    }

    /// What an image in the store stands in for, if it is a stand-in.
    fn instead_of(&self, image: &str, cancel: &Cancel) -> Result<Option<String>, HostProblem> {
        let label = format!("{{{{index .Config.Labels {STAND_IN_LABEL:?}}}}}");
        let told = self.ask(
            &["image", "inspect", "--format", &label, "--", image],
            cancel,
        )?;
        Ok(told.filter(|told| !told.is_empty()))
    }
}

/// Sees to it that the wanted base, or a stand-in for it, is in the engine's store.
///
/// # Errors
/// [`HostProblem::Offline`] where it would have to be fetched and may not; what a command
/// said where a stand-in could not be made.
pub fn provision_base(
    facts: &HostFacts,
    need: BaseNeed<'_>,
    docker: &DockerCommand,
    events: &Events,
    cancel: &Cancel,
) -> Result<BaseChoice, HostProblem> {
    if docker.has(need.wanted, cancel)? {
        return Ok(BaseChoice::InStore);
    }
    let remembered = need.wanted == need.stand_in;
    let instead_of = if remembered { REAL_BASE } else { need.wanted };
    let stand_in = BaseChoice::StandIn {
        reference: need.stand_in.to_owned(),
    };
    if need.network == Network::Forbidden {
        let there = docker.instead_of(need.stand_in, cancel)?;
        return if there.as_deref() == Some(instead_of) {
            Ok(stand_in)
        } else {
            Err(HostProblem::Offline {
                need: need.wanted.to_owned(),
            })
        };
    }
    // No registry has an image of the stand-in's name, or it is a stranger's.
    if !remembered {
        match pull(need.wanted, docker, events, cancel)? {
            None => return Ok(BaseChoice::Pulled),
            Some(reason) if !has_stand_in(need.wanted) => {
                return Ok(BaseChoice::Unavailable { reason });
            }
            Some(_) => (),
        }
    }
    if docker.instead_of(need.stand_in, cancel)?.as_deref() != Some(instead_of) {
        let facts = facts.clone();
        stand_in::make(facts, docker, need.stand_in, instead_of, events, cancel)?;
    }
    Ok(stand_in)
}

/// Pulls an image; if that fails, why.
fn pull(
    image: &str,
    docker: &DockerCommand,
    events: &Events,
    cancel: &Cancel,
) -> Result<Option<String>, HostProblem> {
    events.send(Event::Stage(Stage::Pull {
        image: image.to_owned(),
    }));
    let words = docker.words(&["pull", "--", &tagged(image)]);
    let reason = ProvisionReason::Base {
        image: image.to_owned(),
    };
    announce(events, &words, reason);
    match run_as(&words, events, cancel, |it| it.first_output(REGISTRY)) {
        Ok(()) => Ok(None),
        Err(HostProblem::Command { log, .. }) => Ok(Some(log.last().cloned().unwrap_or_default())),
        Err(HostProblem::TimedOut { command, limit }) => Ok(Some(format!(
            "timeout of `{command}` ({} s)",
            limit.as_secs()
        ))),
        Err(problem) => Err(problem),
    }
}

/// With its tag: without one the command speaks before the registry does.
fn tagged(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) {
        image.to_owned()
    } else {
        format!("{image}:latest")
    }
}

/// Whether its registry answers that it has the image, within a few seconds.
///
/// # Errors
/// Only when the user asks to stop.
pub fn is_in_registry(
    image: &str,
    docker: &DockerCommand,
    cancel: &Cancel,
) -> Result<bool, HostProblem> {
    let words = docker.words(&["manifest", "inspect", "--", image]);
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    Ok(ask_within(LOOK_UP, &words, cancel)?.is_some())
}

/// Whether the image that a stand-in replaces could be had after all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RealBase {
    /// The base is no stand-in.
    Used,
    InStore {
        real: String,
    },
    /// A registry has it.
    InReach {
        real: String,
    },
    OutOfReach {
        real: String,
    },
}

/// Looks for the real image behind `base`, in the store and then in its registry.
///
/// # Errors
/// Only when the user asks to stop.
pub fn real_base(
    base: &str,
    network: Network,
    docker: &DockerCommand,
    cancel: &Cancel,
) -> Result<RealBase, HostProblem> {
    let Some(real) = docker.instead_of(base, cancel)? else {
        return Ok(RealBase::Used);
    };
    if docker.has(&real, cancel)? {
        return Ok(RealBase::InStore { real });
    }
    if network == Network::Allowed && is_in_registry(&real, docker, cancel)? {
        return Ok(RealBase::InReach { real });
    }
    Ok(RealBase::OutOfReach { real })
}

#[cfg(test)]
mod tests {
    use super::{DockerCommand, tagged};

    #[test]
    fn a_pull_always_names_the_tag() {
        assert_eq!(tagged("python"), "python:latest");
        assert_eq!(tagged("127.0.0.1:5000/a"), "127.0.0.1:5000/a:latest");
        assert_eq!(tagged("a@sha256:00"), "a@sha256:00");
    }

    #[test]
    fn the_engine_that_was_chosen_is_named_in_each_command() {
        let docker = DockerCommand::new(Some("unix:///run/x.sock"));
        let words = docker.words(&["pull", "a"]);
        assert_eq!(
            words,
            ["docker", "--host", "unix:///run/x.sock", "pull", "a"]
        );
    }
}
