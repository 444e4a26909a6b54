//! What `layers` and `diff` take.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use super::{Common, EngineArgs, OutputArg};
use crate::model::{Bytes, ListFormat, Order, Platform, size};

#[derive(Debug, Args)]
pub struct LayersArgs {
    /// An image of the engine, or an archive: a file or an OCI layout directory
    #[arg(value_name = "IMAGE or ARCHIVE")]
    pub source: PathBuf,
    /// Every file of every layer too, with what becomes of it
    #[arg(long)]
    pub files: bool,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub listing: ListingArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub outputs: ListOutputs,
    #[command(flatten)]
    pub common: Common,
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// What was: an image, an archive, or a report that `lab --format json` wrote
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// What is: an image, an archive or a report
    #[arg(value_name = "B")]
    pub after: PathBuf,
    /// Which variant of a report [default: the solution, or the only one]
    #[arg(long, value_name = "NAME")]
    pub variant: Option<String>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub listing: ListingArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
    #[command(flatten)]
    pub outputs: ListOutputs,
    #[command(flatten)]
    pub common: Common,
}

/// How images and archives are read.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// Which image of an archive that holds several
    #[arg(long, value_name = "NAME")]
    pub image: Option<String>,
    /// Which platform of an archive that holds several, such as linux/arm64
    #[arg(long, value_name = "OS/ARCH", value_parser = platform)]
    pub platform: Option<Platform>,
    /// Read every byte, whatever is remembered, and check it against its digest
    #[arg(long)]
    pub verify: bool,
    /// The Dockerfile that the image was built from, for lines and to tell its base
    #[arg(long, value_name = "FILE")]
    pub dockerfile: Option<PathBuf>,
    /// Pass by what the kit remembers of images measured before
    #[arg(long)]
    pub cold: bool,
}

/// What people are shown; JSON has everything whatever is set here.
#[derive(Debug, Args)]
pub struct ListingArgs {
    /// How many levels of directories to tell apart
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub depth: Option<u16>,
    /// Everything of this size or more, such as 100kB; the rest as one sum
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub min: Option<Bytes>,
    /// What comes first
    #[arg(long, value_enum, default_value_t = OrderArg::Size)]
    pub sort: OrderArg,
}

/// Where a listing goes, and as what.
#[derive(Debug, Args)]
pub struct ListOutputs {
    /// What standard output carries
    #[arg(long, value_enum, default_value_t = ListFormatArg::Table)]
    pub format: ListFormatArg,
    /// Write the report to a file too; may be given several times
    #[arg(long, value_name = "FORMAT=PATH", action = ArgAction::Append)]
    pub output: Vec<OutputArg<ListFormatArg>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormatArg {
    Table,
    Json,
    Markdown,
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    Size,
    Path,
}

fn platform(text: &str) -> Result<Platform, String> {
    Platform::parse(text).ok_or_else(|| "write OS/ARCH, such as linux/arm64".to_owned())
}

fn bytes(text: &str) -> Result<Bytes, String> {
    size::policy(text).ok_or_else(|| "write a size, such as 4096, 100kB or 1.5MiB".to_owned())
}

impl From<ListFormatArg> for ListFormat {
    fn from(format: ListFormatArg) -> Self {
        match format {
            ListFormatArg::Table => Self::Table,
            ListFormatArg::Json => Self::Json,
            ListFormatArg::Markdown => Self::Markdown,
            ListFormatArg::Csv => Self::Csv,
        }
    }
}

impl From<OrderArg> for Order {
    fn from(order: OrderArg) -> Self {
        match order {
            OrderArg::Size => Self::Size,
            OrderArg::Path => Self::Path,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::ListFormatArg;
    use crate::cli::{Cli, Command};
    use crate::model::Bytes;

    #[test]
    fn sizes_platforms_and_outputs_are_checked_at_the_door() {
        let parse = |words: &[&str]| {
            let words = ["xtask", "layers", "image.tar"].iter().chain(words);
            Cli::try_parse_from(words)
        };
        let good = ["--min", "1.5 KiB", "--output", "csv=a.csv", "--depth", "2"];
        let Command::Layers(args) = parse(&good).unwrap().command else {
            panic!("another command");
        };
        assert_eq!(args.listing.min, Some(Bytes(1_536)));
        assert_eq!(args.outputs.output[0].format, ListFormatArg::Csv);
        for bad in [
            ["--min", "1k"],
            ["--platform", "linux"],
            ["--depth", "0"],
            ["--output", "junit=a.xml"],
        ] {
            assert!(parse(&bad).is_err(), "{bad:?}");
        }
    }
}
