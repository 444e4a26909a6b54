use super::classify;
use crate::engine::progress::Reader;
use crate::engine::recorded::recorded;
use crate::engine::store::Disk;
use crate::engine::{Cli, Driver, Endpoint};
use crate::model::{BuildCause, BuildFailure, EngineProblem};
use crate::process::Stream;

fn classified(case: &str, builder: &str) -> Result<BuildFailure, EngineProblem> {
    on_disk(Disk::Unseen, case, builder)
}

fn on_disk(disk: Disk, case: &str, builder: &str) -> Result<BuildFailure, EngineProblem> {
    let (told, _) = recorded(case, builder);
    classify(&cli(), "multi", &told, disk)
}

fn cli() -> Cli {
    let endpoint = Endpoint::discover_in(Some("unix:///nowhere.sock"), &|_| None).unwrap();
    Cli::at(&endpoint)
}

fn fault(case: &str, builder: &str) -> BuildFailure {
    classified(case, builder).unwrap_or_else(|problem| panic!("{case} {builder}: {problem:?}"))
}

#[test]
fn a_run_that_fails_is_the_dockerfiles_fault_with_its_code_and_log() {
    for (builder, line) in [
        ("classic", None),
        ("classic-28", None),
        ("podman", None),
        ("plain-20", None),
        ("json-13", None),
        ("plain-29", Some(4)),
        ("json-29", Some(4)),
    ] {
        let failure = fault("run", builder);
        let exit_code = Some(7);
        assert_eq!(failure.cause, BuildCause::Run { exit_code }, "{builder}");
        assert_eq!(failure.line, line, "{builder}");
        // All that it printed: numbers from 1 to 30, with two lines before and one after them.
        assert!(failure.log.len() >= 33, "{builder}: {:?}", failure.log);
        let instruction = failure.instruction.unwrap();
        assert!(instruction.starts_with("RUN echo before; "), "{builder}");
    }
}

/// Another build does the step: Docker 20.10 names it nowhere but in the error, and tells no
/// log.
#[test]
fn a_run_that_fails_for_two_builds_at_once_is_named_in_both() {
    for (builder, log) in [("json-13", 0), ("json-29", 2)] {
        let failure = fault("shared-run", builder);
        let exit_code = Some(1);
        assert_eq!(failure.cause, BuildCause::Run { exit_code }, "{builder}");
        let instruction = failure.instruction.unwrap();
        assert!(instruction.starts_with("RUN echo to-out; "), "{builder}");
        assert_eq!(failure.log.len(), log, "{builder}");
    }
}

#[test]
fn a_syntax_error_has_its_line_and_what_the_builder_says() {
    for builder in ["classic", "plain-20", "json-29"] {
        let failure = fault("syntax", builder);
        assert_eq!(failure.cause, BuildCause::Syntax, "{builder}");
        assert_eq!(failure.line, Some(3), "{builder}");
        assert!(failure.log[0].starts_with("unknown instruction: RUNN"));
        assert_eq!(failure.log.len(), 1, "{builder}");
    }
    assert_eq!(fault("flag", "json-29").line, Some(2));
    let of_podman = fault("syntax", "podman");
    assert_eq!(of_podman.cause, BuildCause::Syntax);
    assert_eq!(of_podman.instruction.as_deref(), Some("RUNN echo hello"));
    assert_eq!(of_podman.log, ["Unknown instruction: \"RUNN\""]);
    for builder in ["classic", "json-29"] {
        assert_eq!(fault("empty", builder).cause, BuildCause::Syntax);
    }
}

