use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    BuildCause, Bytes, CauseKind, Change, Delta, Excluded, GateKind, Growth, InputPlace, Measure,
    PathChange, Rule,
};

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

/// A place as people read it: `Dockerfile:9`, or the file alone if the line is not known.
pub fn located(file: &str, line: Option<u32>) -> String {
    line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"))
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&located(&self.dockerfile, self.line))
    }
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
        /// The builder's own sentence; `None` where a RUN failed.
        reason: Option<String>,
    },
    /// The base is a stand-in, so the sizes of `base` are not those of the real one.
    StandInBase {
        reference: String,
    },
    /// The image holds files of the kit itself.
    OwnFiles(OwnFiles),
    /// Something changed since the baseline.
    Changed(Changed),
}

/// Files of the kit in an image, by which growth is not judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFiles {
    pub bytes: Bytes,
    /// Lines that keep them out of the build context.
    pub patterns: Vec<String>,
    /// The file for these lines, as the project names it.
    pub dockerignore: String,
}

impl OwnFiles {
    /// `None` where there are none.
    pub fn of(excluded: &[Excluded]) -> Option<Self> {
        let dockerignore = excluded.first()?.dockerignore.clone();
        let mut patterns: Vec<String> = excluded.iter().map(|it| it.pattern.clone()).collect();
        patterns.sort();
        patterns.dedup();
        Some(Self {
            bytes: excluded.iter().map(|it| it.bytes).sum(),
            patterns,
            dockerignore,
        })
    }
}

/// What changed since the baseline.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// More than in the baseline: too much where it is an error.
    Grew(Box<Grown>),
    /// Less than in the baseline. For [`Measure::Layers`] both are counts.
    Shrank {
        counts: Measure,
        counted: Change,
    },
    /// Another standard output than in the baseline.
    Output {
        difference: Difference,
    },
    ExitCode {
        before: i64,
        after: i64,
    },
    /// The baseline's container ran, and there is none now.
    NotRun,
    /// The baseline has no image of it, so its growth can't be judged.
    NewVariant,
    /// It is in the baseline and not in this report.
    MissingVariant,
    /// The same, and the baseline that the change brings has it no more.
    RemovedVariant,
    /// The change brings the baseline that was measured, and its policy lets that accept what
    /// changed.
    Accepted,
    /// The Compose file's policy is not the baseline's. Values are as `x-lab` writes them;
    /// `None` is none.
    Policy {
        key: PolicyKey,
        file: Option<String>,
        baseline: Option<String>,
    },
}

/// Growth since the baseline that one instruction, or the base, brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Grown {
    pub gate: GateKind,
    /// What the deltas are of; counts for [`Measure::Layers`].
    pub counts: Measure,
    /// The whole variant's.
    pub counted: Change,
    /// All growth that the limit is for, and what was tolerated of it; no limit is drift that is
    /// only reported.
    pub total: Delta,
    pub limit: Option<Growth>,
    /// `None` for an instruction that did not change, and whose files a later one now hides.
    pub cause: Option<CauseKind>,
    /// This cause's part of `total`.
    pub delta: Delta,
    /// `None` for a base, and where the history is silent.
    pub instruction: Option<String>,
    /// Those that grew most, most first.
    pub paths: Vec<PathChange>,
    /// What the instruction reads and what changed, the nearest first.
    pub inputs: Vec<InputPlace>,
    /// The share of the variant's growth that is in some cause; 1.0 for figures that nobody
    /// edited.
    pub explained: f64,
}

super::named! {
    /// A key of a variant's policy, as `x-lab` names it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum PolicyKey {
        Budget => "budget",
        Counts => "counts",
        MaxGrowth => "max_growth",
        MaxBaseDrift => "max_base_drift",
        MaxContentDrift => "max_content_drift",
        AllowWaste => "allow_waste",
        Accept => "accept",
        Role => "role",
    }
}

/// The first place where two outputs differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Bytes before it that are the same.
    pub offset: u64,
    /// 1-based, by line feeds.
    pub line: u64,
    /// The line there in the reference's output, lossily decoded and cut; `None` where that
    /// output has nothing of it, or where it lies past what was kept. It ends in a line feed
    /// only where that is what the other output, at its end, lacks.
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
    pub fn rule(&self) -> Rule {
        match self {
            Self::Budget { .. } => Rule::Budget,
            Self::NotLighter { .. } => Rule::NotLighter,
            Self::OutputsDiffer { .. } => Rule::OutputsDiffer,
            Self::ExitCode { .. } => Rule::ExitCode,
            Self::Killed { .. } => Rule::Killed,
            Self::TimedOut { .. } => Rule::TimedOut,
            Self::NotStarted { .. } => Rule::NotStarted,
            Self::BuildFailed { .. } => Rule::BuildFailed,
            Self::StandInBase { .. } => Rule::StandInBase,
            Self::OwnFiles(_) => Rule::OwnFiles,
            Self::Changed(changed) => changed.rule(),
        }
    }
}

impl Changed {
    fn rule(&self) -> Rule {
        match self {
            Self::Grew(grown) => match grown.gate {
                GateKind::Growth => Rule::Growth,
                GateKind::BaseDrift => Rule::BaseDrift,
                GateKind::ContentDrift => Rule::ContentDrift,
            },
            Self::Shrank { .. } => Rule::Shrank,
            Self::Output { .. } => Rule::OutputChanged,
            Self::ExitCode { .. } => Rule::ExitCodeChanged,
            Self::NotRun => Rule::NotRun,
            Self::NewVariant => Rule::NewVariant,
            Self::MissingVariant => Rule::MissingVariant,
            Self::RemovedVariant => Rule::RemovedVariant,
            Self::Accepted => Rule::Accepted,
            Self::Policy { .. } => Rule::PolicyDiffers,
        }
    }
}

impl Finding {
    /// Whether it is worth an annotation. A change below [`Growth::FLOOR`] is not, unless it is
    /// an error: then a limit was stated that is smaller.
    pub fn is_worth_a_note(&self) -> bool {
        let small = match &self.fact {
            Fact::Changed(Changed::Grew(grown)) => Growth::is_small(grown.delta, grown.counts),
            Fact::Changed(Changed::Shrank { counts, counted }) => {
                Growth::is_small(counted.delta(), *counts)
            }
            _ => false,
        };
        self.level == Level::Error || !small
    }

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
