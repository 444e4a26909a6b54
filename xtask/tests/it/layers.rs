//! `cargo xtask layers` from outside: its figures against an independent count, its formats,
//! and what it says of bad input.

mod asked;
mod bad;
mod base;
mod named;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};
use xtask::model::Cancel;

use crate::images::{Image, LAYOUTS, NodeKind, Packing, file, image, layer, members, node};
use crate::live;

const SCHEMA: &str = include_str!("../../../docs/schema/layers-report-1.schema.json");

/// Runs the kit without colours, in English unless told otherwise.
pub(crate) fn xtask(words: &[&str]) -> Output {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env("LC_ALL", "C").env("COLUMNS", "80").args(words);
    command.output().unwrap()
}

pub(crate) fn stdout(words: &[&str]) -> String {
    let output = xtask(words);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn json_of(words: &[&str]) -> Value {
    serde_json::from_str(&stdout(words)).unwrap()
}

/// Checks a report against a published schema in which no unknown key is allowed.
pub(crate) fn check(schema: &str, report: &Value) {
    let mut schema: Value = serde_json::from_str(schema).unwrap();
    close(&mut schema);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(keys) => {
            if keys.contains_key("required") && keys.contains_key("properties") {
                keys.insert("additionalProperties".to_owned(), json!(false));
            }
            keys.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// A directory with an archive in it.
pub(crate) struct Archive {
    _directory: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Archive {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("image.tar");
        std::fs::write(&path, bytes).unwrap();
        Self {
            _directory: directory,
            path,
        }
    }

    pub(crate) fn text(&self) -> &str {
        self.path.to_str().unwrap()
    }
}

/// Waste of each cause, names that are up to no good, a hard link and a duplicate.
fn wasteful() -> Image {
    let base = layer(&[
        node("etc", NodeKind::Directory),
        file("etc/kept", &[1; 700]),
        file("var/cache/a", &[2; 6_000]),
        file("var/cache/b", &[3; 5_000]),
        file("app/tool", &[4; 9_000]),
        node("app/again", NodeKind::HardLink(b"app/tool".to_vec())),
        file("app/config", b"old"),
    ]);
    let middle = layer(&[
        file("var/.wh.cache", b""),
        file("app/config", b"newer"),
        file("etc/kept", &[1; 700]),
    ]);
    let top = layer(&[
        file("=cmd()|x", &[5; 40]),
        file("\u{1b}[31m<img>\u{202e}", &[5; 40]),
        node("app/link", NodeKind::Symlink(b"/etc/kept".to_vec())),
    ]);
    image("ex08:wasteful", vec![base, middle, top])
}

/// What a naive count gives for `wasteful`, by the bytes written above.
const UNPACKED: u64 = 700 + 6_000 + 5_000 + 9_000 + 3 + 5 + 700 + 40 + 40;
const DELETED: u64 = 6_000 + 5_000;
const OVERWRITTEN: u64 = 3;
const REWRITTEN: u64 = 700;

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn sum<'a>(values: impl IntoIterator<Item = &'a Value>, key: &str) -> u64 {
    values.into_iter().map(|value| number(&value[key])).sum()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn confirm(report: &Value) {
    check(SCHEMA, report);
    let size = &report["size"];
    assert_eq!(size["unpacked"], UNPACKED);
    let wasted = json!({
        "total": DELETED + OVERWRITTEN + REWRITTEN,
        "overwritten": OVERWRITTEN,
        "deleted": DELETED,
        "metadata_only": REWRITTEN,
    });
    assert_eq!(size["wasted"], wasted);
    assert_eq!(size["live"], UNPACKED - number(&wasted["total"]));
    assert_eq!(size["duplicate"], 40);
    let layers = array(&report["layers"]);
    assert_eq!(sum(layers, "unpacked"), UNPACKED);
    assert_eq!(sum(layers, "wasted"), number(&wasted["total"]));
    assert_eq!(sum(array(&report["tree"]["entries"]), "bytes"), UNPACKED);
    let mut by_fate: BTreeMap<&str, u64> = BTreeMap::new();
    for layer in layers {
        let entries = array(&layer["entries"]);
        assert_eq!(sum(entries, "bytes"), number(&layer["unpacked"]));
        for entry in entries {
            *by_fate.entry(entry["fate"].as_str().unwrap()).or_default() += number(&entry["bytes"]);
        }
    }
    assert_eq!(by_fate["live"], number(&size["live"]));
    assert_eq!(by_fate["deleted"], DELETED);
    assert_eq!(by_fate["overwritten"], OVERWRITTEN);
    assert_eq!(by_fate["metadata_only"], REWRITTEN);
}

#[test]
fn the_figures_of_every_layout_are_those_of_an_independent_count() {
    for layout in LAYOUTS {
        for packing in [Packing::Plain, Packing::Gzip] {
            let archive = Archive::of(&members(&[wasteful()], layout, packing).tar());
            for verify in [&[][..], &["--verify"]] {
                let words = ["layers", archive.text(), "--files", "--format", "json"];
                let report = json_of(&[&words[..], verify].concat());
                confirm(&report);
                if !verify.is_empty() {
                    assert_eq!(report["verified"], "whole", "{layout:?} {packing:?}");
                }
            }
        }
    }
}

#[test]
fn a_layout_directory_is_read_as_an_archive_is() {
    let directory = tempfile::tempdir().unwrap();
    members(&[wasteful()], crate::images::Layout::Oci, Packing::Zstd).unpack(directory.path());
    let path = directory.path().to_str().unwrap();
    confirm(&json_of(&["layers", path, "--files", "--format", "json"]));
}

fn archive() -> Archive {
    Archive::of(&members(&[wasteful()], LAYOUTS[0], Packing::Plain).tar())
}

#[test]
fn each_table_of_csv_adds_up_to_the_image_and_holds_no_formula() {
    let archive = archive();
    for (flags, column) in [
        (&[][..], "unpacked"),
        (&["--depth", "1"], "bytes"),
        (&["--files"], "bytes"),
    ] {
        let words = [&["layers", archive.text(), "--format", "csv"], flags].concat();
        let text = stdout(&words);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let column = headers.iter().position(|name| name == column).unwrap();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        let sum: u64 = records
            .iter()
            .map(|row| row[column].parse::<u64>().unwrap())
            .sum();
        assert_eq!(sum, UNPACKED, "{flags:?}");
        let cells = records.iter().flat_map(csv::StringRecord::iter);
        assert!(cells.clone().all(|cell| !cell.starts_with('=')));
        assert!(cells.clone().all(|cell| !cell.contains('\u{1b}')));
    }
}

#[test]
fn people_see_80_columns_without_a_strangers_escapes() {
    let archive = archive();
    for language in ["en", "fr"] {
        let words = ["layers", archive.text(), "--files", "--lang", language];
        let text = stdout(&words);
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
        }
        assert!(!text.contains(['\u{1b}', '\u{202e}']));
        assert!(text.contains(r"\x1b[31m<img>\u{202e}"), "{text}");
        let markdown = stdout(&[&words[..], &["--format", "markdown"]].concat());
        assert!(!markdown.contains("<img>"));
        assert!(markdown.contains("&lt;img&gt;"));
    }
}

#[test]
fn what_is_below_the_least_size_is_a_sum() {
    let archive = archive();
    let text = stdout(&["layers", archive.text(), "--depth", "1", "--min", "5000"]);
    let directories = text.split("Directories").nth(1).unwrap();
    let directories = directories.split("\n\n").next().unwrap();
    assert!(directories.contains("11.0 kB"), "{directories}");
    assert!(directories.contains("9.0 kB  41.9%  app"), "{directories}");
    assert!(directories.contains("and 1 more, 1.5 kB"), "{directories}");
    assert!(!directories.contains("etc"), "{directories}");
    let text = stdout(&["layers", archive.text(), "--min", "1GB"]);
    assert!(!text.contains("Directories"), "{text}");
}

#[test]
fn paths_come_first_where_they_are_asked_for() {
    let archive = archive();
    let words = ["layers", archive.text(), "--files", "--format", "csv"];
    let text = stdout(&[&words[..], &["--sort", "path"]].concat());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let paths: Vec<String> = reader
        .records()
        .map(|row| row.unwrap()[1].trim_start_matches('\'').to_owned())
        .filter(|path| !path.starts_with('\\'))
        .collect();
    assert!(paths.is_sorted(), "{paths:?}");
    assert!(paths.len() > 8);
}

#[test]
fn several_formats_come_from_one_run() {
    let archive = archive();
    let beside = archive.path.with_extension("json");
    let output = format!("json={}", beside.display());
    let words = ["layers", archive.text(), "--files", "--output", &output];
    let table = stdout(&words);
    assert!(table.contains("image.tar"), "{table}");
    confirm(&serde_json::from_slice(&std::fs::read(&beside).unwrap()).unwrap());
}

#[test]
#[ignore = "needs Docker"]
fn an_image_of_the_engine_weighs_what_its_archive_weighs() {
    let engine = live::engine();
    let id = live::base(&engine);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("saved.tar");
    let mut saved = engine.save(&[id], &Cancel::default()).unwrap();
    std::io::copy(&mut saved, &mut std::fs::File::create(&path).unwrap()).unwrap();
    let id = id.to_string();
    let of = |source: &str, flag: &str| {
        let words = ["layers", source, "--files", "--format", "json", flag];
        let mut report = json_of(&words);
        check(SCHEMA, &report);
        report["source"] = Value::Null;
        report["size"]["engine_reported"] = Value::Null;
        report
    };
    let archive = of(path.to_str().unwrap(), "--verify");
    assert_eq!(of(&id, "--cold"), archive);
    assert_eq!(of(&id, "--quiet"), archive);
    let gone = xtask(&["layers", "lab/never-made:here"]);
    assert_eq!(gone.status.code(), Some(2));
    let said = String::from_utf8(gone.stderr).unwrap();
    assert!(said.contains("lab/never-made:here"), "{said}");
}
