use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

use super::files;

/// Validates files against a schema that the program carries.
fn validated(schema: &str, paths: &[PathBuf]) {
    assert!(!paths.is_empty(), "nothing to validate by {schema}");
    let output = Command::new("check-jsonschema")
        .args(["--builtin-schema", schema])
        .args(paths)
        .output()
        .expect("not run: check-jsonschema is missing; `cargo xtask test --provision` has it");
    assert!(output.status.success(), "{schema}: {output:?}");
}

fn written(directory: &Path, end: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for (number, (path, text)) in files::examples().into_iter().enumerate() {
        if path.contains(end) {
            let file = directory.join(format!("{number}.yml"));
            fs::write(&file, text).unwrap();
            paths.push(file);
        }
    }
    paths
}

#[test]
#[ignore = "needs check-jsonschema"]
fn workflows_actions_and_templates_satisfy_their_hosts_schemas() {
    let examples = tempfile::tempdir().unwrap();
    validated("vendor.github-workflows", &files::workflows());
    validated(
        "vendor.github-workflows",
        &written(examples.path(), ".github/workflows"),
    );
    validated("vendor.github-actions", &files::actions());
    validated("vendor.gitlab-ci", &files::templates());
    validated(
        "vendor.gitlab-ci",
        &written(examples.path(), ".gitlab-ci.yml"),
    );
}

#[test]
#[ignore = "needs shellcheck"]
fn the_scripts_pass_shellcheck() {
    let output = Command::new("shellcheck")
        .args(["--external-sources", "--source-path=SCRIPTDIR"])
        .args(files::scripts())
        .output()
        .expect("not run: shellcheck is missing; `cargo xtask test --provision` has it");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
