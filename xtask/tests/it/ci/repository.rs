use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::runner;

/// A repository with a branch `main` that has a project, and a branch `grow` from it.
pub(crate) struct Repository {
    directory: TempDir,
}

impl Repository {
    /// With these files on `main`, committed.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let repository = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        // As code hosts allow it.
        repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        repository.commit(files);
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Writes and commits files; gives the commit.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) -> String {
        for (name, text) in files {
            let path = self.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message=x"]);
        self.head()
    }

    pub(crate) fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// A clone that has its head and no history, as CI services make it.
    pub(crate) fn shallow(&self, to: &Path) -> PathBuf {
        let from = format!("file://{}", self.path().display());
        let to = to.join("clone");
        if to.exists() {
            fs::remove_dir_all(&to).unwrap();
        }
        let to_text = to.to_str().unwrap();
        self.git(&["clone", "--quiet", "--depth=1", "--no-tags", &from, to_text]);
        to
    }

    pub(crate) fn git(&self, words: &[&str]) -> String {
        let output = runner::clean("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
            .args(words)
            .current_dir(self.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}
