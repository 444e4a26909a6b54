//! Reports that the tests of every format render: one as it should be, one with all that
//! can go wrong in it, one with all that can change since a baseline, and any number made at
//! random.

mod matrix;
mod regressed;
mod rejected;
mod told;

use std::time::Duration;

pub(super) use matrix::{made_on, matrix, merged, platforms};
pub(super) use regressed::{judged, regressed};
pub(super) use rejected::rejected;
pub(super) use told::told;

use super::{Compared, Comparison, LabReport, VariantReport};
use crate::model::{
    Advice, AdviceKind, Base, Build, Builder, Built, Bytes, Capture, Delta, Digest, Ending,
    EngineFacts, EngineKind, Fate, ImagePath, LayerSize, LeftCause, LeftPart, Measured, Origin,
    Outcome, Place, Platform, Policy, Role, Run, Size, SizedPath, Step, Tree, Verdict, Verified,
    Wasted, WastedPath,
};

/// Greeting of the exercise's script.
const GREETING: &str = "Bonjour depuis la phase de build !\nGlad to have been built.\n";

pub(super) fn digest(seed: u8) -> Digest {
    Digest::from_hash([seed; 32])
}

pub(super) fn linux() -> Platform {
    Platform::parse("linux/amd64").unwrap()
}

/// One image: its layers, from the lowest, then what is derived of them.
pub(super) struct Image(Measured);

pub(super) fn image(seed: u8) -> Image {
    Image(Measured {
        image_id: Some(digest(seed)),
        platform: Some(linux()),
        verified: Verified::Whole,
        base: None,
        is_from_scratch: false,
        size: Size::default(),
        layers: Vec::new(),
        tree: Tree {
            folded_below: Bytes(4_096),
            entries: Vec::new(),
        },
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
        excluded: Some(Vec::new()),
    })
}

impl Image {
    pub(super) fn on(mut self, reference: &str, stand_in: bool, bytes: u64) -> Self {
        self.0.base = Some(Base {
            reference: reference.to_owned(),
            id: Some(digest(200)),
            stand_in,
        });
        self.layer(Origin::Base, None, "usr/lib", bytes)
    }

    pub(super) fn step(
        self,
        instruction: &str,
        place: (&str, u32),
        path: &str,
        bytes: u64,
    ) -> Self {
        let step = Step {
            stage: Some("0".to_owned()),
            instruction: instruction.to_owned(),
            place: Some(at(place.0, Some(place.1))),
        };
        self.layer(Origin::Own, Some(step), path, bytes)
    }

    fn layer(mut self, origin: Origin, step: Option<Step>, path: &str, bytes: u64) -> Self {
        let (index, bytes) = (self.0.layers.len(), Bytes(bytes));
        let seed = u8::try_from(index).unwrap() + 100 * u8::from(origin == Origin::Own);
        self.0.layers.push(LayerSize {
            diff_id: Some(digest(seed)),
            origin,
            step,
            unpacked: bytes,
            packed: None,
            files: 1 + bytes.0 / 50_000,
            wasted: Bytes(0),
        });
        self.0.tree.entries.push(SizedPath {
            path: path.into(),
            bytes,
            layer: index,
        });
        let size = &mut self.0.size;
        size.unpacked += bytes;
        size.live += bytes;
        size.unique += bytes;
        match origin {
            Origin::Base => size.base += bytes,
            Origin::Own => size.own += bytes,
        }
        self
    }

    pub(super) fn wastes(mut self, path: &[u8], bytes: u64, layer: usize) -> Self {
        let size = &mut self.0.size;
        size.live = Bytes(size.live.0 - bytes);
        size.wasted = Wasted {
            deleted: size.wasted.deleted + Bytes(bytes),
            ..size.wasted
        };
        self.0.layers[layer].wasted += Bytes(bytes);
        self.0.waste.push(WastedPath {
            path: ImagePath::from_normalised(path),
            bytes: Bytes(bytes),
            layer,
            fate: Fate::Deleted,
        });
        self
    }

    pub(super) fn advised(mut self, kind: AdviceKind, saves: u64, place: (&str, u32)) -> Self {
        self.0.advice.push(Advice {
            kind,
            saves: Bytes(saves),
            place: Some(at(place.0, Some(place.1))),
            paths: vec![SizedPath {
                path: "usr/lib/big".into(),
                bytes: Bytes(saves),
                layer: 0,
            }],
        });
        self
    }

    pub(super) fn measured(self) -> Measured {
        self.0
    }
}

pub(super) fn at(dockerfile: &str, line: Option<u32>) -> Place {
    Place {
        dockerfile: dockerfile.to_owned(),
        line,
    }
}

