use std::borrow::Cow;
use std::io::{self, Read};
use std::mem;
use std::sync::Arc;
use std::thread;

use super::blob::{self, Known};
use super::chunk::{Chunk, Chunks, Cursor};
use super::fault::fault;
use super::limits::{Budget, within};
use super::packing::Packing;
use super::pipe::{Hashing, Piped, Tee, digest_of, pipe, pump};
use super::store::{Found, Members, Store, check_digest, member_path, named_digest, not_a_tar};
use super::tar::{BLOCK, End, Input, Walker, is_tar};
use super::watch::Watch;
use crate::model::{ArchiveProblem, Bound, Bytes, Digest, Layer};

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
    /// Neither JSON nor a layer, and how it begins.
    Other {
        start: Vec<u8>,
        bytes: u64,
    },
}

impl Streamed {
    /// Reads an archive in one pass. The caller's thread does nothing but read (and
    /// decompress, where the whole archive is compressed); what is read is taken apart and
    /// hashed on others.
    pub(super) fn read(
        stream: &mut dyn Read,
        name: &str,
        budget: &Budget,
        known: &Known<'_>,
        watch: &mut Watch<'_>,
    ) -> Result<Self, ArchiveProblem> {
        let read = thread::scope(|scope| {
            let (sender, piped) = pipe();
            let reading = scope.spawn(move || Self::take_apart(piped, name, budget, known));
            pump(stream, &sender, &mut |bytes| watch.passed(bytes));
            drop(sender);
            match reading.join() {
                Ok(read) => read,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        });
        watch.check()?;
        read
    }

    fn take_apart(
        piped: Piped,
        name: &str,
        budget: &Budget,
        known: &Known<'_>,
    ) -> Result<Self, ArchiveProblem> {
        let mut cursor = Cursor::new(piped);
        begins(&mut cursor, name)?;
        let mut streamed = Self {
            name: name.to_owned(),
            members: Members::new(),
            json_limit: budget.limits.json,
        };
        let mut json_left = budget.limits.json_kept;
        let mut walker = Walker::new(name, &budget.limits);
        while let Some(item) = walker.next(&mut cursor)? {
            budget.spend(name, item.path.len() + item.link.len())?;
            match (item.flag, member_path(&item)) {
                (b'0' | b'7', Some(path)) => {
                    let part = Part {
                        cursor: &mut cursor,
                        left: item.bytes,
                    };
                    let read = part.read(&path, budget, known, &mut json_left);
                    let (member, digest) =
                        read.map_err(|error| fault(name, cursor.position(), error))?;
                    if let Some(named) = named_digest(&path) {
                        check_digest(&path, &named, &digest)?;
                    }
                    streamed.members.insert(path, member);
                }
                (b'1' | b'2', Some(path)) => streamed.members.link(path, &item),
                _ => walker.skip(&mut cursor, item.bytes)?,
            }
        }
        finish(&walker, &mut cursor, name, budget.limits.padding)?;
        Ok(streamed)
    }

    /// The layer at `path`. What is wrong with it is said once.
    pub(super) fn layer(&mut self, path: &str) -> Result<Found, ArchiveProblem> {
        let missing = ArchiveProblem::MissingBlob {
            blob: path.to_owned(),
        };
        match self.members.find_mut(path) {
            None => Err(missing),
            Some(Member::Json(_) | Member::Other { .. }) => Err(not_a_tar(path)),
            Some(Member::Layer {
                layer,
                bytes,
                packing,
            }) => match layer {
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

impl Store for Streamed {
    fn name(&self) -> &str {
        &self.name
    }

    fn bytes(&self, path: &str) -> Option<u64> {
        self.members.find(path).map(|member| match member {
            Member::Json(content) => content.len() as u64,
            Member::Layer { bytes, .. } | Member::Other { bytes, .. } => *bytes,
        })
    }

    fn json(&self, path: &str) -> Result<Cow<'_, [u8]>, ArchiveProblem> {
        match self.members.need(path)? {
            Member::Json(content) => Ok(Cow::Borrowed(content)),
            Member::Other { start, bytes } => {
                within(path, Bound::Json, *bytes, self.json_limit)?;
                Ok(Cow::Borrowed(start))
            }
            Member::Layer { .. } => Ok(Cow::Borrowed(b"(a tar)")),
        }
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
        return Err(ArchiveProblem::NotAnArchive { source_name });
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
        budget: &Budget,
        known: &Known<'_>,
        json_left: &mut u64,
    ) -> io::Result<(Member, Digest)> {
        let bytes = self.left;
        let sample = usize::try_from(bytes.min(BLOCK as u64)).unwrap_or(BLOCK);
        let start = self.cursor.peek(sample)?.to_vec();
        let packing = Packing::of(&start);
        if packing.is_some() || is_tar(&start) || bytes == 0 {
            let reading = blob::read(self, bytes, packing, path, budget, known)?;
            let member = Member::Layer {
                layer: reading.layer,
                bytes,
                packing,
            };
            return Ok((member, reading.digest));
        }
        let text = start.trim_ascii_start();
        if text.starts_with(b"{") || text.starts_with(b"[") {
            let limit = budget.limits.json.min(*json_left);
            if bytes <= limit {
                let content = self.whole()?;
                *json_left -= bytes;
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