#[test]
fn a_source_that_is_not_there_is_named_by_every_builder() {
    for (builder, line) in [
        ("classic", None),
        ("podman", None),
        ("plain-20", None),
        ("json-29", Some(3)),
    ] {
        let failure = fault("copy", builder);
        assert_eq!(failure.cause, BuildCause::SourceMissing, "{builder}");
        assert_eq!(failure.line, line, "{builder}");
        let instruction = failure.instruction.as_deref();
        assert_eq!(instruction, Some("COPY a.txt missing.txt /w/"), "{builder}");
        assert!(failure.log[0].contains("missing.txt"), "{builder}");
        assert!(!failure.log[0].contains("checksum of ref"), "{builder}");
        assert!(!failure.log[0].contains("/var/tmp"), "{builder}");
    }
    assert_eq!(
        fault("copyfrom", "classic").cause,
        BuildCause::SourceMissing
    );
}

/// The file is parsed, or its stages and instructions are read, before a step begins.
#[test]
fn what_the_builders_say_of_a_fault_without_a_line_is_a_result() {
    const SYNTAX: [&str; 4] = [
        "ENV must have two arguments",
        "Syntax error - can't find = in \"c\". Must be of the form: name=value",
        "invalid escape token 'x' does not match ` or \\",
        "only one escape parser directive can be used",
    ];
    const REFUSED: [&str; 11] = [
        "failed to process \"\\\"unclosed\": unexpected end of statement while looking for matching double-quote",
        "failed to process \"${A\": missing ':' in substitution",
        "Invalid containerPort: abc",
        "Invalid proto: foo",
        "Invalid signal: NOPE",
        "uids and gids must be in range 0-2147483647",
        "failed to parse platform a/b/c/d: \"a/b/c/d\": cannot parse platform specifier: invalid argument",
        "invalid reference format: repository name must be lowercase",
        "invalid stage index 5",
        "VOLUME specified can not be an empty string",
        "cannot normalize nothing",
    ];
    let classic = "Error response from daemon: failed to parse Dockerfile.multi: ";
    let of_buildkit =
        "failed to solve with frontend dockerfile.v0: failed to create LLB definition: ";
    for (before, said, begun, cause) in [
        (classic, &SYNTAX[..], false, BuildCause::Syntax),
        (of_buildkit, &SYNTAX[..], true, BuildCause::Syntax),
        ("", &REFUSED[..], true, BuildCause::Refused),
        (of_buildkit, &REFUSED[..], true, BuildCause::Refused),
    ] {
        for said in said {
            let failure = of_text(&format!("{before}{said}"), begun).unwrap();
            assert_eq!(failure.cause, cause, "{said}");
            assert_eq!(failure.log, [*said]);
        }
    }
}

#[test]
fn an_id_out_of_range_is_refused_at_the_run_that_needs_it() {
    for builder in ["classic", "plain-20"] {
        let failure = fault("bigid", builder);
        assert_eq!(failure.cause, BuildCause::Refused, "{builder}");
        assert_eq!(failure.instruction.as_deref(), Some("RUN echo hi"));
        assert!(failure.log[0].starts_with("uids and gids must be in range"));
    }
}

#[test]
fn a_source_that_another_image_lacks_is_named_without_the_builders_own_directories() {
    let failure = fault("nosuch", "plain-20");
    assert_eq!(failure.cause, BuildCause::SourceMissing);
    let instruction = "COPY --from=lab/python:offline /nosuchfile /b";
    assert_eq!(failure.instruction.as_deref(), Some(instruction));
    assert_eq!(failure.log, ["/nosuchfile: no such file or directory"]);
}

#[test]
fn the_classic_builder_repeats_keywords_as_they_are_written() {
    let failure = fault("lower", "classic");
    let exit_code = Some(1);
    assert_eq!(failure.cause, BuildCause::Run { exit_code });
    let instruction = "run echo lowercase && false";
    assert_eq!(failure.instruction.as_deref(), Some(instruction));
    assert_eq!(failure.log, ["lowercase"]);
    let mut reader = Reader::of(Driver::Classic);
    reader.feed(Stream::Stdout, b"Step 1/1 : from nosuch:1\n");
    reader.feed(Stream::Stderr, b"dial tcp: no such host\n");
    match classify(&cli(), "multi", &reader.finish(), Disk::Unseen) {
        Err(EngineProblem::NoBase { image, .. }) => assert_eq!(image, "nosuch:1"),
        other => panic!("{other:?}"),
    }
}

