//! Reports made at random: what they say beside the layers of their images.

use std::time::Duration;

use proptest::prelude::*;

use super::{accepted, at, digest, image};
use crate::model::{
    Build, BuildCause, BuildFailure, Built, Bytes, Capture, CauseKind, Change, Changed, Delta,
    Difference, Ending, Fact, Finding, GateKind, Grown, Growth, ImagePath, Level, Measure,
    Measured, Outcome, PathChange, PolicyKey, Run,
};
use crate::report::{LabReport, VariantReport};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,12}",
        "\\PC{0,20}",
        ".{0,20}",
        Just("\u{0}\u{1b}[2J\u{202e}\"\\".into())
    ]
}

fn path() -> impl Strategy<Value = ImagePath> {
    prop::collection::vec(any::<u8>(), 0..12).prop_map(ImagePath::from_normalised)
}

fn duration() -> impl Strategy<Value = Duration> {
    (0..1_000_000_000_000_000u64).prop_map(Duration::from_micros)
}

fn capture() -> impl Strategy<Value = Capture> {
    (
        prop::collection::vec(any::<u8>(), 0..40),
        0..u64::MAX / 2,
        any::<u8>(),
    )
        .prop_map(|(kept, beyond, seed)| Capture {
            bytes: Bytes(kept.len() as u64 + beyond),
            kept,
            sha256: digest(seed),
        })
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        any::<i64>().prop_map(|code| Ending::Exited { code }),
        (any::<i64>(), any::<bool>()).prop_map(|(code, out_of_memory)| Ending::Killed {
            code,
            out_of_memory
        }),
        duration().prop_map(|limit| Ending::TimedOut { limit }),
        (any::<i64>(), text()).prop_map(|(code, reason)| Ending::NotStarted { code, reason }),
    ]
}

fn cause() -> impl Strategy<Value = BuildCause> {
    prop_oneof![
        Just(BuildCause::Syntax),
        Just(BuildCause::SourceMissing),
        Just(BuildCause::Refused),
        any::<Option<i64>>().prop_map(|exit_code| BuildCause::Run { exit_code }),
    ]
}

