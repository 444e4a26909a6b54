//! A second, naive way to tell what becomes of each file: a file system in memory, on which
//! the layers are unpacked one after another. It shares no code with the room.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Fate, ImageRecord, Kind};

type Inode = (usize, usize);

#[derive(Clone, Copy, PartialEq)]
enum Node {
    File(Inode),
    Directory,
    Other,
}

/// A container's root, and why each inode lost its last name.
#[derive(Default)]
struct Root {
    nodes: BTreeMap<String, Node>,
    lost: BTreeMap<Inode, Fate>,
}

/// The fate of every regular file, by layer and entry.
pub(crate) fn fates(record: &ImageRecord) -> BTreeMap<Inode, Fate> {
    let mut root = Root::default();
    for number in 0..record.layers.len() {
        root.unpack(record, number);
    }
    let mut fates = root.lost;
    for node in root.nodes.values() {
        if let Node::File(inode) = node {
            fates.insert(*inode, Fate::Live);
        }
    }
    fates
}

impl Root {
    fn unpack(&mut self, record: &ImageRecord, number: usize) {
        let layer = &record.layers[number].content;
        let before = self.nodes.clone();
        let mut gone: BTreeMap<String, Node> = BTreeMap::new();
        for entry in &layer.entries {
            let path = entry.path.to_string();
            let is_gone = |other: &String| match entry.kind {
                Kind::Whiteout => *other == path || is_below(other, &path),
                Kind::Opaque => is_below(other, &path),
                _ => false,
            };
            for (other, node) in &before {
                if is_gone(other) {
                    gone.insert(other.clone(), *node);
                }
            }
        }
        self.nodes.retain(|path, _| !gone.contains_key(path));
        let mut written: BTreeMap<String, Node> = BTreeMap::new();
        let mut markers = Vec::new();
        for (place, entry) in layer.entries.iter().enumerate() {
            let node = match &entry.kind {
                Kind::File { .. } => Node::File((number, place)),
                Kind::Directory => Node::Directory,
                Kind::HardLink { target } => target_of(record, number, target.as_bytes(), &before),
                Kind::Symlink { .. } | Kind::Device => Node::Other,
                Kind::Opaque => {
                    let path = entry.path.to_string();
                    written.entry(path).or_insert(Node::Directory);
                    continue;
                }
                Kind::Whiteout => {
                    markers.push(entry.path.to_string());
                    continue;
                }
            };
            written.insert(entry.path.to_string(), node);
        }
        let mut all: Vec<String> = written.keys().cloned().collect();
        all.extend(markers);
        for path in all {
            for (at, _) in path.match_indices('/') {
                written
                    .entry(path[..at].to_owned())
                    .or_insert(Node::Directory);
            }
        }
        for (path, node) in &written {
            self.write(path, *node, &mut gone);
        }
        let written_over = |path: &str, below: Inode| match written.get(path)? {
            // A name of a lower file writes nothing again.
            Node::File(above) if above.0 == number && is_same(record, below, *above) => {
                Some(Fate::MetadataOnly)
            }
            _ => Some(Fate::Overwritten),
        };
        self.account(&before, written_over, &gone);
    }

    fn write(&mut self, path: &str, node: Node, gone: &mut BTreeMap<String, Node>) {
        if node != Node::Directory {
            let below: Vec<String> = self
                .nodes
                .keys()
                .filter(|other| is_below(other, path))
                .cloned()
                .collect();
            for other in below {
                let node = self.nodes.remove(&other).unwrap();
                gone.insert(other, node);
            }
        }
        self.nodes.insert(path.to_owned(), node);
    }

    /// Every inode that had a name before and has none any more was lost to this layer.
    fn account(
        &mut self,
        before: &BTreeMap<String, Node>,
        written_over: impl Fn(&str, Inode) -> Option<Fate>,
        gone: &BTreeMap<String, Node>,
    ) {
        let named: BTreeSet<Inode> = self
            .nodes
            .values()
            .filter_map(|node| match node {
                Node::File(inode) => Some(*inode),
                _ => None,
            })
            .collect();
        for (path, node) in before {
            let Node::File(inode) = node else { continue };
            if named.contains(inode) {
                continue;
            }
            let fate = written_over(path, *inode).unwrap_or_else(|| {
                assert!(gone.contains_key(path), "{path} is gone and nobody did it");
                Fate::Deleted
            });
            let rank = |fate: &Fate| match fate {
                Fate::MetadataOnly => 2,
                Fate::Overwritten => 1,
                _ => 0,
            };
            let known = self.lost.entry(*inode).or_insert(fate);
            if rank(&fate) > rank(known) {
                *known = fate;
            }
        }
    }
}

fn is_below(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.starts_with(&format!("{dir}/"))
}

fn target_of(
    record: &ImageRecord,
    number: usize,
    target: &[u8],
    before: &BTreeMap<String, Node>,
) -> Node {
    let mut target = target.to_vec();
    let entries = &record.layers[number].content.entries;
    for _ in 0..=entries.len() {
        let held = entries.iter().position(|entry| {
            entry.path.as_bytes() == target && !matches!(entry.kind, Kind::Whiteout | Kind::Opaque)
        });
        let Some(place) = held else {
            let path = String::from_utf8(target).unwrap();
            return match before.get(&path) {
                Some(Node::File(inode)) => Node::File(*inode),
                _ => Node::Other,
            };
        };
        match &entries[place].kind {
            Kind::File { .. } => return Node::File((number, place)),
            Kind::HardLink { target: next } => target = next.as_bytes().to_vec(),
            _ => return Node::Other,
        }
    }
    Node::Other
}

fn is_same(record: &ImageRecord, below: Inode, above: Inode) -> bool {
    let kind = |(layer, place): Inode| &record.layers[layer].content.entries[place].kind;
    let known = matches!(
        kind(below),
        Kind::File {
            content: Some(_),
            ..
        }
    );
    let same_layer =
        record.layers[below.0].content.diff_id == record.layers[above.0].content.diff_id;
    below != above && ((known && kind(below) == kind(above)) || (same_layer && below.1 == above.1))
}