pub(super) fn capture(kept: &[u8], seed: u8) -> Capture {
    Capture {
        kept: kept.to_owned(),
        bytes: Bytes(kept.len() as u64),
        sha256: digest(seed),
    }
}

fn ran(ending: Ending, ms: u64, stdout: Capture) -> Run {
    Run {
        ending,
        took: Some(Duration::from_millis(ms)),
        stdout,
        stderr: capture(b"", 0),
    }
}

pub(super) fn variant(name: &str, role: Option<Role>) -> VariantReport {
    VariantReport {
        name: name.to_owned(),
        role,
        image: Some(format!("ex08:{name}")),
        dockerfile: Some(format!("Dockerfile.{name}")),
        command_line: None,
        base_line: None,
        policy: Policy::default(),
        made_from: crate::model::MadeFrom::default(),
        measured: None,
        build: Some(Build::Done(Built {
            took: Some(Duration::from_millis(310)),
            steps: 8,
            cached: Some(8),
        })),
        run: None,
    }
}

fn engine() -> EngineFacts {
    EngineFacts {
        kind: EngineKind::Docker,
        version: Some("28.2.2".to_owned()),
        api: Some("1.50".to_owned()),
        platform: linux(),
        storage: Some("overlay2".to_owned()),
        builder: Builder::Buildkit,
    }
}

const APT: &str =
    "RUN apt-get update \\\n && apt-get install -y --no-install-recommends gcc libc6-dev";

fn single(base: &str, stand_in: bool) -> VariantReport {
    let file = "Dockerfile.single";
    let exited = Ending::Exited { code: 0 };
    VariantReport {
        measured: Some(
            image(1)
                .on(base, stand_in, 188_219_004)
                .step(APT, (file, 7), "usr", 381_166_870)
                .step("WORKDIR /app", (file, 11), "", 0)
                .step("COPY displayer /src/displayer", (file, 12), "src", 5_823)
                .step(
                    "RUN sh /src/displayer/build.sh display",
                    (file, 13),
                    "app",
                    393,
                )
                .step("COPY simple_script.py /src/", (file, 14), "src", 318)
                .step("RUN python /src/simple_script.py", (file, 15), "app", 60)
                .wastes(b"var/lib/apt/lists", 19_302_451, 1)
                .advised(AdviceKind::BuildTools, 342_007_118, (file, 7))
                .advised(AdviceKind::PackageLists, 19_302_451, (file, 7))
                .measured(),
        ),
        run: Some(ran(exited, 240, capture(GREETING.as_bytes(), 9))),
        ..variant("single", Some(Role::Reference))
    }
}

fn multi() -> VariantReport {
    let exited = Ending::Exited { code: 0 };
    VariantReport {
        policy: Policy {
            budget: Some(Bytes(512)),
            ..Policy::default()
        },
        measured: Some(
            image(2)
                .step(
                    "COPY --from=build /app/ /",
                    ("Dockerfile.multi", 20),
                    "",
                    453,
                )
                .measured(),
        ),
        run: Some(ran(exited, 112, capture(GREETING.as_bytes(), 9))),
        ..variant("multi", Some(Role::Solution))
    }
}

fn compared(name: &str, saved: i64, ratio: Option<f64>) -> Compared {
    let part = |cause, step, bytes| LeftPart {
        cause,
        step,
        bytes: Delta(bytes),
    };
    let apt = Step {
        stage: None,
        instruction: APT.to_owned(),
        place: Some(at("Dockerfile.single", Some(7))),
    };
    let own = saved - 188_219_004 - 342_007_118 - 19_302_451;
    Compared {
        name: name.to_owned(),
        saved: Delta(saved),
        ratio,
        left_behind: vec![
            part(LeftCause::Compiler, Some(apt.clone()), 342_007_118),
            part(LeftCause::Base, None, 166_210_991),
            part(LeftCause::Interpreter, None, 22_008_013),
            part(LeftCause::Own, Some(apt.clone()), own),
            part(LeftCause::PackageLists, Some(apt), 19_302_451),
        ],
    }
}

/// The exercise, done well.
pub(super) fn accepted() -> LabReport {
    LabReport {
        lab: Some("ex08".to_owned()),
        created: Some("2026-01-31T12:00:00Z".to_owned()),
        engine: engine(),
        variants: vec![single("python:3.13-slim", false), multi()],
        left_out: Vec::new(),
        comparison: Some(Comparison {
            reference: "single".to_owned(),
            outputs_match: Some(true),
            variants: vec![compared(
                "multi",
                569_392_015,
                Some(1_256_937.016_556_291_3),
            )],
        }),
        baseline: None,
        verdict: Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        },
    }
}
