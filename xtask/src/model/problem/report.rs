use std::io;
use std::path::PathBuf;

/// Why a report can't be read back, written or compared.
#[derive(Debug, thiserror::Error)]
pub enum ReportProblem {
    #[error("cannot read the report `{path}`")]
    Read { path: PathBuf, source: io::Error },
    #[error("`{path}` is not a report: {reason}")]
    NotAReport { path: PathBuf, reason: String },
    #[error("`{path}` has the schema `{schema}`")]
    Schema { path: PathBuf, schema: String },
    #[error("cannot write the report `{path}`")]
    Write { path: PathBuf, source: io::Error },
    #[error("two outputs go to `{path}`")]
    SamePath { path: PathBuf },
    #[error("cannot write to standard output")]
    Stdout { source: io::Error },
}
