//! A layer as an engine unpacks it: entry by entry, in the order of its tar.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::mem;
use std::ops::Bound;

use crate::model::{Entry, Kind};

/// What is left of a layer's entries, in their order.
pub(super) struct Applied(Vec<Kept>);

/// An entry that is there once the whole layer is unpacked.
struct Kept {
    at: usize,
    now: Now,
}

/// What has become of it.
#[derive(Clone, Copy)]
enum Now {
    Same,
    /// A hard link that holds what this earlier entry brought, and whose own path another has now.
    File(usize),
    /// A name of the file that this entry holds.
    Link(usize),
}

impl Applied {
    /// Unpacks the entries; `None` where all of them stay as they are.
    ///
    /// What is repeated replaces what was there. What is no directory also replaces all that lies
    /// in one. The content of a file stays while one hard link to it does.
    pub(super) fn of(entries: &[Entry]) -> Option<Self> {
        if is_plain(entries) {
            return None;
        }
        let mut tree = Tree::default();
        for (at, entry) in entries.iter().enumerate() {
            tree.apply(at, entry);
        }
        tree.is_changed.then(|| tree.kept(entries))
    }

    /// The entries that are left, as they are now.
    pub(super) fn entries(&self, before: &mut Vec<Entry>) {
        let all = mem::take(before);
        *before = self.0.iter().map(|kept| kept.entry(&all)).collect();
    }

    /// Of what is known of each entry's content, that of those that are left.
    pub(super) fn contents<T: Copy>(&self, before: &mut Vec<Option<T>>) {
        let content = |kept: &Kept| match kept.now {
            Now::Same => before[kept.at],
            Now::File(from) => before[from],
            Now::Link(_) => None,
        };
        *before = self.0.iter().map(content).collect();
    }

    /// Where the content of an entry is now, by its place among those that are left.
    pub(super) fn places(&self) -> HashMap<usize, usize> {
        let place = |(place, kept): (usize, &Kept)| match kept.now {
            Now::Same => Some((kept.at, place)),
            Now::File(from) => Some((from, place)),
            Now::Link(_) => None,
        };
        self.0.iter().enumerate().filter_map(place).collect()
    }
}

impl Kept {
    fn entry(&self, all: &[Entry]) -> Entry {
        let entry = &all[self.at];
        let kind = match self.now {
            Now::Same => entry.kind.clone(),
            Now::File(from) => all[from].kind.clone(),
            Now::Link(holder) => Kind::HardLink {
                target: all[holder].path.clone(),
            },
        };
        Entry {
            kind,
            ..entry.clone()
        }
    }
}

/// Whether no path comes twice and nothing lies below what is no directory, so that nothing can
/// be replaced. Most layers are so. To see it takes a fraction of the tree's memory.
fn is_plain(entries: &[Entry]) -> bool {
    let path = |at: u32| entries[at as usize].path.as_bytes();
    let Ok(count) = u32::try_from(entries.len()) else {
        return false;
    };
    let mut order: Vec<u32> = (0..count).collect();
    order.sort_by(|one, other| by_tree(path(*one), path(*other)));
    order.windows(2).all(|pair| {
        let above = &entries[pair[0] as usize];
        match path(pair[1]).strip_prefix(above.path.as_bytes()) {
            Some([]) => false,
            Some([b'/', ..]) => matches!(above.kind, Kind::Directory),
            _ => true,
        }
    })
}

/// The order of a tree that is walked directory by directory: what lies in a directory follows it.
fn by_tree(one: &[u8], other: &[u8]) -> Ordering {
    let shared = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let rank = |path: &[u8]| path.get(shared).map(|byte| (*byte != b'/', *byte));
    rank(one).cmp(&rank(other))
}

/// What is there so far.
#[derive(Default)]
struct Tree<'e> {
    nodes: BTreeMap<&'e [u8], Node>,
    /// A marker hides what lower layers hold and says nothing of what this one does.
    whiteouts: BTreeMap<&'e [u8], usize>,
    opaque: BTreeMap<&'e [u8], usize>,
    is_changed: bool,
}

/// What has a name.
#[derive(Clone, Copy)]
struct Node {
    at: usize,
    /// The entry that brought the file that this names.
    file: Option<usize>,
}

impl<'e> Tree<'e> {
    fn apply(&mut self, at: usize, entry: &'e Entry) {
        let path = entry.path.as_bytes();
        let file = match &entry.kind {
            Kind::Whiteout => {
                self.is_changed |= self.whiteouts.insert(path, at).is_some();
                return;
            }
            Kind::Opaque => {
                self.is_changed |= self.opaque.insert(path, at).is_some();
                return;
            }
            Kind::Directory => {
                self.is_changed |= self.nodes.insert(path, Node { at, file: None }).is_some();
                return;
            }
            Kind::File { .. } => Some(at),
            Kind::HardLink { target } => {
                // An engine makes room before it links.
                self.clear(path);
                self.nodes.get(target.as_bytes()).and_then(|it| it.file)
            }
            Kind::Symlink { .. } | Kind::Device => None,
        };
        self.clear(path);
        self.nodes.insert(path, Node { at, file });
    }

