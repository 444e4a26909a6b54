use std::hash::{BuildHasherDefault, Hasher};

/// A digest is evenly spread already: its first bytes serve as its hash, and nobody can
/// choose many of one prefix.
pub(super) type ByDigest = BuildHasherDefault<FirstBytes>;

#[derive(Default)]
pub(super) struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 ^= u64::from_ne_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}
