use std::io;
use std::path::PathBuf;

use crate::model::Signal;

/// Why an image can't be read from a stream, a file or a directory.
///
/// `blob` is a path inside the source, or the source itself; `offset` is a byte of it, once
/// unpacked where it is compressed.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveProblem {
    #[error("cannot read `{path}`")]
    Open { path: PathBuf, source: io::Error },
    #[error("`{blob}` can't be read at byte {offset}")]
    Read {
        blob: String,
        offset: u64,
        source: io::Error,
    },
    #[error("`{source_name}` is not an image archive")]
    NotAnArchive { source_name: String },
    #[error("`{source_name}` is empty")]
    Empty { source_name: String },
    #[error("`{blob}` is cut off at byte {offset}")]
    Truncated { blob: String, offset: u64 },
    #[error("`{blob}` is damaged at byte {offset}: {damage}")]
    Damaged {
        blob: String,
        offset: u64,
        damage: Damage,
    },
    #[error("`{blob}` does not match its digest: {expected} expected, {actual} found")]
    Digest {
        blob: String,
        expected: String,
        actual: String,
    },
    #[error("`{blob}` is named and not there")]
    MissingBlob { blob: String },
    #[error("the image has {layers} layers and {diff_ids} diff_ids")]
    LayerCount { layers: usize, diff_ids: usize },
    #[error("`{blob}` is not the JSON that it should be")]
    Json {
        blob: String,
        source: serde_json::Error,
    },
    #[error("`{blob}`: {feature} can't be read")]
    Unsupported { blob: String, feature: Feature },
    #[error("`{blob}` passes the limit of {limit} {bound}")]
    Limit {
        blob: String,
        bound: Bound,
        limit: u64,
    },
    #[error("`{source_name}` has no image `{wanted}`")]
    NoImage {
        source_name: String,
        wanted: String,
        there: Vec<String>,
    },
    #[error("there is no image for `{wanted}` in it")]
    NoPlatform { wanted: String, there: Vec<String> },
    /// Also where the source holds no image at all.
    #[error("`{source_name}` has {} images", .there.len())]
    Ambiguous {
        source_name: String,
        there: Vec<String>,
    },
    /// An option that speaks of what was not given.
    #[error("`{option}` is for {only}, and none is given")]
    NoEffect { option: &'static str, only: Only },
    #[error("`{dockerfile}` did not make this image")]
    OtherDockerfile { dockerfile: PathBuf },
    #[error("stopped by signal {}", .0.0)]
    Cancelled(Signal),
}

/// What an option is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Only {
    #[error("an archive")]
    Archive,
    #[error("an image or an archive")]
    Image,
    #[error("a saved report")]
    Report,
}

/// What is wrong with the bytes there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("a tar header whose checksum is wrong")]
    Checksum,
    /// The field is named as POSIX names it: `size`, `mode`, `chksum`.
    #[error("a tar header whose field `{0}` is not a number")]
    Field(&'static str),
    #[error("an extended header that does not follow its format")]
    Extended,
    #[error("an empty name, or one with a NUL in it")]
    Name,
    #[error("a whiteout that names nothing")]
    Whiteout,
    #[error("compressed data that does not unpack")]
    Packing,
    #[error("another size than its descriptor says")]
    Size,
    #[error("other image names than `repositories` has")]
    Names,
    #[error("something other than a tar")]
    NotATar,
}

/// What an archive may hold and the kit refuses, since a guess would give a wrong size.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Feature {
    #[error("the sparse file `{path}`")]
    Sparse { path: String },
    #[error("a foreign layer, whose content is kept elsewhere,")]
    ForeignLayer,
    #[error("a tar entry of type `{0}`")]
    EntryType(char),
    /// A path with `..` in it: no tool that makes images writes one.
    #[error("the path `{path}`")]
    ParentPath { path: String },
    #[error("the media type `{0}`")]
    MediaType(String),
    #[error("the digest `{0}`")]
    DigestAlgorithm(String),
    #[error("the layout of before Docker 1.10")]
    LegacyLayout,
    #[error("a file system of type `{0}`")]
    Rootfs(String),
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Bound {
    #[error("bytes once unpacked")]
    Unpacked,
    #[error("times its packed size")]
    Ratio,
    #[error("entries")]
    Entries,
    #[error("bytes of names")]
    Names,
    #[error("bytes in one name")]
    Name,
    #[error("bytes of extended header")]
    Extended,
    #[error("bytes of JSON")]
    Json,
    #[error("bytes after its end")]
    Padding,
    #[error("indexes inside each other")]
    Depth,
    #[error("manifests")]
    Manifests,
    #[error("layers")]
    Layers,
}
