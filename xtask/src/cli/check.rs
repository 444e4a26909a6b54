//! What `check` takes.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{ArgAction, Args};

use super::gate::{GateArgs, LimitArgs, PolicyArg};
use super::{Common, EngineArgs, LabArgs, OutputArg, Outputs};
use crate::model::{CheckFormat, FlagFault, Format};

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types"
)]
#[command(after_help = "Examples:
  cargo xtask check ex08                 check lab/ex08/Dockerfile
  cargo xtask check ex08 --hint          the same, with the next hint
  cargo xtask check ex08 --watch         check again at each save
  cargo xtask check ex08 work/alice      check the Dockerfile of a directory")]
pub struct CheckArgs {
    /// The exercise's name, such as ex08
    #[arg(value_name = "LAB")]
    pub lab: String,
    /// A Dockerfile, or the directory that holds it [default: the path that the exercise names]
    #[arg(value_name = "SUBMISSION")]
    pub submission: Option<PathBuf>,
    /// Show the next hint
    #[arg(long)]
    pub hint: bool,
    /// Check again at each save, until q or Ctrl-C
    #[arg(long, conflicts_with_all = ["format", "output"])]
    pub watch: bool,
    /// Use another image for a base image that can't be pulled; can be repeated
    #[arg(long, value_name = "NAME=IMAGE", action = ArgAction::Append)]
    pub base: Vec<BaseArg>,
    /// Time limit for the builds
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = humantime::parse_duration)]
    pub build_timeout: Duration,
    /// A Compose file of any project [default: the compose.yaml of this repository]
    #[arg(long, value_name = "COMPOSE")]
    pub file: Option<PathBuf>,
    /// Install what is missing; each command is shown before it runs
    #[arg(long, conflicts_with = "offline")]
    pub provision: bool,
    /// Never pull or install; anything missing is an error
    #[arg(long)]
    pub offline: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub outputs: CheckOutputs,
    #[command(flatten)]
    pub common: Common,
}

/// Where the result of a check goes, and as what.
#[derive(Debug, Args)]
pub struct CheckOutputs {
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = CheckFormat::Table)]
    pub format: CheckFormat,
    /// Also write the result to a file; can be repeated
    #[arg(long, value_name = "FORMAT=PATH", action = ArgAction::Append)]
    pub output: Vec<OutputArg<CheckFormat>>,
}

impl CheckOutputs {
    /// Whether more is wanted than what a person reads on a screen.
    pub fn has_a_report(&self) -> bool {
        self.format != CheckFormat::Table || !self.output.is_empty()
    }
}

/// `NAME=IMAGE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseArg {
    pub image: String,
    pub by: String,
}

impl FromStr for BaseArg {
    type Err = FlagFault;

    fn from_str(text: &str) -> Result<Self, FlagFault> {
        match text.split_once('=') {
            Some((image, by)) if !image.is_empty() && !by.is_empty() => Ok(Self {
                image: image.to_owned(),
                by: by.to_owned(),
            }),
            _ => Err(FlagFault::Base),
        }
    }
}

impl CheckArgs {
    /// What `lab` would be asked to build the same images.
    pub fn as_lab(&self) -> LabArgs {
        LabArgs {
            lab: Some(self.lab.clone()),
            file: self.file.clone(),
            variant: Vec::new(),
            all: false,
            platform: None,
            no_cache: false,
            cold: false,
            provision: self.provision,
            offline: self.offline,
            engine: EngineArgs {
                host: self.engine.host.clone(),
            },
            outputs: Outputs {
                format: Format::Json,
                output: Vec::new(),
            },
            common: Common {
                lang: self.common.lang,
                quiet: self.common.quiet,
                verbose: self.common.verbose,
            },
            update_baseline: false,
            gate: GateArgs {
                baseline: None,
                baseline_name: None,
                proposed_baseline: None,
                policy: PolicyArg::File,
                limits: LimitArgs::default(),
            },
        }
    }
}
