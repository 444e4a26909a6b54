use std::fs;
use std::time::{Duration, Instant};

use super::project::{Ended, GOOD, Project};
use crate::clock::patience;

#[test]
#[ignore = "needs Docker"]
fn an_unknown_lab_is_answered_with_the_nearest() {
    let project = Project::with_solution(GOOD);
    project.edit("lab: t,", "lab: ex08,");
    let ended = project.run(&["lab", "ex80"]);
    ended.is_undecided(&["`ex80`", "lab ex08`"]);
}

#[test]
fn a_compose_file_that_is_not_there_is_named() {
    let project = Project::empty();
    project
        .run(&["lab", "t", "--file", "absent.yaml"])
        .is_undecided(&["`absent.yaml`"]);
    project.run(&["lab", "t"]).is_undecided(&["compose.yaml"]);
}

#[test]
#[ignore = "needs Docker"]
fn a_compose_file_that_is_not_yaml_is_named() {
    let project = Project::empty();
    for text in ["services: [", "\u{0}\u{1}", "", "just words"] {
        project.write("compose.yaml", text);
        project.run(&["lab", "t"]).is_undecided(&["compose.yaml"]);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_variable_without_a_value_is_named() {
    let project = Project::with_solution(GOOD);
    project.edit(
        "dockerfile: Dockerfile.two",
        "dockerfile: \"${KIT_TEST_ABSENT:?}\"",
    );
    project
        .run(&["lab", "t"])
        .is_undecided(&["KIT_TEST_ABSENT"]);
}

#[test]
#[ignore = "needs Docker"]
fn an_unknown_role_is_named_with_those_that_there_are() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: solutoin");
    let ended = project.run(&["lab", "t"]);
    ended.is_undecided(&["`solutoin`", "solution", "reference"]);
}

#[test]
#[ignore = "needs Docker"]
fn a_budget_that_is_not_a_size_is_shown() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: solution, budget: small");
    project.run(&["lab", "t"]).is_undecided(&["`small`", "two"]);
}

/// Compose 1.29 drops every `x-lab` where there is an override, and 2 keeps it.
#[test]
#[ignore = "needs Docker"]
fn no_budget_is_lost_to_an_override() {
    let project = Project::with_solution(GOOD);
    project.edit("role: solution", "role: solution, budget: 1B");
    project.write(
        "compose.override.yaml",
        "services: { one: { environment: { A: b } } }",
    );
    let ended = project.run(&["lab", "t"]);
    if ended.code != Some(1) {
        ended.is_undecided(&["`x-lab`", "compose.yaml", "Compose 2"]);
    }
}

#[test]
#[ignore = "needs Docker"]
fn a_dockerfile_that_is_missing_is_named() {
    let project = Project::with_solution(GOOD);
    project.edit("Dockerfile.two", "Dockerfile.absent");
    project
        .run(&["lab", "t", "--offline"])
        .is_undecided(&["Dockerfile.absent"]);
}

#[test]
#[ignore = "needs Docker"]
fn what_the_classic_builder_lacks_is_no_fault_of_the_dockerfile() {
    for (text, said) in [
        ("RUN <<END\ntrue\nEND\n", "`RUN <<END` (Dockerfile.two:2)"),
        (
            "RUN --mount=type=cache,target=/c true\n",
            "`RUN --mount` (Dockerfile.two:2)",
        ),
    ] {
        let project = Project::with_solution(&format!("FROM lab/python:offline\n{text}"));
        let mut kit = project.kit(&["lab", "t"]);
        let ended = Ended::from(kit.env("DOCKER_BUILDKIT", "0").output().unwrap());
        ended.is_undecided(&[said, "needs BuildKit", "docker-buildx"]);
    }
}

#[test]
#[ignore = "needs Docker"]
fn an_image_for_another_platform_than_was_asked_for_is_not_judged() {
    let project = Project::with_solution(GOOD);
    let platform = "    platform: linux/s390x
    x-lab: { lab: t, role: solution }";
    project.edit("    x-lab: { lab: t, role: solution }", platform);
    let mut kit = project.kit(&["lab", "t", "--offline"]);
    let ended = Ended::from(kit.env("DOCKER_BUILDKIT", "0").output().unwrap());
    ended.is_undecided(&[
        "`two`",
        "linux/s390x",
        "linux/amd64",
        "docker pull --platform",
    ]);
}

#[test]
#[ignore = "needs Docker"]
fn a_stage_whose_name_is_mistyped_is_named_with_its_line() {
    let text = "FROM lab/python:offline AS build\nFROM scratch\nCOPY --from=biuld /etc /etc\n";
    let ended = Project::with_solution(text).run(&["lab", "t", "--offline"]);
    ended.is_undecided(&["Dockerfile.two:3: `--from=biuld`", "`--from=build`?"]);
    let text = "FROM lab/python:offline AS build\nFROM biuld\nCMD [\"true\"]\n";
    let ended = Project::with_solution(text).run(&["lab", "t", "--offline"]);
    ended.is_undecided(&["Dockerfile.two:2: `FROM biuld`", "`FROM build`?"]);
    // Its own name is no stage above it.
    let text = "FROM absent/build:1 AS absent\nCMD [\"true\"]\n";
    let ended = Project::with_solution(text).run(&["lab", "t", "--offline"]);
    ended.is_undecided(&["`absent/build:1`"]);
}

