//! Why a submission does not build.

use super::before::swallowed;
use super::run::volume_of;
use super::scene::{ScriptRun, joined};
use super::shell::{Joint, base_name, commands_of, mentions};
use super::{Subject, diagnosis, said};
use crate::dockerfile::{Form, Instruction, Stage, as_shown};
use crate::model::{
    BuildCause, BuildFailure, BuildFault, Cause, Diagnosis, Forgery, Lesson, Mistake, StartFault,
    StartMistake, mistyped, nearest,
};

/// The flags of each instruction (Dockerfile reference).
const FLAGS: [&str; 16] = [
    "from",
    "chown",
    "chmod",
    "link",
    "parents",
    "exclude",
    "platform",
    "mount",
    "network",
    "security",
    "checksum",
    "keep-git-dir",
    "interval",
    "timeout",
    "retries",
    "start-period",
];

/// Why it does not build.
pub fn of_build(subject: &Subject<'_>, failure: &BuildFailure) -> Diagnosis {
    if let Some(found) = swallowed(subject) {
        return found;
    }
    let failed = failed(subject, failure);
    let line = failure.line.or(failed.map(|(_, it)| it.line));
    let reason = failure.log.last().map_or("", String::as_str);
    let fault = BuildFault::of(failure.cause, reason);
    let cause = match (failure.cause, failed) {
        (BuildCause::Run { exit_code }, Some((stage, it))) => {
            return of_run(subject, stage, it, exit_code, &failure.log);
        }
        (BuildCause::SourceMissing, Some((stage, it))) if is_copy(it) => {
            let (cause, line) = source_missing(subject, stage, it, reason);
            return diagnosis(subject, cause, line.or(Some(it.line)));
        }
        (BuildCause::Refused, Some((stage, it)))
            if is_copy(it) && reason.ends_with("no such file or directory") =>
        {
            let (cause, line) = source_missing(subject, stage, it, reason);
            return diagnosis(subject, cause, line.or(Some(it.line)));
        }
        (BuildCause::Run { exit_code }, None) => Cause::Mistake(Mistake::RunFailed {
            exit_code,
            said: said(failure.log.iter().map(String::as_str)),
        }),
        (BuildCause::Syntax | BuildCause::Refused | BuildCause::SourceMissing, _) => match fault {
            Some(fault) => of_fault(fault),
            None => refused(subject, line, reason),
        },
    };
    diagnosis(subject, cause, line)
}

fn is_copy(instruction: &Instruction) -> bool {
    matches!(instruction.keyword.as_str(), "COPY" | "ADD")
}

/// The instruction that failed, and its stage.
fn failed<'a>(
    subject: &Subject<'a>,
    failure: &BuildFailure,
) -> Option<(&'a Stage, &'a Instruction)> {
    let stages = subject.file.stages.iter();
    let mut all = stages.flat_map(|stage| {
        let instructions = std::iter::once(&stage.from).chain(&stage.instructions);
        instructions.map(move |it| (stage, it))
    });
    if let Some(line) = failure.line {
        let is_there = |(_, it): &(_, &Instruction)| (it.line..=it.end_line).contains(&line);
        return all.find(is_there);
    }
    let wanted = as_shown(failure.instruction.as_ref()?);
    all.rfind(|(_, it)| it.text == wanted || as_shown(&it.raw) == wanted)
}

fn of_fault(fault: BuildFault) -> Cause {
    match fault {
        BuildFault::UnknownInstruction { word, nearest } => {
            Cause::Mistake(Mistake::UnknownInstruction { word, nearest })
        }
        BuildFault::EmptyBase { written } => Cause::Mistake(Mistake::EmptyBase {
            written,
            declared: None,
        }),
        BuildFault::FromItself { index } => Cause::Lesson(Lesson::FromItself { index }),
    }
}

