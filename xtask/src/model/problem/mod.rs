//! What can go wrong in each room, in fields.
//!
//! `Display` is the English sentence: lower case, names in backticks, no final stop, no
//! cause (that is `source`). `lang` has the French one and the remedy of each.
//! A problem always means "could not decide": exit code 2, or a signal's own.
//! What is decided (over budget, a RUN that fails) is a `Finding`, never a `Problem`.

mod archive;
mod cache;
mod engine;
mod flag;
mod host;
mod lab;
mod process;
mod report;
mod source;

pub use archive::{ArchiveProblem, Bound, Damage, Feature, Only};
pub use cache::CacheProblem;
pub use engine::EngineProblem;
pub use flag::FlagProblem;
pub use host::HostProblem;
pub use lab::{Expected, LabProblem, Malformed};
pub use process::ProcessProblem;
pub use report::{Incomparable, ReportFault, ReportProblem};
pub use source::SourceProblem;

use super::Signal;

#[derive(Debug, thiserror::Error)]
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
    Report(#[from] ReportProblem),
    #[error("stopped by signal {}", .0.0)]
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
