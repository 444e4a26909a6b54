use std::ffi::OsString;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::apt;
use super::command::{self, DAEMON_LOG, Words};
use super::look::{Depth, look, reach};
use super::plan::{Action, missing, plan, reason};
use super::run::{announce, ask, authenticate, find, run};
use crate::model::{
    Cancel, EngineState, Events, HostFacts, HostProblem, Init, Membership, Power, ProvisionReason,
};

/// How long a daemon that was started may take to answer.
const START: Duration = Duration::from_secs(30);

/// What was done to this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// The machine as it is now.
    pub facts: HostFacts,
    /// In the order in which it was done; empty where nothing was missing.
    pub done: Vec<Action>,
}

/// Installs the engine, its command and Compose where they are missing, starts the daemon
/// where it does not run, and adds the user to group docker where that is what it takes.
///
/// # Errors
/// [`HostProblem::NotRoot`], [`HostProblem::Distribution`] and [`HostProblem::NotOffered`]
/// where the kit can't, what the command said where one failed, [`HostProblem::DaemonDown`]
/// with the end of its log where the daemon does not answer.
pub fn provision_engine(
    mut facts: HostFacts,
    events: &Events,
    cancel: &Cancel,
) -> Result<Provisioned, HostProblem> {
    let mut done = Vec::new();
    let mut failure = None;
    while let Some(action) = plan(&facts)?.into_iter().next() {
        if done.contains(&action) {
            return Err(failure.unwrap_or_else(|| not_offered(&facts)));
        }
        let asks = done.is_empty() && facts.user.power == Power::SudoAsks;
        if asks && !authenticate(events, cancel)? {
            // The plan refuses then, and names the command.
            facts.user.power = Power::None;
            continue;
        }
        // A package whose own attempt to start the daemon failed is there all the same, so
        // what counts is what is found afterwards.
        failure = match perform(&facts, &action, events, cancel) {
            Err(problem @ HostProblem::Command { .. }) => Some(problem),
            result => {
                result?;
                None
            }
        };
        facts = look(facts.engine.endpoint, Depth::Presence, cancel)?;
        done.push(action);
    }
    Ok(Provisioned { facts, done })
}

/// What `--offline` is to say where something would have to be installed.
pub fn refuse_offline(facts: &HostFacts) -> Result<(), HostProblem> {
    match missing(facts).first() {
        Some(need) => Err(HostProblem::Offline {
            need: need.name().to_owned(),
        }),
        None => Ok(()),
    }
}

fn not_offered(facts: &HostFacts) -> HostProblem {
    let need = missing(facts)
        .into_iter()
        .find(|need| need.package(facts).is_none());
    HostProblem::NotOffered {
        need: need.map_or("docker", super::offer::Use::name).to_owned(),
    }
}

fn perform(
    facts: &HostFacts,
    action: &Action,
    events: &Events,
    cancel: &Cancel,
) -> Result<(), HostProblem> {
    match action {
        Action::Update => apt::update(facts, events, cancel),
        Action::Install(packages) => apt::install(facts, packages, events, cancel),
        Action::Start => start(facts, events, cancel),
        Action::Join => {
            let words = command::join(facts);
            announce(events, &words, reason(facts, action));
            run(&words, events, cancel)
        }
    }
}

fn start(facts: &HostFacts, events: &Events, cancel: &Cancel) -> Result<(), HostProblem> {
    let mut said = Vec::new();
    // Its package may have started it a moment ago.
    let begun = Path::new("/var/run/docker.pid").exists();
    if begun && answers_within(facts, Duration::from_secs(5), cancel)? {
        return Ok(());
    }
    for words in command::starts(facts) {
        announce(events, &words, ProvisionReason::Daemon);
        match run(&words, events, cancel) {
            Ok(()) if answers_within(facts, START, cancel)? => return Ok(()),
            Ok(()) => (),
            Err(HostProblem::Command { log, .. }) => said = log,
            Err(problem) => return Err(problem),
        }
    }
    let log = daemon_log(facts, cancel)?;
    Err(HostProblem::DaemonDown {
        log: if log.is_empty() { said } else { log },
    })
}

/// Whether the daemon serves its socket in time, be it not to this user.
fn answers_within(
    facts: &HostFacts,
    limit: Duration,
    cancel: &Cancel,
) -> Result<bool, HostProblem> {
    let deadline = Instant::now() + limit;
    loop {
        let state = reach(facts.engine.endpoint.clone()).state;
        if matches!(state, EngineState::Answers | EngineState::Forbidden) {
            return Ok(true);
        }
        if let Some(signal) = cancel.requested() {
            return Err(HostProblem::Cancelled(signal));
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        sleep(Duration::from_millis(50));
    }
}

fn daemon_log(facts: &HostFacts, cancel: &Cancel) -> Result<Vec<String>, HostProblem> {
    let mut questions = vec![command::words(&["tail", "-n", "20", DAEMON_LOG])];
    if facts.init == Init::Systemd {
        let journal = ["journalctl", "-u", "docker", "-n", "20", "-o", "cat"];
        questions.insert(0, command::words(&journal));
    }
    for question in questions {
        let question: Words = command::as_root(facts, question);
        let words: Vec<_> = question.iter().map(String::as_str).collect();
        if let Some(text) = ask(&words, cancel)?.filter(|text| !text.is_empty()) {
            return Ok(text.lines().map(str::to_owned).collect());
        }
    }
    Ok(Vec::new())
}

/// The command that runs the kit again with the rights of group docker, for a user who is
/// in the group and whose login is older; `None` where that would not help.
///
/// `arguments` are the kit's own, its program first. What such a command exits with is the
/// code of what it ran.
pub fn regroup(facts: &HostFacts, arguments: &[OsString]) -> Option<Vec<String>> {
    let shut = facts.engine.state == EngineState::Forbidden;
    if !shut || facts.user.docker_group != Membership::NotYet {
        return None;
    }
    let arguments: Option<Vec<String>> = arguments
        .iter()
        .map(|argument| argument.to_str().map(str::to_owned))
        .collect();
    let again = format!(
        "exec {}",
        shlex::try_join(arguments?.iter().map(String::as_str)).ok()?
    );
    // Debian 13 has no `sg`, and a `newgrp` that takes a command, as shadow's does not.
    let program = ["sg", "newgrp"].into_iter().find(|it| find(it).is_some())?;
    Some(command::words(&[program, "docker", "-c", &again]))
}
