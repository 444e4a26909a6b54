//! Histories as real builders wrote them for one Dockerfile: Docker Engine 20.10.24, its
//! classic builder and its `BuildKit`.

use std::collections::BTreeMap;

use super::made::{file, image, measured, with_history};
use crate::dockerfile;
use crate::measure::{KnownBase, Source, Subject, images, redact};
use crate::model::{BaseTold, ImageRecord, Measured, Origin};

pub(super) const DOCKERFILE: &str = r#"ARG BASE=lab/python:offline
FROM ${BASE} AS parent
ARG SECRET=topsecret
ARG SPACED="two words"
ENV TOKEN=${SECRET} OTHER=plain
RUN echo hi > /one
ONBUILD COPY a.txt /triggered.txt
ONBUILD RUN echo triggered > /t2
WORKDIR /app

FROM parent
COPY a.txt /app/
ADD d /app/d
ADD --chown=1:1 d /app/d2
RUN ["python", "-c", "open('/exec','w').write('1')"]
SHELL ["/bin/bash", "-ec"]
RUN echo shell > /shell \
 && true
LABEL k=v secret=$SECRET
USER 1000
WORKDIR /made/here
EXPOSE 80
VOLUME /vol
STOPSIGNAL SIGINT
HEALTHCHECK NONE
RUN true
MAINTAINER me
ENTRYPOINT ["/bin/echo"]
CMD ["a", "b"]
"#;

pub(super) const CLASSIC: [&str; 28] = [
    "",
    "-/bin/sh -c #(nop)  ARG SECRET=topsecret",
    "-/bin/sh -c #(nop)  ARG SPACED=two words",
    "-/bin/sh -c #(nop)  ENV TOKEN=othersecret OTHER=plain",
    "|2 SECRET=othersecret SPACED=two words /bin/sh -c echo hi > /one",
    "-/bin/sh -c #(nop)  ONBUILD COPY a.txt /triggered.txt",
    "-/bin/sh -c #(nop)  ONBUILD RUN echo triggered > /t2",
    "/bin/sh -c #(nop) WORKDIR /app",
    "/bin/sh -c #(nop) COPY file:00ec16333078 in /triggered.txt ",
    "/bin/sh -c echo triggered > /t2",
    "/bin/sh -c #(nop) COPY file:00ec16333078 in /app/ ",
    "/bin/sh -c #(nop) ADD dir:406f5e8aa30b in /app/d ",
    "/bin/sh -c #(nop) ADD --chown=1:1dir:406f5e8aa30b in /app/d2 ",
    "python -c open('/exec','w').write('1')",
    "-/bin/bash -ec #(nop)  SHELL [/bin/bash -ec]",
    "/bin/bash -ec echo shell > /shell  && true",
    "-/bin/bash -ec #(nop)  LABEL k=v secret=othersecret",
    "-/bin/bash -ec #(nop)  USER 1000",
    "/bin/bash -ec #(nop) WORKDIR /made/here",
    "-/bin/bash -ec #(nop)  EXPOSE 80",
    "-/bin/bash -ec #(nop)  VOLUME [/vol]",
    "-/bin/bash -ec #(nop)  STOPSIGNAL SIGINT",
    "-/bin/bash -ec #(nop)  HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" '\\x00'}",
    "/bin/bash -ec true",
    "-/bin/bash -ec #(nop)  MAINTAINER me",
    "-/bin/bash -ec #(nop)  ENTRYPOINT [\"/bin/echo\"]",
    "-/bin/bash -ec #(nop)  CMD [\"a\" \"b\"]",
    "-/bin/bash -ec #(nop)  LABEL lab=z",
];

pub(super) const BUILDKIT: [&str; 25] = [
    "",
    "-ARG SECRET=topsecret",
    "-ARG SPACED=two words",
    "-ENV TOKEN=othersecret OTHER=plain",
    "RUN |2 SECRET=othersecret SPACED=two words /bin/sh -c echo hi > /one # buildkit",
    "WORKDIR /app",
    "COPY a.txt /triggered.txt # buildkit",
    "RUN /bin/sh -c echo triggered > /t2 # buildkit",
    "COPY a.txt /app/ # buildkit",
    "ADD d /app/d # buildkit",
    "ADD d /app/d2 # buildkit",
    "RUN python -c open('/exec','w').write('1') # buildkit",
    "-SHELL [/bin/bash -ec]",
    "RUN /bin/bash -ec echo shell > /shell  && true # buildkit",
    "-LABEL k=v secret=othersecret",
    "-USER 1000",
    "WORKDIR /made/here",
    "-EXPOSE map[80/tcp:{}]",
    "-VOLUME [/vol]",
    "-STOPSIGNAL SIGINT",
    "-HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" '\\x00'}",
    "RUN /bin/bash -ec true # buildkit",
    "-MAINTAINER me",
    "-ENTRYPOINT [\"/bin/echo\"]",
    "-CMD [\"a\" \"b\"]",
];

