//! Which Dockerfile can have made an image, by what its history says.

use std::collections::BTreeMap;

use super::histories::{BUILDKIT, CLASSIC, DOCKERFILE, built};
use crate::dockerfile;
use crate::measure::{Source, made_by};

/// The target that can have made the image, `last` where none has to be named; `None` where
/// the history says otherwise.
fn target(history: &[&str], text: &str) -> Option<String> {
    let dockerfile = dockerfile::parse(text);
    let source = Source {
        dockerfile: &dockerfile,
        name: "Dockerfile".to_owned(),
        target: None,
        args: BTreeMap::new(),
    };
    let source = made_by(&built(history), &source)?;
    Some(source.target.unwrap_or_else(|| "last".to_owned()))
}

fn is_made(created_by: &str, instruction: &str) -> bool {
    target(&["", created_by], &format!("FROM base\n{instruction}\n")).is_some()
}

#[test]
fn both_builders_histories_agree_with_the_dockerfile_that_made_them() {
    for history in [&CLASSIC[..], &BUILDKIT[..]] {
        assert_eq!(target(history, DOCKERFILE).as_deref(), Some("last"));
        for (written, other) in [
            ("echo hi >", "echo ho >"),
            ("WORKDIR /app", "WORKDIR /other"),
            ("OTHER=plain", "OTHER=rich"),
            ("COPY a.txt /app/", "COPY a.txt /elsewhere/"),
            ("write('1')", "write('2')"),
            ("/bin/bash", "/bin/dash"),
            ("&& true\n", "&& false\n"),
            ("USER 1000", "USER 1001"),
            ("VOLUME /vol", "VOLUME /volume"),
            ("STOPSIGNAL SIGINT", "STOPSIGNAL SIGTERM"),
            ("[\"/bin/echo\"]", "[\"/bin/cat\"]"),
            ("CMD [\"a\", \"b\"]", "CMD [\"a\"]"),
            ("ONBUILD RUN echo triggered", "ONBUILD RUN echo other"),
        ] {
            let other = DOCKERFILE.replace(written, other);
            assert_ne!(other, DOCKERFILE);
            assert_eq!(target(history, &other), None, "{other}");
        }
    }
}

#[test]
fn what_builders_write_of_a_run_in_their_own_way_is_no_contradiction() {
    for (created_by, instruction) in [
        ("/bin/sh -c make   all", "RUN make \\\n  # why\n  all"),
        ("|1 A=x /bin/sh -c echo $A", "RUN echo $A"),
        (
            "RUN |1 A=two words /bin/sh -c echo $A # buildkit",
            "RUN echo $A",
        ),
        ("/bin/sh -ec make", "RUN make"),
        ("RUN cmd /S /C make # buildkit", "RUN make"),
        (
            "RUN /bin/sh -c make # buildkit",
            "RUN --mount=type=tmpfs,target=/t make",
        ),
        (
            "/bin/sh -c --mount=type=tmpfs,target=/t make",
            "RUN --mount=type=tmpfs,target=/t make",
        ),
        ("/bin/sh -c [\"make\", \"all\"]", "RUN [\"make\", \"all\"]"),
        (
            "RUN /bin/sh -c cat <<E > /f\nbody\nE # buildkit",
            "RUN cat <<E > /f\nbody\nE",
        ),
        ("RUN /bin/sh -c body\n # buildkit", "RUN <<-E\n\tbody\nE"),
        (
            "RUN /dev/pipes/EOF # buildkit",
            "RUN <<E\n#!/bin/bash\nbody\nE",
        ),
        ("RUN make", "RUN make"),
    ] {
        assert!(
            is_made(created_by, instruction),
            "{created_by}: {instruction}"
        );
    }
}

