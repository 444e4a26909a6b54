//! The two jobs that may write, `ci/github/comment.sh` and `ci/gitlab/note.sh`, with changed
//! reports, archives, baselines and answers of the host.
//!
//! The host is a few lines of shell that print prepared files, so a job takes little more than
//! its own programs. Repositories are made once for each of the driver's threads.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::zip::zip;
use super::{all, changed, report};
use crate::adversarial::mutation::{self, Chance};
use crate::adversarial::{Ended, Limits, STATED, within};
use crate::ci::{self, Repository};
use crate::program;

/// For a job of dozens of programs. The kit in it has the same, by `ulimit`.
const JOB: Limits = STATED;

/// What the host answers to `gh api …`.
const GH: &str = r#"#!/bin/sh
shift
while [ $# -gt 0 ]; do
    case $1 in
    --method) method=$2 && shift ;;
    --input) input=$2 && shift ;;
    --field | --raw-field) shift ;;
    -*) ;;
    *) path=$1 ;;
    esac
    shift
done
echo "$method $path" >>"$HOST/calls"
case "$method $path" in
"GET "*/pulls) exec cat "$HOST/pulls.json" ;;
"GET "*/pulls/*) exec cat "$HOST/pull.json" ;;
"GET "*/artifacts) exec cat "$HOST/artifacts.json" ;;
"GET "*/zip) exec cat "$HOST/artifact.zip" ;;
"GET "*/comments) exec cat "$HOST/comments.json" ;;
*) exec cp "$input" "$HOST/written.json" ;;
esac
"#;

/// What it answers to `curl …`.
const CURL: &str = r#"#!/bin/sh
method=GET
while [ $# -gt 0 ]; do
    case $1 in
    --request) method=$2 && shift ;;
    --url) url=$2 && shift ;;
    --data-binary) input=${2#@} && shift ;;
    --header | --output | --max-time) shift ;;
    esac
    shift
done
echo "$method $url" >>"$HOST/calls"
case "$method $url" in
"GET "*/user) exec cat "$HOST/user.json" ;;
"GET "*/notes*) exec cat "$HOST/notes.json" ;;
*) exec cp "$input" "$HOST/written.json" ;;
esac
"#;

/// The kit, which leaves its exit code.
const KIT: &str = r#"#!/bin/sh
ulimit -d 200000
ulimit -t 10
"$KIT" "$@"
code=$?
echo "$code" >"$HOST/code"
exit "$code"
"#;

/// The host's programs and two projects, without and with a baseline.
struct Place {
    bin: TempDir,
    projects: [Project; 2],
}

struct Project {
    repository: Repository,
    base: String,
    clone: TempDir,
}

impl Project {
    fn with(files: &[(&str, &str)]) -> Self {
        let repository = Repository::with(files);
        let (base, clone) = (repository.head(), tempfile::tempdir().unwrap());
        repository.shallow(clone.path());
        fs::create_dir(clone.path().join("clone/lab-report")).unwrap();
        Self {
            repository,
            base,
            clone,
        }
    }

    /// The commit that is judged, with this baseline in it.
    fn head(&self, baseline: &[u8]) -> String {
        fs::write(self.repository.path().join(BASELINE), baseline).unwrap();
        self.repository.commit(&[])
    }
}

const BASELINE: &str = "lab-baseline.json";

impl Place {
    fn new() -> Self {
        let bin = tempfile::tempdir().unwrap();
        for (name, script) in [("gh", GH), ("curl", CURL), ("kit", KIT)] {
            program::write(bin.path().join(name), script);
        }
        let mut baseline = report();
        baseline["variants"][0]["policy"]["accept"] = json!("baseline");
        let baseline = baseline.to_string();
        Self {
            bin,
            projects: [
                Project::with(&[("README", "")]),
                Project::with(&[(BASELINE, &baseline)]),
            ],
        }
    }

    fn host<'a>(&'a self, state: &'a Path) -> Host<'a> {
        let bin = self.bin.path();
        Host { bin, state }
    }
}

/// What the host holds for one input.
struct Host<'a> {
    bin: &'a Path,
    state: &'a Path,
}

