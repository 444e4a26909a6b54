use std::collections::BTreeMap;

use crate::dockerfile::{Dockerfile, LineageStep, Origin as Root};
use crate::model::{HistoryEntry, ImageRecord, Place, Step, redact};

use super::contradiction::contradicts;
use super::makers::{Made, is_filler, makers};
use super::recorded;

/// The Dockerfile that an image was built from.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    pub dockerfile: &'a Dockerfile,
    /// As findings name it.
    pub name: String,
    pub target: Option<String>,
    /// The build's arguments, as `dockerfile` takes them.
    pub args: BTreeMap<String, Option<String>>,
}

/// Which instruction made each layer.
pub(super) struct Origins {
    /// One for each layer.
    pub(super) steps: Vec<Option<Step>>,
    /// The lowest layer that is not known to be the base's; `None` where nothing tells.
    pub(super) own_from: Option<usize>,
}

/// The FROM that chose the base.
pub(super) fn from(source: &Source) -> Option<Place> {
    let lineage = source
        .dockerfile
        .lineage(source.target.as_deref(), &source.args)?;
    let lowest = lineage.steps.first()?.stage;
    Some(Place {
        dockerfile: source.name.clone(),
        line: Some(lowest.from.line),
    })
}

/// Joins history and layers, and the history with the Dockerfile if one is given. If there are
/// more entries than layers (a squashed image), nothing can be said.
pub(super) fn origins(record: &ImageRecord, source: Option<&Source>) -> Origins {
    let history = &record.config.history;
    let Some(mut makers) = makers(history, record.layers.len()) else {
        return Origins {
            steps: vec![None; record.layers.len()],
            own_from: None,
        };
    };
    let matched = source.and_then(|source| matched(history, source));
    let own_from = matched
        .as_ref()
        .map(|steps| first_own(&makers, steps))
        .or_else(|| roots(history, &makers));
    let lacks_entry = makers.first().is_some_and(|made| made.entry.is_none());
    if let (Some(own_from), true) = (own_from, matched.is_some() && lacks_entry) {
        // Which of the base's own layers its entries made, nobody can tell.
        for made in &mut makers[..own_from] {
            made.by.clear();
        }
    }
    let shown = recorded::Shown::of(&record.config, source.map(|source| &source.args));
    let step = |number: &usize| {
        let by_file = matched.as_ref().and_then(|steps| steps[*number].clone());
        by_file.or_else(|| shown.step(&history[*number]))
    };
    let steps = makers
        .iter()
        .map(|made| joined(made.by.iter().filter_map(step)));
    Origins {
        steps: steps.collect(),
        own_from,
    }
}

/// Several instructions that made one layer, as one step.
fn joined(steps: impl Iterator<Item = Step>) -> Option<Step> {
    steps.reduce(|mut first, next| {
        first.instruction = format!("{}; {}", first.instruction, next.instruction);
        first
    })
}

/// How many stages are tried for that. Each costs a walk through the file.
const TRIED: usize = 64;

/// The Dockerfile with the target that can have made the image: its last stage, else the
/// nearest before that. `None` where its history says otherwise.
pub fn made_by<'a>(record: &ImageRecord, source: &Source<'a>) -> Option<Source<'a>> {
    let history = &record.config.history;
    let stages = source.dockerfile.stages.iter().rev();
    let earlier = stages
        .skip(1)
        .take(TRIED)
        .map(|stage| Some(stage.index.to_string()));
    let mut targets = std::iter::once(None).chain(earlier);
    targets.find_map(|target| {
        let is_last = target.is_none();
        let source = Source {
            target,
            ..source.clone()
        };
        let steps = paired(history, &source)?;
        let mut pairs = history.iter().zip(&steps);
        let is_other = pairs.any(|(entry, step)| {
            step.is_some_and(|step| contradicts(&entry.created_by, step.instruction))
        });
        // A stage that adds nothing would fit every image.
        let says_something = is_last || steps.iter().any(Option::is_some);
        (says_something && !is_other).then_some(source)
    })
}

/// A file system that was imported, or that is followed by a CMD before anything is built on
/// it, is a base. What that base's own Dockerfile added can't be told from what came later.
fn roots(history: &[HistoryEntry], makers: &[Made]) -> Option<usize> {
    let (first, second) = (makers.first()?.entry?, makers.get(1)?.entry?);
    let imported = history[first].comment.as_deref().unwrap_or_default();
    let mut between = history[first..second].iter();
    let is_cmd = |entry: &HistoryEntry| recorded::keyword(&entry.created_by) == Some("CMD");
    (imported.starts_with("Imported from") || between.any(is_cmd)).then_some(1)
}

/// Empty entries of this Dockerfile may come before its first layer.
fn first_own(makers: &[Made], steps: &[Option<Step>]) -> usize {
    let first = steps.iter().position(Option::is_some);
    let first = first.unwrap_or(steps.len());
    let is_own = |made: &Made| made.entry.is_some_and(|entry| entry >= first);
    makers.iter().position(is_own).unwrap_or(makers.len())
}

/// The instruction of each history entry, with its place.
fn matched(history: &[HistoryEntry], source: &Source) -> Option<Vec<Option<Step>>> {
    let steps = paired(history, source)?.into_iter();
    let steps = steps.map(|step| step.map(|step| placed(&step, source)));
    Some(steps.collect())
}

/// The step of each history entry; `None` where this Dockerfile can't have made them.
///
/// Builders write one entry for each instruction but FROM, so the two are compared from the
/// end, keyword by keyword. Two exceptions, both measured: `BuildKit` has no entry for ONBUILD,
/// and the classic builder writes the labels of its command line as one more LABEL.
fn paired<'a>(
    history: &[HistoryEntry],
    source: &Source<'a>,
) -> Option<Vec<Option<LineageStep<'a>>>> {
    let lineage = source
        .dockerfile
        .lineage(source.target.as_deref(), &source.args)?;
    let mut steps = vec![None; history.len()];
    let mut rest = history.len();
    for step in lineage.steps.iter().rev() {
        let keyword = step.instruction.keyword.as_str();
        loop {
            while rest
                .checked_sub(1)
                .is_some_and(|last| is_filler(&history[last]))
            {
                rest -= 1;
            }
            let made = rest
                .checked_sub(1)
                .and_then(|last| recorded::keyword(&history[last].created_by));
            if made == Some(keyword) {
                rest -= 1;
                steps[rest] = Some(*step);
                break;
            }
            match made {
                _ if keyword == "ONBUILD" => break,
                Some("LABEL") => rest -= 1,
                _ => return None,
            }
        }
    }
    (lineage.origin != Root::Scratch || rest == 0).then_some(steps)
}

fn placed(step: &LineageStep, source: &Source) -> Step {
    Step {
        stage: Some(step.stage.label()),
        instruction: redact(&step.instruction.text),
        place: Some(Place {
            dockerfile: source.name.clone(),
            line: Some(step.instruction.line),
        }),
    }
}
