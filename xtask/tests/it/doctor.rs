//! `doctor` from outside: what is missing is a line of its report, whatever is missing.

use std::path::Path;
use std::process::Output;

use crate::layers::check;
use crate::proxy::Proxy;

const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

fn doctor(arguments: &[&str]) -> Output {
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("doctor")
        .args(arguments)
        .current_dir(Path::new(TOP))
        .env_remove("DOCKER_HOST")
        .env("LAB_PYTHON_IMAGE", "lab/python:offline")
        .output()
        .unwrap()
}

const SCHEMA: &str = include_str!("../../../docs/schema/doctor-report-1.schema.json");

/// What was written, which satisfies the published schema.
fn document(output: &Output) -> serde_json::Value {
    let document = serde_json::from_slice(&output.stdout).unwrap();
    check(SCHEMA, &document);
    document
}

fn part<'a>(document: &'a serde_json::Value, name: &str) -> &'a serde_json::Value {
    let parts = document["parts"].as_array().unwrap();
    parts.iter().find(|part| part["name"] == name).unwrap()
}

#[test]
fn an_engine_that_is_not_there_is_a_line_with_its_mend_and_exit_code_2() {
    let host = "--host=unix:///nonexistent.sock";
    let output = doctor(&[host, "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let document = document(&output);
    assert_eq!(document["schema"], "doctor-report/1");
    assert_eq!(document["ok"], false);
    let engine = part(&document, "engine");
    assert_eq!(engine["state"], "lacking");
    assert_eq!(engine["mend"], "docker context ls");

    let output = doctor(&[host, "--lang", "fr"]);
    assert_eq!(output.status.code(), Some(2));
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("✘ moteur"), "{table}");
    assert!(table.contains("→ docker context ls"), "{table}");
}

#[test]
fn what_is_no_endpoint_is_a_line_too() {
    let output = doctor(&["--host=nowhere", "--format=json"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(part(&document(&output), "engine")["state"], "lacking");
}

#[test]
#[ignore = "needs Docker"]
fn a_compose_file_that_is_not_there_is_a_line_too() {
    let output = doctor(&["--file=/nonexistent/compose.yaml", "--format=json"]);
    assert_eq!(output.status.code(), Some(2));
    let document = document(&output);
    let file = part(&document, "compose_file");
    assert_eq!(file["state"], "lacking");
    let advice = file["advice"].as_str().unwrap();
    assert!(advice.contains("`--file PATH`"), "{advice}");
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_that_ignores_limits_is_said_to() {
    let limits = [
        r#""MemoryLimit":true,"SwapLimit":true"#,
        r#""MemoryLimit":false,"SwapLimi":true"#,
    ];
    let proxy = Proxy::lying(limits);
    let host = format!("--host={}", proxy.endpoint().address());
    let document = document(&doctor(&[&host, "--format", "json"]));
    let engine = part(&document, "engine");
    assert_eq!(engine["state"], "optional", "{engine}");
    let advice = engine["advice"].as_str().unwrap();
    assert!(
        advice.contains("does not enforce memory or process limits"),
        "{advice}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn a_machine_with_all_that_the_kit_needs_is_good() {
    let output = doctor(&["--format", "json"]);
    let document = document(&output);
    assert_eq!(output.status.code(), Some(0), "{document:#}");
    assert_eq!(document["ok"], true);
    assert_eq!(part(&document, "engine")["state"], "good");
    let base = part(&document, "base")["found"].as_str().unwrap();
    assert!(base.contains("stand-in for python:3.13-slim"), "{base}");
}
