//! Files with holes as PAX entries write them (GNU tar manual, "Storing Sparse Files", formats
//! 0.0, 0.1 and 1.0).

use std::io;

use sha2::{Digest as _, Sha256};

use super::pax::decimal;
use super::walk::Input;
use crate::model::Damage;

/// A file with holes: only some parts are stored, the rest is zeros.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::archive) struct Sparse {
    /// Bytes of the file with its holes.
    pub(in crate::archive) bytes: u64,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    offset: u64,
    bytes: u64,
}

/// Zeros that are hashed at once.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];
/// Stored bytes that are hashed at once.
const PIECE: u64 = 64 * 1024;

impl Sparse {
    /// `map` alternates offsets and lengths, in order and without overlaps; together the parts
    /// are all that is `stored`.
    pub(super) fn new(bytes: u64, map: &[u64], stored: u64) -> Result<Self, Damage> {
        let (pairs, []) = map.as_chunks::<2>() else {
            return Err(Damage::Extended);
        };
        let (mut end, mut sum) = (0_u64, 0_u64);
        let mut parts = Vec::with_capacity(pairs.len());
        for [offset, length] in pairs.iter().copied() {
            let part_end = offset.checked_add(length).ok_or(Damage::Extended)?;
            if offset < end || part_end > bytes {
                return Err(Damage::Extended);
            }
            end = part_end;
            sum += length;
            parts.push(Part {
                offset,
                bytes: length,
            });
        }
        if sum != stored {
            return Err(Damage::Extended);
        }
        Ok(Self { bytes, parts })
    }

    /// Bytes that are not stored.
    pub(in crate::archive) fn holes(&self) -> u64 {
        self.bytes - self.parts.iter().map(|part| part.bytes).sum::<u64>()
    }

    /// How many stored bytes the file begins with.
    pub(in crate::archive) fn beginning(&self) -> u64 {
        match self.parts.first() {
            Some(Part { offset: 0, bytes }) => *bytes,
            _ => 0,
        }
    }

    /// Hashes the file with its holes; `input` is passed by what is stored. `None` if it ends
    /// too early. A hole is long and reads nothing: `go_on` may end it.
    pub(in crate::archive) fn hash(
        &self,
        input: &mut dyn Input,
        go_on: &dyn Fn() -> io::Result<()>,
    ) -> io::Result<Option<Sha256>> {
        let mut hash = Sha256::new();
        let mut at = 0;
        for part in &self.parts {
            zeros(&mut hash, part.offset - at, go_on)?;
            let mut left = part.bytes;
            while left > 0 {
                let piece = usize::try_from(left.min(PIECE)).unwrap_or_default();
                let stored = input.peek(piece)?;
                if stored.is_empty() {
                    return Ok(None);
                }
                hash.update(stored);
                let count = stored.len() as u64;
                input.skip(count)?;
                left -= count;
            }
            at = part.offset + part.bytes;
        }
        zeros(&mut hash, self.bytes - at, go_on)?;
        Ok(Some(hash))
    }
}

fn zeros(hash: &mut Sha256, mut count: u64, go_on: &dyn Fn() -> io::Result<()>) -> io::Result<()> {
    while count > 0 {
        go_on()?;
        let some = count.min(ZEROS.len() as u64);
        hash.update(&ZEROS[..usize::try_from(some).unwrap_or_default()]);
        count -= some;
    }
    Ok(())
}

/// The map that format 1.0 puts before the content: how many parts, then an offset and a
/// length for each, one number a line.
pub(super) fn map(content: &[u8]) -> Result<Vec<u64>, Damage> {
    let count = lines(content)? - 1;
    let mut numbers = content.split(|byte| *byte == b'\n').skip(1);
    let mut number = || numbers.next().and_then(decimal).ok_or(Damage::Extended);
    (0..count).map(|_| number()).collect()
}

/// How many lines that map takes.
pub(super) fn lines(content: &[u8]) -> Result<u64, Damage> {
    let first = content.split(|byte| *byte == b'\n').next();
    let parts = first.and_then(decimal).ok_or(Damage::Extended)?;
    let numbers = parts.checked_mul(2).and_then(|it| it.checked_add(1));
    numbers.ok_or(Damage::Extended)
}

#[cfg(test)]
mod tests {
    use super::{Sparse, map};

    #[test]
    fn a_map_has_its_parts_in_order_and_all_that_is_stored() {
        assert!(Sparse::new(10, &[], 0).is_ok());
        assert!(Sparse::new(10, &[0, 3, 5, 5], 8).is_ok());
        assert_eq!(Sparse::new(10, &[0, 3, 10, 0], 3).unwrap().holes(), 7);
        for (map, stored) in [
            (&[0, 3, 5][..], 3),
            (&[5, 3, 0, 3], 6),
            (&[0, 6, 5, 5], 11),
            (&[0, 3, 5, 6], 9),
            (&[0, 3], 4),
            (&[0, 3], 2),
            (&[u64::MAX, 2], 2),
        ] {
            assert!(Sparse::new(10, map, stored).is_err(), "{map:?}");
        }
    }

    #[test]
    fn a_map_before_the_content_ends_where_its_count_says() {
        assert_eq!(map(b"1\n0\n3\nrest"), Ok(vec![0, 3]));
        assert_eq!(map(b"0\nrest"), Ok(vec![]));
        for wrong in [
            &b""[..],
            b"x\n",
            b"1\n0\n",
            b"1\n0\nx\n",
            b"18446744073709551615\n",
        ] {
            assert!(map(wrong).is_err(), "{wrong:?}");
        }
    }
}
