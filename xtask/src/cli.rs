//! What was typed, nothing resolved: no file is read and no environment asked here.

mod check;
mod demo;
mod gate;
mod listing;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::model::{FlagFault, Format, Language, Platform};

pub use check::{BaseArg, CheckArgs, CheckOutputs};
pub use demo::DemoArgs;
pub use gate::{GateArgs, LimitArgs, PolicyArg};
pub use listing::{DiffArgs, LayersArgs, ListOutputs, ListingArgs, ReadingArgs};

/// Builds, runs, measures and compares the images of a Docker lab
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100,
    after_help = "Examples:
  cargo xtask lab ex08             build, run and measure the lab
  cargo xtask check ex08           check your Dockerfile
  cargo xtask doctor               check what is installed"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build and run the images of a lab, and report what each weighs and why
    Lab(LabArgs),
    /// Check a student's Dockerfile and show the next step
    Check(CheckArgs),
    /// Show saved reports in any format and language, without an engine
    Report(ReportArgs),
    /// Teach a lab live, step by step, with recorded results to fall back on
    Demo(DemoArgs),
    /// Show the layers, directories and files of one image, and what is wasted
    Layers(LayersArgs),
    /// Compare two images, archives or saved reports, and name the instructions that changed them
    Diff(DiffArgs),
    /// Check prerequisites and show how to fix what is missing
    Doctor(DoctorArgs),
    /// Run all tests, including those that need an engine
    Test(TestArgs),
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Language of the report and of messages [default: from the locale]
    #[arg(long, value_enum, global = true)]
    pub lang: Option<Lang>,
    /// Show only the report and errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show each command of another program that runs
    #[arg(long, short)]
    pub verbose: bool,
}

/// Where a report goes, and as what.
#[derive(Debug, Args)]
pub struct Outputs {
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Also write the report to a file; can be repeated
    #[arg(long, value_name = "FORMAT=PATH", action = ArgAction::Append)]
    pub output: Vec<OutputArg>,
}

/// Where the engine is.
#[derive(Debug, Args)]
pub struct EngineArgs {
    /// The engine's endpoint [default: `DOCKER_HOST`, the Docker context, the usual sockets]
    #[arg(long, value_name = "URL")]
    pub host: Option<String>,
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types"
)]
#[command(after_help = "Examples:
  cargo xtask lab ex08                          compare the lab's images
  cargo xtask lab ex08 --all                    include the steps in between
  cargo xtask lab ex08 --output html=report.html --output json=report.json
  cargo xtask lab --file app/compose.yaml       use another project")]
pub struct LabArgs {
    /// The lab's name, such as ex08 [default: every service that is built]
    #[arg(value_name = "LAB")]
    pub lab: Option<String>,
    /// A Compose file of any project [default: `COMPOSE_FILE`, else the nearest compose.yaml]
    #[arg(long, value_name = "COMPOSE")]
    pub file: Option<PathBuf>,
    /// Build only this service and the reference; can be repeated
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    pub variant: Vec<String>,
    /// Include the steps between reference and solution, and services of any profile
    #[arg(long)]
    pub all: bool,
    /// Build for this platform, such as linux/arm64
    #[arg(long, value_name = "OS/ARCH", value_parser = listing::platform)]
    pub platform: Option<Platform>,
    /// Build without the builder's cache
    #[arg(long)]
    pub no_cache: bool,
    /// Ignore cached measurements
    #[arg(long)]
    pub cold: bool,
    /// Install what is missing; each command is shown before it runs
    #[arg(long, conflicts_with = "offline")]
    pub provision: bool,
    /// Never pull or install; anything missing is an error
    #[arg(long)]
    pub offline: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub outputs: Outputs,
    #[command(flatten)]
    pub common: Common,
    /// Write this report to the baseline file, unless a variant failed
    #[arg(long, requires = "baseline", help_heading = "Judging")]
    pub update_baseline: bool,
    // Last, for the heading of its limits holds for all that follows.
    #[command(flatten)]
    pub gate: GateArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask report report.json                      show a saved report
  cargo xtask report report.json --output html=report.html
  cargo xtask report new.json --baseline old.json     recompute verdicts against a baseline")]
pub struct ReportArgs {
    /// Report written by `--format json`; several are merged into one
    #[arg(value_name = "REPORT.json", required = true)]
    pub reports: Vec<PathBuf>,
    /// Recompute verdicts from the measurements; `--baseline` and limits imply it
    #[arg(long, help_heading = "Judging")]
    pub rejudge: bool,
    #[command(flatten)]
    pub outputs: Outputs,
    #[command(flatten)]
    pub common: Common,
    // Last, for the heading of its limits holds for all that follows.
    #[command(flatten)]
    pub gate: GateArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask doctor                      check this machine
  cargo xtask doctor --format json        the same, for a script")]
pub struct DoctorArgs {
    /// A Compose file of any project [default: `COMPOSE_FILE`, else the nearest compose.yaml]
    #[arg(long, value_name = "COMPOSE")]
    pub file: Option<PathBuf>,
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = DoctorFormat::Table)]
    pub format: DoctorFormat,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    Table,
    Json,
    Markdown,
    Html,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask test --provision                    install what is needed, run all tests
  cargo xtask test layers:: --provision           run the tests whose name contains layers::")]
pub struct TestArgs {
    /// Run only tests whose name contains this
    #[arg(value_name = "FILTER")]
    pub filter: Option<String>,
    /// Install what the tests need; each command is shown before it runs
    #[arg(long)]
    pub provision: bool,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    En,
    Fr,
}

/// `FORMAT=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputArg<F = Format> {
    pub format: F,
    pub path: PathBuf,
}

