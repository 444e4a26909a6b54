//! What a program may not do, or not without end: the sandbox, memory, processes.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use xtask::engine::{Engine, Limiting};
use xtask::model::{Bytes, Cancel, Ending, EngineKind, RunSpec};

use super::exited;
use crate::clock::patience;
use crate::live::{base, command, docker, engine, mark, marked, run, run_on, shell};
use crate::proxy::Proxy;

#[test]
#[ignore = "needs Docker"]
fn the_sandbox_has_no_network_no_capabilities_and_a_read_only_root() {
    let script = "touch /here 2>/dev/null && echo writable; \
                  ls /sys/class/net; \
                  grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status";
    let run = run(&shell(script), 10);
    let text = String::from_utf8(run.stdout.kept).unwrap();
    assert!(!text.contains("writable"), "{text}");
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let zero = "0000000000000000";
    assert_eq!(
        words,
        ["lo", "CapEff:", zero, "CapBnd:", zero, "NoNewPrivs:", "1"]
    );
}

#[test]
#[ignore = "needs Docker"]
fn a_service_has_the_tmpfs_user_directory_and_environment_that_it_asks_for() {
    let mut spec = RunSpec {
        tmpfs: [("/scratch".to_owned(), "size=1m".to_owned())].into(),
        environment: vec!["A=b c".to_owned()],
        user: Some("1234:1234".to_owned()),
        hostname: Some("lab".to_owned()),
        ..shell("id -u; pwd; echo $A; hostname; grep -c ' /scratch tmpfs rw' /proc/mounts")
    };
    spec.command.working_dir = Some("/usr".to_owned());
    let run = run(&spec, 10);
    assert_eq!(
        String::from_utf8_lossy(&run.stdout.kept),
        "1234\n/usr\nb c\nlab\n1\n"
    );
}

/// Whether the kit says that a program ran out of memory, and whether the engine tells it.
fn out_of_memory(engine: &Engine) -> [bool; 2] {
    let mark = mark();
    let spec = RunSpec {
        memory: Some(Bytes(32 << 20)),
        ..command(&["python3", "-c", "x = b'x' * (200 << 20)"])
    };
    let run = run_on(engine, base(engine), &marked(spec, &mark), 20).unwrap();
    let Ending::Killed {
        code: 137,
        out_of_memory,
    } = run.ending
    else {
        panic!("{run:?}");
    };
    let label = format!("label=kit-test={mark}");
    // The CLI's own `0s` is the last full second.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let until = format!("{}.{:09}", now.as_secs(), now.subsec_nanos());
    let mut words = vec!["events", "--since=1", "--until", &until];
    words.extend(["--filter=event=oom", "--filter", &label]);
    [out_of_memory, !docker(&words).stdout.is_empty()]
}

/// containerd 1.6 on a busy machine may lose what the kernel says: of 120 the engine never
/// heard of one. Such a run proves nothing.
fn said_whenever_told(engine: &Engine) -> bool {
    (0..3).any(|_| {
        let [said, told] = out_of_memory(engine);
        // Podman has no event of it.
        if engine.facts().kind == EngineKind::Docker {
            assert_eq!(said, told);
        }
        said
    })
}

#[test]
#[ignore = "needs Docker"]
fn a_program_that_takes_too_much_memory_is_killed_and_said_to_be() {
    let engine = engine();
    // `doctor` says so.
    if engine.limiting() == Limiting::Ignored {
        return;
    }
    // Podman 4.3 does not tell.
    let version = engine.facts().version.as_deref().unwrap_or_default();
    let tells = engine.facts().kind == EngineKind::Docker || !version.starts_with("4.");
    assert_eq!(said_whenever_told(&engine), tells);
}

#[test]
#[ignore = "needs Docker"]
fn want_of_memory_is_known_from_the_event_where_the_container_does_not_say() {
    let proxy = Proxy::lying([r#""OOMKilled":true"#, r#""OOMKilled":null"#]);
    let engine = Engine::connect(&proxy.endpoint(), &Cancel::default()).unwrap();
    if engine.limiting() == Limiting::Ignored {
        return;
    }
    let tells = engine.facts().kind == EngineKind::Docker;
    assert_eq!(said_whenever_told(&engine), tells);
    let asked = |what: &str| proxy.requests().iter().any(|it| it.contains(what));
    assert!(asked("/events?"), "{:?}", proxy.requests());
}

#[test]
#[ignore = "needs Docker"]
fn a_kill_that_is_not_for_want_of_memory_is_not_said_to_be() {
    let begun = Instant::now();
    let killed = Ending::Killed {
        code: 137,
        out_of_memory: false,
    };
    assert_eq!(run(&shell("exit 137"), 20).ending, killed);
    assert!(begun.elapsed() < patience(Duration::from_secs(5)));
}

#[test]
#[ignore = "needs Docker"]
fn a_program_that_dies_of_a_signal_is_said_to() {
    // The kernel spares a container's first process its own signals.
    let spec = shell("/bin/sh -c 'kill -SEGV $$'; exit $?");
    let killed = Ending::Killed {
        code: 139,
        out_of_memory: false,
    };
    assert_eq!(run(&spec, 10).ending, killed);
}

#[test]
#[ignore = "needs Docker"]
fn too_many_processes_are_refused_to_the_program_and_not_to_the_machine() {
    let spec = RunSpec {
        pids: Some(8),
        ..shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 3 & done; wait; echo end")
    };
    let engine = engine();
    let run = run_on(&engine, base(&engine), &spec, 20).unwrap();
    let is_refused = run.ending != exited(0);
    assert_eq!(
        is_refused,
        engine.limiting() == Limiting::Enforced,
        "{run:?}"
    );
}
