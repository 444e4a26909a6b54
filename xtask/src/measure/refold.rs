use std::collections::BTreeMap;

use crate::model::{Bytes, ImagePath, SizedPath, Tree};

/// The same bytes in fewer entries: directories of less than this in one layer are added to the
/// one above. The tree itself, where it is folded as much already.
pub fn refolded(tree: &Tree, folded_below: Bytes) -> Tree {
    if folded_below <= tree.folded_below {
        return tree.clone();
    }
    let mut layers: BTreeMap<usize, BTreeMap<ImagePath, Bytes>> = BTreeMap::new();
    for entry in &tree.entries {
        let layer = layers.entry(entry.layer).or_default();
        *layer.entry(entry.path.clone()).or_default() += entry.bytes;
    }
    let mut entries = Vec::new();
    for (layer, mut open) in layers {
        // A directory comes after those above it.
        while let Some((path, bytes)) = open.pop_last() {
            match path.parent().filter(|_| bytes < folded_below) {
                Some(parent) => {
                    *open.entry(ImagePath::from_normalised(parent)).or_default() += bytes;
                }
                None => entries.push(SizedPath { path, bytes, layer }),
            }
        }
    }
    entries.sort_by(|one, other| (&one.path, one.layer).cmp(&(&other.path, other.layer)));
    Tree {
        folded_below,
        entries,
    }
}

/// The tree folded until it has at most so many entries, by a power of two: a little growth
/// folds it the same way.
pub fn folded_to(tree: &Tree, most: usize) -> Tree {
    let mut folded = tree.clone();
    let mut below = tree.folded_below.0.next_power_of_two();
    while folded.entries.len() > most && below < 1 << 40 {
        below *= 2;
        folded = refolded(&folded, Bytes(below));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::{folded_to, refolded};
    use crate::model::{Bytes, SizedPath, Tree};

    fn tree(entries: &[(&str, u64, usize)]) -> Tree {
        let entries = entries.iter().map(|(path, bytes, layer)| SizedPath {
            path: (*path).into(),
            bytes: Bytes(*bytes),
            layer: *layer,
        });
        Tree {
            folded_below: Bytes(16),
            entries: entries.collect(),
        }
    }

    #[test]
    fn small_directories_go_to_the_one_above_in_their_layer() {
        let fine = tree(&[
            ("", 3, 1),
            ("a", 40, 0),
            ("a/b/c", 30, 0),
            ("a/b/c", 90, 1),
            ("a/b/d", 50, 0),
        ]);
        let folded = refolded(&fine, Bytes(64));
        let expected = tree(&[("", 3, 1), ("a", 40, 0), ("a/b", 80, 0), ("a/b/c", 90, 1)]);
        assert_eq!(folded.folded_below, Bytes(64));
        let folded: Vec<_> = folded.entries.into_iter().collect();
        // The 40 bytes of `a` are too few as well, and the root has no directory above it.
        let root = tree(&[("", 40, 0), ("", 3, 1), ("a/b", 80, 0), ("a/b/c", 90, 1)]);
        assert_ne!(folded, expected.entries);
        assert_eq!(folded, root.entries);
        assert_eq!(refolded(&fine, Bytes(8)), fine);
    }

    #[test]
    fn a_tree_is_folded_to_a_number_of_entries_and_keeps_its_bytes() {
        let names: Vec<String> = (0..300).map(|at| format!("usr/lib/m{at}")).collect();
        let all: Vec<(&str, u64, usize)> = (1..)
            .zip(&names)
            .map(|(at, name)| (name.as_str(), at * 100, 0))
            .collect();
        let fine = tree(&all);
        let folded = folded_to(&fine, 80);
        assert!(folded.entries.len() <= 80, "{}", folded.entries.len());
        assert!(folded.folded_below.0.is_power_of_two());
        let sum = |tree: &Tree| tree.entries.iter().map(|it| it.bytes).sum::<Bytes>();
        assert_eq!(sum(&folded), sum(&fine));
        assert_eq!(folded_to(&folded, 80), folded);
    }
}