    /// Removes what has this name, and all that lies in it.
    fn clear(&mut self, path: &'e [u8]) {
        self.is_changed |= self.nodes.remove(path).is_some();
        self.is_changed |= self.opaque.remove(path).is_some();
        let start = [path, b"/"].concat();
        self.is_changed |= clear_below(&mut self.nodes, &start)
            | clear_below(&mut self.whiteouts, &start)
            | clear_below(&mut self.opaque, &start);
    }

    fn kept(self, entries: &[Entry]) -> Applied {
        // Of the names of a file, the one that brought it holds it, or else the first one left.
        let mut holder: HashMap<usize, usize> = HashMap::new();
        for Node { at, file } in self.nodes.values() {
            if let Some(file) = file {
                let first = holder.entry(*file).or_insert(*at);
                *first = (*first).min(*at);
            }
        }
        let nodes = self.nodes.values().map(|node| {
            let now = match (node.file, &entries[node.at].kind) {
                (Some(file), Kind::HardLink { .. }) => match holder[&file] {
                    first if first == node.at => Now::File(file),
                    first => Now::Link(first),
                },
                _ => Now::Same,
            };
            Kept { at: node.at, now }
        });
        let markers = self.whiteouts.values().chain(self.opaque.values());
        let markers = markers.map(|at| Kept {
            at: *at,
            now: Now::Same,
        });
        let mut kept: Vec<Kept> = nodes.chain(markers).collect();
        kept.sort_unstable_by_key(|kept| kept.at);
        Applied(kept)
    }
}

/// Removes what begins so, and tells whether there was any.
fn clear_below<V>(tree: &mut BTreeMap<&[u8], V>, start: &[u8]) -> bool {
    let from = (Bound::Excluded(start), Bound::Unbounded);
    let below = tree.range::<[u8], _>(from).map(|(path, _)| *path);
    let below: Vec<&[u8]> = below.take_while(|path| path.starts_with(start)).collect();
    for path in &below {
        tree.remove(path);
    }
    !below.is_empty()
}

#[cfg(test)]
mod tests {
    use super::Applied;
    use crate::model::{Bytes, Entry, ImagePath, Kind};

    fn entry(path: &str, kind: Kind) -> Entry {
        Entry {
            path: ImagePath::from(path),
            kind,
            mode: 0,
            stamp: 0,
        }
    }

    fn file(path: &str, bytes: u64) -> Entry {
        let bytes = Bytes(bytes);
        let content = None;
        entry(path, Kind::File { bytes, content })
    }

    fn link(path: &str, target: &str) -> Entry {
        let target = ImagePath::from(target);
        entry(path, Kind::HardLink { target })
    }

    fn applied(mut entries: Vec<Entry>) -> Vec<Entry> {
        let applied = Applied::of(&entries);
        if let Some(applied) = applied {
            applied.entries(&mut entries);
        }
        entries
    }

    #[test]
    fn what_is_written_in_order_stays_as_it_is() {
        let entries = vec![
            entry("a", Kind::Directory),
            file("a/b", 1),
            file("a-", 2),
            link("b", "a/b"),
        ];
        assert!(Applied::of(&entries).is_none());
        let unordered = vec![file("b", 1), link("a", "b"), entry("b", Kind::Whiteout)];
        assert!(Applied::of(&unordered).is_none());
    }

    /// `-` comes before `/`, so in the order of bytes `a-` lies between `a` and what is in it.
    #[test]
    fn a_file_replaces_a_directory_whatever_lies_between_their_names() {
        let entries = vec![file("a/b", 1), file("a-", 2), file("a", 3)];
        assert_eq!(applied(entries), [file("a-", 2), file("a", 3)]);
    }

    #[test]
    fn of_a_repeated_path_the_last_entry_stays() {
        let entries = vec![file("b", 1), file("a", 2), file("b", 3)];
        assert_eq!(applied(entries), [file("a", 2), file("b", 3)]);
    }

    #[test]
    fn a_file_removes_the_directory_in_whose_place_it_comes() {
        let entries = vec![
            file("b/a/d", 100),
            entry("b/a", Kind::Opaque),
            entry("b/x", Kind::Whiteout),
            entry("b", Kind::Opaque),
            file("b-", 1),
            file("b", 496),
        ];
        assert_eq!(applied(entries), [file("b-", 1), file("b", 496)]);
    }

    #[test]
    fn a_hard_link_keeps_the_content_whose_own_path_is_written_again() {
        let entries = vec![file("g", 3), link("h", "g"), file("g", 0)];
        assert_eq!(applied(entries), [file("h", 3), file("g", 0)]);
        let entries = vec![
            file("d/g", 3),
            link("h", "d/g"),
            link("i", "h"),
            file("d", 5),
        ];
        assert_eq!(
            applied(entries),
            [file("h", 3), link("i", "h"), file("d", 5)]
        );
        let entries = vec![file("g", 3), link("h", "g"), file("h", 4), file("g", 5)];
        assert_eq!(applied(entries), [file("h", 4), file("g", 5)]);
    }

    #[test]
    fn a_link_is_one_to_the_file_that_it_found_and_not_to_a_later_one() {
        let entries = vec![
            file("g", 3),
            link("h", "g"),
            file("g", 4),
            link("i", "g"),
            link("j", "h"),
        ];
        let expected = [file("h", 3), file("g", 4), link("i", "g"), link("j", "h")];
        assert_eq!(applied(entries), expected);
    }
}
