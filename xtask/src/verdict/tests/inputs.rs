//! Which changed input a finding names.

use super::made::{APT, BEFORE, COPY, judged, measured, variant};
use crate::model::{
    Bytes, Changed, CopiedFile, Digest, Fact, Input, MadeFrom, Policy, VariantReport,
};

/// Line 12 is that of the COPY.
const COPIED_AT: u32 = 12;

fn input(file: &str, used_at: Option<u32>, content: u8) -> Input {
    Input {
        file: file.to_owned(),
        line: None,
        used_at,
        argument: None,
        sha256: Digest::from_hash([content; 32]),
    }
}

fn with(layers_bytes: u64, inputs: Vec<Input>, copied: &[(&str, u64)]) -> VariantReport {
    let copied = copied.iter().map(|(file, bytes)| CopiedFile {
        file: (*file).to_owned(),
        used_at: COPIED_AT,
        bytes: Bytes(*bytes),
    });
    let made_from = MadeFrom {
        inputs: Some(inputs),
        copied: Some(copied.collect()),
        spans: Vec::new(),
    };
    let layers = [
        BEFORE[0],
        (2, Some(APT), 500, 0),
        (
            u8::try_from(layers_bytes % 251).unwrap(),
            Some(COPY),
            layers_bytes,
            0,
        ),
    ];
    VariantReport {
        made_from,
        ..variant("multi", &measured(&layers), &Policy::default())
    }
}

fn named(before: &VariantReport, after: &VariantReport) -> Vec<String> {
    let (verdict, _) = judged(std::slice::from_ref(before), std::slice::from_ref(after));
    let grown = verdict.findings.iter().find_map(|it| match &it.fact {
        Fact::Changed(Changed::Grew(grown)) => Some(grown),
        _ => None,
    });
    let inputs = grown.unwrap().inputs.iter();
    inputs.map(|it| it.file.clone()).collect()
}

#[test]
fn a_file_that_grew_in_a_copied_directory_is_named_before_the_lists_in_it() {
    let list = |content| vec![input("app/package.json", Some(COPIED_AT), content)];
    let before = with(40_000, list(1), &[("app/old.bin", 30_000)]);
    let after = with(
        3_040_000,
        list(2),
        &[
            ("app/static/large.bin", 2_900_000),
            ("app/old.bin", 30_000),
            ("app/new.txt", 5_000),
        ],
    );
    assert_eq!(
        named(&before, &after),
        ["app/static/large.bin", "app/package.json"]
    );
}

#[test]
fn a_changed_dockerignore_comes_before_the_files_that_it_let_in() {
    let before = with(40_000, vec![input(".dockerignore", None, 1)], &[]);
    let after = with(
        3_040_000,
        vec![input(".dockerignore", None, 2)],
        &[("blob-report/large.zip", 3_000_000)],
    );
    assert_eq!(
        named(&before, &after),
        [".dockerignore", "blob-report/large.zip"]
    );
}

#[test]
fn no_file_is_named_where_the_baseline_does_not_list_any() {
    let mut before = with(40_000, Vec::new(), &[]);
    before.made_from.copied = None;
    let after = with(3_040_000, Vec::new(), &[("app/large.bin", 3_000_000)]);
    assert_eq!(named(&before, &after), [""; 0]);
}
