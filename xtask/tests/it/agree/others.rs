//! Programs and engines beside the one under test, each with a store of its own.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use xtask::engine::{Endpoint, Engine};
use xtask::model::Cancel;

use crate::clock::patience;
use crate::live;

#[expect(
    clippy::disallowed_methods,
    reason = "only rooms describe their commands"
)]
pub(super) fn command(program: &str) -> Command {
    Command::new(program)
}

pub(super) fn is_here(program: &str) -> bool {
    let version = command(program).arg("--version").output();
    version.is_ok_and(|version| version.status.success())
}

pub(super) fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
}

/// Podman with a store of its own.
pub(super) struct Podman<'a>(pub(super) &'a Path);

impl Podman<'_> {
    pub(super) fn command(&self) -> Command {
        let mut podman = command("podman");
        podman.arg("--root").arg(self.0.join("podman-root"));
        podman.arg("--runroot").arg(self.0.join("podman-run"));
        podman.args(["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"]);
        podman
    }
}

/// Podman's Docker API on a socket, ended with this.
pub(super) struct Service {
    child: Child,
    address: String,
}

impl Service {
    pub(super) fn start(podman: &Podman<'_>) -> Self {
        let address = format!("unix://{}", podman.0.join("podman.sock").display());
        let mut service = podman.command();
        service.args(["system", "service", "--time", "0", &address]);
        let child = service
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, address }
    }

    pub(super) fn engine(&self) -> Engine {
        let endpoint = Endpoint::discover(Some(&self.address)).unwrap();
        let deadline = Instant::now() + patience(Duration::from_secs(20));
        loop {
            match Engine::connect(&endpoint, &Cancel::default()) {
                Ok(engine) => return engine,
                Err(problem) => assert!(Instant::now() < deadline, "{problem}"),
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An image in another engine's store, gone at the end.
pub(super) struct Loaded<'a> {
    pub(super) address: &'a str,
    pub(super) name: &'a str,
}

impl<'a> Loaded<'a> {
    /// `None` where the archive is not there or the engine does not take it.
    pub(super) fn of(address: &'a str, archive: &Path, name: &'a str) -> Option<Self> {
        let loaded = Self { address, name };
        let load = loaded.docker(&["load", "--input", archive.to_str().unwrap()]);
        load.status.success().then_some(loaded)
    }

    pub(super) fn docker(&self, words: &[&str]) -> Output {
        live::docker(&[&["--host", self.address], words].concat())
    }

    pub(super) fn succeed(&self, words: &[&str]) {
        let output = self.docker(words);
        assert!(output.status.success(), "{words:?}: {output:?}");
    }
}

impl Drop for Loaded<'_> {
    fn drop(&mut self) {
        self.docker(&["rmi", self.name]);
    }
}
