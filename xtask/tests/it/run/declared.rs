//! What an image declares of itself does not loosen the sandbox, and leaves nothing behind.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use xtask::engine::RunRequest;
use xtask::model::{Cancel, Ending, EngineProblem, Events, Run, RunSpec, Signal};

use crate::clock::soon;
use crate::live::{Image, docker, engine, left, limits, mark, marked, run_on, shell};

/// What a service runs here, its container and its volumes marked.
struct Ran {
    run: Result<Run, EngineProblem>,
    containers: usize,
    volumes: usize,
}

fn volumes(mark: &str) -> usize {
    let filter = format!("label=kit-test={mark}");
    let list = docker(&["volume", "ls", "--quiet", "--filter", &filter]);
    assert!(list.status.success(), "{list:?}");
    String::from_utf8_lossy(&list.stdout).lines().count()
}

/// The volumes that no container uses, including those of other tests.
fn unused() -> BTreeSet<String> {
    let list = docker(&["volume", "ls", "--quiet", "--filter", "dangling=true"]);
    assert!(list.status.success(), "{list:?}");
    let names = String::from_utf8_lossy(&list.stdout).into_owned();
    names.lines().map(str::to_owned).collect()
}

fn ran(image: &Image, spec: RunSpec, deadline: u64) -> Ran {
    let (engine, mark) = (engine(), mark());
    let run = run_on(&engine, image.id(&engine), &marked(spec, &mark), deadline);
    Ran {
        run,
        containers: left(&mark),
        volumes: volumes(&mark),
    }
}

fn output(ran: Ran) -> String {
    assert_eq!((ran.containers, ran.volumes), (0, 0));
    let run = ran.run.unwrap();
    assert_eq!(run.ending, Ending::Exited { code: 0 }, "{run:?}");
    String::from_utf8(run.stdout.kept).unwrap()
}

fn image(lines: &str) -> Image {
    Image::built(&format!("FROM {}\n{lines}\n", base_name()))
}

fn base_name() -> String {
    let engine = engine();
    let base = crate::live::base(&engine);
    let facts = engine.inspect(&base.to_string(), &Cancel::default());
    facts.unwrap().names.remove(0)
}

#[test]
#[ignore = "needs Docker"]
fn a_declared_volume_has_its_files_and_cannot_be_written() {
    let image = image(
        "RUN mkdir -p /data/sub && echo hello >/data/sub/f && ln -s /data /link\n\
         VOLUME /data /data/sub /data/ /link /fresh /dev/shm",
    );
    let script = "cat /data/sub/f; \
                  for to in /data /data/sub /link /fresh /dev/shm /; do \
                  echo x 2>/dev/null >$to/x && echo wrote $to; done; true";
    assert_eq!(output(ran(&image, shell(script), 20)), "hello\n");
}

/// The engine makes a directory for each mount; in a read-only volume it can't.
#[test]
#[ignore = "needs Docker"]
fn a_volume_or_tmpfs_within_a_volume_needs_no_directory_in_the_image() {
    let image = image(
        "RUN mkdir /data && echo hello >/data/f && ln -s /data /link\n\
         VOLUME /data /data/new /data/new/er /link/other /no/where",
    );
    let spec = RunSpec {
        tmpfs: [("/data/memory".to_owned(), "size=64k".to_owned())].into(),
        ..shell(
            "cat /data/f; \
             for to in /data /data/new /data/new/er /data/other /no/where /; do \
             [ -d $to ] || echo no $to; echo x 2>/dev/null >$to/x && echo wrote $to; done; \
             echo x >/data/memory/x; \
             head -c 100000 /dev/zero 2>/dev/null >/data/memory/y && echo much; true",
        )
    };
    let ran = ran(&image, spec, 20);
    assert_eq!(output(ran), "hello\n");
}

#[test]
#[ignore = "needs Docker"]
fn a_service_can_have_a_tmpfs_where_its_image_has_a_volume() {
    let image = image("VOLUME /data");
    let spec = RunSpec {
        tmpfs: [("/data/".to_owned(), "size=1m".to_owned())].into(),
        ..shell("grep -c '^tmpfs /data tmpfs rw' /proc/mounts; grep -c ' /data ' /proc/mounts")
    };
    assert_eq!(output(ran(&image, spec, 20)), "1\n1\n");
}

