use std::io;
use std::time::Duration;

use crate::model::Signal;

/// Why a program of another could not be run to its end. Each room that runs programs
/// turns it into a problem of its own, which says what the program was for.
#[derive(Debug, thiserror::Error)]
pub enum ProcessProblem {
    #[error("cannot run `{program}`")]
    Spawn { program: String, source: io::Error },
    /// Its output can't be read, its input not written, or its end not waited for.
    #[error("lost touch with `{program}`")]
    Io { program: String, source: io::Error },
    #[error("`{program}` took longer than {} s", .limit.as_secs_f64())]
    TimedOut { program: String, limit: Duration },
    #[error("stopped by signal {}", .0.0)]
    Cancelled(Signal),
}

impl ProcessProblem {
    /// There is no such program, as against one that can't be started.
    pub fn is_missing_program(&self) -> bool {
        matches!(self, Self::Spawn { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}
