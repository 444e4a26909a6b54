use std::collections::BTreeMap;
use std::time::Duration;

use super::{Subject, before_build, of_build, of_canary, of_output, of_stages, of_start_or_end};
use crate::dockerfile::{Dockerfile, parse};
use crate::model::{BuildCause, BuildFailure, Bytes, Capture, Diagnosis, Digest, Ending, Run};

const EXPECTED: &str = "first line\nsecond line\n";

/// The build stage, in lines 1 to 4.
const BUILD: &str = "FROM python:3 AS build\nWORKDIR /app\nCOPY make.py .\nRUN python make.py\n";

fn asked<T>(file: &Dockerfile, ask: impl Fn(&Subject<'_>) -> T) -> T {
    let args = BTreeMap::new();
    let given = ["make.py", "tools/show.c"].map(str::to_owned);
    let context = ["make.py", "tools/show.c", "other.txt"].map(str::to_owned);
    ask(&Subject {
        file,
        args: &args,
        script: "make.py",
        output: "out.txt",
        given: &given,
        context: &context,
        ignored: &[],
        image: None,
    })
}

/// The id and line of a cause.
fn told(diagnosis: &Diagnosis) -> (&'static str, Option<u32>) {
    (diagnosis.cause.id(), diagnosis.line)
}

fn captured(text: &str) -> Capture {
    Capture {
        kept: text.into(),
        bytes: Bytes(text.len() as u64),
        sha256: Digest::from_hash([0; 32]),
    }
}

fn run(ending: Ending, stdout: &str, stderr: &str) -> Run {
    Run {
        ending,
        took: None,
        stdout: captured(stdout),
        stderr: captured(stderr),
    }
}

/// A Dockerfile with the build stage, and these lines from line 5 on.
fn after_build(lines: &str) -> Dockerfile {
    parse(&format!("{BUILD}{lines}\n"))
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of submissions")]
fn what_the_text_alone_shows_is_found_before_anything_is_built() {
    for (lines, expected) in [
        (
            "FROM scratch\nCOPY --from=biuld /x /",
            Some(("unknown-stage", Some(6))),
        ),
        (
            "FROM scratch\nCOPY --from=compile /x /",
            Some(("unknown-stage", Some(6))),
        ),
        (
            "FROM scratch\nCOPY --from=7 /x /",
            Some(("unknown-stage", Some(6))),
        ),
        ("FROM biuld", Some(("unknown-stage", Some(5)))),
        (
            "FROM scratch\nCOPY --from=1 /x /",
            Some(("from-itself", Some(6))),
        ),
        (
            "FROM scratch AS run\nCOPY --from=run /x /",
            Some(("from-itself", Some(6))),
        ),
        (
            "FROM scratch\nCOPY --from=late /x /\nFROM x AS late",
            Some(("stage-order", Some(6))),
        ),
        (
            "FROM scratch\nCOPY --from=2 /x /\nFROM x",
            Some(("stage-order", Some(6))),
        ),
        (
            "FROM scratch\nCOPY -from=build /x /",
            Some(("single-dash", Some(6))),
        ),
        (
            "FROM scratch\nCOPY \u{2013}from=build /x /",
            Some(("single-dash", Some(6))),
        ),
        ("ARG X=y\nFROM ${X}", Some(("empty-base", Some(6)))),
        (
            "FROM scratch\nCOPY --from=build /x / \\\nCOPY --from=1 /y /",
            Some(("swallowed-line", Some(6))),
        ),
        ("FROM scratch\nCOPY --from=build /x /", None),
        ("FROM build", None),
        (
            "FROM scratch\nCOPY --from=busybox /x /\nCOPY --from=a/b:1 /x /",
            None,
        ),
        ("FROM alpine\nCOPY --from=0 /x /", None),
    ] {
        let found = asked(&after_build(lines), before_build);
        assert_eq!(found.as_ref().map(told), expected, "{lines}");
    }
    for (text, expected) in [
        ("", Some(("no-from", None))),
        ("RUN x\nFROM y", Some(("no-from", Some(1)))),
        ("FORM y", None),
    ] {
        let found = asked(&parse(text), before_build);
        assert_eq!(found.as_ref().map(told), expected, "{text}");
    }
}

/// What Docker 20.10's classic builder says, and BuildKit's where it differs.
#[test]
#[expect(clippy::too_many_lines, reason = "one table of submissions")]
fn a_build_that_fails_is_explained() {
    let not_there =
        "COPY failed: file not found in build context or excluded by .dockerignore: stat ";
    let missing = BuildCause::SourceMissing;
    let failed = |code| BuildCause::Run {
        exit_code: Some(code),
    };
    for (text, line, cause, log, expected) in [
        (
            "FROM x AS build\nCOPY make.py .\nRUN python make.py\nFROM x\nCOPY --from=build /app/out.txt .",
            5,
            missing,
            "COPY failed: stat app/out.txt: file does not exist".to_owned(),
            ("wrong-path", 5),
        ),
        (
            "FROM x AS build\nCOPY make.py .\nCMD python make.py\nFROM x\nCOPY --from=build /out.txt .",
            5,
            missing,
            "\"/out.txt\": not found".to_owned(),
            ("wrong-instruction", 3),
        ),
        (
            "FROM x AS build\nCOPY make.py .\nONBUILD RUN python make.py\nFROM x\nCOPY --from=build /out.txt .",
            5,
            missing,
            "\"/out.txt\": not found".to_owned(),
            ("wrong-instruction", 3),
        ),
        (
            "FROM x AS build\nCOPY make.py .\nFROM x\nCOPY --from=build /out.txt .",
            4,
            missing,
            "\"/out.txt\": not found".to_owned(),
            ("script-not-run", 4),
        ),
        (
            "FROM x AS build\nCOPY make.py .\nRUN python make.py &\nFROM x\nCOPY --from=build /out.txt .",
            5,
            missing,
            "\"/out.txt\": not found".to_owned(),
            ("script-in-background", 3),
        ),
        (
            "FROM x\nCOPY out.txt .",
            2,
            missing,
            format!("{not_there}out.txt: file does not exist"),
            ("committed-output", 2),
        ),
        (
            "FROM x\nCOPY maek.py .",
            2,
            missing,
            format!("{not_there}maek.py: file does not exist"),
            ("missing-file", 2),
        ),
        (
            "FROM x\nCOPY make.py /src/\nRUN cd /src\nRUN python make.py",
            4,
            failed(2),
            "python: can't open file '//make.py': [Errno 2] No such file or directory".to_owned(),
            ("script-not-found", 4),
        ),
        (
            "FROM x\nCOPY make.py .\nRUN python make.py",
            3,
            failed(127),
            "/bin/sh: 1: python: not found".to_owned(),
            ("tool-missing", 3),
        ),
        (
            "FROM x\nCOPY make.py .\nRUN ./make.py",
            3,
            failed(127),
            "./make.py: 1: Writes a file.: not found".to_owned(),
            ("not-a-program", 3),
        ),
        (
            "FROM x\nCOPY make.py .\nRUN ./make.py",
            3,
            failed(126),
            "/bin/sh: 1: ./make.py: Permission denied".to_owned(),
            ("not-executable", 3),
        ),
        (
            "FROM x\nRUN false",
            2,
            failed(1),
            String::new(),
            ("run-failed", 2),
        ),
        (
            "FROM scratch\nRUN true",
            2,
            BuildCause::Refused,
            "OCI runtime create failed: exec: \"/bin/sh\": stat /bin/sh: no such file or directory"
                .to_owned(),
            ("tool-missing", 2),
        ),
        (
            "FROM x\nCOPPY a b",
            2,
            BuildCause::Syntax,
            "unknown instruction: COPPY".to_owned(),
            ("unknown-instruction", 2),
        ),
        (
            "FROM x\nCOPY --form=a b c",
            2,
            BuildCause::Syntax,
            "Unknown flag: form".to_owned(),
            ("unknown-flag", 2),
        ),
        (
            "FROM x\nRUN python make.py \\\nFROM y\nCOPY --from=x a b",
            2,
            failed(1),
            String::new(),
            ("swallowed-line", 2),
        ),
        (
            "FROM x AS build\nWORKDIR /app\nVOLUME /app\nRUN python make.py\nFROM x\nCOPY --from=build /app/out.txt .",
            6,
            missing,
            "COPY failed: stat app/out.txt: file does not exist".to_owned(),
            ("volume-hides", 3),
        ),
        (
            "FROM x AS build\nRUN python make.py\nFROM x\nCOPY --from=build /app/out.txt .",
            4,
            BuildCause::Refused,
            "/app: no such file or directory".to_owned(),
            ("wrong-path", 4),
        ),
        (
            "FROM x\nEXPOSE abc",
            2,
            BuildCause::Refused,
            "Invalid containerPort: abc".to_owned(),
            ("builder", 2),
        ),
    ] {
        let failure = BuildFailure {
            cause,
            instruction: None,
            line: Some(line),
            log: vec![log.clone()],
        };
        let found = asked(&parse(text), |it| of_build(it, &failure));
        assert_eq!(
            told(&found),
            (expected.0, Some(expected.1)),
            "{text}: {log}"
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of submissions")]
fn a_container_that_fails_is_explained() {
    let not_started = |reason: &str| Ending::NotStarted {
        code: 127,
        reason: reason.to_owned(),
    };
    let exited = |code| Ending::Exited { code };
    let no_shell = "exec: \"/bin/sh\": stat /bin/sh: no such file or directory: unknown";
    let scratch = "FROM scratch\nCOPY --from=build /app/out.txt /\n";
    let debian = "FROM debian\nCOPY --from=build /app/out.txt /\n";
    for (base, lines, ending, stderr, expected) in [
        (
            scratch,
            "CMD cat /out.txt",
            not_started(no_shell),
            "",
            ("program-missing", 7),
        ),
        (
            scratch,
            "CMD [\"cat\", \"/out.txt\"]",
            not_started("exec: \"cat\": executable file not found in $PATH: unknown"),
            "",
            ("program-missing", 7),
        ),
        (
            scratch,
            "CMD [\"/cat\", \"/out.txt\"]",
            not_started("exec /cat: no such file or directory"),
            "",
            ("loader-missing", 7),
        ),
        (
            scratch,
            "CMD ['cat', '/out.txt']",
            not_started(no_shell),
            "",
            ("quotes", 7),
        ),
        (
            debian,
            "CMD [\"cat /out.txt\"]",
            not_started("exec: \"cat /out.txt\": stat cat /out.txt: no such file or directory"),
            "",
            ("one-word", 7),
        ),
        (
            scratch,
            "",
            not_started("No command specified"),
            "",
            ("no-command", 5),
        ),
        (
            debian,
            "USER student\nCMD cat /out.txt",
            not_started("unable to find user student: no matching entries in passwd file"),
            "",
            ("unknown-user", 8),
        ),
        (
            debian,
            "CMD [\"/app\"]",
            not_started("exec: \"/app\": permission denied: unknown"),
            "",
            ("not-executable", 7),
        ),
        (
            debian,
            "CMD [\"cat\", \"$F\"]",
            exited(1),
            "cat: '$F': No such file or directory",
            ("variable-in-list", 7),
        ),
        (
            debian,
            "ENTRYPOINT [\"cat\", \"/out.txt\"]\nCMD [\"cat\", \"/out.txt\"]",
            exited(1),
            "cat: cat: No such file or directory",
            ("entrypoint-with-cmd", 8),
        ),
        (
            debian,
            "USER nobody\nCMD cat /out.txt",
            exited(1),
            "cat: /out.txt: Permission denied",
            ("unreadable", 7),
        ),
        (
            debian,
            "CMD cat /out.txt",
            exited(1),
            "cat: /out.txt: Permission denied",
            ("sandbox-capability", 7),
        ),
        (
            debian,
            "VOLUME /data\nCMD cat /data/out.txt",
            exited(1),
            "cat: /data/out.txt: No such file or directory",
            ("volume-hides", 7),
        ),
        (
            debian,
            "CMD cat out.md",
            exited(1),
            "cat: out.md: No such file or directory",
            ("file-missing", 7),
        ),
        (
            debian,
            "CMD vim out.txt",
            exited(127),
            "/bin/sh: 1: vim: not found",
            ("program-missing", 7),
        ),
        (
            debian,
            "CMD [\"sh\", \"/show.sh\"]",
            exited(1),
            "cat: '/out.txt'$'\\r': No such file or directory",
            ("carriage-returns", 7),
        ),
        (
            debian,
            "CMD python make.py && cat out.txt",
            exited(1),
            "OSError: [Errno 30] Read-only file system: 'out.txt'",
            ("script-at-start", 7),
        ),
        (
            debian,
            "CMD cp /out.txt /tmp/x && cat /tmp/x",
            exited(1),
            "cp: cannot create regular file '/tmp/x': Read-only file system",
            ("sandbox-read-only", 7),
        ),
        (
            debian,
            "CMD curl x",
            exited(6),
            "curl: (6) Could not resolve host: x",
            ("sandbox-network", 7),
        ),
        (debian, "CMD exit 3", exited(3), "", ("exit-code", 7)),
        (
            debian,
            "CMD sleep 99",
            Ending::TimedOut {
                limit: Duration::from_secs(10),
            },
            "",
            ("never-ends", 7),
        ),
        (
            debian,
            "CMD x",
            Ending::Killed {
                code: 137,
                out_of_memory: true,
            },
            "",
            ("sandbox-memory", 7),
        ),
        (
            debian,
            "CMD x",
            Ending::Killed {
                code: 139,
                out_of_memory: false,
            },
            "",
            ("killed", 7),
        ),
    ] {
        let ended = run(ending, "", stderr);
        let file = after_build(&format!("{base}{lines}"));
        let found = asked(&file, |it| of_start_or_end(it, &ended));
        assert_eq!(
            told(&found),
            (expected.0, Some(expected.1)),
            "{lines}: {stderr}"
        );
    }
}

#[test]
fn another_output_is_explained() {
    let base = "FROM debian\nCOPY --from=build /app/out.txt /\n";
    let twice = EXPECTED.repeat(2);
    let extra = format!("hello\n{EXPECTED}");
    let windows = EXPECTED.replace('\n', "\r\n");
    for (lines, stdout, stderr, expected) in [
        ("CMD true", "", "", ("no-output", 7)),
        (
            "CMD cat /out.txt >&2",
            "",
            EXPECTED,
            ("output-on-stderr", 7),
        ),
        ("CMD cat /out.txt /out.txt", &twice, "", ("output-twice", 7)),
        (
            "CMD echo hello; cat /out.txt",
            &extra,
            "",
            ("extra-output", 7),
        ),
        ("CMD unix2dos < /out.txt", &windows, "", ("line-ends", 7)),
        (
            "CMD printf %s \"$(cat /out.txt)\"",
            EXPECTED.trim_end(),
            "",
            ("line-ends", 7),
        ),
        (
            "CMD head -1 /out.txt",
            "first line\n",
            "",
            ("partial-output", 7),
        ),
        ("CMD echo out.txt", "out.txt\n", "", ("other-output", 7)),
        (
            "CMD cat /out.txt\nCMD true",
            "",
            "",
            ("several-commands", 8),
        ),
        ("", "", "", ("no-command", 5)),
        (
            "ENTRYPOINT cat\nCMD [\"/out.txt\"]",
            "",
            "",
            ("entrypoint-with-cmd", 8),
        ),
        (
            "CMD [\"echo\", \"$TEXT\"]",
            "$TEXT\n",
            "",
            ("variable-in-list", 7),
        ),
    ] {
        let ended = run(Ending::Exited { code: 0 }, stdout, stderr);
        let file = after_build(&format!("{base}{lines}"));
        let found = asked(&file, |it| of_output(it, &ended, EXPECTED.as_bytes()));
        assert_eq!(told(&found), (expected.0, Some(expected.1)), "{lines}");
    }
}

#[test]
fn a_text_that_the_script_did_not_write_is_told_by_where_it_comes_from() {
    for (text, stdout, expected) in [
        (
            "FROM x AS b\nRUN printf 'first line\\nsecond line\\n' > out.txt\nFROM y\nCOPY --from=b /out.txt /",
            EXPECTED,
            ("hard-coded-output", Some(2)),
        ),
        (
            "FROM x\nFROM y\nCOPY other.txt /\nCMD cat /other.txt",
            EXPECTED,
            ("committed-output", Some(3)),
        ),
        (
            "FROM x AS b\nCOPY make.py .\nRUN grep line make.py > out.txt\nFROM y",
            "odd",
            ("text-cut-from-script", Some(3)),
        ),
        (
            "FROM x AS b\nCOPY make.py .\nRUN sed -i s/a/b/ make.py && python make.py\nFROM y",
            "odd",
            ("changed-script", Some(3)),
        ),
        (
            "FROM x AS b\nCOPY other.txt make.py\nRUN python make.py\nFROM y",
            EXPECTED,
            ("changed-script", Some(2)),
        ),
        (
            "FROM x AS b\nCOPY make.py .\nRUN python make.py || true\nFROM y",
            EXPECTED,
            ("hidden-failure", Some(3)),
        ),
        ("FROM x AS b\nFROM y", EXPECTED, ("script-not-run", None)),
        (
            "FROM x AS b\nRUN python make.py\nFROM y",
            "odd",
            ("output-not-from-script", None),
        ),
    ] {
        let ended = run(Ending::Exited { code: 0 }, stdout, "");
        let ask = |it: &Subject<'_>| of_canary(it, &ended, EXPECTED.as_bytes(), b"canary\n");
        assert_eq!(told(&asked(&parse(text), ask)), expected, "{text}");
    }
}

#[test]
fn stages_are_apart_or_it_is_said_why_not() {
    let single = "FROM x\nRUN python make.py\nCMD cat out.txt";
    for (text, expected) in [
        (single.to_owned(), Some(("single-stage", Some(1)))),
        (
            format!("FROM y AS unused\n{single}"),
            Some(("single-stage", Some(3))),
        ),
        (
            format!("{BUILD}FROM build\nCMD cat out.txt"),
            Some(("built-on-build-stage", Some(5))),
        ),
        (
            format!("{BUILD}FROM x\nCMD python make.py"),
            Some(("script-at-start", Some(6))),
        ),
        (
            "FROM x AS build\nRUN make\nFROM build\nCOPY --from=build /out.txt /".to_owned(),
            Some(("built-on-build-stage", Some(3))),
        ),
        (
            format!("FROM x AS base\n{BUILD}FROM base\nCOPY --from=build /out.txt /"),
            None,
        ),
        (
            format!("{BUILD}FROM scratch\nCOPY --from=build /app/out.txt /"),
            None,
        ),
    ] {
        let found = asked(&parse(&text), of_stages);
        assert_eq!(found.as_ref().map(told), expected, "{text}");
    }
}

#[test]
fn the_scene_says_where_the_script_ran_and_what_it_made() {
    let made = |lines: &str| {
        let file = parse(&format!("FROM x AS build\n{lines}\nFROM scratch\n"));
        let found = asked(&file, of_stages);
        assert_eq!(found, None);
        asked(&file, |it| it.scene().made)
    };
    for (lines, expected) in [
        ("RUN python make.py", "/out.txt"),
        ("WORKDIR /app\nRUN python make.py", "/app/out.txt"),
        (
            "WORKDIR /app\nWORKDIR src\nRUN python make.py",
            "/app/src/out.txt",
        ),
        ("RUN mkdir /w && cd /w && python /make.py", "/w/out.txt"),
        (
            "WORKDIR /app\nRUN python make.py && mv out.txt /x/",
            "/x/out.txt",
        ),
        ("RUN python make.py\nRUN mv out.txt /y.md", "/y.md"),
    ] {
        assert_eq!(made(lines).as_deref(), Some(expected), "{lines}");
    }
    assert_eq!(made("WORKDIR $HOME\nRUN python make.py"), None);
}