impl<F: ValueEnum> FromStr for OutputArg<F> {
    type Err = FlagFault;

    fn from_str(text: &str) -> Result<Self, FlagFault> {
        let (format, path) = text.split_once('=').ok_or(FlagFault::NoFormat)?;
        if path.is_empty() {
            return Err(FlagFault::NoPath);
        }
        let format = F::from_str(format, false).map_err(|_| unknown_format::<F>(format))?;
        Ok(Self {
            format,
            path: PathBuf::from(path),
        })
    }
}

fn unknown_format<F: ValueEnum>(text: &str) -> FlagFault {
    let known: Vec<_> = F::value_variants()
        .iter()
        .filter_map(F::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro(text, a).total_cmp(&strsim::jaro(text, b)))
        .filter(|name| strsim::jaro(text, name) > 0.7)
        .cloned();
    FlagFault::UnknownFormat {
        text: text.to_owned(),
        known,
        nearest,
    }
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Fr => Self::French,
        }
    }
}

/// The language that was typed, where the rest can't be understood.
pub fn language(words: impl Iterator<Item = String>) -> Option<Language> {
    let words: Vec<String> = words.collect();
    let spaced = words.windows(2).filter(|pair| pair[0] == "--lang");
    let joined = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    let mut typed = spaced.map(|pair| pair[1].as_str()).chain(joined);
    let lang = Lang::from_str(typed.next()?, false).ok()?;
    Some(lang.into())
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::{Cli, Format, OutputArg};

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_that_can_be_typed() {
        let cli = Cli::command();
        for command in [&cli].into_iter().chain(cli.get_subcommands()) {
            let help = command.get_after_help().map(ToString::to_string);
            let lines = help.iter().flat_map(|help| help.lines());
            let examples: Vec<_> = lines
                .filter_map(|line| line.trim().strip_prefix("cargo "))
                // What it does follows a gap.
                .filter_map(|line| line.split("  ").next())
                .collect();
            assert!(!examples.is_empty(), "{}", command.get_name());
            for example in examples {
                let parsed = Cli::try_parse_from(example.split_whitespace());
                assert!(parsed.is_ok(), "{example}: {:?}", parsed.err());
            }
        }
    }

    #[test]
    fn an_output_is_a_format_and_a_path() {
        let output: OutputArg = "json=a=b.json".parse().unwrap();
        assert_eq!(
            (output.format, output.path.to_str()),
            (Format::Json, Some("a=b.json"))
        );
        assert!("json".parse::<OutputArg>().is_err());
        assert!("json=".parse::<OutputArg>().is_err());
        let message = "jsn=x".parse::<OutputArg>().unwrap_err();
        let super::FlagFault::UnknownFormat { nearest, .. } = message else {
            panic!("{message:?}");
        };
        assert_eq!(nearest.as_deref(), Some("json"));
    }

    #[test]
    fn neither_a_lab_nor_a_file_must_be_named() {
        assert!(Cli::try_parse_from(["xtask", "lab"]).is_ok());
        assert!(Cli::try_parse_from(["xtask", "lab", "ex08"]).is_ok());
        assert!(Cli::try_parse_from(["xtask", "lab", "--file", "c.yaml"]).is_ok());
    }
}
