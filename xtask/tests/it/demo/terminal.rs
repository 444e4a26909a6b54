//! The terminal is given back as it was, however the lesson ends.

use std::env;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::tmux::Tmux;
use super::{TOP, recorded};

/// The lesson of exercise 08 from the record, in a terminal of this size.
pub(super) fn replayed(size: [u16; 2], directory: &std::path::Path, more: &str) -> Tmux {
    let (kit, record) = (env!("CARGO_BIN_EXE_xtask"), recorded());
    let cache = directory.join(".cache");
    let command = format!(
        "(cd {TOP} && LC_ALL=C.UTF-8 XDG_CACHE_HOME={} {kit} demo ex08 --replay --rehearsal {record} {more})",
        cache.display()
    );
    Tmux::run(size, directory, &command)
}

#[test]
#[ignore = "needs tmux"]
fn the_terminal_is_as_it_was_after_quit_and_ctrl_c() {
    for (keys, code) in [(&["q", "q"][..], "ended: 0"), (&["C-c"], "ended: 130")] {
        let directory = tempfile::tempdir().unwrap();
        let tmux = replayed([80, 24], directory.path(), "");
        tmux.wait_for("1  Everything in one stage");
        assert_eq!(tmux.variable("alternate_on"), "1");
        tmux.press(&["Space"]);
        tmux.wait_for("$ docker build");
        tmux.press(keys);
        let screen = tmux.wait_for(code);
        assert!(!screen.contains("docker build"), "{screen}");
        tmux.is_restored(directory.path());
    }
}

#[test]
#[ignore = "needs tmux"]
fn the_terminal_is_as_it_was_after_a_signal() {
    let directory = tempfile::tempdir().unwrap();
    let tmux = replayed([80, 24], directory.path(), "");
    tmux.wait_for("1  Everything in one stage");
    let live = directory.path().join(".cache/lab-kit/demo/ex08.live.json");
    let live = std::fs::read_to_string(live).unwrap();
    let live: serde_json::Value = serde_json::from_str(&live).unwrap();
    let process = i32::try_from(live["process"].as_i64().unwrap()).unwrap();
    kill_process(Pid::from_raw(process).unwrap(), Signal::TERM).unwrap();
    tmux.wait_for("ended: 143");
    tmux.is_restored(directory.path());
}

/// What the next test runs in a terminal.
const PANICS: &str = "LAB_TEST_PANICS";

#[test]
fn a_panic_on_a_screen() {
    if env::var_os(PANICS).is_none() {
        return;
    }
    let mut screen = xtask::term::Screen::enter().unwrap();
    let lines = ["the lesson".to_owned()];
    screen.draw([80, 24], &lines).unwrap();
    screen.keys(Duration::from_millis(500)).unwrap();
    panic!("a panic of the test's own");
}

#[test]
#[ignore = "needs tmux"]
fn the_terminal_is_as_it_was_after_a_panic_which_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let tests = env::current_exe().unwrap();
    let name = "demo::terminal::a_panic_on_a_screen";
    let command = format!("{PANICS}=1 {} --exact {name} --nocapture", tests.display());
    let tmux = Tmux::run([80, 24], directory.path(), &command);
    let screen = tmux.wait_for("ended: 101");
    assert!(screen.contains("a panic of the test's own"), "{screen}");
    tmux.is_restored(directory.path());
}
