use std::borrow::Cow;
use std::collections::HashSet;
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;
use std::thread;

use super::blob::{self, Known};
use super::chunk::{CHUNK, Chunk, Chunks, Cursor};
use super::config::unsupported;
use super::fault::fault;
use super::limits::{Budget, Share, within};
use super::packing::Packing;
use super::pipe::{Hashing, Piped, Tee, digest_of, pipe, pump};
use super::store::{Found, Members, Store, member_path, named_digest, not_a_tar};
use super::tar::{BLOCK, End, Input, Walker, is_tar};
use crate::model::{ArchiveProblem, Bound, Bytes, Digest, Feature, Layer};

/// An archive that was read from its first byte to its last, and what it held.
pub(super) struct Streamed {
    name: String,
    members: Members<Member>,
    json_limit: u64,
}

enum Member {
    Json(Vec<u8>),
    Layer {
        layer: Result<Arc<Layer>, ArchiveProblem>,
        bytes: u64,
        packing: Option<Packing>,
    },
    /// Compressed, and as it is stored: unpacked once a manifest names it.
    Held {
        content: Chunk,
        packing: Packing,
    },
    /// The same, to be read when the source is read again.
    Later {
        bytes: u64,
    },
    /// Neither JSON nor a layer, and how it begins.
    Other {
        start: Vec<u8>,
        bytes: u64,
    },
    /// Its content does not match the digest in its name, which matters once it is needed.
    Damaged {
        bytes: u64,
        digest: Digest,
    },
}

/// What becomes of a compressed member that is too large to be held: it may be anything, for a
/// manifest comes after what it names.
#[derive(Clone, Copy)]
pub(super) enum Pass<'a> {
    /// It is unpacked at once, since the source can't be read again.
    Only,
    /// It waits for the second pass.
    First,
    /// It is unpacked if it is one of these; nothing else is read.
    Second(&'a HashSet<String>),
}

/// What reading one source takes.
pub(super) struct Reading<'a> {
    pub(super) name: &'a str,
    pub(super) budget: &'a Budget,
    pub(super) known: &'a Known<'a>,
    pub(super) pass: Pass<'a>,
}

/// What may still be kept of a stream.
struct Room {
    json: u64,
    held: u64,
}

impl Streamed {
    /// Reads an archive in one pass. The caller's thread does nothing but read (and
    /// decompress, where the whole archive is compressed); what is read is taken apart and
    /// hashed on others.
    pub(super) fn read(
        stream: &mut dyn Read,
        reading: &Reading<'_>,
    ) -> Result<Self, ArchiveProblem> {
        let read = thread::scope(|scope| {
            let (sender, piped) = pipe();
            let taken = scope.spawn(move || Self::take_apart(piped, reading));
            pump(stream, &sender);
            drop(sender);
            match taken.join() {
                Ok(read) => read,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        });
        reading.budget.watch.check()?;
        read
    }

    fn take_apart(piped: Piped, reading: &Reading<'_>) -> Result<Self, ArchiveProblem> {
        let (name, budget) = (reading.name, reading.budget);
        let mut cursor = Cursor::new(piped);
        begins(&mut cursor, name)?;
        let mut streamed = Self {
            name: name.to_owned(),
            members: Members::new(),
            json_limit: budget.limits.json,
        };
        let mut room = Room {
            json: budget.limits.json_kept,
            held: budget.limits.held,
        };
        let mut walker = Walker::new(name, &budget.limits);
        while let Some(item) = walker.next(&mut cursor)? {
            budget.spend(name, &item)?;
            if item.sparse.is_some() {
                return Err(walker.sparse_refused(&item.path));
            }
            match (item.flag, member_path(&item)) {
                (b'0' | b'7', Some(path)) if reading.wants(&path) => {
                    let bytes = item.bytes;
                    let part = Part {
                        cursor: &mut cursor,
                        left: bytes,
                    };
                    let read = part.read(&path, reading, &mut room);
                    let (member, digest) =
                        read.map_err(|error| fault(name, cursor.position(), error))?;
                    let is_other = named_digest(&path).is_some_and(|named| named != digest);
                    let member = if is_other {
                        Member::Damaged { bytes, digest }
                    } else {
                        member
                    };
                    streamed.members.insert(path, member);
                }
                (b'1' | b'2', Some(path)) => streamed.members.link(path, &item),
                _ => walker.skip(&mut cursor, item.bytes)?,
            }
        }
        finish(&walker, &mut cursor, name, budget.limits.padding)?;
        Ok(streamed)
    }

    /// The members among these that have to be read in a second pass.
    pub(super) fn later<'p>(&self, paths: impl Iterator<Item = &'p str>) -> HashSet<String> {
        let members = paths.filter_map(|path| self.members.resolve(path));
        let later =
            members.filter(|path| matches!(self.members.find(path), Some(Member::Later { .. })));
        later.map(str::to_owned).collect()
    }

