//! `cargo xtask diff` from outside.

mod base;
mod metadata;

use serde_json::{Value, json};
use xtask::archive::{Select, Verify};
use xtask::measure::{self, Subject};
use xtask::model::{
    Builder, EngineFacts, EngineKind, Measured, Outcome, Platform, Policy, Role, Verdict,
};
use xtask::report::{LabReport, VariantReport, wire};

use crate::archive::open_path;
use crate::images::{Member, Members, digest, file, hex, layer};
use crate::layers::{Archive, check, json_of, stdout, xtask};
use crate::live;

const SCHEMA: &str = include_str!("../../../docs/schema/diff-report-1.schema.json");

/// An archive of one image, whose history names what made each layer.
pub(crate) fn saved(steps: &[(&str, Vec<u8>)]) -> Archive {
    let mut members = Members(Vec::new());
    let mut add = |path: String, content: Vec<u8>| {
        if !members.0.iter().any(|(there, _)| *there == path) {
            members.0.push((path, Member::Content(content)));
        }
    };
    let diff_ids: Vec<String> = steps.iter().map(|(_, tar)| digest(tar)).collect();
    let history: Vec<Value> = steps
        .iter()
        .map(|(text, _)| json!({ "created_by": text }))
        .collect();
    let config = json!({
        "architecture": "amd64", "os": "linux", "history": history,
        "rootfs": { "type": "layers", "diff_ids": diff_ids },
    });
    let config = config.to_string().into_bytes();
    let name = format!("{}.json", hex(&config));
    let paths: Vec<String> = steps
        .iter()
        .map(|(_, tar)| format!("{}.tar", hex(tar)))
        .collect();
    for (path, (_, tar)) in paths.iter().zip(steps) {
        add(path.clone(), tar.clone());
    }
    add(name.clone(), config);
    let manifest = json!([{ "Config": name, "RepoTags": ["a:b"], "Layers": paths }]);
    add(
        "manifest.json".to_owned(),
        manifest.to_string().into_bytes(),
    );
    Archive::of(&members.tar())
}

const PACKAGES: &str = "RUN /bin/sh -c apt-get install gcc # buildkit";
const SOURCES: &str = "COPY src /src # buildkit";

pub(crate) fn before() -> Archive {
    saved(&[
        (PACKAGES, layer(&[file("usr/bin/gcc", &[1; 5_000])])),
        (SOURCES, layer(&[file("src/main.c", &[2; 300])])),
    ])
}

/// Other packages by the same instruction, and an instruction in the middle.
pub(crate) fn after() -> Archive {
    saved(&[
        (
            PACKAGES,
            layer(&[
                file("usr/bin/gcc", &[3; 5_500]),
                file("usr/lib/x", &[4; 90]),
            ]),
        ),
        ("RUN make # buildkit", layer(&[file("app/tool", &[5; 700])])),
        (SOURCES, layer(&[file("src/main.c", &[2; 300])])),
    ])
}

fn delta(value: &Value) -> i64 {
    value["delta"].as_i64().unwrap()
}

fn confirm(report: &Value) {
    check(SCHEMA, report);
    assert_eq!(report["explained"], 1.0);
    let causes = report["causes"].as_array().unwrap();
    let sum: i64 = causes.iter().map(delta).sum();
    assert_eq!(sum, delta(&report["unpacked"]));
    for cause in causes {
        let paths = cause["paths"].as_array().unwrap();
        assert_eq!(paths.iter().map(delta).sum::<i64>(), delta(cause));
    }
    let own = report["own_delta"].as_i64().unwrap() + report["base_delta"].as_i64().unwrap();
    assert_eq!(own, sum);
}

