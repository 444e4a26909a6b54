use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::SIGINT;
use signal_hook::flag::register_conditional_default;
use xshell::{Shell, cmd};

use super::{Process, Stream};
use crate::model::{Cancel, ProcessProblem, Signal};

fn shell(script: &str) -> Process {
    heed_sigint();
    let shell = Shell::new().unwrap();
    Process::new(Command::from(cmd!(shell, "sh -c {script}")))
}

/// A background job of a script ignores SIGINT, and so do its children, unless it handles the
/// signal itself, as the kit does: a handler is gone in a child, where "ignored" stays.
fn heed_sigint() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let always = Arc::new(AtomicBool::new(true));
        register_conditional_default(SIGINT, always).unwrap();
    });
}

fn is_running(pid: &str) -> bool {
    // A zombie has ended; whoever adopted it has yet to notice.
    std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()))
        .is_ok_and(|stat| !stat.contains(") Z "))
}

/// Runs a program, cancels it once it has written so many lines, and gives how long the end then
/// took with what it had written.
fn cancel_after_lines(lines: usize, process: Process) -> (Duration, String) {
    let cancel = Cancel::default();
    let mut asked = None;
    let mut seen = String::new();
    let ended = process.run(&cancel, &mut |_, bytes| {
        seen.push_str(&String::from_utf8_lossy(bytes));
        if seen.lines().count() >= lines {
            asked.get_or_insert_with(Instant::now);
            cancel.request(Signal(15));
        }
    });
    let took = asked.expect("it writes so many lines").elapsed();
    assert!(
        matches!(ended, Err(ProcessProblem::Cancelled(Signal(15)))),
        "{ended:?}"
    );
    (took, seen)
}

#[test]
fn both_streams_come_whole_with_the_exit_code() {
    let output = shell("cat; printf 'out\\377'; printf err >&2; exit 3")
        .input(b"in ".to_vec())
        .output(&Cancel::default())
        .unwrap();
    assert_eq!(output.stdout, b"in out\xff");
    assert_eq!(output.stderr, b"err");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_program_that_is_not_there_is_told_apart() {
    let shell = Shell::new().unwrap();
    let absent = Process::new(Command::from(cmd!(shell, "no-such-program-here")));
    let problem = absent.output(&Cancel::default()).unwrap_err();
    assert!(problem.is_missing_program());
}

/// Longer than any busy machine takes, so that what ends earlier was not killed for its grace.
const PATIENT: Duration = Duration::from_secs(30);

#[test]
fn a_cancelled_program_ends_without_waiting_for_its_grace() {
    let process = shell("echo ready; exec sleep 60").grace(PATIENT);
    let (took, _) = cancel_after_lines(1, process);
    assert!(took < PATIENT, "{took:?}");
}

#[test]
fn a_program_that_ignores_the_request_is_killed_with_its_children_after_its_grace() {
    let stubborn = "trap '' INT; sleep 60 & echo $!; (sleep 61 & echo $!; wait) & echo $!; wait";
    let grace = Duration::from_millis(300);
    let (took, pids) = cancel_after_lines(3, shell(stubborn).grace(grace));
    assert!(took >= grace, "{took:?}");
    assert!(took < PATIENT, "{took:?}");
    let patience = Instant::now() + PATIENT;
    for pid in pids.lines() {
        while is_running(pid) {
            assert!(Instant::now() < patience, "{pid} of {pids}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

#[test]
fn a_program_that_tidies_up_when_asked_is_given_the_time() {
    let marker = tempfile::NamedTempFile::new().unwrap();
    let path = marker.path().display();
    let tidy = format!(
        "trap 'sleep 0.2; echo tidied >{path}; exit 0' INT; echo ready; while :; do sleep 0.05; done"
    );
    cancel_after_lines(1, shell(&tidy).grace(PATIENT));
    assert_eq!(std::fs::read_to_string(marker.path()).unwrap(), "tidied\n");
}

#[test]
fn a_deadline_ends_it() {
    let began = Instant::now();
    let late = shell("echo early; exec sleep 60").limit(Duration::from_millis(150));
    let problem = late.output(&Cancel::default()).unwrap_err();
    assert!(matches!(problem, ProcessProblem::TimedOut { .. }));
    assert!(began.elapsed() < PATIENT);
}

#[test]
fn only_a_silent_program_misses_the_deadline_of_its_first_output() {
    let talks = shell("echo early; sleep 2.2").first_output(Duration::from_secs(2));
    assert!(talks.output(&Cancel::default()).unwrap().status.success());
    let silent = shell("sleep 60").first_output(Duration::from_millis(150));
    assert!(matches!(
        silent.output(&Cancel::default()),
        Err(ProcessProblem::TimedOut { .. })
    ));
}

#[test]
fn a_hundred_megabytes_that_nobody_keeps_do_not_block() {
    let mut bytes = [0_u64; 2];
    let status = shell("head -c 100000000 /dev/zero; head -c 100000000 /dev/zero >&2")
        .run(&Cancel::default(), &mut |stream, piece| {
            bytes[usize::from(stream == Stream::Stderr)] += piece.len() as u64;
        })
        .unwrap();
    assert!(status.success());
    assert_eq!(bytes, [100_000_000; 2]);
}

#[test]
fn what_it_leaves_running_does_not_hold_it_up() {
    let best = best_of_many(|| {
        let began = Instant::now();
        let output = shell("sleep 5 & echo $!")
            .output(&Cancel::default())
            .unwrap();
        let took = began.elapsed();
        let pid = String::from_utf8(output.stdout).unwrap();
        assert!(is_running(&pid), "{pid}");
        let _ = shell(&format!("kill {pid}")).output(&Cancel::default());
        took
    });
    assert!(best < Duration::from_millis(500), "{best:?}");
}

#[test]
fn a_chatterer_that_it_leaves_running_does_not_hold_it_up() {
    let began = Instant::now();
    let output = shell("(while echo y; do :; done) & echo pid $! >&2").output(&Cancel::default());
    assert!(began.elapsed() < PATIENT);
    assert!(output.unwrap().status.success());
}

#[test]
fn a_quick_program_costs_no_tick() {
    let best = best_of_many(|| {
        let began = Instant::now();
        shell("exec true").output(&Cancel::default()).unwrap();
        began.elapsed()
    });
    assert!(best < Duration::from_millis(15), "{best:?}");
}

/// The machine may be busy with other tests: only what the mechanism itself takes is meant.
fn best_of_many(once: impl Fn() -> Duration) -> Duration {
    (0..20).map(|_| once()).min().unwrap()
}
