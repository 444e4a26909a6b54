use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::model::{
    Bytes, CauseKind, Delta, ImagePath, Measure, Measured, PathChange, Policy, Step,
};

use super::align::{Pair, aligned};
use super::diff::{Layers, changes, directories, explained, kind, sort, step, sums};

/// One reason why an image has more or less of what its policy counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// `None` for a layer that did not change, and of which what counts did: a later
    /// instruction hides its files, or the base has come to hold it.
    pub kind: Option<CauseKind>,
    /// As the later image has it. `None` for a base, and where the history is silent.
    pub step: Option<Step>,
    pub delta: Delta,
    /// What changed there, of what counts; the largest change first, whichever its sign.
    pub paths: Vec<PathChange>,
}

/// Why an image has more or less of what `policy` counts, and the share of the change that
/// these parts account for: 1.0 for any two images that were measured.
///
/// The largest growth first. All that drifted in the base is one part; parts that changed
/// nothing are left out.
pub fn growth(before: &Measured, after: &Measured, policy: &Policy) -> (Vec<Part>, f64) {
    let sides = (before, after);
    let mut drift = Layers::default();
    let mut groups = Vec::new();
    for pair in aligned(&before.layers, &after.layers) {
        let layers = (
            pair.before.map(|number| &before.layers[number]),
            pair.after.map(|number| &after.layers[number]),
        );
        match kind(layers) {
            Some(CauseKind::BaseDrift) => drift.add(pair),
            kind => groups.push((kind, step(layers.1).or_else(|| step(layers.0)), only(pair))),
        }
    }
    groups.push((Some(CauseKind::BaseDrift), None, drift));
    let paths = Paths::of(sides, policy);
    let mut parts: Vec<Part> = groups
        .into_iter()
        .map(|(kind, step, layers)| (kind, step, delta(sides, &layers, policy), layers))
        .filter(|(_, _, delta, _)| *delta != Delta(0))
        .map(|(kind, step, delta, layers)| Part {
            kind,
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
