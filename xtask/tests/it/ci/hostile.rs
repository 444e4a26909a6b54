use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::model::Format;

use super::forge::{Forge, Head};
use super::repository::Repository;
use super::runner::{Done, Runner};

/// What a pull request left, and the job that may write.
pub(super) struct Privileged {
    pub(super) forge: Forge,
    repository: Repository,
    files: TempDir,
}

impl Privileged {
    /// With a base that has no baseline.
    fn new() -> Self {
        Self::with(&[("README", "")])
    }

    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let repository = Repository::with(files);
        let forge = Forge::new();
        forge.open(&"a".repeat(40), &repository.head(), Head::Fork);
        Self {
            forge,
            repository,
            files: tempfile::tempdir().unwrap(),
        }
    }

    /// A file with these bytes, to be put into an archive.
    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Uploads one report with these bytes.
    fn upload(&self, report: &[u8]) {
        let path = self.file("report.json", report);
        self.forge
            .upload("lab-report", &[("report.json", path.as_path())]);
    }

    pub(super) fn run(&self) -> Done {
        let event = self.forge.workflow_run_event(&"a".repeat(40), Head::Fork);
        let place = self.repository.path();
        Runner::new(&self.forge, place, "workflow_run", event).run("comment", &[])
    }

    /// The one comment, after a run that did its work.
    pub(super) fn comment(&self) -> String {
        let done = self.run();
        assert_eq!(done.code, 0, "{done:?}");
        let comments = self.forge.comments();
        assert_eq!(comments.len(), 1, "{done:?} {comments:#?}");
        assert!(
            comments[0].starts_with("<!-- lab-kit-ci:lab -->\n"),
            "{comments:#?}"
        );
        comments[0].clone()
    }

    /// The comment says that nothing could be judged; nothing else came of it.
    fn is_refused(&self) {
        let comment = self.comment();
        assert!(comment.contains("could not be judged"), "{comment}");
        assert!(!comment.contains("ladder"), "{comment}");
        let left = self.repository.git(&["status", "--porcelain"]);
        assert_eq!(left, "");
    }
}

pub(super) fn report() -> Value {
    serde_json::from_slice(&super::sample(Format::Json)).unwrap()
}

pub(super) fn bytes(report: &Value) -> Vec<u8> {
    report.to_string().into_bytes()
}

#[test]
#[ignore = "needs jq and unzip"]
fn a_forks_pull_request_is_found_by_its_head_and_commented_once() {
    let job = Privileged::new();
    job.upload(&bytes(&report()));
    let first = job.comment();
    assert!(first.contains("| variant |"), "{first}");
    let note = first.find("no baseline yet").unwrap();
    assert!(note < first.find("| variant |").unwrap(), "{first}");
    let makes = "KIT_FILE=compose.yaml KIT_BASELINE=lab-baseline.json KIT/ci/accept.sh";
    assert!(first.contains(makes), "{first}");
    let second = job.comment();
    assert_eq!(first, second);
    let calls = job.forge.calls();
    assert_eq!(calls.matches("POST ").count(), 1, "{calls}");
    assert_eq!(calls.matches("PATCH ").count(), 1, "{calls}");
}

/// The budget that it states is judged, by its figures and not by its word.
#[test]
#[ignore = "needs jq and unzip"]
fn without_a_baseline_a_report_that_boasts_is_judged_by_its_budget() {
    let job = Privileged::new();
    let mut heavy = report();
    for variant in heavy["variants"].as_array_mut().unwrap() {
        variant["policy"]["budget"] = json!(1);
    }
    job.upload(&bytes(&heavy));
    let comment = job.comment();
    assert!(comment.contains("rejected"), "{comment}");
    assert!(comment.contains("budget"), "{comment}");
}

#[test]
#[ignore = "needs jq and unzip"]
fn what_is_no_archive_of_reports_is_refused() {
    let job = Privileged::new();
    job.forge.upload_bytes("lab-report", b"not an archive");
    job.is_refused();

    let job = Privileged::new();
    job.upload(b"{ \"schema\": \"lab-report/1\", \"lab\": ");
    job.is_refused();

    let job = Privileged::new();
    let mut deep = Vec::new();
    for _ in 0..1_000_000 {
        deep.write_all(b"[").unwrap();
    }
    job.upload(&deep);
    job.is_refused();
}

#[test]
#[ignore = "needs jq and unzip"]
fn an_archive_that_is_too_large_or_grows_too_large_is_refused() {
    let job = Privileged::new();
    job.forge.upload_bytes("lab-report", &vec![0; 17 << 20]);
    job.is_refused();
    let calls = job.forge.calls();
    assert!(
        !calls.contains("/zip"),
        "it was fetched all the same: {calls}"
    );

    // What the host says of its size is not what it is.
    let job = Privileged::new();
    job.upload(&bytes(&with_noise(28 << 20)));
    let mut artifacts = job.forge.kept("artifacts");
    assert!(artifacts[0]["size_in_bytes"].as_u64() > Some(17 << 20));
    artifacts[0]["size_in_bytes"] = json!(10);
    job.forge.keep("artifacts", &artifacts);
    job.is_refused();

    let job = Privileged::new();
    let mut grows = bytes(&report());
    grows.resize(33 << 20, b' ');
    job.upload(&grows);
    assert!(job.forge.path("500.zip").metadata().unwrap().len() < 1 << 20);
    job.is_refused();
}

