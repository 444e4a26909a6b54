use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use super::course::{BUILD, Course, SHOW};
use crate::clock::patience;
use crate::live::docker;
use crate::proxy::{Fault, Plan, Proxy};

fn good() -> String {
    format!("{BUILD}{SHOW}")
}

/// Outcome of `builds` and its cause.
fn builds(course: &Course, words: &[&str]) -> (String, String) {
    let (checked, json) = course.json(words);
    let check = &json["checks"][0];
    let is_told = check["message"].is_string();
    assert_eq!(is_told, check["outcome"] != "pass", "{checked:?}");
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("outcome"), text("cause"))
}

fn fails(cause: &str) -> (String, String) {
    ("fail".to_owned(), cause.to_owned())
}

#[test]
#[ignore = "needs Docker"]
fn without_a_submission_nothing_is_judged_and_a_skeleton_is_shown() {
    let course = Course::new();
    let checked = course.check(&[]);
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert!(checked.stderr.contains("course/Dockerfile"), "{checked:?}");
    let gaps = checked.text().matches("___").count();
    assert_eq!(gaps, 3, "{checked:?}");
    let checked = course.check(&["--format", "json"]);
    assert_eq!(
        (checked.code, checked.stdout.len()),
        (Some(2), 0),
        "{checked:?}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn what_is_no_dockerfile_is_refused_by_why() {
    let course = Course::new();
    fs::write(course.path("empty"), "").unwrap();
    fs::write(course.path("binary"), b"\x7fELF\0\0").unwrap();
    fs::write(course.path("large"), vec![b'#'; 10_000_000]).unwrap();
    fs::create_dir_all(course.path("folder/Dockerfile")).unwrap();
    symlink("/etc/passwd", course.path("out")).unwrap();
    for name in ["empty", "binary", "large", "folder"] {
        assert_eq!(
            builds(&course, &[name]),
            fails("not-a-dockerfile"),
            "{name}"
        );
    }
    assert_eq!(builds(&course, &["out"]), fails("link-out"));
}

#[test]
#[ignore = "needs Docker"]
fn given_files_stay_as_they_were_given() {
    let course = Course::with(&good());
    let given = fs::read_to_string(course.path("course/count.sh")).unwrap();
    course.write("course/count.sh", &format!("{given}echo more\n"));
    let checked = course.check(&[]);
    assert_eq!(checked.code, Some(1), "{checked:?}");
    assert!(
        checked.text().contains("git restore course/count.sh"),
        "{checked:?}"
    );
    assert_eq!(builds(&course, &[]), fails("given-changed"));
    course.write("course/count.sh", &given);

    course.write("course/.dockerignore", "*.sh\n");
    assert_eq!(builds(&course, &[]), fails("given-hidden"));
    course.write("course/.dockerignore", "*.sh\n!count.sh\n");
    assert_eq!(builds(&course, &[]).0, "pass");
    fs::remove_file(course.path("course/.dockerignore")).unwrap();

    course.write("work/Dockerfile", &good());
    assert_eq!(builds(&course, &["work"]).0, "pass");
    course.write("work/count.sh", "echo mine\n");
    assert_eq!(builds(&course, &["work"]), fails("given-shadowed"));
    fs::remove_file(course.path("work/count.sh")).unwrap();
    symlink("../course/count.sh", course.path("work/count.sh")).unwrap();
    assert_eq!(builds(&course, &["work"]), fails("given-shadowed"));
    fs::remove_file(course.path("work/count.sh")).unwrap();

    symlink("/etc/hosts", course.path("work/link")).unwrap();
    assert_eq!(builds(&course, &["work"]), fails("link-out"));
    fs::remove_file(course.path("work/link")).unwrap();

    let big = fs::File::create(course.path("work/big")).unwrap();
    big.set_len(51_000_000).unwrap();
    assert_eq!(builds(&course, &["work"]), fails("context-too-large"));
}

#[test]
#[ignore = "needs Docker"]
fn an_output_that_is_brought_along_is_left_out_and_said() {
    let dockerfile = format!(
        "{}COPY out/count.txt ./out/\n{SHOW}",
        BUILD.replace("RUN sh count.sh\n", "")
    );
    let course = Course::with(&dockerfile);
    course.write("course/out/count.txt", "3…\n2…\n1…\n");
    let (checked, json) = course.json(&[]);
    assert_eq!(json["left_out"][0], "out/count.txt", "{checked:?}");
    assert_eq!(json["checks"][0]["outcome"], "fail", "{checked:?}");
    // Under another name it is not known, and the canary finds it.
    course.write("course/copy.txt", "3…\n2…\n1…\n");
    course.write(
        "course/Dockerfile",
        &dockerfile.replace("out/count.txt ./out/", "copy.txt ./out/count.txt"),
    );
    let (checked, json) = course.json(&[]);
    assert_eq!(json["checks"][3]["outcome"], "fail", "{checked:?}");
}

#[test]
#[ignore = "needs Docker"]
fn escape_sequences_of_a_submission_are_shown_by_name() {
    let course = Course::with("FROM lab/python:offline\nRUN \u{1b}[31mred\u{1b}[0m\u{202e}\n");
    for format in ["table", "markdown", "html", "junit"] {
        let checked = course.check(&["--offline", "--format", format]);
        assert_eq!(checked.code, Some(1), "{checked:?}");
        let text = checked.text();
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{format}: {text:?}"
        );
    }
}

