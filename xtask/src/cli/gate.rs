use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use crate::model::{PolicyKey, PolicySource};

/// What a report is judged by, beside the policy that it states.
#[derive(Debug, Args)]
pub struct GateArgs {
    /// Compare growth with this earlier report, written by `--update-baseline` or `--format json`
    #[arg(long, value_name = "FILE", help_heading = "Judging")]
    pub baseline: Option<PathBuf>,
    /// Name of the baseline in messages, if FILE is a temporary copy
    #[arg(
        long,
        value_name = "PATH",
        requires = "baseline",
        help_heading = "Judging"
    )]
    pub baseline_name: Option<PathBuf>,
    /// Take the policy from the Compose file, or from the baseline, which a change can't edit
    #[arg(
        long,
        value_enum,
        default_value_t = PolicyArg::File,
        requires = "baseline",
        help_heading = "Judging"
    )]
    pub policy: PolicyArg,
    /// Baseline from the proposed change; it can accept growth if `accept: baseline` is set
    #[arg(
        long,
        value_name = "FILE",
        requires = "baseline",
        help_heading = "Judging"
    )]
    pub proposed_baseline: Option<PathBuf>,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// Keys of the policy, each for one variant or for all.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Policy, overrides `x-lab`; each can be repeated")]
pub struct LimitArgs {
    /// Maximum size, such as `80MB`
    #[arg(long, value_name = "[VARIANT=]SIZE", action = ArgAction::Append)]
    pub budget: Vec<String>,
    /// What the budget limits: unpacked, own, wasted or layers
    #[arg(long, value_name = "[VARIANT=]MEASURE", action = ArgAction::Append)]
    pub counts: Vec<String>,
    /// Maximum growth since the baseline: `4KiB`, `1%`, or `4KiB,1%` for the larger of both
    /// [default: the smaller of 1MB and 10%, at least 4KiB]
    #[arg(long, value_name = "[VARIANT=]GROWTH", action = ArgAction::Append)]
    pub max_growth: Vec<String>,
    /// Maximum growth of the base image [default: no limit, a warning]
    #[arg(long, value_name = "[VARIANT=]GROWTH", action = ArgAction::Append)]
    pub max_base_drift: Vec<String>,
    /// Maximum growth of instructions whose inputs did not change [default: counts as growth]
    #[arg(long, value_name = "[VARIANT=]GROWTH", action = ArgAction::Append)]
    pub max_content_drift: Vec<String>,
    /// Path whose wasted bytes are accepted
    #[arg(long, value_name = "[VARIANT=]PATH", action = ArgAction::Append)]
    pub allow_waste: Vec<String>,
    /// What can accept growth beyond a limit: `none`, or the proposed `baseline` [default: none]
    #[arg(long, value_name = "[VARIANT=]WHAT", action = ArgAction::Append)]
    pub accept: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PolicyArg {
    File,
    Baseline,
}

impl LimitArgs {
    /// What was typed under each key.
    pub fn typed(&self) -> [(PolicyKey, &[String]); 7] {
        [
            (PolicyKey::Budget, &self.budget),
            (PolicyKey::Counts, &self.counts),
            (PolicyKey::MaxGrowth, &self.max_growth),
            (PolicyKey::MaxBaseDrift, &self.max_base_drift),
            (PolicyKey::MaxContentDrift, &self.max_content_drift),
            (PolicyKey::AllowWaste, &self.allow_waste),
            (PolicyKey::Accept, &self.accept),
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
