use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use crate::model::{PolicyKey, PolicySource};

/// What a report is judged by, beside the policy that it states.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Judge growth against this earlier report, which `--update-baseline` or `--format json`
    /// wrote
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    pub baseline: Option<PathBuf>,
    /// How messages name the baseline, where FILE is a copy that nobody knows
    #[arg(
        long,
        value_name = "PATH",
        requires = "baseline",
        help_heading = "Judging"
    )]
    pub baseline_name: Option<PathBuf>,
    /// Whose policy holds: the Compose file's, or the baseline's, which a change can't raise
    #[arg(
        long,
        value_enum,
        default_value_t = PolicyArg::File,
        requires = "baseline",
        help_heading = "Judging"
    )]
    pub policy: PolicyArg,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Keys of the policy, each for one variant or for all.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy, in place of `x-lab`; each may be given several times")]
pub struct LimitArgs {
    /// The most that what counts may reach: `1KiB`
    #[arg(long, value_name = "[VARIANT=]SIZE", action = ArgAction::Append)]
    pub budget: Vec<String>,
    /// What counts: unpacked, own, wasted or layers
    #[arg(long, value_name = "[VARIANT=]MEASURE", action = ArgAction::Append)]
    pub counts: Vec<String>,
    /// Growth since the baseline that is tolerated: `4KiB`, `1%`, or `4KiB,1%`, where both
    /// must be passed [default: none]
    #[arg(long, value_name = "[VARIANT=]GROWTH", action = ArgAction::Append)]
    pub max_growth: Vec<String>,
    /// The same of another base [default: any, with a warning]
    #[arg(long, value_name = "[VARIANT=]GROWTH", action = ArgAction::Append)]
    pub max_base_drift: Vec<String>,
    /// The same of unchanged instructions with other results [default: `--max-growth`, else
    /// any, with a warning]
    #[arg(long, value_name = "[VARIANT=]GROWTH", action = ArgAction::Append)]
    pub max_content_drift: Vec<String>,
    /// A path whose waste is accepted
    #[arg(long, value_name = "[VARIANT=]PATH", action = ArgAction::Append)]
    pub allow_waste: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyArg {
    File,
    Baseline,
}

impl LimitArgs {
    /// What was typed under each key.
    pub fn typed(&self) -> [(PolicyKey, &[String]); 6] {
        [
            (PolicyKey::Budget, &self.budget),
            (PolicyKey::Counts, &self.counts),
            (PolicyKey::MaxGrowth, &self.max_growth),
            (PolicyKey::MaxBaseDrift, &self.max_base_drift),
            (PolicyKey::MaxContentDrift, &self.max_content_drift),
            (PolicyKey::AllowWaste, &self.allow_waste),
        ]
    }
}

impl From<PolicyArg> for PolicySource {
    fn from(policy: PolicyArg) -> Self {
        match policy {
            PolicyArg::File => Self::File,
            PolicyArg::Baseline => Self::Baseline,
        }
    }
}
