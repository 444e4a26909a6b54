use serde_json::{Value, json};

use super::{DoctorReport, shell_lines};
use crate::model::{
    Builder, Bytes, Disk, EngineAction, EngineFacts, EngineKind, EngineProblem, Found, LabProblem,
    Language, Mend, Part, PartName, PartState, Platform, Presence, Reach, Remedy,
};
use crate::report::line::width;
use crate::report::{Look, Styles};

const SCHEMA: &str = include_str!("../../../../docs/schema/doctor-report-1.schema.json");

fn part(name: PartName, state: PartState, found: Found) -> Part {
    Part { name, state, found }
}

fn command(words: &str) -> Mend {
    Mend::Command(words.to_owned())
}

fn engine() -> Found {
    Found::Engine {
        endpoint: "unix:///var/run/docker.sock".to_owned(),
        facts: EngineFacts {
            kind: EngineKind::Docker,
            version: Some("28.2.2".to_owned()),
            api: Some("1.50".to_owned()),
            platform: Platform::parse("linux/amd64").unwrap(),
            storage: Some("overlay2".to_owned()),
            builder: Builder::Buildkit,
        },
    }
}

fn no_engine() -> Found {
    let endpoint = "unix:///nonexistent.sock".to_owned();
    let source = None;
    Found::Trouble(EngineProblem::Unreachable { endpoint, source }.into())
}

/// A machine with a stand-in; `engine` is what was found of the engine.
fn report(state: PartState, engine: Found) -> DoctorReport {
    let disk = Disk {
        path: "/var/lib/docker".into(),
        free: Bytes(34_512_000_000),
    };
    let base = Found::Base {
        reference: "lab/python:offline".to_owned(),
        presence: Presence::StandIn {
            real: "python:3.13-slim".to_owned(),
            reach: Reach::Out,
        },
    };
    let install = "sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
                   install --yes --no-install-recommends mmdebstrap";
    let system = Found::Named("Debian \u{1b}[31m12".to_owned());
    let real = "LAB_PYTHON_IMAGE=python:3.13-slim cargo xtask lab ex08".to_owned();
    let maker = PartState::Optional(command(install));
    let once = PartState::Optional(Mend::Word(Remedy::RealBase { command: real }));
    DoctorReport {
        parts: vec![
            part(PartName::Distribution, PartState::Good, system),
            part(PartName::Engine, state, engine),
            part(PartName::DiskFree, PartState::Good, Found::Disk(disk)),
            part(PartName::StandInMaker, maker, Found::Nothing),
            part(PartName::Base, once, base),
        ],
    }
}

fn lacking() -> PartState {
    PartState::Lacking(command("docker context ls"))
}

/// Each lack that no command mends.
fn remedies() -> DoctorReport {
    let image = || "python:3.13-slim".to_owned();
    let missing = LabProblem::Missing {
        path: "compose.yaml".into(),
    };
    let refused = EngineProblem::Refused {
        engine: EngineKind::Podman,
        action: EngineAction::ListImages,
        message: "no".to_owned(),
    };
    let out = Found::Registry {
        image: image(),
        reach: Reach::Out,
    };
    let classic = Found::Builder {
        builder: Builder::Classic,
        buildx: None,
    };
    let unknown = Found::Base {
        reference: image(),
        presence: Presence::Unknown,
    };
    let optional = |name, found, remedy| part(name, PartState::Optional(Mend::Word(remedy)), found);
    let lacking = |name, found, remedy| part(name, PartState::Lacking(Mend::Word(remedy)), found);
    let trouble = |problem| Found::Trouble(problem);
    DoctorReport {
        parts: vec![
            optional(PartName::Distribution, Found::Nothing, Remedy::Distribution),
            optional(PartName::Power, Found::Nothing, Remedy::Root),
            lacking(PartName::DockerCommand, Found::Nothing, Remedy::Install),
            optional(PartName::Builder, classic, Remedy::Buildx),
            lacking(PartName::Engine, trouble(refused.into()), Remedy::OfTrouble),
            lacking(
                PartName::ComposeFile,
                trouble(missing.into()),
                Remedy::OfTrouble,
            ),
            optional(PartName::Base, unknown, Remedy::EngineFirst),
            optional(PartName::Registry, out, Remedy::Pull { image: image() }),
        ],
    }
}

