//! Judging saved reports by a baseline, from outside and without an engine.

mod accepting;
mod again;
mod several;

use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use xtask::model::Role;

use crate::diff::{after, before, measured, report_of};
use crate::layers::{Archive, xtask};

const SCHEMA: &str = include_str!("../../../docs/schema/lab-report-1.schema.json");

/// A report of one variant `multi`, as it was or as it has become.
fn report(later: bool) -> Archive {
    let image = if later { after() } else { before() };
    report_of(vec![("multi", Some(Role::Rung), measured(&image))])
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The report with `change` made to its JSON.
fn changed(report: &Archive, change: impl FnOnce(&mut Value)) -> Archive {
    let mut json: Value = serde_json::from_slice(&fs::read(report.text()).unwrap()).unwrap();
    change(&mut json);
    Archive::of(json.to_string().as_bytes())
}

fn judged(report: &Archive, baseline: &Archive, flags: &[&str]) -> Output {
    let words = [
        &["report", report.text(), "--baseline", baseline.text()],
        flags,
    ];
    xtask(&words.concat())
}

fn json_of(output: &Output) -> Value {
    let json = serde_json::from_slice(&output.stdout).unwrap();
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    json
}

#[test]
fn a_saved_report_is_judged_again_and_renders_the_same_from_its_json() {
    let (before, after) = (report(false), report(true));
    let strict = ["--max-growth", "1kB"];
    let output = judged(
        &after,
        &before,
        &[&strict[..], &["--format", "json"]].concat(),
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let json = json_of(&output);
    let compared = &json["baseline"]["variants"][0]["compared"];
    assert_eq!(compared["counted"]["delta"], 1_290);
    assert_eq!(compared["explained"], 1.0);
    assert_eq!(compared["gates"]["growth"]["delta"], 700);
    assert_eq!(compared["gates"]["content_drift"]["delta"], 590);
    let findings: Vec<_> = json["verdict"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["level"].as_str().unwrap(), it["rule"].as_str().unwrap()))
        .collect();
    assert_eq!(
        findings,
        [("error", "growth"), ("error", "content_drift")],
        "neither is over the limit, both together are"
    );
    let saved = Archive::of(&output.stdout);
    for format in crate::FORMATS.iter().copied() {
        let direct = judged(
            &after,
            &before,
            &[&strict[..], &["--format", format]].concat(),
        );
        let again = xtask(&["report", saved.text(), "--format", format]);
        assert_eq!(direct.stdout, again.stdout, "{format}");
        assert_eq!(again.status.code(), Some(1));
    }
    assert_eq!(judged(&before, &before, &[]).status.code(), Some(0));
    let shrunk = judged(&before, &after, &["--lang", "en"]);
    assert_eq!(shrunk.status.code(), Some(0));
    let table = String::from_utf8(shrunk.stdout).unwrap();
    assert!(table.contains("multi shrank by 1.3 kB"), "{table}");
    for flags in [&["--max-growth", "2kB,1%"][..], &[]] {
        let tolerated = judged(&after, &before, flags);
        assert_eq!(tolerated.status.code(), Some(0), "{flags:?}");
    }
    let quiet = judged(&after, &before, &["--format", "annotations"]);
    assert_eq!(quiet.stdout, b"", "nothing below 4 KiB is an annotation");
}

#[test]
fn a_report_is_not_believed_what_it_says_of_itself() {
    let (before, after) = (report(false), report(true));
    let boasting = changed(&after, |json| {
        json["verdict"] = json!({ "outcome": "accepted", "findings": [] });
        json["variants"][0]["policy"]["max_growth"] =
            json!({ "bytes": 1u64 << 40, "percent": null });
        json["variants"][0]["policy"]["budget"] = json!(1u64 << 40);
    });
    let strict = changed(&before, |json| {
        json["variants"][0]["policy"]["budget"] = json!(6_000);
        json["variants"][0]["policy"]["max_growth"] = json!({ "bytes": 0, "percent": null });
    });
    let believed = judged(&boasting, &strict, &[]);
    assert_eq!(
        believed.status.code(),
        Some(0),
        "its policy holds by itself"
    );
    let output = judged(
        &boasting,
        &strict,
        &["--policy", "baseline", "--format", "json"],
    );
    assert_eq!(output.status.code(), Some(1));
    let json = json_of(&output);
    let rules: Vec<_> = json["verdict"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["rule"].as_str().unwrap())
        .collect();
    for rule in ["budget", "growth", "policy_differs"] {
        assert!(rules.contains(&rule), "{rules:?}");
    }
    let without = changed(&after, |json| {
        for key in [
            "image_id", "platform", "base", "size", "layers", "tree", "verified", "largest",
            "waste", "advice",
        ] {
            json["variants"][0][key] = Value::Null;
        }
    });
    let output = judged(&without, &before, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(
        json_of(&output)["verdict"]["findings"][0]["rule"],
        "missing_variant"
    );
    let gone = changed(&after, |json| json["variants"] = json!([]));
    assert_eq!(judged(&gone, &before, &[]).status.code(), Some(1));
}

type Nonsense = (&'static str, fn(&mut Value));

const NONSENSE: &[Nonsense] = &[
    ("lab-report/2", |json| {
        json["schema"] = json!("lab-report/2");
    }),
    ("invalid value", |json| {
        json["variants"][0]["size"]["unpacked"] = json!(-1);
    }),
    ("u64", |json| {
        json["variants"][0]["size"]["unpacked"] = json!(1e30);
    }),
    ("its parts add up to", |json| {
        json["variants"][0]["layers"][0]["unpacked"] = json!(u64::MAX);
    }),
    ("two variants are named `multi`", |json| {
        let variant = json["variants"][0].clone();
        json["variants"].as_array_mut().unwrap().push(variant);
    }),
    ("missing field", |json| {
        json["variants"][0]
            .as_object_mut()
            .unwrap()
            .remove("policy");
    }),
];

#[test]
fn a_bad_baseline_is_an_error_with_a_remedy_before_anything_is_built() {
    let (before, after) = (report(false), report(true));
    let whole = fs::read(before.text()).unwrap();
    let mut bad = vec![
        ("it is empty", Archive::of(b"")),
        ("ends too early", Archive::of(&whole[..whole.len() / 2])),
        ("not a report", Archive::of(b"PK\x03\x04")),
        ("names no schema", Archive::of(b"{}")),
    ];
    bad.extend(
        NONSENSE
            .iter()
            .map(|(why, change)| (*why, changed(&before, change))),
    );
    for (why, baseline) in &bad {
        let text = fs::read(baseline.text()).unwrap();
        let judging = judged(&after, baseline, &["--quiet", "--lang", "en"]);
        let building = xtask(&[
            "lab",
            "ex08",
            "--host",
            "unix:///nowhere.sock",
            "--lang",
            "en",
            "--quiet",
            "--baseline",
            baseline.text(),
            "--update-baseline",
        ]);
        for output in [judging, building] {
            let said = said(&output);
            assert_eq!(output.status.code(), Some(2), "{why}: {said}");
            assert!(output.stdout.is_empty());
            assert!(
                said.contains("cannot use the baseline: ") && said.contains(why),
                "{said}"
            );
            assert!(said.contains("--update-baseline"), "{said}");
            assert_eq!(said.matches("error:").count(), 1, "{said}");
        }
        assert_eq!(
            fs::read(baseline.text()).unwrap(),
            text,
            "it stays as it was"
        );
    }
    let missing = xtask(&[
        "report",
        after.text(),
        "--baseline",
        "absent.json",
        "--lang",
        "en",
    ]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        said(&missing).contains("create it: `cargo xtask lab"),
        "{}",
        said(&missing)
    );
}

#[test]
fn what_is_not_comparable_is_an_error_with_its_reason() {
    let (before, after) = (report(false), report(true));
    let base = |reference: &'static str, stand_in: bool| {
        move |json: &mut Value| {
            json["variants"][0]["base"] =
                json!({ "reference": reference, "id": null, "stand_in": stand_in });
        }
    };
    let on_python = changed(&before, base("python:3.13", false));
    for (why, later) in [
        ("`debian:13`", changed(&after, base("debian:13", false))),
        (
            "stand-in `python:3.14`",
            changed(&after, base("python:3.14", true)),
        ),
        (
            "`scratch`",
            changed(&after, |json| json["variants"][0]["base"] = Value::Null),
        ),
        (
            "linux/arm64",
            changed(&after, |json| {
                json["variants"][0]["platform"] = json!("linux/arm64");
            }),
        ),
        (
            "lab `other`",
            changed(&after, |json| json["lab"] = json!("other")),
        ),
    ] {
        let output = judged(&later, &on_python, &["--lang", "en"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{why}: {said}");
        assert!(
            said.contains("can't be compared with") && said.contains(why),
            "{why}: {said}"
        );
        assert!(said.contains("--update-baseline"), "{said}");
    }
    let drifted = changed(
        &after,
        base("docker.io/library/python:3.14@sha256:00", false),
    );
    assert_eq!(
        judged(&drifted, &on_python, &["--max-growth", "2kB"])
            .status
            .code(),
        Some(0)
    );
}

#[test]
fn a_bad_limit_names_its_flag() {
    let (before, after) = (report(false), report(true));
    for (flag, value, remedy) in [
        ("--budget", "1k", "1KiB"),
        ("--max-growth", "plenty", "1MB,2%"),
        ("--max-base-drift", "multi=-1%", "percentage"),
        (
            "--max-content-drift",
            "mutli=1%",
            "--max-content-drift multi=…",
        ),
        ("--counts", "files", "unpacked"),
        ("--allow-waste", "/", "such as `/var/cache`"),
    ] {
        let output = judged(&after, &before, &[flag, value, "--lang", "en"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{flag}: {said}");
        assert!(
            said.contains(&format!("`{flag}`")) && said.contains(remedy),
            "{said}"
        );
    }
    for words in [
        &["report", after.text(), "--policy", "baseline"][..],
        &["lab", "ex08", "--update-baseline"],
        &[
            "report",
            after.text(),
            "--baseline",
            before.text(),
            "--policy",
            "mine",
        ],
    ] {
        assert_eq!(xtask(words).status.code(), Some(2), "{words:?}");
    }
}
