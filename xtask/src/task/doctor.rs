mod base;

use std::borrow::Cow;
use std::env;
use std::thread;

use super::context::{Context, Ended};
use super::project::Project;
use super::provision::seen;
use super::publish::{Text, stdout_look};
use crate::cli::{DoctorArgs, DoctorFormat};
use crate::engine::{Cli, Driver, Endpoint, Engine, Limiting};
use crate::host::{self, Depth};
use crate::lab::Selection;
use crate::model::{
    Distribution, EngineEndpoint, EngineKind, EngineProblem, EngineState, Found, HostFacts, Lab,
    Mend, Part, PartName, PartState, Problem, Remedy, ReportProblem,
};
use crate::report::DoctorReport;

/// Looks at all that the main job needs, and changes nothing. What is missing is a line of
/// the report and no error.
pub(super) fn run(args: &DoctorArgs, cx: &Context) -> Result<Ended, Problem> {
    let report = DoctorReport {
        parts: parts(args, cx)?,
    };
    let mut text = Vec::new();
    let look = stdout_look(&cx.terminal);
    match args.format {
        DoctorFormat::Table => report.write_table(&look, &mut text),
        DoctorFormat::Json => report.write_json(&mut text),
        DoctorFormat::Markdown => report.write_markdown(&look, &mut text),
        DoctorFormat::Html => report.write_html(&look, &mut text),
    }
    .map_err(|source| ReportProblem::Stdout { source })?;
    Ok(Ended {
        exit_code: if report.is_good() { 0 } else { 2 },
        report: Some(Text(text)),
    })
}

fn parts(args: &DoctorArgs, cx: &Context) -> Result<Vec<Part>, Problem> {
    let endpoint = match Endpoint::discover(args.engine.host.as_deref()) {
        Ok(endpoint) => endpoint,
        Err(problem) => return nowhere(problem, args, cx),
    };
    let cli = Cli::at(&endpoint);
    let (facts, engine, lab) = thread::scope(|scope| {
        let engine = scope.spawn(|| Engine::connect(&endpoint, &cx.cancel));
        let lab = scope.spawn(|| resolve(&cli, args, cx));
        let facts = host::look(seen(&endpoint), Depth::Versions, &cx.cancel);
        let calm = "a room does not panic";
        (facts, engine.join().expect(calm), lab.join().expect(calm))
    });
    let (facts, lab) = (facts?, unless_stopped(lab)?);
    let engine = unless_stopped(engine.map_err(Problem::from))?;
    let kind = engine
        .as_ref()
        .map_or(EngineKind::Docker, |engine| engine.facts().kind);
    let driver = Driver::find(&cli, kind, &cx.cancel).map_err(Problem::from);
    let driver = unless_stopped(driver)?.ok();

    let mut parts = host::parts(&facts);
    if let (Some(part), Some(driver)) = (named(&mut parts, PartName::Builder), driver) {
        builder(part, driver, kind, &facts);
    }
    let rest = match lab {
        Ok((project, lab)) => {
            let scene = base::Scene {
                args,
                project: &project,
                lab: &lab,
                endpoint: &endpoint,
                engine: engine.as_ref().ok(),
                driver,
            };
            scene.parts(cx)?
        }
        // Another part says so already.
        Err(Problem::Engine(EngineProblem::NoCompose | EngineProblem::NoProgram { .. })) => {
            Vec::new()
        }
        Err(problem) => vec![trouble(PartName::ComposeFile, problem)],
    };
    if let Some(part) = named(&mut parts, PartName::Engine) {
        reach(part, engine, &endpoint, args);
    }
    mend(&mut parts, &facts, args);
    parts.extend(rest);
    Ok(parts)
}

/// What was typed or configured is no endpoint at all.
fn nowhere(problem: EngineProblem, args: &DoctorArgs, cx: &Context) -> Result<Vec<Part>, Problem> {
    let elsewhere = EngineEndpoint::Elsewhere(String::new());
    let facts = host::look(elsewhere, Depth::Versions, &cx.cancel)?;
    let mut parts = host::parts(&facts);
    if let Some(part) = named(&mut parts, PartName::Engine) {
        *part = trouble(PartName::Engine, problem.into());
        part.state = PartState::Lacking(other_engine(args));
    }
    mend(&mut parts, &facts, args);
    Ok(parts)
}

fn resolve(cli: &Cli, args: &DoctorArgs, cx: &Context) -> Result<(Project, Lab), Problem> {
    let project = Project::find(args.file.as_deref())?;
    let resolved = project.resolve(cli, &|_| Vec::new(), cx)?;
    let lab = resolved.select(&Selection::default())?;
    Ok((project, lab))
}

/// What was found out, or why not; an error only where the user asked to stop.
fn unless_stopped<T>(result: Result<T, Problem>) -> Result<Result<T, Problem>, Problem> {
    match result {
        Err(problem) if problem.signal().is_some() => Err(problem),
        result => Ok(result),
    }
}