#[test]
#[ignore = "needs Docker"]
fn nothing_of_a_volume_is_left_however_the_container_ends() {
    let image = image("VOLUME /a /b");
    let before = unused();
    let timed_out = ran(&image, shell("sleep 1000"), 1);
    assert!(matches!(
        timed_out.run.unwrap().ending,
        Ending::TimedOut { .. }
    ));
    let no_program = ran(&image, crate::live::command(&["/nope"]), 10);
    assert!(matches!(
        no_program.run.unwrap().ending,
        Ending::NotStarted { .. }
    ));
    let refused = RunSpec {
        hostname: Some("-no-host-name-".repeat(40)),
        ..shell("true")
    };
    let refused = ran(&image, refused, 10);
    assert!(refused.run.is_err() || refused.run.is_ok_and(|run| !run.ending.is_success()));
    let counts = [
        (timed_out.containers, timed_out.volumes),
        (no_program.containers, no_program.volumes),
        (refused.containers, refused.volumes),
    ];
    assert_eq!(counts, [(0, 0); 3]);
    // Other tests create and remove volumes at the same time.
    let left: BTreeSet<String> = unused().difference(&before).cloned().collect();
    assert!(soon(|| left.is_disjoint(&unused())), "of {left:?}");
}

#[test]
#[ignore = "needs Docker"]
fn a_signal_leaves_no_volume_whenever_it_comes() {
    let image = image("VOLUME /a /b /c");
    let engine = engine();
    let id = image.id(&engine);
    for delay in [0, 5, 10, 20, 40, 80, 160, 320] {
        let mark = mark();
        let spec = marked(shell("sleep 1000"), &mark);
        let cancel = Cancel::default();
        thread::scope(|scope| {
            let asked = cancel.clone();
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(delay));
                asked.request(Signal(15));
            });
            let request = RunRequest {
                variant: "test",
                image: id,
                spec: &spec,
            };
            let ended = engine.run(&[request], &limits(20), &Events::nowhere(), &cancel);
            assert!(
                matches!(ended, Err(EngineProblem::Cancelled(Signal(15)))),
                "{ended:?}"
            );
        });
        assert_eq!((left(&mark), volumes(&mark)), (0, 0), "after {delay} ms");
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_health_check_of_the_image_does_not_run() {
    let image = image("HEALTHCHECK --interval=1s --timeout=1s CMD echo beat >/dev/shm/beat");
    let script = "sleep 3; ls /dev/shm";
    assert_eq!(output(ran(&image, shell(script), 20)), "");
}

#[test]
#[ignore = "needs Docker"]
fn what_else_an_image_declares_has_no_effect_on_the_sandbox() {
    let image = image(
        "EXPOSE 80 443/udp\nSTOPSIGNAL SIGUSR1\nUSER root\nWORKDIR /made/here\n\
         SHELL [\"/nope\"]\nONBUILD VOLUME /later\n\
         LABEL lab-kit.run=forged lab-kit.expires=1\nENTRYPOINT [\"/bin/sh\", \"-c\"]\n\
         CMD [\"trap '' USR1; pwd; ls /sys/class/net; grep CapEff /proc/self/status; \
         echo x 2>/dev/null >/made/here/x && echo wrote; true\"]",
    );
    let said = output(ran(&image, RunSpec::default(), 20));
    assert_eq!(said, "/made/here\nlo\nCapEff:\t0000000000000000\n");
}

#[test]
#[ignore = "needs Docker"]
fn too_many_declared_volumes_are_refused() {
    let paths: Vec<_> = (0..100).map(|number| format!("/v{number}")).collect();
    let image = image(&format!("VOLUME {}", paths.join(" ")));
    let ran = ran(&image, shell("true"), 20);
    assert!(
        matches!(&ran.run, Err(EngineProblem::NoContainer { message, .. }) if message.contains("100")),
        "{:?}",
        ran.run
    );
    assert_eq!((ran.containers, ran.volumes), (0, 0));
}

/// A container has the labels of its image, and an image can say what it likes.
#[test]
#[ignore = "needs Docker"]
fn a_sweep_spares_containers_and_volumes_that_only_have_the_kits_labels() {
    let engine = engine();
    let labels = "LABEL lab-kit.run=x lab-kit.expires=1000";
    let image = image(labels);
    let created = docker(&["create", &image.name, "true"]);
    let theirs = String::from_utf8(created.stdout).unwrap().trim().to_owned();
    let volume = |name: &str, expires: &str| {
        let expires = format!("lab-kit.expires={expires}");
        let words = ["volume", "create", "--label", "lab-kit.run=x", "--label"];
        let made = docker(&[&words[..], &[&expires, name]].concat());
        assert!(made.status.success(), "{made:?}");
        name.to_owned()
    };
    let mark = mark();
    let swept = volume(&format!("lab-kit-x-{mark}-volume-0"), "1000");
    let spared = [
        volume(&format!("lab-kit-x-{mark}-volume-1"), "99999999999"),
        volume(&format!("{mark}-data"), "1000"),
    ];
    engine.sweep(&Cancel::default()).unwrap();
    let is_there = |name: &String| docker(&["volume", "inspect", name]).status.success();
    let seen = (soon(|| !is_there(&swept)), spared.iter().all(is_there));
    let their_container = docker(&["inspect", &theirs]).status.success();
    docker(&["rm", "-f", &theirs]);
    for name in spared.iter().chain([&swept]) {
        docker(&["volume", "rm", name]);
    }
    assert_eq!(seen, (true, true));
    assert!(their_container);
}
