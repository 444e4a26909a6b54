//! The published schema, as a check of its own on what is written.

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::written;
use crate::report::LabReport;
use crate::report::sample::{accepted, matrix, regressed, rejected, told};
use crate::report::wire::write_merged;

const MERGED: &str = include_str!("../../../../../docs/schema/lab-reports-1.schema.json");
const SCHEMA: &str = include_str!("../../../../../docs/schema/lab-report-1.schema.json");

fn published() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// The schema with every object closed: a key that it does not know is an error.
fn closed(mut schema: Value) -> Value {
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            let is_whole = keys.contains_key("required") && keys.contains_key("properties");
            if is_whole && keys.contains_key("type") {
                keys.insert("additionalProperties".to_owned(), json!(false));
            }
            keys.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn json_of(report: &LabReport) -> Value {
    serde_json::from_slice(&written(report)).unwrap()
}

/// The schema of several reports, which refers to that of one.
fn merged_validator(of_one: &Value) -> Validator {
    let mut schema: Value = serde_json::from_str(MERGED).unwrap();
    schema["additionalProperties"] = json!(false);
    schema["$defs"] = json!({ "one": of_one });
    jsonschema::draft202012::new(&schema).unwrap()
}

#[test]
fn several_reports_satisfy_their_schema_and_what_is_broken_fails() {
    let mut json = Vec::new();
    write_merged(&matrix(), &mut json).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    let validator = merged_validator(&closed(published()));
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    for (pointer, value) in [
        ("/schema", json!("lab-report/1")),
        ("/reports", json!([])),
        ("/reports/1/engine", json!(null)),
        ("/verdict/outcome", json!("good")),
    ] {
        let mut broken = json.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        assert!(!validator.is_valid(&broken), "{pointer}");
    }
}

fn errors(schema: &Value, json: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    validator
        .iter_errors(json)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_samples_satisfy_the_schema_and_have_no_key_that_it_does_not_know() {
    jsonschema::draft202012::meta::validate(&published()).unwrap();
    let schema = closed(published());
    for report in [accepted(), rejected(), regressed()] {
        assert_eq!(errors(&schema, &json_of(&report)), Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_report_satisfies_the_schema(mut report in told()) {
        report.created = accepted().created;
        prop_assert_eq!(errors(&closed(published()), &json_of(&report)), Vec::<String>::new());
    }
}

#[test]
fn a_key_that_is_not_in_the_schema_is_allowed_to_come_later() {
    let mut json = json_of(&accepted());
    json["later"] = json!(1);
    assert!(errors(&published(), &json).is_empty());
    assert!(!errors(&closed(published()), &json).is_empty());
}

#[test]
fn only_a_baseline_leaves_out_ids_and_storage() {
    for pointer in [
        "/engine/storage",
        "/variants/0/image_id",
        "/variants/0/layers/1/diff_id",
    ] {
        let mut json = json_of(&accepted());
        *json.pointer_mut(pointer).unwrap() = Value::Null;
        assert!(!errors(&published(), &json).is_empty(), "{pointer}");
        json["created"] = Value::Null;
        assert_eq!(errors(&published(), &json), Vec::<String>::new());
    }
}

/// Every key of the document that is removed, made a thing of another kind or, where it is
/// a number, negative, is seen.
#[test]
fn what_is_broken_fails() {
    let validator = jsonschema::draft202012::new(&published()).unwrap();
    let whole = json_of(&rejected());
    let mut broken = 0;
    for pointer in pointers(&whole) {
        let optional = ["/baseline", "/path_base64", "/instruction", "/message"];
        for replacement in replacements(whole.pointer(&pointer).unwrap()) {
            let mut json = whole.clone();
            *json.pointer_mut(&pointer).unwrap() = replacement.clone();
            let is_seen = !validator.is_valid(&json);
            let is_free = optional.iter().any(|key| pointer.ends_with(key));
            assert!(is_seen || is_free, "{pointer} may be {replacement}");
            broken += usize::from(is_seen);
        }
    }
    assert!(broken > 200, "{broken}");
}

#[test]
fn a_missing_key_fails() {
    let validator = jsonschema::draft202012::new(&published()).unwrap();
    let whole = json_of(&rejected());
    for pointer in pointers(&whole) {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let mut json = whole.clone();
        let Some(Value::Object(keys)) = json.pointer_mut(parent) else {
            continue;
        };
        keys.remove(key);
        let optional = ["path_base64", "instruction"];
        let is_free = optional.contains(&key) && !parent.contains("/layers/");
        assert!(!validator.is_valid(&json) || is_free, "{pointer}");
    }
}

fn replacements(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) if number.is_i64() => vec![json!("1"), json!([]), json!(1.5)],
        Value::Number(_) => vec![json!("1"), json!([])],
        Value::Null | Value::Bool(_) => vec![json!({}), json!([1])],
        Value::String(_) => vec![json!({}), json!(7)],
        Value::Array(_) | Value::Object(_) => vec![json!("x"), json!(7)],
    }
}

/// A JSON pointer to each value, of at most the first two of an array.
fn pointers(json: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match json {
        Value::Object(keys) => keys
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate().take(2);
            items.map(|(at, value)| (at.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (key, value) in children {
        found.push(format!("/{key}"));
        found.extend(
            pointers(value)
                .into_iter()
                .map(|below| format!("/{key}{below}")),
        );
    }
    found
}
