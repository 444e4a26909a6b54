use crate::model::{Bytes, ImagePath, SizedPath, Tree};

use super::index::{Index, ROOT, Weight};

/// A directory of less than this in one layer is added to its parent's entry.
pub const FOLDED_BELOW: Bytes = Bytes(4096);

/// `unpacked` by directory and layer, small directories folded into those above them.
pub(super) fn folded(index: &Index, folded_below: Bytes) -> Tree {
    let mut sums = Sums {
        index,
        bytes: vec![Bytes::ZERO; index.dirs.len()],
        is_open: vec![false; index.dirs.len()],
        open: Vec::new(),
    };
    let mut entries = Vec::new();
    for weights in index.weights.chunk_by(|one, next| one.layer == next.layer) {
        sums.add(weights);
        let layer = weights[0].layer as usize;
        for (dir, bytes) in sums.fold(folded_below) {
            entries.push(SizedPath {
                path: ImagePath::from_normalised(index.dirs[dir as usize].path),
                bytes,
                layer,
            });
        }
    }
    entries.sort_by(|one, other| (&one.path, one.layer).cmp(&(&other.path, other.layer)));
    Tree {
        folded_below,
        entries,
    }
}

/// The sums of one layer at a time; only the directories that it writes to are visited.
struct Sums<'i, 'a> {
    index: &'i Index<'a>,
    bytes: Vec<Bytes>,
    is_open: Vec<bool>,
    open: Vec<u32>,
}

impl Sums<'_, '_> {
    fn add(&mut self, weights: &[Weight]) {
        for weight in weights {
            self.bytes[weight.dir as usize] += weight.bytes;
            let mut at = weight.dir;
            while !self.is_open[at as usize] {
                self.is_open[at as usize] = true;
                self.open.push(at);
                at = self.index.dirs[at as usize].parent;
            }
        }
    }

    fn fold(&mut self, folded_below: Bytes) -> Vec<(u32, Bytes)> {
        // A child's number is above its parent's.
        self.open.sort_unstable();
        let mut kept = Vec::new();
        while let Some(dir) = self.open.pop() {
            self.is_open[dir as usize] = false;
            let bytes = std::mem::take(&mut self.bytes[dir as usize]);
            if bytes.0 == 0 {
                continue;
            }
            if dir == ROOT || bytes >= folded_below {
                kept.push((dir, bytes));
            } else {
                self.bytes[self.index.dirs[dir as usize].parent as usize] += bytes;
            }
        }
        kept
    }
}
