use crate::model::Entry;

use super::index::{Index, ROOT, Spot};
use super::paths::{Holds, Part, holds, of_dir, of_library, of_program};

/// The parts of an image, directory by directory.
pub(super) struct Parts {
    /// For each directory its part, the directory that decided it, and how its files that
    /// it leaves undecided are to be told.
    dirs: Vec<(Part, u32, Holds)>,
}

/// What decided a file's part: the directory all of which is of that part, or its own name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Decided {
    ByDir(u32),
    ByName,
}

impl Parts {
    pub(super) fn of(index: &Index) -> Self {
        let mut dirs: Vec<(Part, u32, Holds)> = Vec::with_capacity(index.dirs.len());
        for (number, dir) in (0..).zip(&index.dirs) {
            let above = (number != ROOT).then(|| dirs[dir.parent as usize]);
            dirs.push(match (of_dir(dir.path), above) {
                (Some(part), _) => (part, number, Holds::Anything),
                (None, Some((part, by, _))) if part != Part::Other => (part, by, Holds::Anything),
                _ => (Part::Other, number, holds(dir.path)),
            });
        }
        Self { dirs }
    }

    pub(super) fn part(&self, index: &Index, spot: Spot, entry: &Entry) -> (Part, Decided) {
        let dir = index.dir(spot);
        let (part, by, holds) = self.dirs[dir as usize];
        if part != Part::Other {
            return (part, Decided::ByDir(by));
        }
        let name = || {
            let path = entry.path.as_bytes();
            let name = index.dirs[dir as usize].below(path).unwrap_or(path);
            std::str::from_utf8(name).unwrap_or_default()
        };
        let part = match holds {
            Holds::Programs => of_program(name()),
            Holds::Libraries => of_library(name()),
            Holds::Anything => Part::Other,
        };
        (part, Decided::ByName)
    }
}
