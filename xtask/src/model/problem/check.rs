use std::path::PathBuf;

/// Why there is nothing to check, or nothing to check it by.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum CheckProblem {
    /// There is no Dockerfile where one is to be written.
    NoSubmission { path: PathBuf },
    /// The lab's solution has no `exercise`, or the lab has no solution or no reference.
    NotAnExercise { lab: String },
    /// The given script does not write what it should, in the reference's base image.
    ScriptFails {
        script: String,
        output: String,
        log: Vec<String>,
    },
    /// Neither `NAME=IMAGE` nor one that the submission takes from outside.
    NoSuchBase { image: String, known: Vec<String> },
}
