use std::io::{self, BufRead, Read};

use super::tar::Input;

/// Bytes that are read at once. Large enough that handing one to another thread costs
/// nothing beside hashing it, small enough that a few of them in each queue stay in cache.
pub(super) const CHUNK: usize = 256 * 1024;

/// A run of bytes that several threads may read at the same time.
pub(super) use bytes::Bytes as Chunk;

/// Where bytes come from, without copying them for each of their readers.
pub(super) trait Chunks {
    /// The next bytes, never none of them; `None` at the end. An error is final.
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>>;
}

impl<S: Chunks + ?Sized> Chunks for &mut S {
    fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        (**self).next_chunk()
    }
}

/// Reads as much as a chunk holds, and less only at the end.
pub(super) fn read_chunk(reader: &mut dyn Read) -> io::Result<Option<Chunk>> {
    let mut buffer = Vec::with_capacity(CHUNK);
    reader.take(CHUNK as u64).read_to_end(&mut buffer)?;
    Ok((!buffer.is_empty()).then(|| Chunk::from(buffer)))
}

/// Chunks as a reader, for a decompressor.
pub(super) struct ChunkReader<S> {
    source: S,
    current: Chunk,
}

impl<S: Chunks> ChunkReader<S> {
    pub(super) fn new(source: S) -> Self {
        Self {
            source,
            current: Chunk::default(),
        }
    }
}

impl<S: Chunks> BufRead for ChunkReader<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.current.is_empty() {
            self.current = self.source.next_chunk()?.unwrap_or_default();
        }
        Ok(&self.current)
    }

    fn consume(&mut self, count: usize) {
        drop(self.current.split_to(count));
    }
}

impl<S: Chunks> Read for ChunkReader<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// A place in a sequence of chunks.
pub(super) struct Cursor<S> {
    source: S,
    current: Chunk,
    position: u64,
}

impl<S: Chunks> Cursor<S> {
    pub(super) fn new(source: S) -> Self {
        Self {
            source,
            current: Chunk::default(),
            position: 0,
        }
    }

    /// The next bytes, at most so many; `None` at the end.
    pub(super) fn take(&mut self, most: u64) -> io::Result<Option<Chunk>> {
        if self.current.is_empty() {
            match self.source.next_chunk()? {
                Some(chunk) => self.current = chunk,
                None => return Ok(None),
            }
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let taken = self.current.split_to(most.min(self.current.len()));
        self.position += taken.len() as u64;
        Ok(Some(taken))
    }
}

impl<S: Chunks> Input for Cursor<S> {
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.current.len() < count {
            let mut joined = self.current.to_vec();
            while joined.len() < count {
                match self.source.next_chunk()? {
                    Some(chunk) => joined.extend_from_slice(&chunk),
                    None => break,
                }
            }
            self.current = Chunk::from(joined);
        }
        Ok(&self.current[..count.min(self.current.len())])
    }

    fn skip(&mut self, count: u64) -> io::Result<u64> {
        let mut left = count;
        while left > 0 {
            match self.take(left)? {
                Some(chunk) => left -= chunk.len() as u64,
                None => break,
            }
        }
        Ok(count - left)
    }

    fn position(&self) -> u64 {
        self.position
    }
}
