use super::{accepted, capture, compared, image, ran, single, variant};
use crate::model::{Bytes, Ending, Growth, PolicySource, Role};
use crate::report::{Comparison, LabReport, VariantReport};
use crate::verdict::{Earlier, judge};

const FILE: &str = "Dockerfile.multi";

/// As the exercise was: `single` on an older base, `multi` lighter, and one variant that is
/// gone since.
pub(in crate::report) fn baseline() -> LabReport {
    let mut single = single("python:3.12-slim", false);
    let base = single.measured.as_mut().unwrap();
    base.layers[0].diff_id = Some(super::digest(77));
    let gone = VariantReport {
        measured: Some(
            image(8)
                .step("COPY x /", ("Dockerfile.gone", 2), "", 9)
                .measured(),
        ),
        ..variant("gone|<b>", Some(Role::Rung))
    };
    LabReport {
        variants: vec![single, gone, solution(453, None)],
        ..accepted()
    }
}

/// What became of it: a new instruction, the same one with other content, another base,
/// another output, a raised limit, a new variant and a missing one.
pub(in crate::report) fn regressed() -> LabReport {
    let mut single = single("python:3.13-slim", false);
    single.policy.max_content_drift = Some(Growth {
        bytes: Some(Bytes(1_024)),
        percent: Some(10.0),
    });
    let fresh = VariantReport {
        measured: Some(
            image(9)
                .step("COPY fresh /", ("Dockerfile.fresh", 3), "", 1_200)
                .measured(),
        ),
        ..variant("fresh", Some(Role::Rung))
    };
    let mut multi = solution(460, Some(3_000_000));
    multi.policy.budget = Some(Bytes(4_000_000));
    multi.run = Some(ran(
        Ending::Exited { code: 3 },
        98,
        capture("Bonjour depuis la phase de run !\n".as_bytes(), 10),
    ));
    judged(
        LabReport {
            variants: vec![single, fresh, multi],
            comparison: Some(Comparison {
                reference: "single".to_owned(),
                outputs_match: Some(false),
                variants: vec![compared("multi", 566_392_008, Some(189.768_391))],
            }),
            ..accepted()
        },
        &baseline(),
    )
}

fn solution(displayed: u64, added: Option<u64>) -> VariantReport {
    let copy = "COPY --from=build /app/ /";
    let mut made = image(2).step(copy, (FILE, 20), "", displayed);
    made.0.layers[0].diff_id = Some(super::digest(u8::try_from(displayed % 200).unwrap()));
    if let Some(bytes) = added {
        let text = "RUN dd if=/dev/urandom of=/opt/<data>|x bs=1M count=3";
        made = made.step(text, (FILE, 21), "opt", bytes);
    }
    VariantReport {
        measured: Some(made.measured()),
        ..super::multi()
    }
}

/// The report with the verdict and the baseline that a lab gives it.
pub(in crate::report) fn judged(mut report: LabReport, baseline: &LabReport) -> LabReport {
    let earlier = Earlier {
        created: baseline.created.as_deref(),
        policy: PolicySource::File,
        variants: &baseline.variants,
        left_out: &[],
        stated: &[],
        proposed: None,
        name: None,
    };
    let (verdict, since) = judge(&report.variants, Some(&earlier));
    report.verdict = verdict;
    report.baseline = since;
    report
}
