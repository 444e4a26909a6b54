use std::collections::VecDeque;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use xshell::{Shell, cmd};

use super::command::{Words, shown};
use crate::model::{Cancel, Event, Events, HostProblem, ProcessProblem, ProvisionReason};
use crate::process::{Lines, Process, Stream};

/// How many of a failed command's last lines are kept to show.
const LAST_LINES: usize = 20;

/// What an installer has to come to a consistent end once it is asked to stop.
const GRACE: Duration = Duration::from_secs(60);

/// A question to a program of this machine takes at most this long.
const QUESTION: Duration = Duration::from_secs(10);

/// Says that a command is about to change this machine, and why.
pub(super) fn announce(events: &Events, words: &Words, reason: ProvisionReason) {
    events.send(Event::Provision {
        command: shown(words),
        reason,
    });
}

/// Runs a command and passes its lines on.
///
/// # Errors
/// [`HostProblem::Command`] with its last lines where it exits with another code than 0.
pub(super) fn run(words: &Words, events: &Events, cancel: &Cancel) -> Result<(), HostProblem> {
    run_as(words, events, cancel, |process| process.grace(GRACE))
}

/// Becomes another program, in the foreground and with this one's streams; comes back only
/// with the reason why it could not.
pub fn become_command(words: &[String]) -> HostProblem {
    match command(words) {
        Ok(mut command) => HostProblem::Spawn {
            command: shown(words),
            source: command.exec(),
        },
        Err(problem) => problem,
    }
}

/// The same with limits of its own.
pub(super) fn run_as(
    words: &Words,
    events: &Events,
    cancel: &Cancel,
    limits: impl FnOnce(Process) -> Process,
) -> Result<(), HostProblem> {
    let process = limits(Process::new(command(words)?));
    let (mut stdout, mut stderr) = (Lines::default(), Lines::default());
    let mut last = VecDeque::new();
    let mut line = |line: &str| {
        // dpkg counts its progress in place.
        let line = line.rsplit('\r').next().unwrap_or(line);
        last.push_back(line.to_owned());
        if last.len() > LAST_LINES {
            last.pop_front();
        }
        events.send(Event::Progress(line.to_owned()));
    };
    let status = process
        .run(cancel, &mut |stream, bytes| {
            let lines = match stream {
                Stream::Stdout => &mut stdout,
                Stream::Stderr => &mut stderr,
            };
            lines.feed(bytes, &mut line);
        })
        .map_err(|problem| of_process(words, problem))?;
    stdout.finish(&mut line);
    stderr.finish(&mut line);
    if status.success() {
        return Ok(());
    }
    Err(HostProblem::Command {
        command: shown(words),
        log: last.into(),
    })
}

/// What a program answers on its standard output; `None` where it is not there, takes too
/// long or exits with another code than 0.
///
/// # Errors
/// Only when the user asks to stop.
pub(super) fn ask(words: &[&str], cancel: &Cancel) -> Result<Option<String>, HostProblem> {
    ask_within(QUESTION, words, cancel)
}

/// The same with a limit of its own.
pub(super) fn ask_within(
    limit: Duration,
    words: &[&str],
    cancel: &Cancel,
) -> Result<Option<String>, HostProblem> {
    let answer = answer_within(limit, words, cancel)?.filter(|(status, _)| status.success());
    Ok(answer.map(|(_, text)| text))
}

/// What it answers, whatever it exits with.
pub(super) fn answer(
    words: &[&str],
    cancel: &Cancel,
) -> Result<Option<(ExitStatus, String)>, HostProblem> {
    answer_within(QUESTION, words, cancel)
}

fn answer_within(
    limit: Duration,
    words: &[&str],
    cancel: &Cancel,
) -> Result<Option<(ExitStatus, String)>, HostProblem> {
    let words = super::command::words(words);
    let answer = Process::new(command(&words)?).limit(limit).output(cancel);
    match answer {
        Ok(answer) => {
            let text = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
            Ok(Some((answer.status, text)))
        }
        Err(ProcessProblem::Cancelled(signal)) => Err(HostProblem::Cancelled(signal)),
        Err(_) => Ok(None),
    }
}

/// Ready to run, in the one language whose answers the kit reads.
fn command(words: &[String]) -> Result<Command, HostProblem> {
    let shell = Shell::new().map_err(|source| HostProblem::Spawn {
        command: shown(words),
        source: std::io::Error::other(source),
    })?;
    let (program, arguments) = words.split_first().expect("a command has a program");
    Ok(cmd!(shell, "{program} {arguments...}")
        .env("LC_ALL", "C.UTF-8")
        .into())
}

/// What a command's own problem means for this machine.
pub fn of_process(words: &[String], problem: ProcessProblem) -> HostProblem {
    let command = shown(words);
    match problem {
        ProcessProblem::Spawn { source, .. } | ProcessProblem::Io { source, .. } => {
            HostProblem::Spawn { command, source }
        }
        ProcessProblem::TimedOut { limit, .. } => HostProblem::TimedOut { command, limit },
        ProcessProblem::Cancelled(signal) => HostProblem::Cancelled(signal),
    }
}

/// Where a program lies: on the path, or where only root's path leads.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(program))
        .find(|file| is_executable(file))
}

pub(super) fn is_executable(file: &Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

/// Lets sudo ask for its password now, on the terminal: a command that runs in a process
/// group of its own could not. The commands that follow need it no more. False where the
/// answer was not the password.
///
/// # Errors
/// [`HostProblem::Cancelled`] where a signal ended the question.
pub(super) fn authenticate(events: &Events, cancel: &Cancel) -> Result<bool, HostProblem> {
    let words = super::command::words(&["sudo", "--validate"]);
    announce(events, &words, ProvisionReason::Password);
    events.leave_terminal();
    let status = command(&words)?
        .stdout(std::process::Stdio::null())
        .status()
        .map_err(|source| HostProblem::Spawn {
            command: shown(&words),
            source,
        })?;
    match cancel.requested() {
        Some(signal) => Err(HostProblem::Cancelled(signal)),
        None => Ok(status.success()),
    }
}
