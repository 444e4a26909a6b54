//! The kit from outside: its command line, its files, its engine.
#![expect(
    clippy::unwrap_used,
    reason = "what fails here is a test, helpers included"
)]

use std::sync::LazyLock;

use clap::ValueEnum;
use xtask::model::Format;

mod adversarial;
mod agree;
mod architecture;
mod archive;
mod build;
mod check;
mod ci;
mod clock;
mod corpus;
mod demo;
mod diff;
mod displayer;
mod doctor;
mod faults;
mod filter;
mod gate;
mod images;
mod lab;
mod lab_files;
mod layers;
mod live;
mod merge;
mod oracle;
mod page;
#[path = "../../src/process/program.rs"]
mod program;
mod provision;
mod proxy;
mod records;
mod run;
mod save;
mod ssh;

/// Every format of a report, as `--format` takes it.
static FORMATS: LazyLock<Vec<&str>> = LazyLock::new(|| names(Format::value_variants()));

/// What a flag takes for each of these.
fn names(values: &[impl ValueEnum]) -> Vec<&'static str> {
    let values = values.iter().filter_map(ValueEnum::to_possible_value);
    values
        .map(|value| &*value.get_name().to_owned().leak())
        .collect()
}
