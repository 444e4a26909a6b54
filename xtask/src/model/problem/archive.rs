use std::io;
use std::path::PathBuf;

use crate::model::Signal;

/// Why an image can't be read from a stream, a file or a directory.
///
/// `blob` is a path inside the source, or the source itself; `offset` is a byte of it, once
/// unpacked where it is compressed.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum ArchiveProblem {
    Open {
        path: PathBuf,
        source: io::Error,
    },
    Read {
        blob: String,
        offset: u64,
        source: io::Error,
    },
    NotAnArchive {
        source_name: String,
    },
    /// It is laid out as images are, and what it holds is none: a chart, a signature.
    NotAnImage {
        source_name: String,
        what: String,
    },
    Empty {
        source_name: String,
    },
    Truncated {
        blob: String,
        offset: u64,
    },
    Damaged {
        blob: String,
        offset: u64,
        damage: Damage,
    },
    Digest {
        blob: String,
        expected: String,
        actual: String,
    },
    MissingBlob {
        blob: String,
    },
    /// The layer's place in the archive is empty. The lowest is 1.
    LayerLeftOut {
        number: usize,
    },
    LayerCount {
        layers: usize,
        diff_ids: usize,
    },
    Json {
        blob: String,
        source: serde_json::Error,
    },
    Unsupported {
        blob: String,
        feature: Feature,
    },
    Limit {
        blob: String,
        bound: Bound,
        limit: u64,
    },
    NoImage {
        source_name: String,
        wanted: String,
        there: Vec<String>,
    },
    NoPlatform {
        wanted: String,
        there: Vec<String>,
    },
    /// Also where the source holds no image at all.
    Ambiguous {
        source_name: String,
        there: Vec<String>,
    },
    /// An option that speaks of what was not given.
    NoEffect {
        option: &'static str,
        only: Only,
    },
    OtherDockerfile {
        dockerfile: PathBuf,
    },
    Cancelled(Signal),
}

/// What an option is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    Archive,
    Image,
    Report,
}

/// What is wrong with the bytes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    Checksum,
    /// The field is named as POSIX names it: `size`, `mode`, `chksum`.
    Field(&'static str),
    Extended,
    Name,
    Whiteout,
    Packing,
    Size,
    NotATar,
}

/// What an archive may hold and the kit refuses, since a guess would give a wrong size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Feature {
    Sparse {
        path: String,
    },
    ForeignLayer,
    Compression(Compression),
    EntryType(char),
    /// A path with `..` in it: no tool that makes images writes one.
    ParentPath {
        path: String,
    },
    MediaType(String),
    DigestAlgorithm(String),
    LegacyLayout,
    Rootfs(String),
}

/// A compression that Docker reads and that the kit leaves to its own program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    Xz,
    Bzip2,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Unpacked,
    Holes,
    Entries,
    Names,
    Name,
    Extended,
    Json,
    Padding,
    Depth,
    Manifests,
    Layers,
}