#[test]
fn an_inserted_instruction_and_new_content_are_told_apart() {
    let (before, after) = (before(), after());
    let report = json_of(&["diff", before.text(), after.text(), "--format", "json"]);
    confirm(&report);
    let sizes = json!({ "before": 5_300, "after": 6_590, "delta": 1_290 });
    assert_eq!(report["unpacked"], sizes);
    let told: Vec<_> = report["causes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cause| (cause["kind"].as_str().unwrap(), delta(cause)))
        .collect();
    assert_eq!(
        told,
        [("added", 700), ("same_instruction_new_content", 590)]
    );
    let paths = &report["causes"][1]["paths"];
    assert_eq!(
        *paths,
        json!([
            { "path": "usr/bin/gcc", "before": 5_000, "after": 5_500, "delta": 500 },
            { "path": "usr/lib/x", "before": 0, "after": 90, "delta": 90 },
        ])
    );
}

#[test]
fn the_other_way_round_every_sign_turns() {
    let (before, after) = (before(), after());
    let report = json_of(&["diff", after.text(), before.text(), "--format", "json"]);
    confirm(&report);
    assert_eq!(report["unpacked"]["delta"], -1_290);
    assert_eq!(report["causes"][0]["kind"], "removed");
}

#[test]
fn an_image_does_not_differ_from_itself() {
    let before = before();
    let words = ["diff", before.text(), before.text()];
    let report = json_of(&[&words[..], &["--format", "json"]].concat());
    confirm(&report);
    assert_eq!(report["causes"], json!([]));
    assert!(stdout(&words).contains("no difference"));
}

#[test]
fn people_see_the_cause_within_80_columns_and_csv_adds_up() {
    let (before, after) = (before(), after());
    let words = ["diff", before.text(), after.text()];
    for (language, expected) in [
        ("en", "same instruction, new content"),
        ("fr", "même instruction, autre contenu"),
    ] {
        let text = stdout(&[&words[..], &["--lang", language]].concat());
        assert!(text.contains(expected), "{text}");
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
        }
    }
    let text = stdout(&[&words[..], &["--format", "csv"]].concat());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let deltas = reader
        .records()
        .map(|row| row.unwrap()[8].parse::<i64>().unwrap());
    assert_eq!(deltas.sum::<i64>(), 1_290);
    let markdown = stdout(&[&words[..], &["--format", "markdown"]].concat());
    assert!(
        markdown.contains("| +700 B | added | <code>RUN make</code> |"),
        "{markdown}"
    );
}

pub(crate) fn measured(archive: &Archive) -> Measured {
    let record = open_path(&archive.path, &Select::default(), Verify::Headers).unwrap();
    let subject = Subject {
        record: &record,
        command: None,
        engine_reported: None,
        source: None,
        base: None,
    };
    measure::images(&[subject]).remove(0)
}

pub(crate) fn report_of(variants: Vec<(&str, Option<Role>, Measured)>) -> Archive {
    let variants = variants
        .into_iter()
        .map(|(name, role, measured)| VariantReport {
            name: name.to_owned(),
            role,
            image: None,
            dockerfile: None,
            command_line: None,
            base_line: None,
            policy: Policy::default(),
            made_from: xtask::model::MadeFrom::default(),
            measured: Some(measured),
            build: None,
            run: None,
        });
    let report = LabReport {
        lab: None,
        created: Some("2026-01-31T12:00:00Z".to_owned()),
        engine: EngineFacts {
            kind: EngineKind::Docker,
            version: Some("28.2.2".to_owned()),
            api: Some("1.50".to_owned()),
            platform: Platform::parse("linux/amd64").unwrap(),
            storage: Some("overlay2".to_owned()),
            builder: Builder::Buildkit,
        },
        variants: variants.collect(),
        left_out: Vec::new(),
        comparison: None,
        baseline: None,
        verdict: Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        },
    };
    let mut json = Vec::new();
    wire::write(&report, &mut json).unwrap();
    Archive::of(&json)
}

#[test]
fn what_changed_no_size_is_one_line_unless_it_is_asked_for_or_all_there_is() {
    let packages = |bytes| {
        (
            PACKAGES,
            layer(&[file("usr/bin/gcc", &[1; 5_000][..bytes])]),
        )
    };
    let place = ("WORKDIR /app", layer(&[]));
    let [lean, fat] = [
        saved(&[packages(4_000)]),
        saved(&[packages(5_000), place.clone()]),
    ];
    let same = saved(&[packages(4_000), place]);
    let shown = stdout(&["diff", fat.text(), lean.text()]);
    assert!(
        shown.contains("   … and 1 more without effect on the size\n"),
        "{shown}"
    );
    assert!(!shown.contains("±0 B  "), "{shown}");
    let asked = stdout(&[
        "diff",
        fat.text(),
        lean.text(),
        "--min",
        "0",
        "--lang",
        "fr",
    ]);
    assert!(asked.contains("±0\u{a0}o  supprimée"), "{asked}");
    let large = stdout(&["diff", fat.text(), lean.text(), "--min", "1GB"]);
    assert!(large.contains("What changed, and why"), "{large}");
    assert!(!large.contains("and the rest"), "{large}");
    let alone = stdout(&["diff", same.text(), lean.text()]);
    assert!(alone.contains("±0 B  removed"), "{alone}");
}

