use super::super::context::Context;
use super::super::gate::{Gate, Update};
use super::super::session::Session;
use super::super::source::Source;
use super::commands;
use super::shelf::Shelf;
use crate::cli::{Common, DemoArgs, EngineArgs, GateArgs, LabArgs, LimitArgs, Outputs, PolicyArg};
use crate::demo::Plan;
use crate::host::is_stand_in;
use crate::lang::phrases;
use crate::model::{Base, Format, LabProblem, Language, LessonProblem, MissingService, Problem};

/// An engine that is ready for every step of a lesson.
pub(super) struct Opened {
    pub(super) session: Session,
    pub(super) steps: Vec<OpenedStep>,
    pub(super) base: Option<Base>,
}

/// A step of the script, ready to be taken.
pub(super) struct OpenedStep {
    pub(super) id: String,
    /// Which of the session's services it shows.
    pub(super) service: usize,
    pub(super) plan: Plan,
}

impl Opened {
    pub(super) fn of(args: &DemoArgs, shelf: &Shelf, cx: &Context) -> Result<Self, Problem> {
        let args = lab_args(args, shelf);
        let gate = Gate::open(&args.gate, Update::Nothing, cx)?;
        let session = Session::open(&args, &gate, cx).map_err(|problem| at_step(problem, shelf))?;
        let steps = shelf.script.steps.iter();
        let steps: Vec<OpenedStep> = steps
            .filter_map(|step| {
                let mut all = session.services.iter();
                let service = all.position(|service| service.name() == step.variant)?;
                Some(OpenedStep {
                    id: step.id.clone(),
                    service,
                    plan: commands::plan(&session.services[service], &shelf.project),
                })
            })
            .collect();
        let base = base(&session, &steps, cx)?;
        Ok(Self {
            session,
            steps,
            base,
        })
    }

    pub(super) fn base_text(&self, language: Language) -> String {
        let base = self.base.as_ref();
        base.map_or_else(String::new, |base| phrases(language).base(base))
    }
}

/// What the first step with a base stands on.
fn base(session: &Session, steps: &[OpenedStep], cx: &Context) -> Result<Option<Base>, Problem> {
    let services = steps.iter().map(|step| &session.services[step.service]);
    let mut sources = services.filter_map(|service| service.source.as_ref());
    let Some(reference) = sources.find_map(Source::base) else {
        return Ok(None);
    };
    let facts = session.engine.inspect(&reference, &cx.cancel)?;
    Ok(Some(Base {
        reference,
        id: Some(facts.config.unwrap_or(facts.id)),
        stand_in: is_stand_in(&facts.labels),
    }))
}

/// A service that a step names and the Compose file lacks.
fn at_step(problem: Problem, shelf: &Shelf) -> Problem {
    match problem {
        Problem::Lab(LabProblem::UnknownVariant {
            name,
            path,
            known,
            nearest,
        }) => {
            let mut steps = shelf.script.steps.iter();
            let step = steps.find(|step| step.variant == name);
            LessonProblem::NoVariant(Box::new(MissingService {
                path: shelf.script_name().into(),
                step: step.map_or_else(String::new, |step| step.id.clone()),
                service: name,
                compose: shelf.project.short(&path).into(),
                known,
                nearest,
            }))
            .into()
        }
        problem => problem,
    }
}

/// The arguments of a `lab` that selects the services of all steps, of any lab.
fn lab_args(args: &DemoArgs, shelf: &Shelf) -> LabArgs {
    let steps = shelf.script.steps.iter();
    let mut variant: Vec<String> = steps.map(|step| step.variant.clone()).collect();
    variant.sort();
    variant.dedup();
    LabArgs {
        lab: None,
        file: shelf.file.clone(),
        variant,
        all: true,
        platform: None,
        no_cache: false,
        cold: false,
        provision: args.provision,
        offline: args.offline,
        engine: EngineArgs {
            host: args.engine.host.clone(),
        },
        outputs: Outputs {
            format: Format::Table,
            output: Vec::new(),
        },
        common: Common {
            lang: args.common.lang,
            quiet: args.common.quiet,
            verbose: args.common.verbose,
        },
        update_baseline: false,
        gate: GateArgs {
            baseline: None,
            baseline_name: None,
            policy: PolicyArg::File,
            proposed_baseline: None,
            limits: LimitArgs {
                budget: Vec::new(),
                counts: Vec::new(),
                max_growth: Vec::new(),
                max_base_drift: Vec::new(),
                max_content_drift: Vec::new(),
                allow_waste: Vec::new(),
                accept: Vec::new(),
            },
        },
    }
}
