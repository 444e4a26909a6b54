mod canary;
mod conclude;
mod deadline;
mod halt;
mod plan;
mod saves;
mod stage;
mod submission;
mod watch;

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use super::assemble::assemble;
use super::context::{Context, Ended};
use super::gate::{Gate, Update};
use super::images::Memory;
use super::project::Project;
use super::publish::{Destinations, Text};
use super::service::Service;
use super::session::{Ground, Session};
use super::source::{Source, arguments};
use super::trial::{Asked, tried};
use crate::cache::Notes;
use crate::check::{Subject, before_build};
use crate::cli::CheckArgs;
use crate::dockerfile::{self, Dockerfile};
use crate::engine::build::BuildCache;
use crate::lab::Resolved;
use crate::model::{
    Cause, CheckFormat, CheckProblem, CheckReport, CheckVerdict, Digest, Exercise, ImageRecord,
    Lab, LabProblem, LabReport, Problem, Wording,
};
use crate::report::Length;
use crate::{lab, lang, report, term};

use conclude::{conclude, expected};
use deadline::in_time;
use halt::Halt;
use plan::{CANARY, Making, Plan, SUBMISSION, shape};
use stage::{Sources, sha256};
use submission::Submission;

/// Hints to a cause, at most.
const MOST_HINTS: usize = 3;

/// Checks one submission of an exercise, and says what to do next.
pub(super) fn run(args: &CheckArgs, cx: &Context) -> Result<Ended, Problem> {
    if args.watch {
        return watch::watch(args, cx);
    }
    let destinations = Destinations::open_check(&args.outputs)?;
    let opened = Desk::open(args, None, cx);
    let desk = match opened {
        Ok(Opened::Ready(desk)) => desk,
        Err(problem @ Problem::Engine(_)) if args.outputs.has_a_report() => {
            let report = without_engine(problem, args)?;
            return finish(&report, destinations, args, cx);
        }
        Err(problem) => return Err(problem),
        Ok(Opened::Missing(missing)) => {
            let Missing {
                problem, skeleton, ..
            } = *missing;
            if args.outputs.format != CheckFormat::Table {
                return Err(problem.into());
            }
            term::explain(&problem.into(), &cx.terminal);
            return Ok(Ended {
                exit_code: CheckVerdict::Undecided.exit_code(),
                report: Some(Text(skeleton.into_bytes())),
            });
        }
    };
    let report = desk.check(args, cx)?;
    finish(&report, destinations, args, cx)
}

/// Writes the report everywhere.
fn finish(
    report: &CheckReport,
    destinations: Destinations<CheckFormat>,
    args: &CheckArgs,
    cx: &Context,
) -> Result<Ended, Problem> {
    let exit_code = report.outcome().exit_code();
    let text = destinations.write(&cx.terminal, |format, look, out| {
        report::render_check(report, format, (look, length(args)), out)
    })?;
    Ok(Ended {
        exit_code,
        report: Some(text),
    })
}

/// With `--verbose` nothing is cut to fit on a screen.
fn length(args: &CheckArgs) -> Length {
    if args.common.verbose {
        Length::All
    } else {
        Length::Screen
    }
}

/// The report of a check that no engine could begin. The submission is named as it was typed.
fn without_engine(problem: Problem, args: &CheckArgs) -> Result<CheckReport, Problem> {
    let typed = args.submission.as_ref();
    let submission = typed.map(|it| it.display().to_string()).unwrap_or_default();
    Ok(CheckReport {
        lab: Some(args.lab.clone()),
        submission,
        checks: Halt::Problem(problem).checks()?,
        ..CheckReport::default()
    })
}

/// All that is known before anything is built.
struct Desk {
    ground: Ground,
    gate: Gate,
    lab: Lab,
    exercise: Exercise,
    submission: Submission,
    notes: Option<Notes>,
}

enum Opened {
    Ready(Box<Desk>),
    Missing(Box<Missing>),
}

/// There is no submission.
struct Missing {
    problem: CheckProblem,
    /// What one could begin with.
    skeleton: String,
    submission: Submission,
    known: Known,
}

/// A Compose file, and what Compose made of it.
#[derive(Clone)]
struct Known {
    project: Project,
    resolved: Resolved,
}

/// What was built, run and measured.
struct Work {
    lab: LabReport,
    /// Of the submission, where it was built.
    image: Option<ImageRecord>,
    source: Option<Source>,
}

