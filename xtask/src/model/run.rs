use std::time::Duration;

use super::{Bytes, Digest};

/// What became of building one variant; where it is done, what the engine or a report says.
#[derive(Clone, Debug, PartialEq)]
pub enum Build<T = Built> {
    Done(T),
    /// The Dockerfile's own fault: a report is made all the same.
    Failed(BuildFailure),
}

/// What is reported of a build.
#[derive(Clone, Debug, PartialEq)]
pub struct Built {
    /// `None` in a report that leaves out what changes from run to run, as is `cached`.
    pub took: Option<Duration>,
    /// Steps of the target stage and those that it needed.
    pub steps: u32,
    pub cached: Option<u32>,
}

/// An image that a build made.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltImage {
    /// The id that the build gave (`--iidfile`): the digest of the image's config, or with the
    /// classic builder what the engine knows it by.
    pub id: Digest,
    /// `containerimage.digest` of buildx's `--metadata-file`: of the image's manifest where the
    /// engine's store keeps one, else of its config.
    pub manifest: Option<Digest>,
    pub build: Built,
}

/// A build that failed by its Dockerfile's own fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildFailure {
    pub cause: BuildCause,
    /// The failing instruction, as the builder shows it, where it names one.
    pub instruction: Option<String>,
    /// 1-based line of the Dockerfile, where the builder names one.
    pub line: Option<u32>,
    /// The last lines of the failing step's own log, oldest first; for a syntax error, what
    /// the builder says.
    pub log: Vec<String>,
}

impl BuildFailure {
    /// One that nothing is known about.
    pub fn unknown() -> Self {
        Self {
            cause: BuildCause::Refused,
            instruction: None,
            line: None,
            log: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildCause {
    Syntax,
    /// A RUN that ended with this exit code.
    Run {
        exit_code: Option<i64>,
    },
    /// A COPY or ADD whose source is not in the build context or the stage it names.
    SourceMissing,
    /// Another instruction that the builder refuses (an unknown flag, user or stage).
    Refused,
}

/// One container, from start to end.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    pub ending: Ending,
    /// From the start request to the end of its output; `None` in a report that leaves out
    /// what changes from run to run.
    pub took: Option<Duration>,
    pub stdout: Capture,
    pub stderr: Capture,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Exited {
        code: i64,
    },
    /// Ended by a signal of the kernel or another program, not by the kit; `code` is
    /// 128 + the signal's number. An engine can't tell it from a program that exits with
    /// that code. `out_of_memory` is false where the engine does not say (Podman 4.3).
    Killed {
        code: i64,
        out_of_memory: bool,
    },
    /// Ended by the kit when `limit` was over.
    TimedOut {
        limit: Duration,
    },
    /// The engine could not start its command; `reason` is the engine's own sentence.
    NotStarted {
        code: i64,
        reason: String,
    },
}

/// One stream of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// What a program wrote to one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    /// The first bytes, up to the cap.
    pub kept: Vec<u8>,
    /// Length of the whole.
    pub bytes: Bytes,
    /// Digest of the whole, also of what was not kept.
    pub sha256: Digest,
}

impl Ending {
    /// The exit code as a shell shows it; `None` where the program never ended by itself.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Exited { code } | Self::Killed { code, .. } | Self::NotStarted { code, .. } => {
                Some(*code)
            }
            Self::TimedOut { .. } => None,
        }
    }

    pub fn is_success(&self) -> bool {
        *self == Self::Exited { code: 0 }
    }
}
