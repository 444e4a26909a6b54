//! What `layers` and `diff` take.

use std::num::NonZeroU16;
use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::{Common, EngineArgs, OutputArg};
use crate::model::{Bytes, FlagFault, ListFormat, Order, Platform, size};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask layers ex08:single                      an image of the engine
  cargo xtask layers image.tar --depth 2 --min 1MB    an archive that `docker save` wrote
  cargo xtask layers ex08:multi --files --format json")]
pub struct LayersArgs {
    /// An image of the engine, an archive file, or an OCI layout directory
    #[arg(value_name = "IMAGE or ARCHIVE")]
    pub source: PathBuf,
    /// Also list every file of every layer, and whether it is live or wasted
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
#[command(after_help = "Examples:
  cargo xtask diff ex08:single ex08:multi                two images
  cargo xtask diff old.json new.json --variant multi     one variant of two reports")]
pub struct DiffArgs {
    /// Before: an image, an archive, or a report written by `lab --format json`
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// After: an image, an archive or a report
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
    /// Read every byte and check it against its digest; nothing is taken from the cache
    #[arg(long)]
    pub verify: bool,
    /// The Dockerfile that built the image; gives line numbers and the base image
    #[arg(long, value_name = "FILE")]
    pub dockerfile: Option<PathBuf>,
    /// Ignore cached measurements
    #[arg(long)]
    pub cold: bool,
}

/// What people are shown; JSON has everything whatever is set here.
#[derive(Debug, Args)]
pub struct ListingArgs {
    /// How many levels of directories to show
    #[arg(long, value_name = "N", value_parser = count)]
    pub depth: Option<u16>,
    /// Show only what is at least this large, such as 100kB, and sum up the rest
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub min: Option<Bytes>,
    /// Sort by size, largest first, or by path
    #[arg(long, value_enum, default_value_t = Order::Size)]
    pub sort: Order,
}

/// Where a listing goes, and as what.
#[derive(Debug, Args)]
pub struct ListOutputs {
    /// Format of standard output
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    /// Also write the report to a file; can be repeated
    #[arg(long, value_name = "FORMAT=PATH", action = ArgAction::Append)]
    pub output: Vec<OutputArg<ListFormat>>,
}

pub(super) fn platform(text: &str) -> Result<Platform, FlagFault> {
    Platform::parse(text).ok_or(FlagFault::Platform)
}

fn bytes(text: &str) -> Result<Bytes, FlagFault> {
    size::policy(text).ok_or(FlagFault::Size)
}

fn count(text: &str) -> Result<u16, FlagFault> {
    let count: NonZeroU16 = text.parse().map_err(|_| FlagFault::Count)?;
    Ok(count.get())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use crate::cli::{Cli, Command};
    use crate::model::{Bytes, ListFormat};

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
        assert_eq!(args.outputs.output[0].format, ListFormat::Csv);
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
