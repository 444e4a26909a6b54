//! Histories that do not have one entry for each layer, as builders wrote them.

use std::collections::BTreeMap;

use super::histories::built;
use super::made::{file, image, measured, with_history};
use crate::dockerfile;
use crate::measure::{Source, Subject, images};
use crate::model::{ImageRecord, Measured, Origin};

/// An image of so many layers.
fn layered(layers: u64, history: &[&str]) -> ImageRecord {
    let layers = (1..=layers).map(|number| vec![file("x", number, number)]);
    with_history(image(layers.collect()), history)
}

fn comment(record: &mut ImageRecord, number: usize, text: &str) {
    record.config.history[number].comment = Some(text.to_owned());
}

fn shown(found: &Measured) -> Vec<Option<&str>> {
    let steps = found.layers.iter().map(|layer| layer.step.as_ref());
    steps
        .map(|step| step.map(|step| step.instruction.as_str()))
        .collect()
}

fn lines(found: &Measured) -> Vec<Option<u32>> {
    let place = |layer: &crate::model::LayerSize| layer.step.as_ref()?.place.as_ref()?.line;
    found.layers.iter().map(place).collect()
}

fn from_file(record: &ImageRecord, text: &str) -> Measured {
    let dockerfile = dockerfile::parse(text);
    let source = Source {
        dockerfile: &dockerfile,
        name: "Dockerfile".to_owned(),
        target: None,
        args: BTreeMap::new(),
    };
    let subject = Subject {
        record,
        command: None,
        engine_reported: None,
        source: Some(source),
        base: None,
    };
    images(&[subject]).remove(0)
}

const ON_SHORT: &str = "FROM base\nCOPY small /small\nCOPY big /big\nCMD [\"/small\"]\n";

/// What three builders write on a base of two layers and no history.
fn on_a_base_without_history() -> [ImageRecord; 3] {
    let classic = layered(
        4,
        &[
            "/bin/sh -c #(nop) COPY file:0123456789ab in /small ",
            "/bin/sh -c #(nop) COPY file:0123456789cd in /big ",
            "-/bin/sh -c #(nop)  CMD [\"/small\"]",
        ],
    );
    let buildkit = |fillers: [&str; 2]| {
        let own = ["COPY small /small # buildkit", "COPY big /big # buildkit"];
        let history = [&own[..], &["-CMD [\"/small\"]"], &fillers].concat();
        let mut record = layered(4, &history);
        for number in [3, 4] {
            comment(&mut record, number, "buildkit.exporter.image.v0");
        }
        record
    };
    [
        classic,
        buildkit(["fileop target", "fileop target"]),
        buildkit(["[2/3] COPY small /small", "[3/3] COPY big /big"]),
    ]
}

#[test]
fn a_base_without_history_takes_nothing_from_what_is_built_on_it() {
    for record in on_a_base_without_history() {
        let found = from_file(&record, ON_SHORT);
        assert_eq!(lines(&found), [None, None, Some(2), Some(3)]);
        let origins: Vec<Origin> = found.layers.iter().map(|layer| layer.origin).collect();
        let (base, own) = (Origin::Base, Origin::Own);
        assert_eq!(origins, [base, base, own, own]);
        let found = measured(&record);
        let copies = shown(&found).iter().flatten().count();
        assert_eq!(copies, 2, "{:?}", shown(&found));
        assert!(shown(&found)[2].unwrap().starts_with("COPY"));
    }
}

#[test]
fn what_is_built_on_that_again_keeps_its_lines_too() {
    for mut record in on_a_base_without_history() {
        let more = built(&["RUN /bin/sh -c make # buildkit"]);
        record.config.history.extend(more.config.history);
        let above = layered(5, &[]);
        record.layers = above.layers;
        let found = from_file(&record, "FROM mid\nRUN make\n");
        assert_eq!(lines(&found), [None, None, None, None, Some(2)]);
        assert_eq!(shown(&found)[4], Some("RUN make"));
        assert_eq!(found.layers[3].origin, Origin::Base);
    }
}

#[test]
fn a_base_with_some_history_has_no_instruction_by_guess() {
    let history = [
        "ADD rootfs.tar / # buildkit",
        "-CMD [\"sh\"]",
        "COPY small /small # buildkit",
        "COPY big /big # buildkit",
        "-CMD [\"/small\"]",
    ];
    let record = layered(5, &history);
    let found = from_file(&record, ON_SHORT);
    assert_eq!(lines(&found), [None, None, None, Some(2), Some(3)]);
    assert_eq!(shown(&found)[..3], [None; 3]);
}

/// A tool that adds a layer without an entry may do so on top.
#[test]
fn too_short_a_history_of_another_builder_says_nothing() {
    let found = measured(&layered(3, &["apko", "umoci insert"]));
    assert_eq!(shown(&found), [None; 3]);
}