fn measure() -> impl Strategy<Value = Measure> {
    prop_oneof![
        Just(Measure::Unpacked),
        Just(Measure::Own),
        Just(Measure::Wasted),
        Just(Measure::Layers),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let sides = (any::<u64>(), any::<u64>());
    sides.prop_map(|(before, after)| Change {
        before: Bytes(before),
        after: Bytes(after),
    })
}

fn changed_path() -> impl Strategy<Value = PathChange> {
    (path(), change()).prop_map(|(path, change)| PathChange {
        path,
        before: change.before,
        after: change.after,
    })
}

fn change_kind() -> impl Strategy<Value = CauseKind> {
    prop_oneof![
        Just(CauseKind::BaseDrift),
        Just(CauseKind::ChangedInstruction),
        Just(CauseKind::SameInstructionNewContent),
        Just(CauseKind::MetadataOnly),
        Just(CauseKind::Added),
        Just(CauseKind::Removed),
    ]
}

fn gate_kind() -> impl Strategy<Value = GateKind> {
    prop_oneof![
        Just(GateKind::Growth),
        Just(GateKind::BaseDrift),
        Just(GateKind::ContentDrift),
    ]
}

fn grown() -> impl Strategy<Value = Changed> {
    let judged = (
        gate_kind(),
        measure(),
        growth(),
        prop::option::of(change_kind()),
    );
    let deltas = (any::<i64>(), any::<i64>(), change());
    let told = (
        prop::option::of(text()),
        prop::collection::vec(changed_path(), 0..3),
        0.0..=1.0,
    );
    (judged, deltas, told).prop_map(|(judged, deltas, (instruction, paths, explained))| {
        let (gate, counts, limit, cause) = judged;
        Changed::Grew(Box::new(Grown {
            gate,
            counts,
            counted: deltas.2,
            total: Delta(deltas.0),
            limit,
            cause,
            delta: Delta(deltas.1),
            instruction,
            paths,
            inputs: Vec::new(),
            explained,
        }))
    })
}

/// Boxed, for strategies inside each other fill a test's stack.
fn changed() -> BoxedStrategy<Changed> {
    prop_oneof![
        grown(),
        (measure(), change()).prop_map(|(counts, counted)| Changed::Shrank { counts, counted }),
        difference().prop_map(|difference| Changed::Output { difference }),
        (any::<i64>(), any::<i64>())
            .prop_map(|(before, after)| Changed::ExitCode { before, after }),
        Just(Changed::NotRun),
        Just(Changed::NewVariant),
        Just(Changed::MissingVariant),
        Just(Changed::RemovedVariant),
        Just(Changed::Accepted),
        (prop::option::of(text()), prop::option::of(text())).prop_map(|(file, baseline)| {
            Changed::Policy {
                key: PolicyKey::MaxGrowth,
                file,
                baseline,
            }
        }),
    ]
    .boxed()
}

fn difference() -> impl Strategy<Value = Difference> {
    (
        any::<u64>(),
        any::<u64>(),
        prop::option::of(text()),
        prop::option::of(text()),
    )
        .prop_map(|(offset, line, expected, actual)| Difference {
            offset,
            line,
            expected,
            actual,
        })
}

fn fact() -> BoxedStrategy<Fact> {
    prop_oneof![
        changed().prop_map(Fact::Changed),
        (measure(), any::<u64>(), any::<u64>()).prop_map(|(counts, actual, limit)| Fact::Budget {
            counts,
            actual: Bytes(actual),
            limit: Bytes(limit),
        }),
        (text(), any::<u64>(), any::<u64>()).prop_map(|(reference, actual, limit)| {
            Fact::NotLighter {
                reference,
                actual: Bytes(actual),
                limit: Bytes(limit),
            }
        }),
        (text(), difference()).prop_map(|(reference, difference)| Fact::OutputsDiffer {
            reference,
            difference
        }),
        any::<i64>().prop_map(|code| Fact::ExitCode { code }),
        (any::<i64>(), any::<bool>()).prop_map(|(code, out_of_memory)| Fact::Killed {
            code,
            out_of_memory
        }),
        (0.0..1e9).prop_map(|seconds| Fact::TimedOut { seconds }),
        (any::<i64>(), text()).prop_map(|(code, reason)| Fact::NotStarted { code, reason }),
        (cause(), prop::option::of(text()), prop::option::of(text())).prop_map(
            |(cause, instruction, reason)| Fact::BuildFailed {
                cause,
                instruction,
                reason
            }
        ),
        text().prop_map(|reference| Fact::StandInBase { reference }),
    ]
    .boxed()
}

fn growth() -> impl Strategy<Value = Option<Growth>> {
    let growth = (any::<Option<u64>>(), prop::option::of(0.0..1e6));
    prop::option::of(growth.prop_map(|(bytes, percent)| Growth {
        bytes: bytes.map(Bytes),
        percent,
    }))
}

fn failure() -> impl Strategy<Value = BuildFailure> {
    let log = prop::collection::vec(text(), 0..3);
    (cause(), prop::option::of(text()), any::<Option<u32>>(), log).prop_map(
        |(cause, instruction, line, log)| BuildFailure {
            cause,
            instruction,
            line,
            log,
        },
    )
}

fn build() -> impl Strategy<Value = Build> {
    let took = prop::option::of(duration());
    let done = (took, any::<u32>(), any::<Option<u32>>()).prop_map(|(took, steps, cached)| {
        Build::Done(Built {
            took,
            steps,
            cached,
        })
    });
    prop_oneof![done, failure().prop_map(Build::Failed)]
}

fn run() -> impl Strategy<Value = Run> {
    (ending(), prop::option::of(duration()), capture(), capture()).prop_map(
        |(ending, took, stdout, stderr)| Run {
            ending,
            took,
            stdout,
            stderr,
        },
    )
}

fn finding() -> BoxedStrategy<Finding> {
    let level = prop_oneof![Just(Level::Error), Just(Level::Warning), Just(Level::Note)];
    let place = prop::option::of((text(), any::<Option<u32>>()));
    (level, place, fact())
        .prop_map(|(level, place, fact)| Finding {
            level,
            variant: "multi".to_owned(),
            place: place.map(|(dockerfile, line)| at(&dockerfile, line)),
            fact,
        })
        .boxed()
}

/// The accepted report with much of it replaced.
pub(in crate::report) fn told() -> impl Strategy<Value = LabReport> {
    (
        (prop::option::of(text()), prop::option::of(text())),
        [growth(), growth(), growth()],
        (prop::option::of(build()), prop::option::of(run())),
        prop::collection::vec(finding(), 0..4),
        (path(), text(), text(), 1..u64::MAX / 4),
        (0..1_000_i64, any::<f64>()),
    )
        .prop_map(
            |((lab, created), growth, (build, run), findings, image, compared)| {
                let mut report = LabReport {
                    lab,
                    created,
                    ..accepted()
                };
                let variant = &mut report.variants[1];
                (variant.build, variant.run) = (build, run);
                let policy = &mut variant.policy;
                [
                    policy.max_growth,
                    policy.max_base_drift,
                    policy.max_content_drift,
                ] = growth;
                policy.allow_waste = vec![image.1.clone()];
                let heavy = measured(&image.0, &image.1, &image.2, image.3);
                let lost = heavy.size.unpacked.since(multi_unpacked(variant));
                variant.measured = Some(heavy);
                let comparison = &mut report.comparison.as_mut().unwrap().variants[0];
                comparison.saved.0 -= lost.0;
                comparison.left_behind[0].bytes.0 -= lost.0;
                comparison.left_behind[0].bytes.0 -= compared.0;
                comparison.left_behind[1].bytes.0 += compared.0;
                comparison.ratio = Some(compared.1).filter(|ratio| ratio.is_finite());
                let is_error = |finding: &Finding| finding.level == Level::Error;
                if findings.iter().any(is_error) {
                    report.verdict.outcome = Outcome::Rejected;
                }
                report.verdict.findings = findings;
                let created = report.created.clone();
                report.baseline = super::regressed().baseline.filter(|_| created.is_some());
                report
            },
        )
}

fn multi_unpacked(multi: &VariantReport) -> Bytes {
    let measured = multi.measured.as_ref();
    measured.expect("the sample measures it").size.unpacked
}

fn measured(path: &ImagePath, base: &str, instruction: &str, bytes: u64) -> Measured {
    let mut measured = image(7)
        .on(base, bytes.is_multiple_of(2), bytes)
        .step(instruction, (base, 3), "", bytes)
        .wastes(path.as_bytes(), bytes / 3, 1)
        .measured();
    measured.tree.entries[0].path = path.clone();
    measured.size.packed = Some(Bytes(bytes));
    measured.layers[1].packed = Some(Bytes(bytes));
    measured
}
