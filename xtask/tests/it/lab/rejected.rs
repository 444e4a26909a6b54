use serde_json::json;

use super::project::{GOOD, Project, rules, variant};

/// A Dockerfile of the base, with these lines.
fn based(lines: &str) -> String {
    format!("FROM lab/python:offline\n{lines}\n")
}

/// A Dockerfile whose command is this shell script.
fn script(script: &str) -> String {
    based(&format!("CMD {}", json!(["/bin/sh", "-c", script])))
}

#[test]
#[ignore = "needs Docker"]
fn a_good_lab_is_accepted() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: rung");
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(report["verdict"]["outcome"], "accepted");
    assert_eq!(report["comparison"]["outputs_match"], true);
}

#[test]
#[ignore = "needs Docker"]
fn each_fault_of_a_dockerfile_is_reported_with_its_line() {
    let faults = [
        (based("RUNN true"), "syntax", 2),
        (based("RUN echo begun; exit 7"), "run", 2),
        (based("\nCOPY absent.txt /"), "source_missing", 3),
        (based("ENV A"), "syntax", 2),
        (based("LABEL a=b c"), "syntax", 2),
        (based("ENV A=\"unclosed"), "refused", 2),
        (based("ENV B=${A"), "refused", 2),
        (based("EXPOSE abc"), "refused", 2),
        (based("STOPSIGNAL NOPE"), "refused", 2),
        (based("USER 99999999999\nRUN true"), "refused", 3),
        (based("COPY --from=5 /a /b"), "refused", 2),
        (
            based("COPY --from=lab/python:offline /absent /b"),
            "source_missing",
            2,
        ),
        (
            "FROM --platform=a/b/c/d lab/python:offline\n".to_owned(),
            "refused",
            1,
        ),
        ("FROM LAB/Python:offline\n".to_owned(), "refused", 1),
        (
            "from lab/python:offline\n\nrun echo a && false\n".to_owned(),
            "run",
            3,
        ),
        (based("ENV A=1 \\\n\n  B=2\nRUN false"), "run", 5),
    ];
    for (dockerfile, cause, line) in faults {
        let project = Project::with_solution(&dockerfile);
        let (ended, report) = project.report();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let two = variant(&report, "two");
        let failure = &two["build"]["failure"];
        assert_eq!(failure["line"], line, "{failure}");
        assert!(failure.to_string().contains(cause), "{cause}: {failure}");
        assert!(two["run"].is_null());
        assert_eq!(
            rules(&report, "two"),
            ["build_failed"],
            "{}",
            report["verdict"]
        );
        assert!(ended.stderr.contains("two"), "{}", ended.stderr);
    }
}

