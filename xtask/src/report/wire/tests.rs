mod merged;
mod schema;

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{read, write};
use crate::model::{Language, ReportFault, ReportProblem};
use crate::report::LabReport;
use crate::report::sample::{accepted, regressed, rejected, told};

fn written(report: &LabReport) -> Vec<u8> {
    let mut out = Vec::new();
    write(report, &mut out).unwrap();
    out
}

fn back(json: &[u8]) -> Result<LabReport, ReportProblem> {
    read(Path::new("report.json"), json)
}

fn sentence(problem: ReportProblem) -> String {
    crate::lang::problem::sentence(&problem.into(), Language::English)
}

/// What is wrong with the accepted report once `change` was made to its JSON.
fn fault(change: impl FnOnce(&mut Value)) -> String {
    let mut json: Value = serde_json::from_slice(&written(&accepted())).unwrap();
    change(&mut json);
    match back(&serde_json::to_vec(&json).unwrap()) {
        Err(problem @ ReportProblem::NotAReport { .. }) => {
            let said = sentence(problem);
            said.trim_start_matches("`report.json` is not a report: ")
                .to_owned()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_samples_read_back_equal() {
    for report in [accepted(), rejected(), regressed()] {
        assert_eq!(back(&written(&report)).unwrap(), report);
    }
}

#[test]
fn the_keys_are_those_that_were_promised_in_their_order() {
    let text = String::from_utf8(written(&accepted())).unwrap();
    let promised = [
        "schema",
        "lab",
        "created",
        "engine",
        "variants",
        "comparison",
        "baseline",
        "verdict",
    ];
    let places: Vec<_> = promised
        .map(|key| text.find(&format!("\n  \"{key}\":")).expect(key))
        .into();
    assert!(places.is_sorted(), "{places:?}");
    assert!(text.ends_with("}\n"));
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["baseline"], Value::Null);
    assert_eq!(json["variants"][1]["base"], Value::Null);
    assert_eq!(json["variants"][0]["size"]["packed"], Value::Null);
    assert_eq!(json["variants"][0]["size"]["wasted"]["total"], 19_302_451);
    assert_eq!(
        json["variants"][1]["layers"][0]["dockerfile"],
        "Dockerfile.multi"
    );
    assert_eq!(json["variants"][1]["run"]["seconds"], 0.112);
    assert_eq!(json["comparison"]["variants"][0]["saved"], 569_392_015);
}

#[test]
fn an_output_that_is_not_utf8_is_base64_and_a_path_is_written_twice() {
    let json: Value = serde_json::from_slice(&written(&rejected())).unwrap();
    let hostile = &json["variants"][4];
    assert_eq!(hostile["run"]["stdout_encoding"], "base64");
    assert_eq!(
        hostile["waste"][0]["path"],
        "bin/\u{fffd}\u{fffd}\u{1b}[31m"
    );
    assert_eq!(hostile["waste"][0]["path_base64"], "YmluL//+G1szMW0=");
    assert_eq!(json["variants"][0]["waste"][0]["path_base64"], Value::Null);
}

#[test]
fn what_is_not_known_is_passed_over_and_a_message_is_never_read_back() {
    let report = rejected();
    let mut json: Value = serde_json::from_slice(&written(&report)).unwrap();
    json["later"] = json!({ "a": [1, 2] });
    json["variants"][0]["size"]["later"] = json!("x");
    json["variants"][0]["layers"][0]["later"] = json!(null);
    json["verdict"]["findings"][0]["message"] = json!(42);
    assert_eq!(back(&serde_json::to_vec(&json).unwrap()).unwrap(), report);
}

#[test]
fn another_schema_is_refused_by_name_and_none_is_no_report() {
    let named = back(br#"{"schema": "lab-report/2", "variants": 3}"#);
    assert!(matches!(named, Err(ReportProblem::Schema { schema, .. }) if schema == "lab-report/2"));
    for text in ["{}", "{\"schema\": null}"] {
        let problem = sentence(back(text.as_bytes()).unwrap_err());
        assert!(problem.ends_with("it names no schema"), "{problem}");
    }
    for text in ["", " \n"] {
        let problem = sentence(back(text.as_bytes()).unwrap_err());
        assert!(problem.ends_with("it is empty"), "{problem}");
    }
    for text in ["[]", "nonsense", "3", "\u{0}"] {
        let problem = back(text.as_bytes()).unwrap_err();
        assert!(matches!(
            problem,
            ReportProblem::NotAReport {
                fault: ReportFault::Json(_),
                ..
            }
        ));
    }
}

#[test]
fn a_report_cut_anywhere_is_refused() {
    let whole = written(&rejected());
    for end in (0..whole.len() - 2).step_by(97) {
        assert!(back(&whole[..end]).is_err(), "cut at {end}");
    }
}

type Nonsense = (fn(&mut Value), &'static str);

const NONSENSE: &[Nonsense] = &[
    (
        |json| json["variants"][0]["size"]["own"] = json!(-1),
        "invalid value: integer `-1`, expected u64 at line 1 column",
    ),
    (
        |json| json["variants"][0]["size"]["own"] = json!(1e30),
        "expected u64 at line 1 column",
    ),
    (
        |json| json["variants"][0]["size"]["own"] = json!(1),
        "`variants[0].size.unpacked` is 569392468, but its parts add up to 188219005",
    ),
    (
        |json| json["variants"][0]["size"]["wasted"]["total"] = json!(u64::MAX),
        "`variants[0].size.wasted.total` is 18446744073709551615, but its parts add up to 19302451",
    ),
    (
        |json| json["variants"][0]["layers"][1]["unpacked"] = json!(u64::MAX),
        "`variants[0].size.unpacked` is ",
    ),
    (
        |json| json["variants"][0]["layers"][2]["index"] = json!(7),
        "`variants[0].layers[2].index` contradicts",
    ),
    (
        |json| json["variants"][0]["waste"][0]["layer"] = json!(7),
        "`variants[0].waste` contradicts",
    ),
    (
        |json| json["variants"][1]["name"] = json!("single"),
        "two variants are named `single`",
    ),
    (
        |json| json["comparison"]["reference"] = json!("gone"),
        "`comparison.reference` names a variant `gone` that does not exist",
    ),
    (
        |json| json["comparison"]["variants"][0]["saved"] = json!(1),
        "`comparison.variants[0].saved` contradicts",
    ),
    (
        |json| json["comparison"]["variants"][0]["left_behind"][0]["bytes"] = json!(7),
        "`comparison.variants[0].left_behind` contradicts",
    ),
    (
        |json| drop(json["comparison"]["variants"][0]["left_behind"][1].take()),
        "invalid type: null",
    ),
    (
        |json| json["verdict"]["outcome"] = json!("rejected"),
        "`verdict.outcome` contradicts",
    ),
    (
        |json| json["variants"][0]["image_id"] = Value::Null,
        "`variants[0].image_id` is missing",
    ),
    (
        |json| json["variants"][0]["layers"][1]["diff_id"] = Value::Null,
        "`variants[0].layers[1].diff_id` is missing",
    ),
    (
        |json| json["engine"]["storage"] = Value::Null,
        "`engine.storage` is missing",
    ),
    (
        |json| json["variants"][0]["image_id"] = json!("sha256:12"),
        "`sha256:12` is not a sha256 digest at line 1 column",
    ),
    (
        |json| json["variants"][0]["run"]["seconds"] = json!(-0.5),
        "expected a time from 0 to 1e9 s at line 1 column",
    ),
    (
        |json| json["variants"][0]["run"]["timed_out"] = json!(true),
        "`variants[0].run.timed_out` contradicts",
    ),
    (
        |json| json["variants"][0]["run"]["stdout_encoding"] = json!("base64"),
        "`variants[0].run.stdout` contradicts",
    ),
    (
        |json| json["variants"][0]["run"]["stdout_bytes"] = json!(3),
        "`variants[0].run.stdout` contradicts",
    ),
    (
        |json| json["variants"][0]["platform"] = json!("linux"),
        "`variants[0].platform` contradicts",
    ),
    (
        |json| json["engine"] = Value::Null,
        "invalid type: null, expected struct",
    ),
    (
        |json| drop(json["verdict"].take()),
        "invalid type: null, expected struct",
    ),
];

#[test]
fn nonsense_is_refused_and_its_place_named() {
    for (change, reason) in NONSENSE {
        let found = fault(change);
        assert!(found.contains(reason), "{found}\nshould name\n{reason}");
    }
}

proptest! {
    #[test]
    fn every_report_reads_back_equal(report in told()) {
        let json = written(&report);
        prop_assert_eq!(&back(&json).unwrap(), &report);
        prop_assert_eq!(written(&report), json);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        let _ = back(text.as_bytes());
    }
}
