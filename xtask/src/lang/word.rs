use crate::model::{Bytes, Measure};

/// A fixed word of the reports: a column's heading, or what stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Variant,
    Role,
    Size,
    /// What this Dockerfile's own instructions weigh.
    Own,
    Layers,
    Build,
    /// How long the container ran.
    Run,
    Output,
    Base,
    /// What was added to the base.
    OwnPart,
    /// Every step of the build came from the cache.
    Cached,
    Failed,
    /// Standard output is the reference's, byte for byte; the exit code is 0.
    Same,
    /// The same, where there is more room.
    SameOutput,
    Differs,
    /// The same, where there is more room.
    OtherOutput,
    TimedOut,
    NotStarted,
    OutOfMemory,
    /// Nothing was printed.
    Empty,
    Bytes,
    Share,
    Instruction,
    Place,
    Cause,
    Accepted,
    Rejected,
    /// Heading of the advice.
    Savings,
    Details,
    /// Of a variant that the baseline does not know.
    NewVariant,
    MissingVariant,
    NoImage,
    /// Since the baseline.
    Unchanged,
    Lab,
    Platform,
    Engine,
    Verdict,
}

/// One stream of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
}

/// What is good about an accepted report, in facts.
#[derive(Clone, Debug, PartialEq)]
pub enum Praise {
    /// For [`Measure::Layers`] both are counts.
    WithinBudget {
        variant: String,
        counts: Measure,
        actual: Bytes,
        limit: Bytes,
    },
    /// So many containers, two or more, printed the same bytes.
    SameOutput { containers: usize },
    /// So many containers ran, and each exited 0.
    AllExitedZero { containers: usize },
    /// Nothing was run: so many images were built and measured.
    Measured { images: usize },
}
