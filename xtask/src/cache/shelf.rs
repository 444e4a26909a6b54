use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::wire::{seal, unseal};
use crate::model::{CacheProblem, Digest};

/// What begins the name of a file that is being written.
const UNFINISHED: &str = ".unfinished-";
/// After this long, whoever was writing it was killed.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A directory of sealed entries, each named by a digest.
#[derive(Clone, Debug)]
pub(super) struct Shelf(PathBuf);

impl Shelf {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self(directory)
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.0.join(digest.hex())
    }

    /// The sealed content of an entry, used just now. A damaged one is removed.
    pub(super) fn take<T>(
        &self,
        digest: &Digest,
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let path = self.path(digest);
        let mut file = File::open(&path).ok()?;
        let mut sealed = Vec::new();
        file.read_to_end(&mut sealed).ok()?;
        let content = unseal(&sealed).and_then(read);
        if content.is_some() {
            // Only which entries go first depends on it.
            let _ = file.set_modified(SystemTime::now());
        } else {
            let _ = fs::remove_file(&path);
        }
        content
    }

    /// Writes an entry beside its place and moves it there, so that no reader, in this
    /// process or another, ever meets half of it.
    pub(super) fn put(&self, digest: &Digest, content: &[u8]) -> Result<(), CacheProblem> {
        let path = self.path(digest);
        self.write(&path, content)
            .map_err(|source| CacheProblem::Write { path, source })
    }

    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.path(digest).exists()
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.0)?;
        let mut file = NamedTempFile::with_prefix_in(UNFINISHED, &self.0)?;
        file.write_all(&seal(content))?;
        file.persist(path)?;
        Ok(())
    }

    /// Its entries; what was left unfinished long ago is removed on the way.
    pub(super) fn entries(&self) -> Vec<Kept> {
        let listed = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let kept = listed.filter_map(|listed| {
            let metadata = listed.metadata().ok()?;
            let kept = Kept {
                used: metadata.modified().ok()?,
                bytes: metadata.len(),
                path: listed.path(),
            };
            let name = listed.file_name();
            if !name.as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
                return Some(kept);
            }
            if kept.used.elapsed().is_ok_and(|age| age > ABANDONED) {
                let _ = fs::remove_file(&kept.path);
            }
            None
        });
        kept.collect()
    }
}

/// An entry as the directory lists it.
pub(super) struct Kept {
    pub(super) used: SystemTime,
    pub(super) bytes: u64,
    pub(super) path: PathBuf,
}