/// Of Docker 20.10's classic builder. `apt-get update` only warns that it reached nothing.
#[test]
fn a_run_without_a_network_says_nothing_of_the_dockerfile() {
    let ended = "The command '/bin/sh -c x' returned a non-zero code: 100\n";
    let of = |log: &str| {
        let mut reader = Reader::of(Driver::Classic);
        let text = format!("Step 1/2 : RUN apt-get update\n ---> Running in 1\n{log}");
        reader.feed(Stream::Stdout, text.as_bytes());
        reader.feed(Stream::Stderr, ended.as_bytes());
        classify(&cli(), "multi", &reader.finish(), Disk::Unseen)
    };
    for said in [
        "Err:1 http://packages.example.org/debian bookworm InRelease",
        "E: Unable to locate package gcc",
        "ERROR: No matching distribution found for pyflask",
        "wget: server returned error: HTTP/1.1 404 Not Found",
    ] {
        let failure = of(&format!("{said}\n")).unwrap();
        assert!(matches!(failure.cause, BuildCause::Run { .. }), "{said}");
    }
    for offline in [
        "W: Failed to fetch http://x  Temporary failure resolving 'packages.example.org'",
        "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
        "WARNING: fetching https://x/APKINDEX.tar.gz: temporary error (try again later)",
        "wget: unable to resolve host address 'x'",
        "wget: bad address 'x'",
        "curl: (6) Could not resolve host: x",
    ] {
        match of(&format!("{offline}\n")) {
            Err(EngineProblem::BuildOffline {
                instruction, said, ..
            }) => assert_eq!((&*instruction, &*said), ("RUN apt-get update", offline)),
            other => panic!("{other:?}"),
        }
        let later =
            "Removing intermediate container 1\n ---> 2\nStep 2/2 : RUN x\n ---> Running in 2\n";
        let is_offline = |log: &str| {
            let ended = of(&format!("{offline}\n{later}{log}\n"));
            matches!(ended, Err(EngineProblem::BuildOffline { .. }))
        };
        assert!(is_offline("E: Unable to locate package gcc"));
        assert!(!is_offline("Traceback (most recent call last):"));
    }
}

#[test]
fn an_unknown_user_or_path_is_refused_whichever_builder_says_it() {
    for builder in ["classic", "plain-20", "json-29"] {
        let failure = fault("user", builder);
        assert_eq!(failure.cause, BuildCause::Refused, "{builder}");
        assert_eq!(failure.instruction.as_deref(), Some("RUN echo hi"));
        assert!(failure.log[0].starts_with("unable to find user nosuchuser"));
    }
    for case in ["user", "stage"] {
        assert_eq!(fault(case, "podman").cause, BuildCause::Refused, "{case}");
    }
    assert_eq!(fault("notdir2", "classic").cause, BuildCause::Refused);
    assert_eq!(fault("scratchrun", "classic").cause, BuildCause::Refused);
}

#[test]
fn a_copy_that_fails_is_that_builds_own_failure_whatever_the_words() {
    let failure = fault("walk", "plain-20");
    assert_eq!(failure.cause, BuildCause::SourceMissing);
    assert_eq!(failure.log, ["/no: no such file or directory"]);
    let failure = fault("links", "plain-20");
    assert_eq!(failure.cause, BuildCause::Refused);
    assert_eq!(failure.log, ["too many symlinks: /l"]);
    for failure in [fault("walk", "plain-20"), fault("links", "plain-20")] {
        assert!(failure.instruction.unwrap().starts_with("COPY --from=a "));
    }
}

