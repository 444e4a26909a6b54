use super::assemble::{Parts, assemble};
use super::context::{Context, Ended};
use super::gate::{Gate, Update};
use super::images::{self, Memory};
use super::publish::Destinations;
use super::session::Session;
use super::source::Source;
use crate::archive::is_same_platform;
use crate::cli::LabArgs;
use crate::engine::build::{self, BuildCache, Job};
use crate::engine::{ImageFacts, Limits, RunRequest, quoted};
use crate::model::{
    BaselineNews, Build, Digest, Event, Outcome, Problem, ReportProblem, Run, Running,
    SourceProblem, Stage, Variant,
};

/// Builds the lab's images, runs them, measures, judges and reports.
pub(super) fn run(args: &LabArgs, cx: &Context) -> Result<Ended, Problem> {
    let destinations = Destinations::open(&args.outputs)?;
    let update = if args.update_baseline {
        Update::Baseline
    } else {
        Update::Nothing
    };
    let gate = Gate::open(&args.gate, update, &cx.cancel)?;
    if let Some(path) = args
        .gate
        .baseline
        .clone()
        .filter(|path| update == Update::Baseline && destinations.take(path))
    {
        return Err(ReportProblem::SamePath { path }.into());
    }
    let session = Session::open(args, &gate, cx)?;
    let builds = builds(&session, args, cx)?;
    let inspected = inspect(&session, &builds, cx)?;
    let id = |facts: &Option<ImageFacts>| facts.as_ref().map(|facts| facts.id);
    let ids: Vec<Option<Digest>> = inspected.iter().map(id).collect();
    let runs = runs(&session, &ids, cx)?;
    let memory = if args.cold {
        Memory::PassBy
    } else {
        Memory::Use
    };
    let wanted = inspected.into_iter().flatten().collect();
    let images = images::read(&session.engine, wanted, memory, cx)?;
    let parts = Parts {
        session: &session,
        builds,
        ids,
        runs,
        images,
    };
    let report = assemble(parts, &gate, cx)?;
    let is_accepted = report.verdict.outcome == Outcome::Accepted;
    if update == Update::Nothing && is_accepted && report.has_shrunk() {
        let command = update_command(args);
        cx.events
            .send(Event::Baseline(BaselineNews::Lighter { command }));
    }
    gate.save(&report, &session.stated(), &session.left_out, &cx.events)?;
    Ok(destinations.publish(&report.into(), &cx.terminal)?)
}

/// The command that makes this run's sizes the baseline.
fn update_command(args: &LabArgs) -> String {
    let mut words = vec!["cargo", "xtask", "lab"];
    words.extend(args.lab.as_deref());
    let paths = [("--file", &args.file), ("--baseline", &args.gate.baseline)];
    let paths = paths.map(|(flag, path)| (flag, path.as_ref().map(|it| it.to_string_lossy())));
    for (flag, path) in &paths {
        words.extend(path.iter().flat_map(|path| [*flag, path.as_ref()]));
    }
    words.extend(args.all.then_some("--all"));
    words.push("--update-baseline");
    let quoted = words.into_iter().map(quoted);
    quoted.collect::<Vec<_>>().join(" ")
}

/// One for each variant; `None` for one that only names an image.
fn builds(session: &Session, args: &LabArgs, cx: &Context) -> Result<Vec<Option<Build>>, Problem> {
    cx.events.send(Event::Stage(Stage::Build));
    let variants = &session.lab.variants;
    let builder = session.driver.builder();
    let fault = |source: &Option<Source>| source.as_ref()?.fault(builder);
    let faults: Vec<_> = session.sources.iter().map(fault).collect();
    let asked = variants.iter().zip(&faults).filter(|(_, it)| it.is_none());
    let jobs: Vec<Job<'_>> = asked.filter_map(|(it, _)| Job::of(it)).collect();
    let cache = if args.no_cache {
        BuildCache::Ignore
    } else {
        BuildCache::Use
    };
    let builds = build::all(
        &session.cli,
        session.driver,
        &jobs,
        cache,
        &cx.events,
        &cx.cancel,
    )?;
    let mut builds = builds.into_iter();
    let of = |(variant, fault): (&Variant, Option<_>)| match fault {
        Some(fault) => Some(Build::Failed(fault)),
        None => variant.build.as_ref().and_then(|_| builds.next()),
    };
    Ok(variants.iter().zip(faults).map(of).collect())
}

/// What the engine says of each variant's image; `None` where it does not build.
fn inspect(
    session: &Session,
    builds: &[Option<Build>],
    cx: &Context,
) -> Result<Vec<Option<ImageFacts>>, Problem> {
    let lab = &session.lab;
    let images = lab.variants.iter().zip(builds).map(|(variant, build)| {
        // It may name what another service builds.
        let other = || lab.builder_of(variant.image.as_ref()?);
        match build.as_ref().or_else(|| builds[other()?].as_ref()) {
            Some(Build::Done(built)) => Some(session.engine.id_of(built).to_string()),
            Some(Build::Failed(_)) => None,
            None => variant.image.clone(),
        }
    });
    let inspect = |image: String| session.engine.inspect(&image, &cx.cancel);
    let facts = images.map(|image| Ok(image.map(inspect).transpose()?));
    let facts = facts.collect::<Result<Vec<_>, Problem>>()?;
    for (variant, facts) in lab.variants.iter().zip(&facts) {
        check_platform(variant, facts.as_ref())?;
    }
    Ok(facts)
}

fn check_platform(variant: &Variant, facts: Option<&ImageFacts>) -> Result<(), SourceProblem> {
    let there = facts.map(|facts| &facts.platform);
    let (Some(wanted), Some(there)) = (variant.platform(), there) else {
        return Ok(());
    };
    if is_same_platform(wanted, there) {
        return Ok(());
    }
    let service = variant.name.clone();
    let (wanted, there) = (wanted.to_string(), there.to_string());
    Err(match (&variant.build, &variant.image) {
        (None, Some(image)) => SourceProblem::OtherImage {
            service,
            image: image.clone(),
            wanted,
            there,
        },
        _ => SourceProblem::OtherPlatform {
            service,
            wanted,
            there,
        },
    })
}

/// One for each variant; `None` where nothing is to be run, or there is no image.
fn runs(
    session: &Session,
    ids: &[Option<Digest>],
    cx: &Context,
) -> Result<Vec<Option<Run>>, Problem> {
    cx.events.send(Event::Stage(Stage::Run));
    let requests: Vec<_> = session
        .lab
        .variants
        .iter()
        .zip(ids)
        .map(|(variant, id)| {
            let Running::Yes(spec) = &variant.running else {
                return None;
            };
            Some(RunRequest {
                variant: &variant.name,
                image: (*id)?,
                spec,
            })
        })
        .collect();
    let wanted: Vec<RunRequest<'_>> = requests.iter().flatten().copied().collect();
    let runs = session
        .engine
        .run(&wanted, &Limits::default(), &cx.events, &cx.cancel)?;
    let mut runs = runs.into_iter();
    Ok(requests
        .iter()
        .map(|request| request.and_then(|_| runs.next()))
        .collect())
}
