//! Engines that are absent, refuse, hang, die in the middle or are no engines.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixListener;
use std::thread;
use std::time::{Duration, Instant};

use xtask::engine::{Endpoint, Engine, Saved};
use xtask::model::{Cancel, EngineProblem, Signal};

use crate::clock::patience;
use crate::live::{base, engine, left, mark, marked, run_on, shell};
use crate::proxy::{Fault, Plan, Proxy, loopback_to, real_socket};

/// In which every fault must be known.
const KNOWN: Duration = Duration::from_secs(5);

fn connect(host: &str) -> Result<Engine, EngineProblem> {
    Engine::connect(&Endpoint::discover(Some(host))?, &Cancel::default())
}

/// A socket on which `answer` is all that anybody is told.
fn impostor(directory: &tempfile::TempDir, answer: &'static [u8]) -> String {
    let path = directory.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        let mut clients = Vec::new();
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all(answer);
            // An empty answer is silence: the connection stays.
            if answer.is_empty() {
                clients.push(client);
            }
        }
    });
    format!("unix://{}", path.display())
}

#[test]
fn an_engine_that_is_not_there_is_unreachable() {
    let problem = connect("unix:///nonexistent.sock").err();
    let Some(EngineProblem::Unreachable { endpoint, .. }) = problem else {
        panic!("{problem:?}");
    };
    assert_eq!(endpoint, "unix:///nonexistent.sock");
}

#[test]
fn a_socket_on_which_nobody_listens_is_unreachable() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket");
    drop(UnixListener::bind(&path).unwrap());
    let problem = connect(&format!("unix://{}", path.display())).err();
    assert!(
        matches!(problem, Some(EngineProblem::Unreachable { .. })),
        "{problem:?}"
    );
}

#[test]
fn an_engine_that_says_nothing_is_silent_after_three_seconds() {
    let directory = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let problem = connect(&impostor(&directory, b"")).err();
    assert!(
        matches!(problem, Some(EngineProblem::Silent { .. })),
        "{problem:?}"
    );
    assert!(begun.elapsed() < patience(KNOWN), "{:?}", begun.elapsed());
}

#[test]
fn a_signal_ends_the_wait_for_a_silent_engine() {
    let directory = tempfile::tempdir().unwrap();
    let host = impostor(&directory, b"");
    let endpoint = Endpoint::discover(Some(&host)).unwrap();
    let cancel = Cancel::default();
    let begun = Instant::now();
    cancel.request(Signal(15));
    let problem = Engine::connect(&endpoint, &cancel).err();
    assert!(
        matches!(problem, Some(EngineProblem::Cancelled(Signal(15)))),
        "{problem:?}"
    );
    assert!(begun.elapsed() < patience(Duration::from_secs(1)));
}

