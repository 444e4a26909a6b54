use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::runner;
use crate::program;

/// The pull request that the tests are about, its run, and who made it.
pub(super) const NUMBER: u64 = 12;
const RUN: u64 = 77;
const HERE: u64 = 1;
const FORK: u64 = 2;

/// Makes an archive as Python has it, for names that no other program would write.
const ZIP: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:
    for name, path in zip(sys.argv[2::2], sys.argv[3::2]):
        archive.writestr(name, open(path, 'rb').read())
";

/// A stub of a code host: repository `upstream/app` with one pull request.
pub(super) struct Forge {
    pub(super) directory: TempDir,
}

/// From where the pull request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    Branch,
    Fork,
}

impl Forge {
    pub(super) fn new() -> Self {
        let forge = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        for (name, script) in [
            ("gh", include_str!("gh.sh")),
            ("curl", include_str!("curl.sh")),
        ] {
            program::write(forge.path("bin").join(name), script);
        }
        for state in ["pulls", "artifacts", "comments"] {
            forge.keep(state, &json!([]));
        }
        forge
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(super) fn keep(&self, state: &str, value: &Value) {
        fs::write(self.path(state).with_extension("json"), value.to_string()).unwrap();
    }

    pub(super) fn kept(&self, state: &str) -> Value {
        let text = fs::read(self.path(state).with_extension("json")).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    pub(super) fn calls(&self) -> String {
        fs::read_to_string(self.path("calls.log")).unwrap_or_default()
    }

    /// Opens the pull request, with these commits as head and base.
    pub(super) fn open(&self, head: &str, base: &str, from: Head) {
        let pull = json!({
            "number": NUMBER,
            "state": "open",
            "head": {
                "sha": head, "ref": "grow", "label": format!("{}:grow", from.owner()),
                "repo": { "id": from.id() },
            },
            "base": { "sha": base, "ref": "main", "repo": { "id": HERE } },
        });
        self.keep("pulls", &json!([pull]));
    }

    /// Keeps an archive of these names and files as an artifact of the run.
    pub(super) fn upload(&self, artifact: &str, files: &[(&str, &Path)]) {
        let id = self.kept("artifacts").as_array().unwrap().len() + 500;
        let archive = self.path(&format!("{id}.zip"));
        let mut zip = runner::program("python3");
        zip.args(["-c", ZIP]).arg(&archive);
        for (name, path) in files {
            zip.arg(name).arg(path);
        }
        assert!(zip.status().unwrap().success());
        self.add_artifact(artifact, &archive);
    }

    /// Keeps these bytes as an artifact of the run.
    pub(super) fn upload_bytes(&self, artifact: &str, bytes: &[u8]) {
        let id = self.kept("artifacts").as_array().unwrap().len() + 500;
        let archive = self.path(&format!("{id}.zip"));
        fs::write(&archive, bytes).unwrap();
        self.add_artifact(artifact, &archive);
    }

    fn add_artifact(&self, name: &str, archive: &Path) {
        let mut artifacts = self.kept("artifacts");
        let count = artifacts.as_array().unwrap().len();
        artifacts.as_array_mut().unwrap().push(json!({
            "id": count + 500, "name": name, "expired": false,
            "size_in_bytes": archive.metadata().unwrap().len(),
            "created_at": format!("2026-01-01T00:00:{count:02}Z"),
        }));
        self.keep("artifacts", &artifacts);
    }

    /// The event that starts the job without rights.
    pub(super) fn pull_request_event(&self, head: &str, base: &str) -> PathBuf {
        let event = json!({
            "action": "synchronize",
            "number": NUMBER,
            "pull_request": { "number": NUMBER, "head": { "sha": head }, "base": { "sha": base } },
        });
        self.keep("pull_request", &event);
        self.path("pull_request.json")
    }

    /// The event that starts the job with rights. A fork's has no pull request in it.
    pub(super) fn workflow_run_event(&self, head: &str, from: Head) -> PathBuf {
        let pulls = match from {
            Head::Branch => json!([
                { "number": 99, "base": { "repo": { "id": FORK } } },
                { "number": NUMBER, "base": { "repo": { "id": HERE } } },
            ]),
            Head::Fork => json!([]),
        };
        let event = json!({
            "action": "completed",
            "repository": { "id": HERE, "full_name": "upstream/app" },
            "workflow_run": {
                "id": RUN, "event": "pull_request", "conclusion": "failure",
                "head_sha": head, "head_branch": "grow",
                "head_repository": { "id": from.id(), "owner": { "login": from.owner() } },
                "pull_requests": pulls,
            },
        });
        self.keep("workflow_run", &event);
        self.path("workflow_run.json")
    }

    /// The comments on the pull request.
    pub(super) fn comments(&self) -> Vec<String> {
        let comments = self.kept("comments");
        let bodies = comments.as_array().unwrap().iter().map(|comment| {
            assert_eq!(comment["issue"], NUMBER, "{comment}");
            comment["body"].as_str().unwrap().to_owned()
        });
        bodies.collect()
    }

    /// A command that finds the stubs before the real programs.
    pub(super) fn serve(&self, command: &mut Command) {
        let path = format!("{}:{}", self.path("bin").display(), runner::path());
        command
            .env("PATH", path)
            .env("FORGE", self.directory.path());
    }
}

impl Head {
    fn owner(self) -> &'static str {
        match self {
            Self::Branch => "upstream",
            Self::Fork => "stranger",
        }
    }

    fn id(self) -> u64 {
        match self {
            Self::Branch => HERE,
            Self::Fork => FORK,
        }
    }
}