/// An image with a file of its own in each layer that its history has.
pub(super) fn built(history: &[&str]) -> ImageRecord {
    let made = history.iter().filter(|line| !line.starts_with('-'));
    let layers = (1..).zip(made).map(|(n, _)| vec![file("x", n, n)]);
    with_history(image(layers.collect()), history)
}

fn from_file(record: &ImageRecord, text: &str, base: Option<KnownBase>) -> Measured {
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
        base,
    };
    images(&[subject]).remove(0)
}

fn lines(found: &Measured) -> Vec<Option<u32>> {
    let place = |layer: &crate::model::LayerSize| layer.step.as_ref()?.place.as_ref()?.line;
    found.layers.iter().map(place).collect()
}

#[test]
fn both_builders_histories_lead_to_the_same_lines() {
    let expected: Vec<Option<u32>> = std::iter::once(None)
        .chain([6, 9, 7, 8, 12, 13, 14, 15, 17, 21, 26].map(Some))
        .collect();
    for history in [&CLASSIC[..], &BUILDKIT[..]] {
        let found = from_file(&built(history), DOCKERFILE, None);
        assert_eq!(lines(&found), expected);
        assert_eq!(found.layers[0].origin, Origin::Base);
        assert_eq!(found.layers[1].origin, Origin::Own);
        assert_eq!(found.base.unwrap().reference, "lab/python:offline");
        let stage = |layer: usize| found.layers[layer].step.clone().unwrap().stage.unwrap();
        assert_eq!((stage(1), stage(3)), ("parent".to_owned(), "1".to_owned()));
        assert_eq!(
            found.layers[9].step.clone().unwrap().instruction,
            "RUN echo shell > /shell && true"
        );
    }
}

#[test]
fn an_image_that_was_built_elsewhere_has_instructions_without_a_place() {
    for history in [&CLASSIC[..], &BUILDKIT[..]] {
        let found = measured(&built(history));
        let shown: Vec<_> = found
            .layers
            .iter()
            .map(|layer| layer.step.as_ref().map(|step| step.instruction.as_str()))
            .collect();
        assert_eq!(shown[0], None);
        assert_eq!(
            shown[1],
            Some("RUN SECRET=… SPACED=… echo hi > /one"),
            "the names stay, the values go"
        );
        assert_eq!(shown[2], Some("WORKDIR /app"));
        assert_eq!(
            shown[9],
            Some("RUN /bin/bash -ec echo shell > /shell  && true")
        );
        assert!(found.layers.iter().all(|layer| layer.origin == Origin::Own));
        assert!(found.layers.iter().all(|layer| {
            let step = layer.step.as_ref();
            step.is_none_or(|step| step.place.is_none() && !step.instruction.contains("secret"))
        }));
    }
}

#[test]
fn another_dockerfile_than_the_images_own_gives_no_place() {
    for text in [
        "FROM x\nCOPY a b\nCMD [\"a\"]\n",
        &DOCKERFILE.replace("FROM ${BASE}", "FROM scratch"),
        &DOCKERFILE.replace("ADD d /app/d\n", "COPY d /app/d\n"),
    ] {
        let found = from_file(&built(&BUILDKIT), text, None);
        assert!(lines(&found).iter().all(Option::is_none), "{text}");
        assert_eq!(found.size.base.0, 0);
    }
}

#[test]
fn a_squashed_image_has_no_instructions() {
    let mut record = built(&BUILDKIT);
    record.layers.pop();
    let found = from_file(&record, DOCKERFILE, None);
    assert!(found.layers.iter().all(|layer| layer.step.is_none()));
}

