use std::io;

use sha2::{Digest as _, Sha256};

use crate::model::{Bytes, Capture, Digest};

const HEADER: usize = 8;

/// Parts what an engine sends of an attached container into the program's two streams.
///
/// Each frame is one byte of stream (1 is stdout, 2 is stderr), three of zero, a big-endian
/// length of four, and so many bytes (Engine API, `ContainerAttach`). Memory is bounded by
/// the cap, whatever a length says.
pub(super) struct Streams {
    stdout: Stream,
    stderr: Stream,
    header: [u8; HEADER],
    /// How much of the header is there.
    have: usize,
    /// How much of the frame's content is still to come.
    left: usize,
}

struct Stream {
    kept: Vec<u8>,
    cap: usize,
    length: u64,
    hash: Sha256,
}

impl Streams {
    /// Keeps the first `cap` bytes of each stream.
    pub(super) fn keeping(cap: usize) -> Self {
        Self {
            stdout: Stream::keeping(cap),
            stderr: Stream::keeping(cap),
            header: [0; HEADER],
            have: 0,
            left: 0,
        }
    }

    /// Takes the next bytes of the connection.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.left == 0 {
                let wanted = (HEADER - self.have).min(bytes.len());
                self.header[self.have..self.have + wanted].copy_from_slice(&bytes[..wanted]);
                self.have += wanted;
                bytes = &bytes[wanted..];
                if self.have == HEADER {
                    self.begin_frame()?;
                }
            } else {
                let (content, rest) = bytes.split_at(self.left.min(bytes.len()));
                match self.header[0] {
                    2 => self.stderr.push(content),
                    _ => self.stdout.push(content),
                }
                self.left -= content.len();
                bytes = rest;
            }
        }
        Ok(())
    }

    fn begin_frame(&mut self) -> io::Result<()> {
        let [stream, 0, 0, 0, length @ ..] = self.header else {
            return Err(no_frame());
        };
        if !(1..=2).contains(&stream) {
            return Err(no_frame());
        }
        self.left = u32::from_be_bytes(length) as usize;
        self.have = 0;
        Ok(())
    }

    /// Whether the connection may end here: between two frames.
    pub(super) fn is_whole(&self) -> bool {
        self.left == 0 && self.have == 0
    }

    /// stdout, stderr.
    pub(super) fn finish(self) -> (Capture, Capture) {
        (self.stdout.finish(), self.stderr.finish())
    }
}

fn no_frame() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "not a frame of an attached stream",
    )
}

impl Stream {
    fn keeping(cap: usize) -> Self {
        Self {
            kept: Vec::new(),
            cap,
            length: 0,
            hash: Sha256::new(),
        }
    }

    fn push(&mut self, content: &[u8]) {
        let room = (self.cap - self.kept.len()).min(content.len());
        self.kept.extend_from_slice(&content[..room]);
        self.length += content.len() as u64;
        self.hash.update(content);
    }

    fn finish(self) -> Capture {
        Capture {
            kept: self.kept,
            bytes: Bytes(self.length),
            sha256: Digest::from_hash(self.hash.finalize().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::Streams;
    use crate::model::{Bytes, Digest};

    fn frame(stream: u8, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[stream, 0, 0, 0], &length[..], content].concat()
    }

    proptest! {
        #[test]
        fn each_stream_is_whole_however_the_connection_is_cut(
            frames in prop::collection::vec((1_u8..=2, prop::collection::vec(any::<u8>(), 0..40)), 0..12),
            piece in 1_usize..50,
            cap in 0_usize..100,
        ) {
            let mut streams = Streams::keeping(cap);
            let wire: Vec<u8> = frames.iter().flat_map(|(to, content)| frame(*to, content)).collect();
            for bytes in wire.chunks(piece) {
                streams.feed(bytes).unwrap();
            }
            prop_assert!(streams.is_whole());
            let (stdout, stderr) = streams.finish();
            for (number, capture) in [(1, stdout), (2, stderr)] {
                let all: Vec<u8> = frames
                    .iter()
                    .filter(|(to, _)| *to == number)
                    .flat_map(|(_, content)| content.clone())
                    .collect();
                prop_assert_eq!(&capture.kept, &all[..cap.min(all.len())]);
                prop_assert_eq!(capture.bytes, Bytes(all.len() as u64));
                prop_assert_eq!(capture.sha256, Digest::from_hash(Sha256::digest(&all).into()));
            }
        }
    }

    #[test]
    fn a_frame_that_is_cut_short_is_noticed() {
        let wire = frame(1, b"abc");
        for end in 1..wire.len() {
            let mut streams = Streams::keeping(9);
            streams.feed(&wire[..end]).unwrap();
            assert!(!streams.is_whole(), "cut at {end}");
        }
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for header in [
            *b"HTTP/1.1",
            [3, 0, 0, 0, 0, 0, 0, 1],
            [1, 0, 9, 0, 0, 0, 0, 1],
        ] {
            assert!(Streams::keeping(9).feed(&header).is_err());
        }
    }
}
