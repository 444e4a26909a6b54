use std::collections::HashMap;

use crate::model::{Delta, Digest, ImageRecord, Layer, LeftCause, LeftPart, Measured, Origin};

use super::by_digest::ByDigest;
use super::index::{Index, Spot};
use super::parts::Parts;
use super::paths::{Language, Part};
use super::stack::{digest, files};

fn layers(record: &ImageRecord) -> Vec<&Layer> {
    record.layers.iter().map(|layer| &*layer.content).collect()
}

/// The image that others are compared with.
pub struct Reference<'a> {
    layers: Vec<&'a Layer>,
    index: Index<'a>,
    parts: Parts,
    measured: &'a Measured,
}

/// The cause, and the own layer to blame; nobody's instruction brought the base's.
type Group = (LeftCause, Option<usize>);

impl<'a> Reference<'a> {
    /// Looks into the image once, for all that are compared with it.
    pub fn of(record: &'a ImageRecord, measured: &'a Measured) -> Self {
        let layers = layers(record);
        let index = Index::of(&layers);
        Self {
            parts: Parts::of(&index),
            layers,
            index,
            measured,
        }
    }

    /// What a variant does not carry of it, by cause and instruction: most bytes first, what only
    /// the variant holds last. Adds up to the difference of the two `unpacked`.
    ///
    /// A file is carried when the variant holds its content, wherever it lies.
    pub fn left_behind(&self, record: &ImageRecord, measured: &Measured) -> Vec<LeftPart> {
        let other = layers(record);
        let (is_kept, is_given) = shared(&self.layers, &other);
        let mut carried = Carried::default();
        let given = || files(&other).filter(|(spot, _)| !is_given[spot.layer as usize]);
        for (spot, _) in given() {
            if let Some(digest) = digest(other[spot.layer as usize], spot) {
                *carried.0.entry(digest).or_default() += 1;
            }
        }
        let mut sums = Sums::default();
        for (spot, bytes) in files(&self.layers) {
            let layer = self.layers[spot.layer as usize];
            if !is_kept[spot.layer as usize] && !carried.take(digest(layer, spot)) {
                sums.add(self.group(spot), i128::from(bytes.0));
            }
        }
        for (spot, bytes) in given() {
            let content = digest(other[spot.layer as usize], spot);
            // What is still there after the reference took its own is the variant's alone.
            if content.is_none() || carried.take(content) {
                let group = (LeftCause::Added, own(measured, spot));
                sums.add(group, -i128::from(bytes.0));
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
            // Every Debian has a Perl that its own tools need.
            Part::Interpreter(Language::Perl) | Part::Other if layer.is_none() => LeftCause::Base,
            Part::Interpreter(_) => LeftCause::Interpreter,
            Part::Other => LeftCause::Own,
        };
        (cause, layer)
    }
}

/// How many files of each content the variant has left to be claimed.
#[derive(Default)]
struct Carried(HashMap<Digest, u64, ByDigest>);

impl Carried {
    fn take(&mut self, digest: Option<Digest>) -> bool {
        let Some(left) = digest.and_then(|digest| self.0.get_mut(&digest)) else {
            return false;
        };
        let is_there = *left > 0;
        *left -= u64::from(is_there);
        is_there
    }
}

/// Neighbours mostly are of one group, and there are few groups.
#[derive(Default)]
struct Sums(Vec<(Group, i128)>);

impl Sums {
    fn add(&mut self, group: Group, bytes: i128) {
        match self.0.iter_mut().rfind(|(known, _)| *known == group) {
            Some((_, sum)) => *sum += bytes,
            None => self.0.push((group, bytes)),
        }
    }
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

fn parts(sums: Sums, reference: &Measured, variant: &Measured) -> Vec<LeftPart> {
    let mut sums = sums.0;
    sums.retain(|(_, sum)| *sum != 0);
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
