use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use super::chunk::{CHUNK, Chunk, Chunks};
use super::tar::Input;
use super::watch::Watch;

/// A part of a file that is read where it is needed.
#[derive(Clone)]
pub(super) struct Region {
    file: Arc<File>,
    watch: Watch,
    start: u64,
    bytes: u64,
}

impl Region {
    pub(super) fn new(file: File, watch: &Watch) -> io::Result<Self> {
        Ok(Self {
            watch: watch.clone(),
            bytes: file.metadata()?.len(),
            file: Arc::new(file),
            start: 0,
        })
    }

    /// So many bytes of it, from `offset` on.
    pub(super) fn part(&self, offset: u64, bytes: u64) -> Self {
        Self {
            file: Arc::clone(&self.file),
            watch: self.watch.clone(),
            start: self.start + offset,
            bytes,
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes from `offset` to its end, at most so many.
    fn left(&self, offset: u64, most: usize) -> usize {
        let left = self.bytes.saturating_sub(offset);
        usize::try_from(left).unwrap_or(usize::MAX).min(most)
    }

    /// Reads at most so many bytes at `offset`; fewer only at its end.
    fn read_at(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        // `Vec::resize` would write zero after zero in a debug build.
        let mut buffer = vec![0; self.left(offset, most)];
        self.fill(&mut buffer, offset)?;
        Ok(buffer)
    }

    fn fill(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.watch.go_on()?;
        self.file.read_exact_at(buffer, self.start + offset)?;
        self.watch.passed(buffer.len());
        Ok(())
    }

    pub(super) fn whole(&self) -> io::Result<Vec<u8>> {
        self.read_at(0, usize::MAX)
    }

    /// Its first bytes, at most so many.
    pub(super) fn beginning(&self, most: usize) -> io::Result<Vec<u8>> {
        self.read_at(0, most)
    }

    /// All of it, from its start.
    pub(super) fn chunks(self) -> RegionChunks {
        RegionChunks {
            region: self,
            read: 0,
        }
    }
}

/// A region read from its start to its end.
pub(super) struct RegionChunks {
    region: Region,
    read: u64,
}

impl Chunks for RegionChunks {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let buffer = self.region.read_at(self.read, CHUNK)?;
        self.read += buffer.len() as u64;
        Ok((!buffer.is_empty()).then(|| Chunk::from(buffer)))
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
    /// Where the buffer begins, and how much of it is filled.
    buffered: u64,
    filled: usize,
}

impl Window {
    pub(super) fn new(region: Region) -> Self {
        Self {
            region,
            position: 0,
            buffer: vec![0; WINDOW],
            buffered: 0,
            filled: 0,
        }
    }
}

impl Input for Window {
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        let count = self.region.left(self.position, count);
        let from = self.position.wrapping_sub(self.buffered);
        let mut from = usize::try_from(from).unwrap_or(usize::MAX);
        if from.saturating_add(count) > self.filled {
            if count > self.buffer.len() {
                self.buffer = vec![0; count];
            }
            self.filled = self.region.left(self.position, self.buffer.len());
            self.buffered = self.position;
            from = 0;
            self.region
                .fill(&mut self.buffer[..self.filled], self.position)?;
        }
        Ok(&self.buffer[from..from + count])
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