fn table(report: &DoctorReport, language: Language, styles: Styles) -> String {
    let look = Look {
        language,
        width: 80,
        styles,
    };
    let mut out = Vec::new();
    report.write_table(&look, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_table_is_read_in_english() {
    let report = report(lacking(), no_engine());
    insta::assert_snapshot!(table(&report, Language::English, Styles::none()));
}

#[test]
fn the_table_is_read_in_french() {
    let report = report(lacking(), no_engine());
    insta::assert_snapshot!(table(&report, Language::French, Styles::none()));
}

#[test]
fn no_line_is_wider_than_80_columns_and_no_stranger_colours_it() {
    for language in [Language::English, Language::French] {
        let table = table(&report(PartState::Good, engine()), language, Styles::none());
        assert!(table.lines().all(|line| width(line) <= 80), "{table}");
        assert!(!table.contains('\u{1b}'), "{table}");
    }
    let coloured = table(
        &report(PartState::Good, engine()),
        Language::English,
        Styles::ansi(),
    );
    assert!(coloured.contains('\u{1b}') && !coloured.contains("\u{1b}[31m"));
}

#[test]
fn a_lack_that_no_command_mends_says_what_to_do() {
    for language in [Language::English, Language::French] {
        let table = table(&remedies(), language, Styles::none());
        insta::assert_snapshot!(table);
        let lacks = table
            .lines()
            .filter(|it| it.starts_with([' ']) && it[1..].starts_with(['!', '✘']));
        let told = table.lines().filter(|it| it.starts_with("     → "));
        assert_eq!((lacks.count(), told.count()), (8, 8), "{table}");
        assert!(table.lines().all(|line| width(line) <= 80), "{table}");
    }
}

#[test]
fn every_document_satisfies_the_schema_and_what_is_broken_fails() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&closed(schema)).unwrap();
    let optional = PartState::Optional(command("unset DOCKER_HOST"));
    for (report, ok) in [
        (report(PartState::Good, engine()), true),
        (report(optional, engine()), true),
        (report(lacking(), no_engine()), false),
        (remedies(), false),
    ] {
        let whole = document(&report);
        let errors: Vec<_> = validator
            .iter_errors(&whole)
            .map(|it| it.to_string())
            .collect();
        assert_eq!((whole["ok"].as_bool(), errors), (Some(ok), vec![]));
        for (pointer, value) in [
            ("/schema", json!("doctor-report/2")),
            ("/ok", json!(!ok)),
            ("/parts", json!([])),
            ("/parts/1/name", json!("motor")),
            ("/parts/1/state", json!("fine")),
            ("/parts/1/found", json!(7)),
            ("/parts/0/advice", if ok { json!("rest") } else { json!(7) }),
        ] {
            let mut broken = whole.clone();
            *broken.pointer_mut(pointer).unwrap() = value;
            assert!(!validator.is_valid(&broken), "{pointer}");
        }
    }
}

#[test]
fn a_lack_without_a_remedy_fails_the_schema() {
    let validator = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let whole = document(&remedies());
    for at in 0..8 {
        let mut broken = whole.clone();
        broken["parts"][at]["advice"] = Value::Null;
        assert!(!validator.is_valid(&broken), "{at}");
    }
}

fn document(report: &DoctorReport) -> Value {
    let mut out = Vec::new();
    report.write_json(&mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// A key that the schema does not know is an error.
fn closed(mut schema: Value) -> Value {
    schema["additionalProperties"] = json!(false);
    schema["$defs"]["part"]["additionalProperties"] = json!(false);
    schema
}

#[test]
fn a_broken_command_is_the_same_command_to_a_shell() {
    let command = "sudo setsid --fork sh -c 'exec dockerd >>/var/log/dockerd.log 2>&1 </dev/null'";
    let lines = shell_lines(command, 70);
    assert!(lines.len() > 1);
    let joined = lines.join("\n").replace("\\\n", "");
    assert_eq!(shlex::split(&joined), shlex::split(command));
    assert!(lines.iter().all(|line| width(line) <= 68), "{lines:?}");
}
