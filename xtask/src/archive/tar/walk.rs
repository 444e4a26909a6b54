use std::io;

use crate::model::{ArchiveProblem, Bound, Damage, Feature};

use super::header::{self, BLOCK, Header};
use super::pax::{self, Extended, Format, Holes};
use super::sparse::{self, Sparse};
use crate::archive::fault::fault;
use crate::archive::limits::{Limits, within};

/// What a tar is read from: one pass over a stream, or leaps over a file.
pub(in crate::archive) trait Input {
    /// The next bytes without passing them; fewer than asked for only at the end.
    fn peek(&mut self, count: usize) -> io::Result<&[u8]>;

    /// Passes so many bytes by and says how many there were.
    fn skip(&mut self, count: u64) -> io::Result<u64>;

    /// Bytes passed so far.
    fn position(&self) -> u64;
}

/// One entry as its headers together describe it. Its content begins where the input
/// stands when it is returned.
#[derive(Debug)]
pub(in crate::archive) struct Item {
    pub(in crate::archive) flag: u8,
    pub(in crate::archive) path: Vec<u8>,
    pub(in crate::archive) link: Vec<u8>,
    /// Bytes of content that follow.
    pub(in crate::archive) bytes: u64,
    /// If some of the content is left out.
    pub(in crate::archive) sparse: Option<Sparse>,
    pub(in crate::archive) mode: u32,
    pub(in crate::archive) stamp: u64,
    /// Directories and names of its path that the entry before it does not share.
    pub(in crate::archive) levels: u64,
    /// Where its first header begins.
    pub(in crate::archive) offset: u64,
}

/// How a tar ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::archive) enum End {
    /// With the two blocks of zeros that the format asks for.
    Marked,
    /// Between two entries, without them. Docker takes such a layer; whether it is whole,
    /// only its digest can tell.
    Bare,
}

/// What stands before an entry's own header and is about that entry alone.
#[derive(Default)]
struct Before {
    extended: Extended,
    /// The extended header as it stands there: attributes and exact times are in it.
    attributes: Vec<u8>,
    long_name: Option<Vec<u8>>,
    long_link: Option<Vec<u8>>,
}

/// Goes from entry to entry.
///
/// Whoever calls it passes the content of each item by, all of it, before asking for the
/// next one.
pub(in crate::archive) struct Walker<'a> {
    blob: &'a str,
    limits: &'a Limits,
    /// Bytes that fill up the last block of the content before.
    padding: u64,
    /// The path of the entry before.
    previous: Vec<u8>,
    end: Option<End>,
}

impl<'a> Walker<'a> {
    pub(in crate::archive) fn new(blob: &'a str, limits: &'a Limits) -> Self {
        Self {
            blob,
            limits,
            padding: 0,
            previous: Vec::new(),
            end: None,
        }
    }

    /// How the tar ended, once [`next`](Self::next) has returned `None`.
    pub(in crate::archive) fn end(&self) -> Option<End> {
        self.end
    }

    pub(in crate::archive) fn next(
        &mut self,
        input: &mut dyn Input,
    ) -> Result<Option<Item>, ArchiveProblem> {
        self.skip(input, self.padding)?;
        self.padding = 0;
        let offset = input.position();
        let mut before = Before::default();
        loop {
            let at = input.position();
            let Some(block) = self.block(input)? else {
                if at != offset {
                    return Err(self.truncated(at));
                }
                return Ok(None);
            };
            let header = header::parse(&block).map_err(|damage| self.damaged(at, damage))?;
            match header.flag {
                b'x' => {
                    let body = self.body(input, header.bytes, Bound::Extended)?;
                    before.extended =
                        pax::parse(&body).map_err(|damage| self.damaged(at, damage))?;
                    before.attributes = body;
                }
                // Docker reads a global header and applies nothing of it.
                b'g' => {
                    self.body(input, header.bytes, Bound::Extended)?;
                }
                b'L' => before.long_name = Some(self.name(input, header.bytes)?),
                b'K' => before.long_link = Some(self.name(input, header.bytes)?),
                _ => return self.item(input, before, header, offset).map(Some),
            }
        }
    }

