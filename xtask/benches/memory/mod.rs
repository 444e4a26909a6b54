//! How much memory reading and measuring an image takes at its highest.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use xtask::archive::{self, Select, Verify, Watch};
use xtask::engine::{Endpoint, Engine};
use xtask::measure::{Subject, images};
use xtask::model::{Cancel, Events, ImageRecord};

use crate::layout::{Layout, Stored, file};
use crate::pairs::quiet;

/// A peak is of a process, so each reading has one of its own: this program, started again
/// with these words. Whether it was.
pub(crate) fn is_asked_for(arguments: &[&str]) -> bool {
    let record = match arguments {
        ["peak", "engine", image] => from_engine(image),
        ["peak", "headers", path] => from_file(path, Verify::Headers),
        ["peak", "whole", path] => from_file(path, Verify::All),
        _ => return false,
    };
    images(&[Subject {
        record: &record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    }]);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.split_whitespace().next());
    let layers = record.layers.iter();
    let entries: usize = layers.map(|layer| layer.content.entries.len()).sum();
    println!("{} {entries}", kibibytes.unwrap_or("0"));
    true
}

#[derive(Clone, Copy)]
struct Peak {
    bytes: f64,
    entries: f64,
}

fn peak(from: &str, subject: &str) -> Peak {
    let me = env::current_exe().expect("this benchmark has a path");
    let told = quiet(&me.display().to_string(), &["peak", from, subject])
        .stdout(Stdio::piped())
        .output()
        .expect("this benchmark starts");
    assert!(told.status.success(), "{from} {subject}: {}", told.status);
    let told = String::from_utf8_lossy(&told.stdout);
    let mut numbers = told.split_whitespace().map(str::parse::<f64>);
    let mut next = || numbers.next().and_then(Result::ok).unwrap_or(f64::NAN);
    Peak {
        bytes: next() * 1024.0,
        entries: next(),
    }
}

pub(crate) fn of(from: &str, subject: &str, name: &str) {
    let Peak { bytes, entries } = peak(from, subject);
    println!(
        "{:>7.1} MB (at most 50 MB): peak memory, {name}; {entries} entries",
        bytes / 1e6
    );
}

/// A thousand files of 100 kB, enough to fill every buffer, and of 4 MB: that must not show.
pub(crate) fn of_large(directory: &Path) {
    for (stored, name) in [(Stored::Plain, "plain"), (Stored::Gzip, "gzip")] {
        let [small, large] = [100_000, 4_000_000].map(|bytes| {
            let path = directory.join(format!("{name}-{bytes}"));
            let mut layout = Layout::new(&path, stored);
            layout.layer(|tar| {
                (0..1_000).for_each(|n| file(tar, &format!("data/{n}"), n, bytes));
            });
            layout.finish();
            peak("whole", &path.display().to_string())
        });
        println!(
            "{:>7.1} MB (no more than {:.1} MB, of 100 MB): peak memory, 4 GB in {} files, {name}, \
             every byte read",
            large.bytes / 1e6,
            small.bytes / 1e6,
            large.entries
        );
    }
}

pub(crate) fn of_many(directory: &Path) {
    let [some, many] = [20_000, 500_000].map(|files| {
        let path = directory.join(format!("files-{files}"));
        let mut layout = Layout::new(&path, Stored::Plain);
        layout.layer(|tar| {
            for n in 0..files {
                let path = format!(
                    "usr/lib/package-{}/directory-{}/file-{n}.py",
                    n / 700,
                    n % 7
                );
                file(tar, &path, n, 100);
            }
        });
        layout.finish();
        peak("headers", &path.display().to_string())
    });
    println!(
        "{:>7.0} bytes an entry: peak memory, {} files ({:.1} MB)",
        (many.bytes - some.bytes) / (many.entries - some.entries),
        many.entries,
        many.bytes / 1e6
    );
}

/// What the lab does with an image that it has not seen.
fn from_engine(image: &str) -> ImageRecord {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let endpoint = Endpoint::discover(None).expect("the CLI has found it");
    let engine = Engine::connect(&endpoint, &cancel).expect("the CLI has reached it");
    let id = engine.inspect(image, &cancel).expect("it is there").id;
    let saved = engine.save(&[id], &cancel).expect("it can be saved");
    let watch = Watch::new(&events, &cancel);
    let records = archive::read_stream(saved, endpoint.address(), &|_| None, watch);
    records.expect("the stream is whole").remove(0).record
}

fn from_file(path: &str, verify: Verify) -> ImageRecord {
    let (events, cancel) = (Events::nowhere(), Cancel::default());
    let select = Select {
        name: None,
        platform: None,
    };
    let watch = Watch::new(&events, &cancel);
    let record = archive::open(Path::new(path), &select, verify, watch);
    record.expect("the archive is whole")
}