impl Host<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.state.join(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn answer(&self, name: &str, value: &Value) {
        self.put(&format!("{name}.json"), value.to_string().as_bytes());
    }

    /// Changes one of the host's answers.
    fn change(&self, names: &[&str], chance: &mut Chance) {
        let name = format!("{}.json", chance.one(names));
        let honest = fs::read(self.path(&name)).unwrap();
        let value: Value = serde_json::from_slice(&honest).unwrap();
        let made = if chance.below(4) == 0 {
            mutation::bytes(&[honest], chance)
        } else {
            mutation::json(&[value], chance)
        };
        self.put(&name, &made);
    }

    /// Runs a script of `ci/` to its end.
    fn run(&self, script: &str, directory: &Path, variables: &[(&str, &str)]) -> Ended {
        for left in ["calls", "written.json", "code"] {
            let _ = fs::remove_file(self.path(left));
        }
        let mut command = ci::clean("bash");
        let path = std::env::var("PATH").unwrap();
        command
            .arg(ci::scripts().join(script))
            .current_dir(directory)
            .env("PATH", format!("{}:{path}", self.bin.display()))
            .env("HOST", self.state)
            .env("TMPDIR", self.state)
            .env("KIT", env!("CARGO_BIN_EXE_xtask"))
            .env("KIT_BIN", self.bin.join("kit"))
            .envs(variables.iter().copied());
        within(JOB, command)
    }

    /// Fails if a job that ended so did what it must not; tells whether it judged a report.
    fn check(&self, ended: &Ended, is_target: impl Fn(&str) -> bool) -> bool {
        assert!(matches!(ended.code, Some(0..=2)), "{ended:?}");
        if let Ok(code) = fs::read_to_string(self.path("code")) {
            assert!(["0", "1", "2"].contains(&code.trim()), "{code}: {ended:?}");
        }
        let calls = fs::read_to_string(self.path("calls")).unwrap_or_default();
        let writes: Vec<_> = calls.lines().filter(|it| !it.starts_with("GET ")).collect();
        assert!(writes.len() <= 1, "{writes:?}");
        assert!(writes.iter().all(|it| is_target(it)), "{writes:?}");
        let written = fs::read(self.path("written.json"));
        assert_eq!(written.is_ok(), writes.len() == 1, "{ended:?}");
        let Ok(written) = written else { return false };
        let written: Value = serde_json::from_slice(&written).unwrap();
        let body = written["body"].as_str().unwrap();
        assert!(body.starts_with("<!-- lab-kit-ci:lab -->\n"), "{body}");
        assert!(body.len() < 65_536, "{} bytes", body.len());
        assert!(!body.contains(['\u{1b}', '\u{202e}']), "{body}");
        let prose = outside_pre(body);
        let found = mutation::HOSTILE.iter().find(|it| prose.contains(**it));
        assert_eq!(found, None, "{body}");
        assert!(!body.lines().any(|line| line.trim_start().starts_with('/')));
        !body.contains("could not be judged")
    }
}

/// A comment without its `<pre>` blocks, in which a host reads nothing.
fn outside_pre(body: &str) -> String {
    let mut parts = body.split("<pre>");
    let mut prose = parts.next().unwrap().to_owned();
    for part in parts {
        let (_, rest) = part.split_once("</pre>").unwrap();
        prose.push_str(rest);
    }
    prose
}

