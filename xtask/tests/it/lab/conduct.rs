//! How a run ends that somebody ends, and what it says meanwhile.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::project::{Ended, GOOD, Project, variant};
use crate::clock::patience;
use crate::live::docker;

/// Sends the signal a moment after standard error has said `line`; gives the exit code and
/// how long the end took.
fn ended_at(mut kit: Child, line: &str, signal: Signal) -> (Option<i32>, Duration) {
    let mut lines = BufReader::new(kit.stderr.take().unwrap()).lines();
    let found = lines.by_ref().any(|it| it.unwrap() == line);
    assert!(found, "no line `{line}`");
    thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    kill_process(Pid::from_child(&kit), signal).unwrap();
    lines.for_each(drop);
    let code = kit.wait().unwrap().code();
    (code, begun.elapsed())
}

/// How many containers of this image there are, started by the kit or by a builder.
fn containers_of(image: &str) -> usize {
    let filter = format!("ancestor={image}");
    let list = docker(&["ps", "-aq", "--filter", &filter]);
    String::from_utf8(list.stdout).unwrap().lines().count()
}

#[test]
#[ignore = "needs Docker"]
fn a_signal_ends_a_run_at_every_stage_and_leaves_no_container() {
    let sleeper = "FROM lab/python:offline\nCMD [\"sleep\", \"60\"]\n";
    let builder = format!(
        "FROM lab/python:offline\nRUN sleep 60 # {}\n",
        std::process::id()
    );
    let moments = [
        (GOOD, "reading the Compose file"),
        (builder.as_str(), "building two"),
        (sleeper, "running two"),
    ];
    for (dockerfile, line) in moments {
        for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
            let project = Project::with_solution(dockerfile);
            let kit = project.kit(&["lab", "t", "--offline"]).spawn().unwrap();
            let (ended, took) = ended_at(kit, line, signal);
            assert_eq!(ended, Some(code), "{line}");
            assert!(took < patience(Duration::from_secs(3)), "{line}: {took:?}");
            assert_eq!(containers_of(&format!("{}:two", project.name)), 0, "{line}");
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn two_runs_at_once_do_not_disturb_each_other() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: rung");
    let words = ["lab", "t", "--all", "--offline", "--format", "json"];
    let both = [0, 1].map(|_| project.kit(&words).spawn().unwrap());
    for kit in both {
        let ended = Ended::from(kit.wait_with_output().unwrap());
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.json();
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_reader_that_goes_away_is_a_quiet_success() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: rung");
    let mut kit = project
        .kit(&["lab", "t", "--offline", "--quiet"])
        .spawn()
        .unwrap();
    drop(kit.stdout.take());
    let mut said = String::new();
    kit.stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!((kit.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}

#[test]
#[ignore = "needs Docker"]
fn a_service_that_only_names_an_image_is_measured_where_it_is_asked_for() {
    let project = Project::empty();
    project.write(
        "compose.yaml",
        "services: { db: { image: \"lab/python:offline\" } }",
    );
    let words = ["--file", "compose.yaml", "--offline", "--format", "json"];
    let ended = project.run(&[&["lab", "--variant", "db"], &words[..]].concat());
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.json()["variants"][0]["name"], "db");
}

#[test]
#[ignore = "needs Docker"]
fn a_service_of_any_project_is_built_and_measured_and_not_run() {
    let project = Project::with_solution("FROM lab/python:offline\nCMD [\"sleep\", \"60\"]\n");
    for role in ["reference", "solution"] {
        project.edit(&format!("    x-lab: {{ lab: t, role: {role} }}\n"), "");
    }
    let words = [
        "lab",
        "--file",
        "compose.yaml",
        "--offline",
        "--quiet",
        "--format",
        "json",
    ];
    let ended = project.run(&words);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let report = ended.json();
    let variants = report["variants"].as_array().unwrap();
    assert_eq!(variants.len(), 2);
    for variant in variants {
        assert!(variant["run"].is_null());
        assert!(variant["size"]["unpacked"].as_u64().unwrap() > 0);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_service_may_run_what_another_one_builds() {
    let project = Project::with_solution(GOOD);
    let built = format!("{}:two", project.name);
    let text = fs::read_to_string(project.path("compose.yaml")).unwrap();
    let other = format!("  three:\n    image: {built}\n    x-lab: {{ lab: t, role: rung }}\n");
    project.write("compose.yaml", &(text + &other));
    let (ended, report) = project.report();
    let id = |name: &str| variant(&report, name)["image_id"].clone();
    assert!(id("three").is_string(), "{ended:?}");
    assert_eq!(id("two"), id("three"));
    project.write("Dockerfile.two", "FROM lab/python:offline\nRUNN true\n");
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(variant(&report, "three")["image_id"].is_null());
}

#[test]
#[ignore = "needs Docker"]
fn an_emptied_entrypoint_leaves_the_images_own_command() {
    let both = "FROM lab/python:offline\nENTRYPOINT [\"false\"]\nCMD [\"echo\", \"same\"]\n";
    let project = Project::of(&[("one", "reference", GOOD), ("two", "rung", both)]);
    project.edit("role: rung }\n", "role: rung }\n    entrypoint: []\n");
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(variant(&report, "two")["run"]["stdout"], "same\n");
}

#[test]
#[ignore = "needs Docker"]
fn a_profile_that_the_env_file_makes_active_is_taken() {
    let project = Project::of(&[("one", "reference", GOOD), ("two", "rung", GOOD)]);
    project.edit("role: rung }\n", "role: rung }\n    profiles: [extra]\n");
    let count = |report: &serde_json::Value| report["variants"].as_array().unwrap().len();
    assert_eq!(count(&project.report().1), 1);
    project.write(".env", "COMPOSE_PROFILES=extra\n");
    assert_eq!(count(&project.report().1), 2);
}
