use std::thread;

use super::bases;
use super::context::Context;
use super::gate::{Gate, Judge, Whose};
use super::project::Project;
use super::provision;
use super::source::Source;
use crate::cli::LabArgs;
use crate::engine::{Cli, Driver, Endpoint, Engine};
use crate::lab::{self, Rungs, Selection};
use crate::model::{
    EngineFacts, EngineKind, Event, Lab, LabProblem, Policy, Problem, Stage, Variant,
};

/// The engine, and the lab that is to be built on it: all that can be known before a build.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) cli: Cli,
    pub(super) driver: Driver,
    pub(super) lab: Lab,
    /// What each variant is judged by.
    pub(super) policies: Vec<Policy>,
    /// Variants of the lab, and of the baseline, that this run does not look at.
    pub(super) left_out: Vec<String>,
    /// One for each variant; `None` where nothing is built, or from what is not at hand.
    pub(super) sources: Vec<Option<Source>>,
}

impl Session {
    /// Finds the engine, resolves the Compose file, and sees to it that every base is there.
    pub(super) fn open(args: &LabArgs, gate: &Gate, cx: &Context) -> Result<Self, Problem> {
        cx.events.send(Event::Stage(Stage::Resolve));
        let project = Project::find(args.file.as_deref())?;
        let mut endpoint = Endpoint::discover(args.engine.host.as_deref())?;
        let machine = if args.provision {
            let machine = provision::engine(&endpoint, cx)?;
            endpoint = Endpoint::discover(args.engine.host.as_deref())?;
            Some(machine)
        } else {
            None
        };
        let cli = Cli::at(&endpoint);
        let (engine, text) = thread::scope(|scope| {
            let engine = scope.spawn(|| connect(&endpoint, &cli, cx));
            let text = project.resolve(&cli, cx);
            (engine.join().expect("a room does not panic"), text)
        });
        let (engine, driver) = engine?;
        let cli = cli.keeping_in(engine.store());
        let mut session = Self::of((engine, cli, driver), &text?, (args, gate), &project)?;
        session.engine.sweep(&cx.cancel)?;
        let need = bases::Need {
            args,
            project: &project,
            machine: machine.as_ref(),
        };
        if bases::provide(&session, need, cx)? == bases::Changed::ComposeFile {
            let text = project.resolve(&session.cli, cx)?;
            let Self {
                engine,
                cli,
                driver,
                ..
            } = session;
            session = Self::of((engine, cli, driver), &text, (args, gate), &project)?;
        }
        Ok(session)
    }

    fn of(
        (engine, cli, driver): (Engine, Cli, Driver),
        text: &str,
        (args, gate): (&LabArgs, &Gate),
        project: &Project,
    ) -> Result<Self, Problem> {
        let lab = lab::parse(text, &project.file, &selection(args, project))?;
        let lab = with_reference(lab, text, args, project)?;
        let judge = gate.of(&whose(&lab, engine.facts()))?;
        judge.check_lab(lab.name.as_deref())?;
        let left_out = left_out(&lab, text, args, &judge);
        let policies = judge.policies(&stated(&lab), &[])?;
        let platform = &engine.facts().platform;
        let sources = lab.variants.iter().map(|variant| match &variant.build {
            Some(spec) => Source::read(variant, spec, project, platform),
            None => Ok(None),
        });
        let sources = sources.collect::<Result<Vec<_>, Problem>>()?;
        if driver == Driver::Classic && engine.facts().kind == EngineKind::Docker {
            let named = lab.variants.iter().zip(&sources);
            let named = named.filter_map(|(variant, source)| Some((variant, source.as_ref()?)));
            for (variant, source) in named {
                source.check_classic(&variant.name)?;
            }
        }
        Ok(Self {
            engine,
            cli,
            driver,
            lab,
            policies,
            left_out,
            sources,
        })
    }

    /// By what its baseline is known.
    pub(super) fn whose(&self) -> Whose<'_> {
        whose(&self.lab, self.engine.facts())
    }

    /// What the Compose file states of each variant.
    pub(super) fn stated(&self) -> Vec<(&str, &Policy)> {
        stated(&self.lab)
    }
}

/// Before a build: an image without a platform of its own is for the engine's.
fn whose<'a>(lab: &'a Lab, engine: &'a EngineFacts) -> Whose<'a> {
    let platforms = lab.variants.iter().map(Variant::platform);
    let mut platforms: Vec<_> = platforms.map(|it| it.unwrap_or(&engine.platform)).collect();
    platforms.sort();
    platforms.dedup();
    Whose {
        report: None,
        lab: lab.name.as_deref(),
        platforms,
        engine,
        names: stated(lab).into_iter().map(|(name, _)| name).collect(),
    }
}

fn stated(lab: &Lab) -> Vec<(&str, &Policy)> {
    let variants = lab.variants.iter();
    variants
        .map(|variant| (variant.name.as_str(), &variant.policy))
        .collect()
}

/// Variants that the Compose file has and what was typed leaves out, and all others of the
/// baseline where some were asked for by name.
fn left_out(lab: &Lab, text: &str, args: &LabArgs, judge: &Judge<'_>) -> Vec<String> {
    let names: Vec<&str> = stated(lab).iter().map(|(name, _)| *name).collect();
    let mut left_out = lab::services_of(text, args.lab.as_deref());
    left_out.retain(|name| !names.contains(&name.as_str()));
    if !args.variant.is_empty() {
        left_out.extend(judge.others(&names));
    }
    left_out.sort();
    left_out.dedup();
    left_out
}

fn connect(endpoint: &Endpoint, cli: &Cli, cx: &Context) -> Result<(Engine, Driver), Problem> {
    let mut engine = Engine::connect(endpoint, &cx.cancel)?;
    let driver = Driver::find(cli, engine.facts().kind, &cx.cancel)?;
    engine.set_builder(driver.builder());
    Ok((engine, driver))
}

fn selection(args: &LabArgs, project: &Project) -> Selection {
    Selection {
        lab: args.lab.clone(),
        variants: args.variant.clone(),
        rungs: if args.all {
            Rungs::Shown
        } else {
            Rungs::Hidden
        },
        profiles: project.profiles(),
    }
}

/// A variant that was asked for by name is compared all the same: the reference comes along.
fn with_reference(
    lab: Lab,
    text: &str,
    args: &LabArgs,
    project: &Project,
) -> Result<Lab, LabProblem> {
    use crate::model::Role::Reference;
    let has_one = |lab: &Lab| lab.variants.iter().any(|it| it.role == Some(Reference));
    if args.variant.is_empty() || has_one(&lab) {
        return Ok(lab);
    }
    let everything = Selection {
        variants: Vec::new(),
        ..selection(args, project)
    };
    let whole = match lab::parse(text, &project.file, &everything) {
        // All others only name an image.
        Err(LabProblem::NothingToBuild { .. }) => return Ok(lab),
        whole => whole?,
    };
    let Some(reference) = whole.variants.iter().find(|it| it.role == Some(Reference)) else {
        return Ok(lab);
    };
    let mut variants = args.variant.clone();
    variants.push(reference.name.clone());
    lab::parse(
        text,
        &project.file,
        &Selection {
            variants,
            ..everything
        },
    )
}
