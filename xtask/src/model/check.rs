use std::sync::Arc;

use super::{
    Bytes, Capture, Diagnosis, Difference, Ending, ImagePath, LabReport, Medal, Place, Problem,
    Remark, Step, Wording,
};

super::named! {
    /// One thing that is asked of a submission, in the order in which it is looked at.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum CheckId {
        /// The given files are as given, and the submission builds.
        Builds => "builds",
        /// Its container starts, ends by itself in time and exits with 0.
        Runs => "runs",
        /// It prints what the given script writes.
        Shows => "shows",
        /// With another script in its place, it prints what that one writes.
        Follows => "follows",
        /// The script runs in one stage, and the final image starts elsewhere.
        Separate => "separate",
        /// No layer holds what the exercise forbids.
        Clean => "clean",
        /// It is smaller than the reference.
        Lighter => "lighter",
    }
}

impl CheckId {
    /// The checks without which this one makes no sense.
    pub fn needs(self) -> &'static [Self] {
        match self {
            Self::Builds => &[],
            Self::Runs | Self::Separate => &[Self::Builds],
            Self::Shows => &[Self::Runs],
            Self::Follows => &[Self::Shows],
            Self::Clean => &[Self::Separate],
            Self::Lighter => &[Self::Follows, Self::Clean],
        }
    }
}

super::named! {
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CheckOutcome {
        Pass => "pass",
        Fail => "fail",
        /// A check that it needs did not pass.
        Skipped => "skipped",
        /// The machine, the network, a registry or the builder stood in the way.
        Undecided => "undecided",
    }
}

/// What shows why a check did not pass.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// What the builder said of an instruction, oldest line first.
    Log {
        instruction: Option<String>,
        lines: Vec<String>,
    },
    /// How the container ended, and what it wrote.
    Ended {
        ending: Ending,
        stdout: Capture,
        stderr: Capture,
    },
    /// What it wrote, and what it should have; `difference` is `None` where only what was not
    /// kept differs.
    Output {
        expected: Vec<u8>,
        actual: Capture,
        difference: Option<Difference>,
    },
    /// Files of the image that should not be there, most bytes first.
    Files {
        found: Vec<FoundFile>,
        /// All of them.
        count: u64,
        bytes: Bytes,
    },
    Sizes {
        actual: Bytes,
        reference: Bytes,
    },
}

/// A file of the final image that the exercise forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFile {
    pub path: ImagePath,
    pub bytes: Bytes,
    /// Index from the lowest layer.
    pub layer: usize,
    /// Such as `python`.
    pub part: String,
    /// The layer is one of the base image's.
    pub is_of_base: bool,
    /// A later layer removed it.
    pub is_removed: bool,
    /// The instruction that made the layer.
    pub place: Option<Place>,
}

/// What became of one check.
#[derive(Clone, Debug)]
pub struct CheckResult {
    pub id: CheckId,
    pub outcome: CheckOutcome,
    /// For one that was skipped: the check that it needs and that did not pass.
    pub because: Option<CheckId>,
    /// `None` for one that passed or was skipped.
    pub diagnosis: Option<Diagnosis>,
    pub proof: Option<Proof>,
    /// What stood in the way of one that could not be decided, where it is no cause.
    pub problem: Option<Arc<Problem>>,
}

/// All that `check` found out; exactly what `check-report/1` holds.
#[derive(Clone, Debug, Default)]
pub struct CheckReport {
    pub lab: Option<String>,
    /// The Dockerfile, as the person who ran the check would name it; empty if none was typed and
    /// the exercise could not be read.
    pub submission: String,
    /// How many stages and instructions it has; `None` where it could not be read.
    pub shape: Option<Shape>,
    /// One of each, in the order of [`CheckId::ALL`].
    pub checks: Vec<CheckResult>,
    /// How many hints to the first check that did not pass are shown.
    pub hints: usize,
    pub wording: Wording,
    /// What the given script writes.
    pub output: String,
    /// What the image weighs, where there is one.
    pub size: Option<Bytes>,
    pub medal: Option<Medal>,
    pub next: Option<NextStep>,
    /// Of a submission that passes.
    pub remarks: Vec<Remark>,
    /// Base images that were replaced for the check.
    pub replaced: Vec<Replaced>,
    /// Files of the submission that were not used.
    pub left_out: Vec<String>,
    /// `None` where nothing was built.
    pub report: Option<LabReport>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub stages: usize,
    pub instructions: usize,
}

/// A base image that another one stood in for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    pub image: String,
    pub by: String,
}

/// What to do about the size of a submission that passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// The instruction whose layer holds most bytes; `None` where the base image's layers hold
    /// more than any of them.
    pub step: Option<Step>,
    pub bytes: Bytes,
    /// The next medal, and what its size asks to save; `None` after the last one.
    pub medal: Option<(Medal, Bytes)>,
}

super::named! {
    /// What a check came to as a whole.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum CheckVerdict {
        Accepted => "accepted",
        Rejected => "rejected",
        Undecided => "undecided",
    }
}

impl CheckVerdict {
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Accepted => 0,
            Self::Rejected => 1,
            Self::Undecided => 2,
        }
    }
}

impl CheckReport {
    pub fn outcome(&self) -> CheckVerdict {
        let has = |outcome| self.checks.iter().any(|it| it.outcome == outcome);
        if has(CheckOutcome::Fail) {
            CheckVerdict::Rejected
        } else if has(CheckOutcome::Undecided) {
            CheckVerdict::Undecided
        } else {
            CheckVerdict::Accepted
        }
    }

    /// The first check that did not pass: what is shown in full.
    pub fn first(&self) -> Option<&CheckResult> {
        let is_shown =
            |it: &&CheckResult| matches!(it.outcome, CheckOutcome::Fail | CheckOutcome::Undecided);
        self.checks.iter().find(is_shown)
    }
}

#[cfg(test)]
mod tests {
    use super::CheckId;

    #[test]
    fn a_check_needs_only_earlier_ones() {
        for check in CheckId::ALL {
            assert!(
                check.needs().iter().all(|other| *other < check),
                "{check:?}"
            );
        }
    }
}
