//! What is drawn as boxes in boxes: the bytes of an image by directory, and by instruction.

use std::collections::HashMap;

use crate::model::{Bytes, Measured};

/// A box of the drawing. Its bytes are those of its children, where it has any.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) label: Label,
    /// From the root of the image; empty is the root itself.
    pub(super) path: String,
    pub(super) bytes: Bytes,
    /// `None` where its bytes come from several layers.
    pub(super) layer: Option<usize>,
    /// Most bytes first.
    pub(super) children: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Directory(String),
    /// A whole layer.
    Layer(usize),
    /// What lies in a directory that is itself divided, and in no box of its own.
    Files,
    /// Directories too small to be drawn.
    Rest {
        directories: usize,
    },
}

/// Levels of directories that are shown separately. A report may name any number of them, and each
/// takes a part of the stack.
const DEEPEST: usize = 64;

/// What [`by_directory`] and [`by_layer`] begin with: the root and its directories in an
/// arena, children by name.
#[derive(Default)]
struct Arena {
    nodes: Vec<Directory>,
    names: HashMap<(usize, Box<[u8]>), usize>,
}

#[derive(Default)]
struct Directory {
    name: Box<[u8]>,
    children: Vec<usize>,
    /// Bytes that are here and in no child, by layer.
    own: Vec<(usize, Bytes)>,
}

impl Arena {
    fn new() -> Self {
        Self {
            nodes: vec![Directory::default()],
            names: HashMap::new(),
        }
    }

    /// The directory at a path, made where it is not there yet; of a path of more levels than
    /// [`DEEPEST`], the one that holds it at that level.
    fn at(&mut self, path: &[u8]) -> usize {
        let parts = path.split(|byte| *byte == b'/');
        parts
            .filter(|part| !part.is_empty())
            .take(DEEPEST)
            .fold(0, |parent, name| self.child(parent, name))
    }

    fn child(&mut self, parent: usize, name: &[u8]) -> usize {
        let next = self.nodes.len();
        let at = *self.names.entry((parent, name.into())).or_insert(next);
        if at == next {
            self.nodes.push(Directory {
                name: name.into(),
                ..Directory::default()
            });
            self.nodes[parent].children.push(at);
        }
        at
    }

    /// The boxes of one directory. A directory whose bytes all lie in one below is drawn
    /// as that one, under both names.
    fn node(&self, at: usize, parent: &str, name: &str) -> Node {
        let directory = &self.nodes[at];
        let path = joined(parent, name);
        if let ([only], []) = (&directory.children[..], &directory.own[..]) {
            let below = String::from_utf8_lossy(&self.nodes[*only].name);
            return self.node(*only, parent, &joined(name, &below));
        }
        let mut children: Vec<Node> = directory
            .children
            .iter()
            .map(|child| {
                let name = String::from_utf8_lossy(&self.nodes[*child].name);
                self.node(*child, &path, &name)
            })
            .chain(directory.own.iter().map(|(layer, bytes)| Node {
                label: Label::Files,
                path: path.clone(),
                bytes: *bytes,
                layer: Some(*layer),
                children: Vec::new(),
            }))
            .filter(|child| child.bytes > Bytes::ZERO)
            .collect();
        children.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.path.cmp(&b.path)));
        let (bytes, layer) = (sum(&children), common_layer(&children));
        if children.iter().all(|child| child.label == Label::Files) && layer.is_some() {
            children.clear();
        }
        Node {
            label: Label::Directory(name.to_owned()),
            path,
            bytes,
            layer,
            children,
        }
    }
}

fn joined(parent: &str, name: &str) -> String {
    match (parent, name) {
        ("", name) => name.to_owned(),
        (parent, "") => parent.to_owned(),
        (parent, name) => format!("{parent}/{name}"),
    }
}

fn sum(nodes: &[Node]) -> Bytes {
    nodes.iter().map(|node| node.bytes).sum()
}

fn common_layer(nodes: &[Node]) -> Option<usize> {
    let first = nodes.first()?.layer;
    let is_common = nodes.iter().all(|node| node.layer == first);
    first.filter(|_| is_common)
}

/// All bytes of the image, from the root down.
pub(super) fn by_directory(measured: &Measured) -> Node {
    let mut arena = Arena::new();
    for entry in &measured.tree.entries {
        let at = arena.at(entry.path.as_bytes());
        arena.nodes[at].own.push((entry.layer, entry.bytes));
    }
    arena.node(0, "", "")
}

/// All bytes of the image: a box a layer, each divided by directory.
pub(super) fn by_layer(measured: &Measured) -> Node {
    let mut arenas: Vec<Arena> = measured.layers.iter().map(|_| Arena::new()).collect();
    for entry in &measured.tree.entries {
        let Some(arena) = arenas.get_mut(entry.layer) else {
            continue;
        };
        let at = arena.at(entry.path.as_bytes());
        arena.nodes[at].own.push((entry.layer, entry.bytes));
    }
    let mut children: Vec<Node> = arenas
        .iter()
        .enumerate()
        .map(|(layer, arena)| Node {
            label: Label::Layer(layer),
            layer: Some(layer),
            ..arena.node(0, "", "")
        })
        .filter(|child| child.bytes > Bytes::ZERO)
        .collect();
    children.sort_by_key(|child| std::cmp::Reverse(child.bytes));
    Node {
        label: Label::Directory(String::new()),
        path: String::new(),
        bytes: sum(&children),
        layer: common_layer(&children),
        children,
    }
}

/// What folding left no box of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) directories: usize,
    pub(super) bytes: Bytes,
    /// Boxes of less than this were folded.
    pub(super) below: Bytes,
}

