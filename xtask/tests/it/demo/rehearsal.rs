//! `--rehearse`: records, compares, refuses.

use std::fs;

use serde_json::Value;

use crate::lab::project::{Ended, GOOD, Project};

const SCHEMA: &str = include_str!("../../../../docs/schema/demo-record-1.schema.json");

const STEPS: &str = "
steps:
  - { variant: one, title: { en: One, fr: Un } }
  - { variant: two, title: { en: Two, fr: Deux }, expect: failure }
";

/// Nothing of this name is in the image.
pub(super) const ABSENT: &str = "FROM lab/python:offline\nCMD [\"no-such-program\"]\n";

/// A lab `t` of two services, and these steps.
pub(super) fn project(steps: &str, second: &str) -> Project {
    let project = Project::of(&[("one", "reference", GOOD), ("two", "rung", second)]);
    project.write("demo.yaml", steps);
    project
}

pub(super) fn rehearse(project: &Project) -> Ended {
    project.run(&[
        "demo",
        "t",
        "--rehearse",
        "--offline",
        "--rehearsal",
        "r.json",
    ])
}

fn printed(ended: &Ended) -> String {
    String::from_utf8(ended.stdout.clone()).unwrap()
}

fn record(project: &Project) -> Value {
    let text = fs::read_to_string(project.path("r.json")).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(&json)
        .map(|it| it.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    json
}

#[test]
#[ignore = "needs Docker"]
fn a_rehearsal_records_and_the_next_one_compares() {
    let project = project(STEPS, ABSENT);
    let first = rehearse(&project);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(printed(&first).contains("nothing to compare"), "{first:?}");
    let json = record(&project);
    assert_eq!(json["steps"][1]["id"], "two");
    let screen = json["steps"][0]["screen"].to_string();
    assert!(screen.contains("How big is this image"), "{screen}");
    let second = rehearse(&project);
    assert_eq!(second.code, Some(0), "{second:?}");
    let told = printed(&second);
    assert!(told.contains("compared 2 of 2 steps"), "{told}");
    assert!(told.contains("two: fails, as expected, as on"), "{told}");
    // And it is shown without an engine.
    let words = ["demo", "t", "--replay", "--rehearsal", "r.json"];
    let mut kit = project.kit(&words);
    let replayed: Ended = kit
        .env("DOCKER_HOST", "unix:///nowhere")
        .output()
        .unwrap()
        .into();
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    let shown = printed(&replayed);
    assert!(shown.contains("│ same"), "{shown}");
    assert!(
        shown.contains("`no-such-program` is not in the image"),
        "{shown}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn a_step_that_deviates_is_rejected_and_the_record_stays() {
    let copied = "FROM lab/python:offline\nCOPY said /said\nCMD [\"cat\", \"/said\"]\n";
    let steps = STEPS.replace(", expect: failure", "");
    let project = project(&steps, copied);
    project.write("said", "before\n");
    assert_eq!(rehearse(&project).code, Some(0));
    let before = fs::read(project.path("r.json")).unwrap();
    project.write("said", "after.\n");
    let output = rehearse(&project);
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(
        printed(&output).contains("two: it does not print what"),
        "{output:?}"
    );
    project.write("said", &"before\n".repeat(1_000_000));
    let size = rehearse(&project);
    assert_eq!(size.code, Some(1), "{size:?}");
    assert!(printed(&size).contains("more than 1.0% apart"), "{size:?}");
    assert_eq!(fs::read(project.path("r.json")).unwrap(), before);
    // The Dockerfile itself is another: there is nothing to compare with.
    project.write("Dockerfile.two", GOOD);
    let other = rehearse(&project);
    assert_eq!(other.code, Some(0), "{other:?}");
    assert!(printed(&other).contains("compared 1 of 2"), "{other:?}");
}

#[test]
#[ignore = "needs Docker"]
fn a_step_that_was_to_fail_and_one_that_was_not_are_rejected() {
    let steps = STEPS.replace("title: { en: One, fr: Un }", "title: One, expect: failure");
    let steps = steps.replace("Deux }, expect: failure", "Deux }");
    let project = project(&steps, ABSENT);
    let ended = rehearse(&project);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let told = printed(&ended);
    assert!(told.contains("one: This step was meant to fail"), "{told}");
    assert!(told.contains("two: two could not start"), "{told}");
    assert!(!project.path("r.json").exists());
}

#[test]
#[ignore = "needs Docker"]
fn a_record_of_another_base_is_not_compared_with() {
    let project = project(STEPS, ABSENT);
    assert_eq!(rehearse(&project).code, Some(0));
    let id = record(&project)["base"]["id"].as_str().unwrap().to_owned();
    let other = format!("sha256:{}", "0".repeat(64));
    let text = fs::read_to_string(project.path("r.json")).unwrap();
    // As the record's own base, and not as those of its reports.
    project.write("r.json", &text.replacen(&id, &other, 1));
    let ended = rehearse(&project);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let told = printed(&ended);
    assert!(
        told.contains("another base image (lab/python:offline)"),
        "{told}"
    );
    assert!(told.contains("nothing to compare"), "{told}");
    assert_eq!(record(&project)["base"]["id"], id.as_str());
}

#[test]
#[ignore = "needs Docker"]
fn a_full_disk_keeps_a_rehearsal_from_being_recorded() {
    let project = project(STEPS, ABSENT);
    let words = [
        "demo",
        "t",
        "--rehearse",
        "--offline",
        "--rehearsal",
        "/dev/full",
    ];
    project
        .run(&words)
        .is_undecided(&["/dev/full", "No space left on device"]);
}

#[test]
#[ignore = "needs Docker"]
fn a_step_without_its_service_is_named() {
    let steps = STEPS.replace("variant: two", "variant: tow");
    let project = project(&steps, ABSENT);
    let ended = rehearse(&project);
    ended.is_undecided(&[
        "`demo.yaml`: step `tow` shows `tow`",
        "`compose.yaml`",
        "one, two",
    ]);
}
