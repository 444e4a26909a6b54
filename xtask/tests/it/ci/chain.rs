use std::cell::RefCell;
use std::path::PathBuf;

use tempfile::TempDir;

use super::forge::{Forge, Head, NUMBER};
use super::repository::Repository;
use super::runner::{self, Done, Runner};
use crate::live::docker;

pub(super) const DOCKERFILE: &str = "FROM lab/python:offline\nCMD [\"echo\", \"same\"]\n";

/// Adds an instruction of three million bytes, on the second line.
pub(super) const GROWN: &str = "FROM lab/python:offline\n\
    RUN head -c 3000000 /dev/urandom > /opt/model.bin\n\
    CMD [\"echo\", \"same\"]\n";

pub(super) const INSTRUCTION: &str = "RUN head -c 3000000";

/// A repository whose project lies in a folder, and the code host that has it.
pub(super) struct Chain {
    pub(super) forge: Forge,
    repository: Repository,
    base: RefCell<String>,
    image: String,
    place: TempDir,
}

impl Chain {
    pub(super) fn new() -> Self {
        Self::with_budget("1MB")
    }

    fn with_budget(budget: &str) -> Self {
        let place = tempfile::tempdir().unwrap();
        let name = place.path().file_name().unwrap().to_str().unwrap();
        let image = format!("kit-ci-{}:app", name.trim_start_matches('.').to_lowercase());
        let compose = compose(&image, budget);
        let files = [
            ("app/compose.yaml", compose.as_str()),
            ("app/Dockerfile", DOCKERFILE),
        ];
        let repository = Repository::with(&files);
        Self {
            forge: Forge::new(),
            base: RefCell::new(repository.head()),
            repository,
            image,
            place,
        }
    }

    /// With a baseline that the kit made of `main`.
    pub(super) fn with_baseline(budget: &str) -> Self {
        let chain = Self::with_budget(budget);
        let mut kit = runner::clean(env!("CARGO_BIN_EXE_xtask"));
        kit.args(["lab", "--file", "app/compose.yaml", "--update-baseline"])
            .args(["--baseline", "lab-baseline.json"])
            .current_dir(chain.repository.path());
        let output = kit.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        chain.set_base(&[]);
        chain
    }

    /// Commits files, and what else is new, on `main`.
    pub(super) fn set_base(&self, files: &[(&str, &str)]) {
        self.repository.git(&["checkout", "--quiet", "main"]);
        self.base.replace(self.repository.commit(files));
    }

    /// The project's Compose file with another budget.
    pub(super) fn compose(&self, budget: &str) -> String {
        compose(&self.image, budget)
    }

    /// The report that the last job without rights left.
    pub(super) fn report(&self) -> Vec<u8> {
        let artifacts = self.forge.kept("artifacts");
        let mut newest = artifacts.as_array().unwrap().iter().rev();
        let newest = newest.find(|it| it["name"] == "lab-report").unwrap();
        let archive = format!("{}.zip", newest["id"]);
        let mut unzip = runner::clean("unzip");
        unzip
            .arg("-p")
            .arg(self.forge.path(&archive))
            .arg("report.json");
        unzip.output().unwrap().stdout
    }

    /// Commits files on branch `grow` and opens, or updates, its pull request.
    pub(super) fn propose(&self, files: &[(&str, &str)], from: Head) -> String {
        self.repository
            .git(&["checkout", "--quiet", "-B", "grow", "main"]);
        let head = self.repository.commit(files);
        self.forge.open(&head, &self.base.borrow(), from);
        head
    }

    /// The job without rights, in a clone of the pull request's head alone.
    pub(super) fn measure(&self, head: &str) -> Done {
        let clone = self.clone_of("grow");
        let event = self.forge.pull_request_event(head, &self.base.borrow());
        let runner = Runner::new(&self.forge, &clone, "pull_request", event);
        runner.run("measure", &[("file", "app/compose.yaml")])
    }

    /// The job with rights, in a clone of the base branch alone.
    pub(super) fn comment(&self, head: &str, from: Head) -> Done {
        let clone = self.clone_of("main");
        let event = self.forge.workflow_run_event(head, from);
        Runner::new(&self.forge, &clone, "workflow_run", event).run("comment", &[])
    }

    fn clone_of(&self, branch: &str) -> PathBuf {
        self.repository.git(&["checkout", "--quiet", branch]);
        self.repository.shallow(self.place.path())
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        docker(&["rmi", "--no-prune", &self.image]);
    }
}

fn compose(image: &str, budget: &str) -> String {
    format!(
        "services:\n  app:\n    image: {image}\n    build: .\n    \
         x-lab: {{ lab: shop, role: solution, counts: own, budget: {budget} }}\n"
    )
}

#[test]
#[ignore = "needs Docker"]
fn a_pull_request_that_grows_an_image_is_rejected_and_told_which_instruction_did_it() {
    for from in [Head::Branch, Head::Fork] {
        let chain = Chain::new();
        let head = chain.propose(&[("app/Dockerfile", GROWN)], from);
        let measured = chain.measure(&head);
        assert_eq!(measured.code, 1, "{measured:?}");
        let annotation = "::error file=app/Dockerfile";
        assert!(measured.log.contains(annotation), "{}", measured.log);
        assert!(measured.summary.contains(INSTRUCTION), "{measured:?}");

        let commented = chain.comment(&head, from);
        assert_eq!(commented.code, 0, "{commented:?}");
        let comments = chain.forge.comments();
        assert_eq!(comments.len(), 1);
        for said in [INSTRUCTION, "app/Dockerfile:2", "3.0 MB", "rejected"] {
            assert!(comments[0].contains(said), "no {said}: {}", comments[0]);
        }

        // Mended: the same comment says so.
        let head = chain.propose(&[("app/Dockerfile", DOCKERFILE)], from);
        assert_eq!(chain.measure(&head).code, 0);
        assert_eq!(chain.comment(&head, from).code, 0);
        let comments = chain.forge.comments();
        assert_eq!(comments.len(), 1, "{NUMBER} has {comments:#?}");
        assert!(comments[0].contains("accepted"), "{}", comments[0]);
    }
}

#[test]
#[ignore = "needs Docker"]
fn what_the_kit_prints_is_no_workflow_command() {
    let chain = Chain::new();
    let dockerfile = "FROM lab/python:offline\nRUN echo ::set-env name=A::b; exit 1\n";
    let head = chain.propose(&[("app/Dockerfile", dockerfile)], Head::Fork);
    let measured = chain.measure(&head);
    assert_eq!(measured.code, 1, "{measured:?}");
    let lines: Vec<_> = measured.log.lines().map(str::trim_start).collect();
    let stopped = lines
        .iter()
        .position(|it| it.starts_with("::stop-commands::"));
    let end = lines[stopped.unwrap()].replace("::stop-commands", "") + "::";
    let resumed = lines.iter().position(|it| *it == end).unwrap();
    let is_command = |line: &&str| line.starts_with("::set-env");
    assert!(
        lines[stopped.unwrap()..resumed].len() > 5,
        "{}",
        measured.log
    );
    assert!(!lines[resumed..].iter().any(is_command), "{}", measured.log);
}

#[test]
#[ignore = "needs jq"]
fn an_event_that_would_build_with_rights_is_refused() {
    let chain = Chain::new();
    let head = chain.propose(&[], Head::Fork);
    let clone = chain.clone_of("grow");
    let event = chain.forge.pull_request_event(&head, &chain.base.borrow());
    let runner = Runner::new(&chain.forge, &clone, "pull_request_target", event);
    let done = runner.run("measure", &[]);
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.log.contains("use pull_request"), "{done:?}");
}
