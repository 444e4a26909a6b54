use std::env;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::live::docker;

const SCHEMA: &str = include_str!("../../../../docs/schema/lab-report-1.schema.json");

/// What a variant without any fault is made of: it prints `same`.
pub(crate) const GOOD: &str = "FROM lab/python:offline\nCMD [\"echo\", \"same\"]\n";

/// A Compose project of the test's own; its images go with it.
pub(crate) struct Project {
    pub(crate) directory: TempDir,
    /// The project's name, the first part of its images' names.
    pub(crate) name: String,
    images: Vec<String>,
}

/// The end of one run of the kit.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Project {
    pub(crate) fn empty() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("kit-test-")
            .rand_bytes(12)
            .tempdir()
            .unwrap();
        let name = directory.path().file_name().unwrap().to_str().unwrap();
        Self {
            name: name.to_lowercase(),
            directory,
            images: Vec::new(),
        }
    }

    /// A lab `t` of a reference that is [`GOOD`] and of a solution with this Dockerfile.
    pub(crate) fn with_solution(dockerfile: &str) -> Self {
        Self::of(&[("one", "reference", GOOD), ("two", "solution", dockerfile)])
    }

    /// A lab `t` of services with name, role and Dockerfile.
    pub(crate) fn of(services: &[(&str, &str, &str)]) -> Self {
        let mut project = Self::empty();
        let mut compose = "services:\n".to_owned();
        for (service, role, dockerfile) in services {
            project.write(&format!("Dockerfile.{service}"), dockerfile);
            let image = format!("{}:{service}", project.name);
            let service = [
                format!("  {service}:\n"),
                format!("    image: {image}\n"),
                format!("    build: {{ context: ., dockerfile: Dockerfile.{service} }}\n"),
                format!("    x-lab: {{ lab: t, role: {role} }}\n"),
            ];
            compose += &service.concat();
            project.images.push(image);
        }
        project.write("compose.yaml", &compose);
        project
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Changes the Compose file's text.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path("compose.yaml")).unwrap();
        assert!(text.contains(from), "{text}");
        self.write("compose.yaml", &text.replace(from, to));
    }

    /// The kit in the project's directory, in English, without colour or a memory.
    pub(crate) fn kit(&self, words: &[&str]) -> Command {
        let shell = xshell::Shell::new().unwrap();
        let command = shell.cmd(env!("CARGO_BIN_EXE_xtask")).args(words);
        let mut command = Command::from(command);
        command
            .current_dir(self.directory.path())
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_CACHE_HOME", self.path(".cache"))
            .env_remove("COMPOSE_PROFILES")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Ended {
        self.kit(words).output().unwrap().into()
    }

    /// Runs lab `t` offline and gives its report, which must satisfy the published schema.
    pub(crate) fn report(&self) -> (Ended, Value) {
        let ended = self.run(&["lab", "t", "--offline", "--format", "json"]);
        let json = ended.json();
        (ended, json)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        for image in &self.images {
            docker(&["rmi", image]);
        }
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl fmt::Debug for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        let (code, stderr) = (self.code, &self.stderr);
        write!(f, "exit code {code:?}\n{stderr}\n{stdout:.2000}")
    }
}

impl Ended {
    /// Standard output as a report that satisfies the published schema.
    pub(crate) fn json(&self) -> Value {
        let json: Value = serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {self:?}"));
        let schema = serde_json::from_str(SCHEMA).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let errors: Vec<_> = validator
            .iter_errors(&json)
            .map(|it| it.to_string())
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        json
    }

    /// Undecided: code 2, no report, and a message that says each of these.
    pub(crate) fn is_undecided(&self, said: &[&str]) {
        assert_eq!(self.code, Some(2), "{self:?}");
        assert!(self.stdout.is_empty(), "{self:?}");
        assert!(self.stderr.contains("error: "), "{self:?}");
        for words in said {
            assert!(self.stderr.contains(words), "no `{words}`: {}", self.stderr);
        }
    }
}

/// The variant of this name.
pub(crate) fn variant<'a>(report: &'a Value, name: &str) -> &'a Value {
    let variants = report["variants"].as_array().unwrap();
    variants.iter().find(|it| it["name"] == name).unwrap()
}

/// The rules of a rejected report's errors against this variant.
pub(crate) fn rules<'a>(report: &'a Value, name: &str) -> Vec<&'a str> {
    let findings = report["verdict"]["findings"].as_array().unwrap();
    findings
        .iter()
        .filter(|it| it["variant"] == name && it["level"] == "error")
        .map(|it| it["rule"].as_str().unwrap())
        .collect()
}