impl Desk {
    fn open(args: &CheckArgs, known: Option<&Known>, cx: &Context) -> Result<Opened, Problem> {
        let lab_args = args.as_lab();
        let gate = Gate::open(&lab_args.gate, Update::Nothing, cx)?;
        let ground = match known {
            Some(known) => Ground::again((&known.project, &known.resolved), &lab_args, cx)?,
            None => Ground::find(&lab_args, cx)?,
        };
        let lab = ground.lab(&lab_args)?;
        let solution = lab.variants.iter().find(|it| it.exercise.is_some());
        let exercise = solution.and_then(|it| it.exercise.as_deref());
        let Some(exercise) = exercise.cloned() else {
            let lab = args.lab.clone();
            return Err(CheckProblem::NotAnExercise { lab }.into());
        };
        let here = env::current_dir().map_err(|source| LabProblem::Read {
            path: ".".into(),
            source,
        })?;
        let submission = Submission::find(args.submission.as_deref(), &here, &exercise);
        if submission.is_missing() {
            let path = submission.shown.clone().into();
            let skeleton = lang::skeleton(&exercise, cx.terminal.language);
            return Ok(Opened::Missing(Box::new(Missing {
                problem: CheckProblem::NoSubmission { path },
                skeleton,
                submission,
                known: Known::of(&ground),
            })));
        }
        Ok(Opened::Ready(Box::new(Self {
            ground,
            gate,
            lab,
            submission,
            notes: Notes::of_user(),
            exercise,
        })))
    }

    fn check(self, args: &CheckArgs, cx: &Context) -> Result<CheckReport, Problem> {
        let wording = wording(&self.exercise)?;
        let mut report = CheckReport {
            lab: self.lab.name.clone(),
            submission: self.submission.shown.clone(),
            wording,
            output: self.exercise.output.clone(),
            ..CheckReport::default()
        };
        let (notes, path) = (self.notes.clone(), self.submission.path.clone());
        if let Err(halt) = self.fill(&mut report, args, cx) {
            report.checks = halt.checks()?;
        }
        report.hints = hints(&report, &path, notes.as_ref(), args);
        Ok(report)
    }

    /// Stages, builds, runs and judges.
    fn fill(self, report: &mut CheckReport, args: &CheckArgs, cx: &Context) -> Result<(), Halt> {
        let root = self.ground.project.root().to_owned();
        let text = self.submission.read(&root)?;
        let file = dockerfile::parse(&String::from_utf8_lossy(&text));
        report.shape = Some(shape(&file));
        self.read_first(&file)?;
        let plan = self.plan(&root, &text, args, cx)?;
        report.replaced.clone_from(&plan.replaced);
        report.left_out = plan.left_out().to_vec();
        let known = self.ground.engine.named_images(&cx.cancel)?;
        let (exercise, notes) = (self.exercise.clone(), self.notes.clone());
        let shown = self.submission.shown.clone();
        let work = in_time(args.build_timeout, cx, |cx| self.work(&plan, args, cx));
        let explained =
            |problem| Halt::from(problem).explained(&file, (&plan.reference_base, &known), &shown);
        let limit = args.build_timeout;
        let work = work
            .map_err(explained)?
            .ok_or(Cause::BuildTimedOut { limit })?;
        let given: Vec<String> = exercise.given.iter().map(|it| it.name.clone()).collect();
        let no_arguments = BTreeMap::default();
        let source = work.source.as_ref();
        let subject = Subject {
            file: source.map_or(&file, |it| &it.dockerfile),
            args: source.map_or(&no_arguments, |it| &it.args),
            script: &exercise.script,
            output: &exercise.output,
            given: &given,
            context: plan.files(),
            ignored: &[],
            image: work.image.as_ref(),
        };
        let ordinary = expected(&work.lab, &plan, &exercise, notes.as_ref());
        let ordinary = ordinary.map_err(Problem::from)?;
        let outputs = [ordinary.as_slice(), &plan.canary.output];
        conclude(report, work.lab, &subject, &exercise, outputs);
        Ok(())
    }

    /// What is wrong with the Dockerfile by its text alone: it is not built then.
    fn read_first(&self, file: &Dockerfile) -> Result<(), Halt> {
        let exercise = &self.exercise;
        let solution = self.lab.variants.iter().find(|it| it.exercise.is_some());
        let spec = solution.and_then(|it| it.build.as_ref());
        let platform = &self.ground.engine.facts().platform;
        let args = spec.map(|spec| arguments(spec, platform));
        let subject = Subject {
            file,
            args: &args.unwrap_or_default(),
            script: &exercise.script,
            output: &exercise.output,
            given: &[],
            context: &[],
            ignored: &[],
            image: None,
        };
        match before_build(&subject) {
            Some(diagnosis) => Err(Halt::Cause(Box::new(diagnosis))),
            None => Ok(()),
        }
    }

