//! Submissions of exercise 08, right and wrong, and what `check` makes of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde::Deserialize;
use serde_json::Value;

const CORPUS: &str = include_str!("../data/check/corpus.yaml");

/// What the word `BUILD` stands for, and `BUSYBOX`.
const BUILD: &str = "FROM python:3.13-slim AS build\nWORKDIR /app\nCOPY simple_script.py .\n\
                     RUN python simple_script.py\n";
const BUSYBOX: &str = "FROM python:3.13-slim AS build\nRUN apt-get update && apt-get install -y \
                       --no-install-recommends busybox-static\nWORKDIR /app\n\
                       COPY simple_script.py .\nRUN python simple_script.py\n";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// It is one of those that are always run.
    #[serde(default)]
    sample: bool,
    dockerfile: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    outcome: Outcome,
    /// The first check that does not pass.
    fails: Option<String>,
    cause: Option<String>,
    line: Option<u64>,
    /// How the first hint begins.
    #[serde(default)]
    hint: String,
    /// The same in French, as the page shows it.
    #[serde(default)]
    hint_fr: String,
    medal: Option<String>,
    /// The only one that it is meant for: `classic` or `buildkit`.
    builder: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    #[default]
    Accepted,
    Rejected,
    Undecided,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Undecided => "undecided",
        }
    }

    fn exit_code(self) -> i32 {
        match self {
            Self::Accepted => 0,
            Self::Rejected => 1,
            Self::Undecided => 2,
        }
    }
}

fn corpus() -> Vec<Case> {
    serde_yaml::from_str(CORPUS).unwrap()
}

impl Case {
    /// Writes the submission; a directory where it has more than a Dockerfile.
    fn write(&self, directory: &Path) -> PathBuf {
        let text = self.dockerfile.replace("BUSYBOX\n", BUSYBOX);
        let file = directory.join("Dockerfile");
        fs::write(&file, text.replace("BUILD\n", BUILD)).unwrap();
        for (name, text) in &self.files {
            fs::write(directory.join(name), text).unwrap();
        }
        if self.files.is_empty() {
            file
        } else {
            directory.to_owned()
        }
    }

    /// What is not as expected.
    fn faults(&self) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        let submission = self.write(directory.path());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let shell = xshell::Shell::new().unwrap();
        let kit = shell.cmd(env!("CARGO_BIN_EXE_xtask"));
        let page = tempfile::NamedTempFile::new().unwrap();
        let french = format!("html={}", page.path().display());
        let output = Command::from(kit)
            .args(["check", "ex08"])
            .arg(&submission)
            .args(["--format", "json", "--lang", "fr", "--output", &french])
            .args(&self.flags)
            .current_dir(root)
            .env("LC_ALL", "C.UTF-8")
            .env("LAB_PYTHON_IMAGE", "lab/python:offline")
            // What was built for one run serves the next.
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env_remove("LAB_DOCKERFILE")
            .output()
            .unwrap();
        let mut faults = Faults::default();
        let report: Option<Value> = serde_json::from_slice(&output.stdout).ok();
        let builder = report.as_ref().map(|it| &it["report"]["engine"]["builder"]);
        if self.builder.is_some() && builder != self.builder.clone().map(Value::from).as_ref() {
            return faults.0;
        }
        faults.unless_same(
            "exit code",
            &self.outcome.exit_code(),
            &output.status.code(),
        );
        let Some(report) = report else {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            faults.0.push(said);
            return faults.0;
        };
        self.compare(&report, &mut faults);
        let page = fs::read_to_string(page.path()).unwrap();
        if !page.contains(&self.hint_fr) {
            faults.0.push(format!("the page lacks: {}", self.hint_fr));
        }
        faults.0
    }

    fn compare(&self, report: &Value, faults: &mut Faults) {
        let checks = report["checks"].as_array().unwrap();
        let is_open = |it: &&Value| it["outcome"] == "fail" || it["outcome"] == "undecided";
        let first = checks.iter().find(is_open).unwrap_or(&Value::Null);
        faults.unless_same("outcome", &self.outcome.name(), &report["outcome"]);
        faults.unless_same("check", &self.fails, &first["id"]);
        faults.unless_same("cause", &self.cause, &first["cause"]);
        faults.unless_same("line", &self.line, &first["line"]);
        if let Some(medal) = &self.medal {
            faults.unless_same("medal", medal, &report["medal"]["name"]);
        }
        let hint = report["hints"][0].as_str().unwrap_or_default();
        if !hint.starts_with(&self.hint) {
            faults.0.push(format!("hint: {hint}"));
        }
        if !faults.0.is_empty() {
            faults.0.push(first["message"].to_string());
        }
    }
}

#[derive(Debug, Default)]
struct Faults(Vec<String>);

impl Faults {
    fn unless_same(
        &mut self,
        what: &str,
        expected: &impl serde::Serialize,
        actual: &impl serde::Serialize,
    ) {
        let [expected, actual] =
            [serde_json::to_value(expected), serde_json::to_value(actual)].map(Result::unwrap);
        if expected != actual {
            self.0
                .push(format!("{what}: {actual} instead of {expected}"));
        }
    }
}

/// With `LAB_TEST_CORPUS=all` the whole corpus, which takes minutes; with another value those
/// whose name has it.
#[test]
#[ignore = "needs Docker"]
fn each_submission_gets_its_outcome_cause_line_and_first_hint() {
    let wanted = env::var("LAB_TEST_CORPUS").unwrap_or_default();
    let is_wanted = |case: &Case| match wanted.as_str() {
        "" => case.sample,
        "all" => true,
        part => case.name.contains(part),
    };
    let mut wrong = BTreeMap::new();
    for case in corpus().into_iter().filter(is_wanted) {
        let faults = case.faults();
        if !faults.is_empty() {
            wrong.insert(case.name, faults);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_corpus_has_enough_of_each_kind() {
    let corpus = corpus();
    let count = |outcome| corpus.iter().filter(|it| it.outcome == outcome).count();
    assert!(count(Outcome::Accepted) >= 15);
    assert!(count(Outcome::Rejected) >= 30);
    assert!(count(Outcome::Undecided) >= 5);
    let mut names: Vec<&str> = corpus.iter().map(|it| &*it.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), corpus.len());
}
