//! Reports as `lab` makes them, with trees as large as a real image's.

use std::time::Duration;

use xtask::model::{
    Advice, AdviceKind, Base, Build, Builder, Built, Bytes, Capture, Delta, Difference, Digest,
    Ending, EngineFacts, EngineKind, Fact, Fate, Finding, LayerSize, LeftCause, LeftPart, Level,
    Measure, Measured, Origin, Outcome, Place, Platform, Policy, Role, Run, Size, SizedPath, Step,
    Tree, Verdict, Verified, Wasted, WastedPath,
};
use xtask::report::{Compared, Comparison, LabReport, VariantReport};

/// The directories of a Python image with a compiler: path, bytes, layer.
const DIRECTORIES: [(&str, u64, usize); 24] = [
    ("usr/lib/x86_64-linux-gnu", 61_200_000, 0),
    ("usr/lib/x86_64-linux-gnu/perl-base", 8_100_000, 0),
    ("usr/local/lib/python3.13", 22_400_000, 0),
    ("usr/local/lib/python3.13/site-packages/pip", 11_300_000, 0),
    ("usr/local/lib/python3.13/encodings", 3_900_000, 0),
    ("usr/bin", 31_000_000, 0),
    ("usr/sbin", 6_200_000, 0),
    ("usr/share/doc", 9_700_000, 0),
    ("usr/share/locale", 18_800_000, 0),
    ("usr/share/zoneinfo", 3_400_000, 0),
    ("usr/share/perl", 4_000_000, 0),
    ("var/lib/dpkg/info", 3_300_000, 0),
    ("etc", 1_200_000, 0),
    ("usr/lib/gcc/x86_64-linux-gnu/12", 142_000_000, 1),
    ("usr/lib/gcc/x86_64-linux-gnu/12/include", 2_300_000, 1),
    ("usr/lib/gcc/x86_64-linux-gnu/12/plugin", 11_900_000, 1),
    ("usr/lib/x86_64-linux-gnu", 88_700_000, 1),
    ("usr/libexec/gcc/x86_64-linux-gnu/12", 76_800_000, 1),
    ("usr/include", 9_600_000, 1),
    ("usr/include/linux", 4_100_000, 1),
    ("usr/bin", 17_500_000, 1),
    ("var/lib/apt/lists", 19_300_000, 1),
    ("var/cache/apt/archives", 7_100_000, 1),
    ("app", 453, 2),
];

fn digest(seed: u8) -> Digest {
    Digest::from_hash([seed; 32])
}

fn at(dockerfile: &str, line: u32) -> Place {
    Place {
        dockerfile: dockerfile.to_owned(),
        line: Some(line),
    }
}

fn layer(seed: u8, step: Option<(&str, Place)>, bytes: u64) -> LayerSize {
    LayerSize {
        diff_id: Some(digest(seed)),
        origin: if step.is_some() {
            Origin::Own
        } else {
            Origin::Base
        },
        step: step.map(|(instruction, place)| Step {
            stage: Some("0".to_owned()),
            instruction: instruction.to_owned(),
            place: Some(place),
        }),
        unpacked: Bytes(bytes),
        packed: None,
        files: 1 + bytes / 40_000,
        wasted: Bytes::ZERO,
    }
}

fn image(seed: u8, layers: Vec<LayerSize>, entries: Vec<SizedPath>) -> Measured {
    let of = |origin| {
        layers
            .iter()
            .filter(|it| it.origin == origin)
            .map(|it| it.unpacked)
            .sum()
    };
    let (base, own): (Bytes, Bytes) = (of(Origin::Base), of(Origin::Own));
    let has_base = base > Bytes::ZERO;
    Measured {
        image_id: Some(digest(seed)),
        platform: Platform::parse("linux/amd64"),
        verified: Verified::Whole,
        base: has_base.then(|| Base {
            reference: "python:3.13-slim".to_owned(),
            id: Some(digest(99)),
            stand_in: false,
        }),
        is_from_scratch: false,
        size: Size {
            unpacked: base + own,
            live: base + own,
            base,
            own,
            unique: base + own,
            engine_reported: Some(base + own),
            ..Size::default()
        },
        layers,
        tree: Tree {
            folded_below: Bytes(4_096),
            entries,
        },
        largest: Vec::new(),
        waste: Vec::new(),
        advice: Vec::new(),
        excluded: None,
    }
}

