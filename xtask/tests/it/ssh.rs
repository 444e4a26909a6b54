//! An engine behind ssh: the Docker CLI runs `ssh`, which is a script here, and the rest is
//! real.

use std::path::Path;
use std::process::Output;
use std::time::{Duration, Instant};

use crate::clock::patience;
use crate::program;

const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Runs the kit with `script` in the place of ssh.
fn behind(script: &str, words: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let ssh = directory.path().join("ssh");
    program::write(&ssh, &format!("#!/bin/sh\n{script}\n"));
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", directory.path().display());
    assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .current_dir(Path::new(TOP))
        .env("PATH", path)
        .env("DOCKER_HOST", "ssh://lab@far")
        .env("LAB_PYTHON_IMAGE", "lab/python:offline")
        .env("LC_ALL", "C")
        .output()
        .unwrap()
}

/// OpenSSH asks on the terminal, which the Docker CLI takes from it, or in a window, unless
/// told not to.
#[test]
#[ignore = "needs Docker"]
fn a_key_with_a_passphrase_is_one_clear_message_within_5_s() {
    let locked = "[ \"$SSH_ASKPASS_REQUIRE\" = never ] || sleep 60\n\
                  sleep 0.3; echo 'lab@far: Permission denied (publickey).' >&2; exit 255";
    let began = Instant::now();
    let output = behind(locked, &["lab", "ex08"]);
    assert!(began.elapsed() < patience(Duration::from_secs(5)));
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    let expected = "because: lab@far: Permission denied (publickey).\nhelp: see what ssh reports with \
                    `ssh ssh://lab@far docker version`; the kit can't ask for a passphrase, so \
                    give it to the agent with `ssh-add`";
    assert!(said.contains(expected), "{said}");
}

#[test]
#[ignore = "needs Docker"]
fn an_engine_behind_ssh_is_spoken_to_as_any_other() {
    let open = "exec env -u DOCKER_HOST docker system dial-stdio";
    let output = behind(open, &["doctor", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut parts = report["parts"].as_array().unwrap().iter();
    let engine = parts.find(|part| part["name"] == "engine").unwrap();
    assert_eq!(engine["state"], "good", "{engine}");
    let found = engine["found"].as_str().unwrap();
    assert!(found.ends_with("ssh://lab@far"), "{found}");
}
