//! Several reports in one document.

use serde_json::{Value, json};

use super::sentence;
use crate::model::ReportProblem;
use crate::report::sample::{accepted, matrix};
use crate::report::wire::{read, read_merged, write_merged};
use crate::report::{LabReport, MergedReport};

fn written(merged: &MergedReport) -> Vec<u8> {
    let mut out = Vec::new();
    write_merged(merged, &mut out).unwrap();
    out
}

fn back(json: &[u8]) -> Result<MergedReport, ReportProblem> {
    read_merged(&[("m.json".into(), json.to_owned())])
}

/// What is said once `change` was made to a merged report's JSON.
fn problem(change: impl FnOnce(&mut Value)) -> String {
    let mut json: Value = serde_json::from_slice(&written(&matrix())).unwrap();
    change(&mut json);
    sentence(back(&serde_json::to_vec(&json).unwrap()).unwrap_err())
}

#[test]
fn what_is_written_reads_back_equal_alone_and_beside_others() {
    assert_eq!(back(&written(&matrix())).unwrap(), matrix());
    let both = [written(&matrix()), super::written(&accepted())];
    let files = both.map(|json| ("x.json".into(), json));
    assert_eq!(read_merged(&files).unwrap(), matrix());
    let alone: MergedReport = LabReport::clone(&accepted()).into();
    assert_eq!(back(&written(&alone)).unwrap(), alone);
}

#[test]
fn the_report_at_fault_is_named() {
    for (change, reason) in [
        (
            (|json| json["reports"][1]["verdict"]["outcome"] = json!("rejected")) as fn(&mut Value),
            "`m.json` is not a report: in `reports[1]`: `verdict.outcome` contradicts",
        ),
        (
            |json| json["reports"][2]["schema"] = json!("lab-report/2"),
            "in `reports[2]`: its schema is `lab-report/2`",
        ),
        (
            |json| json["reports"][0]["schema"] = Value::Null,
            "in `reports[0]`: it names no schema",
        ),
        (
            |json| json["reports"][0]["variants"][0]["name"] = json!("multi"),
            "in `reports[0]`: two variants are named `multi`",
        ),
        (|json| json["reports"] = json!([]), "it contains no report"),
        (|json| json["reports"] = json!(3), "expected a sequence"),
        (|json| drop(json["reports"].take()), "expected a sequence"),
        (
            |json| json["verdict"]["outcome"] = json!("accepted"),
            "`verdict.outcome` contradicts",
        ),
        (
            |json| json["reports"][0] = json["reports"][1].clone(),
            // The same twice is the same once, and the other is gone.
            "",
        ),
        (
            |json| {
                json["reports"][0] = json["reports"][1].clone();
                json["reports"][0]["created"] = json!("2026-01-01T00:00:00Z");
            },
            "two reports in `m.json` have different results for `single` of lab `ex08`",
        ),
    ] {
        if reason.is_empty() {
            let mut json: Value = serde_json::from_slice(&written(&matrix())).unwrap();
            change(&mut json);
            let read = back(&serde_json::to_vec(&json).unwrap()).unwrap();
            assert_eq!(read.reports().len(), 3);
            continue;
        }
        let found = problem(change);
        assert!(found.contains(reason), "{found}\nshould name\n{reason}");
    }
}

#[test]
fn one_cut_anywhere_is_refused_and_several_are_not_read_as_one() {
    let whole = written(&matrix());
    for end in (0..whole.len() - 2).step_by(997) {
        assert!(back(&whole[..end]).is_err(), "cut at {end}");
    }
    let problem = read("m.json".as_ref(), &whole).unwrap_err();
    assert_eq!(sentence(problem), "`m.json` has the schema `lab-reports/1`");
}
