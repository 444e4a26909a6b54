//! Several reports, one baseline.

use std::process::Output;

use serde_json::{Value, json};

use super::{SCHEMA, changed, report, said};
use crate::FORMATS;
use crate::layers::{Archive, xtask};

/// The report, of this lab, for this platform and made by this builder.
fn of(report: &Archive, lab: &str, arch: &str, builder: &str) -> Archive {
    changed(report, |json| {
        json["lab"] = json!(lab);
        json["engine"]["arch"] = json!(arch);
        json["engine"]["builder"] = json!(builder);
        for variant in json["variants"].as_array_mut().unwrap() {
            variant["platform"] = json!(format!("linux/{arch}"));
        }
    })
}

fn renamed(report: &Archive, name: &str) -> Archive {
    changed(report, |json| json["variants"][0]["name"] = json!(name))
}

fn all(words: &[&[&str]]) -> Output {
    xtask(&[&["report"], words.concat().as_slice()].concat())
}

fn merged(reports: &[&Archive]) -> Archive {
    let paths: Vec<&str> = reports.iter().map(|it| it.text()).collect();
    let output = all(&[&paths, &["--format", "json"]]);
    assert!(!output.stdout.is_empty(), "{}", said(&output));
    Archive::of(&output.stdout)
}

/// Outcome, platform and counted growth of each report, in the order of the merged one.
fn told(output: &Output) -> Vec<(String, String, i64)> {
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let schema = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::draft202012::is_valid(
        &schema,
        &json["reports"][0]
    ));
    let of = |report: &Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let compared = &report["baseline"]["variants"][0]["compared"];
        (
            text(&report["verdict"]["outcome"]),
            text(&report["variants"][0]["platform"]),
            compared["counted"]["delta"].as_i64().unwrap(),
        )
    };
    json["reports"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn each_report_is_judged_by_that_of_its_lab_and_platform_in_every_format() {
    let (before, after) = (report(false), report(true));
    let was = [
        of(&before, "shop", "amd64", "buildkit"),
        of(&after, "shop", "arm64", "buildkit"),
        of(&after, "till", "amd64", "buildkit"),
    ];
    let baseline = merged(&[&was[2], &was[0], &was[1]]);
    let (grown, same) = (of(&after, "shop", "amd64", "buildkit"), &was[1]);
    let judging = [
        "--baseline",
        baseline.text(),
        "--lang",
        "en",
        "--max-growth",
        "1kB",
    ];
    let judged = |format: &str| {
        let words = [grown.text(), same.text(), "--format", format];
        all(&[&words, &judging])
    };
    let json = judged("json");
    assert_eq!(json.status.code(), Some(1), "{}", said(&json));
    let row = |outcome: &str, platform: &str, delta| (outcome.into(), platform.into(), delta);
    assert_eq!(
        told(&json),
        [
            row("rejected", "linux/amd64", 1_290),
            row("accepted", "linux/arm64", 0),
        ]
    );
    let saved = Archive::of(&json.stdout);
    for format in FORMATS.iter().copied() {
        let direct = judged(format);
        let again = all(&[&[saved.text(), "--format", format, "--lang", "en"]]);
        assert_eq!(direct.status.code(), Some(1), "{format}");
        assert_eq!(direct.stdout, again.stdout, "{format}");
        let text = String::from_utf8(direct.stdout).unwrap();
        // Metrics name no instruction.
        let made = if format == "bencher" {
            "amd64"
        } else {
            "RUN make"
        };
        assert!(text.contains(made), "{format}: {text}");
    }
    // What was merged already is judged the same, by the parts in any order.
    let again = all(&[
        &[merged(&[same, &grown]).text(), "--format", "json"],
        &judging,
    ]);
    assert_eq!(again.stdout, json.stdout);
}

#[test]
fn sizes_are_the_same_on_each_engine_and_the_one_most_alike_is_taken() {
    let (before, after) = (report(false), report(true));
    let classic = of(&before, "shop", "amd64", "classic");
    let buildkit = of(&after, "shop", "amd64", "buildkit");
    let (grown, one) = (
        of(&after, "shop", "amd64", "classic"),
        merged(&[&classic, &buildkit]),
    );
    let judged = |report: &Archive, baseline: &Archive| {
        let words = [
            report.text(),
            "--baseline",
            baseline.text(),
            "--max-growth",
            "1kB",
        ];
        all(&[&words]).status.code()
    };
    assert_eq!(judged(&grown, &one), Some(1));
    assert_eq!(judged(&buildkit, &one), Some(0));
    assert_eq!(judged(&buildkit, &classic), Some(1), "there is no other");
}

#[test]
fn variants_that_the_matrix_shares_out_are_missing_only_where_no_report_has_them() {
    let before = report(false);
    let other = renamed(&before, "single");
    let whole = changed(&before, |json| {
        let text = std::fs::read(other.text()).unwrap();
        let other: Value = serde_json::from_slice(&text).unwrap();
        let variants = json["variants"].as_array_mut().unwrap();
        variants.push(other["variants"][0].clone());
    });
    let judged = |reports: &[&str]| {
        let words = [
            "--baseline",
            whole.text(),
            "--budget",
            "single=1MB",
            "--format",
            "json",
        ];
        all(&[reports, &words])
    };
    let both = judged(&[before.text(), other.text()]);
    assert_eq!(both.status.code(), Some(0), "{}", said(&both));
    let lost = judged(&[other.text()]);
    assert_eq!(lost.status.code(), Some(1), "{}", said(&lost));
    let json: Value = serde_json::from_slice(&lost.stdout).unwrap();
    assert_eq!(json["verdict"]["findings"][0]["rule"], "missing_variant");
    let words = [
        "--budget",
        "singel=1MB",
        "--baseline",
        whole.text(),
        "--lang",
        "en",
    ];
    let typo = all(&[&[before.text(), other.text()], &words]);
    assert_eq!(typo.status.code(), Some(2));
    assert!(said(&typo).contains("`singel`"), "{}", said(&typo));
}

#[test]
fn what_has_no_counterpart_is_undecided_and_both_files_are_named() {
    let before = report(false);
    let [amd, arm, riscv] =
        ["amd64", "arm64", "riscv64"].map(|it| of(&before, "shop", it, "classic"));
    let baseline = merged(&[&amd, &arm]);
    for (lang, remedy) in [("en", "and merge: "), ("fr", "fusionnez")] {
        let words = [
            amd.text(),
            riscv.text(),
            "--baseline",
            baseline.text(),
            "--lang",
            lang,
        ];
        let output = all(&[&words]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty());
        let judged = format!("`{}` (shop linux/riscv64)", riscv.text());
        let there = "shop linux/amd64, shop linux/arm64";
        for text in [baseline.text(), &judged, there, remedy] {
            assert!(said.contains(text), "{text}: {said}");
        }
    }
    // By a single report it is told why.
    let words = [
        amd.text(),
        riscv.text(),
        "--baseline",
        amd.text(),
        "--lang",
        "en",
    ];
    let output = all(&[&words]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    let names = format!(
        "`{}` can't be compared with `{}`: ",
        amd.text(),
        riscv.text()
    );
    assert!(
        said.contains(&names) && said.contains("linux/riscv64"),
        "{said}"
    );
}
