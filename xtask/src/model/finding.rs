use serde::{Deserialize, Serialize};

use super::{BuildCause, Bytes, Delta, Measure};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Accepted,
    Rejected,
}

impl Outcome {
    pub fn exit_code(self) -> u8 {
        u8::from(self == Self::Rejected)
    }
}

/// What was decided, and why. Rejected exactly when a finding is an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// Errors first, then by variant in the report's order.
    pub findings: Vec<Finding>,
}

/// One thing worth saying of a variant, in facts; `lang` makes the sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub level: Level,
    pub variant: String,
    /// Where in the Dockerfile, when one place is to blame.
    pub place: Option<Place>,
    pub fact: Fact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Note,
}

/// A place in a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// As Compose names it: relative to the compose file's directory where it lies in it.
    pub dockerfile: String,
    /// 1-based.
    pub line: Option<u32>,
}

/// The rule that a finding is about, with what its sentence needs.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// More than its budget. For [`Measure::Layers`] both are counts.
    Budget {
        counts: Measure,
        actual: Bytes,
        limit: Bytes,
    },
    /// The solution weighs as much as the reference, or more.
    NotLighter {
        reference: String,
        actual: Bytes,
        limit: Bytes,
    },
    /// Another standard output than the reference's.
    OutputsDiffer {
        reference: String,
        difference: Difference,
    },
    /// A container that was to exit 0 did not.
    ExitCode {
        code: i64,
    },
    Killed {
        code: i64,
        out_of_memory: bool,
    },
    TimedOut {
        seconds: f64,
    },
    NotStarted {
        code: i64,
        reason: String,
    },
    BuildFailed {
        cause: BuildCause,
        instruction: Option<String>,
    },
    /// The base is a stand-in, so the sizes of `base` are not those of the real one.
    StandInBase {
        reference: String,
    },
}

/// The first place where two outputs differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Bytes before it that are the same.
    pub offset: u64,
    /// 1-based, by line feeds.
    pub line: u64,
    /// The line there in the reference's output, lossily decoded and cut; `None` where that
    /// output had ended, or where the place lies past what was kept.
    pub expected: Option<String>,
    /// The same of the variant's own output.
    pub actual: Option<String>,
}

impl Verdict {
    /// Whether the outcome is what the findings make it.
    pub fn is_consistent(&self) -> bool {
        let has_error = self
            .findings
            .iter()
            .any(|finding| finding.level == Level::Error);
        has_error == (self.outcome == Outcome::Rejected)
    }
}

impl Fact {
    /// The rule's name, as `lab-report/1` writes it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Budget { .. } => "budget",
            Self::NotLighter { .. } => "not_lighter",
            Self::OutputsDiffer { .. } => "outputs_differ",
            Self::ExitCode { .. } => "exit_code",
            Self::Killed { .. } => "killed",
            Self::TimedOut { .. } => "timed_out",
            Self::NotStarted { .. } => "not_started",
            Self::BuildFailed { .. } => "build_failed",
            Self::StandInBase { .. } => "stand_in_base",
        }
    }
}

impl Finding {
    /// By how much a limit was passed, where the rule has one.
    pub fn excess(&self) -> Option<Delta> {
        match self.fact {
            Fact::Budget { actual, limit, .. } | Fact::NotLighter { actual, limit, .. } => {
                Some(actual.since(limit))
            }
            _ => None,
        }
    }
}
