use std::env;
use std::io::{self, Write};
use std::process::Command;

use xshell::{Shell, cmd};

use super::context::{Context, Ended};
use super::provision;
use crate::cli::TestArgs;
use crate::engine::Endpoint;
use crate::host::{self, BaseNeed, DockerCommand, Network, STAND_IN};
use crate::lang::tests_not_run;
use crate::model::{Cancel, HostProblem, Outcome, Problem};
use crate::process::{Process, Stream};

/// What the tests use beyond the engine, as Debian and Ubuntu call it.
const PACKAGES: [&str; 12] = [
    "chromium",
    "docker-registry",
    "gcc",
    "gcc-aarch64-linux-gnu",
    "iproute2",
    "iptables",
    "libc6-dev",
    "mmdebstrap",
    "podman",
    "qemu-user",
    "skopeo",
    "strace",
];

/// Runs the tests that need nothing; with `--provision`, installs what the others need and
/// runs all. What was not run is said.
pub(super) fn run(args: &TestArgs, cx: &Context) -> Result<Ended, Problem> {
    if args.provision {
        provide(cx)?;
    }
    let which = if args.provision {
        "--include-ignored"
    } else {
        "--show-output"
    };
    let passed = cargo_test(args.filter.as_deref(), which, &cx.cancel)?;
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

fn provide(cx: &Context) -> Result<(), Problem> {
    let machine = provision::engine(&Endpoint::discover(None)?, cx)?;
    host::install_packages(&PACKAGES, &cx.events, &cx.cancel)?;
    let need = BaseNeed {
        wanted: STAND_IN,
        stand_in: STAND_IN,
        network: Network::Allowed,
    };
    let docker = DockerCommand::new(None);
    host::provision_base(&machine, need, &docker, &cx.events, &cx.cancel)?;
    Ok(())
}

/// Shows all that `cargo test` prints, as it comes.
fn cargo_test(filter: Option<&str>, which: &str, cancel: &Cancel) -> Result<bool, Problem> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let shell = Shell::new().map_err(|error| HostProblem::Spawn {
        command: cargo.clone(),
        source: io::Error::other(error),
    })?;
    let command = cmd!(shell, "{cargo} test --workspace --no-fail-fast -- {which}").args(filter);
    let status = Process::new(Command::from(command))
        .run(cancel, &mut |stream, bytes| {
            let _ = match stream {
                Stream::Stdout => io::stdout().write_all(bytes),
                Stream::Stderr => io::stderr().write_all(bytes),
            };
        })
        .map_err(|problem| host::of_process(&["cargo".to_owned(), "test".to_owned()], problem))?;
    Ok(status.success())
}
