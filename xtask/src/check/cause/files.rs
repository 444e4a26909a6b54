//! How files that the exercise forbids get into the final image.

use super::{Subject, diagnosis};
use crate::dockerfile::Instruction;
use crate::model::{Cause, Diagnosis, FoundFile, Lesson};

/// Why the image holds files that it should not; there is one at least.
pub fn of_files(subject: &Subject<'_>, found: &[FoundFile]) -> Diagnosis {
    let kept = || found.iter().filter(|it| !it.is_removed);
    let line = |it: &FoundFile| it.place.as_ref().and_then(|it| it.line);
    let Some(worst) = kept().max_by_key(|it| it.bytes) else {
        let removed = found.iter().max_by_key(|it| it.bytes);
        let lesson = Lesson::RemovedLater {
            path: removed.map(path).unwrap_or_default(),
            part: removed.map(|it| it.part.clone()).unwrap_or_default(),
        };
        let line = remover(subject).or(removed.and_then(line));
        return diagnosis(subject, Cause::Lesson(lesson), line);
    };
    let last = subject.final_stage();
    if worst.is_of_base {
        let lesson = Lesson::Forbidden {
            path: path(worst),
            part: worst.part.clone(),
            base: last.map(|it| it.base.clone()),
        };
        return diagnosis(subject, Cause::Lesson(lesson), last.map(|it| it.from.line));
    }
    let steps = last.map(|it| subject.steps_of(it)).unwrap_or_default();
    let maker = steps
        .iter()
        .map(|(_, it)| *it)
        .find(|it| Some(it.line) == line(worst));
    let lesson = match maker.and_then(copied_whole) {
        Some(stage) => Lesson::WholeFileSystem { stage },
        None => Lesson::Forbidden {
            path: path(worst),
            part: worst.part.clone(),
            base: None,
        },
    };
    diagnosis(subject, Cause::Lesson(lesson), line(worst))
}

fn path(file: &FoundFile) -> String {
    format!("/{}", file.path)
}

/// The stage of a `COPY --from=build / /`.
fn copied_whole(copy: &Instruction) -> Option<String> {
    let from = copy.flag("from")?;
    let source = copy.arguments.split_whitespace().next()?;
    let is_root = matches!(
        source.trim_matches(['"', '[', ',']),
        "/" | "/." | "/*" | "//"
    );
    is_root.then(|| from.to_owned())
}

/// The line of the last RUN of the final stage that removes something.
fn remover(subject: &Subject<'_>) -> Option<u32> {
    let stage = subject.final_stage()?;
    let removes = |it: &&Instruction| {
        let words = ["rm ", "purge", "remove", "uninstall", "del "];
        it.keyword == "RUN" && words.iter().any(|word| it.arguments.contains(word))
    };
    stage
        .instructions
        .iter()
        .rev()
        .find(removes)
        .map(|it| it.line)
}
