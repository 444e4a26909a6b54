use super::LabReport;
use crate::measure::{folded_to, without_own_files};
use crate::model::{Measure, Measured, Origin, Outcome, VariantReport, Verdict, Verified};

/// Directories that a baseline tells apart in one image.
const DIRECTORIES: usize = 64;

/// Bytes of an output that a baseline keeps, to show where another one differs.
const KEPT: usize = 2_048;

/// A report as a baseline to judge later ones by, whose diff reads well in a review: sorted by
/// name, without what changes from run to run, and with the directories that matter.
pub fn baseline_of(report: &LabReport) -> LabReport {
    let mut report = LabReport {
        created: None,
        baseline: None,
        comparison: None,
        left_out: Vec::new(),
        verdict: Verdict {
            outcome: Outcome::Accepted,
            findings: Vec::new(),
        },
        ..report.clone()
    };
    report.engine.version = None;
    (report.engine.api, report.engine.storage) = (None, None);
    report
        .variants
        .sort_by(|one, other| one.name.cmp(&other.name));
    report.variants.iter_mut().for_each(forget);
    report
}

fn forget(variant: &mut VariantReport) {
    variant.build = None;
    variant.image = None;
    (variant.command_line, variant.base_line) = (None, None);
    variant.made_from.spans = Vec::new();
    if let Some(run) = &mut variant.run {
        run.took = None;
        run.stdout.kept.truncate(KEPT);
        // Nothing is judged by it.
        run.stderr.kept = Vec::new();
    }
    let Some(measured) = &mut variant.measured else {
        return;
    };
    // A baseline in a build context would else be part of the next one.
    *measured = without_own_files(measured).into_owned();
    forget_the_build(measured);
    (measured.largest, measured.advice) = (Vec::new(), Vec::new());
    measured.excluded = Some(Vec::new());
    measured.verified = Verified::Whole;
    measured.is_from_scratch = false;
    measured.tree = folded_to(&measured.tree, DIRECTORIES);
    let policy = &variant.policy;
    if policy.counts != Measure::Wasted && policy.allow_waste.is_empty() {
        measured.waste = Vec::new();
    }
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
            layer.diff_id = None;
        }
        layer.packed = None;
        if layer.origin == Origin::Base {
            // It is known by its id.
            layer.step = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::baseline_of;
    use crate::report::sample::{judged, regressed, told};
    use crate::report::{LabReport, wire};

    const SCHEMA: &str = include_str!("../../../docs/schema/lab-baseline-1.schema.json");

    fn written(report: &LabReport) -> Vec<u8> {
        let mut out = Vec::new();
        wire::write_baseline(report, &mut out).unwrap();
        out
    }

    #[test]
    fn it_satisfies_its_schema_and_has_a_line_for_each_variant_layer_and_directory() {
        let baseline = baseline_of(&regressed());
        let text = String::from_utf8(written(&baseline)).unwrap();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let schema = serde_json::from_str(SCHEMA).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&json)
            .map(|it| it.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new());
        insta::assert_snapshot!(text);
    }

    #[test]
    fn equal_images_are_in_it_once() {
        let mut report = regressed();
        let mut twin = report.variants[1].clone();
        twin.name = "twin".to_owned();
        report.variants.push(twin);
        let text = written(&baseline_of(&report));
        let json: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(json["variants"].as_array().unwrap().len(), 4);
        assert_eq!(json["images"].as_array().unwrap().len(), 3);
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