#[test]
fn a_saved_report_is_compared_by_directory() {
    let (before, after) = (before(), after());
    let saved = report_of(vec![
        ("single", Some(Role::Reference), measured(&after)),
        ("multi", Some(Role::Solution), measured(&before)),
    ]);
    let words = ["diff", saved.text(), after.text(), "--format", "json"];
    let report = json_of(&words);
    confirm(&report);
    assert_eq!(report["before"]["variant"], "multi");
    assert_eq!(report["unpacked"]["delta"], 1_290);
    let same = json_of(&[&words[..], &["--variant", "single"]].concat());
    assert_eq!(same["causes"], json!([]));
}

#[test]
fn an_archive_may_come_through_a_pipe() {
    let (before, after) = (before(), after());
    let words = ["diff", "/dev/stdin", after.text(), "--format", "json"];
    let mut kit = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"));
    let piped = kit.args(words).pipe_stdin(before.text()).unwrap().output();
    let piped = piped.unwrap();
    assert_eq!(piped.status.code(), Some(0), "{piped:?}");
    let report: Value = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!(report["unpacked"]["delta"], 1_290);
}

#[test]
fn a_variant_that_is_not_there_is_an_error_that_lists_those_that_are() {
    let before = before();
    let measured = || measured(&before);
    let saved = report_of(vec![("one", None, measured()), ("two", None, measured())]);
    for flags in [&[][..], &["--variant", "three"]] {
        let words = [&["diff", "--quiet", saved.text(), before.text()], flags].concat();
        let output = xtask(&words);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(output.stdout.is_empty());
        assert!(said.contains("--variant NAME` from: one, two"), "{said}");
    }
    let broken = Archive::of(b"{\"schema\": 1");
    let output = xtask(&["diff", broken.text(), before.text()]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn one_byte_in_a_file_of_the_same_size_is_a_change_and_an_equal_file_is_none() {
    let content = |last: u8| {
        let mut content = vec![7; 9_000];
        content[8_999] = last;
        content
    };
    let made = |last| {
        let files = [
            file("usr/bin/tool", &content(last)),
            file("usr/bin/same", &[6; 8_000]),
        ];
        // Its own mark, so that the layer is another one whatever its files hold.
        let mark = file("usr/mark", &[last]);
        saved(&[(PACKAGES, layer(&[&files[..], &[mark]].concat()))])
    };
    let (before, after) = (made(1), made(2));
    for verify in [&[][..], &["--verify"]] {
        let words = ["diff", before.text(), after.text(), "--format", "json"];
        let report = json_of(&[&words[..], verify].concat());
        check(SCHEMA, &report);
        let cause = &report["causes"][0];
        assert_eq!(cause["kind"], "same_instruction_new_content");
        assert_eq!(delta(cause), 0);
        let paths = cause["paths"].as_array().unwrap().iter();
        let paths: Vec<_> = paths.map(|it| it["path"].as_str().unwrap()).collect();
        assert_eq!(paths, ["usr/bin/tool", "usr/mark"], "{verify:?}");
    }
}

#[test]
fn an_option_about_what_is_not_there_is_refused() {
    let (before, after) = (before(), after());
    let refused = |words: &[&str], reason: &str| {
        let output = xtask(&[&["diff"], words].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(reason), "{said}");
    };
    let archives = [before.text(), after.text(), "--variant", "multi"];
    refused(&archives, "`--variant` only applies to a saved report");
    let names = ["lab/one:here", "lab/two:here", "--image", "a:b"];
    refused(&names, "`--image` only applies to an archive");
}

#[test]
#[ignore = "needs Docker"]
fn an_image_of_the_engine_does_not_differ_from_itself() {
    let image = live::Image::import("etc/os", b"system", 0o644, &[]);
    assert!(stdout(&["diff", &image.name, &image.name]).contains("no difference"));
}