    /// What an entry's own header and those before it say together.
    fn item(
        &mut self,
        input: &mut dyn Input,
        before: Before,
        header: Header,
        offset: u64,
    ) -> Result<Item, ArchiveProblem> {
        let extended = before.extended;
        let path = before.long_name.or(extended.path).unwrap_or(header.name);
        let link = before.long_link.or(extended.link).unwrap_or(header.link);
        self.check_names(&path, &link)?;
        let own_name = extended
            .sparse
            .as_ref()
            .and_then(|holes| holes.name.clone());
        let path = own_name.unwrap_or(path);
        if header.flag == b'S' {
            return Err(self.sparse_refused(&path));
        }
        let flag = match header.flag {
            // Before POSIX a directory was a file whose name, the whole of it, ends in a slash.
            0 if path.ends_with(b"/") => b'5',
            0 => b'0',
            flag => flag,
        };
        let mut bytes = match flag {
            b'0' | b'7' => extended.bytes.unwrap_or(header.bytes),
            // Whatever these say, nothing follows them.
            b'1'..=b'6' => 0,
            other => return Err(self.unsupported(Feature::EntryType(other.into()))),
        };
        self.padding = bytes.wrapping_neg() % BLOCK as u64;
        let sparse = match extended.sparse {
            Some(holes) if matches!(flag, b'0' | b'7') => {
                Some(self.sparse(input, holes, &mut bytes, &path)?)
            }
            Some(_) => return Err(self.damaged(offset, Damage::Extended)),
            None => None,
        };
        let levels = levels(&self.previous, &path);
        self.previous.clone_from(&path);
        Ok(Item {
            flag,
            levels,
            path,
            link,
            bytes,
            sparse,
            mode: header.mode,
            stamp: header::stamp(header.stamp, &before.attributes),
            offset,
        })
    }

    /// Reads where the parts of a file with holes lie, and leaves `stored` as the bytes that
    /// follow of them.
    fn sparse(
        &self,
        input: &mut dyn Input,
        mut holes: Holes,
        stored: &mut u64,
        path: &[u8],
    ) -> Result<Sparse, ArchiveProblem> {
        let at = input.position();
        let damaged = |damage| self.damaged(at, damage);
        let map = match holes.format() {
            Format::Header(map) => map,
            Format::Content => self.map(input, stored)?,
            Format::Unknown => return Err(self.sparse_refused(path)),
        };
        let bytes = holes.bytes.ok_or_else(|| damaged(Damage::Extended))?;
        Sparse::new(bytes, &map, *stored).map_err(damaged)
    }

    /// Reads the map before a content, which ends with a block.
    fn map(&self, input: &mut dyn Input, stored: &mut u64) -> Result<Vec<u64>, ArchiveProblem> {
        let at = input.position();
        let (mut read, mut lines, mut wanted) = (Vec::new(), 0, None);
        loop {
            if *stored < BLOCK as u64 {
                return Err(self.damaged(at, Damage::Extended));
            }
            let bytes = read.len() as u64 + BLOCK as u64;
            within(self.blob, Bound::Extended, bytes, self.limits.extended)?;
            let block = peek(self.blob, input, BLOCK)?;
            if block.len() < BLOCK {
                return Err(self.truncated(at + read.len() as u64));
            }
            let ended = block.split(|byte| *byte == b'\n').count() as u64 - 1;
            read.extend_from_slice(block);
            self.skip(input, BLOCK as u64)?;
            *stored -= BLOCK as u64;
            let damaged = |damage| self.damaged(at, damage);
            if ended == 0 {
                // No number is as long as a block.
                return Err(damaged(Damage::Extended));
            }
            lines += ended;
            if wanted.is_none() {
                wanted = Some(sparse::lines(&read).map_err(damaged)?);
            }
            if wanted.is_some_and(|wanted| wanted <= lines) {
                return sparse::map(&read).map_err(damaged);
            }
        }
    }

    /// A file with holes where none is read.
    pub(in crate::archive) fn sparse_refused(&self, path: &[u8]) -> ArchiveProblem {
        let path = String::from_utf8_lossy(path).into_owned();
        self.unsupported(Feature::Sparse { path })
    }

    /// Passes content by; less than asked for means that the tar is cut off.
    pub(in crate::archive) fn skip(
        &self,
        input: &mut dyn Input,
        count: u64,
    ) -> Result<(), ArchiveProblem> {
        let at = input.position();
        let passed = input
            .skip(count)
            .map_err(|error| fault(self.blob, at, error))?;
        if passed < count {
            return Err(self.truncated(at + passed));
        }
        Ok(())
    }