#[test]
fn what_an_onbuild_of_the_base_added_is_own_where_the_bases_layers_are_known() {
    let record = built(&[
        "",
        "COPY . /src # buildkit",
        "RUN /bin/sh -c make # buildkit",
    ]);
    let base = KnownBase {
        reference: "onbuilder".to_owned(),
        id: Some(super::made::digest(5)),
        layers: vec![record.layers[0].content.diff_id],
        stand_in: false,
    };
    let text = "FROM onbuilder\nRUN make\n";
    let origins = |base: Option<KnownBase>| {
        let found = from_file(&record, text, base);
        found
            .layers
            .iter()
            .map(|layer| layer.origin)
            .collect::<Vec<_>>()
    };
    let (known, own) = (Origin::Base, Origin::Own);
    assert_eq!(origins(Some(base.clone())), [known, own, own]);
    assert_eq!(origins(None), [known, known, own]);
    let moved = KnownBase {
        layers: vec![super::made::digest(6)],
        ..base.clone()
    };
    assert_eq!(origins(Some(moved.clone())), [known, known, own]);
    assert_eq!(from_file(&record, text, Some(moved)).base.unwrap().id, None);
    assert_eq!(
        from_file(&record, text, Some(base.clone()))
            .base
            .unwrap()
            .id,
        base.id
    );
}

#[test]
fn a_dockerfile_without_layers_of_its_own_leaves_all_to_the_base() {
    let record = built(&["", "-CMD [\"x\"]"]);
    let found = from_file(&record, "FROM base\nCMD [\"x\"]\n", None);
    assert_eq!(found.size.base, found.size.unpacked);
}

#[test]
fn heredocs_are_matched_by_their_first_line() {
    let text = "FROM base\nRUN <<E1\necho one > /one\nE1\nCOPY <<E2 /two\nbody\nE2\n";
    let record = built(&[
        "",
        "RUN /bin/sh -c echo one > /one\n # buildkit",
        "COPY <<E2 /two # buildkit",
    ]);
    let found = from_file(&record, text, None);
    assert_eq!(lines(&found), [None, Some(2), Some(5)]);
    assert_eq!(
        found.layers[1].step.clone().unwrap().instruction,
        "RUN <<E1"
    );
}

#[test]
fn onbuild_may_be_said_as_often_as_a_history_likes() {
    let often = "ONBUILD ".repeat(500_000);
    assert_eq!(redact(&often), often);
    let secret = format!("{often}ENV A=hidden");
    assert_eq!(redact(&secret), format!("{often}ENV A=…"));
}

#[test]
fn values_of_the_environment_and_of_arguments_are_struck_out() {
    for (written, shown) in [
        ("ENV A=secret", "ENV A=…"),
        ("ENV A=\"se cret\" B=s\\ ecret", "ENV A=… B=…"),
        ("ENV A secret b=secret", "ENV A …"),
        ("ARG A", "ARG A"),
        ("ARG A=secret B C='secret'", "ARG A=… C=…"),
        ("ARG A=two words of a secret", "ARG A=…"),
        ("onbuild env A=secret", "onbuild env A=…"),
        ("RUN make A=1", "RUN make A=1"),
        ("ENV", "ENV"),
    ] {
        assert_eq!(redact(written), shown);
    }
}

#[test]
fn a_builders_filled_in_value_is_struck_out_wherever_it_stands() {
    let record = built(&[
        "-ARG TOKEN=hunter22",
        "-ENV PLACE=/opt/hunter22/x",
        "COPY a.txt /srv/hunter22/ # buildkit",
        "RUN |1 TOKEN=hun ter /usr/bin/env bash -c make # buildkit",
        "|1 TOKEN=hunter22 make all",
    ]);
    let found = measured(&record);
    let shown = |layer: usize| found.layers[layer].step.clone().unwrap().instruction;
    assert_eq!(shown(0), "COPY a.txt /srv/…/");
    assert_eq!(shown(1), "RUN TOKEN=…", "no end of the value is in sight");
    assert_eq!(shown(2), "RUN TOKEN=…");
}

#[test]
fn a_root_file_system_is_a_base_where_it_has_a_cmd_before_anything_stands_on_it() {
    let base_layers = |history: &[&str]| {
        let found = measured(&built(history));
        let origins = found.layers.iter().map(|layer| layer.origin);
        origins.filter(|origin| *origin == Origin::Base).count()
    };
    let root = "/bin/sh -c #(nop) ADD file:0123456789ab in / ";
    let cmd = "-CMD [\"bash\"]";
    assert_eq!(base_layers(&[root, cmd, "RUN apt # buildkit"]), 1);
    assert_eq!(base_layers(&[root, "RUN apt # buildkit", cmd]), 0);
    assert_eq!(base_layers(&[root, cmd]), 0, "it may be all there is");
    assert_eq!(base_layers(&["COPY . / # buildkit"]), 0);
    let mut imported = built(&["", "RUN apt # buildkit"]);
    imported.config.history[0].comment = Some("Imported from -".to_owned());
    let imported = measured(&imported);
    assert_eq!(imported.layers[0].origin, Origin::Base);
    assert_eq!(imported.base_told(), BaseTold::Root);
}
