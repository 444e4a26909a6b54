//! Forbidden files and remarks, of measurements made by hand.

use std::collections::BTreeMap;

use super::{Subject, of_files, remarks};
use crate::dockerfile::parse;
use crate::model::{
    Bytes, Diagnosis, Fate, FoundFile, LayerSize, Measured, Origin, Place, RemarkKind, Size, Step,
    Tree, Verified, WastedPath,
};

fn asked<T>(text: &str, ask: impl Fn(&Subject<'_>) -> T) -> T {
    let (file, args) = (parse(text), BTreeMap::new());
    ask(&Subject {
        file: &file,
        args: &args,
        script: "make.py",
        output: "out.txt",
        given: &[],
        context: &[],
        ignored: &[],
        image: None,
    })
}

fn place(line: u32) -> Place {
    Place {
        dockerfile: "Dockerfile".to_owned(),
        line: Some(line),
    }
}

/// Layers of the submission's own by line and bytes.
fn measured(layers: &[(u32, u64)]) -> Measured {
    let layers = layers.iter().map(|(line, bytes)| LayerSize {
        diff_id: None,
        origin: Origin::Own,
        step: Some(Step {
            stage: None,
            instruction: "COPY a /".to_owned(),
            place: Some(place(*line)),
        }),
        unpacked: Bytes(*bytes),
        packed: None,
        files: 1,
        wasted: Bytes::ZERO,
    });
    Measured {
        image_id: None,
        platform: None,
        verified: Verified::Whole,
        base: None,
        is_from_scratch: true,
        size: Size::default(),
        layers: layers.collect(),
        tree: Tree::default(),
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
        excluded: None,
    }
}

/// What is remarked, with bytes and line.
fn remarked(text: &str, measured: &Measured) -> Vec<(RemarkKind, u64, Option<u32>)> {
    let remarks = asked(text, |subject| remarks(subject, measured));
    let parts = remarks.into_iter();
    parts.map(|it| (it.kind, it.bytes.0, it.line)).collect()
}

#[test]
fn a_good_submission_is_not_remarked_on() {
    let text = "FROM python:3 AS build\nFROM scratch\nCOPY --from=build /x /\n";
    assert_eq!(remarked(text, &measured(&[(3, 900)])), []);
}

#[test]
fn the_context_copied_whole_and_an_unused_stage_are_remarked_on() {
    let text = "FROM python:3 AS build\nFROM gcc:1 AS spare\nFROM alpine:3\nCOPY . /\n\
                COPY --from=build /x /\n";
    let spare = RemarkKind::UnusedStage {
        stage: "spare".to_owned(),
    };
    assert_eq!(
        remarked(text, &measured(&[(4, 700), (5, 9)])),
        [
            (RemarkKind::WholeContext, 700, Some(4)),
            (spare, 0, Some(2))
        ]
    );
}

#[test]
fn a_layer_that_chmod_doubles_is_remarked_on_at_the_chmod() {
    let text = "FROM alpine:3\nCOPY x /\nRUN chmod 700 /x\n";
    let mut measured = measured(&[(2, 500), (3, 500)]);
    measured.size.wasted.metadata_only = Bytes(500);
    measured.waste.push(WastedPath {
        path: "x".into(),
        bytes: Bytes(500),
        layer: 0,
        fate: Fate::MetadataOnly,
    });
    assert_eq!(
        remarked(text, &measured),
        [(RemarkKind::Doubled, 500, Some(3))]
    );
}

#[test]
fn three_remarks_are_kept_the_heaviest_first() {
    let text = "FROM busybox AS spare\nFROM alpine\nCOPY . /\nRUN a\nRUN b\nRUN c\n";
    let layers = [(3, 700), (4, 1), (5, 1), (6, 1)];
    let found = remarked(text, &measured(&layers));
    let bytes: Vec<u64> = found.iter().map(|it| it.1).collect();
    assert_eq!(bytes, [700, 0, 0], "{found:?}");
    let without_spare = remarked(
        "FROM alpine\nRUN a\nRUN b\nRUN c\nRUN d\n",
        &measured(&layers),
    );
    let unpinned = RemarkKind::UnpinnedBase {
        image: "alpine".to_owned(),
    };
    let layers = RemarkKind::ManyLayers { layers: 4 };
    assert_eq!(
        without_spare,
        [(layers, 0, Some(1)), (unpinned, 0, Some(1))]
    );
}

fn file(path: &str, bytes: u64, line: u32) -> FoundFile {
    FoundFile {
        path: path.into(),
        bytes: Bytes(bytes),
        layer: 1,
        part: "python".to_owned(),
        is_of_base: false,
        is_removed: false,
        place: Some(place(line)),
    }
}

/// The id and the line of why these files are there.
fn told(text: &str, files: &[FoundFile]) -> (&'static str, Option<u32>) {
    let found: Diagnosis = asked(text, |subject| of_files(subject, files));
    (found.cause.id(), found.line)
}

#[test]
fn a_forbidden_file_is_blamed_on_what_brought_it() {
    let text = "FROM x AS build\nFROM y\nCOPY --from=build /usr /usr\nRUN rm -r /usr/bin\n";
    let copied = file("usr/bin/python3", 90, 3);
    assert_eq!(
        told(text, std::slice::from_ref(&copied)),
        ("forbidden-file", Some(3))
    );
    // Of several, the largest one that is still there.
    let removed = FoundFile {
        is_removed: true,
        ..file("usr/bin/gcc", 900, 2)
    };
    assert_eq!(
        told(text, &[removed.clone(), copied]),
        ("forbidden-file", Some(3))
    );
    assert_eq!(told(text, &[removed]), ("removed-later", Some(4)));
    let of_base = FoundFile {
        is_of_base: true,
        place: None,
        ..file("usr/bin/python3", 90, 3)
    };
    assert_eq!(told(text, &[of_base]), ("forbidden-file", Some(2)));
}

#[test]
fn a_whole_file_system_is_told_from_a_directory() {
    let text = "FROM x AS build\nFROM scratch\nCOPY --from=build / /\n";
    let files = [file("usr/bin/python3", 90, 3)];
    assert_eq!(told(text, &files), ("whole-file-system", Some(3)));
}
