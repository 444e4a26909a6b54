use std::thread;

use super::bases;
use super::context::Context;
use super::gate::{Gate, Judge, Whose};
use super::own_files::OwnFiles;
use super::prepare::prepare;
use super::project::Project;
use super::provision;
use super::service::Service;
use super::siblings::Maker;
use crate::cli::LabArgs;
use crate::engine::{Cli, Driver, Endpoint, Engine};
use crate::lab::{Resolved, Rungs, Selection};
use crate::model::{
    EngineFacts, EngineKind, Event, Events, HostFacts, Lab, LabProblem, Note, Policy, Problem,
    Running, Sibling, Skipped, Stage, Variant,
};

/// The engine, and the lab that is to be built on it: all that can be known before a build.
pub(super) struct Session {
    pub(super) engine: Engine,
    pub(super) cli: Cli,
    pub(super) driver: Driver,
    pub(super) project: Project,
    /// The lab's name.
    pub(super) name: Option<String>,
    /// The variants of the lab, then the services that only others build on.
    pub(super) services: Vec<Service>,
    /// How many of the services are variants.
    variants: usize,
    /// Every service of the file that is built.
    pub(super) siblings: Vec<Sibling>,
    /// Variants of the lab, and of the baseline, that this run does not look at.
    pub(super) left_out: Vec<String>,
}

/// The engine and the Compose file, before anything is made of them.
pub(super) struct Ground {
    pub(super) engine: Engine,
    pub(super) cli: Cli,
    pub(super) driver: Driver,
    pub(super) project: Project,
    /// What Compose made of its files.
    pub(super) resolved: Resolved,
    /// With `--provision`: what is known of this machine.
    machine: Option<HostFacts>,
}

/// What a task makes of a lab before anything of it is looked at.
pub(super) type Adapt<'a> = &'a dyn Fn(&mut Lab);

impl Ground {
    /// Finds the engine and resolves the Compose file.
    pub(super) fn find(args: &LabArgs, cx: &Context) -> Result<Self, Problem> {
        cx.events.send(Event::Stage(Stage::Resolve));
        let project = Project::with_lab(args.file.as_deref(), args.lab.as_deref())?;
        let mut endpoint = Endpoint::discover(args.engine.host.as_deref())?;
        let machine = if args.provision {
            let machine = provision::engine(&endpoint, cx)?;
            endpoint = Endpoint::discover(args.engine.host.as_deref())?;
            Some(machine)
        } else {
            None
        };
        let cli = Cli::at(&endpoint);
        let (engine, resolved) = thread::scope(|scope| {
            let engine = scope.spawn(|| connect(&endpoint, &cli, cx));
            let resolved = resolve(project, &cli, args, cx);
            (engine.join().expect("a room does not panic"), resolved)
        });
        let (engine, driver) = engine?;
        let (project, resolved) = resolved?;
        let cli = cli.keeping_in(engine.store());
        Ok(Self {
            engine,
            cli,
            driver,
            project,
            resolved,
            machine,
        })
    }

    /// The same, of a Compose file that was resolved before.
    pub(super) fn again(
        (project, resolved): (&Project, &Resolved),
        args: &LabArgs,
        cx: &Context,
    ) -> Result<Self, Problem> {
        let endpoint = Endpoint::discover(args.engine.host.as_deref())?;
        let cli = Cli::at(&endpoint);
        let (engine, driver) = connect(&endpoint, &cli, cx)?;
        Ok(Self {
            cli: cli.keeping_in(engine.store()),
            engine,
            driver,
            project: project.clone(),
            resolved: resolved.clone(),
            machine: None,
        })
    }

    /// The lab that is wanted of the Compose file.
    pub(super) fn lab(&self, args: &LabArgs) -> Result<Lab, LabProblem> {
        self.resolved.select(&selection(args, &self.project))
    }

    /// Sees to it that every base is there.
    pub(super) fn session(
        self,
        (args, gate): (&LabArgs, &Gate),
        adapt: Adapt<'_>,
        cx: &Context,
    ) -> Result<Session, Problem> {
        let Self {
            engine,
            cli,
            driver,
            project,
            resolved,
            machine,
        } = self;
        let open = |ground, resolved: &Resolved| {
            Session::of(ground, resolved, (args, gate), (&project, adapt, cx))
        };
        let mut session = open((engine, cli, driver), &resolved)?;
        session.engine.sweep(&cx.cancel)?;
        let need = bases::Need {
            args,
            project: &project,
            machine: machine.as_ref(),
        };
        if bases::provide(&session, need, cx)? == bases::Changed::ComposeFile {
            let run = |resolved: &Resolved| run_by(resolved, args, &project);
            let resolved = project.resolve(&session.cli, &run, cx)?;
            let Session {
                engine,
                cli,
                driver,
                ..
            } = session;
            session = open((engine, cli, driver), &resolved)?;
        }
        Ok(session)
    }
}

impl Session {
    /// Finds the engine, resolves the Compose file, and sees to it that every base is there.
    pub(super) fn open(args: &LabArgs, gate: &Gate, cx: &Context) -> Result<Self, Problem> {
        Ground::find(args, cx)?.session((args, gate), &|_| (), cx)
    }

