use std::env;

use super::assemble::assemble;
use super::context::{Context, Ended};
use super::gate::{Gate, Update};
use super::images::Memory;
use super::publish::Destinations;
use super::session::Session;
use super::trial::{Asked, tried};
use crate::cli::LabArgs;
use crate::engine::build::BuildCache;
use crate::engine::quoted;
use crate::model::{BaselineNews, Event, Events, Note, Outcome, Problem, ReportProblem};

/// Builds the lab's images, runs them, measures, judges and reports.
pub(super) fn run(args: &LabArgs, cx: &Context) -> Result<Ended, Problem> {
    let destinations = Destinations::open(&args.outputs)?;
    let update = if args.update_baseline {
        Update::Baseline
    } else {
        Update::Nothing
    };
    let gate = Gate::open(&args.gate, update, cx)?;
    if let Some(path) = args
        .gate
        .baseline
        .clone()
        .filter(|path| update == Update::Baseline && destinations.take(path))
    {
        return Err(ReportProblem::SamePath { path }.into());
    }
    let session = Session::open(args, &gate, cx)?;
    tell_solution(&session, &cx.events);
    let cache = if args.no_cache {
        BuildCache::Ignore
    } else {
        BuildCache::Use
    };
    let memory = if args.cold {
        Memory::PassBy
    } else {
        Memory::Use
    };
    let trials = tried(&session, Asked::All, (cache, memory), cx)?;
    let report = assemble(&session, trials, &gate, cx)?;
    let is_accepted = report.verdict.outcome == Outcome::Accepted;
    if update == Update::Nothing && is_accepted && report.has_shrunk() {
        let command = update_command(args);
        cx.events
            .send(Event::Baseline(BaselineNews::Lighter { command }));
    }
    gate.save(&report, &session.stated(), &session.left_out, &cx.events)?;
    Ok(destinations.publish(&report.into(), &cx.terminal)?)
}

/// Which Dockerfile stands in the solution's place, in the Compose file of an exercise.
const SUBMISSION_VARIABLE: &str = "LAB_DOCKERFILE";

/// Says of an exercise that nobody's submission is judged, where that is so.
fn tell_solution(session: &Session, events: &Events) {
    if env::var_os(SUBMISSION_VARIABLE).is_some_and(|it| !it.is_empty()) {
        return;
    }
    for service in session.variants() {
        if let (Some(_), Some(source)) = (&service.variant.exercise, &service.source) {
            events.send(Event::Note(Note::OwnSolution {
                service: service.name().to_owned(),
                dockerfile: source.name.clone(),
                lab: session.name.clone().unwrap_or_default(),
            }));
        }
    }
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
