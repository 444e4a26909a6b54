use super::{DoctorReport, shell_lines};
use crate::model::{
    Builder, Bytes, Disk, EngineFacts, EngineKind, EngineProblem, Found, Language, Part, PartName,
    PartState, Platform, Presence, Reach,
};
use crate::report::line::width;
use crate::report::{Look, Styles};

fn part(name: PartName, state: PartState, found: Found, mend: Option<&str>) -> Part {
    Part {
        name,
        state,
        found,
        mend: mend.map(str::to_owned),
    }
}

fn engine() -> Found {
    Found::Engine {
        endpoint: "unix:///var/run/docker.sock".to_owned(),
        facts: EngineFacts {
            kind: EngineKind::Docker,
            version: Some("28.2.2".to_owned()),
            api: Some("1.50".to_owned()),
            platform: Platform::parse("linux/amd64").unwrap(),
            storage: "overlay2".to_owned(),
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
    DoctorReport {
        parts: vec![
            part(PartName::Distribution, PartState::Good, system, None),
            part(PartName::Engine, state, engine, Some("docker context ls")),
            part(PartName::DiskFree, PartState::Good, Found::Disk(disk), None),
            part(
                PartName::StandInMaker,
                PartState::Optional,
                Found::Nothing,
                Some(install),
            ),
            part(PartName::Base, PartState::Optional, base, None),
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
    let report = report(PartState::Lacking, no_engine());
    insta::assert_snapshot!(table(&report, Language::English, Styles::none()));
}

#[test]
fn the_table_is_read_in_french() {
    let report = report(PartState::Lacking, no_engine());
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
fn the_document_says_ok_exactly_when_nothing_is_lacking() {
    for (state, found, ok) in [
        (PartState::Good, engine(), true),
        (PartState::Optional, engine(), true),
        (PartState::Lacking, no_engine(), false),
    ] {
        let mut out = Vec::new();
        report(state, found).write_json(&mut out).unwrap();
        let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(document["schema"], "doctor-report/1");
        assert_eq!(document["ok"], ok);
        assert_eq!(document["parts"][3]["name"], "stand_in_maker");
        assert_eq!(document["parts"][3]["state"], "optional");
        assert!(document["parts"][3]["found"].is_null());
        assert!(document["parts"][0]["mend"].is_null());
    }
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
