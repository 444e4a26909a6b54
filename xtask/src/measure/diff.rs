use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::model::{
    Bytes, CauseKind, Change, Delta, DiffCause, Digest, Entry, ImageDiff, ImagePath, ImageRecord,
    Kind, Layer, LayerSize, Measured, Origin, PathChange, SizedPath, Step, Tree,
};

use super::align::{Pair, aligned, normalised};
use super::refold::refolded;

/// What came and what went between two images, by cause, with directories as paths: those
/// that the trees hold, so to within what these fold. Needs the measurements alone.
pub fn compare(before: &Measured, after: &Measured) -> ImageDiff {
    diff_by(before, after, directories(before, after), |_| None)
}

/// The directories of some layers whose bytes differ.
pub(super) fn directories(
    before: &Measured,
    after: &Measured,
) -> impl Fn(&Layers) -> Vec<PathChange> + use<> {
    // A baseline holds coarser trees: both are folded alike.
    let folded_below = before.tree.folded_below.max(after.tree.folded_below);
    let trees = [before, after].map(|it| {
        let tree = refolded(&it.tree, folded_below);
        by_layer(&tree, it.layers.len())
    });
    move |layers| {
        let held = |tree: &[Vec<SizedPath>], numbers: &[usize]| {
            let entries = numbers.iter().flat_map(|number| &tree[*number]);
            sums(entries.map(|entry| (entry.path.clone(), entry.bytes)))
        };
        changes(
            held(&trees[0], &layers.before),
            held(&trees[1], &layers.after),
        )
    }
}

pub(super) fn changes(
    mut before: BTreeMap<ImagePath, Bytes>,
    after: BTreeMap<ImagePath, Bytes>,
) -> Vec<PathChange> {
    let mut changes: Vec<PathChange> = after
        .into_iter()
        .map(|(path, after)| PathChange {
            before: before.remove(&path).unwrap_or_default(),
            path,
            after,
        })
        .collect();
    changes.extend(before.into_iter().map(|(path, before)| PathChange {
        path,
        before,
        after: Bytes::ZERO,
    }));
    changes.retain(|change| change.before != change.after);
    changes
}

/// The same with files as paths. A file whose content is the same on both sides of a cause
/// is not named; one that was not read is the same only in the same layer, so that
/// [`needs_content`] has to be asked first.
pub fn diff(before: (&ImageRecord, &Measured), after: (&ImageRecord, &Measured)) -> ImageDiff {
    let paths = |layers: &Layers| {
        let mut counts: HashMap<HeldFile, i64> = HashMap::new();
        for (record, numbers, count) in
            [(before.0, &layers.before, -1), (after.0, &layers.after, 1)]
        {
            for file in numbers.iter().flat_map(|number| held(record, *number)) {
                *counts.entry(file).or_default() += count;
            }
        }
        let mut changes: BTreeMap<&ImagePath, (Bytes, Bytes)> = BTreeMap::new();
        for (file, count) in counts.into_iter().filter(|(_, count)| *count != 0) {
            let (before, after) = changes.entry(file.path).or_default();
            let side = if count < 0 { before } else { after };
            *side += Bytes(file.bytes.0.saturating_mul(count.unsigned_abs()));
        }
        let change = |(path, (before, after)): (&ImagePath, _)| PathChange {
            path: path.clone(),
            before,
            after,
        };
        changes.into_iter().map(change).collect()
    };
    let metadata = |layers: &Layers| metadata_alone(before.0, after.0, layers);
    diff_by(before.1, after.1, paths, metadata)
}

/// What has other metadata in two layers that hold the same; `None` if they do not.
fn metadata_alone(
    before: &ImageRecord,
    after: &ImageRecord,
    layers: &Layers,
) -> Option<Vec<PathChange>> {
    let before = sorted(before, &layers.before);
    let after = sorted(after, &layers.after);
    let is_same =
        |(one, other): (&&Entry, &&Entry)| one.path == other.path && one.kind == other.kind;
    if before.len() != after.len() || !before.iter().zip(&after).all(is_same) {
        return None;
    }
    let pairs = before.iter().zip(&after);
    let other = pairs.filter(|(one, other)| (one.mode, one.stamp) != (other.mode, other.stamp));
    let change = |(one, other): (&&Entry, &&Entry)| PathChange {
        path: one.path.clone(),
        before: one.bytes(),
        after: other.bytes(),
    };
    Some(other.map(change).collect())
}