#[test]
fn what_builders_write_of_others_in_their_own_way_is_no_contradiction() {
    for (created_by, instruction) in [
        ("COPY a.txt /opt/app/ # buildkit", "COPY a.txt $HOME/"),
        ("COPY a b/c /d/ # buildkit", "COPY $A b/c /d/"),
        ("COPY <<E /two # buildkit", "COPY <<-'E' /two\nbody\nE"),
        ("COPY my file /d/ # buildkit", "COPY [\"my file\", \"/d/\"]"),
        (
            "COPY --chown=1:1 a /d/ # buildkit",
            "COPY --chown=1:1 a /d/",
        ),
        (
            "/bin/sh -c #(nop) COPY multi:00ec16333078 in /d/ ",
            "COPY a b /d/",
        ),
        (
            "/bin/sh -c #(nop) ADD --chown=1:1file:00ec16333078 in / ",
            "ADD --chown=1:1 x /",
        ),
        ("WORKDIR /srv/app", "WORKDIR app/"),
        ("WORKDIR /srv/app", "WORKDIR //srv/./app/"),
        ("WORKDIR /srv", "WORKDIR app/.."),
        ("WORKDIR C:\\app", "WORKDIR C:/app"),
        (
            "-/bin/sh -c #(nop)  CMD [\"/bin/sh\" \"-c\" \"echo \\\"hi\\\"\"]",
            "CMD echo \"hi\"",
        ),
        (
            "-/bin/sh -c #(nop) CMD [\"a\", \"b\"]",
            "CMD [ \"a\",\"b\" ]",
        ),
        ("-CMD [\"a\\tb\"]", "CMD [\"a\\tb\"]"),
        ("-ENTRYPOINT []", "ENTRYPOINT []"),
        ("-ENV A=two words B=1", "ENV A=\"two words\" B=1"),
        ("-ENV A=1", "ENV A 1"),
        ("-USER me", "USER $NAME"),
        ("-LABEL a=b", "LABEL c=d"),
        ("-HEALTHCHECK &{[\"NONE\"]}", "HEALTHCHECK NONE"),
    ] {
        assert!(
            is_made(created_by, instruction),
            "{created_by}: {instruction}"
        );
    }
}

#[test]
fn a_history_that_says_otherwise_contradicts() {
    for (created_by, instruction) in [
        (
            "/bin/sh -c head -c 1000 /dev/zero > /f",
            "RUN head -c 9000 /dev/zero > /f",
        ),
        ("/bin/sh -c apt-get install make", "RUN make"),
        ("|1 A=x /bin/sh -c apt-get install make", "RUN make"),
        ("RUN |1 A=x /bin/sh -c make # buildkit", "RUN make all"),
        (
            "RUN /bin/sh -c remake # buildkit",
            "RUN --mount=type=tmpfs,target=/t make",
        ),
        ("RUN /bin/sh -c body\n # buildkit", "RUN <<E\nother\nE"),
        ("COPY s /f # buildkit", "COPY l /f"),
        ("COPY a /f # buildkit", "COPY a b /f"),
        (
            "/bin/sh -c #(nop) COPY file:00ec16333078 in /f ",
            "COPY l /g",
        ),
        ("WORKDIR /srv/app", "WORKDIR /app"),
        ("-CMD [\"/bin/sh\" \"-c\" \"make\"]", "CMD make all"),
        ("-CMD [\"a\" \"b\"]", "CMD [\"b\"]"),
        ("-ENV A=1 B=2", "ENV A=1 B=3"),
    ] {
        assert!(
            !is_made(created_by, instruction),
            "{created_by}: {instruction}"
        );
    }
}

#[test]
fn the_last_stage_that_the_history_agrees_with_is_the_target() {
    let text = "FROM base AS nothing\nFROM base AS parent\nCOPY a /a\nCMD [\"a\"]\n\
        FROM parent AS child\nRUN make\nFROM scratch\nCOPY --from=child /b /b\nCMD [\"b\"]\n";
    let parent = ["", "COPY a /a # buildkit", "-CMD [\"a\"]"];
    let child = [&parent[..], &["RUN /bin/sh -c make # buildkit"]].concat();
    let last = ["COPY /b /b # buildkit", "-CMD [\"b\"]"];
    for (history, stage) in [(&parent[..], "1"), (&child, "2"), (&last, "last")] {
        assert_eq!(target(history, text).as_deref(), Some(stage));
    }
    assert_eq!(target(&["", "RUN /bin/sh -c other # buildkit"], text), None);
}
