//! Why a container does not start, or does not end with code 0.

use super::before::swallowed;
use super::build::{carriage_returns, not_found};
use super::contents::{There, at, interpreter, named};
use super::scene::joined;
use super::shell::{Command, commands_of};
use super::{Subject, diagnosis, said};
use crate::dockerfile::{Form, Instruction, Stage};
use crate::model::{
    Cause, CommandForm, Diagnosis, Ending, Kind, Lesson, Run, Sandbox, StartFault, StartMistake,
};

/// Why its container does not start, or does not end with code 0.
pub fn of_start_or_end(subject: &Subject<'_>, run: &Run) -> Diagnosis {
    if let Some(found) = swallowed(subject) {
        return found;
    }
    let stderr = String::from_utf8_lossy(&run.stderr.kept);
    let lines: Vec<&str> = stderr.lines().collect();
    let (cause, line) = match &run.ending {
        Ending::NotStarted { reason, .. } => not_started(subject, reason),
        Ending::Killed {
            out_of_memory: true,
            ..
        } => (Cause::Sandbox(Sandbox::Memory), None),
        _ if subject.script_at_start().is_some() => at_start(subject),
        Ending::TimedOut { limit } => {
            let seconds = limit.as_secs();
            (Cause::Start(StartMistake::NeverEnds { seconds }), None)
        }
        Ending::Killed { code, .. } => (Cause::Start(StartMistake::Signal { code: *code }), None),
        Ending::Exited { code } => exited(subject, *code, &lines),
    };
    diagnosis(subject, cause, line.or(subject.start_line()))
}

type Found = (Cause, Option<u32>);

fn at_start(subject: &Subject<'_>) -> Found {
    let line = subject.script_at_start().map(|it| it.line);
    (Cause::Lesson(Lesson::ScriptAtStart), line)
}

fn not_started(subject: &Subject<'_>, reason: &str) -> Found {
    if let Some(found) = written_wrongly(subject) {
        return found;
    }
    let missing = |program: String, form| {
        let lesson = Lesson::ProgramMissing { program, form };
        (Cause::Lesson(lesson), None)
    };
    let mistake = match StartFault::of(reason) {
        Some(StartFault::Shell) if !starts_with(subject, "/bin/sh") => {
            return missing(first_word(subject), CommandForm::Shell);
        }
        Some(StartFault::Shell) => return missing("/bin/sh".to_owned(), CommandForm::List),
        Some(StartFault::Program(program)) => return missing(program, CommandForm::List),
        Some(StartFault::Loader) => return no_loader(subject),
        Some(StartFault::Format) => StartMistake::NotAProgram {
            program: first_word(subject),
        },
        Some(StartFault::NoCommand) => {
            let line = subject.final_stage().map(|it| it.from.line);
            return (Cause::Start(StartMistake::NoCommand), line);
        }
        None => refused(reason),
    };
    (Cause::Start(mistake), None)
}

