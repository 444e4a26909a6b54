use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::chunk::{Chunks, Cursor};
use super::fault::fault;
use super::limits::Budget;
use super::pipe::digest;
use super::tar::{Input, Item, ParentPath, Walker, normalise};
use crate::model::{ArchiveProblem, Bytes, Damage, Digest, Entry, Feature, ImagePath, Kind};

/// A kernel looks no further for the name of an interpreter.
pub(super) const SCRIPT_LINE: usize = 128;

/// What a layer holds.
#[derive(Default)]
pub(super) struct Content {
    pub(super) entries: Vec<Entry>,
    pub(super) scripts: Scripts,
}

/// See [`crate::model::Layer::scripts`].
#[derive(Default)]
pub(super) struct Scripts(pub(super) BTreeMap<ImagePath, Box<[u8]>>);

impl Scripts {
    /// Takes note of how an entry begins; of several at one path the last one stands.
    pub(super) fn note(&mut self, entry: &Entry, start: &[u8]) {
        if matches!(entry.kind, Kind::Whiteout | Kind::Opaque) {
            return;
        }
        let start = &start[..start.len().min(SCRIPT_LINE)];
        if let Some(rest) = start.strip_prefix(b"#!") {
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            self.0.insert(entry.path.clone(), line.trim_ascii().into());
        } else if !self.0.is_empty() {
            self.0.remove(&entry.path);
        }
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
        budget.spend(blob, item.path.len() + item.link.len())?;
        match entry(&walker, &item)? {
            Some(mut entry) => {
                layer
                    .scripts
                    .note(&entry, start(&mut cursor, blob, item.bytes)?);
                if let Kind::File { content, .. } = &mut entry.kind {
                    *content = Some(hash(&mut cursor, blob, item.bytes)?);
                } else {
                    walker.skip(&mut cursor, item.bytes)?;
                }
                layer.entries.push(entry);
            }
            None => walker.skip(&mut cursor, item.bytes)?,
        }
    }
    keep_last(&mut layer.entries);
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
            bytes: Bytes(item.bytes),
            content: None,
        },
    })
}

/// What an entry is to the entry before it at the same path: a whiteout hides what lower
/// layers hold there and says nothing of what this one does.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Node,
    Whiteout,
    Opaque,
}

/// Keeps each path once, the last entry of it, and tells which were kept.
pub(super) fn keep_last(entries: &mut Vec<Entry>) -> Option<Vec<bool>> {
    if entries.is_sorted_by(is_before) {
        return None;
    }
    let mut last = HashMap::with_capacity(entries.len());
    let mut kept = vec![true; entries.len()];
    let mut repeated = false;
    for (at, entry) in entries.iter().enumerate() {
        let place = match entry.kind {
            Kind::Whiteout => Place::Whiteout,
            Kind::Opaque => Place::Opaque,
            _ => Place::Node,
        };
        if let Some(earlier) = last.insert((place, entry.path.as_bytes()), at) {
            kept[earlier] = false;
            repeated = true;
        }
    }
    if !repeated {
        return None;
    }
    let mut keep = kept.iter();
    entries.retain(|_| keep.next() != Some(&false));
    Some(kept)
}

/// Whether a tar that is written directory by directory, in order, has the one before the
/// other. Most are, and then nothing can be repeated.
fn is_before(one: &Entry, other: &Entry) -> bool {
    let [one, other] = [one, other].map(|it| Path::new(OsStr::from_bytes(it.path.as_bytes())));
    one < other
}