/// The entries of some layers by path. One path may have a whiteout and a file.
fn sorted<'r>(record: &'r ImageRecord, layers: &[usize]) -> Vec<&'r Entry> {
    let layers = layers.iter().map(|number| &record.layers[*number].content);
    let mut entries: Vec<&Entry> = layers.flat_map(|layer| &layer.entries).collect();
    let order = |entry: &Entry| match entry.kind {
        Kind::Whiteout => 0,
        Kind::Opaque => 1,
        _ => 2,
    };
    entries.sort_by(|one, other| (&one.path, order(one)).cmp(&(&other.path, order(other))));
    entries
}

/// Whether two files of one path and size meet whose content was not read on both sides.
/// By headers alone nobody can tell whether such a file changed.
pub fn needs_content(before: &ImageRecord, after: &ImageRecord) -> bool {
    let mut there: HashMap<(&ImagePath, Bytes), Vec<(Digest, bool)>> = HashMap::new();
    for (layer, entry, is_read) in before.layers.iter().flat_map(|it| read_or_not(&it.content)) {
        let place = (&entry.path, entry.bytes());
        there.entry(place).or_default().push((layer, is_read));
    }
    let meets = |(layer, entry, is_read): (Digest, &Entry, bool)| {
        let met = there.get(&(&entry.path, entry.bytes()));
        let mut met = met.into_iter().flatten();
        met.any(|(other, other_read)| *other != layer && !(is_read && *other_read))
    };
    let mut files = after.layers.iter().flat_map(|it| read_or_not(&it.content));
    files.any(meets)
}

/// The files of a layer, and whether the content of each was read.
fn read_or_not(layer: &Layer) -> impl Iterator<Item = (Digest, &Entry, bool)> {
    let entries = layer.entries.iter();
    entries.filter_map(|entry| match &entry.kind {
        Kind::File { content, .. } => Some((layer.diff_id, entry, content.is_some())),
        _ => None,
    })
}

#[derive(PartialEq, Eq, Hash)]
struct HeldFile<'a> {
    path: &'a ImagePath,
    bytes: Bytes,
    /// The layer's own digest stands for a content that was not read.
    content: Digest,
}

fn held(record: &ImageRecord, layer: usize) -> impl Iterator<Item = HeldFile<'_>> {
    let layer = &record.layers[layer].content;
    layer.entries.iter().filter_map(|entry| match entry.kind {
        Kind::File { bytes, content } => Some(HeldFile {
            path: &entry.path,
            bytes,
            content: content.unwrap_or(layer.diff_id),
        }),
        _ => None,
    })
}

fn by_layer(tree: &Tree, count: usize) -> Vec<Vec<SizedPath>> {
    let mut layers = vec![Vec::new(); count];
    for entry in &tree.entries {
        // A tree may have been read from a report that somebody edited.
        if let Some(layer) = layers.get_mut(entry.layer) {
            layer.push(entry.clone());
        }
    }
    layers
}

pub(super) fn sums(
    entries: impl Iterator<Item = (ImagePath, Bytes)>,
) -> BTreeMap<ImagePath, Bytes> {
    let mut sums = BTreeMap::new();
    for (path, bytes) in entries {
        *sums.entry(path).or_default() += bytes;
    }
    sums
}

/// The layers that one cause is about.
#[derive(Default)]
pub(super) struct Layers {
    pub(super) before: Vec<usize>,
    pub(super) after: Vec<usize>,
}

