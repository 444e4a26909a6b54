//! A tar, header by header: POSIX, PAX and GNU, over a stream or a file.
//!
//! Own code and not the `tar` crate, since each header has to be checked, refused or counted
//! here (checksums, files with holes, limits, how it ended) and a plain file is to be read
//! without its contents.

mod header;
mod path;
mod pax;
mod sparse;
mod walk;

pub(super) use header::{BLOCK, is_tar};
pub(super) use path::{ParentPath, normalise};
pub(super) use sparse::Sparse;
pub(super) use walk::{End, Input, Item, Walker};
