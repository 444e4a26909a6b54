use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use xtask::model::{Bytes, Fate};

use super::written::{Written, hidden};
use crate::images::{Node, NodeKind};

/// What a stack may hold that is easily got wrong.
pub(super) const ODD: [&str; 11] = [
    "a link within a layer",
    "a link to a lower layer's file",
    "a path twice in one layer",
    "a whiteout",
    "an opaque directory",
    "a directory in a file's place",
    "a file in a directory's place",
    "a symlink",
    "a marker in what was no directory",
    "a file in the place of its own layer's directory",
    "a linked name written again",
];

/// A file by the order in which it came, for a file system gives an inode's number again.
type Inode = usize;

/// A container's root on this machine's file system.
pub(super) struct Root {
    directory: TempDir,
    /// Holds one more link to each file, so that none is ever gone and its number used again.
    kept: TempDir,
    copies: BTreeMap<u64, PathBuf>,
    numbers: BTreeMap<u64, Inode>,
    counted: Counted,
}

/// What the walks found.
#[derive(Default)]
pub(super) struct Counted {
    /// Bytes of the files that each layer brought.
    pub(super) layers: Vec<Bytes>,
    /// Every name that a layer's new file had once the layer was unpacked.
    pub(super) names: BTreeMap<(usize, Vec<u8>), Inode>,
    pub(super) bytes: BTreeMap<Inode, u64>,
    pub(super) fates: BTreeMap<Inode, Fate>,
    /// What a last walk adds up to.
    pub(super) live: Bytes,
    pub(super) seen: BTreeSet<&'static str>,
}

impl Root {
    pub(super) fn new() -> Self {
        let directory = || tempfile::tempdir().unwrap();
        Self {
            directory: directory(),
            kept: directory(),
            copies: BTreeMap::new(),
            numbers: BTreeMap::new(),
            counted: Counted::default(),
        }
    }

    /// Unpacks one layer, markers first, since they speak of what is there before; the nodes
    /// that could be.
    pub(super) fn unpack(&mut self, nodes: &[Node]) -> Vec<Node> {
        let before = self.walk();
        let mut done = Written::default();
        let is_marker = |node: &&Node| hidden(&node.path).is_some();
        let mut applied = BTreeSet::new();
        for markers in [true, false] {
            for (place, node) in nodes.iter().enumerate() {
                if is_marker(&node) == markers && self.apply(node, &mut done) {
                    applied.insert(place);
                }
            }
            // A marker of another directory may have removed one, and an engine leaves it.
            for directory in done.markers.clone() {
                self.make_parents(&[&directory[..], b"/"].concat());
            }
        }
        self.account(&before);
        let nodes = nodes.iter().enumerate();
        let kept = nodes.filter(|(place, _)| applied.contains(place));
        kept.map(|(_, node)| node.clone()).collect()
    }

    fn at(&self, path: &[u8]) -> PathBuf {
        self.directory.path().join(OsStr::from_bytes(path))
    }

    /// The entry with exactly this name, and not another that a symlink above it leads to.
    fn kind_of(&self, path: &[u8]) -> Option<fs::FileType> {
        let mut ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let is_dir = |(end, _)| kind(&self.at(&path[..end])).is_some_and(|it| it.is_dir());
        ends.all(is_dir).then(|| kind(&self.at(path))).flatten()
    }

    fn apply(&mut self, node: &Node, done: &mut Written) -> bool {
        if let Some((directory, name)) = hidden(&node.path) {
            return self.hide(directory, name, done);
        }
        if !done.can_write(node) {
            return false;
        }
        let at = self.at(&node.path);
        let source = match &node.kind {
            NodeKind::HardLink(target) => {
                let source = self.at(target);
                let is_file = self.kind_of(target).is_some_and(|it| it.is_file());
                // Neither would be there any more once the other is.
                let is_apart = !source.starts_with(&at) && !at.starts_with(&source);
                if !(is_file && is_apart) {
                    return false;
                }
                let number = fs::symlink_metadata(&source).unwrap().ino();
                self.counted
                    .seen
                    .insert(if self.numbers.contains_key(&number) {
                        ODD[1]
                    } else {
                        ODD[0]
                    });
                Some(source)
            }
            _ => None,
        };
        self.write(node, &at, source.as_deref());
        self.counted.seen.extend(done.odd(node));
        if done.note(node) {
            self.counted.seen.insert(ODD[2]);
        }
        true
    }

    fn write(&mut self, node: &Node, at: &Path, source: Option<&Path>) {
        self.make_parents(&node.path);
        let is_directory = matches!(node.kind, NodeKind::Directory);
        match kind(at) {
            Some(old) if old.is_dir() && is_directory => return,
            Some(old) if old.is_dir() => {
                self.counted.seen.insert(ODD[6]);
                fs::remove_dir_all(at).unwrap();
            }
            Some(_) => {
                if is_directory {
                    self.counted.seen.insert(ODD[5]);
                }
                fs::remove_file(at).unwrap();
            }
            None => {}
        }
        match &node.kind {
            NodeKind::File(content) => {
                fs::write(at, content).unwrap();
                self.keep(at);
            }
            NodeKind::HardLink(_) => fs::hard_link(source.unwrap(), at).unwrap(),
            NodeKind::Symlink(target) => {
                self.counted.seen.insert(ODD[7]);
                symlink(OsStr::from_bytes(target), at).unwrap();
            }
            NodeKind::Directory => fs::create_dir(at).unwrap(),
            NodeKind::Pipe => unreachable!("none is generated"),
        }
    }

