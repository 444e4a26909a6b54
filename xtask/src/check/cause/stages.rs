//! Whether building and running are apart.

use super::before::swallowed;
use super::{Subject, diagnosis};
use crate::model::{Cause, Diagnosis, Lesson};

/// Why building and running are not apart; `None` where they are.
pub fn of_stages(subject: &Subject<'_>) -> Option<Diagnosis> {
    let last = subject.final_stage()?;
    let (lesson, line) = not_apart(subject)?;
    let line = line.unwrap_or(last.from.line);
    let found = || diagnosis(subject, Cause::Lesson(lesson), Some(line));
    Some(swallowed(subject).unwrap_or_else(found))
}

fn not_apart(subject: &Subject<'_>) -> Option<(Lesson, Option<u32>)> {
    let last = subject.final_stage()?;
    let count = subject.file.stages.len();
    if count < 2 {
        return Some((Lesson::SingleStage { stages: count }, None));
    }
    if let Some(start) = subject.script_at_start() {
        return Some((Lesson::ScriptAtStart, Some(start.line)));
    }
    let runs = subject.script_runs();
    if let Some(run) = runs.iter().find(|it| it.stage.index == last.index) {
        let line = Some(run.instruction.line);
        return Some((Lesson::SingleStage { stages: count }, line));
    }
    let steps = subject.steps_of(last);
    let parents = steps.iter().map(|(stage, _)| stage.index);
    let ancestors: Vec<usize> = parents.filter(|index| *index != last.index).collect();
    let run = runs.iter().find(|it| ancestors.contains(&it.stage.index));
    let of_run = run.map(|it| it.stage);
    // A script that runs by another program's hand is in the stage that its file is taken from.
    let taken = || {
        let mut copies = last.instructions.iter().filter_map(|it| it.flag("from"));
        let from = copies.find_map(|name| subject.file.target_stage(Some(name)))?;
        (runs.is_empty() && ancestors.contains(&from.index)).then_some(from)
    };
    let stage = of_run.or_else(taken)?;
    let stage = stage.label();
    Some((Lesson::BuiltOnBuildStage { stage }, None))
}
