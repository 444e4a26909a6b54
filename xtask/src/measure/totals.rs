use std::cmp::Reverse;
use std::collections::HashMap;

use crate::model::{Bytes, Digest, Fate, ImagePath, SizedPath, Wasted, WastedPath};

use super::fates::nearest_barrier;
use super::index::Spot;
use super::largest::Largest;
use super::stack::Stack;

/// How many of the largest files a measurement names.
pub const LARGEST_NAMED: usize = 20;
/// How many of the files that waste most it names; the others are summed by directory.
pub const WASTE_NAMED: usize = 50;

/// The sums over one stack. `live + wasted` is the sum over `layers`.
pub(super) struct Totals {
    pub(super) layers: Vec<LayerTotal>,
    pub(super) live: Bytes,
    pub(super) wasted: Wasted,
    pub(super) duplicate: Bytes,
    pub(super) largest: Vec<SizedPath>,
    pub(super) waste: Vec<WastedPath>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct LayerTotal {
    pub(super) unpacked: Bytes,
    pub(super) wasted: Bytes,
    pub(super) files: u64,
}

impl Totals {
    pub(super) fn of(stack: &Stack) -> Self {
        let mut totals = Self {
            layers: vec![LayerTotal::default(); stack.layers.len()],
            live: Bytes::ZERO,
            wasted: Wasted::default(),
            duplicate: Bytes::ZERO,
            largest: Vec::new(),
            waste: Vec::new(),
        };
        let mut largest = Largest::new(LARGEST_NAMED);
        let mut waste = Waste::new();
        let mut contents = Vec::new();
        for (spot, bytes) in stack.files() {
            let layer = &mut totals.layers[spot.layer as usize];
            layer.unpacked += bytes;
            layer.files += 1;
            let fate = stack.outcome(spot).fate;
            let Some(cause) = totals.wasted.of_mut(fate) else {
                totals.live += bytes;
                contents.extend(stack.digest(spot).map(|digest| (start(&digest), spot)));
                largest.offer(bytes, spot);
                continue;
            };
            *cause += bytes;
            layer.wasted += bytes;
            waste.add(stack, spot, bytes);
        }
        totals.duplicate = duplicate(stack, contents);
        totals.largest = named(stack, largest);
        totals.waste = waste.named(stack);
        totals
    }
}

impl Wasted {
    /// `None` for what is not wasted.
    fn of_mut(&mut self, fate: Fate) -> Option<&mut Bytes> {
        match fate {
            Fate::Live => None,
            Fate::Overwritten => Some(&mut self.overwritten),
            Fate::Deleted => Some(&mut self.deleted),
            Fate::MetadataOnly => Some(&mut self.metadata_only),
        }
    }
}

fn start(digest: &Digest) -> u64 {
    let start = digest.as_hash().first_chunk().copied();
    u64::from_be_bytes(start.unwrap_or_default())
}

/// The bytes of files whose content one before them has. Each comes with the start of its digest,
/// so that the digests themselves, which take twice the memory, are looked at only where two of
/// them begin alike.
fn duplicate(stack: &Stack, mut contents: Vec<(u64, Spot)>) -> Bytes {
    let digest = |spot: Spot| stack.digest(spot);
    contents.sort_unstable_by(|(start, spot), (other_start, other)| {
        start
            .cmp(other_start)
            .then_with(|| (digest(*spot), spot).cmp(&(digest(*other), other)))
    });
    let alike = contents.windows(2).filter_map(|pair| {
        let [(start, spot), (other_start, other)] = [pair[0], pair[1]];
        (start == other_start && digest(spot) == digest(other)).then_some(other)
    });
    alike.map(|spot| stack.entry(spot).bytes()).sum()
}

fn named(stack: &Stack, largest: Largest<Spot>) -> Vec<SizedPath> {
    let path = |spot: &Spot| stack.seen_at(*spot).path.clone();
    largest
        .into_sorted(|one, other| path(one).cmp(&path(other)))
        .into_iter()
        .map(|(bytes, spot)| SizedPath {
            path: path(&spot),
            bytes,
            layer: spot.layer as usize,
        })
        .collect()
}

/// The largest hidden files one by one, and by directory what went with one and the rest: all
/// of them add up to what is wasted.
struct Waste {
    single: Largest<Spot>,
    /// By directory, the layer that holds the bytes, and what became of them.
    by_dir: HashMap<(u32, u32, Fate), Bytes>,
}

impl Waste {
    fn new() -> Self {
        Self {
            single: Largest::new(WASTE_NAMED),
            by_dir: HashMap::new(),
        }
    }

    fn add(&mut self, stack: &Stack, spot: Spot, bytes: Bytes) {
        let dir = dir_that_went(stack, spot).unwrap_or_else(|| {
            self.single.offer(bytes, spot);
            stack.index.dir(spot)
        });
        let fate = stack.outcome(spot).fate;
        *self.by_dir.entry((dir, spot.layer, fate)).or_default() += bytes;
    }

    fn named(mut self, stack: &Stack) -> Vec<WastedPath> {
        let path = |spot: &Spot| &stack.entry(*spot).path;
        let single = self
            .single
            .into_sorted(|one, other| path(one).cmp(path(other)));
        let mut all = Vec::new();
        for (bytes, spot) in single {
            let fate = stack.outcome(spot).fate;
            let dir = (stack.index.dir(spot), spot.layer, fate);
            self.by_dir.entry(dir).and_modify(|it| it.0 -= bytes.0);
            all.push(WastedPath {
                path: path(&spot).clone(),
                bytes,
                layer: spot.layer as usize,
                fate,
            });
        }
        let dirs = self.by_dir.into_iter();
        all.extend(dirs.map(|((dir, layer, fate), bytes)| WastedPath {
            path: ImagePath::from_normalised(stack.index.dirs[dir as usize].path),
            bytes,
            layer: layer as usize,
            fate,
        }));
        all.retain(|path| path.bytes.0 > 0);
        let order = |it: &WastedPath| (Reverse(it.bytes), it.path.clone(), it.layer, it.fate);
        all.sort_by_cached_key(order);
        all
    }
}

/// The directory that was removed or replaced, and this file with it.
pub(super) fn dir_that_went(stack: &Stack, spot: Spot) -> Option<u32> {
    let outcome = stack.outcome(spot);
    if outcome.fate != Fate::Deleted {
        return None;
    }
    nearest_barrier(&stack.index, stack.index.dir(spot), spot.layer)
        .filter(|(by, _)| *by == outcome.by)
        .map(|(_, dir)| dir)
}
