use std::env;
use std::path::Path;

use super::project::Project;
use crate::archive::is_same_platform;
use crate::model::{
    BuildSpec, Dockerfile, Event, Events, Note, Platform, SecretSource, SourceProblem, Variant,
};

/// The variable that decides for which platform a build is, where nothing else does.
const DEFAULT_PLATFORM: &str = "DOCKER_DEFAULT_PLATFORM";

/// Decides of a variant what its Compose file leaves open: for which platform it is built, and
/// which variables of the project's `.env` the build is given.
pub(super) fn prepare(
    variant: &mut Variant,
    wanted: Option<&Platform>,
    (project, engine): (&Project, &Platform),
    events: &Events,
) -> Result<(), SourceProblem> {
    let service = variant.name.clone();
    let Some(spec) = &mut variant.build else {
        variant.image_platform = wanted.cloned().or(variant.image_platform.take());
        return Ok(());
    };
    find_dockerfile(spec, project);
    choose_platform(spec, &service, (wanted, engine), events)?;
    give_variables(spec, &service, project)
}

/// Compose begins a Dockerfile's path at the build context, and people at the Compose file: what is
/// not at the first place and is at the second one was meant so.
fn find_dockerfile(spec: &mut BuildSpec, project: &Project) {
    let Dockerfile::Path(path) = &spec.dockerfile else {
        return;
    };
    let written = path.strip_prefix(&spec.context).unwrap_or(path);
    let meant = project.directory.join(written);
    let is_there = |path: &Path| Path::new(&spec.context).join(path).is_file();
    if Path::new(&spec.context).is_dir() && !is_there(path) && is_there(&meant) {
        spec.dockerfile = Dockerfile::Path(meant);
    }
}

fn choose_platform(
    spec: &mut BuildSpec,
    service: &str,
    (wanted, engine): (Option<&Platform>, &Platform),
    events: &Events,
) -> Result<(), SourceProblem> {
    let listed = |platform: &Platform| {
        let mut platforms = spec.platforms.iter();
        platforms.any(|other| is_same_platform(platform, other))
    };
    let none = |platform: &Platform| SourceProblem::NoPlatform {
        service: service.to_owned(),
        platforms: spec.platforms.iter().map(Platform::to_string).collect(),
        engine: platform.to_string(),
    };
    if let Some(wanted) = wanted {
        if !spec.platforms.is_empty() && !listed(wanted) {
            return Err(none(wanted));
        }
        spec.platform = Some(wanted.clone());
        return Ok(());
    }
    match (&spec.platform, spec.platforms.as_slice()) {
        (Some(_), _) | (None, []) => {}
        (None, _) if !listed(engine) => return Err(none(engine)),
        (None, _) => {
            spec.platform = Some(engine.clone());
            events.send(Event::Note(Note::OnePlatform {
                service: service.to_owned(),
                platform: engine.to_string(),
            }));
        }
    }
    Ok(())
}

/// Compose reads `.env` for secrets, for arguments without a value, and for the default platform;
/// the Docker CLI knows only the environment.
fn give_variables(
    spec: &mut BuildSpec,
    service: &str,
    project: &Project,
) -> Result<(), SourceProblem> {
    let missing = |what: String| SourceProblem::SecretMissing {
        service: service.to_owned(),
        what,
    };
    for secret in &spec.secrets {
        match secret {
            SecretSource::Variable(name) if project.variable(name).is_none() => {
                return Err(missing(name.clone()));
            }
            SecretSource::File(path) if !project.directory.join(path).is_file() => {
                return Err(missing(path.display().to_string()));
            }
            SecretSource::Variable(_) | SecretSource::File(_) => {}
        }
    }
    let secrets = spec.secrets.iter().filter_map(|secret| match secret {
        SecretSource::Variable(name) => Some(name.as_str()),
        SecretSource::File(_) => None,
    });
    let arguments = spec.args.iter().filter(|(_, value)| value.is_none());
    let arguments = arguments.map(|(name, _)| name.as_str());
    let names = secrets.chain(arguments).chain([DEFAULT_PLATFORM]);
    let lacking = names.filter(|name| env::var_os(name).is_none());
    let given = lacking.filter_map(|name| Some((name.to_owned(), project.written(name)?)));
    spec.environment = given.collect();
    Ok(())
}
