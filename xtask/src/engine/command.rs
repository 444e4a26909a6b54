use super::build::{BuildCache, Job};
use super::built::Answers;
use super::cli::{Cli, Invocation};
use super::driver::Driver;
use super::plugin;
use crate::model::{Dockerfile, EngineProblem, Needs};

/// Flags for BuildKit that the CLI with a client of its own inside knows too.
const INSIDE: [&str; 2] = ["--secret", "--ssh"];

/// A flag that this builder would refuse is a problem before anything is built.
pub(super) fn check_flags(driver: Driver, job: &Job<'_>) -> Result<(), EngineProblem> {
    let is_known = |name: &str| match driver {
        Driver::BuildxJson | Driver::BuildxPlain => true,
        Driver::Inside => INSIDE.contains(&name),
        Driver::Classic => false,
    };
    let mut flags = job.spec.flags.iter();
    match flags.find(|flag| flag.needs == Needs::Buildkit && !is_known(flag.name)) {
        Some(flag) => Err(EngineProblem::NeedsBuildkit {
            variant: job.variant.to_owned(),
            what: flag.name.to_owned(),
            place: None,
        }),
        None => Ok(()),
    }
}

/// The `docker build` of one variant.
pub(super) fn command<'a>(
    cli: &'a Cli,
    driver: Driver,
    job: &Job<'_>,
    cache: BuildCache,
    answers: &Answers,
) -> Invocation<'a> {
    let spec = job.spec;
    let mut build = answers.ask(driver, started(cli, driver));
    if cache == BuildCache::Ignore {
        build = build.arg("--no-cache");
    }
    for tag in job.tag.iter().chain(&job.also) {
        build = build.args(["-t", tag]);
    }
    if let Some(target) = &spec.target {
        build = build.args(["--target", target]);
    }
    if let Some(platform) = &spec.platform {
        build = build.arg("--platform").arg(platform.to_string());
    }
    for (name, value) in &spec.args {
        build = build.arg("--build-arg");
        build = match value {
            Some(value) if job.shown.contains(name) => build.arg(format!("{name}={value}")),
            Some(value) => build.secret(name, value),
            None => build.arg(name),
        };
    }
    for flag in &spec.flags {
        // In one word: some flags take a value only so.
        build = match &flag.value {
            Some(value) => build.arg(format!("{}={value}", flag.name)),
            None => build.arg(flag.name),
        };
    }
    for (name, value) in &spec.environment {
        build = build.given(name, value);
    }
    build = match &spec.dockerfile {
        Dockerfile::Path(path) => build.arg("-f").arg(path),
        Dockerfile::Inline(text) => build.args(["-f", "-"]).input(text.clone().into_bytes()),
    };
    build.operand(&spec.context)
}

/// `docker build` as far as the builder decides it.
fn started(cli: &Cli, driver: Driver) -> Invocation<'_> {
    match driver {
        Driver::BuildxJson => buildx(cli).args(["--progress", "rawjson"]),
        Driver::BuildxPlain => buildx(cli).args(["--progress", "plain"]),
        Driver::Inside => {
            cli.docker()
                .variable("DOCKER_BUILDKIT", "1")
                .args(["build", "--progress", "plain"])
        }
        // Without `--force-rm` a step that fails leaves its container.
        Driver::Classic => cli
            .docker()
            .variable("DOCKER_BUILDKIT", "0")
            .args(["build", "--force-rm"]),
    }
}

/// As `docker build` runs buildx: with the builder of the context, unless the user names
/// another.
fn buildx(cli: &Cli) -> Invocation<'_> {
    let variable = |name: &str| std::env::var_os(name);
    let build = match plugin::find_alone("docker-buildx", &variable) {
        Some(plugin) if variable("BUILDX_BUILDER").is_none() => cli
            .plugin(&plugin, "docker")
            .implied("BUILDX_BUILDER", cli.context()),
        Some(plugin) => cli.plugin(&plugin, "docker"),
        None => cli.docker(),
    };
    // Attestations hold the time of the build: with them no rebuild has the id of its image.
    // `--load`, for a builder of its own keeps the image to itself.
    build
        .variable("BUILDX_NO_DEFAULT_ATTESTATIONS", "1")
        // What goes to `--metadata-file` would hold the values of build arguments.
        .variable("BUILDX_METADATA_PROVENANCE", "disabled")
        .args(["build", "--load"])
}
