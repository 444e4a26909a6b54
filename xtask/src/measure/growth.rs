use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{
    Bytes, CauseKind, Delta, ImagePath, LayerSize, Measure, Measured, PathChange, Policy, Step,
};

use super::align::{Pair, aligned};
use super::diff::{Layers, changes, directories, explained, kind, sort, step, sums};
use super::recorded::keyword;

/// One reason why an image has more or less of what its policy counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// `None` for a layer that did not change, and of which what counts did: a later
    /// instruction hides its files, or the base has come to hold it.
    pub kind: Option<CauseKind>,
    pub brought_by: BroughtBy,
    /// As the later image has it. `None` for a base, and where the history is silent.
    pub step: Option<Step>,
    pub delta: Delta,
    /// What changed there, of what counts; the largest change first, whichever its sign.
    pub paths: Vec<PathChange>,
}

/// Who brought a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BroughtBy {
    /// Another base image.
    Base,
    /// The change that is judged: it edits an instruction, or files that an instruction copies.
    Change,
    /// Nobody: an instruction has another result, though neither the instructions before it nor
    /// the files that they copy changed. Unpinned packages do so.
    Drift,
}

/// Why an image has more or less of what `policy` counts, and the share of the change that
/// these parts account for: 1.0 for any two images that were measured.
///
/// The largest growth first. All that drifted in the base is one part; parts that changed
/// nothing are left out.
///
/// `changed_at` are lines of instructions that read a file of the context which changed: what
/// comes from there on is no drift.
pub fn growth(
    before: &Measured,
    after: &Measured,
    policy: &Policy,
    changed_at: &[u32],
) -> (Vec<Part>, f64) {
    let sides = (before, after);
    let paths = Paths::of(sides, policy);
    let held = directories(before, after);
    let mut drift = Layers::default();
    let mut groups = Vec::new();
    let mut has_changed = false;
    for pair in aligned(&before.layers, &after.layers) {
        let layers = (
            pair.before.map(|number| &before.layers[number]),
            pair.after.map(|number| &after.layers[number]),
        );
        match kind(layers) {
            Some(CauseKind::BaseDrift) => drift.add(pair),
            kind => {
                let step = step(layers.1).or_else(|| step(layers.0));
                let only = only(pair);
                let copies = step.as_ref().is_some_and(is_copy);
                let is_kept = kind == Some(CauseKind::SameInstructionNewContent)
                    && !(copies && is_other(layers, &held(&only)));
                has_changed |= kind.is_some() && !is_kept;
                let line = step.as_ref().and_then(|it| it.place.as_ref()?.line);
                let is_fed = line.is_some_and(|line| changed_at.iter().any(|at| *at <= line));
                let by = if is_kept && !copies && !has_changed && !is_fed {
                    BroughtBy::Drift
                } else {
                    BroughtBy::Change
                };
                groups.push(((kind, by), step, only));
            }
        }
    }
    let base = (Some(CauseKind::BaseDrift), BroughtBy::Base);
    groups.push((base, None, drift));
    let mut parts: Vec<Part> = groups
        .into_iter()
        .map(|(kind, step, layers)| (kind, step, delta(sides, &layers, policy), layers))
        .filter(|(_, _, delta, _)| *delta != Delta(0))
        .map(|((kind, brought_by), step, delta, layers)| Part {
            kind,
            brought_by,
            step,
            delta,
            paths: paths.changed(&layers),
        })
        .collect();
    parts.sort_by_key(|part| Reverse(part.delta));
    let whole = policy.counted(after).since(policy.counted(before));
    let share = explained(whole, parts.iter().map(|part| part.delta));
    (parts, share)
}

/// Whether an instruction takes its files from the build context or another stage.
pub(super) fn is_copy(step: &Step) -> bool {
    let text = &step.instruction;
    let written = text.split_whitespace().next().unwrap_or_default();
    let keyword = keyword(text).unwrap_or(written);
    ["COPY", "ADD"]
        .iter()
        .any(|it| keyword.eq_ignore_ascii_case(it))
}

/// Whether what a COPY brings is seen to be another.
fn is_other(layers: (Option<&LayerSize>, Option<&LayerSize>), paths: &[PathChange]) -> bool {
    let size = |layer: Option<&LayerSize>| layer.map(|it| (it.unpacked, it.files));
    size(layers.0) != size(layers.1) || !paths.is_empty()
}

fn only(pair: Pair) -> Layers {
    let mut layers = Layers::default();
    layers.add(pair);
    layers
}

fn delta(sides: (&Measured, &Measured), layers: &Layers, policy: &Policy) -> Delta {
    let sum = |measured: &Measured, numbers: &[usize]| -> Bytes {
        let counted = numbers
            .iter()
            .map(|number| policy.counted_in(measured, *number, &measured.layers[*number]));
        counted.sum()
    };
    sum(sides.1, &layers.after).since(sum(sides.0, &layers.before))
}

type Changed<'a> = Box<dyn Fn(&Layers) -> Vec<PathChange> + 'a>;

/// Where what is counted lies.
struct Paths<'a> {
    changed: Changed<'a>,
}

impl<'a> Paths<'a> {
    fn of(sides: (&'a Measured, &'a Measured), policy: &'a Policy) -> Self {
        let changed: Changed<'a> = match policy.counts {
            Measure::Unpacked | Measure::Own => Box::new(directories(sides.0, sides.1)),
            Measure::Wasted => Box::new(move |layers| {
                changes(
                    wasted(sides.0, &layers.before, policy),
                    wasted(sides.1, &layers.after, policy),
                )
            }),
            Measure::Layers => Box::new(|_| Vec::new()),
        };
        Self { changed }
    }

    fn changed(&self, layers: &Layers) -> Vec<PathChange> {
        let mut paths = (self.changed)(layers);
        sort(&mut paths);
        paths
    }
}

fn wasted(measured: &Measured, layers: &[usize], policy: &Policy) -> BTreeMap<ImagePath, Bytes> {
    let waste = measured.waste.iter();
    let meant = waste.filter(|it| layers.contains(&it.layer) && !policy.allows_waste_at(&it.path));
    sums(meant.map(|it| (it.path.clone(), it.bytes)))
}
