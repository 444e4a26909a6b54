use serde::{Deserialize, Serialize};

use super::scalar::{Encoding, Seconds};
use crate::model::{
    Build, BuildCause, BuildFailure, Built, Bytes, Capture, Digest, Ending, ReportFault, Run,
};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireBuild {
    seconds: Option<Seconds>,
    steps: u32,
    cached: Option<u32>,
    failure: Option<WireFailure>,
}

#[derive(Debug, Serialize, Deserialize)]
struct WireFailure {
    #[serde(flatten)]
    cause: WireCause,
    instruction: Option<String>,
    line: Option<u32>,
    log: Vec<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct WireCause {
    cause: CauseKind,
    /// Of a RUN alone.
    exit_code: Option<i64>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CauseKind {
    Syntax,
    Run,
    SourceMissing,
    Refused,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireRun {
    exit_code: Option<i64>,
    seconds: Option<Seconds>,
    stdout: String,
    stdout_encoding: Encoding,
    stdout_bytes: Bytes,
    stdout_sha256: Digest,
    stderr: String,
    stderr_encoding: Encoding,
    stderr_bytes: Bytes,
    stderr_sha256: Digest,
    timed_out: bool,
    ending: EndingKind,
    /// Of `killed` alone.
    out_of_memory: bool,
    /// Of `timed_out` alone.
    timeout_seconds: Option<Seconds>,
    /// Of `not_started` alone: the engine's own sentence.
    reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndingKind {
    Exited,
    Killed,
    TimedOut,
    NotStarted,
}

impl From<&Build> for WireBuild {
    fn from(build: &Build) -> Self {
        match build {
            Build::Done(done) => Self {
                seconds: done.took.map(Seconds),
                steps: done.steps,
                cached: done.cached,
                failure: None,
            },
            Build::Failed(failure) => Self {
                seconds: None,
                steps: 0,
                cached: None,
                failure: Some(WireFailure {
                    cause: failure.cause.into(),
                    instruction: failure.instruction.clone(),
                    line: failure.line,
                    log: failure.log.clone(),
                }),
            },
        }
    }
}

/// Where it failed, there is no more to it than why.
impl From<WireBuild> for Build {
    fn from(wire: WireBuild) -> Self {
        let Some(failure) = wire.failure else {
            return Self::Done(Built {
                took: wire.seconds.map(|it| it.0),
                steps: wire.steps,
                cached: wire.cached,
            });
        };
        Self::Failed(BuildFailure {
            cause: failure.cause.into(),
            instruction: failure.instruction,
            line: failure.line,
            log: failure.log,
        })
    }
}

impl From<BuildCause> for WireCause {
    fn from(cause: BuildCause) -> Self {
        let (cause, exit_code) = match cause {
            BuildCause::Syntax => (CauseKind::Syntax, None),
            BuildCause::Run { exit_code } => (CauseKind::Run, exit_code),
            BuildCause::SourceMissing => (CauseKind::SourceMissing, None),
            BuildCause::Refused => (CauseKind::Refused, None),
        };
        Self { cause, exit_code }
    }
}

impl From<WireCause> for BuildCause {
    fn from(wire: WireCause) -> Self {
        match wire.cause {
            CauseKind::Syntax => Self::Syntax,
            CauseKind::Run => Self::Run {
                exit_code: wire.exit_code,
            },
            CauseKind::SourceMissing => Self::SourceMissing,
            CauseKind::Refused => Self::Refused,
        }
    }
}

impl From<&Run> for WireRun {
    fn from(run: &Run) -> Self {
        let (stdout, stdout_encoding) = Encoding::encode(&run.stdout.kept);
        let (stderr, stderr_encoding) = Encoding::encode(&run.stderr.kept);
        let (ending, out_of_memory, timeout, reason) = match &run.ending {
            Ending::Exited { .. } => (EndingKind::Exited, false, None, None),
            Ending::Killed { out_of_memory, .. } => {
                (EndingKind::Killed, *out_of_memory, None, None)
            }
            Ending::TimedOut { limit } => (EndingKind::TimedOut, false, Some(*limit), None),
            Ending::NotStarted { reason, .. } => {
                (EndingKind::NotStarted, false, None, Some(reason.clone()))
            }
        };
        Self {
            exit_code: run.ending.code(),
            seconds: run.took.map(Seconds),
            stdout,
            stdout_encoding,
            stdout_bytes: run.stdout.bytes,
            stdout_sha256: run.stdout.sha256,
            stderr,
            stderr_encoding,
            stderr_bytes: run.stderr.bytes,
            stderr_sha256: run.stderr.sha256,
            timed_out: ending == EndingKind::TimedOut,
            ending,
            out_of_memory,
            timeout_seconds: timeout.map(Seconds),
            reason,
        }
    }
}

impl WireRun {
    /// `place` is where it stands, for the fault.
    pub(super) fn into_run(self, place: &str) -> Result<Run, ReportFault> {
        let ending = self.ending(place)?;
        let capture = |stream, text, encoding: Encoding, bytes: Bytes, sha256| {
            encoding
                .decode(text)
                .filter(|kept| kept.len() as u64 <= bytes.0)
                .map(|kept| Capture {
                    kept,
                    bytes,
                    sha256,
                })
                .ok_or_else(|| ReportFault::Contradiction {
                    place: format!("{place}.{stream}"),
                })
        };
        Ok(Run {
            ending,
            took: self.seconds.map(|it| it.0),
            stdout: capture(
                "stdout",
                self.stdout,
                self.stdout_encoding,
                self.stdout_bytes,
                self.stdout_sha256,
            )?,
            stderr: capture(
                "stderr",
                self.stderr,
                self.stderr_encoding,
                self.stderr_bytes,
                self.stderr_sha256,
            )?,
        })
    }

    fn ending(&self, place: &str) -> Result<Ending, ReportFault> {
        let missing = |key| ReportFault::Missing {
            place: format!("{place}.{key}"),
        };
        if self.timed_out != (self.ending == EndingKind::TimedOut) {
            return Err(ReportFault::Contradiction {
                place: format!("{place}.timed_out"),
            });
        }
        let code = self.exit_code.ok_or_else(|| missing("exit_code"));
        Ok(match self.ending {
            EndingKind::Exited => Ending::Exited { code: code? },
            EndingKind::Killed => Ending::Killed {
                code: code?,
                out_of_memory: self.out_of_memory,
            },
            EndingKind::TimedOut => Ending::TimedOut {
                limit: self
                    .timeout_seconds
                    .ok_or_else(|| missing("timeout_seconds"))?
                    .0,
            },
            EndingKind::NotStarted => Ending::NotStarted {
                code: code?,
                reason: self.reason.clone().ok_or_else(|| missing("reason"))?,
            },
        })
    }
}
