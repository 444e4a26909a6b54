use std::collections::HashMap;

use crate::model::{Bytes, Entry, Kind, Layer};

/// The number of the directory that holds all others.
pub(super) const ROOT: u32 = 0;

/// No event, no layer.
const NONE: u32 = u32::MAX;

/// One entry: the layer's number from the lowest, and the entry's in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Spot {
    pub(super) layer: u32,
    pub(super) entry: u32,
}

/// A directory that any layer names, itself or by what lies in it.
pub(super) struct Dir<'a> {
    pub(super) path: &'a [u8],
    /// Always a smaller number than its own; the root is its own parent.
    pub(super) parent: u32,
    /// The layers that hide all that lower ones hold in it; ascending.
    pub(super) barriers: Vec<u32>,
    /// Whether more than one layer says something of it.
    pub(super) is_contested: bool,
    head: u32,
    tail: u32,
    touched_by: u32,
    /// Its weight in the highest layer that has one.
    weight: u32,
}

/// What one layer says of one name in a directory.
#[derive(Clone, Copy)]
pub(super) enum Said {
    Entry(u32),
    /// The name is a directory (this one), for the layer holds something in it.
    Within(u32),
}

#[derive(Clone, Copy)]
struct Event {
    layer: u32,
    said: Said,
    next: u32,
}

/// Bytes of regular files that a layer holds directly in a directory.
#[derive(Clone, Copy)]
pub(super) struct Weight {
    pub(super) layer: u32,
    pub(super) dir: u32,
    pub(super) bytes: Bytes,
}

/// The directories of an image, and what each layer says in each of them.
///
/// A layer's entries mostly come directory by directory, so only a change of directory is
/// looked up, and only a directory that several layers write to is ever sorted.
pub(super) struct Index<'a> {
    pub(super) dirs: Vec<Dir<'a>>,
    /// How many entries the layers below each one hold.
    first: Vec<usize>,
    /// The directory of each entry, layer after layer.
    dir_of: Vec<u32>,
    /// From the lowest layer.
    pub(super) weights: Vec<Weight>,
    events: Vec<Event>,
    by_name: HashMap<(u32, &'a [u8]), u32>,
}

impl<'a> Index<'a> {
    pub(super) fn of(layers: &[&'a Layer]) -> Self {
        let entries = layers.iter().map(|layer| layer.entries.len()).sum();
        let mut index = Self {
            dirs: vec![Dir::new(&[], ROOT)],
            first: Vec::with_capacity(layers.len()),
            dir_of: Vec::with_capacity(entries),
            weights: Vec::new(),
            events: Vec::with_capacity(entries + entries / 8),
            by_name: HashMap::new(),
        };
        for (number, layer) in (0..).zip(layers) {
            index.add(number, layer);
        }
        index
    }

    fn add(&mut self, layer: u32, content: &'a Layer) {
        self.first.push(self.dir_of.len());
        let mut dir = ROOT;
        for (number, entry) in (0..).zip(&content.entries) {
            let path = entry.path.as_bytes();
            if !self.is_directly_in(dir, path) {
                dir = self.parent_of(dir, path);
            }
            self.dir_of.push(dir);
            self.weigh(layer, dir, entry.bytes());
            self.note(layer, number, dir, entry);
        }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.dir_of.len()
    }

    /// The entry's number when all are numbered through, layer after layer.
    pub(super) fn flat(&self, spot: Spot) -> usize {
        self.first[spot.layer as usize] + spot.entry as usize
    }

    /// The directory that the entry lies in.
    pub(super) fn dir(&self, spot: Spot) -> u32 {
        self.dir_of[self.flat(spot)]
    }

    fn weigh(&mut self, layer: u32, dir: u32, bytes: Bytes) {
        if bytes.0 == 0 {
            return;
        }
        let last = &mut self.dirs[dir as usize].weight;
        match self.weights.get_mut(*last as usize) {
            Some(weight) if weight.layer == layer => weight.bytes += bytes,
            _ => {
                *last = u32::try_from(self.weights.len()).expect("fewer than 4 billion entries");
                self.weights.push(Weight { layer, dir, bytes });
            }
        }
    }

    /// A marker removes what lies below, and an engine makes the directory that it stands in.
    fn note(&mut self, layer: u32, number: u32, dir: u32, entry: &'a Entry) {
        if matches!(entry.kind, Kind::Opaque) {
            let path = entry.path.as_bytes();
            let hidden = self.descend(dir, path);
            self.dirs[hidden as usize].hide_below(layer);
            self.touch(layer, hidden);
            return;
        }
        self.touch(layer, dir);
        // The root has no name that a layer above could take.
        if !entry.path.as_bytes().is_empty() {
            self.push(dir, layer, Said::Entry(number));
        }
    }

    /// Says in each directory above `dir` that `layer` holds something below it.
    fn touch(&mut self, layer: u32, dir: u32) {
        let mut at = dir;
        while at != ROOT && self.dirs[at as usize].touched_by != layer {
            self.dirs[at as usize].touched_by = layer;
            let parent = self.dirs[at as usize].parent;
            self.push(parent, layer, Said::Within(at));
            at = parent;
        }
    }

    fn push(&mut self, dir: u32, layer: u32, said: Said) {
        let number = u32::try_from(self.events.len()).expect("fewer than 4 billion entries");
        self.events.push(Event {
            layer,
            said,
            next: NONE,
        });
        let dir = &mut self.dirs[dir as usize];
        if dir.head == NONE {
            dir.head = number;
        } else {
            let last = &mut self.events[dir.tail as usize];
            dir.is_contested |= last.layer != layer;
            last.next = number;
        }
        dir.tail = number;
    }

    /// What the layers say in `dir`, from the lowest layer.
    pub(super) fn said_in(&self, dir: u32) -> impl Iterator<Item = (u32, Said)> + '_ {
        let mut at = self.dirs[dir as usize].head;
        std::iter::from_fn(move || {
            let event = self.events.get(at as usize)?;
            at = event.next;
            Some((event.layer, event.said))
        })
    }

