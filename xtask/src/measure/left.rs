use std::collections::HashMap;

use crate::model::{Delta, Digest, ImageRecord, Layer, LeftCause, LeftPart, Measured, Origin};

use super::index::{Index, Spot};
use super::parts::{Part, Parts};
use super::stack::{Content, files};

/// What each variant does not carry of the reference, by cause and instruction: most bytes
/// first, what only the variant holds last. Adds up to the difference of the two `unpacked`.
///
/// A file is carried when the variant holds its content, wherever it lies.
pub fn left_behind(
    reference: (&ImageRecord, &Measured),
    variants: &[(&ImageRecord, &Measured)],
) -> Vec<Vec<LeftPart>> {
    let layers = layers(reference.0);
    let index = Index::of(&layers);
    let side = Side {
        parts: Parts::of(&index),
        layers,
        index,
        measured: reference.1,
    };
    variants.iter().map(|variant| side.left(*variant)).collect()
}

fn layers(record: &ImageRecord) -> Vec<&Layer> {
    record.layers.iter().map(|layer| &*layer.content).collect()
}

struct Side<'a> {
    layers: Vec<&'a Layer>,
    index: Index<'a>,
    parts: Parts,
    measured: &'a Measured,
}

/// The cause, and the own layer to blame; nobody's instruction brought the base's.
type Group = (LeftCause, Option<usize>);

impl Side<'_> {
    fn left(&self, (record, measured): (&ImageRecord, &Measured)) -> Vec<LeftPart> {
        let other = layers(record);
        let (is_kept, is_given) = shared(&self.layers, &other);
        let mut carried: HashMap<Content, u64> = HashMap::new();
        let given = || files(&other).filter(|(spot, _)| !is_given[spot.layer as usize]);
        for (spot, _) in given() {
            if let Some(content @ Content::Known(..)) = Content::of(&other, spot) {
                *carried.entry(content).or_default() += 1;
            }
        }
        let mut sums: HashMap<Group, i128> = HashMap::new();
        for (spot, bytes) in files(&self.layers) {
            if is_kept[spot.layer as usize] || take(&mut carried, Content::of(&self.layers, spot)) {
                continue;
            }
            *sums.entry(self.group(spot)).or_default() += i128::from(bytes.0);
        }
        for (spot, bytes) in given() {
            let content = Content::of(&other, spot);
            // What is still there after the reference took its own is the variant's alone.
            if matches!(content, Some(Content::Unread(..))) || take(&mut carried, content) {
                let group = (LeftCause::Added, own(measured, spot));
                *sums.entry(group).or_default() -= i128::from(bytes.0);
            }
        }
        parts(sums, self.measured, measured)
    }

    fn group(&self, spot: Spot) -> Group {
        let entry = &self.layers[spot.layer as usize].entries[spot.entry as usize];
        let layer = own(self.measured, spot);
        let cause = match self.parts.part(&self.index, spot, entry).0 {
            Part::BuildTool => LeftCause::Compiler,
            Part::PackageLists => LeftCause::PackageLists,
            Part::Cache => LeftCause::Caches,
            Part::Interpreter(_) => LeftCause::Interpreter,
            Part::Other if layer.is_none() => LeftCause::Base,
            Part::Other => LeftCause::Own,
        };
        (cause, layer)
    }
}

fn take(carried: &mut HashMap<Content, u64>, content: Option<Content>) -> bool {
    let Some(left) = content.and_then(|content| carried.get_mut(&content)) else {
        return false;
    };
    let is_there = *left > 0;
    *left -= u64::from(is_there);
    is_there
}

fn own(measured: &Measured, spot: Spot) -> Option<usize> {
    let layer = spot.layer as usize;
    let origin = measured.layers.get(layer).map(|layer| layer.origin);
    (origin == Some(Origin::Own)).then_some(layer)
}

/// Which layers of each side the other holds too, each as often as both do.
fn shared(one: &[&Layer], other: &[&Layer]) -> (Vec<bool>, Vec<bool>) {
    let mut free: HashMap<Digest, Vec<usize>> = HashMap::new();
    for (number, layer) in other.iter().enumerate().rev() {
        free.entry(layer.diff_id).or_default().push(number);
    }
    let mut is_given = vec![false; other.len()];
    let is_kept = one.iter().map(|layer| {
        let same = free.get_mut(&layer.diff_id).and_then(Vec::pop);
        if let Some(same) = same {
            is_given[same] = true;
        }
        same.is_some()
    });
    (is_kept.collect(), is_given)
}

fn parts(sums: HashMap<Group, i128>, reference: &Measured, variant: &Measured) -> Vec<LeftPart> {
    let mut sums: Vec<(Group, i128)> = sums.into_iter().filter(|(_, sum)| *sum != 0).collect();
    sums.sort_by_key(|(group, sum)| (std::cmp::Reverse(*sum), *group));
    let part = |((cause, layer), sum): (Group, i128)| {
        let side = match cause {
            LeftCause::Added => variant,
            _ => reference,
        };
        LeftPart {
            cause,
            step: layer.and_then(|layer| side.layers[layer].step.clone()),
            bytes: Delta(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })),
        }
    };
    sums.into_iter().map(part).collect()
}