    fn plan(&self, root: &Path, text: &[u8], args: &CheckArgs, cx: &Context) -> Result<Plan, Halt> {
        let sources = Sources {
            exercise: &self.exercise,
            submission: &self.submission,
            root,
            builder: self.ground.driver.builder(),
        };
        let making = Making {
            ground: &self.ground,
            lab: &self.lab,
            exercise: &self.exercise,
            text,
            typed: &args.base,
            notes: self.notes.as_ref(),
        };
        Ok(making.plan(sources.stage()?, cx)?)
    }

    fn work(self, plan: &Plan, args: &CheckArgs, cx: &Context) -> Result<Work, Problem> {
        let Self {
            ground,
            gate,
            submission,
            ..
        } = self;
        let lab_args = args.as_lab();
        let mut session = ground.session((&lab_args, &gate), &|lab| plan.adapt(lab), cx)?;
        name_sources(&mut session, &submission.shown);
        let trials = tried(&session, Asked::All, (BuildCache::Use, Memory::Use), cx)?;
        let submission = trials.iter().find(|it| it.service.name() == SUBMISSION);
        let image = submission.and_then(|it| it.image.as_ref());
        let image = image.map(|it| it.record.clone());
        let source = submission.and_then(|it| it.service.source.clone());
        Ok(Work {
            lab: assemble(&session, trials, &gate, cx)?,
            image,
            source,
        })
    }
}

/// The exercise's own texts; none where it has no file of them.
fn wording(exercise: &Exercise) -> Result<Wording, LabProblem> {
    let Some(path) = &exercise.texts else {
        return Ok(Wording::default());
    };
    let text = fs::read_to_string(path).and_then(|text| lab::texts(&text));
    text.map_err(|source| LabProblem::Read {
        path: path.clone(),
        source,
    })
}

/// The submission is named as its author knows it, and the canary waits for it: what fails in
/// one fails in both.
fn name_sources(session: &mut Session, shown: &str) {
    let services = session.services.iter();
    let submission = services.map(Service::name).position(|it| it == SUBMISSION);
    let is_made = |it: &&mut Service| [SUBMISSION, CANARY].contains(&it.name());
    for service in session.services.iter_mut().filter(is_made) {
        if let Some(source) = &mut service.source {
            shown.clone_into(&mut source.name);
        }
        if service.name() == CANARY {
            service.after.extend(submission);
        }
    }
}

/// By what the hints to a report's first fault are remembered.
fn hints_key(report: &CheckReport, submission: &Path) -> Option<Digest> {
    let diagnosis = report.first()?.diagnosis.as_ref()?;
    let path = fs::canonicalize(submission).unwrap_or_else(|_| submission.to_owned());
    let id = diagnosis.cause.id().as_bytes();
    Some(sha256(
        &[id, b"\0", path.as_os_str().as_encoded_bytes()].concat(),
    ))
}

/// How many hints to its first fault are shown: one more than before where that was asked for.
fn hints(
    report: &CheckReport,
    submission: &Path,
    notes: Option<&Notes>,
    args: &CheckArgs,
) -> usize {
    let Some(key) = hints_key(report, submission) else {
        return 0;
    };
    let before = notes.map_or(0, |notes| notes.hints(&key));
    let wanted = before + usize::from(args.hint);
    let shown = wanted.clamp(1, MOST_HINTS);
    if let Some(notes) = notes.filter(|_| shown != before) {
        // Forgetting it shows a hint again.
        let _ = notes.put_hints(&key, shown);
    }
    shown
}

/// One hint more to a report's first fault.
fn hint_more(report: &mut CheckReport, submission: &Path) {
    if let Some(key) = hints_key(report, submission) {
        report.hints = (report.hints + 1).min(MOST_HINTS);
        if let Some(notes) = Notes::of_user() {
            let _ = notes.put_hints(&key, report.hints);
        }
    }
}

impl Known {
    fn of(ground: &Ground) -> Self {
        Self {
            project: ground.project.clone(),
            resolved: ground.resolved.clone(),
        }
    }
}
