use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;
use tempfile::TempDir;

use super::files;
use super::forge::Forge;

/// Runs the steps of a composite action, as the code host's own runner would: each script in
/// `bash -eo pipefail`, with an environment of its own and what its expressions stand for.
pub(super) struct Runner<'a> {
    pub(super) forge: &'a Forge,
    /// Where the job's repository is checked out.
    pub(super) workspace: &'a Path,
    pub(super) event_name: &'a str,
    pub(super) event: PathBuf,
    temp: TempDir,
}

/// What a job came to.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) code: i32,
    pub(super) log: String,
    pub(super) summary: String,
}

pub(super) fn path() -> String {
    env::var("PATH").unwrap()
}

pub(super) fn program(name: &str) -> Command {
    let shell = xshell::Shell::new().unwrap();
    Command::from(shell.cmd(name))
}

/// A command without anything from this process's environment but what finds programs and
/// the engine.
pub(crate) fn clean(name: &str) -> Command {
    let mut command = program(name);
    command.env_clear();
    for kept in ["PATH", "HOME", "DOCKER_HOST", "TMPDIR"] {
        if let Some(value) = env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
        .env("LC_ALL", "C.UTF-8")
        .env("CI", "true")
        .env("KIT_BIN", env!("CARGO_BIN_EXE_xtask"));
    command
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        forge: &'a Forge,
        workspace: &'a Path,
        name: &'a str,
        event: PathBuf,
    ) -> Self {
        let temp = tempfile::tempdir().unwrap();
        Self {
            forge,
            workspace,
            event_name: name,
            event,
            temp,
        }
    }

    /// Runs `ci/github/NAME/action.yml`, to its end or the first step that fails.
    pub(super) fn run(&self, name: &str, inputs: &[(&str, &str)]) -> Done {
        let directory = files::root().join("ci/github").join(name);
        let text = fs::read_to_string(directory.join("action.yml")).unwrap();
        let action: Value = serde_yaml::from_str(&text).unwrap();
        let mut known = self.known(&action, inputs);
        let mut done = Done {
            code: 0,
            log: String::new(),
            summary: String::new(),
        };
        for step in action["runs"]["steps"].as_sequence().unwrap() {
            if let Some(uses) = step.get("uses") {
                // A cache that never has anything is as good as one.
                if !uses.as_str().unwrap().starts_with("actions/cache@") {
                    self.upload(step, &known);
                }
                continue;
            }
            let output = self.script(step, &directory, &known);
            done.log += &String::from_utf8_lossy(&output.stdout);
            done.log += &String::from_utf8_lossy(&output.stderr);
            done.code = output.status.code().unwrap();
            if done.code != 0 {
                break;
            }
            let id = step.get("id").map_or("", |id| id.as_str().unwrap());
            for line in self.left("output").lines() {
                let (key, value) = line.split_once('=').unwrap();
                known.insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
            }
        }
        done.summary = self.left("summary");
        done
    }

    /// What each expression of the action stands for.
    fn known(&self, action: &Value, inputs: &[(&str, &str)]) -> BTreeMap<String, String> {
        let temp = self.temp.path().display().to_string();
        let mut known = BTreeMap::from([
            ("runner.temp".to_owned(), temp),
            ("github.token".to_owned(), "a-token".to_owned()),
        ]);
        for (input, definition) in action["inputs"].as_mapping().unwrap() {
            let input = input.as_str().unwrap();
            let given = inputs.iter().find(|(name, _)| *name == input);
            let value = given.map_or_else(
                || filled(definition["default"].as_str().unwrap(), &known),
                |(_, value)| (*value).to_owned(),
            );
            known.insert(format!("inputs.{input}"), value);
        }
        known
    }

    fn script(&self, step: &Value, action: &Path, known: &BTreeMap<String, String>) -> Output {
        assert_eq!(step["shell"].as_str(), Some("bash"));
        let script = self.temp.path().join("step.sh");
        fs::write(&script, filled(step["run"].as_str().unwrap(), known)).unwrap();
        let mut command = clean("bash");
        command
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(&script)
            .current_dir(self.workspace)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_ACTION_PATH", action)
            .env("GITHUB_EVENT_NAME", self.event_name)
            .env("GITHUB_EVENT_PATH", &self.event)
            .env("GITHUB_REPOSITORY", "upstream/app")
            .env("GITHUB_SHA", "HEAD")
            .env("GITHUB_OUTPUT", self.temp.path().join("output"))
            .env("GITHUB_STEP_SUMMARY", self.temp.path().join("summary"));
        self.forge.serve(&mut command);
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            command.env(
                name.as_str().unwrap(),
                filled(value.as_str().unwrap(), known),
            );
        }
        command.output().unwrap()
    }

    /// Does what the action that keeps artifacts does.
    fn upload(&self, step: &Value, known: &BTreeMap<String, String>) {
        let uses = step["uses"].as_str().unwrap();
        assert!(uses.starts_with("actions/upload-artifact@"), "{uses}");
        let given = |key: &str| filled(step["with"][key].as_str().unwrap(), known);
        let path = PathBuf::from(given("path"));
        if path.exists() {
            let name = path.file_name().unwrap().to_str().unwrap();
            self.forge.upload(&given("name"), &[(name, &path)]);
        }
    }

    fn left(&self, name: &str) -> String {
        fs::read_to_string(self.temp.path().join(name)).unwrap_or_default()
    }
}

/// Text with each `${{ … }}` in it replaced; one that is not known is a mistake.
fn filled(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("${{ ");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once(" }}").unwrap();
        let value = known.get(expression);
        filled += value.unwrap_or_else(|| panic!("no `{expression}` in {text}"));
        filled += rest;
    }
    filled
}