    fn of(
        (engine, cli, driver): (Engine, Cli, Driver),
        resolved: &Resolved,
        (args, gate): (&LabArgs, &Gate),
        (project, adapt, cx): (&Project, Adapt<'_>, &Context),
    ) -> Result<Self, Problem> {
        let mut lab = resolved.select(&selection(args, project))?;
        adapt(&mut lab);
        tell_skipped(&lab, &cx.events);
        let platform = engine.facts().platform.clone();
        let prepare = |variant: &mut Variant| {
            let wanted = args.platform.as_ref();
            prepare(variant, wanted, (project, &platform), &cx.events)
        };
        lab.variants.iter_mut().try_for_each(prepare)?;
        let judge = gate.of(&whose(lab.name.as_deref(), &lab.variants, engine.facts()))?;
        judge.check_lab(lab.name.as_deref())?;
        let left_out = left_out(&lab, resolved, args, &judge);
        let policies = judge.policies(&stated(&lab.variants), &[])?;
        let own_files = OwnFiles::find(args, project);
        let services = lab.variants.into_iter().zip(policies);
        let services = services.map(|(variant, policy)| {
            let mut service = Service::read(variant, policy, (project, &platform))?;
            service.look(&own_files, project);
            Ok(service)
        });
        let mut services = services.collect::<Result<Vec<_>, Problem>>()?;
        let variants = services.len();
        let maker = Maker {
            resolved,
            project,
            builder: driver.builder(),
            platform: &platform,
            events: &cx.events,
            prepare: &prepare,
        };
        maker.link(&mut services, &lab.siblings)?;
        if driver == Driver::Classic && engine.facts().kind == EngineKind::Docker {
            for service in services.iter().take(variants) {
                let source = service.source.as_ref();
                source.map_or(Ok(()), |source| source.check_classic(service.name()))?;
            }
        }
        Ok(Self {
            engine,
            cli,
            driver,
            project: project.clone(),
            name: lab.name,
            services,
            variants,
            siblings: lab.siblings,
            left_out,
        })
    }

    /// The services that are built for their own sake, and reported.
    pub(super) fn variants(&self) -> &[Service] {
        &self.services[..self.variants]
    }

    /// By what its baseline is known.
    pub(super) fn whose(&self) -> Whose<'_> {
        let variants = self.variants().iter().map(|it| &it.variant);
        whose(self.name.as_deref(), variants, self.engine.facts())
    }

    /// What the Compose file states of each variant.
    pub(super) fn stated(&self) -> Vec<(&str, &Policy)> {
        stated(self.variants().iter().map(|it| &it.variant))
    }
}

/// Says which services of the lab are left out, and why.
fn tell_skipped(lab: &Lab, events: &Events) {
    let of = |wanted: Skipped| {
        let skipped = lab.skipped.iter().filter(|(_, why)| *why == wanted);
        skipped.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let is_lab = lab.name.is_some();
    let (inactive, provided) = (of(Skipped::Inactive), of(Skipped::Provided));
    // A lab's ladder is there to be shown with `--all`, and not missed without it.
    if !inactive.is_empty() && !is_lab {
        events.send(Event::Note(Note::Inactive { services: inactive }));
    }
    if !provided.is_empty() {
        events.send(Event::Note(Note::Provided { services: provided }));
    }
}

/// Before a build: an image without a platform of its own is for the engine's.
fn whose<'a>(
    lab: Option<&'a str>,
    variants: impl IntoIterator<Item = &'a Variant>,
    engine: &'a EngineFacts,
) -> Whose<'a> {
    let variants = variants.into_iter();
    let of = |it: &'a Variant| (it.platform().unwrap_or(&engine.platform), it.name.as_str());
    let (mut platforms, names): (Vec<_>, Vec<_>) = variants.map(of).unzip();
    platforms.sort();
    platforms.dedup();
    Whose {
        report: None,
        lab,
        platforms,
        engine,
        names,
    }
}

fn stated<'a>(variants: impl IntoIterator<Item = &'a Variant>) -> Vec<(&'a str, &'a Policy)> {
    let variants = variants.into_iter();
    variants
        .map(|variant| (variant.name.as_str(), &variant.policy))
        .collect()
}

/// Variants that the Compose file has and what was typed leaves out, and all others of the
/// baseline where some were asked for by name.
fn left_out(lab: &Lab, resolved: &Resolved, args: &LabArgs, judge: &Judge<'_>) -> Vec<String> {
    let names: Vec<&str> = lab.variants.iter().map(|it| it.name.as_str()).collect();
    let mut left_out = resolved.names(args.lab.as_deref());
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
        project: project.variable("COMPOSE_PROJECT_NAME"),
    }
}

/// The project's Compose file, or that of a lab with a file of its own.
fn resolve(
    project: Project,
    cli: &Cli,
    args: &LabArgs,
    cx: &Context,
) -> Result<(Project, Resolved), Problem> {
    let resolve = |project: &Project| {
        let run = |resolved: &Resolved| run_by(resolved, args, project);
        project.resolve(cli, &run, cx)
    };
    let resolved = resolve(&project)?;
    let Some(lab) = args.lab.as_deref().filter(|_| args.file.is_none()) else {
        return Ok((project, resolved));
    };
    match project.of_lab(lab) {
        Some(own) if resolved.names(Some(lab)).is_empty() => {
            let resolved = resolve(&own)?;
            Ok((own, resolved))
        }
        _ => Ok((project, resolved)),
    }
}

/// The variants that are run, as far as the file can be read.
fn run_by(resolved: &Resolved, args: &LabArgs, project: &Project) -> Vec<String> {
    let lab = resolved.select(&selection(args, project));
    let variants = lab.map(|lab| lab.variants).unwrap_or_default();
    let run = variants
        .into_iter()
        .filter(|it| matches!(it.running, Running::Yes(_)));
    run.map(|variant| variant.name).collect()
}