#[test]
fn what_is_no_engine_is_a_bad_endpoint() {
    for answer in [
        &b"SSH-2.0-OpenSSH_9.2\r\n"[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nApi-Version: one\r\nContent-Length: 0\r\n\r\n",
    ] {
        let directory = tempfile::tempdir().unwrap();
        let problem = connect(&impostor(&directory, answer)).err();
        let is_bad = matches!(problem, Some(EngineProblem::BadEndpoint { .. }));
        assert!(
            is_bad,
            "{problem:?} to {:?}",
            String::from_utf8_lossy(answer)
        );
    }
}

/// As `net/http` of Go answers, in which Docker and Podman are written.
#[test]
fn an_engine_that_wants_tls_is_said_to() {
    let directory = tempfile::tempdir().unwrap();
    let answer = b"HTTP/1.0 400 Bad Request\r\n\r\n\
        Client sent an HTTP request to an HTTPS server.\n";
    let host = impostor(&directory, answer);
    let problem = connect(&host).err();
    let Some(EngineProblem::NeedsTls { endpoint }) = problem else {
        panic!("{problem:?}");
    };
    assert_eq!(endpoint, host);
}

#[test]
fn an_engine_of_long_ago_is_too_old() {
    let directory = tempfile::tempdir().unwrap();
    let answer = b"HTTP/1.1 200 OK\r\nApi-Version: 1.40\r\nContent-Length: 0\r\n\r\n";
    let problem = connect(&impostor(&directory, answer)).err();
    let Some(EngineProblem::TooOld { api, oldest }) = problem else {
        panic!("{problem:?}");
    };
    assert_eq!((&*api, oldest), ("1.40", "1.41"));
}

/// Whether a problem is the one that the fault should be told as.
fn is_told(problem: &EngineProblem, fault: Fault) -> bool {
    match fault {
        Fault::Cut | Fault::Drop => matches!(
            problem,
            EngineProblem::Lost { .. } | EngineProblem::Unreachable { .. }
        ),
        Fault::Stall => matches!(problem, EngineProblem::Silent { .. }),
        Fault::Garble => matches!(
            problem,
            EngineProblem::BadEndpoint { .. }
                | EngineProblem::Lost { .. }
                | EngineProblem::Unreachable { .. }
        ),
    }
}

const FAULTS: [Fault; 4] = [Fault::Cut, Fault::Stall, Fault::Garble, Fault::Drop];

#[test]
#[ignore = "needs Docker"]
fn a_fault_while_connecting_is_told_in_time() {
    for request in ["/_ping", "/version", "/info"] {
        for (fault, after) in FAULTS
            .into_iter()
            .flat_map(|fault| [(fault, 0), (fault, 20)])
        {
            let plan = Plan {
                request,
                after,
                fault,
                held: Duration::ZERO,
            };
            let proxy = Proxy::with(plan);
            let begun = Instant::now();
            let problem = Engine::connect(&proxy.endpoint(), &Cancel::default())
                .err()
                .unwrap();
            assert!(is_told(&problem, fault), "{plan:?}: {problem:?}");
            assert!(
                begun.elapsed() < patience(KNOWN),
                "{plan:?}: {:?}",
                begun.elapsed()
            );
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_fault_in_a_run_is_told_in_time_and_leaves_nothing_where_it_can_be_removed() {
    let direct = engine();
    let image = base(&direct);
    for (request, after) in [
        ("/containers/create", 0),
        ("/containers/create", 30),
        ("/attach", 0),
        ("/attach", 600),
        ("/start", 0),
        ("/wait", 10),
        ("DELETE /", 0),
    ] {
        for fault in FAULTS {
            let plan = Plan {
                request,
                after,
                fault,
                held: Duration::ZERO,
            };
            let proxy = Proxy::with(plan);
            let engine = Engine::connect(&proxy.endpoint(), &Cancel::default()).unwrap();
            let mark = mark();
            let spec = marked(shell("head -c 1000 /dev/zero; sleep 0.3; echo more"), &mark);
            let result = run_on(&engine, image, &spec, 60);
            let Some(failed) = proxy.failed_at() else {
                panic!("{plan:?} never came to pass: {result:?}");
            };
            let problem = result.unwrap_err();
            assert!(is_told(&problem, fault), "{plan:?}: {problem:?}");
            assert!(
                failed.elapsed() < patience(KNOWN),
                "{plan:?}: {:?}",
                failed.elapsed()
            );
            proxy.wait_for_the_engine();
            // A dead engine can't be asked to remove anything; where one connection failed,
            // the engine may be at work on a removal whose answer was lost.
            if !fault.is_the_engines() {
                let patience = Instant::now() + patience(Duration::from_secs(2));
                while left(&mark) > 0 {
                    assert!(Instant::now() < patience, "{plan:?}: a container is left");
                }
            }
            crate::live::remove(&mark);
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_container_made_after_its_answer_was_lost_is_removed() {
    let direct = engine();
    let image = base(&direct);
    for fault in [Fault::Garble, Fault::Drop] {
        for held in [1, 100, 1000].map(Duration::from_millis) {
            let plan = Plan {
                request: "/containers/create",
                after: 0,
                fault,
                held,
            };
            let proxy = Proxy::with(plan);
            let engine = Engine::connect(&proxy.endpoint(), &Cancel::default()).unwrap();
            let mark = mark();
            let result = run_on(&engine, image, &marked(shell("echo"), &mark), 60);
            assert!(is_told(&result.unwrap_err(), fault), "{plan:?}");
            let failed = proxy.failed_at().unwrap();
            assert!(
                failed.elapsed() < patience(KNOWN),
                "{plan:?}: {:?}",
                failed.elapsed()
            );
            proxy.wait_for_the_engine();
            assert_eq!(left(&mark), 0, "{plan:?}: a container is left");
            // By force Podman 5 removes half of one that it does not know yet.
            let requests = proxy.requests();
            let first = |method| {
                let is_it = |it: &String| it.starts_with(method) && it.contains("/lab-kit-");
                requests.iter().position(is_it)
            };
            let (seen, removed) = (first("GET "), first("DELETE "));
            assert!(seen.is_some() && seen < removed, "{requests:?}");
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_fault_in_a_save_is_an_error_and_never_a_shorter_image() {
    let direct = engine();
    let image = base(&direct);
    for after in [0, 100, 5_000_000] {
        for fault in FAULTS {
            let plan = Plan {
                request: "/images/get",
                after,
                fault,
                held: Duration::ZERO,
            };
            let proxy = Proxy::with(plan);
            let engine = Engine::connect(&proxy.endpoint(), &Cancel::default()).unwrap();
            let problem = match engine.save(&[image], &Cancel::default()) {
                Err(problem) => problem,
                Ok(mut saved) => {
                    let mut buffer = vec![0; 1 << 16];
                    let error = loop {
                        match saved.read(&mut buffer) {
                            Ok(0) => panic!("{plan:?}: the stream ended as if it were whole"),
                            Ok(_) => {}
                            Err(error) => break error,
                        }
                    };
                    Saved::problem_in(error).unwrap()
                }
            };
            assert!(is_told(&problem, fault), "{plan:?}: {problem:?}");
            let failed = proxy.failed_at().unwrap();
            assert!(
                failed.elapsed() < patience(KNOWN),
                "{plan:?}: {:?}",
                failed.elapsed()
            );
        }
    }
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_behind_the_docker_cli_runs_and_saves() {
    let port = loopback_to(&real_socket());
    let engine = connect(&format!("tcp://127.0.0.1:{port}")).unwrap();
    let image = base(&engine);
    let run = run_on(&engine, image, &shell("printf 'a\\377'; exit 3"), 20).unwrap();
    assert_eq!(run.ending.code(), Some(3));
    assert_eq!(run.stdout.kept, b"a\xff");
    let mut saved = engine.save(&[image], &Cancel::default()).unwrap();
    let through = std::io::copy(&mut saved, &mut std::io::sink()).unwrap();
    assert!(through > 10_000_000, "{through} bytes");
}

#[test]
#[ignore = "needs Docker"]
fn what_the_docker_cli_complains_of_is_the_cause() {
    let begun = Instant::now();
    let problem = connect("tcp://127.0.0.1:1").err().unwrap();
    let EngineProblem::Unreachable { source, .. } = problem else {
        panic!("{problem:?}");
    };
    let cause = source.unwrap().to_string();
    assert!(cause.contains("connection refused"), "{cause}");
    assert!(begun.elapsed() < patience(KNOWN), "{:?}", begun.elapsed());
}