/// A submission that does this when it is run.
fn running(script: &str) -> String {
    format!(
        "FROM lab/python:offline\nCMD {}\n",
        serde_json::json!(["sh", "-c", script])
    )
}

#[test]
#[ignore = "needs Docker"]
fn a_container_that_runs_wild_fails_and_is_gone() {
    // On a slow machine the first one is stopped, and on a quick one it prints too much.
    for script in [
        "head -c 2000000000 /dev/zero",
        "bomb() { bomb | bomb & }; bomb; sleep 60",
        "tail -f /dev/null",
    ] {
        let course = Course::with(&running(script));
        let begun = Instant::now();
        let (checked, json) = course.json(&[]);
        assert_eq!(checked.code, Some(1), "{checked:?}");
        let has_failed = |at: usize| json["checks"][at]["outcome"] == "fail";
        assert!(has_failed(1) || has_failed(2), "{script}: {checked:?}");
        assert!(
            begun.elapsed() < patience(Duration::from_secs(120)),
            "{script}"
        );
        let left = docker(&[
            "ps",
            "-aq",
            "--filter",
            &format!("ancestor={}:check", course.lab),
        ]);
        assert!(left.stdout.is_empty(), "{script}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_build_that_never_ends_is_stopped_and_undecided() {
    let course = Course::with("FROM lab/python:offline\nRUN sleep 1000\nCMD [\"true\"]\n");
    let begun = Instant::now();
    let (checked, json) = course.json(&["--build-timeout", "20s"]);
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert_eq!(json["cause"], "build-timed-out");
    assert_eq!(json["checks"][0]["outcome"], "undecided");
    assert!(
        begun.elapsed() < patience(Duration::from_secs(60)),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
#[ignore = "needs Compose"]
fn without_an_engine_the_report_is_undecided_with_the_fix() {
    let course = Course::with(&good());
    let host = ["--host", "unix:///nowhere/engine.sock"];
    let (checked, json) = course.json(&host);
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert_eq!(json["outcome"], "undecided");
    assert!(json["checks"][0]["message"].is_string(), "{json:#}");
    let checked = course.check(&host);
    assert_eq!(checked.code, Some(2), "{checked:?}");
    assert!(
        checked.stdout.is_empty() && checked.stderr.contains("help:"),
        "{checked:?}"
    );
}

#[test]
#[ignore = "needs Docker"]
fn a_long_log_is_cut_on_a_screen_and_whole_with_verbose() {
    let course =
        Course::with("FROM lab/python:offline\nRUN seq 101 130 && false\nCMD [\"true\"]\n");
    let lines = |words: &[&str]| {
        let text = course.check(words).text();
        let numbers = (101..=130).filter(|number| text.contains(&format!("│ {number}\n")));
        (numbers.count(), text.lines().count())
    };
    let (shown, length) = lines(&[]);
    assert!(shown <= 8 && length <= 24, "{shown} {length}");
    assert_eq!(lines(&["--verbose"]).0, 30);
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_that_goes_away_in_the_middle_is_undecided() {
    let course = Course::with(&good());
    for request in ["/build?", "/containers/create"] {
        let proxy = Proxy::with(Plan {
            request,
            after: 0,
            fault: Fault::Cut,
            held: Duration::ZERO,
        });
        let endpoint = proxy.endpoint();
        let (checked, json) = course.json(&["--host", endpoint.address()]);
        assert_eq!(checked.code, Some(2), "{request}: {checked:?}");
        assert_eq!(json["outcome"], "undecided", "{request}");
        assert!(json["checks"][0]["message"].is_string(), "{request}");
    }
}
