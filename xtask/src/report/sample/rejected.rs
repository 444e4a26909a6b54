use std::time::Duration;

use super::{accepted, at, capture, compared, digest, image, multi, ran, single, variant};
use crate::model::{
    Build, BuildCause, BuildFailure, Built, Bytes, Capture, Difference, Ending, Fact, Finding,
    Level, Measure, Outcome, Policy, Role, Run, Verdict,
};
use crate::report::{Compared, Comparison, LabReport, VariantReport};

/// All that can go wrong, and names that mean to harm.
pub(in crate::report) fn rejected() -> LabReport {
    let mut variants = vec![single("lab/python:offline", true)];
    variants[0].build = Some(Build::Done(Built {
        took: Some(Duration::from_millis(83_400)),
        steps: 8,
        cached: Some(3),
    }));
    variants.extend([heavy(), broken(), endless(), hostile(), server()]);
    variants.push(VariantReport {
        run: Some(ran(
            Ending::Exited { code: 0 },
            131,
            capture("Bonjour depuis la phase de run !\n".as_bytes(), 10),
        )),
        ..multi()
    });
    LabReport {
        variants,
        comparison: Some(Comparison {
            reference: "single".to_owned(),
            outputs_match: Some(false),
            variants: vec![
                compared("heavy", -180_607_532, Some(0.759_213)),
                Compared {
                    left_behind: Vec::new(),
                    ..compared("endless", 381_173_464, Some(3.025_159))
                },
                compared("multi", 569_392_015, Some(1_256_937.016_556_291_3)),
            ],
        }),
        verdict: Verdict {
            outcome: Outcome::Rejected,
            findings: findings(),
        },
        ..accepted()
    }
}

fn heavy() -> VariantReport {
    let file = "ladder/Dockerfile";
    VariantReport {
        policy: Policy {
            budget: Some(Bytes(100 * 1_024 * 1_024)),
            ..Policy::default()
        },
        measured: Some(
            image(3)
                .on("lab/python:offline", true, 188_219_004)
                .step(
                    "RUN pip install everything",
                    (file, 4),
                    "usr/local",
                    561_780_996,
                )
                .measured(),
        ),
        run: Some(Run {
            stderr: capture(
                b"Traceback (most recent call last):\n\tFile \"x.py\", line 1\nZeroDivisionError\n",
                12,
            ),
            ..ran(Ending::Exited { code: 3 }, 1_900, capture(b"", 11))
        }),
        ..variant("heavy", Some(Role::Rung))
    }
}

fn broken() -> VariantReport {
    VariantReport {
        build: Some(Build::Failed(BuildFailure {
            cause: BuildCause::Run { exit_code: Some(1) },
            instruction: Some("RUN sh build.sh display".to_owned()),
            line: Some(13),
            log: vec![
                "display.c: In function 'main':".to_owned(),
                "display.c:42:5: \u{1b}[31merror:\u{1b}[0m expected ';' before 'return'".to_owned(),
            ],
        })),
        ..variant("broken", Some(Role::Rung))
    }
}

fn endless() -> VariantReport {
    let limit = Duration::from_secs(10);
    VariantReport {
        measured: Some(
            image(4)
                .on("lab/python:offline", true, 188_219_004)
                .measured(),
        ),
        run: Some(ran(
            Ending::TimedOut { limit },
            10_002,
            Capture {
                kept: b"yes\n".repeat(16_384),
                bytes: Bytes(2_000_000_000),
                sha256: digest(13),
            },
        )),
        ..variant("endless", Some(Role::Rung))
    }
}

fn hostile() -> VariantReport {
    let name = "<script>alert(1)</script>|@root `x`\n\u{1b}[2J\u{202e}gnp";
    let reason = "exec: \"/<b>no\u{7}</b>\": no such file, see https://evil.example and @root #1";
    VariantReport {
        measured: Some(
            image(5)
                .step(
                    "COPY <<EOF /x\n# *bold* | [a](b)\nEOF",
                    ("Docker|file", 2),
                    "x",
                    12,
                )
                .wastes(b"bin/\xff\xfe\x1b[31m", 4, 0)
                .measured(),
        ),
        run: Some(ran(
            Ending::NotStarted {
                code: 127,
                reason: reason.to_owned(),
            },
            40,
            capture(b"\xff\xfe\x1b]0;title\x07 ```\n::error::x\n", 14),
        )),
        ..variant(name, None)
    }
}

fn server() -> VariantReport {
    VariantReport {
        image: Some("registry.example/a/server:1.0".to_owned()),
        dockerfile: None,
        build: None,
        measured: Some(
            image(6)
                .on("debian:bookworm", false, 74_800_000)
                .step("COPY server /", ("Dockerfile", 9), "", 10_403_112)
                .measured(),
        ),
        ..variant("服务器", None)
    }
}

fn findings() -> Vec<Finding> {
    let hostile = hostile().name;
    let finding = |level, variant: &str, place, fact| Finding {
        level,
        variant: variant.to_owned(),
        place,
        fact,
    };
    let error = |variant: &str, place, fact| finding(Level::Error, variant, place, fact);
    vec![
        error(
            "heavy",
            Some(at("ladder/Dockerfile", Some(4))),
            Fact::Budget {
                counts: Measure::Unpacked,
                actual: Bytes(750_000_000),
                limit: Bytes(100 * 1_024 * 1_024),
            },
        ),
        error("heavy", None, Fact::ExitCode { code: 3 }),
        error(
            "broken",
            Some(at("Dockerfile.broken", Some(13))),
            Fact::BuildFailed {
                cause: BuildCause::Run { exit_code: Some(1) },
                instruction: Some("RUN sh build.sh display".to_owned()),
                reason: None,
            },
        ),
        error("endless", None, Fact::TimedOut { seconds: 10.0 }),
        error(
            &hostile,
            None,
            Fact::NotStarted {
                code: 127,
                reason: "exec: \"/<b>no\u{7}</b>\": see https://evil.example and @root #1"
                    .to_owned(),
            },
        ),
        error(
            "multi",
            None,
            Fact::OutputsDiffer {
                reference: "single".to_owned(),
                difference: Difference {
                    offset: 24,
                    line: 1,
                    expected: Some("Bonjour depuis la phase de build !".to_owned()),
                    actual: Some("Bonjour depuis la phase de run !".to_owned()),
                },
            },
        ),
        finding(
            Level::Note,
            "single",
            None,
            Fact::StandInBase {
                reference: "lab/python:offline".to_owned(),
            },
        ),
    ]
}
