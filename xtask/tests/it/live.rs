//! A living engine, for the tests that need one.

use std::io::Write as _;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::clock::patience;
use xtask::engine::{Endpoint, Engine, Limits, RunRequest};
use xtask::model::{Cancel, Digest, EngineProblem, Events, Run, RunSpec, ServiceCommand};

/// Images with a shell and a Python, the first one present is used.
const BASES: [&str; 3] = [
    "lab/python:offline",
    "localhost/lab/python:offline",
    "python:3.13-slim",
];

pub(crate) fn endpoint() -> Endpoint {
    Endpoint::discover(None).unwrap()
}

pub(crate) fn engine() -> Engine {
    Engine::connect(&endpoint(), &Cancel::default()).unwrap()
}

/// The id of an image that has a shell and a Python.
pub(crate) fn base(engine: &Engine) -> Digest {
    let cancel = Cancel::default();
    let found = BASES
        .iter()
        .find_map(|name| engine.inspect(name, &cancel).ok());
    found.expect("one of the bases is in the engine's store").id
}

/// A container that runs `script` in a shell.
pub(crate) fn shell(script: &str) -> RunSpec {
    command(&["/bin/sh", "-c", script])
}

pub(crate) fn command(words: &[&str]) -> RunSpec {
    let texts = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    RunSpec {
        command: ServiceCommand {
            entrypoint: Some(texts(&words[..1])),
            arguments: Some(texts(&words[1..])),
            ..ServiceCommand::default()
        },
        ..RunSpec::default()
    }
}

pub(crate) fn limits(deadline: u64) -> Limits {
    Limits {
        deadline: Duration::from_secs(deadline),
        ..Limits::default()
    }
}

/// Runs one container of the base on a new connection.
pub(crate) fn run(spec: &RunSpec, deadline: u64) -> Run {
    let engine = engine();
    run_on(&engine, base(&engine), spec, deadline).unwrap()
}

pub(crate) fn run_on(
    engine: &Engine,
    image: Digest,
    spec: &RunSpec,
    deadline: u64,
) -> Result<Run, EngineProblem> {
    let request = RunRequest {
        variant: "test",
        image,
        spec,
    };
    let events = Events::nowhere();
    let runs = engine.run(&[request], &limits(deadline), &events, &Cancel::default())?;
    Ok(runs.into_iter().next().unwrap())
}

pub(crate) fn docker(words: &[&str]) -> Output {
    docker_reading(words, &[])
}

/// Runs the Docker CLI with `input` on its stdin.
pub(crate) fn docker_reading(words: &[&str], input: &[u8]) -> Output {
    let shell = xshell::Shell::new().unwrap();
    let command = shell.cmd("docker").args(words);
    let mut child = std::process::Command::from(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// A label value of its own for what one test makes.
pub(crate) fn mark() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    format!("kit-test-api-{}-{count}", std::process::id())
}

/// Adds a label by which the test finds its containers again.
pub(crate) fn marked(mut spec: RunSpec, mark: &str) -> RunSpec {
    spec.labels.insert("kit-test".to_owned(), mark.to_owned());
    spec
}

/// How many containers bear the mark.
pub(crate) fn left(mark: &str) -> usize {
    let filter = format!("label=kit-test={mark}");
    let ask = || docker(&["ps", "-aq", "--filter", &filter]);
    // Another test makes Podman lose a container, which then lists none for a moment.
    let patience = Instant::now() + patience(Duration::from_secs(2));
    let mut list = ask();
    while !list.status.success() && Instant::now() < patience {
        list = ask();
    }
    assert!(list.status.success(), "{list:?}");
    String::from_utf8_lossy(&list.stdout).lines().count()
}

/// An image of the test's own, removed with this.
pub(crate) struct Image {
    pub(crate) name: String,
}

impl Image {
    /// One layer that holds `path` with `content`; `changes` as `docker import --change`.
    pub(crate) fn import(path: &str, content: &[u8], mode: u32, changes: &[&str]) -> Self {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(mode);
        tar.append_data(&mut header, path, content).unwrap();
        let tar = tar.into_inner().unwrap();
        let name = mark();
        let mut words = vec!["import"];
        for change in changes {
            words.extend(["--change", *change]);
        }
        words.extend(["-", &name]);
        let output = docker_reading(&words, &tar);
        assert!(output.status.success(), "{output:?}");
        Self { name }
    }

    /// Built from this Dockerfile, which is all that its context holds.
    pub(crate) fn built(dockerfile: &str) -> Self {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(dockerfile.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, "Dockerfile", dockerfile.as_bytes())
            .unwrap();
        let image = Self { name: mark() };
        let words = ["build", "--tag", &image.name, "-"];
        let output = docker_reading(&words, &tar.into_inner().unwrap());
        assert!(output.status.success(), "{output:?}");
        image
    }

    pub(crate) fn id(&self, engine: &Engine) -> Digest {
        engine.inspect(&self.name, &Cancel::default()).unwrap().id
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        docker(&["rmi", "--no-prune", &self.name]);
    }
}

/// Removes what has the mark, if a fault in the test kept the kit from removing it.
pub(crate) fn remove(mark: &str) {
    let filter = format!("label=kit-test={mark}");
    let list = docker(&["ps", "-aq", "--filter", &filter]);
    for id in String::from_utf8_lossy(&list.stdout).lines() {
        docker(&["rm", "-f", id]);
    }
}
