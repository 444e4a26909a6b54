use std::collections::BTreeSet;

use super::context::Context;
use super::project::Project;
use super::service::{Service, builder_of};
use super::session::Session;
use crate::archive::is_same_name;
use crate::cli::LabArgs;
use crate::engine::{Endpoint, pull};
use crate::host::{self, BASE_VARIABLE, BaseChoice, BaseNeed, DockerCommand, Network, STAND_IN};
use crate::model::{self, Builder, EngineProblem, HostFacts, Problem, Sibling, Variant};

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
        changed = provided.map_err(|problem| explained(problem, session, cx))?;
        if changed == Changed::ComposeFile {
            break;
        }
    }
    Ok(changed)
}

fn missing(session: &Session, cx: &Context) -> Result<Vec<String>, Problem> {
    let builder = session.driver.builder();
    let wanted = wanted(&session.services, &session.siblings, builder);
    let mut missing = Vec::new();
    for base in wanted {
        match session.engine.has_image(&base, &cx.cancel) {
            Ok(true) => (),
            Ok(false) => missing.push(base),
            // The Dockerfile's own fault: the builder reports it.
            Err(EngineProblem::BadReference { .. }) if runner(session, &base).is_none() => (),
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok(missing)
}

/// Each image that the services take from outside, once, in their order.
pub(super) fn wanted(services: &[Service], siblings: &[Sibling], builder: Builder) -> Vec<String> {
    let mut wanted: Vec<String> = Vec::new();
    for service in services {
        wanted.extend(service.bases(builder));
        if service.variant.build.is_none() {
            let image = service.variant.image.clone();
            wanted.extend(image.filter(|image| builder_of(services, image).is_none()));
        }
    }
    let mut seen = BTreeSet::new();
    wanted.retain(|base| seen.insert(base.clone()) && !is_of_sibling(siblings, base));
    wanted
}

/// Whether another service of the file builds it: then it is never pulled.
fn is_of_sibling(siblings: &[Sibling], image: &str) -> bool {
    let mut images = siblings.iter().flat_map(|sibling| &sibling.images);
    images.any(|other| is_same_name(image, other))
}

/// The service that runs an image as it is.
fn runner<'s>(session: &'s Session, image: &str) -> Option<&'s Variant> {
    let mut variants = session.services.iter().map(|service| &service.variant);
    variants.find(|it| it.build.is_none() && it.image.as_deref() == Some(image))
}

/// The same, or the stage whose mistyped name was taken for an image's, or with the image that
/// was most likely meant.
fn explained(mut problem: Problem, session: &Session, cx: &Context) -> Problem {
    let Problem::Engine(EngineProblem::NoBase { image, nearest, .. }) = &mut problem else {
        return problem;
    };
    let mut sources = session.services.iter().filter_map(|it| it.source.as_ref());
    if let Some(mistaken) = sources.find_map(|source| source.mistaken_stage(image)) {
        return mistaken.into();
    }
    // Without the engine's own images, the well-known ones are left.
    let known = session.engine.named_images(&cx.cancel).unwrap_or_default();
    *nearest = nearest_base(image, &known);
    problem
}

fn fetch(base: &str, session: &Session, need: Need<'_>, cx: &Context) -> Result<(), Problem> {
    if need.args.offline {
        let reason = "--offline".to_owned();
        return Err(EngineProblem::NoBase {
            image: base.to_owned(),
            reason,
            nearest: None,
        }
        .into());
    }
    let platform = runner(session, base).and_then(Variant::platform);
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
        BaseChoice::StandIn { reference } if takes_stand_in(&session.services, base) => {
            host::remember_base(&need.project.directory, &reference)?;
            Ok(Changed::ComposeFile)
        }
        BaseChoice::StandIn { .. } => {
            let reason = format!("its choice is not left to {BASE_VARIABLE}");
            Err(EngineProblem::NoBase {
                image: base.to_owned(),
                reason,
                nearest: None,
            }
            .into())
        }
        BaseChoice::Unavailable { reason } => Err(EngineProblem::NoBase {
            image: base.to_owned(),
            reason,
            nearest: None,
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

/// Whether a service takes its base from a build argument that the stand-in's variable sets.
pub(super) fn takes_stand_in(services: &[Service], base: &str) -> bool {
    let builds = services.iter().filter_map(|it| it.variant.build.as_ref());
    builds
        .flat_map(|spec| &spec.args)
        .any(|(name, value)| name == "PYTHON_IMAGE" && value.as_deref() == Some(base))
}

/// Bases that Dockerfiles often stand on.
const WELL_KNOWN: [&str; 12] = [
    "scratch", "alpine", "busybox", "debian", "fedora", "gcc", "golang", "httpd", "nginx", "node",
    "python", "ubuntu",
];

/// What a mistyped base most likely means; `None` for one that is written right.
pub(super) fn nearest_base(image: &str, known: &[String]) -> Option<String> {
    let parts = |it: &str| match it.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name.to_owned(), Some(tag.to_owned())),
        _ => (it.to_owned(), None),
    };
    let (name, tag) = parts(image);
    let mut names: Vec<String> = known.iter().map(|it| parts(it).0).collect();
    names.extend(WELL_KNOWN.map(str::to_owned));
    if names.contains(&name) {
        return None;
    }
    let near = model::nearest(&name, names.iter().map(String::as_str))?;
    let is_near = strsim::damerau_levenshtein(&name, &near) <= 2;
    is_near.then(|| match tag {
        Some(tag) if near != "scratch" => format!("{near}:{tag}"),
        _ => near,
    })
}

#[cfg(test)]
mod tests {
    use super::nearest_base;

    #[test]
    fn a_mistyped_base_has_a_nearest_one_and_an_absent_one_has_none() {
        let known = ["lab/python:offline".to_owned()];
        for (image, nearest) in [
            ("pyhton:3.13-slim", Some("python:3.13-slim")),
            ("scrach", Some("scratch")),
            ("lab/pyton:offline", Some("lab/python:offline")),
            ("python:3.99", None),
            ("debian", None),
            ("ghcr.io/someone/tool:1", None),
        ] {
            assert_eq!(nearest_base(image, &known).as_deref(), nearest, "{image}");
        }
    }
}