/// Another program removed the image that the step stands on: that is not the Dockerfile's fault.
#[test]
fn a_layer_that_was_not_kept_is_nobodys_refusal() {
    let mut reader = Reader::of(Driver::Classic);
    let step = b"Step 1/2 : FROM a\n ---> 1\nStep 2/2 : COPY b /\n";
    reader.feed(Stream::Stdout, step);
    let said = b"failed to export image: failed to set parent sha256:1: unknown parent image ID\n";
    reader.feed(Stream::Stderr, said);
    let problem = classify(&cli(), "multi", &reader.finish(), Disk::Roomy).unwrap_err();
    assert!(
        matches!(&problem, EngineProblem::BuildUnclear { log, .. }
            if log.concat().contains("unknown parent image ID")),
        "{problem:?}"
    );
}

/// Podman says the same of a step in both cases, and of one whose command fails.
#[test]
fn a_command_that_was_never_started_is_the_engines_fault_unless_it_is_not_there() {
    let failure = fault("scratchrun", "podman-5");
    assert_eq!(failure.cause, BuildCause::Refused);
    assert_eq!(failure.instruction.as_deref(), Some("RUN echo hello"));
    assert!(failure.log[0].starts_with("executable file `/bin/sh` not found"));
    assert_eq!(failure.log.len(), 1);
    let failure = fault("scratchrun", "plain-20");
    assert_eq!(failure.cause, BuildCause::Refused);
    assert!(failure.log[0].contains("exec: \"/bin/sh\": stat /bin/sh"));
    assert_eq!(failure.log.len(), 1);
    let problem = classified("runtime", "podman-5").unwrap_err();
    assert!(
        matches!(&problem, EngineProblem::BuildUnclear { log, .. }
            if log.concat().contains("setrlimit `RLIMIT_NOFILE`")),
        "{problem:?}"
    );
}

#[test]
fn a_base_that_cant_be_had_is_a_problem_that_names_it() {
    for (case, expected) in [("base", "lab/nosuch:1"), ("stage", "biuld")] {
        for builder in ["classic", "podman", "plain-20", "json-29"] {
            // Podman looks for a stage and an image of that name before it asks a registry.
            if (case, builder) == ("stage", "podman") {
                continue;
            }
            match classified(case, builder) {
                Err(EngineProblem::NoBase { image, reason, .. }) => {
                    assert_eq!(image.trim_end_matches(":latest"), expected, "{builder}");
                    assert!(reason.contains("no such host"), "{builder}");
                }
                other => panic!("{case} {builder}: {other:?}"),
            }
        }
    }
}

#[test]
fn an_address_that_cant_be_reached_is_nobodys_fault_that_is_known() {
    let problem = classified("url", "plain-20").unwrap_err();
    assert!(
        matches!(&problem, EngineProblem::BuildUnclear { log, .. } if !log.is_empty()),
        "{problem:?}"
    );
}

#[test]
fn a_full_disk_is_told_by_the_log_unless_the_disk_was_seen_to_have_room() {
    for builder in ["classic", "plain-20"] {
        for disk in [Disk::Full, Disk::Unseen] {
            let problem = on_disk(disk, "full", builder).unwrap_err();
            assert!(matches!(problem, EngineProblem::DiskFull), "{builder}");
        }
        let failure = on_disk(Disk::Roomy, "full", builder).unwrap();
        let exit_code = Some(2);
        assert_eq!(failure.cause, BuildCause::Run { exit_code }, "{builder}");
        assert!(failure.log.concat().contains("No space left"), "{builder}");
        // A step that says nothing of it fails of itself even on a full disk.
        assert!(on_disk(Disk::Full, "run", builder).is_ok(), "{builder}");
    }
}

