//! A gate on a project whose build context is its root, as most are.

use std::fs;

use super::project::{Ended, Project};

const COPYING: &str = "FROM lab/python:offline\nCOPY . /srv\nCMD [\"echo\", \"same\"]\n";

/// A service that is built of all of its project, and not run.
fn project() -> Project {
    let project = Project::of(&[("web", "rung", COPYING)]);
    project.edit(
        "x-lab: { lab: t, role: rung }",
        "x-lab: { accept: baseline }",
    );
    project.write(".dockerignore", ".cache\n");
    project
}

fn judged(project: &Project, words: &[&str]) -> Ended {
    let given = [
        "lab",
        "--file",
        "compose.yaml",
        "--offline",
        "--format",
        "json",
    ];
    project.run(&[&given, words].concat())
}

const BY: [&str; 4] = ["--baseline", "base.json", "--policy", "baseline"];

fn rules(ended: &Ended) -> Vec<(String, String)> {
    let report = ended.json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["verdict"]["findings"].as_array().unwrap().iter();
    findings
        .map(|it| (text(&it["level"]), text(&it["rule"])))
        .filter(|(_, rule)| rule != "stand_in_base")
        .collect()
}

fn is(level: &str, rule: &str) -> (String, String) {
    (level.to_owned(), rule.to_owned())
}

#[test]
#[ignore = "needs Docker"]
fn a_baseline_in_the_build_context_is_not_growth_and_its_line_is_told() {
    let project = project();
    let update = ["--baseline", "base.json", "--update-baseline"];
    assert_eq!(judged(&project, &update).code, Some(0));
    let first = fs::read_to_string(project.path("base.json")).unwrap();
    let ended = judged(&project, &BY);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(rules(&ended), [is("warning", "own_files")]);
    let report = ended.json();
    let web = &report["variants"][0];
    assert_eq!(web["excluded_bytes"], first.len());
    assert_eq!(web["excluded"][0]["path"], "srv/base.json");
    assert_eq!(web["excluded"][0]["pattern"], "base.json");
    assert_eq!(web["excluded"][0]["dockerignore"], ".dockerignore");
    let compared = &report["baseline"]["variants"][0]["compared"];
    assert_eq!(compared["counted"]["delta"], 0, "{compared}");
    assert_eq!(judged(&project, &update).code, Some(0));
    let second = fs::read_to_string(project.path("base.json")).unwrap();
    assert!(first == second, "the baseline holds itself");
    // A copy, known by the name of the file in the project.
    fs::copy(project.path("base.json"), project.path(".cache/copy.json")).unwrap();
    let copy = [
        "--baseline",
        ".cache/copy.json",
        "--baseline-name",
        "base.json",
    ];
    assert_eq!(
        rules(&judged(&project, &copy)),
        [is("warning", "own_files")]
    );
    project.write(".dockerignore", ".cache\nbase.json\n");
    let ended = judged(&project, &BY);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(!rules(&ended).contains(&is("warning", "own_files")));
}

#[test]
#[ignore = "needs Docker"]
fn meant_growth_is_accepted_by_its_baseline_and_a_service_goes_with_its_own() {
    let project = project();
    project.write(".dockerignore", ".cache\n*.json\n");
    let update = ["--baseline", "base.json", "--update-baseline"];
    assert_eq!(judged(&project, &update).code, Some(0));
    fs::write(project.path("large.bin"), vec![7; 2_000_000]).unwrap();
    let grown = judged(&project, &BY);
    assert_eq!(grown.code, Some(1), "{grown:?}");
    assert_eq!(rules(&grown), [is("error", "growth")]);
    fs::copy(project.path("base.json"), project.path("new.json")).unwrap();
    let update = ["--baseline", "new.json", "--update-baseline"];
    judged(&project, &update);
    let proposed = ["--proposed-baseline", "new.json"];
    let accepted = judged(&project, &[&BY[..], &proposed].concat());
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
    assert_eq!(
        rules(&accepted),
        [is("warning", "accepted"), is("note", "growth")]
    );
    // Renamed, with the baseline that was made for it.
    project.edit("  web:", "  api:");
    assert_eq!(judged(&project, &BY).code, Some(1));
    fs::remove_file(project.path("new.json")).unwrap();
    judged(&project, &update);
    let renamed = judged(&project, &[&BY[..], &proposed].concat());
    assert_eq!(renamed.code, Some(0), "{renamed:?}");
    assert_eq!(
        rules(&renamed),
        [is("warning", "new_variant"), is("note", "removed_variant")]
    );
}
