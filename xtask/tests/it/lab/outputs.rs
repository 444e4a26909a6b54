//! Where reports go.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, symlink};

use super::project::{GOOD, Project};
use crate::FORMATS;

const SAVED: &str = "saved.json";

/// A project whose report is [`SAVED`].
fn reported() -> Project {
    let project = Project::with_solution(GOOD);
    let output = format!("json={SAVED}");
    let ended = project.run(&["lab", "t", "--offline", "--quiet", "--output", &output]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    project
}

#[test]
fn a_path_that_cannot_be_written_is_known_before_the_work_starts() {
    let project = Project::with_solution(GOOD);
    for path in ["absent/r.json", "."] {
        let output = format!("json={path}");
        let ended = project.run(&["lab", "t", "--output", &output]);
        ended.is_undecided(&[&format!("`{path}`"), "help: "]);

        assert!(!ended.stderr.contains(".lab-report"), "{ended:?}");
        assert!(!ended.stderr.contains("resolving"), "{ended:?}");
    }
}

#[test]
fn two_outputs_to_one_path_are_refused() {
    let project = Project::with_solution(GOOD);
    project.write("a.json", "");
    symlink("a.json", project.path("link.json")).unwrap();
    for second in ["csv=./a.json", "csv=link.json"] {
        let words = ["lab", "t", "--output", "json=a.json", "--output", second];
        project.run(&words).is_undecided(&["two outputs"]);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_device_stays_a_device_and_a_link_a_link() {
    let project = reported();
    let ended = project.run(&["report", SAVED, "--output", "json=/dev/full"]);
    ended.is_undecided(&["/dev/full"]);
    assert!(
        fs::metadata("/dev/full")
            .unwrap()
            .file_type()
            .is_char_device()
    );

    project.write("real.csv", "");
    symlink("real.csv", project.path("link.csv")).unwrap();
    project.run(&["report", SAVED, "--output", "csv=link.csv"]);
    let link = fs::symlink_metadata(project.path("link.csv")).unwrap();
    assert!(link.is_symlink());
    assert_ne!(fs::read(project.path("real.csv")).unwrap(), b"");
    let left = fs::read_dir(project.directory.path()).unwrap();
    let names = left.map(|it| it.unwrap().file_name().into_string().unwrap());
    assert!(!names.into_iter().any(|it| it.starts_with(".lab-report")));
}

#[test]
#[ignore = "needs Docker"]
fn a_saved_report_says_again_what_the_lab_had_printed() {
    let project = reported();
    for (language, format) in [
        ("en", "table"),
        ("fr", "table"),
        ("fr", "markdown"),
        ("en", "json"),
    ] {
        let words = [
            "--lang",
            language,
            "--format",
            format,
            "--output",
            "json=saved.json",
        ];
        let lab = project.run(&[&["lab", "t", "--offline"], &words[..]].concat());
        let again = project.run(&[&["report", SAVED], &words[..4]].concat());
        assert_eq!(lab.stdout, again.stdout, "{language} {format}");
        assert_eq!(lab.code, again.code);
    }
}

/// History keeps what `ARG` and `ENV` were given, and the builder's command line has it too.
#[test]
#[ignore = "needs Docker"]
fn the_value_of_a_build_argument_is_in_no_format_and_no_message() {
    const SECRET: &str = "hunter2-of-the-test";
    let uses = "FROM lab/python:offline\nARG TOKEN\nENV KEY=$TOKEN\nRUN test -n \"$TOKEN\" && echo note > /note\n";
    let fails = format!("{uses}RUN echo \"it is $TOKEN\" && exit 3\n");
    let good = format!("{uses}CMD [\"echo\", \"same\"]\n");
    let project = Project::of(&[("one", "reference", &good), ("two", "solution", &fails)]);
    project.edit(
        "build: { context: .,",
        &format!("build: {{ context: ., args: {{ TOKEN: {SECRET} }},"),
    );
    let outputs = FORMATS.iter().map(|format| format!("{format}=o.{format}"));
    let outputs: Vec<String> = outputs.collect();
    let mut words = vec!["lab", "t", "--offline", "--verbose"];
    words.extend(outputs.iter().flat_map(|output| ["--output", output]));
    let ended = project.run(&words);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("TOKEN"), "{ended:?}");
    assert!(!ended.stderr.contains(SECRET), "{ended:?}");
    for format in FORMATS.iter() {
        let text = fs::read_to_string(project.path(&format!("o.{format}"))).unwrap();
        assert!(!text.contains(SECRET), "{format}: {text}");
    }
    // Without its Dockerfile an image is told by its history, which names what it was given.
    let layers = project.run(&["layers", &format!("{}:one", project.name)]);
    let text = String::from_utf8(layers.stdout).unwrap();
    assert!(text.contains("TOKEN=") && !text.contains(SECRET), "{text}");
}
