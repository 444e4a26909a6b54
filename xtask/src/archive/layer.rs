use std::collections::BTreeMap;
use std::mem;

use sha2::{Digest as _, Sha256};

use super::applied::Applied;
use super::chunk::{Chunks, Cursor};
use super::fault::fault;
use super::limits::Budget;
use super::pipe::digest;
use super::tar::{Input, Item, ParentPath, Sparse, Walker, normalise};
use crate::model::{ArchiveProblem, Bytes, Damage, Digest, Entry, Feature, ImagePath, Kind};

/// A kernel looks no further for the name of an interpreter.
pub(super) const SCRIPT_LINE: usize = 128;

/// What a layer holds.
#[derive(Default)]
pub(super) struct Content {
    pub(super) entries: Vec<Entry>,
    pub(super) scripts: Scripts,
}

/// See [`crate::model::Layer::scripts`]. By the place of the entry that holds the file.
#[derive(Default)]
pub(super) struct Scripts(BTreeMap<usize, Box<[u8]>>);

impl Scripts {
    /// Takes note of how the entry at this place begins.
    pub(super) fn note(&mut self, at: usize, kind: &Kind, start: &[u8]) {
        if matches!(kind, Kind::Whiteout | Kind::Opaque) {
            return;
        }
        let start = &start[..start.len().min(SCRIPT_LINE)];
        if let Some(rest) = start.strip_prefix(b"#!") {
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            self.0.insert(at, line.trim_ascii().into());
        }
    }

    /// Follows the files to where they are once the layer is unpacked.
    pub(super) fn apply(&mut self, applied: &Applied) {
        let places = applied.places();
        let scripts = mem::take(&mut self.0).into_iter();
        let scripts = scripts.filter_map(|(at, line)| Some((*places.get(&at)?, line)));
        self.0 = scripts.collect();
    }

    /// By the paths of these entries.
    pub(super) fn by_path(self, entries: &[Entry]) -> BTreeMap<ImagePath, Box<[u8]>> {
        let scripts = self.0.into_iter();
        scripts
            .map(|(at, line)| (entries[at].path.clone(), line))
            .collect()
    }
}

/// Reads a whole layer and hashes each file's content. `source` is read as far as the end
/// marker; what follows it is the caller's to read, since it is part of the digest.
pub(super) fn read(
    source: impl Chunks,
    blob: &str,
    budget: &Budget,
) -> Result<Content, ArchiveProblem> {
    let mut cursor = Cursor::new(source);
    let mut walker = Walker::new(blob, &budget.limits);
    let mut layer = Content::default();
    while let Some(item) = walker.next(&mut cursor)? {
        budget.spend(blob, &item)?;
        match entry(&walker, &item)? {
            Some(mut entry) => {
                let start = start(&mut cursor, blob, beginning(&item))?;
                layer.scripts.note(layer.entries.len(), &entry.kind, start);
                if let Kind::File { content, .. } = &mut entry.kind {
                    budget.watch.enter(&item.path, item.bytes);
                    *content = Some(match &item.sparse {
                        Some(sparse) => hash_sparse(&mut cursor, blob, sparse, budget)?,
                        None => hash(&mut cursor, blob, item.bytes)?,
                    });
                    budget.watch.leave(item.bytes);
                } else {
                    walker.skip(&mut cursor, item.bytes)?;
                }
                layer.entries.push(entry);
            }
            None => walker.skip(&mut cursor, item.bytes)?,
        }
    }
    if let Some(applied) = Applied::of(&layer.entries) {
        applied.entries(&mut layer.entries);
        layer.scripts.apply(&applied);
    }
    Ok(layer)
}

pub(super) fn start<'i>(
    input: &'i mut dyn Input,
    blob: &str,
    bytes: u64,
) -> Result<&'i [u8], ArchiveProblem> {
    let at = input.position();
    let count = usize::try_from(bytes)
        .unwrap_or(usize::MAX)
        .min(SCRIPT_LINE);
    input.peek(count).map_err(|error| fault(blob, at, error))
}

/// How many bytes of content follow that the file begins with.
pub(super) fn beginning(item: &Item) -> u64 {
    item.sparse.as_ref().map_or(item.bytes, Sparse::beginning)
}