    fn keep(&mut self, at: &Path) {
        let copy = self.kept.path().join(self.copies.len().to_string());
        fs::hard_link(at, &copy).unwrap();
        self.copies.insert(fs::metadata(&copy).unwrap().ino(), copy);
    }

    /// Every directory above `path`, instead of whatever else is there: an engine unpacks a
    /// layer by itself, so no symlink of a lower one is followed.
    fn make_parents(&mut self, path: &[u8]) {
        for (end, _) in path.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
            let above = self.at(&path[..end]);
            if end == 0 {
                continue;
            }
            match kind(&above) {
                Some(old) if old.is_dir() => continue,
                Some(_) => {
                    self.counted.seen.insert(ODD[5]);
                    fs::remove_file(&above).unwrap();
                }
                None => {}
            }
            fs::create_dir(&above).unwrap();
        }
    }

    /// The directory of a marker is made in the place of whatever lower layers hold there.
    fn hide(&mut self, directory: &[u8], name: Option<&[u8]>, done: &mut Written) -> bool {
        let above = self.at(directory);
        if !done.can_hide(directory, name) {
            return false;
        }
        if self.kind_of(directory).is_some_and(|it| !it.is_dir()) {
            self.counted.seen.insert(ODD[8]);
        }
        self.make_parents(&[directory, b"/"].concat());
        done.hide(directory, name);
        if let Some(name) = name {
            self.counted.seen.insert(ODD[3]);
            remove(&above.join(OsStr::from_bytes(name)));
        } else {
            self.counted.seen.insert(ODD[4]);
            for held in fs::read_dir(&above).unwrap() {
                remove(&held.unwrap().path());
            }
        }
        true
    }

    /// Every name of every regular file, and the number of its inode.
    fn walk(&self) -> BTreeMap<Vec<u8>, u64> {
        let mut names = BTreeMap::new();
        let mut open = vec![Vec::new()];
        while let Some(path) = open.pop() {
            for held in fs::read_dir(self.at(&path)).unwrap() {
                let held = held.unwrap();
                let mut name = path.clone();
                if !name.is_empty() {
                    name.push(b'/');
                }
                name.extend_from_slice(held.file_name().as_bytes());
                let meta = fs::symlink_metadata(held.path()).unwrap();
                if meta.is_dir() {
                    open.push(name);
                } else if meta.is_file() {
                    names.insert(name, meta.ino());
                }
            }
        }
        names
    }

    /// What this layer brought, and what it took.
    fn account(&mut self, before: &BTreeMap<Vec<u8>, u64>) {
        let after = self.walk();
        let layer = self.counted.layers.len();
        let known: BTreeSet<u64> = self.numbers.keys().copied().collect();
        let mut brought = 0;
        for (name, number) in after.iter().filter(|(_, number)| !known.contains(number)) {
            let inode = *self.numbers.entry(*number).or_insert_with(|| {
                let inode = self.counted.bytes.len();
                let bytes = fs::metadata(self.directory.path().join(OsStr::from_bytes(name)));
                let bytes = bytes.unwrap().len();
                self.counted.bytes.insert(inode, bytes);
                self.counted.fates.insert(inode, Fate::Live);
                brought += bytes;
                inode
            });
            self.counted.names.insert((layer, name.clone()), inode);
        }
        self.counted.layers.push(Bytes(brought));
        let there: BTreeSet<u64> = after.values().copied().collect();
        for (name, number) in before.iter().filter(|(_, number)| !there.contains(number)) {
            let inode = self.numbers[number];
            let fate = self.loss(name, *number, &after, &known);
            let told = self.counted.fates.get_mut(&inode).unwrap();
            // Of a file with several names the one that says most of the layer counts.
            let rank = |fate| match fate {
                Fate::Live => 0,
                Fate::Deleted => 1,
                Fate::Overwritten => 2,
                Fate::MetadataOnly => 3,
            };
            if rank(fate) > rank(*told) {
                *told = fate;
            }
        }
    }

    fn loss(
        &self,
        name: &[u8],
        lost: u64,
        after: &BTreeMap<Vec<u8>, u64>,
        known: &BTreeSet<u64>,
    ) -> Fate {
        let Some(new) = after.get(name) else {
            // What is there now is no file, or nothing is.
            return match self.kind_of(name) {
                Some(_) => Fate::Overwritten,
                None => Fate::Deleted,
            };
        };
        let content = |number| fs::read(&self.copies[number]).unwrap();
        // A name of a lower layer's file writes nothing again.
        if !known.contains(new) && content(new) == content(&lost) {
            Fate::MetadataOnly
        } else {
            Fate::Overwritten
        }
    }

    pub(super) fn count(mut self) -> Counted {
        let files: BTreeSet<u64> = self.walk().into_values().collect();
        let bytes = |number: &u64| self.counted.bytes[&self.numbers[number]];
        self.counted.live = Bytes(files.iter().map(bytes).sum());
        self.counted
    }
}

fn kind(path: &Path) -> Option<fs::FileType> {
    fs::symlink_metadata(path).ok().map(|meta| meta.file_type())
}

fn remove(path: &Path) {
    let removed = match kind(path) {
        Some(kind) if kind.is_dir() => fs::remove_dir_all(path),
        Some(_) => fs::remove_file(path),
        None => io::Result::Ok(()),
    };
    removed.unwrap();
}
