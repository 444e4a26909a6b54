use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use xtask::model::Digest;

use crate::live::docker;

const SCHEMA: &str = include_str!("../../../../docs/schema/check-report-1.schema.json");
const LAB_SCHEMA: &str = include_str!("../../../../docs/schema/lab-report-1.schema.json");

/// The given script: another language, another file and another text than those of ex08.
const SCRIPT: &str =
    "#!/bin/sh\nmkdir -p out\nfor number in 3 2 1; do echo \"$number…\"; done > out/count.txt\n";

/// The same, for a text that only running it tells.
const CANARY: &str = r#"#!/bin/sh
key=@KEY@
code=@CODE@
left=$key
mkdir -p out
while [ -n "$code" ]; do
  [ -n "$left" ] || left=$key
  one=${code%"${code#??}"} two=${left%"${left#??}"}
  code=${code#??} left=${left#??}
  printf "\\$(printf %03o $((0x$one ^ 0x$two)))"
done > out/count.txt
"#;

/// The first stage of a good submission.
pub(super) const BUILD: &str =
    "FROM lab/python:offline AS build\nWORKDIR /work\nCOPY count.sh ./\nRUN sh count.sh\n";

/// The last one: `cat` and what it needs, on an image that is empty.
pub(super) const SHOW: &str = "FROM scratch\n\
    COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/\n\
    COPY --from=build /lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/\n\
    COPY --from=build /bin/cat /bin/cat\n\
    COPY --from=build /work/out/count.txt /\n\
    CMD [\"/bin/cat\", \"/count.txt\"]\n";

/// A repository with one exercise, whose images go with it.
pub(super) struct Course {
    directory: TempDir,
    pub(super) lab: String,
}

/// The end of one check.
pub(super) struct Checked {
    pub(super) code: Option<i32>,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: String,
}

impl Course {
    pub(super) fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("kit-check-")
            .rand_bytes(8)
            .tempdir()
            .unwrap();
        let name = directory.path().file_name().unwrap().to_str().unwrap();
        let lab = name.to_lowercase().replace('-', "");
        let course = Self { directory, lab };
        fs::create_dir(course.path(".git")).unwrap();
        course.write("course/count.sh", SCRIPT);
        course.write("course/canary.sh", CANARY);
        course.write(
            "Dockerfile.all",
            &format!("{BUILD}CMD [\"cat\", \"out/count.txt\"]\n"),
        );
        let compose = course.compose();
        course.write("compose.yaml", &compose);
        course
    }

    fn compose(&self) -> String {
        let lab = &self.lab;
        let sha256 = Digest::from_hash(Sha256::digest(SCRIPT).into());
        format!(
            "services:
  all:
    image: {lab}:all
    build: {{ context: course, dockerfile: ../Dockerfile.all }}
    x-lab: {{ lab: {lab}, role: reference }}
  mine:
    image: {lab}:mine
    build: {{ context: course, dockerfile: Dockerfile }}
    x-lab:
      lab: {lab}
      role: solution
      exercise:
        submission: course/Dockerfile
        folder: course
        script: count.sh
        command: [sh, count.sh]
        output: out/count.txt
        given: {{ count.sh: '{sha256}' }}
        canary: course/canary.sh
        forbidden: {{ interpreter: ['python3*', perl] }}
        medals: {{ large: 100MB, small: 5MB, tiny: 1kB }}
"
        )
    }

    /// With this submission where the exercise asks for it.
    pub(super) fn with(dockerfile: &str) -> Self {
        let course = Self::new();
        course.write("course/Dockerfile", dockerfile);
        course
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The kit in the repository, in English, without colour or a memory of other tests.
    pub(super) fn kit(&self, words: &[&str]) -> Command {
        let shell = xshell::Shell::new().unwrap();
        let command = shell.cmd(env!("CARGO_BIN_EXE_xtask"));
        let mut command = Command::from(command.args(["check", &self.lab]).args(words));
        command
            .current_dir(self.directory.path())
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_CACHE_HOME", self.path(".cache"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(super) fn check(&self, words: &[&str]) -> Checked {
        self.kit(words).output().unwrap().into()
    }

    /// A check as JSON, which must satisfy the published schemas.
    pub(super) fn json(&self, words: &[&str]) -> (Checked, Value) {
        let words = [words, &["--offline", "--format", "json"]].concat();
        let checked = self.check(&words);
        let json = checked.json();
        (checked, json)
    }
}

impl Drop for Course {
    fn drop(&mut self) {
        let tags = [
            "all",
            "mine",
            "check",
            "check-canary",
            "check-reference",
            "check-expected",
        ];
        for tag in tags {
            // Another test may be building on what lies below it.
            docker(&["rmi", "--no-prune", &format!("{}:{tag}", self.lab)]);
        }
    }
}

/// The outcome of each check, as one text.
pub(super) fn outcomes(json: &Value) -> String {
    let checks = json["checks"].as_array().unwrap().iter();
    let texts = checks.map(|check| {
        let text = |key: &str| check[key].as_str().unwrap().to_owned();
        format!("{} {}", text("id"), text("outcome"))
    });
    texts.collect::<Vec<_>>().join(", ")
}

impl From<Output> for Checked {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl std::fmt::Debug for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let stdout = String::from_utf8_lossy(&self.stdout);
        write!(f, "code {:?}\n{}\n{stdout:.4000}", self.code, self.stderr)
    }
}

impl Checked {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).unwrap()
    }

    pub(super) fn json(&self) -> Value {
        let json: Value = serde_json::from_slice(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {self:?}"));
        satisfies(SCHEMA, &json);
        if !json["report"].is_null() {
            satisfies(LAB_SCHEMA, &json["report"]);
        }
        json
    }
}

fn satisfies(schema: &str, json: &Value) {
    let schema = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(json)
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
