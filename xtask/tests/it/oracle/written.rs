use std::collections::{BTreeMap, BTreeSet};

use super::root::ODD;
use crate::images::{Node, NodeKind};

/// What one layer wrote so far.
#[derive(Default)]
pub(super) struct Written {
    /// Whether it is a directory.
    nodes: BTreeMap<Vec<u8>, bool>,
    /// The directories of its markers, and what they hide.
    pub(super) markers: Vec<Vec<u8>>,
    hidden: Vec<Vec<u8>>,
    /// What this layer's links name of itself, and of lower layers.
    own: BTreeSet<Vec<u8>>,
    lower: BTreeSet<Vec<u8>>,
}

impl Written {
    /// No engine unpacks what lies below a file of the same layer, and none of the graph drivers
    /// links to a lower layer's file, so what becomes of that name is not asked. A path that is
    /// first a file and then a directory hides what lower layers hold in it, or does not, by the
    /// engine's store.
    pub(super) fn can_write(&self, node: &Node) -> bool {
        let path = &node.path;
        let is_directory = matches!(node.kind, NodeKind::Directory);
        let under_file = self
            .nodes
            .iter()
            .any(|(other, is_dir)| !is_dir && is_below(path, other));
        let over = self
            .markers
            .iter()
            .any(|dir| dir == path || is_below(dir, path))
            || self.lower.iter().any(|target| is_below(target, path));
        let linked =
            self.lower.contains(path) || self.lower.iter().any(|target| is_below(path, target));
        let was_file = is_directory && self.nodes.get(path) == Some(&false);
        !under_file && !was_file && (is_directory || !over) && !linked
    }

    /// No layer says that a name is gone and that something in it is.
    pub(super) fn can_hide(&self, directory: &[u8], name: Option<&[u8]>) -> bool {
        let in_hidden = |path: &Vec<u8>| path == directory || is_below(directory, path);
        let holds_marker = name.is_some_and(|name| {
            let gone = in_directory(directory, name);
            let mut markers = self.markers.iter();
            markers.any(|marker| *marker == gone || is_below(marker, &gone))
        });
        !self.hidden.iter().any(in_hidden) && !holds_marker
    }

    pub(super) fn hide(&mut self, directory: &[u8], name: Option<&[u8]>) {
        self.markers.push(directory.to_vec());
        self.hidden
            .extend(name.map(|name| in_directory(directory, name)));
    }

    /// What is odd about this node after those before it.
    pub(super) fn odd(&self, node: &Node) -> Vec<&'static str> {
        let is_directory = matches!(node.kind, NodeKind::Directory);
        let over = self.nodes.keys().any(|other| is_below(other, &node.path));
        let mut odd = Vec::new();
        odd.extend((over && !is_directory).then_some(ODD[9]));
        odd.extend(self.own.contains(&node.path).then_some(ODD[10]));
        odd
    }

    /// Whether it was there already.
    pub(super) fn note(&mut self, node: &Node) -> bool {
        if let NodeKind::HardLink(target) = &node.kind {
            let targets = if self.nodes.contains_key(target) {
                &mut self.own
            } else {
                &mut self.lower
            };
            targets.insert(target.clone());
        }
        let is_directory = matches!(node.kind, NodeKind::Directory);
        if !is_directory {
            self.nodes.retain(|other, _| !is_below(other, &node.path));
        }
        self.nodes.insert(node.path.clone(), is_directory).is_some()
    }
}

fn is_below(inner: &[u8], outer: &[u8]) -> bool {
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.starts_with(b"/"))
}

fn in_directory(directory: &[u8], name: &[u8]) -> Vec<u8> {
    if directory.is_empty() {
        return name.to_vec();
    }
    [directory, b"/", name].concat()
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
