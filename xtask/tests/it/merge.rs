//! `cargo xtask report` of several files, as its users start it.

use std::fs;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;
use xtask::model::{Fact, Finding, Level, Outcome, Platform, Verdict};
use xtask::report::{LabReport, wire};

use crate::page::sample;

/// The accepted sample, made for this platform.
fn shard(platform: &str) -> LabReport {
    let mut report = sample::ladder();
    report.engine.platform = Platform::parse(platform).unwrap();
    for measured in report.variants.iter_mut().flat_map(|it| &mut it.measured) {
        measured.platform = Some(report.engine.platform.clone());
    }
    report
}

fn reject(report: &mut LabReport) {
    report.verdict = Verdict {
        outcome: Outcome::Rejected,
        findings: vec![Finding {
            level: Level::Error,
            variant: "multi".to_owned(),
            place: None,
            fact: Fact::ExitCode { code: 3 },
        }],
    };
}

fn save(home: &TempDir, name: &str, report: &LabReport) {
    let mut json = Vec::new();
    wire::write(report, &mut json).unwrap();
    fs::write(home.path().join(name), json).unwrap();
}

fn kit(home: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.current_dir(home.path()).env("LC_ALL", "C.UTF-8");
    command
}

fn stdout(home: &TempDir, words: &[&str]) -> String {
    let output = kit(home).arg("report").args(words).assert().success();
    String::from_utf8(output.get_output().stdout.clone()).unwrap()
}

#[test]
fn the_order_of_the_files_changes_nothing_and_what_was_merged_merges_again() {
    let home = TempDir::new().unwrap();
    for (name, platform) in [
        ("a", "linux/amd64"),
        ("b", "linux/arm64"),
        ("c", "linux/s390x"),
    ] {
        save(&home, &format!("{name}.json"), &shard(platform));
    }
    stdout(&home, &["c.json", "a.json", "--output", "json=ac.json"]);
    for format in crate::FORMATS.iter().copied() {
        let of = |files: &[&str]| {
            let words = [files, &["--format", format, "--lang", "fr"]].concat();
            stdout(&home, &words)
        };
        let whole = of(&["a.json", "b.json", "c.json"]);
        assert_eq!(
            of(&["c.json", "b.json", "a.json", "b.json"]),
            whole,
            "{format}"
        );
        assert_eq!(of(&["b.json", "ac.json"]), whole, "{format}");
        // There is no finding to annotate.
        let is_same = of(&["a.json"]) == whole;
        assert_eq!(is_same, format == "annotations", "{format}");
    }
}

#[test]
fn forty_files_of_a_glob_are_one_report_that_one_of_them_rejects() {
    let home = TempDir::new().unwrap();
    for at in 0..40 {
        let mut report = sample::ladder();
        if at == 7 {
            reject(&mut report);
        }
        report.lab = Some(format!("lab-{at:02}"));
        save(&home, &format!("{at}.json"), &report);
    }
    let kit = env!("CARGO_BIN_EXE_xtask");
    let line = format!("'{kit}' report *.json --format json --output markdown=all.md");
    let mut shell = Command::new("sh");
    shell.current_dir(home.path()).args(["-c", &line]);
    let output = shell.assert().code(1);
    let json: Value = serde_json::from_slice(&output.get_output().stdout).unwrap();
    assert_eq!(json["schema"], "lab-reports/1");
    assert_eq!(json["verdict"]["outcome"], "rejected");
    let reports = json["reports"].as_array().unwrap().iter();
    let labs: Vec<_> = reports
        .map(|report| report["lab"].as_str().unwrap())
        .collect();
    assert_eq!(labs.len(), 40);
    assert!(labs.is_sorted());
    let comment = fs::read_to_string(home.path().join("all.md")).unwrap();
    assert!(comment.chars().count() <= 65_536);
    assert!(comment.contains("40 labs: rejected (1 of 40 reports)"));
}

#[test]
fn two_that_differ_of_one_variant_are_undecided_and_both_files_are_named() {
    let home = TempDir::new().unwrap();
    save(&home, "a.json", &sample::ladder());
    let mut later = sample::ladder();
    later.created = Some("2026-02-01T12:00:00Z".to_owned());
    save(&home, "b.json", &later);
    let output = kit(&home)
        .args(["report", "a.json", "b.json"])
        .assert()
        .code(2);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    for part in [
        "`a.json` and `b.json`",
        "`single`",
        "cargo xtask diff a.json b.json",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(output.get_output().stdout.is_empty());
}

#[test]
fn the_file_that_cannot_be_read_is_named() {
    let home = TempDir::new().unwrap();
    save(&home, "a.json", &sample::ladder());
    fs::write(
        home.path().join("cut.json"),
        "{\"schema\": \"lab-reports/1\", \"rep",
    )
    .unwrap();
    fs::write(
        home.path().join("other.json"),
        "{\"schema\": \"lab-reports/2\"}",
    )
    .unwrap();
    for (file, words) in [
        ("gone.json", "cannot read the report `gone.json`"),
        ("cut.json", "`cut.json` is not a report"),
        ("other.json", "`other.json` has the schema `lab-reports/2`"),
    ] {
        let output = kit(&home).args(["report", "a.json", file]).assert().code(2);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_comparison_takes_none_that_was_merged_and_says_so() {
    let home = TempDir::new().unwrap();
    save(&home, "a.json", &shard("linux/amd64"));
    save(&home, "b.json", &shard("linux/arm64"));
    stdout(&home, &["a.json", "b.json", "--output", "json=m.json"]);
    let output = kit(&home)
        .args(["diff", "a.json", "m.json"])
        .assert()
        .code(2);
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.contains("several merged reports"), "{said}");
}

#[test]
fn what_never_ends_is_no_report_and_no_baseline() {
    let home = TempDir::new().unwrap();
    save(&home, "a.json", &shard("linux/amd64"));
    for words in [&["/dev/zero"][..], &["a.json", "--baseline", "/dev/zero"]] {
        let mut kit = kit(&home);
        kit.arg("report")
            .args(words)
            .timeout(Duration::from_secs(20));
        let ended = kit.assert().code(2);
        let said = String::from_utf8_lossy(&ended.get_output().stderr);
        assert!(said.contains("`/dev/zero` is not a report"), "{said}");
    }
}

#[test]
fn a_file_that_can_not_be_written_whole_is_told_by_its_own_name() {
    let home = TempDir::new().unwrap();
    save(&home, "a.json", &shard("linux/amd64"));
    let script = format!(
        "trap '' XFSZ; ulimit -f 1; exec '{}' report a.json --output json=b.json",
        env!("CARGO_BIN_EXE_xtask")
    );
    let mut shell = Command::new("sh");
    shell.current_dir(home.path()).args(["-c", &script]);
    let ended = shell.assert().code(2);
    let said = String::from_utf8_lossy(&ended.get_output().stderr);
    assert!(said.contains("cannot write the report `b.json`"), "{said}");
    assert!(!said.contains(".lab-report"), "{said}");
    assert!(!home.path().join("b.json").exists());
}