/// Docker 20.10 crashes on one, so that it is not asked.
#[test]
#[ignore = "needs Docker"]
fn a_dockerfile_without_from_is_reported_like_any_other_fault() {
    for dockerfile in ["", "# nothing\n", "ARG A\n"] {
        let project = Project::with_solution(dockerfile);
        let (ended, report) = project.report();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let failure = &variant(&report, "two")["build"]["failure"];
        assert_eq!(failure["cause"], "syntax", "{failure}");
        assert!(failure.to_string().contains("no FROM"), "{failure}");
        assert_eq!(variant(&report, "one")["run"]["exit_code"], 0);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_service_that_runs_what_no_image_can_be_called_is_told_so() {
    let project = Project::with_solution(GOOD);
    let image = format!("{}:two", project.name);
    project.edit(&image, "LAB/Python:offline");
    project.edit(
        "    build: { context: ., dockerfile: Dockerfile.two }\n",
        "",
    );
    let ended = project.run(&["lab", "t", "--offline"]);
    assert_eq!(ended.code, Some(2), "{ended:?}");
    let said = "`LAB/Python:offline` is not a valid image name";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}

#[test]
#[ignore = "needs Docker"]
fn a_run_that_fails_shows_its_own_log_in_the_table() {
    let project = Project::with_solution(&based("RUN echo begun; exit 7"));
    let ended = project.run(&["lab", "t", "--offline"]);
    assert_eq!(ended.code, Some(1));
    let table = String::from_utf8(ended.stdout).unwrap();
    for said in ["RUN echo begun; exit 7", "Dockerfile.two:2", "begun"] {
        assert!(table.contains(said), "no `{said}`: {table}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_command_that_cannot_be_started_is_rejected() {
    for command in ["/absent", "/etc/passwd"] {
        let project = Project::with_solution(&based(&format!("CMD [\"{command}\"]")));
        let (ended, report) = project.report();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let run = &variant(&report, "two")["run"];
        assert_ne!(run["exit_code"], 0, "{run}");
        assert!(!rules(&report, "two").is_empty(), "{}", report["verdict"]);
        assert!(
            report["verdict"].to_string().contains(command),
            "{}",
            report["verdict"]
        );
    }
}

/// What everybody meets who leaves a base for `scratch`.
#[test]
#[ignore = "needs Docker"]
fn a_command_that_needs_what_scratch_lacks_is_told_so() {
    for (lines, why) in [
        (
            "CMD /cat /bin/sh",
            "Write the command as a list, in double quotes",
        ),
        (
            "CMD ['/cat', '/bin/sh']",
            "Write the command as a list, in double quotes",
        ),
        ("CMD [\"/cat\", \"/cat\"]", "link the program statically"),
    ] {
        let copied = "FROM scratch\nCOPY --from=build /bin/cat /cat";
        let text = format!("FROM lab/python:offline AS build\n{copied}\n{lines}\n");
        let (ended, report) = Project::with_solution(&text).report();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let said = report["verdict"].to_string();
        assert!(said.contains(why), "{lines}: {said}");
        assert_eq!(rules(&report, "two"), ["not_started"], "{lines}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn exit_codes_and_signals_are_told() {
    let project = Project::of(&[
        ("one", "reference", GOOD),
        ("two", "rung", &script("echo same; exit 3")),
        (
            "three",
            "rung",
            &script("echo same; sh -c \"kill -9 \\$\\$\"; exit $?"),
        ),
        (
            "four",
            "rung",
            &script("python3 -c 'import os; os.abort()'; exit $?"),
        ),
    ]);
    let ended = project.run(&["lab", "t", "--all", "--offline", "--format", "json"]);
    let report = ended.json();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    for (name, code) in [("one", 0), ("two", 3), ("three", 137), ("four", 134)] {
        assert_eq!(variant(&report, name)["run"]["exit_code"], code, "{name}");
        assert_eq!(
            rules(&report, name).is_empty(),
            code == 0,
            "{}",
            report["verdict"]
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_program_that_never_ends_is_ended() {
    let project = Project::with_solution(&script("echo same; exec sleep 1000"));
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let run = &variant(&report, "two")["run"];
    assert_eq!(run["timed_out"], true, "{run}");
    assert_eq!(run["stdout"], "same\n");
}

#[test]
#[ignore = "needs Docker"]
fn two_gigabytes_of_output_are_counted_and_cut() {
    let project = Project::with_solution(&script("head -c 2000000000 /dev/zero | tr '\\0' x"));
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(1));
    let run = &variant(&report, "two")["run"];
    assert!(run["stdout"].as_str().unwrap().len() <= 65536);
    let is_whole = run["stdout_bytes"] == 2_000_000_000_u64;
    assert!(
        is_whole || run["timed_out"] == true,
        "{}",
        run["stdout_bytes"]
    );
    assert_ne!(report["comparison"]["outputs_match"], true);
}

#[test]
#[ignore = "needs Docker"]
fn what_a_program_prints_cannot_move_the_cursor_or_break_the_json() {
    let project = Project::with_solution(&script("printf '\\033[2J\\377\\033]0;t\\007'"));
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(1));
    let run = &variant(&report, "two")["run"];
    assert_eq!(run["stdout_encoding"], "base64");
    assert_eq!(run["stdout"], "G1sySv8bXTA7dAc=");
    for format in ["table", "markdown"] {
        let ended = project.run(&["lab", "t", "--offline", "--format", format]);
        assert!(!ended.stdout.contains(&0x1b), "{format}");
        assert!(!ended.stdout.contains(&0x07), "{format}");
        String::from_utf8(ended.stdout).unwrap();
    }
}

#[test]
#[ignore = "needs Docker"]
fn outputs_that_differ_are_rejected_and_the_first_difference_is_shown() {
    let project = Project::with_solution(&script("printf 'some\\n'"));
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(1));
    assert_eq!(report["comparison"]["outputs_match"], false);
    let table = project.run(&["lab", "t", "--offline"]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.contains("some") && table.contains("same"), "{table}");
}

#[test]
#[ignore = "needs Docker"]
fn a_budget_of_ten_bytes_is_exceeded() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: solution, budget: 10B");
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(1));
    assert!(
        rules(&report, "two").contains(&"budget"),
        "{}",
        report["verdict"]
    );
}
