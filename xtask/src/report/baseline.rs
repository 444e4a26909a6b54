use super::LabReport;
use crate::model::{Fact, Level, Measured, Origin, Outcome};

/// A report as a file to judge later ones by, whose diff reads well in a review: what changes
/// from run to run is left out, and so is what it was itself judged by; sorted by name.
pub fn baseline_of(report: &LabReport) -> LabReport {
    let mut report = LabReport {
        created: None,
        baseline: None,
        left_out: Vec::new(),
        ..report.clone()
    };
    report.engine.version = None;
    (report.engine.api, report.engine.storage) = (None, None);
    report
        .variants
        .sort_by(|one, other| one.name.cmp(&other.name));
    for variant in &mut report.variants {
        if let Some(build) = &mut variant.build {
            (build.took, build.cached) = (None, None);
        }
        if let Some(run) = &mut variant.run {
            run.took = None;
        }
        (variant.command_line, variant.base_line) = (None, None);
        variant.measured.iter_mut().for_each(forget_the_build);
    }
    if let Some(comparison) = &mut report.comparison {
        let variants = &mut comparison.variants;
        variants.sort_by(|one, other| one.name.cmp(&other.name));
    }
    let findings = &mut report.verdict.findings;
    findings.retain(|finding| !matches!(finding.fact, Fact::Changed(_)));
    findings.sort_by(|one, other| {
        let key =
            |it: &crate::model::Finding| (it.level, it.variant.clone(), it.fact.rule().name());
        key(one).cmp(&key(other))
    });
    let has_error = findings.iter().any(|finding| finding.level == Level::Error);
    report.verdict.outcome = if has_error {
        Outcome::Rejected
    } else {
        Outcome::Accepted
    };
    report
}

/// Leaves out what is another with each build of the same content. An image holds the time it
/// was made, and a layer the times of its files; so does what either weighs when it is packed.
///
/// The ids stay of layers that no instruction at hand makes: those of a base tell that it
/// drifted where it weighs the same, and those without history tell which is which.
fn forget_the_build(measured: &mut Measured) {
    measured.image_id = None;
    (measured.size.engine_reported, measured.size.packed) = (None, None);
    for layer in &mut measured.layers {
        let place = layer.step.as_ref().and_then(|step| step.place.as_ref());
        if layer.origin == Origin::Own && place.is_some() {
            (layer.diff_id, layer.packed) = (None, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::baseline_of;
    use crate::report::sample::{judged, regressed, told};
    use crate::report::{LabReport, wire};

    fn written(report: &LabReport) -> Vec<u8> {
        let mut out = Vec::new();
        wire::write(report, &mut out).unwrap();
        out
    }

    #[test]
    fn nothing_that_changes_from_run_to_run_is_in_it() {
        let text = String::from_utf8(written(&baseline_of(&regressed()))).unwrap();
        for key in [
            "created",
            "version",
            "api",
            "seconds",
            "cached",
            "engine_reported",
            "image_id",
            "storage",
            "baseline",
        ] {
            let mut lines = text
                .lines()
                .filter(|line| line.trim_start().starts_with(&format!("\"{key}\":")))
                .peekable();
            assert!(lines.peek().is_some(), "{key}");
            assert!(lines.all(|line| line.trim_end_matches(',').ends_with("null")));
        }
        assert!(!text.contains("\"growth\": {"), "{text}");
    }

    proptest! {
        /// Written again, in whatever order its variants come, it is the same; and against
        /// itself nothing changed.
        #[test]
        fn a_baseline_is_its_own_baseline(report in told(), turn in 0_usize..3) {
            let once = baseline_of(&report);
            let mut turned = once.clone();
            turned.variants.rotate_left(turn % once.variants.len());
            prop_assert_eq!(&baseline_of(&turned), &once);
            let json = written(&once);
            let back = wire::read(std::path::Path::new("b.json"), &json).unwrap();
            prop_assert_eq!(&back, &once);
            let since = judged(once.clone(), &once);
            let gates = since.baseline.iter().flat_map(|it| &it.variants);
            prop_assert!(gates.count() == once.variants.len());
            for variant in &once.variants {
                let evolution = since.baseline.as_ref().and_then(|it| it.of(&variant.name));
                if let Some(evolution) = evolution {
                    prop_assert!(evolution.gates.iter().all(|gate| gate.passed));
                    prop_assert!(evolution.diff.causes.is_empty());
                }
            }
        }
    }
}