/// Whether this ends with `start` and a number.
fn is_numbered(call: &str, start: &str) -> bool {
    let digits = call.strip_prefix(start).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a call writes a comment, and nothing else.
fn is_comment(call: &str) -> bool {
    let start = call.strip_suffix("/comments");
    is_numbered(call, "PATCH repos/upstream/app/issues/comments/")
        || start.is_some_and(|start| is_numbered(start, "POST repos/upstream/app/issues/"))
}

#[test]
#[ignore = "needs jq and unzip"]
fn artifacts() {
    let seeds = [report()];
    let judged: [AtomicU64; 2] = Default::default();
    all(
        "CI artifacts",
        4,
        Place::new,
        |number, chance, directory, place| {
            // The first of each project is left as it is: it must be judged.
            let is_changed = number > 1;
            let host = place.host(directory);
            let project = &place.projects[usize::from(number.is_multiple_of(3))];
            let reports: Vec<(String, Vec<u8>)> = (0..=number % 3)
                .map(|at| {
                    let name = match at {
                        0 => "report.json".to_owned(),
                        at => format!("{at}.json"),
                    };
                    // Only the last is changed, so that the others are judged if they can be.
                    let bytes = if is_changed && at == number % 3 && number.is_multiple_of(2) {
                        changed(number / 2, &seeds, chance)
                    } else {
                        report().to_string().into_bytes()
                    };
                    (name, bytes)
                })
                .collect();
            let mut archive = zip(&reports);
            if is_changed && number % 4 == 1 {
                archive = mutation::bytes(&[archive], chance);
            }
            host.put("artifact.zip", &archive);
            let head = if number % 24 == 3 {
                project.head(&changed(number / 24, &seeds, chance))
            } else {
                "a".repeat(40)
            };
            put_answers(&host, project, &head, archive.len());
            if number % 4 == 3 {
                host.change(&["event", "pulls", "pull", "artifacts", "comments"], chance);
            }
            let event = host.path("event.json");
            let ended = host.run(
                "github/comment.sh",
                project.repository.path(),
                &[
                    ("GITHUB_EVENT_PATH", event.to_str().unwrap()),
                    ("GITHUB_REPOSITORY", "upstream/app"),
                    ("GH_TOKEN", "a-token"),
                ],
            );
            let is_judged = host.check(&ended, is_comment);
            judged[usize::from(number.is_multiple_of(3))]
                .fetch_add(u64::from(is_judged), Ordering::Relaxed);
            ended.cost
        },
    );
    let judged = judged.map(AtomicU64::into_inner);
    assert!(judged.iter().all(|it| *it > 0), "judged: {judged:?}");
}

/// The event and the host's answers, as they are for a pull request that nobody attacks.
fn put_answers(host: &Host, project: &Project, head: &str, size: usize) {
    let pull = json!({
        "number": 12, "state": "open",
        "head": { "sha": head, "ref": "grow", "repo": { "id": 2 } },
        "base": { "sha": project.base, "ref": "main", "repo": { "id": 1 } },
    });
    let event = json!({
        "repository": { "id": 1, "full_name": "upstream/app" },
        "workflow_run": {
            "id": 77, "event": "pull_request", "head_sha": head, "head_branch": "grow",
            "head_repository": { "id": 2, "owner": { "login": "stranger" } },
            "pull_requests": [{ "number": 12, "base": { "repo": { "id": 1 } } }],
        },
    });
    let artifact = json!({
        "id": 500, "name": "lab-report", "expired": false, "size_in_bytes": size,
        "created_at": "2026-01-01T00:00:00Z",
    });
    let comment = json!({
        "id": 5, "user": { "login": "github-actions[bot]" },
        "body": "<!-- lab-kit-ci:lab -->\n",
    });
    let stranger = json!({ "id": 6, "user": { "login": "stranger" }, "body": "/close" });
    host.answer("pulls", &json!([pull]));
    host.answer("pull", &pull);
    host.answer("event", &event);
    host.answer("artifacts", &json!({ "artifacts": [artifact] }));
    host.answer("comments", &json!([stranger, comment]));
}

#[test]
#[ignore = "needs jq"]
fn notes() {
    let seeds = [report()];
    all(
        "GitLab notes",
        4,
        Place::new,
        |number, chance, directory, place| {
            let host = place.host(directory);
            let project = &place.projects[usize::from(number.is_multiple_of(3))];
            let clone = project.clone.path().join("clone");
            let bytes = if number % 4 == 3 {
                report().to_string().into_bytes()
            } else {
                changed(number, &seeds, chance)
            };
            fs::write(clone.join("lab-report/report.json"), bytes).unwrap();
            host.answer("user", &json!({ "id": 7, "username": "bot" }));
            let note = |id: u64, author: u64, body: &str| json!({ "id": id, "author": { "id": author }, "body": body });
            let notes = [
                note(3, 8, "/close"),
                note(4, 7, "<!-- lab-kit-ci:lab -->\n"),
            ];
            host.answer("notes", &json!(notes));
            if number % 4 == 3 {
                host.change(&["user", "notes"], chance);
            }
            let ended = host.run(
                "gitlab/note.sh",
                &clone,
                &[
                    ("CI_API_V4_URL", "https://gitlab.example/api/v4"),
                    ("CI_COMMIT_SHA", "HEAD"),
                    ("CI_PROJECT_ID", "1"),
                    ("CI_MERGE_REQUEST_PROJECT_ID", "1"),
                    ("CI_MERGE_REQUEST_IID", "12"),
                    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
                    ("KIT_NOTE_TOKEN", "a-token"),
                ],
            );
            host.check(&ended, |call| {
                let notes = "https://gitlab.example/api/v4/projects/1/merge_requests/12/notes";
                call == format!("POST {notes}") || is_numbered(call, &format!("PUT {notes}/"))
            });
            ended.cost
        },
    );
}