fn refused(reason: &str) -> StartMistake {
    if let Some((_, user)) = reason.split_once("unable to find user ") {
        let user = user.split(':').next().unwrap_or_default().to_owned();
        return StartMistake::UnknownUser { user };
    }
    let quoted = || {
        let (_, rest) = reason.split_once("exec: \"")?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    match quoted() {
        Some(program) if reason.contains("permission denied") => {
            StartMistake::NotExecutable { program }
        }
        Some(_) | None => StartMistake::Engine {
            said: reason.to_owned(),
        },
    }
}

/// The first instruction that says what to run, if it is a list that begins with this word.
fn starts_with(subject: &Subject<'_>, program: &str) -> bool {
    match subject.start().map(|it| &it.form) {
        Some(Form::Json(words)) => words.first().is_some_and(|it| it == program),
        Some(Form::Shell) | None => false,
    }
}

/// The program that a person meant, of a list or of a line for a shell.
fn first_word(subject: &Subject<'_>) -> String {
    let commands = subject.start().map(commands_of).unwrap_or_default();
    let word = commands.first().and_then(|it| it.words.first());
    word.cloned().unwrap_or_else(|| "/bin/sh".to_owned())
}

/// Its program is there, and what that needs to run is not.
fn no_loader(subject: &Subject<'_>) -> Found {
    let program = first_word(subject);
    let lesson = |lesson| (Cause::Lesson(lesson), None);
    let interpreter = subject.image.and_then(|image| interpreter(image, &program));
    let Some(line) = interpreter else {
        return lesson(Lesson::LoaderMissing { program });
    };
    let text = String::from_utf8_lossy(line);
    let named = text.split_whitespace().next().unwrap_or_default();
    // Then what the kernel looks for is the interpreter's name with a carriage return.
    let is_there = |image| matches!(at(image, named), There::Entry(_));
    if subject.image.is_some_and(is_there) {
        let file = program;
        return (Cause::Start(StartMistake::CarriageReturns { file }), None);
    }
    let program = named.to_owned();
    let form = CommandForm::List;
    lesson(Lesson::ProgramMissing { program, form })
}

/// A CMD or ENTRYPOINT whose text alone is not what its writer meant.
pub(super) fn written_wrongly(subject: &Subject<'_>) -> Option<Found> {
    let both = [subject.last("ENTRYPOINT"), subject.last("CMD")];
    both.into_iter().flatten().find_map(|it| {
        let mistake = quotes(it)
            .or_else(|| one_word(it))
            .or_else(|| variable(it))?;
        Some((Cause::Start(mistake), Some(it.line)))
    })
}

/// What begins like a list and is none.
fn quotes(instruction: &Instruction) -> Option<StartMistake> {
    let looks_like_list = instruction.arguments.starts_with('[')
        && instruction.arguments.ends_with(']')
        && instruction.form == Form::Shell;
    looks_like_list.then(|| StartMistake::Quotes {
        keyword: instruction.keyword.clone(),
    })
}

fn one_word(instruction: &Instruction) -> Option<StartMistake> {
    let Form::Json(words) = &instruction.form else {
        return None;
    };
    let [line] = words.as_slice() else {
        return None;
    };
    line.trim().contains(' ').then(|| StartMistake::OneWord {
        keyword: instruction.keyword.clone(),
        line: line.clone(),
    })
}

fn variable(instruction: &Instruction) -> Option<StartMistake> {
    let Form::Json(words) = &instruction.form else {
        return None;
    };
    let is_for_shell = words.iter().any(|it| it == "-c");
    let has_name = |word: &&String| {
        let after = word.split_once('$').map(|(_, rest)| rest);
        after.is_some_and(|it| it.starts_with(|it: char| it == '{' || it.is_ascii_alphabetic()))
    };
    let word = words.iter().find(has_name).filter(|_| !is_for_shell)?;
    Some(StartMistake::VariableInList {
        variable: word.clone(),
    })
}

fn exited(subject: &Subject<'_>, code: i64, lines: &[&str]) -> Found {
    let has = |sign: &str| lines.iter().any(|it| it.contains(sign));
    if let Some(sandbox) = sandboxed(&has) {
        return (Cause::Sandbox(sandbox), None);
    }
    if let Some(found) = written_wrongly(subject) {
        return found;
    }
    if let Some(file) = carriage_returns(lines) {
        return (Cause::Start(StartMistake::CarriageReturns { file }), None);
    }
    if let Some(keyword_lines) = cmd_is_argument(subject) {
        let entrypoint = CommandForm::List;
        let mistake = StartMistake::EntrypointWithCmd { entrypoint };
        return (Cause::Start(mistake), Some(keyword_lines));
    }
    if let (127, Some(program)) = (code, not_found(lines)) {
        let form = CommandForm::List;
        return (
            Cause::Lesson(Lesson::ProgramMissing { program, form }),
            None,
        );
    }
    if let Some(path) = path_before(lines, "Permission denied") {
        return unreadable(subject, path);
    }
    if let Some(path) = path_before(lines, "No such file or directory") {
        return no_file(subject, path);
    }
    let said = said(lines.iter().copied());
    (Cause::Start(StartMistake::ExitCode { code, said }), None)
}

/// What a program says that the sandbox keeps from what it wants.
fn sandboxed(has: &dyn Fn(&str) -> bool) -> Option<Sandbox> {
    let any = |signs: &[&str]| signs.iter().any(|sign| has(sign));
    if any(&["Read-only file system", "read-only file system"]) {
        Some(Sandbox::ReadOnly)
    } else if any(&[
        "Network is unreachable",
        "emporary failure in name resolution",
        "emporary failure resolving",
        "bad address",
        "Could not resolve host",
        "unable to resolve host address",
    ]) {
        Some(Sandbox::Network)
    } else if any(&["Cannot fork", "can't fork", "can't start new thread"]) {
        Some(Sandbox::Processes)
    } else if any(&["Cannot allocate memory", "MemoryError", "out of memory"]) {
        Some(Sandbox::Memory)
    } else if any(&["Operation not permitted"]) {
        Some(Sandbox::Capability)
    } else {
        None
    }
}

/// The line of a CMD whose words an ENTRYPOINT in list form takes for arguments, although they
/// begin with a program.
fn cmd_is_argument(subject: &Subject<'_>) -> Option<u32> {
    let entrypoint = subject.last("ENTRYPOINT")?;
    let cmd = subject.last("CMD")?;
    let commands = [entrypoint, cmd].map(commands_of);
    let [one, other] = commands
        .each_ref()
        .map(|it| it.first().map(Command::program));
    let is_shell = cmd.form == Form::Shell;
    (matches!(entrypoint.form, Form::Json(_)) && (is_shell || one == other)).then_some(cmd.line)
}

/// The path of `cat: /output.txt: Permission denied`, or of Python's `[Errno 2] No such file or
/// directory: '/output.txt'`.
pub(super) fn path_before(lines: &[&str], sign: &str) -> Option<String> {
    lines.iter().rev().find_map(|line| {
        let (before, after) = line.split_once(sign)?;
        let quoted = after.split('\'').nth(1);
        let path = if let Some(path) = quoted {
            path
        } else {
            let before = before.trim_end().trim_end_matches(':');
            let path = before.rsplit(": ").next()?;
            path.strip_prefix("can't open ").unwrap_or(path)
        };
        let path = path.trim_matches(['\'', '"', '`', '‘', '’']);
        (!path.is_empty() && !path.contains("Errno")).then(|| path.to_owned())
    })
}

/// Root without its capabilities may read no more than others may.
fn unreadable(subject: &Subject<'_>, path: String) -> Found {
    let user = subject
        .last("USER")
        .map(|it| it.arguments.trim().to_owned());
    let user = user.filter(|it| !matches!(it.split(':').next(), Some("root" | "0")));
    let line = subject.last("USER").map(|it| it.line);
    match user {
        None => (Cause::Sandbox(Sandbox::Capability), None),
        user => (Cause::Start(StartMistake::Unreadable { path, user }), line),
    }
}

/// The command names a file that it does not find.
fn no_file(subject: &Subject<'_>, path: String) -> Found {
    let directory = subject
        .image
        .map_or("/", |it| match &*it.config.working_dir {
            "" => "/",
            directory => directory,
        });
    let whole = joined(directory, &path);
    let volume = volume_over(subject, &whole);
    if let Some(line) = volume {
        let path = whole;
        return (Cause::Start(StartMistake::VolumeHides { path }), Some(line));
    }
    let there = subject.image.map(|image| at(image, &whole));
    if let Some(There::Dangling(link)) = there {
        let target = match &link.kind {
            Kind::Symlink { target } => Some(String::from_utf8_lossy(target).into_owned()),
            Kind::File { .. }
            | Kind::HardLink { .. }
            | Kind::Directory
            | Kind::Device
            | Kind::Whiteout
            | Kind::Opaque => None,
        };
        let mistake = StartMistake::DanglingLink {
            path: whole,
            target,
        };
        return (Cause::Start(mistake), None);
    }
    let name = super::shell::base_name(&whole).to_owned();
    let elsewhere = subject.image.map(|image| named(image, &name));
    let copied_to = elsewhere.unwrap_or_default().into_iter().next();
    let mistake = StartMistake::FileMissing { path, copied_to };
    (Cause::Start(mistake), None)
}

/// The line of the VOLUME that lies over a path: what a build puts there afterwards is lost, and
/// the kit's run gives it an empty directory.
pub(super) fn volume_over(subject: &Subject<'_>, path: &str) -> Option<u32> {
    volume_of(subject, subject.final_stage()?, path)
}

/// The same in any stage.
pub(super) fn volume_of(subject: &Subject<'_>, stage: &Stage, path: &str) -> Option<u32> {
    let steps = subject.steps_of(stage);
    let volumes = steps
        .iter()
        .map(|(_, it)| *it)
        .filter(|it| it.keyword == "VOLUME");
    let mut over = volumes.filter(|it| {
        let words = match &it.form {
            Form::Json(words) => words.clone(),
            Form::Shell => it.arguments.split_whitespace().map(str::to_owned).collect(),
        };
        words.iter().any(|volume| {
            let volume = joined("/", volume);
            path.strip_prefix(&*volume)
                .is_some_and(|it| it.starts_with('/'))
        })
    });
    over.next().map(|it| it.line)
}
