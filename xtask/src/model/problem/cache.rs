use std::io;
use std::path::PathBuf;

/// Why the kit's own cache can't be used. What is damaged in it is rebuilt and no problem.
#[derive(Debug, thiserror::Error)]
pub enum CacheProblem {
    #[error("cannot write the cache at `{path}`")]
    Write { path: PathBuf, source: io::Error },
}