#[test]
#[ignore = "needs Docker"]
fn a_base_that_cannot_be_had_is_named_within_seconds() {
    let project = Project::with_solution("FROM nowhere.invalid/absent:1\nCMD [\"true\"]\n");
    for words in [vec!["lab", "t"], vec!["lab", "t", "--offline"]] {
        let begun = Instant::now();
        project
            .run(&words)
            .is_undecided(&["nowhere.invalid/absent:1", "help: "]);
        assert!(
            begun.elapsed() < patience(Duration::from_secs(30)),
            "{words:?}"
        );
    }
}

#[test]
fn an_engine_that_is_not_there_is_known_within_five_seconds() {
    let project = Project::with_solution(GOOD);
    for language in ["en", "fr"] {
        let begun = Instant::now();
        let mut kit = project.kit(&["lab", "t", "--lang", language, "--format", "json"]);
        kit.env("DOCKER_HOST", "unix:///nonexistent.sock");
        let output = kit.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(begun.elapsed() < patience(Duration::from_secs(5)), "{said}");
        assert!(said.contains("/nonexistent.sock"), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_directory_is_no_compose_file() {
    let project = Project::empty();
    fs::create_dir(project.path("deploy")).unwrap();
    let words = ["lab", "--file", "deploy"];
    project
        .run(&words)
        .is_undecided(&["cannot read `deploy`", "it is a directory", "`ls deploy`"]);
}

#[test]
fn a_usage_error_is_code_two() {
    let project = Project::empty();
    for (words, help) in [
        (vec!["layers"], "--help"),
        (vec!["lab", "t", "--format", "xml"], "did you mean `html`?"),
        (vec!["lab", "t", "--output", "json"], "write FORMAT=PATH"),
        (vec!["lab", "t", "--offline", "--provision"], "--help"),
    ] {
        project.run(&words).is_undecided(&["error: ", help]);
    }
}

#[test]
fn a_usage_error_is_told_in_french_with_what_to_type_instead() {
    let project = Project::empty();
    for (typed, sentence, help) in [
        ("repot x", "la commande `repot` n’existe pas", "`report`"),
        ("layers", "il manque `<IMAGE or ARCHIVE>`", "--help"),
        (
            "lab x --hots y",
            "argument inconnu\u{a0}: `--hots`",
            "`--host`",
        ),
        (
            "report x --format jso",
            "`--format <FORMAT>` n’accepte pas `jso`",
            "`json`",
        ),
        (
            "doctor --format xyz",
            "`--format <FORMAT>` n’accepte pas `xyz`",
            "table, json",
        ),
        (
            "report x --output jsn=x",
            "`--output <FORMAT=PATH>` n’accepte pas `jsn=x`",
            "`json`",
        ),
        (
            "report x --quiet --verbose",
            "`--quiet` et `--verbose` ne peuvent pas être utilisés ensemble",
            "--help",
        ),
        (
            "lab x --quiet --quiet",
            "`--quiet` ne peut être donné qu’une fois",
            "--help",
        ),
        ("lab x --host", "`--host <URL>` attend une valeur", "--help"),
    ] {
        let words: Vec<&str> = typed.split(' ').collect();
        let mut kit = project.kit(&words);
        let ended = Ended::from(kit.env("LC_ALL", "fr_FR.UTF-8").output().unwrap());
        assert_eq!(ended.code, Some(2), "{ended:?}");
        let first = format!("erreur\u{a0}: {sentence}\n");
        assert!(ended.stderr.starts_with(&first), "{ended:?}");
        assert!(ended.stderr.contains(help), "{ended:?}");
    }
    for lang in [&["--lang", "fr"][..], &["--lang=fr"]] {
        let ended = project.run(&[&["lab", "x", "--hots"], lang].concat());
        assert!(ended.stderr.starts_with("erreur\u{a0}: "), "{ended:?}");
    }
}

#[test]
#[ignore = "needs Docker"]
fn an_image_of_another_platform_than_is_asked_for_is_not_taken() {
    let project = Project::empty();
    let service = "{ image: \"lab/python:offline\", platform: linux/s390x, x-lab: { run: true } }";
    project.write("compose.yaml", &format!("services: {{ db: {service} }}"));
    let ended = project.run(&["lab", "--file", "compose.yaml", "--offline"]);
    ended.is_undecided(&[
        "service `db` needs linux/s390x, but `lab/python:offline` is for",
        "`docker pull --platform linux/s390x lab/python:offline`",
    ]);
}

#[test]
#[ignore = "needs Docker"]
fn what_the_engine_refuses_of_a_container_is_told_with_its_service() {
    let project = Project::with_solution(GOOD);
    project.edit(
        "role: solution }\n",
        "role: solution }\n    working_dir: rel\n",
    );
    let ended = project.run(&["lab", "t", "--offline"]);
    ended.is_undecided(&[
        "service `two`: ",
        "'rel' is invalid",
        "`x-lab: { run: false }`",
    ]);
}
