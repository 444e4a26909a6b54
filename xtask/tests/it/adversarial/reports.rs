//! Saved reports with long texts: work in proportion to them, and messages that are cut.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use xtask::model::Format;

use super::{Ended, STATED, kit, within};
use crate::ci;

fn report() -> Value {
    serde_json::from_slice(&ci::sample(Format::Json)).unwrap()
}

fn rendered(report: &Value, format: &str) -> Ended {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.json");
    fs::write(&path, report.to_string()).unwrap();
    let path = path.to_str().unwrap();
    within(STATED, kit(&["report", path, "--format", format]))
}

/// A report whose first variant has a name of so many letters, wherever it is named.
fn named(letters: usize) -> Value {
    let report = report();
    let name = report["variants"][0]["name"].to_string();
    let long = json!("y".repeat(letters)).to_string();
    serde_json::from_str(&report.to_string().replace(&name, &long)).unwrap()
}

#[test]
fn a_long_name_takes_time_in_proportion_and_is_cut() {
    const LETTERS: usize = 200_000;
    for format in crate::FORMATS.iter().copied() {
        let [short, long] = [LETTERS, 8 * LETTERS].map(|it| rendered(&named(it), format));
        assert_eq!(short.code, long.code, "{format}: {}", long.stderr);
        // In proportion it is 8 times, by the square 64 times. Less than a tenth of a second
        // can't be measured.
        let least = short.cost.time.max(Duration::from_millis(100));
        assert!(
            long.cost.time < 24 * least,
            "{format}: {:?} and {:?}",
            short.cost,
            long.cost
        );
        // What machines read, and the page's data, have the whole name.
        if ["table", "markdown"].contains(&format) {
            let sizes = (short.stdout.len(), long.stdout.len());
            assert!(sizes.1 < sizes.0 + 1_000, "{format}: {sizes:?}");
        }
    }
}

#[test]
fn a_message_does_not_repeat_a_long_text() {
    let with = |place: &str, value: Value| {
        let mut report = report();
        *report.pointer_mut(place).unwrap() = value;
        rendered(&report, "table")
    };
    let long = || json!("x".repeat(9_000_000));
    for place in ["/engine/builder", "/schema", "/variants/0/role"] {
        let ended = with(place, long());
        assert_eq!(ended.code, Some(2), "{place}: {}", ended.stderr.len());
        assert!(
            ended.stderr.len() < 5_000,
            "{place}: {}",
            ended.stderr.len()
        );
        assert!(ended.stderr.contains("error: "), "{place}");
    }
}
