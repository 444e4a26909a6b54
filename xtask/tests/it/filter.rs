//! `cargo xtask test FILTER`, before a stand-in for cargo that runs no test.

use crate::program;

/// The exit code and what was told, where the harness says this.
fn told(harness: &str) -> (Option<i32>, String) {
    let directory = tempfile::tempdir().unwrap();
    let cargo = directory.path().join("cargo");
    program::write(&cargo, &format!("#!/bin/sh\necho '{harness}'\n"));
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["test", "mistyped"])
        .env("CARGO", &cargo)
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), errors)
}

#[test]
fn a_filter_that_no_test_passes_is_an_error() {
    let (code, errors) = told("running 0 tests");
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("no test has `mistyped` in its name"));
    assert_eq!(told("running 1 test").0, Some(0));
}
