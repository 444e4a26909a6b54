use std::cmp::Reverse;

use crate::lang::Word;
use crate::lang::listing as say;
use crate::lang::one_line;
use crate::model::{Bytes, Delta, DiffCause, PathChange, Step};
use crate::report::listing::{Column, Maker, Part, Sheet, folded, place, shown, sums};
use crate::report::{DiffPaths, DiffReport, DiffSide};

/// How many paths of a cause are named where nobody asked.
const SHOWN: usize = 10;

pub(super) fn of(report: &DiffReport, make: Maker) -> Sheet {
    let diff = &report.diff;
    let language = make.look.language;
    let [before, after] =
        [diff.unpacked.before, diff.unpacked.after].map(|bytes| make.say.size(bytes));
    let mut notes = vec![format!(
        "{before} → {after} ({})",
        make.say.delta(diff.unpacked.delta())
    )];
    if diff.causes.is_empty() {
        notes.push(make.say.word(Word::NoDifference).to_owned());
    } else {
        let shares = say::shares_of_change(diff.base_delta, diff.own_delta, language);
        notes.push(format!(
            "{shares}, {}",
            say::explained(diff.explained, language)
        ));
    }
    let told = report.before.base_told.min(report.after.base_told);
    if !diff.causes.is_empty() {
        notes.extend(say::base_told(told, language));
    }
    if report.paths == DiffPaths::Directories {
        notes.push(make.say.word(Word::DirectoriesOnly).to_owned());
    }
    let hides = hides_noise(&diff.causes, make);
    let has_news = |it: &&DiffCause| it.paths.iter().any(|path| !hides || path.delta().0 != 0);
    let with_paths = diff.causes.iter().filter(has_news);
    let parts = with_paths.map(|cause| paths(cause, make));
    Sheet {
        title: format!("{} → {}", name(&report.before), name(&report.after)),
        facts: Vec::new(),
        notes,
        parts: (!diff.causes.is_empty())
            .then(|| causes(&diff.causes, make))
            .into_iter()
            .chain(parts)
            .collect(),
    }
}

fn name(side: &DiffSide) -> String {
    match &side.variant {
        Some(variant) => format!("{} ({variant})", side.source),
        None => side.source.clone(),
    }
}

/// Whether causes of no size are beside the point: others have one, and nobody asked for the
/// smallest.
fn hides_noise(causes: &[DiffCause], make: Maker) -> bool {
    make.view.min != Some(Bytes(0)) && causes.iter().any(|cause| cause.delta.0 != 0)
}

fn causes(causes: &[DiffCause], make: Maker) -> Part {
    let hides = hides_noise(causes, make);
    let is_noise = |cause: &DiffCause| hides && cause.delta.0 == 0;
    let told = |step: &Step| (one_line(&step.instruction), place(step.place.as_ref()));
    let (named, same): (Vec<_>, Vec<_>) = causes.iter().partition(|cause| !is_noise(cause));
    let mut rows = Vec::new();
    for cause in named {
        let (text, at) = cause.step.as_ref().map(told).unwrap_or_default();
        let kind = make.say.word(cause.kind);
        rows.push(vec![
            make.say.delta(cause.delta),
            kind.to_owned(),
            text.clone(),
            at,
        ]);
        let was = cause.step_before.as_ref().map(told);
        if let Some((was, at)) = was.filter(|(was, _)| *was != text) {
            let mark = make.say.word(Word::Was).to_owned();
            rows.push(vec![String::new(), mark, was, at]);
        }
    }
    Part {
        heading: make.say.word(Word::Causes).to_owned(),
        columns: vec![
            (Word::Change, Column::Number),
            (Word::Cause, Column::Word),
            (Word::Instruction, Column::Text),
            (Word::Place, Column::Place),
        ],
        rows,
        rest: (!same.is_empty()).then(|| say::of_the_same_size(same.len(), make.look.language)),
    }
}

fn paths(cause: &DiffCause, make: Maker) -> Part {
    let all = match make.view.depth {
        Some(depth) => by_directory(&cause.paths, depth),
        None => cause.paths.clone(),
    };
    let moved = |it: &PathChange| it.delta().0.unsigned_abs();
    let (named, rest) = make.named(all, SHOWN, moved, |it| it.path.clone());
    let row = |it: &PathChange| {
        vec![
            make.say.delta(it.delta()),
            make.say.size(it.before),
            make.say.size(it.after),
            shown(&it.path),
        ]
    };
    let change: Delta = rest.iter().map(PathChange::delta).sum();
    let kind = make.say.word(cause.kind);
    let step = cause.step.as_ref();
    let step = step.map_or_else(String::new, |step| {
        format!(" · {}", one_line(&step.instruction))
    });
    Part {
        heading: format!("{} · {kind}{step}", make.say.delta(cause.delta)),
        columns: vec![
            (Word::Change, Column::Number),
            (Word::Before, Column::Number),
            (Word::After, Column::Number),
            (Word::Path, Column::Path),
        ],
        rows: named.iter().map(row).collect(),
        rest: (!rest.is_empty()).then(|| say::rest(&make.say.delta(change), make.look.language)),
    }
}

fn by_directory(paths: &[PathChange], depth: u16) -> Vec<PathChange> {
    let sides = paths
        .iter()
        .map(|it| (folded(&it.path, depth), (it.before, it.after)));
    let sums = sums(sides, |sum: &mut (Bytes, Bytes), (before, after)| {
        sum.0 += before;
        sum.1 += after;
    });
    let mut all: Vec<PathChange> = sums
        .into_iter()
        .map(|(path, (before, after))| PathChange {
            path,
            before,
            after,
        })
        .collect();
    all.sort_by_key(|it| Reverse(it.delta().0.unsigned_abs()));
    all
}
