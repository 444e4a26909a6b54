use std::collections::{BTreeMap, BTreeSet};

use crate::images::{Node, NodeKind};

/// What one layer wrote so far.
#[derive(Default)]
pub(super) struct Written {
    /// Whether it is a directory.
    nodes: BTreeMap<Vec<u8>, bool>,
    pub(super) markers: Vec<Vec<u8>>,
    targets: BTreeSet<Vec<u8>>,
}

impl Written {
    /// No layer holds a file and something below it, nor writes a name again that it linked to:
    /// it is made from a directory as it stands. A path that is first a file and then a
    /// directory hides what lower layers hold in it, or does not, by the engine's store.
    pub(super) fn can_write(&self, node: &Node) -> bool {
        let path = &node.path;
        let is_directory = matches!(node.kind, NodeKind::Directory);
        let below = |inner: &[u8], outer: &[u8]| {
            inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with(b"/"))
        };
        let under_file = self
            .nodes
            .iter()
            .any(|(other, is_dir)| !is_dir && below(path, other));
        let over = self.nodes.keys().any(|other| below(other, path))
            || self
                .markers
                .iter()
                .any(|dir| dir == path || below(dir, path))
            || self.targets.iter().any(|target| below(target, path));
        let linked =
            self.targets.contains(path) || self.targets.iter().any(|target| below(path, target));
        let other_kind = self.nodes.get(path).is_some_and(|it| *it != is_directory);
        !under_file && !other_kind && (is_directory || !over) && !linked
    }

    /// Whether it was there already.
    pub(super) fn note(&mut self, node: &Node) -> bool {
        if let NodeKind::HardLink(target) = &node.kind {
            self.targets.insert(target.clone());
        }
        let is_directory = matches!(node.kind, NodeKind::Directory);
        self.nodes.insert(node.path.clone(), is_directory).is_some()
    }
}

/// The directory that a marker speaks of, and the name that it hides; `None` for all of it.
pub(super) fn hidden(path: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let end = path.iter().rposition(|byte| *byte == b'/');
    let (directory, name) = match end {
        Some(end) => (&path[..end], &path[end + 1..]),
        None => (&b""[..], path),
    };
    let name = name.strip_prefix(b".wh.")?;
    Some((directory, (name != b".wh..opq").then_some(name)))
}