/// A report with a key of so many bytes that do not compress well.
fn with_noise(count: usize) -> Value {
    let mut state = 1_u64;
    let mut noise = String::new();
    for _ in 0..count {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        noise.push(char::from(b'0' + u8::try_from(state >> 58).unwrap() % 42));
    }
    let mut report = report();
    report["noise"] = json!(noise);
    report
}

#[test]
#[ignore = "needs jq and unzip"]
fn no_name_of_an_archive_becomes_a_path() {
    let good = bytes(&report());
    let names = [
        "../report.json",
        "../../lab-kit-evil.json",
        "/tmp/lab-kit-evil.json",
        "a/report.json",
        ".git.json",
        "-p.json",
        "*.json",
        "a.json\nb.json",
        "number.txt",
    ];
    for name in names {
        let job = Privileged::new();
        let path = job.file("report.json", &good);
        job.forge.upload("lab-report", &[(name, path.as_path())]);
        job.is_refused();
        assert!(!std::path::Path::new("/tmp/lab-kit-evil.json").exists());
    }
    let job = Privileged::new();
    let path = job.file("report.json", &good);
    let twice = [("report.json", path.as_path()); 2];
    job.forge.upload("lab-report", &twice);
    job.is_refused();
}

/// unzip names what it finds strange.
#[test]
#[ignore = "needs jq and unzip"]
fn a_name_within_an_archive_is_no_workflow_command() {
    let job = Privileged::new();
    job.upload(&bytes(&report()));
    let archive = job.forge.path("500.zip");
    let mut bytes = fs::read(&archive).unwrap();
    // The first is beside the content, the second in the directory at the end.
    bytes[30..41].copy_from_slice(b"\n::error::x");
    fs::write(&archive, bytes).unwrap();
    let done = job.run();
    assert!(!done.log.contains("::error"), "{done:?}");
    assert_eq!(job.forge.comments().len(), 1, "{done:?}");
}

#[test]
#[ignore = "needs jq and unzip"]
fn a_report_chooses_neither_the_pull_request_nor_the_comment() {
    let job = Privileged::new();
    let mut report = report();
    report["number"] = json!(99);
    report["pull_request"] = json!({ "number": 99 });
    report["lab"] = json!("x --><script>alert(1)</script> @team [a](https://a.b)\n# Accepted");
    job.upload(&bytes(&report));
    let comment = job.comment();
    for raw in ["<script>", "@team", "](https", "\n# Accepted"] {
        assert!(!comment.contains(raw), "{raw}: {comment}");
    }
    let calls = job.forge.calls();
    assert!(!calls.contains("99"), "{calls}");
}

#[test]
#[ignore = "needs jq and unzip"]
fn a_strangers_comment_with_our_marker_is_left_alone() {
    let job = Privileged::new();
    let theirs = json!([{ "id": 5, "issue": 12, "user": { "login": "stranger" },
                          "body": "<!-- lab-kit-ci:lab -->\n mine" }]);
    job.forge.keep("comments", &theirs);
    job.upload(&bytes(&report()));
    assert_eq!(job.run().code, 0);
    let comments = job.forge.comments();
    assert_eq!(comments.len(), 2);
    assert!(comments[0].ends_with("mine"));
}

#[test]
#[ignore = "needs jq and unzip"]
fn where_the_head_is_not_one_open_pull_requests_nothing_is_commented() {
    let one = |job: &Privileged| job.forge.kept("pulls")[0].clone();
    let changes = [
        ("moved on", "/head/sha", json!("b".repeat(40))),
        ("of another fork", "/head/repo/id", json!(3)),
        ("closed", "/state", json!("closed")),
        ("of a fork that is gone", "/head/repo", Value::Null),
    ];
    for (what, place, value) in changes {
        let job = Privileged::new();
        job.upload(&bytes(&report()));
        let mut pull = one(&job);
        *pull.pointer_mut(place).unwrap() = value;
        job.forge.keep("pulls", &json!([pull]));
        let done = job.run();
        assert_eq!(done.code, 0, "{what}: {done:?}");
        assert!(done.log.contains("no open"), "{what}: {done:?}");
        assert!(job.forge.comments().is_empty(), "{what}");
    }
    // The event of a branch of this repository says which it is, and is not believed either.
    let job = Privileged::new();
    job.upload(&bytes(&report()));
    let event = job.forge.workflow_run_event(&"c".repeat(40), Head::Branch);
    let place = job.repository.path();
    let done = Runner::new(&job.forge, place, "workflow_run", event).run("comment", &[]);
    assert!(done.log.contains("moved on"), "{done:?}");
    assert!(job.forge.comments().is_empty());

    let job = Privileged::new();
    job.upload(&bytes(&report()));
    let (pull, mut other) = (one(&job), one(&job));
    other["number"] = json!(13);
    job.forge.keep("pulls", &json!([pull, other]));
    assert!(job.run().log.contains("several"));
    assert!(job.forge.comments().is_empty());
}

#[test]
#[ignore = "needs jq and unzip"]
fn a_host_that_does_not_answer_is_a_failure() {
    let job = Privileged::new();
    job.upload(&bytes(&report()));
    fs::remove_file(job.forge.path("pulls.json")).unwrap();
    let done = job.run();
    assert_ne!(done.code, 0, "{done:?}");
}
