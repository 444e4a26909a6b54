use std::collections::BTreeSet;

use super::context::Context;
use super::project::Project;
use super::session::Session;
use super::source::Source;
use crate::cli::LabArgs;
use crate::engine::{Endpoint, pull};
use crate::host::{self, BASE_VARIABLE, BaseChoice, BaseNeed, DockerCommand, Network, STAND_IN};
use crate::model::{Builder, EngineProblem, Flag, HostFacts, Lab, Problem, Variant};

/// What decides how a base may be had.
#[derive(Clone, Copy)]
pub(super) struct Need<'a> {
    pub(super) args: &'a LabArgs,
    pub(super) project: &'a Project,
    /// With `--provision`: what is known of this machine.
    pub(super) machine: Option<&'a HostFacts>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    Nothing,
    /// What it resolves to: another base was written into its `.env`.
    ComposeFile,
}

/// Sees to it that every image that the builds take from outside is in the engine's store:
/// BuildKit would not put it there, and would need the registry again at each build.
pub(super) fn provide(session: &Session, need: Need<'_>, cx: &Context) -> Result<Changed, Problem> {
    let mut changed = Changed::Nothing;
    for base in missing(session, cx)? {
        let provided = match need.machine {
            Some(machine) => provision(&base, machine, session, need, cx),
            None => fetch(&base, session, need, cx).map(|()| changed),
        };
        changed = provided.map_err(|problem| or_stage(problem, &session.sources))?;
        if changed == Changed::ComposeFile {
            break;
        }
    }
    Ok(changed)
}

fn missing(session: &Session, cx: &Context) -> Result<Vec<String>, Problem> {
    let wanted = wanted(&session.lab, &session.sources, session.driver.builder());
    let mut missing = Vec::new();
    for base in wanted {
        match session.engine.has_image(&base, &cx.cancel) {
            Ok(true) => (),
            Ok(false) => missing.push(base),
            // The Dockerfile's own fault, of which the builder tells.
            Err(EngineProblem::BadReference { .. }) if !is_run(&session.lab, &base) => (),
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(missing)
}

/// Each image that the lab takes from outside, once, in the order of its variants.
pub(super) fn wanted(lab: &Lab, sources: &[Option<Source>], builder: Builder) -> Vec<String> {
    let mut wanted: Vec<String> = Vec::new();
    for (variant, source) in lab.variants.iter().zip(sources) {
        let redefined = variant.build.iter().flat_map(|spec| &spec.flags);
        let redefined: Vec<&str> = redefined.filter_map(named_context).collect();
        let bases = source.iter().flat_map(|source| source.bases(builder));
        wanted.extend(bases.filter(|base| !redefined.contains(&base.as_str())));
        if variant.build.is_none() {
            let image = variant.image.clone();
            wanted.extend(image.filter(|image| lab.builder_of(image).is_none()));
        }
    }
    let mut seen = BTreeSet::new();
    wanted.retain(|base| seen.insert(base.clone()));
    wanted
}

/// Whether a service runs it as it is.
fn is_run(lab: &Lab, image: &str) -> bool {
    let mut variants = lab.variants.iter();
    variants.any(|it| it.build.is_none() && it.image.as_deref() == Some(image))
}

/// The name that an additional context puts in the place of an image.
fn named_context(flag: &Flag) -> Option<&str> {
    let value = flag
        .value
        .as_deref()
        .filter(|_| flag.name == "--build-context")?;
    value.split_once('=').map(|(name, _)| name)
}

/// The same, or the stage whose mistyped name was taken for an image's.
fn or_stage(problem: Problem, sources: &[Option<Source>]) -> Problem {
    let Problem::Engine(EngineProblem::NoBase { image, .. }) = &problem else {
        return problem;
    };
    let mut sources = sources.iter().flatten();
    match sources.find_map(|source| source.mistaken_stage(image)) {
        Some(mistaken) => mistaken.into(),
        None => problem,
    }
}

fn fetch(base: &str, session: &Session, need: Need<'_>, cx: &Context) -> Result<(), Problem> {
    if need.args.offline {
        let reason = "--offline".to_owned();
        return Err(EngineProblem::NoBase {
            image: base.to_owned(),
            reason,
        }
        .into());
    }
    let mut variants = session.lab.variants.iter();
    let named = variants.find(|it| it.build.is_none() && it.image.as_deref() == Some(base));
    let platform = named.and_then(Variant::platform);
    pull::image(&session.cli, base, platform, &cx.events, &cx.cancel)?;
    Ok(())
}

fn provision(
    base: &str,
    machine: &HostFacts,
    session: &Session,
    need: Need<'_>,
    cx: &Context,
) -> Result<Changed, Problem> {
    let docker = docker_command(session.engine.endpoint());
    let wanted = BaseNeed {
        wanted: base,
        stand_in: STAND_IN,
        network: Network::Allowed,
    };
    match host::provision_base(machine, wanted, &docker, &cx.events, &cx.cancel)? {
        BaseChoice::InStore | BaseChoice::Pulled => Ok(Changed::Nothing),
        BaseChoice::StandIn { reference } if takes_stand_in(&session.lab, base) => {
            host::remember_base(&need.project.directory, &reference)?;
            Ok(Changed::ComposeFile)
        }
        BaseChoice::StandIn { .. } => {
            let reason = format!("its choice is not left to {BASE_VARIABLE}");
            Err(EngineProblem::NoBase {
                image: base.to_owned(),
                reason,
            }
            .into())
        }
        BaseChoice::Unavailable { reason } => Err(EngineProblem::NoBase {
            image: base.to_owned(),
            reason,
        }
        .into()),
    }
}

/// The Docker command for the engine at an endpoint.
pub(super) fn docker_command(endpoint: &Endpoint) -> DockerCommand {
    let variables = endpoint.environment();
    let host = variables
        .iter()
        .find(|(name, _)| name == "DOCKER_HOST")
        .map(|(_, value)| value.as_str());
    DockerCommand::new(host)
}

/// Whether the lab takes its base from a build argument that the stand-in's variable sets.
pub(super) fn takes_stand_in(lab: &Lab, base: &str) -> bool {
    let builds = lab
        .variants
        .iter()
        .filter_map(|variant| variant.build.as_ref());
    builds
        .flat_map(|spec| &spec.args)
        .any(|(name, value)| name == "PYTHON_IMAGE" && value.as_deref() == Some(base))
}
