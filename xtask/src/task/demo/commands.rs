//! The commands of a step as a person types them. The kit's own have a file for the image's id,
//! and hide the values of build arguments.

use std::path::Path;

use super::super::project::Project;
use super::super::service::Service;
use super::super::source::Source;
use crate::demo::Plan;
use crate::engine::quoted;
use crate::model::{BuildSpec, Dockerfile, Running};

/// What can be shown of a variant before it is built.
pub(super) fn plan(service: &Service, project: &Project) -> Plan {
    let variant = &service.variant;
    let source = service.source.as_ref();
    let mut commands = Vec::new();
    let image = variant.image.as_deref().unwrap_or(&variant.name);
    if let Some(spec) = &variant.build {
        commands.push(build(spec, image, source, project));
    }
    if let Running::Yes(spec) = &variant.running {
        commands.push(run(image, &spec.command));
    }
    Plan {
        commands,
        dockerfile: source.map(Source::shown).unwrap_or_default(),
        file: source.map(|it| it.name.clone()).unwrap_or_default(),
        twin: None,
    }
}

fn build(spec: &BuildSpec, image: &str, source: Option<&Source>, project: &Project) -> String {
    let mut words: Vec<String> = ["docker", "build", "-t"].map(str::to_owned).to_vec();
    words.push(quoted(image));
    let mut flag = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    if let Some(target) = &spec.target {
        flag("--target", target);
    }
    if let Some(platform) = &spec.platform {
        flag("--platform", &platform.to_string());
    }
    for (name, value) in &spec.args {
        match (value, source.and_then(|it| it.base_argument(name))) {
            // The file says the same.
            (Some(value), Some(default)) if default == value => {}
            (Some(value), Some(_)) => flag("--build-arg", &format!("{name}={value}")),
            // Its value may be a secret: the command takes it from the environment.
            (_, None) | (None, Some(_)) => flag("--build-arg", name),
        }
    }
    for known in &spec.flags {
        let value = known.value.as_ref();
        let value = value.map_or_else(String::new, |value| format!("={}", quoted(value)));
        words.push(format!("{}{value}", known.name));
    }
    let context = Path::new(&spec.context);
    let path = |path: &Path| match project.short(path) {
        short if short.is_empty() => ".".to_owned(),
        short => quoted(&short),
    };
    let own = context.join("Dockerfile");
    match &spec.dockerfile {
        Dockerfile::Path(file) if context.is_absolute() && context.join(file) != own => {
            words.extend(["-f".to_owned(), path(&context.join(file))]);
        }
        Dockerfile::Path(_) => {}
        Dockerfile::Inline(_) => words.extend(["-f".to_owned(), "-".to_owned()]),
    }
    words.push(if context.is_absolute() {
        path(context)
    } else {
        quoted(&spec.context)
    });
    words.join(" ")
}

fn run(image: &str, command: &crate::model::ServiceCommand) -> String {
    let mut words: Vec<String> = ["docker", "run", "--rm", "--network", "none"]
        .map(str::to_owned)
        .to_vec();
    let entrypoint = command.entrypoint.as_deref().unwrap_or_default();
    if let Some(first) = entrypoint.first() {
        words.extend(["--entrypoint".to_owned(), quoted(first)]);
    }
    words.push(quoted(image));
    let arguments = command.arguments.as_deref().unwrap_or_default();
    let rest = entrypoint.iter().skip(1).chain(arguments);
    words.extend(rest.map(|word| quoted(word)));
    words.join(" ")
}
