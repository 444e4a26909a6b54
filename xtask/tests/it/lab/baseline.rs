//! What a CI job does: a baseline is written, something grows, and the job says what.

use std::fs;

use serde_json::Value;

use super::project::{GOOD, Project};
use crate::live::docker;

/// A small image on another base than `one`'s, which has two tags.
struct Grown {
    project: Project,
    base: String,
}

impl Grown {
    fn new() -> Self {
        let project = Project::of(&[("one", "reference", GOOD), ("two", "rung", GOOD)]);
        let base = format!("{}-base", project.name);
        for (tag, bytes) in [("1", 1_000), ("2", 2_001_000)] {
            let text = format!("FROM lab/python:offline\nRUN head -c {bytes} /dev/zero > /base\n");
            project.write("Dockerfile.base", &text);
            let directory = project.directory.path().to_str().unwrap();
            let file = format!("{directory}/Dockerfile.base");
            let name = format!("{base}:{tag}");
            let built = docker(&["build", "--tag", &name, "--file", &file, directory]);
            assert!(built.status.success(), "{built:?}");
        }
        let grown = Self { project, base };
        grown.is_made_of("1", "");
        grown
    }

    /// The variant `two` on this tag of its base, with these lines more.
    fn is_made_of(&self, tag: &str, lines: &str) {
        let text = format!(
            "FROM {}:{tag}\n{lines}RUN echo note > /note\nCMD [\"echo\", \"same\"]\n",
            self.base
        );
        self.project.write("Dockerfile.two", &text);
    }

    fn run(&self, words: &[&str]) -> super::project::Ended {
        let words = [&["lab", "t", "--offline", "--baseline", "base.json"], words];
        self.project.run(&words.concat())
    }

    fn saved(&self) -> String {
        fs::read_to_string(self.project.path("base.json")).unwrap()
    }
}

impl Drop for Grown {
    fn drop(&mut self) {
        docker(&["rmi", &format!("{}:two", self.project.name)]);
        for tag in ["1", "2"] {
            docker(&["rmi", &format!("{}:{tag}", self.base)]);
        }
    }
}

/// The findings of a rule, with level, line and growth.
fn findings<'a>(report: &'a Value, rule: &str) -> Vec<&'a Value> {
    let all = report["verdict"]["findings"].as_array().unwrap();
    all.iter().filter(|it| it["rule"] == rule).collect()
}

