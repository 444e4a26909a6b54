//! Builders' outputs as they were recorded, for the tests of what understands them. Names of
//! builders: `classic` and `plain-20` are Docker 20.10's, `json-13` and `json-29` those of
//! buildx 0.13 (before Docker 20.10) and 0.29 (before Docker 28.5), as is `plain-29`;
//! `classic-28` is the classic builder of Docker 28.5; `podman` and `podman-5` are the Docker
//! APIs of Podman 4.3 and 5.4.

use std::fs;
use std::path::Path;

use super::Driver;
use super::progress::{Reader, Summary, Told};
use crate::process::Stream;

/// What is known at the end, and each summary on the way to it.
pub(super) fn recorded(case: &str, builder: &str) -> (Told, Vec<Summary>) {
    let driver = match builder.split('-').next() {
        Some("json") => Driver::BuildxJson,
        Some("plain") => Driver::BuildxPlain,
        _ => Driver::Classic,
    };
    let output = |stream: &str| {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded");
        fs::read(directory.join(format!("{case}.{builder}.{stream}"))).unwrap_or_default()
    };
    let (stdout, stderr) = (output("stdout"), output("stderr"));
    assert!(
        !stdout.is_empty() || !stderr.is_empty(),
        "no recording of {case} by {builder}"
    );
    let (mut reader, mut summaries) = (Reader::of(driver), vec![Summary::default()]);
    for (stream, bytes) in [(Stream::Stdout, stdout), (Stream::Stderr, stderr)] {
        // Pieces of no particular length, as a pipe gives them.
        for piece in bytes.chunks(97) {
            reader.feed(stream, piece);
            let summary = reader.told().summary();
            if summaries.last() != Some(&summary) {
                summaries.push(summary);
            }
        }
    }
    (reader.finish(), summaries)
}
