//! Containers: what they print, how they end, and that none is left.

mod declared;
mod limits;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};
use xtask::engine::RunRequest;
use xtask::model::{
    Bytes, Cancel, Digest, Ending, EngineKind, EngineProblem, Event, Events, RunSpec, Signal,
};

use crate::clock::{patience, soon};
use crate::live::{
    Image, base, command, docker, engine, left, limits, mark, marked, run, run_on, shell,
};

fn exited(code: i64) -> Ending {
    Ending::Exited { code }
}

#[test]
#[ignore = "needs Docker"]
fn the_two_streams_are_kept_apart_byte_for_byte() {
    let run = run(
        &shell(r"printf 'a\377\000\033[31mred\r\n'; printf 'e\200' >&2; exit 3"),
        10,
    );
    assert_eq!(run.ending, exited(3));
    assert_eq!(run.stdout.kept, b"a\xff\0\x1b[31mred\r\n");
    assert_eq!(run.stderr.kept, b"e\x80");
    let hash = Sha256::digest(&run.stdout.kept);
    assert_eq!(run.stdout.sha256, Digest::from_hash(hash.into()));
}

#[test]
#[ignore = "needs Docker"]
fn a_program_that_prints_nothing_and_ends_at_once_is_seen_to_end() {
    let engine = engine();
    let base = base(&engine);
    for _ in 0..10 {
        let run = run_on(&engine, base, &shell("exit 0"), 10).unwrap();
        assert_eq!(run.ending, exited(0));
        assert_eq!(run.stdout.bytes, Bytes(0));
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_program_that_never_ends_is_ended_and_what_it_wrote_is_kept() {
    let mark = mark();
    let spec = marked(shell("echo first; exec sleep 1000"), &mark);
    let begun = Instant::now();
    let run = run(&spec, 2);
    let limit = Duration::from_secs(2);
    assert_eq!(run.ending, Ending::TimedOut { limit });
    assert_eq!(run.stdout.kept, b"first\n");
    assert!(
        begun.elapsed() < patience(Duration::from_secs(6)),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(left(&mark), 0);
}

#[test]
#[ignore = "needs Docker"]
fn the_services_own_deadline_goes_first() {
    let spec = RunSpec {
        timeout: Some(Duration::from_millis(1500)),
        ..shell("sleep 1000")
    };
    let limit = Duration::from_millis(1500);
    assert_eq!(run(&spec, 60).ending, Ending::TimedOut { limit });
}

#[test]
#[ignore = "needs Docker"]
fn a_program_that_floods_its_output_is_drained_to_its_deadline() {
    let mark = mark();
    let run = run(&marked(command(&["yes"]), &mark), 3);
    assert!(matches!(run.ending, Ending::TimedOut { .. }));
    assert_eq!(run.stdout.kept.len(), 64 * 1024);
    assert!(run.stdout.kept.starts_with(b"y\ny\n"));
    assert!(
        run.stdout.bytes > Bytes(10_000_000),
        "{:?}",
        run.stdout.bytes
    );
    assert_eq!(left(&mark), 0);
}

#[test]
#[ignore = "needs Docker"]
fn two_gigabytes_are_drained_counted_and_hashed() {
    let run = run(&shell("head -c 2000000000 /dev/zero"), 60);
    assert_eq!(run.ending, exited(0));
    assert_eq!(run.stdout.bytes, Bytes(2_000_000_000));
    assert_eq!(run.stdout.kept.len(), 64 * 1024);
    // `head -c 2000000000 /dev/zero | sha256sum`
    let expected = "sha256:2e0c654b6cba3a1e816726bae0eac481eb7fd0351633768c3c18392e0f02b619";
    assert_eq!(run.stdout.sha256.to_string(), expected);
}

#[test]
#[ignore = "needs Docker"]
fn a_command_that_cannot_be_started_has_the_code_of_docker_run() {
    for (words, expected) in [
        (&["nope"][..], 127),
        (&["/nope"][..], 127),
        (&["/etc/passwd"][..], 126),
        (&["/etc"][..], 126),
    ] {
        let Ending::NotStarted { code, reason } = run(&command(words), 10).ending else {
            panic!("{words:?} was started");
        };
        assert_eq!(code, expected, "{words:?}: {reason}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn an_image_without_a_command_is_not_started() {
    let engine = engine();
    let image = Image::import("file", b"x", 0o644, &[]);
    let run = run_on(&engine, image.id(&engine), &RunSpec::default(), 10).unwrap();
    assert!(
        matches!(run.ending, Ending::NotStarted { code: 125, .. }),
        "{run:?}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn an_image_that_is_not_there_is_a_problem() {
    let gone = Digest::from_hash([7; 32]);
    let result = run_on(&engine(), gone, &shell("true"), 10);
    assert!(
        matches!(result, Err(EngineProblem::NoImage { .. })),
        "{result:?}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn several_run_at_once_and_answer_in_their_order() {
    let engine = engine();
    let image = base(&engine);
    let specs = ["sleep 1; echo a", "echo b", "sleep 1; echo c"].map(shell);
    let requests = specs.each_ref().map(|spec| RunRequest {
        variant: "test",
        image,
        spec,
    });
    let (sender, events) = mpsc::channel();
    let runs = engine
        .run(
            &requests,
            &limits(20),
            &Events::new(sender),
            &Cancel::default(),
        )
        .unwrap();
    let said: Vec<_> = runs.iter().map(|run| run.stdout.kept.clone()).collect();
    assert_eq!(said, [b"a\n", b"b\n", b"c\n"]);
    let events: Vec<Event> = events.iter().collect();
    assert_eq!(events.len(), 6, "{events:?}");
}

#[test]
#[ignore = "needs Docker"]
fn a_signal_ends_what_runs_and_leaves_nothing_whenever_it_comes() {
    let engine = engine();
    let image = base(&engine);
    for delay in [0, 3, 10, 30, 100, 200, 300, 700] {
        let mark = mark();
        let spec = marked(shell("exec sleep 1000"), &mark);
        let request = RunRequest {
            variant: "test",
            image,
            spec: &spec,
        };
        let cancel = Cancel::default();
        let asked = thread::scope(|scope| {
            let run = scope.spawn(|| {
                let result = engine.run(&[request; 3], &limits(60), &Events::nowhere(), &cancel);
                (result, Instant::now())
            });
            thread::sleep(Duration::from_millis(delay));
            let asked = Instant::now();
            cancel.request(Signal(2));
            let (result, ended) = run.join().unwrap();
            let stopped = matches!(result, Err(EngineProblem::Cancelled(Signal(2))));
            assert!(stopped, "{result:?} after {delay} ms");
            ended - asked
        });
        assert!(
            asked < patience(Duration::from_secs(3)),
            "{asked:?} after {delay} ms"
        );
        assert_eq!(left(&mark), 0, "after {delay} ms");
    }
}

#[test]
#[ignore = "needs Docker"]
fn one_that_cannot_be_run_ends_the_others() {
    let engine = engine();
    let mark = mark();
    let spec = marked(shell("exec sleep 1000"), &mark);
    let request = |image| RunRequest {
        variant: "test",
        image,
        spec: &spec,
    };
    let requests = [request(base(&engine)), request(Digest::from_hash([7; 32]))];
    let begun = Instant::now();
    let result = engine.run(
        &requests,
        &limits(60),
        &Events::nowhere(),
        &Cancel::default(),
    );
    assert!(
        matches!(result, Err(EngineProblem::NoImage { .. })),
        "{result:?}"
    );
    assert!(begun.elapsed() < patience(Duration::from_secs(10)));
    assert_eq!(left(&mark), 0);
}

#[test]
#[ignore = "needs Docker"]
fn a_sweep_takes_what_expired_and_nothing_else() {
    let engine = engine();
    let base = base(&engine).to_string();
    let mark = mark();
    let test = format!("kit-test={mark}");
    let create = |labels: &[&str]| {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        let name = format!("lab-kit-x-{mark}-{count}");
        let mut words = vec!["create", "--name", &name, "--label", &test];
        for label in labels {
            words.extend(["--label", label]);
        }
        words.extend([&*base, "true"]);
        let output = docker(&words);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let expired = create(&["lab-kit.run=x", "lab-kit.expires=1000"]);
    let others = [
        create(&["lab-kit.run=x", "lab-kit.expires=99999999999"]),
        create(&["lab-kit.run=x", "lab-kit.expires=never"]),
        create(&["lab-kit.expires=1000"]),
        create(&["lab-kit.run=x"]),
        create(&[]),
    ];
    engine.sweep(&Cancel::default()).unwrap();
    let is_there = |id: &String| {
        docker(&["inspect", "--type", "container", id])
            .status
            .success()
    };
    let spared: Vec<bool> = others.iter().map(is_there).collect();
    let swept = soon(|| !is_there(&expired));
    for id in others.iter().chain([&expired]) {
        docker(&["rm", "-f", id]);
    }
    assert!(swept);
    assert_eq!(spared, [true; 5]);
}

/// Podman 5 loses a container that is removed by force while it is made, and from then on
/// answers Docker's request for a list with an error.
#[test]
#[ignore = "needs Docker"]
fn a_container_that_the_engine_lost_is_swept_too() {
    let engine = engine();
    if engine.facts().kind == EngineKind::Docker {
        return;
    }
    let base = base(&engine).to_string();
    let is_listed = || docker(&["ps", "-a"]).status.success();
    for _ in 0..20 {
        let name = format!("lab-kit-x-{}", mark());
        thread::scope(|scope| {
            let create = ["create", "--name", &name, "--label", "lab-kit.run=x"];
            let create = [&create[..], &["--label", "lab-kit.expires=1000"]].concat();
            let create = [&create[..], &[&base, "true"]].concat();
            let made = scope.spawn(move || docker(&create));
            while !made.is_finished() {
                docker(&["rm", "-f", &name]);
            }
        });
        if !is_listed() {
            break;
        }
    }
    let swept = engine.sweep(&Cancel::default());
    assert!(swept.is_ok() && is_listed(), "{swept:?}");
}

#[test]
#[ignore = "needs Docker"]
fn an_image_is_described_by_name_and_by_id() {
    let engine = engine();
    let image = Image::import("file", b"four", 0o644, &["CMD [\"a\", \"b\"]", "LABEL k=v"]);
    let cancel = Cancel::default();
    let facts = engine.inspect(&image.name, &cancel).unwrap();
    // Podman puts a registry before it.
    let name = format!("{}:latest", image.name);
    assert!(facts.names[0].ends_with(&name), "{:?}", facts.names);
    assert_eq!(facts.command, ["a", "b"]);
    assert_eq!(facts.labels["k"], "v");
    assert_eq!(facts.layers.len(), 1);
    assert_eq!(facts.platform.os, "linux");
    assert_eq!(
        engine.inspect(&facts.id.to_string(), &cancel).unwrap(),
        facts
    );
    assert!(!engine.has_image("kit-test-api-gone", &cancel).unwrap());
}
