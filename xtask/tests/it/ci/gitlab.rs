use std::fs;
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;
use xtask::model::Format;

use super::files;
use super::forge::Forge;
use super::repository::Repository;
use super::runner;

/// A job of a merge request, in a clone that has no history.
struct Job {
    forge: Forge,
    upstream: Repository,
    place: TempDir,
}

impl Job {
    fn new() -> Self {
        let job = Self {
            forge: Forge::new(),
            upstream: Repository::with(&[("README", "")]),
            place: tempfile::tempdir().unwrap(),
        };
        job.upstream.shallow(job.place.path());
        let reports = job.place.path().join("clone/lab-report");
        fs::create_dir(&reports).unwrap();
        fs::write(reports.join("report.json"), super::sample(Format::Json)).unwrap();
        job
    }

    fn script(&self, name: &str) -> Command {
        let mut command = runner::clean("bash");
        command
            .arg(files::root().join("ci/gitlab").join(name))
            .current_dir(self.place.path().join("clone"))
            .env("CI_API_V4_URL", "https://gitlab.example/api/v4")
            .env("CI_COMMIT_SHA", "of the merge request")
            .env("CI_PROJECT_ID", "1")
            .env("CI_MERGE_REQUEST_PROJECT_ID", "1")
            .env("CI_MERGE_REQUEST_IID", "12")
            .env("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
            .env("KIT_NOTE_TOKEN", "a-token");
        self.forge.serve(&mut command);
        command
    }

    fn note(&self) -> Output {
        let output = self.script("note.sh").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        output
    }
}

#[test]
#[ignore = "needs jq"]
fn a_note_is_written_once_and_then_changed() {
    let job = Job::new();
    // Others have said much before.
    let others: Vec<_> = (0..130)
        .map(|id| json!({ "id": id, "issue": 12, "author": { "id": 8 }, "body": "<!-- lab-kit-ci:lab -->" }))
        .collect();
    job.forge.keep("comments", &json!(others));
    job.note();
    job.note();
    let notes = job.forge.comments();
    assert_eq!(notes.len(), 131);
    assert!(notes[130].contains("ex08: accepted"), "{}", notes[130]);
    let calls = job.forge.calls();
    assert_eq!(calls.matches("POST ").count(), 1, "{calls}");
    assert_eq!(calls.matches("PUT ").count(), 1, "{calls}");
    assert!(calls.contains("page=2"), "{calls}");
}

#[test]
#[ignore = "needs jq"]
fn without_a_report_nothing_is_noted() {
    let job = Job::new();
    fs::remove_file(job.place.path().join("clone/lab-report/report.json")).unwrap();
    let output = job.note();
    assert!(String::from_utf8_lossy(&output.stdout).contains("no report"));
    assert_eq!(job.forge.calls(), "");
}

#[test]
#[ignore = "needs jq"]
fn the_base_is_the_target_branchs_head_and_not_where_the_branches_parted() {
    let job = Job::new();
    let head = job.upstream.commit(&[("later", "")]);
    let printed = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(printed(&mut job.script("base.sh")), head);
    let upstream = job.upstream.path().join(".git");
    let bare = job.place.path().join("upstream.git");
    std::os::unix::fs::symlink(upstream, &bare).unwrap();
    let mut from_fork = job.script("base.sh");
    from_fork
        .env("CI_PROJECT_ID", "2")
        .env("CI_MERGE_REQUEST_PROJECT_URL", bare.with_extension(""));
    assert_eq!(printed(&mut from_fork), head);
    let mut of_branch = job.script("base.sh");
    of_branch.env_remove("CI_MERGE_REQUEST_IID");
    assert_eq!(printed(&mut of_branch), "of the merge request");
}

/// A listing that fails does not mean that there is no note yet.
#[test]
#[ignore = "needs jq"]
fn a_host_that_does_not_list_its_notes_gets_no_second_one() {
    let job = Job::new();
    for state in ["user", "notes"] {
        let failing = job.forge.path(&format!("fail-{state}"));
        fs::write(&failing, "").unwrap();
        let output = job.script("note.sh").output().unwrap();
        assert!(!output.status.success(), "{state}: {output:?}");
        assert!(job.forge.comments().is_empty(), "{state}");
        fs::remove_file(failing).unwrap();
    }
}

#[test]
#[ignore = "needs jq"]
fn a_report_that_is_a_link_or_too_large_is_not_read() {
    let job = Job::new();
    let reports = job.place.path().join("clone/lab-report");
    let report = reports.join("report.json");
    let aside = job.place.path().join("elsewhere.json");
    fs::rename(&report, &aside).unwrap();
    std::os::unix::fs::symlink(&aside, &report).unwrap();
    job.note();
    fs::remove_file(&report).unwrap();
    std::os::unix::fs::symlink("/nowhere", &report).unwrap();
    job.note();
    fs::remove_file(&report).unwrap();
    let large = fs::File::create(&report).unwrap();
    large.set_len((32 << 20) + 1).unwrap();
    job.note();
    fs::remove_file(&report).unwrap();
    fs::remove_dir(&reports).unwrap();
    let linked = job.place.path().join("linked");
    fs::create_dir(&linked).unwrap();
    fs::rename(&aside, linked.join("report.json")).unwrap();
    std::os::unix::fs::symlink(&linked, &reports).unwrap();
    job.note();
    let notes = job.forge.comments();
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(notes[0].contains("could not be judged"), "{}", notes[0]);
    assert!(!notes[0].contains("ex08"), "{}", notes[0]);
}

/// On GitLab a line that starts with `/` is a command to the merge request.
#[test]
#[ignore = "needs jq"]
fn nothing_in_a_report_becomes_a_command_of_gitlab() {
    let job = Job::new();
    let report = job.place.path().join("clone/lab-report/report.json");
    let mut hostile = super::hostile::report();
    hostile["lab"] = json!("/close");
    let failure =
        json!({ "cause": "instruction", "instruction": "/merge", "log": ["/close", "  /approve"] });
    hostile["variants"][0]["build"]["failure"] = failure;
    for text in [
        hostile.to_string(),
        "/close".to_owned(),
        "{\n/close".to_owned(),
    ] {
        fs::write(&report, text).unwrap();
        job.note();
        for note in job.forge.comments() {
            let is_command = |line: &str| line.trim_start().starts_with('/');
            assert!(!note.lines().any(is_command), "{note}");
        }
    }
}
