use std::io;
use std::path::PathBuf;

/// Why an image can't be read from a stream, a file or a directory.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveProblem {
    #[error("cannot read `{path}`")]
    Open { path: PathBuf, source: io::Error },
    /// `blob` is the path inside the archive, `offset` the byte in it.
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
    #[error("`{blob}` ends at byte {offset}, in the middle of {what}")]
    Truncated {
        blob: String,
        offset: u64,
        what: &'static str,
    },
    #[error("`{blob}` is damaged at byte {offset}: {what}")]
    Damaged {
        blob: String,
        offset: u64,
        what: &'static str,
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
    #[error("`{blob}`: {what} is not supported")]
    Unsupported { blob: String, what: String },
    #[error("`{blob}` passes the limit of {limit} {what}")]
    Limit {
        blob: String,
        what: &'static str,
        limit: u64,
    },
    #[error("there is no image `{wanted}` in it")]
    NoImage { wanted: String, there: Vec<String> },
    #[error("there is no image for `{wanted}` in it")]
    NoPlatform { wanted: String, there: Vec<String> },
    #[error("there are {} images in it", .there.len())]
    Ambiguous { there: Vec<String> },
}