    /// Takes in what a second pass read.
    pub(super) fn fill(&mut self, wanted: &HashSet<String>, mut second: Self) {
        for path in wanted {
            if let Some(member) = second.members.take(path) {
                self.members.insert(path.clone(), member);
            }
        }
    }

    /// The layer at `path`. What is wrong with it is said once.
    pub(super) fn layer(
        &mut self,
        path: &str,
        reading: &Reading<'_>,
    ) -> Result<Found, ArchiveProblem> {
        let missing = ArchiveProblem::MissingBlob {
            blob: path.to_owned(),
        };
        let Some(member) = self.members.find_mut(path) else {
            return Err(missing);
        };
        if let Member::Held { content, packing } = member {
            let (content, packing) = (mem::take(content), *packing);
            let bytes = content.len() as u64;
            let layer = unpack(content, packing, path, reading)?;
            *member = Member::Layer {
                layer: Ok(layer),
                bytes,
                packing: Some(packing),
            };
        }
        match member {
            Member::Json(start) | Member::Other { start, .. } => Err(not_a_tar(path, start)),
            Member::Damaged { digest, .. } => Err(other_digest(path, digest)),
            Member::Held { .. } | Member::Later { .. } => Err(missing),
            Member::Layer {
                layer,
                bytes,
                packing,
            } => match layer {
                Ok(layer) => Ok(Found {
                    layer: Arc::clone(layer),
                    packed: packing.map(|_| Bytes(*bytes)),
                    bytes: Bytes(*bytes),
                }),
                Err(problem) => Err(mem::replace(problem, missing)),
            },
        }
    }
}

impl Reading<'_> {
    fn wants(&self, path: &str) -> bool {
        match self.pass {
            Pass::Only | Pass::First => true,
            Pass::Second(wanted) => wanted.contains(path),
        }
    }
}

/// Unpacks a member that was held.
fn unpack(
    content: Chunk,
    packing: Packing,
    path: &str,
    reading: &Reading<'_>,
) -> Result<Arc<Layer>, ArchiveProblem> {
    let bytes = content.len() as u64;
    let (budget, share) = (reading.budget, Share::Named);
    let read = blob::read(
        Once(content),
        bytes,
        Some(packing),
        path,
        budget,
        share,
        reading.known,
    );
    budget.watch.check()?;
    read.map_err(|error| fault(path, 0, error))?.layer
}

/// Bytes that are there already.
struct Once(Chunk);

impl Chunks for Once {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let piece = self.0.split_to(self.0.len().min(CHUNK));
        Ok((!piece.is_empty()).then_some(piece))
    }
}

impl Store for Streamed {
    fn name(&self) -> &str {
        &self.name
    }

    fn bytes(&self, path: &str) -> Option<u64> {
        self.members.find(path).map(|member| match member {
            Member::Json(content) => content.len() as u64,
            Member::Held { content, .. } => content.len() as u64,
            Member::Layer { bytes, .. }
            | Member::Later { bytes }
            | Member::Other { bytes, .. }
            | Member::Damaged { bytes, .. } => *bytes,
        })
    }

    fn check(&self, path: &str) -> Result<(), ArchiveProblem> {
        match self.members.find(path) {
            Some(Member::Damaged { digest, .. }) => Err(other_digest(path, digest)),
            _ => Ok(()),
        }
    }

    fn json(&self, path: &str) -> Result<Cow<'_, [u8]>, ArchiveProblem> {
        match self.members.need(path)? {
            Member::Json(content) => Ok(Cow::Borrowed(content)),
            Member::Other { start, bytes } => {
                within(path, Bound::Json, *bytes, self.json_limit)?;
                Ok(Cow::Borrowed(start))
            }
            Member::Layer { .. } | Member::Held { .. } | Member::Later { .. } => {
                Ok(Cow::Borrowed(b"(a tar)"))
            }
            Member::Damaged { digest, .. } => Err(other_digest(path, digest)),
        }
    }
}