pub(super) fn capture(printed: &str) -> Capture {
    Capture {
        kept: printed.as_bytes().to_vec(),
        bytes: Bytes(printed.len() as u64),
        sha256: digest(u8::try_from(printed.len()).unwrap()),
    }
}

fn variant(name: &str, role: Role, measured: Measured, printed: &str) -> VariantReport {
    let stdout = capture(printed);
    VariantReport {
        name: name.to_owned(),
        role: Some(role),
        image: Some(format!("ex08:{name}")),
        dockerfile: Some(format!("Dockerfile.{name}")),
        command_line: None,
        base_line: None,
        policy: Policy::default(),
        made_from: xtask::model::MadeFrom::default(),
        measured: Some(measured),
        build: Some(Build::Done(Built {
            took: Some(Duration::from_millis(310)),
            steps: 8,
            cached: Some(8),
        })),
        run: Some(Run {
            ending: Ending::Exited { code: 0 },
            took: Some(Duration::from_millis(214)),
            stdout,
            stderr: Capture {
                kept: Vec::new(),
                bytes: Bytes::ZERO,
                sha256: digest(0),
            },
        }),
    }
}

const APT: &str =
    "RUN apt-get update \\\n && apt-get install -y --no-install-recommends gcc libc6-dev";
const PRINTED: &str = "Bonjour depuis la phase de build !\nGlad to have been built.\n";

fn single() -> VariantReport {
    let entries: Vec<SizedPath> = DIRECTORIES
        .iter()
        .map(|(path, bytes, layer)| SizedPath {
            path: (*path).into(),
            bytes: Bytes(*bytes),
            layer: *layer,
        })
        .collect();
    let of = |layer| {
        DIRECTORIES
            .iter()
            .filter(|it| it.2 == layer)
            .map(|it| it.1)
            .sum()
    };
    let file = "Dockerfile.single";
    let mut layers = vec![
        layer(1, None, of(0)),
        layer(2, Some((APT, at(file, 7))), of(1)),
        layer(
            3,
            Some(("RUN sh /src/displayer/build.sh display", at(file, 13))),
            of(2),
        ),
    ];
    layers[1].wasted = Bytes(26_400_000);
    let mut measured = image(1, layers, entries);
    measured.size.live = Bytes(measured.size.unpacked.0 - 26_400_000);
    measured.size.wasted = Wasted {
        deleted: Bytes(26_400_000),
        ..Wasted::default()
    };
    let file_of = |path: &str, bytes| SizedPath {
        path: path.into(),
        bytes: Bytes(bytes),
        layer: 1,
    };
    measured.largest = vec![
        file_of("usr/libexec/gcc/x86_64-linux-gnu/12/cc1", 31_900_000),
        file_of("usr/libexec/gcc/x86_64-linux-gnu/12/lto1", 30_800_000),
    ];
    measured.waste = vec![WastedPath {
        path: "var/lib/apt/lists".into(),
        bytes: Bytes(19_300_000),
        layer: 1,
        fate: Fate::Deleted,
    }];
    let advice = |kind, saves, path: &str| Advice {
        kind,
        saves: Bytes(saves),
        place: Some(at(file, 7)),
        paths: vec![file_of(path, saves)],
    };
    measured.advice = vec![
        advice(AdviceKind::BuildTools, 342_000_000, "usr/libexec/gcc"),
        advice(AdviceKind::PackageLists, 19_300_000, "var/lib/apt/lists"),
    ];
    variant("single", Role::Reference, measured, PRINTED)
}

fn rung(name: &str, seed: u8, base: u64, own: u64) -> VariantReport {
    let mut layers = Vec::new();
    let mut entries = Vec::new();
    if base > 0 {
        layers.push(layer(1, None, base));
        entries.push(entry("usr/lib", base, 0));
    }
    entries.push(entry("app", own, layers.len()));
    let step = (
        "COPY --from=build /app/ /",
        at("lab/ex08/ladder/Dockerfile", 31),
    );
    layers.push(layer(seed, Some(step), own));
    variant(name, Role::Rung, image(seed, layers, entries), PRINTED)
}

