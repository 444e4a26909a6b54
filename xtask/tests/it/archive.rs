//! Reading images: the same figures from every layout, and a clear end for whatever is wrong.

mod bad;
mod corpus;
mod damaged;
mod entries;
mod holes;
mod interrupted;
mod properties;
mod real;
mod select;
pub(crate) mod sign;

use std::io::Cursor;
use std::path::Path;

use xtask::archive::{Select, Verify, Watch, open, read_stream};
use xtask::model::{ArchiveProblem, Cancel, Events, ImageRecord};

pub(crate) fn stream(archive: &[u8]) -> Result<Vec<ImageRecord>, ArchiveProblem> {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let watch = Watch::new(&events, &cancel);
    let sent = read_stream(Cursor::new(archive), "stream", &|_| None, watch)?;
    Ok(sent.into_iter().map(|sent| sent.record).collect())
}

pub(crate) fn open_path(
    path: &Path,
    select: &Select,
    verify: Verify,
) -> Result<ImageRecord, ArchiveProblem> {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    open(path, select, verify, Watch::new(&events, &cancel))
}

/// Reads an archive as a file.
pub(crate) fn open_bytes(archive: &[u8], verify: Verify) -> Result<ImageRecord, ArchiveProblem> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), archive).unwrap();
    open_path(file.path(), &Select::default(), verify)
}
