use std::rc::Rc;

use super::context::Context;
use super::images::{self, Image, Memory, Route};
use super::service::{Service, builder_of};
use super::session::Session;
use super::source::Source;
use crate::archive::is_same_platform;
use crate::engine::build::{self, BuildCache, Job};
use crate::engine::{ImageFacts, Limits, RunRequest};
use crate::model::{
    Build, BuiltImage, Digest, Event, Problem, Run, Running, SourceProblem, Stage, Variant,
};

/// A variant, with the results of its build and run.
pub(super) struct Trial<'s> {
    pub(super) service: &'s Service,
    /// `None` where only an image is named.
    pub(super) build: Option<Build<BuiltImage>>,
    /// What the engine calls its image; `None` where there is none.
    pub(super) id: Option<Digest>,
    /// `None` where nothing is run.
    pub(super) run: Option<Run>,
    /// Variants may share it.
    pub(super) image: Option<Rc<Image>>,
}

/// Which of a session's variants are built, run and read.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    All,
    /// The one of this number, and the builds that it needs.
    One(usize),
}

/// Builds what is asked for, runs it and reads its images: all that is reported of it, in the
/// session's order.
pub(super) fn tried<'s>(
    session: &'s Session,
    asked: Asked,
    (cache, memory): (BuildCache, Memory),
    cx: &Context,
) -> Result<Vec<Trial<'s>>, Problem> {
    let builds = builds(session, asked, cache, cx)?;
    let inspected = inspected(session, &builds, asked, cx)?;
    let mut trials: Vec<Trial<'s>> = Vec::new();
    let mut wanted: Vec<ImageFacts> = Vec::new();
    for (at, facts) in inspected {
        trials.push(Trial {
            service: &session.services[at],
            build: builds.of(at).cloned(),
            id: facts.as_ref().map(|facts| facts.id),
            run: None,
            image: None,
        });
        wanted.extend(facts);
    }
    run(session, &mut trials, cx)?;
    let images = images::read(&session.engine, wanted, (memory, Route::Fastest), cx)?;
    let images: Vec<Rc<Image>> = images.into_values().map(Rc::new).collect();
    for trial in &mut trials {
        let image = images.iter().find(|image| Some(image.facts.id) == trial.id);
        trial.image = image.cloned();
    }
    Ok(trials)
}

/// The builds that were made, each with the numbers of the services that it is of.
struct Builds(Vec<(Vec<usize>, Build<BuiltImage>)>);

impl Builds {
    fn of(&self, service: usize) -> Option<&Build<BuiltImage>> {
        let mut builds = self.0.iter();
        builds.find_map(|(services, build)| services.contains(&service).then_some(build))
    }
}

/// Makes all builds that are asked for, and those that they need; equal ones once.
fn builds(
    session: &Session,
    asked: Asked,
    cache: BuildCache,
    cx: &Context,
) -> Result<Builds, Problem> {
    cx.events.send(Event::Stage(Stage::Build));
    let builder = session.driver.builder();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for at in needed(session, asked) {
        let service = &session.services[at];
        let is_same = |group: &&mut Vec<usize>| service.is_built_as(&session.services[group[0]]);
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(at),
            None if service.variant.build.is_some() => groups.push(vec![at]),
            None => {}
        }
    }
    let group_of = |at: &usize| groups.iter().position(|group| group.contains(at));
    let job = |group: &Vec<usize>| {
        let mut services = group.iter().map(|at| &session.services[*at]);
        let first = services.next()?;
        let source = first.source.as_ref();
        let job = Job::of(&first.variant)?;
        let tags = services.filter_map(|it| it.variant.image.as_deref());
        Some(Job {
            also: tags.filter(|tag| job.tag != Some(tag)).collect(),
            after: first.after.iter().filter_map(group_of).collect(),
            fault: source.and_then(|source| source.fault(builder)),
            shown: source.map(Source::shown_args).unwrap_or_default(),
            ..job
        })
    };
    let jobs: Vec<Job<'_>> = groups.iter().filter_map(job).collect();
    let (cli, driver) = (&session.cli, session.driver);
    let builds = build::all(cli, driver, &jobs, cache, &cx.events, &cx.cancel)?;
    drop(jobs);
    Ok(Builds(groups.into_iter().zip(builds).collect()))
}

/// The numbers of the services whose builds are asked for, or needed for one that is; ascending.
fn needed(session: &Session, asked: Asked) -> Vec<usize> {
    let mut open = match asked {
        Asked::All => (0..session.services.len()).collect(),
        Asked::One(one) => vec![one],
    };
    let mut needed = Vec::new();
    while let Some(next) = open.pop() {
        if !needed.contains(&next) {
            open.extend(&session.services[next].after);
            needed.push(next);
        }
    }
    needed.sort_unstable();
    needed
}

/// What the engine says of the image of each variant that is asked for, with its number; `None`
/// where it does not build.
fn inspected(
    session: &Session,
    builds: &Builds,
    asked: Asked,
    cx: &Context,
) -> Result<Vec<(usize, Option<ImageFacts>)>, Problem> {
    let all = session.variants().iter().enumerate();
    let wanted = all.filter(|(at, _)| match asked {
        Asked::All => true,
        Asked::One(one) => one == *at,
    });
    let inspected = wanted.map(|(at, service)| {
        let variant = &service.variant;
        // It may name what another service builds.
        let other = || builder_of(&session.services, variant.image.as_ref()?);
        let image = match builds.of(at).or_else(|| builds.of(other()?)) {
            Some(Build::Done(built)) => Some(session.engine.id_of(built).to_string()),
            Some(Build::Failed(_)) => None,
            None => variant.image.clone(),
        };
        let inspect = |image: String| session.engine.inspect(&image, &cx.cancel);
        Ok((at, image.map(inspect).transpose()?))
    });
    let inspected = inspected.collect::<Result<Vec<_>, Problem>>()?;
    for (at, facts) in &inspected {
        check_platform(&session.services[*at].variant, facts.as_ref())?;
    }
    Ok(inspected)
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

/// Runs what is to be run and has an image.
fn run(session: &Session, trials: &mut [Trial<'_>], cx: &Context) -> Result<(), Problem> {
    cx.events.send(Event::Stage(Stage::Run));
    let mut requests = Vec::new();
    let mut waiting = Vec::new();
    for trial in trials {
        let variant = &trial.service.variant;
        if let (Running::Yes(spec), Some(image)) = (&variant.running, trial.id) {
            requests.push(RunRequest {
                variant: &variant.name,
                image,
                spec,
            });
            waiting.push(&mut trial.run);
        }
    }
    let (limits, events) = (Limits::default(), &cx.events);
    let runs = session.engine.run(&requests, &limits, events, &cx.cancel)?;
    for (place, run) in waiting.into_iter().zip(runs) {
        *place = Some(run);
    }
    Ok(())
}