/// Each build gives its files other times, and its layers and image other ids.
#[test]
#[ignore = "needs Docker"]
fn what_is_built_anew_of_the_same_content_is_the_same_baseline() {
    let grown = Grown::new();
    let mut ids = Vec::new();
    let mut baselines = Vec::new();
    for _ in 0..2 {
        let words = ["--no-cache", "--update-baseline", "--format", "json"];
        let ended = grown.run(&words);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
        let layers = report["variants"][1]["layers"].as_array().unwrap();
        ids.push(layers.last().unwrap()["diff_id"].clone());
        baselines.push(grown.saved());
        std::thread::sleep(std::time::Duration::from_secs(2));
    }
    assert_ne!(ids[0], ids[1], "nothing was built anew");
    assert_eq!(baselines[0], baselines[1]);
    let ended = grown.run(&["--no-cache", "--format", "json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    for variant in report["baseline"]["variants"].as_array().unwrap() {
        assert_eq!(
            variant["compared"]["causes"],
            serde_json::json!([]),
            "{variant}"
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn three_megabytes_by_one_instruction_are_named_in_every_format() {
    let grown = Grown::new();
    let missing = grown.run(&[]);
    missing.is_undecided(&["base.json", "--update-baseline"]);
    let written = grown.run(&["--update-baseline"]);
    assert_eq!(written.code, Some(0), "{written:?}");
    assert!(written.stderr.contains("base.json"), "{}", written.stderr);
    let first = grown.saved();
    assert_eq!(grown.run(&["--update-baseline"]).code, Some(0));
    assert_eq!(grown.saved(), first, "two runs in a row write the same");
    assert_eq!(grown.run(&[]).code, Some(0));

    grown.is_made_of("1", "RUN head -c 3000000 /dev/zero > /opt/data\n");
    let outputs = crate::FORMATS.iter().map(|it| format!("{it}=out.{it}"));
    let outputs: Vec<String> = outputs.collect();
    let mut words = vec!["--format", "json"];
    for output in &outputs {
        words.extend(["--output", output]);
    }
    let ended = grown.run(&words);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let report = ended.json();
    let growth = findings(&report, "growth");
    assert_eq!(growth.len(), 1, "{growth:#?}");
    assert_eq!(
        (&growth[0]["line"], &growth[0]["level"]),
        (&2.into(), &"error".into())
    );
    assert_eq!(growth[0]["growth"]["delta"], 3_000_000);
    assert_eq!(growth[0]["growth"]["explained"], 1.0);
    assert_eq!(growth[0]["growth"]["paths"][0]["path"], "opt");
    let out = |name: &str| fs::read_to_string(grown.project.path(name)).unwrap();
    for (file, line) in [
        ("out.markdown", "Dockerfile.two:2"),
        ("out.junit", "Dockerfile.two:2"),
        ("out.sarif", "\"startLine\": 2"),
        ("out.annotations", "file=Dockerfile.two,line=2"),
    ] {
        let text = out(file);
        for said in ["RUN head -c 3000000", "3.0 MB", line] {
            assert!(text.contains(said), "no `{said}` in {file}:\n{text}");
        }
    }
    assert!(out("out.csv").contains("3000000"));
    assert_eq!(grown.saved(), first, "a baseline changes only by its flag");
    let tolerated = grown.run(&["--max-growth", "two=3MB"]);
    assert_eq!(tolerated.code, Some(0), "{tolerated:?}");
}

#[test]
#[ignore = "needs Docker"]
fn another_tag_of_the_base_drifts_and_another_base_is_not_comparable() {
    let grown = Grown::new();
    assert_eq!(grown.run(&["--update-baseline"]).code, Some(0));
    grown.is_made_of("2", "");
    let ended = grown.run(&["--format", "json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let report = ended.json();
    let drift = findings(&report, "base_drift");
    assert_eq!(drift.len(), 1, "{report}");
    assert_eq!(
        (&drift[0]["line"], &drift[0]["level"]),
        (&1.into(), &"warning".into())
    );
    assert_eq!(drift[0]["growth"]["delta"], 2_000_000);
    assert_eq!(findings(&report, "growth").len(), 0);
    assert_eq!(grown.run(&["--max-base-drift", "1MB"]).code, Some(1));

    grown.project.write("Dockerfile.two", GOOD);
    let ended = grown.run(&[]);
    ended.is_undecided(&[
        "can't be compared with",
        "lab/python:offline",
        "--update-baseline",
    ]);
    let replaced = grown.run(&["--update-baseline", "--quiet"]);
    assert_eq!(replaced.code, Some(0), "{replaced:?}");
    assert!(
        replaced.stderr.contains("growth not checked"),
        "{replaced:?}"
    );
    assert_eq!(grown.run(&[]).code, Some(0));
}

#[test]
#[ignore = "needs Docker"]
fn another_output_is_rejected_and_what_fails_is_no_baseline() {
    let project = Project::of(&[("one", "reference", GOOD)]);
    let run = |words: &[&str]| {
        let all = [&["lab", "t", "--offline", "--baseline", "base.json"], words];
        project.run(&all.concat())
    };
    assert_eq!(run(&["--update-baseline"]).code, Some(0));
    let saved = fs::read(project.path("base.json")).unwrap();
    project.write("Dockerfile.one", &GOOD.replace("same", "other"));
    let ended = run(&["--format", "json"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let report = ended.json();
    let changed = findings(&report, "output_changed");
    assert_eq!(changed[0]["difference"]["expected"], "same");
    assert_eq!(changed[0]["difference"]["actual"], "other");
    project.write("Dockerfile.one", "FROM lab/python:offline\nRUN exit 3\n");
    let ended = run(&["--update-baseline", "--quiet"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("failed: one"), "{}", ended.stderr);
    assert_eq!(fs::read(project.path("base.json")).unwrap(), saved);
}

#[test]
#[ignore = "needs Docker"]
fn a_policy_of_the_baseline_can_not_be_raised_and_a_bad_flag_is_named() {
    let grown = Grown::new();
    assert_eq!(grown.run(&["--update-baseline"]).code, Some(0));
    grown.is_made_of("1", "RUN head -c 3000000 /dev/zero > /opt/data\n");
    grown
        .project
        .edit("role: rung }", "role: rung, max_growth: 9MB }");
    assert_eq!(grown.run(&[]).code, Some(0));
    let ended = grown.run(&["--policy", "baseline", "--format", "json"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let report = ended.json();
    let differs = findings(&report, "policy_differs");
    assert_eq!(grown.run(&["--update-baseline"]).code, Some(0));
    grown.is_made_of("1", "");
    let command = "--update-baseline`";
    let shrunk = grown.run(&[]);
    assert!(shrunk.stderr.contains(command), "{}", shrunk.stderr);
    let rejected = grown.run(&["--budget", "1"]);
    assert_eq!(rejected.code, Some(1), "{rejected:?}");
    assert!(!rejected.stderr.contains(command), "{}", rejected.stderr);
    assert_eq!(differs[0]["policy"]["key"], "max_growth");
    assert_eq!(differs[0]["policy"]["file"], "9MB");
    grown
        .run(&["--budget", "1k"])
        .is_undecided(&["--budget", "1KiB"]);
    grown
        .run(&["--max-growth", "twoo=1kB"])
        .is_undecided(&["--max-growth two="]);
}