#[test]
fn layers_that_buildkit_alone_describes_are_as_it_says() {
    let mut record = layered(2, &["pulled from x", "fileop target"]);
    comment(&mut record, 0, "buildkit.exporter.image.v0");
    comment(&mut record, 1, "buildkit.exporter.image.v0");
    let found = measured(&record);
    assert_eq!(
        shown(&found),
        [Some("pulled from x"), Some("fileop target")]
    );
}

#[test]
fn other_builders_texts_are_shown_as_they_are() {
    let texts = [
        "",
        "Layer: 'jre', Created by buildpack: example/jvm@1.0",
        "Application Layer",
        "Buildpacks Launcher Config",
        "jib-maven-plugin:3.4.0",
        "",
        "bazel build ...",
        "apko",
        "ko build ko://example.com/cmd",
        "kaniko #(nop) of its own",
        "bash",
        "make install",
    ];
    let mut record = built(&texts);
    comment(&mut record, 4, "classes");
    comment(&mut record, 5, "store paths: ['/nix/store/abc-hello-2.12']");
    comment(&mut record, 7, "This is an apko single-layer image");
    let found = measured(&record);
    let expected = texts.map(|text| Some(text).filter(|text| !text.is_empty()));
    let mut expected = expected.to_vec();
    expected[5] = Some("store paths: ['/nix/store/abc-hello-2.12']");
    assert_eq!(shown(&found), expected);
}

#[test]
fn what_a_shell_was_called_with_is_a_run() {
    for (text, expected) in [
        ("/bin/sh -c make", "RUN make"),
        (
            "/bin/bash -o pipefail -c make",
            "RUN /bin/bash -o pipefail -c make",
        ),
        ("|1 A=b /bin/sh -c make", "RUN A=… make"),
        ("cmd /S /C make", "RUN cmd /S /C make"),
        ("RUN make", "RUN make"),
    ] {
        let found = measured(&built(&[text]));
        assert_eq!(shown(&found), [Some(expected)]);
    }
}

/// A RUN in JSON form is any text in the classic builder's history, and found by the file.
#[test]
fn a_run_in_json_form_has_its_line() {
    let record = built(&["", "make install"]);
    let found = from_file(&record, "FROM base\nRUN [\"make\", \"install\"]\n");
    assert_eq!(lines(&found), [None, Some(2)]);
}

const BUILDAH: &str = "FROM scratch\nCOPY a /a\nENV X=1\nCOPY b /b\nCMD [\"/a\"]\n";

/// buildah without `--layers`: one layer, which its last instruction has.
#[test]
fn a_layer_that_an_instruction_without_files_has_is_of_those_before_it() {
    let copies = [
        "-/bin/sh -c #(nop) COPY file:6443c21c6771 in /a ",
        "-/bin/sh -c #(nop) ENV X=1",
        "-/bin/sh -c #(nop) COPY file:efdf8dfc5dad in /b ",
    ];
    for last in [
        "CMD [\"/a\"]",
        "LABEL a=b",
        "USER 7",
        "EXPOSE 80",
        "ENTRYPOINT [\"/a\"]",
        "ENV Y=2",
        "VOLUME /v",
        "STOPSIGNAL 9",
        "SHELL [\"/s\"]",
        "HEALTHCHECK NONE",
    ] {
        let last_entry = format!("/bin/sh -c #(nop) {last}");
        let record = built(&[&copies[..], &[&last_entry]].concat());
        let found = measured(&record);
        assert_eq!(
            shown(&found),
            [Some(
                "COPY file:6443c21c6771 in /a; COPY file:efdf8dfc5dad in /b"
            )]
        );
        let text = BUILDAH.replace("CMD [\"/a\"]", last);
        let found = from_file(&record, &text);
        assert_eq!(shown(&found), [Some("COPY a /a; COPY b /b")], "{last}");
        assert_eq!(lines(&found), [Some(2)]);
        assert_eq!(found.layers[0].origin, Origin::Own);
    }
}

#[test]
fn entries_without_a_layer_belong_to_the_next_one_that_adds_no_file_itself() {
    let record = built(&[
        "RUN make # buildkit",
        "-/bin/sh -c #(nop) COPY file:6443c21c6771 in /a ",
        "RUN /bin/sh -c true # buildkit",
        "-/bin/sh -c #(nop) ADD file:6443c21c6771 in /b ",
        "/bin/sh -c #(nop) CMD [\"/a\"]",
        "/bin/sh -c #(nop) LABEL a=b",
    ]);
    let expected = [
        Some("RUN make"),
        Some("RUN true"),
        Some("ADD file:6443c21c6771 in /b"),
        None,
    ];
    assert_eq!(shown(&measured(&record)), expected);
}
