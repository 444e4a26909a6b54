//! Where the tests build: the builders at hand, a context, what is left behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use xtask::engine::build::{self, BuildCache, Job};
use xtask::engine::{Cli, Driver};
use xtask::model::{
    Build, BuildFailure, BuildSpec, BuiltImage, Cancel, Dockerfile, EngineKind, EngineProblem,
    Events,
};

use crate::clock::patience;
use crate::live::{docker, endpoint, engine};

pub(super) const BASE: &str = "lab/python:offline";

/// A Docker CLI and how it builds.
pub(super) struct On {
    pub(super) program: String,
    pub(super) cli: Cli,
    pub(super) driver: Driver,
}

/// Each `docker` on the path with the best builder that it has, and the first one with the
/// classic builder too.
pub(super) fn builders() -> Vec<On> {
    let (endpoint, engine) = (endpoint(), engine());
    let kind = engine.facts().kind;
    let on = |program: &str, driver| On {
        program: program.to_owned(),
        cli: Cli::with(program, &endpoint).keeping_in(engine.store()),
        driver,
    };
    let mut builders = vec![on("docker", Driver::Classic)];
    let path = std::env::var_os("PATH").unwrap();
    let programs = std::env::split_paths(&path).map(|directory| directory.join("docker"));
    for program in programs.filter(|program| program.is_file()) {
        let program = program.to_str().unwrap();
        let unasked = |name: &str| std::env::var_os(name).filter(|_| name != "DOCKER_BUILDKIT");
        let (cli, cancel) = (Cli::with(program, &endpoint), Cancel::default());
        let driver = Driver::find_in(&cli, kind, &unasked, &cancel).unwrap();
        if builders.iter().all(|known| known.driver != driver) {
            builders.push(on(program, driver));
        }
    }
    builders
}

/// A build context and the images built of it, both gone at the end.
pub(super) struct Workshop {
    context: tempfile::TempDir,
    pub(super) name: String,
}

impl Workshop {
    pub(super) fn new(name: &str) -> Self {
        let context = tempfile::tempdir().unwrap();
        fs::write(context.path().join("a.txt"), "hello\n").unwrap();
        Self {
            context,
            name: format!("build-test-{name}-{}", std::process::id()),
        }
    }

    pub(super) fn spec(&self, dockerfile: &str) -> BuildSpec {
        let path = self.path(&format!("Dockerfile.{}", hash(dockerfile)));
        fs::write(&path, dockerfile).unwrap();
        BuildSpec {
            context: self.context.path().to_str().unwrap().to_owned(),
            dockerfile: Dockerfile::Path(path),
            args: BTreeMap::new(),
            target: None,
            platform: None,
            platforms: Vec::new(),
            secrets: Vec::new(),
            environment: BTreeMap::new(),
            flags: Vec::new(),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.context.path().join(name)
    }

    pub(super) fn build_spec(
        &self,
        on: &On,
        spec: &BuildSpec,
    ) -> Result<Build<BuiltImage>, EngineProblem> {
        let job = Job {
            variant: "multi",
            spec,
            tag: Some(&self.name),
            also: Vec::new(),
            after: Vec::new(),
            fault: None,
            shown: std::collections::BTreeSet::new(),
        };
        let (events, cancel) = (Events::nowhere(), Cancel::default());
        let mut builds = build::all(
            &on.cli,
            on.driver,
            &[job],
            BuildCache::Use,
            &events,
            &cancel,
        )?;
        Ok(builds.remove(0))
    }

    pub(super) fn build(
        &self,
        on: &On,
        dockerfile: &str,
    ) -> Result<Build<BuiltImage>, EngineProblem> {
        self.build_spec(on, &self.spec(dockerfile))
    }

    pub(super) fn built(&self, on: &On, dockerfile: &str) -> BuiltImage {
        match self.build(on, dockerfile) {
            Ok(Build::Done(built)) => built,
            other => panic!("{:?}: {other:?}", on.driver),
        }
    }

    pub(super) fn failure(&self, on: &On, dockerfile: &str) -> BuildFailure {
        match self.build(on, dockerfile) {
            Ok(Build::Failed(failure)) => failure,
            other => panic!("{:?}: {other:?}", on.driver),
        }
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        docker(&["rmi", "-f", &self.name]);
    }
}

pub(super) fn is_podman() -> bool {
    engine().facts().kind == EngineKind::Podman
}

/// So that each text has a file, and no step is taken from another run's cache.
pub(super) fn hash(text: &str) -> usize {
    text.bytes().fold(7_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    })
}

pub(super) fn once() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    format!("{}-{}", std::process::id(), now.unwrap().as_nanos())
}

pub(super) fn wait_for(limit: Duration, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + patience(limit);
    while !is_so() {
        assert!(Instant::now() < deadline, "not so within {limit:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a process, in whatever container, has these words.
pub(super) fn is_running(words: &str) -> bool {
    let words = words.replace(' ', "\0");
    fs::read_dir("/proc").unwrap().flatten().any(|process| {
        let words_of = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&words_of).starts_with(&words)
    })
}

pub(super) fn has_container(words: &str) -> bool {
    let all = docker(&["ps", "-a", "--no-trunc", "--format", "{{.Command}}"]);
    String::from_utf8_lossy(&all.stdout).contains(words)
}
