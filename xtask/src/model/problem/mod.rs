//! What can go wrong in each room, in fields.
//!
//! `lang::problem` has the sentence and the fix of each, in every language; `Display` is for
//! debugging only.
//! A problem always means "could not decide": exit code 2, or a signal's own.
//! What is decided (over budget, a RUN that fails) is a `Finding`, never a `Problem`.

mod archive;
mod cache;
mod check;
mod engine;
mod flag;
mod host;
mod lab;
mod lesson;
mod process;
mod report;
mod source;

pub use archive::{ArchiveProblem, Bound, Compression, Damage, Feature, Only};
pub use cache::CacheProblem;
pub use check::CheckProblem;
pub use engine::{EngineAction, EngineProblem};
pub use flag::{FlagFault, FlagProblem};
pub use host::HostProblem;
pub use lab::{Expected, LabProblem, Malformed};
pub use lesson::{LessonProblem, MissingService, RecordFault, ScriptFault, ScriptValue};
pub use process::ProcessProblem;
pub use report::{Incomparable, ReportFault, ReportProblem};
pub use source::SourceProblem;

use super::Signal;

#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum Problem {
    #[error(transparent)]
    Lab(#[from] LabProblem),
    #[error(transparent)]
    Source(#[from] SourceProblem),
    #[error(transparent)]
    Flag(#[from] FlagProblem),
    #[error(transparent)]
    Engine(#[from] EngineProblem),
    #[error(transparent)]
    Host(#[from] HostProblem),
    #[error(transparent)]
    Archive(#[from] ArchiveProblem),
    #[error(transparent)]
    Cache(#[from] CacheProblem),
    #[error(transparent)]
    Check(#[from] CheckProblem),
    #[error(transparent)]
    Lesson(#[from] LessonProblem),
    #[error(transparent)]
    Report(#[from] ReportProblem),
    Cancelled(Signal),
}

impl Problem {
    /// The signal behind it, if that is what ended the task.
    pub fn signal(&self) -> Option<Signal> {
        match self {
            Self::Cancelled(signal) | Self::Engine(EngineProblem::Cancelled(signal)) => {
                Some(*signal)
            }
            Self::Host(HostProblem::Cancelled(signal))
            | Self::Archive(ArchiveProblem::Cancelled(signal))
            | Self::Report(ReportProblem::Cancelled(signal)) => Some(*signal),
            _ => None,
        }
    }

    pub fn exit_code(&self) -> u8 {
        self.signal().map_or(2, Signal::exit_code)
    }
}