/// The classic builder puts its red between the pieces of one line.
#[test]
fn a_full_tmpfs_of_the_steps_own_is_its_own_fault_in_plain_words() {
    let failure = on_disk(Disk::Roomy, "shm", "classic").unwrap();
    let exit_code = Some(1);
    assert_eq!(failure.cause, BuildCause::Run { exit_code });
    let line = "dd: error writing '/dev/shm/x': No space left on device";
    assert_eq!(failure.log[0], line);
}

/// BuildKit's JSON has what a step printed and what became of it apart.
#[test]
fn an_engines_own_error_is_believed_and_a_steps_output_is_looked_into() {
    let vertex = |error: &str| {
        format!(
            r#"{{"vertexes":[{{"digest":"a","name":"[2/2] RUN x","started":"1","error":{error:?}}}]}}"#
        )
    };
    // `x: No space left on device\n`
    let log = r#"{"logs":[{"vertex":"a","data":"eDogTm8gc3BhY2UgbGVmdCBvbiBkZXZpY2UK"}]}"#;
    let run = "process \"/bin/sh -c x\" did not complete successfully: exit code: 1";
    let engine = "failed to create temp dir: mkdir /y: no space left on device";
    for (disk, error, log, is_full) in [
        (Disk::Roomy, run, log, false),
        (Disk::Full, run, log, true),
        (Disk::Full, run, "", false),
        (Disk::Roomy, engine, "", true),
    ] {
        let began = r#"{"vertexes":[{"digest":"a","name":"[2/2] RUN x","started":"1"}]}"#;
        let text = [began, log, &vertex(error)].join("\n");
        let text = format!("{text}\nERROR: failed to build: failed to solve: {error}\n");
        let mut reader = Reader::of(Driver::BuildxJson);
        reader.feed(Stream::Stderr, text.as_bytes());
        match classify(&cli(), "multi", &reader.finish(), disk) {
            Err(EngineProblem::DiskFull) => assert!(is_full, "{error}"),
            other => assert!(!is_full && other.is_ok(), "{other:?}"),
        }
    }
}

#[test]
fn an_engine_that_goes_away_is_told_from_one_that_never_was() {
    for (text, begun, is_lost) in [
        ("unexpected EOF", true, true),
        (
            "ERROR: failed to build: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
            true,
            true,
        ),
        (
            "ERROR: Cannot connect to the Docker daemon at unix:///x. Is it running?",
            true,
            true,
        ),
        (
            "Cannot connect to the Docker daemon at unix:///x. Is it running?",
            false,
            false,
        ),
    ] {
        let problem = of_text(text, begun).unwrap_err();
        let (lost, absent) = (
            matches!(problem, EngineProblem::Lost { .. }),
            matches!(problem, EngineProblem::Unreachable { .. }),
        );
        assert_eq!((lost, absent), (is_lost, !is_lost), "{text}: {problem:?}");
    }
}

#[test]
fn a_command_that_quotes_an_error_is_not_that_error() {
    let text = "process \"/bin/sh -c echo dial tcp: no such host, unexpected EOF\" did not complete successfully: exit code: 1";
    let failure = of_text(text, true).unwrap();
    let exit_code = Some(1);
    assert_eq!(failure.cause, BuildCause::Run { exit_code });
}

/// A build whose only step is at work when the builder says `text`.
fn of_text(text: &str, begun: bool) -> Result<BuildFailure, EngineProblem> {
    let mut reader = Reader::of(Driver::Inside);
    if begun {
        reader.feed(Stream::Stderr, b"#1 [2/2] RUN echo\n");
    }
    reader.feed(Stream::Stderr, text.as_bytes());
    classify(&cli(), "multi", &reader.finish(), Disk::Unseen)
}

/// `# syntax=docker/dockerfile:1` without a registry, with the BuildKit of Docker 20.10.
#[test]
fn a_frontend_that_cannot_be_had_is_named() {
    match classified("frontend", "json-13") {
        Err(EngineProblem::NoBase { image, .. }) => assert_eq!(image, "docker/dockerfile:1"),
        other => panic!("{other:?}"),
    }
}