    /// The next header, or `None` at the end.
    fn block(&mut self, input: &mut dyn Input) -> Result<Option<[u8; BLOCK]>, ArchiveProblem> {
        let at = input.position();
        let start = peek(self.blob, input, BLOCK)?;
        if start.is_empty() {
            self.end = Some(End::Bare);
            return Ok(None);
        }
        let Some(block) = start.first_chunk::<BLOCK>().copied() else {
            return Err(self.truncated(at + start.len() as u64));
        };
        if header::is_zero(&block) {
            return self.marker(input);
        }
        self.skip(input, BLOCK as u64)?;
        Ok(Some(block))
    }

    /// A block of zeros is the first half of the end marker; its second half may be missing
    /// with everything after it, as Docker has it.
    fn marker(&mut self, input: &mut dyn Input) -> Result<Option<[u8; BLOCK]>, ArchiveProblem> {
        let at = input.position();
        let both = peek(self.blob, input, 2 * BLOCK)?;
        if both.iter().any(|byte| *byte != 0) {
            return Err(self.damaged(at + BLOCK as u64, Damage::Checksum));
        }
        let length = both.len();
        self.end = match length - BLOCK {
            0 => Some(End::Bare),
            BLOCK => Some(End::Marked),
            _ => return Err(self.truncated(at + length as u64)),
        };
        self.skip(input, length as u64)?;
        Ok(None)
    }

    /// The content of an extended header.
    fn body(
        &self,
        input: &mut dyn Input,
        bytes: u64,
        bound: Bound,
    ) -> Result<Vec<u8>, ArchiveProblem> {
        let limit = match bound {
            Bound::Name => self.limits.name,
            _ => self.limits.extended,
        };
        within(self.blob, bound, bytes, limit)?;
        let at = input.position();
        let count = usize::try_from(bytes).unwrap_or(usize::MAX);
        let body = peek(self.blob, input, count)?.to_vec();
        if body.len() < count {
            return Err(self.truncated(at + body.len() as u64));
        }
        self.skip(input, bytes.next_multiple_of(BLOCK as u64))?;
        Ok(body)
    }

    /// A name that GNU tar wrote as a content of its own, with a NUL at its end.
    fn name(&self, input: &mut dyn Input, bytes: u64) -> Result<Vec<u8>, ArchiveProblem> {
        let mut name = self.body(input, bytes, Bound::Name)?;
        let end = name.iter().position(|byte| *byte == 0);
        name.truncate(end.unwrap_or(name.len()));
        Ok(name)
    }

    fn check_names(&self, path: &[u8], link: &[u8]) -> Result<(), ArchiveProblem> {
        let longest = path.len().max(link.len()) as u64;
        within(self.blob, Bound::Name, longest, self.limits.name)
    }

    fn truncated(&self, offset: u64) -> ArchiveProblem {
        ArchiveProblem::Truncated {
            blob: self.blob.to_owned(),
            offset,
        }
    }

    pub(in crate::archive) fn damaged(&self, offset: u64, damage: Damage) -> ArchiveProblem {
        ArchiveProblem::Damaged {
            blob: self.blob.to_owned(),
            offset,
            damage,
        }
    }

    pub(in crate::archive) fn unsupported(&self, feature: Feature) -> ArchiveProblem {
        ArchiveProblem::Unsupported {
            blob: self.blob.to_owned(),
            feature,
        }
    }
}

/// Components of `path` from the first one on that `previous` has not in its place.
fn levels(previous: &[u8], path: &[u8]) -> u64 {
    let all = path.split(|byte| *byte == b'/').count();
    let mut before = previous.split(|byte| *byte == b'/');
    let mut own = path.split(|byte| *byte == b'/');
    let shared = own
        .by_ref()
        .take_while(|component| before.next() == Some(*component))
        .count();
    (all - shared) as u64
}

fn peek<'i>(
    blob: &str,
    input: &'i mut dyn Input,
    count: usize,
) -> Result<&'i [u8], ArchiveProblem> {
    let at = input.position();
    input.peek(count).map_err(|error| fault(blob, at, error))
}