fn entry(path: &str, bytes: u64, layer: usize) -> SizedPath {
    SizedPath {
        path: path.into(),
        bytes: Bytes(bytes),
        layer,
    }
}

/// The exercise with its ladder, done well.
pub(crate) fn ladder() -> LabReport {
    let mut multi = rung("multi", 9, 0, 453);
    multi.role = Some(Role::Solution);
    multi.policy.budget = Some(Bytes(512));
    let variants = vec![
        single(),
        rung("on-python", 5, 184_500_000, 60),
        rung("busybox", 6, 0, 2_014_080),
        rung("careless", 7, 0, 9_188),
        multi,
    ];
    let size = |at: usize| variants[at].measured.as_ref().unwrap().size.unpacked;
    let compared = (1..variants.len()).map(|at| Compared {
        name: variants[at].name.clone(),
        saved: size(0).since(size(at)),
        ratio: Some(1.0 / size(at).share_of(size(0))),
        left_behind: vec![
            left(LeftCause::Compiler, Some(APT), 342_000_000),
            left(LeftCause::Base, None, 162_100_000),
            left(LeftCause::Interpreter, None, 22_400_000),
            left(
                LeftCause::Own,
                None,
                size(0).since(size(at)).0 - 526_500_000,
            ),
        ],
    });
    let comparison = Comparison {
        reference: "single".to_owned(),
        outputs_match: Some(true),
        variants: compared.collect(),
    };
    LabReport {
        lab: Some("ex08".to_owned()),
        created: Some("2026-01-31T12:00:00Z".to_owned()),
        engine: EngineFacts {
            kind: EngineKind::Docker,
            version: Some("28.2.2".to_owned()),
            api: Some("1.50".to_owned()),
            platform: Platform::parse("linux/amd64").unwrap(),
            storage: Some("overlay2".to_owned()),
            builder: Builder::Buildkit,
        },
        variants,
        left_out: Vec::new(),
        comparison: Some(comparison),
        baseline: None,
        verdict: Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        },
    }
}

fn left(cause: LeftCause, instruction: Option<&str>, bytes: i64) -> LeftPart {
    LeftPart {
        cause,
        step: instruction.map(|instruction| Step {
            stage: None,
            instruction: instruction.to_owned(),
            place: Some(at("Dockerfile.single", 7)),
        }),
        bytes: Delta(bytes),
    }
}

/// Names that mean to harm, 10,000 directories, and outputs that differ.
pub(crate) fn hostile() -> LabReport {
    let mut report = ladder();
    let name = "\"><script>document.title='owned'</script><img src=http://127.0.0.1:9/x onerror=alert(1)>\u{202e}gpj.exe";
    report.lab = Some(name.to_owned());
    let single = &mut report.variants[0];
    let measured = single.measured.as_mut().unwrap();
    measured.tree.entries = (0..10_000)
        .map(|at| {
            entry(
                &format!("</title></svg><script>alert({at})</script>/'\"\u{202e}{at}&amp;"),
                30_000 + at * 17,
                1,
            )
        })
        .collect();
    single.run.as_mut().unwrap().stdout.kept =
        b"</pre><script>document.title='owned'</script>\n\x1b]0;x\x07".to_vec();
    name.clone_into(&mut report.variants[4].name);
    report.verdict = Verdict {
        outcome: Outcome::Rejected,
        findings: vec![
            Finding {
                level: Level::Error,
                variant: name.to_owned(),
                place: Some(at("<b>Dockerfile</b>", 4)),
                fact: Fact::Budget {
                    counts: Measure::Unpacked,
                    actual: Bytes(750_000_000),
                    limit: Bytes(1_048_576),
                },
            },
            Finding {
                level: Level::Error,
                variant: "careless".to_owned(),
                place: None,
                fact: Fact::OutputsDiffer {
                    reference: "single".to_owned(),
                    difference: Difference {
                        offset: 0,
                        line: 1,
                        expected: Some("</mark><script>".to_owned()),
                        actual: Some("Bonjour".to_owned()),
                    },
                },
            },
        ],
    };
    report.variants[3].run.as_mut().unwrap().stdout.sha256 = digest(77);
    report
}
