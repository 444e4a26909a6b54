use std::error::Error;
use std::fmt;
use std::io;

use crate::model::{ArchiveProblem, Bound, Damage};

/// A limit that a decompressor passed, on its way through [`io::Error`].
#[derive(Debug)]
pub(super) struct Overflow {
    pub(super) bound: Bound,
    pub(super) limit: u64,
}

impl fmt::Display for Overflow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "more than {} {:?}", self.limit, self.bound)
    }
}

impl Error for Overflow {}

/// Says what an error means that came up while `blob` was read.
pub(super) fn fault(blob: &str, offset: u64, error: io::Error) -> ArchiveProblem {
    let blob = blob.to_owned();
    if let Some(overflow) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Overflow>())
    {
        return ArchiveProblem::Limit {
            blob,
            bound: overflow.bound,
            limit: overflow.limit,
        };
    }
    match error.kind() {
        io::ErrorKind::UnexpectedEof => ArchiveProblem::Truncated { blob, offset },
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => ArchiveProblem::Damaged {
            blob,
            offset,
            damage: Damage::Packing,
        },
        _ => ArchiveProblem::Read {
            blob,
            offset,
            source: error,
        },
    }
}
