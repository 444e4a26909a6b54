//! Results and lessons for the tests of this room.

use std::time::Duration;

use super::lesson::{Lesson, Mode, Plan};
use super::taken::Taken;
use crate::model::{
    Base, Build, Builder, Built, Bytes, Capture, Digest, Ending, EngineFacts, EngineKind,
    ExpectedEnd, LabReport, LayerSize, Measured, Origin, Outcome, Place, Platform, Policy, Run,
    Script, ScriptStep, Size, Step, Told, Tree, VariantReport, Verdict, Verified,
};

pub(super) const MADE: &str = "2026-11-30T02:24:45Z";

pub(super) fn taken(size: u64) -> Taken {
    printing(size, b"Bonjour\n")
}

/// An image of this size whose container prints this and exits 0.
pub(super) fn printing(size: u64, text: &[u8]) -> Taken {
    ending(size, text, Ending::Exited { code: 0 })
}

pub(super) fn ending(size: u64, text: &[u8], ending: Ending) -> Taken {
    let capture = |text: &[u8]| Capture {
        kept: text.to_vec(),
        bytes: Bytes(text.len() as u64),
        sha256: digest(text),
    };
    let run = Run {
        ending,
        took: Some(Duration::from_millis(230)),
        stdout: capture(text),
        stderr: capture(b""),
    };
    let variants = vec![variant(size, run)];
    let verdict = judged(&variants);
    Taken {
        report: LabReport {
            lab: Some("t".to_owned()),
            created: Some(MADE.to_owned()),
            engine: engine(),
            variants,
            left_out: Vec::new(),
            comparison: None,
            baseline: None,
            verdict,
        },
        commands: vec!["docker build .".to_owned(), "docker run one".to_owned()],
        dockerfile: vec!["FROM base".to_owned(), "RUN make".to_owned()],
    }
}

fn digest(text: &[u8]) -> Digest {
    Digest::from_hash(<sha2::Sha256 as sha2::Digest>::digest(text).into())
}

fn judged(variants: &[VariantReport]) -> Verdict {
    use crate::model::{Fact, Finding, Level};
    let ending = variants[0].run.as_ref().map(|run| run.ending.clone());
    let Some(Ending::NotStarted { code, reason }) = ending else {
        return Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        };
    };
    Verdict {
        outcome: Outcome::Rejected,
        findings: vec![Finding {
            level: Level::Error,
            variant: "one".to_owned(),
            place: None,
            fact: Fact::NotStarted { code, reason },
        }],
    }
}

fn variant(size: u64, run: Run) -> VariantReport {
    let step = Step {
        stage: None,
        instruction: "RUN make".to_owned(),
        place: Some(Place {
            dockerfile: "Dockerfile.one".to_owned(),
            line: Some(7),
        }),
    };
    let layer = LayerSize {
        diff_id: Some(digest(b"layer")),
        origin: Origin::Own,
        step: Some(step),
        unpacked: Bytes(size),
        packed: None,
        files: 1,
        wasted: Bytes::ZERO,
    };
    VariantReport {
        name: "one".to_owned(),
        role: None,
        image: None,
        dockerfile: Some("Dockerfile.one".to_owned()),
        command_line: None,
        base_line: None,
        policy: Policy::default(),
        made_from: crate::model::MadeFrom::default(),
        measured: Some(measured(size, layer)),
        build: Some(Build::Done(Built {
            took: Some(Duration::from_secs(1)),
            steps: 2,
            cached: Some(2),
        })),
        run: Some(run),
    }
}

fn measured(size: u64, layer: LayerSize) -> Measured {
    let size = Bytes(size);
    Measured {
        image_id: Some(digest(b"image")),
        platform: Platform::parse("linux/amd64"),
        verified: Verified::Whole,
        base: Some(Base {
            reference: "base:1".to_owned(),
            id: Some(digest(b"base")),
            stand_in: false,
        }),
        is_from_scratch: false,
        size: Size {
            unpacked: size,
            live: size,
            own: size,
            unique: size,
            ..Size::default()
        },
        layers: vec![layer],
        tree: Tree {
            folded_below: Bytes::ZERO,
            entries: vec![crate::model::SizedPath {
                path: crate::model::ImagePath::from_normalised(*b""),
                bytes: size,
                layer: 0,
            }],
        },
        largest: Vec::new(),
        waste: Vec::new(),
        excluded: None,
        advice: Vec::new(),
    }
}

fn engine() -> EngineFacts {
    EngineFacts {
        kind: EngineKind::Docker,
        version: Some("20.10".to_owned()),
        api: Some("1.41".to_owned()),
        platform: Platform::parse("linux/amd64").unwrap(),
        storage: Some("overlay2".to_owned()),
        builder: Builder::Classic,
    }
}

pub(super) fn told(english: &str, french: &str) -> Told {
    Told {
        english: english.to_owned(),
        french: Some(french.to_owned()),
    }
}

/// Three steps; the second is meant to fail.
pub(super) fn script() -> Script {
    let step = |id: &str, expected| ScriptStep {
        id: id.to_owned(),
        variant: id.to_owned(),
        title: told(&format!("Step {id}"), &format!("Étape {id}")),
        intro: told("What comes now.", "Ce qui vient."),
        lesson: told("What is learnt.", "Ce qu’on apprend."),
        notes: told("Speak slowly.", "Parlez lentement."),
        expected,
        tolerance: 1.0,
        limit: Duration::from_secs(60),
    };
    Script {
        lab: "t".to_owned(),
        title: told("The lesson", "La leçon"),
        steps: vec![
            step("one", ExpectedEnd::Success),
            step("two", ExpectedEnd::Failure),
            step("three", ExpectedEnd::Success),
        ],
    }
}

pub(super) fn failing() -> Taken {
    let reason = "exec: \"cat\": executable file not found in $PATH: unknown".to_owned();
    ending(67, b"", Ending::NotStarted { code: 127, reason })
}

/// Of these twins, which need not all be there.
pub(super) fn lesson(mode: Mode, twins: &[Option<Taken>; 3]) -> Lesson {
    let plan = |(last, twin): (&str, &Option<Taken>)| Plan {
        commands: vec![
            format!(
                "docker build -t {last} --build-arg PYTHON_IMAGE=lab/python:offline -f lab/Dockerfile.{last} lab"
            ),
            format!("docker run --rm --network none {last}"),
        ],
        dockerfile: vec![
            "FROM base".to_owned(),
            "RUN make".to_owned(),
            format!("CMD [\"{last}\"]"),
        ],
        file: format!("lab/Dockerfile.{last}"),
        twin: twin.clone(),
    };
    let plans = ["one", "two", "three"].into_iter().zip(twins).map(plan);
    Lesson::new(script(), mode, plans.collect()).on("base base:1".to_owned())
}
