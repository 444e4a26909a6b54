use std::sync::mpsc::{self, Receiver};
use std::thread::{Scope, ScopedJoinHandle};

use super::super::assemble::assemble_alone;
use super::super::context::Context;
use super::super::images::Memory;
use super::super::trial::{Asked, tried};
use super::open::Opened;
use crate::demo::{Taken, Trouble};
use crate::engine::build::BuildCache;
use crate::lang::problem;
use crate::model::{Cancel, EngineProblem, Event, Events, Language, Problem, Signal};
use crate::term::Terminal;

/// SIGTERM: what ends a step that is not wanted any more.
const STOP: Signal = Signal(15);

/// Builds, runs and measures what a step shows.
pub(super) fn take(opened: &Opened, step: usize, cx: &Context) -> Result<Taken, Problem> {
    let (session, step) = (&opened.session, &opened.steps[step]);
    let how = (BuildCache::Use, Memory::Use);
    let trials = tried(session, Asked::One(step.service), how, cx)?;
    let report = assemble_alone(session, trials, cx)?;
    Ok(Taken {
        report,
        commands: step.plan.commands.clone(),
        dockerfile: step.plan.dockerfile.clone(),
    })
}

/// A step at work, on a thread of its own.
pub(super) struct Worker<'scope> {
    pub(super) step: usize,
    handle: ScopedJoinHandle<'scope, Result<Taken, Problem>>,
    cancel: Cancel,
    events: Receiver<Event>,
}

impl<'scope> Worker<'scope> {
    pub(super) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        opened: &'env Opened,
        step: usize,
        (terminal, cancel): (&Terminal, &Cancel),
    ) -> Self {
        let (sender, events) = mpsc::channel();
        let cancel = cancel.nested();
        let cx = Context {
            terminal: terminal.clone(),
            events: Events::new(sender),
            cancel: cancel.clone(),
        };
        Self {
            step,
            handle: scope.spawn(move || take(opened, step, &cx)),
            cancel,
            events,
        }
    }

    /// What it told since it was last asked.
    pub(super) fn told(&self) -> impl Iterator<Item = Event> {
        self.events.try_iter()
    }

    pub(super) fn stop(&self) {
        self.cancel.request(STOP);
    }

    pub(super) fn is_over(&self) -> bool {
        self.handle.is_finished()
    }

    /// Its result. A panic of its own goes on here.
    pub(super) fn result(self) -> Result<Taken, Problem> {
        let result = self.handle.join();
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// What an audience sees of a problem.
pub(super) fn trouble(problem: &Problem, language: Language) -> Trouble {
    let log = match problem {
        Problem::Engine(EngineProblem::BuildUnclear { log, .. }) => log.clone(),
        _ => Vec::new(),
    };
    let sentence = problem::sentence(problem, language);
    let sentences = std::iter::once(sentence).chain(problem::help(problem, language));
    Trouble {
        sentences: sentences.collect(),
        log,
    }
}
