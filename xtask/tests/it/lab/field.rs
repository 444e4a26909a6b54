//! What real projects bring: images without layers, files that are missing, copies that fail.

use std::fs;

use serde_json::Value;

use super::project::Project;
use crate::live::docker;
use crate::program;

#[test]
#[ignore = "needs Docker"]
fn an_image_without_layers_is_measured_by_each_route() {
    let project = Project::of(&[
        (
            "one",
            "reference",
            "FROM lab/python:offline\nCMD [\"true\"]\n",
        ),
        ("none", "solution", "FROM scratch\nLABEL a=b\n"),
    ]);
    project.edit("role: solution", "run: false");
    let (ended, report) = project.report();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let none = super::project::variant(&report, "none");
    assert_eq!(none["size"]["unpacked"], 0);
    let image = format!("{}:none", project.name);
    for flag in ["--cold", "--verify"] {
        let ended = project.run(&["layers", &image, flag, "--format", "json"]);
        assert_eq!(ended.code, Some(0), "{flag}: {ended:?}");
        let report: Value = serde_json::from_slice(&ended.stdout).unwrap();
        assert_eq!(report["size"]["unpacked"], 0, "{flag}");
        assert_eq!(report["layers"], serde_json::json!([]), "{flag}");
    }
}

/// Its variants have the names of the first lab's.
#[test]
#[ignore = "needs Docker"]
fn a_lab_may_have_a_compose_file_of_its_own() {
    let good = super::project::GOOD;
    let larger = format!("{good}COPY compose.yaml /\n");
    let project = Project::of(&[("one", "reference", &larger), ("two", "solution", good)]);
    let own = project.path("lab/second");
    fs::create_dir_all(&own).unwrap();
    let service = |name: &str, role: &str| {
        let image = format!("{}:second-{name}", project.name);
        format!(
            "  {name}: {{ image: '{image}', build: {{ context: ., target: {name} }}, x-lab: {{ lab: second, role: {role} }} }}\n"
        )
    };
    let services = [service("one", "reference"), service("two", "solution")];
    let compose = format!("services:\n{}", services.concat());
    fs::write(own.join("compose.yaml"), compose).unwrap();
    let dockerfile = "FROM lab/python:offline AS two\nCMD [\"echo\", \"second\"]\n\
                      FROM two AS one\nCOPY Dockerfile /\n";
    fs::write(own.join("Dockerfile"), dockerfile).unwrap();
    let printed = |lab: &str| {
        let ended = project.run(&["lab", lab, "--offline", "--format", "json"]);
        let report = ended.json();
        assert_eq!(ended.code, Some(0), "{}", report["verdict"]);
        let stdout = &super::project::variant(&report, "two")["run"]["stdout"];
        stdout.as_str().unwrap().to_owned()
    };
    assert_eq!(printed("second"), "second\n");
    assert_eq!(printed("t"), "same\n");
    fs::remove_file(project.path("compose.yaml")).unwrap();
    assert_eq!(printed("second"), "second\n");
    let ended = project.run(&["lab", "third", "--offline"]);
    ended.is_undecided(&["there is no Compose file"]);
    for name in ["one", "two"] {
        docker(&[
            "rmi",
            "--no-prune",
            &format!("{}:second-{name}", project.name),
        ]);
    }
}

/// Compose 2 as it answers where an `env_file` is missing, unless a later file resets it.
const COMPOSE: &str = r#"#!/bin/sh
case "$*" in
  *--services*) echo web; echo job; exit ;;
esac
reset=
while [ $# -gt 0 ]; do
  [ "$1" = -f ] && reset=$2
  shift
done
for service in web job; do
  grep -A1 "\"$service\":" "$reset" | grep -q 'env_file: !reset' || {
    echo "env file $PWD/.env.production not found: stat $PWD/.env.production: no such file" >&2
    exit 1
  }
done
sed 's/env_file:.*//' compose.yaml
"#;

#[test]
#[ignore = "needs Docker"]
fn a_missing_env_file_matters_only_where_the_service_runs() {
    let project = Project::empty();
    project.write("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n");
    let service = |name: &str, more: &str| {
        format!(
            "  {name}:\n    image: {}:{name}\n    build: {}\n    env_file: .env.production\n{more}",
            project.name,
            project.directory.path().display(),
        )
    };
    let built = format!("services:\n{}{}", service("web", ""), service("job", ""));
    project.write("compose.yaml", &built);
    let plugin = project.path("config/cli-plugins/docker-compose");
    program::write(&plugin, COMPOSE);
    let lab = || {
        let mut kit = project.kit(&["lab", "--offline", "--format", "json"]);
        kit.env("DOCKER_CONFIG", project.path("config"));
        super::project::Ended::from(kit.output().unwrap())
    };
    let ended = lab();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.json()["variants"].as_array().unwrap().len(), 2);
    let run = "    x-lab: { run: true }\n";
    let run = format!("services:\n{}{}", service("web", ""), service("job", run));
    project.write("compose.yaml", &run);
    lab().is_undecided(&["env file", ".env.production not found"]);
    for name in ["web", "job"] {
        docker(&["rmi", "--no-prune", &format!("{}:{name}", project.name)]);
    }
}