/// Hashes a file with its holes, which cost as much to hash as if they were there.
pub(super) fn hash_sparse(
    input: &mut dyn Input,
    blob: &str,
    sparse: &Sparse,
    budget: &Budget,
) -> Result<Digest, ArchiveProblem> {
    budget.spend_holes(blob, sparse.holes())?;
    let at = input.position();
    let go_on = || budget.watch.go_on();
    let hash = sparse
        .hash(input, &go_on)
        .map_err(|error| fault(blob, at, error))?;
    hash.map(digest).ok_or_else(|| ArchiveProblem::Truncated {
        blob: blob.to_owned(),
        offset: input.position(),
    })
}

fn hash<S: Chunks>(
    cursor: &mut Cursor<S>,
    blob: &str,
    bytes: u64,
) -> Result<Digest, ArchiveProblem> {
    let mut hash = Sha256::new();
    let mut left = bytes;
    while left > 0 {
        let at = cursor.position();
        match cursor.take(left).map_err(|error| fault(blob, at, error))? {
            Some(chunk) => {
                hash.update(&*chunk);
                left -= chunk.len() as u64;
            }
            None => {
                return Err(ArchiveProblem::Truncated {
                    blob: blob.to_owned(),
                    offset: at,
                });
            }
        }
    }
    Ok(digest(hash))
}

/// What an item of a tar means in a layer; `None` for the bookkeeping of aufs, which no
/// container sees and no engine unpacks. A file's content is not known yet.
pub(super) fn entry(walker: &Walker<'_>, item: &Item) -> Result<Option<Entry>, ArchiveProblem> {
    let refused = |ParentPath| {
        walker.unsupported(Feature::ParentPath {
            path: String::from_utf8_lossy(&item.path).into_owned(),
        })
    };
    let path = normalise(&item.path).map_err(refused)?;
    let name = path.as_bytes().rsplit(|byte| *byte == b'/').next();
    let (path, kind) = match name.and_then(|name| name.strip_prefix(b".wh.")) {
        Some(b".wh..opq") => (under(&path, b""), Kind::Opaque),
        Some(rest) if rest.starts_with(b".wh.") => return Ok(None),
        Some(b".." | b".") => return Err(refused(ParentPath)),
        Some(b"") => return Err(walker.damaged(item.offset, Damage::Whiteout)),
        Some(hidden) => (under(&path, hidden), Kind::Whiteout),
        None if path.as_bytes().starts_with(b".wh..wh.") => return Ok(None),
        None => {
            let kind = kind(walker, item, &path)?;
            (path, kind)
        }
    };
    Ok(Some(Entry {
        path,
        kind,
        mode: item.mode,
        stamp: item.stamp,
    }))
}

/// `name` in the directory of `path`.
fn under(path: &ImagePath, name: &[u8]) -> ImagePath {
    match path.parent() {
        None | Some(b"") => ImagePath::from_normalised(name),
        Some(parent) if name.is_empty() => ImagePath::from_normalised(parent),
        Some(parent) => ImagePath::from_normalised([parent, b"/", name].concat()),
    }
}

fn kind(walker: &Walker<'_>, item: &Item, path: &ImagePath) -> Result<Kind, ArchiveProblem> {
    let nameless = path.as_bytes().is_empty() || item.path.contains(&0);
    if nameless && item.flag != b'5' {
        return Err(walker.damaged(item.offset, Damage::Name));
    }
    Ok(match item.flag {
        b'1' => Kind::HardLink {
            target: normalise(&item.link).map_err(|ParentPath| {
                walker.unsupported(Feature::ParentPath {
                    path: String::from_utf8_lossy(&item.link).into_owned(),
                })
            })?,
        },
        b'2' => Kind::Symlink {
            target: item.link.as_slice().into(),
        },
        b'3' | b'4' | b'6' => Kind::Device,
        b'5' => Kind::Directory,
        _ => Kind::File {
            bytes: Bytes(item.sparse.as_ref().map_or(item.bytes, |it| it.bytes)),
            content: None,
        },
    })
}
