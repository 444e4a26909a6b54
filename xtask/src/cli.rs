//! What was typed, nothing resolved: no file is read and no environment asked here.

mod gate;
mod listing;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::model::{Format, Language};

pub use gate::{GateArgs, LimitArgs, PolicyArg};
pub use listing::{
    DiffArgs, LayersArgs, ListFormatArg, ListOutputs, ListingArgs, OrderArg, ReadingArgs,
};

/// Builds, runs, measures and compares the images of a Docker lab
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    max_term_width = 100
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the images of a lab, run them, and report what each weighs and why
    Lab(LabArgs),
    /// Render saved reports again, in any format and language, without an engine
    Report(ReportArgs),
    /// Take one image apart: its layers, directories and files, and what is wasted
    Layers(LayersArgs),
    /// Compare two images, archives or saved reports, and say which instruction did it
    Diff(DiffArgs),
    /// Say what the kit needs of this machine, what is missing, and what mends it
    Doctor(DoctorArgs),
    /// Run every test, those against the real engine included
    Test(TestArgs),
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Language of the report and of messages [default: from the locale]
    #[arg(long, value_enum, global = true)]
    pub lang: Option<Lang>,
    /// Show nothing but the report and errors
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show each command of another program, as a person would type it
    #[arg(long, short)]
    pub verbose: bool,
}

/// Where a report goes, and as what.
#[derive(Debug, Args)]
pub struct Outputs {
    /// What standard output carries
    #[arg(long, value_enum, default_value_t = FormatArg::Table)]
    pub format: FormatArg,
    /// Write the report to a file too; may be given several times
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
pub struct LabArgs {
    /// The lab's name, such as ex08; may be left out with --file
    #[arg(value_name = "LAB", required_unless_present = "file")]
    pub lab: Option<String>,
    /// A Compose file of any project [default: the compose.yaml of this repository]
    #[arg(long, value_name = "COMPOSE")]
    pub file: Option<PathBuf>,
    /// Only this service, and the reference; may be given several times
    #[arg(long, value_name = "NAME", action = ArgAction::Append)]
    pub variant: Vec<String>,
    /// The rungs between reference and solution too, and services behind any profile
    #[arg(long)]
    pub all: bool,
    /// Build without the builder's cache
    #[arg(long)]
    pub no_cache: bool,
    /// Pass by what the kit remembers of images measured before
    #[arg(long)]
    pub cold: bool,
    /// Install what is missing, saying each command before it runs
    #[arg(long, conflicts_with = "offline")]
    pub provision: bool,
    /// Neither pull nor install: what is missing is an error
    #[arg(long)]
    pub offline: bool,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub outputs: Outputs,
    #[command(flatten)]
    pub common: Common,
    /// Write this run's report as the baseline, unless a variant failed
    #[arg(long, requires = "baseline", help_heading = "Judging")]
    pub update_baseline: bool,
    // Last, for the heading of its limits holds for all that follows.
    #[command(flatten)]
    pub gate: GateArgs,
}

#[derive(Debug, Args)]
pub struct ReportArgs {
    /// A report that `--format json` wrote; several are merged into one
    #[arg(value_name = "REPORT.json", required = true)]
    pub reports: Vec<PathBuf>,
    /// Judge anew by what was measured, not believing the verdicts that the reports bring;
    /// `--baseline` and limits do so too
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
pub struct DoctorArgs {
    /// A Compose file of any project [default: the compose.yaml of this repository]
    #[arg(long, value_name = "COMPOSE")]
    pub file: Option<PathBuf>,
    /// What standard output carries
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
}

#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only tests whose name contains this
    #[arg(value_name = "FILTER")]
    pub filter: Option<String>,
    /// Install what the tests need, saying each command before it runs
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    Table,
    Json,
    Markdown,
    Html,
    Csv,
    Junit,
    Sarif,
    Annotations,
    Bencher,
}

/// `FORMAT=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputArg<F = FormatArg> {
    pub format: F,
    pub path: PathBuf,
}

impl<F: ValueEnum> FromStr for OutputArg<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, path) = text
            .split_once('=')
            .ok_or("write FORMAT=PATH, such as json=lab.json")?;
        if path.is_empty() {
            return Err("the path is missing: write FORMAT=PATH".to_owned());
        }
        let format = F::from_str(format, false).map_err(|_| unknown_format::<F>(format))?;
        Ok(Self {
            format,
            path: PathBuf::from(path),
        })
    }
}

fn unknown_format<F: ValueEnum>(text: &str) -> String {
    let known: Vec<_> = F::value_variants()
        .iter()
        .filter_map(F::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    let nearest = known
        .iter()
        .max_by(|a, b| strsim::jaro(text, a).total_cmp(&strsim::jaro(text, b)))
        .filter(|name| strsim::jaro(text, name) > 0.7);
    let hint = nearest
        .map(|name| format!(", did you mean `{name}`?"))
        .unwrap_or_default();
    format!(
        "there is no format `{text}`{hint} (known: {})",
        known.join(", ")
    )
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Table => Self::Table,
            FormatArg::Json => Self::Json,
            FormatArg::Markdown => Self::Markdown,
            FormatArg::Html => Self::Html,
            FormatArg::Csv => Self::Csv,
            FormatArg::Junit => Self::Junit,
            FormatArg::Sarif => Self::Sarif,
            FormatArg::Annotations => Self::Annotations,
            FormatArg::Bencher => Self::Bencher,
        }
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

    use super::{Cli, FormatArg, OutputArg};

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_output_is_a_format_and_a_path() {
        let output: OutputArg = "json=a=b.json".parse().unwrap();
        assert_eq!(
            (output.format, output.path.to_str()),
            (FormatArg::Json, Some("a=b.json"))
        );
        assert!("json".parse::<OutputArg>().is_err());
        assert!("json=".parse::<OutputArg>().is_err());
        let message = "jsn=x".parse::<OutputArg>().unwrap_err();
        assert!(message.contains("did you mean `json`?"), "{message}");
    }

    #[test]
    fn a_lab_or_a_file_must_be_named() {
        assert!(Cli::try_parse_from(["xtask", "lab"]).is_err());
        assert!(Cli::try_parse_from(["xtask", "lab", "ex08"]).is_ok());
        assert!(Cli::try_parse_from(["xtask", "lab", "--file", "c.yaml"]).is_ok());
    }
}
