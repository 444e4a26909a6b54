//! A lesson on a living engine, which fails in the middle of it.

use std::time::Duration;

use super::rehearsal::{ABSENT, project, rehearse};
use super::tmux::Tmux;
use crate::lab::project::Project;
use crate::proxy::{Fault, Plan, Proxy};

const STEPS: &str = "
steps:
  - { variant: one, title: { en: One, fr: Un }, limit: 3s }
  - { variant: two, title: { en: Two, fr: Deux }, expect: failure, limit: 3s }
";

fn lesson(project: &Project, host: &str) -> Tmux {
    let (kit, directory) = (env!("CARGO_BIN_EXE_xtask"), project.directory.path());
    let command = format!(
        "LC_ALL=C.UTF-8 XDG_CACHE_HOME={} {kit} demo t --offline --rehearsal r.json {host}",
        directory.join(".cache").display()
    );
    Tmux::run([80, 24], directory, &command)
}

fn host(proxy: &Proxy) -> String {
    format!("--host {}", proxy.endpoint().address())
}

#[test]
#[ignore = "needs Docker and tmux"]
fn a_lesson_builds_runs_and_measures_at_a_key() {
    let project = project(STEPS, ABSENT);
    let tmux = lesson(&project, "");
    tmux.wait_for("2  Two");
    tmux.press(&["Space"]);
    let plan = tmux.wait_for("⏎ run it");
    assert!(plan.contains("$ docker build -t"), "{plan}");
    tmux.press(&["Space"]);
    let output = tmux.wait_for("How big is this image");
    assert!(output.contains("│ same"), "{output}");
    assert!(!output.contains("recorded"), "{output}");
    tmux.press(&["Space"]);
    tmux.wait_for("▸ one");
    tmux.press(&["Space", "Space"]);
    tmux.wait_for("`no-such-program` is not in the image");
    tmux.press(&["r"]);
    tmux.wait_for("It fails, as expected");
    tmux.press(&["C-c"]);
    tmux.wait_for("ended: 130");
    tmux.is_restored(project.directory.path());
}

#[test]
#[ignore = "needs Docker and tmux"]
fn an_engine_that_dies_in_a_step_is_stood_in_for_and_the_lesson_goes_on() {
    let project = project(STEPS, ABSENT);
    assert_eq!(rehearse(&project).code, Some(0));
    let proxy = Proxy::with(Plan {
        request: "/build?",
        after: 0,
        fault: Fault::Cut,
        held: Duration::ZERO,
    });
    let tmux = lesson(&project, &host(&proxy));
    tmux.wait_for("recorded results: 2 of 2");
    tmux.press(&["Space", "Space"]);
    let offer = tmux.wait_for("shows the result recorded on");
    assert!(offer.contains("✘ It did not work"), "{offer}");
    tmux.press(&["Space"]);
    let output = tmux.wait_for("How big is this image");
    assert!(output.contains("recorded on"), "{output}");
    tmux.press(&["Space", "Space"]);
    // No engine is left: the next step is stood in for too.
    tmux.wait_for("2/2  Two");
    tmux.press(&["Space"]);
    tmux.wait_for("shows the result recorded on");
    tmux.press(&["Space"]);
    tmux.wait_for("It fails, as expected");
    tmux.press(&["q", "q"]);
    tmux.wait_for("ended: 0");
    tmux.is_restored(project.directory.path());
}

#[test]
#[ignore = "needs Docker and tmux"]
fn a_build_that_stalls_is_stood_in_for_after_its_limit() {
    let project = project(STEPS, ABSENT);
    assert_eq!(rehearse(&project).code, Some(0));
    let proxy = Proxy::with(Plan {
        request: "/build?",
        after: 0,
        fault: Fault::Stall,
        held: Duration::ZERO,
    });
    let tmux = lesson(&project, &host(&proxy));
    tmux.wait_for("recorded results: 2 of 2");
    tmux.press(&["Space", "Space"]);
    tmux.wait_for("▶ building · ");
    let offer = tmux.wait_for("It takes longer than 3.00 s");
    assert!(offer.contains("recorded on"), "{offer}");
    tmux.press(&["Space"]);
    tmux.wait_for("How big is this image");
    // What stalled is ended before the lesson is.
    tmux.press(&["q", "q"]);
    tmux.wait_for("ended: 0");
    tmux.is_restored(project.directory.path());
}

/// As without a network: a RUN that downloads ends with an exit code.
#[test]
#[ignore = "needs Docker and tmux"]
fn a_build_that_fails_unmeant_is_stood_in_for() {
    let fetching = "FROM lab/python:offline\nCOPY fetch /\nRUN sh /fetch\nCMD [\"echo\", \"it\"]\n";
    let steps = STEPS.replace("limit: 3s", "limit: 60s");
    let project = project(&steps.replace("expect: failure, ", ""), fetching);
    project.write("fetch", "true\n");
    assert_eq!(rehearse(&project).code, Some(0));
    project.write(
        "fetch",
        "echo 'Could not resolve host: deb.example'; exit 100\n",
    );
    let tmux = lesson(&project, "");
    tmux.wait_for("recorded results: 2 of 2");
    tmux.press(&["j", "2", "Enter", "Space"]);
    let offer = tmux.wait_for("shows the result recorded on");
    assert!(offer.contains("resolve host: deb.example"), "{offer}");
    tmux.press(&["Space"]);
    tmux.wait_for("How big is this image");
    tmux.press(&["q", "q"]);
    tmux.wait_for("ended: 0");
}

#[test]
#[ignore = "needs Docker and tmux"]
fn a_lesson_that_can_not_begin_names_the_recorded_one() {
    let project = project(STEPS, ABSENT);
    assert_eq!(rehearse(&project).code, Some(0));
    let tmux = lesson(&project, "--host unix:///nowhere.sock");
    let screen = tmux.wait_for("ended: 2");
    assert!(
        screen.contains("the recorded lesson needs no engine"),
        "{screen}"
    );
}
