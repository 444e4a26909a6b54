use std::path::Path;

use serde_json::Value;

/// The shipped solution, checked by the command of the exercise's text.
#[test]
#[ignore = "needs Docker"]
fn the_shipped_solution_is_platinum() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let check = |submission: &str| {
        let shell = xshell::Shell::new().unwrap();
        shell.change_dir(root);
        let check = shell.cmd(env!("CARGO_BIN_EXE_xtask"));
        let check = check.args(["check", "ex08", submission, "--format", "json"]);
        let check = check.env("LAB_PYTHON_IMAGE", "lab/python:offline");
        let output = check.ignore_status().output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains("/lab-kit-check-"), "the place of a copy");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), json)
    };
    let (code, json) = check("Dockerfile.multi");
    assert_eq!(
        (code, &json["outcome"]),
        (Some(0), &Value::from("accepted"))
    );
    assert_eq!(json["medal"]["name"], "platinum");
    let (code, json) = check("Dockerfile.single");
    assert_eq!(code, Some(1));
    assert_eq!(json["checks"][4]["outcome"], "fail");
    assert_eq!(json["checks"][3]["outcome"], "pass");
}
