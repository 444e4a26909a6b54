//! The kit from outside: its command line, its files, its engine.
#![expect(
    clippy::unwrap_used,
    reason = "what fails here is a test, helpers included"
)]

mod agree;
mod architecture;
mod archive;
mod build;
mod ci;
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
mod provision;
mod proxy;
mod run;
mod save;
mod ssh;

/// Every format of a report, as `--format` takes it.
const FORMATS: [&str; 9] = [
    "table",
    "json",
    "markdown",
    "html",
    "csv",
    "junit",
    "sarif",
    "annotations",
    "bencher",
];