/// What to say of a blob that is not what its name, or that of what it links to, says.
fn other_digest(path: &str, actual: &Digest) -> ArchiveProblem {
    let expected = named_digest(path).map(|named| named.to_string());
    ArchiveProblem::Digest {
        blob: path.to_owned(),
        expected: expected.unwrap_or_else(|| path.to_owned()),
        actual: actual.to_string(),
    }
}

/// Refuses what does not even begin like an archive.
fn begins(cursor: &mut Cursor<Piped>, name: &str) -> Result<(), ArchiveProblem> {
    let start = cursor.peek(BLOCK).map_err(|error| fault(name, 0, error))?;
    let source_name = name.to_owned();
    if start.is_empty() {
        return Err(ArchiveProblem::Empty { source_name });
    }
    if !is_tar(start) {
        return Err(match Packing::unread(start) {
            Some(compression) => unsupported(name, Feature::Compression(compression)),
            None => ArchiveProblem::NotAnArchive { source_name },
        });
    }
    Ok(())
}

/// An archive without its end marker was cut off: every program that writes one writes it.
/// What follows is read, for who writes it may wait for that, as far as the limit.
fn finish(
    walker: &Walker<'_>,
    cursor: &mut Cursor<Piped>,
    name: &str,
    limit: u64,
) -> Result<(), ArchiveProblem> {
    let offset = cursor.position();
    if walker.end() != Some(End::Marked) {
        return Err(ArchiveProblem::Truncated {
            blob: name.to_owned(),
            offset,
        });
    }
    let padding = cursor
        .skip(limit + 1)
        .map_err(|error| fault(name, offset, error))?;
    within(name, Bound::Padding, padding, limit)
}

/// One member of the archive, from its first byte to its last.
struct Part<'a> {
    cursor: &'a mut Cursor<Piped>,
    left: u64,
}

impl Chunks for Part<'_> {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        if self.left == 0 {
            return Ok(None);
        }
        let chunk = self.cursor.take(self.left)?;
        let Some(chunk) = chunk else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        self.left -= chunk.len() as u64;
        Ok(Some(chunk))
    }
}

impl Part<'_> {
    fn read(
        mut self,
        path: &str,
        reading: &Reading<'_>,
        room: &mut Room,
    ) -> io::Result<(Member, Digest)> {
        let bytes = self.left;
        let sample = usize::try_from(bytes.min(BLOCK as u64)).unwrap_or(BLOCK);
        let start = self.cursor.peek(sample)?.to_vec();
        let packing = Packing::of(&start);
        let is_second = matches!(reading.pass, Pass::Second(_));
        match packing {
            Some(packing) if bytes <= room.held && !is_second => {
                room.held -= bytes;
                let content = self.whole()?;
                let digest = digest_of(&content);
                let content = Chunk::from(content);
                return Ok((Member::Held { content, packing }, digest));
            }
            Some(_) if matches!(reading.pass, Pass::First) => {
                let digest = Tee::new(self, Hashing::here()).finish()?;
                return Ok((Member::Later { bytes }, digest));
            }
            _ => {}
        }
        if packing.is_some() || is_tar(&start) || bytes == 0 {
            let (budget, share) = (reading.budget, Share::Named);
            let read = blob::read(self, bytes, packing, path, budget, share, reading.known)?;
            let member = Member::Layer {
                layer: read.layer,
                bytes,
                packing,
            };
            return Ok((member, read.digest));
        }
        let text = start.trim_ascii_start();
        if text.starts_with(b"{") || text.starts_with(b"[") {
            let limit = reading.budget.limits.json.min(room.json);
            if bytes <= limit {
                let content = self.whole()?;
                room.json -= bytes;
                let digest = digest_of(&content);
                return Ok((Member::Json(content), digest));
            }
        }
        let digest = Tee::new(self, Hashing::here()).finish()?;
        Ok((Member::Other { start, bytes }, digest))
    }

    fn whole(&mut self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        while let Some(chunk) = self.next_chunk()? {
            content.extend_from_slice(&chunk);
        }
        Ok(content)
    }
}
