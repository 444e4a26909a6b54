//! Values that a program could take for options.

use std::fs;
use std::path::Path;
use std::process::Output;

use super::files;
use super::repository::Repository;
use super::runner;

/// As an option of `git fetch`, it runs a command.
const OPTION: &str = "--upload-pack=touch PWN;";

/// One way to call a script, and what it reads.
struct Script {
    name: &'static str,
    words: &'static [&'static str],
    /// The variables that it refuses.
    refused: &'static [&'static str],
}

const SCRIPTS: [Script; 9] = [
    Script {
        name: "ci/accept.sh",
        words: &[],
        refused: &[
            "KIT_FILE",
            "KIT_LAB",
            "KIT_VARIANTS",
            "KIT_BASELINE",
            "KIT_LANG",
        ],
    },
    Script {
        name: "ci/baseline.sh",
        words: &["HEAD", "lab-baseline.json"],
        refused: &[],
    },
    Script {
        name: "ci/judge.sh",
        words: &["lab", "report.json"],
        refused: &["KIT_BASE", "KIT_HEAD", "KIT_BASELINE", "KIT_LANG"],
    },
    Script {
        name: "ci/kit.sh",
        words: &["lab"],
        refused: &["KIT_BIN", "KIT_KEEP"],
    },
    Script {
        name: "ci/measure.sh",
        words: &[],
        refused: &[
            "KIT_FILE",
            "KIT_LAB",
            "KIT_VARIANTS",
            "KIT_LIMITS",
            "KIT_BASE",
            "KIT_BASELINE",
            "KIT_REPORTS",
            "KIT_LANG",
        ],
    },
    Script {
        name: "ci/github/comment.sh",
        words: &[],
        refused: &["KIT_ARTIFACT", "KIT_MARKER", "KIT_AUTHOR"],
    },
    Script {
        name: "ci/github/measure.sh",
        words: &[],
        refused: &["KIT_FILE", "KIT_LAB", "KIT_BASELINE", "KIT_REPORTS"],
    },
    Script {
        name: "ci/gitlab/base.sh",
        words: &[],
        refused: &[
            "CI_COMMIT_SHA",
            "CI_MERGE_REQUEST_PROJECT_URL",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        ],
    },
    Script {
        name: "ci/gitlab/note.sh",
        words: &[],
        refused: &[
            "CI_API_V4_URL",
            "CI_MERGE_REQUEST_PROJECT_ID",
            "CI_MERGE_REQUEST_IID",
            "KIT_MARKER",
            "KIT_REPORTS",
        ],
    },
];

/// Read by others, or without anything from outside, or a link to one of those above.
const NOT_CALLED: [&str; 6] = [
    "ci/given.sh",
    "ci/say.sh",
    "ci/github/key.sh",
    "ci/github/quote.sh",
    "ci/gitlab/measure.sh",
    ".ci/run",
];

fn run(script: &str, words: &[&str], variables: &[(&str, &str)], place: &Path) -> Output {
    let mut command = runner::clean("bash");
    command
        .arg(files::root().join(script))
        .args(words)
        .current_dir(place)
        .env("CI_API_V4_URL", "https://gitlab.example/api/v4")
        .env("CI_COMMIT_SHA", "HEAD")
        .env("CI_PROJECT_ID", "1")
        .env("CI_MERGE_REQUEST_IID", "12")
        .env("CI_MERGE_REQUEST_PROJECT_ID", "1")
        .env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
        .env("GITHUB_EVENT_NAME", "push")
        .env("GITHUB_EVENT_PATH", place.join("event.json"))
        .env("GITHUB_OUTPUT", place.join("output"))
        .env("GITHUB_REPOSITORY", "upstream/app")
        .env("GITHUB_SHA", "HEAD")
        .env("GITHUB_STEP_SUMMARY", place.join("summary"))
        .env("KIT_BASE", "HEAD")
        .env("KIT_NOTE_TOKEN", "a-token")
        .env("KIT_REPORTS", place.join("reports"))
        .envs(variables.iter().copied());
    command.output().unwrap()
}

/// It refused the value, named it, and did nothing.
fn assert_refused(what: &str, output: &Output, place: &Path) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("error:"), "{what}: {said}");
    assert!(said.contains("upload-pack"), "{what}: {said}");
    assert!(!place.join("PWN").exists(), "{what} ran a command");
    let code = output.status.code();
    let told = fs::read_to_string(place.join("output")).unwrap_or_default();
    assert!(
        code == Some(2) || told.contains("exit-code=2"),
        "{what}: {output:?}"
    );
}

#[test]
fn every_script_refuses_a_value_that_looks_like_an_option() {
    let place = tempfile::tempdir().unwrap();
    for script in SCRIPTS {
        for at in 0..script.words.len() {
            // An argument of the kit's own is passed on.
            if script.name == "ci/kit.sh" {
                continue;
            }
            let mut words = script.words.to_vec();
            words[at] = OPTION;
            let output = run(script.name, &words, &[], place.path());
            assert_refused(script.name, &output, place.path());
        }
        for name in script.refused {
            let given = [(*name, OPTION)];
            let output = run(script.name, script.words, &given, place.path());
            assert_refused(
                &format!("{} with {name}", script.name),
                &output,
                place.path(),
            );
        }
    }
}

#[test]
fn no_script_is_left_out() {
    let known = SCRIPTS.map(|script| script.name);
    for path in files::scripts() {
        let name = path.strip_prefix(files::root()).unwrap().to_str().unwrap();
        assert!(
            known.contains(&name) || NOT_CALLED.contains(&name),
            "{name} is given no option"
        );
    }
}

/// A variable that a script reads and this test does not know would go unseen.
#[test]
fn every_variable_of_the_kit_is_given() {
    let known: Vec<&str> = SCRIPTS.iter().flat_map(|it| it.refused).copied().collect();
    // Compared with fixed words, or never an argument.
    let harmless = ["KIT_ALL", "KIT_NOTE_TOKEN", "KIT_ROOT"];
    for path in files::scripts() {
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("KIT_") {
            let name: String = text[at..]
                .chars()
                .take_while(|one| one.is_ascii_uppercase() || *one == '_')
                .collect();
            assert!(
                known.contains(&name.as_str()) || harmless.contains(&name.as_str()),
                "{}: {name}",
                path.display()
            );
        }
    }
}

#[test]
#[ignore = "needs git"]
fn no_base_is_an_option_or_a_refspec_of_git() {
    let upstream = Repository::with(&[("README", "")]);
    let directory = tempfile::tempdir().unwrap();
    let clone = upstream.shallow(directory.path());
    for base in [
        OPTION,
        "main:refs/heads/evil",
        "+main",
        "--output=PWN",
        "no-such",
    ] {
        let output = run("ci/baseline.sh", &[base, "lab-baseline.json"], &[], &clone);
        assert_eq!(output.status.code(), Some(2), "{base}: {output:?}");
        assert!(!clone.join("PWN").exists(), "{base}");
        assert!(!clone.join(".git/refs/heads/evil").exists(), "{base}");
    }
    let none = run(
        "ci/baseline.sh",
        &["HEAD", "lab-baseline.json"],
        &[],
        &clone,
    );
    assert_eq!(none.status.code(), Some(1), "{none:?}");
    let some = run("ci/baseline.sh", &["HEAD", "README"], &[], &clone);
    assert_eq!(some.status.code(), Some(0), "{some:?}");
}