/// What the builder refuses in words of its own.
fn refused(subject: &Subject<'_>, line: Option<u32>, reason: &str) -> Cause {
    let lower = reason.to_ascii_lowercase();
    if let Some((_, flag)) = lower.split_once("unknown flag: ") {
        let flag = flag.split_whitespace().next().unwrap_or_default();
        let flag = flag.trim_start_matches('-').to_owned();
        let stages = subject.file.stages.iter();
        let mut all = stages.flat_map(|it| std::iter::once(&it.from).chain(&it.instructions));
        let named = all.find(|it| Some(it.line) == line);
        return Cause::Mistake(Mistake::UnknownFlag {
            instruction: named.map(|it| it.keyword.clone()).unwrap_or_default(),
            nearest: mistyped(&flag, FLAGS),
            flag,
        });
    }
    if lower.contains("no build stage in current context") || lower.contains("no instructions") {
        return Cause::Mistake(Mistake::NoFrom);
    }
    if let Some((_, user)) = reason.split_once("unable to find user ") {
        let user = user.split(':').next().unwrap_or_default().to_owned();
        return Cause::Start(StartMistake::UnknownUser { user });
    }
    let mistake = match StartFault::of(reason) {
        Some(StartFault::Shell) => Mistake::ToolMissing {
            program: "/bin/sh".to_owned(),
        },
        Some(StartFault::Program(program)) => Mistake::ToolMissing { program },
        Some(StartFault::Loader | StartFault::Format | StartFault::NoCommand) | None => {
            Mistake::Builder {
                said: reason.to_owned(),
            }
        }
    };
    Cause::Mistake(mistake)
}

/// A COPY or ADD of what is not there.
fn source_missing(
    subject: &Subject<'_>,
    stage: &Stage,
    instruction: &Instruction,
    reason: &str,
) -> (Cause, Option<u32>) {
    let sources = sources(instruction);
    let is_named = |source: &&String| {
        let bare = source.trim_start_matches('/').trim_start_matches("./");
        !bare.is_empty() && mentions(reason, bare)
    };
    let path = sources.iter().find(is_named).or(sources.first());
    let path = path.cloned().unwrap_or_default();
    match instruction.flag("from") {
        Some(from) => not_in_stage(subject, stage, from, &path),
        None => (not_in_context(subject, path), None),
    }
}

fn sources(instruction: &Instruction) -> Vec<String> {
    let mut words = match &instruction.form {
        Form::Json(words) => words.clone(),
        Form::Shell => {
            let words = instruction.arguments.split_whitespace();
            words.map(|it| it.trim_matches('"').to_owned()).collect()
        }
    };
    words.pop();
    words
}

fn not_in_stage(
    subject: &Subject<'_>,
    stage: &Stage,
    from: &str,
    path: &str,
) -> (Cause, Option<u32>) {
    let all = &subject.file.stages;
    let source = all[..stage.index].iter().rev().find(|it| {
        let is_number = from.parse() == Ok(it.index);
        it.name.as_deref() == Some(&*from.to_ascii_lowercase()) || is_number
    });
    let wrong_path = |stage: String| {
        Cause::Lesson(Lesson::WrongPath {
            path: path.to_owned(),
            stage,
        })
    };
    let Some(source) = source else {
        return (wrong_path(from.to_owned()), None);
    };
    if base_name(path) != subject.output {
        return (wrong_path(source.label()), None);
    }
    let chain: Vec<usize> = subject
        .steps_of(source)
        .iter()
        .map(|(it, _)| it.index)
        .collect();
    let is_in = |index: usize| index == source.index || chain.contains(&index);
    let runs = subject.script_runs();
    if let Some(run) = runs.iter().find(|it| is_in(it.stage.index)) {
        return match quiet(run) {
            Some(forgery) => (forged(forgery), Some(run.instruction.line)),
            None => match volume_of(subject, source, &joined("/", path)) {
                Some(line) => {
                    let path = joined("/", path);
                    (Cause::Start(StartMistake::VolumeHides { path }), Some(line))
                }
                None => (wrong_path(source.label()), None),
            },
        };
    }
    if let Some((keyword, line)) = elsewhere(subject, source) {
        let cause = Cause::Lesson(Lesson::WrongInstruction { keyword });
        return (cause, Some(line));
    }
    if runs.is_empty() {
        return (forged(Forgery::NotRun), None);
    }
    (wrong_path(source.label()), None)
}

