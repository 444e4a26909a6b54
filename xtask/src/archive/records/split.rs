use std::io::{self, BufRead, Read};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::bufread::MultiGzDecoder;
use serde::Deserialize;

use crate::archive::tar::Input;

/// No header with its names and attributes is longer, in base64.
const LINE: u64 = 8 << 20;

/// The tar of a layer without its contents, as tar-split stores it (`tar/storage/entry.go`): one
/// JSON object a line, in gzip.
pub(super) struct Split<R> {
    lines: io::BufReader<MultiGzDecoder<R>>,
    line: Vec<u8>,
    /// Bytes of the tar that were not skipped yet.
    bytes: Vec<u8>,
    /// How many of them were skipped.
    passed: usize,
    /// The content that follows `bytes`.
    content: Option<Content>,
    position: u64,
}

#[derive(Clone, Copy)]
struct Content {
    bytes: u64,
    checksum: u64,
}

#[derive(Deserialize)]
struct Segment<'l> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(default)]
    size: Option<u64>,
    #[serde(default, borrow)]
    payload: Option<&'l str>,
}

/// The kinds of segments.
const FILE: u8 = 1;
const RAW: u8 = 2;

impl<R: BufRead> Split<R> {
    pub(super) fn new(packed: R) -> Self {
        Self {
            lines: io::BufReader::with_capacity(64 * 1024, MultiGzDecoder::new(packed)),
            line: Vec::new(),
            bytes: Vec::new(),
            passed: 0,
            content: None,
            position: 0,
        }
    }

    /// Passes the content of an entry, and gives its CRC-64.
    pub(super) fn content(&mut self, bytes: u64) -> io::Result<u64> {
        if self.passed == self.bytes.len() && self.content.is_none() {
            self.advance()?;
        }
        let is_next = self.passed == self.bytes.len();
        match self.content {
            Some(content) if is_next && content.bytes == bytes => {
                self.content = None;
                self.position += bytes;
                Ok(content.checksum)
            }
            _ if bytes == 0 => Ok(0),
            _ => Err(damaged()),
        }
    }

    /// Reads what follows the end of the tar.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        loop {
            self.bytes.clear();
            self.passed = 0;
            match self.content {
                Some(content) if content.bytes > 0 => return Err(damaged()),
                _ => self.content = None,
            }
            if !self.advance()? {
                return Ok(());
            }
            if self.bytes.iter().any(|byte| *byte != 0) {
                return Err(damaged());
            }
        }
    }

    /// Reads one more segment; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        self.line.clear();
        let read = (&mut self.lines)
            .take(LINE)
            .read_until(b'\n', &mut self.line)?;
        if read == 0 {
            return Ok(false);
        }
        let segment: Segment<'_> = serde_json::from_slice(&self.line)?;
        let payload = segment.payload.unwrap_or_default();
        match segment.kind {
            RAW => {
                if self.passed > 0 {
                    self.bytes.drain(..self.passed);
                    self.passed = 0;
                }
                BASE64_STANDARD
                    .decode_vec(payload, &mut self.bytes)
                    .map_err(io::Error::other)?;
            }
            FILE => {
                let mut checksum = Vec::new();
                BASE64_STANDARD
                    .decode_vec(payload, &mut checksum)
                    .map_err(io::Error::other)?;
                let bytes = segment.size.unwrap_or_default();
                let checksum = match checksum.as_slice() {
                    [] if bytes == 0 => 0,
                    sum => u64::from_be_bytes(sum.try_into().map_err(|_| damaged())?),
                };
                self.content = Some(Content { bytes, checksum });
            }
            _ => return Err(damaged()),
        }
        Ok(true)
    }

    /// Reads on until so many bytes are there, or a content follows, or the tar ends.
    fn fill(&mut self, count: usize) -> io::Result<()> {
        while self.bytes.len() - self.passed < count {
            match self.content {
                Some(Content { bytes: 0, .. }) => self.content = None,
                Some(_) => break,
                None => {
                    if !self.advance()? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Input for Split<R> {
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        self.fill(count)?;
        let there = &self.bytes[self.passed..];
        Ok(&there[..count.min(there.len())])
    }

    fn skip(&mut self, count: u64) -> io::Result<u64> {
        let most = usize::try_from(count).unwrap_or(usize::MAX);
        self.fill(most)?;
        let skipped = most.min(self.bytes.len() - self.passed);
        self.passed += skipped;
        self.position += skipped as u64;
        Ok(skipped as u64)
    }

    fn position(&self) -> u64 {
        self.position
    }
}

fn damaged() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
