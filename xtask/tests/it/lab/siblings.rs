//! Services that build on each other's images, and what Compose takes from a project's `.env`.

use serde_json::Value;

use super::project::Project;

fn project(compose: &str, files: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    let image = |service: &str| format!("{}:{service}", project.name);
    let text = compose
        .replace("BASE", &image("base"))
        .replace("APP", &image("app"));
    project.write("compose.yaml", &text);
    for (path, content) in files {
        project.write(path, &content.replace("BASE", &image("base")));
    }
    project
}

fn unpacked(report: &Value, name: &str) -> u64 {
    let variants = report["variants"].as_array().unwrap().iter();
    let mut variants = variants.filter(|variant| variant["name"] == name);
    variants.next().unwrap()["size"]["unpacked"]
        .as_u64()
        .unwrap()
}

const BOTH: &str = "services:
  app: { image: APP, build: { context: ., dockerfile: Dockerfile.app } }
  base: { image: BASE, build: { context: ., dockerfile: Dockerfile.base } }
";

/// By FROM, by `COPY --from` and by an argument that names it.
#[test]
#[ignore = "needs Docker"]
fn an_image_of_a_sibling_is_built_first_and_is_never_an_older_one() {
    for app in [
        "FROM BASE\nCOPY extra /\n",
        "FROM scratch\nCOPY --from=BASE /payload /\nCOPY extra /\n",
        "ARG ON=BASE\nFROM ${ON}\nCOPY extra /\n",
    ] {
        let files = [
            ("Dockerfile.app", app),
            ("Dockerfile.base", "FROM scratch\nCOPY payload /\n"),
            ("payload", "123456789\n"),
            ("extra", "1\n"),
        ];
        let project = project(BOTH, &files);
        let ended = project.run(&["lab", "--file", "compose.yaml", "--format", "json"]);
        assert_eq!(ended.code, Some(0), "{app}: {}", ended.stderr);
        let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!(unpacked(&report, "app"), 12, "{app}");
        // The older image of the sibling is still there.
        project.write("payload", "grown by some bytes\n");
        let ended = project.run(&["lab", "--file", "compose.yaml", "--format", "json"]);
        let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!(unpacked(&report, "app"), 22, "{app}");
        assert!(
            ended.stderr.contains("`app` builds on `base`"),
            "{}",
            ended.stderr
        );
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_sibling_that_was_not_asked_for_is_built_and_not_reported() {
    let files = [
        ("Dockerfile.app", "FROM BASE\nCOPY extra /\n"),
        ("Dockerfile.base", "FROM scratch\nCOPY payload /\n"),
        ("payload", "123456789\n"),
        ("extra", "1\n"),
    ];
    let project = project(BOTH, &files);
    let ended = project.run(&[
        "lab",
        "--file",
        "compose.yaml",
        "--variant",
        "app",
        "--format",
        "json",
    ]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(report["variants"].as_array().unwrap().len(), 1);
    assert_eq!(unpacked(&report, "app"), 12);
}

#[test]
#[ignore = "needs Docker"]
fn what_builds_on_a_failure_fails_with_it_and_a_circle_is_an_error() {
    let files = [
        ("Dockerfile.app", "FROM BASE\nCOPY extra /\n"),
        ("Dockerfile.base", "FROM scratch\nCOPY nothing /\n"),
        ("extra", "1\n"),
    ];
    let failing = project(BOTH, &files);
    let ended = failing.run(&["lab", "--file", "compose.yaml", "--format", "json"]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    let log = report["variants"][0]["build"]["failure"]["log"][0]
        .as_str()
        .unwrap();
    assert!(log.starts_with("[base]"), "{log}");

    let files = [
        ("Dockerfile.app", "FROM BASE\n"),
        ("Dockerfile.base", "FROM APP\n"),
    ];
    let circle = project(BOTH, &files);
    circle.write("Dockerfile.base", &format!("FROM {}:app\n", circle.name));
    let ended = circle.run(&["lab", "--file", "compose.yaml"]);
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("build on each other"),
        "{}",
        ended.stderr
    );
}

/// `docker-compose` 1.29 gives an argument without a value the one of `.env`, the Docker CLI
/// does not know it.
#[test]
#[ignore = "needs Docker"]
fn an_argument_without_a_value_has_that_of_the_projects_env_file() {
    let compose =
        "services: { app: { image: APP, build: { context: ., args: [ KIT_TEST_SIZE ] } } }";
    let files = [
        (
            "Dockerfile",
            "FROM lab/python:offline\nARG KIT_TEST_SIZE\nRUN head -c $KIT_TEST_SIZE /dev/zero > /z\n",
        ),
        (".env", "KIT_TEST_SIZE=12345\n"),
    ];
    let project = project(compose, &files);
    let ended = project.run(&["lab", "--file", "compose.yaml", "--format", "json"]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!(report["variants"][0]["size"]["own"], 12345);
}
