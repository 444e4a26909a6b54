//! A large report in every format: seconds, how large the page is, and when a browser shows it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "the shared module starts peers")]

mod browser;
mod made;
mod pairs;

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use clap::ValueEnum;
use xtask::measure::{Subject, images};
use xtask::model::{
    Builder, Bytes, EngineFacts, EngineKind, Format, ImageRecord, Language, LayerRef, Outcome,
    Policy, Verdict,
};
use xtask::report::{LabReport, Look, MergedReport, Styles, VariantReport, render_merged};

use self::browser::{Browser, Paint};
use self::made::{file, image};

fn main() {
    pairs::load();
    for (files, told) in [
        (2_000, "100,000 files in all"),
        (100_000, "100,000 files each"),
    ] {
        let report = report(files);
        let ten = ten(&report);
        for (merged, made_of) in [(report.into(), "one report"), (ten, "ten reports")] {
            let told = format!("50 variants in {made_of}, {told}");
            measure(&merged, &told);
            first_paint(&merged, &told);
        }
    }
    pairs::load();
}

fn measure(merged: &MergedReport, told: &str) {
    let mut all = Duration::ZERO;
    for format in Format::value_variants().iter().copied() {
        let (took, bytes) = best(merged, format);
        all += took;
        println!("{took:>10.1?} {bytes:>10} bytes: {format:?}, {told}");
    }
    println!("{all:>10.1?} (at most 1 s; HTML at most 2 MB): every format, {told}");
}

/// The same variants in ten reports, each a lab's.
fn ten(whole: &LabReport) -> MergedReport {
    let parts = whole.variants.chunks(5).enumerate();
    let reports = parts.map(|(at, variants)| {
        let report = LabReport {
            lab: Some(format!("bench-{at}")),
            variants: variants.to_vec(),
            ..whole.clone()
        };
        (format!("{at}.json").into(), report)
    });
    MergedReport::new(reports.collect()).expect("no two labs are the same")
}

/// The median of several openings, the first one apart: it starts what the others use.
fn first_paint(report: &MergedReport, told: &str) {
    if !pairs::is_here("chromium", "--version") {
        return;
    }
    let home = tempfile::tempdir().expect("a temporary directory");
    let page = home.path().join("page.html");
    fs::write(&page, written(report, Format::Html)).expect("there is room for a page");
    let mut browser = Browser::start(&home.path().join("profile")).expect("it answered just now");
    let mut open = || {
        let painted = browser.first_paint(&page);
        painted.expect("the page is painted within 10 s")
    };
    let first = open().milliseconds;
    let others: Vec<Paint> = (0..9).map(|_| open()).collect();
    let middle = |of: fn(&Paint) -> f64| pairs::median(others.iter().map(of).collect());
    println!(
        "{:>8.0}ms (at most 500 ms; the first time {first:.0} ms): first paint, {told}; \
         CPU of its thread {:.0} ms",
        middle(|it| it.milliseconds),
        middle(|it| it.cpu_milliseconds),
    );
}

fn written(report: &MergedReport, format: Format) -> Vec<u8> {
    let look = Look {
        language: Language::English,
        width: 100,
        styles: Styles::none(),
    };
    let mut out = Vec::new();
    render_merged(report, format, &look, &mut out).expect("memory takes what is written");
    out
}

fn best(report: &MergedReport, format: Format) -> (Duration, usize) {
    let once = |_| {
        let mut bytes = 0;
        let took = pairs::time(|| bytes = written(report, format).len());
        (took, bytes)
    };
    (0..5).map(once).min().unwrap_or_default()
}

/// Fifty images over one base, each with a layer of its own.
fn report(files: u64) -> LabReport {
    let records: Vec<ImageRecord> = {
        let base = (0..files * 9 / 10).map(|n| {
            let path = format!(
                "usr/lib/package-{}/directory-{}/file-{n}.py",
                n % 300,
                n % 7
            );
            file(&path, n)
        });
        let base = image(vec![base.collect()]);
        (0..50).map(|variant| over(&base, files, variant)).collect()
    };
    let subjects: Vec<_> = records
        .iter()
        .map(|record| Subject {
            record,
            command: None,
            engine_reported: Some(Bytes(1)),
            source: None,
            base: None,
        })
        .collect();
    let variants = (1..)
        .zip(images(&subjects))
        .map(|(number, measured)| VariantReport {
            name: format!("variant-{number}"),
            role: None,
            image: Some(format!("bench:{number}")),
            dockerfile: None,
            command_line: None,
            base_line: None,
            policy: Policy::default(),
            made_from: xtask::model::MadeFrom::default(),
            measured: Some(measured),
            build: None,
            run: None,
        });
    LabReport {
        lab: Some("bench".to_owned()),
        created: Some("2026-01-01T00:00:00Z".to_owned()),
        engine: EngineFacts {
            kind: EngineKind::Docker,
            version: Some("20.10.24".to_owned()),
            api: Some("1.41".to_owned()),
            platform: records[0].platform.clone().expect("it is made with one"),
            storage: Some("overlay2".to_owned()),
            builder: Builder::Classic,
        },
        variants: variants.collect(),
        left_out: Vec::new(),
        comparison: None,
        baseline: None,
        verdict: Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        },
    }
}

fn over(base: &ImageRecord, files: u64, variant: u64) -> ImageRecord {
    let own = (0..files / 10).map(|n| file(&format!("app-{variant}/part-{}/{n}", n % 20), n));
    let mut record = image(vec![Vec::new(), own.collect()]);
    record.layers[0] = LayerRef {
        content: Arc::clone(&base.layers[0].content),
        packed: None,
    };
    record
}