/// How a RUN goes on although its script failed or is not over.
pub(super) fn quiet(run: &ScriptRun<'_>) -> Option<Forgery> {
    match run.command.after {
        Joint::Background => Some(Forgery::Background),
        Joint::Or => Some(Forgery::HiddenFailure),
        Joint::Edge | Joint::And | Joint::Then | Joint::Pipe => None,
    }
}

fn forged(forgery: Forgery) -> Cause {
    Cause::Lesson(Lesson::Forged(forgery))
}

/// The CMD, ENTRYPOINT or ONBUILD of a stage that executes the script where RUN should.
fn elsewhere(subject: &Subject<'_>, stage: &Stage) -> Option<(String, u32)> {
    let executes = |it: &Instruction| {
        let commands = commands_of(it);
        commands
            .iter()
            .any(|command| command.executes(subject.script))
    };
    stage.instructions.iter().find_map(|it| {
        let is_wrong = match it.keyword.as_str() {
            "CMD" | "ENTRYPOINT" => executes(it),
            "ONBUILD" => it.trigger.as_deref().is_some_and(executes),
            _ => false,
        };
        is_wrong.then(|| (it.keyword.clone(), it.line))
    })
}

fn not_in_context(subject: &Subject<'_>, path: String) -> Cause {
    let name = base_name(&path);
    if name == subject.output {
        return forged(Forgery::Committed);
    }
    if subject.ignored.iter().any(|it| base_name(it) == name) {
        return Cause::Mistake(Mistake::IgnoredFile { path });
    }
    let there = subject.context.iter().map(String::as_str);
    let same_name = there.clone().find(|it| base_name(it) == name);
    let names = there.clone().map(base_name);
    let near = mistyped(name, names.clone()).map(str::to_owned);
    let near = same_name.map(str::to_owned).or(near);
    let alike = || nearest(name, names).filter(|it| strsim_is_close(name, it));
    Cause::Mistake(Mistake::MissingFile {
        nearest: near.or_else(alike),
        path,
    })
}

/// `script.py` and `simple_script.py`: one ends as the other does.
fn strsim_is_close(one: &str, other: &str) -> bool {
    one.ends_with(other) || other.ends_with(one) || one.eq_ignore_ascii_case(other)
}

/// A RUN that failed.
fn of_run(
    subject: &Subject<'_>,
    stage: &Stage,
    instruction: &Instruction,
    exit_code: Option<i64>,
    log: &[String],
) -> Diagnosis {
    let line = Some(instruction.line);
    let lines: Vec<&str> = log.iter().map(String::as_str).collect();
    let script = base_name(subject.script);
    let runs = subject.script_runs();
    let run = runs
        .iter()
        .find(|it| it.instruction.line == instruction.line);
    let has = |sign: &str| lines.iter().any(|it| it.contains(sign));
    let of_script = lines.iter().any(|it| mentions(it, script));
    let cause = if let Some(run) = run
        && of_script
        && (has("No such file or directory") || has("not found"))
        && !is_read_by_shell(&lines, script)
    {
        Cause::Mistake(script_not_found(subject, stage, run))
    } else if run.is_some() && is_read_by_shell(&lines, script) {
        let program = script.to_owned();
        Cause::Start(StartMistake::NotAProgram { program })
    } else if run.is_some() && of_script && has("Permission denied") {
        let program = script.to_owned();
        Cause::Start(StartMistake::NotExecutable { program })
    } else if let Some(file) = carriage_returns(&lines) {
        Cause::Start(StartMistake::CarriageReturns { file })
    } else if let (Some(program), Some(127)) = (not_found(&lines), exit_code) {
        Cause::Mistake(Mistake::ToolMissing { program })
    } else {
        let said = said(lines.iter().copied());
        Cause::Mistake(Mistake::RunFailed { exit_code, said })
    };
    diagnosis(subject, cause, line)
}