    /// The directory of that path, where any layer names it.
    pub(super) fn find(&self, path: &[u8]) -> Option<u32> {
        let mut at = ROOT;
        for name in names(path) {
            at = *self.by_name.get(&(at, name))?;
        }
        Some(at)
    }

    fn is_directly_in(&self, dir: u32, path: &[u8]) -> bool {
        self.dirs[dir as usize]
            .below(path)
            .is_some_and(|name| !name.contains(&b'/'))
    }

    /// The directory that holds `path`, sought from `near`, which mostly is close to it.
    fn parent_of(&mut self, near: u32, path: &'a [u8]) -> u32 {
        let end = path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        self.descend(near, &path[..end])
    }

    fn descend(&mut self, near: u32, path: &'a [u8]) -> u32 {
        let mut at = near;
        let rest = loop {
            let dir = &self.dirs[at as usize];
            if dir.path == path {
                return at;
            }
            if let Some(rest) = dir.below(path) {
                break rest;
            }
            at = dir.parent;
        };
        let mut end = path.len() - rest.len();
        for name in names(rest) {
            end += name.len();
            at = self.child(at, name, &path[..end]);
            end += 1;
        }
        at
    }

    fn child(&mut self, parent: u32, name: &'a [u8], path: &'a [u8]) -> u32 {
        let next = u32::try_from(self.dirs.len()).expect("fewer than 4 billion directories");
        let number = *self.by_name.entry((parent, name)).or_insert(next);
        if number == next {
            self.dirs.push(Dir::new(path, parent));
        }
        number
    }
}

fn names(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
        .filter(move |_| !path.is_empty())
}

impl<'a> Dir<'a> {
    fn new(path: &'a [u8], parent: u32) -> Self {
        Self {
            path,
            parent,
            barriers: Vec::new(),
            is_contested: false,
            head: NONE,
            tail: NONE,
            touched_by: NONE,
            weight: NONE,
        }
    }

    /// What follows this directory in `path`; `None` where `path` is not below it.
    pub(super) fn below<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        if self.path.is_empty() {
            return Some(path);
        }
        path.strip_prefix(self.path)?.strip_prefix(b"/")
    }

    pub(super) fn hide_below(&mut self, layer: u32) {
        if let Err(place) = self.barriers.binary_search(&layer) {
            self.barriers.insert(place, layer);
        }
    }
}
