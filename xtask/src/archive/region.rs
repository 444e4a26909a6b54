use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::chunk::{CHUNK, Chunk, Chunks};
use super::tar::Input;
use super::watch::go_on;
use crate::model::Cancel;

/// A part of a file that is read where it is needed.
#[derive(Clone)]
pub(super) struct Region {
    file: Arc<File>,
    start: u64,
    bytes: u64,
}

impl Region {
    pub(super) fn new(file: File) -> io::Result<Self> {
        Ok(Self {
            bytes: file.metadata()?.len(),
            file: Arc::new(file),
            start: 0,
        })
    }

    /// So many bytes of it, from `offset` on.
    pub(super) fn part(&self, offset: u64, bytes: u64) -> Self {
        Self {
            file: Arc::clone(&self.file),
            start: self.start + offset,
            bytes,
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads at most so many bytes at `offset`; fewer only at the region's end.
    fn read_at(&self, offset: u64, most: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        let left = self.bytes.saturating_sub(offset);
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(most);
        buffer.resize(count, 0);
        self.file.read_exact_at(buffer, self.start + offset)
    }

    pub(super) fn whole(&self) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        self.read_at(0, usize::MAX, &mut content)?;
        Ok(content)
    }

    /// Its first bytes, at most so many.
    pub(super) fn beginning(&self, most: usize) -> io::Result<Vec<u8>> {
        let mut start = Vec::new();
        self.read_at(0, most, &mut start)?;
        Ok(start)
    }

    /// All of it, from its start, until the user wants to stop.
    pub(super) fn chunks(self, cancel: &Cancel) -> RegionChunks<'_> {
        RegionChunks {
            region: self,
            read: 0,
            cancel,
        }
    }
}

/// A region read from its start to its end.
pub(super) struct RegionChunks<'a> {
    region: Region,
    read: u64,
    cancel: &'a Cancel,
}

impl Chunks for RegionChunks<'_> {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        go_on(self.cancel)?;
        let mut buffer = Vec::new();
        self.region.read_at(self.read, CHUNK, &mut buffer)?;
        self.read += buffer.len() as u64;
        Ok((!buffer.is_empty()).then(|| Chunk::new(buffer)))
    }
}

/// Bytes that are read around a header. Small files lie close together, so one read serves
/// several of them; a large one is leapt over.
const WINDOW: usize = 8 * 1024;

/// A place in a region, which leaps over what is skipped.
pub(super) struct Window {
    region: Region,
    position: u64,
    buffer: Vec<u8>,
    /// Where the buffer begins.
    buffered: u64,
}

impl Window {
    pub(super) fn new(region: Region) -> Self {
        Self {
            region,
            position: 0,
            buffer: Vec::new(),
            buffered: 0,
        }
    }
}

impl Input for Window {
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        let left = usize::try_from(self.region.bytes - self.position).unwrap_or(usize::MAX);
        let count = count.min(left);
        let held = |window: &Self| {
            let from = usize::try_from(window.position.checked_sub(window.buffered)?).ok()?;
            let to = from.checked_add(count)?;
            (to <= window.buffer.len()).then_some((from, to))
        };
        let (from, to) = if let Some(range) = held(self) {
            range
        } else {
            let most = count.max(WINDOW);
            self.region.read_at(self.position, most, &mut self.buffer)?;
            self.buffered = self.position;
            (0, count)
        };
        Ok(&self.buffer[from..to])
    }

    fn skip(&mut self, count: u64) -> io::Result<u64> {
        let skipped = count.min(self.region.bytes - self.position);
        self.position += skipped;
        Ok(skipped)
    }

    fn position(&self) -> u64 {
        self.position
    }
}
