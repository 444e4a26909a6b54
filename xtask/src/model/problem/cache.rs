use std::io;
use std::path::PathBuf;

/// Why the kit's own cache can't be used. What is damaged in it is rebuilt and no problem.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum CacheProblem {
    Write { path: PathBuf, source: io::Error },
}
