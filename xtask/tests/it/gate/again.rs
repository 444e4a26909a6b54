//! What a saved report holds beside its sizes, judged again.

use std::process::Output;

use serde_json::{Value, json};
use xtask::model::Role;

use super::{changed, json_of, judged, report, said};
use crate::diff::{measured, report_of, saved};
use crate::images::{file, layer};
use crate::layers::{Archive, xtask};

/// An image whose second layer removes what the first left in two places.
fn wasteful(cache: usize) -> Archive {
    let first = layer(&[
        file("var/cache/a", &vec![1; cache]),
        file("opt/b", &[2; 500]),
        file("opt/kept", &[3; 9]),
    ]);
    let second = layer(&[file("var/cache/.wh.a", b""), file("opt/.wh.b", b"")]);
    let image = saved(&[("RUN get # buildkit", first), ("RUN rm # buildkit", second)]);
    report_of(vec![("multi", Some(Role::Rung), measured(&image))])
}

fn findings(output: &Output) -> Vec<(String, String, Value)> {
    let json = json_of(output);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = json["verdict"]["findings"].as_array().unwrap().iter();
    findings
        .map(|it| (text(&it["level"]), text(&it["rule"]), it["line"].clone()))
        .collect()
}

fn rules(output: &Output) -> Vec<(String, String)> {
    let all = findings(output).into_iter();
    all.map(|(level, rule, _)| (level, rule)).collect()
}

fn is(level: &str, rule: &str) -> Vec<(String, String)> {
    vec![(level.to_owned(), rule.to_owned())]
}

#[test]
fn waste_that_is_allowed_is_neither_counted_nor_advised_about() {
    let (before, after) = (wasteful(40_000), wasteful(90_000));
    let json = [
        "--format",
        "json",
        "--counts",
        "wasted",
        "--max-content-drift",
        "0",
    ];
    let with = |flags: &[&str]| judged(&after, &before, &[&json, flags].concat());
    let grown = with(&[]);
    assert_eq!(grown.status.code(), Some(1), "{}", said(&grown));
    assert_eq!(rules(&grown), is("error", "content_drift"));
    let compared = &json_of(&grown)["baseline"]["variants"][0]["compared"];
    assert_eq!(
        compared["counted"],
        json!({ "before": 40_500, "after": 90_500, "delta": 50_000 })
    );
    let advised = |output: &Output, path: &str| {
        let text = json_of(output)["variants"][0]["advice"].to_string();
        text.contains(path)
    };
    assert!(advised(&grown, "var/cache/a") && advised(&grown, "opt/b"));

    let allowed = with(&["--allow-waste", "/var/cache"]);
    assert_eq!(allowed.status.code(), Some(0), "{}", said(&allowed));
    assert_eq!(rules(&allowed), []);
    let compared = &json_of(&allowed)["baseline"]["variants"][0]["compared"];
    assert_eq!(
        compared["counted"],
        json!({ "before": 500, "after": 500, "delta": 0 })
    );
    assert!(
        !advised(&allowed, "var/cache"),
        "{}",
        json_of(&allowed)["variants"][0]["advice"]
    );
    assert!(advised(&allowed, "opt/b"));
    // What is allowed is a path or a directory, and not what begins alike.
    let other = with(&["--allow-waste", "/var/cac"]);
    assert_eq!(other.status.code(), Some(1));
    // A budget counts the same.
    assert_eq!(
        with(&["--allow-waste", "/var/cache", "--budget", "500"])
            .status
            .code(),
        Some(0)
    );
    let over = with(&["--allow-waste", "/var/cache", "--budget", "499"]);
    assert_eq!(rules(&over), is("error", "budget"));
}

#[test]
fn where_layers_count_the_sizes_are_no_matter() {
    let (before, after) = (report(false), report(true));
    let json = ["--format", "json", "--counts", "layers"];
    let with = |flags: &[&str]| judged(&after, &before, &[&json, flags].concat());
    let grown = with(&[]);
    assert_eq!(rules(&grown), is("error", "growth"));
    let compared = &json_of(&grown)["baseline"]["variants"][0]["compared"];
    assert_eq!(
        compared["counted"],
        json!({ "before": 2, "after": 3, "delta": 1 })
    );
    assert_eq!(rules(&with(&["--max-growth", "1"])), is("note", "growth"));
    let over = with(&["--max-growth", "1", "--budget", "2"]);
    assert_eq!(over.status.code(), Some(1));
    let told = judged(&after, &before, &["--counts", "layers", "--lang", "en"]);
    let table = String::from_utf8(told.stdout).unwrap();
    assert!(table.contains("1 layer"), "{table}");
}

/// The report with a container that ended like this, and the lines that `lab` knows.
fn ran(report: &Archive, code: i64) -> Archive {
    let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    changed(report, |json| {
        let variant = &mut json["variants"][0];
        variant["dockerfile"] = json!("Dockerfile.multi");
        variant["command_line"] = json!(7);
        variant["base_line"] = json!(2);
        variant["run"] = json!({
            "exit_code": code, "seconds": 0.1, "timed_out": false, "ending": "exited",
            "out_of_memory": false, "timeout_seconds": null, "reason": null,
            "stdout": "", "stdout_encoding": "utf8", "stdout_bytes": 0, "stdout_sha256": empty,
            "stderr": "", "stderr_encoding": "utf8", "stderr_bytes": 0, "stderr_sha256": empty,
        });
    })
}

#[test]
fn what_a_container_did_is_told_at_its_line_when_judged_again() {
    let (before, after) = (ran(&report(false), 0), ran(&report(false), 3));
    let told = findings(&judged(&after, &before, &["--format", "json"]));
    let codes: Vec<_> = told
        .iter()
        .filter(|it| it.1.contains("exit_code"))
        .collect();
    assert_eq!(codes.len(), 2, "{told:?}");
    assert!(codes.iter().all(|it| it.2 == json!(7)), "{told:?}");
}

#[test]
fn a_variant_that_was_left_out_on_purpose_is_not_missing() {
    let before = report(false);
    let other = changed(&before, |json| {
        json["variants"][0]["name"] = json!("single");
    });
    let missing = judged(&other, &before, &["--format", "json"]);
    assert_eq!(missing.status.code(), Some(1));
    let partial = changed(&other, |json| json["left_out"] = json!(["multi"]));
    let output = judged(&partial, &before, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(rules(&output), is("warning", "new_variant"));
    let again = xtask(&["report", partial.text(), "--format", "json"]);
    assert_eq!(json_of(&again)["left_out"], json!(["multi"]));
}

#[test]
fn a_verdict_is_believed_unless_it_is_judged_anew() {
    let heavy = changed(&report(true), |json| {
        json["variants"][0]["policy"]["budget"] = json!(1);
    });
    assert_eq!(xtask(&["report", heavy.text()]).status.code(), Some(0));
    assert_eq!(
        xtask(&["report", heavy.text(), "--rejudge"]).status.code(),
        Some(1)
    );
}

#[test]
fn a_copy_of_a_baseline_is_named_as_it_is_known() {
    let (before, after) = (report(false), report(true));
    let other = changed(&after, |json| json["lab"] = json!("other"));
    let bad = Archive::of(b"{}");
    for (report, baseline) in [(&other, &before), (&after, &bad)] {
        let output = judged(report, baseline, &["--baseline-name", "lab-baseline.json"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("`lab-baseline.json`"), "{said}");
        assert!(!said.contains(baseline.text()), "{said}");
    }
}
