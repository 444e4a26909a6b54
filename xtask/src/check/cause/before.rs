//! What the Dockerfile's text alone shows to be wrong.

use super::{Subject, diagnosis};
use crate::dockerfile::{Instruction, Origin, Stage};
use crate::model::{Cause, Diagnosis, Lesson, Mistake, is_keyword, mistyped};

/// Images that students' Dockerfiles stand on.
const BASES: [&str; 22] = [
    "alpine",
    "almalinux",
    "amazonlinux",
    "archlinux",
    "bash",
    "busybox",
    "centos",
    "debian",
    "fedora",
    "gcc",
    "golang",
    "httpd",
    "nginx",
    "node",
    "openjdk",
    "perl",
    "php",
    "pypy",
    "python",
    "ruby",
    "rust",
    "ubuntu",
];

/// What the Dockerfile's text alone shows to be wrong, so that nothing needs to be built or
/// pulled: the first mistake of the file.
pub fn before_build(subject: &Subject<'_>) -> Option<Diagnosis> {
    if subject.file.has_frontend {
        return None;
    }
    let no_from = || diagnosis(subject, Cause::Mistake(Mistake::NoFrom), None);
    let before_from = subject.file.preamble.iter().find(|it| it.keyword != "ARG");
    if before_from.is_some_and(|it| !is_keyword(&it.keyword)) {
        // The builder names the word.
        return None;
    }
    if let Some(instruction) = before_from {
        let line = Some(instruction.line);
        return Some(Diagnosis { line, ..no_from() });
    }
    if subject.file.stages.is_empty() {
        return Some(no_from());
    }
    let mut stages = subject.file.stages.iter();
    let found = stages.find_map(|stage| {
        let of_from = of_from(subject, stage).map(|cause| (stage.from.line, cause));
        let of_copy = |it: &Instruction| Some((it.line, of_copy(subject, stage, it)?));
        of_from.or_else(|| stage.instructions.iter().find_map(of_copy))
    });
    match found {
        Some((line, cause)) => {
            let found = || diagnosis(subject, cause, Some(line));
            Some(swallowed(subject).unwrap_or_else(found))
        }
        // No text of theirs begins a line with an instruction.
        None => swallowed_by(subject, |it| {
            !["RUN", "ENV", "LABEL"].contains(&&*it.keyword)
        }),
    }
}

fn of_from(subject: &Subject<'_>, stage: &Stage) -> Option<Cause> {
    if let Some(flag) = single_dash(&stage.from) {
        return Some(Cause::Mistake(Mistake::SingleDash { flag }));
    }
    let target = stage.index.to_string();
    let origin = subject.file.lineage(Some(&target), subject.args)?.origin;
    if stage.base.contains('$') && origin == Origin::Image(String::new()) {
        let written = stage.base.clone();
        let declared = late_arg(subject, stage);
        return Some(Cause::Mistake(Mistake::EmptyBase { written, declared }));
    }
    let name = stage.base.to_ascii_lowercase();
    let all = &subject.file.stages;
    let (before, after) = all.split_at(stage.index);
    if is_named(before, &name) || name.contains([':', '/', '@', '$']) || is_base(&name) {
        return None;
    }
    let later = after.iter().find(|it| it.name.as_deref() == Some(&*name));
    if let Some(later) = later {
        return Some(stage_order(later));
    }
    let nearest = mistyped(&name, names(before))?.to_owned();
    Some(unknown_stage(&stage.base, Some(nearest), before))
}

/// The line of an ARG that gives the variable of a FROM its value, and stands too low.
fn late_arg(subject: &Subject<'_>, stage: &Stage) -> Option<u32> {
    let name = stage.base.trim_start_matches(['$', '{']);
    let end = name.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    let name = &name[..end.unwrap_or(name.len())];
    let all = subject.file.stages.iter().flat_map(|it| &it.instructions);
    let declares = |it: &&Instruction| {
        let declared = it.arguments.split(['=', ' ']).next();
        it.keyword == "ARG" && declared == Some(name)
    };
    all.filter(declares).map(|it| it.line).next()
}