fn diff_by(
    before: &Measured,
    after: &Measured,
    paths: impl Fn(&Layers) -> Vec<PathChange>,
    metadata: impl Fn(&Layers) -> Option<Vec<PathChange>>,
) -> ImageDiff {
    let mut causes = Vec::new();
    let mut drift = Layers::default();
    for pair in aligned(&before.layers, &after.layers) {
        let sides = (
            pair.before.map(|number| &before.layers[number]),
            pair.after.map(|number| &after.layers[number]),
        );
        match kind(sides) {
            None => {}
            Some(CauseKind::BaseDrift) => drift.add(pair),
            Some(kind) => {
                let mut layers = Layers::default();
                layers.add(pair);
                let steps = (step(sides.0), step(sides.1));
                let mut cause = cause(kind, steps, &layers, (before, after), &paths);
                let is_same = kind == CauseKind::SameInstructionNewContent
                    || (cause.step.is_none() && sides.0.is_some() && sides.1.is_some());
                if is_same && let Some(paths) = metadata(&layers) {
                    cause.kind = CauseKind::MetadataOnly;
                    cause.paths = paths;
                }
                if !(is_baseline(sides.0) && is_nothing(&cause)) {
                    causes.push(cause);
                }
            }
        }
    }
    if !(drift.before.is_empty() && drift.after.is_empty()) {
        let kind = CauseKind::BaseDrift;
        causes.push(cause(kind, (None, None), &drift, (before, after), &paths));
    }
    causes.sort_by_key(|cause| Reverse(cause.delta.0.unsigned_abs()));
    let unpacked = Change {
        before: before.size.unpacked,
        after: after.size.unpacked,
    };
    ImageDiff {
        unpacked,
        base_delta: after.size.base.since(before.size.base),
        own_delta: after.size.own.since(before.size.own),
        explained: explained(unpacked.delta(), causes.iter().map(|it| it.delta)),
        causes,
    }
}

/// Whether no id of the layer was kept, so that it is told by its figures alone.
fn is_baseline(layer: Option<&LayerSize>) -> bool {
    layer.is_some_and(|layer| layer.diff_id.is_none())
}

/// The same instruction with the same bytes in the same directories.
fn is_nothing(cause: &DiffCause) -> bool {
    cause.kind == CauseKind::SameInstructionNewContent
        && cause.delta == Delta(0)
        && cause.paths.is_empty()
}

impl Layers {
    pub(super) fn add(&mut self, pair: Pair) {
        self.before.extend(pair.before);
        self.after.extend(pair.after);
    }
}

pub(super) fn step(layer: Option<&LayerSize>) -> Option<Step> {
    layer.and_then(|layer| layer.step.clone())
}

/// `None` where both sides hold the same.
pub(super) fn kind(sides: (Option<&LayerSize>, Option<&LayerSize>)) -> Option<CauseKind> {
    let is_base =
        |layer: Option<&LayerSize>| layer.is_some_and(|layer| layer.origin == Origin::Base);
    match sides {
        (Some(one), Some(other)) if one.is_same_as(other) => None,
        _ if is_base(sides.0) || is_base(sides.1) => Some(CauseKind::BaseDrift),
        (Some(one), Some(other)) => {
            let texts = (one.step.as_ref(), other.step.as_ref());
            let is_same =
                matches!(texts, (Some(one), Some(other)) if normalised(one) == normalised(other));
            Some(if is_same {
                CauseKind::SameInstructionNewContent
            } else {
                CauseKind::ChangedInstruction
            })
        }
        (Some(_), None) => Some(CauseKind::Removed),
        (None, _) => Some(CauseKind::Added),
    }
}

fn cause(
    kind: CauseKind,
    steps: (Option<Step>, Option<Step>),
    layers: &Layers,
    sides: (&Measured, &Measured),
    paths: impl Fn(&Layers) -> Vec<PathChange>,
) -> DiffCause {
    let sum = |measured: &Measured, numbers: &[usize]| -> Bytes {
        let unpacked = numbers
            .iter()
            .map(|number| measured.layers[*number].unpacked);
        unpacked.sum()
    };
    let mut paths = paths(layers);
    sort(&mut paths);
    let (before, after) = steps;
    DiffCause {
        kind,
        step: after.or_else(|| before.clone()),
        step_before: before,
        delta: sum(sides.1, &layers.after).since(sum(sides.0, &layers.before)),
        paths,
    }
}

/// The largest change first, whichever its sign, then by path.
pub(super) fn sort(paths: &mut [PathChange]) {
    paths.sort_by(|one, other| {
        let size = |change: &PathChange| Reverse(change.delta().0.unsigned_abs());
        (size(one), &one.path).cmp(&(size(other), &other.path))
    });
}

/// The share of the change that the causes account for.
#[expect(clippy::cast_precision_loss, reason = "a share is shown, not added up")]
pub(super) fn explained(delta: Delta, causes: impl Iterator<Item = Delta>) -> f64 {
    let sum: i128 = causes.map(|cause| i128::from(cause.0)).sum();
    let missed = (i128::from(delta.0) - sum).unsigned_abs();
    if missed == 0 {
        return 1.0;
    }
    let whole = delta.0.unsigned_abs().max(1);
    (1.0 - missed as f64 / whole as f64).max(0.0)
}
