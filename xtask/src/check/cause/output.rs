//! Why a container prints something else than the script's file.

use super::before::swallowed;
use super::build::quiet;
use super::run::{volume_over, written_wrongly};
use super::shell::{Command, Joint, base_name, commands_of};
use super::{Subject, diagnosis};
use crate::dockerfile::{Form, Instruction, Stage};
use crate::model::{
    BuildFailure, Cause, CommandForm, Diagnosis, Forgery, Lesson, OutputFault, Run, StartMistake,
};

/// Shorter lines of an output may be in any Dockerfile.
const TELLING: usize = 6;

/// Why its output is not the expected one.
pub fn of_output(subject: &Subject<'_>, run: &Run, expected: &[u8]) -> Diagnosis {
    if let Some(found) = swallowed(subject) {
        return found;
    }
    let actual = run.stdout.kept.as_slice();
    let fault = fault(run, expected);
    let is_nothing = fault == OutputFault::Nothing;
    let mistaken = written_wrongly(subject).or_else(|| {
        let lost = || of_nothing(subject).filter(|_| is_nothing);
        lost().or_else(|| several(subject))
    });
    match mistaken {
        Some((cause, line)) if actual != expected => diagnosis(subject, cause, line),
        _ => {
            let cause = Cause::Lesson(Lesson::Output(fault));
            diagnosis(subject, cause, subject.start_line())
        }
    }
}

type Found = (Cause, Option<u32>);

/// Why nothing is printed, where the Dockerfile tells.
fn of_nothing(subject: &Subject<'_>) -> Option<Found> {
    let stage = subject.final_stage()?;
    let Some(start) = subject.start() else {
        return Some((Cause::Start(StartMistake::NoCommand), Some(stage.from.line)));
    };
    let entrypoint = subject.last("ENTRYPOINT");
    let cmd = subject.last("CMD");
    if let (Some(entrypoint), Some(cmd)) = (entrypoint, cmd)
        && entrypoint.form == Form::Shell
    {
        let entrypoint = CommandForm::Shell;
        let mistake = StartMistake::EntrypointWithCmd { entrypoint };
        return Some((Cause::Start(mistake), Some(cmd.line)));
    }
    let commands = commands_of(start);
    let mut files = commands.iter().flat_map(Command::arguments);
    let path = files.find(|it| base_name(it) == subject.output)?;
    let line = volume_over(subject, path)?;
    let path = path.clone();
    Some((Cause::Start(StartMistake::VolumeHides { path }), Some(line)))
}

/// Two CMD (or ENTRYPOINT) in the final stage: the one that shows the file may be lost.
fn several(subject: &Subject<'_>) -> Option<Found> {
    let stage = subject.final_stage()?;
    ["ENTRYPOINT", "CMD"].into_iter().find_map(|keyword| {
        let of_keyword = stage.instructions.iter().filter(|it| it.keyword == keyword);
        let lines: Vec<u32> = of_keyword.map(|it| it.line).collect();
        let last = *lines.last()?;
        let mistake = StartMistake::SeveralCommands {
            keyword: keyword.to_owned(),
            lines,
        };
        match &mistake {
            StartMistake::SeveralCommands { lines, .. } if lines.len() > 1 => {
                Some((Cause::Start(mistake), Some(last)))
            }
            _ => None,
        }
    })
}

/// How an output differs from the file.
fn fault(run: &Run, expected: &[u8]) -> OutputFault {
    let actual = run.stdout.kept.as_slice();
    let is_in_stderr = !expected.is_empty() && contains(&run.stderr.kept, expected);
    if actual.is_empty() {
        return if is_in_stderr {
            OutputFault::OnStderr
        } else {
            OutputFault::Nothing
        };
    }
    let same_lines = ended_alike(actual) == ended_alike(expected);
    if same_lines {
        OutputFault::LineEnds
    } else if is_repeated(actual, expected) {
        OutputFault::Twice
    } else if let Some(extra) = extra(actual, expected) {
        OutputFault::Extra { extra }
    } else if expected.starts_with(actual) || expected.ends_with(actual) {
        OutputFault::Partial
    } else if is_in_stderr {
        OutputFault::OnStderr
    } else {
        OutputFault::Other
    }
}

/// Its lines without their ends, nor empty ones at the end.
fn ended_alike(text: &[u8]) -> Vec<&[u8]> {
    let lines = text.split(|byte| *byte == b'\n' || *byte == b'\r');
    lines.filter(|line| !line.is_empty()).collect()
}

fn is_repeated(actual: &[u8], expected: &[u8]) -> bool {
    !expected.is_empty()
        && actual.len() > expected.len()
        && actual.chunks(expected.len()).all(|chunk| chunk == expected)
}

/// The first line that is printed before or after the file.
fn extra(actual: &[u8], expected: &[u8]) -> Option<String> {
    if expected.is_empty() {
        return first_line(actual);
    }
    let at = find(actual, expected)?;
    let (before, after) = (&actual[..at], &actual[at + expected.len()..]);
    first_line(before).or_else(|| first_line(after))
}

