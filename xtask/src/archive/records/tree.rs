use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{self, Mode, OFlags, ResolveFlags};

use crate::archive::layer::SCRIPT_LINE;
use crate::model::{Bytes, ImagePath};

/// The files of one layer, as a graph driver keeps them.
pub(in crate::archive) struct Tree(OwnedFd);

impl Tree {
    /// `cache_id` is what the records call the directory; its name is a digest without a prefix.
    pub(super) fn open(root: &Path, driver: &str, cache_id: &[u8]) -> io::Result<Self> {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
        if cache_id.is_empty() || !cache_id.iter().all(is_name) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let directory = root
            .join(driver)
            .join(OsStr::from_bytes(cache_id))
            .join("diff");
        let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::RDONLY | OFlags::CLOEXEC;
        Ok(Self(fs::open(&directory, flags, Mode::empty())?))
    }

    /// A regular file of the layer. No link is followed, not even one within the layer.
    fn file(&self, path: &ImagePath) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
        let file = fs::openat2(&self.0, path.as_bytes(), flags, Mode::empty(), resolve)?;
        let file = File::from(file);
        if !file.metadata()?.is_file() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(file)
    }

    /// A file of this many bytes.
    pub(in crate::archive) fn content(&self, path: &ImagePath, bytes: Bytes) -> io::Result<File> {
        let file = self.file(path)?;
        if file.metadata()?.len() != bytes.0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(file)
    }

    /// How a file begins, as far as a kernel looks for an interpreter.
    pub(super) fn start(&self, path: &ImagePath) -> io::Result<Vec<u8>> {
        let mut start = Vec::with_capacity(SCRIPT_LINE);
        self.file(path)?
            .take(SCRIPT_LINE as u64)
            .read_to_end(&mut start)?;
        Ok(start)
    }
}
