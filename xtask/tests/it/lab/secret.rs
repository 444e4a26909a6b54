//! Values that a report hides are hidden in everything else that the kit writes, too.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::project::{Ended, Project};
use crate::FORMATS;

/// A part of each value, and no part of anything else.
const SECRET: &str = "S3CRET";

/// Its values come by each way that the kit hides: an ENV in both forms, the default of an ARG,
/// an ONBUILD, a build argument, and the service's environment and labels.
fn project() -> Project {
    let dockerfile = "ARG BASE\nFROM $BASE\nENV P=S3CRET-1 R=\"S3CRET-2 more\"\n\
                      ENV OLD S3CRET-3\nARG Q=S3CRET-4\nARG GIVEN\nONBUILD ENV LATER=S3CRET-5\n\
                      env small=S3CRET-6\nRUN test -n \"$GIVEN\" && echo \"$GIVEN\"\nCMD [\"true\"]\n";
    let project = Project::of(&[("one", "reference", dockerfile)]);
    project.edit(
        "dockerfile: Dockerfile.one }",
        "dockerfile: Dockerfile.one, args: { GIVEN: S3CRET-7, BASE: \"lab/python:offline\" } }",
    );
    project.edit(
        "x-lab: {",
        "environment: { E: S3CRET-8 }\n    labels: { l: S3CRET-9 }\n    x-lab: {",
    );
    project
}

/// The files below a directory that hold a part of a secret.
fn telling(directory: &Path) -> Vec<String> {
    telling_of(directory, SECRET)
}

fn telling_of(directory: &Path, what: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        let bytes = fs::read(&path).unwrap_or_default();
        if path.is_dir() {
            found.extend(telling_of(&path, what));
        } else if bytes.windows(what.len()).any(|it| it == what.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Runs the kit with a directory of its own for temporary files, which is looked at meanwhile.
fn ran(project: &Project, buildkit: &str, words: &[&str]) -> Ended {
    let scratch = project.path("scratch");
    fs::create_dir_all(&scratch).unwrap();
    let mut kit = project.kit(words);
    let log = |name: &str| fs::File::create(project.path(name)).unwrap();
    kit.env("TMPDIR", &scratch)
        .env("DOCKER_BUILDKIT", buildkit)
        .stdout(log("stdout"))
        .stderr(log("stderr"));
    let mut child = kit.spawn().unwrap();
    let code = loop {
        assert_eq!(telling(&scratch), [""; 0]);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let read = |name: &str| fs::read(project.path(name)).unwrap();
    Ended {
        code,
        stdout: read("stdout"),
        stderr: String::from_utf8(read("stderr")).unwrap(),
    }
}

fn hides(ended: &Ended) {
    let stdout = String::from_utf8_lossy(&ended.stdout);
    for said in [&*stdout, &ended.stderr] {
        let lines = said.lines().filter(|line| line.contains(SECRET));
        assert_eq!(lines.collect::<Vec<_>>(), [""; 0], "{ended:?}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn no_output_log_or_temporary_file_has_a_hidden_value() {
    let project = project();
    let mut has_shown = false;
    for builder in ["0", "1"] {
        let words = [
            "lab",
            "t",
            "--offline",
            "--no-cache",
            "-v",
            "--format",
            "json",
        ];
        let mut ended = None;
        for format in FORMATS.iter().copied() {
            let mut words = words;
            words[6] = format;
            // The first one builds; the others find it built.
            let words: Vec<_> = match ended {
                None => words.to_vec(),
                Some(_) => words.into_iter().filter(|it| *it != "--no-cache").collect(),
            };
            let run = ran(&project, builder, &words);
            assert_eq!(run.code, Some(0), "{run:?}");
            hides(&run);
            ended.get_or_insert(run);
        }
        let first = ended.unwrap().stderr;
        // BuildKit has no step for an ENV or an ARG.
        let args = "--build-arg BASE=lab/python:offline --build-arg GIVEN=***";
        assert!(first.contains(args), "{first}");
        let shown = ["ENV P=…", "ARG Q=…"].map(|it| first.contains(it));
        assert!(shown == [true; 2] || shown == [false; 2], "{first}");
        has_shown |= shown == [true; 2];
    }
    assert!(has_shown);
    // The cache keeps an image that was read from the engine's stream.
    let image = format!("{}:one", project.name);
    for words in [&["layers", &image, "--verify"][..], &["layers", &image]] {
        let run = ran(&project, "0", words);
        assert_eq!(run.code, Some(0), "{run:?}");
        hides(&run);
    }
    let cache = project.path(".cache/lab-kit");
    assert_eq!(telling(&cache), [""; 0]);
    let kept = telling_of(&cache, "ENV P=…");
    assert_eq!(kept.len(), 1, "{kept:?}");
}
