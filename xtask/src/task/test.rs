use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;

use directories::ProjectDirs;
use xshell::{Shell, cmd};

use super::context::{Context, Ended};
use super::provision;
use crate::cli::TestArgs;
use crate::engine::Endpoint;
use crate::host::{self, BaseNeed, DockerCommand, Network, PythonTool, STAND_IN};
use crate::lang::tests_not_run;
use crate::model::{Cancel, HostProblem, Outcome, Problem};
use crate::process::{Lines, Process, Stream};

/// What the tests use beyond the engine, as Debian and Ubuntu call it.
const PACKAGES: [&str; 20] = [
    "chromium",
    "cmark-gfm",
    "docker-registry",
    "gcc",
    "gcc-aarch64-linux-gnu",
    "git",
    "iproute2",
    "iptables",
    "jq",
    "libc6-dev",
    "libc6-dev-arm64-cross",
    "mmdebstrap",
    "podman",
    "python3-venv",
    "qemu-user",
    "shellcheck",
    "skopeo",
    "strace",
    "tmux",
    "unzip",
];

/// Validates the files that CI services read, by schemas that it carries.
const CHECK_JSONSCHEMA: PythonTool = PythonTool {
    name: "check-jsonschema",
    version: "0.39.0",
};

/// Reads and plays recordings of a terminal.
const ASCIINEMA: PythonTool = PythonTool {
    name: "asciinema",
    version: "2.4.0",
};

/// The test that uses the first of them, and nothing else that is not there without `--provision`.
const OF_SCHEMAS: &str = "ci::schemas::workflows_actions_and_templates_satisfy_their_hosts_schemas";

/// Runs the tests that need nothing, and those of a program that an earlier `--provision`
/// left; with `--provision`, installs what the others need and runs all. What was not run is
/// said.
pub(super) fn run(args: &TestArgs, cx: &Context) -> Result<Ended, Problem> {
    let filter = args.filter.as_deref();
    let Ran { passed, any } = if args.provision {
        let programs = provide(cx)?;
        cargo_test("--include-ignored", filter, &programs, &cx.cancel)?
    } else {
        let plain = cargo_test("--show-output", filter, &[], &cx.cancel)?;
        let programs = host::python_tool(CHECK_JSONSCHEMA, &tools());
        match programs.filter(|_| is_asked_for(OF_SCHEMAS, filter)) {
            Some(programs) => {
                let more = cargo_test("--ignored", Some(OF_SCHEMAS), &[programs], &cx.cancel)?;
                Ran {
                    passed: plain.passed && more.passed,
                    any: plain.any || more.any,
                }
            }
            None => plain,
        }
    };
    if let Some(filter) = args.filter.clone().filter(|_| passed && !any) {
        return Err(HostProblem::NoTest { filter }.into());
    }
    if !args.provision {
        let _ = writeln!(io::stderr(), "{}", tests_not_run(cx.terminal.language));
    }
    let outcome = if passed {
        Outcome::Accepted
    } else {
        Outcome::Rejected
    };
    Ok(Ended {
        exit_code: outcome.exit_code(),
        report: None,
    })
}

/// Gives where those programs are that are no package's.
fn provide(cx: &Context) -> Result<Vec<PathBuf>, Problem> {
    let machine = provision::engine(&Endpoint::discover(None)?, cx)?;
    host::install_packages(&PACKAGES, &cx.events, &cx.cancel)?;
    let need = BaseNeed {
        wanted: STAND_IN,
        stand_in: STAND_IN,
        network: Network::Allowed,
    };
    let docker = DockerCommand::new(None);
    host::provision_base(&machine, need, &docker, &cx.events, &cx.cancel)?;
    let install = |tool| host::install_python_tool(tool, &tools(), &cx.events, &cx.cancel);
    let programs = [CHECK_JSONSCHEMA, ASCIINEMA].map(install).into_iter();
    Ok(programs.collect::<Result<_, _>>()?)
}

/// Where `--provision` puts what is no package's.
fn tools() -> PathBuf {
    let user = ProjectDirs::from("", "", "lab-kit");
    user.map_or_else(env::temp_dir, |user| user.cache_dir().join("tools"))
}

/// As `cargo test` takes a filter: any part of the name will do.
fn is_asked_for(test: &str, filter: Option<&str>) -> bool {
    filter.is_none_or(|part| test.contains(part))
}

/// How the tests went.
struct Ran {
    passed: bool,
    /// Whether there was any, were it one that was ignored.
    any: bool,
}

/// Whether a line of the test harness says that it has some.
fn has_tests(line: &str) -> bool {
    let count = line.strip_prefix("running ").and_then(|rest| {
        rest.strip_suffix(" tests")
            .or_else(|| rest.strip_suffix(" test"))
    });
    count.is_some_and(|count| count != "0")
}

/// Shows all that `cargo test` prints, as it comes. It finds `programs` before others.
fn cargo_test(
    which: &str,
    filter: Option<&str>,
    programs: &[PathBuf],
    cancel: &Cancel,
) -> Result<Ran, Problem> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let shell = Shell::new().map_err(|error| HostProblem::Spawn {
        command: cargo.clone(),
        source: io::Error::other(error),
    })?;
    let command = cmd!(shell, "{cargo} test --workspace --no-fail-fast -- {which}").args(filter);
    let mut command = Command::from(command);
    let path = env::var_os("PATH").unwrap_or_default();
    let all = programs.iter().cloned().chain(env::split_paths(&path));
    // A path that can't be joined stays as it is.
    if let (false, Ok(all)) = (programs.is_empty(), env::join_paths(all)) {
        command.env("PATH", all);
    }
    let (mut lines, mut any) = (Lines::default(), false);
    let status = Process::new(command)
        .run(cancel, &mut |stream, bytes| {
            let _ = match stream {
                Stream::Stdout => {
                    lines.feed(bytes, &mut |line| any |= has_tests(line));
                    io::stdout().write_all(bytes)
                }
                Stream::Stderr => io::stderr().write_all(bytes),
            };
        })
        .map_err(|problem| host::of_process(&["cargo".to_owned(), "test".to_owned()], problem))?;
    Ok(Ran {
        passed: status.success(),
        any,
    })
}

#[cfg(test)]
mod tests {
    use super::{OF_SCHEMAS, has_tests, is_asked_for};

    #[test]
    fn the_harness_says_whether_it_has_any_test() {
        let said = [
            "running 0 tests",
            "running 1 test",
            "running 12 tests",
            "running late",
        ];
        assert_eq!(said.map(has_tests), [false, true, true, false]);
    }

    #[test]
    fn the_test_of_the_tool_is_there_and_runs_when_it_is_asked_for() {
        let file = include_str!("../../tests/it/ci/schemas.rs");
        let (room, name) = OF_SCHEMAS.rsplit_once("::").unwrap();
        assert_eq!(room, "ci::schemas");
        assert!(file.contains(&format!("fn {name}()")));
        let asked = [None, Some("schemas"), Some("doctor")].map(|it| is_asked_for(OF_SCHEMAS, it));
        assert_eq!(asked, [true, true, false]);
    }
}