fn first_line(text: &[u8]) -> Option<String> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let line = lines.find(|line| !line.trim_ascii().is_empty())?;
    let line = String::from_utf8_lossy(line);
    Some(line.trim_end().chars().take(80).collect())
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    find(text, part).is_some()
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// Why it does not build with the canary in the script's place.
pub fn of_canary_build(subject: &Subject<'_>, failure: &BuildFailure) -> Diagnosis {
    let (forgery, line) = reading(subject).unwrap_or((Forgery::Other, failure.line));
    diagnosis(subject, Cause::Lesson(Lesson::Forged(forgery)), line)
}

/// Why its output does not follow the canary; `ordinary` is the given script's own output.
pub fn of_canary(subject: &Subject<'_>, run: &Run, ordinary: &[u8], canary: &[u8]) -> Diagnosis {
    let is_unmoved = run.stdout.kept == ordinary;
    let has_canary = contains(&run.stdout.kept, canary);
    let (forgery, line) = match is_unmoved {
        true => forged(subject, ordinary),
        false if has_canary => (Forgery::Other, subject.start_line()),
        false => reading(subject).unwrap_or_else(|| forged(subject, ordinary)),
    };
    diagnosis(subject, Cause::Lesson(Lesson::Forged(forgery)), line)
}

/// Where the Dockerfile takes text out of the script, or changes it.
fn reading(subject: &Subject<'_>) -> Option<(Forgery, Option<u32>)> {
    let all = subject.file.stages.iter().flat_map(|it| &it.instructions);
    let in_runs = all.clone().find_map(|it| {
        if !matches!(it.keyword.as_str(), "RUN" | "CMD" | "ENTRYPOINT") {
            return None;
        }
        let commands = commands_of(it);
        let is_changed = commands.iter().any(|it| it.changes(subject.script));
        let is_cut = commands.iter().any(|it| it.cuts_from(subject.script));
        let forgery = match (is_changed, is_cut) {
            (true, _) => Forgery::ChangedScript,
            (false, true) => Forgery::CutOut,
            (false, false) => return None,
        };
        Some((forgery, Some(it.line)))
    });
    in_runs.or_else(|| {
        let mut copies = all.filter(|it| matches!(it.keyword.as_str(), "COPY" | "ADD"));
        let replaces = |it: &&Instruction| {
            let words: Vec<&str> = it.arguments.split_whitespace().map(base_name).collect();
            let script = base_name(subject.script);
            words.split_last().is_some_and(|(to, from)| {
                *to == script && !from.contains(&script) && it.flag("from").is_none()
            })
        };
        let copy = copies.find(replaces)?;
        Some((Forgery::ChangedScript, Some(copy.line)))
    })
}

/// Where a text comes from that the script did not write.
fn forged(subject: &Subject<'_>, ordinary: &[u8]) -> (Forgery, Option<u32>) {
    if let Some(line) = hard_coded(subject, ordinary) {
        return (Forgery::HardCoded, Some(line));
    }
    if let Some(found) = reading(subject) {
        return found;
    }
    let runs = subject.script_runs();
    if let Some((run, forgery)) = runs.iter().find_map(|it| Some((it, quiet(it)?))) {
        return (forgery, Some(run.instruction.line));
    }
    if let Some(line) = committed(subject) {
        return (Forgery::Committed, Some(line));
    }
    let hides = |joint| joint == Joint::Then || joint == Joint::Pipe;
    if let Some(run) = runs.iter().find(|it| hides(it.command.after)) {
        return (Forgery::HiddenFailure, Some(run.instruction.line));
    }
    if runs.is_empty() {
        return (Forgery::NotRun, None);
    }
    (Forgery::Other, None)
}

/// The line of the Dockerfile that holds a line of the output.
fn hard_coded(subject: &Subject<'_>, ordinary: &[u8]) -> Option<u32> {
    let text = String::from_utf8_lossy(ordinary);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|it| it.len() >= TELLING)
        .collect();
    let mut all = subject.file.stages.iter().flat_map(|it| &it.instructions);
    let holds = |it: &&Instruction| lines.iter().any(|line| it.raw.contains(line));
    all.find(holds).map(|it| it.line)
}

/// The COPY that brings a file of the build context, and none that was given, into the stages
/// that make the final image.
fn committed(subject: &Subject<'_>) -> Option<u32> {
    let of_stage = |stage: &'_ Stage| {
        let mut copies = stage.instructions.iter().filter(|it| {
            matches!(it.keyword.as_str(), "COPY" | "ADD") && it.flag("from").is_none()
        });
        let brings = |it: &&Instruction| {
            let words: Vec<&str> = it.arguments.split_whitespace().collect();
            let from = words.split_last().map_or(&[][..], |(_, from)| from);
            let is_given = |word: &str| {
                let bare = word.trim_start_matches("./").trim_end_matches('/');
                let within = |it: &String| {
                    it == bare || it.strip_prefix(bare).is_some_and(|it| it.starts_with('/'))
                };
                subject.given.iter().any(within)
            };
            from.iter().any(|word| !is_given(word))
        };
        copies.find(brings).map(|it| it.line)
    };
    subject.file.stages.iter().rev().find_map(of_stage)
}