impl Node {
    /// Keeps the largest boxes, about `most` of them and none below `least`; what goes is
    /// added up in one box a directory, or in the directory's own. No byte is lost.
    pub(super) fn fold(mut self, most: usize, least: Bytes) -> (Self, Folded) {
        let mut sizes = Vec::new();
        self.collect(&mut sizes);
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut folded = Folded {
            below: sizes.get(most).map_or(least, |size| least.max(*size)),
            ..Folded::default()
        };
        self.cut(&mut folded);
        (self, folded)
    }

    fn collect(&self, sizes: &mut Vec<Bytes>) {
        sizes.push(self.bytes);
        for child in &self.children {
            child.collect(sizes);
        }
    }

    fn cut(&mut self, folded: &mut Folded) {
        let is_small = |node: &Node| node.bytes < folded.below;
        let (small, mut kept): (Vec<Node>, Vec<Node>) = self.children.drain(..).partition(is_small);
        for child in &mut kept {
            child.cut(folded);
        }
        let directories = small.iter().map(Node::directories).sum();
        folded.directories += directories;
        folded.bytes += sum(&small);
        if kept.is_empty() {
            return;
        }
        if !small.is_empty() {
            kept.push(Node {
                label: Label::Rest { directories },
                path: self.path.clone(),
                bytes: sum(&small),
                layer: common_layer(&small),
                children: Vec::new(),
            });
            kept.sort_by_key(|child| std::cmp::Reverse(child.bytes));
        }
        self.children = kept;
    }

    /// How many directories it is, with all below.
    fn directories(&self) -> usize {
        let below: usize = self.children.iter().map(Node::directories).sum();
        below + usize::from(matches!(self.label, Label::Directory(_)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Folded, Label, Node, by_directory, by_layer};
    use crate::model::{Bytes, Measured, SizedPath};
    use crate::report::sample::image;

    fn holding(entries: &[(&str, u64, usize)]) -> Measured {
        let mut measured = image(1)
            .on("base", false, 0)
            .step("RUN a", ("Dockerfile", 1), "", 0)
            .measured();
        measured.tree.entries = entries
            .iter()
            .map(|(path, bytes, layer)| SizedPath {
                path: (*path).into(),
                bytes: Bytes(*bytes),
                layer: *layer,
            })
            .collect();
        measured
    }

    fn leaves(node: &Node) -> u64 {
        if node.children.is_empty() {
            return node.bytes.0;
        }
        node.children.iter().map(leaves).sum()
    }

    #[test]
    fn a_directory_with_one_below_is_drawn_under_both_names() {
        let root = by_directory(&holding(&[("usr/lib/gcc", 5, 0), ("var", 3, 1)]));
        let names: Vec<&Label> = root.children.iter().map(|child| &child.label).collect();
        assert_eq!(
            names,
            [
                &Label::Directory("usr/lib/gcc".to_owned()),
                &Label::Directory("var".to_owned())
            ]
        );
        assert_eq!(root.children[0].path, "usr/lib/gcc");
    }

    #[test]
    fn what_lies_beside_directories_has_a_box_a_layer() {
        let root = by_directory(&holding(&[("", 1, 0), ("usr", 2, 0), ("usr", 7, 1)]));
        assert_eq!((root.bytes, root.layer), (Bytes(10), None));
        let usr = &root.children[0];
        assert_eq!(
            (usr.bytes, usr.layer, usr.children.len()),
            (Bytes(9), None, 2)
        );
        assert_eq!(usr.children[0].layer, Some(1));
        assert_eq!(root.children[1].label, Label::Files);
    }

    #[test]
    fn a_layer_is_divided_by_directory() {
        let root = by_layer(&holding(&[("a", 1, 0), ("b", 2, 0), ("b", 9, 1)]));
        assert_eq!(root.children[0].label, Label::Layer(1));
        assert_eq!(root.children[1].children.len(), 2);
    }

    #[test]
    fn a_small_box_joins_the_rest_of_its_directory() {
        let root = by_directory(&holding(&[("a", 90, 0), ("b", 4, 0), ("c/d", 3, 0)]));
        let (root, folded) = root.fold(10, Bytes(5));
        assert_eq!(root.children.len(), 2);
        assert_eq!(root.children[1].label, Label::Rest { directories: 2 });
        let due = Folded {
            directories: 2,
            bytes: Bytes(7),
            below: Bytes(5),
        };
        assert_eq!(folded, due);
    }

    #[test]
    fn however_deep_a_path_is_its_bytes_are_drawn() {
        let deep = "a/".repeat(500_000) + "b";
        let root = by_directory(&holding(&[(&deep, 5, 0), ("c", 3, 1)]));
        assert_eq!(leaves(&root), 8);
        assert_eq!(root.children[0].path.matches('a').count(), super::DEEPEST);
        assert_eq!(leaves(&by_layer(&holding(&[(&deep, 5, 0)]))), 5);
    }

    proptest! {
        #[test]
        fn folding_loses_no_byte_and_keeps_to_the_number(
            entries in proptest::collection::vec(("[ab]{1,2}(/[ab]{1,2}){0,4}", 0..9_999_u64, 0..2_usize), 1..60),
            most in 1..40_usize,
        ) {
            let entries: Vec<_> = entries.iter().map(|(path, bytes, layer)| (path.as_str(), *bytes, *layer)).collect();
            let total: u64 = entries.iter().map(|(_, bytes, _)| bytes).sum();
            let measured = holding(&entries);
            for root in [by_directory(&measured), by_layer(&measured)] {
                prop_assert_eq!(leaves(&root), total);
                let (root, _) = root.fold(most, Bytes(1));
                prop_assert_eq!(leaves(&root), total);
            }
        }
    }
}