fn named(parts: &mut [Part], name: PartName) -> Option<&mut Part> {
    parts.iter_mut().find(|part| part.name == name)
}

fn trouble(name: PartName, problem: Problem) -> Part {
    Part {
        name,
        state: PartState::Lacking(Mend::Word(Remedy::OfTrouble)),
        found: Found::Trouble(problem),
    }
}

/// What `docker build` will use, and not only whether buildx is there.
fn builder(part: &mut Part, driver: Driver, kind: EngineKind, facts: &HostFacts) {
    let buildx = facts.buildx.as_ref();
    let uses_buildx = matches!(driver, Driver::BuildxJson | Driver::BuildxPlain);
    part.found = Found::Builder {
        builder: driver.builder(),
        buildx: buildx
            .filter(|_| uses_buildx)
            .and_then(|buildx| buildx.version.clone()),
    };
    let is_refused = driver == Driver::Classic && buildx.is_some();
    let is_chosen = env::var_os("DOCKER_BUILDKIT").is_some();
    part.state = match driver {
        Driver::Classic if kind == EngineKind::Podman => PartState::Good,
        Driver::Classic if is_refused && is_chosen => {
            PartState::Optional(Mend::Command("unset DOCKER_BUILDKIT".to_owned()))
        }
        Driver::Classic => {
            let install = part.state.mend().cloned();
            PartState::Optional(install.unwrap_or(Mend::Word(Remedy::Buildx)))
        }
        _ => PartState::Good,
    };
}

/// Whether the engine answers the API, which says more than its socket does.
fn reach(part: &mut Part, engine: Result<Engine, Problem>, endpoint: &Endpoint, args: &DoctorArgs) {
    let engine = match engine {
        Ok(engine) => engine,
        Err(problem) => {
            let known = part.state.mend().cloned();
            part.state = PartState::Lacking(match seen(endpoint) {
                _ if wants_tls(&problem) => Mend::Command("export DOCKER_TLS_VERIFY=1".to_owned()),
                EngineEndpoint::System(_) => known.unwrap_or(Mend::Word(Remedy::OfTrouble)),
                _ => other_engine(args),
            });
            part.found = Found::Trouble(problem);
            return;
        }
    };
    part.state = match engine.limiting() {
        Limiting::Enforced => PartState::Good,
        Limiting::Ignored => PartState::Optional(Mend::Word(Remedy::Limits)),
    };
    part.found = Found::Engine {
        endpoint: endpoint.address().to_owned(),
        facts: engine.facts().clone(),
    };
}

fn wants_tls(problem: &Problem) -> bool {
    matches!(problem, Problem::Engine(EngineProblem::NeedsTls { .. }))
}

/// The command that leads away from an engine that someone chose and that is not there.
fn other_engine(args: &DoctorArgs) -> Mend {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let command = if args.engine.host.is_some() {
        "docker context ls"
    } else if is_set("DOCKER_HOST") {
        "unset DOCKER_HOST"
    } else if is_set("DOCKER_CONTEXT") {
        "unset DOCKER_CONTEXT"
    } else {
        "docker context use default"
    };
    Mend::Command(command.to_owned())
}

/// What no single command of the system mends, the kit does itself where it can.
fn mend(parts: &mut [Part], facts: &HostFacts, args: &DoctorArgs) {
    let known = facts
        .distribution
        .as_ref()
        .is_some_and(Distribution::is_debian_or_ubuntu);
    if !known {
        return;
    }
    let is_down = matches!(
        facts.engine.state,
        EngineState::Absent | EngineState::Refuses
    );
    for part in parts {
        let installs = match part.name {
            PartName::DockerCommand
            | PartName::Compose
            | PartName::Daemon
            | PartName::StandInMaker => true,
            PartName::Engine => is_down,
            _ => false,
        };
        let (PartState::Optional(mend) | PartState::Lacking(mend)) = &mut part.state else {
            continue;
        };
        if installs && matches!(mend, Mend::Word(_)) {
            *mend = Mend::Command(lab_command(args, None, "--provision"));
        }
    }
}

/// The main job, as a person would type it.
fn lab_command(args: &DoctorArgs, lab: Option<&str>, flag: &str) -> String {
    let quoted =
        |word: &str| shlex::try_quote(word).map_or_else(|_| format!("{word:?}"), Cow::into_owned);
    let mut words = vec!["cargo xtask lab".to_owned()];
    match (&args.file, lab) {
        (Some(file), _) => words.push(format!("--file {}", quoted(&file.to_string_lossy()))),
        (None, lab) => words.push(quoted(lab.unwrap_or("ex08"))),
    }
    if let Some(host) = &args.engine.host {
        words.push(format!("--host {}", quoted(host)));
    }
    if !flag.is_empty() {
        words.push(flag.to_owned());
    }
    words.join(" ")
}