/// `./x.py: 1: import: not found`, `./x.py: line 1: …`: a shell reads what is not for a shell.
fn is_read_by_shell(lines: &[&str], script: &str) -> bool {
    lines.iter().any(|it| {
        let after = it.split_once(&format!("{script}: ")).map(|(_, rest)| rest);
        after.is_some_and(|rest| {
            let rest = rest.strip_prefix("line ").unwrap_or(rest);
            rest.starts_with(|it: char| it.is_ascii_digit())
        })
    })
}

/// The program of `/bin/sh: 1: python: not found` or `bash: line 1: python: command not found`.
pub(super) fn not_found(lines: &[&str]) -> Option<String> {
    lines.iter().rev().find_map(|line| {
        let line = strip_colour(line);
        let before = line
            .strip_suffix(": command not found")
            .or_else(|| line.strip_suffix(": not found"))?;
        let program = before.rsplit(": ").next()?;
        (!program.is_empty()).then(|| program.to_owned())
    })
}

/// The classic builder colours what a RUN writes to stderr.
pub(super) fn strip_colour(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        clean.push_str(before);
        rest = after.split_once('m').map_or("", |(_, rest)| rest);
    }
    clean.push_str(rest);
    clean.trim_end_matches('\n').to_owned()
}

/// The file whose lines end in a carriage return, by what shells and kernels say of such lines.
pub(super) fn carriage_returns(lines: &[&str]) -> Option<String> {
    let line = lines.iter().find(|it| {
        let it = it.trim_end_matches(['\r', '\n']);
        it.contains('\r') || it.contains("$'\\r'") || it.contains("^M") || it.contains("\\r'")
    })?;
    let file = line
        .split(": ")
        .map(str::trim)
        .find(|it| it.contains('/') || it.contains('.'));
    Some(file.unwrap_or_default().replace('\r', ""))
}

fn script_not_found(subject: &Subject<'_>, stage: &Stage, run: &ScriptRun<'_>) -> Mistake {
    let before = |it: &&Instruction| it.line < run.instruction.line;
    let instructions = stage.instructions.iter().filter(before);
    let copy = instructions
        .clone()
        .filter(|it| matches!(it.keyword.as_str(), "COPY" | "ADD"));
    let lies_in = copy.filter_map(|it| placed(subject, stage, it)).next_back();
    let cd = instructions.filter(|it| it.keyword == "RUN").filter(|it| {
        let commands = commands_of(it);
        commands.last().is_some_and(|it| it.program() == "cd")
    });
    Mistake::ScriptNotFound {
        looked_in: run.directory.clone().unwrap_or_else(|| "/".to_owned()),
        lies_in,
        cd_line: cd.map(|it| it.line).next_back(),
    }
}

/// The directory in which a COPY puts the script; `None` for one that copies something else.
fn placed(subject: &Subject<'_>, stage: &Stage, copy: &Instruction) -> Option<String> {
    if copy.flag("from").is_some() {
        return None;
    }
    let script = base_name(subject.script);
    let brings = |source: &String| {
        let source = source.trim_start_matches("./").trim_end_matches('/');
        base_name(source) == script || matches!(source, "" | "." | "*") || source == "*.py"
    };
    if !sources(copy).iter().any(brings) {
        return None;
    }
    let to = match &copy.form {
        Form::Json(words) => words.last()?.clone(),
        Form::Shell => copy.arguments.split_whitespace().last()?.to_owned(),
    };
    let directory = subject.directory_at(stage, copy.line)?;
    let whole = joined(&directory, &to);
    if base_name(&whole) == script {
        let parent = whole.rsplit_once('/').map_or("/", |(parent, _)| parent);
        return Some(if parent.is_empty() { "/" } else { parent }.to_owned());
    }
    Some(whole)
}
