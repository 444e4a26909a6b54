//! A lesson as it is given: in a real terminal, with keys, on a real engine and without one.

mod bad;
mod live;
mod rehearsal;
mod replay;
mod terminal;
mod tmux;

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

/// The repository's root, where the lesson of exercise 08 is.
const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What every step of exercise 08 came to, on a stand-in base.
fn recorded() -> String {
    format!("{}/tests/data/demo/ex08.json", env!("CARGO_MANIFEST_DIR"))
}

/// A lab `t` without an engine: a Compose file that nobody resolves, and these steps.
struct Desk {
    directory: TempDir,
}

impl Desk {
    fn with(steps: &str) -> Self {
        let desk = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        desk.write("compose.yaml", "services: {}\n");
        desk.write("demo.yaml", steps);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The kit in this directory, in English, with a cache of its own.
    fn kit(&self, words: &[&str]) -> Command {
        let shell = xshell::Shell::new().unwrap();
        let mut kit = Command::from(shell.cmd(env!("CARGO_BIN_EXE_xtask")));
        kit.arg("demo")
            .args(words)
            .current_dir(self.directory.path())
            .env("LC_ALL", "C.UTF-8")
            .env("XDG_CACHE_HOME", self.path(".cache"))
            .stdin(std::process::Stdio::null());
        kit
    }

    fn run(&self, words: &[&str]) -> crate::lab::project::Ended {
        self.kit(words).output().unwrap().into()
    }
}