fn of_copy(subject: &Subject<'_>, stage: &Stage, instruction: &Instruction) -> Option<Cause> {
    if !matches!(instruction.keyword.as_str(), "COPY" | "ADD") {
        return None;
    }
    if let Some(flag) = single_dash(instruction) {
        return Some(Cause::Mistake(Mistake::SingleDash { flag }));
    }
    let from = instruction.flag("from")?;
    let name = from.to_ascii_lowercase();
    let all = &subject.file.stages;
    let before = &all[..stage.index];
    if is_named(before, &name) {
        return None;
    }
    if let Ok(index) = name.parse::<usize>() {
        return match all.get(index) {
            Some(_) if index < stage.index => None,
            Some(_) if index == stage.index => Some(Cause::Lesson(Lesson::FromItself { index })),
            Some(later) => Some(stage_order(later)),
            None => Some(unknown_stage(from, None, before)),
        };
    }
    if stage.name.as_deref() == Some(&*name) {
        let name = from.to_owned();
        return Some(Cause::Lesson(Lesson::FromOwnName { name }));
    }
    let later = all.iter().find(|it| it.name.as_deref() == Some(&*name));
    if let Some(later) = later {
        return Some(stage_order(later));
    }
    let nearest = mistyped(&name, names(before)).map(str::to_owned);
    let is_image = name.contains([':', '/', '@', '.', '$']) || is_base(&name);
    (nearest.is_some() || !is_image).then(|| unknown_stage(from, nearest, before))
}

/// `-from=build`, with one dash or one that a word processor made longer.
fn single_dash(instruction: &Instruction) -> Option<String> {
    let word = instruction.arguments.split_whitespace().next()?;
    let is_long = word.starts_with(['\u{2013}', '\u{2014}']);
    let is_single = word.starts_with('-') && !word.starts_with("--");
    ((is_single || is_long) && word.contains('=')).then(|| word.to_owned())
}

fn stage_order(later: &Stage) -> Cause {
    Cause::Mistake(Mistake::StageOrder {
        stage: later.label(),
        begins: later.from.line,
    })
}

fn unknown_stage(name: &str, nearest: Option<String>, before: &[Stage]) -> Cause {
    Cause::Lesson(Lesson::UnknownStage {
        name: name.to_owned(),
        nearest,
        stages: before.iter().map(Stage::label).collect(),
    })
}

fn names(stages: &[Stage]) -> impl Iterator<Item = &str> {
    stages.iter().filter_map(|it| it.name.as_deref())
}

fn is_named(stages: &[Stage], name: &str) -> bool {
    names(stages).any(|it| it == name)
}

fn is_base(name: &str) -> bool {
    name == "scratch" || BASES.contains(&name)
}

/// A line that goes on by a backslash, where the next one begins with an instruction: whatever
/// fails in such a file, that is why.
pub(super) fn swallowed(subject: &Subject<'_>) -> Option<Diagnosis> {
    swallowed_by(subject, |_| true)
}

fn swallowed_by(
    subject: &Subject<'_>,
    is_asked: impl Fn(&Instruction) -> bool,
) -> Option<Diagnosis> {
    let stages = subject.file.stages.iter();
    let mut all = stages.flat_map(|it| std::iter::once(&it.from).chain(&it.instructions));
    all.find_map(|instruction| {
        if !instruction.heredocs.is_empty() || !is_asked(instruction) {
            return None;
        }
        let mut lines = (instruction.line..).zip(instruction.raw.lines());
        let first = lines.next()?;
        let mut before = first.0;
        for (line, text) in lines {
            let word = text.split_whitespace().next().unwrap_or_default();
            // `echo RUN \` and the like are not in capitals, or not alone with their blank.
            if is_keyword(word) && word.chars().all(|it| it.is_ascii_uppercase()) {
                let mistake = Mistake::Swallowed {
                    keyword: word.to_owned(),
                    end_line: line,
                };
                return Some(diagnosis(subject, Cause::Mistake(mistake), Some(before)));
            }
            if !text.trim().is_empty() && !text.trim_start().starts_with('#') {
                before = line;
            }
        }
        None
    })
}
